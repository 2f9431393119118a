//! A decision explained to people: in which stage the lead is, why, what is missing, and the smallest change that
//! would move it on.

mod change;
mod timeline;
mod words;

pub use change::{PathToMove, RequiredChange, ways};
pub use timeline::{happened, span, timeline};
pub use words::{decision_words, explain};
