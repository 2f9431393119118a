//! The commands, as people and pipelines call them: what they print, where, and how they exit.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

const BIN: &str = env!("CARGO_BIN_EXE_leadpact");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const AT: &str = "2026-03-02T09:00:00+03:00";

/// What a run came to.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "stdout lacks {text:?}:\n{}", self.out);
        self
    }

    #[track_caller]
    fn errs(self, text: &str) -> Self {
        assert!(self.err.contains(text), "stderr lacks {text:?}:\n{}", self.err);
        self
    }

    fn rows(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }
}

fn run_in(folder: impl AsRef<Path>, args: &[&str], input: &str) -> Ran {
    let mut command = Command::new(BIN);
    let run = command.current_dir(folder).args(args).env_remove("NO_COLOR").write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: run.status.code().unwrap_or(-1), out: text(run.stdout), err: text(run.stderr) }
}

/// Runs at the root of the repository.
fn run(args: &[&str]) -> Ran {
    run_in(ROOT, args, "")
}

/// A folder with a pact and leads, neither of which is right in all.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const SMALL: &str = "\
pact small {
  parties marketing, sales
}

lead {
  id         text key
  country    text
  employees  integer?
}

source crm {
  id        = \"Id\"
  country   = \"Country\"
  employees = \"Size\"
}

criteria large {
  agreed by marketing, sales
  need employees >= 50
}

pipeline all {
  stage inquiry { owner marketing  move to mql when large }
  stage mql     { owner sales      final }
}

test \"a large one goes on\" {
  lead { country \"TR\"  employees 80 }
  expect stage mql
}
";

fn small(leads: &str) -> TempDir {
    folder(&[("rules/a.pact", SMALL), ("leads.csv", leads)])
}

/// A snapshot without what changes with every rule: the digest.
fn show(name: &str, text: &str) {
    insta::with_settings!({
        filters => vec![(r"sha256:[0-9a-f]+", "sha256:[digest]"), (r"time zones \d{4}[a-z]+", "time zones [release]")],
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// The repository's rules, copied, so that examples may write beside them.
fn copy_of_rules() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(ROOT).join("rules"), &folder.path().join("rules"));
    folder
}

fn shell(folder: &Path, line: &str) -> Ran {
    let bin = PathBuf::from(BIN);
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", bin.parent().unwrap().display());
    let run = Command::new("sh").args(["-c", line]).env("PATH", path).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: run.status.code().unwrap_or(-1), out: text(run.stdout), err: text(run.stderr) }
}

// --- check -------------------------------------------------------------------------------------------------------

#[test]
fn check_says_that_a_pact_is_clean() {
    let ran = run(&["check", "rules/acme"]).exits(0);
    show("check_acme", &ran.out);
}

#[test]
fn every_pact_of_the_repository_checks_clean_and_is_formatted_and_passes_its_tests() {
    for pact in ["rules/acme", "rules/field_sales", "rules/inbound_saas", "rules/starter", "rules/upsell"] {
        run(&["check", pact, "--deny-warnings"]).exits(0);
        run(&["fmt", "--check", pact]).exits(0).says("in canonical form");
        run(&["test", pact]).exits(0).says(" 0 failed");
    }
    for pact in ["docs/guides/olist", "docs/guides/maven", "docs/guides/helpdesk"] {
        run(&["check", pact, "--deny-warnings"]).exits(0);
        run(&["fmt", "--check", pact]).exits(0);
    }
}

#[test]
fn explain_says_that_the_time_of_a_timed_move_has_not_come() {
    let timed = SMALL.replace("move to mql when large", "move to mql when large  move to mql after 3 days");
    let lead = "{\"id\": \"7\", \"country\": \"TR\", \"employees\": 8}\n";
    let folder = folder(&[("rules/a.pact", &timed), ("leads.ndjson", lead)]);
    let ran = run_in(folder.path(), &["explain", "rules", "leads.ndjson", "--at", "2026-03-02 09:00"], "").exits(0);
    ran.says("move to mql after 3 days   (a.pact:23)   not before 2026-03-05 09:00");
}

#[test]
fn check_names_the_place_of_an_error_and_exits_with_one() {
    let folder = folder(&[("rules/a.pact", &SMALL.replace("need employees", "need employes"))]);
    let ran = run_in(folder.path(), &["check", "rules"], "").exits(1).errs("E0201").errs("a.pact:19:8");
    assert_eq!(ran.out, "", "findings for people are not data");
    let github = run_in(folder.path(), &["check", "rules", "--format", "github"], "").exits(1);
    assert!(github.out.starts_with("::error file="), "{}", github.out);
    let json = run_in(folder.path(), &["check", "rules", "--format", "json"], "").exits(1);
    let findings: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert!(findings.to_string().contains("E0201"), "{findings}");
}

#[test]
fn check_fix_corrects_a_misspelt_name() {
    let folder = folder(&[("rules/a.pact", &SMALL.replace("need employees", "need employes"))]);
    run_in(folder.path(), &["check", "rules", "--fix"], "").exits(0).errs("fixed a.pact");
    assert_eq!(std::fs::read_to_string(folder.path().join("rules/a.pact")).unwrap(), SMALL);
}

#[test]
fn warnings_fail_only_where_they_are_denied() {
    let unused = format!("{SMALL}\ncriteria spare {{\n  agreed by sales\n  need employees >= 1\n}}\n");
    let folder = folder(&[("rules/a.pact", &unused)]);
    run_in(folder.path(), &["check", "rules"], "").exits(0).errs("W0201");
    run_in(folder.path(), &["check", "rules", "--deny-warnings"], "").exits(1);
}

#[test]
fn a_missing_folder_cannot_run() {
    for command in ["check", "test", "fmt"] {
        run(&[command, "no/such/folder"]).exits(2).errs("no/such/folder");
    }
    let ran = run(&["eval", "no/such/folder", "rules/acme/leads.ndjson"]).exits(2).errs("`leadpact init`");
    assert_eq!(ran.out, "");
    run(&["explain", "no/such/folder", "rules/acme/leads.ndjson"]).exits(2);
    let empty = tempfile::tempdir().unwrap();
    run_in(empty.path(), &["check", "."], "").exits(2).errs("E0410");
    run_in(empty.path(), &["fmt", "--check"], "").exits(2).errs("no `.pact` file");
}

#[test]
fn a_pact_with_errors_decides_nothing() {
    let folder =
        folder(&[("rules/a.pact", &SMALL.replace("need employees", "need nothing_known")), ("l.csv", "id\n1\n")]);
    run_in(folder.path(), &["check", "rules"], "").exits(1);
    run_in(folder.path(), &["test", "rules"], "").exits(1).errs("E0201");
    for command in ["eval", "explain"] {
        let ran = run_in(folder.path(), &[command, "rules", "l.csv"], "").exits(2).errs("E0201");
        assert_eq!(ran.out, "");
    }
}

// --- fmt ---------------------------------------------------------------------------------------------------------

#[test]
fn fmt_writes_what_its_check_asks_for_and_nothing_twice() {
    let messy = SMALL.replace("  need employees >= 50", "need   employees>=50 # enough");
    let folder = folder(&[("rules/a.pact", &messy)]);
    let path = folder.path().join("rules/a.pact");
    run_in(folder.path(), &["fmt", "--check", "rules"], "").exits(1).says("a.pact is not in its canonical form");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), messy, "a check writes nothing");
    run_in(folder.path(), &["fmt", "rules"], "").exits(0).says("formatted");
    assert!(std::fs::read_to_string(&path).unwrap().contains("  need employees >= 50  # enough\n"));
    run_in(folder.path(), &["fmt", "--check", "rules"], "").exits(0);
    run_in(folder.path(), &["fmt", "rules"], "").exits(0).says("1 file is in canonical form");
}

#[test]
fn fmt_leaves_a_file_alone_that_does_not_parse() {
    let folder = folder(&[("a.pact", "pact p {\n parties")]);
    run_in(folder.path(), &["fmt", "a.pact"], "").exits(1).errs("a.pact is left as it is");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.pact")).unwrap(), "pact p {\n parties");
}

// --- test --------------------------------------------------------------------------------------------------------

#[test]
fn test_shows_each_test_and_what_no_test_reached() {
    let ran = run(&["test", "rules/starter", "--coverage"]).exits(0);
    show("test_starter", &ran.out);
}

#[test]
fn a_filter_that_fits_no_test_is_a_failure() {
    let ran = run(&["test", "rules/starter", "--filter", "no such name"]).exits(1);
    ran.errs("no test ran").errs("none of 3 tests has `no such name` in its name");
    run(&["test", "rules/starter", "--filter", "one missing fact"]).exits(0).says("1 passed, 0 failed, 2 filtered out");
    let folder = folder(&[("a.pact", SMALL.split("test ").next().unwrap())]);
    run_in(folder.path(), &["test", "."], "").exits(1).errs("no test ran: the pact has no `test`");
}

#[test]
fn a_failed_test_says_what_came_and_why() {
    let folder = folder(&[("a.pact", &SMALL.replace("employees 80", "employees 8"))]);
    let ran = run_in(folder.path(), &["test", ".", "--junit", "out.xml"], "").exits(1).says("0 passed, 1 failed");
    show("test_failed", &ran.out);
    let xml = std::fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(xml.contains("tests=\"1\"") && xml.contains("failures=\"1\""), "{xml}");
    assert!(xml.contains("<testcase name=\"a large one goes on\" classname=\"a.pact\""), "{xml}");
    assert!(xml.contains("<failure") && xml.contains("got stage inquiry"), "{xml}");
}

#[test]
fn junit_names_every_test() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("acme.xml");
    run(&["test", "rules/acme", "--junit", file.to_str().unwrap()]).exits(0).says("17 passed, 0 failed");
    let xml = std::fs::read_to_string(file).unwrap();
    assert!(xml.contains("<testsuite name=\"acme\" tests=\"17\""), "{xml}");
}

#[test]
fn coverage_has_a_least() {
    run(&["test", "rules/starter", "--min-coverage", "10"]).exits(0);
    run(&["test", "rules/starter", "--min-coverage", "99"]).exits(1).errs("% of outcomes are reached, less than 99 %");
}

// --- eval --------------------------------------------------------------------------------------------------------

#[test]
fn eval_replays_what_happened_since_the_lead_is_in_its_stage() {
    let lead = r#"{"id": "7", "lead_source": "web", "stage": "mql", "since": "2026-03-02T09:00:00+03:00", "history": [
        {"kind": "call", "at": "2026-03-02T10:30:00+03:00"}]}"#;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = ["eval", "rules/acme", "-", "--input", "json", "--format", "ndjson", "--at", "2026-03-03 09:00"];
    let decision: serde_json::Value = serde_json::from_str(&run_in(root, &args, lead).exits(0).out).unwrap();
    assert_eq!(decision["since"], "2026-03-02T09:00:00+03:00");
    let states: Vec<&str> =
        decision["clocks"].as_array().unwrap().iter().map(|c| c["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["met", "running", "running"]);
    assert_eq!((&decision["clocks"][0]["used"], &decision["clocks"][1]["touches"]), (&5400.into(), &1.into()));
}

fn eval_acme(more: &[&str]) -> Ran {
    let mut args = vec!["eval", "rules/acme", "rules/acme/leads.ndjson", "--at", AT];
    args.extend(more);
    run(&args).exits(0)
}

#[test]
fn eval_writes_a_decision_a_line_where_nobody_looks() {
    let ran = eval_acme(&[]).errs("8 leads: 3 inquiry, 3 mql, 1 in no pipeline, 1 archived");
    show("eval_ndjson", &ran.out);
    let rows = ran.rows();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["00Q1", "00Q2", "00Q3", "00Q4", "00Q5", "00Q6", "00Q7", "00Q8"]);
    assert!(rows.iter().all(|row| row.get("points").is_none()), "reasons come only when asked for");
    assert_eq!(ran.out, eval_acme(&["--format", "ndjson"]).out);
    assert_eq!(eval_acme(&["--quiet"]).err, "");
}

#[test]
fn eval_with_why_adds_points_and_needs() {
    for row in eval_acme(&["--why"]).rows().iter().filter(|row| row["id"] != "00Q5") {
        assert!(row["points"].is_object(), "{row}");
        assert!(!row["criteria"]["qualified_lead"]["needs"].as_array().unwrap().is_empty(), "{row}");
    }
}

#[test]
fn eval_as_a_table_and_as_csv() {
    show("eval_table", &eval_acme(&["--format", "table"]).out);
    let csv = eval_acme(&["--format", "csv"]).out;
    show("eval_csv", &csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns = reader.headers().unwrap().len();
    assert!(reader.records().all(|row| row.unwrap().len() == columns));
}

#[test]
fn eval_reads_the_columns_of_a_source() {
    let ran = run(&["eval", "rules/acme", "rules/acme/salesforce.csv", "--source", "salesforce", "--at", AT]).exits(0);
    let by_name = run(&["eval", "rules/acme", "salesforce=rules/acme/salesforce.csv", "--at", AT]).exits(0);
    assert_eq!(ran.out, by_name.out);
    let stages: Vec<_> = ran.rows().iter().map(|row| row["stage"].as_str().unwrap().to_owned()).collect();
    assert_eq!(stages, ["inquiry", "inquiry", "inquiry", "archived"]);
}

#[test]
fn eval_reads_standard_input() {
    let leads = std::fs::read_to_string(Path::new(ROOT).join("rules/acme/leads.ndjson")).unwrap();
    let dash = run_in(ROOT, &["eval", "rules/acme", "-", "--at", AT], &leads).exits(0);
    let named = eval_acme(&[]);
    assert_eq!(dash.out, named.out);
    assert_eq!(run_in(ROOT, &["eval", "rules/acme", "--at", AT], &leads).exits(0).out, named.out, "without a file");
    let csv =
        run_in(ROOT, &["eval", "rules/acme", "-", "--at", AT, "--input", "csv"], "id,country,lead_source\n9,TR,web\n")
            .exits(0);
    assert_eq!(csv.rows()[0]["id"], "9");
}

#[test]
fn an_instant_without_an_offset_is_in_the_zone_of_the_pact() {
    let at = |at: &str| run(&["eval", "rules/acme", "rules/acme/leads.ndjson", "--at", at]).exits(0).out;
    assert_eq!(at("2026-03-02 09:00"), at(AT));
    assert_eq!(at("2026-03-02T06:00:00Z"), at(AT));
    assert_ne!(at("2026-03-02"), at(AT));
}

#[test]
fn wrong_arguments_say_what_there_is() {
    let leads = "rules/acme/leads.ndjson";
    let ran = run(&["eval", "rules/acme", leads, "--source", "hubspot"]).exits(2);
    ran.errs("there is no source `hubspot`: there are mailing, salesforce, website");
    run(&["eval", "rules/acme", &format!("hubspot={leads}")]).exits(2).errs("there is no source `hubspot`");
    let ran = run(&["eval", "rules/acme", leads, "--at", "next tuesday"]).exits(2);
    ran.errs("`next tuesday` is not an instant: write `2026-03-02T09:00:00+03:00`");
    run(&["eval", "rules/acme", "no-such.csv"]).exits(2).errs("cannot read `no-such.csv`");
    run(&["explain", "rules/acme", leads, "--lead", "00Q99"]).exits(2).errs("there is no lead `00Q99` among 8");
    run(&["explain", "rules/acme", leads]).exits(2).errs("there are 8 leads: name one with `--lead KEY`");
    run(&["eval", "rules/acme", leads, "--format", "xml"]).exits(2).errs("possible values");
    run(&["eval"]).exits(2).errs("which rules?");
    run(&["eval", "--at"]).exits(2).errs("a value is required");
    run(&["evaluate"]).exits(2).errs("unrecognized subcommand");
}

#[test]
fn a_rejected_row_is_written_with_its_line_and_reason_and_the_rest_is_decided() {
    let folder = small("id,country,employees\n1,TR,80\n2,TR,many\n3,,80\n4,ES,20\n");
    let ran = run_in(folder.path(), &["eval", "rules", "leads.csv"], "").exits(1);
    let stages: Vec<_> = ran.rows().iter().map(|r| format!("{} {}", r["id"], r["stage"])).collect();
    assert_eq!(stages, ["\"1\" \"mql\"", "\"4\" \"inquiry\""]);
    let ran = ran.errs("rejected: leads.csv: line 3: `employees`: `many` is not a whole number");
    ran.errs("2 rows were rejected; with line and reason in leads.rejects.ndjson");
    let rejects = std::fs::read_to_string(folder.path().join("leads.rejects.ndjson")).unwrap();
    let rejects: Vec<serde_json::Value> = rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rejects.len(), 2);
    assert_eq!((&rejects[0]["line"], &rejects[1]["line"]), (&3.into(), &4.into()));
    assert_eq!(rejects[1]["reason"], "`country` is required and missing");
    assert!(rejects[0]["row"].as_str().unwrap().contains("many"), "{}", rejects[0]);
    run_in(folder.path(), &["eval", "rules", "leads.csv", "--rejects", "bad.ndjson"], "").exits(1);
    assert!(folder.path().join("bad.ndjson").exists());
}

#[test]
fn a_clean_run_leaves_no_rejects_file() {
    let folder = small("id,country,employees\n1,TR,80\n");
    run_in(folder.path(), &["eval", "rules", "leads.csv"], "").exits(0);
    assert!(!folder.path().join("leads.rejects.ndjson").exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let rows: String = (0..40_000).map(|n| format!("{n},TR,80\n")).collect();
    let folder = small(&format!("id,country,employees\n{rows}"));
    for format in ["ndjson", "csv"] {
        let line = format!("( leadpact eval rules leads.csv -q --format {format}; echo $? >code ) | head -n 1");
        let ran = shell(folder.path(), &line).exits(0);
        assert_eq!(ran.out.lines().count(), 1);
        assert_eq!(ran.err, "", "{format}");
        assert_eq!(std::fs::read_to_string(folder.path().join("code")).unwrap().trim(), "0", "{format}");
    }
}

// --- explain -----------------------------------------------------------------------------------------------------

#[test]
fn explain_says_why_and_what_would_move_a_lead_on() {
    for lead in ["00Q3", "00Q2", "00Q7"] {
        let ran = run(&["explain", "rules/acme", "rules/acme/leads.ndjson", "--lead", lead, "--at", AT]).exits(0);
        show(&format!("explain_{lead}"), &ran.out);
    }
}

#[test]
fn explain_names_every_clause_that_can_have_given_a_band() {
    let banded = format!("{SMALL}\nband size of employees {{ tiny < 2  large >= 20  otherwise tiny }}\n");
    let lines = banded.lines().count();
    for (employees, word, clauses) in [
        (30, "large", format!("large >= 20   (a.pact:{lines})")),
        (8, "tiny", format!("tiny < 2   (a.pact:{lines}), or otherwise tiny   (a.pact:{lines})")),
    ] {
        let lead = format!("{{\"id\": \"7\", \"country\": \"TR\", \"employees\": {employees}}}\n");
        let folder = folder(&[("rules/a.pact", &banded), ("leads.ndjson", &lead)]);
        let ran = run_in(folder.path(), &["explain", "rules", "leads.ndjson", "--at", AT], "").exits(0);
        ran.says(&format!("size {word}   {clauses}"));
    }
}

#[test]
fn explain_needs_no_name_where_there_is_one_lead() {
    let folder = small("id,country\n1,TR\n");
    run_in(folder.path(), &["explain", "rules", "leads.csv", "--at", AT], "").exits(0).says("employees");
}

// --- init --------------------------------------------------------------------------------------------------------

#[test]
fn what_init_writes_works() {
    let folder = tempfile::tempdir().unwrap();
    let at = |args: &[&str]| run_in(folder.path(), args, "");
    let written = at(&["init", "mine"]).exits(0).says("wrote mine/rules/pact.pact");
    at(&["check", "mine/rules", "--deny-warnings"]).exits(0).says("checks clean");
    at(&["fmt", "--check", "mine/rules"]).exits(0);
    at(&["test", "mine/rules"]).exits(0).says("3 passed, 0 failed");
    let eval = at(&["eval", "mine/rules", "mine/rules/leads.ndjson", "--at", "2026-03-02 09:00"]).exits(0);
    assert!(eval.rows().iter().any(|row| row["stage"] == "mql"), "{}", eval.out);
    for line in written.out.lines().filter(|line| line.starts_with("  leadpact ")) {
        shell(&folder.path().join("mine"), line).exits(0);
    }
    shell(folder.path(), "cd mine && sh .githooks/pre-commit").exits(0);
    let workflow = std::fs::read_to_string(folder.path().join("mine/.github/workflows/leadpact.yml")).unwrap();
    let steps: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: leadpact ")).collect();
    assert_eq!(steps.len(), 3, "{workflow}");
    for step in steps {
        shell(&folder.path().join("mine"), &format!("leadpact {step}")).exits(0);
    }
}

#[test]
fn init_touches_nothing_that_is_there() {
    let folder = folder(&[("rules/pact.pact", "mine")]);
    run_in(folder.path(), &["init"], "").exits(2).errs("rules/pact.pact is there already; nothing was written");
    assert_eq!(std::fs::read_to_string(folder.path().join("rules/pact.pact")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

// --- all of them -------------------------------------------------------------------------------------------------

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = run(&["--help"]).exits(0).out;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let named = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    named.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn a_calendar_shows_its_hours_and_answers() {
    let shown = run(&["calendar", "rules/acme", "office", "--from", "2026-10-28", "--weeks", "1"]).exits(0).out;
    assert!(
        shown.starts_with("office (Europe/Istanbul)\n  Wed 2026-10-28  09:00 to 13:00\n  Thu 2026-10-29  closed\n"),
        "{shown}"
    );
    let questions = concat!(
        r#"{"from": "2026-10-28T12:00:00+03:00", "add": "240m"}"#,
        "\n",
        r#"{"from": "2026-03-02T09:00:00+03:00", "to": "2026-03-03T09:30:00+03:00"}"#,
        "\n",
        r#"{"from": "2026-03-18", "add": "5 business days"}"#,
        "\n{}\n",
    );
    let answered =
        run_in(Path::new(env!("CARGO_MANIFEST_DIR")), &["calendar", "rules/acme", "office"], questions).exits(1).out;
    let answers: Vec<&str> = answered.lines().collect();
    assert_eq!(
        answers,
        [
            r#"{"due":"2026-10-30T12:00:00+03:00","due_at_next_open":"2026-10-30T12:00:00+03:00"}"#,
            r#"{"business_seconds":34200}"#,
            r#"{"date":"2026-03-27"}"#,
            r#"{"error":"`from` is missing: an instant or a date","line":4}"#,
        ]
    );
    run(&["calendar", "rules/acme", "offices"]).exits(2).errs("there are office");
}

#[test]
fn a_report_says_what_there_is_to_ask_for() {
    let events = "rules/acme/events.ndjson";
    for (asked, why) in [
        (["--by", "lead_sorce"], "there is no dimension `lead_sorce`: did you mean `lead_source`?"),
        (["--by", "xyz"], "there are id, name, email"),
        (["--metric", "mql"], "there is no metric `mql`: did you mean `mqls`?"),
        (["--metric", "xyz"], "there are acceptance, follow_up"),
        (["--at", "soon"], "`soon` is not an instant"),
    ] {
        run(&[&["report", "rules/acme", events], &asked[..]].concat()).exits(2).errs(why);
    }
    let turned = ["report", "rules/acme", events, "--from", "2026-03-10", "--to", "2026-03-05"];
    run(&turned).exits(2).errs("`--from` does not lie before `--to`");
    run(&["report", "rules/starter", "rules/starter/leads.ndjson", "--rejects", "/dev/null"]).errs("has no `metric`");
    run(&["review", "pipeline_meting", "rules/acme", events]).exits(2).errs("did you mean `pipeline_meeting`?");
    run(&["review", "weekly", "rules/starter", events]).exits(2).errs("the pact has no `review`");
    run(&["digest", "hot_lead", "rules/acme", events]).exits(2).errs("did you mean `hot_leads`?");
    run(&["digest", "hot", "rules/starter", events]).exits(2).errs("the pact has no `digest`");
    run(&["report", "rules/acme", events, "--compare"]).exits(2).errs("--from <INSTANT>");
    run(&["report", "rules/acme", events, "--by", "engagment"]).exits(2).errs("did you mean `engagement`?");
    run(&["review", "pipeline_meeting", "rules/acme", events, "--language", "de"]).exits(2).errs("there are");
    let bars = run(&["report", "rules/acme", events, "--metric", "mqls", "--period", "month", "--bars"]).exits(0).out;
    assert!(bars.contains("████████████") && bars.contains("███\n"), "{bars}");
    let wrong = ["report", "rules/acme", events, "--where", "contry = \"TR\""];
    run(&wrong).exits(2).errs("there is no field").errs("--where:1:1]");
    let broken = run(&["report", "rules/acme", events, "--where", "fit >"]).exits(2).errs("--where:1:").err;
    assert!(!broken.contains("leads entering"), "it shows what nobody wrote: {broken}");
    let starter = ["report", "rules/starter", "rules/starter/leads.ndjson", "--metric", "mqls"];
    run(&starter).exits(2).errs("there is no metric `mqls`: the pact has no `metric`");
    let folder = tempfile::tempdir().unwrap();
    let stageless = folder.path().join("a.pact");
    std::fs::write(&stageless, "pact a { parties marketing, sales }  lead { id text key }").unwrap();
    run(&["report", stageless.to_str().unwrap(), events, "--where", "id present"]).exits(2).errs("no stage");
    let of_web =
        ["report", "rules/acme", events, "--where", "lead_source = web", "--metric", "mqls", "--format", "csv"];
    assert_eq!(run(&of_web).exits(0).out, "metric,period,value,unit,of,open,low,high\nmqls,,1,,,,,\n");
    let csv =
        run(&["report", "rules/acme", events, "--metric", "mqls,acceptance", "--format", "csv", "-q"]).exits(0).out;
    assert_eq!(
        csv,
        "metric,period,value,unit,of,open,low,high\n\
         mqls,,5,,,,,\n\
         acceptance,,0.4,share,5,0,0.1176,0.7693\n"
    );
    let json = run(&["report", "rules/acme", events, "--metric", "acceptance", "--format", "json", "-q"]).exits(0).out;
    let report: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(report["metrics"][0]["figures"][0]["figure"]["reached"], 2);
    assert_eq!(report["metrics"][0]["because"]["says"], "metric acceptance = mql -> sal");
}

#[test]
fn the_examples_of_every_help_work() {
    let commands = commands();
    let (alone, service) = commands.split_at(14);
    assert_eq!(
        alone,
        [
            "init",
            "check",
            "fmt",
            "test",
            "source",
            "eval",
            "explain",
            "calendar",
            "replay",
            "report",
            "review",
            "digest",
            "suggest",
            "completions"
        ]
    );
    let with_service: &[&str] = if cfg!(feature = "serve") { &["serve", "feed", "rebuild"] } else { &[] };
    assert_eq!(service, with_service);
    let mut all = examples(&[]);
    all.extend(alone.iter().flat_map(|command| examples(&[command])));
    for example in all {
        shell(copy_of_rules().path(), &example).exits(0);
    }
}

/// The examples at the end of a help.
fn examples(command: &[&str]) -> Vec<String> {
    let help = run(&[command, &["--help"]].concat()).exits(0).out;
    let examples = help
        .lines()
        .skip_while(|line| !["Example:", "Examples:"].contains(line))
        .filter(|line| line.starts_with("  leadpact "));
    let examples: Vec<String> = examples.map(|line| line.trim().to_owned()).collect();
    assert!(!examples.is_empty(), "a help ends with an example:\n{help}");
    examples
}

/// The service's examples, one after the other: it is started, fed, stopped, and what it stored is verified.
#[cfg(feature = "serve")]
#[test]
fn the_examples_of_the_service_work() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
    let (serve, feed, rebuild) = (examples(&["serve"]), examples(&["feed"]), examples(&["rebuild"]));
    assert!(feed.iter().all(|line| serve.contains(line)), "{serve:?} feeds as {feed:?}");
    let script = format!(
        "set -e
         {serve} --listen 127.0.0.1:{port} > out 2> err &
         service=$!
         for n in $(seq 200); do if grep -q 'is in force' out; then break; fi; sleep 0.05; done
         export LEADPACT_URL=http://127.0.0.1:{port}
         {feed}
         if leadpact feed rules/acme/events.ndjson --source wrong 2> why; then exit 1; fi
         grep -q 'no source `wrong`' why
         leadpact report rules/acme rules/acme/events.ndjson --at '2026-06-05 09:00' --by lead_source > of_files
         leadpact report rules/acme --store leadpact.db --at '2026-06-05 09:00' --by lead_source > of_the_store
         cmp of_files of_the_store
         leadpact review pipeline_meeting rules/acme --store leadpact.db > meeting
         if leadpact replay rules/acme --store nowhere.db 2> why; then exit 1; fi
         grep -q 'nowhere.db: there is no such store' why
         kill -TERM $service
         wait $service
         {rebuild}",
        serve = serve[0],
        feed = feed.join("\n"),
        rebuild = rebuild.join("\n"),
    );
    let ran = shell(copy_of_rules().path(), &script).exits(0);
    assert!(ran.out.contains("0 rejected") && ran.out.contains("0 differ"), "{}", ran.out);
}

#[test]
fn pipes_get_no_escape_codes() {
    let folder = folder(&[("rules/a.pact", &SMALL.replace("need employees", "need employes"))]);
    for line in ["leadpact check rules", "NO_COLOR=1 leadpact check rules", "leadpact test rules", "leadpact --help"] {
        let ran = shell(folder.path(), line);
        assert!(!(ran.out + &ran.err).contains('\u{1b}'), "{line}");
    }
    let acme = run(&["explain", "rules/acme", "rules/acme/leads.ndjson", "--lead", "00Q3", "--at", AT]).exits(0);
    assert!(!(acme.out + &acme.err).contains('\u{1b}'));
    assert!(!eval_acme(&["--format", "table"]).out.contains('\u{1b}'));
}

#[test]
fn the_version_names_the_release_of_the_zone_data() {
    let version = run(&["--version"]).exits(0).out;
    let release = leadpact::internals::time::DATA_VERSION;
    assert_eq!(version, format!("leadpact {} (time zones {release})\n", env!("CARGO_PKG_VERSION")));
    assert!(release.len() == 5 && release.starts_with("20"), "{release}");
}

// --- files as teams have them ---------------------------------------------------------------------------------------

const OFFICE: &str = r#"
pact office { parties marketing, sales  time zone "Europe/Berlin" }
lead { id text key  company text?  employees integer?  revenue money EUR?  note integer? }
criteria large { agreed by marketing, sales  need employees >= 50 and revenue >= 1000 EUR }
pipeline all {
  stage inquiry { owner marketing  move to mql when large }
  stage mql { owner sales  final }
}
source crm { sheet "Leads"  id = "Nr"  employees = "Mitarbeiter"  revenue = "Umsatz"  note = "Notiz" }
source accounts { sheet "Firmen"  id = "Nr"  company = "Firma" }
source export { numbers "1.234,56"  id = "Nr"  employees = "Mitarbeiter"  revenue = "Umsatz"  note = "Notiz" }
"#;

#[test]
fn two_sheets_of_a_workbook_become_one_lead_each() {
    let here = folder(&[("rules/a.pact", OFFICE)]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let leads = book.add_worksheet().set_name("Leads").unwrap();
    for (at, name) in ["Nr", "Mitarbeiter", "Umsatz", "Notiz"].iter().enumerate() {
        leads.write(0, at as u16, *name).unwrap();
    }
    for (row, (employees, revenue)) in [(250, 1234.5), (7, 99_000.0)].iter().enumerate() {
        let row = row as u32 + 1;
        leads.write(row, 0, row).unwrap();
        leads.write(row, 1, *employees).unwrap();
        leads.write(row, 2, *revenue).unwrap();
        leads.write(row, 3, "soon").unwrap();
    }
    let accounts = book.add_worksheet().set_name("Firmen").unwrap();
    for (row, (id, firm)) in [("Nr", "Firma"), ("1", "Müller"), ("2", "Öz")].iter().enumerate() {
        accounts.write(row as u32, 0, *id).unwrap();
        accounts.write(row as u32, 1, *firm).unwrap();
    }
    book.save(here.path().join("fair.xlsx")).unwrap();
    let args = ["eval", "rules", "crm=fair.xlsx", "accounts=fair.xlsx", "--at", AT];
    let ran = run_in(&here, &args, "").exits(0).errs("note: fair.xlsx: read the sheet `Leads`");
    let stages: Vec<_> = ran.rows().iter().map(|row| row["stage"].clone()).collect();
    assert_eq!(stages, ["mql", "inquiry"]);
    let ran =
        ran.errs("`Notiz`: 2 cells cannot be read and are missing, first on line 2: `soon` is not a whole number");
    drop(ran);
    run_in(&here, &["eval", "rules", "fair.xlsx"], "").exits(2).errs("so name one with `sheet`: Leads, Firmen");
    run_in(&here, &["eval", "rules", "fair.xlsx", "--sheet", "Lead"], "").exits(2).errs("it has no sheet `Lead`");
}

#[test]
fn a_german_export_is_decided_with_nothing_lost() {
    let here = folder(&[
        ("rules/a.pact", OFFICE),
        ("leads.csv", "\u{feff}Nr;Mitarbeiter;Umsatz;Notiz\r\n1;1.250;1.234,50 €;\r\n2;5;7,5;x\r\n3;1.25;;\r\n"),
    ]);
    let args = ["eval", "rules", "export=leads.csv", "--at", AT];
    let ran =
        run_in(&here, &args, "").exits(1).errs("rejected: leads.csv: line 4: `Mitarbeiter`: `1.25` is not a whole");
    let stages: Vec<_> = ran.rows().iter().map(|row| row["stage"].clone()).collect();
    assert_eq!(stages, ["mql", "inquiry"]);
    ran.errs("`Notiz`: one cell cannot be read and is missing, on line 3: `x` is not a whole number");
}

#[test]
fn a_draft_of_a_source_reads_the_file_that_it_is_from() {
    let here = folder(&[("export.csv", "Nr;Umsatz\n1;1.234,50 €\n2;7,00 €\n")]);
    let draft = run_in(&here, &["source", "export.csv", "--name", "crm"], "").exits(0);
    let rules = format!("pact p {{ parties marketing, sales }}\n{}", draft.out);
    std::fs::create_dir(here.path().join("rules")).unwrap();
    std::fs::write(here.path().join("rules/a.pact"), rules).unwrap();
    run_in(&here, &["check", "rules"], "").exits(0);
    assert_eq!(run_in(&here, &["eval", "rules", "crm=export.csv"], "").exits(0).rows().len(), 2);
    run_in(&here, &["source", "none.csv"], "").exits(2).errs("cannot read `none.csv`");
    run_in(&here, &["source", "-", "--input", "csv"], "a,b\n1,2\n").exits(0).says("source input");
    let cut = run_in(&here, &["source", "-", "--input", "ndjson"], "{\"a\": 1}\n{\"a\":").exits(1);
    cut.says("`standard input`: one row").says("Not read at all, and not in what follows: one row.").errs("line 2");
}
