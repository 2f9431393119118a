//! Any text beside a small pact is loaded to findings or to a pact, and the findings of it can be shown.

#![no_main]

use leadpact::internals::diagnostic::{has_errors, render};
use leadpact::internals::load::load;
use leadpact::internals::world::Memory;

const SMALL: &str = "pact small { parties marketing, sales  time zone \"Europe/Istanbul\" }
lead { id text key  country text?  employees integer?  revenue money USD?  consent bool default false }
activity demo_request { minutes integer? }
disposition won { amount money USD }";

libfuzzer_sys::fuzz_target!(|text: &str| {
    let loaded = load(&Memory::new([("small.pact", SMALL), ("fuzz.pact", text), ("table.csv", text)]), None);
    assert_eq!(loaded.pact.is_none(), has_errors(&loaded.diagnostics));
    assert!(render::json(&loaded.sources, &loaded.diagnostics).len() > 1);
});
