//! What a figure comes to.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;

use super::fact::Amount;
use super::interval::{Proportion, Z};
use super::times::Times;
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
    /// Lengths of time.
    pub times: Times,
    /// Of those that reached the second stage, how many had done so after so many days, begun ones counted whole.
    pub lags: BTreeMap<i64, u64>,
    /// Sums by currency.
    pub sums: BTreeMap<Option<Currency>, Decimal>,
}

impl Counted {
    /// Counts a fact.
    pub(super) fn add(&mut self, amount: &Amount) {
        match amount {
            Amount::One | Amount::Once => self.count += 1,
            Amount::Cohort { reached, open, .. } => {
                self.of += 1;
                self.count += u64::from(reached.is_some());
                self.open += u64::from(*open);
                if let Some(seconds) = reached {
                    *self.lags.entry(days_begun(*seconds)).or_default() += 1;
                }
            }
            Amount::Took(seconds) => self.times.add(*seconds),
            Amount::Waiting => self.open += 1,
            Amount::Sum(currency, amount) => {
                let sum = self.sums.entry(*currency).or_default();
                *sum = sum.saturating_add(*amount);
            }
        }
    }

    /// Adds what another part counted.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.of += other.of;
        self.open += other.open;
        self.times.merge(other.times);
        for (days, reached) in other.lags {
            *self.lags.entry(days).or_default() += reached;
        }
        for (currency, sum) in other.sums {
            let mine = self.sums.entry(currency).or_default();
            *mine = mine.saturating_add(sum);
        }
    }
}

/// How many days have begun after so many seconds.
fn days_begun(seconds: i64) -> i64 {
    seconds.saturating_add(86_399).div_euclid(86_400)
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
pub fn number<S: serde::Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    json_number(*value).serialize(to)
}

/// A decimal as a JSON number, where there is one.
pub(super) fn some_number<S: serde::Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, to),
        None => to.serialize_none(),
    }
}

/// The interval of Wilson for a share (E. B. Wilson, 1927), to four places.
pub fn wilson(reached: u64, of: u64) -> (Decimal, Decimal) {
    let (low, high) = Proportion { reached, of }.wilson(Z);
    let bound = |x: f64| four(Decimal::from_f64_retain(x).unwrap_or_default());
    (bound(low), bound(high))
}

pub(super) fn four(value: Decimal) -> Decimal {
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
        let (times, of) = (&cell.times, cell.times.count());
        if of + cell.open == 0 {
            return None;
        }
        let seconds = match statistic {
            Statistic::Shortest => times.shortest(),
            Statistic::Longest => times.longest(),
            Statistic::Average => times.average(),
            Statistic::Median => times.median(),
        };
        Some(Self::Time { seconds, open_hours, of, open: cell.open, ninety: times.nine_of_ten() })
    }

    /// The figure as one quantity: the fraction that a share is, a number, or an amount of one currency; lengths of time as seconds.
    pub fn quantity(&self) -> Option<(Decimal, Option<Currency>)> {
        match self {
            Self::Count { value } => Some((Decimal::from(*value), None)),
            Self::Number { value } => Some((*value, None)),
            Self::Share { reached, of, .. } => {
                Decimal::from(*reached).checked_div(Decimal::from(*of)).map(|share| (share, None))
            }
            Self::Time { seconds, .. } => Some((Decimal::from((*seconds)?), None)),
            Self::Amounts { values } => match values.as_slice() {
                [Value::Money(money)] => Some((money.amount, Some(money.currency))),
                _ => None,
            },
        }
    }

    fn of(value: Decimal, currency: Option<Currency>) -> Self {
        match currency {
            Some(currency) => Self::Amounts { values: vec![Value::Money(Money { amount: value, currency })] },
            None => Self::Number { value },
        }
    }

    /// As it is told: a number to six places, an amount to four. What is computed from it is computed before that.
    pub(super) fn rounded(self) -> Self {
        match self {
            Self::Number { value } => Self::Number { value: value.round_dp(6).normalize() },
            Self::Amounts { values } => {
                let rounded = |value| match value {
                    Value::Money(money) => Value::Money(Money { amount: four(money.amount), ..money }),
                    other => other,
                };
                Self::Amounts { values: values.into_iter().map(rounded).collect() }
            }
            other => other,
        }
    }

    /// Two figures made one; none where one of them is none, where nothing is divided by, or where money meets other money.
    pub(super) fn combine(operator: Arithmetic, a: &Self, b: &Self) -> Option<Self> {
        let ((a, of_a), (b, of_b)) = (a.quantity()?, b.quantity()?);
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
            Some(_) => Self::of(outlook.round(), currency).rounded(),
            None => Self::Count { value: outlook.round().to_u64()? },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_is_rounded_once() {
        let whole = |value| Figure::Count { value };
        let third = Figure::combine(Arithmetic::Divide, &whole(2), &whole(3)).unwrap();
        let back = Figure::combine(Arithmetic::Multiply, &third, &whole(3)).unwrap().rounded();
        assert_eq!(back, Figure::Number { value: 2.into() });
        assert_eq!(third.rounded().quantity().unwrap().0.to_string(), "0.666667");
    }

    #[test]
    fn a_share_of_few_is_told_with_what_it_may_be() {
        // the example of R. G. Newcombe (1998), table I: 81 of 263
        let (low, high) = wilson(81, 263);
        assert_eq!((low.to_string(), high.to_string()), ("0.2553".into(), "0.3662".into()));
        assert_eq!(Figure::share(&Counted::default()), None);
    }
}
