//! Holidays from iCalendar text (RFC 5545), such as the feeds of public holidays.
//!
//! Read are the `VEVENT`s: `DTSTART` and `DTEND` or `DURATION`, as dates and as times in any IANA zone; `RRULE`,
//! `RDATE` and `EXDATE`. An event whose `STATUS` is `CANCELLED` is no holiday. Every event closes the calendar, also
//! one that is marked `TRANSPARENT`, as most holiday feeds mark theirs. An event that says something this reader does
//! not know is left out **and reported**: a feed without problems is read as a whole.

mod event;
mod line;
mod moment;
mod recurrence;

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::time::Zone;
use line::Line;

/// Closed time with a name, in local wall-clock time of the calendar's zone, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// What it is called; empty when the feed does not say.
    pub name: Arc<str>,
    /// Its start.
    pub from: NaiveDateTime,
    /// The first moment that no longer belongs to it.
    pub to: NaiveDateTime,
}

/// Something in a feed that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedProblem {
    /// The line of the text, from 1.
    pub line: usize,
    /// What is wrong, lower case, with the feed's words in backticks.
    pub message: String,
}

/// How many dates all feeds of a pact may have.
pub const MOST_DATES: usize = 250_000;

/// How many lines all feeds of a pact may have, counted as often as a calendar reads them.
pub const MOST_LINES: usize = 2_000_000;

/// How many problems of one feed are told.
const MOST_PROBLEMS: usize = 50;

/// How many dates that are looked at take as long as one that is kept.
const LOOKS: usize = 32;

/// What feeds may still take: a few lines can ask for a date every day for centuries.
#[derive(Debug, Clone)]
pub struct Allowance {
    looks: usize,
    lines: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { looks: MOST_DATES * LOOKS, lines: MOST_LINES }
    }
}

impl Allowance {
    /// Takes a date, kept or only looked at. Whether there was one left.
    fn date(&mut self, kept: bool) -> bool {
        let left = self.looks.checked_sub(if kept { LOOKS } else { 1 });
        self.looks = left.unwrap_or(0);
        left.is_some()
    }

    /// Takes a line. Whether there was one left.
    fn line(&mut self) -> bool {
        let left = self.lines.checked_sub(1);
        self.lines = left.unwrap_or(0);
        left.is_some()
    }
}

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// The holidays, in the order of the text. What recurs without an end is given until 2199.
    pub holidays: Vec<Holiday>,
    /// What was not read.
    pub problems: Vec<FeedProblem>,
}

impl fmt::Display for FeedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Reads iCalendar text for a calendar in `zone`, in which dates and times without a zone are meant.
///
/// ```
/// use leadpact::internals::calendar::feed;
/// use leadpact::internals::time::Zone;
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Republic Day\nDTSTART;VALUE=DATE:20261029\nEND:VEVENT\nEND:VCALENDAR";
/// let feed = feed::read(text, &Zone::named("Europe/Istanbul").unwrap(), &mut feed::Allowance::default());
/// assert_eq!(&*feed.holidays[0].name, "Republic Day");
/// assert_eq!(feed.holidays[0].to.to_string(), "2026-10-30 00:00:00");
/// ```
pub fn read(text: &str, zone: &Zone, allowance: &mut Allowance) -> Feed {
    let mut reader = Reader { zone, allowance, feed: Feed::default(), open: Vec::new(), event: Vec::new() };
    for (at, read) in line::lines(text).enumerate() {
        let number = read.as_ref().map_or_else(|problem| problem.line, |line| line.number);
        if reader.feed.problems.len() >= MOST_PROBLEMS {
            reader
                .problem(number, format!("nothing is read from here on, after {at} lines with too much that is wrong"));
            return reader.feed;
        }
        if !reader.allowance.line() {
            reader.problem(
                number,
                format!("nothing is read from here on: the feeds of a pact may have {MOST_LINES} lines"),
            );
            return reader.feed;
        }
        match read {
            Ok(line) => reader.line(line),
            Err(problem) => reader.feed.problems.push(problem),
        }
    }
    reader.end()
}

struct Reader<'z> {
    zone: &'z Zone,
    allowance: &'z mut Allowance,
    feed: Feed,
    /// The components that have begun, with their lines.
    open: Vec<(String, usize)>,
    /// The properties of the event at hand.
    event: Vec<Line>,
}

impl Reader<'_> {
    fn line(&mut self, line: Line) {
        match line.name.as_str() {
            "BEGIN" => self.begin(line),
            "END" => self.close(&line),
            _ => {
                if self.open.last().is_some_and(|(component, _)| component == "VEVENT") {
                    self.event.push(line);
                }
            }
        }
    }

    fn begin(&mut self, line: Line) {
        let component = line.value.to_ascii_uppercase();
        let inside = self.open.last().map(|(name, _)| name.as_str());
        let known = match inside {
            None => component == "VCALENDAR",
            Some("VCALENDAR") => matches!(component.as_str(), "VEVENT" | "VTIMEZONE"),
            // parts of an event or a zone, such as an alarm, say nothing about when the event is
            Some(_) => true,
        };
        if !known {
            self.problem(line.number, format!("a `{component}` is no holiday and was not read"));
        }
        if component == "VEVENT" {
            self.event.clear();
        }
        self.open.push((component, line.number));
    }

    fn close(&mut self, line: &Line) {
        let component = line.value.to_ascii_uppercase();
        match self.open.pop() {
            Some((name, number)) if name == component => {
                if name == "VEVENT" {
                    match event::holidays(&self.event, number, self.zone, self.allowance) {
                        Ok(holidays) => self.feed.holidays.extend(holidays),
                        Err(problem) => self.feed.problems.push(problem),
                    }
                }
            }
            Some((name, number)) => {
                self.problem(line.number, format!("`{name}` of line {number} ends with `END:{component}`"));
            }
            None => self.problem(line.number, format!("`END:{component}` without its beginning")),
        }
    }

    fn end(mut self) -> Feed {
        for (name, number) in std::mem::take(&mut self.open) {
            self.problem(number, format!("this `{name}` has no end"));
        }
        if self.feed == Feed::default() && self.event.is_empty() {
            self.problem(1, "no event was found: this may be no iCalendar text".to_owned());
        }
        self.feed
    }

    fn problem(&mut self, line: usize, message: String) {
        self.feed.problems.push(FeedProblem { line, message });
    }
}

#[cfg(test)]
mod tests;
