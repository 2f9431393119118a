//! What a person reads cannot lie or act: whatever keys, values, names and files hold, no character of theirs that steers a
//! terminal, turns the order of a line or begins one comes out for people, and what programs read is exact.

use std::path::Path;

use assert_cmd::Command;

/// Clears a screen, titles a window, turns what follows, ends a line, rings, and steers by one character.
const ACTS: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202E}gnp\u{2066}\r\n\u{9b}31m\u{2028}\u{8}\u{200F}\u{7f}x";

const PACT: &str = r#"pact p { parties marketing, sales  time zone "Europe/Istanbul"  labels tr }
lead { id text key  source text?  note text?  score_of number? }
source crm { id = "Id"  note = "Note" }
activity visit { page text }
touch call
score fit 0 to 100 { give 5 when note is present }
criteria good { agreed by sales  need source in places  need note is present }
list places = "web", "WHATEVER"
pipeline all {
  stage one { owner marketing  move to two when good  expect "Look at WHATEVER" }
  stage two { owner sales  final }
}
sla speed on two { owner sales  first touch within 4 hours }
metric taken = one -> two
digest hot for sales "The WHATEVER leads" { every day at 08:30  top 5 leads in one by fit }
review weekly every 2 weeks "Of WHATEVER" { taken by source }
test "of WHATEVER" { lead { source "web"  note "WHATEVER" } expect stage one }
"#;

struct Ran {
    args: String,
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(folder: &Path, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadpact"));
    let ran = command.current_dir(folder).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { args: args.join(" "), code: ran.status.code(), out: text(ran.stdout), err: text(ran.stderr) }
}

fn acts(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl Ran {
    /// Nothing of what the rows and files say acts on whoever reads this, and no line begins with what they say.
    #[track_caller]
    fn is_calm(&self) -> &Self {
        for text in [&self.out, &self.err] {
            let found: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| acts(*c)).collect();
            assert!(found.is_empty(), "`{}` lets {found:?} through:\n{text:?}", self.args);
            let theirs = text.lines().any(|line| line.starts_with(char::REPLACEMENT_CHARACTER));
            assert!(!theirs, "`{}` has a line of theirs: {text:?}", self.args);
        }
        self
    }

    /// The same of CSV, whose cells may have lines.
    #[track_caller]
    fn is_calm_csv(&self) -> &Self {
        let lines_end = |text: &str| text.replace("\r\n\u{FFFD}", "");
        Ran { args: self.args.clone(), code: None, out: lines_end(&self.out), err: self.err.clone() }.is_calm();
        self
    }

    #[track_caller]
    fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "`{}`\n{}\n{}", self.args, self.out, self.err);
        self
    }

    #[track_caller]
    fn shows(&self, text: &str) -> &Self {
        assert!(
            self.out.contains(text) || self.err.contains(text),
            "`{}` lacks {text:?}:\n{}\n{}",
            self.args,
            self.out,
            self.err
        );
        self
    }
}

/// A folder with rules, leads and events in which every value acts.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    // a text of the rules is on one line
    write("p.pact", PACT.replace("WHATEVER", &ACTS.replace(['\r', '\n'], "")));
    let json = |value: &str| serde_json::to_string(value).unwrap();
    let (key, value) = (json(&format!("k{ACTS}")), json(&format!("v{ACTS}")));
    let lead = format!("{{\"id\":{key},\"note\":{value},\"source\":{value},{value}:{value}}}\n");
    write("leads.ndjson", format!("{lead}{{\"id\":\"2\",\"score_of\":{value}}}\n{{\"id\":\"3\"{value}\n"));
    write("one.ndjson", lead);
    let event = |what: &str| format!("{{\"lead\":{key},\"at\":\"2026-03-02T09:00:00Z\",{what}}}\n");
    let events = [
        event(&format!("\"event\":\"record\",\"note\":{value},\"source\":\"web\"")),
        event(&format!("\"event\":\"visit\",\"page\":{value}")),
        event(&format!("\"event\":\"assigned\",\"to\":{value}")),
        event(&format!("\"event\":{value}")),
        event("\"event\":\"call\""),
        format!("{{\"lead\":\"4\",\"at\":{value},\"event\":\"call\"}}\n"),
        format!("{{\"lead\":\"5\",\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"merged\",\"into\":{key}}}\n"),
    ];
    write("events.ndjson", events.concat());
    write("broken.pact", format!("{}\ncriteria x {{ nead \"{0}\" in w\u{1b}[2J\n}}", ACTS.replace(['\r', '\n'], "")));
    folder
}

const AT: &str = "2026-03-03 09:00";

#[test]
fn no_command_lets_a_value_act() {
    let folder = folder();
    let key = format!("k{ACTS}");
    let run = |args: &[&str]| run(folder.path(), args);
    run(&["check", "p.pact"]).is_calm().exits(0).shows("W0101");
    run(&["check", "broken.pact"]).is_calm().exits(1).shows("␛");
    run(&["check", "broken.pact", "--format", "github"]).is_calm().exits(1);
    run(&["check", "broken.pact", "--format", "junit"]).is_calm().exits(1);
    run(&["fmt", "--check", "broken.pact"]).is_calm().exits(1);
    run(&["test", "p.pact", "--coverage"]).is_calm();
    run(&["eval", "p.pact", "leads.ndjson", "--at", AT, "--format", "table"])
        .is_calm()
        .exits(1)
        .shows("k␛[2J␛]0;owned␇�gnp");
    run(&["eval", "p.pact", "leads.ndjson", "--at", AT, "--format", "csv"]).is_calm_csv().exits(1);
    run(&["explain", "p.pact", "one.ndjson", "--at", AT])
        .is_calm()
        .exits(0)
        .shows("k␛[2J␛]0;owned␇�gnp�␍␊�31m�␈�␡x is in");
    run(&["explain", "p.pact", "leads.ndjson", "--lead", &format!("no{ACTS}"), "--at", AT])
        .is_calm()
        .exits(2)
        .shows("no␛");
    // what it writes is a file of rules
    let draft = run(&["source", "leads.ndjson"]);
    Ran { args: draft.args.clone(), code: draft.code, out: String::new(), err: draft.err.clone() }.is_calm().exits(1);
    let events = |args: &[&str]| {
        let all: Vec<&str> = args.iter().copied().chain(["p.pact", "events.ndjson", "--at", AT]).collect();
        run(&all)
    };
    let lead = run(&["replay", "p.pact", "events.ndjson", "--lead", &key]);
    lead.is_calm().exits(1).shows("assigned to v␛").shows("rejected: ");
    run(&["replay", "p.pact", "events.ndjson", "--lead", &format!("no{ACTS}")]).is_calm().exits(2).shows("`no␛");
    events(&["replay", "--format", "table"]).is_calm().exits(1).shows("k␛");
    events(&["replay", "--format", "csv"]).is_calm_csv().exits(1);
    events(&["replay", "--format", "summary"]).is_calm().exits(1);
    events(&["report", "--by", "source", "--format", "csv"]).is_calm_csv().exits(1);
    for format in ["table", "markdown", "html"] {
        events(&["report", "--by", "source", "--format", format]).is_calm().exits(1);
    }
    for format in ["table", "markdown", "html"] {
        events(&["review", "weekly", "--format", format]).is_calm().exits(1).shows("␛");
        events(&["digest", "hot", "--format", format]).is_calm().exits(1).shows("␛");
    }
    events(&["suggest", "--format", "markdown"]).is_calm();
}

#[test]
fn no_argument_acts_when_it_comes_back() {
    let folder = folder();
    let run = |args: &[&str]| run(folder.path(), args);
    let name = format!("no{ACTS}");
    let long = "x".repeat(100_000);
    for args in [
        &["check", &name][..],
        &["eval", "p.pact", &name],
        &["eval", "p.pact", "leads.ndjson", "--at", &name],
        &["eval", "p.pact", "leads.ndjson", "--source", &name],
        &["eval", "p.pact", &format!("crm={name}")],
        &["eval", "p.pact", "leads.ndjson", "--format", &name],
        &["eval", "p.pact", "leads.ndjson", &format!("--{name}")],
        &[&name],
        &["report", "p.pact", "events.ndjson", "--by", &name],
        &["report", "p.pact", "events.ndjson", "--metric", &name],
        &["report", "p.pact", "events.ndjson", "--language", &name],
        &["report", "p.pact", "events.ndjson", "--where", &name],
        &["digest", &name, "p.pact", "events.ndjson"],
        &["review", &name, "p.pact", "events.ndjson"],
        &["calendar", &name, "p.pact"],
        &["source", &name],
        &["completions", &name],
        &["explain", "p.pact", "one.ndjson", "--lead", &long],
    ] {
        let ran = run(args);
        ran.is_calm();
        assert!(matches!(ran.code, Some(1 | 2)), "`{}` came to {:?}", ran.args, ran.code);
        assert!(ran.err.len() < 250_000, "`{}` says too much", ran.args.chars().take(80).collect::<String>());
    }
}

#[test]
fn programs_read_what_was_written() {
    let folder = folder();
    let key = format!("k{ACTS}");
    let eval = |format: &[&str]| {
        let args: Vec<&str> =
            ["eval", "p.pact", "leads.ndjson", "--at", AT, "-q"].iter().chain(format).copied().collect();
        run(folder.path(), &args).out
    };
    let first = eval(&["--format", "ndjson"]).lines().next().map(str::to_owned).unwrap();
    let decision: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!(decision["id"], *key);
    assert!(eval(&["--format", "csv", "--raw"]).contains(&key));
    let rejects = std::fs::read_to_string(folder.path().join("leads.rejects.ndjson")).unwrap();
    let row: serde_json::Value = serde_json::from_str(rejects.lines().next().unwrap()).unwrap();
    let written = std::fs::read_to_string(folder.path().join("leads.ndjson")).unwrap();
    assert_eq!(row["row"].as_str(), written.lines().nth(row["line"].as_u64().unwrap() as usize - 1), "{row}");
}

#[test]
fn csv_does_not_run_in_a_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.pact"), PACT.replace("WHATEVER", "x")).unwrap();
    let keys = ["=HYPERLINK(\"http://e.example\")", "+905321112233", "-1+1", "@SUM(A1)", "x;=1", "-5"];
    let rows = keys.iter().map(|key| serde_json::json!({"id": key}).to_string() + "\n");
    std::fs::write(folder.path().join("leads.ndjson"), rows.collect::<String>()).unwrap();
    let eval = |more: &[&str]| {
        let args: Vec<&str> = ["eval", "p.pact", "leads.ndjson", "--at", AT, "--format", "csv"]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let out = run(folder.path(), &args).out;
        let mut lines = out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        lines.iter_mut().for_each(|line| line.truncate(line.find(",all,").unwrap()));
        lines
    };
    let safe = ["\"'=HYPERLINK(\"\"http://e.example\"\")\"", "'+905321112233", "'-1+1", "'@SUM(A1)", "x;'=1", "-5"];
    assert_eq!(eval(&[]), safe);
    assert_eq!(eval(&["--raw"])[1..], keys[1..]);
}

#[test]
fn two_ways_to_compose_a_letter_are_one_name() {
    let (composed, apart) = ("\u{15F}", "s\u{327}");
    let rules = |letter: &str| {
        format!(
            "pact p {{ parties sales }} lead {{ id text key  {letter}ehir one of a{letter}, b }}\n\
             source crm {{ id = \"Id\"  {letter}ehir = \"{letter}ehir.ad\" }}\n\
             criteria {letter}u {{ agreed by sales  need {composed}ehir = a{apart} }}\n\
             pipeline hep {{ stage {letter}imdi {{ owner sales  move to son when {apart}u }}  stage son {{ owner sales  final }} }}\n\
             metric {letter}imdiki = {composed}imdi -> son\n\
             review {letter}ura every 1 week {{ {apart}imdiki }}"
        )
    };
    for (written, told) in [(composed, apart), (apart, composed)] {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        write("p.pact", rules(written));
        write("plain.ndjson", format!("{{\"id\":\"1\",\"{told}ehir\":\"a{told}\"}}\n"));
        write("crm.ndjson", format!("{{\"Id\":\"1\",\"{told}ehir\":{{\"ad\":\"A{told}\"}}}}\n"));
        let event = format!("\"event\":\"record\",\"{told}ehir\":\"a{told}\"");
        write("events.ndjson", format!("{{\"lead\":\"1\",\"at\":\"2026-03-02T09:00:00Z\",{event}}}\n"));
        let run = |args: &[&str]| run(folder.path(), args);
        run(&["check", "p.pact", "--deny-warnings"]).exits(0);
        for leads in ["plain.ndjson", "crm=crm.ndjson"] {
            run(&["eval", "p.pact", leads, "--at", AT]).exits(0).shows("\"stage\":\"son\"");
        }
        run(&[
            "report",
            "p.pact",
            "events.ndjson",
            "--metric",
            &format!("{told}imdiki"),
            "--by",
            &format!("{told}ehir"),
        ])
        .exits(0)
        .shows("100%");
        run(&["review", &format!("{told}ura"), "p.pact", "events.ndjson"]).exits(0).shows("The figures");
    }
}

#[test]
fn commands_speak_only_by_one_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("say.rs") {
            continue;
        }
        looked_at += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        for word in ["println!", "print!", "anstream"] {
            assert!(!text.contains(word), "{} has `{word}`: what people read goes through `say`", path.display());
        }
    }
    assert!(looked_at > 20);
}
