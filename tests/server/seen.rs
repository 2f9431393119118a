//! What operators see: figures, the log, and of people only what their role allows.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::document::runs;
use crate::served::{Answer, Served, bearer};

const NAME: &str = "Zebulon Quartermain";
const MAIL: &str = "zebulon@quartermain.example";

fn submitted(lead: &str) -> String {
    format!(
        "{{\"lead\": \"{lead}\", \"event\": \"record\", \"name\": \"{NAME}\", \"email\": \"{MAIL}\", \"country\": \"TR\", \
         \"title\": \"CEO\", \"number_of_employees\": 200, \"lead_source\": \"web\", \"consent\": true}}\n\
         {{\"lead\": \"{lead}\", \"event\": \"demo_request\"}}\n{{\"lead\": \"{lead}\", \"event\": \"pricing_page_visit\"}}\n"
    )
}

#[test]
fn the_log_has_a_line_for_each_request_and_nothing_of_people() {
    let served = Served::guarded(&[]);
    let all = bearer("read, decide, write, admin");
    let ask = |what: &str, more: &[(&str, &str)], body: &str| -> Answer {
        let headers = [&[("authorization", &*all), ("content-type", "application/x-ndjson")], more].concat();
        served.ask(what, &headers, body)
    };
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let first = ask("POST /v1/events", &[("traceparent", &parent)], &submitted("quartermain"));
    assert_eq!((first.status, first.header("x-request-id")), (200, Some(trace)));
    let wrong = format!("{{\"lead\": \"quartermain\", \"event\": \"{NAME}\", \"email\": \"{MAIL}\"}}");
    for (what, body) in [
        ("POST /v1/events", &*wrong),
        ("POST /v1/decide", &wrong),
        ("POST /v1/explain", &wrong),
        ("GET /v1/leads/quartermain", ""),
        ("GET /v1/leads/quartermain/timeline", ""),
        ("GET /v1/leads/quartermain/export", ""),
        ("GET /v1/leads?person=quartermain", ""),
        ("GET /v1/quartermain", ""),
        ("GET /livez", ""),
        ("DELETE /v1/leads/quartermain", ""),
    ] {
        ask(what, &[], body);
    }
    let log = served.log();
    for personal in [NAME, MAIL, "quartermain", "Zebulon", &all[7..]] {
        assert!(!log.to_lowercase().contains(&personal.to_lowercase()), "{personal}: {log}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON on each line")).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert_eq!(answered.len(), 10, "one line for each request but for health: {log}");
    let digest = ask("GET /v1/status", &[], "").json()["pact"]["digest"].clone();
    let line = answered[0];
    assert_eq!((&line["request"], &line["method"]), (&trace.into(), &"POST".into()));
    assert_eq!((&line["path"], &line["status"], &line["digest"]), (&"/v1/events".into(), &200.into(), &digest));
    assert!(line["micros"].as_u64().is_some_and(|micros| micros > 0));
    assert_eq!(answered[4]["path"], "/v1/leads/{lead}");
    assert_eq!((&answered[8]["path"], &answered[8]["status"]), (&"none".into(), &404.into()));
}

#[test]
fn personal_data_is_shown_to_administrators_only() {
    let all = bearer("read, decide, write, admin");
    let served = Served::guarded(&[]);
    let headers = [("authorization", &*all), ("content-type", "application/x-ndjson")];
    assert_eq!(served.ask("POST /v1/events", &headers, &submitted("L1")).status, 200);
    let see =
        |roles: &str, path: &str| served.ask(&format!("GET {path}"), &[("authorization", &bearer(roles))], "").body;
    let whole = see("read, decide, write, admin", "/v1/leads/L1");
    assert!(whole.contains(NAME) && whole.contains(MAIL), "{whole}");
    // lists name people to whoever may see who they are
    for (path, list) in [("/v1/leads", "leads"), ("/v1/clocks", "clocks")] {
        let name = |roles: &str| serde_json::from_str::<Value>(&see(roles, path)).unwrap()[list][0]["name"].clone();
        assert_eq!((name("read, decide, write, admin"), name("read")), (NAME.into(), Value::Null), "{path}");
    }
    for path in ["/v1/leads/L1", "/v1/leads/L1/timeline", "/v1/leads", "/v1/clocks", "/v1/status"] {
        let seen = see("read", path);
        assert!(!seen.contains(NAME) && !seen.contains(MAIL), "{path}: {seen}");
    }
    // what may not be seen is not searched either
    let found = |roles: &str, text: &str| {
        serde_json::from_str::<Value>(&see(roles, &format!("/v1/leads?find={text}"))).unwrap()["found"].clone()
    };
    assert_eq!((found("read, decide, write, admin", MAIL), found("read", MAIL)), (1.into(), 0.into()));
    assert_eq!((found("read", "l1"), found("read", "%20")), (1.into(), 0.into()));
    let many = served.ask(&format!("GET /v1/leads?find={}", "a%20".repeat(13)), &[("authorization", &all)], "");
    assert_eq!(many.problem().1, "unfit");
    let most = served.ask(&format!("GET /v1/leads?find={}", "l1%20".repeat(12)), &[("authorization", &all)], "");
    assert_eq!(most.json()["found"], 1);
    let masked: Value = serde_json::from_str(&see("read", "/v1/leads/L1")).unwrap();
    let open: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(masked["decision"]["handoff"]["carry"]["email"], "•••");
    assert_eq!(masked["decision"]["stage"], open["decision"]["stage"]);
    assert_eq!(masked["decision"]["scores"], open["decision"]["scores"]);
}

#[test]
fn what_is_late_is_late_in_the_measure_of_its_promise() {
    let served = Served::open(&[]);
    let at = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) - chrono::TimeDelta::days(20);
    let events = submitted("L1").replace("\"lead\":", &format!("\"at\": \"{}\", \"lead\":", at.to_rfc3339()));
    assert_eq!(served.post("/v1/events", "application/x-ndjson", &events).status, 200);
    let clocks = served.get("/v1/clocks").json();
    let breached: Vec<&Value> =
        clocks["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "breached").collect();
    assert!(!breached.is_empty(), "{clocks}");
    for clock in breached {
        let (late, passed) = (clock["late_seconds"].as_i64().unwrap(), -clock["left_seconds"].as_i64().unwrap());
        // an office of nine hours, five days a week, is open for less than half of the time
        assert!(clock["late_open"] == true && late > 0 && late * 2 < passed, "{clock}");
    }
}

#[test]
fn figures_are_what_collectors_read() {
    let served = Served::open(&[]).fed("");
    served.post("/v1/events", "application/json", "{\"lead\": \"a\", \"event\": \"nothing\"}");
    served.post("/v1/decide", "application/json", "{\"id\": \"a\", \"lead_source\": \"web\"}");
    for method in ["BREW", "PROPFIND", "GET"] {
        served.ask(&format!("{method} /v1/nothing/{method}"), &[], "");
    }
    served.post("/v1/reload", "", "");
    let began = std::time::Instant::now();
    // targets are told once every lead has been counted
    while !served.get("/metrics").body.contains("leadpact_target_figure") {
        assert!(began.elapsed() < crate::served::PATIENCE);
    }
    let text = served.get("/metrics").body;
    for line in [
        "leadpact_target_standing{party=\"marketing\",metric=\"mqls\",period=\"quarter\",standing=\"behind\"} 1",
        "leadpact_target_standing{party=\"marketing\",metric=\"mqls\",period=\"quarter\",standing=\"met\"} 0",
        "leadpact_target_figure{party=\"marketing\",metric=\"mqls\",period=\"quarter\"} 0",
        "leadpact_target_figure{party=\"sales\",metric=\"follow_up\",period=\"all\"} ",
        "leadpact_watch_changed{metric=\"acceptance\"} 0",
        "leadpact_http_requests_total{method=\"POST\",path=\"/v1/events\",status=\"200\"} 1",
        "leadpact_http_requests_total{method=\"other\",path=\"none\",status=\"404\"} 2",
        "leadpact_http_request_duration_seconds_count{path=\"/v1/events\"} 2",
        "leadpact_decide_duration_seconds_count 1",
        "leadpact_events_total 27",
        "leadpact_rows_rejected_total 1",
        "leadpact_leads{pipeline=\"new_business\",stage=\"inquiry\"} 2",
        "leadpact_behind_seconds 0",
        "leadpact_outbox_waiting 0",
        "leadpact_outbox_dead 0",
        "leadpact_deliveries_total{outcome=\"sent\"} 0",
        "leadpact_pact_taken_total 1",
        "leadpact_pact_refused_total 0",
        "leadpact_pact_in_force 1",
        "leadpact_pact_age_seconds ",
        "leadpact_pact_info{name=\"acme\",version=\"2026.1\",digest=\"sha256:",
    ] {
        assert!(text.lines().any(|row| row.starts_with(line)), "{line}\n{text}");
    }
    if !runs("promtool") {
        eprintln!("skipped: promtool is not installed (Debian's package `prometheus`)");
        return;
    }
    use std::io::Write as _;
    let mut lint = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    lint.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let linted = lint.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&linted.stderr);
    assert!(linted.status.success() && words.is_empty() && linted.stdout.is_empty(), "{words}");
}
