//! Any rows give records or rejects, and every record a decision, twice the same to the byte.

#![no_main]

use std::io::Cursor;
use std::sync::OnceLock;

use leadpact::internals::decide::decide;
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::world::Memory;

fn acme() -> &'static Pact {
    static ACME: OnceLock<Pact> = OnceLock::new();
    ACME.get_or_init(|| {
        let files = [
            ("pact.pact", include_str!("../../rules/acme/pact.pact")),
            ("criteria.pact", include_str!("../../rules/acme/criteria.pact")),
            ("pipeline.pact", include_str!("../../rules/acme/pipeline.pact")),
            ("measures.pact", include_str!("../../rules/acme/measures.pact")),
            ("territories.csv", include_str!("../../rules/acme/territories.csv")),
            ("free_mail_domains.txt", include_str!("../../rules/acme/free_mail_domains.txt")),
            ("holidays.ics", include_str!("../../rules/acme/holidays.ics")),
        ];
        load(&Memory::new(files), None).pact.expect("the worked example checks clean")
    })
}

libfuzzer_sys::fuzz_target!(|data: (u8, i64, Vec<u8>)| {
    let (format, at, bytes) = data;
    let format = [Format::Ndjson, Format::Json, Format::Csv, Format::Yaml][usize::from(format % 4)];
    let Some(at) = chrono::DateTime::from_timestamp(at % 10_000_000_000, 0) else { return };
    let Ok(rows) = rows(Box::new(Cursor::new(bytes)), "fuzz", Some(format)) else { return };
    let Some(leads) = Leads::new(acme(), vec![LeadInput { name: "fuzz".into(), rows, intake: None }]) else { return };
    for record in leads.flatten() {
        let bytes = || serde_json::to_vec(&decide(acme(), &record, at)).expect("a decision is data");
        assert_eq!(bytes(), bytes());
    }
});
