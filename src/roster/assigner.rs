//! Who gets a lead: the roster, or the log of what one lead was assigned before.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Roster;
use crate::pact::{Distribution, Pact, TeamId};
use crate::time::Instant;

/// Who gets a lead: a [`Roster`], or an [`AssignmentLog`] that remembers its answers.
pub trait Assigner {
    /// See [`Roster::give`].
    fn give(
        &mut self,
        pact: &Pact,
        team: TeamId,
        by: Option<Distribution>,
        lead: &str,
        at: Instant,
        not: &[Arc<str>],
    ) -> Option<Arc<str>>;

    /// See [`Roster::take`].
    fn take(&mut self, pact: &Pact, team: TeamId, member: &str, at: Instant);

    /// See [`Roster::release`].
    fn release(&mut self, team: &str, member: &str);

    /// See [`Roster::credit`].
    fn credit(&mut self, team: &str, member: &str);
}

impl Assigner for Roster {
    fn give(
        &mut self,
        pact: &Pact,
        team: TeamId,
        by: Option<Distribution>,
        lead: &str,
        at: Instant,
        not: &[Arc<str>],
    ) -> Option<Arc<str>> {
        Self::give(self, pact, team, by, lead, at, not)
    }

    fn take(&mut self, pact: &Pact, team: TeamId, member: &str, at: Instant) {
        Self::take(self, pact, team, member, at);
    }

    fn release(&mut self, team: &str, member: &str) {
        Self::release(self, team, member);
    }

    fn credit(&mut self, team: &str, member: &str) {
        Self::credit(self, team, member);
    }
}

/// Something that a lead did with a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "assignment", rename_all = "snake_case")]
pub enum Assignment {
    Give {
        team: Arc<str>,
        at: Instant,
        /// Who got it; nobody could when absent.
        to: Option<Arc<str>>,
    },
    Take {
        team: Arc<str>,
        to: Arc<str>,
    },
    Release {
        team: Arc<str>,
        from: Arc<str>,
    },
    Credit {
        team: Arc<str>,
        from: Arc<str>,
    },
}

/// The assignments of one lead, so that it can be replayed again and again: what was answered once is answered so again,
/// and the roster is asked only what is new.
///
/// ```
/// use leadpact::internals::{load::load, pact::TeamId, roster::{AssignmentLog, Roster, Assigner}, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }
///     team desk { member ana  member bo }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let (mut roster, at) = (Roster::default(), "2026-03-02T09:00:00Z".parse().unwrap());
/// let mut first = AssignmentLog::new(Vec::new(), &mut roster);
/// let who = first.give(&pact, TeamId(0), None, "lead 1", at, &[]);
/// let assignments = first.finish();
/// let before = roster.clone();
/// let mut again = AssignmentLog::new(assignments, &mut roster);
/// assert_eq!(again.give(&pact, TeamId(0), None, "lead 1", at, &[]), who);
/// again.finish();
/// assert_eq!(roster, before);
/// ```
#[derive(Debug)]
pub struct AssignmentLog<'r> {
    known: Vec<Option<Assignment>>,
    assignments: Vec<Assignment>,
    roster: &'r mut Roster,
}

impl<'r> AssignmentLog<'r> {
    /// A log of what was done in the lead's state before.
    pub fn new(known: Vec<Assignment>, roster: &'r mut Roster) -> Self {
        Self { known: known.into_iter().map(Some).collect(), assignments: Vec::new(), roster }
    }

    /// A log of a state that goes on from where so much of it had been done.
    pub fn resumed(mut known: Vec<Assignment>, done: usize, roster: &'r mut Roster) -> Self {
        let rest = known.split_off(done.min(known.len()));
        Self { assignments: known, ..Self::new(rest, roster) }
    }

    /// How much has been done.
    pub fn done(&self) -> usize {
        self.assignments.len()
    }

    /// What was done, in order. What had been done before and was not done again never happened: it is taken back.
    pub fn finish(self) -> Vec<Assignment> {
        for assignment in self.known.into_iter().flatten().rev() {
            self.roster.take_back(&assignment);
        }
        self.assignments
    }

    /// The first assignment of before that is such, once.
    fn known(&mut self, such: impl Fn(&Assignment) -> bool) -> Option<Assignment> {
        self.known.iter_mut().find(|assignment| assignment.as_ref().is_some_and(&such))?.take()
    }

    /// Does what was not done before.
    fn once(&mut self, assignment: Assignment, anew: impl FnOnce(&mut Roster)) {
        if self.known(|known| *known == assignment).is_none() {
            anew(self.roster);
        }
        self.assignments.push(assignment);
    }
}

impl Assigner for AssignmentLog<'_> {
    fn give(
        &mut self,
        pact: &Pact,
        team: TeamId,
        by: Option<Distribution>,
        lead: &str,
        at: Instant,
        not: &[Arc<str>],
    ) -> Option<Arc<str>> {
        let name = &pact[team].name;
        let known = self.known(|assignment| match assignment {
            Assignment::Give { team, at: when, to } => {
                team == name && *when == at && to.as_ref().is_none_or(|to| !not.contains(to))
            }
            _ => false,
        });
        let assignment = known.unwrap_or_else(|| {
            let to = self.roster.give(pact, team, by, lead, at, not);
            Assignment::Give { team: name.clone(), at, to }
        });
        self.assignments.push(assignment.clone());
        match assignment {
            Assignment::Give { to, .. } => to,
            _ => None,
        }
    }

    fn take(&mut self, pact: &Pact, team: TeamId, member: &str, at: Instant) {
        let assignment = Assignment::Take { team: pact[team].name.clone(), to: member.into() };
        self.once(assignment, |roster| roster.take(pact, team, member, at));
    }

    fn release(&mut self, team: &str, member: &str) {
        self.once(Assignment::Release { team: team.into(), from: member.into() }, |roster| {
            roster.release(team, member)
        });
    }

    fn credit(&mut self, team: &str, member: &str) {
        self.once(Assignment::Credit { team: team.into(), from: member.into() }, |roster| roster.credit(team, member));
    }
}
