//! A lead of which only what matters is left.

use super::class::Class;

/// A lead in the form in which a plan decides it: of each field the class of its value, and its events as numbers.
#[derive(Debug, Clone, Default)]
pub struct ClassedLead {
    /// The key, as a decision shows it.
    pub(super) key: String,
    pub(super) classes: Vec<Class>,
    /// Kind and instant, in nanoseconds.
    pub(super) events: Vec<(u32, i64)>,
}
