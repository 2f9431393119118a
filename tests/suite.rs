//! Cases in the language, with the findings they must give written under the spots they are about:
//!
//! ```pact
//!   need contry = "TR"
//! #      ^^^^^^ E0201 there is no field `contry`
//! ```
//!
//! A caret line names the place above it, the code and the start of the message. A caret right behind the `#` stands for
//! the first column. A finding in a file beside the case stands at the end: `#@ regions.csv:6 W0701 this row …`. A case without `pact` or `lead` gets small ones. `LEADPACT_BLESS=1` writes what comes out.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leadpact::diagnostic::{Code, Diagnostic};
use leadpact::load::{Loaded, load};
use leadpact::source::Source;
use leadpact::world::Memory;

const PRELUDE_PACT: &str = "pact prelude { parties marketing, sales  labels tr  time zone \"Europe/Istanbul\" }";
const PRELUDE_LEAD: &str = r#"lead {
  id text key   title text?   country text?   employees integer?   revenue money? USD   budget money EUR default 0 EUR
  lead_source one of web, webinar, referral   tags list of text   born date?   created time
  customer bool default false   consent bool?
}"#;

/// A finding as a caret line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    /// The file beside the case; the case itself when empty.
    file: String,
    line: usize,
    column: usize,
    code: String,
    message: String,
}

/// The text without its caret lines, and what they say.
fn split(text: &str) -> (Vec<&str>, Vec<Expected>) {
    let (mut lines, mut expected) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if let Some(finding) = beside(line) {
            expected.push(finding);
        } else if let Some((column, code, message)) = caret(line) {
            let (code, message) = (code.into(), message.into());
            expected.push(Expected { file: String::new(), line: lines.len(), column, code, message });
        } else {
            lines.push(line);
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

/// `#@ FILE:LINE CODE message`
fn beside(line: &str) -> Option<Expected> {
    let (place, says) = line.strip_prefix("#@ ")?.split_once(' ')?;
    let (file, at) = place.rsplit_once(':')?;
    let (code, message) = says.split_once(' ').unwrap_or((says, ""));
    let (file, line) = (file.to_owned(), at.parse().ok()?);
    Some(Expected { file, line, column: 1, code: code.into(), message: message.into() })
}

fn found(loaded: &Loaded, case: &str) -> Vec<(Expected, usize)> {
    let name = |finding: &Diagnostic| {
        let source = finding.span().and_then(|span| loaded.sources.get(span.file));
        source.map_or_else(String::new, |source| source.name.to_string())
    };
    let case_first = |finding: &Diagnostic| name(finding) != case;
    let mut findings: Vec<&Diagnostic> = loaded.diagnostics.iter().collect();
    findings.retain(|finding| !name(finding).starts_with('~'));
    findings.sort_by_key(|finding| case_first(finding));
    findings
        .into_iter()
        .filter_map(|finding| {
            let span = finding.span()?;
            let place = loaded.sources.place(span);
            if case_first(finding) {
                let (file, line, code) = (name(finding), place.line, finding.code.id().to_owned());
                return Some((Expected { file, line, column: 1, code, message: finding.message.clone() }, 1));
            }
            let first = loaded.sources.text(span).lines().next().unwrap_or_default().trim_end().chars().count();
            let (line, column) = (place.line, place.column);
            let code = finding.code.id().to_owned();
            let file = String::new();
            Some((Expected { file, line, column, code, message: finding.message.clone() }, first.max(1)))
        })
        .collect()
}

fn blessed(lines: &[&str], found: &[(Expected, usize)]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let _ = writeln!(text, "{line}");
        for (finding, width) in found.iter().filter(|(finding, _)| finding.file.is_empty() && finding.line == at + 1) {
            let (gap, carets) =
                if finding.column == 1 { (0, width.saturating_sub(1).max(1)) } else { (finding.column - 2, *width) };
            let _ = writeln!(text, "#{}{} {} {}", " ".repeat(gap), "^".repeat(carets), finding.code, finding.message);
        }
    }
    for (finding, _) in found.iter().filter(|(finding, _)| !finding.file.is_empty()) {
        let _ = writeln!(text, "#@ {}:{} {} {}", finding.file, finding.line, finding.code, finding.message);
    }
    text
}

/// The case as a world: with what it lacks, and the files beside it.
fn world(path: &Path, text: &str) -> Memory {
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
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let beside = entry.unwrap().path();
        if beside.is_file() && beside.extension().is_none_or(|e| e != "pact") {
            let name = beside.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&beside).unwrap()));
        }
    }
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
        let loaded = load(&world(&path, &plain), None);
        let found = found(&loaded, &name);
        if bless {
            std::fs::write(&path, blessed(&lines, &found)).unwrap();
            continue;
        }
        let same = |(expected, found): (&Expected, &(Expected, usize))| {
            let (found, _) = found;
            (&expected.file, expected.line, expected.column, &expected.code)
                == (&found.file, found.line, found.column, &found.code)
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
            !page.starts_with(&format!("# {id}")) || !page.contains("```pact")
        })
        .collect();
    assert!(without.is_empty(), "no page for {without:?}");
}

#[test]
fn every_code_of_the_meaning_has_a_case() {
    let all: String = cases().iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    // an unreadable text and an empty folder cannot be written as a case
    let named = |id: &str| !id.starts_with("E01") && id != "E0410";
    let shown =
        |id: &str| all.contains(&format!("^ {id}")) || all.lines().any(|l| beside(l).is_some_and(|b| b.code == id));
    let without: Vec<&str> = Code::ALL.iter().map(|code| code.id()).filter(|id| named(id) && !shown(id)).collect();
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
            let parsed = leadpact::syntax::parse(leadpact::span::FileId(0), &source);
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
