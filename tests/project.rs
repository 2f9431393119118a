//! The project file: what it says, what is wrong with it, and what the commands make of it.
#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use leadpact::internals::diagnostic::{Severity, render};
use leadpact::internals::project::{FORMATS, find, parse};
use leadpact::internals::source::Source;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The findings of a project file, as `line:column code message`.
fn findings(text: &str) -> Vec<String> {
    let read = parse(Source::new("leadpact.yaml", text), Path::new(""));
    let lines = read.diagnostics.iter().map(|finding| {
        let place = read.sources.place(finding.span().expect("it has a place"));
        format!("{}:{} {} {}", place.line, place.column, finding.code.id(), finding.message)
    });
    let lines: Vec<String> = lines.collect();
    assert_eq!(read.project.is_none(), !lines.is_empty(), "{lines:?}");
    lines
}

#[test]
fn a_project_says_what_holds() {
    let text = "rules: agreement\nenvironment: production\nsource: crm\nleads: a.csv\nevents: [b.csv, web=c.ndjson]\n\
                formats: {check: github, eval: csv}\nfindings: {W0201: off, N0501: error}\n";
    let project = parse(Source::new("leadpact.yaml", text), Path::new("up")).project.expect("nothing is wrong with it");
    assert_eq!(project.rules, Path::new("up/agreement"));
    assert_eq!((project.environment.as_deref(), project.source.as_deref()), (Some("production"), Some("crm")));
    assert_eq!(
        (project.leads, project.events),
        (vec!["up/a.csv".into()], vec!["up/b.csv".into(), "web=up/c.ndjson".into()])
    );
    assert_eq!(project.formats["check"], "github");
    let levels: Vec<_> = project.levels.iter().map(|(code, level)| (code.id(), *level)).collect();
    assert_eq!(levels, [("W0201", None), ("N0501", Some(Severity::Error))]);
}

#[test]
fn an_empty_project_says_nothing() {
    for text in ["", "# nothing yet\n", "---\n", "{}\n"] {
        assert_eq!(findings(text), [""; 0], "{text:?}");
    }
}

#[test]
fn every_mistake_is_found_at_once_where_it_stands() {
    let text = "# ลีด\nruels: rules\nenvironment: 5\nformats:\n  check: sarrif\n  evl: table\nfindings:\n  W0201: on\n  E0201: warning\n  \
                W9999: off\nleads: [a, {b: c}]\n";
    let expected = [
        "2:1 E1002 there is no key `ruels`",
        "3:14 E1003 `5` does not fit here",
        "5:10 E1003 `sarrif` does not fit here",
        "6:3 E1002 there is no key `evl` under `formats`",
        "8:10 E1003 `on` does not fit here",
        "9:10 E1003 `E0201` is an error, and a pact with an error does not run",
        "10:3 E1002 there is no key `W9999` under `findings`",
        "11:12 E1003 `{b: c` does not fit here",
    ];
    assert_eq!(findings(text), expected);
}

#[test]
fn what_is_no_project_is_found() {
    assert_eq!(findings("rules: [a\nb: :\n").len(), 1);
    assert!(findings("rules: [a\nb: :\n")[0].contains("E1001 the project file is not YAML"));
    assert_eq!(findings("- a\n- b\n"), ["1:1 E1003 a project file holds keys with values"]);
    assert_eq!(findings("formats: csv\n"), ["1:10 E1003 `formats` holds keys with values"]);
    assert_eq!(findings("rules: a\n---\nrules: b\n"), ["3:1 E1003 a project file is one document"]);
}

#[test]
fn a_mistake_is_shown_under_its_line() {
    let read = parse(Source::new("leadpact.yaml", "rules: rules\nsorce: crm\n"), Path::new(""));
    let shown = render::human(&read.sources, &read.diagnostics, false);
    for line in [
        "╭─[leadpact.yaml:2:1]",
        " 2 │ sorce: crm",
        "   · ─────",
        "  help: did you mean `source`?",
        "1 error in 1 file",
    ] {
        assert!(shown.lines().any(|shown| shown.contains(line)), "{shown}");
    }
}

#[test]
fn the_nearest_file_above_is_found_as_seen_from_where_one_stands() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(folder.path().join("leadpact.yaml"), "").unwrap();
    assert_eq!(find(folder.path()), Some("leadpact.yaml".into()));
    assert_eq!(find(&deep), Some("../../leadpact.yaml".into()));
    std::fs::write(folder.path().join("a/leadpact.yaml"), "").unwrap();
    assert_eq!(find(&deep), Some("../leadpact.yaml".into()));
}

/// Runs a command in a folder: its exit code, and both streams.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("leadpact").unwrap().current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder with a pact of two environments, a source, leads and events, and this project file.
fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("leadpact.yaml", text);
    write(
        "agreement/a.pact",
        "pact p { parties marketing, sales }\nparam least = 10 in production 100\nlead { id text key  employees integer? }\n\
         source crm { id = \"Id\"  employees = \"Staff\" }\nlist nobody_uses_it = \"x\"\nactivity demo\n\
         pipeline all {\n  stage inquiry { owner marketing  move to mql when employees >= least }\n  \
         stage mql { owner sales  final }\n}\n\
         test \"small\" { lead { id \"1\"  employees 20 }  expect stage mql }\n",
    );
    write("leads.csv", "Id,Staff\n1,50\n2,500\n");
    write("events.ndjson", "{\"lead\": \"7\", \"at\": \"2026-03-02T09:00:00Z\", \"event\": \"demo\"}\n");
    folder
}

const WHOLE: &str = "rules: agreement\nenvironment: production\nsource: crm\nleads: leads.csv\nevents: events.ndjson\n\
                     formats: {eval: csv}\nfindings: {W0201: off}\n";

#[test]
fn commands_without_arguments_take_what_the_project_says() {
    let folder = project(WHOLE);
    let deep = folder.path().join("deep/er");
    std::fs::create_dir_all(&deep).unwrap();
    for place in [folder.path(), &deep] {
        let (code, out, err) = run(place, &["check"]);
        assert_eq!((code, err.as_str()), (0, "no findings\n"), "{out}");
        // the format, the source, the environment and the leads are the project's
        let (code, out, err) = run(place, &["eval", "--at", "2026-03-02"]);
        assert_eq!(code, 0, "{err}");
        let stages: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(stages, ["inquiry", "mql"], "{out}");
        let (code, out, err) = run(place, &["explain", "--lead", "2", "--at", "2026-03-02"]);
        assert!(code == 0 && out.starts_with("2 is in mql"), "{out}{err}");
        let (code, out, err) = run(place, &["replay", "--source", "", "--lead", "7"]);
        assert!(code == 0 && out.contains("demo"), "{out}{err}");
        // a test of 20 employees does not reach 100
        assert_eq!(run(place, &["test"]).0, 1);
    }
}

#[test]
fn arguments_come_first() {
    let folder = project(WHOLE);
    let at = ["--at", "2026-03-02"];
    let (_, out, err) = run(folder.path(), &[&["eval", "leads.csv", "--format", "ndjson"][..], &at].concat());
    assert!(out.starts_with("{\"id\":\"1\"") && out.contains("\"environment\":\"production\""), "{out}{err}");
    let (code, _, err) = run(folder.path(), &[&["eval", "--source", ""][..], &at].concat());
    assert!(code == 1 && err.contains("2 rows were rejected"), "{err}");
    // other rules are not the project's: no environment, no level of findings
    std::fs::create_dir(folder.path().join("other")).unwrap();
    std::fs::copy(folder.path().join("agreement/a.pact"), folder.path().join("other/a.pact")).unwrap();
    let (code, _, err) = run(folder.path(), &["check", "other"]);
    assert!(code == 0 && err.contains("W0201"), "{err}");
    assert_eq!(run(folder.path(), &["test", "other"]).0, 0);
}

#[test]
fn levels_of_findings_change_what_check_says() {
    let with = |levels: &str| {
        let folder = project(&format!("rules: agreement\nfindings: {levels}\n"));
        run(folder.path(), &["check"])
    };
    assert_eq!(with("{}").0, 0);
    let (code, _, err) = with("{W0201: error}");
    assert!(code == 1 && err.contains("1 error"), "{err}");
    let (code, _, err) = with("{W0201: note}");
    assert!(code == 0 && err.contains("1 note"), "{err}");
    assert_eq!(with("{W0201: off}").2, "no findings\n");
}

#[test]
fn no_command_goes_on_with_a_project_that_is_wrong() {
    let folder = project("rules: agreement\nenviroment: production\n");
    for command in ["check", "fmt", "test", "eval", "explain", "replay"] {
        let (code, out, err) = run(folder.path(), &[command]);
        assert!(code == 2 && out.is_empty() && err.contains("did you mean `environment`?"), "{command}: {out}{err}");
    }
}

#[test]
fn a_new_project_needs_no_argument() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init"]).0, 0);
    for command in [&["check"][..], &["test"], &["fmt", "--check"], &["eval", "--at", "2026-03-02 09:00"]] {
        let (code, out, err) = run(folder.path(), command);
        assert_eq!(code, 0, "{command:?}: {out}{err}");
    }
}

#[test]
fn the_formats_of_a_project_are_those_of_the_commands() {
    for (command, formats) in FORMATS {
        let (_, help, _) = run(&root(), &[command, "--help"]);
        let values = help.split("--format <FORMAT>").nth(1).unwrap_or_default();
        let values =
            values.split("[possible values: ").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
        let words: Vec<&str> = values.split([',', ' ', '\n']).filter(|word| !word.is_empty()).collect();
        assert_eq!(words, formats, "{command}");
    }
}

#[test]
fn the_document_names_every_key() {
    let page = std::fs::read_to_string(root().join("docs/project.md")).unwrap();
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let read = parse(Source::new("leadpact.yaml", example), Path::new(""));
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    for line in example.lines().filter(|line| !line.starts_with(' ')) {
        let key = line.split(':').next().unwrap();
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
    // the other way round: a key that is known is in the example
    let unknown = findings("x: y\n");
    assert_eq!(unknown.len(), 1);
    let read = parse(Source::new("leadpact.yaml", "x: y\n"), Path::new(""));
    let help = read.diagnostics[0].help.clone().unwrap();
    for key in help.split('`').skip(1).step_by(2) {
        assert!(example.lines().any(|line| line.starts_with(&format!("{key}:"))), "{key}");
    }
}

#[test]
fn each_shell_has_completions_for_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, err) = run(&root(), &["completions", shell]);
        assert_eq!(code, 0, "{err}");
        for command in ["init", "check", "fmt", "test", "eval", "explain", "calendar", "replay", "completions"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(run(&root(), &["completions", "tcsh"]).0, 2);
}
