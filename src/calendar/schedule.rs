//! What a calendar says, date by date, in local wall-clock time.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::DAY;
use super::shift::Shift;
use super::spans::Spans;

/// A local date as the number of days since 1970-01-01.
pub(super) type DayNumber = i64;

/// Hours and exceptions, as they were stated.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Schedule {
    /// Monday first.
    pub week: [Vec<Shift>; 7],
    /// Dates with hours of their own.
    pub open: BTreeMap<DayNumber, Vec<Shift>>,
    /// What is closed, in seconds since the local start of 1970.
    pub closed: Spans,
}

/// What of one local date is open, in seconds after its midnight.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Day {
    pub open: Spans,
    /// Whether a shift opens on it, which makes it a business day. The end of last night's shift does not.
    pub business: bool,
}

/// 0 for Monday.
pub(super) fn weekday(day: DayNumber) -> usize {
    // 1970-01-01 was a Thursday
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

impl Schedule {
    /// A date as the week alone has it.
    pub(super) fn ordinary(&self, weekday: usize) -> Day {
        let own = spans(&self.week[weekday]).within(0, DAY);
        let night = spans(&self.week[(weekday + 6) % 7]).within(DAY, 2 * DAY).later(-DAY);
        Day { business: !own.is_empty(), open: own.and(&night) }
    }

    /// A date as it is.
    pub(super) fn day(&self, day: DayNumber) -> Day {
        let own = self.own(day);
        let night = spans(self.shifts(day - 1)).within(DAY, 2 * DAY).later(-DAY).minus(&self.closed_on(day));
        Day { business: !own.is_empty(), open: own.and(&night) }
    }

    /// What is open on a date of the shifts that open on it.
    pub(super) fn own(&self, day: DayNumber) -> Spans {
        let own = spans(self.shifts(day)).within(0, DAY);
        // hours stated for this very date hold on a holiday too
        if self.open.contains_key(&day) { own } else { own.minus(&self.closed_on(day)) }
    }

    /// The shifts that open on a date, with their ends on the next, as far as they are open. In seconds after the
    /// midnight of the date.
    pub(super) fn working(&self, day: DayNumber) -> Spans {
        let night = spans(self.shifts(day)).within(DAY, 2 * DAY);
        self.own(day).and(&night.minus(&self.closed_on(day + 1).later(DAY)))
    }

    /// The dates that may differ from the ordinary week, in order: each by itself, or a run of dates of which all is
    /// closed.
    pub(super) fn special(&self) -> Vec<Range<DayNumber>> {
        let mut alone: BTreeSet<DayNumber> = self.open.keys().flat_map(|day| [*day, day + 1]).collect();
        let (first_whole, after_whole) = (|from: i64| (from + DAY - 1).div_euclid(DAY), |to: i64| to.div_euclid(DAY));
        for (from, to) in self.closed.iter() {
            let cut = |at: i64| (at.rem_euclid(DAY) != 0).then(|| at.div_euclid(DAY));
            alone.extend(cut(from).into_iter().chain(cut(to)));
        }
        let mut special: Vec<Range<DayNumber>> = Vec::new();
        for (from, to) in self.closed.iter() {
            let (mut first, end) = (first_whole(from), after_whole(to));
            // it is empty where a span begins and ends on one date
            for day in alone.range(first..end.max(first)) {
                special.push(first..*day);
                first = day + 1;
            }
            special.push(first..end);
        }
        special.extend(alone.into_iter().map(|day| day..day + 1));
        special.retain(|dates| !dates.is_empty());
        special.sort_unstable_by_key(|dates| dates.start);
        special
    }

    fn shifts(&self, day: DayNumber) -> &[Shift] {
        self.open.get(&day).unwrap_or(&self.week[weekday(day)])
    }

    fn closed_on(&self, day: DayNumber) -> Spans {
        self.closed.within(day * DAY, (day + 1) * DAY).later(-day * DAY)
    }
}

fn spans(shifts: &[Shift]) -> Spans {
    shifts.iter().map(|shift| shift.seconds()).collect()
}
