use chrono::NaiveDate;

use super::{Allowance, Feed};
use crate::time::Zone;

fn read(text: &str, zone: &Zone) -> Feed {
    super::read(text, zone, &mut Allowance::default())
}

fn feed(events: &str) -> Feed {
    let text = format!("BEGIN:VCALENDAR\r\n{events}\r\nEND:VCALENDAR\r\n");
    read(&text, &Zone::named("Europe/Berlin").unwrap())
}

fn event(properties: &str) -> Feed {
    feed(&format!("BEGIN:VEVENT\r\n{properties}\r\nEND:VEVENT"))
}

/// The starts of an event that must be read as a whole.
fn starts(properties: &str) -> Vec<String> {
    let feed = event(properties);
    assert_eq!(feed.problems, []);
    feed.holidays.iter().map(|holiday| holiday.from.format("%Y-%m-%d %a").to_string()).collect()
}

fn problem(properties: &str) -> String {
    let feed = event(properties);
    assert_eq!(feed.holidays, [], "an event that is not understood is left out");
    assert_eq!(feed.problems.len(), 1);
    feed.problems[0].to_string()
}

#[test]
fn a_date_is_one_day_and_its_end_is_excluded() {
    let feed = event("SUMMARY:Christmas\\, both\r\n  days\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227");
    let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap().and_hms_opt(0, 0, 0).unwrap();
    assert_eq!((feed.holidays[0].from, feed.holidays[0].to), (day(25), day(27)));
    assert_eq!(&*feed.holidays[0].name, "Christmas, both days");
}

#[test]
fn times_come_into_the_zone_of_the_calendar() {
    for times in [
        "DTSTART:20261224T120000\r\nDTEND:20261224T180000",
        "DTSTART:20261224T110000Z\r\nDURATION:PT6H",
        "DTSTART;TZID=America/New_York:20261224T060000\r\nDTEND;TZID=\"America/New_York\":20261224T120000",
    ] {
        let holiday = &event(times).holidays[0];
        assert_eq!(holiday.from.to_string(), "2026-12-24 12:00:00", "{times}");
        assert_eq!(holiday.to.to_string(), "2026-12-24 18:00:00", "{times}");
    }
}

#[test]
fn rules_recur() {
    for (rule, dates) in [
        ("20261225|FREQ=YEARLY;COUNT=2", "2026-12-25 Fri, 2027-12-25 Sat"),
        ("20240229|FREQ=YEARLY;COUNT=2", "2024-02-29 Thu, 2028-02-29 Tue"),
        ("20261126|FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", "2026-11-26 Thu, 2027-11-25 Thu"),
        ("20260525|FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "2026-05-25 Mon, 2027-05-31 Mon"),
        ("20260131|FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260331", "2026-01-31 Sat, 2026-02-28 Sat, 2026-03-31 Tue"),
        ("20260131|FREQ=MONTHLY;COUNT=2", "2026-01-31 Sat, 2026-03-31 Tue"),
        (
            "20260102|FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20260116",
            "2026-01-02 Fri, 2026-01-12 Mon, 2026-01-16 Fri",
        ),
        ("20260101|FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-01-01 Thu, 2026-01-11 Sun, 2026-01-21 Wed"),
    ] {
        let (start, rule) = rule.split_once('|').unwrap();
        assert_eq!(starts(&format!("DTSTART;VALUE=DATE:{start}\r\nRRULE:{rule}")).join(", "), dates, "{rule}");
    }
}

#[test]
fn a_rule_without_an_end_is_followed_as_far_as_calendars_answer() {
    let all = starts("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY");
    assert_eq!((all.len(), all.last().unwrap().as_str()), (174, "2199-01-01 Tue"));
}

#[test]
fn dates_are_added_and_taken_away() {
    let rule = "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;COUNT=3";
    let all = starts(&format!("{rule}\r\nEXDATE;VALUE=DATE:20270101\r\nRDATE;VALUE=DATE:20260501,20260502"));
    assert_eq!(all.join(", "), "2026-01-01 Thu, 2028-01-01 Sat, 2026-05-01 Fri, 2026-05-02 Sat");
}

#[test]
fn a_cancelled_event_is_no_holiday() {
    assert_eq!(event("STATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20260101"), Feed::default());
}

#[test]
fn what_is_not_understood_is_reported_with_its_line() {
    let start = "DTSTART;VALUE=DATE:20260101";
    for (properties, message) in [
        ("SUMMARY:no start", "line 2: this event has no `DTSTART`"),
        ("DTSTART;VALUE=DATE:2026-01-01", "line 3: `2026-01-01` is neither a date nor a time"),
        ("DTSTART:20260101T080000", "line 3: an event that starts at a time needs `DTEND` or `DURATION`"),
        (&format!("{start}\r\nDTEND;VALUE=DATE:20260101"), "line 4: this event ends before it starts, or at once"),
        (
            &format!("{start}\r\nRRULE:FREQ=YEARLY;BYWEEKNO=20"),
            "line 4: `BYWEEKNO=20` cannot be read in a recurrence rule",
        ),
        (
            &format!("{start}\r\nRRULE:FREQ=YEARLY;BYDAY=20MO"),
            "line 4: `BYDAY=20MO` cannot be read in a recurrence rule",
        ),
        (&format!("{start}\r\nRECURRENCE-ID:20260101"), "line 4: an event with `RECURRENCE-ID` is not read"),
        (&format!("{start}\r\nRRULE:FREQ=WEEKLY;BYDAY=MO"), "line 4: `DTSTART` is not a date of this recurrence rule"),
        (&format!("{start}\r\nDURATION:P4000000000D"), "line 3: this event lasts beyond the range of dates"),
        (
            "DTSTART;TZID=Europe/Istambul:20260101T080000",
            "line 3: `Europe/Istambul` is not a time zone of the IANA database; did you mean `Europe/Istanbul`?",
        ),
    ] {
        assert_eq!(problem(properties), message);
    }
}

#[test]
fn what_is_no_feed_is_reported() {
    let lines = |text| read(text, &Zone::utc()).problems.iter().map(|p| p.line).collect::<Vec<_>>();
    assert_eq!(lines(""), [1]);
    assert_eq!(lines("<!doctype html>"), [1]);
    assert_eq!(lines("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101"), [1, 2]);
    assert_eq!(lines("BEGIN:VCALENDAR\nBEGIN:VTODO\nDUE:20260101\nEND:VTODO\nEND:VCALENDAR"), [2]);
}

#[test]
fn an_alarm_inside_an_event_says_nothing_about_the_day() {
    let all = starts("DTSTART;VALUE=DATE:20260101\r\nBEGIN:VALARM\r\nDURATION:PT5M\r\nEND:VALARM");
    assert_eq!(all, ["2026-01-01 Thu"]);
}

#[test]
fn what_recurs_without_bound_is_told_and_takes_no_time() {
    let daily = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nDURATION:P3650D\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n";
    let all = feed(&daily.repeat(1000));
    assert_eq!(all.holidays.len() / 60_000, 3, "three events without an end fit, each to 2199");
    let told = "recurs too often: all feeds of a pact together may have 250000 dates";
    assert!(all.problems.iter().take(50).all(|problem| problem.message.contains(told)), "{:?}", all.problems);
    assert_eq!(all.problems.len(), 51);
    assert!(all.problems[50].message.starts_with("nothing is read from here on"), "{}", all.problems[50]);
}

#[test]
fn looking_for_dates_that_never_come_is_bounded_too() {
    let rare =
        "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1\r\nEND:VEVENT\r\n";
    assert_eq!(feed(&rare.repeat(100)).problems.len(), 51);
}

#[test]
fn feeds_of_one_pact_share_what_they_may_take() {
    let (mut allowance, zone) = (Allowance::default(), Zone::utc());
    let daily =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR";
    let problems = |_| super::read(daily, &zone, &mut allowance).problems.len();
    assert_eq!((0..5).map(problems).collect::<Vec<_>>(), [0, 0, 0, 1, 1]);
}
