//! Instants at which something steps on.

use chrono::TimeDelta;

use crate::time::Instant;

/// The first instant after `from`, up to `to`, from which on something holds that holds at `to` and not at `from`.
pub fn first(from: Instant, to: Instant, mut holds: impl FnMut(Instant) -> bool) -> Instant {
    let (mut low, mut high) = (from, to);
    loop {
        let gap = high.signed_duration_since(low);
        let half = gap / 2;
        if half <= TimeDelta::zero() {
            return high;
        }
        let middle = low + half;
        if holds(middle) { high = middle } else { low = middle }
    }
}
