//! The 46 cases that other products got wrong: each has a row that decides it in a page of the meaning, and a test of
//! its number.

use std::collections::BTreeMap;
use std::path::Path;

const CASES: usize = 46;

fn texts(folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
    let files = files.filter(|entry| wanted(&entry.file_name().to_string_lossy()));
    files.map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect()
}

#[test]
fn every_case_is_decided_once() {
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    for page in texts("docs", |name| name.starts_with("semantics") && name.ends_with(".md")) {
        let table = page.lines().skip_while(|line| !line.starts_with("| # |")).skip(2);
        for row in table.take_while(|line| line.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{row}");
            *rows.entry(cells[0].parse().unwrap()).or_default() += 1;
        }
    }
    let all: BTreeMap<usize, usize> = (1..=CASES).map(|case| (case, 1)).collect();
    assert_eq!(rows, all);
}

#[test]
fn every_case_has_a_test() {
    let mut tests = texts("tests", |name| name.starts_with("edge_") && name != "edge_cases.rs");
    tests.extend(texts("src/calendar", |name| name == "tests.rs"));
    tests.extend(texts("src/roster", |name| name == "tests.rs"));
    let named = |case: &usize| tests.iter().any(|text| text.contains(&format!("\nfn edge_{case:02}_")));
    let lacking: Vec<usize> = (1..=CASES).filter(|case| !named(case)).collect();
    assert!(lacking.is_empty(), "no test for {lacking:?}");
}
