//! Many leads at one instant come out as each of them does by itself: decisions to the byte, rejected rows, what was passed
//! over, and how many ended where; under the pacts of `rules/` and one that asks of a lead what a plan knows.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use leadpact::Value;
use leadpact::internals::batch::{Decided, Form, LeadSource, Plan, decide_all};
use leadpact::internals::decide::{cells, columns, decide};
use leadpact::internals::eval::samples;
use leadpact::internals::io::{Format, Layout, Rows, TextTable, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::{KindClass, Pact};
use leadpact::internals::time::Instant;
use leadpact::internals::world::Memory;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

/// A pact of which a plan knows everything.
const KNOWN: &str = r#"
pact known { version "1"  parties marketing, sales  time zone "Europe/Berlin"  language tr  labels tr }
lead {
  id        text  key
  country   text?
  title     text?
  email     text?  pii
  phone     text?
  employees integer?
  revenue   number?
  budget    money EUR?
  channel   one of web, partner, event?
  consent   bool  default false
  founded   date?
}
activity email_open, email_click, demo_request, visit { minutes integer? }
activity unsubscribe
touch call
disposition junk
disposition qualified
list executives = "CEO", "CTO", "İdareci", "Geschäftsführer"
score fit 0 to 100 {
  give 20 when title in executives
  give 10 when country in "TR", "DE", "ISPARTA"
  give 5  when (employees between 50 and 199) is met
  give 12 when employees >= 200
  give 7  when revenue > 1000.5 or budget >= 10k EUR
  take 5  when phone is missing
  take 9  when channel = partner and not consent
  together at most 15 {
    give 10 when email is present
    give 10 when domain(email) in "big.example"
    give 4  when founded < 2020-01-01
  }
}
score heat {
  give 3  per email_click  in last 30 days, at most 12
  give 1  per email_open   in last 2 months
  give 25 if any demo_request in last 90 days
  take 20 if any unsubscribe
}
score warmth 0 to 50 {
  give 11 per email_click in last 1 year, at most 30
  give 13 if any demo_request
  fade 33% every 1 month
}
criteria good {
  agreed by marketing, sales
  need country in "TR", "DE", "ES"
  need employees >= 50
  need title in executives or revenue >= 1M
  need fit + heat >= 40
  need email is present or phone is present
  not  title = "intern"
}
criteria bad {
  any channel = event and country = "XX"
  any fit - heat <= -30
  any count of email_click in last 7 days >= 3
}
criteria warm { agreed by marketing, sales  need (warmth between 10 and 40) is met  need not bad }
pipeline customers {
  for leads where channel is present and channel = partner
  stage known { owner sales  move to dropped when bad }
  stage dropped { owner sales  final }
}
pipeline leads {
  stage new { owner marketing  label tr "yeni"  status crm "New"  on enter enroll welcome  expect "Nurture"
    move to out   when bad
    move to ready when good
    move to aside when warm
    move to aside after 30 days
  }
  stage ready { owner sales  status crm "Ready, \"set\""  move to won when fit >= 60 and consent }
  stage aside { owner marketing  final }
  stage out   { owner marketing  final }
  stage won   { owner sales  final  on enter convert to account }
}
program welcome { kind notify }
route places {
  from table "places.csv"
  to rep ana when country = "ES"
  to team desk when employees < 10
  otherwise to queue rest
}
team desk { member bo  member cem }
handoff new to ready { route by places  alert assignee }
handoff ready to won { route by places  need email is present }
sla quick on ready { owner sales  clock office  first touch within 4 business hours  on breach of first touch { alert boss } }
calendar office { mon to fri 09:00 to 17:00 }
recycle again { from out  when disposition = junk  to new  rest 10 days }
"#;

const PLACES: &str = "country,employees,channel,queue\n\
    TR,>=1000,web|partner,big\nTR,50..999,*,middle\nDE,*,web,german\n*,<50,*,small\n*,*,event,\"fair, =1\"\nDE,>200,*,late\n";

/// Chance, the same for one seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A value as a system writes it; odd ones among them.
fn written(chance: &mut Chance, values: &[Value]) -> Json {
    let odd = [
        json!(""),
        json!(null),
        json!(" "),
        json!("ISPARTA"),
        json!("ısparta"),
        json!("Straße"),
        json!("STRASSE"),
        json!("e\u{301}cole"),
        json!("ลีด"),
        json!("лид"),
        json!("=1+1"),
        json!("a,\"b\"\n"),
        json!("-5"),
        json!(7),
        json!(true),
        json!("x".repeat(70)),
        json!([1, "a"]),
        json!({"amount": 20000, "currency": "EUR"}),
        json!("1e3"),
        json!("someone@BIG.example"),
        json!("٣5"),
        json!("2019-12-31"),
        json!(0.000_000_000_1),
    ];
    match chance.below(12) {
        0 => chance.pick(&odd).clone(),
        1 => Json::Null,
        _ if values.is_empty() => json!("a"),
        2 => {
            let text = chance.pick(values).to_string();
            json!(if chance.below(2) == 0 { text.to_uppercase() } else { format!(" {text}") })
        }
        _ => serde_json::to_value(chance.pick(values)).expect("it is data"),
    }
}

fn event(chance: &mut Chance, pact: &Pact, at: Instant) -> Json {
    let kinds: Vec<&str> = pact.kinds.iter().map(|kind| &*kind.name).collect();
    let plain: Vec<&str> =
        pact.kinds.iter().filter(|kind| kind.class != KindClass::Disposition).map(|kind| &*kind.name).collect();
    let kind = match chance.below(30) {
        0 => "nothing",
        1 | 2 => chance.pick(&kinds),
        _ => chance.pick(&plain),
    };
    let days = [0, 1, 7, 14, 30, 31, 59, 60, 61, 90, 180, 365, 366, 4_000, -3];
    let seconds = [0, 1, -1, 3_600, 86_399, 40_000];
    let happened = at - chrono::TimeDelta::seconds(86_400 * chance.pick(&days) + chance.pick(&seconds));
    let text = match chance.below(8) {
        0 => happened.format("%Y-%m-%d %H:%M:%S").to_string(),
        1 => happened.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string(),
        _ => happened.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    match chance.below(25) {
        0 => json!({"kind": kind, "at": text, "minutes": 3}),
        1 => json!({"kind": kind}),
        _ => json!({"at": text, "kind": kind}),
    }
}

/// A line of a lead.
fn line(chance: &mut Chance, pact: &Pact, number: usize, at: Instant) -> String {
    let mut parts = Vec::new();
    let missing = chance.below(5);
    for (field, values) in pact.fields.iter().zip(samples(pact)) {
        let is_key = *field.name == *pact[pact.key].name;
        if is_key {
            parts.push((field.name.to_string(), json!(format!("L{number}"))));
        } else if chance.below(8) > missing || !field.optional && chance.below(9) > 0 {
            parts.push((field.name.to_string(), written(chance, values)));
        }
    }
    if chance.below(3) > 0 {
        let events: Vec<Json> = (0..chance.below(9)).map(|_| event(chance, pact, at)).collect();
        parts.push(("history".into(), json!(events)));
    }
    match chance.below(30) {
        0 => parts.push(("stage".into(), json!("ready"))),
        1 => parts.push(("extra".into(), json!({"a": {"b": [1.50, null]}}))),
        2 => parts.push(("extra".into(), json!("x"))),
        3 => parts.push(("más".into(), json!(1))),
        4 => parts.push(parts.last().cloned().unwrap_or_default()),
        _ => {}
    }
    (0..chance.below(3)).for_each(|_| {
        let (a, b) = (chance.below(parts.len()), chance.below(parts.len()));
        parts.swap(a, b);
    });
    let parts: Vec<String> = parts.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    let text = format!("{{{}}}", parts.join(","));
    match chance.below(60) {
        0 => text[..text.len() - 1].to_owned(),
        1 => format!("  {text} \r"),
        2 => String::new(),
        3 => "[1]".into(),
        _ => text,
    }
}

fn opened(text: &str) -> Rows {
    rows(Box::new(Cursor::new(text.to_owned().into_bytes())), "leads", Some(Format::Ndjson)).expect("it opens")
}

/// All that comes of a file.
#[derive(Debug, PartialEq)]
struct Came {
    bytes: String,
    stages: IndexMap<Option<Arc<str>>, u64>,
    rejected: Vec<String>,
    notes: Vec<String>,
}

fn together(plan: &Plan<'_>, text: &str, form: Form, threads: usize) -> (Came, u64) {
    let lines = opened(text).into_lines().unwrap_or_else(|_| panic!("it is NDJSON"));
    let mut all = Decided::default();
    let source = LeadSource::Lines(lines, "leads".into(), None);
    decide_all(plan, source, form, threads, &mut |decided| {
        all.bytes.extend(decided.bytes);
        decided.stages.into_iter().for_each(|(stage, count)| *all.stages.entry(stage).or_default() += count);
        all.rejected.extend(decided.rejected);
        all.passed_over.add(decided.passed_over);
        all.left += decided.left;
        Ok(())
    })
    .expect("it is decided");
    let came = Came {
        bytes: String::from_utf8(all.bytes).expect("it is text"),
        stages: all.stages,
        rejected: all.rejected.iter().map(|rejected| format!("{rejected:?}")).collect(),
        notes: all.passed_over.notes(),
    };
    (came, all.left)
}

fn one_by_one(pact: &Pact, text: &str, at: Instant, form: Form) -> Came {
    let input = LeadInput { name: "leads".into(), rows: opened(text), intake: None };
    let mut leads = Leads::new(pact, vec![input]).expect("there is an input");
    let mut came = Came { bytes: String::new(), stages: IndexMap::new(), rejected: Vec::new(), notes: Vec::new() };
    let mut table: Vec<Vec<String>> = Vec::new();
    for lead in leads.by_ref() {
        match lead {
            Ok(record) => {
                let decision = decide(pact, &record, at);
                *came.stages.entry(decision.stage.clone()).or_default() += 1;
                match form {
                    Form::Csv { .. } => table.push(cells(pact, &decision, true)),
                    Form::Ndjson => {
                        let text = serde_json::to_string(&decision.without_reasons()).expect("it is data");
                        writeln!(came.bytes, "{text}").expect("memory takes it");
                    }
                }
            }
            Err(rejected) => came.rejected.push(format!("{rejected:?}")),
        }
    }
    came.notes = leads.passed_over().into_iter().flat_map(|(_, passed_over)| passed_over.notes()).collect();
    if let Form::Csv { raw } = form {
        let mut bytes = Vec::new();
        let mut csv = TextTable::new(&mut bytes, Layout::Csv { raw }, columns(pact, true)).expect("memory takes it");
        table.iter().try_for_each(|cells| csv.push(cells)).and_then(|()| csv.finish()).expect("memory takes it");
        let text = String::from_utf8(bytes).expect("it is text");
        came.bytes = text.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default();
    }
    came
}

fn known() -> Pact {
    let world = Memory::new([("a.pact", KNOWN), ("places.csv", PLACES)]);
    let loaded = load(&world, None);
    let says: Vec<String> =
        loaded.diagnostics.iter().map(|found| format!("{:?} {}", found.code, found.message)).collect();
    loaded.pact.unwrap_or_else(|| panic!("{says:#?}"))
}

/// The first line in which two texts differ.
fn difference(a: &str, b: &str) -> Option<(String, String)> {
    let mut lines = a.lines().zip(b.lines()).filter(|(a, b)| a != b);
    lines.next().map(|(a, b)| (a.to_owned(), b.to_owned()))
}

fn holds(pact: &Pact, seed: u64) -> Result<u64, TestCaseError> {
    let mut chance = Chance(seed);
    let instants = ["2026-03-02T06:00:00Z", "2026-03-29T01:30:00Z", "2026-01-31T22:00:00Z", "2025-06-10T12:34:56Z"];
    let at: Instant = chance.pick(&instants).parse().expect("an instant");
    let Some(plan) = Plan::new(pact, at) else { return Ok(u64::MAX) };
    let text: String = (0..100).map(|number| line(&mut chance, pact, number, at) + "\n").collect();
    let mut most = 0;
    for form in [Form::Ndjson, Form::Csv { raw: false }, Form::Csv { raw: true }] {
        let right = one_by_one(pact, &text, at, form);
        for threads in [1, 3] {
            let (came, left) = together(&plan, &text, form, threads);
            prop_assert_eq!(difference(&right.bytes, &came.bytes), None, "{:?}", form);
            prop_assert_eq!(&right, &came);
            most = most.max(left);
        }
    }
    Ok(most)
}

#[test]
fn what_a_plan_knows_comes_out_as_by_the_reference() {
    let pact = known();
    assert!(Plan::new(&pact, "2026-03-02T06:00:00Z".parse().unwrap()).is_some(), "a plan knows it");
    let mut runner = TestRunner::new(Config::with_cases(6));
    let seen = std::cell::Cell::new((0, 0));
    runner
        .run(&any::<u64>(), |seed| {
            let left = holds(&pact, seed)?;
            seen.set((seen.get().0 + left, seen.get().1 + 100));
            Ok(())
        })
        .unwrap();
    let (left, all) = seen.get();
    assert!(left * 3 < all, "{left} of {all} leads were left to the reference");
}

#[test]
fn so_do_the_pacts_of_the_rules() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(rules).expect("they are there") {
        let folder = entry.expect("it is a folder").path();
        let pact = Pact::load(&folder).unwrap_or_else(|refused| panic!("{}: {refused:?}", folder.display()));
        let mut runner = TestRunner::new(Config::with_cases(2));
        runner.run(&any::<u64>(), |seed| holds(&pact, seed).map(drop)).unwrap();
    }
}
