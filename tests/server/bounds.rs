//! Limits of size, time and number, and how the service stops.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use crate::served::{Answer, Served, head, until};

const EVENT: &str = "{\"lead\": \"L1\", \"event\": \"record\", \"lead_source\": \"web\"}";

/// The head of a request whose body is still to come.
fn started() -> String {
    head("POST /v1/events", &[("content-type", "application/json")], EVENT.len())
}

#[test]
fn too_many_at_once_are_sent_away_and_health_is_answered() {
    let served = Served::open(&["--max-requests", "1"]);
    let mut held = served.connect();
    held.write_all(started().as_bytes()).unwrap();
    // it comes in before the first that looks
    std::thread::sleep(Duration::from_millis(300));
    until("one request fills it", || served.get("/v1/status").status == 503);
    let busy = served.get("/v1/status");
    assert_eq!(busy.header("retry-after"), Some("1"));
    assert_eq!(busy.problem().1, "busy");
    assert_eq!((served.get("/livez").status, served.get("/readyz").status), (200, 200));
    held.write_all(EVENT.as_bytes()).unwrap();
    assert_eq!(Answer::read(held).status, 200);
    assert_eq!(served.get("/v1/status").status, 200);
}

#[test]
fn what_takes_too_long_is_answered_so() {
    let served = Served::open(&["--timeout", "1"]);
    let mut held = served.connect();
    held.write_all(started().as_bytes()).unwrap();
    let slow = Answer::read(held).problem();
    assert_eq!((slow.0, &*slow.1), (408, "slow"));
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let mut served = Served::open(&[]);
    let mut held = served.connect();
    held.write_all(started().as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    served.terminate();
    until("no new connection is taken", || !served.listens());
    held.write_all(EVENT.as_bytes()).unwrap();
    let answer = Answer::read(held);
    assert_eq!((answer.status, &answer.json()["accepted"]), (200, &1.into()));
    assert!(served.stopped_well(), "{}", served.log());
    assert!(served.log().contains("\"message\":\"stopped\""), "{}", served.log());
}

#[test]
fn nobody_keeps_it_from_ending() {
    let mut served = Served::open(&["--timeout", "1"]);
    let mut held = served.connect();
    let head = head("POST /v1/decide", &[("content-type", "application/x-ndjson")], 1 << 30);
    held.write_all(head.as_bytes()).unwrap();
    let line = "{\"id\": \"a\", \"lead_source\": \"web\"}\n".repeat(1000);
    held.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    // it is full, and nobody reads
    while held.write_all(line.as_bytes()).is_ok() {}
    served.terminate();
    assert!(served.stopped_well(), "{}", served.log());
    let _ = held.read(&mut [0]);
}
