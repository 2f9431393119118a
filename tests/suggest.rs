//! What is suggested: planted clauses are found and a planted confounder is not fallen for, small numbers tell nothing, and order
//! changes nothing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::load::load;
use leadpact::internals::measure::{
    ClauseWeight, Difference, EvidenceRows, EvidenceScope, Figure, FigurePlace, Figures, Proportion, Relation, Series,
    Tells, Z,
};
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use leadpact::internals::suggest::{Objection, SuggestionKind, Tuned, TuningReport, Verified, tune};
use leadpact::internals::world::Memory;
use proptest::prelude::*;

/// Who asked for a demo wants to buy. `webinar` goes along with that and does nothing, `newsletter` does nothing at all.
const CLAUSES: &str = r#"pact planted { parties marketing, sales  time zone "UTC" }

lead {
  id      text key
  size    integer?
  webinar bool default false
  letter  bool default false
  asked   bool default false
}

activity came
disposition accepted
disposition refused

score interest 0 to 100 {
  give 30 when asked
  give 20 when webinar
  give 20 when letter
  give 30 when size >= 100
}

criteria ready { agreed by marketing, sales  need any came  need interest >= 20 }

pipeline all {
  stage inquiry { owner marketing  move to sal when disposition = accepted  move to mql when ready }
  stage mql {
    owner sales
    move to sal     when disposition = accepted
    move to dropped when disposition = refused
  }
  stage sal     { owner sales      final }
  stage dropped { owner marketing  final }
}

metric acceptance = mql -> sal
metric mqls       = leads entering mql
"#;

/// Numbers that look like chance and are the same everywhere: SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn comes(&mut self, chance: f64) -> bool {
        self.next() < chance
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.next() * f64::from(end)) as u32
    }
}

/// A lead a row of facts, an entry and an answer, over a year.
fn lead(events: &mut Vec<String>, number: usize, of: usize, facts: &str, accepted: bool) {
    let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    let day = start + chrono::TimeDelta::days((number * 360 / of) as i64);
    let answer = if accepted { "accepted" } else { "refused" };
    let later = day + chrono::TimeDelta::days((number % 9) as i64 + 1);
    let at = |day: chrono::NaiveDate| format!(r#"{{"lead": "{number:05}", "at": "{day}T09:00:00Z", "event":"#);
    let [before, after] = [day, later].map(at);
    events.push(format!("{before} \"record\", {facts}}}\n{before} \"came\"}}\n"));
    events.push(format!("{after} \"{answer}\"}}\n"));
}

/// Leads of whom those who asked are accepted in 45 of 100 cases and others in 15, whatever else they have.
fn clauses(leads: usize, seed: u64) -> Vec<String> {
    let (mut dice, mut events) = (Dice(seed << 32), Vec::new());
    for number in 0..leads {
        let asked = dice.comes(0.5);
        let webinar = dice.comes(if asked { 0.75 } else { 0.25 });
        let letter = dice.comes(0.5);
        let size = if dice.comes(0.5) { 150 } else { 20 };
        let accepted = dice.comes(if asked { 0.45 } else { 0.15 } + if size > 100 { 0.15 } else { 0.0 });
        let facts = format!(r#""asked": {asked}, "webinar": {webinar}, "letter": {letter}, "size": {size}"#);
        lead(&mut events, number, leads, &facts, accepted);
    }
    events
}

/// A score that tells, and a threshold of 20 where it tells from 50 on: below that hardly anybody is accepted.
const THRESHOLD: &str = r#"pact planted { parties marketing, sales  time zone "UTC" }
lead { id text key  visits integer default 0 }
activity came
disposition accepted
disposition refused
score interest 0 to 100 { give min(visits, 10) * 10 }
criteria ready {
  agreed by marketing, sales
  need any came
  need interest >= 20  # as agreed in the first year
}
pipeline all {
  stage inquiry { owner marketing  move to sal when disposition = accepted  move to mql when ready }
  stage mql { owner sales  move to sal when disposition = accepted  move to dropped when disposition = refused }
  stage sal { owner sales  final }
  stage dropped { owner marketing  final }
}
metric acceptance = mql -> sal
test "two visits are enough" { lead { visits 2 }  had came today  expect stage mql }
test "ten are" { lead { visits 10 }  had came today  expect stage mql }
"#;

fn threshold(leads: usize, seed: u64) -> Vec<String> {
    let (mut dice, mut events) = (Dice(seed << 32), Vec::new());
    for number in 0..leads {
        let visits = dice.below(11);
        let accepted = dice.comes(if visits >= 5 { 0.4 } else { 0.05 });
        lead(&mut events, number, leads, &format!(r#""visits": {visits}"#), accepted);
    }
    events
}

fn gathered(pact: &Pact, events: &[String]) -> Gathered {
    let mut gathered = Gathered::default();
    let rows = rows(Box::new(std::io::Cursor::new(events.concat())), "events", Some(Format::Ndjson)).unwrap();
    let input = LeadInput { name: "events".into(), rows, intake: None };
    gathered.read(pact, input, &mut |rejected| panic!("{}", rejected.reject), &mut || {}).unwrap();
    gathered
}

/// The evidence of each lead, in a part of its own.
fn parts(pact: &Pact, scope: &EvidenceScope, events: &[String]) -> Vec<EvidenceRows> {
    let parts: std::sync::Mutex<Vec<EvidenceRows>> = std::sync::Mutex::default();
    let count = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
        let mut rows = EvidenceRows::default();
        rows.add(pact, scope, replayed);
        parts.lock().unwrap().push(rows);
        Ok(())
    };
    let options = ReplayOptions { until: Some("2026-03-01T00:00:00Z".parse().unwrap()), threads: 2, known: true };
    replay(pact, gathered(pact, events), options, &count, &mut |_| Ok(())).unwrap();
    parts.into_inner().unwrap()
}

fn merged(parts: impl IntoIterator<Item = EvidenceRows>) -> EvidenceRows {
    let mut whole = EvidenceRows::default();
    parts.into_iter().for_each(|part| whole.merge(part));
    whole.in_order()
}

fn tuned(rules: &str, events: &[String]) -> TuningReport {
    let world = Memory::new([("a.pact", rules)]);
    let loaded = load(&world, None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let scope = EvidenceScope::of(&pact, pact.metric("acceptance").unwrap()).unwrap();
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let tuned = Tuned { pact: &pact, world: &world, environment: None, scope: &scope, now, later: 0.3 };
    let rows = merged(parts(&pact, &scope, events));
    tune(tuned, &rows, &mut |edited, scope| Ok(merged(parts(edited, scope, events)))).unwrap()
}

fn weight<'r>(report: &'r TuningReport, says: &str) -> &'r ClauseWeight {
    report
        .evidence
        .clauses
        .iter()
        .find(|clause| &*clause.because.says == says)
        .unwrap_or_else(|| panic!("no clause {says}"))
}

fn suggested(report: &TuningReport) -> Vec<(SuggestionKind, String)> {
    report.suggestions.iter().map(|one| (one.kind, one.because.says.to_string())).collect()
}

#[test]
fn a_useless_clause_is_found_and_a_confounder_is_not_fallen_for() {
    let (mut nothing, mut found) = (0, 0);
    for seed in 1..=6 {
        let report = tuned(CLAUSES, &clauses(6_000, seed));
        for says in ["give 30 when asked", "give 30 when size >= 100"] {
            assert_eq!(weight(&report, says).tells, Tells::For, "{seed}: {says}");
        }
        for says in ["give 20 when webinar", "give 20 when letter"] {
            let tells = weight(&report, says).tells;
            // in one of twenty histories chance makes it seem to tell something
            assert!(matches!(tells, Tells::Nothing | Tells::PerhapsFor | Tells::PerhapsAgainst), "{seed}: {says}");
            nothing += usize::from(tells == Tells::Nothing);
        }
        // among those let in a clause that does nothing even seems to do harm: who has it needs nothing else
        let crude = weight(&report, "give 20 when letter").difference.expect("it is compared");
        assert!(crude.value < rust_decimal::Decimal::ZERO, "{seed}: {crude:?}");

        let suggested = suggested(&report);
        found += usize::from(suggested.contains(&(SuggestionKind::DropPoints, "give 20 when letter".into())));
        for (kind, says) in &suggested {
            // nothing is made of the confounder but that it tells nothing by itself
            let told = says == "give 20 when letter" || says == "give 20 when webinar" || says.starts_with("need");
            assert!(told && *kind != SuggestionKind::DropOppositePoints, "{seed}: {suggested:?}");
        }
        for suggestion in &report.suggestions {
            let trial = suggestion.trial.as_ref().expect("it was tried");
            assert_eq!(trial.still.of + trial.left_out.of, trial.before.of, "{seed}");
            assert_ne!(suggestion.verified, Verified::Contradicted);
        }
    }
    assert!(nothing >= 11, "{nothing} of 12");
    assert!(found >= 5, "{found} of 6");
}

#[test]
fn a_confounder_that_seems_to_tell_is_explained() {
    // whoever comes is let in, so that nothing stands in for another thing
    let open = CLAUSES.replace("need interest >= 20", "need interest >= 0");
    let report = tuned(&open, &clauses(6_000, 3));
    let webinar = weight(&report, "give 20 when webinar");
    assert!(webinar.difference.unwrap().low > rust_decimal::Decimal::ZERO, "{webinar:?}");
    assert_eq!(webinar.tells, Tells::Nothing);
    let Some(Relation::GoesAlongWith(other)) = &webinar.relation else { panic!("{webinar:?}") };
    assert_eq!(&*other.says, "give 30 when asked");
}

#[test]
fn clauses_that_always_come_together_are_not_told_apart() {
    let twin = CLAUSES.replace("give 20 when webinar", "give 20 when asked and size is present");
    let report = tuned(&twin, &clauses(3_000, 5));
    for says in ["give 30 when asked", "give 20 when asked and size is present"] {
        let weight = weight(&report, says);
        assert_eq!(weight.tells, Tells::TooFew, "{says}");
        assert!(matches!(weight.relation, Some(Relation::NotToldApartFrom(_))), "{:?}", weight.relation);
    }
    assert!(suggested(&report).iter().all(|(_, says)| !says.contains("asked")));
}

#[test]
fn a_threshold_that_is_too_low_is_found() {
    for seed in 1..=6 {
        let report = tuned(THRESHOLD, &threshold(3_000, seed));
        let raised = report.suggestions.iter().find(|one| one.kind == SuggestionKind::RaiseThreshold);
        let raised = raised.unwrap_or_else(|| panic!("{seed}: {:?}", report.passed_over));
        assert_eq!(raised.number.as_deref(), Some("50"), "{seed}");
        assert_eq!(raised.verified, Verified::Holds, "{seed}");
        let trial = raised.trial.as_ref().unwrap();
        assert!(trial.still.value > trial.before.value, "{seed}");
        assert_eq!(trial.let_in.of, 0, "{seed}");
        assert!(
            raised.diff.contains("\n-  need interest >= 20  # as agreed in the first year\n+  need interest >= 50  #")
        );
        assert_eq!(raised.failing, ["two visits are enough".into()], "{seed}");
        // a threshold that is right is left alone
        let right = tuned(&THRESHOLD.replace(">= 20", ">= 50"), &threshold(3_000, seed));
        assert_eq!(suggested(&right), [], "{seed}");
    }
}

#[test]
fn a_need_that_keeps_out_who_would_come_is_found() {
    let strict = THRESHOLD.replace(">= 20", ">= 80");
    let report = tuned(&strict, &threshold(3_000, 2));
    let lowered = report.suggestions.iter().find(|one| one.kind == SuggestionKind::LowerThreshold);
    let lowered = lowered.unwrap_or_else(|| panic!("{:?}", report.passed_over));
    // 40 is a step below what was planted: with those of 50 to 70 beside them the few of 40 are not told apart
    assert!(["40", "50"].contains(&lowered.number.as_deref().unwrap()), "{:?}", lowered.number);
    let trial = lowered.trial.as_ref().unwrap();
    assert!(trial.left_out.of == 0 && trial.let_in.of > 0, "{trial:?}");
    let near = report.near_misses.as_ref().expect("some were kept out");
    assert!(near.by.iter().any(|by| &*by.because.says == "need interest >= 80" && by.alone.reached > 100), "{near:?}");
}

#[test]
fn a_need_goes_that_keeps_out_who_comes_as_often() {
    let asks = "agreed by marketing, sales  need any came\n  need letter\n  need interest >= 20";
    let strict = CLAUSES.replace("agreed by marketing, sales  need any came  need interest >= 20", asks);
    let report = tuned(&strict, &clauses(6_000, 4));
    let dropped = report.suggestions.iter().find(|one| one.kind == SuggestionKind::DropNeed);
    let dropped = dropped.unwrap_or_else(|| panic!("{:?} {:?}", report.suggestions, report.passed_over));
    assert_eq!(&*dropped.because.says, "need letter");
    assert!(dropped.diff.contains("\n-  need letter\n"), "{}", dropped.diff);
    assert_eq!(dropped.trial.as_ref().unwrap().left_out.of, 0);
    // the score that keeps out who does not come is left alone
    assert!(report.suggestions.iter().all(|one| one.kind != SuggestionKind::LowerThreshold));
}

#[test]
fn small_numbers_tell_nothing() {
    for seed in 1..=20 {
        let report = tuned(CLAUSES, &clauses(60, seed));
        let few = report.too_few.expect("there are too few");
        assert!(few.there.iter().zip(few.wanted).any(|(there, wanted)| *there < wanted));
        assert!(report.suggestions.is_empty() && report.passed_over.is_empty());
        assert!(report.evidence.clauses.iter().all(|clause| clause.tells != Tells::Nothing), "{seed}");
    }
    let none = tuned(CLAUSES, &[]);
    assert!(none.evidence.within.is_none() && none.suggestions.is_empty());
}

#[test]
fn nothing_is_found_where_nothing_is() {
    // every clause is a coin that is thrown: in 19 of 20 histories nothing tells the opposite, and no threshold is too low
    let found: usize = (1..=40)
        .map(|seed| {
            let (mut dice, mut events) = (Dice(seed << 32), Vec::new());
            for number in 0..600 {
                let mut coin = || dice.comes(0.5);
                let (asked, webinar, letter) = (coin(), coin(), coin());
                let (size, accepted) = (if coin() { 150 } else { 20 }, coin());
                let facts = format!(r#""asked": {asked}, "webinar": {webinar}, "letter": {letter}, "size": {size}"#);
                lead(&mut events, number, 600, &facts, accepted);
            }
            let report = tuned(CLAUSES, &events);
            let wrong = |kind| matches!(kind, SuggestionKind::DropOppositePoints | SuggestionKind::RaiseThreshold);
            suggested(&report).iter().filter(|(kind, _)| wrong(*kind)).count()
        })
        .sum();
    assert!(found <= 2, "{found} of 40");
}

#[test]
fn whatever_the_way_in_asks_for_is_weighed_clause_by_clause() {
    let rules = r#"pact ways { parties marketing, sales }
    lead { id text key  size integer?  country text?  vip bool default false  mail text?  phone text? }
    activity visit
    param least = 30
    score fit 0 to 100 {
      give 10 per visit, at most 50
      give 20 when size > 10
    }
    criteria known { agreed by sales  any mail is present  any phone is present  not country = "XX" }
    criteria ready {
      agreed by sales
      need known
      need size >= 20
      need { need country is present  need known }
      need fit >= least
    }
    pipeline all {
      stage inquiry { owner marketing  move to mql when ready  move to mql when vip and any visit }
      stage mql { owner sales  move to won when size > 90 }
      stage won { owner sales  final }
    }
    metric acceptance = mql -> won"#;
    let loaded = load(&Memory::new([("a.pact", rules)]), None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let scope = EvidenceScope::of(&pact, pact.metric("acceptance").unwrap()).unwrap();
    let says: Vec<String> = scope.clauses.iter().map(|clause| pact.sources.says(clause.span)).collect();
    let expected = [
        "give 10 per visit, at most 50",
        "give 20 when size > 10",
        "not country = \"XX\"",
        "any mail is present",
        "any phone is present",
        "any mail is present any phone is present",
        "need size >= 20",
        "need country is present",
        "need fit >= least",
        "vip",
        "any visit",
    ];
    assert_eq!(says, expected);
    let looks: Vec<&str> =
        scope.clauses.iter().zip(expected).filter(|(clause, _)| clause.looks_at_points).map(|(_, says)| says).collect();
    assert_eq!(looks, ["need fit >= least"]);
    let numbers: Vec<(String, String)> = scope
        .thresholds
        .iter()
        .map(|threshold| (pact.sources.says(threshold.value.span), threshold.least.to_string()))
        .collect();
    assert_eq!(numbers, [("size".into(), "20".into()), ("fit".into(), "30".into())]);

    // kept out by the door that is nearest, when it is
    let at = |day: u32| format!(r#""at": "2026-02-{day:02}T09:00:00Z", "event":"#);
    let events = [
        format!("{{\"lead\": \"a\", {} \"record\", \"size\": 25, \"mail\": \"a@b.example\"}}\n", at(1)),
        format!("{{\"lead\": \"a\", {} \"visit\"}}\n", at(2)),
        format!("{{\"lead\": \"a\", {} \"record\", \"size\": 5}}\n", at(3)),
    ];
    let rows = merged(parts(&pact, &scope, &events));
    let [row] = rows.kept_out.as_slice() else { panic!("{rows:?}") };
    let lacked: Vec<&str> = row.lacked.iter().map(|at| expected[*at]).collect();
    assert_eq!((lacked, row.at), (vec!["vip"], "2026-02-02T09:00:00Z".parse().unwrap()));
}

#[test]
fn order_and_parts_change_nothing() {
    let events = clauses(900, 11);
    let world = Memory::new([("a.pact", CLAUSES)]);
    let pact = load(&world, None).pact.unwrap();
    let scope = EvidenceScope::of(&pact, pact.metric("acceptance").unwrap()).unwrap();
    let of_parts = parts(&pact, &scope, &events);
    let whole = merged(of_parts.clone());
    assert_eq!(merged(of_parts.into_iter().rev()), whole);
    let turned: Vec<String> = events.iter().rev().chain(events.iter().step_by(3)).cloned().collect();
    assert_eq!(merged(parts(&pact, &scope, &turned)), whole);
    assert_eq!(tuned(CLAUSES, &turned), tuned(CLAUSES, &events));
}

#[test]
fn every_difference_applies_and_the_edited_pact_checks() {
    let mut tried = 0;
    for (rules, events) in [(CLAUSES, clauses(6_000, 1)), (THRESHOLD, threshold(3_000, 1))] {
        let report = tuned(rules, &events);
        for suggestion in report.suggestions.iter().chain(&report.passed_over) {
            assert_ne!(suggestion.objection, Some(Objection::DoesNotCheck));
            let here = tempfile::tempdir().unwrap();
            std::fs::write(here.path().join("a.pact"), rules).unwrap();
            std::fs::write(here.path().join("edit.diff"), &suggestion.diff).unwrap();
            let applied = Command::new("git").args(["apply", "edit.diff"]).current_dir(here.path()).status();
            assert!(applied.unwrap().success(), "{}", suggestion.diff);
            let text = std::fs::read_to_string(here.path().join("a.pact")).unwrap();
            assert_ne!(text, rules);
            assert!(load(&Memory::new([("a.pact", text)]), None).pact.is_some(), "{}", suggestion.diff);
            tried += 1;
        }
    }
    assert!(tried >= 3, "{tried} were tried");
}

/// The rows of a table of the document, after a line that names its columns.
fn table(document: &str, header: &str) -> Vec<Vec<String>> {
    let rows = document.split(header).nth(1).expect("the table is there").lines().skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn proportion(cell: &str) -> Proportion {
    let (reached, of) = cell.split_once(" of ").unwrap_or_else(|| panic!("{cell} is no share"));
    Proportion { reached: reached.parse().unwrap(), of: of.parse().unwrap() }
}

/// A difference as the document tells it.
fn points(difference: Option<Difference>) -> String {
    let difference = difference.expect("there is one");
    let [value, low, high] = [difference.value, difference.low, difference.high].map(|value| {
        let value = rust_decimal::Decimal::from_f64_retain(value).unwrap();
        (value.round_dp(4) * rust_decimal::Decimal::ONE_HUNDRED).round_dp(1).normalize()
    });
    let sign = if value > rust_decimal::Decimal::ZERO { "+" } else { "" };
    format!("{sign}{value} ({low} to {high})")
}

#[test]
fn the_worked_evidence_of_the_document_comes_out() {
    let document = std::fs::read_to_string(root().join("docs/semantics-measures.md")).unwrap();
    let rows = table(&document, "\n| with it | without it | difference |");
    assert_eq!(rows.len(), 4);
    for row in rows {
        assert_eq!(points(Difference::of(proportion(&row[0]), proportion(&row[1]), Z)), row[2], "{row:?}");
    }
    let rows = table(&document, "\n| | with it | without it | difference |");
    let sides = |row: &Vec<String>| (proportion(&row[1]), proportion(&row[2]));
    let (all, strata) = (sides(&rows[0]), [sides(&rows[1]), sides(&rows[2])]);
    assert_eq!((strata[0].0.and(strata[1].0), strata[0].1.and(strata[1].1)), all, "the parts add up");
    assert_eq!(points(Difference::of(all.0, all.1, Z)), rows[0][3]);
    assert_eq!(points(Difference::within(strata, Z)), rows[3][3]);
}

const LOOP: &str = r#"
pact loop { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  size integer?  email text?  match on email }
activity demo
disposition won
disposition later
score fit 0 to 100 { give 10 per demo  give 30 when size > 10 }
criteria ready { agreed by sales  need fit >= 20  need size is present }
pipeline all {
  stage inquiry { owner marketing  move to customer when disposition = won  move to mql when ready }
  stage mql { owner sales  move to customer when disposition = won }
  stage customer { owner sales  final }
}
recycle not_now { from mql  when disposition = later  to inquiry  rest 1 day }
metric acceptance = mql -> customer
"#;

/// Events of four leads within three months: late, repeated, corrected, merged, recycled.
fn loose_events() -> impl Strategy<Value = Vec<String>> {
    let says = prop_oneof![
        4 => Just(r#""event": "demo""#.to_owned()),
        1 => Just(r#""event": "later""#.to_owned()),
        1 => Just(r#""event": "won""#.to_owned()),
        2 => (1..30u32).prop_map(|n| format!(r#""event": "record", "size": {n}"#)),
        1 => Just(r#""event": "record", "email": "x@a.example""#.to_owned()),
        1 => prop::sample::select(vec!["a", "b", "e"]).prop_map(|it| format!(r#""event": "merged", "into": "{it}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "demo", "event_id": "e{n}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "correction", "of": "e{n}""#)),
    ];
    let lead = prop::sample::select(vec!["a", "b", "c", "d"]);
    let row = (lead, 0..40i64, 0..24u32, says).prop_map(|(lead, day, hour, says)| {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 10).unwrap() + chrono::TimeDelta::days(day);
        format!("{{\"lead\": \"{lead}\", \"at\": \"{date}T{hour:02}:00:00+03:00\", {says}}}\n")
    });
    prop::collection::vec(row, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the order, the repetition and the parts, the rows are the same, and as many as the figure counts.
    #[test]
    fn the_rows_are_those_that_the_figure_counts(events in loose_events().prop_shuffle(), again in any::<prop::sample::Index>()) {
        let pact = load(&Memory::new([("a.pact", LOOP)]), None).pact.unwrap();
        let metric = pact.metric("acceptance").unwrap();
        let scope = EvidenceScope::of(&pact, metric).unwrap();
        let whole = merged(parts(&pact, &scope, &events));
        let mut turned: Vec<String> = events.iter().rev().cloned().collect();
        turned.push(again.get(&events).clone());
        prop_assert_eq!(&merged(parts(&pact, &scope, &turned).into_iter().rev()), &whole);

        let figures: std::sync::Mutex<Figures> = std::sync::Mutex::default();
        let series = [Series { metrics: vec![metric], ..Series::default() }];
        let count = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
            figures.lock().unwrap().add(&pact, &series, replayed);
            Ok(())
        };
        let until = Some("2026-03-01T00:00:00Z".parse().unwrap());
        let options = ReplayOptions { until, threads: 1, known: true };
        replay(&pact, gathered(&pact, &events), options, &count, &mut |_| Ok(())).unwrap();
        let figure = figures.into_inner().unwrap().figure(&pact, 0, metric, &FigurePlace { period: None, group: None });
        let counted = match figure {
            Some(Figure::Share { reached, of, .. }) => (reached, of),
            _ => (0, 0),
        };
        let came = whole.cases.iter().filter(|row| row.came.is_some()).count() as u64;
        prop_assert_eq!((came, whole.cases.len() as u64), counted);
        for row in &whole.kept_out {
            prop_assert!(!whole.cases.iter().any(|case| case.case == row.case), "{:?} in {:?}", row, whole.cases);
            prop_assert!(row.came.is_none_or(|came| came >= row.at));
        }
        for row in &whole.cases {
            prop_assert!(row.came.is_none_or(|came| came >= row.at));
            // whoever entered by the criteria met all that it asks for; of two that are one each may have met a part
            let merged = events.iter().any(|event| event.contains("merged") || event.contains("email"));
            prop_assert!(merged || row.levels.iter().skip(2).all(|level| *level == 1), "{:?}", row);
        }
    }
}

// --- the command ----------------------------------------------------------------------------------------------------

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_leadpact")).args(args).current_dir(folder).output().unwrap()
}

fn folder(rules: &str, events: &[String]) -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("a.pact"), rules).unwrap();
    std::fs::write(here.path().join("events.ndjson"), events.concat()).unwrap();
    here
}

#[test]
fn a_page_says_all_of_it() {
    let here = folder(CLAUSES, &clauses(6_000, 1));
    for format in ["table", "markdown"] {
        let output = run(here.path(), &["suggest", "a.pact", "events.ndjson", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        insta::assert_snapshot!(format!("suggest_{format}"), String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(std::fs::read_to_string(here.path().join("a.pact")).unwrap(), CLAUSES, "nothing is changed");
    let json = run(here.path(), &["suggest", "a.pact", "events.ndjson", "--format", "json"]).stdout;
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(report[0]["metric"], "acceptance");
    assert_eq!(report[0]["clauses"][2]["tells"], "nothing");
    let one = run(here.path(), &["suggest", "a.pact", "events.ndjson", "--format", "json", "--threads", "1"]).stdout;
    assert!(one == json, "threads change nothing");
}

#[test]
fn rules_in_folders_are_edited_where_they_stand() {
    let here = tempfile::tempdir().unwrap();
    let rules = here.path().join("rules");
    std::fs::create_dir_all(rules.join("scores")).unwrap();
    let (before, rest) = CLAUSES.split_once("score interest").unwrap();
    let (score, after) = rest.split_once("criteria").unwrap();
    std::fs::write(rules.join("a.pact"), format!("{before}criteria{after}")).unwrap();
    std::fs::write(rules.join("scores/interest.pact"), format!("score interest{score}").replace('\n', "\r\n")).unwrap();
    std::fs::write(here.path().join("events.ndjson"), clauses(6_000, 1).concat()).unwrap();
    let output = run(here.path(), &["suggest", "rules", "events.ndjson", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let suggestions = report[0]["suggestions"].as_array().unwrap();
    let of_points = suggestions.iter().filter(|one| one["kind"] == "drop_points");
    let diffs: Vec<&str> = of_points.map(|one| one["diff"].as_str().unwrap()).collect();
    assert!(!diffs.is_empty(), "{report}");
    for diff in diffs {
        std::fs::write(here.path().join("edit.diff"), diff).unwrap();
        let applied =
            Command::new("git").args(["apply", "--check", "../edit.diff"]).current_dir(&rules).output().unwrap();
        assert!(applied.status.success(), "{diff}{}", String::from_utf8_lossy(&applied.stderr));
        assert!(diff.starts_with("--- a/scores/interest.pact\n+++ b/scores/interest.pact\n"), "{diff}");
    }
}

#[test]
fn wrong_input_says_what_and_why() {
    let events = clauses(20, 1);
    let here = folder(CLAUSES, &events);
    let errs = |args: &[&str], says: &str| {
        let output = run(here.path(), &[&["suggest", "a.pact"], args].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(says), "{error}");
    };
    errs(&["events.ndjson", "--metric", "aceptance"], "there is no metric `aceptance`: did you mean `acceptance`?");
    errs(
        &["events.ndjson", "--metric", "mqls"],
        "`mqls` is no conversion from one stage to another; there are acceptance",
    );
    errs(&["events.ndjson", "--later", "100%"], "write a share from 5% to 95%");
    errs(&["-"], "name a file instead of standard input");
    errs(&["none.ndjson"], "cannot read `none.ndjson`");
    let no_conversion = folder(&CLAUSES.replace("metric acceptance = mql -> sal", ""), &events);
    let output = run(no_conversion.path(), &["suggest", "a.pact", "events.ndjson"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the pact has no conversion"));
    let empty = folder(CLAUSES, &[]);
    let output = run(empty.path(), &["suggest", "a.pact", "events.ndjson"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("nothing to learn from"));
}

#[test]
fn olist_is_read_with_care() {
    let beside = || root().join("../shared/data");
    let data = std::env::var_os("LEADPACT_DATA").map_or_else(beside, PathBuf::from).join("olist");
    if !data.is_dir() {
        println!("skipped: no data in {}; set LEADPACT_DATA", data.display());
        return;
    }
    let file = |source: &str, name: &str| format!("{source}={}", data.join(name).display());
    let leads = file("leads", "olist_marketing_qualified_leads_dataset.csv");
    let deals = file("deals", "olist_closed_deals_dataset.csv");
    let rules = root().join("docs/guides/olist");
    let args = ["suggest", rules.to_str().unwrap(), &leads, &deals, "--format", "json", "--quiet"];
    let json = run(&root(), &args).stdout;
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let mut out = String::new();
    for clause in report[0]["clauses"].as_array().unwrap() {
        writeln!(out, "{}: {}", clause["because"]["says"].as_str().unwrap(), clause["tells"].as_str().unwrap())
            .unwrap();
    }
    assert_eq!(
        out,
        "give 40 when origin in \"organic_search\", \"paid_search\": nothing\n\
         give 60 when origin in \"direct_traffic\", \"referral\": nothing\n\
         give 20 when origin = \"social\": against\n\
         give 10 if any first_contacted in last 30 days: too_few\n"
    );
}
