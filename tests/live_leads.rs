//! Leads that the writer holds: what becomes of them is what their stored histories say, whatever comes in between.

#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use common::*;
use leadpact::internals::service::{Message, Notifier, Service};
use leadpact::internals::store::{Delivery, Store, open};
use leadpact::internals::time::Instant;
use leadpact::internals::webhook::{EffectTopic, Sent};
use proptest::prelude::*;

const AGREED: &str = r#"
pact held { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  country text?  employees integer?  email text?  match on email }
activity demo
activity visit
touch call
disposition junk
disposition later
score fit 0 to 100 { give 40 when employees >= 50  give 10 when country = "TR" }
score keen 0 to 100 { give 7 per visit in last 2 days, at most 40  give 20 per demo  fade 50% every 2 days }
band warmth of keen { hot >= 30  warm > 0  otherwise cold }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo or fit > 45 or keen >= 40  move to stale after 3 days }
  stage mql { owner sales  move to won when any call  move to lost when disposition = junk }
  stage won { owner sales  final }
  stage lost { owner sales  final }
  stage stale { owner marketing  final }
}
recycle not_now { from mql  when disposition = later  to inquiry  rest 1 day }
handoff inquiry to mql { route by sharing }
route sharing { to team sellers round robin when id is present  otherwise to queue rest }
team sellers { member ana  member bo  member cem, capacity 2 }
sla first_call on mql {
  owner sales
  agreed by marketing, sales
  first touch within 4 hours
  warn at 50% { alert assignee }
  warn at 75% { alert assignee }
  on breach { alert boss }
}
"#;

/// Wants to know everything, and asks to be told after all else: when it is tried plays no part in what is stored.
struct Later;

impl Notifier for Later {
    fn wanting(&self, _: EffectTopic) -> Vec<&str> {
        vec!["all"]
    }

    fn names(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn body(&self, message: Message<'_>) -> String {
        message.data.to_string()
    }

    fn send(&self, _: &Delivery, _: Instant) -> Sent {
        Sent::Again { why: "not now".into(), after: Some(Duration::from_secs(400 * 86_400)) }
    }
}

/// What happens next.
#[derive(Debug, Clone)]
enum Happens {
    /// Rows are submitted together.
    Told(Vec<Row>),
    /// A lead is forgotten.
    Erased(&'static str),
    /// Another pact comes into force, and another one again.
    Agreed,
    /// The other instance takes over.
    Other,
    /// The service starts anew.
    Restarted,
}

/// A row: of whom, so many minutes before it is told, or at no instant of its own; and what.
#[derive(Debug, Clone)]
struct Row {
    lead: &'static str,
    before: Option<i64>,
    says: String,
}

fn row() -> impl Strategy<Value = Row> {
    let lead = prop::sample::select(vec!["a", "b", "c", "A"]);
    // most come when they happen, some late, some ahead of their time
    let before = prop_oneof![6 => Just(None), 6 => (0..3i64).prop_map(Some), 2 => (-300..3_000i64).prop_map(Some)];
    let named = (prop_oneof![4 => Just(None), 1 => (0..4u32).prop_map(Some)],);
    let what = prop_oneof![
        4 => Just(r#""event": "visit""#.to_owned()),
        3 => Just(r#""event": "demo""#.to_owned()),
        3 => Just(r#""event": "call""#.to_owned()),
        1 => Just(r#""event": "junk""#.to_owned()),
        2 => Just(r#""event": "later""#.to_owned()),
        1 => Just(r#""event": "opt_out""#.to_owned()),
        1 => prop::sample::select(vec!["ana", "bo"]).prop_map(|to| format!(r#""event": "assigned", "to": "{to}""#)),
        2 => (10..100u32).prop_map(|n| format!(r#""event": "record", "employees": {n}"#)),
        1 => (0..6u32).prop_map(|n| format!(r#""event": "record", "email": "p{n}@x.example""#)),
        1 => (0..4u32).prop_map(|n| format!(r#""event": "correction", "of": "e{n}", "instead": {{"event": "visit"}}"#)),
        1 => prop::sample::select(vec!["a", "b", "nobody"])
            .prop_map(|into| format!(r#""event": "merged", "into": "{into}""#)),
    ];
    (lead, before, named, what).prop_map(|(lead, before, (named,), what)| {
        let named = named.map(|n| format!(r#", "event_id": "e{n}""#)).unwrap_or_default();
        Row { lead, before, says: format!("{what}{named}") }
    })
}

fn happens() -> impl Strategy<Value = Vec<(u32, Happens)>> {
    let happens = prop_oneof![
        20 => prop::collection::vec(row(), 1..4).prop_map(Happens::Told),
        1 => prop::sample::select(vec!["a", "b"]).prop_map(Happens::Erased),
        1 => Just(Happens::Agreed),
        2 => Just(Happens::Other),
        1 => Just(Happens::Restarted),
    ];
    let minutes = prop_oneof![6 => 1..20u32, 2 => 60..400u32, 1 => 1_000..3_000u32];
    prop::collection::vec((minutes, happens), 1..32)
}

/// The services on a store: the one that works, and another instance.
struct Running {
    place: String,
    time: Time,
    rules: String,
    services: Vec<Service>,
    /// Whether the service starts anew before everything that happens, so that nothing is held.
    forgetful: bool,
}

impl Running {
    fn begin(place: &str, time: &Time, forgetful: bool) -> Self {
        let (place, rules) = (place.to_owned(), AGREED.to_owned());
        let mut running = Self { place, time: time.clone(), rules, services: Vec::new(), forgetful };
        running.services = vec![running.start()];
        running
    }

    fn start(&self) -> Service {
        let options = self.time.options(Arc::new(Later));
        Service::start(open(&self.place).unwrap(), &pact(&self.rules), options).unwrap()
    }

    /// Does what happens, and whatever is due by then.
    fn does(&mut self, happens: &Happens, now: &str) {
        if self.forgetful || matches!(happens, Happens::Restarted) {
            self.services.clear();
            self.services.push(self.start());
        }
        match happens {
            Happens::Told(rows) => {
                let told = at(now);
                let line = |row: &Row| {
                    let at = row.before.map(|minutes| (told - TimeDelta::minutes(minutes)).to_rfc3339());
                    let at = at.map(|at| format!(r#", "at": "{at}""#)).unwrap_or_default();
                    format!(r#"{{"lead": "{}"{at}, {}}}"#, row.lead, row.says) + "\n"
                };
                submit(&self.services[0], &rows.iter().map(line).collect::<String>());
            }
            Happens::Erased(lead) => {
                // a service that starts does what was due before it is asked for anything
                caught_up(&self.services[0]);
                self.services[0].erase(lead).unwrap();
            }
            Happens::Agreed => {
                let before = self.rules.clone();
                self.rules = match before.contains("within 4 hours") {
                    true => before.replace("within 4 hours", "within 6 hours").replace("fit > 45", "fit > 35"),
                    false => AGREED.to_owned(),
                };
                self.services[0].adopt(&pact(&self.rules)).unwrap();
            }
            Happens::Other => {
                if self.services.len() == 1 {
                    self.services.push(self.start());
                }
                self.services.swap(0, 1);
            }
            Happens::Restarted => {}
        }
        if !matches!(happens, Happens::Other) {
            caught_up(&self.services[0]);
        }
    }

    /// All that is stored and worked out.
    fn stored(&self) -> Vec<String> {
        let tables = [
            "SELECT lead, hash, at FROM events ORDER BY lead, hash",
            "SELECT lead, replayed_until, pact_version, assignments, checkpoint, last_reported FROM leads ORDER BY lead",
            "SELECT lead, stage, team, person, due, scores, projection FROM projections ORDER BY lead",
            "SELECT lead, score, points, stage, person FROM points ORDER BY lead, score",
            "SELECT lead, n, sla, state, due, stage, person FROM clocks ORDER BY lead, n",
            "SELECT lead, term, personal FROM terms ORDER BY lead, term",
            "SELECT id, lead, at, series, body, state FROM outbox ORDER BY id",
            "SELECT value FROM singles WHERE name = 'roster'",
            // what is tallied is what there is
            "SELECT n - (SELECT count(*) FROM events) FROM tallies WHERE name = 'events'",
            "SELECT n - (SELECT count(*) FROM leads) FROM tallies WHERE name = 'leads'",
            "SELECT pipeline, stage, leads, resting FROM stage_tallies WHERE leads <> 0 OR resting <> 0 \
             ORDER BY pipeline, stage",
            "SELECT pipeline, stage, count(*), sum(resting) FROM projections WHERE stage IS NOT NULL \
             GROUP BY pipeline, stage ORDER BY pipeline, stage",
        ];
        let mut store = open(&self.place).unwrap();
        let rows = tables.map(|table| store.rows(table, &[]).unwrap());
        let rows = rows.map(|rows| rows.into_iter().map(|row| format!("{row:?}")).collect::<Vec<_>>());
        let zero = &rows[8][0];
        assert!(zero.contains("Whole(0)") && *zero == rows[9][0] && rows[10] == rows[11], "{:?}", &rows[8..]);
        rows.concat()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// A service that holds leads stores what one stores that reads each history every time.
    #[test]
    fn what_is_held_comes_to_what_is_stored(all in happens()) {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let time = Time::at("03-02T00:00:00");
        let mut holding = Running::begin(&place("holding.db"), &time, false);
        let mut forgetful = Running::begin(&place("forgetful.db"), &time, true);
        let mut now = 0;
        for (minutes, happens) in all {
            now += minutes;
            let (days, hours, minutes) = (now / 1440, now / 60 % 24, now % 60);
            let (month, day) = (3 + (days + 1) / 31, (days + 1) % 31 + 1);
            let now = format!("{month:02}-{day:02}T{hours:02}:{minutes:02}:00");
            if month > 3 && day > 30 {
                continue;
            }
            time.set(&now);
            for running in [&mut holding, &mut forgetful] {
                running.does(&happens, &now);
            }
            if matches!(happens, Happens::Other) {
                continue;
            }
            prop_assert_eq!(holding.stored(), forgetful.stored(), "after {:?} at {}", happens, now);
        }
        holding.services.clear();
        rebuilt_is_stored(&mut *open(&holding.place).unwrap());
    }
}

#[test]
fn a_lead_with_many_events_is_read_from_its_checkpoint() {
    on_both("checkpoints", |place| {
        let time = Time::at("03-03T12:00:00");
        let service = start(place, &time);
        let visit = |n: u32| event("a", &format!("03-02T{:02}:{:02}:00", n / 60, n % 60), "record");
        submit(&service, &(60..360).map(visit).collect::<String>());
        service.stop();
        let has_one = |store: &mut dyn Store| store.checkpoints_of(["a"]).unwrap().contains_key("a");
        let mut store = open(place).unwrap();
        assert!(has_one(&mut *store), "300 events have happened");
        // one that holds no lead goes on from there
        let service = start(place, &time);
        submit(&service, &event("a", "03-03T11:00:00", "demo"));
        assert_eq!(stage(&service, "a"), "mql");
        service.stop();
        assert!(has_one(&mut *store));
        rebuilt_is_stored(&mut *store);
        let service = start(place, &time);
        submit(&service, &event("a", "03-02T00:30:00", "demo"));
        service.stop();
        let checkpoint = store.checkpoints_of(["a"]).unwrap().remove("a").expect("it is worked out anew");
        assert!(checkpoint.at > at("03-02T23:00:00"), "what happened before it is in it");
        rebuilt_is_stored(&mut *store);
    });
}
