//! What is missing of a criteria, as the reference's search finds it: the same sets in the same order, each value tried as
//! the class that it is of.

use super::circuit::{Circuit, Unplanned};
use super::class::Class;
use super::step::{Bit, Shape};
use crate::eval::{Facts, MOST_FACTS, MOST_TRIES, combinations, facts_of};
use crate::pact::{CriteriaId, Expr, ExprKind, FieldId, Need, NeedBody, NeedKind, Pact, Verdict};

/// Fields, a bit for each.
pub(super) type FieldSet = u128;

/// For each criteria, the sets of missing fields that would do; nothing where none is missing.
pub(super) type Missing = Vec<Vec<Vec<FieldId>>>;

/// Whether something could come out as wanted, were some fields to have the best of values.
#[derive(Debug, Clone)]
enum Could {
    All(Vec<Could>),
    Any(Vec<Could>),
    Not(Box<Could>),
    Criteria(CriteriaId),
    /// A condition that is not looked into, the fields that it hangs on, and whether it asks if one is missing.
    Condition(Bit, FieldSet, bool),
}

/// The search for what is missing, prepared for every criteria of a pact.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    criteria: Vec<(Bit, Could, FieldSet)>,
    /// For each field, the classes of the values that are tried, with the place of the first value of each, and how many
    /// values there are.
    tried: Vec<(Vec<(Class, usize)>, usize)>,
}

/// A lead of which values can be tried.
pub(super) trait Trial {
    /// The lead as it is.
    fn row(&self) -> &[i64];

    /// The verdict with these fields of these classes.
    fn supposing(&mut self, classes: &[(FieldId, Class)], of: Bit) -> Verdict;
}

impl Search {
    pub(super) fn new<'p>(pact: &'p Pact, circuit: &mut Circuit<'p>) -> Result<Self, Unplanned> {
        let mut search = Self::default();
        for (at, criteria) in pact.criteria.iter().enumerate() {
            let could = needs(pact, circuit, &criteria.needs)?;
            let fields = set(Facts::of_criteria(pact, criteria).fields);
            search.criteria.push((circuit.criteria[at], could, fields));
        }
        Ok(search)
    }

    /// The values that are tried for the next field.
    pub(super) fn try_for(&mut self, classes: Vec<(Class, usize)>, values: usize) {
        self.tried.push((classes, values));
    }

    /// The smallest sets of missing fields that would do, by the position of the criteria.
    pub(super) fn missing(
        &self,
        shape: Shape,
        criteria: usize,
        missing: FieldSet,
        lead: &mut impl Trial,
    ) -> Vec<Vec<FieldId>> {
        let Some((bit, _, fields)) = self.criteria.get(criteria) else { return Vec::new() };
        let now = shape.verdict(lead.row(), *bit);
        let missing = missing & fields;
        if now == Verdict::Met || missing == 0 {
            return Vec::new();
        }
        let met = self.smallest(shape, criteria, true, missing, lead);
        if met.is_empty() && now == Verdict::Unknown {
            return self.smallest(shape, criteria, false, missing, lead);
        }
        met
    }

    fn smallest(
        &self,
        shape: Shape,
        criteria: usize,
        want: bool,
        missing: FieldSet,
        lead: &mut impl Trial,
    ) -> Vec<Vec<FieldId>> {
        let (bit, could, _) = &self.criteria[criteria];
        if !self.could(shape, could, want, missing, lead.row()) {
            return Vec::new();
        }
        let fields: Vec<FieldId> = (0..128).filter(|at| missing & (1 << at) != 0).map(FieldId).collect();
        let mut tries = MOST_TRIES;
        for size in 1..=MOST_FACTS.min(fields.len()) {
            let mut found = Vec::new();
            combinations(&fields, size, &mut |chosen| {
                let may = self.could(shape, could, want, set(chosen.iter().copied()), lead.row());
                if may && self.settles(*bit, Verdict::known(want), chosen, lead, &mut tries) {
                    found.push(chosen.to_vec());
                }
            });
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Whether some values of these fields give the verdict. As many tries are used up as if each value were tried.
    fn settles(&self, of: Bit, want: Verdict, set: &[FieldId], lead: &mut impl Trial, tries: &mut usize) -> bool {
        let values = |field: &FieldId| self.tried.get(field.0 as usize).map_or(0, |(_, values)| *values);
        let all: usize = set.iter().map(values).product();
        let mut chosen = Vec::with_capacity(set.len());
        match self.fill(of, want, set, &mut chosen, 0, lead) {
            Some(place) if place < *tries => {
                *tries -= place + 1;
                true
            }
            _ => {
                *tries -= all.min(*tries);
                false
            }
        }
    }

    /// The place of the first combination of values that gives the verdict.
    fn fill(
        &self,
        of: Bit,
        want: Verdict,
        rest: &[FieldId],
        chosen: &mut Vec<(FieldId, Class)>,
        place: usize,
        lead: &mut impl Trial,
    ) -> Option<usize> {
        let Some((field, rest)) = rest.split_first() else {
            return (lead.supposing(chosen, of) == want).then_some(place);
        };
        let (classes, values) = self.tried.get(field.0 as usize)?;
        classes.iter().find_map(|(class, first)| {
            chosen.push((*field, *class));
            let found = self.fill(of, want, rest, chosen, place * values + first, lead);
            chosen.pop();
            found
        })
    }

    fn could(&self, shape: Shape, could: &Could, want: bool, fields: FieldSet, row: &[i64]) -> bool {
        let one = |part: &Could, want| self.could(shape, part, want, fields, row);
        match could {
            Could::Not(inner) => one(inner, !want),
            Could::Criteria(id) => one(&self.criteria[id.0 as usize].1, want),
            Could::All(parts) if want => parts.iter().all(|part| one(part, true)),
            Could::All(parts) => parts.iter().any(|part| one(part, false)),
            Could::Any(parts) if want => parts.iter().any(|part| one(part, true)),
            Could::Any(parts) => parts.iter().all(|part| one(part, false)),
            Could::Condition(bit, of, asks_presence) => {
                let now = shape.verdict(row, *bit);
                now == Verdict::known(want) || (of & fields != 0 && (now == Verdict::Unknown || *asks_presence))
            }
        }
    }
}

fn set(fields: impl IntoIterator<Item = FieldId>) -> FieldSet {
    fields.into_iter().fold(0, |set, field| set | 1 << field.0)
}

fn needs<'p>(pact: &'p Pact, circuit: &mut Circuit<'p>, list: &'p [Need]) -> Result<Could, Unplanned> {
    let (mut all, mut any) = (Vec::new(), Vec::new());
    for need in list {
        let could = match &need.body {
            NeedBody::Group(inner) => needs(pact, circuit, inner)?,
            NeedBody::Condition(condition) => condition_of(pact, circuit, condition)?,
        };
        match need.kind {
            NeedKind::Any => any.push(could),
            NeedKind::Not => all.push(Could::Not(Box::new(could))),
            NeedKind::Need => all.push(could),
        }
    }
    if !any.is_empty() {
        all.push(Could::Any(any));
    }
    Ok(Could::All(all))
}

fn condition_of<'p>(pact: &'p Pact, circuit: &mut Circuit<'p>, expr: &'p Expr) -> Result<Could, Unplanned> {
    let parts = |circuit: &mut Circuit<'p>, parts: &'p [Expr]| {
        parts.iter().map(|part| condition_of(pact, circuit, part)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match &expr.kind {
        ExprKind::Not(inner) => Could::Not(Box::new(condition_of(pact, circuit, inner)?)),
        ExprKind::And(of) => Could::All(parts(circuit, of)?),
        ExprKind::Or(of) => Could::Any(parts(circuit, of)?),
        ExprKind::Criteria(id) => Could::Criteria(*id),
        _ => {
            let facts = facts_of(pact, expr);
            Could::Condition(circuit.condition(expr)?, set(facts.fields), facts.asks_presence)
        }
    })
}
