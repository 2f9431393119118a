//! What decisions of one pact are made of: names, verdicts, numbers.

use std::io::Write as _;

use super::near_miss::Missing;
use super::plan::Plan;
use super::step::{Bit, Sums};
use crate::decide::{NO_PIPELINE, asked_by, lacks, open_need};
use crate::pact::{CriteriaId, FieldId, Pact, Verdict};

/// Names and clauses of a pact as decisions write them.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    fields: Vec<String>,
    /// `"name":` of each score.
    scores: Vec<Vec<u8>>,
    /// `"name":{"verdict":"…"` of each criteria for each verdict.
    criteria: Vec<[Vec<u8>; 3]>,
    names: Vec<String>,
}

impl Words {
    pub(super) fn new(pact: &Pact) -> Self {
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
        }
    }

    /// Scores and criteria as a decision has them in JSON.
    pub(super) fn json(&self, plan: &Plan<'_>, row: &[i64], missing: &Missing, out: &mut Vec<u8>) {
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

    /// What is missing, as a cell says it.
    pub(super) fn missing(&self, missing: &Missing) -> String {
        let short = self.names.iter().zip(missing).filter(|(_, sets)| !sets.is_empty());
        short.map(|(name, sets)| format!("{name}: {}", self.sets(sets))).collect::<Vec<_>>().join("; ")
    }

    /// Why a lead stays where it is.
    pub(super) fn why(&self, plan: &Plan<'_>, stage: Option<&str>, row: &[i64], missing: &Missing) -> String {
        let not_met = |at: usize| plan.shape.verdict(row, plan.criteria[at]) == Verdict::NotMet;
        let mut short = self.names.iter().zip(missing).enumerate();
        if let Some((_, (name, sets))) = short.find(|(at, (_, sets))| !sets.is_empty() && not_met(*at)) {
            return lacks(name, &self.sets(sets));
        }
        let Some(stage) = stage else { return NO_PIPELINE.into() };
        let open = asked_by(plan.pact, stage).into_iter().find_map(|CriteriaId(id)| {
            let needs = plan.needs.get(id as usize)?;
            let verdict = |bit: Bit| plan.shape.verdict(row, bit);
            let (bit, span) = needs.iter().find(|(bit, _)| verdict(*bit) != Verdict::Met)?;
            Some(open_need(verdict(*bit), &plan.pact.clause(*span)))
        });
        open.unwrap_or_default()
    }
}

/// Writes a whole number.
pub(super) fn number(number: i64, out: &mut Vec<u8>) {
    // bytes in memory take everything
    let _ = write!(out, "{number}");
}

/// Writes a text as JSON.
pub(super) fn json_text(text: &str, out: &mut Vec<u8>) {
    let plain = text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let _ = serde_json::to_writer(out, text);
    }
}
