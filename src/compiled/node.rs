//! Nodes: what an expression asks, once, however often the pact writes it.

use super::inputs::Inputs;
use crate::eval::Answer;
use crate::function::Function;
use crate::pact::{Arithmetic, Comparison, Expr, FieldId, KindId, Pattern, Set, TableId, ValueId, Verdict};

/// The place of a node in its compiled. Nodes that it asks stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) u32);

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// What it hangs on.
    pub(super) inputs: Inputs,
    /// Whether it looks at the event of a `where`: then it is worked out for each.
    pub(super) of_event: bool,
    /// How its worth hangs on the instant.
    pub(super) timing: Timing,
}

/// How the worth of a node hangs on the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timing {
    /// Not at all.
    Never,
    /// By the instant itself, its date, or how long ago something was.
    Clock,
    /// By windows that close or points that fade.
    History,
}

/// The forms of nodes.
#[derive(Debug, Clone)]
pub(super) enum NodeKind {
    Constant(Answer),
    Field(FieldId),
    /// A property of the event of a `where`, by position.
    Property(u32),
    /// A score, by the place of its plan; with `sure` its sure points alone.
    Score {
        plan: u32,
        sure: bool,
    },
    Band {
        value: ValueId,
        of: NodeId,
        ends: Vec<NodeId>,
    },
    Grid {
        value: ValueId,
        rows: NodeId,
        columns: NodeId,
    },
    Disposition,
    DispositionProperty(Vec<(KindId, u32)>),
    Now,
    Today,
    Not(NodeId),
    Negate(NodeId),
    All(Vec<NodeId>),
    Either(Vec<NodeId>),
    Compare(Comparison, bool, NodeId, NodeId),
    Matches(NodeId, Pattern),
    Arithmetic(Arithmetic, NodeId, NodeId),
    IfMissing(NodeId, NodeId),
    Present(NodeId, bool),
    IsVerdict(NodeId, Verdict),
    Between(NodeId, NodeId, NodeId),
    In {
        value: NodeId,
        set: Set,
        exactly: bool,
        negated: bool,
    },
    EachIn {
        field: FieldId,
        set: Set,
        exactly: bool,
        negated: bool,
    },
    Choice(NodeId, NodeId, NodeId),
    Call(Function, Vec<NodeId>),
    Lookup(TableId, u32),
    /// Whether a slot holds an event.
    Any(u32),
    /// How many events a slot holds.
    Count(u32),
    /// What a slot sums up.
    Sum(u32),
    Latest(KindId, u32),
    Earliest(KindId, u32),
    TimeSince(KindId),
    /// What is asked of the reference evaluator: a question whose `where` looks beyond the event.
    Reference {
        expr: Box<Expr>,
        sure: bool,
    },
}
