//! The language book names every rule of the grammar, in the grammar's order, and its examples parse.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leadpact::internals::function::Function;
use leadpact::internals::source::Source;
use leadpact::internals::span::FileId;
use leadpact::internals::syntax::parse;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A rule of the grammar file, or the heading of one of its parts.
enum Line {
    Part(String),
    Rule(String),
}

/// The rules and the numbered parts of the grammar, in order.
fn grammar() -> Vec<Line> {
    let mut lines = Vec::new();
    for line in read("grammar/pact.pest").lines() {
        if let Some(part) = line.strip_prefix("// ").filter(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
            lines.push(Line::Part(part.split('.').next().unwrap_or_default().to_owned()));
        } else if let Some((name, _)) = line.split_once('=') {
            let name = name.trim_end();
            let is_rule = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if is_rule {
                lines.push(Line::Rule(name.to_owned()));
            }
        }
    }
    lines
}

/// Marks, keywords and kinds of tokens have no meaning of their own.
fn has_meaning(rule: &str) -> bool {
    !(rule.starts_with("kw_") || rule.starts_with("token_") || matches!(rule, "open" | "close" | "equals"))
}

/// The text of the part of the book with this number.
fn part<'b>(book: &'b str, number: &str) -> &'b str {
    let from = book.find(&format!("\n## {number}. ")).unwrap_or_else(|| panic!("the book has no part {number}"));
    let rest = &book[from + 1..];
    rest.find("\n## ").map_or(rest, |to| &rest[..to])
}

#[test]
fn the_book_names_every_rule_in_its_part() {
    let book = read("docs/language.md");
    let mut here: &str = &book;
    let mut missing = Vec::new();
    for line in grammar() {
        match line {
            Line::Part(number) => here = part(&book, &number),
            Line::Rule(rule) if has_meaning(&rule) && !here.contains(&format!("`{rule}`")) => missing.push(rule),
            Line::Rule(_) => {}
        }
    }
    assert!(missing.is_empty(), "docs/language.md does not name, in the part where the grammar has them: {missing:?}");
}

#[test]
fn the_book_names_no_rule_that_is_not_there() {
    let grammar = grammar();
    let rules: Vec<&str> =
        grammar.iter().filter_map(|line| if let Line::Rule(rule) = line { Some(&**rule) } else { None }).collect();
    let book = read("docs/language.md");
    for names in book.split("*Grammar:").skip(1).filter_map(|rest| rest.split('*').next()) {
        for name in names.split('`').skip(1).step_by(2) {
            assert!(rules.contains(&name), "docs/language.md names `{name}`, which the grammar does not have");
        }
    }
}

#[test]
fn the_book_names_every_function() {
    let book = read("docs/language.md");
    for function in Function::ALL {
        let row = format!("| `{}(", function.name());
        let written =
            book.lines().any(|line| line.starts_with(&row) && line.ends_with(&format!("| {} |", function.doc())));
        assert!(written, "docs/language.md has no row `{row}…)` | {} |", function.doc());
    }
}

#[test]
fn the_parts_of_the_book_stand_in_the_order_of_the_grammar() {
    let book = read("docs/language.md");
    let headings: Vec<&str> = book
        .lines()
        .filter_map(|line| line.strip_prefix("## ")?.split_once(". "))
        .map(|(number, _)| number)
        .filter(|number| number.chars().all(|c| c.is_ascii_digit()))
        .collect();
    let grammar = grammar();
    let parts: Vec<&str> =
        grammar.iter().filter_map(|line| if let Line::Part(part) = line { Some(&**part) } else { None }).collect();
    assert_eq!(headings, parts);
}

/// The items of the grammar come first in their parts in the same order as in the book.
#[test]
fn the_items_of_the_book_stand_in_the_order_of_the_grammar() {
    let book = read("docs/language.md");
    let text = read("grammar/pact.pest");
    let items = text.split("item = {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
    let items: Vec<&str> = items.split('|').map(str::trim).collect();
    let mut written: Vec<&str> = Vec::new();
    for line in grammar() {
        let Line::Rule(rule) = line else { continue };
        written.extend(items.iter().find(|item| **item == rule));
    }
    assert_eq!(written.len(), items.len());
    let grammar_lines = book.split("*Grammar:").skip(1).filter_map(|rest| rest.split('*').next());
    let named: Vec<&str> = grammar_lines.flat_map(|names| names.split('`').skip(1).step_by(2)).collect();
    let places: Vec<usize> = written.iter().filter_map(|item| named.iter().position(|name| name == item)).collect();
    assert!(places.is_sorted(), "the book has items in another order than the grammar: {written:?}");
}

/// The ```` ```pact ```` examples of a page with their lines; those that are wrong on purpose are left out.
fn examples(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut wrong, mut open): (bool, Option<(usize, String)>) = (false, None);
    for (at, line) in page.lines().enumerate() {
        match (&mut open, line) {
            (Some(_), "```") => found.extend(open.take()),
            (Some((_, text)), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, "```pact") if !wrong => open = Some((at + 2, String::new())),
            (None, line) if line.starts_with('#') => wrong = line == "## Wrong",
            _ => {}
        }
    }
    found
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("docs/language.md"), root().join("docs/semantics.md")];
    let errors = std::fs::read_dir(root().join("docs/errors")).expect("docs/errors is there");
    pages.extend(errors.map(|entry| entry.expect("it can be listed").path()));
    pages.retain(|page| page.exists());
    pages.sort();
    pages
}

#[test]
fn every_example_parses_without_findings() {
    let mut wrong = String::new();
    let mut seen = 0;
    for path in pages() {
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        let name = path.strip_prefix(root()).unwrap_or(Path::new("")).display().to_string();
        for (line, text) in examples(&page) {
            seen += 1;
            let source = Source::new(name.clone(), text);
            for finding in parse(FileId(0), &source).diagnostics {
                let before = finding.span().and_then(|span| source.text.get(..span.start as usize)).unwrap_or_default();
                let line = line + before.matches('\n').count();
                let _ = writeln!(wrong, "{name}:{line}: {} {}", finding.code.id(), finding.message);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(seen > 30, "only {seen} examples were found");
}
