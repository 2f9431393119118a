//! Figures over HTTP.

use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::served::{ACME, Answer, PATIENCE, Served, bearer, file};

/// An answer of figures, when every lead has been counted.
fn counted(served: &Served, path: &str, token: &str) -> Answer {
    let began = Instant::now();
    loop {
        let answer = served.ask(&format!("GET {path}"), &[("authorization", token)], "");
        if answer.status != 503 {
            return answer;
        }
        assert_eq!(answer.problem().1, "counting");
        assert!(began.elapsed() < PATIENCE, "{}", answer.body);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// What the program counts of the same events.
fn reported(arguments: &[&str], as_of: &str) -> Value {
    let events = format!("{ACME}/events.ndjson");
    let output = Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .current_dir(file(""))
        .args(arguments)
        .args([ACME, &events, "--at", as_of, "--format", "json", "--quiet"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn figures_are_those_of_a_report() {
    let served = Served::open(&[]).fed("");
    let cases: [(&str, &[&str]); 3] = [
        ("", &["report"]),
        ("?period=month&metric=mqls", &["report", "--period", "month", "--metric", "mqls"]),
        (
            "?by=lead_source,program.kind&from=2026-03-01T00:00:00Z",
            &["report", "--by", "lead_source,program.kind", "--from", "2026-03-01T00:00:00Z"],
        ),
    ];
    for (query, arguments) in cases {
        let answer = counted(&served, &format!("/v1/measures{query}"), "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let measures = answer.json();
        assert_eq!(measures, reported(arguments, measures["as_of"].as_str().unwrap()), "{query}");
    }
    let review = counted(&served, "/v1/reviews/pipeline_meeting", "").json();
    assert_eq!(review, reported(&["review", "pipeline_meeting"], review["to"].as_str().unwrap()));
    assert_eq!(counted(&served, "/v1/reviews", "").json()["reviews"][0]["name"], "pipeline_meeting");
    // what is told now is counted now
    let mqls =
        |served: &Served| counted(served, "/v1/measures?metric=mqls", "").json()["metrics"][0]["figures"][0].clone();
    let before = mqls(&served)["figure"]["value"].as_u64().unwrap();
    let gone = served.ask("DELETE /v1/leads/00Q1", &[], "");
    assert_eq!(gone.status, 204);
    assert_eq!(mqls(&served)["figure"]["value"].as_u64().unwrap(), before - 1);
}

#[test]
fn behind_a_figure_are_its_leads() {
    let served = Served::open(&[]).fed("");
    let behind = |query: &str| counted(&served, &format!("/v1/measures/{query}"), "");
    let all = behind("acceptance/leads").json();
    let rows = all["leads"].as_array().unwrap();
    let figure =
        counted(&served, "/v1/measures?metric=acceptance", "").json()["metrics"][0]["figures"][0]["figure"].clone();
    let are = |rows: &[Value], counted: &str| rows.iter().filter(|row| row["counted"] == *counted).count() as u64;
    assert_eq!((all["found"].as_u64(), rows.len() as u64), (figure["of"].as_u64(), figure["of"].as_u64().unwrap()));
    assert_eq!(Some(are(rows, "reached")), figure["reached"].as_u64());
    assert!(rows.iter().any(|row| row["name"] == "Carmen Ruiz" && row["seconds"].is_u64()), "{rows:?}");
    assert_eq!(all["because"]["says"], "metric acceptance = mql -> sal");
    let month = behind("mqls/leads?period=month&in=2026-03&limit=2").json();
    assert_eq!((&month["found"], month["leads"].as_array().unwrap().len()), (&4.into(), 2));
    // a split that the pact's reviews have, and one that they do not
    for (by, found) in [
        ("by=lead_source,program.kind&is[lead_source]=web&is[program.kind]=notify", 1),
        ("by=country&is[country]=ES", 2),
    ] {
        let some = behind(&format!("mqls/leads?{}", by.replace('[', "%5B").replace(']', "%5D"))).json();
        assert_eq!(some["found"], found, "{by}: {some}");
    }
    for (query, status, words) in [
        ("mqlz/leads", 404, "did you mean `mqls`?"),
        ("mqls/leads?by=nothing", 422, "there is no dimension `nothing`"),
        ("mqls/leads?by=country", 422, "such as `is[country]=…`"),
        ("mqls/leads?is%5Bcountry%5D=ES", 422, "`is[country]` needs `by=country`"),
        ("mqls/leads?in=2026-03", 422, "`in` needs `period`"),
        ("mqls/leads?period=week&in=2026-03-04", 422, "no week is called that"),
        ("mqls/leads?period=era", 400, "`period` cannot be `era`"),
        ("mqls/leads?from=2026-03-04&to=2026-03-01", 422, "nothing to count"),
        ("mqls/leads?from=yesterday", 400, "it is no instant"),
    ] {
        let (code, _, detail) = behind(query).problem();
        assert_eq!(code, status, "{query}: {detail}");
        assert!(detail.contains(words), "{query}: {detail}");
    }
}

#[test]
fn what_is_personal_splits_figures_for_admins_alone() {
    let admin = bearer("read, decide, write, admin");
    let served = Served::guarded(&[]).fed(&admin);
    for path in ["/v1/measures?by=email", "/v1/measures/mqls/leads?by=email&is%5Bemail%5D=x"] {
        assert_eq!(counted(&served, path, &bearer("read")).problem().0, 403, "{path}");
        assert_eq!(counted(&served, path, &admin).status, 200, "{path}");
    }
    let names = |token: &str| counted(&served, "/v1/measures/mqls/leads", token).json()["leads"][0]["name"].clone();
    assert_eq!((names(&bearer("read")), names(&admin)), (Value::Null, "Carmen Ruiz".into()));
}
