//! Routes, teams and hand-overs.

use super::Resolver;
use crate::syntax::tree::{self, Spanned};

impl Resolver<'_> {
    pub(super) fn teams(&mut self, _: &[Spanned<tree::Team>]) {}
    pub(super) fn routes(&mut self, _: &[Spanned<tree::Route>]) {}
    pub(super) fn handoffs(&mut self, _: &[Spanned<tree::Handoff>]) {}
}
