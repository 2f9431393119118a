//! What each path answers when all is well.

use crate::served::{Served, text};

const LEAD: &str = r#"{"id": "A1", "country": "TR", "number_of_employees": 80, "title": "CEO", "lead_source": "web", "consent": true}"#;

#[test]
fn every_path_answers() {
    let served = Served::open(&[]).fed("");
    for (path, kind, part) in [
        ("/", "text/html", "<html"),
        ("/app.js", "text/javascript", "import"),
        ("/livez", "text/plain", "ok"),
        ("/readyz", "text/plain", "ok"),
        ("/openapi.json", "application/json", "\"openapi\": \"3.1.0\""),
        ("/metrics", "text/plain; version=0.0.4", "leadpact_events_total 27\n"),
        ("/v1/status", "application/json", "\"leads\":6,\"events\":27,"),
        (
            "/v1/leads?limit=2",
            "application/json",
            "{\"lead\":\"00Q1\",\"name\":\"Nattapong S.\",\"pipeline\":\"new_business\",\"stage\":\"won\"",
        ),
        ("/v1/leads/00q1", "application/json", "00Q1 is in won, owned by sales"),
        ("/v1/leads/00Q1/timeline", "application/json", "\"words\":\"opportunity → won\""),
        ("/v1/leads/00Q1/export", "application/json", "nattapong@siamcloud.example"),
        ("/v1/clocks", "application/json", "{\"clocks\":["),
        ("/v1/flow", "application/json", "\"words\":\"move to mql when qualified_lead\""),
        ("/v1/pact", "application/json", "\"kind\":\"sla\",\"name\":\"speed_to_lead\""),
        ("/v1/migrations", "application/json", "\"leads\":6}],\"behind\":0}"),
        ("/v1/outbox", "application/json", "{\"items\":[]}"),
    ] {
        let answer = served.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.header("content-type").is_some_and(|value| value.starts_with(kind)), "{path}: {answer:?}");
        assert!(answer.body.contains(part), "{path}: {}", answer.body);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let head = served.ask(&format!("HEAD {path}"), &[], "");
        assert_eq!((head.status, &*head.body), (200, ""), "HEAD {path}");
    }
    let decided = served.post("/v1/decide?at=2026-03-02T09:00:00%2B03:00", "application/json", LEAD);
    assert_eq!(decided.status, 200, "{}", decided.body);
    let decision = decided.json();
    assert_eq!((&decision["id"], &decision["at"]), (&"A1".into(), &"2026-03-02T09:00:00+03:00".into()));
    assert_eq!((&decision["stage"], decision.get("points")), (&"inquiry".into(), None));
    let why = served.post("/v1/decide?why=true", "application/json; charset=utf-8", LEAD).json();
    assert_eq!(why["points"]["fit"][0]["because"]["line"], 2);
    let explained = served.post("/v1/explain", "application/json", &LEAD.replace(", ", ",\n  "));
    assert_eq!((explained.status, explained.body.contains("A1 is in inquiry")), (200, true), "{}", explained.body);
    let reloaded = served.post("/v1/reload", "", "").json();
    assert_eq!((&reloaded["outcome"], &reloaded["pact"]["name"]), (&"unchanged".into(), &"acme".into()));
    let gone = served.ask("DELETE /v1/leads/00Q1", &[], "");
    assert_eq!((gone.status, &*gone.body), (204, ""));
    assert_eq!(served.get("/v1/leads/00Q1").problem().0, 404);
}

#[test]
fn pages_of_leads_follow_each_other() {
    let served = Served::open(&[]).fed("");
    let mut leads = Vec::new();
    let mut after = String::new();
    for pages in 1.. {
        let page = served.get(&format!("/v1/leads?score=fit&limit=2{after}")).json();
        leads.extend(page["leads"].as_array().unwrap().iter().map(|row| row["lead"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(pages, 3);
            break;
        };
        after = format!("&after={next}");
    }
    // one of six is part of another, and in no stage
    leads.sort();
    assert_eq!(leads, ["00Q1", "00Q2", "00Q3", "00Q4", "00Q5"]);
}

#[test]
fn rows_are_read_as_their_source_calls_them() {
    let served = Served::open(&[]);
    let row = r#"{"Id": "00Q11", "Country": "TR", "NumberOfEmployees": "400", "LeadSource": "Partner Referral"}"#;
    let decided = served.post("/v1/decide?source=salesforce", "application/json", row);
    assert_eq!(decided.json()["id"], "00Q11", "{}", decided.body);
}

#[test]
fn a_change_is_sent_to_those_who_look_on() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let served = Served::open(&[]);
    let mut stream = served.connect();
    stream.write_all(crate::served::head("GET /v1/live", &[], 0).as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let kind = lines.find(|line| line.starts_with("content-type")).unwrap();
    assert_eq!(kind, "content-type: text/event-stream");
    let first = text("rules/acme/events.ndjson").lines().next().unwrap().to_owned();
    assert_eq!(served.post("/v1/events", "application/json", &first).status, 200);
    assert!(lines.any(|line| line == "event: leads"));
    assert_eq!(lines.next().as_deref(), Some("data: {\"leads\":[\"00q1\"]}"));
    // an open stream does not keep it from stopping
    served.terminate();
    let mut served = served;
    assert!(served.stopped_well(), "{}", served.log());
}
