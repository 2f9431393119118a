//! What a figure comes to.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;

use crate::pact::{Arithmetic, Statistic};
use crate::value::{Currency, Money, Value, json_number};

/// What was counted for one measure in one place. Those of several parts add up, in whatever order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Entries, events, or those that reached the second stage.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// How many of those that did not may do so still, or wait for the second moment.
    pub open: u64,
    /// Seconds, each as often as it was.
    pub times: BTreeMap<i64, u64>,
    /// Sums by currency.
    pub sums: BTreeMap<Option<Currency>, Decimal>,
}

impl Counted {
    /// Adds what another part counted.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.of += other.of;
        self.open += other.open;
        for (seconds, times) in other.times {
            *self.times.entry(seconds).or_default() += times;
        }
        for (currency, sum) in other.sums {
            let mine = self.sums.entry(currency).or_default();
            *mine = mine.saturating_add(sum);
        }
    }
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
    /// How many.
    Count {
        /// The number.
        value: u64,
    },
    /// A number that was computed.
    Number {
        /// The number.
        #[serde(serialize_with = "number")]
        value: Decimal,
    },
    /// A part of a whole.
    Share {
        /// The part, from 0 to 1, to four places.
        #[serde(serialize_with = "number")]
        value: Decimal,
        /// How many reached it.
        reached: u64,
        /// Of how many.
        of: u64,
        /// How many of those may reach it still.
        open: u64,
        /// Where the share of many more such leads lies, in 19 of 20 cases.
        #[serde(serialize_with = "number")]
        low: Decimal,
        /// Its upper end.
        #[serde(serialize_with = "number")]
        high: Decimal,
    },
    /// A length of time.
    Time {
        /// Seconds; open ones where a calendar measures. None where nobody took it yet.
        seconds: Option<i64>,
        /// Whether a calendar measures.
        open_hours: bool,
        /// Of how many rounds.
        of: u64,
        /// How many have the first moment, the second not yet, and have not ended.
        open: u64,
        /// Nine of ten took at most so long.
        ninety: Option<i64>,
    },
    /// Amounts of money, by currency, never added across.
    Amounts {
        /// One for each currency.
        values: Vec<Value>,
    },
}

/// A decimal as a JSON number.
pub(super) fn number<S: serde::Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    json_number(*value).serialize(to)
}

/// A decimal as a JSON number, where there is one.
pub(super) fn some_number<S: serde::Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, to),
        None => to.serialize_none(),
    }
}

/// z of a two-sided interval that holds in 19 of 20 cases.
const Z: f64 = 1.959_963_984_540_054;

/// The interval of Wilson for a share (E. B. Wilson, 1927), to four places.
pub fn wilson(reached: u64, of: u64) -> (Decimal, Decimal) {
    let (n, p) = (of as f64, reached as f64 / of as f64);
    let z2 = Z * Z;
    let middle = p + z2 / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let bound = |x: f64| four(Decimal::from_f64_retain((x / (1.0 + z2 / n)).clamp(0.0, 1.0)).unwrap_or_default());
    (bound(middle - half), bound(middle + half))
}

fn four(value: Decimal) -> Decimal {
    value.round_dp(4).normalize()
}

impl Figure {
    /// A share; none of nothing.
    pub(super) fn share(cell: &Counted) -> Option<Self> {
        let value = Decimal::from(cell.count).checked_div(Decimal::from(cell.of))?;
        let (low, high) = wilson(cell.count, cell.of);
        Some(Self::Share { value: four(value), reached: cell.count, of: cell.of, open: cell.open, low, high })
    }

    /// A length of time; none where nobody has come to the first moment.
    pub(super) fn time(cell: &Counted, statistic: Statistic, open_hours: bool) -> Option<Self> {
        let of: u64 = cell.times.values().sum();
        let seconds = || match statistic {
            Statistic::Shortest => Some(*cell.times.first_key_value()?.0),
            Statistic::Longest => Some(*cell.times.last_key_value()?.0),
            Statistic::Average => {
                let all = cell.times.iter();
                let sum: i128 = all.map(|(seconds, times)| i128::from(*seconds) * i128::from(*times)).sum();
                i64::try_from(sum.checked_div(i128::from(of))?).ok()
            }
            // the middle one, or the half between the two in the middle
            Statistic::Median => {
                let (low, high) = (nth(&cell.times, of.checked_sub(1)? / 2)?, nth(&cell.times, of / 2)?);
                Some(low + (high - low) / 2)
            }
        };
        if of + cell.open == 0 {
            return None;
        }
        // the smallest that nine of ten do not exceed
        let ninety = (of * 9).div_ceil(10).checked_sub(1).and_then(|place| nth(&cell.times, place));
        Some(Self::Time { seconds: seconds(), open_hours, of, open: cell.open, ninety })
    }

    /// The figure as one quantity: a number, or an amount of one currency; lengths of time as seconds.
    pub fn quantity(&self) -> Option<(Decimal, Option<Currency>)> {
        match self {
            Self::Count { value } => Some((Decimal::from(*value), None)),
            Self::Number { value } | Self::Share { value, .. } => Some((*value, None)),
            Self::Time { seconds, .. } => Some((Decimal::from((*seconds)?), None)),
            Self::Amounts { values } => match values.as_slice() {
                [Value::Money(money)] => Some((money.amount, Some(money.currency))),
                _ => None,
            },
        }
    }

    fn of(value: Decimal, currency: Option<Currency>) -> Self {
        match currency {
            Some(currency) => {
                let amount = value.round_dp(4).normalize();
                Self::Amounts { values: vec![Value::Money(Money { amount, currency })] }
            }
            None => Self::Number { value: value.round_dp(6).normalize() },
        }
    }

    /// Two figures made one; none where one of them is none, where nothing is divided by, or where money meets other money.
    pub(super) fn combine(operator: Arithmetic, a: &Self, b: &Self) -> Option<Self> {
        // a share takes part as the fraction that it is
        let exact = |figure: &Self| match figure {
            Self::Share { reached, of, .. } => {
                Decimal::from(*reached).checked_div(Decimal::from(*of)).map(|value| (value, None))
            }
            figure => figure.quantity(),
        };
        let ((a, of_a), (b, of_b)) = (exact(a)?, exact(b)?);
        let (value, currency) = match operator {
            Arithmetic::Add if of_a == of_b => (a.checked_add(b)?, of_a),
            Arithmetic::Subtract if of_a == of_b => (a.checked_sub(b)?, of_a),
            Arithmetic::Multiply if of_a.is_none() || of_b.is_none() => (a.checked_mul(b)?, of_a.or(of_b)),
            Arithmetic::Divide if of_b.is_none() => (a.checked_div(b)?, of_a),
            Arithmetic::Divide if of_a == of_b => (a.checked_div(b)?, None),
            _ => return None,
        };
        Some(Self::of(value, currency))
    }

    /// What it is divided by a share of the time: where it would be at the end.
    pub(super) fn outlook(&self, gone: f64) -> Option<Self> {
        let (value, currency) = self.quantity()?;
        let gone = Decimal::from_f64_retain(gone).filter(|gone| !gone.is_zero())?;
        let outlook = value.checked_div(gone)?;
        Some(match currency {
            Some(_) => Self::of(outlook.round(), currency),
            None => Self::Count { value: outlook.round().to_u64()? },
        })
    }
}

/// The time at a place, counted from the shortest; each stands there as often as it was.
pub(super) fn nth(times: &BTreeMap<i64, u64>, place: u64) -> Option<i64> {
    let mut passed = 0;
    times.iter().find_map(|(seconds, times)| {
        passed += times;
        (passed > place).then_some(*seconds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(times: &[i64]) -> Counted {
        let mut cell = Counted::default();
        times.iter().for_each(|seconds| *cell.times.entry(*seconds).or_default() += 1);
        cell
    }

    fn seconds(times: &[i64], statistic: Statistic) -> Option<(i64, i64)> {
        match Figure::time(&cell(times), statistic, false)? {
            Figure::Time { seconds, ninety, .. } => seconds.zip(ninety),
            _ => None,
        }
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(seconds(&[9, 1, 5], Statistic::Median), Some((5, 9)));
        assert_eq!(seconds(&[1, 2, 4, 9], Statistic::Median), Some((3, 9)));
        assert_eq!(seconds(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], Statistic::Median), Some((5, 9)));
        assert_eq!(seconds(&[2, 4, 9], Statistic::Average), Some((5, 9)));
        assert_eq!(seconds(&[], Statistic::Median), None);
    }

    #[test]
    fn a_share_of_few_is_told_with_what_it_may_be() {
        // the example of R. G. Newcombe (1998), table I: 81 of 263
        let (low, high) = wilson(81, 263);
        assert_eq!((low.to_string(), high.to_string()), ("0.2553".into(), "0.3662".into()));
        assert_eq!(Figure::share(&Counted::default()), None);
    }
}
