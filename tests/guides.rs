//! The guides hold on the public data that they are about, where it is present: a folder named by `LEADPACT_DATA`, or
//! one beside the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leadpact::internals::decide::{Decision, decide, timeline_entry};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::pact::{Pact, Verdict};
use leadpact::internals::record::Record;
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, Summary, replay};

/// The data, when it is here.
fn data(folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let data = std::env::var_os("LEADPACT_DATA").map_or_else(beside, PathBuf::from).join(folder);
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: no data in {}; set LEADPACT_DATA", data.display());
    None
}

fn guide(name: &str) -> Pact {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides").join(name);
    Pact::load(path).unwrap_or_else(|refused| panic!("{refused}"))
}

fn leads<'p>(pact: &'p Pact, files: &[(&str, PathBuf)]) -> Leads<'p> {
    let open = |(source, path): &(&str, PathBuf)| input(pact, source, std::fs::read(path).unwrap());
    Leads::new(pact, files.iter().map(open).collect()).expect("a file")
}

fn input(pact: &Pact, source: &str, csv: Vec<u8>) -> LeadInput {
    let name: Arc<str> = source.into();
    let intake = Some(pact.intake(source).unwrap_or_else(|| panic!("no source {source}")));
    LeadInput { rows: rows(Box::new(std::io::Cursor::new(csv)), &name, Some(Format::Csv)).unwrap(), name, intake }
}

/// All leads with their decisions; none may be refused.
fn decided(pact: &Pact, files: &[(&str, PathBuf)], at: &str) -> Vec<(Record, Decision)> {
    let at = at.parse().unwrap();
    leads(pact, files)
        .map(|read| {
            let record = read.unwrap_or_else(|rejected| panic!("{}: {}", rejected.file, rejected.reject));
            let decision = decide(pact, &record, at);
            (*record, decision)
        })
        .collect()
}

fn tally<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let mut tally = BTreeMap::new();
    for key in keys {
        *tally.entry(key).or_default() += 1;
    }
    tally
}

fn stages(decided: &[(Record, Decision)]) -> BTreeMap<&str, usize> {
    tally(decided.iter().map(|(_, decision)| decision.stage.as_deref().expect("a stage")))
}

fn verdicts(decided: &[(Record, Decision)], criteria: &str) -> BTreeMap<&'static str, usize> {
    tally(decided.iter().map(|(_, decision)| decision.criteria[criteria].verdict.word()))
}

fn olist(at: &str) -> Option<(Pact, Vec<(Record, Decision)>)> {
    let data = data("olist")?;
    let pact = guide("olist");
    let files = [
        ("leads", data.join("olist_marketing_qualified_leads_dataset.csv")),
        ("deals", data.join("olist_closed_deals_dataset.csv")),
    ];
    let decided = decided(&pact, &files, at);
    Some((pact, decided))
}

#[test]
fn olist_leads_are_all_decided() {
    let Some((_, decided)) = olist("2018-12-01T00:00:00Z") else { return };
    assert_eq!(decided.len(), 8_000);
    let expected = [("contacted", 3_039), ("qualification", 4_119), ("won", 842)];
    assert_eq!(stages(&decided), BTreeMap::from(expected));
}

#[test]
fn olist_missing_is_not_the_word_unknown() {
    let Some((pact, decided)) = olist("2018-12-01T00:00:00Z") else { return };
    assert_eq!(
        verdicts(&decided, "known_origin"),
        BTreeMap::from([("met", 8_000 - 60 - 1_099), ("not_met", 1_099), ("unknown", 60)])
    );
    let origin = pact.field("origin").unwrap();
    for (record, decision) in &decided {
        let report = &decision.criteria["known_origin"];
        let missing = record.value(origin).is_none();
        assert_eq!(report.verdict == Verdict::Unknown, missing, "{:?}", decision.id);
        assert_eq!(!report.missing.is_empty(), missing, "{:?}", decision.id);
    }
}

#[test]
fn olist_leads_are_not_won_before_they_are() {
    let Some((_, decided)) = olist("2018-03-01T03:00:00Z") else { return };
    let data = data("olist").unwrap().join("olist_closed_deals_dataset.csv");
    let mut reader = csv::Reader::from_path(data).unwrap();
    let won_on = reader.headers().unwrap().iter().position(|name| name == "won_date").unwrap();
    let before = reader.records().filter(|row| &row.as_ref().unwrap()[won_on] <= "2018-03-01 03:00:00").count();
    assert!((1..842).contains(&before));
    assert_eq!(stages(&decided)["won"], before);
}

fn maven(order: &[&str]) -> Option<(Pact, Vec<(Record, Decision)>)> {
    let data = data("maven_crm")?;
    let pact = guide("maven");
    let file = |source: &str| match source {
        "opportunities" => "sales_pipeline.csv",
        "accounts" => "accounts.csv",
        _ => "sales_teams.csv",
    };
    let files: Vec<_> = order.iter().map(|source| (*source, data.join(file(source)))).collect();
    let decided = decided(&pact, &files, "2018-01-01T05:00:00Z");
    Some((pact, decided))
}

#[test]
fn maven_opportunities_end_where_the_crm_has_them() {
    let Some((pact, decided)) = maven(&["opportunities", "accounts", "agents"]) else { return };
    assert_eq!(decided.len(), 8_800);
    let expected = [("engaging", 1_589), ("lost", 2_473), ("prospecting", 500), ("won", 4_238)];
    assert_eq!(stages(&decided), BTreeMap::from(expected));
    let stage = pact.field("deal_stage").unwrap();
    for (record, decision) in &decided {
        assert_eq!(record.value(stage).and_then(|stage| stage.as_text()), decision.stage.as_deref());
    }
}

#[test]
fn maven_accounts_and_agents_add_to_every_opportunity() {
    let Some((pact, decided)) = maven(&["opportunities", "accounts", "agents"]) else { return };
    let with = |name: &str| {
        let field = pact.field(name).unwrap();
        decided.iter().filter(|(record, _)| record.value(field).is_some()).count()
    };
    assert_eq!(with("account"), 8_800 - 1_425);
    assert_eq!(with("sector"), 8_800 - 1_425, "every account named is among the accounts");
    assert_eq!(with("manager"), 8_800);
    assert_eq!(verdicts(&decided, "has_account"), BTreeMap::from([("met", 7_375), ("not_met", 1_425)]));
    assert_eq!(verdicts(&decided, "large_account")["unknown"], 1_425, "what is missing is not small");
    let sector = pact.field("sector").unwrap();
    let sectors = tally(decided.iter().filter_map(|(record, _)| record.value(sector)).map(ToString::to_string));
    assert!(sectors.contains_key("technology") && !sectors.contains_key("technolgy"), "{sectors:?}");
}

#[test]
fn the_order_in_which_joined_files_are_named_changes_nothing() {
    let Some((_, one)) = maven(&["opportunities", "accounts", "agents"]) else { return };
    let Some((_, other)) = maven(&["opportunities", "agents", "accounts"]) else { return };
    assert!(one == other);
}

// --- replays ---------------------------------------------------------------------------------------------------------

/// What all replays come to, and their timelines, a line for each entry. No row may be refused.
fn replays(pact: &Pact, files: &[(&str, String)], until: Option<&str>, threads: usize) -> (Summary, String) {
    let mut gathered = Gathered::default();
    for (source, csv) in files {
        let input = input(pact, source, csv.clone().into_bytes());
        let mut refused =
            |rejected: leadpact::internals::leads::Rejected| panic!("{}: {}", rejected.file, rejected.reject);
        gathered.read(pact, input, &mut refused, &mut || ()).unwrap();
    }
    let options = ReplayOptions { until: until.map(|at| at.parse().unwrap()), threads, ..ReplayOptions::default() };
    let render = |replayed: &ReplayedLead, bytes: &mut Vec<u8>| {
        for entry in &replayed.timeline.entries {
            serde_json::to_writer(&mut *bytes, &timeline_entry(pact, &replayed.lead, entry))?;
            bytes.push(b'\n');
        }
        Ok(())
    };
    let mut out = Vec::new();
    let taken = &mut |bytes: &[u8]| {
        out.extend_from_slice(bytes);
        Ok(())
    };
    let summary = replay(pact, gathered, options, &render, taken).unwrap();
    (summary, String::from_utf8(out).unwrap())
}

/// How many leads stand in each stage.
fn now<'p>(pact: &'p Pact, summary: &Summary) -> BTreeMap<&'p str, u64> {
    summary.stages.iter().map(|(stage, count)| (&*pact[*stage].name, count.now)).collect()
}

/// A file with the same rows in another order, the same for the same seed.
fn shuffled(csv: &str, mut seed: u64) -> String {
    let mut lines: Vec<&str> = csv.lines().collect();
    for last in (2..lines.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lines.swap(last, 1 + (seed >> 33) as usize % last);
    }
    lines.join("\n") + "\n"
}

fn helpdesk() -> Option<(Pact, String)> {
    let data = data("helpdesk")?;
    Some((guide("helpdesk"), std::fs::read_to_string(data.join("helpdesk.csv")).unwrap()))
}

#[test]
fn helpdesk_cases_end_in_one_stage_each() {
    let Some((pact, log)) = helpdesk() else { return };
    let (summary, _) = replays(&pact, &[("log", log)], None, 2);
    assert_eq!((summary.leads, summary.events, summary.duplicates, summary.nowhere), (3_804, 13_619, 91, 0));
    let now = now(&pact, &summary);
    let expected = [("closed", 3_771), ("in_work", 0), ("open", 0), ("problem", 8), ("resolved", 25)];
    assert_eq!(now, BTreeMap::from(expected));
    assert_eq!(now.values().sum::<u64>(), summary.leads);
    for count in summary.clocks.values() {
        let ends = count.met + count.late + count.breached + count.open + count.stopped;
        assert_eq!(ends, count.started, "a clock ends in one way: {count:?}");
    }
}

#[test]
fn helpdesk_cases_come_back_as_often_as_the_log_goes_on_after_a_resolution() {
    let Some((pact, log)) = helpdesk() else { return };
    let mut cases: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in log.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        cases.entry(cells[0]).or_default().push((cells[2], cells[1]));
    }
    let mut back = 0;
    for rows in cases.values_mut() {
        rows.sort_unstable();
        back += rows.windows(2).filter(|pair| pair[0].1 == "6" && matches!(pair[1].1, "8" | "9")).count();
    }
    let (summary, _) = replays(&pact, &[("log", log)], None, 2);
    let (made, used_up) = summary.recycles["reopened"];
    // two come back after more than 30 days
    assert_eq!((made + used_up + 2) as usize, back);
    assert_eq!(used_up, 8);
}

#[test]
fn helpdesk_duplicates_another_order_and_more_threads_change_nothing() {
    let Some((pact, log)) = helpdesk() else { return };
    let (summary, timeline) = replays(&pact, &[("log", log.clone())], None, 1);
    assert_eq!(replays(&pact, &[("log", log.clone())], None, 2), (summary.clone(), timeline.clone()), "two threads");
    for seed in 1..=3 {
        let other = shuffled(&log, seed);
        assert_ne!(other, log);
        assert_eq!(replays(&pact, &[("log", other)], None, 2), (summary.clone(), timeline.clone()), "seed {seed}");
    }
    let mut seen = std::collections::HashSet::new();
    let once: String = log.lines().filter(|line| seen.insert(*line)).map(|line| format!("{line}\n")).collect();
    assert_eq!(once.lines().count(), 13_620);
    let (without, same) = replays(&pact, &[("log", once)], None, 2);
    assert!(same == timeline);
    assert_eq!(without, Summary { duplicates: 0, rows: 13_619, ..summary });
}

#[test]
fn helpdesk_replays_up_to_an_instant_are_the_beginnings_of_whole_ones() {
    let Some((pact, log)) = helpdesk() else { return };
    let (_, whole) = replays(&pact, &[("log", log.clone())], None, 2);
    for until in ["2010-08-01T10:00:00Z", "2011-03-01T17:00:00Z"] {
        let (summary, part) = replays(&pact, &[("log", log.clone())], Some(until), 2);
        assert_eq!(now(&pact, &summary).values().sum::<u64>(), summary.leads);
        assert_eq!(summary.leads + summary.not_yet, 3_804);
        let at = |line: &str| {
            let report: serde_json::Value = serde_json::from_str(line).unwrap();
            report["at"].as_str().unwrap().parse::<leadpact::internals::time::Instant>().unwrap()
        };
        let until: leadpact::internals::time::Instant = until.parse().unwrap();
        let before: String = whole.lines().filter(|line| at(line) <= until).map(|line| format!("{line}\n")).collect();
        assert!(part == before, "{until}");
    }
}

fn olist_files() -> Option<Vec<(&'static str, String)>> {
    let data = data("olist")?;
    let read = |file: &str| std::fs::read_to_string(data.join(file)).unwrap();
    Some(vec![
        ("leads", read("olist_marketing_qualified_leads_dataset.csv")),
        ("deals", read("olist_closed_deals_dataset.csv")),
    ])
}

#[test]
fn olist_leads_are_replayed_until_they_are_won_or_gone() {
    let Some(files) = olist_files() else { return };
    let pact = guide("olist");
    let (summary, timeline) = replays(&pact, &files, None, 1);
    assert_eq!((summary.leads, summary.duplicates, summary.nowhere), (8_000, 0, 0));
    let now = now(&pact, &summary);
    let expected = [("cold", 6_237), ("contacted", 174), ("gone", 465), ("qualification", 282), ("won", 842)];
    assert_eq!(now, BTreeMap::from(expected));
    assert_eq!(now.values().sum::<u64>(), summary.leads);
    assert_eq!(timeline.lines().filter(|line| line.contains(r#""from":"cold","to":"won""#)).count(), 68);
    let count = summary.clocks.values().next().expect("a promise");
    assert_eq!((count.started, count.met, count.late, count.breached), (4_660, 349, 145, 4_166));
    let turned: Vec<_> = files.iter().rev().map(|(source, csv)| (*source, shuffled(csv, 7))).collect();
    assert!(replays(&pact, &turned, None, 2) == (summary, timeline), "the order of files and rows");
}

// --- the guides, command by command ------------------------------------------------------------------------------

/// Commands of a guide's `console` blocks with what they print.
fn commands(guide: &str) -> Vec<(String, String)> {
    let blocks = guide.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let parts = blocks.map(|block| {
        let (command, output) = block.strip_prefix("$ ").expect("a command").split_once('\n').unwrap();
        (command.to_owned(), output.to_owned())
    });
    parts.collect()
}

/// Runs a guide on public data, where that is here.
fn follow(name: &str, folder: &str) {
    if let Some(data) = data(folder) {
        follow_with(name, &format!("docs/guides/{name}"), Some(&data));
    }
}

/// Runs a guide where its reader does: in a folder with the data and the rules. `LEADPACT_BLESS` writes down what the
/// commands print.
fn follow_with(name: &str, rules: &str, data: Option<&Path>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = tempfile::tempdir().unwrap();
    let copy = |from: &Path, to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        let files = std::fs::read_dir(from).unwrap().map(Result::unwrap);
        for file in files.filter(|file| file.path().is_file()) {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    };
    copy(&root.join(rules), &here.path().join(rules));
    data.into_iter().for_each(|data| copy(data, here.path()));
    let bin = Path::new(env!("CARGO_BIN_EXE_leadpact")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let (page, bless) = (root.join(format!("docs/guides/{name}.md")), std::env::var_os("LEADPACT_BLESS").is_some());
    let guide = std::fs::read_to_string(&page).unwrap();
    let mut blessed = guide.clone();
    let commands = commands(&guide);
    assert!(commands.len() >= 4, "{name} has {} commands", commands.len());
    for (command, expected) in commands {
        let mut shell = std::process::Command::new("sh");
        let ran = shell.args(["-c", &format!("exec 2>&1\n{command}")]).env("PATH", &path).env("LC_ALL", "C");
        let output = ran.current_dir(here.path()).output().unwrap();
        assert!(output.status.success(), "{command}");
        let printed = String::from_utf8_lossy(&output.stdout);
        blessed = blessed.replace(&format!("$ {command}\n{expected}```"), &format!("$ {command}\n{printed}```"));
        if !bless {
            assert_eq!(printed, expected, "{command}");
        }
    }
    if bless {
        std::fs::write(page, blessed).unwrap();
    }
}

#[test]
fn the_olist_guide_shows_what_its_commands_print() {
    follow("olist", "olist");
}

#[test]
fn the_maven_guide_shows_what_its_commands_print() {
    follow("maven", "maven_crm");
}

#[test]
fn the_helpdesk_guide_shows_what_its_commands_print() {
    follow("helpdesk", "helpdesk");
}

#[test]
fn the_scoring_guide_shows_what_its_commands_print() {
    follow_with("scoring", "docs/guides/scoring", None);
}

#[test]
fn the_guide_of_tuning_shows_what_its_commands_print() {
    follow_with("tuning", "docs/guides/tuning", None);
}

#[test]
fn the_guide_of_one_customer_shows_what_its_commands_print() {
    follow_with("one_customer", "rules/acme", None);
}
