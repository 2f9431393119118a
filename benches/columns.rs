//! What a decision costs beside one that a person wrote by hand for the same rules: ratios, taken in one run. `LEADPACT_BENCH_LEADS`
//! gives the number of leads.
//!
//! Both give the same answers, and the bench says so before it measures.

use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

use leadpact::internals::batch::{ClassedLead, Decider, Form, LeadSource, Plan, decide_all};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::time::Instant as At;
use leadpact::internals::world::Memory;
use serde::Deserialize;

const RULES: &str = r#"
pact leads { version "1"  parties marketing, sales  time zone "UTC" }
lead {
  id        text  key
  country   text
  industry  text
  title     text
  employees integer?
  revenue   number?
  email     text?
  phone     text?
  consent   bool
}
activity click, visit, demo, note
score points 0 to 100 {
  give 20 when title in "CEO", "CTO", "CFO"
  give 10 when industry in "software", "fintech"
  give 8  when country in "US", "GB", "DE", "FR"
  give 4  when country in "ES", "IT"
  give 5  when (employees between 50 and 199) is met
  give 12 when (employees >= 200) is met
  give 10 when (revenue >= 10M) is met
  take 5  when phone is missing
  give 3  per click in last 30 days, at most 12
  give 5  per visit in last 14 days, at most 20
  give 25 if any demo in last 60 days
}
criteria blocked { any industry in "gambling", "tobacco" }
criteria qualified {
  agreed by marketing, sales
  need country in "US", "GB", "DE", "FR", "ES", "IT"
  need (employees >= 50) is met
  need title in "CEO", "CTO", "CFO" or (revenue >= 10M) is met
  need points >= 60
  need consent
  need email is present or phone is present
}
pipeline leads {
  stage arrived {
    owner marketing
    move to out     when blocked
    move to ready   when qualified
    move to nurture when points >= 30
    move to cold    when points < 30
  }
  stage out     { owner marketing  final }
  stage ready   { owner sales      final }
  stage nurture { owner marketing  final }
  stage cold    { owner marketing  final }
}
"#;

const STAGES: [&str; 4] = ["out", "ready", "nurture", "cold"];
const COUNTRIES: [&str; 10] = ["US", "GB", "DE", "FR", "ES", "IT", "PL", "TR", "JP", "BR"];
const INDUSTRIES: [&str; 6] = ["software", "fintech", "retail", "gambling", "tobacco", "logistics"];
const TITLES: [&str; 6] = ["CEO", "CTO", "CFO", "Analyst", "Clerk", "Head of IT"];
const KINDS: [&str; 4] = ["click", "visit", "demo", "note"];

/// 2026-01-01T00:00:00Z
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn pact(rules: &str, files: &[(&str, &str)]) -> Pact {
    let world = Memory::new(files.iter().copied().chain([("a.pact", rules)]));
    load(&world, None).pact.expect("the rules check clean")
}

/// Chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Leads as NDJSON, each with seven events or so.
fn leads(count: u64) -> String {
    let mut chance = Chance(42);
    let mut text = String::new();
    for id in 0..count {
        let mut line = format!(r#"{{"id":"L{id:07}""#);
        if chance.below(100) < 92 {
            line += &format!(r#","email":"person{id}@company{}.example""#, id % 977);
        }
        if chance.below(100) < 70 {
            line += &format!(r#","phone":"+1 555 {:07}""#, id * 7 % 10_000_000);
        }
        let (country, industry) = (chance.pick(&COUNTRIES), chance.pick(&INDUSTRIES));
        line += &format!(r#","country":"{country}","industry":"{industry}","title":"{}""#, chance.pick(&TITLES));
        if chance.below(100) < 95 {
            line += &format!(r#","employees":{}"#, chance.below(60) * chance.below(60));
        }
        if chance.below(100) < 90 {
            line += &format!(r#","revenue":{}.{:02}"#, chance.below(5_000) * chance.below(5_000), id % 100);
        }
        line += &format!(r#","consent":{},"history":["#, chance.below(10) < 7);
        for event in 0..chance.below(15) {
            let at = chrono::DateTime::from_timestamp(NOW - chance.below(120 * DAY as u64) as i64, 0).expect("a time");
            let comma = if event > 0 { "," } else { "" };
            line +=
                &format!(r#"{comma}{{"kind":"{}","at":"{}"}}"#, chance.pick(&KINDS), at.format("%Y-%m-%dT%H:%M:%SZ"));
        }
        text += &line;
        text += "]}\n";
    }
    text
}

/// A lead as a person would type it.
#[derive(Deserialize)]
struct Typed<'a> {
    id: &'a str,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    country: &'a str,
    industry: &'a str,
    title: &'a str,
    employees: Option<i64>,
    revenue: Option<f64>,
    consent: bool,
    #[serde(borrow)]
    history: Vec<Happened<'a>>,
}

#[derive(Deserialize)]
struct Happened<'a> {
    kind: &'a str,
    at: &'a str,
}

fn seconds(at: &str) -> i64 {
    let two = |from: usize| i64::from(at.as_bytes()[from] - b'0') * 10 + i64::from(at.as_bytes()[from + 1] - b'0');
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    days * DAY + two(11) * 3600 + two(14) * 60 + two(17)
}

/// Points, and the stage by its place in [`STAGES`].
fn by_hand(lead: &Typed<'_>) -> (i64, usize) {
    let within = |kind: &str, days: i64| {
        let since = NOW - days * DAY;
        let counted = |event: &&Happened<'_>| event.kind == kind && (since + 1..=NOW).contains(&seconds(event.at));
        lead.history.iter().filter(counted).count() as i64
    };
    let executive = matches!(lead.title, "CEO" | "CTO" | "CFO");
    let rich = lead.revenue.is_some_and(|revenue| revenue >= 1e7);
    let employees = lead.employees.unwrap_or(-1);
    let points = if executive { 20 } else { 0 }
        + if matches!(lead.industry, "software" | "fintech") { 10 } else { 0 }
        + match lead.country {
            "US" | "GB" | "DE" | "FR" => 8,
            "ES" | "IT" => 4,
            _ => 0,
        }
        + match employees {
            50..=199 => 5,
            200.. => 12,
            _ => 0,
        }
        + if rich { 10 } else { 0 }
        - if lead.phone.is_none() { 5 } else { 0 }
        + (3 * within("click", 30)).min(12)
        + (5 * within("visit", 14)).min(20)
        + 25 * within("demo", 60).min(1);
    let points = points.clamp(0, 100);
    let qualified = matches!(lead.country, "US" | "GB" | "DE" | "FR" | "ES" | "IT")
        && employees >= 50
        && (executive || rich)
        && points >= 60
        && lead.consent
        && (lead.email.is_some() || lead.phone.is_some());
    let stage = match () {
        () if matches!(lead.industry, "gambling" | "tobacco") => 0,
        () if qualified => 1,
        () if points >= 30 => 2,
        () => 3,
    };
    (points, stage)
}

/// The same leads as columns of codes, as a person would lay them out.
#[derive(Default)]
struct Columns {
    country: Vec<u8>,
    industry: Vec<u8>,
    title: Vec<u8>,
    flags: Vec<u8>,
    employees: Vec<i32>,
    revenue: Vec<f64>,
    offsets: Vec<u32>,
    kinds: Vec<u8>,
    at: Vec<i64>,
}

impl Columns {
    fn push(&mut self, lead: &Typed<'_>) {
        let code = |of: &[&str], text: &str| of.iter().position(|known| *known == text).unwrap_or(of.len()) as u8;
        self.country.push(code(&COUNTRIES, lead.country));
        self.industry.push(code(&INDUSTRIES, lead.industry));
        self.title.push(code(&TITLES, lead.title));
        let flags = [lead.email.is_some(), lead.phone.is_some(), lead.consent];
        self.flags.push(flags.iter().enumerate().map(|(at, flag)| u8::from(*flag) << at).sum());
        self.employees.push(lead.employees.unwrap_or(-1) as i32);
        self.revenue.push(lead.revenue.unwrap_or(f64::NAN));
        for event in &lead.history {
            self.kinds.push(code(&KINDS, event.kind));
            self.at.push(seconds(event.at));
        }
        self.offsets.push(self.kinds.len() as u32);
    }

    fn decide(&self, mut see: impl FnMut(i64, usize)) {
        let since = [NOW - 30 * DAY, NOW - 14 * DAY, NOW - 60 * DAY, i64::MAX];
        let mut from = 0;
        for at in 0..self.country.len() {
            let to = self.offsets[at] as usize;
            let mut counts = 0_u64;
            for (kind, when) in self.kinds[from..to].iter().zip(&self.at[from..to]) {
                counts += u64::from(*when > since[usize::from(kind & 3)]) << (16 * u32::from(kind & 3));
            }
            from = to;
            let count = |kind: u32| (counts >> (16 * kind) & 0xffff) as i64;
            let (country, industry, title) = (self.country[at], self.industry[at], self.title[at]);
            let (employees, rich, flags) = (self.employees[at], self.revenue[at] >= 1e7, self.flags[at]);
            let points = i64::from(title < 3) * 20
                + i64::from(industry < 2) * 10
                + i64::from(country < 4) * 8
                + i64::from(country == 4 || country == 5) * 4
                + i64::from((50..200).contains(&employees)) * 5
                + i64::from(employees >= 200) * 12
                + i64::from(rich) * 10
                - i64::from(flags & 2 == 0) * 5
                + (3 * count(0)).min(12)
                + (5 * count(1)).min(20)
                + 25 * count(2).min(1);
            let points = points.clamp(0, 100);
            let qualified = (country < 6)
                & (employees >= 50)
                & ((title < 3) | rich)
                & (points >= 60)
                & (flags & 4 != 0)
                & (flags & 3 != 0);
            let stage = if industry == 3 || industry == 4 {
                0
            } else if qualified {
                1
            } else {
                3 - usize::from(points >= 30)
            };
            see(points, stage);
        }
    }
}

/// The least time of some runs.
fn timed(mut run: impl FnMut()) -> Duration {
    let runs = (0..7).map(|_| {
        let begin = Instant::now();
        run();
        begin.elapsed()
    });
    runs.min().unwrap_or_default()
}

fn show(what: &str, ours: Duration, theirs: Duration, count: u64) {
    let each = |time: Duration| time.as_nanos() as f64 / count as f64;
    println!(
        "{what:<44} {:>8.0} ns  {:>8.0} ns  {:>6.2}",
        each(ours),
        each(theirs),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

fn file_to_file(plan: &Plan<'_>, text: &str, form: Form) -> Vec<u8> {
    let rows =
        rows(Box::new(Cursor::new(text.to_owned().into_bytes())), "leads", Some(Format::Ndjson)).expect("it opens");
    let Ok(lines) = rows.into_lines() else { panic!("it is NDJSON") };
    let mut bytes = Vec::new();
    let mut done = |decided: leadpact::internals::batch::Decided| {
        assert_eq!(decided.left, 0, "the plan knows all of it");
        bytes.extend(decided.bytes);
        Ok(())
    };
    decide_all(plan, LeadSource::Lines(lines, "leads".into(), None), form, 1, &mut done).expect("it is decided");
    bytes
}

/// Leads by rows of a table with so many.
fn routes(count: u64) -> Duration {
    let mut chance = Chance(7);
    let mut table = "a,b,c,queue\n".to_owned();
    for at in 0..count {
        let b = if chance.below(10) < 3 { "*".to_owned() } else { format!("b{}", chance.below(12)) };
        table += &format!("a{},{b},c{},q{at}\n", chance.below(20), chance.below(500));
    }
    let rules = r#"
        pact routes { parties marketing, sales }
        lead { id text key  a text  b text  c text }
        pipeline all { stage one { owner marketing  move to two }  stage two { owner sales  final } }
        route by { from table "t.csv"  otherwise to queue rest }
        handoff one to two { route by by }"#;
    let pact = pact(rules, &[("t.csv", table.as_str())]);
    let at: At = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let plan = Plan::new(&pact, at).expect("it is planned");
    let lines = (0..20_000).map(|id| {
        let (a, b, c) = (chance.below(20), chance.below(12), chance.below(500));
        format!("{{\"id\":\"L{id}\",\"a\":\"a{a}\",\"b\":\"b{b}\",\"c\":\"c{c}\"}}\n")
    });
    let leads = classed(&pact, &plan, &lines.collect::<String>());
    let mut decider = Decider::new(&plan, Form::Ndjson);
    timed(|| leads.iter().for_each(|lead| drop(black_box(decider.way(lead)))))
}

fn classed(pact: &Pact, plan: &Plan<'_>, text: &str) -> Vec<ClassedLead> {
    let rows =
        rows(Box::new(Cursor::new(text.to_owned().into_bytes())), "leads", Some(Format::Ndjson)).expect("it opens");
    let leads = Leads::new(pact, vec![LeadInput { name: "leads".into(), rows, intake: None }]).expect("an input");
    let mut decider = Decider::new(plan, Form::Ndjson);
    let classed = leads.map(|lead| {
        let mut classed = ClassedLead::default();
        decider.classed(&lead.expect("every lead is right"), &mut classed).expect("it has classes");
        classed
    });
    classed.collect()
}

fn main() {
    let asked = std::env::var("LEADPACT_BENCH_LEADS").ok().and_then(|asked| asked.parse().ok());
    let count: u64 = asked.unwrap_or(50_000);
    let text = leads(count);
    let pact = pact(RULES, &[]);
    let plan = Plan::new(&pact, "2026-01-01T00:00:00Z".parse().expect("an instant")).expect("it is planned");
    let typed: Vec<Typed<'_>> = text.lines().map(|line| serde_json::from_str(line).expect("it is typed")).collect();
    let ours = String::from_utf8(file_to_file(&plan, &text, Form::Csv { raw: true })).expect("it is text");
    for (line, lead) in ours.lines().zip(&typed) {
        let (points, stage) = by_hand(lead);
        let owner = if stage == 1 { "sales" } else { "marketing" };
        let begins = format!("{},leads,{},{owner},{points},", lead.id, STAGES[stage]);
        assert!(line.starts_with(&begins), "{line}\n{begins}");
    }
    println!("{count} leads, the same answers; the least of 7 runs, one thread");
    println!("{:<44} {:>11}  {:>11}  {:>6}", "a lead", "ours", "by hand", "ratio");

    let leads = classed(&pact, &plan, &text);
    let mut decider = Decider::new(&plan, Form::Ndjson);
    let decided = timed(|| leads.iter().for_each(|lead| drop(black_box(decider.way(lead)))));
    let mut columns = Columns::default();
    typed.iter().for_each(|lead| columns.push(lead));
    let by_columns = timed(|| {
        columns.decide(|points, stage| {
            let _ = black_box((points, stage));
        })
    });
    let by_rows = timed(|| {
        typed.iter().for_each(|lead| {
            let _ = black_box(by_hand(lead));
        })
    });
    show("classes / columns of codes", decided, by_columns, count);
    show("classes / rows with texts", decided, by_rows, count);

    let by_hand = timed(|| {
        let mut out = Vec::new();
        for line in text.lines() {
            let lead: Typed<'_> = serde_json::from_str(line).expect("it is typed");
            let (points, stage) = by_hand(&lead);
            out.extend_from_slice(format!("{},{points},{}\n", lead.id, STAGES[stage]).as_bytes());
        }
        black_box(out);
    });
    for (what, form) in [("CSV", Form::Csv { raw: true }), ("NDJSON", Form::Ndjson)] {
        let ours = timed(|| drop(black_box(file_to_file(&plan, &text, form))));
        show(&format!("NDJSON to {what} / to id, points and stage"), ours, by_hand, count);
    }

    let few = routes(10);
    for rows in [100, 1_000, 10_000] {
        show(&format!("a table of {rows} rows / of 10"), routes(rows), few, 20_000);
    }
}
