//! Points as whole billionths, as long as they are whole numbers that faded.

use super::weights::WHOLE;
use crate::eval::WEIGHT_PLACES;
use rust_decimal::{Decimal, RoundingStrategy};

/// Points: in billionths as long as they are whole numbers that faded, else as they are.
#[derive(Clone, Copy)]
pub(super) enum Points {
    Billionths(i128),
    Exact(Decimal),
}

impl Default for Points {
    fn default() -> Self {
        Self::Billionths(0)
    }
}

impl Points {
    pub(super) fn of(whole: i64) -> Self {
        Self::Billionths(i128::from(whole) * i128::from(WHOLE))
    }

    pub(super) fn exact(self) -> Decimal {
        match self {
            Self::Billionths(points) => {
                Decimal::try_from_i128_with_scale(points, WEIGHT_PLACES).unwrap_or_default().normalize()
            }
            Self::Exact(points) => points,
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Billionths(a), Self::Billionths(b)) => Self::Billionths(a + b),
            (a, b) => Self::Exact(a.exact() + b.exact()),
        }
    }

    /// Within `-cap..=cap`.
    pub(super) fn capped(self, cap: Option<i64>) -> Self {
        let Some(cap) = cap else { return self };
        match self {
            Self::Billionths(points) => {
                let cap = i128::from(cap) * i128::from(WHOLE);
                Self::Billionths(points.clamp(-cap, cap))
            }
            Self::Exact(points) => Self::Exact(points.clamp(-Decimal::from(cap), Decimal::from(cap))),
        }
    }

    /// Rounded half away from zero, within the score's range.
    pub(super) fn whole(self, range: Option<(i64, i64)>) -> Decimal {
        let within = |n: Decimal| {
            range.map_or(n, |(least, most)| n.clamp(Decimal::from(least), Decimal::from(most))).normalize()
        };
        match self {
            Self::Billionths(points) => {
                let (whole, rest) = (points / i128::from(WHOLE), points % i128::from(WHOLE));
                let up = i128::from(rest.abs() * 2 >= i128::from(WHOLE)) * rest.signum();
                within(Decimal::from_i128_with_scale((whole + up).clamp(i128::from(i64::MIN), i128::from(i64::MAX)), 0))
            }
            Self::Exact(points) => within(points.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)),
        }
    }
}

/// What is sure, with the least and the most of it and of what is possible.
pub(super) fn range(sure: Points, possible: Points) -> [Points; 3] {
    let more = match (sure, possible) {
        (Points::Billionths(sure), Points::Billionths(possible)) => possible >= sure,
        (sure, possible) => possible.exact() >= sure.exact(),
    };
    if more { [sure, sure, possible] } else { [sure, possible, sure] }
}
