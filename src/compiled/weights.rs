//! What is left of the points of an event, in billionths: the places to which a score keeps them.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::slot_plan::{Moment, PointsPlan};
use crate::eval::{self, WEIGHT_PLACES, fade_steps};
use crate::pact::Fade;
use crate::time::{Instant, Zone};

/// A whole, in billionths.
pub(super) const WHOLE: i64 = 1_000_000_000;

/// What is left of an event's points at the instant: at each recycle the share that the score kept, at each full step of
/// the fade what it leaves; rounded each time, so that every back end gets the same.
pub(super) fn weight(points: &PointsPlan, moment: &Moment<'_>, event: Instant) -> i64 {
    let kept = retained(points, moment, event);
    match &points.fade {
        None => kept,
        Some(fade) => faded(fade, kept, fade_steps(&moment.pact.zone, fade.every, event, moment.at)),
    }
}

/// What recycles left of an event's points.
pub(super) fn retained(points: &PointsPlan, moment: &Moment<'_>, event: Instant) -> i64 {
    let retained = moment.record.past.retained.iter();
    let kept = retained.filter(|kept| kept.score == points.score && event <= kept.until);
    kept.fold(WHOLE, |weight, kept| times(weight, kept.share))
}

/// What so many steps leave of a weight.
pub(super) fn faded(fade: &Fade, mut weight: i64, steps: i32) -> i64 {
    for _ in 0..steps {
        let next = faded_once(fade, weight);
        // what is left of a billionth may round to a billionth again
        if next == weight {
            break;
        }
        weight = next;
    }
    weight
}

/// What one step leaves of a weight.
pub(super) fn faded_once(fade: &Fade, weight: i64) -> i64 {
    billionths(eval::faded_once(fade, Decimal::new(weight, WEIGHT_PLACES)))
}

/// What a share leaves of a weight.
fn times(weight: i64, share: Decimal) -> i64 {
    let exact = Decimal::new(weight, WEIGHT_PLACES) * share;
    billionths(exact.round_dp_with_strategy(WEIGHT_PLACES, RoundingStrategy::MidpointAwayFromZero))
}

fn billionths(weight: Decimal) -> i64 {
    (weight * Decimal::from(WHOLE)).to_i64().unwrap_or_default()
}

/// When the step of this number has passed since an event.
pub(super) fn step_at(fade: &Fade, zone: &Zone, event: Instant, n: i32) -> Option<Instant> {
    fade.every.times(n)?.after(event, zone)
}
