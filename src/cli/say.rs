//! What commands say to people: the only way from here to a terminal. Text that somebody else wrote comes through it as
//! pictures of what it would do; see [`visible`].

use std::io::{self, IsTerminal as _, Write};

use crate::diagnostic::{Diagnostic, render};
use crate::source::SourceMap;
use crate::visible;

/// Says one line on the standard output, as `println!` would.
macro_rules! outln {
    ($($text:tt)*) => { $crate::cli::say::line(&format!($($text)*)) };
}

/// Says one line on the error stream, as `eprintln!` would.
macro_rules! errln {
    ($($text:tt)*) => { $crate::cli::say::remark(&format!($($text)*)) };
}

/// One line on the standard output.
pub(super) fn line(text: &str) {
    anstream::println!("{}", visible::line(text));
}

/// One line on the error stream.
pub(super) fn remark(text: &str) {
    anstream::eprintln!("{}", visible::line(text));
}

/// Lines on the standard output, each of them ours.
pub(super) fn lines(text: &str) {
    anstream::print!("{}", visible::lines(text));
}

/// Lines on the error stream, each of them ours.
pub(super) fn remarks(text: &str) {
    anstream::eprint!("{}", visible::lines(text));
}

/// Whether the error stream takes colour.
pub(super) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Findings that are drawn already, on the error stream.
pub(super) fn drawn(findings: &str) {
    anstream::eprint!("{findings}");
}

/// Findings under their lines, on the error stream.
pub(super) fn findings(sources: &SourceMap, findings: &[Diagnostic]) {
    drawn(&render::human(sources, findings, colour()));
}

/// What programs read, on the standard output and as it is.
///
/// # Errors
/// When the output fails.
pub(super) fn data(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A page that has been written, on the standard output.
///
/// # Errors
/// When the output fails.
pub(super) fn page(written: &[u8]) -> io::Result<()> {
    data(&visible::lines(&String::from_utf8_lossy(written)))
}
