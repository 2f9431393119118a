//! How long to wait before a message is sent again.

use std::time::Duration;

use sha2::{Digest, Sha256};

/// Seconds to wait after each failed attempt. Together two days and more, so that a message outlives a weekend on which
/// nobody looks after the receiver; Standard Webhooks recommends several days.
const WAITS: [u64; 9] = [5, 30, 2 * 60, 10 * 60, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600];

/// How long to wait after so many failed attempts: nothing before the first attempt, and none when the message is a
/// dead delivery. Where the receiver says a time itself, wait for the longer of both.
///
/// Each wait is longer by up to a fifth, by the hash of `key` and the attempt: messages that failed together do not all
/// come back together, and the same message always waits the same.
///
/// ```
/// use std::time::Duration;
/// use leadpact::internals::webhook::wait;
/// let first = wait(1, "L-1:7").unwrap();
/// assert!(first >= Duration::from_secs(5) && first < Duration::from_secs(6));
/// assert_eq!(wait(10, "L-1:7"), None);
/// ```
pub fn wait(failed: u32, key: &str) -> Option<Duration> {
    let Some(before) = failed.checked_sub(1) else { return Some(Duration::ZERO) };
    let wait = Duration::from_secs(*WAITS.get(usize::try_from(before).ok()?)?);
    let hash = Sha256::new().chain_update(failed.to_be_bytes()).chain_update(key).finalize();
    // a number of 256ths: fine enough for a spread, and exact
    Some(wait + wait / 5 * u32::from(hash[0]) / 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_with_a_dead_delivery() {
        let waits: Vec<_> = (0..).map_while(|failed| wait(failed, "key")).collect();
        assert_eq!(waits.len(), 10);
        assert_eq!(waits[0], Duration::ZERO);
        for (wait, least) in waits[1..].iter().zip(WAITS.map(Duration::from_secs)) {
            assert!(*wait >= least && *wait < least * 6 / 5, "{wait:?}");
        }
        assert!(waits.iter().sum::<Duration>() > Duration::from_secs(60 * 3600), "from Friday evening to Monday");
    }

    #[test]
    fn messages_that_failed_together_come_back_apart() {
        let spread: std::collections::BTreeSet<_> = (0..100).filter_map(|n| wait(5, &format!("L-{n}"))).collect();
        assert!(spread.len() > 50, "{spread:?}");
        let hour = Duration::from_secs(3600);
        assert!(spread.iter().all(|wait| *wait >= hour && *wait < hour * 6 / 5));
        assert_eq!(wait(5, "L-1"), wait(5, "L-1"));
    }
}
