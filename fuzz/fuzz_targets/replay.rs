//! Any rows of events give replays or rejects: the same replays backwards, and twice over.

#![no_main]

use std::io::{self, Cursor};
use std::sync::OnceLock;

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use leadpact::internals::world::Memory;

fn acme() -> &'static Pact {
    static ACME: OnceLock<Pact> = OnceLock::new();
    ACME.get_or_init(|| {
        let files = [
            ("pact.pact", include_str!("../../rules/acme/pact.pact")),
            ("criteria.pact", include_str!("../../rules/acme/criteria.pact")),
            ("pipeline.pact", include_str!("../../rules/acme/pipeline.pact")),
            ("territories.csv", include_str!("../../rules/acme/territories.csv")),
            ("free_mail_domains.txt", include_str!("../../rules/acme/free_mail_domains.txt")),
            ("holidays.ics", include_str!("../../rules/acme/holidays.ics")),
        ];
        load(&Memory::new(files), None).pact.expect("the worked example checks clean")
    })
}

fn replayed(lines: &[&[u8]]) -> Option<Vec<String>> {
    let pact = acme();
    let rows = rows(Box::new(Cursor::new(lines.join(&b'\n'))), "fuzz", Some(Format::Ndjson)).ok()?;
    let mut gathered = Gathered::within(1 << 10);
    let input = LeadInput { name: "fuzz".into(), rows, intake: None };
    gathered.read(pact, input, &mut |_| Ok(()), &mut || ()).expect("it is read");
    let options = ReplayOptions { until: None, ..ReplayOptions::default() };
    let render = |lead: &ReplayedLead, bytes: &mut Vec<u8>| -> io::Result<()> {
        bytes.extend(format!("{:?} {:?}\n", lead.state, lead.timeline).into_bytes());
        Ok(())
    };
    let mut out = Vec::new();
    let mut take = |bytes: &[u8]| -> io::Result<()> {
        out.push(String::from_utf8_lossy(bytes).into_owned());
        Ok(())
    };
    replay(pact, gathered, options, &render, &mut take).expect("it is replayed");
    Some(out)
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // the first bytes of a file show its format and encoding: they are the same in both orders
    let Ok(text) = std::str::from_utf8(data) else { return };
    let first = r#"{"lead": "1", "at": "2026-03-02T09:00:00Z", "event": "demo_request"}"#.as_bytes();
    let rows: Vec<&[u8]> = text.split(['\n', '\r']).take(64).map(str::as_bytes).collect();
    let lines: Vec<&[u8]> = std::iter::once(first).chain(rows.iter().copied()).collect();
    let twice: Vec<&[u8]> =
        std::iter::once(first).chain(rows.iter().rev().copied()).chain(rows.iter().copied()).collect();
    assert_eq!(replayed(&lines), replayed(&twice));
});
