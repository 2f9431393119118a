//! Rounds that had the same time to come, and their parting into an earlier and a later part.

use super::evidence::{CaseRow, EvidenceRows, KeptOutRow};
use super::interval::Proportion;
use crate::time::{Duration, Instant, Zone};

/// How long a round has to come before it counts as one that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// As long as the metric says.
    Said(Duration),
    /// As long as nine of ten needed that came: so many seconds.
    Usual(i64),
}

impl Horizon {
    /// That of a metric, or else the usual one of those that came; none where nobody came.
    pub fn of(within: Option<Duration>, rows: &EvidenceRows) -> Option<Self> {
        let seconds = |row: &CaseRow| Some(row.came?.signed_duration_since(row.at).num_seconds());
        let mut times: Vec<i64> = rows.cases.iter().filter_map(seconds).collect();
        times.sort_unstable();
        let usual = times.get((times.len() * 9).div_ceil(10).checked_sub(1)?).copied();
        within.map(Self::Said).or(usual.map(Self::Usual))
    }

    /// Until when a round has time that entered at an instant.
    fn end(self, at: Instant, zone: &Zone) -> Instant {
        let end = match self {
            Self::Said(within) => within.after(at, zone),
            Self::Usual(seconds) => {
                chrono::TimeDelta::try_seconds(seconds).and_then(|seconds| at.checked_add_signed(seconds))
            }
        };
        end.unwrap_or(Instant::MAX_UTC)
    }
}

/// Rounds that had the same time to come.
#[derive(Debug, Clone, Default)]
pub struct Cohort<'e> {
    /// Those that entered, and whether they came in time; in order of time.
    pub cases: Vec<(&'e CaseRow, bool)>,
    /// Those that were kept out, and whether they came in time all the same.
    pub kept_out: Vec<(&'e KeptOutRow, bool)>,
    /// How many entered, and have not had the time yet.
    pub young: u64,
}

impl<'e> Cohort<'e> {
    /// The rounds that have had their time by an instant.
    pub fn new(rows: &'e EvidenceRows, horizon: Horizon, now: Instant, zone: &Zone) -> Self {
        let judged = |at: Instant, came: Option<Instant>| {
            let end = horizon.end(at, zone);
            (end <= now).then(|| came.is_some_and(|came| came <= end))
        };
        let cases: Vec<_> = rows.cases.iter().filter_map(|row| Some((row, judged(row.at, row.came)?))).collect();
        let kept_out = rows.kept_out.iter().filter_map(|row| Some((row, judged(row.at, row.came)?))).collect();
        let young = (rows.cases.len() - cases.len()) as u64;
        Self { cases, kept_out, young }
    }

    /// Parts it by time: what entered before the instant, and the rest, which is about so large a share of the whole.
    pub fn parted(&self, later: f64) -> (Self, Self, Option<Instant>) {
        let first = (self.cases.len() as f64 * (1.0 - later)).round() as usize;
        let Some((row, _)) = self.cases.get(first.min(self.cases.len().saturating_sub(1))) else {
            return (self.clone(), Self::default(), None);
        };
        let cut = row.at;
        let part = |is_in: &dyn Fn(Instant) -> bool| Self {
            cases: self.cases.iter().filter(|(row, _)| is_in(row.at)).copied().collect(),
            kept_out: self.kept_out.iter().filter(|(row, _)| is_in(row.at)).copied().collect(),
            young: 0,
        };
        (part(&|at| at < cut), part(&|at| at >= cut), Some(cut))
    }

    /// How many came, of those that entered.
    pub fn all(&self) -> Proportion {
        self.part(|_| true)
    }

    /// How many came, of those that entered and are so.
    pub fn part(&self, is_so: impl Fn(&CaseRow) -> bool) -> Proportion {
        let mut part = Proportion::default();
        self.cases.iter().filter(|(row, _)| is_so(row)).for_each(|(_, reached)| part.count(*reached));
        part
    }

    /// How many came all the same, of those that were kept out and are so.
    pub fn kept(&self, is_so: impl Fn(&KeptOutRow) -> bool) -> Proportion {
        let mut part = Proportion::default();
        self.kept_out.iter().filter(|(row, _)| is_so(row)).for_each(|(_, reached)| part.count(*reached));
        part
    }
}
