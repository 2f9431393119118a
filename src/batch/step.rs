//! The steps from what inputs add up to, to verdicts and scores.
//!
//! A lead under work is one row of whole numbers. The first words hold a bit for each verdict: whether it is met, then
//! whether it is known. Sums of points follow, three of each (sure, least, most), then the scores themselves. What an input
//! of a class adds is a row of the same shape, so that looking at all inputs is adding rows up; steps do the rest.

use crate::pact::{Comparison, Verdict};

/// A verdict, by its bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bit(pub(super) u32);

/// Three sums: the sure points, the least and the most that missing facts leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums(pub(super) usize);

/// Where things stand in a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// How many words a bit for each verdict takes.
    pub(super) words: usize,
    /// How many numbers a row has.
    pub(super) width: usize,
}

/// A number of which missing facts may leave a range: scores, added or taken away, and a constant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Linear {
    pub(super) terms: Vec<(i64, Sums)>,
    pub(super) constant: i64,
}

/// One step.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Met when all of these are.
    All(Bit, Box<[(usize, u64)]>),
    /// Met when one of these is.
    Any(Bit, Box<[(usize, u64)]>),
    Not(Bit, Bit),
    /// Whether a verdict is this one.
    Is(Bit, Bit, Verdict),
    /// How two numbers compare.
    Compare(Bit, Comparison, Linear, Linear),
    /// Points for a condition on more than one input.
    Points(Bit, i64, Sums),
    /// Sums within `-cap..=cap`, added to others.
    Capped(Sums, i64, Sums),
    /// A score from its sums: whole, and within its range.
    Score {
        from: Sums,
        to: Sums,
        scale: i64,
        range: Option<(i64, i64)>,
    },
}

/// The words and bits of several verdicts.
pub(super) fn mask(bits: &[Bit]) -> Box<[(usize, u64)]> {
    let mut masks: Vec<(usize, u64)> = Vec::new();
    for bit in bits {
        let (word, one) = ((bit.0 / 64) as usize, 1_u64 << (bit.0 % 64));
        match masks.iter_mut().find(|(at, _)| *at == word) {
            Some((_, mask)) => *mask |= one,
            None => masks.push((word, one)),
        }
    }
    masks.into()
}

impl Shape {
    pub(super) fn verdict(self, row: &[i64], bit: Bit) -> Verdict {
        let (word, at) = ((bit.0 / 64) as usize, bit.0 % 64);
        match ((row[word] >> at) & 1, (row[self.words + word] >> at) & 1) {
            (_, 0) => Verdict::Unknown,
            (0, _) => Verdict::NotMet,
            _ => Verdict::Met,
        }
    }

    /// Gives a verdict whose bits are not set yet.
    pub(super) fn set(self, row: &mut [i64], bit: Bit, met: bool, known: bool) {
        let (word, at) = ((bit.0 / 64) as usize, bit.0 % 64);
        row[word] |= i64::from(met) << at;
        row[self.words + word] |= i64::from(known) << at;
    }

    /// Does one step.
    pub(super) fn take(self, row: &mut [i64], step: &Step) {
        let known = self.words;
        match step {
            Step::All(bit, masks) => {
                let (mut met, mut not) = (true, false);
                for (word, mask) in masks {
                    let (m, k) = (row[*word] as u64, row[known + word] as u64);
                    met &= m & mask == *mask;
                    not |= k & !m & mask != 0;
                }
                self.set(row, *bit, met, met | not);
            }
            Step::Any(bit, masks) => {
                let (mut met, mut not) = (false, true);
                for (word, mask) in masks {
                    let (m, k) = (row[*word] as u64, row[known + word] as u64);
                    met |= m & mask != 0;
                    not &= k & !m & mask == *mask;
                }
                self.set(row, *bit, met, met | not);
            }
            Step::Not(bit, of) => {
                let verdict = self.verdict(row, *of);
                self.set(row, *bit, verdict == Verdict::NotMet, verdict != Verdict::Unknown);
            }
            Step::Is(bit, of, wanted) => {
                let is = self.verdict(row, *of) == *wanted;
                self.set(row, *bit, is, true);
            }
            Step::Compare(bit, op, a, b) => {
                let (always, never) = compared(*op, a.bounds(row), b.bounds(row));
                self.set(row, *bit, always, always | never);
            }
            Step::Points(bit, points, sums) => {
                let verdict = self.verdict(row, *bit);
                gives(verdict, *points).iter().enumerate().for_each(|(at, points)| row[sums.0 + at] += points);
            }
            Step::Capped(from, cap, to) => {
                for at in 0..3 {
                    row[to.0 + at] += row[from.0 + at].clamp(-cap, *cap);
                }
            }
            Step::Score { from, to, scale, range } => {
                for at in 0..3 {
                    let whole = rounded(row[from.0 + at], *scale);
                    row[to.0 + at] = range.map_or(whole, |(least, most)| whole.clamp(least, most));
                }
            }
        }
    }
}

/// The sure points of a clause, the least and the most, by the verdict of its condition.
pub(super) fn gives(verdict: Verdict, points: i64) -> [i64; 3] {
    match verdict {
        Verdict::Met => [points; 3],
        Verdict::NotMet => [0; 3],
        Verdict::Unknown => [0, points.min(0), points.max(0)],
    }
}

/// A whole number of parts, half away from zero.
fn rounded(parts: i64, scale: i64) -> i64 {
    if scale == 1 {
        return parts;
    }
    let half = if parts < 0 { -scale / 2 } else { scale / 2 };
    (parts + half) / scale
}

impl Linear {
    /// The bounds of the number: those of an open score, or twice its sure figure.
    pub(super) fn bounds(&self, row: &[i64]) -> (i64, i64) {
        let (mut low, mut high) = (self.constant, self.constant);
        for (sign, of) in &self.terms {
            let (mut least, mut most) = (row[of.0 + 1] * sign, row[of.0 + 2] * sign);
            if *sign < 0 {
                std::mem::swap(&mut least, &mut most);
            }
            low += least;
            high += most;
        }
        (low, high)
    }
}

/// Whether a comparison holds wherever in their bounds two numbers lie, and whether it holds nowhere.
fn compared(op: Comparison, a: (i64, i64), b: (i64, i64)) -> (bool, bool) {
    let apart = a.1 < b.0 || b.1 < a.0;
    let one = a.0 == a.1 && a == b;
    match op {
        Comparison::AtLeast => (a.0 >= b.1, a.1 < b.0),
        Comparison::AtMost => (a.1 <= b.0, a.0 > b.1),
        Comparison::More => (a.0 > b.1, a.1 <= b.0),
        Comparison::Less => (a.1 < b.0, a.0 >= b.1),
        Comparison::Equal => (one, apart),
        Comparison::Unequal => (apart, one),
        _ => (false, false),
    }
}
