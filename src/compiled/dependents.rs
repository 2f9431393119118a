//! The other way round: which nodes hang on an input.

use rustc_hash::FxHashMap;

use super::inputs::{Input, Inputs};
use super::node::NodeId;

/// The nodes that hang on each input.
#[derive(Debug, Default)]
pub(super) struct Dependents {
    nodes: FxHashMap<Input, Vec<NodeId>>,
}

impl Dependents {
    pub(super) fn add(&mut self, node: NodeId, inputs: &Inputs) {
        for input in inputs {
            self.nodes.entry(*input).or_default().push(node);
        }
    }

    pub(super) fn of(&self, input: Input) -> &[NodeId] {
        self.nodes.get(&input).map_or(&[], Vec::as_slice)
    }
}
