//! Who did what: lines of the log for what administrators do and for who is refused, and a log that is JSON throughout.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::served::{ACME, Served, bearer, file, until, write_private};

fn lines(served: &Served) -> Vec<Value> {
    let log = served.log();
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn what_administrators_do_names_them() {
    let served = Served::guarded(&[]);
    let admin = [("authorization", &*bearer("admin"))];
    let write = [("authorization", &*bearer("write")), ("content-type", "application/json")];
    let event = r#"{"lead": "Quartermain", "event": "record", "lead_source": "web"}"#;
    assert_eq!(served.ask("POST /v1/events", &write, event).status, 200);
    for (what, status) in [
        ("GET /v1/leads/Quartermain/export", 200),
        ("DELETE /v1/leads/Quartermain", 204),
        ("DELETE /v1/leads/Quartermain", 404),
        ("POST /v1/outbox/none/resend", 404),
        ("POST /v1/reload", 200),
    ] {
        assert_eq!(served.ask(what, &admin, "").status, status, "{what}");
    }
    for (token, status) in [("Bearer nobody-knows-this-token-at-all", 401), (&*bearer("read"), 403), ("", 401)] {
        let sent = [("authorization", token)];
        assert_eq!(served.ask("DELETE /v1/leads/Quartermain", &sent, "").status, status, "{token}");
    }
    let all = lines(&served);
    let audit = |message: &str| -> Vec<&Value> {
        all.iter().filter(|line| line["target"] == "leadpact::audit" && line["message"] == message).collect()
    };
    let done: Vec<Value> = audit("audit").iter().map(|line| json!([line["action"], line["status"]])).collect();
    let expected = [
        json!(["export", 200]),
        json!(["erase", 204]),
        json!(["erase", 404]),
        json!(["resend", 404]),
        json!(["reload", 200]),
    ];
    assert_eq!(done, expected);
    for line in audit("audit") {
        assert_eq!(line["token"], "admin");
        assert!(line["peer"].as_str().is_some_and(|peer| peer.starts_with("127.0.0.1:")), "{line}");
        assert_eq!(line["request"].as_str().map(str::len), Some(32), "{line}");
    }
    // whoever knows the key finds the line: `printf %s Quartermain | sha256sum`
    assert_eq!(audit("audit")[0]["lead"], "22336f269186dee9");
    assert_eq!(audit("audit")[3]["delivery"], "none");
    let refused: Vec<Value> =
        audit("refused").iter().map(|line| json!([line["why"], line["token"], line["path"]])).collect();
    let path = "/v1/leads/{lead}";
    let expected =
        [json!(["unknown token", null, path]), json!(["no role", "read", path]), json!(["no token", null, path])];
    assert_eq!(refused, expected);
    // each request names who asked
    let answered: Vec<&Value> = all.iter().filter(|line| line["message"] == "answered").collect();
    assert_eq!((&answered[0]["token"], &answered[1]["token"]), (&json!("write"), &json!("admin")));
    assert!(answered.iter().all(|line| line["peer"].is_string()));
    assert!(!served.log().contains("Quartermain"));
}

#[test]
fn every_line_is_json_and_the_signal_reloads() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    for entry in std::fs::read_dir(file(ACME)).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), rules.join(entry.file_name())).unwrap();
    }
    let served = Served::start(&rules, folder, &[]);
    let signals = || lines(&served).iter().filter(|line| line["signal"] == "SIGHUP").count();
    served.signal("-HUP");
    until("the signal is taken", || signals() == 1);
    std::fs::write(rules.join("wrong.pact"), "pact\n  nothing of it holds {").unwrap();
    served.signal("-HUP");
    until("the files are refused", || served.get("/v1/status").json()["pact"]["refusals"] == 1);
    until("the signal is taken", || signals() == 2);
    until("the findings are in the log", || lines(&served).iter().any(|line| line["findings"].is_string()));
    // what it cannot run with is JSON, too
    let project = tempfile::tempdir().unwrap();
    let webhooks = project.path().join("webhooks.yaml");
    write_private(&webhooks, "webhooks: [{nme: a}]\n");
    let webhooks = webhooks.to_str().unwrap();
    let (good, wrong) = (file(ACME).display().to_string(), rules.display().to_string());
    let refused = |yaml: &str, arguments: &[&str]| {
        std::fs::write(project.path().join("leadpact.yaml"), yaml).unwrap();
        let refused = std::process::Command::new(env!("CARGO_BIN_EXE_leadpact"))
            .current_dir(project.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--store", "none.db"])
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!said.is_empty() && said.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{said}");
    };
    refused("", &[&wrong]);
    refused("", &[&good, "--webhooks", webhooks]);
    refused("", &[&good, "--health-listen", "192.0.2.1:1"]);
    refused("", &[&good, "--tokens", "none.yaml"]);
    refused("", &["nowhere"]);
    refused("ruls: [\n", &[&good]);
}

#[test]
fn what_holds_personal_data_is_for_the_owner_alone() {
    let served = Served::open(&[]).fed("");
    for entry in std::fs::read_dir(served.folder()).unwrap().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("leads.db") {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{name:?}");
        }
    }
    assert!(served.folder().join("leads.db-wal").exists());
}
