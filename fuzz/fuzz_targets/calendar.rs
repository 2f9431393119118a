//! Any feed of a calendar gives findings or a pact, within a bound of time and, by the limit of the run, of memory.

#![no_main]

use std::time::{Duration, Instant};

use leadpact::internals::diagnostic::{has_errors, render};
use leadpact::internals::load::load;
use leadpact::internals::world::Memory;

/// Gross: a feed of the length that is tried takes milliseconds.
const MOST: Duration = Duration::from_secs(5);

const RULES: &str = "pact small { parties sales  time zone \"Europe/Istanbul\" }
lead { id text key }
calendar office { mon to fri 09:00 to 18:00  closed from \"feed.ics\" }
calendar nights { time zone \"America/New_York\"  mon to sun 22:00 to 06:00  closed from \"feed.ics\" }";

libfuzzer_sys::fuzz_target!(|events: &str| {
    // most of what is tried is inside of an event, where a few letters ask for much
    let feed = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n{events}\nEND:VEVENT\nEND:VCALENDAR");
    for text in [events, feed.as_str()] {
        let began = Instant::now();
        let loaded = load(&Memory::new([("small.pact", RULES), ("feed.ics", text)]), None);
        assert_eq!(loaded.pact.is_none(), has_errors(&loaded.diagnostics));
        assert!(!render::human(&loaded.sources, &loaded.diagnostics, false).is_empty());
        assert!(began.elapsed() < MOST, "{:?}", began.elapsed());
    }
});
