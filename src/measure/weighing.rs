//! Whether a clause tells who comes: those with it beside those without it, and the same among leads that are alike in the other
//! clauses.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::estimate::{Estimate, ShareEstimate, estimate, share_estimate};
use super::evidence_cohort::Cohort;
use super::evidence_scope::{EvidenceScope, WeighedKind};
use super::interval::{Difference, Proportion, Z, z_of_many};
use crate::pact::{Clause, Pact};

/// Each side has at least so many rounds; fewer tell nothing either way.
const FEWEST: u64 = 10;

/// At least so many came, and as many did not.
const FEWEST_OF_A_SORT: u64 = 5;

/// A clause is told apart from others while at least this part of what the comparison rests on is left.
const LEAST_LEFT: f64 = 0.2;

/// So many levels of a clause are told apart: nothing, and up to three events.
const LEVELS: usize = 4;

/// A difference of less than so much is none, whatever the share of all.
const SMALL: f64 = 0.1;

/// What a clause tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tells {
    /// Those with it come more often.
    For,
    /// Those with it come less often.
    Against,
    /// As `For`, were it the only clause; one of twenty that tell nothing looks so.
    PerhapsFor,
    /// As `Against`, were it the only clause.
    PerhapsAgainst,
    /// It makes no difference that matters.
    Nothing,
    /// There are too few rounds to tell.
    TooFew,
    /// All had it, or none.
    NotCompared,
}

/// How a clause and another one come together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "clause", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relation {
    /// Those with it have the other one more often, which explains the difference.
    GoesAlongWith(Clause),
    /// Those with it have the other one less often, which explains the difference.
    StandsInFor(Clause),
    /// Who knows the one mostly knows the other, so that they cannot be told apart.
    NotToldApartFrom(Clause),
}

/// A clause, and what it tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClauseWeight {
    /// The score, criteria or stage that it stands in.
    pub of: std::sync::Arc<str>,
    /// The clause.
    pub because: Clause,
    /// Those with it.
    pub with: ShareEstimate,
    /// Those without it.
    pub without: ShareEstimate,
    /// The difference between the two; none where all had it or none.
    pub difference: Option<Estimate>,
    /// The same among those alike in other clauses.
    pub alike: Option<AlikeEstimate>,
    /// What it tells.
    pub tells: Tells,
    /// Another clause that explains the difference, or is not told apart.
    pub relation: Option<Relation>,
    /// How many more such rounds would tell, about.
    pub more: Option<u64>,
}

/// A difference among rounds that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AlikeEstimate {
    /// The difference.
    pub difference: Estimate,
    /// How many rounds have one that is alike on the other side.
    pub of: u64,
    /// In how many other clauses they are alike.
    pub clauses: usize,
}

/// Clauses and rounds, for comparing.
pub struct Weighing {
    /// What rounds had, each combination with those that came.
    patterns: Vec<(Vec<u8>, Proportion)>,
    /// For each clause, those that its rounds may be alike in.
    others: Vec<Vec<usize>>,
    all: Proportion,
    /// How many clauses can be compared: some of many look as if they told something.
    comparisons: usize,
}

/// Combinations of what rounds had, in groups.
struct Groups {
    /// The group of each.
    of: Vec<usize>,
    count: usize,
}

/// A clause compared.
#[derive(Debug, Clone)]
pub struct Compared {
    with: Proportion,
    without: Proportion,
    /// The other clauses that rounds are alike in.
    pub alike_in: Vec<usize>,
    /// The clause that explains most of the difference, and whether it comes along.
    explains: Option<(usize, bool)>,
    /// A clause that it is not told apart from.
    pub inseparable: Option<usize>,
}

impl Weighing {
    /// The clauses of a scope, over the rounds of a cohort.
    pub fn new(scope: &EvidenceScope, cohort: &Cohort<'_>) -> Self {
        let mut patterns: BTreeMap<&[u8], Proportion> = BTreeMap::new();
        for (row, reached) in &cohort.cases {
            patterns.entry(&row.levels).or_default().count(*reached);
        }
        let kind = |at: usize| scope.clauses.get(at).map(|clause| &clause.kind);
        let is_points = |at: usize| matches!(kind(at), Some(WeighedKind::Points(..)));
        let is_one_of = |at: usize| matches!(kind(at), Some(WeighedKind::OneOf(..)));
        // what looks at points says what the points say: neither is held still for the other
        let looks_at_points = |at: usize| scope.clauses.get(at).is_some_and(|clause| clause.looks_at_points);
        let all = 0..scope.clauses.len();
        let others = |at: usize| -> Vec<usize> {
            let fits = |other: usize| !(looks_at_points(other) || looks_at_points(at) && is_points(other));
            all.clone().filter(|other| *other != at && !is_one_of(*other) && fits(*other)).collect()
        };
        let varies = |at: usize| {
            let has = |levels: &[u8]| levels.get(at).is_some_and(|level| *level > 0);
            patterns.keys().any(|levels| has(levels)) && !patterns.keys().all(|levels| has(levels))
        };
        let comparisons = all.clone().filter(|at| !is_one_of(*at) && varies(*at)).count();
        Self {
            others: all.clone().map(others).collect(),
            patterns: patterns.into_iter().map(|(levels, part)| (levels.to_vec(), part)).collect(),
            all: cohort.all(),
            comparisons,
        }
    }

    /// A difference of less than so much is none: half the share of those that come, or of those that do not; at most ten
    /// points.
    pub fn margin(&self) -> f64 {
        let share = self.all.share();
        (share.min(1.0 - share) / 2.0).min(SMALL)
    }

    /// All combinations in one group.
    fn together(&self) -> Groups {
        Groups { of: vec![0; self.patterns.len()], count: 1 }
    }

    /// Groups parted further, by what another clause did.
    fn parted(&self, groups: &Groups, by: usize) -> Groups {
        let mut known: Vec<Option<usize>> = vec![None; groups.count * LEVELS];
        let mut parted = Groups { of: Vec::with_capacity(groups.of.len()), count: 0 };
        for ((levels, _), group) in self.patterns.iter().zip(&groups.of) {
            let level = levels.get(by).map_or(0, |level| usize::from(*level).min(LEVELS - 1));
            let mut next = || {
                parted.count += 1;
                parted.count - 1
            };
            let of = known.get_mut(group * LEVELS + level).map_or(0, |known| *known.get_or_insert_with(&mut next));
            parted.of.push(of);
        }
        parted
    }

    /// Those with a clause beside those without it, in each group.
    fn sides(&self, clause: usize, groups: &Groups) -> Vec<(Proportion, Proportion)> {
        let mut sides = vec![<(Proportion, Proportion)>::default(); groups.count];
        for ((levels, part), group) in self.patterns.iter().zip(&groups.of) {
            let has = levels.get(clause).is_some_and(|level| *level > 0);
            if let Some((with, without)) = sides.get_mut(*group) {
                let side = if has { with } else { without };
                *side = side.and(*part);
            }
        }
        sides
    }

    /// Those with a clause beside those without it, for each combination of others.
    fn strata(&self, clause: usize, alike_in: &[usize]) -> Vec<(Proportion, Proportion)> {
        let groups = alike_in.iter().fold(self.together(), |groups, other| self.parted(&groups, *other));
        self.sides(clause, &groups)
    }

    /// Compares those with a clause with those without it, and finds the others that they can be alike in: those that change
    /// the difference most go first, as long as enough is left to compare.
    pub fn compare(&self, clause: usize) -> Compared {
        let (with, without) = self.strata(clause, &[]).first().copied().unwrap_or_default();
        let mut compared = Compared { with, without, alike_in: Vec::new(), explains: None, inseparable: None };
        let Some(crude) = Difference::of(with, without, Z) else { return compared };
        let whole = weight(&[(with, without)]);
        let alone = |other: &usize| {
            let strata = self.strata(clause, &[*other]);
            let varies = strata.len() > 1;
            let change = Difference::within(strata.iter().copied(), Z).map_or(0.0, |alike| alike.value - crude.value);
            (varies, weight(&strata) / whole, change.abs())
        };
        let others = self.others.get(clause).into_iter().flatten();
        let mut others: Vec<(usize, f64, f64)> = others
            .filter_map(|other| {
                let (varies, left, change) = alone(other);
                varies.then_some((*other, left, change))
            })
            .collect();
        let told_apart = |other: &(usize, f64, f64)| other.1 >= LEAST_LEFT;
        let apart = others.iter().filter(|other| !told_apart(other)).map(|(other, ..)| *other);
        compared.inseparable = apart.into_iter().find(|other| {
            let (with, without) = self.strata(*other, &[]).first().copied().unwrap_or_default();
            Difference::of(with, without, Z).is_some_and(|other| !other.may_be_none())
        });
        others.retain(told_apart);
        others.sort_by(|a, b| b.2.partial_cmp(&a.2).unwrap_or(Ordering::Equal).then(a.0.cmp(&b.0)));
        let mut groups = self.together();
        for (other, ..) in &others {
            let parted = self.parted(&groups, *other);
            if weight(&self.sides(clause, &parted)) / whole >= LEAST_LEFT {
                compared.alike_in.push(*other);
                groups = parted;
            }
        }
        compared.explains = compared.alike_in.first().map(|other| (*other, self.come_together(clause, *other)));
        compared
    }

    /// Whether those with a clause have another one more often than those without.
    fn come_together(&self, clause: usize, other: usize) -> bool {
        let (mut with, mut without) = (Proportion::default(), Proportion::default());
        for (levels, part) in &self.patterns {
            let has = |at: usize| levels.get(at).is_some_and(|level| *level > 0);
            let side = if has(clause) { &mut with } else { &mut without };
            side.of += part.of;
            side.reached += if has(other) { part.of } else { 0 };
        }
        with.share() >= without.share()
    }

    /// The difference that decides, by the given z: among those that are alike, where they can be.
    pub fn difference(&self, clause: usize, alike_in: &[usize], z: f64) -> Option<Difference> {
        let strata = self.strata(clause, alike_in);
        let (with, without, ..) = informative(&strata);
        let sorts = with.and(without);
        let enough =
            with.of.min(without.of) >= FEWEST && sorts.reached.min(sorts.of - sorts.reached) >= FEWEST_OF_A_SORT;
        if !enough {
            return None;
        }
        if alike_in.is_empty() { Difference::of(with, without, z) } else { Difference::within(strata, z) }
    }

    /// A clause and what it tells, as data.
    pub fn weight(&self, pact: &Pact, scope: &EvidenceScope, clause: usize) -> Option<ClauseWeight> {
        let weighed = scope.clauses.get(clause)?;
        let compared = self.compare(clause);
        let Compared { with, without, .. } = compared;
        let crude = Difference::of(with, without, Z);
        let strata = self.strata(clause, &compared.alike_in);
        let (compared_with, compared_without) = informative(&strata);
        let of = compared_with.of + compared_without.of;
        let decides = self.difference(clause, &compared.alike_in, Z);
        let margin = self.margin();
        let clause_of = |at: usize| scope.clauses.get(at).map(|clause| pact.clause(clause.span));
        let inseparable = compared.inseparable.filter(|_| crude.is_some_and(|crude| !crude.may_be_none()));
        let tells = match decides {
            _ if crude.is_none() => Tells::NotCompared,
            _ if inseparable.is_some() => Tells::TooFew,
            None => Tells::TooFew,
            Some(difference) => {
                let of_many = self.difference(clause, &compared.alike_in, z_of_many(self.comparisons));
                let sure = of_many.is_some_and(|difference| !difference.may_be_none());
                match (sure, difference.may_be_none(), difference.value > 0.0) {
                    (true, _, true) => Tells::For,
                    (true, _, false) => Tells::Against,
                    (false, false, true) => Tells::PerhapsFor,
                    (false, false, false) => Tells::PerhapsAgainst,
                    (false, true, _) if difference.is_within(margin) => Tells::Nothing,
                    (false, true, _) => Tells::TooFew,
                }
            }
        };
        let explained = crude.is_some_and(|crude| !crude.may_be_none()) && decides.is_some_and(Difference::may_be_none);
        let relation = match (inseparable, compared.explains) {
            (Some(other), _) => clause_of(other).map(Relation::NotToldApartFrom),
            (None, Some((other, true))) if explained => clause_of(other).map(Relation::GoesAlongWith),
            (None, Some((other, false))) if explained => clause_of(other).map(Relation::StandsInFor),
            _ => None,
        };
        let more = decides.filter(|_| tells == Tells::TooFew && inseparable.is_none());
        let more = more.map(|difference| more_rounds(of, difference.half(), margin));
        let alike = decides.filter(|_| !compared.alike_in.is_empty());
        Some(ClauseWeight {
            of: weighed.of.clone(),
            because: pact.clause(weighed.span),
            with: share_estimate(with),
            without: share_estimate(without),
            difference: crude.map(estimate),
            alike: alike.map(|alike| AlikeEstimate {
                difference: estimate(alike),
                of,
                clauses: compared.alike_in.len(),
            }),
            tells,
            relation,
            more,
        })
    }
}

/// What a comparison over strata rests on.
fn weight(strata: &[(Proportion, Proportion)]) -> f64 {
    let of = |(with, without): &(Proportion, Proportion)| {
        let (with, without) = (with.of as f64, without.of as f64);
        if with + without > 0.0 { with * without / (with + without) } else { 0.0 }
    };
    strata.iter().map(of).sum()
}

/// Those of both sides that have somebody alike on the other one.
fn informative(strata: &[(Proportion, Proportion)]) -> (Proportion, Proportion) {
    let both = strata.iter().filter(|(with, without)| with.of > 0 && without.of > 0);
    both.fold(Default::default(), |(a, b): (Proportion, Proportion), (with, without)| (a.and(*with), b.and(*without)))
}

/// How many more rounds would make an interval so narrow, about: to two digits.
fn more_rounds(of: u64, half: f64, margin: f64) -> u64 {
    let wanted = of as f64 * (half / margin).powi(2);
    let more = (wanted - of as f64).max(1.0);
    let digit = 10_f64.powf((more.log10().floor() - 1.0).max(0.0));
    ((more / digit).ceil() * digit) as u64
}
