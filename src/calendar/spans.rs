//! A set of seconds, as the half-open spans it consists of.

/// Disjoint half-open spans in order. Spans that overlap or touch are one.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Spans(Vec<(i64, i64)>);

impl FromIterator<(i64, i64)> for Spans {
    fn from_iter<I: IntoIterator<Item = (i64, i64)>>(spans: I) -> Self {
        let mut all: Vec<_> = spans.into_iter().filter(|(from, to)| from < to).collect();
        all.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, to) in all {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }
}

impl Spans {
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, i64)> {
        self.0.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What lies in both.
    pub(super) fn within(&self, from: i64, to: i64) -> Self {
        let first = self.0.partition_point(|(_, end)| *end <= from);
        let inside = self.iter().skip(first).take_while(|(start, _)| *start < to);
        inside.map(|(a, b)| (a.max(from), b.min(to))).collect()
    }

    /// The same spans so much later.
    pub(super) fn later(&self, by: i64) -> Self {
        Self(self.iter().map(|(a, b)| (a + by, b + by)).collect())
    }

    /// What lies in either.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// What lies in this set and not in the other.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for (mut from, to) in self.iter() {
            for (gone, back) in other.iter() {
                left.push((from, to.min(gone)));
                from = from.max(back);
            }
            left.push((from, to));
        }
        left.into_iter().collect()
    }

    pub(super) fn contains(&self, at: i64) -> bool {
        self.iter().any(|(from, to)| from <= at && at < to)
    }

    /// How many seconds of the set lie before `at`.
    pub(super) fn before(&self, at: i64) -> i64 {
        self.iter().map(|(from, to)| (to.min(at) - from).max(0)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_and_touching_spans_are_one() {
        let spans: Spans = [(5, 9), (0, 3), (3, 4), (8, 12), (7, 7)].into_iter().collect();
        assert_eq!(spans.iter().collect::<Vec<_>>(), [(0, 4), (5, 12)]);
    }

    #[test]
    fn one_set_cuts_another() {
        let day: Spans = [(0, 10), (20, 30)].into_iter().collect();
        let cut: Spans = [(2, 4), (9, 22), (25, 26)].into_iter().collect();
        assert_eq!(day.minus(&cut).iter().collect::<Vec<_>>(), [(0, 2), (4, 9), (22, 25), (26, 30)]);
        assert_eq!(day.before(25), 15);
    }
}
