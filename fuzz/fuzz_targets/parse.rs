//! Any text parses to something, and what parses can be laid out, twice the same.

#![no_main]

use leadpact::internals::source::Source;
use leadpact::internals::span::FileId;
use leadpact::internals::{diagnostic, syntax};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let source = Source::new("fuzz.pact", text);
    let parsed = syntax::parse(FileId(0), &source);
    match syntax::format(&source) {
        Ok(formatted) => {
            let again = syntax::format(&Source::new("fuzz.pact", formatted.as_str()));
            assert_eq!(again, Ok(formatted));
        }
        Err(findings) => {
            assert!(diagnostic::has_errors(&findings));
            assert_eq!(findings, parsed.diagnostics);
        }
    }
});
