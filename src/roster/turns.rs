//! What a life asks of those who share leads, and the memory of what one lead was answered.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Roster;
use crate::pact::{Distribution, Pact, TeamId};
use crate::value::Instant;

/// Who gets a lead, as a life asks it: a [`Roster`], or a [`Ledger`] that remembers the answers.
pub trait Turns {
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

impl Turns for Roster {
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

/// Something that a life did with a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the methods of `Turns`")]
pub enum Act {
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

/// The turns of one lead, so that its life can be lived again and again: what was answered once is answered so again,
/// and the roster is asked only what is new.
///
/// ```
/// use leadpact::{load::load, pact::TeamId, roster::{Ledger, Roster, Turns}, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }
///     team desk { member ana  member bo }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let (mut roster, at) = (Roster::default(), "2026-03-02T09:00:00Z".parse().unwrap());
/// let mut first = Ledger::new(Vec::new(), &mut roster);
/// let who = first.give(&pact, TeamId(0), None, "lead 1", at, &[]);
/// let acts = first.finish();
/// let before = roster.clone();
/// let mut again = Ledger::new(acts, &mut roster);
/// assert_eq!(again.give(&pact, TeamId(0), None, "lead 1", at, &[]), who);
/// again.finish();
/// assert_eq!(roster, before);
/// ```
#[derive(Debug)]
pub struct Ledger<'r> {
    known: Vec<Option<Act>>,
    acts: Vec<Act>,
    roster: &'r mut Roster,
}

impl<'r> Ledger<'r> {
    /// A ledger of what was done in the lead's life before.
    pub fn new(known: Vec<Act>, roster: &'r mut Roster) -> Self {
        Self { known: known.into_iter().map(Some).collect(), acts: Vec::new(), roster }
    }

    /// A ledger of a life that goes on from where so much of it had been done.
    pub fn resumed(mut known: Vec<Act>, done: usize, roster: &'r mut Roster) -> Self {
        let rest = known.split_off(done.min(known.len()));
        Self { acts: known, ..Self::new(rest, roster) }
    }

    /// How much has been done.
    pub fn done(&self) -> usize {
        self.acts.len()
    }

    /// What was done, in order. What had been done before and was not done again never happened: it is taken back.
    pub fn finish(self) -> Vec<Act> {
        for act in self.known.into_iter().flatten().rev() {
            self.roster.take_back(&act);
        }
        self.acts
    }

    /// The first act of before that is such, once.
    fn known(&mut self, such: impl Fn(&Act) -> bool) -> Option<Act> {
        self.known.iter_mut().find(|act| act.as_ref().is_some_and(&such))?.take()
    }

    /// Does what was not done before.
    fn once(&mut self, act: Act, anew: impl FnOnce(&mut Roster)) {
        if self.known(|known| *known == act).is_none() {
            anew(self.roster);
        }
        self.acts.push(act);
    }
}

impl Turns for Ledger<'_> {
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
        let known = self.known(|act| match act {
            Act::Give { team, at: when, to } => {
                team == name && *when == at && to.as_ref().is_none_or(|to| !not.contains(to))
            }
            _ => false,
        });
        let act = known.unwrap_or_else(|| {
            let to = self.roster.give(pact, team, by, lead, at, not);
            Act::Give { team: name.clone(), at, to }
        });
        self.acts.push(act.clone());
        match act {
            Act::Give { to, .. } => to,
            _ => None,
        }
    }

    fn take(&mut self, pact: &Pact, team: TeamId, member: &str, at: Instant) {
        let act = Act::Take { team: pact[team].name.clone(), to: member.into() };
        self.once(act, |roster| roster.take(pact, team, member, at));
    }

    fn release(&mut self, team: &str, member: &str) {
        self.once(Act::Release { team: team.into(), from: member.into() }, |roster| roster.release(team, member));
    }

    fn credit(&mut self, team: &str, member: &str) {
        self.once(Act::Credit { team: team.into(), from: member.into() }, |roster| roster.credit(team, member));
    }
}
