//! What nodes hang on.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::node::NodeId;
use crate::pact::{FieldId, KindId};

/// Something that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Input {
    /// A field of the lead.
    Field(FieldId),
    /// An event of the kind happens.
    Kind(KindId),
    /// What a slot comes to.
    Slot(u32),
    /// The last answer of sales.
    Answer,
    /// The instant.
    Now,
    /// Its date.
    Today,
}

/// What a node hangs on, directly or through others.
pub(super) type Inputs = BTreeSet<Input>;

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
