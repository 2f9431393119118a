//! The guides hold on the public data that they are about, where it is present: a folder named by `LEADPACT_DATA`, or
//! one beside the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leadpact::decide::{Decision, decide};
use leadpact::io::{Format, rows};
use leadpact::leads::{Input, Leads};
use leadpact::pact::{Pact, Verdict};
use leadpact::record::Record;

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
    let open = |(source, path): &(&str, PathBuf)| {
        let name: Arc<str> = path.display().to_string().into();
        let file = Box::new(std::fs::File::open(path).unwrap());
        let intake = Some(pact.intake(source).unwrap_or_else(|| panic!("no source {source}")));
        Input { rows: rows(file, &name, Some(Format::Csv)).unwrap(), name, intake }
    };
    Leads::new(pact, files.iter().map(open).collect()).expect("a file")
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
        let said = &decision.criteria["known_origin"];
        let missing = record.value(origin).is_none();
        assert_eq!(said.verdict == Verdict::Unknown, missing, "{:?}", decision.id);
        assert_eq!(!said.missing.is_empty(), missing, "{:?}", decision.id);
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
