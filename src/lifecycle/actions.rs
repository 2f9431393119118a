//! Actions: what a pact requests of other systems, and who receives a lead.

use std::sync::Arc;

use super::run::Run;
use super::state::{Assignee, LeadState};
use super::timeline::{EntryKind, RequestedAction};
use crate::eval::Receiver;
use crate::pact::{Action, ActionKind, ProgramId, RouteId, RouteTarget, StageId};
use crate::record::Event;
use crate::span::Span;
use crate::time::Instant;

impl Run<'_, '_> {
    /// Performs actions. Gives the stage that the lead was put into, where one of them did that.
    pub(super) fn perform(&mut self, actions: &[Action], at: Instant) -> Option<StageId> {
        let mut put = None;
        for action in actions {
            match &action.kind {
                ActionKind::Enroll(program) => self.enroll(*program, at, action.span),
                ActionKind::Alert(names) => names.iter().for_each(|name| self.alert(name, at, action.span)),
                ActionKind::Convert(names) => {
                    names.iter().for_each(|name| self.ask(RequestedAction::Convert(name.clone()), at, action.span));
                }
                ActionKind::Reassign => {
                    self.ask(RequestedAction::Reassign, at, action.span);
                    self.reassign(at);
                }
                ActionKind::Dispose(kind) => {
                    self.ask(RequestedAction::Dispose(*kind), at, action.span);
                    let values = vec![None; self.pact[*kind].properties.len()];
                    self.state.record.history.push(Event { kind: *kind, at, values });
                    // the engine's own answer meets no promise of sales
                    let seen = self.state.record.history.len();
                    let open = self.state.clocks.iter_mut().filter(|clock| clock.is_open());
                    open.for_each(|clock| clock.seen = seen);
                }
                ActionKind::Move(stage) => {
                    self.ask(RequestedAction::Move(*stage), at, action.span);
                    self.put(*stage, at, Some(action.span));
                    put = Some(*stage);
                }
            }
        }
        put
    }

    fn ask(&mut self, requested: RequestedAction, at: Instant, because: Span) {
        self.timeline.push(at, EntryKind::Requested(requested), Some(because));
    }

    pub(super) fn alert(&mut self, name: &Arc<str>, at: Instant, because: Span) {
        self.ask(RequestedAction::Alert(name.clone()), at, because);
    }

    /// Programs run from their first day to their last; nobody is enrolled who wants no more.
    pub(super) fn enroll(&mut self, id: ProgramId, at: Instant, because: Span) {
        let program = &self.pact[id];
        let today = self.pact.zone.date(at);
        let requested = match () {
            () if self.state.opted_out.is_some() => RequestedAction::NotEnrolled(id, "the lead wants no more"),
            () if program.starts.is_some_and(|starts| today < starts) => {
                RequestedAction::NotEnrolled(id, "it has not begun")
            }
            () if program.ends.is_some_and(|ends| today > ends) => RequestedAction::NotEnrolled(id, "it is over"),
            () => RequestedAction::Enroll(id),
        };
        self.ask(requested, at, because);
    }

    /// Has a route choose who receives the lead.
    pub(super) fn route(&mut self, route: RouteId, at: Instant) {
        let key = self.state.key(self.pact);
        let not = self.state.refused.clone();
        let LeadState { record, answers, .. } = &mut self.state;
        let mut judge = answers.at(self.pact, record, at);
        let mut person = None;
        let mut full = Vec::new();
        let zone = &self.pact.zone;
        let mut awaits_hours = false;
        let outcome = judge.route(route, &mut |receiver, last, span| {
            awaits_hours = false;
            let takes = match receiver {
                // nobody is at work, and somebody will be
                Receiver::Team(team, sharing)
                    if sharing.waits_for_hours
                        && !self.pact[*team].is_there(zone, at)
                        && self.pact[*team].comes(zone, at).is_some() =>
                {
                    awaits_hours = true;
                    true
                }
                Receiver::Team(team, sharing) => match self.roster.as_deref_mut() {
                    None => {
                        let team = &self.pact[*team];
                        person = team.single_contact.clone().filter(|one| !not.contains(one));
                        !team.keeps_hours() || team.is_there(zone, at)
                    }
                    Some(roster) => {
                        person = roster.give(self.pact, *team, sharing.by, &key, at, &not);
                        person.is_some()
                    }
                },
                Receiver::Rep(name) => !not.contains(name),
                Receiver::Queue(_) => true,
            };
            if !takes {
                full.push(span);
            }
            takes || last
        });
        let Some(outcome) = outcome else { return };
        let (mut queue, mut team) = (None, None);
        match outcome.receiver {
            Receiver::Queue(name) => queue = Some(name),
            Receiver::Team(id, _) => team = Some(id),
            Receiver::Rep(name) => person = Some(name),
        }
        self.let_go(false);
        let kind = EntryKind::Routed {
            route,
            queue: queue.clone(),
            team,
            person: person.clone(),
            unsure: outcome.unsure.clone(),
            full,
        };
        self.timeline.push(at, kind, Some(outcome.because));
        self.state.assignee = Some(Assignee {
            route: Some(route),
            because: Some(outcome.because),
            queue,
            team,
            holds_capacity: person.is_some(),
            person,
            since: at,
            before: Vec::new(),
            unsure: outcome.unsure,
            awaits_hours,
        });
    }

    /// A lead that waits for its team is given to somebody who is at work. Where nobody who is can take it, it waits on.
    pub(super) fn give_waiting(&mut self, at: Instant) {
        let Some(assignee) = self.state.assignee.as_ref().filter(|assignee| assignee.awaits_hours) else { return };
        let Some(team) = assignee.team.filter(|team| self.pact[*team].is_there(&self.pact.zone, at)) else { return };
        let (key, by, not) = (self.state.key(self.pact), self.sharing(team), self.state.refused.clone());
        let person = match self.roster.as_deref_mut() {
            None => self.pact[team].single_contact.clone().filter(|one| !not.contains(one)),
            Some(roster) => match roster.give(self.pact, team, by, &key, at, &not) {
                None => return,
                person => person,
            },
        };
        let Some(assignee) = &mut self.state.assignee else { return };
        assignee.awaits_hours = false;
        assignee.holds_capacity = person.is_some();
        assignee.person = person;
        assignee.since = at;
        self.record_member(at);
        self.owner_changed(at);
    }

    /// Tells that a route's team has given the lead to one of its members.
    fn record_member(&mut self, at: Instant) {
        let Some(assignee) = &self.state.assignee else { return };
        let Some(route) = assignee.route else { return };
        let (team, person) = (assignee.team, assignee.person.clone());
        let kind = EntryKind::Routed { route, queue: None, team, person, unsure: Vec::new(), full: Vec::new() };
        self.timeline.push(at, kind, assignee.because);
    }

    /// Gives the lead to another member of its team, to each once. A system decides where the engine does not know
    /// who has it.
    fn reassign(&mut self, at: Instant) {
        let Some(assignee) = &self.state.assignee else { return };
        let (Some(team), Some(person)) = (assignee.team, assignee.person.clone()) else { return };
        let mut before = assignee.before.clone();
        before.push(person.clone());
        let not: Vec<Arc<str>> = self.state.refused.iter().chain(&before).cloned().collect();
        let key = self.state.key(self.pact);
        let by = self.sharing(team);
        let Some(roster) = self.roster.as_deref_mut() else { return };
        let Some(next) = roster.give(self.pact, team, by, &key, at, &not) else { return };
        roster.release(&self.pact[team].name, &person);
        let assignee = Assignee { person: Some(next), since: at, before, ..assignee.clone() };
        self.state.assignee = Some(assignee);
        self.record_member(at);
        self.owner_changed(at);
    }

    /// How the route that gave the lead to a team shares within it.
    fn sharing(&self, team: crate::pact::TeamId) -> Option<crate::pact::Distribution> {
        use crate::pact::RouteEntryKind as TimelineEntry;
        let route = self.state.assignee.as_ref()?.route?;
        self.pact[route].entries.iter().find_map(|entry| match &entry.kind {
            TimelineEntry::To(RouteTarget::Team(id, sharing), _)
            | TimelineEntry::Otherwise(RouteTarget::Team(id, sharing))
                if *id == team =>
            {
                sharing.by
            }
            _ => None,
        })
    }

    /// Nobody has the lead any more.
    pub(super) fn let_go(&mut self, refused: bool) {
        self.free(refused);
        self.state.assignee = None;
    }

    /// The lead takes none of its assignee's capacity any more; who refuses it gets the turn back too.
    pub(super) fn free(&mut self, refused: bool) {
        let Some(assignee) = &mut self.state.assignee else { return };
        if !std::mem::take(&mut assignee.holds_capacity) {
            return;
        }
        if let (Some(team), Some(person), Some(roster)) = (assignee.team, &assignee.person, self.roster.as_deref_mut())
        {
            let team = &self.pact[team].name;
            if refused { roster.credit(team, person) } else { roster.release(team, person) }
        }
    }

    /// A recycled lead leaves who had it; where the pact says so, it does not come back to the same person.
    pub(super) fn give_back(&mut self, never_back: bool) {
        if let Some(person) = self.state.person().cloned().filter(|_| never_back) {
            self.state.refused.push(person);
        }
        self.let_go(true);
    }
}
