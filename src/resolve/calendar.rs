//! Calendars: weekly hours, closed days and feeds, to business time.

use chrono::Weekday;

use super::Resolver;
use super::handover::words;
use super::names::Space;
use crate::calendar::{Builder, Calendar, Shift, feed};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::NamedCalendar;
use crate::span::Span;
use crate::syntax::tree::{self, ClosedExtent, HourRange, Spanned, Text};
use crate::time::Zone;

const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Resolver<'_> {
    pub(super) fn calendars(&mut self, items: &[Spanned<tree::CalendarNode>]) {
        for item in items.iter().take_while(|_| !self.world.given_up()) {
            let written = &item.node;
            let said = self.out.len();
            self.once("time zone", &written.time_zone.iter().map(|zone| zone.span).collect::<Vec<_>>());
            let zone = written.time_zone.first().map(|zone| self.zone_named(zone));
            let zone = zone.flatten().unwrap_or_else(|| self.pact.zone.clone());
            let mut builder = Calendar::builder(zone.clone());
            for hours in &written.hours {
                builder = self.weekly(builder, hours);
            }
            for closed in &written.closed {
                builder = self.closed(builder, closed);
            }
            for (date, ranges) in &written.open {
                builder = builder.open(date.node, self.shifts(ranges));
            }
            for name in &written.closed_from {
                builder = self.feed(builder, name, &zone);
            }
            match builder.build() {
                Ok(calendar) => self.pact.calendars.push(NamedCalendar {
                    name: written.name.text.clone(),
                    description: words(written.description.as_ref()),
                    calendar,
                    span: item.span,
                }),
                // hours that were refused have their findings already
                Err(_) if self.out.iter().skip(said).any(|finding| finding.code == Code::BadHours) => {}
                Err(why) => self.never_opens(written.name.span, why.to_string()),
            }
        }
    }

    fn weekly(&mut self, mut builder: Builder, hours: &tree::Hours) -> Builder {
        let shifts = self.shifts(&hours.ranges);
        for day in hours.days.iter().flat_map(|(first, last)| week(*first, *last)) {
            builder = builder.weekly(day, shifts.iter().copied());
        }
        builder
    }

    /// When a member of a team is at work: by a calendar, or on days with their hours in the pact's zone.
    pub(super) fn member_hours(&mut self, written: &[Spanned<tree::MemberHours>]) -> Option<Calendar> {
        let (said, first) = (self.out.len(), written.first()?);
        let mut builder = Calendar::builder(self.pact.zone.clone());
        for hours in written {
            match &hours.node {
                tree::MemberHours::Weekly(hours) => builder = self.weekly(builder, hours),
                tree::MemberHours::Calendar(name) => {
                    if written.len() > 1 {
                        let finding =
                            Diagnostic::new(Code::BadHours, hours.span, "a calendar says all hours of a member")
                                .help("name one calendar, or write the days with their hours");
                        self.out.push(finding);
                    }
                    self.names.get(Space::Calendar, "calendar", name, &mut self.out)?;
                    return self.pact.calendar(&name.text).map(|id| self.pact[id].calendar.clone());
                }
            }
        }
        match builder.build() {
            Ok(calendar) => Some(calendar),
            Err(_) if self.out.iter().skip(said).any(|finding| finding.code == Code::BadHours) => None,
            Err(why) => {
                let finding = Diagnostic::new(Code::BadHours, first.span, why.to_string())
                    .help("say when the member is at work: `hours mon to fri 09:00 to 17:00`");
                self.out.push(finding);
                None
            }
        }
    }

    fn never_opens(&mut self, span: Span, why: String) {
        let finding = Diagnostic::new(Code::BadHours, span, why)
            .help("give it hours, such as `mon to fri 09:00 to 17:00`: a clock on it would never run out");
        self.out.push(finding);
    }

    fn shifts(&mut self, ranges: &[HourRange]) -> Vec<Shift> {
        let mut shifts = Vec::new();
        for range in ranges {
            if range.from == range.to {
                let finding = Diagnostic::new(Code::BadHours, range.span, "the hours end when they start")
                    .help("write `00:00 to 24:00` for a whole day");
                self.out.push(finding);
                continue;
            }
            match Shift::minutes(range.from.0, range.to.0) {
                Ok(shift) => shifts.push(shift),
                Err(why) => {
                    let finding = Diagnostic::new(Code::BadHours, range.span, why.to_string()).help(
                        "write `09:00 to 17:00`, `22:00 to 06:00` over night, or `00:00 to 24:00` for a whole day",
                    );
                    self.out.push(finding);
                }
            }
        }
        shifts
    }

    fn closed(&mut self, builder: Builder, closed: &tree::Closed) -> Builder {
        match closed.extent {
            ClosedExtent::Day => builder.closed(closed.date),
            ClosedExtent::From(clock) => builder.closed_from(closed.date, clock.0),
            ClosedExtent::To(last) if last < closed.date => {
                let finding = Diagnostic::new(Code::BadHours, closed.span, "the closed days end before they start")
                    .help("put the earlier date first");
                self.out.push(finding);
                builder
            }
            ClosedExtent::To(last) => builder.closed_to(closed.date, last),
        }
    }

    /// Holidays of an iCalendar file. What cannot be read of it is a finding in the file.
    fn feed(&mut self, builder: Builder, name: &Text, zone: &Zone) -> Builder {
        let Some(id) = self.import(name) else { return builder };
        let Some(source) = self.sources.get(id) else { return builder };
        let read = feed::read(&source.text, zone, &mut self.allowance);
        for problem in &read.problems {
            let span = source.line_span(id, problem.line);
            let finding = Diagnostic::new(Code::BadFeed, span, problem.message.clone())
                .and(name.span, "named here")
                .help("write these days as `closed DATE` in the calendar, or mend the file");
            self.out.push(finding);
        }
        builder.observe(&read.holidays)
    }
}

/// The days from one to another, around the end of the week where the last comes first.
fn week(first: u8, last: u8) -> impl Iterator<Item = Weekday> {
    let count = (last + 7 - first) % 7 + 1;
    (0..count).filter_map(move |n| DAYS.get(usize::from((first + n) % 7)).copied())
}
