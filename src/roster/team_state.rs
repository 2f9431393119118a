//! What is remembered of a member, and what a member that comes to the others is lifted to.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::pact::{Member, Team};
use crate::time::{Instant, Zone};

/// A part of something, compared without division. What is of nothing is the largest.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Share {
    pub part: u64,
    pub of: u64,
}

impl Share {
    /// The least whole part of another whole that is not below this share.
    fn of(self, other: u64) -> u64 {
        let product = u128::from(self.part) * u128::from(other);
        u64::try_from(product.div_ceil(u128::from(self.of.max(1)))).unwrap_or(u64::MAX)
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let nothing = (self.of == 0).cmp(&(other.of == 0));
        let (left, right) =
            (u128::from(self.part) * u128::from(other.of), u128::from(other.part) * u128::from(self.of));
        nothing.then(left.cmp(&right))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Share {}

impl Default for Share {
    fn default() -> Self {
        Self { part: 0, of: 1 }
    }
}

/// The memory of one team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TeamState {
    pub members: BTreeMap<Arc<str>, MemberLoad>,
    /// The fewest turns among those who last could take a lead.
    turns: u64,
    /// The same for their weights.
    weighted: Share,
    /// How many leads were given and taken: the order of calls.
    leads: u64,
}

/// The memory of one member.
///
/// Turns are counted twice, plainly and for the weight: what a member is lifted to differs, and a team may be shared in
/// both ways.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MemberLoad {
    /// The leads that it holds.
    pub open: u64,
    pub turns: u64,
    weighted: u64,
    weight: u64,
    /// The number of its last lead.
    pub last: Option<u64>,
    /// It could take a lead when one was last given or taken.
    ready: bool,
    /// Turns since it could not, to be added once it is lifted: a credit must not drown in the lift.
    since: i64,
}

impl MemberLoad {
    /// Turns for the weight.
    pub fn weighted(&self) -> Share {
        Share { part: self.weighted, of: self.weight }
    }

    /// Counts turns, or gives them back.
    pub fn turn(&mut self, by: i64) {
        if self.ready {
            self.turns = self.turns.saturating_add_signed(by);
            self.weighted = self.weighted.saturating_add_signed(by);
        } else {
            self.since = self.since.saturating_add(by);
        }
    }

    /// A changed weight leaves the share as it is, or else the member would be far ahead of the others, or far behind.
    fn weigh(&mut self, weight: u64) {
        if weight != self.weight {
            self.weighted = if self.weight > 0 { self.weighted().of(weight) } else { self.weighted };
            // who weighed nothing comes to the others like one who could take no lead
            self.ready &= self.weight > 0;
            self.weight = weight;
        }
    }
}

impl TeamState {
    /// Brings everyone up to date: who can take a lead from now on, and could not, is lifted to those who could in the
    /// meantime.
    pub fn settle(&mut self, team: &Team, zone: &Zone, at: Instant) {
        for member in &team.members {
            let load = self.members.entry(member.name.clone()).or_default();
            load.weigh(member.weight.map_or(1, |weight| u64::try_from(weight).unwrap_or(0)));
        }
        // nobody could: what the last who could had reached still holds
        let ready = || self.members.values().filter(|load| load.ready);
        let turns = ready().map(|load| load.turns).min().unwrap_or(self.turns);
        let weighted = ready().map(MemberLoad::weighted).filter(|share| share.of > 0).min().unwrap_or(self.weighted);
        (self.turns, self.weighted) = (turns, weighted);
        for (name, load) in &mut self.members {
            let member = team.members.iter().find(|member| member.name == *name);
            let ready = member.is_some_and(|member| member.is_there(zone, at) && has_room(member, load));
            if ready && !load.ready {
                load.turns = load.turns.max(turns);
                load.weighted = load.weighted.max(weighted.of(load.weight));
                load.ready = true;
                let since = std::mem::take(&mut load.since);
                load.turn(since);
            }
            load.ready = ready;
        }
    }

    /// Counts a lead that the member got.
    pub fn count(&mut self, name: &str) {
        self.leads += 1;
        let load = self.members.entry(name.into()).or_default();
        load.open += 1;
        load.last = Some(self.leads);
        load.turn(1);
    }
}

/// The member holds fewer leads than it can.
pub(super) fn has_room(member: &Member, load: &MemberLoad) -> bool {
    member.capacity.is_none_or(|capacity| u64::try_from(capacity).is_ok_and(|capacity| load.open < capacity))
}
