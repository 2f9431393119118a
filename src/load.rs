//! stub
use crate::{diagnostic::Diagnostic, pact::Pact, source::SourceMap, world::World};
/// L
pub struct Loaded {
    /// a
    pub pact: Option<Pact>,
    /// a
    pub sources: SourceMap,
    /// a
    pub diagnostics: Vec<Diagnostic>,
}
/// l
pub fn load(_: &dyn World, _: Option<&str>) -> Loaded {
    Loaded { pact: None, sources: SourceMap::default(), diagnostics: Vec::new() }
}
