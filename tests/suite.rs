//! Cases in the language, with the findings they must give written under the spots they are about:
//!
//! ```pact
//!   need contry = "TR"
//! #      ^^^^^^ E0201 there is no field `contry`
//! ```
//!
//! A caret line names the place above it, the code and the start of the message. A caret right behind the `#` stands for
//! the first column. A case without `pact` or `lead` gets small ones. `LEADPACT_BLESS=1` writes what comes out.
//!
//! A case may hold files. They end it: `# file: NAME`, then each line of the file behind `#| `, with caret lines under it.
//! `# environment: NAME` in the first line asks for an environment.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leadpact::internals::diagnostic::Code;
use leadpact::internals::load::{Loaded, load};
use leadpact::internals::source::Source;
use leadpact::internals::world::Memory;

const PRELUDE_PACT: &str = "pact prelude { parties marketing, sales  labels tr  time zone \"Europe/Istanbul\" }";
const PRELUDE_LEAD: &str = r#"lead {
  id text key   title text?   country text?   employees integer?   revenue money? USD   budget money EUR default 0 EUR
  lead_source one of web, webinar, referral   tags list of text   born date?   created time
  customer bool default false   consent bool?
}"#;

/// A finding as a caret line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    line: usize,
    column: usize,
    code: String,
    message: String,
}

/// The text without its caret lines, and what they say.
fn split(text: &str) -> (Vec<&str>, Vec<Expected>) {
    let (mut lines, mut expected) = (Vec::new(), Vec::new());
    for line in text.lines() {
        match caret(line) {
            Some((column, code, message)) => {
                expected.push(Expected { line: lines.len(), column, code: code.into(), message: message.into() });
            }
            None => lines.push(line),
        }
    }
    (lines, expected)
}

fn caret(line: &str) -> Option<(usize, &str, &str)> {
    let at = line.find('^')?;
    let before = line.get(..at)?;
    if !before.starts_with('#') || !before.get(1..)?.trim().is_empty() {
        return None;
    }
    let says = line.get(at..)?.trim_start_matches('^').trim_start();
    let (code, message) = says.split_once(' ').unwrap_or((says, ""));
    Some((if at == 1 { 1 } else { at + 1 }, code, message))
}

/// A file that a case holds: its name, its text, and the line of the case before its first.
struct Held {
    name: String,
    text: String,
    line: usize,
}

fn held(lines: &[&str]) -> Vec<Held> {
    let mut files: Vec<Held> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(name) = line.strip_prefix("# file: ") {
            files.push(Held { name: name.to_owned(), text: String::new(), line: at + 1 });
        } else if let (Some(file), Some(text)) = (files.last_mut(), line.strip_prefix("#|")) {
            let _ = writeln!(file.text, "{}", text.strip_prefix(' ').unwrap_or(text));
        }
    }
    files
}

/// The findings in a case and in the files that it holds, where they stand in the case.
fn found(loaded: &Loaded, case: &str, held: &[Held]) -> Vec<(Expected, usize)> {
    let mut all: Vec<(Expected, usize)> = loaded
        .diagnostics
        .iter()
        .filter_map(|finding| {
            let span = finding.span()?;
            let source = loaded.sources.get(span.file)?;
            let place = loaded.sources.place(span);
            let first = loaded.sources.text(span).lines().next().unwrap_or_default().trim_end().chars().count();
            let (line, column) = match held.iter().find(|file| *file.name == *source.name) {
                Some(file) => (place.line + file.line, place.column + 3),
                None if &*source.name == case => (place.line, place.column),
                None => return None,
            };
            let code = finding.code.id().to_owned();
            Some((Expected { line, column, code, message: finding.message.clone() }, first.max(1)))
        })
        .collect();
    all.sort_by_key(|(finding, _)| (finding.line, finding.column));
    all
}

fn blessed(lines: &[&str], found: &[(Expected, usize)]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let _ = writeln!(text, "{line}");
        for (finding, width) in found.iter().filter(|(finding, _)| finding.line == at + 1) {
            let (gap, carets) =
                if finding.column == 1 { (0, width.saturating_sub(1).max(1)) } else { (finding.column - 2, *width) };
            let _ = writeln!(text, "#{}{} {} {}", " ".repeat(gap), "^".repeat(carets), finding.code, finding.message);
        }
    }
    text
}

/// The case as a world: with what it lacks, and the files that it holds.
fn world(path: &Path, text: &str, held: &[Held]) -> Memory {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut files = vec![(name.clone(), text.to_owned())];
    let has = |keyword: &str| text.lines().any(|line| line.starts_with(keyword));
    // read last, so that a place of nothing lies in the case
    let mut prelude = String::new();
    if !has("pact") {
        prelude.push_str(PRELUDE_PACT);
    }
    if !has("lead") {
        prelude.push_str(PRELUDE_LEAD);
    }
    files.push(("~prelude.pact".into(), prelude));
    files.extend(held.iter().map(|file| (file.name.clone(), file.text.clone())));
    Memory::new(files)
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut cases = Vec::new();
    for topic in std::fs::read_dir(root).unwrap() {
        let topic = topic.unwrap().path();
        if topic.is_dir() {
            let files = std::fs::read_dir(topic).unwrap().map(|entry| entry.unwrap().path());
            cases.extend(files.filter(|path| path.extension().is_some_and(|e| e == "pact")));
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_case_gives_its_findings() {
    let bless = std::env::var_os("LEADPACT_BLESS").is_some();
    let mut failures = String::new();
    for path in cases() {
        let text = std::fs::read_to_string(&path).unwrap();
        let (lines, expected) = split(&text);
        let plain = lines.join("\n") + "\n";
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let held = held(&lines);
        let environment = lines.first().and_then(|line| line.strip_prefix("# environment: "));
        let loaded = load(&world(&path, &plain, &held), environment);
        let found = found(&loaded, &name, &held);
        if bless {
            std::fs::write(&path, blessed(&lines, &found)).unwrap();
            continue;
        }
        let same = |(expected, found): (&Expected, &(Expected, usize))| {
            let (found, _) = found;
            (expected.line, expected.column, &expected.code) == (found.line, found.column, &found.code)
                && found.message.starts_with(&expected.message)
        };
        if expected.len() != found.len() || !expected.iter().zip(&found).all(same) {
            let _ = writeln!(failures, "--- {} gives:\n{}", path.display(), blessed(&lines, &found));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_code_has_a_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let without: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.id())
        .filter(|id| {
            let page = std::fs::read_to_string(pages.join(format!("{id}.md"))).unwrap_or_default();
            // the project file is YAML
            let example = if id.starts_with("E10") { "```yaml" } else { "```pact" };
            !page.starts_with(&format!("# {id}")) || !page.contains(example)
        })
        .collect();
    assert!(without.is_empty(), "no page for {without:?}");
}

#[test]
fn every_code_of_the_meaning_has_a_case() {
    let all: String = cases().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let named = |id: &str| {
        ["E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "W0", "N05"].iter().any(|group| id.starts_with(group))
    };
    // a folder without rules has no case to hold it: the loader tests that one
    let has_case = |id: &str| id == Code::NoRules.id() || all.contains(&format!("^ {id}"));
    let without: Vec<&str> = Code::ALL.iter().map(|code| code.id()).filter(|id| named(id) && !has_case(id)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn the_right_side_of_every_page_is_right() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    for code in Code::ALL {
        let page = std::fs::read_to_string(pages.join(format!("{}.md", code.id()))).unwrap_or_default();
        for (at, block) in page.split("```pact\n").skip(1).enumerate() {
            let text = block.split("```").next().unwrap_or_default();
            let source = Source::new("page.pact", text);
            let parsed = leadpact::internals::syntax::parse(leadpact::internals::span::FileId(0), &source);
            let reading = code.id().starts_with("E01");
            // the wrong example comes first; only a mistake in reading keeps it from being read
            assert!(
                parsed.diagnostics.is_empty() || reading && at == 0,
                "{}: {text}{:?}",
                code.id(),
                parsed.diagnostics
            );
        }
    }
}
