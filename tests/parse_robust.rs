//! Any text at all parses to something, soon, and on a small stack.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use leadpact::internals::diagnostic::{Diagnostic, has_errors};
use leadpact::internals::source::Source;
use leadpact::internals::span::FileId;
use leadpact::internals::syntax::{self, Parsed};
use proptest::prelude::*;

/// Generous: an optimised build needs a hundredth of it.
const SOON: Duration = Duration::from_secs(20);

/// An unoptimised build looks at a sample of all positions, and at shorter texts; `cargo test --release` looks at all.
const SLOW: bool = cfg!(debug_assertions);
const STRIDE: usize = if SLOW { 23 } else { 1 };

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rule_files(&path));
        } else if path.extension().is_some_and(|e| e == "pact") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn texts() -> Vec<String> {
    rule_files(Path::new("rules")).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Parses, and holds the result to what is true of every text.
fn parse(text: &str) -> Parsed {
    let source = Source::new("a.pact", text);
    let parsed = syntax::parse(FileId(0), &source);
    assert!(parsed.complete || has_errors(&parsed.diagnostics), "neither parsed nor refused:\n{text}");
    for finding in &parsed.diagnostics {
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        for span in finding.labels.iter().map(|label| label.span).chain(edits) {
            assert!(text.get(span.range()).is_some(), "{finding:?} lies outside\n{text}");
        }
        assert!(finding.help.is_some(), "no way out: {finding:?}");
    }
    for token in parsed.tokens.windows(2) {
        assert!(token[0].end <= token[1].start);
    }
    parsed
}

/// Parses on a stack of the size that threads have.
fn parse_on_small_stack(text: String) -> Vec<Diagnostic> {
    let work = move || {
        let start = Instant::now();
        let findings = parse(&text).diagnostics;
        assert!(start.elapsed() < SOON, "{:?} for {}…", start.elapsed(), text.chars().take(60).collect::<String>());
        findings
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn without_any_single_byte() {
    for text in texts() {
        let stride = if text.len() < 8 << 10 { STRIDE } else { STRIDE * 13 };
        for at in (0..text.len()).step_by(stride) {
            let mut bytes = text.clone().into_bytes();
            bytes.remove(at);
            parse(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn cut_off_anywhere() {
    for text in texts() {
        for (at, _) in text.char_indices().step_by(STRIDE * 3) {
            parse(&text[..at]);
            parse(&text[at..]);
        }
    }
}

/// Each of a list of texts that nest or go on for long, alone and inside an item.
#[test]
fn deep_and_long() {
    let many = if SLOW { 10_000 } else { 100_000 };
    let chains = [
        "(",
        ")",
        "{",
        "}",
        "not ",
        "-",
        "- ",
        "if a then ",
        "if ",
        "a or ",
        "a and ",
        "a + ",
        "a * ",
        "a = ",
        "a - -",
        "f(",
        "any a where ",
        "count of a where ",
        "a between ",
        "a in ",
        "a in (",
        "if a then b else ",
        "need { ",
        "a if missing ",
        "a is met ",
        "\"",
        "\"\\",
        "#",
        ",",
        "a, ",
        "a.",
        "1 day ",
        "1",
        "ลีด ",
        "-> ",
        "need a ",
        "need { } ",
        "stage a { ",
        "stage a { } ",
        "lead { ",
        "list ",
        "a\n",
        "{\n",
        "}\n",
        "(\n",
        "a {\n",
        "give 1 if any ",
        "give 1 when a ",
        "if any a where b then ",
        "lookup a in b + ",
        "time since ",
        "in last ",
        "a + (",
        "a between -",
        "not not any a where (",
        "list of ",
        "one of a, ",
    ];
    for chain in chains {
        for (before, after) in [
            ("", ""),
            ("criteria x { need ", " a }"),
            ("score x { give 1 when ", "b }"),
            ("metric x = ", " y"),
            ("pipeline p { ", "}"),
            ("list l = ", "\"x\""),
        ] {
            parse_on_small_stack(format!("{before}{}{after}", chain.repeat(many / chain.chars().count())));
        }
    }
}

#[test]
fn as_deep_as_allowed() {
    for (open, close) in [("(", ")"), ("f(", ")"), ("not (", ")"), ("any a where (", ")"), ("if a then (", ") else b")]
    {
        for depth in [10, 20, 30, 60, 64] {
            let text = format!("criteria x {{ need {}a{} }}", open.repeat(depth), close.repeat(depth));
            parse_on_small_stack(text);
            parse_on_small_stack(format!("criteria x {{ need {} }}", open.repeat(depth)));
            parse_on_small_stack(format!("criteria x {{ need {}", open.repeat(depth)));
        }
    }
    let braces = |depth: usize| format!("criteria x {{ {} need a {} }}", "any {".repeat(depth), "}".repeat(depth));
    assert!(parse_on_small_stack(braces(60)).is_empty());
    assert!(!parse_on_small_stack(braces(70)).is_empty());
    parse_on_small_stack("criteria x { any { need { ".repeat(20));
}

#[test]
fn long_lists_are_not_deep() {
    let long = |part: &str, joint: &str| vec![part; if SLOW { 1_000 } else { 20_000 }].join(joint);
    for text in [
        format!("criteria x {{ need {} }}", long("a", " or ")),
        format!("criteria x {{ need {} }}", long("a is present", " and ")),
        format!("list x = {}", long("\"a\"", ", ")),
        format!("criteria x {{ {} }}", long("need any a where b in last 3 days", " ")),
        format!("score x {{ {} }}", long("give 1 if any a where b", "\n")),
    ] {
        assert_eq!(parse_on_small_stack(text), []);
    }
}

/// 100 KiB with an error in every 30th clause.
#[test]
fn many_errors_in_a_big_file() {
    for (head, tail) in [("", ""), ("score s {\n", "}\n")] {
        let mut text = head.to_owned();
        let mut wrong = 0;
        while text.len() < if SLOW { 16 << 10 } else { 100 << 10 } {
            let clauses = (0..30).map(|n| if n == 7 { "  give when x\n" } else { "  give 5 when size > 3\n" });
            let clauses: String = clauses.collect();
            text += &if head.is_empty() { format!("score s {{\n{clauses}}}\n") } else { clauses };
            wrong += 1;
        }
        text += tail;
        let start = Instant::now();
        assert_eq!(parse(&text).diagnostics.len(), wrong);
        let bound = if SLOW { SOON } else { Duration::from_millis(800) };
        assert!(start.elapsed() < bound, "{:?}", start.elapsed());
    }
}

#[test]
fn nothing_but_errors() {
    let start = Instant::now();
    let many = if SLOW { 200 } else { 2000 };
    parse(&"stag x {\n  giv 5\n}\n".repeat(many));
    parse(&"wrong\n".repeat(many));
    parse(&format!("score s {{\n{}}}", "  giv 5\n".repeat(many)));
    let bound = if SLOW { SOON } else { Duration::from_secs(2) };
    assert!(start.elapsed() < bound, "{:?}", start.elapsed());
}

#[test]
fn neighbours_of_an_error_stand() {
    let parsed =
        parse("list a = \"x\"\nlist b = = \"y\"\nscore s {\n  give 5 when a\n  give when b\n}\nlist c = \"z\"\n");
    assert_eq!((parsed.items.len(), parsed.diagnostics.len()), (3, 2));
}

#[test]
fn columns_count_characters_in_every_script() {
    for (name, column) in [("ลีดใหม่", 16), ("müşteri_ığ", 19), ("лид", 12), ("lead", 13)] {
        for (before, line) in [("", 1), ("\u{feff}", 1), ("# ลีด\r\n", 2), ("list x = \"ลีด\"\n", 2)] {
            let text = format!("{before}list {name} = = \"x\"\n");
            let source = Source::new("a.pact", text.as_str());
            let finding = parse(&text).diagnostics.remove(0);
            let shift = usize::from(before == "\u{feff}");
            let span = finding.span().unwrap();
            assert_eq!(source.position(span.start as usize), (line, column + shift), "{finding:?} in {text:?}");
            assert_eq!(&text[span.range()], "=");
        }
        assert!(parse(&format!("\u{feff}list {name} = \"x\"\r\n\r\nlist b = \"y\"\r\n")).diagnostics.is_empty());
    }
}

#[test]
fn a_text_that_does_not_end_is_named_and_hurts_only_its_item() {
    let parsed = parse("list a = \"x\nlist b = \"y\"\n");
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].code.id(), "E0102");
    assert_eq!(parsed.items.len(), 1);
}

fn token_soup() -> impl Strategy<Value = String> {
    let words: Vec<String> = texts()
        .iter()
        .flat_map(|text| syntax::tokens(text).into_iter().map(|t| t.text(text).to_owned()).collect::<Vec<_>>())
        .collect();
    let gap = prop::sample::select(vec![" ", "\n", "  ", "", "\n  "]);
    prop::collection::vec((prop::sample::select(words), gap), 0..80)
        .prop_map(|parts| parts.into_iter().map(|(word, gap)| word + gap).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if SLOW { 64 } else { 2000 }))]

    #[test]
    fn any_text(text in any::<String>()) {
        parse(&text);
    }

    #[test]
    fn any_printable_text(text in "\\PC{0,200}") {
        parse(&text);
    }

    #[test]
    fn words_in_any_order(text in token_soup()) {
        parse(&text);
        prop_assert!(syntax::format(&Source::new("a.pact", text)).err().is_none_or(|e| has_errors(&e)));
    }

    #[test]
    fn with_words_put_in(file in 0usize..16, at in any::<prop::sample::Index>(), soup in token_soup()) {
        let texts = texts();
        let text = &texts[file % texts.len()];
        let tokens = syntax::tokens(text);
        let place = tokens[at.index(tokens.len())].start;
        parse(&format!("{} {soup} {}", &text[..place], &text[place..]));
    }
}

#[test]
fn a_file_that_is_wrong_throughout_is_left_unread_from_some_point_on() {
    let clauses = format!("criteria c {{\n{}}}\nlist good = a\n", " xx yy\n".repeat(20_000));
    for text in ["xx yy { zz }\n".repeat(20_000), clauses, "\"\n".repeat(20_000)] {
        let parsed = syntax::parse(FileId(0), &Source::new("a.pact", text.as_str()));
        let found = &parsed.diagnostics;
        assert!((1000..1100).contains(&found.len()), "{}", found.len());
        assert!(!parsed.complete && !parsed.lost.is_empty());
        let last = found.last().unwrap();
        assert!(last.message.starts_with("nothing is read from here on"), "{}", last.message);
    }
}
