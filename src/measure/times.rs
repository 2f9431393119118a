//! Lengths of time, as many as there were.

use std::collections::BTreeMap;

/// Lengths of time in seconds, each as often as it was. Those of several parts add up, in whatever order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times(BTreeMap<i64, u64>);

impl Times {
    /// Adds one.
    pub fn add(&mut self, seconds: i64) {
        *self.0.entry(seconds).or_default() += 1;
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        for (seconds, times) in other.0 {
            *self.0.entry(seconds).or_default() += times;
        }
    }

    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The shortest; none of none, as of all that follow.
    pub(super) fn shortest(&self) -> Option<i64> {
        self.0.first_key_value().map(|(seconds, _)| *seconds)
    }

    /// The longest.
    pub(super) fn longest(&self) -> Option<i64> {
        self.0.last_key_value().map(|(seconds, _)| *seconds)
    }

    /// The mean, rounded towards zero.
    pub(super) fn average(&self) -> Option<i64> {
        let sum: i128 = self.0.iter().map(|(seconds, times)| i128::from(*seconds) * i128::from(*times)).sum();
        i64::try_from(sum.checked_div(i128::from(self.count()))?).ok()
    }

    /// The middle one, or the half between the two in the middle.
    pub(super) fn median(&self) -> Option<i64> {
        let count = self.count();
        let (low, high) = (self.nth(count.checked_sub(1)? / 2)?, self.nth(count / 2)?);
        Some(low + (high - low) / 2)
    }

    /// The shortest that nine of ten do not exceed.
    pub(super) fn nine_of_ten(&self) -> Option<i64> {
        self.nth((self.count() * 9).div_ceil(10).checked_sub(1)?)
    }

    /// The one at a place, counted from the shortest.
    fn nth(&self, place: u64) -> Option<i64> {
        let mut passed = 0;
        self.0.iter().find_map(|(seconds, times)| {
            passed += times;
            (passed > place).then_some(*seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    fn times(seconds: &[i64]) -> Times {
        let mut times = Times::default();
        seconds.iter().for_each(|seconds| times.add(*seconds));
        times
    }

    #[test]
    fn the_median_is_the_middle_one() {
        let of = |seconds: &[i64]| (times(seconds).median(), times(seconds).nine_of_ten());
        assert_eq!(of(&[9, 1, 5]), (Some(5), Some(9)));
        assert_eq!(of(&[1, 2, 4, 9]), (Some(3), Some(9)));
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100]), (Some(5), Some(9)));
        assert_eq!(of(&[]), (None, None));
        assert_eq!((times(&[2, 4, 9]).average(), times(&[]).average()), (Some(5), None));
        assert_eq!((times(&[4, 2, 9]).shortest(), times(&[4, 2, 9]).longest()), (Some(2), Some(9)));
    }
}
