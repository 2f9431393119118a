//! A decision as a colleague would tell it: where the lead stands, why, what is missing, and the smallest change that
//! would move it on.

mod change;
mod life;
mod words;

pub use change::{Change, Way, ways};
pub use life::{happened, life, span};
pub use words::{tell, tell_life};
