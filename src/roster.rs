//! Who of a team gets the next lead.
use std::sync::Arc;

use crate::pact::{Distribution, Pact, TeamId};
use crate::value::Instant;

/// The memory of how teams share their leads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {}

impl Roster {
    /// Gives a lead to a member of a team.
    pub fn give(
        &mut self,
        _pact: &Pact,
        _team: TeamId,
        _by: Option<Distribution>,
        _lead: &str,
        _at: Instant,
        _not: &[Arc<str>],
    ) -> Option<Arc<str>> {
        None
    }
    /// The lead has left the member's hands.
    pub fn release(&mut self, _pact: &Pact, _team: TeamId, _member: &str) {}
    /// The member refused a bad lead.
    pub fn credit(&mut self, _pact: &Pact, _team: TeamId, _member: &str) {}
}
