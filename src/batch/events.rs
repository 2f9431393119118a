//! Events of a lead: counted in windows, and faded.

use std::collections::BTreeSet;

use super::circuit::Faded;
use super::step::Sums;
use rust_decimal::Decimal;

use crate::eval::{WEIGHT_PLACES, fade_steps, faded_once};
use crate::pact::{Fade, KindClass, KindId, Pact};
use crate::time::{Duration, Instant};

/// An instant in nanoseconds since 1970; none for those some centuries away.
pub(super) fn nanoseconds(at: Instant) -> Option<i64> {
    at.timestamp_nanos_opt()
}

/// How the events of a kind are looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct OfKind {
    /// Windows in which they are counted, by number.
    windows: Vec<usize>,
    /// Clauses whose points fade, by number.
    faded: Vec<usize>,
    /// Whether a lead with such an event goes to the reference.
    pub(super) beyond: bool,
}

/// A window: after `start`, up to the instant.
#[derive(Debug, Clone)]
struct Window {
    start: i64,
    limit: i64,
    adds: Vec<i64>,
    each: Vec<(i64, Sums)>,
}

/// A clause whose points fade.
#[derive(Debug, Clone)]
struct Fading {
    start: i64,
    points: i64,
    each: Option<Option<i64>>,
    sums: Sums,
    every: Duration,
    /// What is left after no step, one, two and so on, in billionths; after more, what the last says.
    weights: Vec<i64>,
    /// The latest instants from which on so many steps have not passed, and how far off calendar steps may be.
    since: Vec<i64>,
    margin: i64,
}

/// What is counted of a lead's events at the plan's instant.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    now: i64,
    at: Instant,
    zone: crate::time::Zone,
    pub(super) kinds: Vec<OfKind>,
    windows: Vec<Window>,
    fading: Vec<Fading>,
}

/// The sums over one lead's events.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    counts: Vec<i64>,
    /// Parts of faded points, and when the latest event was.
    faded: Vec<(i64, i64)>,
}

/// The most events of a lead whose points stay whole numbers of a machine, and the most steps to nothing.
const MOST_EVENTS: usize = 4_096;

/// What is left of a point after no step, one, two and so on, in billionths, until it changes no more: what is left is rounded
/// away from zero, so that little stays.
fn weights(fade: &Fade) -> Option<Vec<i64>> {
    let mut weights = Vec::new();
    let mut weight = Decimal::ONE;
    while weights.len() < MOST_EVENTS {
        weights.push(i64::try_from(weight * Decimal::from(10_i64.pow(WEIGHT_PLACES))).ok()?);
        let next = faded_once(fade, weight);
        if next == weight {
            return Some(weights);
        }
        weight = next;
    }
    None
}

const DAY: i64 = 86_400 * 1_000_000_000;

impl Counting {
    pub(super) fn new(pact: &Pact, at: Instant, beyond: BTreeSet<KindId>) -> Self {
        let kinds = (0..).map(KindId).zip(&pact.kinds);
        let kinds = kinds.map(|(id, kind)| OfKind {
            beyond: beyond.contains(&id) || kind.class == KindClass::Disposition,
            ..OfKind::default()
        });
        Self {
            now: nanoseconds(at).unwrap_or(i64::MIN),
            at,
            zone: pact.zone.clone(),
            kinds: kinds.collect(),
            windows: Vec::new(),
            fading: Vec::new(),
        }
    }

    /// The start of a window; `i64::MIN` where it has none, and the present where no event can lie in it.
    fn start(&self, pact: &Pact, window: Option<Duration>) -> Option<i64> {
        match window {
            None => Some(i64::MIN),
            Some(window) => window.before(self.at, &pact.zone).map_or(Some(i64::MAX), nanoseconds),
        }
    }

    /// Counts events of a kind in a window, up to a limit behind which only `each` goes on.
    pub(super) fn add(
        &mut self,
        pact: &Pact,
        kind: KindId,
        window: Option<Duration>,
        limit: i64,
        adds: Vec<i64>,
        each: Vec<(i64, Sums)>,
    ) -> Option<()> {
        let start = self.start(pact, window)?;
        self.kinds[kind.0 as usize].windows.push(self.windows.len());
        self.windows.push(Window { start, limit, adds, each });
        Some(())
    }

    /// Weighs events of a kind by their age.
    pub(super) fn fade(&mut self, pact: &Pact, faded: &Faded) -> Option<()> {
        let fade = pact[faded.score].fade.as_ref()?;
        let start = self.start(pact, faded.window)?;
        let weights = weights(fade)?;
        let since: Option<Vec<i64>> = (1..=weights.len() as i32)
            .map(|n| fade.every.times(n)?.before(self.at, &pact.zone).and_then(nanoseconds))
            .collect();
        let margin = match fade.every {
            Duration { months: 0, days: 0, .. } => 0,
            Duration { months: 0, .. } => DAY,
            _ => 4 * DAY,
        };
        let Faded { kind, points, each, sums, .. } = *faded;
        // points of such a score are in parts of one: so is what is left of one
        let points = points / 10_i64.pow(WEIGHT_PLACES);
        self.kinds[kind.0 as usize].faded.push(self.fading.len());
        self.fading.push(Fading { start, points, each, sums, every: fade.every, weights, since: since?, margin });
        Some(())
    }

    pub(super) fn counts(&self) -> Counts {
        Counts { counts: vec![0; self.windows.len()], faded: vec![(0, i64::MIN); self.fading.len()] }
    }

    /// Takes the events of a lead. None where the reference must look at them: `exactly_now` says whether also for one of
    /// the instant itself.
    pub(super) fn take(&self, events: &[(u32, i64)], exactly_now: bool, counts: &mut Counts) -> Option<()> {
        if events.len() > MOST_EVENTS {
            return None;
        }
        counts.counts.fill(0);
        counts.faded.fill((0, i64::MIN));
        for (kind, at) in events {
            let of = self.kinds.get(*kind as usize)?;
            if of.beyond || (exactly_now && *at == self.now) {
                return None;
            }
            if *at > self.now {
                continue;
            }
            for window in &of.windows {
                counts.counts[*window] += i64::from(*at > self.windows[*window].start);
            }
            for fading in &of.faded {
                let of = &self.fading[*fading];
                if *at > of.start {
                    let (sum, latest) = &mut counts.faded[*fading];
                    match of.each {
                        Some(_) => *sum += of.points * self.weight(of, *at),
                        None if *at >= *latest => (*sum, *latest) = (of.points * self.weight(of, *at), *at),
                        None => {}
                    }
                }
            }
        }
        Some(())
    }

    /// What is left of the points of an event, in billionths.
    fn weight(&self, of: &Fading, at: i64) -> i64 {
        let steps = of.since.partition_point(|since| at <= *since);
        let near = |n: Option<&i64>| n.is_some_and(|since| (at - since).abs() <= of.margin);
        let doubt =
            of.margin > 0 && (near(of.since.get(steps)) || near(steps.checked_sub(1).and_then(|n| of.since.get(n))));
        let steps = if doubt {
            let event = chrono::DateTime::from_timestamp_nanos(at);
            usize::try_from(fade_steps(&self.zone, of.every, event, self.at)).unwrap_or(0)
        } else {
            steps
        };
        of.weights.get(steps).or(of.weights.last()).copied().unwrap_or(0)
    }

    /// What the events add to a row.
    pub(super) fn add_to(&self, counts: &Counts, row: &mut [i64]) {
        for (window, count) in self.windows.iter().zip(&counts.counts) {
            let class = (*count).min(window.limit) as usize;
            let adds = &window.adds[class * row.len()..][..row.len()];
            row.iter_mut().zip(adds).for_each(|(place, add)| *place += add);
            for (points, sums) in &window.each {
                (0..3).for_each(|at| row[sums.0 + at] += points * count);
            }
        }
        for (fading, (sum, _)) in self.fading.iter().zip(&counts.faded) {
            let sum = fading.each.flatten().map_or(*sum, |cap| (*sum).clamp(-cap, cap));
            (0..3).for_each(|at| row[fading.sums.0 + at] += sum);
        }
    }
}
