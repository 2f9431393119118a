//! Leads that are stored over time. Every test runs on both back ends; without PostgreSQL that half says that it skipped.
#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;

use std::sync::{Arc, Mutex};

use common::*;
use leadpact::internals::service::{Message, Notifier, OTHER_BODY, Service, ServiceChange, ServiceOptions};
use leadpact::internals::store::{Delivery, EffectsUpdate, Filter, open};
use leadpact::internals::time::Instant;
use leadpact::internals::webhook::{EffectTopic, Sent};

#[test]
fn what_is_submitted_is_stored_once_and_replayed() {
    on_both("submitted", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        let events = format!("{}{}", event("L1", "03-02T09:00:00", "demo"), event("L2", "03-02T10:00:00", "record"));
        let first = submit(&service, &events);
        assert_eq!((first.accepted, first.known), (2, 0));
        assert_eq!(first.leads, ["L1", "L2"]);
        let again = submit(&service, &events);
        assert_eq!((again.accepted, again.known), (0, 2));
        assert_eq!((stage(&service, "l1"), stage(&service, "L2")), ("mql".into(), "inquiry".into()));
        // what cannot be taken is named, and the rest is taken
        let mixed = format!("{}{}", event("L3", "03-02T11:00:00", "dmeo"), event("L3", "03-02T11:00:00", "demo"));
        let mixed = submit(&service, &mixed);
        assert_eq!((mixed.accepted, mixed.rejected.len()), (1, 1));
        assert!(mixed.rejected[0].reason.contains("did you mean `demo`"), "{:?}", mixed.rejected);
        drop(service);
        // a service that comes back knows what the last one knew
        let service = start(place, &time);
        assert_eq!(stage(&service, "L3"), "mql");
        assert_eq!(service.read(|store| store.count_events()).unwrap(), 3);
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_request_that_comes_again_gets_the_same_answer() {
    on_both("again", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        let row = "{\"lead\": \"L1\", \"event\": \"demo\"}\n";
        let first = submit_as(&service, row, Some(("k1", "hash of body")));
        assert_eq!(submit_as(&service, row, Some(("k1", "hash of body"))), first);
        assert_eq!(service.read(|store| store.count_events()).unwrap(), 1);
        let other = submit_as(&service, row, Some(("k1", "hash of another")));
        assert_eq!(other.rejected[0].reason, OTHER_BODY);
    });
}

#[test]
fn events_in_any_order_come_to_the_same() {
    on_both("ordered", |place| {
        let mut events = Vec::new();
        for lead in 0..6 {
            let name = format!("L{lead}");
            events.push(event(&name, "03-02T09:00:00", "record"));
            events.push(event(&name, &format!("03-02T09:{lead}0:00"), "demo"));
            events.push(event(&name, "03-02T11:30:00", "call"));
        }
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        for at in [2, 0, 7, 1, 16, 5, 3, 4, 6, 8, 17, 9, 10, 15, 11, 12, 13, 14] {
            submit(&service, &events[at]);
        }
        let stages = |service: &Service| -> Vec<String> {
            (0..6)
                .map(|lead| service.timeline(&format!("L{lead}")).unwrap().unwrap().decision.stage.unwrap().to_string())
                .collect()
        };
        assert_eq!(stages(&service), ["won"; 6]);
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn time_does_what_it_does_when_it_does_it() {
    on_both("time", |place| {
        let time = Time::at("03-02T09:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        submit(&service, &event("L2", "03-02T09:00:00", "record"));
        assert_eq!(deliveries(&service, "waiting").iter().filter(|body| body.starts_with("warn")).count(), 0);
        let next = service.read(|store| store.next_due()).unwrap();
        assert_eq!(next, Some(at("03-02T11:00:00")), "the first warning, at half of four hours");
        time.set("03-02T11:00:01");
        caught_up(&service);
        let warned = deliveries(&service, "waiting");
        assert_eq!(warned.iter().filter(|body| body.starts_with("warn")).count(), 1, "{warned:?}");
        time.set("04-01T09:00:01");
        caught_up(&service);
        assert_eq!(stage(&service, "L2"), "stale");
        assert_eq!(stage(&service, "L1"), "mql");
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn after_a_stop_of_a_day_one_reminder_stands_for_several() {
    on_both("stopped", |place| {
        let time = Time::at("03-02T09:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        drop(service);
        time.set("03-03T09:00:00");
        let service = start(place, &time);
        caught_up(&service);
        let waiting = deliveries(&service, "waiting");
        let of_clock = |body: &&String| body.starts_with("warn") || body.starts_with("breach");
        assert_eq!(waiting.iter().filter(of_clock).count(), 1, "{waiting:?}");
        assert!(waiting.iter().any(|body| body.starts_with("breach")), "the last counts: {waiting:?}");
        let superseded = deliveries(&service, "superseded");
        assert_eq!(superseded.iter().filter(|body| body.starts_with("warn")).count(), 2, "{superseded:?}");
    });
}

#[test]
fn after_a_stop_of_a_day_things_happen_in_the_order_in_which_they_were_due() {
    on_both("in_order", |place| {
        let time = Time::at("03-02T10:30:00");
        let service = start(place, &time);
        submit(
            &service,
            &format!("{}{}", event("l2", "03-02T10:10:00", "demo"), event("l1", "03-02T09:00:00", "demo")),
        );
        drop(service);
        time.set("03-03T10:30:00");
        let fired = Arc::new(Mutex::new(Vec::new()));
        let seen = fired.clone();
        let changed = move |change| {
            if let ServiceChange::Leads(leads) = change {
                seen.lock().unwrap().extend(leads);
            }
        };
        let options = ServiceOptions { changed: Arc::new(changed), ..time.options(Arc::new(Everything::default())) };
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        caught_up(&service);
        // warnings after two hours and three, a breach after four
        assert_eq!(*fired.lock().unwrap(), ["l1", "l1", "l2", "l1", "l2", "l2"]);
    });
}

#[test]
fn what_was_requested_in_vain_goes_out_when_it_is_requested_again() {
    on_both("asked", |place| {
        let mut store = open(place).unwrap();
        let at = at("03-02T12:00:00");
        let [id, kind, series, target, body] = ["1", "alert", "", "all", "call them"].map(str::to_owned);
        let alert = leadpact::internals::store::OutboxMessage { id, at, kind, series, target, body };
        let mut states = Vec::new();
        for effects in [&[alert.clone()][..], &[], &[alert]] {
            let update = EffectsUpdate { lead: "l1", effects, from: None, earlier: true };
            assert!(store.put_effects(&[update]).unwrap());
            states.extend(store.deliveries_of("l1").unwrap().into_iter().map(|delivery| delivery.state));
        }
        assert_eq!(states, ["waiting", "withdrawn", "waiting"]);
    });
}

#[test]
fn assignments_are_fair_and_hold_when_leads_are_rehydrated_again() {
    on_both("turns", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        for lead in 0..9 {
            submit(
                &service,
                &event(
                    &format!("l{lead}"),
                    &format!("03-02T09:{lead}0:00").replace(":60", ":55").replace(":70", ":56").replace(":80", ":57"),
                    "demo",
                ),
            );
        }
        let who =
            |service: &Service| -> Vec<String> { (0..9).map(|lead| person(service, &format!("l{lead}"))).collect() };
        let first = who(&service);
        for name in ["ana", "bo", "cem"] {
            assert_eq!(first.iter().filter(|who| *who == name).count(), 3, "{first:?}");
        }
        // something reported late replays each state again from its beginning
        for lead in 0..9 {
            submit(
                &service,
                &format!(
                    "{{\"lead\": \"l{lead}\", \"at\": \"2026-03-02T08:00:00+03:00\", \"event\": \"record\", \"country\": \"TR\"}}\n"
                ),
            );
        }
        assert_eq!(who(&service), first);
        drop(service);
        let service = start(place, &time);
        assert_eq!(who(&service), first);
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn leads_wait_until_somebody_is_at_work_and_for_replies() {
    let rules = RULES
        .replace(
            "team sellers { member ana  member bo  member cem }",
            "team sellers { member ana, hours mon to fri 09:00 to 12:00  member bo, hours mon to fri 10:00 to 18:00 }",
        )
        .replace("to team sellers round robin when", "to team sellers round robin wait for hours when")
        .replace("activity demo", "activity demo, mail")
        .replace(
            "sla first_call on mql {",
            "sla answers on mql { owner sales  reply within 2 hours to mail  on breach { alert boss } }\nsla first_call on mql {",
        )
        .replace("move to won when any call", "move to won when count of call >= 2");
    on_both("hours", |place| {
        let time = Time::at("03-02T19:00:00");
        let everything = Arc::new(Everything::default());
        let service = Service::start(open(place).unwrap(), &pact(&rules), time.options(everything.clone())).unwrap();
        // the evening: nobody is at work
        for lead in ["b", "a", "c"] {
            submit(&service, &event(lead, "03-02T18:30:00", "demo"));
        }
        let who = |service: &Service| -> Vec<String> { ["a", "b", "c"].map(|lead| person(service, lead)).to_vec() };
        assert_eq!(who(&service), ["", "", ""]);
        time.set("03-03T08:59:00");
        caught_up(&service);
        assert_eq!(who(&service), ["", "", ""]);
        // ana is at work first, and has them all
        time.set("03-03T09:00:00");
        caught_up(&service);
        assert_eq!(who(&service), ["ana", "ana", "ana"]);
        // the next one goes to who came to work after her
        submit(&service, &event("d", "03-03T10:00:00", "demo"));
        time.set("03-03T10:00:00");
        caught_up(&service);
        assert!(["ana", "bo"].contains(&&*person(&service, "d")));
        // what is reported late changes nobody's assignment
        submit(&service, r#"{"lead": "a", "at": "2026-03-02T08:00:00+03:00", "event": "record", "country": "TR"}"#);
        assert_eq!(who(&service), ["ana", "ana", "ana"]);
        // a message awaits a reply, and the next one after it another
        let alerts = |service: &Service| {
            let words = service.timeline("b").unwrap().expect("it is known").timeline_words;
            (words.matches("answers reply: met").count(), words.matches("answers reply: BREACHED").count())
        };
        submit(&service, &event("b", "03-03T10:00:00", "mail"));
        submit(&service, &event("b", "03-03T11:00:00", "call"));
        submit(&service, &event("b", "03-03T11:30:00", "mail"));
        time.set("03-03T13:29:00");
        caught_up(&service);
        assert_eq!(alerts(&service), (1, 0));
        time.set("03-03T13:30:00");
        caught_up(&service);
        assert_eq!(alerts(&service), (1, 1));
        let before = who(&service);
        drop(service);
        let service = Service::start(open(place).unwrap(), &pact(&rules), time.options(everything)).unwrap();
        caught_up(&service);
        assert_eq!((who(&service), alerts(&service)), (before, (1, 1)), "after a restart");
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn what_was_requested_in_vain_is_withdrawn_while_it_waits() {
    on_both("withdrawn", |place| {
        let time = Time::at("03-02T16:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        assert!(deliveries(&service, "waiting").iter().any(|body| body.starts_with("breach")));
        // the call was made in time, and is reported late
        submit(&service, &event("L1", "03-02T09:30:00", "call"));
        let waiting = deliveries(&service, "waiting");
        assert!(!waiting.iter().any(|body| body.starts_with("breach")), "{waiting:?}");
        assert!(deliveries(&service, "withdrawn").iter().any(|body| body.starts_with("breach")));
    });
}

#[test]
fn a_digest_is_sent_on_its_days_and_once() {
    let rules = format!(
        "{RULES} criteria worth {{ need country = \"TR\" and employees >= 50 }}
         digest hot for sales \"Whom to call\" {{
           every weekday at 10:30  every monday at 08:00
           top 2 leads in mql by fit
           leads in mql near breach of first_call
           leads in inquiry that miss one fact for worth
         }}"
    );
    on_both("digest", |place| {
        // a Monday
        let time = Time::at("03-02T09:00:00");
        let service = Service::start(
            open(place).unwrap(),
            &pact(&rules),
            time.options(std::sync::Arc::new(Everything::default())),
        );
        let service = service.unwrap();
        for (lead, at, points) in [("L1", "08:00", 10), ("L2", "08:10", 60), ("L3", "09:00", 70)] {
            submit(
                &service,
                &format!(
                    "{{\"lead\": \"{lead}\", \"at\": \"2026-03-02T{at}:00+03:00\", \"event\": \"record\", \"employees\": {points}}}\n{}",
                    event(lead, &format!("03-02T{at}:00"), "demo")
                ),
            );
        }
        let row = |lead: &str| format!("{{\"lead\": \"{lead}\", \"event\": \"record\", \"country\": \"TR\"}}\n");
        submit(&service, &row("L4"));
        let digests = |state: &str| -> Vec<String> {
            let all = deliveries(&service, state);
            all.into_iter().filter_map(|body| body.strip_prefix("digest: ").map(str::to_owned)).collect()
        };
        assert_eq!(digests("waiting"), [""; 0], "nothing of before the first start");
        time.set("03-02T10:30:00");
        let waited = || {
            (0..2000).any(|_| {
                !digests("waiting").is_empty() || {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    false
                }
            })
        };
        assert!(waited());
        let digest: serde_json::Value = serde_json::from_str(&digests("waiting")[0]).unwrap();
        let leads = |part: usize| -> Vec<String> {
            let leads = digest["parts"][part]["leads"].as_array().unwrap();
            leads.iter().map(|lead| lead["lead"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((&digest["for"], &digest["at"]), (&"sales".into(), &"2026-03-02T10:30:00+03:00".into()));
        assert_eq!(leads(0), ["L2", "L3"]);
        assert_eq!(leads(1), ["L1", "L2"], "half of four hours has passed");
        assert_eq!(leads(2), ["L4"]);
        assert_eq!(digest["parts"][2]["leads"][0]["any_of"], serde_json::json!(["employees"]));
        drop(service);
        // after a stop of five days, one for all: that of Friday
        time.set("03-07T12:00:00");
        let again = Service::start(
            open(place).unwrap(),
            &pact(&rules),
            time.options(std::sync::Arc::new(Everything::default())),
        );
        let again = again.unwrap();
        caught_up(&again);
        let of = |state: &str| deliveries(&again, state).into_iter().filter(|body| body.starts_with("digest")).count();
        assert!((0..2000).any(|_| of("withdrawn") == 1 || {
            std::thread::sleep(std::time::Duration::from_millis(5));
            false
        }));
        assert_eq!((of("waiting"), of("withdrawn")), (1, 1));
    });
}

#[test]
fn a_digest_from_files_is_that_of_the_service() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = leadpact::Pact::load(root.join("rules/acme")).unwrap_or_else(|refused| panic!("{refused}"));
    let rules = Arc::new(rules);
    let events = std::fs::read_to_string(root.join("rules/acme/events.ndjson")).unwrap();
    // what has happened by a Monday in March
    let past = |row: &&str| row.split("\"at\": \"").nth(1).unwrap()[..19] < *"2026-03-16T08:30:00";
    let events: String = events.lines().filter(past).flat_map(|row| [row, "\n"]).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.ndjson");
    std::fs::write(&file, &events).unwrap();
    let at = ["--at", "2026-03-16 08:30", "--format", "json"];
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .current_dir(root)
        .args(["digest", "hot_leads", "rules/acme", file.to_str().unwrap()])
        .args(at)
        .output()
        .unwrap();
    let of_files: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("it is JSON");
    assert!(of_files["parts"][0]["leads"].as_array().is_some_and(|leads| leads.len() == 2), "{of_files}");
    on_both("digest_of_files", |place| {
        let time = Time::at("03-16T08:29:00");
        let service = Service::start(open(place).unwrap(), &rules, time.options(Arc::new(Everything::default())));
        let service = service.unwrap();
        submit(&service, &events);
        caught_up(&service);
        time.set("03-16T08:30:00");
        let digest = || deliveries(&service, "waiting").into_iter().find(|body| body.starts_with("digest: "));
        let sent = (0..2000).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            digest()
        });
        let sent = sent.expect("it is sent");
        let of_service: serde_json::Value = serde_json::from_str(sent.strip_prefix("digest: ").unwrap()).unwrap();
        assert_eq!(of_service, of_files);
    });
}

#[test]
fn a_lead_is_forgotten_whole() {
    on_both("forgotten", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        submit(&service, &event("L2", "03-02T09:00:00", "demo"));
        let export = service.export("L1").unwrap().expect("it is known");
        assert_eq!(export.events.len(), 1);
        assert!(export.json("L1").to_string().contains("\"demo\""));
        assert!(service.erase("L1").unwrap());
        assert!(!service.erase("L1").unwrap());
        assert!(service.timeline("L1").unwrap().is_none());
        assert!(service.export("L1").unwrap().is_none());
        assert!(service.export("L2").unwrap().is_some());
    });
}

#[test]
fn leads_without_an_event_are_forgotten_after_their_time() {
    on_both("silent", |place| {
        let time = Time::at("03-02T09:00:00");
        let options = ServiceOptions {
            retention: Some(chrono::TimeDelta::days(30)),
            ..time.options(Arc::new(Everything::default()))
        };
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        submit(&service, &event("L1", "03-02T08:00:00", "demo"));
        time.set("03-20T09:00:00");
        submit(&service, &event("L2", "03-02T08:00:00", "demo"));
        let roster = |service: &Service| service.read(|store| store.single("roster")).unwrap().unwrap();
        assert_eq!((person(&service, "l1"), person(&service, "l2")), ("ana".into(), "bo".into()));
        let before = roster(&service);
        time.set("04-02T09:00:00");
        let gone = (0..2000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            service.timeline("L1").unwrap().is_none()
        });
        assert!(gone);
        assert_eq!(service.read(|store| store.count_events()).unwrap(), 1);
        assert_eq!(stage(&service, "L2"), "mql");
        assert_ne!(roster(&service), before, "ana has capacity again");
    });
}

#[test]
fn leads_are_listed_page_by_page() {
    on_both("listed", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        for lead in 0..7 {
            let employees = lead * 20;
            submit(
                &service,
                &format!(
                    "{{\"lead\": \"l{lead}\", \"at\": \"2026-03-02T08:00:00+03:00\", \"event\": \"record\", \"employees\": {employees}, \"country\": \"TR\"}}\n"
                ),
            );
        }
        submit(&service, &event("l3", "03-02T09:00:00", "demo"));
        let list = |filter: &Filter, limit| -> Vec<String> {
            let found = service.read(|store| store.projections(filter, limit)).unwrap();
            found.into_iter().map(|(lead, ..)| lead).collect()
        };
        let fit = Filter { score: Some("fit".into()), ..Filter::default() };
        assert_eq!(list(&fit, 3), ["l3", "l4", "l5"]);
        assert_eq!(list(&Filter { after: Some((50_000, "l5".into())), ..fit.clone() }, 3), ["l6", "l0", "l1"]);
        assert_eq!(list(&Filter { min: Some(50_000), ..fit.clone() }, 9), ["l3", "l4", "l5", "l6"]);
        let stage = Filter { stage: Some("mql".into()), team: Some("sellers".into()), ..Filter::default() };
        assert_eq!(list(&stage, 9), ["l3"]);
        let counts = service.read(|store| store.stage_counts()).unwrap();
        let count = |stage: &str| counts.iter().find(|(_, s, ..)| s == stage).map(|(_, _, count, _)| *count);
        assert_eq!((count("inquiry"), count("mql")), (Some(6), Some(1)));
        let clocks = service.read(|store| store.clocks(10)).unwrap();
        assert_eq!(clocks.len(), 1);
        assert_eq!(clocks[0].1.due, Some(at("03-02T13:00:00")));
    });
}

/// Two who want to know everything. One of them is slow, as long as a lock is held.
struct Two(Mutex<()>);

impl Notifier for Two {
    fn wanting(&self, _: EffectTopic) -> Vec<&str> {
        vec!["quick", "slow"]
    }

    fn names(&self) -> Vec<String> {
        vec!["quick".to_owned(), "slow".to_owned()]
    }

    fn body(&self, message: Message<'_>) -> String {
        message.subject.to_owned()
    }

    fn send(&self, delivery: &Delivery, _: Instant) -> Sent {
        if delivery.target == "slow" {
            drop(self.0.lock().unwrap());
        }
        Sent::Accepted
    }
}

#[test]
fn leads_are_found_by_what_people_know_of_them() {
    on_both("found", |place| {
        let rules = RULES.replace(
            "employees integer?",
            "employees integer?  hub integer?  name text? pii  email text? pii  company text?",
        );
        let (time, options) = (Time::at("03-02T12:00:00"), |time: &Time| time.options(Arc::new(Everything::default())));
        let service = Service::start(open(place).unwrap(), &pact(&rules), options(&time)).unwrap();
        let record_at = |at: &str, lead: &str, name: &str, email: &str, company: &str| {
            let event = event(lead, at, "record");
            let more = format!("\"name\": \"{name}\", \"email\": \"{email}\", \"company\": \"{company}\"}}");
            submit(&service, &format!("{}, {more}\n", event.trim_end().trim_end_matches('}')));
        };
        let record = |lead: &str, name: &str, email: &str, company: &str| {
            record_at("03-02T09:00:00", lead, name, email, company);
        };
        record("L-1", "Anna Şahin", "anna@acme.example", "Acme GmbH");
        record("L-2", "Anna Smith", "anna.smith@beta.example", "+49 30 1234567");
        record("L-3", "Zoë Smith", "zoe@acme.example", "Acme GmbH");
        let number = event("L-1", "03-02T09:00:00", "record").replace("}", ", \"hub\": 88012345, \"employees\": 240}");
        submit(&service, &number);
        let find = |text: &str| service.find(text, true, 10).unwrap();
        assert_eq!(find("anna"), ["l-1", "l-2"]);
        assert_eq!(find("SMITH acme"), ["l-3"]);
        assert_eq!(find("gmbh ann"), ["l-1"]);
        assert_eq!(find("anna.smith@b"), ["l-2"]);
        assert_eq!(find("030/123 45 67"), ["l-2"]);
        assert_eq!(
            (find("8801"), find("012345"), find("240")),
            (vec!["l-1".to_owned()], vec!["l-1".to_owned()], vec![])
        );
        assert_eq!(find("l-"), ["l-1", "l-2", "l-3"]);
        assert_eq!(service.find("l-", true, 2).unwrap(), ["l-1", "l-2"]);
        for nothing in ["", " @ ", "nna", "jones", "anna jones", "%", "' OR 1=1"] {
            assert!(find(nothing).is_empty(), "{nothing}");
        }
        // who may not see personal data does not find by it
        let open_only = |text: &str| service.find(text, false, 10).unwrap();
        assert_eq!((open_only("acme"), open_only("anna")), (vec!["l-1".to_owned(), "l-3".into()], vec![]));
        assert!(open_only("acme smith").is_empty());
        // what a record has no more finds it no more, and what became part of a lead finds that one
        record_at("03-02T10:00:00", "L-3", "Zoë Jones", "zoe@acme.example", "Acme GmbH");
        assert_eq!((find("zoë smith"), find("zoë jones")), (vec![], vec!["l-3".to_owned()]));
        let merged = event("L-1", "03-02T11:00:00", "merged").replace("}", ", \"into\": \"L-2\"}");
        submit(&service, &merged);
        assert_eq!((find("şahin"), find("acme gmbh")), (vec!["l-2".to_owned()], vec!["l-2".to_owned(), "l-3".into()]));
        assert!(service.erase("L-2").unwrap());
        assert_eq!((find("anna"), find("acme")), (vec![], vec!["l-3".to_owned()]));
        drop(service);
        rebuilt_is_stored(&mut *open(place).unwrap());
        // a store of before knows no terms: they are worked out when the service begins
        let mut store = open(place).unwrap();
        leadpact::internals::store::write(&mut *store, |store| {
            store.run("DELETE FROM terms", &[])?;
            store.run("UPDATE leads SET pact_version = 0", &[])
        })
        .unwrap();
        let service = Service::start(open(place).unwrap(), &pact(&rules), options(&time)).unwrap();
        caught_up(&service);
        assert_eq!(service.find("acme", true, 10).unwrap(), ["l-3"]);
    });
}

#[test]
fn the_source_that_comes_first_holds_value_by_value() {
    on_both("precedence", |place| {
        let rules = RULES
            .replace("parties marketing, sales", "parties marketing, sales  precedence crm, web")
            .replace("employees integer?", "employees integer?  name text? pii")
            + r#"
source crm { record at "at"  id = "Id"  country = "Country"  name = "Name" }
source web { record at "at"  id = "visitor"  country = "geo"  employees = "size" }
source list { record at "at"  id = "id"  employees = "size"  country = "country" }
"#;
        let time = Time::at("03-02T18:00:00");
        let start = || {
            let options = time.options(Arc::new(Everything::default()));
            Service::start(open(place).unwrap(), &pact(&rules), options).unwrap()
        };
        let service = start();
        let on = |hour: u32| format!("2026-03-02T{hour:02}:00:00+03:00");
        let web = |lead: &str, hour, geo: &str, size: u32| {
            submit_from(
                &service,
                "web",
                &format!(r#"{{"visitor": "{lead}", "at": "{}", "geo": "{geo}", "size": {size}}}"#, on(hour)),
            );
        };
        let crm = |lead: &str, hour, country: &str| {
            submit_from(
                &service,
                "crm",
                &format!(r#"{{"Id": "{lead}", "at": "{}", "Country": "{country}", "Name": "Ana"}}"#, on(hour)),
            );
        };
        let plain = |lead: &str, hour, more: &str| {
            submit(&service, &format!(r#"{{"lead": "{lead}", "at": "{}", "event": "record", {more}}}"#, on(hour)));
        };
        let known = |lead: &str| -> Vec<String> {
            let view = service.timeline(lead).unwrap().expect("it is known");
            let shown = |field: &leadpact::internals::decide::FieldReport| {
                let since = field.since.as_deref().map_or("ever", |since| &since[11..16]);
                format!("{} {} {} {since}", field.field, field.value, field.source.as_deref().unwrap_or("-"))
            };
            view.fields.iter().map(shown).collect()
        };
        // in the order of time, backwards, and the first last
        let says: [&dyn Fn(&str); 5] = [
            &|lead| web(lead, 9, "TR", 10),
            &|lead| crm(lead, 10, "DE"),
            &|lead| web(lead, 11, "FR", 20),
            &|lead| plain(lead, 12, r#""country": null, "employees": 30"#),
            &|lead| web(lead, 10, "IT", 15),
        ];
        let orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 1, 0, 3]];
        for (lead, order) in ["L1", "L2", "L3"].into_iter().zip(orders) {
            order.into_iter().for_each(|at| says[at](lead));
            let own = format!("id {lead} - ever");
            assert_eq!(known(lead), [&*own, "country DE crm 10:00", "employees 20 web 11:00", "name Ana crm 10:00"]);
        }
        // among rows without a source and those of one that is not named, the last word holds
        let list = format!(r#"{{"id": "L4", "at": "{}", "size": 5, "country": "US"}}"#, on(9));
        submit_from(&service, "list", &list);
        plain("L4", 10, r#""employees": 6"#);
        assert_eq!(known("L4"), ["id L4 - ever", "country US list 09:00", "employees 6 - 10:00"]);
        // of a lead that is taken in, too
        submit(&service, &event("L1", "03-02T13:00:00", "merged").replace("}", ", \"into\": \"L4\"}"));
        let taken = ["id L4 - ever", "country DE crm 10:00", "employees 20 web 11:00", "name Ana crm 10:00"];
        assert_eq!(known("L4"), taken);
        let masked = service.timeline("L4").unwrap().unwrap().masked().fields;
        assert_eq!((masked[3].value.to_string(), masked[1].value.to_string()), ("•••".to_owned(), "DE".into()));
        // and so it is when a pact that says the same in other words comes into force
        time.set("03-02T19:00:00");
        service.adopt(&pact(&format!("{rules} list nothing = \"x\""))).unwrap();
        caught_up(&service);
        assert_eq!(known("L4"), taken);
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn one_who_is_slow_keeps_nobody_waiting() {
    on_both("slow", |place| {
        let two = Arc::new(Two(Mutex::default()));
        let held = two.0.lock().unwrap();
        let options = Time::at("03-02T12:00:00").options(two.clone());
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        for lead in 0..300 {
            submit(&service, &event(&format!("L{lead}"), "03-02T11:00:00", "demo"));
        }
        let sent = |to: &str| {
            let all = service.read(|store| store.deliveries("sent", 10_000)).unwrap();
            all.into_iter().filter(|delivery| delivery.target == to).count()
        };
        let waits = |to: &str| {
            let all = service.read(|store| store.deliveries("waiting", 10_000)).unwrap();
            all.into_iter().filter(|delivery| delivery.target == to).count()
        };
        assert!(soon(|| waits("quick") == 0), "{} wait", waits("quick"));
        assert_eq!(sent("slow"), 0);
        assert_eq!(sent("quick"), waits("slow"));
        drop(held);
        assert!(soon(|| waits("slow") == 0));
        assert_eq!(sent("slow"), sent("quick"));
    });
}

#[test]
fn deliveries_to_one_who_is_named_no_more_are_dead() {
    on_both("named_no_more", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        submit(&service, &event("L1", "03-02T11:00:00", "demo"));
        let waiting = deliveries(&service, "waiting").len();
        assert!(waiting > 0);
        service.stop();
        time.set("03-02T12:02:00");
        let options = time.options(Arc::new(leadpact::internals::service::Receivers::default()));
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        assert!(soon(|| deliveries(&service, "dead").len() == waiting), "{:?}", deliveries(&service, "dead"));
        let dead = service.read(|store| store.deliveries("dead", 1)).unwrap();
        assert_eq!(dead[0].why.as_deref(), Some("the operator's file names no such receiver any more"));
    });
}

/// Waits until something holds; false when it does not.
fn soon(holds: impl Fn() -> bool) -> bool {
    (0..2000).any(|_| {
        holds() || {
            std::thread::sleep(std::time::Duration::from_millis(5));
            false
        }
    })
}

#[test]
fn events_that_are_alike_and_say_no_instant_are_as_many_as_they_are() {
    on_both("alike", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        let count = |service: &Service| service.read(|store| store.count_events()).unwrap();
        let call = "{\"lead\": \"L1\", \"event\": \"call\"}\n";
        let twice = call.repeat(2);
        let first = submit(&service, &twice);
        assert_eq!((first.accepted, first.known), (2, 0));
        // the request comes again: by its body, and by its key
        let again = submit(&service, &twice);
        assert_eq!((again.accepted, again.known, count(&service)), (0, 2, 2));
        let keyed = submit_as(&service, &twice, Some(("k1", "hash")));
        assert_eq!((keyed.accepted, count(&service)), (2, 4), "a key says that it is another one");
        assert_eq!(submit_as(&service, &twice, Some(("k1", "hash"))), keyed);
        assert_eq!((submit(&service, call).accepted, count(&service)), (1, 5), "another body is another request");
        // later the same body is another request
        time.set("03-02T12:01:00");
        assert_eq!((submit(&service, &twice).accepted, count(&service)), (2, 7));
        // what says its instant is known by itself
        let dated = event("L1", "03-02T09:00:00", "call").repeat(2);
        let dated = submit(&service, &dated);
        assert_eq!((dated.accepted, dated.known), (1, 1));
        let calls = service.timeline("L1").unwrap().unwrap().rehydrated.state.unwrap().record.history.len();
        assert_eq!(calls, 8, "each of them counts");
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn events_that_say_no_instant_happen_in_the_order_of_their_request() {
    on_both("places", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        let row = |lead: &str, event: &str| format!("{{\"lead\": \"{lead}\", \"event\": \"{event}\"}}\n");
        // a call wins a lead that was handed over before it
        let rows = [row("L1", "demo"), row("L1", "call"), row("L2", "call"), row("L2", "demo")];
        assert_eq!(submit(&service, &rows.concat()).accepted, 4);
        assert_eq!((stage(&service, "L1"), stage(&service, "L2")), ("won".into(), "won".into()));
        let kinds = |lead: &str| -> Vec<String> {
            let state = service.timeline(lead).unwrap().unwrap().rehydrated;
            let history = state.state.unwrap().record.history;
            history.iter().map(|happened| state.pact[happened.kind].name.to_string()).collect()
        };
        assert_eq!(kinds("L1"), ["demo", "call"]);
        assert_eq!(kinds("L2"), ["call", "demo"]);
    });
}

#[test]
fn a_row_that_was_rejected_is_read_again_when_its_request_is_sent_again() {
    on_both("mended", |place| {
        let service = start(place, &Time::at("03-02T12:00:00"));
        let body = "{\"lead\": \"L1\", \"event\": \"call\"}\n{\"lead\": \"L1\", \"event\": \"visit\"}\n".repeat(2);
        let first = submit(&service, &body);
        assert_eq!((first.accepted, first.rejected.len()), (2, 2));
        service.adopt(&pact(&RULES.replace("activity demo", "activity demo\nactivity visit"))).unwrap();
        let again = submit(&service, &body);
        assert_eq!((again.accepted, again.known, again.rejected.len()), (2, 2, 0));
    });
}

#[test]
fn the_hot_list_is_the_same_by_any_filter_page_by_page_and_after_an_upgrade() {
    on_both("hot_list", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        let row = |n: usize| {
            let (country, employees) = (["TR", "DE"][n % 2], [10, 60, 70][n % 3]);
            let event = ["demo", "record", "call"][n % 4 % 3];
            format!(
                "{{\"lead\": \"l{n:02}\", \"at\": \"2026-03-02T09:00:00+03:00\", \"event\": \"record\", \
                 \"country\": \"{country}\", \"employees\": {employees}}}\n\
                 {{\"lead\": \"l{n:02}\", \"at\": \"2026-03-02T10:00:00+03:00\", \"event\": \"{event}\"}}\n"
            )
        };
        submit(&service, &(0..40).map(row).collect::<String>());
        let text = |text: &str| Some(text.to_owned());
        let all = Filter::default();
        let filters = [
            all.clone(),
            Filter { stage: text("mql"), ..all.clone() },
            Filter { person: text("ana"), ..all.clone() },
            Filter { team: text("sellers"), not_in: Some(vec!["won".to_owned()]), ..all.clone() },
            Filter { owner: text("marketing"), pipeline: text("all"), ..all.clone() },
            Filter { min: Some(40_000), ..all.clone() },
            Filter { leads: Some(vec!["l03".to_owned(), "l07".to_owned()]), ..all },
        ];
        let lists = |store: &mut dyn leadpact::internals::store::Store| -> Vec<Vec<String>> {
            let mut lists = Vec::new();
            let every = store.projections(&Filter::default(), 1_000).unwrap();
            for (filter, score) in filters.iter().flat_map(|filter| [(filter, None), (filter, text("fit"))]) {
                let points = |s: &leadpact::internals::store::Projection| s.scores["fit"];
                let fits = |value: &Option<String>, is: &Option<String>| value.is_none() || value == is;
                let wanted = every.iter().filter(|(lead, _, s)| {
                    fits(&filter.pipeline, &s.pipeline)
                        && fits(&filter.stage, &s.stage)
                        && fits(&filter.owner, &s.owner)
                        && fits(&filter.team, &s.team)
                        && fits(&filter.person, &s.person)
                        && filter.not_in.as_ref().is_none_or(|no| s.stage.as_ref().is_some_and(|is| !no.contains(is)))
                        && filter.leads.as_ref().is_none_or(|leads| leads.contains(lead))
                        && (score.is_none() || filter.min.is_none_or(|min| points(s) >= min))
                });
                let mut wanted: Vec<(i64, &String)> = wanted.map(|(lead, _, s)| (points(s), lead)).collect();
                if score.is_some() {
                    wanted.sort_by_key(|(points, lead)| (std::cmp::Reverse(*points), *lead));
                }
                let (mut paged, mut after) = (Vec::new(), None);
                loop {
                    let filter = Filter { score: score.clone(), after: after.take(), ..filter.clone() };
                    let page = store.projections(&filter, 7).unwrap();
                    let Some((lead, _, last)) = page.last() else { break };
                    after = Some((points(last), lead.clone()));
                    paged.extend(page.into_iter().map(|(lead, ..)| lead));
                }
                assert_eq!(paged.iter().collect::<Vec<_>>(), wanted.iter().map(|(_, l)| *l).collect::<Vec<_>>());
                lists.push(paged);
            }
            lists
        };
        let before = service.read(|store| Ok(lists(store))).unwrap();
        assert!(before.iter().all(|list| !list.is_empty()), "{before:?}");
        drop(service);
        let mut store = open(place).unwrap();
        for back in BEFORE_LISTS {
            store.run(back, &[]).unwrap();
        }
        drop(store);
        assert_eq!(lists(&mut *open(place).unwrap()), before);
    });
}

#[test]
fn what_many_ask_for_is_what_each_would_read() {
    on_both("shared", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = start(place, &time);
        let filter = Filter { score: Some("fit".to_owned()), ..Filter::default() };
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        // what was acknowledged before somebody asks is there
                        let stored = service.read(|store| store.count_leads()).unwrap();
                        let (list, (leads, _)) = (service.list(&filter, 100).unwrap(), service.counts().unwrap());
                        assert!(list.len() as i64 >= stored && leads >= stored);
                    }
                });
            }
            for lead in 0..40 {
                submit(&service, &event(&format!("l{lead}"), "03-02T09:00:00", "demo"));
                assert_eq!(service.list(&filter, 100).unwrap().len(), lead + 1);
                let in_stages: i64 = service.stage_counts().unwrap().iter().map(|(.., leads, _)| *leads).sum();
                assert_eq!((in_stages, service.clocks(100).unwrap().len()), (lead as i64 + 1, lead + 1));
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let (once, twice) = (service.list(&filter, 100).unwrap(), service.list(&filter, 100).unwrap());
        assert!(Arc::ptr_eq(&once, &twice), "it is read once while nothing changes");
        service.erase("l7").unwrap();
        assert_eq!((service.list(&filter, 100).unwrap().len(), service.counts().unwrap().0), (39, 39));
    });
}
