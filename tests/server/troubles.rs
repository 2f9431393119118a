//! What health, status, log and figures say when the store is in trouble, and how it recovers. What was acknowledged is
//! there after a restart.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::document::runs;
use crate::served::{ACME, Served, file, until};

const JSON: &str = "application/json";

/// Sends an event of a lead; the status, and what kind of problem it is.
fn send(served: &Served, lead: &str) -> (u16, String) {
    let event = format!("{{\"lead\": \"{lead}\", \"event\": \"record\", \"lead_source\": \"web\"}}");
    let answer = served.post("/v1/events", JSON, &event);
    if answer.status == 200 { (200, String::new()) } else { (answer.status, answer.problem().1) }
}

fn store(served: &Served) -> PathBuf {
    served.folder().join("leads.db")
}

fn wal(served: &Served) -> PathBuf {
    served.folder().join("leads.db-wal")
}

/// Nothing is stored, everybody is told why, and nothing is acknowledged.
fn is_in_trouble(served: &Served, why: &str) {
    assert_eq!(send(served, "lost"), (503, "store".to_owned()));
    let ready = served.get("/readyz");
    assert_eq!((ready.status, &*ready.body), (503, "the store takes nothing: the status and the log say why"));
    assert_eq!(served.get("/livez").status, 200);
    let status = served.get("/v1/status").json();
    assert_eq!(
        (&status["store"]["ready"], status["store"]["since"].is_string()),
        (&Value::Bool(false), true),
        "{status}"
    );
    assert!(status["store"]["why"].as_str().unwrap().contains(why), "{status}");
    let metrics = served.get("/metrics").body;
    assert!(metrics.contains("leadpact_store_ready 0\n") && !metrics.contains("store_faults_total 0\n"), "{metrics}");
    let log = served.log();
    assert!(log.lines().any(|line| line.contains("the store takes nothing") && line.contains(why)), "{log}");
}

/// It goes on by itself, and a service that starts anew knows what was acknowledged and nothing else.
fn recovers(served: Served, acknowledged: &[&str]) {
    until("it is ready", || served.get("/readyz").status == 200);
    assert_eq!(send(&served, "afterwards").0, 200);
    let status = served.get("/v1/status").json();
    assert_eq!((&status["store"]["ready"], &status["store"]["why"]), (&Value::Bool(true), &Value::Null));
    assert!(served.get("/metrics").body.contains("leadpact_store_ready 1\n"));
    assert!(served.log().contains("the store takes what is sent again"), "{}", served.log());
    let again = served.started_anew();
    for lead in acknowledged.iter().chain(&["afterwards"]) {
        assert_eq!(again.get(&format!("/v1/leads/{lead}")).status, 200, "{lead}");
    }
    assert_eq!(again.get("/v1/leads/lost").status, 404);
}

#[test]
fn a_database_file_that_was_removed_takes_nothing_until_it_is_put_back() {
    for which in [store, wal] {
        let served = Served::open(&[]);
        assert_eq!(send(&served, "before").0, 200);
        let (file, away) = (which(&served), served.folder().join("away"));
        std::fs::rename(&file, &away).unwrap();
        is_in_trouble(&served, "was removed or replaced");
        // looking for it makes no new one
        assert!(!file.exists());
        std::fs::rename(&away, &file).unwrap();
        recovers(served, &["before"]);
    }
}

#[test]
fn a_database_file_that_was_replaced_takes_nothing() {
    let served = Served::open(&[]);
    assert_eq!(send(&served, "before").0, 200);
    let (other, away) = (served.folder().join("other"), served.folder().join("away"));
    std::fs::copy(store(&served), &other).unwrap();
    std::fs::rename(store(&served), &away).unwrap();
    std::fs::rename(&other, store(&served)).unwrap();
    is_in_trouble(&served, "was removed or replaced");
    std::fs::rename(&away, store(&served)).unwrap();
    recovers(served, &["before"]);
}

#[test]
fn a_full_disk_is_told_before_and_after_it_refuses_something() {
    if !runs("prlimit") {
        eprintln!("skipped: prlimit is not installed (Debian's package `util-linux`)");
        return;
    }
    let served = Served::patient_with_full_disks(&file(ACME), tempfile::tempdir().unwrap());
    assert_eq!(send(&served, "before").0, 200);
    let free = served.get("/v1/status").json()["store"]["free_bytes"].clone();
    assert!(free.as_u64().is_some_and(|free| free > 0), "{free}");
    assert!(served.get("/metrics").body.contains("leadpact_store_free_bytes "));
    let most = size(&store(&served)).max(size(&wal(&served)));
    limit(&served, &most.to_string());
    // nobody sends anything: it is noticed all the same
    until("it is noticed", || served.get("/readyz").status == 503);
    is_in_trouble(&served, "");
    limit(&served, "unlimited");
    recovers(served, &["before"]);
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).unwrap().len()
}

/// Lets the service write files up to a size.
fn limit(served: &Served, bytes: &str) {
    let limit = format!("--fsize={bytes}:unlimited");
    let set = Command::new("prlimit").args(["--pid", &served.id().to_string(), &limit]).status().unwrap();
    assert!(set.success());
}

#[test]
fn what_is_damaged_is_never_taken_for_nothing() {
    for (damage, what) in [
        ("UPDATE singles SET value = '{\"teams\": 7}' WHERE name = 'roster'", "the roster"),
        ("UPDATE leads SET assignments = ''", "the assignments of a lead"),
        ("UPDATE events SET line = 'zebulon'", "an event of a lead"),
    ] {
        // what the writer holds of a lead it does not read again
        let served = Served::open(&[]).fed("").started_anew();
        rusqlite::Connection::open(store(&served)).unwrap().execute(damage, []).unwrap();
        let event = "{\"lead\": \"00Q1\", \"event\": \"record\", \"title\": \"CEO\"}";
        let answer = served.post("/v1/events", JSON, event).problem();
        assert_eq!((answer.0, &*answer.1), (503, "store"), "{damage}");
        let log = served.log();
        assert!(log.contains(&format!("{what} in the store is damaged")) && log.contains("backup"), "{damage}: {log}");
        assert!(!log.contains("zebulon") && !log.contains("00Q1"), "{log}");
    }
}
