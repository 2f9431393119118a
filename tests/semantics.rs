//! The worked figures of `docs/semantics.md`, decided by the engine.
//!
//! Examples of the page are rules (```` ```pact ````), a lead (```` ```json ````) and files that rules name
//! (```` ```csv name ````). The figures stand in tables:
//!
//! - `| Condition | Comes to |`: a condition and its verdict; `refused` when the checker refuses it
//! - `| Value | Is |`: a value and another way to write it, or `missing`
//! - `| And | met | … |`, `| Or | … |`: a truth table
//! - `| At | Of the decision | Is |`: an instant, a path into the decision, and what stands there, or `absent`

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

use leadpact::internals::decide::{Decision, decide};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::world::Memory;
use serde_json::Value as Json;

/// The instant of figures that name none.
const AT: &str = "2026-03-02T09:00:00+03:00";

/// A fenced example or a row of a table, with its line.
enum Piece<'p> {
    Heading,
    Example(&'p str, String),
    Row(Vec<&'p str>),
    Other,
}

fn pieces(page: &str) -> Vec<(usize, Piece<'_>)> {
    let mut pieces = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (at, line) in page.lines().enumerate() {
        if let Some((_, _, text)) = &mut open {
            if line != "```" {
                text.push_str(line);
                text.push('\n');
            } else if let Some((at, info, text)) = open.take() {
                pieces.push((at, Piece::Example(info, text)));
            }
            continue;
        }
        let piece = if let Some(info) = line.strip_prefix("```") {
            open = Some((at + 1, info, String::new()));
            continue;
        } else if let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) {
            Piece::Row(row.split(" | ").map(str::trim).collect())
        } else if line.starts_with("## ") {
            Piece::Heading
        } else {
            Piece::Other
        };
        pieces.push((at + 1, piece));
    }
    pieces
}

/// The rules, lead and files that figures are about.
#[derive(Clone, Default)]
struct Scene {
    prelude: String,
    lead: String,
    rules: String,
    own_lead: Option<String>,
    files: Vec<(String, String)>,
}

impl Scene {
    fn load(&self, more: &str) -> Result<Pact, String> {
        let whole = self.rules.starts_with("pact ");
        let prelude = if whole { "" } else { &self.prelude };
        let rules = format!("{prelude}\n{}\n{more}", self.rules);
        let mut files = self.files.clone();
        files.push(("a.pact".to_owned(), rules));
        let loaded = load(&Memory::new(files), None);
        let findings: Vec<String> =
            loaded.diagnostics.iter().map(|d| format!("{} {}", d.code.id(), d.message)).collect();
        loaded.pact.ok_or_else(|| findings.join("; "))
    }

    fn decide(&self, pact: &Pact, at: &str) -> Result<Decision, String> {
        let text = format!("[{}]", self.own_lead.as_ref().unwrap_or(&self.lead));
        let rows = rows(Box::new(Cursor::new(text.into_bytes())), "lead.json", Some(Format::Json));
        let rows = rows.map_err(|error| error.to_string())?;
        let input = LeadInput { name: "lead.json".into(), rows, intake: None };
        let mut leads = Leads::new(pact, vec![input]).ok_or("there is no lead")?;
        let record = leads.next().ok_or("there is no lead")?.map_err(|rejected| rejected.reject.to_string())?;
        Ok(decide(pact, &record, at.parse().map_err(|_| format!("`{at}` is not an instant"))?))
    }

    /// The verdict of a condition in words; `refused` when the checker refuses it.
    fn verdict(&self, condition: &str) -> Result<String, String> {
        let more = format!("criteria figure_asked_for {{ agreed by {} need {condition} }}", self.party());
        let Ok(pact) = self.load(&more) else { return Ok("refused".to_owned()) };
        let decision = self.decide(&pact, AT)?;
        let asked = decision.criteria.get("figure_asked_for").ok_or("the condition was not decided")?;
        Ok(asked.verdict.word().replace('_', " "))
    }

    fn party(&self) -> &str {
        let rules = if self.rules.starts_with("pact ") { &self.rules } else { &self.prelude };
        let parties = rules.split("parties").nth(1).unwrap_or_default();
        parties.split([',', '\n']).next().unwrap_or_default().trim()
    }
}

fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

/// The part of a decision at a path such as `moves.0.to`.
fn part<'d>(decision: &'d Json, path: &str) -> Option<&'d Json> {
    path.split('.').try_fold(decision, |part, step| match part {
        Json::Array(parts) => parts.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// What the engine makes of a row, when it differs from what the page says.
fn differs(scene: &Scene, header: &[&str], row: &[&str]) -> Result<Option<String>, String> {
    let unlike = |got: &str, expected: &str| (got != expected).then(|| got.to_owned());
    match (header, row) {
        (["Condition", "Comes to"], [condition, expected]) => Ok(unlike(&scene.verdict(code(condition))?, expected)),
        (["Value", "Is"], [value, "missing"]) => {
            Ok(unlike(&scene.verdict(&format!("({}) is missing", code(value)))?, "met"))
        }
        (["Value", "Is"], [value, expected]) => {
            Ok(unlike(&scene.verdict(&format!("({}) = exactly ({})", code(value), code(expected)))?, "met"))
        }
        ([operator @ ("`and`" | "`or`"), columns @ ..], [first, verdicts @ ..]) => {
            let of = |verdict: &str| match verdict {
                "met" => "consent",
                "not met" => "customer",
                _ => "has_budget",
            };
            for (column, expected) in columns.iter().zip(verdicts) {
                let got = scene.verdict(&format!("{} {} {}", of(first), code(operator), of(column)))?;
                if got != *expected {
                    return Ok(Some(format!("{got} under {column}")));
                }
            }
            Ok(None)
        }
        (["At", "Of the decision", "Is"], [at, path, expected]) => {
            let pact = scene.load("")?;
            let decision = serde_json::to_value(scene.decide(&pact, at)?).map_err(|error| error.to_string())?;
            match (part(&decision, code(path)), *expected) {
                (None, "absent") => Ok(None),
                (None, _) => Ok(Some("absent".to_owned())),
                (Some(got), expected) => {
                    let expected: Json = serde_json::from_str(code(expected)).map_err(|error| error.to_string())?;
                    Ok((*got != expected).then(|| got.to_string()))
                }
            }
        }
        _ => Err("the page has a table that this test does not know".to_owned()),
    }
}

#[test]
fn every_figure_of_the_page_is_what_the_engine_decides() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/semantics.md");
    let page = std::fs::read_to_string(&path).expect("docs/semantics.md is there");
    let mut scene = Scene::default();
    let mut header: Option<Vec<&str>> = None;
    let (mut wrong, mut figures) = (String::new(), 0);
    for (line, piece) in pieces(&page) {
        match piece {
            Piece::Heading => {
                let Scene { prelude, lead, .. } = scene;
                scene = Scene { prelude, lead, ..Scene::default() };
            }
            Piece::Example("pact", text) if scene.prelude.is_empty() => scene.prelude = text,
            Piece::Example("pact", text) => scene.rules = text,
            Piece::Example("json", text) if scene.lead.is_empty() => scene.lead = text,
            Piece::Example("json", text) => scene.own_lead = Some(text),
            Piece::Example(info, text) => {
                let name = info.strip_prefix("csv ").expect("examples are pact, json or csv with a name");
                scene.files.push((name.to_owned(), text));
            }
            Piece::Row(row) if header.is_none() => header = Some(row),
            Piece::Row(row) if row.iter().all(|cell| *cell == "---") => {}
            Piece::Row(row) => {
                figures += 1;
                let problem = match differs(&scene, header.as_deref().unwrap_or_default(), &row) {
                    Ok(None) => continue,
                    Ok(Some(got)) => format!("is {got}"),
                    Err(why) => why,
                };
                let _ = writeln!(wrong, "docs/semantics.md:{line}: {} {problem}", row.join(" | "));
            }
            Piece::Other => header = None,
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(figures > 100, "only {figures} figures were found");
}
