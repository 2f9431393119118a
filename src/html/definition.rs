//! What a figure is by definition: the clause of the pact, and where it stands.

use maud::{Markup, html};

use crate::pact::Clause;

/// A clause and its place.
pub(super) fn definition(clause: &Clause) -> Markup {
    told(&clause.says, clause)
}

/// The head of an item and its place, where all that stands in it would be too much.
pub(super) fn head_of(clause: &Clause) -> Markup {
    told(clause.says.split(" { ").next().unwrap_or_default(), clause)
}

/// A clause and its place, within a line.
pub(super) fn inline(clause: &Clause) -> Markup {
    placed(&clause.says, clause)
}

fn told(says: &str, clause: &Clause) -> Markup {
    html! { p .definition { (placed(says, clause)) } }
}

fn placed(says: &str, clause: &Clause) -> Markup {
    html! { code { bdi { (says) } } " " bdi .place { (clause.file) ":" (clause.line) } }
}
