//! Formatting changes white space and nothing else, and doing it twice changes nothing.

use std::path::{Path, PathBuf};

use leadpact::internals::source::Source;
use leadpact::internals::span::FileId;
use leadpact::internals::syntax::{self, TokenKind};
use proptest::prelude::*;

fn rule_files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "pact") {
                found.push(path);
            }
        }
    }
    let mut found = vec![PathBuf::from("tests/format/messy.pact")];
    walk(Path::new("rules"), &mut found);
    found.sort();
    found
}

fn texts() -> Vec<String> {
    rule_files().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The letters of all tokens, a date and its time taken as two.
fn words(text: &str) -> (Vec<String>, Vec<String>) {
    let tokens = syntax::tokens(text);
    let letters = |comments: bool| {
        let wanted = tokens.iter().filter(move |t| (t.kind == TokenKind::Comment) == comments);
        wanted.flat_map(|t| match t.kind {
            TokenKind::Value => t.text(text).split_whitespace().map(str::to_owned).collect(),
            _ => vec![t.text(text).trim_end().to_owned()],
        })
    };
    (letters(false).collect(), letters(true).collect())
}

/// What a text means: its items without their places.
fn meaning(text: &str) -> String {
    let items = syntax::parse(FileId(0), &Source::new("a.pact", text)).items;
    let spans = regex::Regex::new(r"Span \{ file: FileId\(0\), start: \d+, end: \d+ \}").unwrap();
    spans.replace_all(&format!("{items:?}"), "_").into_owned()
}

fn check(text: &str) -> String {
    let formatted = syntax::format(&Source::new("a.pact", text)).unwrap_or_else(|e| panic!("{e:#?}\n{text}"));
    assert_eq!(words(&formatted), words(text), "words of\n{text}\nbecame\n{formatted}");
    assert_eq!(meaning(&formatted), meaning(text), "{text}\nbecame\n{formatted}");
    let again = syntax::format(&Source::new("a.pact", formatted.as_str())).unwrap();
    assert_eq!(again, formatted, "from\n{text}");
    assert!(!formatted.lines().any(|line| line.ends_with(' ')), "{formatted}");
    formatted
}

#[test]
fn every_rule_file_is_in_canonical_layout() {
    for path in rule_files().iter().filter(|path| path.starts_with("rules")) {
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(check(&text), text, "{}", path.display());
    }
}

#[test]
fn a_messy_text_becomes_tidy() {
    insta::assert_snapshot!(check(&std::fs::read_to_string("tests/format/messy.pact").unwrap()));
}

#[test]
fn wide_letters_are_aligned_by_what_they_take_on_a_screen() {
    let text = "metric ลีดใหม่ = leads entering a\nmetric лиды = leads entering b\nmetric ış = leads entering c\n";
    insta::assert_snapshot!(check(text), @"
    metric ลีดใหม่ = leads entering a
    metric лиды  = leads entering b
    metric ış    = leads entering c
    ");
}

#[test]
fn long_lines_break_where_a_reader_pauses() {
    let text = format!(
        "activity {}last_of_them {{ a text b integer c one of x, y, z }}, one_more {{ d text }}, and_the_end\n\
         criteria c {{ need {} }}\nlist l = {}",
        "page_visit, ".repeat(6),
        ["number_of_employees >= 1000"; 5].join(" and "),
        ["\"ลีดที่มีคุณสมบัติ\""; 12].join(","),
    );
    insta::assert_snapshot!(check(&text));
}

#[test]
fn big_texts_are_formatted_in_time() {
    let kinds = (0..2000).map(|n| format!("kind_{n} {{ a text }}")).collect::<Vec<_>>().join(", ");
    check(&format!("activity {kinds}\nlist l = {}", vec!["a"; 5000].join(",")));
    check(&format!("criteria c {{ {} need a {} }}", "any {".repeat(60), "}".repeat(60)));
}

#[test]
fn a_text_that_does_not_parse_is_refused() {
    let findings = syntax::format(&Source::new("a.pact", "stage {")).unwrap_err();
    assert!(!findings.is_empty());
}

#[test]
fn a_value_that_does_not_exist_does_not_hinder() {
    check("param last = 2026-02-30");
}

#[test]
fn empty_texts_stay_empty() {
    assert_eq!(check(""), "");
    assert_eq!(check("\r\n \u{feff}"), "");
    assert_eq!(check("# only words"), "# only words\n");
}

/// The tokens of a text with other white space and more comments between them.
fn shaken(text: &str, choices: &[u8]) -> String {
    let mut shaken = String::new();
    let mut end = 0;
    let mut choices = choices.iter().cycle();
    for token in syntax::tokens(text) {
        let space = &text[end..token.start];
        let after_comment = shaken
            .rsplit('\n')
            .next()
            .is_some_and(|line| syntax::tokens(line).last().is_some_and(|t| t.kind == TokenKind::Comment));
        let space = match choices.next().unwrap() % 16 {
            _ if after_comment => "\r\n",
            0 => "\n",
            1 => "\n\n\n\n   ",
            2 => "\t ",
            3 => " # said ",
            4 => "\n# own\n",
            5 => "\r\n\r\n",
            6..10 if !space.is_empty() => " ",
            _ => space,
        };
        shaken.push_str(space);
        if space.contains('#') {
            shaken.push('\n');
        }
        shaken.push_str(token.text(text));
        end = token.end;
    }
    shaken
}

fn expression() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a",
        "size",
        "12.5",
        "10M USD",
        "\"ลีด\"",
        "2026-03-02",
        "3 business days",
        "any visit in last 3 days",
        "latest visit.page",
        "domain(email)",
        "true",
        "-4",
        "time since visit",
        "lookup queue in t",
    ]);
    atom.prop_map(str::to_owned).prop_recursive(5, 40, 3, |inner| {
        let operator = prop::sample::select(vec!["and", "or", "=", "!=", ">=", "<", "+", "-", "*", "/", "if missing"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b})")),
            inner.clone().prop_map(|a| format!("({a}) in \"x\", 3")),
            inner.clone().prop_map(|a| format!("(count of visit where {a} in last 3 days) is met")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("a between ({a}) and ({b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn white_space_and_comments_carry_no_meaning(at in 0usize..64, choices in prop::collection::vec(0u8..64, 40..400)) {
        let texts = texts();
        check(&shaken(&texts[at % texts.len()], &choices));
    }

    #[test]
    fn conditions_keep_their_words(a in expression(), b in expression(), choices in prop::collection::vec(0u8..64, 40)) {
        let text = format!("criteria c {{ need {a} as \"x\" any {{ need {b} }} }}\nparam x = 1");
        if syntax::format(&Source::new("a.pact", text.as_str())).is_ok() {
            check(&text);
            check(&shaken(&text, &choices));
        }
    }
}
