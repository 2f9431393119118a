//! Several inputs to one stream of records. The first input streams; the others are held in memory by the value they
//! are matched on, so memory grows with them and not with the first.

use std::collections::VecDeque;
use std::sync::Arc;

use indexmap::IndexMap;

use super::passed_over::PassedOver;
use super::shape::{Partial, Shape};
use super::{LeadInput, Read, Rejected};
use crate::io::{Reject, Row, Rows};
use crate::pact::{FieldId, IntakeId, Pact};
use crate::record::Record;
use crate::value::Value;

/// The leads of several inputs, in the order of the first; leads that only others know come after.
pub struct Leads<'p> {
    pact: &'p Pact,
    first: Rows,
    shape: Shape<'p>,
    name: Arc<str>,
    intake: Option<IntakeId>,
    others: Vec<Held>,
    /// Inputs by precedence: 0 is the first, `n + 1` is `others[n]`.
    order: Vec<usize>,
    waiting: VecDeque<Rejected>,
    passed_over: Vec<(Arc<str>, PassedOver)>,
    cut_short: bool,
    streaming: bool,
    /// The held input whose remaining rows are in order.
    sorted: Option<usize>,
}

/// An input held in memory. Rows matched on the key are leads: each joins one record, and is one of its own when no
/// other input knows it. Rows matched on another field, such as an account, add to every record that names them.
pub(super) struct Held {
    name: Arc<str>,
    pub(super) intake: Option<IntakeId>,
    pub(super) match_on: FieldId,
    pub(super) rows: IndexMap<String, (Row, Partial)>,
}

impl<'p> Leads<'p> {
    /// Reads inputs under a pact. All but the first are read at once.
    pub fn new(pact: &'p Pact, inputs: Vec<LeadInput>) -> Option<Self> {
        let mut inputs = inputs.into_iter();
        let LeadInput { name, rows: first, intake } = inputs.next()?;
        let (mut others, mut waiting, mut passed_over, mut cut_short) =
            (Vec::new(), VecDeque::new(), Vec::new(), false);
        for input in inputs {
            let mut shape = Shape::new(pact, input.intake);
            let (held, cut) = hold(pact, input, &mut shape, &mut waiting);
            passed_over.push((held.name.clone(), shape.passed_over().clone()));
            cut_short |= cut;
            others.push(held);
        }
        let intakes: Vec<Option<IntakeId>> = std::iter::once(intake).chain(others.iter().map(|o| o.intake)).collect();
        let mut order: Vec<usize> = (0..intakes.len()).collect();
        let rank = |at: &usize| {
            let intake = intakes.get(*at).copied().flatten()?;
            pact.precedence.iter().position(|id| *id == intake)
        };
        // declared sources come first, in their order; the rest keep the order in which they were given
        order.sort_by_key(|at| rank(at).unwrap_or(usize::MAX));
        let shape = Shape::new(pact, intake);
        Some(Self {
            pact,
            first,
            shape,
            name,
            intake,
            others,
            order,
            waiting,
            passed_over,
            cut_short,
            streaming: true,
            sorted: None,
        })
    }

    /// What was passed over, by input. Whole only at the end.
    pub fn passed_over(&self) -> Vec<(Arc<str>, PassedOver)> {
        let first = (self.name.clone(), self.shape.passed_over().clone());
        std::iter::once(first).chain(self.passed_over.clone()).collect()
    }

    /// What was decided about how to read the first input, such as its encoding.
    pub fn notes(&self) -> &[String] {
        self.first.notes()
    }

    /// Whether an input ended in a read error, so that rows may be missing.
    pub fn cut_short(&self) -> bool {
        self.cut_short || self.first.cut_short()
    }

    /// The first input's `source`.
    pub fn intake(&self) -> Option<IntakeId> {
        self.intake
    }

    /// Joins a partial of input `at` with what the other inputs know of the same lead: first those matched on the key,
    /// then, until nothing more is found, those matched on what is known by then.
    fn assemble(&mut self, at: usize, partial: Partial) -> Result<Box<Record>, String> {
        let mut parts: Vec<(usize, Partial)> = vec![(at, partial)];
        let key = self.pact.key;
        if let Some(value) = self.matched(&parts, key) {
            for (other, held) in self.others.iter_mut().enumerate().filter(|(_, held)| held.match_on == key) {
                parts.extend(held.rows.swap_remove(&value).map(|(_, partial)| (other + 1, partial)));
            }
        }
        while let Some(found) = self.next_match(&parts) {
            parts.push(found);
        }
        parts.sort_by_key(|(at, _)| self.rank(*at));
        record(self.pact, parts.into_iter().map(|(_, partial)| partial))
    }

    /// What an input not yet among the parts, and matched on another field than the key, knows of the lead.
    fn next_match(&self, parts: &[(usize, Partial)]) -> Option<(usize, Partial)> {
        let others = self.others.iter().enumerate().map(|(other, held)| (other + 1, held));
        let open =
            others.filter(|(at, held)| held.match_on != self.pact.key && parts.iter().all(|(taken, _)| taken != at));
        open.into_iter().find_map(|(at, held)| {
            let value = self.matched(parts, held.match_on)?;
            held.rows.get(&value).map(|(_, partial)| (at, partial.clone()))
        })
    }

    /// What the parts say of a field on which rows are matched, in the form in which they match.
    fn matched(&self, parts: &[(usize, Partial)], field: FieldId) -> Option<String> {
        matched(self.pact, field, |field| self.known(parts, field))
    }

    /// A field's value as the parts have it: that of the input that comes first.
    fn known<'v>(&self, parts: &'v [(usize, Partial)], field: FieldId) -> Option<&'v Value> {
        let known = parts.iter().filter_map(|(at, part)| Some((at, part.values.get(field.0 as usize)?.as_ref()?)));
        known.min_by_key(|(at, _)| self.rank(**at)).map(|(_, value)| value)
    }

    fn rank(&self, at: usize) -> Option<usize> {
        self.order.iter().position(|input| *input == at)
    }

    fn next_row(&mut self) -> Option<Read> {
        let row = match self.first.next()? {
            Ok(row) => row,
            Err(reject) => return Some(Err(Rejected { file: self.name.clone(), reject })),
        };
        let record = self.shape.read(&row).and_then(|partial| self.assemble(0, partial));
        Some(record.map_err(|reason| Rejected { file: self.name.clone(), reject: Reject::of(&row, reason) }))
    }

    /// Leads that the first input does not know.
    fn next_left(&mut self) -> Option<Read> {
        let of_leads = |held: &Held| held.match_on == self.pact.key && !held.rows.is_empty();
        let at = self.others.iter().position(of_leads)?;
        let left = &mut self.others[at].rows;
        if self.sorted != Some(at) {
            // taking matched rows out has shuffled the rest: back to the order of lines, last first
            left.sort_unstable_by(|_, (a, _), _, (b, _)| b.line.cmp(&a.line));
            self.sorted = Some(at);
        }
        let (_, (row, partial)) = left.pop()?;
        let file = self.others[at].name.clone();
        Some(self.assemble(at + 1, partial).map_err(|reason| Rejected { file, reject: Reject::of(&row, reason) }))
    }
}

impl Iterator for Leads<'_> {
    type Item = Read;

    fn next(&mut self) -> Option<Read> {
        if let Some(rejected) = self.waiting.pop_front() {
            return Some(Err(rejected));
        }
        if self.streaming {
            if let Some(read) = self.next_row() {
                return Some(read);
            }
            self.streaming = false;
        }
        self.next_left()
    }
}

/// The lead of one row.
///
/// # Errors
/// When the row says something that the pact does not know, or lacks what it must have; with the reason.
pub fn read_lead(pact: &Pact, intake: Option<IntakeId>, row: &Row) -> Result<Box<Record>, String> {
    record(pact, std::iter::once(Shape::new(pact, intake).read(row)?))
}

/// The record of a lead of which several inputs know: of a value that of the first that has it.
pub(super) fn record(pact: &Pact, parts: impl Iterator<Item = Partial>) -> Result<Box<Record>, String> {
    let mut record = Record::new(pact);
    record.values.fill(None);
    for part in parts {
        for (place, value) in record.values.iter_mut().zip(part.values) {
            *place = place.take().or(value);
        }
        record.history.extend(part.events);
        record.stage = record.stage.or(part.stage);
        record.since = record.since.or(part.since);
    }
    for (place, field) in record.values.iter_mut().zip(&pact.fields) {
        *place = place.take().or_else(|| field.default.clone());
        if place.is_none() && !field.optional {
            return Err(format!("`{}` is required and missing", field.name));
        }
    }
    record.sort();
    Ok(Box::new(record))
}

/// Reads an input into memory. Two rows of one lead cannot both hold, so the second is refused.
pub(super) fn hold(
    pact: &Pact,
    mut input: LeadInput,
    shape: &mut Shape<'_>,
    waiting: &mut VecDeque<Rejected>,
) -> (Held, bool) {
    let match_on = shape.match_on();
    let field = &pact[match_on].name;
    let mut rows: IndexMap<String, (Row, Partial)> = IndexMap::new();
    let mut refuse_row = |reject| waiting.push_back(Rejected { file: input.name.clone(), reject });
    for row in input.rows.by_ref() {
        let row = match row {
            Ok(row) => row,
            Err(reject) => {
                refuse_row(reject);
                continue;
            }
        };
        let partial = match shape.read(&row) {
            Ok(partial) => partial,
            Err(reason) => {
                refuse_row(Reject::of(&row, reason));
                continue;
            }
        };
        let value = |field: FieldId| partial.values.get(field.0 as usize).and_then(Option::as_ref);
        let Some(text) = matched(pact, match_on, value) else {
            let why = match value(match_on) {
                None => format!("`{field}`, on which rows are matched, is missing"),
                Some(value) => {
                    format!("`{field}`, on which rows are matched, is no number of a known country: `{value}`")
                }
            };
            refuse_row(Reject::of(&row, why));
            continue;
        };
        match rows.entry(text) {
            indexmap::map::Entry::Occupied(first) => {
                let line = first.get().0.line;
                let value = value(match_on).map(ToString::to_string).unwrap_or_default();
                refuse_row(Reject::of(&row, format!("`{field}` `{value}` stands already on line {line}")));
            }
            indexmap::map::Entry::Vacant(place) => {
                place.insert((row, partial));
            }
        }
    }
    (Held { name: input.name.clone(), intake: input.intake, match_on, rows }, input.rows.cut_short())
}

/// The value of a field on which rows are matched, in the form in which it matches: as leads are recognised by it, where they
/// are.
pub(super) fn matched<'v>(pact: &Pact, field: FieldId, value: impl Fn(FieldId) -> Option<&'v Value>) -> Option<String> {
    if pact.identities.iter().any(|identity| identity.field == field) {
        let name = &pact[field].name;
        return pact.identity_values(value).into_iter().find(|value| value.field == *name).map(|value| value.text);
    }
    value(field).map(|value| match_key(pact, value))
}

/// Texts match caseless, as they do everywhere.
pub(super) fn match_key(pact: &Pact, value: &Value) -> String {
    pact.folding.fold(value.to_string().trim()).into_owned()
}
