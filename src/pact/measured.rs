//! Measures: resolved by name, kept as written.

use crate::syntax::tree;
use crate::syntax::tree::Spanned;

/// Items that are checked and documented, and not yet run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    pub metrics: Vec<Spanned<tree::Metric>>,
    pub targets: Vec<Spanned<tree::TargetNode>>,
    pub watches: Vec<Spanned<tree::Watch>>,
    pub reviews: Vec<Spanned<tree::Review>>,
}
