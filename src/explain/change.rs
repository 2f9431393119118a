//! The smallest change that would make a move happen. Each is tried on the evaluator itself before it is named.

use crate::eval::{View, facts_of};
use crate::pact::{Expr, FieldId, KindClass, KindId, Move, Pact, StageId, Verdict};
use crate::record::{Event, Record};
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::Value;
use rust_decimal::Decimal;

/// One thing that could be different about a lead.
#[derive(Debug, Clone, PartialEq)]
pub enum RequiredChange {
    /// A field has another value, or one at all.
    Set(FieldId, Value),
    /// So many more events of a kind happen now.
    Happens(KindId, u32),
}

/// Changes that together make a move happen.
#[derive(Debug, Clone, PartialEq)]
pub struct PathToMove {
    /// Where the lead would go.
    pub to: StageId,
    /// What would have to change; each way to a stage has as few changes as any.
    pub changes: Vec<RequiredChange>,
}

/// How many ways are named for one move.
const MOST_WAYS: usize = 3;
/// How many events of one kind a change may ask for.
const MOST_EVENTS: u32 = 5;
/// How many changed records are tried for one move.
const MOST_TRIES: usize = 4_000;

/// The smallest changes that would make a move happen that does not happen now: one change, or two where no single
/// one would do. Fields whose values no change can help with are not touched.
pub fn ways(pact: &Pact, record: &Record, at: Instant, from: StageId, step: &Move) -> Vec<PathToMove> {
    let Some(condition) = &step.when else { return Vec::new() };
    let search = Search { pact, at, from, step, condition };
    let changes = search.changes(record);
    let mut tries = MOST_TRIES;
    let mut found: Vec<PathToMove> = Vec::new();
    let taken = |found: &[PathToMove], change: &RequiredChange| {
        found.iter().any(|way| matches!(way.changes.as_slice(), [one] if same_subject(one, change)))
    };
    for change in &changes {
        if found.len() < MOST_WAYS && !taken(&found, change) && search.works(record, &[change], &mut tries) {
            found.push(PathToMove { to: step.to, changes: vec![change.clone()] });
        }
    }
    if !found.is_empty() {
        return found;
    }
    for (at, first) in changes.iter().enumerate() {
        for second in changes.iter().skip(at + 1).filter(|second| !same_subject(first, second)) {
            let known = found.iter().any(|way| {
                let [a, b] = way.changes.as_slice() else { return false };
                same_subject(a, first) && same_subject(b, second)
            });
            if found.len() < MOST_WAYS && !known && search.works(record, &[first, second], &mut tries) {
                found.push(PathToMove { to: step.to, changes: vec![first.clone(), second.clone()] });
            }
        }
    }
    found
}

fn same_subject(a: &RequiredChange, b: &RequiredChange) -> bool {
    match (a, b) {
        (RequiredChange::Set(a, _), RequiredChange::Set(b, _)) => a == b,
        (RequiredChange::Happens(a, _), RequiredChange::Happens(b, _)) => a == b,
        _ => false,
    }
}

struct Search<'a> {
    pact: &'a Pact,
    at: Instant,
    from: StageId,
    step: &'a Move,
    condition: &'a Expr,
}

impl Search<'_> {
    /// Every change worth trying, the likeliest first: missing fields, then known ones from the nearest value, then
    /// events. What a lead is called, where it comes from and who it is stay as they are.
    fn changes(&self, record: &Record) -> Vec<RequiredChange> {
        let facts = facts_of(self.pact, self.condition);
        let needs = self.pact.handoffs.iter().filter(|h| h.from == self.from && h.to == self.step.to);
        let mut fields = facts.fields;
        for need in needs.flat_map(|handoff| &handoff.needs) {
            fields.extend(facts_of(self.pact, &need.condition).fields);
        }
        let samples = crate::eval::samples(self.pact);
        let (mut missing, mut known) = (Vec::new(), Vec::new());
        for field in fields.into_iter().filter(|field| *field != self.pact.key) {
            let Some(values) = samples.get(field.0 as usize) else { continue };
            let mut values = values.clone();
            match record.value(field) {
                None => missing.extend(values.into_iter().map(|value| RequiredChange::Set(field, value))),
                Some(now) => {
                    values.retain(|value| value != now);
                    values.sort_by_key(|value| distance(now, value));
                    known.extend(values.into_iter().map(|value| RequiredChange::Set(field, value)));
                }
            }
        }
        let more = facts.kinds.into_iter().filter(|kind| self.pact[*kind].class == KindClass::Activity);
        let events = more.flat_map(|kind| (1..=MOST_EVENTS).map(move |n| RequiredChange::Happens(kind, n)));
        missing.into_iter().chain(known).chain(events).collect()
    }

    /// Whether the move happens once the record is changed.
    fn works(&self, record: &Record, changes: &[&RequiredChange], tries: &mut usize) -> bool {
        if *tries == 0 {
            return false;
        }
        *tries -= 1;
        let mut record = record.clone();
        for change in changes {
            match change {
                RequiredChange::Set(field, value) => record.set(*field, Some(value.clone())),
                RequiredChange::Happens(kind, n) => {
                    let values: Option<Vec<_>> = self.properties(*kind);
                    let Some(values) = values else { return false };
                    let event = Event { kind: *kind, at: self.at, values };
                    record.history.extend(std::iter::repeat_n(event, *n as usize));
                }
            }
        }
        let view = View::new(self.pact, &record, self.at);
        if view.condition(self.condition) != Verdict::Met {
            return false;
        }
        let handoff = self.pact.handoffs.iter().find(|h| h.from == self.from && h.to == self.step.to);
        handoff.is_none_or(|h| h.needs.iter().all(|need| view.condition(&need.condition) == Verdict::Met))
    }

    /// Properties that a new event would have: only what it must.
    fn properties(&self, kind: KindId) -> Option<Vec<Option<Value>>> {
        let properties = self.pact[kind].properties.iter().map(|property| {
            if property.optional {
                return Some(None);
            }
            Some(Some(match &property.ty {
                Ty::Text | Ty::Unknown => Value::text("…"),
                Ty::Word(words) => Value::Word(words.first()?.clone()),
                Ty::Integer | Ty::Number => Value::Number(Decimal::ONE),
                Ty::Bool => Value::Bool(true),
                Ty::Time => Value::Time(self.at),
                Ty::Date => Value::Date(self.pact.zone.date(self.at)),
                Ty::Money(_) | Ty::Duration | Ty::List(_) => return None,
            }))
        });
        properties.collect()
    }
}

/// How far a value is from the one a lead has; values without a distance keep the order of the pact.
fn distance(now: &Value, then: &Value) -> Decimal {
    match (now, then) {
        (Value::Number(a), Value::Number(b)) => (*a - *b).abs(),
        (Value::Money(a), Value::Money(b)) => (a.amount - b.amount).abs(),
        (Value::Date(a), Value::Date(b)) => Decimal::from(a.signed_duration_since(*b).num_days().abs()),
        _ => Decimal::ZERO,
    }
}
