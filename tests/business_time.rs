//! Business time against answers that were computed elsewhere, and against an oracle that walks minute by minute.

mod common;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Weekday};
use leadpact::internals::calendar::{Builder, Calendar, Shift};
use leadpact::internals::time::Instant;
use leadpact::internals::time::Zone;
use proptest::prelude::*;
use serde_json::Value;

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A calendar as the data writes it.
fn calendar(data: &Value) -> Calendar {
    let mut builder = Calendar::builder(Zone::named(data["tz"].as_str().unwrap()).unwrap());
    for day in WEEK {
        let hours = data["hours"][day.to_string().to_lowercase()].as_array();
        let shifts =
            hours.into_iter().flatten().map(|pair| shift(pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
        builder = builder.weekly(day, shifts);
    }
    let holidays = data["holidays"].as_array().into_iter().flatten();
    let closed = |builder: Builder, day: &Value| builder.closed(day.as_str().unwrap().parse().unwrap());
    holidays.fold(builder, closed).build().unwrap()
}

fn shift(from: &str, to: &str) -> Shift {
    let minutes = |clock: &str| {
        let (hours, minutes) = clock.split_once(':').unwrap();
        hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap()
    };
    Shift::minutes(minutes(from), minutes(to)).unwrap()
}

#[test]
fn deadlines_and_elapsed_time_agree_with_another_library() {
    let Some(folder) = common::data("business_time") else { return };
    let text = std::fs::read_to_string(folder.join("calendars.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let calendars: HashMap<&str, Calendar> =
        all.iter().map(|data| (data["id"].as_str().unwrap(), calendar(data))).collect();

    let mut judged = 0;
    for row in csv::Reader::from_path(folder.join("cases.csv")).unwrap().deserialize() {
        let row: HashMap<String, String> = row.unwrap();
        let (id, calendar, start) = (&row["case_id"], &calendars[row["calendar_id"].as_str()], at(&row["start_utc"]));
        assert_eq!(calendar.is_open(start), row["start_is_open"] == "1", "{id}");
        if row["kind"] == "due" {
            let seconds = row["duration_min"].parse::<i64>().unwrap() * 60;
            let due = calendar.due(start, seconds).unwrap();
            assert_eq!(due.at, at(&row["due_at_earliest"]), "{id}");
            assert_eq!(due.at_next_open, Some(at(&row["due_at_next_open"])), "{id}");
            assert_eq!(calendar.elapsed(start, due.at), seconds, "{id}");
        } else {
            let elapsed = calendar.elapsed(start, at(&row["end_utc"]));
            assert_eq!(elapsed, row["elapsed_min"].parse::<i64>().unwrap() * 60, "{id}");
        }
        judged += 1;
    }
    assert!(judged > 3000, "only {judged} cases were judged");
}

#[test]
fn business_days_agree_with_another_library() {
    let Some(folder) = common::data("business_time") else { return };
    for row in csv::Reader::from_path(folder.join("business_days.csv")).unwrap().deserialize() {
        let row: HashMap<String, String> = row.unwrap();
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let worked = row["weekmask_mon_to_sun"].chars().zip(WEEK).filter(|(mark, _)| *mark == '1');
        let week = worked.fold(Calendar::builder(Zone::utc()), |builder, (_, day)| builder.weekly(day, [Shift::DAY]));
        let holidays = row["holidays"].split('|').filter(|day| !day.is_empty());
        let calendar = holidays.fold(week, |builder, day| builder.closed(date(day))).build().unwrap();

        let (start, n) = (date(&row["start"]), row["business_days"].parse().unwrap());
        assert_eq!(calendar.add_business_days(start, n), Some(date(&row["result"])), "{row:?}");
        let between = calendar.business_days_between(start, date(&row["range_end"]));
        assert_eq!(between, row["business_days_in_range_half_open"].parse::<i64>().unwrap(), "{row:?}");
    }
}

#[test]
fn the_clocks_of_a_help_desk_agree() {
    let Some(folder) = common::data("business_time") else { return };
    let text = std::fs::read_to_string(folder.join("pause_cases.json")).unwrap();
    let data: Value = serde_json::from_str(&text).unwrap();
    for case in data["cases"].as_array().unwrap() {
        let (calendar, created) = (calendar(&case["calendar"]), at(case["created"].as_str().unwrap()));
        let target = |clock: &str| case["targets_min"][clock].as_i64().unwrap();
        for (clock, due) in case["expected_due"].as_object().unwrap() {
            let computed = calendar.due(created, target(clock) * 60).unwrap();
            assert_eq!(computed.at, at(due.as_str().unwrap()), "{} {clock}", case["id"]);
        }
        for step in case["sequence"].as_array().into_iter().flatten() {
            let event = at(step["at"].as_str().unwrap());
            let used = calendar.elapsed(created, event) / 60;
            for clock in ["first_response", "update", "close"] {
                if let Some(minutes) = step[format!("{clock}_in_min")].as_i64() {
                    assert_eq!(used, minutes, "{} {step}", case["id"]);
                    assert_eq!(target(clock) - used, step[format!("{clock}_diff_in_min")].as_i64().unwrap());
                }
            }
            // the update clock starts anew with every answer
            if let Some(due) = step["update_due"].as_str() {
                assert_eq!(calendar.due(event, target("update") * 60).unwrap().at, at(due), "{step}");
            }
        }
    }
}

/// Hours and holidays, kept plain, and openness straight from the sentence that defines it.
#[derive(Debug, Clone)]
struct Plain {
    zone: &'static str,
    /// Weekday (0 is Monday), opening and closing minute.
    shifts: Vec<(u32, u32, u32)>,
    closed: Vec<NaiveDate>,
    /// Dates with hours of their own.
    open: Vec<(NaiveDate, u32, u32)>,
}

impl Plain {
    fn calendar(&self) -> Calendar {
        let shift = |from: u32, to: u32| Shift::minutes(from as u16, to as u16).unwrap();
        let mut builder = Calendar::builder(Zone::named(self.zone).unwrap());
        for (day, from, to) in &self.shifts {
            builder = builder.weekly(WEEK[*day as usize], [shift(*from, *to)]);
        }
        for (date, from, to) in &self.open {
            builder = builder.open(*date, [shift(*from, *to)]);
        }
        self.closed.iter().fold(builder, |builder, date| builder.closed(*date)).build().unwrap()
    }

    /// Whether a shift that opens on `date` holds at `minute` after its midnight.
    fn holds(&self, date: NaiveDate, minute: u32) -> bool {
        use chrono::Datelike as _;
        let weekday = date.weekday().num_days_from_monday();
        let own: Vec<_> = self.open.iter().filter(|(day, ..)| *day == date).map(|(_, a, b)| (*a, *b)).collect();
        let weekly = self.shifts.iter().filter(|(day, ..)| *day == weekday).map(|(_, a, b)| (*a, *b));
        let shifts = if own.is_empty() { weekly.collect() } else { own };
        shifts.iter().any(|(from, to)| *from <= minute && minute < if to <= from { to + 1440 } else { *to })
    }

    fn is_open(&self, local: NaiveDateTime) -> bool {
        let (date, minute) = (local.date(), local.hour() * 60 + local.minute());
        let closed = self.closed.contains(&date);
        let own_hours = self.open.iter().any(|(day, ..)| *day == date);
        (self.holds(date, minute) && (own_hours || !closed))
            || (!closed && self.holds(date - TimeDelta::days(1), minute + 1440))
    }

    /// Whether each minute from `start` on is open.
    fn minutes(&self, start: Instant, count: i64) -> Vec<bool> {
        let zone = Zone::named(self.zone).unwrap();
        (0..count).map(|minute| self.is_open(zone.local(start + TimeDelta::minutes(minute)))).collect()
    }
}

/// A zone, and a week before one of its clock changes.
const CHANGES: [(&str, &str); 7] = [
    ("Europe/Berlin", "2026-03-23"),
    ("Europe/Berlin", "2026-10-19"),
    ("America/New_York", "2026-10-26"),
    ("Australia/Lord_Howe", "2026-09-28"),
    ("Africa/Casablanca", "2026-02-09"),
    ("America/Sao_Paulo", "2018-10-29"),
    ("Asia/Tehran", "2022-03-15"),
];

const WALK: i64 = 16 * 1440;

fn plain() -> impl Strategy<Value = (Plain, Instant)> {
    let minute = || prop_oneof![Just(0), Just(1440), (0..96_u32).prop_map(|n| n * 15), 0..1441_u32];
    let shift = || (0..7_u32, minute().prop_map(|n| n % 1440), minute());
    let shifts = prop::collection::vec(shift(), 1..8);
    let day = || 0..16_i64;
    let exceptions = (prop::collection::vec(day(), 0..4), prop::collection::vec((day(), shift()), 0..3));
    (0..CHANGES.len(), shifts, exceptions, 0..1440_i64).prop_map(|(change, shifts, (closed, open), start)| {
        let (zone, week) = CHANGES[change];
        let monday: NaiveDate = week.parse().unwrap();
        let date = |day: i64| monday + TimeDelta::days(day);
        let closed = closed.into_iter().map(date).collect();
        let open = open.into_iter().map(|(day, (_, from, to))| (date(day), from, to)).collect();
        let start = monday.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(start);
        (Plain { zone, shifts, closed, open }, start)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_minute_by_minute_finds_the_same((plain, start) in plain(), worked in 0..4000_i64, pick in 0..WALK) {
        let calendar = plain.calendar();
        let minutes = plain.minutes(start, WALK);
        let minute = |n: usize| start + TimeDelta::minutes(n as i64);

        // openness, and the time worked
        let mut open = 0;
        for (n, is_open) in minutes.iter().enumerate() {
            prop_assert_eq!(calendar.is_open(minute(n)), *is_open, "{}", minute(n));
            if n as i64 == pick {
                prop_assert_eq!(calendar.elapsed(start, minute(n)), open * 60);
                let next = (n..minutes.len()).find(|n| minutes[*n]);
                if let Some(next) = next {
                    prop_assert_eq!(calendar.next_open(minute(n)), Some(minute(next)));
                }
            }
            open += i64::from(*is_open);
        }

        // the deadline is the end of the minute that uses the time up
        let mut left = worked;
        let end = minutes.iter().position(|is_open| { left -= i64::from(*is_open); left == 0 && *is_open });
        if let (1.., Some(last)) = (worked, end) {
            let due = calendar.due(start, worked * 60).unwrap();
            prop_assert_eq!(due.at, minute(last + 1));
            if let Some(next) = (last + 1..minutes.len()).find(|n| minutes[*n]) {
                prop_assert_eq!(due.at_next_open, Some(minute(next)));
            }
        }

        // the intervals are the runs of open minutes
        let within = calendar.intervals(start).take_while(|i| i.from < minute(minutes.len()));
        let sum: i64 = within.map(|i| (i.to.min(minute(minutes.len())) - i.from).num_minutes()).sum();
        prop_assert_eq!(sum, open);
    }

    #[test]
    fn due_and_elapsed_are_inverse((plain, start) in plain(), nanos in 0..3_000_000_000_i64, n in 0..10_000_000_i64, m in 0..10_000_000_i64) {
        let calendar = plain.calendar();
        let from = start + TimeDelta::nanoseconds(nanos);
        let (Some(first), Some(second)) = (calendar.due(from, n), calendar.due(from, n + m)) else { return Ok(()) };
        prop_assert_eq!(calendar.elapsed(from, first.at), n);
        prop_assert_eq!(calendar.elapsed(first.at, from), -n);
        prop_assert!(from <= first.at && first.at <= second.at);
        // running on from the first deadline leads to the second
        prop_assert_eq!(calendar.due(first.at, m).map(|due| calendar.elapsed(from, due.at)), Some(n + m));
        prop_assert!(first.at_next_open.is_none_or(|open| calendar.is_open(open) && calendar.elapsed(first.at, open) == 0));
        // and back again, to a moment between which and the start nothing is open
        let back = calendar.before(first.at, n).unwrap();
        prop_assert_eq!(calendar.elapsed(back, from), 0);
    }

    #[test]
    fn business_days_count_one_by_one((plain, start) in plain(), n in 1..40_i64) {
        let calendar = plain.calendar();
        let zone = Zone::named(plain.zone).unwrap();
        let date = zone.date(start);
        let opens = |date: NaiveDate| (0..1440).any(|minute| plain.holds(date, minute)
            && (!plain.closed.contains(&date) || plain.open.iter().any(|(day, ..)| *day == date)));
        let mut slow = date;
        let mut counted = 0;
        while counted < n {
            slow += TimeDelta::days(1);
            counted += i64::from(opens(slow));
            // a calendar of exceptions alone has no later business day
            if slow - date > TimeDelta::days(400) { return Ok(()) }
        }
        prop_assert_eq!(calendar.add_business_days(date, n), Some(slow));
        prop_assert_eq!(calendar.business_days_between(date + TimeDelta::days(1), slow), n - 1);
        let due = calendar.due_in_days(start, n).unwrap();
        prop_assert!(due.at >= start);
        prop_assert!(due.at_next_open.is_none_or(|open| calendar.elapsed(due.at, open) == 0));
    }
}
