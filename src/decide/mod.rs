//! A decision: where a lead stands at an instant, who has it, and why. A pure function of pact, record and instant.

mod decision;
mod payload;
mod personal;
mod reasons;
mod said;
mod told;

pub use decision::{
    ClockSaid, CriteriaSaid, Decision, Effect, EffectKind, FactsSaid, HandoffSaid, Held, MoveMade, NeedSaid, PactSaid,
    PartOf, PointsSaid, RecycleSaid, RouteSaid, ScoreRange,
};

pub use told::{ChangeSaid, EntrySaid, WhatSaid, told};

use crate::eval::View;
use crate::lifecycle::{Life, Story, live_record};
use crate::pact::Pact;
use crate::record::Record;
use crate::value::Instant;

/// Decides a lead at an instant. The same three give the same decision, to the byte.
///
/// The lead's life begins at the instant, or since when its record says that it stands in its stage; what its history
/// tells after that beginning is lived, with every move and clock on the way.
///
/// ```
/// use leadpact::{decide::decide, load::load, record::Record, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key  employees integer? }
///     criteria large { agreed by marketing, sales  need employees >= 50 }
///     pipeline all {
///       stage inquiry { owner marketing  move to mql when large }
///       stage mql { owner sales  final }
///     }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let lead = Record::new(&pact);
/// let decision = decide(&pact, &lead, "2026-03-02T09:00:00Z".parse().unwrap());
/// assert_eq!(decision.stage.as_deref(), Some("inquiry"));
/// assert_eq!(decision.criteria["large"].missing, [["employees".into()]]);
/// ```
pub fn decide(pact: &Pact, record: &Record, at: Instant) -> Decision {
    let begin = record.since.filter(|since| *since < at).unwrap_or(at);
    let (life, story) = live_record(pact, record, begin, Vec::new(), at);
    decision(pact, &life, &story)
}

impl Decision {
    /// Adds what an earlier pact made of the life, of which `story` is told: moves and effects before the others, and the
    /// hand-over where no later pact made one.
    #[must_use]
    pub fn after(mut self, pact: &Pact, story: &Story) -> Self {
        self.moves.splice(0..0, said::moves(pact, story));
        self.effects.splice(0..0, said::effects(pact, story));
        self.handoff = self.handoff.or_else(|| said::handoff(pact, story));
        self
    }
}

/// What there is to say of a life as it is now.
pub fn decision(pact: &Pact, life: &Life, story: &Story) -> Decision {
    let view = View::new(pact, &life.record, life.now);
    let id = life.record.value(pact.key).map(|id| id.to_string().into());
    let said = PactSaid {
        name: pact.name.clone(),
        version: pact.version.clone(),
        digest: pact.digest.clone(),
        environment: pact.environment.clone(),
    };
    let part_of = life.merged.as_ref();
    let part_of = part_of.map(|(at, into)| PartOf { lead: into.clone(), since: pact.zone.rfc3339(*at) });
    let stands = life.stage().filter(|_| part_of.is_none());
    let stage = stands.map(|id| &pact[id]);
    Decision {
        id,
        at: pact.zone.rfc3339(life.now),
        pact: said,
        part_of,
        pipeline: stands.map(|id| pact[id.pipeline].name.clone()),
        stage: stage.map(|s| s.name.clone()),
        since: stands.and_then(|_| said::since(pact, life)),
        owner: stands.and_then(|_| life.owner(pact)),
        status: stage.map(|s| s.statuses.iter().cloned().collect()).unwrap_or_default(),
        round: (life.round > 1).then_some(life.round),
        resting_until: stands.and_then(|_| life.resting()).map(|until| pact.zone.rfc3339(until)),
        recycled: said::recycled(pact, life),
        moves: said::moves(pact, story),
        held: stands.map(|_| said::held(&view, life)).unwrap_or_default(),
        scores: pact.scores.iter().enumerate().map(|(at, s)| reasons::points(&view, at, s)).collect(),
        score_ranges: reasons::ranges(&view),
        criteria: reasons::criteria(&view),
        route: stands.and_then(|_| said::route(pact, life)),
        handoff: said::handoff(pact, story),
        clocks: said::clocks(pact, life),
        effects: said::effects(pact, story),
        next_action: stage.and_then(|s| s.expectation.clone()),
        points: reasons::points_by_clause(&view),
    }
}
