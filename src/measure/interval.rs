//! Where a share, or the difference between two, would lie with many more such leads. Estimates, and so in floating point.

/// z of a two-sided interval that holds in 19 of 20 cases.
pub const Z: f64 = 1.959_963_984_540_054;

/// z of a two-sided interval that is asked for so often, and all of which together hold in 19 of 20 cases (C. E. Bonferroni,
/// 1936).
pub fn z_of_many(comparisons: usize) -> f64 {
    -normal_quantile(0.05 / 2.0 / comparisons.max(1) as f64)
}

/// The value below which a standard normal one lies with a chance of less than a half: the rational approximation of
/// P. J. Acklam (2003), right to nine digits.
fn normal_quantile(chance: f64) -> f64 {
    const TAIL: f64 = 0.024_25;
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    let polynomial = |of: &[f64], x: f64| of.iter().fold(0.0, |sum, next| sum * x + next);
    if chance < TAIL {
        let q = (-2.0 * chance.ln()).sqrt();
        return polynomial(&C, q) / polynomial(&D, q);
    }
    let q = chance - 0.5;
    q * polynomial(&A, q * q) / polynomial(&B, q * q)
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proportion {
    /// Those that came.
    pub reached: u64,
    /// Of so many.
    pub of: u64,
}

impl Proportion {
    /// The share; zero of none.
    pub fn share(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.reached as f64 / self.of as f64 }
    }

    /// Counts one more.
    pub fn count(&mut self, reached: bool) {
        self.of += 1;
        self.reached += u64::from(reached);
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { reached: self.reached + other.reached, of: self.of + other.of }
    }

    /// The interval of Wilson for the share (E. B. Wilson, 1927); all that there is for none.
    pub fn wilson(self, z: f64) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p, z2) = (self.of as f64, self.share(), z * z);
        let middle = p + z2 / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        let bound = |x: f64| (x / (1.0 + z2 / n)).clamp(0.0, 1.0);
        (bound(middle - half), bound(middle + half))
    }
}

/// A difference between two shares, and where it would lie with many more such leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Difference {
    /// The first share less the second, with Newcombe's interval from those of Wilson (R. G. Newcombe, 1998, method 10); none
    /// where one is a share of nothing.
    pub fn of(first: Proportion, second: Proportion, z: f64) -> Option<Self> {
        if first.of == 0 || second.of == 0 {
            return None;
        }
        let ((low_1, high_1), (low_2, high_2)) = (first.wilson(z), second.wilson(z));
        let (p_1, p_2) = (first.share(), second.share());
        let (below, above) = ((p_1 - low_1).hypot(high_2 - p_2), (high_1 - p_1).hypot(p_2 - low_2));
        let value = p_1 - p_2;
        Some(Self { value, low: value - below, high: value + above })
    }

    /// The first share less the second among those that are alike: the difference of N. Mantel and W. Haenszel over strata, with
    /// the variance of T. Sato (1989), which holds for many small strata as for few large ones. None where no stratum has both.
    pub fn within(strata: impl IntoIterator<Item = (Proportion, Proportion)>, z: f64) -> Option<Self> {
        let (mut sum, mut weight, mut p, mut q) = (0.0, 0.0, 0.0, 0.0);
        for (first, second) in strata.into_iter().filter(|(first, second)| first.of > 0 && second.of > 0) {
            let (x, n_1, y, n_0) = (first.reached as f64, first.of as f64, second.reached as f64, second.of as f64);
            let n = n_1 + n_0;
            sum += (x * n_0 - y * n_1) / n;
            weight += n_1 * n_0 / n;
            p += (n_1 * n_1 * y - n_0 * n_0 * x + n_1 * n_0 * (n_0 - n_1) / 2.0) / (n * n);
            q += (x * (n_0 - y) + y * (n_1 - x)) / (2.0 * n);
        }
        if weight <= 0.0 {
            return None;
        }
        let value = sum / weight;
        let half = z * ((value * p + q) / (weight * weight)).max(0.0).sqrt();
        Some(Self { value, low: (value - half).max(-1.0), high: (value + half).min(1.0) })
    }

    /// Whether there may be none.
    pub fn may_be_none(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// Whether it is smaller than a margin, either way and wherever in its interval it lies.
    pub fn is_within(self, margin: f64) -> bool {
        self.low >= -margin && self.high <= margin
    }

    /// Half of its interval.
    pub fn half(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(reached: u64, of: u64) -> Proportion {
        Proportion { reached, of }
    }

    fn near(difference: Option<Difference>, value: f64, low: f64, high: f64) {
        let Difference { value: v, low: l, high: h } = difference.unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 5.1e-5;
        assert!(close(v, value) && close(l, low) && close(h, high), "{v} {l} {h} is not {value} {low} {high}");
    }

    #[test]
    fn differences_are_those_of_newcombe() {
        // R. G. Newcombe, Interval estimation for the difference between independent proportions, 1998, table II, method 10
        near(Difference::of(part(56, 70), part(48, 80), Z), 0.2, 0.0524, 0.3339);
        near(Difference::of(part(9, 10), part(3, 10), Z), 0.6, 0.1705, 0.8090);
        near(Difference::of(part(6, 7), part(2, 7), Z), 0.5714, 0.0582, 0.8062);
        near(Difference::of(part(5, 56), part(0, 29), Z), 0.0893, -0.0381, 0.1926);
        near(Difference::of(part(0, 10), part(0, 20), Z), 0.0, -0.1611, 0.2775);
        near(Difference::of(part(10, 10), part(0, 10), Z), 1.0, 0.6075, 1.0);
        assert_eq!(Difference::of(part(0, 0), part(1, 2), Z), None);
    }

    #[test]
    fn differences_among_those_alike_are_those_of_mantel_and_haenszel() {
        // deaths with tolbutamide and with a placebo, below and above 55 years: K. J. Rothman, S. Greenland, T. L. Lash, Modern
        // Epidemiology, 2008, table 15-1; 0.0349 and 90 % limits of -0.018 and 0.087
        let strata = [(part(8, 106), part(5, 120)), (part(22, 98), part(16, 85))];
        near(Difference::within(strata, 1.644_853_627), 0.0349, -0.0176, 0.0874);
        // a stratum without the other side says nothing
        let more = strata.into_iter().chain([(part(9, 9), part(0, 0))]);
        assert_eq!(Difference::within(more, Z), Difference::within(strata, Z));
        assert_eq!(Difference::within([(part(9, 9), part(0, 0))], Z), None);
    }

    #[test]
    fn many_comparisons_ask_for_more() {
        // tables of the normal distribution: two-sided 5 %, 1 %, 0.5 % and 0.1 %
        for (comparisons, z) in [(1, 1.959_964), (5, 2.575_829), (10, 2.807_034), (50, 3.290_527)] {
            assert!((z_of_many(comparisons) - z).abs() < 1e-6, "{comparisons}");
        }
    }
}
