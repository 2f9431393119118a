//! A service with a time of its own, on both back ends.
#![allow(dead_code, reason = "each test file uses its part")]

#[cfg(feature = "postgres")]
#[path = "postgres.rs"]
mod postgres;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use leadpact::internals::io::{Format, rows};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::service::{
    Accepted, Message, NewEvents, Notifier, Service, ServiceChange, ServiceOptions, rebuild,
};
use leadpact::internals::store::{Delivery, Filter, Store, open};
use leadpact::internals::time::Instant;
use leadpact::internals::webhook::{EffectTopic, Sent};
use leadpact::internals::world::Memory;

pub const RULES: &str = r#"
pact small { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  country text?  employees integer? }
activity demo
touch call
disposition junk
score fit 0 to 100 { give 40 when employees >= 50  give 10 when country = "TR" }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo or fit > 99  move to stale after 30 days }
  stage mql { owner sales  move to won when any call }
  stage won { owner sales  final }
  stage stale { owner marketing  final }
}
handoff inquiry to mql { route by sharing }
route sharing { to team sellers round robin when id is present  otherwise to queue rest }
team sellers { member ana  member bo  member cem }
sla first_call on mql {
  owner sales
  agreed by marketing, sales
  first touch within 4 hours
  warn at 50% { alert assignee }
  warn at 75% { alert assignee }
  on breach { alert boss }
}
"#;

pub fn pact(text: &str) -> Arc<Pact> {
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    let findings = leadpact::internals::diagnostic::render::human(&loaded.sources, &loaded.diagnostics, false);
    Arc::new(loaded.pact.unwrap_or_else(|| panic!("{findings}")))
}

pub fn at(text: &str) -> Instant {
    format!("2026-{text}+03:00").parse().expect("an instant")
}

/// A time that is paused until it is set.
#[derive(Clone)]
pub struct Time(Arc<Mutex<Instant>>);

impl Time {
    pub fn at(text: &str) -> Self {
        Self(Arc::new(Mutex::new(at(text))))
    }

    pub fn set(&self, text: &str) {
        *self.0.lock().unwrap() = at(text);
    }

    pub fn options(&self, notifier: Arc<dyn Notifier>) -> ServiceOptions {
        let time = self.clone();
        ServiceOptions {
            clock: Arc::new(move || *time.0.lock().unwrap()),
            notifier,
            changed: Arc::new(|_: ServiceChange| {}),
            retention: None,
        }
    }
}

/// Subscribes to everything, and cannot be reached until its flag is set.
#[derive(Default)]
pub struct Everything(pub AtomicBool);

impl Notifier for Everything {
    fn wanting(&self, _: EffectTopic) -> Vec<&str> {
        vec!["all"]
    }

    fn names(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn body(&self, message: Message<'_>) -> String {
        let Message { effect, data, .. } = message;
        let words = data["words"].as_str().map_or_else(|| data.to_string(), str::to_owned);
        format!("{}: {words}", effect.word())
    }

    fn send(&self, _: &Delivery, _: Instant) -> Sent {
        match self.0.load(Ordering::Relaxed) {
            true => Sent::Accepted,
            false => Sent::Again { why: "it is not there".into(), after: Some(Duration::from_secs(60)) },
        }
    }
}

pub fn submit(service: &Service, text: &str) -> Accepted {
    submit_as(service, text, None)
}

pub fn submit_as(service: &Service, text: &str, key: Option<(&str, &str)>) -> Accepted {
    submit_new(
        service,
        NewEvents { idempotency: key.map(|(key, body)| (key.to_owned(), body.to_owned())), ..ndjson(text) },
    )
}

/// Submits rows as a system has them.
pub fn submit_from(service: &Service, source: &str, text: &str) -> Accepted {
    submit_new(service, NewEvents { source: source.to_owned(), ..ndjson(text) })
}

fn ndjson(text: &str) -> NewEvents {
    let read = rows(Box::new(std::io::Cursor::new(text.to_owned())), "body", Some(Format::Ndjson)).unwrap();
    NewEvents { rows: read.collect::<Result<Vec<_>, _>>().unwrap(), ..NewEvents::default() }
}

fn submit_new(service: &Service, new: NewEvents) -> Accepted {
    let (done, answer) = mpsc::channel();
    service.submit(new, move |result| done.send(result).unwrap());
    answer.recv_timeout(Duration::from_secs(20)).expect("an answer").expect("the store answers")
}

/// The rows that a service takes, told one after the other at hours since 2 March 2026; it is the 6th afterwards, and the
/// service has caught up.
pub fn taken_as_time_passes(
    service: &Service,
    time: &Time,
    rows: Vec<(&'static str, String)>,
    mut hours: Vec<u32>,
) -> Vec<(&'static str, String)> {
    hours.sort_unstable();
    let told = rows.into_iter().zip(hours);
    let taken = told.filter(|((source, row), hour)| {
        time.set(&format!("03-0{}T{:02}:00:00", 2 + hour / 24, hour % 24));
        submit_from(service, source, row).rejected.is_empty()
    });
    let taken = taken.map(|(row, _)| row).collect();
    time.set("03-06T00:00:00");
    caught_up(service);
    taken
}

pub fn event(lead: &str, at: &str, event: &str) -> String {
    format!("{{\"lead\": \"{lead}\", \"at\": \"2026-{at}+03:00\", \"event\": \"{event}\"}}\n")
}

/// Waits until the writer has done what time does, and every lead is under the pact in force.
pub fn caught_up(service: &Service) {
    let behind = |store: &mut dyn Store| {
        let version = store.pacts_after(0)?.last().map_or(0, |version| version.number);
        Ok(!store.leads_before_version(version, 1)?.is_empty())
    };
    for _ in 0..2000 {
        let now = service.now();
        let due = service.read(|store| store.next_due()).unwrap().is_some_and(|due| due <= now);
        if !due && !service.read(behind).unwrap() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the writer does not catch up");
}

pub fn stage(service: &Service, lead: &str) -> String {
    let timeline = service.timeline(lead).unwrap().expect("it is known");
    timeline.decision.stage.map(|stage| stage.to_string()).unwrap_or_default()
}

pub fn person(service: &Service, lead: &str) -> String {
    let found = service.read(|store| store.projections(&Filter::default(), 1000)).unwrap();
    let (_, _, projection) = found.into_iter().find(|(key, ..)| key == lead).expect("it is known");
    projection.person.unwrap_or_default()
}

/// The bodies of deliveries in a state.
pub fn deliveries(service: &Service, state: &str) -> Vec<String> {
    service.read(|store| store.deliveries(state, 1000)).unwrap().into_iter().map(|delivery| delivery.body).collect()
}

/// What a rebuild works out is what is stored.
pub fn rebuilt_is_stored(store: &mut dyn Store) {
    let rebuilt = rebuild(store, false).unwrap();
    assert_eq!(rebuilt.other, [] as [String; 0], "of {} leads", rebuilt.leads);
}

/// Takes a store back to before lists were read from one index.
pub const BEFORE_LISTS: [&str; 15] = [
    "DROP TABLE tallies",
    "DROP TABLE stage_tallies",
    "DROP TABLE checkpoints",
    "DROP INDEX events_at",
    "DROP INDEX points_listed",
    "DROP INDEX projections_listed",
    "DROP INDEX projections_flow",
    "ALTER TABLE points DROP COLUMN pipeline",
    "ALTER TABLE points DROP COLUMN stage",
    "ALTER TABLE points DROP COLUMN owner",
    "ALTER TABLE points DROP COLUMN team",
    "ALTER TABLE points DROP COLUMN person",
    "ALTER TABLE points DROP COLUMN queue",
    "CREATE INDEX points_score ON points (score, points, lead)",
    "DELETE FROM steps WHERE step > 5",
];

/// Runs a test on each back end, in a store of its own.
pub fn on_both(name: &str, test: impl Fn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    test(folder.path().join("a.db").to_str().unwrap());
    #[cfg(feature = "postgres")]
    if let Some(server) = postgres::Server::start() {
        test(&server.database(name));
    }
    #[cfg(not(feature = "postgres"))]
    eprintln!("skipped {name} on PostgreSQL: built without the feature `postgres`");
}

pub fn start(place: &str, time: &Time) -> Service {
    Service::start(open(place).unwrap(), &pact(RULES), time.options(Arc::new(Everything::default()))).unwrap()
}
