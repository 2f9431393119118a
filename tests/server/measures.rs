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
    let cases: [(&str, &[&str]); 4] = [
        ("", &["report"]),
        ("?period=month&metric=mqls", &["report", "--period", "month", "--metric", "mqls"]),
        (
            "?by=lead_source,program.kind&from=2026-03-01T00:00:00Z",
            &["report", "--by", "lead_source,program.kind", "--from", "2026-03-01T00:00:00Z"],
        ),
        (
            "?by=country&where=fit+%3E%3D+60+and+lead_source+%3D+web",
            &["report", "--by", "country", "--where", "fit >= 60 and lead_source = web"],
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
    // what is said in words is said in the words of a language
    let level = |path: &str| counted(&served, path, "").json()["targets"][0]["level"].clone();
    for path in ["/v1/measures", "/v1/reviews/pipeline_meeting"] {
        assert_eq!(
            (level(path), level(&format!("{path}?language=tr"))),
            (">= 300".into(), "en az 300 çeyrekte".into())
        );
    }
    assert_eq!(counted(&served, "/v1/reviews?language=es", "").json()["reviews"][0]["every"], "14 días");
    assert_eq!(counted(&served, "/v1/labels?language=es", "").json()["labels"]["sales"], "ventas");
    for path in ["/v1/labels", "/v1/measures", "/v1/reviews", "/v1/reviews/pipeline_meeting"] {
        let (status, _, why) = counted(&served, &format!("{path}?language=tt"), "").problem();
        assert_eq!(status, 422, "{path}: {why}");
        assert!(why.contains("there is no label language `tt`"), "{path}: {why}");
    }
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
        ("mqls/leads?where=contry+%3D+%22TR%22", 422, "there is no field `contry`"),
        ("mqls/leads?where=fit+%3E", 422, "where:1:"),
    ] {
        let (code, _, detail) = behind(query).problem();
        assert_eq!(code, status, "{query}: {detail}");
        assert!(detail.contains(words), "{query}: {detail}");
    }
}

#[test]
fn a_condition_is_one_of_the_pact() {
    let served = Served::open(&[]).fed("");
    let found = |condition: &str| counted(&served, &format!("/v1/measures/mqls/leads?where={condition}"), "");
    let all = found("true").json()["found"].clone();
    let spain = found("country+%3D+%22ES%22").json();
    assert_eq!((&spain["found"], &spain["leads"][0]["lead"]), (&2.into(), &"00Q2".into()));
    for (condition, same) in [
        ("(country+%3D+%22ES%22+or+(false))", &spain["found"]),
        ("not+(country+%3D+%22ES%22)+or+country+%3D+%22ES%22", &all),
        ("qualified_lead", &all),
        ("country+in+%22ES%22%2C+%22PT%22+", &spain["found"]),
        ("any+demo_request", &4.into()),
    ] {
        let answer = found(condition).json();
        assert_eq!(&answer["found"], same, "{condition}: {answer}");
    }
    // the finding stands under its spot, in the text that was asked
    let (status, kind, why) = found("fit+%3E%3D+60+and+contry+%3D+%22TR%22").problem();
    assert_eq!((status, &*kind), (422, "condition"));
    let (at, line) = why.lines().enumerate().find(|(_, line)| line.contains("and contry")).expect("the line");
    let under = why.lines().nth(at + 1).expect("what points at it");
    let before = |text: &str, of: &str| text.split(of).next().map(|before| before.chars().count());
    assert_eq!(before(under, "─"), before(line, "contry"), "{why}");
    // what stands behind a condition could change what names mean
    for (more, at) in [
        ("country+%3D+%22ES%22+once+per+lead", "once per lead"),
        ("worth%0Acriteria+worth+%7B+agreed+by+sales+need+name+%3D+%22Carmen%22+%7D", "criteria worth"),
        ("true%0Ametric+other+%3D+leads+entering+won", "metric other"),
    ] {
        let (status, kind, why) = found(more).problem();
        assert_eq!((status, &*kind), (422, "condition"), "{more}: {why}");
        assert!(why.contains("a condition ends before this") && why.contains(at), "{more}: {why}");
    }
    let (status, _, why) = found(&"true+and+".repeat(200)).problem();
    assert_eq!(status, 400);
    assert!(why.contains("`where` has 1000 bytes at most"), "{why}");
    // a meeting over a part of the leads
    let meeting = |query: &str| counted(&served, &format!("/v1/reviews/pipeline_meeting{query}"), "").json();
    let (whole, none) = (meeting(""), meeting("?where=false"));
    assert_eq!((&whole["targets"], &whole["watches"]), (&none["targets"], &none["watches"]));
    assert!(none["promises"].as_array().is_some_and(Vec::is_empty), "{none}");
    assert_eq!(meeting("?where=true")["agenda"], whole["agenda"]);
}

#[test]
fn what_is_personal_splits_figures_for_admins_alone() {
    let admin = bearer("read, decide, write, admin");
    let served = Served::guarded(&[]).fed(&admin);
    for path in ["/v1/measures?by=email", "/v1/measures/mqls/leads?by=email&is%5Bemail%5D=x"] {
        assert_eq!(counted(&served, path, &bearer("read")).problem().0, 403, "{path}");
        assert_eq!(counted(&served, path, &admin).status, 200, "{path}");
    }
    // nor may others ask for it, directly or through what looks at it
    for condition in
        ["email+%3D+%22a%40b.c%22", "name+is+present", "qualified_lead", "not+(1+%3E+0+and+phone+is+missing)"]
    {
        for path in ["/v1/measures", "/v1/measures/mqls/leads", "/v1/reviews/pipeline_meeting"] {
            let path = format!("{path}?where={condition}");
            assert_eq!(counted(&served, &path, &bearer("read")).problem().0, 403, "{path}");
            assert_eq!(counted(&served, &path, &admin).status, 200, "{path}");
        }
    }
    assert_eq!(counted(&served, "/v1/measures?where=country+%3D+%22ES%22", &bearer("read")).status, 200);
    let names = |token: &str| counted(&served, "/v1/measures/mqls/leads", token).json()["leads"][0]["name"].clone();
    assert_eq!((names(&bearer("read")), names(&admin)), (Value::Null, "Carmen Ruiz".into()));
}
