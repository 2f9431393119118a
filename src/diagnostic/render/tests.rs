use super::*;
use crate::diagnostic::Code;
use crate::source::Source;

/// Two files in four scripts, tabs among them, and a finding of each kind of place.
fn findings() -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let a = "# ลีด: müşteri\nlist ลีดใหม่ = \"лид\", oops\n\tlist ış\t= \"100%\"\n";
    let first = sources.add(Source::new("a, b/ลีด.pact", a));
    let b = "criteria x {\n  need лид\n}";
    let second = sources.add(Source::new("b.pact", b));
    let at = |file, text: &str, word: &str| {
        let start = text.find(word).unwrap();
        Span::new(file, start..start + word.len())
    };
    let findings = vec![
        Diagnostic::new(Code::UnexpectedText, at(first, a, "oops"), "`oops` does not fit here: 100%")
            .here("expected a text")
            .help("did you mean `\"oops\"`?")
            .fix("quote it", at(first, a, "oops"), "\"oops\""),
        Diagnostic::new(Code::BadValue, at(first, a, "\"100%\""), "`ış` is said twice")
            .here("here")
            .and(at(first, a, "ลีดใหม่"), "and here")
            .and(at(second, b, "лид"), "used here"),
        Diagnostic::new(Code::UnclosedBrace, at(second, b, "{\n  need лид\n}"), "a brace\nover lines"),
        Diagnostic::new(Code::UnexpectedText, Span::new(second, b.len()..b.len()), "something is missing").here("here"),
    ];
    (sources, findings)
}

#[test]
fn the_summary_counts() {
    let (_, findings) = findings();
    assert_eq!(summary(&findings), "4 errors in 2 files");
    assert_eq!(summary(&findings[..1]), "1 error in 1 file");
}

#[test]
fn people_see_the_lines() {
    let (sources, findings) = findings();
    insta::assert_snapshot!(human(&sources, &findings, false));
}

#[test]
fn colour_is_the_callers_choice() {
    let (sources, findings) = findings();
    assert!(human(&sources, &findings, true).contains("\u{1b}["));
    assert!(!human(&sources, &findings, false).contains('\u{1b}'));
}

#[test]
fn a_finding_outside_every_file_is_still_shown() {
    let nowhere = Diagnostic::new(Code::UnreadableFile, Span::new(crate::span::FileId(9), 3..4), "`x` cannot be read");
    let text = human(&SourceMap::default(), &[nowhere], false);
    assert!(text.contains("E0106") && text.contains("`x` cannot be read"), "{text}");
}

#[test]
fn scripts_read_json() {
    let (sources, findings) = findings();
    insta::assert_snapshot!(json(&sources, &findings));
    assert_eq!(json_lines(&sources, &findings).lines().count(), findings.len());
    assert_eq!(json(&sources, &[]), "[]\n");
}

#[test]
fn github_annotates() {
    let (sources, findings) = findings();
    insta::assert_snapshot!(github(&sources, &findings));
}

#[test]
fn code_scanning_reads_sarif() {
    let (sources, findings) = findings();
    let mut log: serde_json::Value = serde_json::from_str(&sarif(&sources, &findings[..2])).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    assert_eq!(rules.as_array().unwrap().len(), Code::ALL.len());
    for result in log["runs"][0]["results"].as_array_mut().unwrap() {
        let index = result["ruleIndex"].take().as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    insta::with_settings!({filters => vec![(r#""version": "0\.\d+\.\d+""#, r#""version": "…""#)]}, {
        insta::assert_snapshot!(format!("{log:#}"));
    });
}

#[cfg(feature = "cli")]
#[test]
fn dashboards_read_junit() {
    let (mut sources, findings) = findings();
    sources.add(Source::new("fine.pact", ""));
    insta::assert_snapshot!(junit(&sources, &findings));
}

#[test]
fn of_many_findings_the_gravest_are_drawn_and_all_are_counted() {
    let text = "name\n".repeat(4000);
    let mut sources = SourceMap::default();
    let file = sources.add(Source::new("a.pact", text.as_str()));
    let at = |n: usize| Span::new(file, 5 * n..5 * n + 4);
    let mut findings: Vec<Diagnostic> = (0..3999).map(|n| Diagnostic::new(Code::Unused, at(n), "unused")).collect();
    findings.push(Diagnostic::new(Code::UnknownName, at(3999), "unknown"));
    let drawn = human(&sources, &findings, false);
    assert_eq!(drawn.matches("W0201").count(), 49);
    assert!(drawn.contains("E0201") && drawn.contains("a.pact:4000:1"), "an error behind warnings is shown");
    assert!(drawn.contains("3950 more not shown") && drawn.ends_with("1 error, 3999 warnings in 1 file\n"), "{drawn}");
}

#[test]
fn a_line_without_end_is_named_and_not_drawn() {
    let text = format!("a\n{}x", "\"".repeat(1 << 20));
    let mut sources = SourceMap::default();
    let file = sources.add(Source::new("a.pact", text.as_str()));
    let findings: Vec<Diagnostic> =
        (0..100).map(|n| Diagnostic::new(Code::UnclosedString, Span::new(file, n + 10..n + 11), "no end")).collect();
    let drawn = human(&sources, &findings, false);
    assert!(drawn.contains("no end (a.pact:2:9)"), "{drawn}");
    assert!(drawn.len() < 10_000, "{}", drawn.len());
}
