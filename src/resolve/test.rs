//! Tests in the language.

use super::Resolver;
use crate::syntax::tree::{self, Spanned};

impl Resolver<'_> {
    pub(super) fn tests(&mut self, _: &[Spanned<tree::Test>]) {}
}
