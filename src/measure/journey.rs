//! The journey of a lead, as figures count it: rounds, and what was known at each moment.

use std::sync::Arc;

use crate::eval::{View, facts_of};
use crate::lifecycle::{EntryKind, EntryLog, LeadState, RequestedAction, TimelineEntry};
use crate::pact::{Expr, FieldId, KindClass, Milestone, Pact, ProgramId, StageId, TeamId, Verdict};
use crate::record::{Event, Record};
use crate::span::Span;
use crate::time::Instant;
use crate::value::Value;

/// A lead, with those that became part of it.
pub(super) struct Journey<'a> {
    pact: &'a Pact,
    state: &'a LeadState,
    timeline: &'a EntryLog,
    /// One for each round, in order.
    pub(super) rounds: Vec<Round>,
    /// Who had the lead and which program last enrolled it, since when.
    had: Vec<(Instant, Attribution)>,
    /// The fields as they were known, since when.
    known: Vec<(Instant, &'a [Option<Value>])>,
}

/// A round: a lead that was recycled and comes back is a case of its own.
pub(super) struct Round {
    /// From 1.
    pub(super) number: u32,
    began: Instant,
    /// The stages that it entered and left, in order.
    pub(super) entered: Vec<(StageId, Instant)>,
    left: Vec<(StageId, Instant)>,
    /// Whether it may still go on.
    pub(super) open: bool,
}

/// A moment that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'e> {
    pub(super) at: Instant,
    /// The round that it belongs to.
    pub(super) round: u32,
    /// What happened, where an event is counted.
    pub(super) event: Option<&'e Event>,
}

impl Round {
    /// An instant of the round.
    pub(super) fn moment(&self, at: Instant) -> Moment<'static> {
        Moment { at, round: self.number, event: None }
    }

    /// When it came to a stage after it had entered another one; none where it did not.
    pub(super) fn came(&self, from: StageId, to: StageId) -> Option<Instant> {
        let entered = self.entered.iter().position(|(stage, _)| *stage == from)?;
        self.entered.iter().skip(entered + 1).find(|(stage, _)| *stage == to).map(|(_, at)| *at)
    }
}

/// Who has a lead, and what it is part of.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Attribution {
    pub(super) stage: Option<StageId>,
    pub(super) queue: Option<Arc<str>>,
    pub(super) team: Option<TeamId>,
    pub(super) person: Option<Arc<str>>,
    pub(super) program: Option<ProgramId>,
    /// The clause that moved the lead into its stage.
    pub(super) cause: Option<Span>,
    /// The clause that gave it to whoever has it.
    pub(super) route: Option<Span>,
}

impl<'a> Journey<'a> {
    /// The journey of a lead up to its present.
    pub(super) fn new(pact: &'a Pact, state: &'a LeadState, timeline: &'a EntryLog) -> Self {
        let (all, known) = (entries(timeline, true), known(timeline));
        let began = all.first().map(|(entry, _)| entry.at).into_iter();
        let began = began.chain(state.record.history.first().map(|event| event.at));
        let began = began.chain(known.first().map(|(at, _)| *at)).min();
        let round = |number, began| Round { number, began, entered: Vec::new(), left: Vec::new(), open: false };
        let mut journey =
            Self { pact, state, timeline, rounds: vec![round(1, began.unwrap_or(state.now))], had: Vec::new(), known };
        let (mut now, mut begun) = (Attribution::default(), false);
        for (entry, own) in all {
            let at = entry.at;
            if let EntryKind::Recycled { from, .. } = &entry.kind {
                let last = journey.last();
                last.left.push((*from, at));
                // a part and the lead itself may each have been recycled for the first time: those are two rounds
                let number = last.number + 1;
                journey.rounds.push(round(number, at));
            }
            match &entry.kind {
                EntryKind::Moved { from, .. } | EntryKind::UsedUp { from, .. } => journey.last().left.push((*from, at)),
                _ => {}
            }
            let entered = entered(&entry.kind);
            journey.last().entered.extend(entered.map(|to| (to, at)));
            // once the lead goes its own way it does not matter who has a part
            if begun && !own {
                continue;
            }
            if own && entered.is_some() && !std::mem::replace(&mut begun, true) {
                now = Attribution::default();
            }
            if let Some(to) = entered {
                if matches!(entry.kind, EntryKind::Recycled { .. }) {
                    now = Attribution { program: now.program, ..Attribution::default() };
                }
                (now.stage, now.cause) = (Some(to), entry.because);
                journey.had.push((at, now.clone()));
            }
            match &entry.kind {
                EntryKind::Migrated { to, .. } => now.stage = Some(*to),
                EntryKind::Routed { queue, team, person, .. } => {
                    (now.queue, now.team, now.person) = (queue.clone(), *team, person.clone());
                    now.route = entry.because;
                }
                EntryKind::Assigned { to } => now.person = to.clone(),
                EntryKind::Requested(RequestedAction::Enroll(program)) => now.program = Some(*program),
                _ => continue,
            }
            journey.had.push((at, now.clone()));
        }
        let ended = state.stage().is_none_or(|stage| pact[stage].is_final) || state.merged.is_some();
        journey.last().open = !ended;
        journey
    }

    fn last(&mut self) -> &mut Round {
        if self.rounds.is_empty() {
            let began = self.state.now;
            self.rounds.push(Round { number: 1, began, entered: Vec::new(), left: Vec::new(), open: false });
        }
        let last = self.rounds.len() - 1;
        &mut self.rounds[last]
    }

    /// All that happened to it and to its parts, in order.
    pub(super) fn entries(&self) -> Vec<&'a TimelineEntry> {
        entries(self.timeline, true).into_iter().map(|(entry, _)| entry).collect()
    }

    /// The stages that it stood in, one after the other. Where it began a journey of its own, that of a part was another
    /// one.
    pub(super) fn visits(&self) -> Vec<(StageId, Instant)> {
        visits(self.timeline)
    }

    /// Whether a condition is met at an instant; none always is.
    pub(super) fn holds(&self, condition: Option<&Expr>, at: Instant) -> bool {
        let Some(condition) = condition else { return true };
        let record = self.record_for(condition, at);
        View::new(self.pact, &record, at).condition(condition) == Verdict::Met
    }

    /// What happened in all rounds, in order.
    pub(super) fn events(&self) -> &'a [Event] {
        &self.state.record.history
    }

    /// What happened in a round. What sent the lead back, and all else of that instant, belongs to the round that it ended.
    fn events_of(&self, round: &Round) -> impl DoubleEndedIterator<Item = &'a Event> {
        let next = self.rounds.iter().find(|other| other.number > round.number).map(|next| next.began);
        let (first, began) = (round.number == self.rounds.first().map_or(1, |first| first.number), round.began);
        let events = self.events().iter();
        events.filter(move |event| (first || event.at > began) && next.is_none_or(|next| event.at <= next))
    }

    /// The moment at which something happened.
    pub(super) fn moment<'e>(&self, event: &'e Event) -> Moment<'e> {
        Moment { at: event.at, round: self.round_at(event.at), event: Some(event) }
    }

    /// The event that is counted at a moment if it is of a sort, or the last of that sort in its round by then.
    pub(super) fn last_event<'e>(&'e self, moment: Moment<'e>, is_of: impl Fn(&Event) -> bool) -> Option<&'e Event> {
        let round = || self.rounds.iter().find(|round| round.number == moment.round);
        let before = || self.events_of(round()?).rfind(|event| event.at <= moment.at && is_of(event));
        moment.event.filter(|event| is_of(event)).or_else(before)
    }

    /// Of what number the round is in which something happened.
    pub(super) fn round_at(&self, at: Instant) -> u32 {
        self.rounds.iter().rev().find(|round| round.began < at).map_or(1, |round| round.number)
    }

    /// When a milestone was reached in a round: the first time, at or after an instant.
    pub(super) fn reached(&self, round: &Round, milestone: Milestone, after: Option<Instant>) -> Option<Instant> {
        let late = |at: &Instant| after.is_none_or(|after| *at >= after);
        let touch = |event: &&Event| self.pact[event.kind].class == KindClass::Touch;
        let stage = |all: &[(StageId, Instant)], stage: StageId| {
            all.iter().filter(|(of, at)| *of == stage && late(at)).map(|(_, at)| *at).min()
        };
        match milestone {
            Milestone::Entering(of) => stage(&round.entered, of),
            Milestone::Leaving(of) => stage(&round.left, of),
            Milestone::FirstTouch => self.events_of(round).filter(touch).map(|event| event.at).find(late),
            Milestone::LastTouch => self.events_of(round).filter(touch).map(|event| event.at).rfind(late),
            Milestone::Created => Some(round.began).filter(late),
            Milestone::Event(kind) => {
                self.events_of(round).filter(|event| event.kind == kind).map(|event| event.at).find(late)
            }
        }
    }

    /// The instants within a time at which something happened to the lead or became known of it, and the ends of that time.
    pub(super) fn instants(&self, from: Instant, to: Instant) -> Vec<Instant> {
        let happened = self.events().iter().map(|event| event.at);
        let became_known = self.known.iter().map(|(at, _)| *at);
        let within = happened.chain(became_known).filter(|at| from < *at && *at < to);
        let mut instants: Vec<Instant> = within.chain([from, to]).collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// Who had the lead at an instant, after all that happened then.
    pub(super) fn had(&self, at: Instant) -> Attribution {
        self.had.iter().rev().find(|(since, _)| *since <= at).map(|(_, had)| had.clone()).unwrap_or_default()
    }

    /// Who had the lead when something happened that may have changed it: before that instant, or at it where there is no before.
    pub(super) fn had_before(&self, at: Instant) -> Attribution {
        let before = self.had.iter().rev().find(|(since, _)| *since < at);
        before.map(|(_, had)| had.clone()).unwrap_or_else(|| self.had(at))
    }

    /// What was known of a field at an instant; where nothing had been said of it by then, what was said first.
    pub(super) fn said(&self, field: FieldId, at: Instant) -> Option<Value> {
        let of =
            |(since, values): &(Instant, &[Option<Value>])| (*since, values.get(field.0 as usize).cloned().flatten());
        let then = self.known.iter().rev().map(of).find(|(since, _)| *since <= at).and_then(|(_, value)| value);
        let first = || self.known.iter().map(of).find(|(_, value)| value.is_some()).filter(|(since, _)| *since > at);
        then.or_else(|| first().and_then(|(_, value)| value))
    }

    /// The fields as they were known at an instant.
    fn values(&self, at: Instant) -> Vec<Option<Value>> {
        let then = self.known.iter().rev().find(|(since, _)| *since <= at);
        then.map_or_else(|| vec![None; self.pact.fields.len()], |(_, values)| values.to_vec())
    }

    /// The lead as it was at an instant, with what happened to it where a condition looks at that: a lead that much happens
    /// to would else be copied for each of its events.
    pub(super) fn record_for(&self, condition: &Expr, at: Instant) -> Record {
        let facts = facts_of(self.pact, condition);
        match facts.kinds.is_empty() && facts.scores.is_empty() && !facts.asks_answer {
            true => Record { values: self.values(at), ..Record::new(self.pact) },
            false => self.record(at),
        }
    }

    /// The lead as it was at an instant. What happened to one that became part of it happened to it.
    pub(super) fn record(&self, at: Instant) -> Record {
        let mut record = Record::new(self.pact);
        record.values = self.values(at);
        let now = &self.state.record;
        record.history = now.history.iter().take_while(|event| event.at <= at).cloned().collect();
        record.past.retained = now.past.retained.iter().filter(|kept| kept.until <= at).cloned().collect();
        record
    }
}

/// The stages that a lead stood in. One that went on where a part stood has the part's before its own.
fn visits(timeline: &EntryLog) -> Vec<(StageId, Instant)> {
    let began = timeline.entries.iter().any(|entry| matches!(entry.kind, EntryKind::Began { .. }));
    let parts = timeline.parts.iter().filter(|_| !began).flat_map(visits);
    let own = timeline.entries.iter().filter_map(|entry| Some((entered(&entry.kind)?, entry.at)));
    let mut all: Vec<(StageId, Instant)> = parts.chain(own).collect();
    all.sort_by_key(|(_, at)| *at);
    all
}

/// The stage that a lead enters by what happens.
fn entered(kind: &EntryKind) -> Option<StageId> {
    match kind {
        EntryKind::Began { stage: to }
        | EntryKind::Moved { to, .. }
        | EntryKind::UsedUp { to, .. }
        | EntryKind::Recycled { to, .. } => Some(*to),
        _ => None,
    }
}

/// The entries of a timeline and of those of its parts, in order, each with whether it is the lead's own.
fn entries(timeline: &EntryLog, own: bool) -> Vec<(&TimelineEntry, bool)> {
    let mut all: Vec<(&TimelineEntry, bool)> = timeline.parts.iter().flat_map(|part| entries(part, false)).collect();
    all.extend(timeline.entries.iter().map(|entry| (entry, own)));
    all.sort_by_key(|(entry, _)| entry.at);
    all
}

/// What was known through time: of the lead itself from its beginning on, and of its parts before.
fn known(timeline: &EntryLog) -> Vec<(Instant, &[Option<Value>])> {
    let own = timeline.known.iter().flatten().map(|(at, values)| (*at, &**values));
    let own: Vec<(Instant, &[Option<Value>])> = own.collect();
    let begins = own.first().map(|(at, _)| *at);
    let mut all: Vec<(Instant, &[Option<Value>])> = timeline.parts.iter().flat_map(known).collect();
    all.retain(|(at, _)| begins.is_none_or(|begins| *at < begins));
    all.sort_by_key(|(at, _)| *at);
    all.extend(own);
    all
}
