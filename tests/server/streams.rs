//! A stream of leads to a stream of decisions.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::served::{Answer, PATIENCE, Served, head};

const LINES: (&str, &str) = ("content-type", "application/x-ndjson");

fn lead(id: usize) -> String {
    format!("{{\"id\": \"L{id}\", \"country\": \"TR\", \"number_of_employees\": {id}, \"lead_source\": \"web\"}}\n")
}

/// The head of a request whose body comes in parts.
fn chunked() -> String {
    head("POST /v1/decide", &[LINES, ("transfer-encoding", "chunked")], 0).replace("content-length: 0\r\n", "")
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

#[test]
fn each_lead_gets_its_line() {
    // no body is too long for a stream
    let served = Served::open(&["--max-body", "1000"]);
    let mut body: String = (0..500).map(lead).collect();
    body.insert_str(lead(0).len(), "{\"id\": \n");
    let answer = served.ask("POST /v1/decide", &[LINES], &body);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    let lines: Vec<serde_json::Value> =
        answer.body.lines().map(|line| serde_json::from_str(line).expect("JSON on each line")).collect();
    assert_eq!(lines.len(), 501);
    assert_eq!(lines[1]["detail"].as_str().map(|said| said.starts_with("line 2: ")), Some(true), "{}", lines[1]);
    let digest = served.get("/v1/status").json()["pact"]["digest"].clone();
    let decided: Vec<_> = lines.iter().filter(|line| line.get("pact").is_some()).collect();
    assert_eq!(decided.len(), 500);
    for (id, decision) in decided.iter().enumerate() {
        assert_eq!((&decision["id"], &decision["pact"]["digest"]), (&format!("L{id}").into(), &digest));
    }
}

#[test]
fn a_decision_comes_before_the_next_lead_is_sent() {
    let served = Served::open(&[]);
    let mut stream = served.connect();
    stream.write_all((chunked() + &chunk(&lead(1)) + &chunk(&lead(2))).as_bytes()).unwrap();
    let mut seen = String::new();
    let mut part = [0; 4096];
    // the first is known to be whole when the second begins
    while !seen.contains("\"id\":\"L1\"") {
        let read = stream.read(&mut part).expect("a decision comes while the request is open");
        assert_ne!(read, 0, "{seen}");
        seen.push_str(&String::from_utf8_lossy(&part[..read]));
    }
    stream.write_all(format!("{}0\r\n\r\n", chunk(&lead(3))).as_bytes()).unwrap();
    stream.read_to_string(&mut seen).unwrap();
    assert!(seen.contains("\"id\":\"L3\""), "{seen}");
}

#[test]
fn a_slow_reader_does_not_make_the_service_hold_everything() {
    let served = Served::open(&[]);
    let before = served.most_memory();
    let mut stream = served.connect();
    stream.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.write_all(chunked().as_bytes()).unwrap();
    let part = chunk(&(0..1000).map(lead).collect::<String>());
    let (mut sent, most) = (0, 64 << 20);
    while sent < most && stream.write_all(part.as_bytes()).is_ok() {
        sent += part.len();
    }
    // what went out is in the buffers of the system, and the rest waits here
    assert!(sent < most / 2, "{sent} bytes were read for a reader that reads nothing");
    if let (Some(before), Some(after)) = (before, served.most_memory()) {
        assert!(after - before < 32 << 10, "{before} kB before, {after} kB after");
    }
    // others are answered meanwhile
    assert_eq!(served.get("/v1/status").status, 200);
}

#[test]
fn a_stream_that_falls_silent_ends() {
    let served = Served::open(&["--timeout", "1"]);
    let mut stream = served.connect();
    stream.write_all((chunked() + &chunk(&lead(1))).as_bytes()).unwrap();
    let began = Instant::now();
    let answer = Answer::read(stream);
    assert!(began.elapsed() < PATIENCE / 2, "{:?}", began.elapsed());
    assert!(answer.body.starts_with("{\"id\":\"L1\""), "{answer:?}");
    let last = answer.body.lines().last().unwrap();
    assert!(last.contains("urn:leadpact:problem"), "the end is reported: {last}");
}

#[test]
fn a_stream_keeps_its_place() {
    let served = Served::open(&["--max-requests", "2"]);
    let mut first = served.connect();
    first.write_all((chunked() + &chunk(&lead(1))).as_bytes()).unwrap();
    let mut part = [0; 12];
    first.read_exact(&mut part).unwrap();
    let mut second = served.connect();
    second.write_all((chunked() + &chunk(&lead(1))).as_bytes()).unwrap();
    second.read_exact(&mut part).unwrap();
    assert_eq!(&part, b"HTTP/1.1 503");
    first.write_all(b"0\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    first.read_to_end(&mut rest).unwrap();
    assert_eq!(served.ask("POST /v1/decide", &[LINES], &lead(1)).status, 200);
}
