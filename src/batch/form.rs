//! Decisions as bytes: what leads of one way share is written once, and copied.

use std::sync::Arc;

use super::lead::ClassedLead;
use super::near_miss::Missing;
use super::plan::Plan;
use super::route::{RowOf, by_queue};
use super::words::{Words, json_text, number};
use crate::decide::{Because, Decision, because, cells};
use crate::io::csv_cell;
use crate::pact::Pact;

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

/// What a decision says of a row of a table that receives, as it is written.
#[derive(Debug, Clone)]
pub(super) struct Receiver(Vec<u8>);

impl Receiver {
    pub(super) fn of(pact: &Pact, form: Form, row: RowOf) -> Self {
        let mut bytes = Vec::new();
        if let Some(report) = by_queue(pact, row) {
            bytes.push(b',');
            match form {
                Form::Ndjson => {
                    bytes.extend_from_slice(b"\"route\":");
                    // bytes in memory take everything
                    drop(serde_json::to_writer(&mut bytes, &report));
                }
                Form::Csv { raw } => csv_cell(report.queue.as_deref().unwrap_or_default(), raw, &mut bytes),
            }
        }
        Self(bytes)
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
    /// What stands before the scores, and behind the criteria.
    Json { head: Vec<u8>, tail: Vec<u8> },
    /// Cells before the scores, the receiver, and cells after what is missing; why, where it is the same for all.
    Csv { raw: bool, head: Vec<u8>, receiver: Vec<u8>, tail: Vec<u8>, because: Option<Vec<u8>> },
}

/// What a lead came to.
#[derive(Clone, Copy)]
pub(super) struct Outcome<'d> {
    pub(super) plan: &'d Plan<'d>,
    pub(super) words: &'d Words,
    pub(super) row: &'d [i64],
    pub(super) lead: &'d ClassedLead,
    pub(super) missing: &'d Missing,
    /// Who receives it, where that is another for each row of a table.
    pub(super) receiver: Option<&'d Receiver>,
}

/// What stands where the scores and criteria do in a decision that has none.
const GAP: &str = "\"scores\":{},\"criteria\":{}";

impl Template {
    /// What is shared with a decision of the reference, its receiver aside where that is another for each row of a table.
    pub(super) fn new(plan: &Plan<'_>, form: Form, decision: &Decision, by_row: Option<&Receiver>) -> Option<Self> {
        let stage = decision.stage.clone();
        let shared = match form {
            Form::Ndjson => {
                let mut bare = decision.clone().without_reasons();
                bare.id = None;
                bare.scores.clear();
                bare.score_ranges.clear();
                bare.criteria.clear();
                let text = serde_json::to_string(&bare).unwrap_or_default();
                let (head, tail) = text.split_once(GAP)?;
                let tail =
                    by_row.map_or(Some(tail.as_bytes()), |Receiver(route)| tail.as_bytes().strip_prefix(&**route))?;
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
                    receiver: if by_row.is_some() { Vec::new() } else { part(receiver, receiver + 1) },
                    tail: part(receiver + 2, receiver + 4),
                    because: matches!(because, Because::Way(_)).then(|| part(receiver + 4, receiver + 5)),
                }
            }
        };
        Some(Self { stage, shared })
    }

    /// Writes the decision of a lead of this way.
    pub(super) fn write(&self, outcome: &Outcome<'_>, out: &mut Vec<u8>) {
        let Outcome { plan, words, row, lead, missing, receiver: by_row } = *outcome;
        let by_row = by_row.map_or(&[][..], |Receiver(bytes)| bytes);
        match &self.shared {
            Shared::Json { head, tail } => {
                out.push(b'{');
                if !lead.key.is_empty() {
                    out.extend_from_slice(b"\"id\":");
                    json_text(&lead.key, out);
                    out.push(b',');
                }
                out.extend_from_slice(head);
                words.json(plan, row, missing, out);
                out.extend_from_slice(by_row);
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
                out.extend_from_slice(by_row);
                out.push(b',');
                csv_cell(&words.missing(missing), *raw, out);
                out.extend_from_slice(tail);
                match because {
                    Some(because) => out.extend_from_slice(because),
                    None => {
                        out.push(b',');
                        csv_cell(&words.why(plan, self.stage.as_deref(), row, missing), *raw, out);
                    }
                }
            }
        }
        out.push(b'\n');
    }
}
