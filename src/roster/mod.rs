//! The memory of how teams share their leads: whose turn it is, and who has capacity.
//!
//! A roster is a value. The same calls in the same order give the same roster, to the byte: it looks at no clock and at
//! no chance. It knows teams and members by their names, so it can be stored and outlives a change of the pact. Of a lead
//! it knows a key, and that only to break ties.

mod assigner;
mod team_state;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::pact::{Distribution, Member, Pact, TeamId};
use crate::time::Instant;
pub use assigner::{Assigner, Assignment, AssignmentLog};
use team_state::{MemberLoad, Share, TeamState, has_room};

/// Who had how many turns, and who holds how many leads, team by team.
///
/// Each lead that a member gets is a turn, in whatever way it was given. There is no giving of several leads at once,
/// so that a bulk gives what singles give.
///
/// ```
/// use leadpact::internals::{load::load, pact::TeamId, roster::Roster, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }
///     team desk { member ana, capacity 1  member bo, capacity 1 }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let (mut roster, desk) = (Roster::default(), TeamId(0));
/// let at = "2026-03-02T09:00:00Z".parse().unwrap();
/// let mut give = |lead| roster.give(&pact, desk, None, lead, at, &[]);
/// assert_ne!(give("lead 1"), give("lead 2"));
/// assert_eq!(give("lead 3"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    teams: BTreeMap<Arc<str>, TeamState>,
}

impl Roster {
    /// Gives a lead to a member of a team. None when nobody can take it: there is no member, or each is away, has not
    /// joined, is not at work, has no capacity left, weighs nothing where weight counts, or is among `not`.
    ///
    /// - `round robin`: the member with the fewest turns.
    /// - `by weight`: the member with the fewest turns for its weight, which is 1 where the team does not say.
    /// - `by capacity`: the member with the largest free share of its capacity; all of it is free, always, where the
    ///   team does not say how much it is.
    /// - `single contact`: that one or nobody. Absence, capacity and `not` hold for it too.
    /// - none given: the single contact of a team that has one, or else `round robin`.
    ///
    /// Among equals it is the one whose last lead is longest ago, in the order of calls; never is longest. Who never
    /// had one comes in an order of its own for each lead, which favours neither names nor places in the file.
    pub fn give(
        &mut self,
        pact: &Pact,
        team: TeamId,
        by: Option<Distribution>,
        lead: &str,
        at: Instant,
        not: &[Arc<str>],
    ) -> Option<Arc<str>> {
        let team = &pact[team];
        let state = self.teams.entry(team.name.clone()).or_default();
        state.settle(team, &pact.zone, at);
        let by = by.unwrap_or(match team.single_contact {
            Some(_) => Distribution::SingleContact,
            None => Distribution::RoundRobin,
        });
        let may = |member: &&Member| match by {
            Distribution::SingleContact => team.single_contact.as_ref() == Some(&member.name),
            Distribution::ByWeight => member.weight.is_none_or(|weight| weight > 0),
            Distribution::RoundRobin | Distribution::ByCapacity => true,
        };
        let can = team.members.iter().filter(may).filter(|member| !not.contains(&member.name));
        let can = can.filter_map(|member| {
            let load = state.members.get(&member.name)?;
            (member.is_there(&pact.zone, at) && has_room(member, load)).then_some((member, load))
        });
        let first = can.min_by(|(a, of_a), (b, of_b)| {
            let equal = || of_a.last.cmp(&of_b.last).then_with(|| drawn(lead, &a.name).cmp(&drawn(lead, &b.name)));
            before(by, (a, of_a), (b, of_b)).then_with(equal)
        });
        let name = first?.0.name.clone();
        state.count(&name);
        Some(name)
    }

    /// Someone outside the engine gave the member a lead: it takes capacity, even where there is none, and is a turn.
    pub fn take(&mut self, pact: &Pact, team: TeamId, member: &str, at: Instant) {
        let team = &pact[team];
        let state = self.teams.entry(team.name.clone()).or_default();
        state.settle(team, &pact.zone, at);
        state.count(member);
    }

    /// A lead has left the member: capacity for another one. Nothing happens where it holds none.
    ///
    /// It goes by names, because the pact may have changed since the lead was given.
    pub fn release(&mut self, team: &str, member: &str) {
        if let Some(load) = self.load_mut(team, member) {
            load.open = load.open.saturating_sub(1);
        }
    }

    /// The member refused a bad lead that it holds: capacity again, and the turn is given back, even when it ran out of
    /// capacity or is away. Nothing happens where it holds none.
    pub fn credit(&mut self, team: &str, member: &str) {
        if let Some(load) = self.load_mut(team, member).filter(|load| load.open > 0) {
            load.open -= 1;
            load.turn(-1);
        }
    }

    /// What was done never happened. The turn of a lead that was given or taken is given back.
    fn take_back(&mut self, assignment: &Assignment) {
        match assignment {
            Assignment::Give { team, to: Some(member), .. } | Assignment::Take { team, to: member } => {
                self.credit(team, member)
            }
            Assignment::Give { to: None, .. } => {}
            Assignment::Release { team, from } | Assignment::Credit { team, from } => {
                let turn = i64::from(matches!(assignment, Assignment::Credit { .. }));
                if let Some(load) = self.load_mut(team, from) {
                    load.open += 1;
                    load.turn(turn);
                }
            }
        }
    }

    /// How many leads the member holds.
    pub fn open(&self, team: &str, member: &str) -> u64 {
        self.teams.get(team).and_then(|state| state.members.get(member)).map_or(0, |load| load.open)
    }

    fn load_mut(&mut self, team: &str, member: &str) -> Option<&mut MemberLoad> {
        self.teams.get_mut(team)?.members.get_mut(member)
    }
}

/// Who is first by the distribution alone.
fn before(by: Distribution, (a, of_a): (&Member, &MemberLoad), (b, of_b): (&Member, &MemberLoad)) -> Ordering {
    match by {
        Distribution::RoundRobin => of_a.turns.cmp(&of_b.turns),
        Distribution::ByWeight => of_a.weighted().cmp(&of_b.weighted()),
        Distribution::ByCapacity => taken(a, of_a).cmp(&taken(b, of_b)),
        Distribution::SingleContact => Ordering::Equal,
    }
}

/// How much of its capacity a member holds already.
fn taken(member: &Member, load: &MemberLoad) -> Share {
    match member.capacity.and_then(|capacity| u64::try_from(capacity).ok()) {
        Some(of) => Share { part: load.open, of },
        None => Share { part: 0, of: 1 },
    }
}

/// An order of members for each lead. Of a simpler hash the last letters of names would show.
fn drawn(lead: &str, member: &str) -> [u8; 32] {
    // no text holds this byte, so it parts the two
    Sha256::new().chain_update(lead).chain_update([0xff]).chain_update(member).finalize().into()
}
