//! Where records come from.

use super::Resolver;
use crate::syntax::tree::{self, Spanned};

impl Resolver<'_> {
    pub(super) fn intakes(&mut self, _: &[Spanned<tree::Source>]) {}
}
