//! What nodes hang on.

use std::collections::BTreeSet;

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
