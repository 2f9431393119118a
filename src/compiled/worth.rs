//! What a node is worth for a lead: as the reference evaluator says, and only where that is not known already.

use super::asked::Asked;
use super::node::{NodeId, NodeKind, Timing};
use super::slot_plan::{Keeps, Kept, Origin};
use super::tally::SUM_PLACES;
use crate::eval::{
    Answer, View, band_of, calculate, compare, crossed, each_in, either, is_in, lookup, negate, property_of,
};
use crate::function::Setting;
use crate::pact::{Comparison, KindId, NamedKind, ValueId, Verdict};
use crate::record::Event;
use crate::time::Duration;
use crate::ty::Ty;
use crate::value::{Money, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

impl<'a> Asked<'a> {
    /// What a node is worth, worked out where it is not known.
    pub(super) fn ensure(&mut self, id: NodeId) -> &Answer {
        let at = id.0 as usize;
        if self.memory.answers.get(at).is_some_and(Option::is_none) {
            let answer = self.work_out(id, None);
            if let Some(place) = self.memory.answers.get_mut(at) {
                *place = Some(answer);
            }
        }
        self.memory.answers.get(at).and_then(Option::as_ref).unwrap_or(&Answer::Unknown)
    }

    /// What a node is worth; `event` is the one that a `where` looks at.
    pub(super) fn value(&mut self, id: NodeId, event: Option<&Event>) -> Answer {
        match self.compiled.nodes.get(id.0 as usize) {
            Some(node) if node.of_event || (self.tried.is_some() && node.timing != Timing::Never) => {
                self.work_out(id, event)
            }
            _ => self.ensure(id).clone(),
        }
    }

    pub(super) fn check(&mut self, id: NodeId, event: Option<&Event>) -> Verdict {
        match self.compiled.nodes.get(id.0 as usize) {
            Some(node) if node.of_event || (self.tried.is_some() && node.timing != Timing::Never) => {
                self.work_out(id, event).verdict()
            }
            _ => self.ensure(id).verdict(),
        }
    }

    fn work_out(&mut self, id: NodeId, event: Option<&Event>) -> Answer {
        let compiled = self.compiled;
        let Some(node) = compiled.nodes.get(id.0 as usize) else { return Answer::Unknown };
        let (pact, record, folding) = (self.pact, self.record, self.pact.folding);
        let now = self.tried.unwrap_or(self.at);
        match &node.kind {
            NodeKind::Constant(answer) => answer.clone(),
            NodeKind::Field(field) => Answer::of(record.value(*field).cloned()),
            NodeKind::Property(at) => Answer::of(event.and_then(|event| property_of(event, *at))),
            NodeKind::Score { plan, sure } => {
                let score = self.sum_up(*plan);
                match *sure || score.low == score.high {
                    true => Answer::Known(Value::Number(score.points)),
                    false => Answer::Within(score.low, score.high),
                }
            }
            NodeKind::Band { value, of, ends } => {
                let of = self.value(*of, None);
                let ends: Vec<Answer> = ends.iter().map(|end| self.value(*end, None)).collect();
                match &pact[*value].kind {
                    NamedKind::Band(band) => band_of(folding, band, &of, &ends),
                    _ => Answer::Unknown,
                }
            }
            NodeKind::Grid { value, rows, columns } => {
                let (rows, columns) = (self.value(*rows, None), self.value(*columns, None));
                match &pact[*value].kind {
                    NamedKind::Grid(grid) => {
                        let words = |id: ValueId| pact[id].words();
                        crossed(grid, (words(grid.rows), &rows), (words(grid.columns), &columns), words(*value))
                    }
                    _ => Answer::Unknown,
                }
            }
            NodeKind::Disposition => {
                Answer::of(self.disposition().map(|event| Value::Word(pact[event.kind].name.clone())))
            }
            NodeKind::DispositionProperty(of) => Answer::of(self.disposition().and_then(|event| {
                let (_, property) = of.iter().find(|(kind, _)| *kind == event.kind)?;
                property_of(event, *property)
            })),
            NodeKind::Now => Answer::Known(Value::Time(now)),
            NodeKind::Today => Answer::Known(Value::Date(pact.zone.date(now))),
            NodeKind::Not(a) => (!self.check(*a, event)).into(),
            NodeKind::Negate(a) => match self.value(*a, event) {
                Answer::Known(value) => Answer::of(negate(value)),
                Answer::Within(low, high) => Answer::Within(-high, -low),
                Answer::Among(_) | Answer::Unknown => Answer::Unknown,
            },
            NodeKind::All(parts) => {
                let mut all = Verdict::Met;
                for part in parts {
                    all = all.and(self.check(*part, event));
                    if all == Verdict::NotMet {
                        break;
                    }
                }
                all.into()
            }
            NodeKind::Either(parts) => {
                let mut any = Verdict::NotMet;
                for part in parts {
                    any = any.or(self.check(*part, event));
                    if any == Verdict::Met {
                        break;
                    }
                }
                any.into()
            }
            NodeKind::Compare(op, exactly, a, b) => {
                let (a, b) = (self.value(*a, event), self.value(*b, event));
                compare(folding, *op, *exactly, &a, &b).into()
            }
            NodeKind::Matches(a, pattern) => match self.value(*a, event) {
                Answer::Known(value) => match value.as_text() {
                    Some(text) => Verdict::known(pattern.0.is_match(&crate::text::exact(text))).into(),
                    None => Answer::Unknown,
                },
                _ => Answer::Unknown,
            },
            NodeKind::Arithmetic(op, a, b) => {
                let (a, b) = (self.value(*a, event), self.value(*b, event));
                calculate(*op, &a, &b, &pact.zone)
            }
            NodeKind::IfMissing(a, b) => match self.value(*a, event) {
                Answer::Unknown => self.value(*b, event),
                answer => answer,
            },
            NodeKind::Present(a, present) => {
                let missing = self.value(*a, event) == Answer::Unknown;
                Verdict::known(missing != *present).into()
            }
            NodeKind::IsVerdict(a, verdict) => Verdict::known(self.check(*a, event) == *verdict).into(),
            NodeKind::Between(value, low, high) => {
                let (value, low, high) = (self.value(*value, event), self.value(*low, event), self.value(*high, event));
                let above = compare(folding, Comparison::AtLeast, false, &value, &low);
                above.and(compare(folding, Comparison::AtMost, false, &value, &high)).into()
            }
            NodeKind::In { value, set, exactly, negated } => {
                let found = is_in(pact, record, &self.value(*value, event), set, *exactly);
                (if *negated { !found } else { found }).into()
            }
            NodeKind::EachIn { field, set, exactly, negated } => each_in(pact, record, *field, set, *exactly, *negated),
            NodeKind::Choice(condition, yes, no) => match self.check(*condition, event) {
                Verdict::Met => self.value(*yes, event),
                Verdict::NotMet => self.value(*no, event),
                Verdict::Unknown => either(folding, &self.value(*yes, event), &self.value(*no, event)),
            },
            NodeKind::Call(function, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    let Answer::Known(value) = self.value(*argument, event) else { return Answer::Unknown };
                    values.push(value);
                }
                let setting = Setting { folding, zone: &pact.zone, fiscal_start: pact.fiscal_start };
                Answer::of(function.apply(&values, setting))
            }
            NodeKind::Lookup(table, output) => {
                let among = compiled.table(*table).and_then(|index| index.rows(pact, *table, record));
                lookup(pact, record, *table, *output, among.as_deref())
            }
            NodeKind::Any(slot) => match self.kept(*slot) {
                Some(kept) => match (kept.sure, kept.possible) {
                    (0, 0) => Verdict::NotMet.into(),
                    (0, _) => Verdict::Unknown.into(),
                    _ => Verdict::Met.into(),
                },
                None => self.by_reference(*slot),
            },
            NodeKind::Count(slot) => match self.kept(*slot) {
                Some(kept) => Answer::within(count(kept.sure), count(kept.possible)),
                None => self.by_reference(*slot),
            },
            NodeKind::Sum(slot) => match self.kept(*slot) {
                Some(kept) => self.sum(*slot, kept),
                None => self.by_reference(*slot),
            },
            NodeKind::Latest(kind, property) => {
                Answer::of(self.event_of(*kind, |(_, last)| last).and_then(|event| property_of(event, *property)))
            }
            NodeKind::Earliest(kind, property) => {
                Answer::of(self.event_of(*kind, |(first, _)| first).and_then(|event| property_of(event, *property)))
            }
            NodeKind::TimeSince(kind) => {
                let latest = self.event_of(*kind, |(_, last)| last);
                Answer::of(
                    latest.map(|event| {
                        Value::Duration(Duration::seconds(now.signed_duration_since(event.at).num_seconds()))
                    }),
                )
            }
            NodeKind::Reference { expr, sure } => {
                let view = View::new(pact, record, self.at);
                if *sure { view.surely().worth(expr) } else { view.worth(expr) }
            }
        }
    }

    /// The latest answer of sales that has not moved the lead yet.
    fn disposition(&self) -> Option<&'a Event> {
        let place = self.memory.answer.filter(|place| *place >= self.record.past.spent)?;
        self.record.history.get(place)
    }

    fn event_of(&self, kind: KindId, which: fn((usize, usize)) -> usize) -> Option<&'a Event> {
        let places = self.memory.kinds.get(kind.0 as usize).copied().flatten()?;
        self.record.history.get(which(places))
    }

    pub(super) fn kept(&self, slot: u32) -> Option<Kept> {
        self.memory.slots.get(slot as usize)?.kept()
    }

    fn by_reference(&self, slot: u32) -> Answer {
        match self.compiled.slots.get(slot as usize).map(|plan| &plan.origin) {
            Some(Origin::Question(question)) => View::new(self.pact, self.record, self.at).question(question),
            _ => Answer::Unknown,
        }
    }

    /// A sum is unknown when it hangs on an event of which it is not known whether it counts.
    fn sum(&self, slot: u32, kept: Kept) -> Answer {
        if kept.unsure > 0 {
            return Answer::Unknown;
        }
        let Some(plan) = self.compiled.slots.get(slot as usize) else { return Answer::Unknown };
        let total = Decimal::try_from_i128_with_scale(kept.sure, SUM_PLACES).unwrap_or_default().normalize();
        let ty = match plan.keeps {
            Keeps::Sum(property) => self.pact[plan.kind].properties.get(property as usize).map(|p| &p.ty),
            _ => None,
        };
        Answer::Known(match ty {
            Some(Ty::Money(currency)) => Value::Money(Money { amount: total, currency: *currency }),
            _ => Value::Number(total),
        })
    }
}

fn count(kept: i128) -> Decimal {
    Decimal::from(kept.to_i64().unwrap_or_default())
}
