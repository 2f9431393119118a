//! What to try: values of fields and properties, and times of events, at which the answers of conditions can change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use rust_decimal::Decimal;

use crate::function::Function;
use crate::pact::{
    Amount, Cell, CriteriaId, Expr, ExprKind, FieldId, KindId, Pact, PointsFor, Question, ScoreId, Set, TableId,
    ValueId,
};
use crate::time::Duration;
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::{Money, Value};

/// How many values of a list or of a column of a table are looked at.
const MOST_LISTED: usize = 64;

/// How many values in a row, each beyond the other, are thought of.
const MOST_BESIDE: usize = 3;

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Field(FieldId),
    Property(KindId, u32),
}

/// What conditions name, through criteria, scores and tables.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub fields: BTreeSet<FieldId>,
    pub kinds: BTreeSet<KindId>,
    /// Numbers that counts of events are compared with.
    pub counts: BTreeMap<KindId, BTreeSet<usize>>,
    /// Windows, and durations that something is compared with.
    pub durations: Vec<Duration>,
    /// Whether the latest disposition is asked for.
    pub disposition: bool,
    /// Whether the instant is.
    pub now: bool,
    /// Whether one more fact can turn an answer around, and not only settle what is unknown.
    pub turns: bool,
    constants: BTreeMap<Slot, Vec<Value>>,
    /// Slots that are compared with each other.
    beside: BTreeMap<Slot, BTreeSet<Slot>>,
    criteria: BTreeSet<CriteriaId>,
    scores: BTreeSet<ScoreId>,
    values: BTreeSet<ValueId>,
}

impl Seen {
    pub fn of<'e>(pact: &Pact, exprs: impl IntoIterator<Item = &'e Expr>) -> Self {
        let mut seen = Self::default();
        for expr in exprs {
            seen.all(pact, expr, None);
        }
        seen
    }

    /// An expression; `kind` is that of the event which a `where` looks at.
    fn all(&mut self, pact: &Pact, expr: &Expr, kind: Option<KindId>) {
        expr.visit(&mut |e| self.one(pact, e, kind));
    }

    fn one(&mut self, pact: &Pact, expr: &Expr, kind: Option<KindId>) {
        match &expr.kind {
            ExprKind::Field(field) => {
                self.fields.insert(*field);
            }
            // a condition by itself, or asked for being there
            ExprKind::Property(at) => {
                if let Some(kind) = kind {
                    self.constants.entry(Slot::Property(kind, *at)).or_default();
                }
            }
            ExprKind::Criteria(id) if self.criteria.insert(*id) => {
                pact[*id].visit(&mut |e| self.one(pact, e, None));
            }
            ExprKind::Named(id) if self.values.insert(*id) => self.named(pact, *id),
            ExprKind::Score(id) if self.scores.insert(*id) => {
                for points in pact[*id].groups.iter().flat_map(|group| &group.points) {
                    if let Amount::Computed(amount) = &points.amount {
                        self.all(pact, amount, None);
                    }
                    match &points.reason {
                        PointsFor::Always => {}
                        PointsFor::When(condition) => self.all(pact, condition, None),
                        PointsFor::Per { events, .. } | PointsFor::IfAny(events) => {
                            self.kinds.insert(events.kind);
                            self.durations.extend(events.window);
                            if let Some(condition) = &events.condition {
                                self.all(pact, condition, Some(events.kind));
                            }
                        }
                    }
                }
            }
            ExprKind::Question(question) => {
                self.kinds.insert(question.kind());
                if let Question::Count(events) | Question::Any(events) | Question::Sum(_, events) = question {
                    self.durations.extend(events.window);
                    if let Some(condition) = &events.condition {
                        self.all(pact, condition, Some(events.kind));
                    }
                }
            }
            ExprKind::Disposition | ExprKind::DispositionProperty(_) => self.disposition = true,
            ExprKind::Now | ExprKind::Today => self.now = true,
            ExprKind::Value(Value::Duration(duration)) => self.durations.push(*duration),
            ExprKind::Present(..) | ExprKind::IfMissing(..) | ExprKind::IsVerdict(..) => self.turns = true,
            ExprKind::Lookup(table, _) => {
                // a row above that was unknown may come to match
                self.turns = true;
                self.table(pact, *table);
            }
            _ => {}
        }
        if matches!(
            expr.kind,
            ExprKind::Compare(..)
                | ExprKind::Between(..)
                | ExprKind::In { .. }
                | ExprKind::EachIn { .. }
                | ExprKind::Matches(..)
                | ExprKind::Call(..)
        ) {
            self.relation(pact, expr, kind);
        }
    }

    fn named(&mut self, pact: &Pact, id: ValueId) {
        let value = &pact[id];
        value.visit(&mut |e| self.one(pact, e, None));
        for crossed in value.crosses() {
            if self.values.insert(crossed) {
                self.named(pact, crossed);
            }
        }
    }

    /// Gives every slot in a comparison every constant in it.
    fn relation(&mut self, pact: &Pact, relation: &Expr, kind: Option<KindId>) {
        let (mut slots, mut constants) = (BTreeSet::new(), Vec::new());
        if let ExprKind::EachIn { field, .. } = &relation.kind {
            self.fields.insert(*field);
            slots.insert(Slot::Field(*field));
        }
        let (mut counted, mut domain) = (Vec::new(), false);
        relation.visit(&mut |e| match &e.kind {
            ExprKind::Field(field) => {
                slots.insert(Slot::Field(*field));
            }
            ExprKind::Property(at) => slots.extend(kind.map(|kind| Slot::Property(kind, *at))),
            ExprKind::Question(Question::Latest(kind, at) | Question::Earliest(kind, at)) => {
                slots.insert(Slot::Property(*kind, *at));
            }
            ExprKind::Question(Question::Sum(at, events)) => {
                slots.insert(Slot::Property(events.kind, *at));
            }
            ExprKind::Question(Question::Count(events)) => counted.push(events.kind),
            ExprKind::Value(value) => constants.push(value.clone()),
            ExprKind::Param(id) => constants.push(pact[*id].value.clone()),
            ExprKind::Call(Function::Domain, _) => domain = true,
            ExprKind::Matches(_, pattern) => constants.extend(matching(&pattern.0)),
            ExprKind::In { set, .. } | ExprKind::EachIn { set, .. } => match set {
                Set::Values(values) => constants.extend(values.iter().take(MOST_LISTED).cloned()),
                Set::List(list) => constants.extend(pact[*list].values.iter().take(MOST_LISTED).cloned()),
                Set::Field(field) => {
                    self.fields.insert(*field);
                    slots.insert(Slot::Field(*field));
                }
            },
            _ => {}
        });
        if domain {
            // a domain is compared, an address is stored
            let addresses = constants.iter().filter_map(Value::as_text).map(|d| Value::text(format!("someone@{d}")));
            constants = addresses.chain([Value::text("someone@company.example")]).collect();
        }
        let numbers = constants.iter().filter_map(|c| usize::try_from(c.as_number()?.ceil()).ok());
        for kind in counted {
            self.counts.entry(kind).or_default().extend(numbers.clone());
        }
        for slot in &slots {
            self.beside.entry(*slot).or_default().extend(&slots);
        }
        for slot in slots {
            self.constants.entry(slot).or_default().extend(constants.iter().cloned());
        }
    }

    fn table(&mut self, pact: &Pact, table: TableId) {
        let table = &pact[table];
        for (at, field) in table.inputs.iter().enumerate() {
            for cell in table.rows.iter().take(MOST_LISTED).filter_map(|row| row.cells.get(at)) {
                let values: Vec<&Value> = match cell {
                    Cell::Any => continue,
                    Cell::OneOf(values) => values.iter().collect(),
                    Cell::Range(low, high) => low.iter().chain(high).collect(),
                    Cell::Above(end) | Cell::Below(end) => vec![end],
                };
                self.fields.insert(*field);
                self.constants.entry(Slot::Field(*field)).or_default().extend(values.into_iter().cloned());
            }
        }
    }

    /// Whether a condition tells values of the slot apart.
    pub fn names(&self, slot: Slot) -> bool {
        self.constants.contains_key(&slot)
    }

    /// Values of a type worth trying in a slot, in the order in which the conditions name them.
    pub fn values(&self, slot: Slot, ty: &Ty, at: Instant, pact: &Pact) -> Vec<Value> {
        let beside = self.compared_with(slot);
        let mut constants: Vec<Value> =
            beside.iter().filter_map(|slot| self.constants.get(slot)).flatten().cloned().collect();
        // one value may have to be more than another, and that more than a third
        for _ in 1..beside.len().min(MOST_BESIDE) {
            let near = |value: &Value| match value {
                Value::Number(n) => numbers_around(&[*n], false).into_iter().map(Value::Number).collect(),
                other => vec![other.clone()],
            };
            let more: Vec<Value> = if constants.is_empty() { vec![Value::Number(Decimal::ZERO)] } else { Vec::new() };
            constants.extend(more);
            let near: Vec<Value> = constants.iter().flat_map(near).filter(|value| !constants.contains(value)).collect();
            constants.extend(near);
        }
        let mut values = self.of_type(ty, &constants, at, pact);
        let mut kept: Vec<Value> = Vec::new();
        values.retain(|value| {
            let new = !kept.contains(value);
            if new {
                kept.push(value.clone());
            }
            new
        });
        values
    }

    /// The slot, and those that it is compared with by any way round.
    fn compared_with(&self, slot: Slot) -> Vec<Slot> {
        let mut all = vec![slot];
        let mut at = 0;
        while let Some(slot) = all.get(at) {
            let new: Vec<Slot> =
                self.beside.get(slot).into_iter().flatten().filter(|s| !all.contains(s)).copied().collect();
            all.extend(new);
            at += 1;
        }
        all
    }

    fn of_type(&self, ty: &Ty, constants: &[Value], at: Instant, pact: &Pact) -> Vec<Value> {
        match ty {
            Ty::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Ty::Word(words) => {
                let named = constants.iter().filter_map(Value::as_text).filter_map(|text| {
                    let word = words.iter().find(|word| ***word == *text)?;
                    Some(Value::Word(word.clone()))
                });
                named.chain(words.iter().map(|word| Value::Word(word.clone()))).collect()
            }
            Ty::Text | Ty::Unknown => {
                let named = constants.iter().filter_map(Value::as_text).map(Value::text);
                let mut other = "something else".to_owned();
                while constants.iter().filter_map(Value::as_text).any(|text| pact.folding.fold(text) == other) {
                    other.push_str(" again");
                }
                named.chain([Value::text(other)]).collect()
            }
            Ty::Integer | Ty::Number => {
                let numbers: Vec<Decimal> = constants.iter().filter_map(Value::as_number).collect();
                numbers_around(&numbers, *ty == Ty::Integer).into_iter().map(Value::Number).collect()
            }
            Ty::Money(currency) => {
                let amounts: Vec<Decimal> = constants
                    .iter()
                    .filter_map(|c| match c {
                        Value::Money(money) => Some(money.amount),
                        other => other.as_number(),
                    })
                    .collect();
                let money = |amount| Value::Money(Money { amount, currency: *currency });
                numbers_around(&amounts, false).into_iter().map(money).collect()
            }
            Ty::Date => {
                let named = constants.iter().filter_map(|c| match c {
                    Value::Date(date) => Some(*date),
                    Value::Time(time) => Some(pact.zone.date(*time)),
                    _ => None,
                });
                let moments = self.moments(at, pact).into_iter().map(|time| pact.zone.date(time));
                let around = named.chain(moments).flat_map(|d| [Some(d), d.succ_opt(), d.pred_opt()]);
                around.flatten().map(Value::Date).collect()
            }
            Ty::Time => {
                let named = constants.iter().filter_map(|c| match c {
                    Value::Date(date) => Some(pact.zone.midnight(*date)),
                    Value::Time(time) => Some(*time),
                    _ => None,
                });
                let second = |time: Instant| [time.checked_sub_signed(SECOND), time.checked_add_signed(SECOND)];
                let around = named.chain(self.moments(at, pact)).flat_map(|t| [Some(t)].into_iter().chain(second(t)));
                around.flatten().map(Value::Time).collect()
            }
            Ty::Duration => {
                let named = constants.iter().filter_map(|c| match c {
                    Value::Duration(duration) => Some(*duration),
                    _ => None,
                });
                let around = |d: Duration| {
                    let seconds = d.nominal_seconds();
                    [d, Duration::seconds(seconds.saturating_add(1)), Duration::seconds(seconds.saturating_sub(1))]
                };
                named.chain([Duration::days(1)]).flat_map(around).map(Value::Duration).collect()
            }
            Ty::List(inner) => {
                let of = self.of_type(inner, constants, at, pact).into_iter().map(|v| Value::List(Arc::from([v])));
                of.chain([Value::List(Arc::from([]))]).collect()
            }
        }
    }

    /// The instant, and those that lie a named duration before and after it.
    pub fn moments(&self, at: Instant, pact: &Pact) -> Vec<Instant> {
        let around = self.durations.iter().flat_map(|d| [d.before(at, &pact.zone), d.after(at, &pact.zone)]);
        [at].into_iter().chain(around.flatten()).collect()
    }
}

/// The step to the next instant.
pub(super) const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The numbers themselves, one in each gap between them, and one beyond each end: no comparison with them tells more
/// numbers apart.
fn numbers_around(numbers: &[Decimal], whole: bool) -> Vec<Decimal> {
    let mut all = Vec::new();
    for number in numbers {
        let near = [Some(*number), number.checked_add(Decimal::ONE), number.checked_sub(Decimal::ONE)];
        all.extend(near.into_iter().flatten());
        if whole {
            all.extend([number.floor(), number.ceil()]);
        }
    }
    if !whole {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let pairs = sorted.iter().zip(sorted.iter().skip(1));
        all.extend(pairs.filter_map(|(a, b)| Some(a.checked_add(*b)? / Decimal::TWO)));
    }
    all.extend([Decimal::ONE, Decimal::ZERO]);
    all.retain(|number| !whole || number.is_integer());
    all.into_iter().map(|number| number.normalize()).collect()
}

/// Texts that a simple pattern matches: its alternatives without their signs, where that is enough.
fn matching(pattern: &regex::Regex) -> Vec<Value> {
    let plain = |part: &str| part.chars().filter(|c| !r"^$\.()?:*+[]{}".contains(*c)).collect::<String>();
    let parts = pattern.as_str().split('|').map(plain).filter(|text| pattern.is_match(text));
    parts.map(Value::text).collect()
}
