//! The cases that others got wrong, by their numbers.

use chrono::{NaiveDate, Weekday};

use super::{Builder, Calendar, NeverOpen, Shift, feed};
use crate::time::Duration;
use crate::time::Instant;
use crate::time::Zone;

const HOUR: i64 = 3600;
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn shift(text: &str) -> Shift {
    let (from, to) = text.split_once('-').unwrap();
    let minutes = |clock: &str| {
        let (hours, minutes) = clock.split_once(':').unwrap();
        hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap()
    };
    Shift::minutes(minutes(from), minutes(to)).unwrap()
}

/// Hours such as `09:00-12:00 13:00-17:00`, the same on so many weekdays from Monday on.
fn weekly(zone: &str, days: usize, hours: &str) -> Builder {
    let shifts: Vec<Shift> = hours.split_whitespace().map(shift).collect();
    let builder = Calendar::builder(Zone::named(zone).unwrap());
    WEEK[..days].iter().fold(builder, |builder, day| builder.weekly(*day, shifts.clone()))
}

fn office() -> Builder {
    weekly("Europe/Berlin", 5, "09:00-17:00")
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The open hours of a date, on the wall clock.
fn hours(calendar: &Calendar, day: &str) -> Vec<String> {
    let clock = |at| calendar.zone().local(at).format("%H:%M").to_string();
    calendar.hours_on(date(day)).iter().map(|i| format!("{}-{}", clock(i.from), clock(i.to))).collect()
}

#[test]
fn edge_01_clock_starts_on_a_closed_day() {
    let office = office().build().unwrap();
    // Saturday 11:20 starts on Monday at 09:00, not at 11:20
    let due = office.due(at("2026-11-21T10:20:00Z"), 2 * HOUR).unwrap();
    assert_eq!(due.at, at("2026-11-23T10:00:00Z"));
    assert_eq!(due.at_next_open, Some(due.at));
}

#[test]
fn edge_02_spring_gap_and_autumn_overlap() {
    let night = weekly("Europe/Berlin", 7, "02:30-06:00").build().unwrap();
    // 02:30 does not exist on 29 March: open from 03:00, three hours instead of three and a half
    assert_eq!(hours(&night, "2026-03-29"), ["03:00-06:00"]);
    // 02:00 to 03:00 passes twice on 25 October, and both second halves are open
    let intervals = night.hours_on(date("2026-10-25"));
    assert_eq!(intervals[0].from, at("2026-10-25T00:30:00Z"));
    assert_eq!(intervals[0].to, at("2026-10-25T01:00:00Z"));
    assert_eq!(intervals[1].from, at("2026-10-25T01:30:00Z"));
    assert_eq!(night.elapsed(at("2026-10-25T00:00:00Z"), at("2026-10-26T00:00:00Z")), 4 * HOUR);
}

#[test]
fn edge_03_offset_changes_that_are_no_daylight_saving() {
    // Morocco goes back an hour for Ramadan: 03:00 to 02:00 on 15 February 2026
    let casablanca = weekly("Africa/Casablanca", 7, "00:00-24:00").build().unwrap();
    assert_eq!(casablanca.elapsed(at("2026-02-14T23:00:00Z"), at("2026-02-16T00:00:00Z")), 25 * HOUR);
    assert_eq!(hours(&casablanca, "2026-02-15"), ["00:00-00:00"]);
    // Istanbul kept summer time in the autumn of 2016
    let istanbul = weekly("Europe/Istanbul", 7, "09:00-18:00").build().unwrap();
    assert_eq!(istanbul.next_open(at("2016-12-01T00:00:00Z")), Some(at("2016-12-01T06:00:00Z")));
}

#[test]
fn edge_04_a_zone_that_gave_up_daylight_saving() {
    let hong_kong = weekly("Asia/Hong_Kong", 7, "09:00-17:00").build().unwrap();
    // 09:00 of the last summer time, and of the standard time ever since
    assert_eq!(hong_kong.next_open(at("1979-07-01T00:00:00Z")), Some(at("1979-07-01T00:00:00Z")));
    assert_eq!(hong_kong.next_open(at("1980-07-01T00:00:00Z")), Some(at("1980-07-01T01:00:00Z")));
    assert_eq!(hong_kong.next_open(at("2026-07-01T00:00:00Z")), Some(at("2026-07-01T01:00:00Z")));
}

#[test]
fn edge_05_always_open_is_wall_time_to_the_second() {
    let always = weekly("America/New_York", 7, "00:00-24:00").build().unwrap();
    let (from, to) = (at("2026-01-01T04:59:59Z"), at("2027-01-01T05:00:01Z"));
    assert_eq!(always.elapsed(from, to), (to - from).num_seconds());
    assert_eq!(always.due(from, 31_536_002).unwrap().at, to);
    assert_eq!(always.next_close(from), None);
    assert_eq!(always.intervals(from).count(), 1);
}

#[test]
fn edge_06_a_night_shift_belongs_to_the_day_on_which_it_opens() {
    let desk = weekly("Europe/Berlin", 5, "22:00-06:00").build().unwrap();
    assert_eq!(hours(&desk, "2026-11-20"), ["00:00-06:00", "22:00-00:00"]); // Friday
    assert_eq!(hours(&desk, "2026-11-21"), ["00:00-06:00"]); // runs into Saturday
    assert_eq!(hours(&desk, "2026-11-22"), Vec::<String>::new());
    assert_eq!(hours(&desk, "2026-11-23"), ["22:00-00:00"]); // Monday has no morning
    assert!(!desk.is_business_day(date("2026-11-21")));
    // a closed Wednesday cuts Tuesday's shift at midnight; what its own shift has on Thursday stays
    let closed = weekly("Europe/Berlin", 5, "22:00-06:00").closed(date("2026-11-18")).build().unwrap();
    assert_eq!(hours(&closed, "2026-11-17"), ["00:00-06:00", "22:00-00:00"]);
    assert_eq!(hours(&closed, "2026-11-18"), Vec::<String>::new());
    assert_eq!(hours(&closed, "2026-11-19"), ["00:00-06:00", "22:00-00:00"]);
}

#[test]
fn edge_07_several_intervals_touch_overlap_and_leave_lunch() {
    let lunch = weekly("Europe/Berlin", 5, "13:00-17:00 09:00-12:00").build().unwrap();
    assert_eq!(hours(&lunch, "2026-11-20"), ["09:00-12:00", "13:00-17:00"]);
    let due = lunch.due(at("2026-11-20T10:30:00Z"), HOUR).unwrap();
    assert_eq!(due.at, at("2026-11-20T12:30:00Z"));
    let merged = weekly("Europe/Berlin", 5, "09:00-12:00 12:00-14:00 13:00-17:00").build().unwrap();
    assert_eq!(hours(&merged, "2026-11-20"), ["09:00-17:00"]);
    assert_eq!(merged.elapsed(at("2026-11-20T00:00:00Z"), at("2026-11-21T00:00:00Z")), 8 * HOUR);
}

#[test]
fn edge_08_a_holiday_is_a_local_date() {
    // Auckland's 6 February begins on the 5th in UTC
    let auckland = weekly("Pacific/Auckland", 5, "09:00-17:00").closed(date("2026-02-06")).build().unwrap();
    assert!(auckland.is_open(at("2026-02-04T21:00:00Z")));
    assert!(!auckland.is_open(at("2026-02-05T21:00:00Z")));
    // half days, a working Saturday, and a holiday on which the clock changes
    let office = office()
        .closed_from(date("2026-12-24"), 12 * 60)
        .closed(date("2026-12-25"))
        .open(date("2026-12-25"), [shift("10:00-14:00")])
        .open(date("2026-12-19"), [shift("10:00-14:00")])
        .closed(date("2026-03-29"))
        .build()
        .unwrap();
    assert_eq!(hours(&office, "2026-12-24"), ["09:00-12:00"]);
    assert_eq!(hours(&office, "2026-12-25"), ["10:00-14:00"]);
    assert_eq!(hours(&office, "2026-12-19"), ["10:00-14:00"]);
    let always = weekly("Europe/Berlin", 7, "00:00-24:00").closed(date("2026-03-29")).build().unwrap();
    assert_eq!(always.next_open(at("2026-03-28T23:00:00Z")), Some(at("2026-03-29T22:00:00Z")));
}

#[test]
fn edge_09_a_calendar_that_never_opens_is_refused() {
    let nothing = Calendar::builder(Zone::utc());
    assert_eq!(nothing.build().unwrap_err(), NeverOpen::NoHours);
    let daily =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:18991231\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR";
    let feed = feed::read(daily, &Zone::utc(), &mut feed::Allowance::default());
    assert_eq!(office().observe(&feed.holidays).build().unwrap_err(), NeverOpen::AlwaysClosed);
    // one that does not open again answers none
    let once = Calendar::builder(Zone::utc()).open(date("2026-12-19"), [shift("10:00-14:00")]).build().unwrap();
    assert_eq!(once.next_open(at("2026-12-19T14:00:00Z")), None);
    assert_eq!(once.due(at("2026-12-01T00:00:00Z"), 4 * HOUR).unwrap().at_next_open, None);
    assert_eq!(once.due(at("2026-12-01T00:00:00Z"), 4 * HOUR + 1), None);
}

#[test]
fn edge_10_a_feed_brings_days_that_are_not_observed() {
    let text =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Epiphany\nDTSTART;VALUE=DATE:20260106\nEND:VEVENT\nEND:VCALENDAR";
    let feed = feed::read(text, &Zone::named("Europe/Berlin").unwrap(), &mut feed::Allowance::default());
    assert!(!office().observe(&feed.holidays).build().unwrap().is_business_day(date("2026-01-06")));
    // hours stated for the date win over the feed
    let open = office().observe(&feed.holidays).open(date("2026-01-06"), [shift("09:00-17:00")]).build().unwrap();
    assert!(open.is_business_day(date("2026-01-06")));
    // and a caller can leave it out by name
    let observed = feed.holidays.iter().filter(|holiday| &*holiday.name != "Epiphany");
    assert!(office().observe(observed).build().unwrap().is_business_day(date("2026-01-06")));
}

#[test]
fn edge_11_a_changed_calendar_measures_the_whole_clock_anew() {
    let (start, now) = (at("2026-11-19T15:00:00Z"), at("2026-11-23T09:00:00Z"));
    let before = office().build().unwrap();
    let after = office().closed(date("2026-11-20")).build().unwrap();
    assert_eq!(before.elapsed(start, now), 10 * HOUR);
    assert_eq!(after.elapsed(start, now), 2 * HOUR);
    assert_eq!(after.due(start, 10 * HOUR).unwrap().at, at("2026-11-24T09:00:00Z"));
}

#[test]
fn edge_12_very_long_clocks_are_bounded() {
    let office = office().closed_to(date("2027-01-01"), date("2028-12-31")).build().unwrap();
    let from = at("2026-12-31T16:00:00Z");
    assert_eq!(office.next_open(from), Some(at("2029-01-01T08:00:00Z")));
    assert_eq!(office.due(from, HOUR).unwrap().at, at("2029-01-01T09:00:00Z"));
    for _ in 0..10_000 {
        assert_eq!(office.due(from, i64::MAX), None);
        assert!(office.due(from, 100_000 * HOUR).is_some());
    }
    assert_eq!(office.next_open(at("2200-01-01T00:00:00Z")), None);
    assert_eq!(
        office.elapsed(Instant::MIN_UTC, Instant::MAX_UTC),
        office.elapsed(at("1900-01-01T00:00:00Z"), at("2200-01-01T00:00:00Z"))
    );
}

#[test]
fn edge_13_a_business_day_is_neither_24_nor_8_hours() {
    let office = office().closed_from(date("2026-11-27"), 12 * 60).build().unwrap();
    let days = |days| Duration { days, business: true, ..Duration::default() };
    let thursday = at("2026-11-19T14:00:00Z"); // 15:00
    assert_eq!(office.due_after(thursday, days(1)).unwrap().at, at("2026-11-20T14:00:00Z"));
    assert_eq!(office.due_after(thursday, days(2)).unwrap().at, at("2026-11-23T14:00:00Z"));
    assert_eq!(office.due(thursday, 24 * HOUR).unwrap().at, at("2026-11-24T14:00:00Z"));
    assert_eq!(office.due_after(thursday, Duration::days(2)).unwrap().at, at("2026-11-21T14:00:00Z"));
    // a start that is closed is the next opening; a day that is shut by then is due at its closing time
    assert_eq!(office.due_after(at("2026-11-21T14:00:00Z"), days(1)).unwrap().at, at("2026-11-24T08:00:00Z"));
    assert_eq!(office.due_after(at("2026-11-26T14:00:00Z"), days(1)).unwrap().at, at("2026-11-27T11:00:00Z"));
    let mixed = Duration { days: 1, seconds: 3 * HOUR, business: true, ..Duration::default() };
    assert_eq!(office.due_after(thursday, mixed).unwrap().at, at("2026-11-23T09:00:00Z"));
    // a night shift counts as the day on which it opens, also after midnight
    let desk = weekly("Europe/Berlin", 5, "22:00-06:00").build().unwrap();
    let friday_night = at("2026-11-21T01:00:00Z"); // Saturday, 02:00
    assert_eq!(desk.due_in_days(friday_night, 1).unwrap().at, at("2026-11-24T01:00:00Z"));
}

#[test]
fn parts_of_a_second_count() {
    let office = office().build().unwrap();
    let from = at("2026-11-20T15:59:59.750Z"); // a quarter of a second before closing
    assert_eq!(office.due(from, 1).unwrap().at, at("2026-11-23T08:00:00.750Z"));
    assert_eq!(office.before(at("2026-11-23T08:00:00.750Z"), 1), Some(from));
    assert_eq!(office.before(at("2026-11-23T08:00:00Z"), 8 * HOUR), Some(at("2026-11-20T08:00:00Z")));
}

/// What a calendar says of each date of some years, as intervals on the wall clock.
fn all_hours(calendar: &Calendar, from: &str, days: u64) -> Vec<Vec<String>> {
    let dates = (0..days).filter_map(|n| date(from).checked_add_days(chrono::Days::new(n)));
    dates.map(|date| hours(calendar, &date.to_string())).collect()
}

#[test]
fn a_run_of_closed_dates_is_as_each_of_them_closed() {
    let nights = weekly("Europe/Berlin", 6, "09:00-12:00 20:00-04:00");
    let open = |builder: Builder| {
        builder.open(date("2027-02-03"), [shift("22:00-06:00")]).closed_from(date("2027-02-28"), 600).build().unwrap()
    };
    let run = open(nights.clone().closed_to(date("2027-01-09"), date("2027-02-20")));
    let dates = (0..43).map(|n| date("2027-01-09") + chrono::Days::new(n));
    let each = open(dates.fold(nights, |builder, date| builder.closed(date)));
    assert_eq!(all_hours(&run, "2026-12-25", 100), all_hours(&each, "2026-12-25", 100));
    assert_eq!(hours(&run, "2027-02-03"), ["22:00-00:00"]);
    assert_eq!(hours(&run, "2027-02-04"), [""; 0]);
    for days in [-30, -1, 1, 2, 60] {
        let from = date("2027-02-01");
        assert_eq!(run.add_business_days(from, days), each.add_business_days(from, days), "{days}");
    }
    let (from, to) = (at("2026-12-01T00:00:00Z"), at("2027-06-01T00:00:00Z"));
    assert_eq!(run.elapsed(from, to), each.elapsed(from, to));
}

#[test]
fn centuries_that_are_closed_again_and_again_take_no_time() {
    let closed = |builder: Builder, _| builder.closed_to(date("1900-01-01"), date("2199-12-31"));
    let always = (0..100_000).fold(office(), closed);
    assert_eq!(always.build().unwrap_err(), NeverOpen::AlwaysClosed);
}
