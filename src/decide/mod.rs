//! A decision: where a lead stands at an instant, who has it, and why. A pure function of pact, record and instant.

mod decision;
mod payload;
mod reasons;
mod walk;

pub use decision::{
    CriteriaSaid, Decision, Effect, EffectKind, FactsSaid, HandoffSaid, Held, MoveMade, NeedSaid, PactSaid, PointsSaid,
    RouteSaid, ScoreRange,
};

use crate::eval::View;
use crate::pact::Pact;
use crate::record::Record;
use crate::value::Instant;

/// Decides a lead at an instant. The same three give the same decision, to the byte.
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
    let view = View::new(pact, record, at);
    let walk = walk::walk(&view);
    let id = record.value(pact.key).map(|id| id.to_string().into());
    let at = pact.zone.rfc3339(at);
    let said = PactSaid {
        name: pact.name.clone(),
        version: pact.version.clone(),
        digest: pact.digest.clone(),
        environment: pact.environment.clone(),
    };
    let stage = walk.stage.map(|id| &pact[id]);
    Decision {
        id,
        at,
        pact: said,
        pipeline: walk.stage.map(|id| pact[id.pipeline].name.clone()),
        stage: stage.map(|s| s.name.clone()),
        owner: stage.and_then(|s| s.owner.clone()),
        status: stage.map(|s| s.statuses.iter().cloned().collect()).unwrap_or_default(),
        moves: walk.moves,
        held: walk.held,
        scores: pact.scores.iter().enumerate().map(|(at, s)| reasons::points(&view, at, s)).collect(),
        score_ranges: reasons::ranges(&view),
        criteria: reasons::criteria(&view),
        route: walk.route,
        handoff: walk.handoff,
        effects: walk.effects,
        next_action: stage.and_then(|s| s.expectation.clone()),
        points: reasons::points_by_clause(&view),
    }
}
