//! Decisions as bytes: what leads of one way share is written once, and copied.

use std::io::Write as _;
use std::sync::Arc;

use super::decider::{ClassedLead, Missing};
use super::plan::Plan;
use super::step::{Bit, Sums};
use crate::decide::{Because, Decision, because, cells};
use crate::io::csv_cell;
use crate::pact::{CriteriaId, FieldId, Pact, Verdict};

/// How decisions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line, without reasons by clause.
    Ndjson,
    /// A line of cells; `raw` leaves a cell as it is that a spreadsheet would take for a formula.
    Csv { raw: bool },
}

impl Form {
    /// Writes a decision of the reference.
    pub(super) fn write(self, pact: &Pact, decision: Decision, out: &mut Vec<u8>) {
        match self {
            // bytes in memory take everything
            Self::Ndjson => drop(serde_json::to_writer(&mut *out, &decision.without_reasons())),
            Self::Csv { raw } => {
                for (at, cell) in cells(pact, &decision, true).iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    csv_cell(cell, raw, out);
                }
            }
        }
        out.push(b'\n');
    }
}

/// What decisions of one way share.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// The stage that the way leads to.
    stage: Option<Arc<str>>,
    shared: Shared,
}

#[derive(Debug, Clone)]
enum Shared {
    /// What stands before the scores, between each of them and each criteria, and after.
    Json { head: Vec<u8>, tail: Vec<u8> },
    /// Cells before the scores, the receiver, and cells after what is missing; why, where it is the same for all.
    Csv { raw: bool, head: Vec<u8>, receiver: Vec<u8>, tail: Vec<u8>, because: Option<Vec<u8>> },
}

/// What stands where the scores and criteria do in a decision that has none.
const GAP: &str = "\"scores\":{},\"criteria\":{}";

impl Template {
    /// What is shared with a decision of the reference.
    pub(super) fn new(plan: &Plan<'_>, form: Form, decision: &Decision) -> Self {
        let stage = decision.stage.clone();
        let shared = match form {
            Form::Ndjson => {
                let mut bare = decision.clone().without_reasons();
                bare.id = None;
                bare.scores.clear();
                bare.score_ranges.clear();
                bare.criteria.clear();
                let text = serde_json::to_string(&bare).unwrap_or_default();
                let (head, tail) = text.split_once(GAP).unwrap_or_default();
                Shared::Json { head: head.trim_start_matches('{').into(), tail: tail.into() }
            }
            Form::Csv { raw } => {
                let cells = cells(plan.pact, decision, true);
                let join = |cells: &[String]| {
                    let mut bytes = Vec::new();
                    for cell in cells {
                        bytes.push(b',');
                        csv_cell(cell, raw, &mut bytes);
                    }
                    bytes
                };
                let receiver = 4 + plan.pact.scores.len() + plan.pact.criteria.len();
                let part = |from: usize, to: usize| join(cells.get(from..to).unwrap_or_default());
                let because = because(plan.pact, decision);
                Shared::Csv {
                    raw,
                    head: part(1, 4),
                    receiver: part(receiver, receiver + 1),
                    tail: part(receiver + 2, receiver + 4),
                    because: matches!(because, Because::Way(_)).then(|| part(receiver + 4, receiver + 5)),
                }
            }
        };
        Self { stage, shared }
    }

    /// Writes the decision of a lead of this way.
    pub(super) fn write(&self, plan: &Plan<'_>, row: &[i64], lead: &ClassedLead, missing: &Missing, out: &mut Vec<u8>) {
        match &self.shared {
            Shared::Json { head, tail } => {
                out.push(b'{');
                if !lead.key.is_empty() {
                    out.extend_from_slice(b"\"id\":");
                    json_text(&lead.key, out);
                    out.push(b',');
                }
                out.extend_from_slice(head);
                plan.words.json(plan, row, missing, out);
                out.extend_from_slice(tail);
            }
            Shared::Csv { raw, head, receiver, tail, because } => {
                csv_cell(&lead.key, *raw, out);
                out.extend_from_slice(head);
                for score in &plan.scores {
                    out.push(b',');
                    number(row[score.0], out);
                }
                for bit in &plan.criteria {
                    out.push(b',');
                    out.extend_from_slice(plan.shape.verdict(row, *bit).word().as_bytes());
                }
                out.extend_from_slice(receiver);
                out.push(b',');
                csv_cell(&plan.words.missing(missing), *raw, out);
                out.extend_from_slice(tail);
                match because {
                    Some(because) => out.extend_from_slice(because),
                    None => {
                        out.push(b',');
                        csv_cell(&plan.words.why(plan, self.stage.as_deref(), row, missing), *raw, out);
                    }
                }
            }
        }
        out.push(b'\n');
    }
}

/// Names and clauses of a pact as decisions write them.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    fields: Vec<String>,
    /// `"name":` of each score.
    scores: Vec<Vec<u8>>,
    /// `"name":{"verdict":"…"` of each criteria for each verdict.
    criteria: Vec<[Vec<u8>; 3]>,
    names: Vec<String>,
    /// The clauses of each criteria, with whether they are met.
    pub(super) needs: Vec<Vec<(Bit, crate::span::Span)>>,
}

impl Words {
    pub(super) fn new(pact: &Pact, needs: Vec<Vec<(Bit, crate::span::Span)>>) -> Self {
        let quoted = |name: &str| {
            let mut bytes = Vec::new();
            json_text(name, &mut bytes);
            bytes.push(b':');
            bytes
        };
        let verdicts = |name: &str| {
            [Verdict::Met, Verdict::NotMet, Verdict::Unknown].map(|verdict| {
                let mut bytes = quoted(name);
                bytes.extend_from_slice(b"{\"verdict\":\"");
                bytes.extend_from_slice(verdict.word().as_bytes());
                bytes.push(b'"');
                bytes
            })
        };
        Self {
            fields: pact.fields.iter().map(|field| field.name.to_string()).collect(),
            scores: pact.scores.iter().map(|score| quoted(&score.name)).collect(),
            criteria: pact.criteria.iter().map(|criteria| verdicts(&criteria.name)).collect(),
            names: pact.criteria.iter().map(|criteria| criteria.name.to_string()).collect(),
            needs,
        }
    }

    /// Scores and criteria as a decision has them in JSON.
    fn json(&self, plan: &Plan<'_>, row: &[i64], missing: &Missing, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"scores\":{");
        for (at, (name, Sums(score))) in self.scores.iter().zip(&plan.scores).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(name);
            number(row[*score], out);
        }
        let open = |Sums(score): Sums| row[score + 1] != row[score + 2];
        if plan.scores.iter().any(|score| open(*score)) {
            out.extend_from_slice(b"},\"score_ranges\":{");
            let open = self.scores.iter().zip(&plan.scores).filter(|(_, score)| open(**score));
            for (at, (name, Sums(score))) in open.enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(name);
                out.extend_from_slice(b"{\"low\":");
                number(row[score + 1], out);
                out.extend_from_slice(b",\"high\":");
                number(row[score + 2], out);
                out.push(b'}');
            }
        }
        out.extend_from_slice(b"},\"criteria\":{");
        for (at, (bit, verdicts)) in plan.criteria.iter().zip(&self.criteria).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(match plan.shape.verdict(row, *bit) {
                Verdict::Met => &verdicts[0],
                Verdict::NotMet => &verdicts[1],
                Verdict::Unknown => &verdicts[2],
            });
            if let Some(sets) = missing.get(at).filter(|sets| !sets.is_empty()) {
                out.extend_from_slice(b",\"missing\":[");
                for (at, set) in sets.iter().enumerate() {
                    out.extend_from_slice(if at > 0 { b",[" } else { b"[" });
                    for (at, field) in set.iter().enumerate() {
                        if at > 0 {
                            out.push(b',');
                        }
                        json_text(self.field(*field), out);
                    }
                    out.push(b']');
                }
                out.push(b']');
            }
            out.push(b'}');
        }
        out.push(b'}');
    }

    fn field(&self, field: FieldId) -> &str {
        self.fields.get(field.0 as usize).map_or("", |name| name)
    }

    fn sets(&self, sets: &[Vec<FieldId>]) -> String {
        let set = |set: &Vec<FieldId>| set.iter().map(|field| self.field(*field)).collect::<Vec<_>>().join(" and ");
        sets.iter().map(set).collect::<Vec<_>>().join(" or ")
    }

    fn missing(&self, missing: &Missing) -> String {
        let short = self.names.iter().zip(missing).filter(|(_, sets)| !sets.is_empty());
        short.map(|(name, sets)| format!("{name}: {}", self.sets(sets))).collect::<Vec<_>>().join("; ")
    }

    /// Why a lead stays where it is.
    fn why(&self, plan: &Plan<'_>, stage: Option<&str>, row: &[i64], missing: &Missing) -> String {
        let not_met = |at: usize| plan.shape.verdict(row, plan.criteria[at]) == Verdict::NotMet;
        let mut short = self.names.iter().zip(missing).enumerate();
        if let Some((_, (name, sets))) = short.find(|(at, (_, sets))| !sets.is_empty() && not_met(*at)) {
            return crate::decide::lacks(name, &self.sets(sets));
        }
        let Some(stage) = stage else { return crate::decide::NO_PIPELINE.into() };
        let open = crate::decide::asked_by(plan.pact, stage).into_iter().find_map(|CriteriaId(id)| {
            let needs = self.needs.get(id as usize)?;
            let verdict = |bit: Bit| plan.shape.verdict(row, bit);
            let (bit, span) = needs.iter().find(|(bit, _)| verdict(*bit) != Verdict::Met)?;
            Some(crate::decide::open_need(verdict(*bit), &plan.pact.clause(*span)))
        });
        open.unwrap_or_default()
    }
}

fn number(number: i64, out: &mut Vec<u8>) {
    // bytes in memory take everything
    let _ = write!(out, "{number}");
}

fn json_text(text: &str, out: &mut Vec<u8>) {
    let plain = text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let _ = serde_json::to_writer(out, text);
    }
}
