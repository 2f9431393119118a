//! What time did while nobody served the leads, and what it does when the clock jumps: told in the log, in its order, and
//! while events are taken in. Every test runs on both back ends; without PostgreSQL that half says that it skipped.
#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, mpsc};
use std::time::Duration;

use common::*;
use leadpact::internals::service::{Service, ServiceChange, ServiceOptions};
use leadpact::internals::store::{Filter, open};

/// How many leads have something due: more than are advanced in one write.
const LEADS: usize = 450;

/// All that is logged, and what happens beside it.
static LOG: Mutex<String> = Mutex::new(String::new());

struct ToLog;

impl Write for ToLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An empty log that is one test's own.
fn log() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    static SET: Once = Once::new();
    let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    SET.call_once(|| tracing_subscriber::fmt().with_writer(|| ToLog).with_ansi(false).init());
    LOG.lock().unwrap().clear();
    one
}

fn place_of(log: &str, what: &str) -> usize {
    log.find(what).unwrap_or_else(|| panic!("`{what}` is not told:\n{log}"))
}

/// Leads that were handed over at nine, and go stale or are breached later.
fn fed(place: &str, time: &Time) -> Service {
    let service = start(place, time);
    let kind = |lead: usize| if lead.is_multiple_of(2) { "demo" } else { "record" };
    let events = (0..LEADS).map(|lead| event(&format!("l{lead:03}"), "03-02T09:00:00", kind(lead)));
    assert_eq!(submit(&service, &events.collect::<String>()).accepted, LEADS as u64);
    service
}

/// Stage, person and points of each lead.
fn standing(service: &Service) -> Vec<(String, Option<String>, Option<String>)> {
    let found = service.read(|store| store.projections(&Filter::default(), 10_000)).unwrap();
    found.into_iter().map(|(lead, _, projection)| (lead, projection.stage, projection.person)).collect()
}

#[test]
fn events_are_taken_in_while_it_catches_up_and_come_after_what_was_due_before() {
    let _one = log();
    on_both("catching_up", |place| {
        let time = Time::at("03-02T10:00:00");
        drop(fed(place, &time));
        time.set("04-20T09:00:00");
        // it goes no further than its first write, until it is let go
        let (go, gone) = mpsc::channel::<()>();
        let gone = Mutex::new(gone);
        let first = AtomicBool::new(true);
        let changed = move |change| {
            if matches!(change, ServiceChange::Leads(_)) && first.swap(false, Ordering::Relaxed) {
                gone.lock().unwrap().recv_timeout(Duration::from_secs(20)).expect("it is let go");
            }
        };
        let options = ServiceOptions { changed: Arc::new(changed), ..time.options(Arc::new(Everything::default())) };
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        assert!(!service.is_up_to_date().unwrap() && !service.lead_is_up_to_date("l449").unwrap());
        let (sent, answer) = mpsc::channel();
        let rows = format!("{}{}", event("l449", "04-20T08:00:00", "demo"), event("new", "04-20T08:00:00", "demo"));
        let rows = leadpact::internals::io::rows(
            Box::new(std::io::Cursor::new(rows)),
            "body",
            Some(leadpact::internals::io::Format::Ndjson),
        );
        let rows = rows.unwrap().collect::<Result<Vec<_>, _>>().unwrap();
        let new = leadpact::internals::service::NewEvents { rows, ..Default::default() };
        service.submit(new, move |done| sent.send(done).unwrap());
        go.send(()).unwrap();
        let accepted = answer.recv_timeout(Duration::from_secs(20)).unwrap().unwrap();
        let now = service.now();
        assert_eq!(accepted.accepted, 2);
        assert!(service.read(|store| store.count_due(now)).unwrap() > 0, "it is not made to wait for all that is due");
        caught_up(&service);
        assert!(service.is_up_to_date().unwrap() && service.lead_is_up_to_date("new").unwrap());
        rebuilt_is_stored(&mut *open(place).unwrap());
        // as if it had never stopped
        let folder = tempfile::tempdir().unwrap();
        let time = Time::at("03-02T10:00:00");
        let other = fed(folder.path().join("other.db").to_str().unwrap(), &time);
        for day in ["03-03T09:00:00", "04-19T09:00:00"] {
            time.set(day);
            caught_up(&other);
        }
        time.set("04-20T09:00:00");
        submit(
            &other,
            &format!("{}{}", event("l449", "04-20T08:00:00", "demo"), event("new", "04-20T08:00:00", "demo")),
        );
        let all = standing(&service);
        assert_eq!(all.len(), LEADS + 1);
        assert_eq!(all, standing(&other));
    });
    let log = LOG.lock().unwrap().clone();
    let (begins, ends) = (place_of(&log, "catching up with what time did since="), place_of(&log, "caught up with"));
    assert!(begins < ends && log.contains(&format!("leads={LEADS}")), "{log}");
}

#[test]
fn another_pact_comes_into_force_before_what_was_due_under_the_last_one_is_done() {
    let _one = log();
    on_both("adopted", |place| {
        let time = Time::at("03-02T10:00:00");
        drop(fed(place, &time));
        time.set("04-20T09:00:00");
        // leads went stale after 30 days, under the pact of then; from now on they would after 90
        let later = pact(&RULES.replace("after 30 days", "after 90 days"));
        let service =
            Service::start(open(place).unwrap(), &later, time.options(Arc::new(Everything::default()))).unwrap();
        assert_eq!(service.pact().unwrap().digest, later.digest);
        caught_up(&service);
        let stages = |which: usize| standing(&service).into_iter().filter(move |_| true).skip(which).step_by(2);
        assert!(stages(1).all(|(_, stage, _)| stage.as_deref() == Some("stale")));
        assert!(stages(0).all(|(_, stage, _)| stage.as_deref() == Some("mql")));
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_clock_that_jumps_is_told_before_anything_fires() {
    let _one = log();
    on_both("jump", |place| {
        let time = Time::at("03-02T10:00:00");
        drop(fed(place, &time));
        let changed = |change| {
            if matches!(change, ServiceChange::Leads(_)) {
                LOG.lock().unwrap().push_str("something fires\n");
            }
        };
        let options = ServiceOptions { changed: Arc::new(changed), ..time.options(Arc::new(Everything::default())) };
        let service = Service::start(open(place).unwrap(), &pact(RULES), options).unwrap();
        caught_up(&service);
        assert_eq!(service.progress().clock_jumps.load(Ordering::Relaxed), 0);
        LOG.lock().unwrap().clear();
        time.set("03-12T10:00:00");
        caught_up(&service);
        let log = LOG.lock().unwrap().clone();
        let told = place_of(&log, "the clock jumped");
        assert!(told < place_of(&log, "something fires"), "{log}");
        // less the moments that passed meanwhile
        let leads_due = LEADS / 2;
        assert!(log.contains("jump_seconds=8639") && log.contains(&format!("leads_due={leads_due}")), "{log}");
        assert_eq!(service.progress().clock_jumps.load(Ordering::Relaxed), 1);
    });
}
