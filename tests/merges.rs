//! Leads that became part of one another, in the service: on both back ends, and as a replay replays them.

#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;
#[path = "common/replayed.rs"]
mod replays;

use std::sync::Arc;

use common::*;
use leadpact::internals::service::{Service, rebuild};
use leadpact::internals::store::{Filter, open};
use proptest::prelude::*;
use replays::{replayed, stored};

const PROMISES: &str = r#"
pact small { parties marketing, sales  precedence crm, web  time zone "Europe/Istanbul" }
lead { id text key  country text?  employees integer? }
source web { record at "at"  id = "visitor"  country = "geo"  employees = "size" }
source crm { record at "at"  id = "id"  employees = "size" }
activity demo
touch call
disposition junk
disposition good
score fit 0 to 100 { give 40 when employees >= 50  give 10 per demo  give 5 when country = "TR" }
score keen -20 to 60 { give 0.5 * fit  take 4 * count of call }
band warmth of keen { hot >= 20  warm > 0  otherwise cold }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo or fit > 39 or warmth = hot }
  stage mql { owner sales  move to won when disposition = good  move to lost when disposition = junk }
  stage won { owner sales  final }
  stage lost { owner sales  final }
}
sla speed on mql {
  owner sales
  agreed by marketing, sales
  first touch within 4 hours
  at least 3 touches within 2 days
  warn at 50% { alert assignee }
  on breach { alert boss }
}
sla answers on mql {
  owner sales
  reply within 3 hours to demo
  on breach { alert boss }
}
handoff inquiry to mql { carry warmth, keen }
"#;

fn merged(lead: &str, when: &str, into: &str) -> String {
    format!(r#"{{"lead": "{lead}", "at": "2026-{when}+03:00", "event": "merged", "into": "{into}"}}"#) + "\n"
}

fn serve(place: &str, time: &Time) -> Service {
    let options = time.options(Arc::new(Everything::default()));
    Service::start(open(place).unwrap(), &pact(PROMISES), options).unwrap()
}

/// Events of four leads within three days.
fn reported() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let lead = prop::sample::select(vec!["a", "b", "c", "d"]);
    let when =
        (2..5u32, 0..24u32, 0..4u32).prop_map(|(day, hour, part)| format!("03-0{day}T{hour:02}:{:02}:00", part * 15));
    let says = prop_oneof![
        3 => Just(r#""event": "demo""#.to_owned()),
        3 => Just(r#""event": "call""#.to_owned()),
        1 => Just(r#""event": "junk""#.to_owned()),
        1 => Just(r#""event": "opt_out""#.to_owned()),
        2 => prop::sample::select(vec!["ana", "bo"]).prop_map(|to| format!(r#""event": "assigned", "to": "{to}""#)),
        2 => (10..100u32).prop_map(|n| format!(r#""event": "record", "employees": {n}"#)),
        4 => prop::sample::select(vec!["a", "B", "c", "d", "nobody"])
            .prop_map(|into| format!(r#""event": "merged", "into": "{into}""#)),
    ];
    let says = says.prop_map(|says| ("", "lead", says));
    let web = (prop::sample::select(vec!["TR", "DE"]), 10..100u32)
        .prop_map(|(geo, size)| ("web", "visitor", format!(r#""geo": "{geo}", "size": {size}"#)));
    let crm = (10..100u32).prop_map(|size| ("crm", "id", format!(r#""size": {size}"#)));
    let row = (lead, when, prop_oneof![4 => says, 1 => web, 1 => crm]).prop_map(|(lead, when, (source, key, says))| {
        (source, format!(r#"{{"{key}": "{lead}", "at": "2026-{when}+03:00", {says}}}"#) + "\n")
    });
    prop::collection::vec(row, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// In whatever order events come, and however time passes meanwhile, the service comes to what a replay gives.
    #[test]
    fn the_service_rehydrates_merged_leads_as_a_replay_does(rows in reported(), hours in prop::collection::vec(0..96u32, 24)) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.db");
        let place = place.to_str().unwrap();
        let time = Time::at("03-02T00:00:00");
        let service = serve(place, &time);
        let told = rows.len();
        let taken = taken_as_time_passes(&service, &time, rows, hours);
        prop_assert_eq!(taken.len(), told);
        for (lead, expected) in replayed(&pact(PROMISES), &taken, "03-06T00:00:00") {
            prop_assert_eq!(stored(&service, &lead), Some(expected), "{}", lead);
        }
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    }
}

#[test]
fn a_lead_absorbs_another_and_its_later_events() {
    on_both("taken_in", |place| {
        let time = Time::at("03-02T10:30:00");
        let service = serve(place, &time);
        submit(&service, &event("B", "03-02T10:00:00", "demo"));
        submit(&service, &merged("A", "03-02T11:00:00", "b"));
        submit(&service, &event("A", "03-02T09:00:00", "demo"));
        let place_of = |lead: &str| {
            let found = service.read(|store| store.projections(&Filter::default(), 10)).unwrap();
            let (.., projection) = found.into_iter().find(|(key, ..)| key == lead).expect("it is known");
            (projection.stage, projection.clocks.len(), projection.scores.get("fit").copied())
        };
        assert_eq!(place_of("a"), (Some("mql".into()), 3, Some(10_000)), "before the merge");
        time.set("03-02T12:00:00");
        caught_up(&service);
        assert_eq!(place_of("a"), (None, 0, None), "it is in no stage any more");
        assert_eq!(place_of("b"), (Some("mql".into()), 3, Some(20_000)));
        // a call of the one is a call of the other, in each way of writing its key
        let answer = submit(&service, &event("a ", "03-02T11:30:00", "call"));
        assert_eq!(answer.leads, ["a "]);
        let timeline = service.timeline("B").unwrap().expect("it is known");
        assert!(timeline.timeline_words.contains("takes in A"), "{}", timeline.timeline_words);
        assert!(timeline.timeline_words.contains("speed first touch: met"), "{}", timeline.timeline_words);
        let timeline = service.timeline("A").unwrap().expect("it is known");
        assert!(
            timeline.timeline_words.contains("It has been part of b since 2026-03-02 11:00."),
            "{}",
            timeline.timeline_words
        );
        assert!(
            timeline.words.starts_with("A has been part of b since 2026-03-02T11:00:00+03:00.\n"),
            "{}",
            timeline.words
        );
        let part_of = timeline.decision.part_of.map(|part_of| part_of.lead.to_string());
        assert_eq!((part_of.as_deref(), timeline.decision.stage), (Some("b"), None));
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn who_takes_over_a_lead_has_no_room_for_another() {
    on_both("capacity", |place| {
        let rules = RULES.replace(
            "team sellers { member ana  member bo  member cem }",
            "team sellers { member ana, capacity 1  member bo, capacity 1 }",
        );
        let options = Time::at("03-02T12:00:00").options(Arc::new(Everything::default()));
        let service = Service::start(open(place).unwrap(), &pact(&rules), options).unwrap();
        submit(&service, &event("L1", "03-02T09:00:00", "demo"));
        submit(&service, &event("L2", "03-02T09:30:00", "demo"));
        let had = (person(&service, "l1"), person(&service, "l2"));
        assert!(had == ("ana".into(), "bo".into()) || had == ("bo".into(), "ana".into()), "{had:?}");
        submit(&service, &merged("L1", "03-02T10:00:00", "L2"));
        assert_eq!(person(&service, "l2"), had.0, "who had either of them first");
        submit(&service, &event("L3", "03-02T10:30:00", "demo"));
        assert_eq!(person(&service, "l3"), had.1, "the other has capacity again");
        submit(&service, &event("L4", "03-02T11:00:00", "demo"));
        assert_eq!(person(&service, "l4"), "", "and now nobody has");
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_merge_holds_when_the_pact_changes() {
    on_both("merged_over", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = serve(place, &time);
        submit(&service, &event("A", "03-02T09:00:00", "demo"));
        submit(&service, r#"{"lead": "A", "at": "2026-03-02T09:10:00+03:00", "event": "record", "country": "TR"}"#);
        submit(&service, &event("B", "03-02T10:00:00", "demo"));
        submit(&service, &merged("A", "03-02T11:00:00", "B"));
        let points = |service: &Service| {
            let found = service.read(|store| store.projections(&Filter::default(), 10)).unwrap();
            found.into_iter().find(|(key, ..)| key == "b").and_then(|(.., it)| it.scores.get("fit").copied())
        };
        assert_eq!(points(&service), Some(25_000));
        time.set("03-02T13:00:00");
        let twice = PROMISES.replace("give 5 when", "give 7 when").replace("give 10 per demo", "give 11 per demo");
        service.adopt(&pact(&twice)).unwrap();
        caught_up(&service);
        assert_eq!(points(&service), Some(29_000));
        time.set("03-02T14:00:00");
        submit(&service, &event("A", "03-02T13:30:00", "demo"));
        assert_eq!(points(&service), Some(40_000));
        // and what is reported late, of the time before both
        submit(&service, &event("A", "03-02T08:30:00", "demo"));
        assert_eq!(points(&service), Some(51_000));
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn who_is_forgotten_is_forgotten_with_the_leads_that_became_part_of_it() {
    on_both("forgotten_parts", |place| {
        let service = serve(place, &Time::at("03-02T12:00:00"));
        for lead in ["A", "B", "C"] {
            submit(&service, &event(lead, "03-02T09:00:00", "demo"));
        }
        submit(&service, &merged("A", "03-02T10:00:00", "B"));
        submit(&service, &merged("B", "03-02T11:00:00", "C"));
        assert_eq!(service.export("B").unwrap().expect("it is known").events.len(), 4, "its own and those of A");
        assert!(service.erase("A").unwrap());
        assert_eq!(service.export("C").unwrap().expect("it is known").events.len(), 3);
        rebuilt_is_stored(&mut *open(place).unwrap());
        assert!(service.erase("C").unwrap());
        assert!(service.timeline("B").unwrap().is_none());
        assert_eq!(service.read(|store| store.count_events()).unwrap(), 0);
    });
}

#[test]
fn a_merge_with_itself_is_none() {
    on_both("itself", |place| {
        let service = serve(place, &Time::at("03-02T12:00:00"));
        submit(&service, &event("A", "03-02T09:00:00", "demo"));
        submit(&service, &merged("A", "03-02T10:00:00", "a"));
        assert_eq!(stage(&service, "A"), "mql");
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_store_that_was_made_before_merges_were_stored_is_put_right() {
    on_both("before_merges", |place| {
        let service = serve(place, &Time::at("03-02T12:00:00"));
        submit(&service, &event("A", "03-02T09:00:00", "demo"));
        submit(&service, &event("B", "03-02T09:30:00", "demo"));
        submit(&service, &merged("A", "03-02T10:00:00", "B"));
        service.stop();
        let mut store = open(place).unwrap();
        for back in BEFORE_LISTS.into_iter().chain([
            "DROP TABLE merges",
            "DROP TABLE terms",
            "DROP TABLE holders",
            "DROP TABLE changes",
            "DROP INDEX outbox_to",
            "CREATE INDEX outbox_next ON outbox (next, id) WHERE state = 'waiting'",
            "DELETE FROM steps WHERE step > 1",
        ]) {
            store.run(back, &[]).unwrap();
        }
        drop(store);
        let mut store = open(place).unwrap();
        assert_eq!(rebuild(&mut *store, false).unwrap().other, ["a", "b"], "what B took in is not known any more");
        rebuild(&mut *store, true).unwrap();
        rebuilt_is_stored(&mut *store);
        drop(store);
        assert_eq!(serve(place, &Time::at("03-02T12:00:00")).export("B").unwrap().unwrap().events.len(), 3);
    });
}

#[test]
fn a_lead_that_is_not_known_joins_nobody() {
    on_both("unknown_root", |place| {
        let service = serve(place, &Time::at("03-02T12:00:00"));
        for lead in ["A", "B"] {
            submit(&service, &event(lead, "03-02T09:00:00", "demo"));
            submit(&service, &merged(lead, "03-02T10:00:00", "gone"));
        }
        assert_eq!(service.read(|store| store.joined("a")).unwrap().len(), 0);
        let timeline = service.timeline("A").unwrap().expect("it is known");
        assert!(timeline.timeline_words.contains("becomes part of gone"), "{}", timeline.timeline_words);
        assert!(!service.erase("Gone").unwrap(), "nothing is known of it");
        assert!(service.export("gone").unwrap().is_none());
        assert!(service.timeline("A").unwrap().is_some());
        submit(&service, &event("Gone", "03-02T08:00:00", "demo"));
        assert_eq!(service.read(|store| store.joined("a")).unwrap().len(), 3);
        let timeline = service.timeline("gone").unwrap().expect("it is known");
        assert_eq!(timeline.decision.scores["fit"].to_string(), "30");
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}
