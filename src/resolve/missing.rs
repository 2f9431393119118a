//! Which parts of an expression may be missing, or unknown because a fact is.

use crate::pact::{Amount, Events, Expr, ExprKind, NamedKind, Need, NeedBody, Pact, PointsFor, Question, ValueId};

/// Whether an expression may have no value for some lead.
pub(super) fn can_be_missing(pact: &Pact, expr: &Expr) -> bool {
    missing_part(pact, expr).is_some()
}

/// The first part of an expression that may be missing and takes its value along.
pub(super) fn missing_part<'e>(pact: &'e Pact, expr: &'e Expr) -> Option<&'e Expr> {
    Search { pact, depth: 0, known: Vec::new(), ranges: false }.part(expr)
}

/// The first part of a number that may leave it without any value, where `condition` is met; a range is a value.
pub(super) fn no_number<'e>(pact: &'e Pact, number: &'e Expr, condition: Option<&'e Expr>) -> Option<&'e Expr> {
    let mut search = Search { pact, depth: 0, known: Vec::new(), ranges: true };
    if let Some(condition) = condition {
        search.learn(condition, true);
    }
    search.part(number)
}

/// Criteria and scores may name each other, in a circle too when a pact is wrong.
const DEPTH: usize = 32;

struct Search<'e> {
    pact: &'e Pact,
    depth: usize,
    /// Values that a condition around has found to be there.
    known: Vec<&'e ExprKind>,
    /// Whether a range is as good as a value: a missing fact leaves a score and a count one.
    ranges: bool,
}

impl<'e> Search<'e> {
    fn any(&mut self, parts: impl IntoIterator<Item = &'e Expr>) -> Option<&'e Expr> {
        parts.into_iter().find_map(|part| self.part(part))
    }

    /// Within a part, values that were asked for with `is present` are there.
    fn part(&mut self, expr: &'e Expr) -> Option<&'e Expr> {
        let leaf = |missing: bool| missing.then_some(expr);
        if self.known.contains(&&expr.kind) {
            return None;
        }
        match &expr.kind {
            ExprKind::Field(id) => {
                let field = self.pact.fields.get(id.0 as usize);
                leaf(field.is_some_and(|field| field.optional && field.default.is_none()))
            }
            // which kind it is of is not said here: a property is taken to be there when its question asks
            ExprKind::Property(_) | ExprKind::Value(_) | ExprKind::Param(_) | ExprKind::Now | ExprKind::Today => None,
            ExprKind::Disposition | ExprKind::DispositionProperty(_) | ExprKind::Lookup(..) => leaf(true),
            ExprKind::Score(_) | ExprKind::Question(Question::Count(_)) if self.ranges => None,
            ExprKind::Choice(condition, then, other) if self.ranges => {
                self.knowing(condition, true, then).or_else(|| self.knowing(condition, false, other))
            }
            ExprKind::Score(id) => self.deeper(|search| {
                let score = search.pact.scores.get(id.0 as usize)?;
                let points = score.groups.iter().flat_map(|group| &group.points);
                let part = points.into_iter().find_map(|points| {
                    let amount = match &points.amount {
                        Amount::Computed(amount) => search.part(amount),
                        Amount::Fixed(_) => None,
                    };
                    amount.or_else(|| match &points.reason {
                        PointsFor::Always => None,
                        PointsFor::When(condition) => search.part(condition),
                        PointsFor::Per { events, .. } | PointsFor::IfAny(events) => search.events(events),
                    })
                });
                part.map(|_| expr)
            }),
            ExprKind::Named(id) => self.deeper(|search| search.named(*id).map(|_| expr)),
            ExprKind::EachIn { field: id, set, .. } => {
                let optional = |id: &crate::pact::FieldId| {
                    let field = self.pact.fields.get(id.0 as usize);
                    field.is_some_and(|field| field.optional && field.default.is_none())
                };
                leaf(optional(id) || matches!(set, crate::pact::Set::Field(other) if optional(other)))
            }
            ExprKind::Criteria(id) => self.deeper(|search| {
                let criteria = search.pact.criteria.get(id.0 as usize)?;
                search.needs(&criteria.needs).map(|_| expr)
            }),
            ExprKind::Present(..) | ExprKind::IsVerdict(..) => None,
            ExprKind::IfMissing(_, other) => self.part(other),
            ExprKind::Not(inner) | ExprKind::Negate(inner) | ExprKind::Matches(inner, _) => self.part(inner),
            ExprKind::And(parts) => self.chain(parts, true),
            ExprKind::Or(parts) => self.chain(parts, false),
            ExprKind::Choice(condition, then, other) => {
                let found = self.part(condition);
                found.or_else(|| self.knowing(condition, true, then)).or_else(|| self.knowing(condition, false, other))
            }
            ExprKind::Compare(_, _, a, b) => self.any([&**a, &**b]),
            ExprKind::Arithmetic(crate::pact::Arithmetic::Divide, a, b) => {
                let constant = matches!(b.kind, ExprKind::Value(_));
                self.any([&**a, &**b]).or(leaf(!constant))
            }
            ExprKind::Arithmetic(_, a, b) => self.any([&**a, &**b]),
            ExprKind::Between(a, b, c) => self.any([&**a, &**b, &**c]),
            ExprKind::In { value, set, .. } => self.part(value).or_else(|| {
                let crate::pact::Set::Field(id) = set else { return None };
                let field = self.pact.fields.get(id.0 as usize);
                leaf(field.is_some_and(|field| field.optional && field.default.is_none()))
            }),
            ExprKind::Call(function, arguments) => self.any(arguments).or(leaf(function.may_give_nothing())),
            ExprKind::Question(question) => match question {
                Question::Count(events) | Question::Any(events) | Question::Sum(_, events) => self.events(events),
                Question::Latest(..) | Question::Earliest(..) | Question::TimeSince(_) => leaf(true),
            },
        }
    }

    fn deeper(&mut self, look: impl FnOnce(&mut Self) -> Option<&'e Expr>) -> Option<&'e Expr> {
        if self.depth > DEPTH {
            return None;
        }
        self.depth += 1;
        let found = look(self);
        self.depth -= 1;
        found
    }

    fn named(&mut self, id: ValueId) -> Option<&'e Expr> {
        let value = self.pact.values.get(id.0 as usize)?;
        match &value.kind {
            NamedKind::Value(of) => self.part(of),
            NamedKind::Band(band) => self.part(&band.of),
            NamedKind::Grid(grid) => {
                let columns = grid.columns;
                self.deeper(|search| search.named(grid.rows).or_else(|| search.named(columns)))
            }
        }
    }

    fn needs(&mut self, needs: &'e [Need]) -> Option<&'e Expr> {
        needs.iter().find_map(|need| match &need.body {
            NeedBody::Group(needs) => self.needs(needs),
            NeedBody::Condition(condition) => self.part(condition),
        })
    }

    fn events(&mut self, events: &'e Events) -> Option<&'e Expr> {
        events.condition.as_ref().and_then(|condition| self.part(condition))
    }

    /// `x is present and x > 3`: what stands after knows what stands before; so does `x is missing or x > 3`.
    fn chain(&mut self, parts: &'e [Expr], holds: bool) -> Option<&'e Expr> {
        let before = self.known.len();
        let mut found = None;
        for part in parts {
            found = found.or_else(|| self.part(part));
            self.learn(part, holds);
        }
        self.known.truncate(before);
        found
    }

    fn knowing(&mut self, condition: &'e Expr, holds: bool, part: &'e Expr) -> Option<&'e Expr> {
        let before = self.known.len();
        self.learn(condition, holds);
        let found = self.part(part);
        self.known.truncate(before);
        found
    }

    fn learn(&mut self, condition: &'e Expr, holds: bool) {
        match &condition.kind {
            ExprKind::Present(value, present) if *present == holds => self.known.push(&value.kind),
            ExprKind::Not(inner) => self.learn(inner, !holds),
            ExprKind::And(parts) if holds => parts.iter().for_each(|part| self.learn(part, true)),
            ExprKind::Or(parts) if !holds => parts.iter().for_each(|part| self.learn(part, false)),
            _ => {}
        }
    }
}
