//! Leads as a replay replays them, and as the service has them, as data that can be compared.

use std::collections::BTreeSet;
use std::sync::Mutex;

use leadpact::internals::decide::{decision, field_reports};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput as File;
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use leadpact::internals::service::Service;

/// Each lead as a replay replays it: its decision and its timeline, as data.
pub fn replayed(pact: &Pact, reported: &[(&'static str, String)], until: &str) -> Vec<(String, serde_json::Value)> {
    let mut gathered = Gathered::default();
    let sources: BTreeSet<&str> = reported.iter().map(|(source, _)| *source).collect();
    for source in sources {
        let of_source = reported.iter().filter(|(from, _)| *from == source);
        let text: String = of_source.map(|(_, row)| row.as_str()).collect();
        let rows = rows(Box::new(std::io::Cursor::new(text)), "e.ndjson", Some(Format::Ndjson)).unwrap();
        let file = File { name: "e".into(), rows, intake: pact.intake(source) };
        gathered.read(pact, file, &mut |refused| panic!("{}", refused.reject), &mut || {}).unwrap();
    }
    let all: Mutex<Vec<ReplayedLead>> = Mutex::default();
    let render = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
        all.lock().unwrap().push(replayed.clone());
        Ok(())
    };
    let options =
        ReplayOptions { until: Some(format!("2026-{until}+03:00").parse().unwrap()), ..ReplayOptions::default() };
    replay(pact, gathered, options, &render, &mut |_| Ok(())).unwrap();
    let mut all: Vec<_> = all
        .into_inner()
        .unwrap()
        .into_iter()
        .filter(|replayed| replayed.started)
        .map(|replayed| {
            let timeline: Vec<_> = replayed
                .timeline
                .entries
                .iter()
                .map(|entry| {
                    serde_json::to_value(leadpact::internals::decide::timeline_entry(pact, &replayed.lead, entry))
                        .unwrap()
                })
                .collect();
            let decided = serde_json::to_value(decision(pact, &replayed.state, &replayed.timeline)).unwrap();
            let fields = serde_json::to_value(field_reports(pact, &replayed.state.record)).unwrap();
            (
                replayed.lead.to_string(),
                serde_json::json!({"decision": decided, "timeline": timeline, "fields": fields}),
            )
        })
        .collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

/// A lead as the service has it.
pub fn stored(service: &Service, lead: &str) -> Option<serde_json::Value> {
    let timeline = service.timeline(lead).unwrap()?;
    let entries: Vec<_> =
        timeline.rehydrated.entries.iter().map(|happened| serde_json::to_value(&happened.report).unwrap()).collect();
    let decision = serde_json::to_value(&timeline.decision).unwrap();
    Some(serde_json::json!({"decision": decision, "timeline": entries, "fields": timeline.fields}))
}
