//! Whether a difference is one that chance would give: exact tests of two counts and of two shares.

/// The chance of a difference at least as unlikely between `now` of `of_now` and `before` of `of_before` if both had the
/// same share: Fisher's exact test, two-sided (R. A. Fisher, 1922).
///
/// # Examples
/// ```
/// use leadpact::internals::measure::chance_of_shares;
/// // the lady who tastes tea, with three of four cups right
/// assert!((chance_of_shares((3, 4), (1, 4)) - 0.485_714).abs() < 1e-6);
/// ```
pub fn chance_of_shares((now, of_now): (u64, u64), (before, of_before): (u64, u64)) -> f64 {
    let (reached, all) = (now + before, of_now + of_before);
    let (low, high) = (reached.saturating_sub(of_before), reached.min(of_now));
    // of the next outcome to this one
    let ratio = |k: u64| {
        let (k, reached, of_now, rest) = (k as f64, reached as f64, of_now as f64, (all - reached) as f64);
        (reached - k) * (of_now - k) / ((k + 1.0) * (rest - of_now + k + 1.0))
    };
    two_sided(low, high, now, ratio)
}

/// The chance of a difference at least as unlikely between two counts if both came at the same pace; `part` is the share of
/// the whole time in which the first was counted. The exact conditional test (J. Przyborowski, H. Wilenski, 1940).
///
/// # Examples
/// ```
/// use leadpact::internals::measure::chance_of_counts;
/// assert!((chance_of_counts(1, 5, 0.5) - 0.218_75).abs() < 1e-9);
/// assert_eq!(chance_of_counts(0, 0, 0.5), 1.0);
/// ```
pub fn chance_of_counts(now: u64, before: u64, part: f64) -> f64 {
    let all = now + before;
    let odds = part / (1.0 - part);
    two_sided(0, all, now, |k| (all - k) as f64 / (k as f64 + 1.0) * odds)
}

/// The chance of all outcomes from `low` to `high` that are at most as likely as the one that was seen. `ratio` says how much
/// likelier the next outcome is than one; it falls from outcome to outcome.
fn two_sided(low: u64, high: u64, seen: u64, ratio: impl Fn(u64) -> f64) -> f64 {
    /// What differs by less is the same, but for rounding.
    const SAME: f64 = 1.0 + 1e-7;
    /// What is less likely than that beside the likeliest adds nothing.
    const NOTHING: f64 = 1e-17;
    // the likeliest: the first of which the next is no likelier
    let (mut from, mut to) = (low, high);
    while from < to {
        let middle = from + (to - from) / 2;
        if ratio(middle) > 1.0 { from = middle + 1 } else { to = middle }
    }
    let likeliest = from;
    let mut weights: Vec<(u64, f64)> = vec![(likeliest, 1.0)];
    let (mut weight, mut at) = (1.0, likeliest);
    while at < high && weight > NOTHING {
        weight *= ratio(at);
        at += 1;
        weights.push((at, weight));
    }
    (weight, at) = (1.0, likeliest);
    while at > low && weight > NOTHING {
        at -= 1;
        weight /= ratio(at);
        weights.push((at, weight));
    }
    let whole: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let Some((_, mine)) = weights.iter().find(|(at, _)| *at == seen) else { return 0.0 };
    let unlikely: f64 = weights.iter().map(|(_, weight)| weight).filter(|weight| **weight <= mine * SAME).sum();
    (unlikely / whole).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn shares_are_compared_as_fisher_does() {
        // as `fisher.test` of R gives them
        near(chance_of_shares((8, 10), (2, 10)), 0.023_013_88);
        near(chance_of_shares((0, 5), (5, 5)), 0.007_936_51);
        near(chance_of_shares((5, 5), (5, 5)), 1.0);
        near(chance_of_shares((0, 0), (3, 9)), 1.0);
        // a million leads cost no more than what is likely
        assert!(chance_of_shares((500_000, 1_000_000), (501_000, 1_000_000)) > 0.1);
        assert!(chance_of_shares((500_000, 1_000_000), (510_000, 1_000_000)) < 1e-9);
    }

    #[test]
    fn counts_are_compared_by_their_times() {
        near(chance_of_counts(2, 10, 0.5), 0.038_574_22);
        // twice as many in twice the time is nothing
        assert!(chance_of_counts(20, 10, 2.0 / 3.0) > 0.99);
        assert!(chance_of_counts(100, 10, 0.5) < 1e-9);
    }
}
