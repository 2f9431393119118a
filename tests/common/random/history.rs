//! What happens to leads by chance, as rows: many things at one instant, at the edges of windows and steps, out of order,
//! twice, and corrected.

use chrono::TimeDelta;
use leadpact::internals::eval::samples;
use leadpact::internals::pact::Pact;
use leadpact::internals::time::{Duration, Instant};
use leadpact::internals::value::Value as Typed;
use serde_json::{Value, json};

use super::dice::Dice;
use super::setting::SOURCES;
use super::sort::Sort;
use super::vocabulary::{Field, Kind, Vocabulary};

/// Where lives begin: at midnights, at the ends of months, and around the hours that clocks leave out or have twice.
const BEGINNINGS: [&str; 7] = [
    "2026-03-01T21:00:00Z",
    "2026-02-28T23:59:59Z",
    "2026-03-08T06:30:00Z",
    "2026-03-29T00:30:00Z",
    "2026-03-31T22:00:00Z",
    "2026-04-04T14:00:00Z",
    "2026-03-02T06:00:00Z",
];

/// Tells what happens.
pub struct Teller<'v> {
    pub dice: &'v mut Dice,
    pub words: &'v Vocabulary,
    pub pact: &'v Pact,
    /// The lengths that the pact names.
    pub lengths: Vec<Duration>,
}

impl Teller<'_> {
    /// The events of a lead, in the order in which they are reported.
    pub fn events(&mut self, lead: &str, most: usize) -> Vec<Value> {
        let mut instants: Vec<Instant> = vec![self.dice.pick(&BEGINNINGS).parse().expect("it is an instant")];
        let mut first = json!({"lead": lead, "at": instants[0].to_rfc3339(), "event": "record", "event_id": "e0"});
        self.say_fields(&mut first, 60);
        let mut rows = vec![first];
        for n in 1..self.dice.between(2, most) {
            let at = self.instant(&instants);
            instants.push(at);
            let row = if self.dice.percent(8) { self.sourced(lead, at) } else { self.row(lead, at, n) };
            rows.push(row);
            if self.dice.percent(6) {
                let again = rows[self.dice.below(rows.len())].clone();
                rows.push(again);
            }
        }
        if self.dice.percent(60) {
            self.dice.shuffle(&mut rows);
        }
        rows
    }

    /// An instant that is near another one, or as far away as some window is long, give or take a second.
    fn instant(&mut self, before: &[Instant]) -> Instant {
        let from = *self.dice.pick(before);
        let nudge = TimeDelta::seconds(*self.dice.pick(&[0, 0, 0, 1, -1]));
        let at = match self.dice.below(10) {
            0..=1 => Some(from),
            2..=6 => {
                self.dice.any(&self.lengths).and_then(|length| length.after(from, &self.pact.zone)).map(|at| at + nudge)
            }
            7 => Some(from + TimeDelta::milliseconds(self.dice.below(5_000) as i64)),
            8 => Some(from + TimeDelta::minutes(self.dice.below(2_000) as i64)),
            _ => Some(from + TimeDelta::hours(self.dice.below(400) as i64)),
        };
        at.unwrap_or(from)
    }

    fn row(&mut self, lead: &str, at: Instant, n: usize) -> Value {
        let mut row = self.what(n);
        row["lead"] = json!(lead);
        row["at"] = json!(at.to_rfc3339());
        if self.dice.percent(50) {
            row["event_id"] = json!(format!("e{n}"));
        }
        row
    }

    /// What a system says of the lead; `source` is which.
    fn sourced(&mut self, lead: &str, at: Instant) -> Value {
        let mut row = json!({"source": self.dice.pick(&SOURCES), "id": lead, "at": at.to_rfc3339()});
        self.say_fields(&mut row, 20);
        row
    }

    fn what(&mut self, n: usize) -> Value {
        match self.dice.below(40) {
            0..=7 => {
                let mut row = json!({"event": "record"});
                self.say_fields(&mut row, 15);
                row
            }
            8..=10 => json!({"event": "assigned", "to": self.dice.pick(&["ana_0", "bo_0", "dana", "ana_1", ""])}),
            11 => {
                let stages: Vec<_> = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages).collect();
                match self.dice.any(&stages) {
                    Some(stage) => json!({"event": "status", "stage": &*stage.name}),
                    None => self.happening(),
                }
            }
            12 if self.dice.percent(50) => json!({"event": "opt_out"}),
            13..=14 => {
                let instead = if self.dice.percent(30) { Value::Null } else { self.happening() };
                json!({"event": "correction", "of": format!("e{}", self.dice.below(n + 1)), "instead": instead})
            }
            _ => self.happening(),
        }
    }

    fn happening(&mut self) -> Value {
        let answers = self.words.class("disposition").into_iter().cloned().collect();
        let kinds: Vec<Kind> = if self.dice.percent(20) { answers } else { self.words.kinds.clone() };
        let kind = self.dice.pick(&kinds).clone();
        let mut row = json!({"event": kind.name});
        for property in &kind.properties {
            if !property.optional || self.dice.percent(65) {
                row[&property.name] = property.sort.cell(self.dice);
            }
        }
        row
    }

    /// Says fields, each so many times in a hundred; now and then that one has no value any more.
    fn say_fields(&mut self, row: &mut Value, chance: usize) {
        let fields: Vec<Field> = self.words.fields.clone();
        for field in fields {
            if self.dice.percent(chance) {
                row[&field.name] =
                    if field.optional && self.dice.percent(10) { Value::Null } else { self.cell(&field) };
            }
        }
    }

    /// A value of a field: where the pact's answers change, or any.
    fn cell(&mut self, field: &Field) -> Value {
        let at = self.pact.field(&field.name).map(|id| id.0 as usize);
        let tried = at.and_then(|at| samples(self.pact).get(at)).map_or(&[][..], Vec::as_slice);
        match self.dice.any(tried).and_then(written) {
            Some(cell) if self.dice.percent(50) && !matches!(field.sort, Sort::List(_)) => cell,
            _ => field.sort.cell(self.dice),
        }
    }

    /// A lead as a file of leads has it: its values, its stage, and what happened to it.
    pub fn lead(&mut self, lead: &str) -> Value {
        let mut row = json!({"id": lead});
        self.say_fields(&mut row, 55);
        let mut instants: Vec<Instant> = vec![self.dice.pick(&BEGINNINGS).parse().expect("it is an instant")];
        let mut history = Vec::new();
        for _ in 0..self.dice.below(7) {
            let at = self.instant(&instants);
            instants.push(at);
            let mut happened = self.happening();
            if let Some(kind) = happened.as_object_mut().and_then(|parts| parts.remove("event")) {
                happened["kind"] = kind;
            }
            happened["at"] = json!(at.to_rfc3339());
            history.push(happened);
        }
        row["history"] = Value::Array(history);
        if self.dice.percent(40) {
            let stages: Vec<_> = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages).collect();
            if let Some(stage) = self.dice.any(&stages) {
                row["stage"] = json!(&*stage.name);
                row["since"] = json!(self.dice.pick(&instants).to_rfc3339());
            }
        }
        row
    }
}

/// A value as rows have it.
fn written(value: &Typed) -> Option<Value> {
    Some(match value {
        Typed::Text(text) | Typed::Word(text) => json!(&**text),
        Typed::Number(number) => serde_json::from_str(&number.to_string()).ok()?,
        Typed::Money(money) => serde_json::from_str(&money.amount.to_string()).ok()?,
        Typed::Bool(yes) => json!(yes),
        Typed::Date(date) => json!(date.to_string()),
        Typed::Time(at) => json!(at.to_rfc3339()),
        Typed::Duration(length) => json!(length.to_string()),
        _ => return None,
    })
}
