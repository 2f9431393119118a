//! A table that is indexed leads where the plain search through its rows leads, and leaves the same rows unsure.

use std::fmt::Write as _;

use leadpact::internals::lifecycle::{EntryLog, LeadState, begin, continue_until};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::time::Instant;
use leadpact::internals::world::Memory;
use proptest::prelude::*;

const PACT: &str = r#"
pact tables { parties marketing, sales }
lead {
  id text key
  country text?
  industry text?
  employees integer?
}
table territories from "territories.csv"
value region = lookup region in territories
route by_territory {
  from table "territories.csv"
  otherwise to queue "rest"
}
pipeline all {
  stage arrived { owner marketing  move to known when region is present  move to other when region is missing }
  stage known { owner sales final }
  stage other { owner sales final }
}
handoff arrived to known { route by by_territory }
handoff arrived to other { route by by_territory }
"#;

/// Rows of words, several words, ranges, and cells that take anything.
fn table() -> impl Strategy<Value = String> {
    let country = prop::sample::select(vec!["DE", "de|AT", "TR", "TH|ES|tr", "*", "*", "İzmir", "Straße"]);
    let industry = prop::sample::select(vec!["software", "retail|software", "*", "*", "*", "BANKING"]);
    let employees = prop::sample::select(vec!["*", "*", "1..49", ">=50", ">200", "<10", "7"]);
    prop::collection::vec((country, industry, employees, 0..6_u8), 1..60).prop_map(|rows| {
        let mut text = String::from("country,industry,employees,queue,region\n");
        for (country, industry, employees, gives) in rows {
            let queue = if gives == 0 { String::new() } else { format!("q{gives}") };
            let _ = writeln!(text, "{country},{industry},{employees},{queue},r{gives}");
        }
        text
    })
}

fn lead() -> impl Strategy<Value = String> {
    let some = |words: Vec<&'static str>| prop::option::weighted(0.8, prop::sample::select(words));
    let country = some(vec!["DE", "at", "TR", "İZMİR", "STRASSE", "FR"]);
    let industry = some(vec!["Software", "retail", "banking", "mining"]);
    let employees = prop::option::weighted(0.8, prop::sample::select(vec![1, 7, 10, 49, 50, 200, 201]));
    (country, industry, employees).prop_map(|(country, industry, employees)| {
        serde_json::json!({"id": "1", "country": country, "industry": industry, "employees": employees}).to_string()
    })
}

fn pact(table: &str) -> Pact {
    let loaded = load(&Memory::new([("tables.pact", PACT), ("territories.csv", table)]), None);
    let said: Vec<String> = loaded.diagnostics.iter().map(|found| found.message.clone()).collect();
    loaded.pact.unwrap_or_else(|| panic!("{said:?}"))
}

fn ends(pact: &Pact, state: LeadState, at: Instant) -> (LeadState, EntryLog) {
    let mut timeline = EntryLog::default();
    let event = leadpact::internals::lifecycle::LeadEvent {
        at,
        id: None,
        what: leadpact::internals::lifecycle::EventKind::Changed(None, Vec::new()),
    };
    let state = continue_until(pact, state, &mut timeline, vec![event], at, None);
    (state, timeline)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_indexed_table_leads_where_its_rows_lead(table in table(), leads in prop::collection::vec(lead(), 1..20)) {
        let pact = pact(&table);
        let at: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        for lead in leads {
            let lead: serde_json::Value = serde_json::from_str(&lead).unwrap();
            let record = Record::from_json(&pact, None, &lead).unwrap();
            let state = begin(record, at);
            prop_assert_eq!(
                ends(&pact, state.clone(), at),
                ends(&pact, state.by_reference(), at),
                "{}\n{}", lead, table
            );
        }
    }
}
