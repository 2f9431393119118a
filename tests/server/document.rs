//! The paths as the book lists them, as the document describes them, and as the service has them.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::served::{Served, bearer, text};

/// A method of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    pub method: String,
    pub path: String,
    /// The role that it needs; none when everyone may ask.
    pub role: Option<String>,
}

/// What the document describes.
pub fn operations() -> BTreeSet<Operation> {
    let document: Value = serde_json::from_str(&text("src/server/openapi.json")).unwrap();
    let mut all = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            let role = operation["description"].as_str().and_then(|text| text.strip_prefix("Role: "));
            let role = role.map(|role| role.split([';', '.']).next().unwrap_or_default().to_owned());
            assert_eq!(role.is_none(), operation["security"] == serde_json::json!([]), "{path}");
            all.insert(Operation { method: method.to_uppercase(), path: path.clone(), role });
        }
    }
    all
}

/// The table of paths in the book.
fn listed() -> BTreeSet<Operation> {
    let book = text("docs/service.md");
    let rows = book
        .lines()
        .filter(|line| line.starts_with("| `GET") || line.starts_with("| `POST") || line.starts_with("| `DELETE"));
    let mut all = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let role = Some(cells[2].to_owned()).filter(|role| role != "none");
        for what in cells[1].split(", ") {
            let (method, path) = what.trim_matches('`').split_once(' ').unwrap();
            all.insert(Operation { method: method.to_owned(), path: path.to_owned(), role: role.clone() });
        }
    }
    all
}

/// The table of paths in the program.
fn routed() -> BTreeSet<(String, String)> {
    let program = text("src/server/mod.rs");
    let routes = program.split(".route(\"").skip(1).filter_map(|route| {
        let (path, rest) = route.split_once("\", ")?;
        Some((rest.split_once('(')?.0.to_uppercase(), path.to_owned()))
    });
    routes.chain([("GET".to_owned(), "/openapi.json".to_owned())]).collect()
}

#[test]
fn book_document_and_program_name_the_same_paths() {
    let described = operations();
    // the page is for people
    let mut listed = listed();
    let page = Operation { method: "GET".into(), path: "/".into(), role: None };
    assert!(listed.remove(&page), "the book lists the page");
    assert_eq!(listed, described);
    let described: BTreeSet<_> = described.into_iter().map(|operation| (operation.method, operation.path)).collect();
    assert_eq!(described, routed());
    let served = Served::open(&[]);
    for (method, path) in described.iter().filter(|(_, path)| path != "/v1/live") {
        let real = path.replace("{lead}", "nobody").replace("{id}", "none");
        let answer = served.ask(&format!("{method} {real}"), &[], "");
        assert!(answer.status != 405, "{method} {path}");
        let missing = answer.status == 404 && answer.problem().2.contains("no such path");
        assert!(!missing, "{method} {path}");
        // every other method is refused, with the ones that are taken
        for other in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            if !described.contains(&(other.to_owned(), path.clone())) {
                let refused = served.ask(&format!("{other} {real}"), &[], "");
                assert_eq!(refused.problem().0, 405, "{other} {path}");
                assert!(refused.header("allow").is_some_and(|allow| allow.contains(&**method)), "{refused:?}");
            }
        }
    }
}

/// The document holds for requests that nobody thought of.
#[test]
fn the_document_holds() {
    let Some(program) = ["schemathesis", "st"].into_iter().find(|name| runs(name)) else {
        eprintln!("skipped: schemathesis is not installed (`pip install schemathesis==4.32.5`)");
        return;
    };
    for guarded in [true, false] {
        let all = bearer("read, decide, write, admin");
        let served = if guarded { Served::guarded(&[]).fed(&all) } else { Served::open(&[]).fed("") };
        let config = served.folder().join("schemathesis.toml");
        // what fits the document may still be no lead of this pact
        let expected = "[checks.positive_data_acceptance]\nexpected-statuses = [\"2xx\", \"404\", \"409\", \"422\"]\n";
        std::fs::write(&config, expected).unwrap();
        let mut document = served.get("/openapi.json").json();
        if !guarded {
            // then nobody needs a token
            document["security"] = serde_json::json!([]);
        }
        std::fs::write(served.folder().join("openapi.json"), document.to_string()).unwrap();
        let mut command = Command::new(program);
        command.current_dir(served.folder()).arg("--config-file").arg(config);
        command.args(["run", "openapi.json", "--url", &served.url()]);
        // a stream of changes has no end
        command.args(["--checks", "all", "--exclude-path", "/v1/live", "--max-examples", "8", "--max-time", "20"]);
        command.args(["--seed", "1", "--no-color", "--continue-on-failure"]);
        if guarded {
            command.args(["--header", &format!("Authorization: {all}")]);
        }
        let ran = command.output().expect("it runs");
        let output = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{output}{}", String::from_utf8_lossy(&ran.stderr));
        assert!(output.contains(&format!("Selected: {}/", operations().len() - 1)), "{output}");
    }
}

pub fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|ran| ran.status.success())
}
