//! A search for a lead of which something holds: goal by goal, with a bounded number of tries, always in one order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::conditions::conjuncts;
use super::values::{SECOND, Seen, Slot};
use crate::eval::View;
use crate::pact::{Expr, FieldId, KindClass, KindId, Pact, Verdict};
use crate::record::{Event, Record};
use crate::time::Duration;
use crate::time::Instant;
use crate::value::Value;

/// How many leads are tried with one of several histories.
const TRIES_OF_HISTORY: usize = 500;

/// The most values of a field, variants of the events of a kind, and histories that are tried.
const MOST_VALUES: usize = 32;
const MOST_VARIANTS: usize = 24;
const MOST_HISTORIES: usize = 600;

/// The most events of a kind that a lead is given.
const MOST_EVENTS: usize = 100;

/// One thing that must be met.
struct Goal {
    condition: Expr,
    fields: BTreeSet<FieldId>,
    /// Whether a fact more can turn its answer around.
    turns: bool,
}

pub(super) struct Search<'p> {
    pact: &'p Pact,
    at: Instant,
    goals: Vec<Goal>,
    /// The fields that count, each with what to try.
    fields: BTreeMap<FieldId, Vec<Value>>,
    histories: Vec<Vec<Event>>,
    seen: Seen,
    holds: &'p dyn Fn(&View<'_>) -> bool,
}

impl<'p> Search<'p> {
    /// Searches for a lead of which `holds` is true; that needs every goal, and hangs on `others` too.
    pub fn new(
        pact: &'p Pact,
        at: Instant,
        goals: &[Expr],
        others: &[Expr],
        holds: &'p dyn Fn(&View<'_>) -> bool,
    ) -> Self {
        let seen = Seen::of(pact, goals.iter().chain(others));
        let asked = Seen::of(pact, goals);
        let goals = conjuncts(pact, goals).into_iter().map(|condition| {
            let seen = Seen::of(pact, [&condition]);
            Goal { condition, fields: seen.fields, turns: seen.turns }
        });
        let field = |id: &FieldId| {
            let mut values: Vec<Value> = pact[*id].default.iter().cloned().collect();
            values.extend(seen.values(Slot::Field(*id), &pact[*id].ty, at, pact));
            values.truncate(MOST_VALUES);
            (*id, values)
        };
        let fields = seen.fields.iter().map(field).collect();
        let histories = histories(pact, at, &seen, asked.disposition);
        Self { pact, at, goals: goals.collect(), fields, histories, seen, holds }
    }

    /// The first lead that is found, with no fact that it could do without.
    pub fn run(&self, tries: &mut usize) -> Option<Record> {
        for history in &self.histories {
            if *tries == 0 {
                return None;
            }
            let mut record = Record::new(self.pact);
            self.fields.keys().for_each(|field| record.set(*field, None));
            record.history.clone_from(history);
            let mut left = if self.histories.len() == 1 { *tries } else { TRIES_OF_HISTORY.min(*tries) };
            let before = left;
            let found = self.fill(&mut record, &mut BTreeSet::new(), &mut left);
            *tries -= before - left;
            if found {
                self.shrink(&mut record);
                return Some(record);
            }
        }
        None
    }

    /// Decides field by field, those first that a goal still waits for.
    fn fill(&self, record: &mut Record, decided: &mut BTreeSet<FieldId>, tries: &mut usize) -> bool {
        if *tries == 0 {
            return false;
        }
        *tries -= 1;
        let mut next = None;
        {
            let view = View::new(self.pact, record, self.at);
            for goal in &self.goals {
                let verdict = view.condition(&goal.condition);
                if verdict == Verdict::Met {
                    continue;
                }
                let open = goal.fields.iter().find(|field| !decided.contains(field));
                if open.is_none() || verdict == Verdict::NotMet && !goal.turns {
                    return false;
                }
                next = next.or(open.copied());
            }
            if next.is_none() && self.is_whole(record) && (self.holds)(&view) {
                return true;
            }
        }
        let any = || self.fields.keys().find(|field| !decided.contains(field)).copied();
        let Some(field) = next.or_else(any) else { return false };
        decided.insert(field);
        for value in self.fields.get(&field).into_iter().flatten() {
            record.set(field, Some(value.clone()));
            if self.fill(record, decided, tries) {
                return true;
            }
        }
        record.set(field, None);
        let found = self.may_lack(field) && self.fill(record, decided, tries);
        decided.remove(&field);
        found
    }

    fn may_lack(&self, field: FieldId) -> bool {
        self.pact[field].optional && self.pact[field].default.is_none()
    }

    fn is_whole(&self, record: &Record) -> bool {
        self.fields.keys().all(|field| record.value(*field).is_some() || self.may_lack(*field))
    }

    fn shrink(&self, record: &mut Record) {
        let holds = |record: &Record| (self.holds)(&View::new(self.pact, record, self.at));
        for field in self.fields.keys().filter(|field| self.may_lack(**field)) {
            let value = record.value(*field).cloned();
            record.set(*field, None);
            if !holds(record) {
                record.set(*field, value);
            }
        }
        for at in (0..record.history.len()).rev() {
            let event = record.history.remove(at);
            if !holds(record) {
                record.history.insert(at, event);
            }
        }
    }

    /// The lead in words: its facts that count.
    pub fn words(&self, record: &Record) -> String {
        let field = |field: &FieldId| Some(format!("{} {}", self.pact[*field].name, written(record.value(*field)?)));
        let mut facts: Vec<String> = self.fields.keys().filter_map(field).collect();
        let mut history = record.history.as_slice();
        while let Some((event, rest)) = history.split_first() {
            let more = rest.iter().take_while(|other| *other == event).count();
            facts.push(self.event(event, more + 1));
            history = rest.get(more..).unwrap_or_default();
        }
        let mut words = match facts.as_slice() {
            [] => "a lead with no fields set".to_owned(),
            facts => format!("a lead with {}", facts.join(", ")),
        };
        if self.seen.now {
            let _ = write!(words, " on {}", self.pact.zone.date(self.at));
        }
        words
    }

    fn event(&self, event: &Event, times: usize) -> String {
        let kind = &self.pact[event.kind];
        let said = kind.properties.iter().zip(&event.values);
        let said = said.filter_map(|(property, value)| Some(format!("{} {}", property.name, written(value.as_ref()?))));
        let said: Vec<String> = said.collect();
        let mut words = kind.name.to_string();
        if !said.is_empty() {
            let _ = write!(words, " ({})", said.join(", "));
        }
        if times > 1 {
            let _ = write!(words, " {times} times");
        }
        let seconds = self.at.signed_duration_since(event.at).num_seconds();
        if seconds > 0 {
            let ago = match i32::try_from(seconds / 86_400) {
                Ok(days) if days > 0 => Duration { days, seconds: seconds % 86_400, ..Duration::default() },
                _ => Duration::seconds(seconds),
            };
            let _ = write!(words, " {ago} before");
        }
        words
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::List(values) if values.is_empty() => "empty".to_owned(),
        Value::List(values) => values.iter().map(written).collect::<Vec<_>>().join(" and "),
        other => other.to_string(),
    }
}

/// Histories worth trying: none, then of one kind, then one event of every kind, then of two kinds.
///
/// Sales may send a lead back by an answer, so a circle that only an answer closes is let be: where the latest answer is
/// asked for, no history holds one.
fn histories(pact: &Pact, at: Instant, seen: &Seen, answered: bool) -> Vec<Vec<Event>> {
    let allowed = |kind: &&KindId| !(answered && pact[**kind].class == KindClass::Disposition);
    let of: Vec<Vec<Vec<Event>>> =
        seen.kinds.iter().filter(allowed).map(|kind| variants(pact, at, seen, *kind)).collect();
    let mut all = vec![Vec::new()];
    all.extend(of.iter().flatten().cloned());
    if of.len() > 2 {
        all.push(of.iter().filter_map(|variants| variants.first()).flatten().cloned().collect());
    }
    for (n, first) in of.iter().enumerate() {
        for second in of.iter().skip(n + 1) {
            for a in first {
                all.extend(second.iter().map(|b| a.iter().chain(b).cloned().collect()));
            }
        }
    }
    all.truncate(MOST_HISTORIES);
    all.iter_mut().for_each(|history| history.sort_by_key(|event| event.at));
    all
}

/// Events of one kind: at the instant and before, once and often, with the properties that conditions tell apart.
fn variants(pact: &Pact, at: Instant, seen: &Seen, kind: KindId) -> Vec<Vec<Event>> {
    let mut values: Vec<Vec<Option<Value>>> = vec![Vec::new()];
    for (position, property) in pact[kind].properties.iter().enumerate() {
        let mut of: Vec<Option<Value>> = seen
            .values(Slot::Property(kind, position as u32), &property.ty, at, pact)
            .into_iter()
            .take(MOST_VALUES)
            .map(Some)
            .collect();
        if !seen.names(Slot::Property(kind, position as u32)) {
            of.truncate(usize::from(!property.optional));
        }
        if property.optional {
            of.push(None);
        }
        values = values
            .iter()
            .flat_map(|before| of.iter().map(|value| before.iter().cloned().chain([value.clone()]).collect()))
            .take(MOST_VARIANTS)
            .collect();
    }
    let past = seen.moments(at, pact).into_iter().flat_map(|time| [Some(time), time.checked_sub_signed(SECOND)]);
    let times: Vec<Instant> = past.flatten().filter(|time| *time <= at).take(6).collect();
    let mut counts: Vec<usize> = vec![1];
    counts.extend(seen.counts.get(&kind).into_iter().flatten().flat_map(|n| [*n, n + 1]));
    counts.extend([3, 10]);
    counts.retain(|n| (1..=MOST_EVENTS).contains(n));
    let mut all: Vec<Vec<Event>> = Vec::new();
    let mut push = |values: &Vec<Option<Value>>, at: Instant, count: usize| {
        let events = vec![Event { kind, at, values: values.clone() }; count];
        if all.len() < MOST_VARIANTS && !all.contains(&events) {
            all.push(events);
        }
    };
    // first one thing after the other, then together
    values.iter().take(MOST_VARIANTS / 2).for_each(|values| push(values, at, 1));
    if let Some(values) = values.first() {
        counts.iter().for_each(|count| push(values, at, *count));
        times.iter().for_each(|time| push(values, *time, 1));
    }
    for values in &values {
        for count in &counts {
            times.iter().for_each(|time| push(values, *time, *count));
        }
    }
    all
}
