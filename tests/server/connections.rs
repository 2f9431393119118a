//! Connections: how many, how long they may be silent, and that those who ask are never shut out by those who do not.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::served::{Answer, PATIENCE, Served, head, until};

const EVENT: &str = "{\"lead\": \"L1\", \"event\": \"record\", \"lead_source\": \"web\"}";

/// Whether the other end has ended a connection, or does within the patience of a read.
fn has_ended(mut stream: &TcpStream) -> bool {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).is_ok() || rest.is_empty()
}

/// A figure.
fn figure(served: &Served, name: &str) -> u64 {
    let figures = served.get("/metrics").body;
    let line = figures.lines().find(|line| line.starts_with(&format!("{name} "))).expect(name);
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn those_who_are_silent_shut_nobody_out() {
    let served = Served::open(&["--max-connections", "8", "--timeout", "600"]);
    let silent: Vec<TcpStream> = (0..40).map(|_| served.connect()).collect();
    // half of a head is no request either
    let half: Vec<TcpStream> = (0..40).map(|_| served.connect()).collect();
    half.iter().for_each(|mut stream| stream.write_all(b"GET /v1/status HT").unwrap());
    for path in ["/livez", "/readyz", "/v1/status"] {
        assert_eq!(served.get(path).status, 200, "{path}");
    }
    let connections = served.get("/v1/status").json()["connections"].clone();
    assert_eq!(connections["most"], 8);
    assert!(connections["open"].as_u64().unwrap() <= 8 && connections["ended"].as_u64().unwrap() > 40, "{connections}");
    assert_eq!(figure(&served, "leadpact_connections_most"), 8);
    assert!(figure(&served, "leadpact_connections_ended_total") > 40);
    assert!(has_ended(&silent[0]));
    let log = served.log();
    let said = log.lines().filter(|line| line.contains("no room for another connection")).count();
    assert!((1..=3).contains(&said), "it is said, and not for each connection: {log}");
}

#[test]
fn a_connection_that_is_silent_too_long_ends() {
    let served = Served::open(&["--timeout", "1"]);
    let (silent, mut half, mut kept) = (served.connect(), served.connect(), served.connect());
    half.write_all(b"GET /v1/status HT").unwrap();
    kept.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = [0; 15];
    kept.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    for (name, stream) in [("silent", &silent), ("half a head", &half), ("between requests", &kept)] {
        assert!(has_ended(stream), "{name}");
    }
    until("they are counted no more", || served.get("/v1/status").json()["connections"]["open"] == 1);
}

#[test]
fn whoever_does_not_read_an_answer_is_let_go() {
    let served = Served::open(&["--timeout", "1"]);
    let mut deaf = served.connect();
    // each answer is some ten kilobytes: more than the system keeps for one who does not read
    let ask = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(2000);
    deaf.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let _ = deaf.write_all(ask.as_bytes());
    until("it is let go", || served.get("/v1/status").json()["connections"]["open"] == 1);
}

#[test]
fn health_has_a_way_of_its_own_where_all_are_busy() {
    let served = Served::open(&["--max-connections", "2", "--health-listen", "127.0.0.1:0"]);
    let log = served.log();
    let health = log.split_once("\"health\":\"").and_then(|(_, rest)| rest.split_once('"')).expect("it says where").0;
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(health).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(head(&format!("GET {path}"), &[], 0).as_bytes()).unwrap();
        Answer::read(stream)
    };
    let mut busy: Vec<TcpStream> = (0..2).map(|_| served.connect()).collect();
    let begun = head("POST /v1/events", &[("content-type", "application/json")], EVENT.len());
    busy.iter_mut().for_each(|stream| stream.write_all(begun.as_bytes()).unwrap());
    // they come in before the one that waits
    std::thread::sleep(Duration::from_millis(300));
    let mut waiting = served.connect();
    waiting.write_all(head("GET /v1/status", &[], 0).as_bytes()).unwrap();
    until("nobody's place can be taken", || served.log().contains("no room for another connection"));
    assert_eq!((ask("/livez").status, ask("/readyz").status), (200, 200));
    assert_eq!(ask("/v1/status").problem().0, 404);
    // those who are at work are not ended for another
    for mut stream in busy {
        stream.write_all(EVENT.as_bytes()).unwrap();
        assert_eq!(Answer::read(stream).status, 200);
    }
    let status = Answer::read(waiting).json();
    assert_eq!(status["connections"]["waited"], 1, "{status}");
}

#[test]
fn those_who_look_on_leave_room_and_leave_nothing() {
    let served = Served::open(&["--max-connections", "4"]);
    let look = || {
        let mut stream = served.connect();
        stream.write_all(head("GET /v1/live", &[], 0).as_bytes()).unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        (stream, String::from_utf8_lossy(&status[9..]).into_owned())
    };
    for _ in 0..20 {
        let looking = [look(), look()];
        assert!(looking.iter().all(|(_, status)| status == "200"));
        assert_eq!(look().1, "503");
        assert_eq!(served.get("/v1/status").status, 200);
        drop(looking);
        until("their places are free", || look().1 == "200");
        until("nobody looks on", || served.get("/v1/status").json()["connections"]["open"] == 1);
    }
}
