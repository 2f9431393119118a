//! Promises, second chances and measures.

use super::{Items, Resolver};

impl Resolver<'_> {
    pub(super) fn measured(&mut self, _: &Items) {}
}
