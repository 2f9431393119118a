//! Calendars: their zones, hours and feeds.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{self, ClosedExtent, Spanned};

impl Resolver<'_> {
    pub(super) fn calendars(&mut self, items: &[Spanned<tree::Calendar>]) {
        for item in items {
            let calendar = &item.node;
            self.once("time zone", &calendar.time_zone.iter().map(|zone| zone.span).collect::<Vec<_>>());
            for zone in &calendar.time_zone {
                self.zone_named(zone);
            }
            for feed in &calendar.closed_from {
                self.import(feed);
            }
            let ranges = calendar.hours.iter().flat_map(|hours| &hours.ranges);
            for range in ranges.chain(calendar.open.iter().flat_map(|(_, ranges)| ranges)) {
                if range.from == range.to {
                    let finding = Diagnostic::new(Code::BadHours, range.span, "the hours end when they start")
                        .help("write `00:00 to 24:00` for a whole day");
                    self.out.push(finding);
                }
            }
            for closed in &calendar.closed {
                if matches!(closed.extent, ClosedExtent::To(last) if last < closed.date) {
                    let finding = Diagnostic::new(Code::BadHours, closed.span, "the closed days end before they start")
                        .help("put the earlier date first");
                    self.out.push(finding);
                }
            }
            let opens = calendar.hours.iter().any(|hours| !hours.ranges.is_empty()) || !calendar.open.is_empty();
            if !opens {
                let message = format!("`{}` never opens, so no clock would ever run out", calendar.name.text);
                let finding = Diagnostic::new(Code::BadHours, calendar.name.span, message)
                    .help("give it hours: `mon to fri 09:00 to 17:00`");
                self.out.push(finding);
            }
            self.pact.measured.calendars.push(item.clone());
        }
    }
}
