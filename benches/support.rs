//! What the benches share: the worked example, and leads of any number that are the same in every run.

#![allow(dead_code, reason = "each bench uses a part of it")]

use leadpact::internals::pact::Pact;
use leadpact::internals::world::{Disk, Memory, World as _};

/// The rule files of the worked example and the files that they name.
pub fn acme() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/acme");
    let rules = Disk::new(folder).rules().expect("the worked example is here");
    let mut files: Vec<(String, String)> = rules.iter().map(|s| (s.name.to_string(), s.text.to_string())).collect();
    for name in ["territories.csv", "free_mail_domains.txt", "holidays.ics"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("it is named by the example");
        files.push((name.to_owned(), text));
    }
    files
}

/// The worked example in memory.
pub fn world() -> Memory {
    Memory::new(acme())
}

/// The worked example.
pub fn pact() -> Pact {
    leadpact::internals::load::load(&world(), None).pact.expect("the worked example checks clean")
}

/// Leads as NDJSON, one a line, with 0 to 14 events each. A multiplicative generator stands for chance.
pub fn leads(count: u64) -> String {
    let mut state = 42u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let countries = ["TR", "ES", "TH", "RU", "DE", "US"];
    let titles = ["CEO", "CTO", "CFO", "VP Sales", "Analyst", "Clerk"];
    let industries = ["software", "fintech", "retail", "gambling", "logistics"];
    let sources = ["web", "webinar", "referral", "trade_show", "paid_ads", "social", "import"];
    let kinds = ["pricing_page_visit", "content_download", "email_click", "demo_request"];
    let pick = |from: &[&'static str], n: u64| from[n as usize % from.len()];
    let mut text = String::new();
    for id in 0..count {
        let mut fields = vec![
            format!("\"id\": \"L{id}\""),
            format!("\"lead_source\": \"{}\"", pick(&sources, next(7))),
            format!("\"consent\": {}", next(10) < 7),
        ];
        let mut maybe = |chance: u64, field: String| {
            if next(100) < chance {
                fields.push(field);
            }
        };
        maybe(90, format!("\"country\": \"{}\"", pick(&countries, id * 7 % 6)));
        maybe(80, format!("\"title\": \"{}\"", pick(&titles, id * 5 % 6)));
        maybe(70, format!("\"industry\": \"{}\"", pick(&industries, id * 3 % 5)));
        maybe(85, format!("\"number_of_employees\": {}", id * 37 % 3000));
        maybe(50, format!("\"annual_revenue\": {}.50", id * 91 % 40_000_000));
        maybe(80, format!("\"email\": \"a{id}@{}\"", if id % 4 == 0 { "gmail.com" } else { "company.example" }));
        maybe(60, format!("\"phone\": \"+90 {id}\""));
        let events: Vec<String> = (0..next(15))
            .map(|_| {
                let (kind, day, minute) = (pick(&kinds, next(4)), next(28) + 1, next(60));
                format!("{{\"kind\": \"{kind}\", \"at\": \"2026-02-{day:02}T10:{minute:02}:00Z\"}}")
            })
            .collect();
        fields.push(format!("\"history\": [{}]", events.join(", ")));
        text.push_str(&format!("{{{}}}\n", fields.join(", ")));
    }
    text
}

/// Events as NDJSON, in order of time, ten for each lead.
pub fn events(count: u64) -> String {
    let mut state = 7u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let kinds = ["pricing_page_visit", "email_click", "demo_request", "content_download", "call", "email", "qualified"];
    let start: leadpact::internals::time::Instant = "2026-01-05T06:00:00Z".parse().expect("an instant");
    let mut rows = Vec::new();
    for lead in 0..count.div_ceil(10) {
        let mut minute = next(60 * 24 * 80);
        for n in 0..10 {
            let at = start + chrono::TimeDelta::minutes(minute as i64);
            let what = if n == 0 {
                let (country, title) =
                    (["TR", "ES", "TH", "DE"][next(4) as usize], ["CEO", "CTO", "Clerk"][next(3) as usize]);
                let people = [10, 60, 240, 1200][next(4) as usize];
                format!(
                    r#""record", "country": "{country}", "title": "{title}", "number_of_employees": {people}, "annual_revenue": 12000000, "email": "a@{lead}.example", "lead_source": "web", "consent": true"#
                )
            } else if next(9) == 0 {
                r#""recycle", "reason": "timing""#.to_owned()
            } else {
                format!("\"{}\"", kinds[next(7) as usize])
            };
            rows.push((at, format!("{{\"lead\": \"L{lead}\", \"at\": \"{}\", \"event\": {what}}}\n", at.to_rfc3339())));
            minute += next(60 * 24 * 9);
        }
    }
    rows.sort();
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The worked example without a team that shares: each lead is replayed by itself.
pub fn pact_without_teams() -> Pact {
    let files = acme().into_iter().filter(|(name, _)| name != "tests.pact").map(|(name, text)| {
        let alone = text.replace("to team iberia round robin when", "to queue iberia when");
        let lines = alone.lines().filter(|line| !line.starts_with("team iberia"));
        (name, lines.map(|line| format!("{line}\n")).collect::<String>())
    });
    let files: Vec<(String, String)> = files.collect();
    leadpact::internals::load::load(&Memory::new(files), None).pact.expect("it checks clean")
}
