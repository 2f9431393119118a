//! Points by attribute and behaviour.
//!
//! A missing fact leaves a range: a clause that hangs on it may or may not give its points. The points that are sure
//! are what the score shows; comparisons look at the whole range.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Answer, View};
use crate::pact::{Amount, Events, Expr, Fade, Points, PointsFor, ScoreId, Verdict};
use crate::record::Event;
use crate::span::Span;
use crate::time::{Duration, Instant, Zone};
use crate::value::Value;

/// Decimal places to which the weight of faded points is kept.
pub const WEIGHT_PLACES: u32 = 9;

/// What a score is, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreOutcome {
    /// The points that are sure: whole, and within the score's range.
    pub points: Decimal,
    /// The least and the most that missing facts leave.
    pub low: Decimal,
    /// The most that missing facts leave.
    pub high: Decimal,
    /// The points of each clause, in order; clauses that give nothing are left out.
    pub clauses: Vec<PointsOutcome>,
}

/// What a clause gives.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsOutcome {
    /// The clause.
    pub span: Span,
    /// The points that are sure, before the group's cap, the score's range and rounding.
    pub points: Decimal,
    /// The least that missing facts leave.
    pub low: Decimal,
    /// The most that missing facts leave.
    pub high: Decimal,
    /// How many events gave them.
    pub events: usize,
}

impl PointsOutcome {
    /// The points that are farthest from those that are sure: what missing facts may make of them.
    pub fn possible(&self) -> Decimal {
        if self.high - self.points >= self.points - self.low { self.high } else { self.low }
    }
}

impl ScoreOutcome {
    /// The score as an expression sees it.
    pub fn answer(&self) -> Answer {
        if self.low == self.high {
            Answer::Known(Value::Number(self.points))
        } else {
            Answer::Within(self.low, self.high)
        }
    }

    /// Whether a missing fact leaves it open.
    pub fn is_open(&self) -> bool {
        self.low != self.high
    }
}

pub(super) fn score(view: &View<'_>, id: ScoreId) -> ScoreOutcome {
    let score = &view.pact[id];
    let weights = Weights { view, fade: score.fade.as_ref(), score: id };
    let (mut points, mut low, mut high) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    let mut clauses = Vec::new();
    for group in &score.groups {
        let (mut sure, mut least, mut most) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for clause in &group.points {
            let outcome = points_of(&weights, clause);
            sure += outcome.points;
            least += outcome.low;
            most += outcome.high;
            if [outcome.points, outcome.low, outcome.high].iter().any(|points| !points.is_zero()) {
                clauses.push(outcome);
            }
        }
        points += capped(sure, group.cap);
        low += capped(least, group.cap);
        high += capped(most, group.cap);
    }
    let whole = |n: Decimal| {
        let n = n.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        score.range.map_or(n, |(least, most)| n.clamp(Decimal::from(least), Decimal::from(most))).normalize()
    };
    ScoreOutcome { points: whole(points), low: whole(low), high: whole(high), clauses }
}

/// The points of a clause of a score, by its group and its place in it.
pub(crate) fn points_by_place(view: &View<'_>, id: ScoreId, group: usize, clause: usize) -> Option<PointsOutcome> {
    let score = &view.pact[id];
    let clause = score.groups.get(group)?.points.get(clause)?;
    Some(points_of(&Weights { view, fade: score.fade.as_ref(), score: id }, clause))
}

/// A sum within `-cap..=cap`.
fn capped(sum: Decimal, cap: Option<i64>) -> Decimal {
    cap.map_or(sum, |cap| sum.clamp(-Decimal::from(cap), Decimal::from(cap)))
}

fn points_of(weights: &Weights<'_, '_>, clause: &Points) -> PointsOutcome {
    let view = weights.view;
    let full = match &clause.amount {
        Amount::Fixed(points) => Decimal::from(*points),
        Amount::Computed(amount) => return computed(view, clause, amount),
    };
    let (sure, possible, events) = match &clause.reason {
        PointsFor::Always => (full, full, 0),
        PointsFor::When(condition) => match view.condition(condition) {
            Verdict::Met => (full, full, 0),
            Verdict::NotMet => (Decimal::ZERO, Decimal::ZERO, 0),
            Verdict::Unknown => (Decimal::ZERO, full, 0),
        },
        PointsFor::IfAny(events) => {
            let worth = |found: Option<&Event>| found.map_or(Decimal::ZERO, |e| full * weights.of(e.at));
            let (sure, possible) = found(view, events);
            (worth(sure.last().copied()), worth(possible.last().copied()), sure.len().min(1))
        }
        PointsFor::Per { events, at_most, per_day } => {
            let worth = |found: &[&Event]| capped(per_event(weights, full, *per_day, found), *at_most);
            let (sure, possible) = found(view, events);
            (worth(&sure), worth(&possible), sure.len())
        }
    };
    PointsOutcome { span: clause.span, points: sure, low: sure.min(possible), high: sure.max(possible), events }
}

/// Points that an expression gives: a range where a score in it is open, and its sure figure with the sure points of that
/// score.
fn computed(view: &View<'_>, clause: &Points, amount: &Expr) -> PointsOutcome {
    let holds = match &clause.reason {
        PointsFor::When(condition) => view.condition(condition),
        _ => Verdict::Met,
    };
    // the checker lets no amount through that may be missing; one with too many digits gives nothing
    let bounds = |view: &View<'_>| view.answer(amount, None).bounds().unwrap_or_default();
    let (low, high) = bounds(view);
    let (points, low, high) = match holds {
        Verdict::NotMet => Default::default(),
        Verdict::Met => {
            // what stays open though scores count with their sure points counts as little as it may
            let (least, most) = bounds(view.surely());
            (Decimal::ZERO.clamp(least.min(most), most.max(least)), low, high)
        }
        Verdict::Unknown => (Decimal::ZERO, low.min(Decimal::ZERO), high.max(Decimal::ZERO)),
    };
    PointsOutcome { span: clause.span, points, low, high, events: 0 }
}

/// The events that count for sure, and those that may count.
fn found<'a>(view: &View<'a>, events: &Events) -> (Vec<&'a Event>, Vec<&'a Event>) {
    let found = view.matching(events);
    let sure = found.iter().filter(|(_, holds)| *holds == Verdict::Met).map(|(event, _)| *event).collect();
    (sure, found.into_iter().map(|(event, _)| event).collect())
}

/// The faded points of events, those of one local day capped together. Events come oldest first.
fn per_event(weights: &Weights<'_, '_>, full: Decimal, per_day: Option<i64>, events: &[&Event]) -> Decimal {
    let mut total = Decimal::ZERO;
    let mut day = (None, Decimal::ZERO);
    for event in events {
        let points = full * weights.of(event.at);
        let date = per_day.map(|_| weights.view.pact.zone.date(event.at));
        if date.is_some() && day.0 != date {
            total += capped(day.1, per_day);
            day = (date, Decimal::ZERO);
        }
        day.1 += points;
    }
    total + capped(day.1, per_day)
}

/// What is left of the points of events.
struct Weights<'v, 'a> {
    view: &'v View<'a>,
    fade: Option<&'v Fade>,
    score: ScoreId,
}

impl Weights<'_, '_> {
    /// At each full step since the event, a share is lost, and at each recycle what the score did not keep. The weight
    /// is rounded half away from zero to nine places at each step, so that every back end gets the same.
    fn of(&self, event: Instant) -> Decimal {
        let kept = self.view.record.past.retained.iter().filter(|kept| kept.score == self.score && event <= kept.until);
        let mut weight = kept.fold(Decimal::ONE, |weight, kept| round(weight * kept.share));
        let Some(fade) = self.fade else { return weight };
        for _ in 0..fade_steps(&self.view.pact.zone, fade.every, event, self.view.at) {
            if weight.is_zero() {
                break;
            }
            weight = faded_once(fade, weight);
        }
        weight
    }
}

fn round(weight: Decimal) -> Decimal {
    weight.round_dp_with_strategy(WEIGHT_PLACES, RoundingStrategy::MidpointAwayFromZero)
}

/// What is left of a weight after one more step.
pub fn faded_once(fade: &Fade, weight: Decimal) -> Decimal {
    round(weight * (Decimal::ONE - fade.percent / Decimal::ONE_HUNDRED))
}

/// How many full steps lie between an event and an instant: the most N with event + N steps ≤ instant.
pub fn fade_steps(zone: &Zone, every: Duration, event: Instant, at: Instant) -> i32 {
    let elapsed = at.signed_duration_since(event).num_seconds();
    let nominal = every.nominal_seconds().max(1);
    let passed = |n: i32| every.times(n).and_then(|d| d.after(event, zone)).is_some_and(|then| then <= at);
    let mut n = i32::try_from(elapsed / nominal).unwrap_or(i32::MAX).saturating_add(2);
    while n > 0 && !passed(n) {
        n -= 1;
    }
    n
}
