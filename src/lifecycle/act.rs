//! What a pact asks the world to do, and who receives a lead.

use std::sync::Arc;

use super::life::Holder;
use super::live::Living;
use super::story::{Asked, EntryKind};
use crate::eval::{Receiver, View};
use crate::pact::{Action, ActionKind, ProgramId, RouteId, RouteTarget, StageId};
use crate::record::Event;
use crate::span::Span;
use crate::value::Instant;

impl Living<'_, '_> {
    /// Asks for actions. The stage that the lead was put into, where one of them did that.
    pub(super) fn act(&mut self, actions: &[Action], at: Instant) -> Option<StageId> {
        let mut put = None;
        for action in actions {
            match &action.kind {
                ActionKind::Enroll(program) => self.enroll(*program, at, action.span),
                ActionKind::Alert(names) => names.iter().for_each(|name| self.alert(name, at, action.span)),
                ActionKind::Convert(names) => {
                    names.iter().for_each(|name| self.ask(Asked::Convert(name.clone()), at, action.span));
                }
                ActionKind::Reassign => {
                    self.ask(Asked::Reassign, at, action.span);
                    self.reassign(at);
                }
                ActionKind::Dispose(kind) => {
                    self.ask(Asked::Dispose(*kind), at, action.span);
                    let values = vec![None; self.pact[*kind].properties.len()];
                    self.life.record.history.push(Event { kind: *kind, at, values });
                    // the engine's own answer keeps no promise of sales
                    let seen = self.life.record.history.len();
                    self.life.clocks.iter_mut().for_each(|clock| clock.seen = seen);
                }
                ActionKind::Move(stage) => {
                    self.ask(Asked::Move(*stage), at, action.span);
                    self.put(*stage, at, Some(action.span));
                    put = Some(*stage);
                }
            }
        }
        put
    }

    fn ask(&mut self, asked: Asked, at: Instant, because: Span) {
        self.story.tell(at, EntryKind::Asked(asked), Some(because));
    }

    pub(super) fn alert(&mut self, name: &Arc<str>, at: Instant, because: Span) {
        self.ask(Asked::Alert(name.clone()), at, because);
    }

    /// Programs run from their first day to their last; nobody is enrolled who wants no more.
    pub(super) fn enroll(&mut self, id: ProgramId, at: Instant, because: Span) {
        let program = &self.pact[id];
        let today = self.pact.zone.date(at);
        let asked = match () {
            () if self.life.opted_out.is_some() => Asked::NotEnrolled(id, "the lead wants no more"),
            () if program.starts.is_some_and(|starts| today < starts) => Asked::NotEnrolled(id, "it has not begun"),
            () if program.ends.is_some_and(|ends| today > ends) => Asked::NotEnrolled(id, "it is over"),
            () => Asked::Enroll(id),
        };
        self.ask(asked, at, because);
    }

    /// Asks a route who receives the lead.
    pub(super) fn route(&mut self, route: RouteId, at: Instant) {
        let key = self.life.key(self.pact);
        let not = self.life.refused.clone();
        let view = View::new(self.pact, &self.life.record, at);
        let mut person = None;
        let mut full = Vec::new();
        let outcome = view.route(route, &mut |receiver, last, span| {
            let takes = match receiver {
                Receiver::Team(team, by) => match self.roster.as_deref_mut() {
                    None => {
                        person = self.pact[*team].single_contact.clone().filter(|one| !not.contains(one));
                        true
                    }
                    Some(roster) => {
                        person = roster.give(self.pact, *team, *by, &key, at, &not);
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
        self.story.tell(at, kind, Some(outcome.because));
        self.life.holder = Some(Holder {
            route: Some(route),
            because: Some(outcome.because),
            queue,
            team,
            in_hand: person.is_some(),
            person,
            since: at,
            before: Vec::new(),
            unsure: outcome.unsure,
        });
    }

    /// Gives the lead to another member of its team, to each once. The world decides where the engine does not know
    /// who has it.
    fn reassign(&mut self, at: Instant) {
        let Some(holder) = &self.life.holder else { return };
        let (Some(team), Some(person)) = (holder.team, holder.person.clone()) else { return };
        let mut before = holder.before.clone();
        before.push(person.clone());
        let not: Vec<Arc<str>> = self.life.refused.iter().chain(&before).cloned().collect();
        let key = self.life.key(self.pact);
        let by = self.sharing(team);
        let Some(roster) = self.roster.as_deref_mut() else { return };
        let Some(next) = roster.give(self.pact, team, by, &key, at, &not) else { return };
        roster.release(&self.pact[team].name, &person);
        let holder = Holder { person: Some(next.clone()), since: at, before, ..holder.clone() };
        let (route, because) = (holder.route, holder.because);
        if let Some(route) = route {
            let kind = EntryKind::Routed {
                route,
                queue: None,
                team: Some(team),
                person: Some(next),
                unsure: Vec::new(),
                full: Vec::new(),
            };
            self.story.tell(at, kind, because);
        }
        self.life.holder = Some(holder);
        self.owner_changed(at);
    }

    /// How the route that gave the lead to a team shares within it.
    fn sharing(&self, team: crate::pact::TeamId) -> Option<crate::pact::Distribution> {
        use crate::pact::RouteEntryKind as Entry;
        let route = self.life.holder.as_ref()?.route?;
        self.pact[route].entries.iter().find_map(|entry| match &entry.kind {
            Entry::To(RouteTarget::Team(id, by), _) | Entry::Otherwise(RouteTarget::Team(id, by)) if *id == team => *by,
            _ => None,
        })
    }

    /// The lead is in nobody's hands any more.
    pub(super) fn let_go(&mut self, refused: bool) {
        self.free(refused);
        self.life.holder = None;
    }

    /// The lead takes no room any more in the hands of who has it; who refuses it gets the turn back too.
    pub(super) fn free(&mut self, refused: bool) {
        let Some(holder) = &mut self.life.holder else { return };
        if !std::mem::take(&mut holder.in_hand) {
            return;
        }
        if let (Some(team), Some(person), Some(roster)) = (holder.team, &holder.person, self.roster.as_deref_mut()) {
            let team = &self.pact[team].name;
            if refused { roster.credit(team, person) } else { roster.release(team, person) }
        }
    }

    /// A recycled lead leaves who had it; where the pact says so, it does not come back to the same person.
    pub(super) fn give_back(&mut self, never_back: bool) {
        if let Some(person) = self.life.person().cloned().filter(|_| never_back) {
            self.life.refused.push(person);
        }
        self.let_go(true);
    }
}
