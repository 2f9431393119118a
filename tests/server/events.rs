//! Events over HTTP are taken once, and row by row.

use crate::served::{Answer, Served};

fn event(lead: &str, event: &str) -> String {
    format!(
        "{{\"lead\": \"{lead}\", \"at\": \"2026-03-02T09:00:00+03:00\", \"event\": \"{event}\", \"lead_source\": \"web\"}}\n"
    )
}

#[test]
fn a_key_has_255_bytes_at_most() {
    let served = Served::open(&[]);
    let longest = "é".repeat(127) + "x";
    let row = |lead: &str| format!("{{\"lead\": \"{lead}\", \"event\": \"record\", \"lead_source\": \"web\"}}");
    assert_eq!(served.post("/v1/events", "application/json", &row(&longest)).status, 200);
    let merged = format!("{{\"lead\": \"a\", \"event\": \"merged\", \"into\": \"{longest}x\"}}");
    for wrong in [row(&format!("{longest}x")), merged] {
        let refused = served.post("/v1/events", "application/json", &wrong).problem();
        assert_eq!((refused.0, &*refused.1), (422, "bad-row"), "{}", refused.2);
        assert!(refused.2.contains("a lead's key has 255 bytes at most"), "{}", refused.2);
    }
}

#[test]
fn a_bad_row_is_named_and_the_others_are_taken() {
    let served = Served::open(&[]);
    let body =
        [&*event("L1", "record"), "{\"lead\": \n", &*event("L2", "recrod"), "\n", &*event("L3", "record"), "[]\n"];
    let answer = served.post("/v1/events", "application/x-ndjson", &body.concat());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let accepted = answer.json();
    assert_eq!((&accepted["accepted"], &accepted["leads"]), (&2.into(), &serde_json::json!(["L1", "L3"])));
    let lines: Vec<u64> =
        accepted["rejected"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3, 6], "{}", answer.body);
    assert!(accepted["rejected"][1]["reason"].as_str().unwrap().contains("did you mean `record`"), "{}", answer.body);
    // a list is taken as lines are, and what is known is known
    let list = format!("[{},\n{}]", event("L1", "record"), event("L4", "record"));
    let again = served.post("/v1/events", "application/json", &list).json();
    assert_eq!((&again["accepted"], &again["known"]), (&1.into(), &1.into()));
}

#[test]
fn a_request_with_a_key_is_done_once() {
    let served = Served::open(&[]);
    let submit = |path: &str, key: &str, body: &str| -> Answer {
        let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", key)];
        served.ask(&format!("POST {path}"), &headers, body)
    };
    let body = format!("{}{}", event("L1", "record"), event("L2", "recrod"));
    let first = submit("/v1/events", "k1", &body);
    assert_eq!((first.status, &first.json()["accepted"]), (200, &1.into()));
    assert_eq!(submit("/v1/events", "k1", &body).body, first.body, "the same answer, and not that all is known");
    let other = submit("/v1/events", "k1", &event("L3", "record")).problem();
    assert_eq!((other.0, &*other.1), (409, "conflict"));
    assert_eq!(
        submit("/v1/events?source=salesforce", "k1", &body).problem().0,
        409,
        "the source is part of what is asked"
    );
    assert_eq!(served.get("/v1/leads/L3").status, 404);
    for wrong in ["", &"k".repeat(201), "schlüssel", "two words"] {
        assert_eq!(submit("/v1/events", wrong, &body).problem().0, 400, "{wrong}");
    }
}

#[test]
fn a_web_form_is_an_event() {
    let served = Served::open(&[]);
    let form = "lead=L1&at=2026-03-02T09%3A00%3A00%2B03%3A00&event=record&lead_source=web&title=Head+of+IT";
    let answer = served.post("/v1/events", "application/x-www-form-urlencoded", form);
    assert_eq!((answer.status, &answer.json()["accepted"]), (200, &1.into()), "{}", answer.body);
    let lead = served.get("/v1/leads/L1").json();
    assert_eq!(lead["decision"]["scores"]["fit"], 20, "{lead}");
    let twice = served.post("/v1/events", "application/x-www-form-urlencoded", "lead=L1&lead=L2&event=call");
    assert_eq!(twice.problem().0, 422, "a name that comes twice is a list");
}
