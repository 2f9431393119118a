//! Live leads when the pact changes under them. Every test runs on both back ends; without PostgreSQL that half says
//! that it skipped.
#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;

use common::*;
use leadpact::internals::service::Service;
use leadpact::internals::store::open;

/// The rules with words replaced, each of which must be there.
fn changed(words: &[(&str, &str)]) -> String {
    words.iter().fold(RULES.to_owned(), |rules, (from, to)| {
        assert!(rules.contains(from), "{from}");
        rules.replace(from, to)
    })
}

/// The rules without the stage `mql`: its leads are to be called in `sal`.
fn renamed(migrate: &str) -> String {
    let words = [("stage mql", "stage sal"), ("move to mql", "move to sal"), ("inquiry to mql", "inquiry to sal")];
    changed(&words).replace("on mql", "on sal") + migrate
}

fn reported(service: &Service, lead: &str) -> String {
    let timeline = service.timeline(lead).unwrap().expect("it is known");
    let words =
        timeline.rehydrated.entries.iter().map(|happened| format!("{} {}", happened.report.at, happened.words()));
    words.collect::<Vec<_>>().join("\n")
}

#[test]
fn leads_are_not_stranded() {
    on_both("stranded", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        for lead in ["L1", "L2"] {
            submit(&service, &event(lead, "03-02T11:00:00", "demo"));
        }
        let refused = service.adopt(&pact(&renamed(""))).unwrap_err().to_string();
        assert!(refused.contains("2 in stage `mql` of pipeline `all`"), "{refused}");
        assert!(refused.contains("say with `migrate` where they go"), "{refused}");
        assert_eq!(stage(&service, "L1"), "mql");
        service.adopt(&pact(&renamed("migrate { stage mql, hot to sal }"))).unwrap();
        assert_eq!(stage(&service, "L1"), "sal");
        assert!(reported(&service, "L1").contains("T12:00:00+03:00 mql is now sal, as the pact changed"));
        // the time in the stage continues, and so does the promise
        let decision = service.timeline("L1").unwrap().unwrap().decision;
        assert_eq!(decision.since.as_deref(), Some("2026-03-02T11:00:00+03:00"));
        assert_eq!(decision.clocks[0].due.as_deref(), Some("2026-03-02T15:00:00+03:00"));
        assert_eq!(person(&service, "l1"), "ana");
        time.set("03-02T12:30:00");
        submit(&service, &event("L1", "03-02T12:30:00", "call"));
        let timeline = service.timeline("L1").unwrap().unwrap();
        assert_eq!(timeline.decision.stage.as_deref(), Some("won"));
        let moves = timeline.decision.moves.iter().map(|made| format!("{} {}", made.from, made.to));
        assert_eq!(moves.collect::<Vec<_>>(), ["inquiry mql", "mql sal", "sal won"]);
        assert!(
            timeline.timeline_words.contains("inquiry → mql") && timeline.words.contains("inquiry → mql"),
            "{}",
            timeline.words
        );
        assert!(
            reported(&service, "L1").contains("first_call first touch: met after 1 h 30 min"),
            "{}",
            reported(&service, "L1")
        );
        drop(service);
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_pipeline_keeps_its_leads_under_another_name() {
    on_both("pipeline", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        submit(&service, &event("L1", "03-02T11:00:00", "demo"));
        let named = changed(&[("pipeline all", "pipeline demand")]);
        let refused = service.adopt(&pact(&named)).unwrap_err().to_string();
        assert!(refused.contains("1 in stage `mql` of pipeline `all`"), "{refused}");
        service.adopt(&pact(&format!("{named} migrate {{ pipeline all to demand }}"))).unwrap();
        let decision = service.timeline("L1").unwrap().unwrap().decision;
        assert_eq!((decision.pipeline.as_deref(), decision.stage.as_deref()), (Some("demand"), Some("mql")));
    });
}

#[test]
fn the_pact_says_which_promise_holds() {
    let sooner = [("first touch within 4 hours", "first touch within 2 hours")];
    for (clause, due) in [("", "13"), ("migrate { old promises hold }", "13"), ("migrate { new promises hold }", "11")]
    {
        on_both(&format!("promise{}", clause.len()), |place| {
            let time = Time::at("03-02T10:00:00");
            let service = start(place, &time);
            submit(&service, &event("L1", "03-02T09:00:00", "demo"));
            service.adopt(&pact(&(changed(&sooner) + clause))).unwrap();
            let clock = |lead: &str| service.timeline(lead).unwrap().unwrap().decision.clocks.remove(0);
            assert_eq!(clock("L1").due, Some(format!("2026-03-02T{due}:00:00+03:00")), "{clause}");
            assert_eq!(clock("L1").started.as_deref(), Some("2026-03-02T09:00:00+03:00"));
            // what begins after the change promises what the pact says now
            submit(&service, &event("L2", "03-02T10:00:00", "demo"));
            assert_eq!(clock("L2").due.as_deref(), Some("2026-03-02T12:00:00+03:00"));
            time.set(&format!("03-02T{due}:00:01"));
            caught_up(&service);
            let breached = format!("2026-03-02T{due}:00:00+03:00 first_call first touch: BREACHED");
            assert!(reported(&service, "L1").contains(&breached), "{}", reported(&service, "L1"));
            drop(service);
            rebuilt_is_stored(&mut *open(place).unwrap());
        });
    }
}

#[test]
fn a_new_promise_that_is_long_past_is_breached_at_the_change() {
    on_both("past", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        let sooner = changed(&[("first touch within 4 hours", "first touch within 1 hours")]);
        service.adopt(&pact(&(sooner + "migrate { new promises hold }"))).unwrap();
        caught_up(&service);
        assert!(reported(&service, "L1").contains("T12:00:00+03:00 first_call first touch: BREACHED"));
        let waiting = deliveries(&service, "waiting");
        assert_eq!(waiting.iter().filter(|body| body.starts_with("breach")).count(), 1, "{waiting:?}");
    });
}

#[test]
fn what_was_promised_in_a_service_level_that_is_gone_stops() {
    on_both("gone", |place| {
        let time = Time::at("03-02T10:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        service.adopt(&pact(&changed(&[("sla first_call", "sla quick_call")]))).unwrap();
        time.set("03-03T09:00:00");
        caught_up(&service);
        assert!(reported(&service, "L1").contains("T10:00:00+03:00 first_call first touch: stopped"));
        assert!(deliveries(&service, "waiting").iter().all(|body| !body.starts_with("breach")));
    });
}

#[test]
fn a_field_that_is_new_to_the_pact_is_known_of_leads_that_reported_it() {
    on_both("field", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        let row = r#"{"lead": "L1", "at": "2026-03-02T11:00:00+03:00", "event": "record", "employees": 70}"#;
        submit(&service, row);
        let fit = |service: &Service| service.timeline("L1").unwrap().unwrap().decision.scores["fit"];
        assert_eq!(fit(&service).to_string(), "40");
        // a pact that does not know the field for a while, and one that knows it again
        let without = changed(&[("  employees integer?", ""), ("give 40 when employees >= 50", "")]);
        service.adopt(&pact(&without)).unwrap();
        assert_eq!(fit(&service).to_string(), "0");
        service.adopt(&pact(RULES)).unwrap();
        assert_eq!(fit(&service).to_string(), "40");
        drop(service);
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

/// Events, and pacts that come and go: leads rehydrated from a checkpoint come to what whole replays come to.
#[test]
fn leads_rehydrated_from_a_checkpoint_are_as_from_the_beginning() {
    let more = "on breach { alert boss }\n  on breach after 2 hours dispose as junk";
    let others = [
        RULES.to_owned(),
        changed(&[("first touch within 4 hours", "first touch within 3 hours"), ("on breach { alert boss }", more)]),
        changed(&[("move to mql when any demo or fit > 99", "move to mql when any demo or fit >= 40")]),
        changed(&[("on breach { alert boss }", more), ("  member bo", "")]) + "migrate { new promises hold }",
        renamed("migrate { stage mql to sal }"),
        RULES.replace("disposition junk", "disposition junk  disposition bad") + "migrate { stage sal to mql }",
    ];
    let mut numbers = (1_u64..).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33);
    let mut draw = |below: u64| numbers.next().unwrap_or_default() % below;
    let script: Vec<(u64, u64, u64, u64)> = (0..160).map(|_| (draw(10), draw(6), draw(6), draw(50))).collect();
    on_both("taken_up", |place| {
        let time = Time::at("03-02T08:00:00");
        let service = start(place, &time);
        let mut minute = 0;
        let clock = |minute: u64| format!("03-{:02}T{:02}:{:02}:00", 2 + minute / 1440, minute / 60 % 24, minute % 60);
        for (what, lead, which, late) in &script {
            minute += 7 + late;
            time.set(&clock(480 + minute));
            if *what == 0 {
                // what is refused, since leads would be stranded, changes nothing
                let _ = service.adopt(&pact(&others[*which as usize]));
                continue;
            }
            let at = clock((480 + minute).saturating_sub(if *what < 3 { late * 20 } else { 0 }));
            let name = format!("L{lead}");
            let row = match what {
                1 | 4 | 5 => event(&name, &at, "demo"),
                2 | 6 => event(&name, &at, "call"),
                7 => event(&name, &at, "junk"),
                _ => format!(
                    "{{\"lead\": \"{name}\", \"at\": \"2026-{at}+03:00\", \"event\": \"record\", \"employees\": {}}}\n",
                    which * 20
                ),
            };
            submit(&service, &row);
        }
        caught_up(&service);
        let versions = service.migrations().unwrap().len();
        assert!(versions > 5, "{versions}");
        let projection: Vec<String> = (0..6).map(|lead| stage(&service, &format!("L{lead}"))).collect();
        drop(service);
        let mut store = open(place).unwrap();
        rebuilt_is_stored(&mut *store);
        // and nothing that a whole state asks for is missing or too much among what waits
        let waiting = |store: &mut dyn leadpact::internals::store::Store| {
            let mut ids: Vec<String> =
                store.deliveries("waiting", 10_000).unwrap().into_iter().map(|delivery| delivery.id).collect();
            ids.sort();
            ids
        };
        let before = waiting(&mut *store);
        for lead in 0..6 {
            let lead = format!("l{lead}");
            let stored = store.lead(&lead).unwrap().expect("it is stored");
            assert!(stored.checkpoint.is_some());
            let stored = leadpact::internals::store::StoredLead { checkpoint: None, pact_version: 0, ..stored };
            store.put_leads(&[(&lead, &stored)]).unwrap();
        }
        let service = start(place, &time);
        caught_up(&service);
        assert_eq!((0..6).map(|lead| stage(&service, &format!("L{lead}"))).collect::<Vec<_>>(), projection);
        assert_eq!(waiting(&mut *store), before);
    });
}
