//! Figures, reviews and lists as one HTML file each: it opens from disk, asks no other place for anything, has no script,
//! prints, and is light or dark as its reader likes. Beside every chart stands a table of what it shows.

mod answered;
mod calibration;
mod changed;
mod chart;
mod cohort;
mod definition;
mod digest;
mod evidence;
mod flow;
mod frame;
mod group_periods;
mod groups;
mod promised;
mod report;
mod review;
mod scroll;
mod trend;

pub use digest::digest_page;
pub use report::report_page;
pub use review::review_page;
