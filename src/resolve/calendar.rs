//! Calendars.

use super::Resolver;
use crate::syntax::tree::{self, Spanned};

impl Resolver<'_> {
    pub(super) fn calendars(&mut self, _: &[Spanned<tree::Calendar>]) {}
}
