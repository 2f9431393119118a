//! What a figure is by definition: the clause of the pact, and where it stands.

use maud::{Markup, html};

use crate::pact::Clause;

/// A clause and its place.
pub(super) fn definition(clause: &Clause) -> Markup {
    html! {
        p .definition { code { bdi { (clause.says) } } " " bdi .place { (clause.file) ":" (clause.line) } }
    }
}
