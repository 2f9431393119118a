//! Tables.

use super::{Items, Resolver};

impl Resolver<'_> {
    pub(super) fn tables(&mut self, _: &Items) {}
}
