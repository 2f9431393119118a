//! Circles of moves that a lead could go round at one instant, and stages whose moves can never be met.
//!
//! A circle is refused with a lead that goes round it, so never wrongly. The search for that lead is bounded: a circle
//! that only a rare lead closes may pass, and the decision then stops where it would close.

mod conditions;
mod stuck;
mod values;
mod witness;

use chrono::NaiveDate;

use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::eval::View;
use crate::pact::{Expr, Handoff, Move, Pact, PipelineId, StageId, Verdict};
use crate::time::Instant;
use witness::Search;

/// The most stages of a circle that is looked for.
const MOST_STAGES: usize = 6;

/// How many circles of a pact are looked at.
const MOST_CIRCLES: usize = 64;

/// How many leads are tried for one circle, and for all circles of a pact.
const TRIES_OF_CIRCLE: usize = 5_000;
const TRIES_OF_PACT: usize = 20_000;

/// A move and the stage that it leaves.
#[derive(Debug, Clone, Copy)]
struct Step<'p> {
    from: StageId,
    step: &'p Move,
}

impl Resolver<'_> {
    /// The evaluator needs a pact that is whole, so nothing is said of one with errors.
    pub(super) fn circles(&mut self, items: &Items) {
        if has_errors(&self.out) {
            return;
        }
        let pact = &self.pact;
        let at = instant(pact);
        let mut tries = TRIES_OF_PACT;
        let mut found = Vec::new();
        let mut named: Vec<Vec<StageId>> = Vec::new();
        for circle in all_circles(pact) {
            let stages: Vec<StageId> = circle.iter().map(|step| step.from).collect();
            // two moves between the same stages are no second circle
            if named.contains(&stages) {
                continue;
            }
            if let Some(witness) = witness(pact, at, &circle, &mut tries) {
                found.push(finding(pact, &circle, &witness));
                named.push(stages);
            }
        }
        found.extend(stuck::findings(pact, at, items));
        self.out.extend(found);
    }
}

/// The instant at which leads are tried: any would do.
fn instant(pact: &Pact) -> Instant {
    let date = pact.effective.or_else(|| NaiveDate::from_ymd_opt(2026, 3, 2)).unwrap_or_default();
    pact.zone.midnight(date).checked_add_signed(chrono::TimeDelta::hours(9)).unwrap_or_default()
}

/// The circles of moves that do not wait, each from its first stage in the order of the pact.
fn all_circles(pact: &Pact) -> Vec<Vec<Step<'_>>> {
    let mut all = Vec::new();
    for (pipeline, of) in pact.pipelines.iter().enumerate() {
        for start in 0..of.stages.len() {
            let start = StageId { pipeline: PipelineId(pipeline as u32), stage: start as u32 };
            extend(pact, start, start, &mut Vec::new(), &mut all);
        }
    }
    all
}

fn extend<'p>(pact: &'p Pact, start: StageId, from: StageId, way: &mut Vec<Step<'p>>, all: &mut Vec<Vec<Step<'p>>>) {
    for step in pact[from].moves.iter().filter(|step| step.after.is_none()) {
        if all.len() >= MOST_CIRCLES {
            return;
        }
        way.push(Step { from, step });
        if step.to == start {
            all.push(way.clone());
        } else if step.to > start && way.len() < MOST_STAGES && way.iter().all(|on_way| on_way.from != step.to) {
            extend(pact, start, step.to, way, all);
        }
        way.pop();
    }
}

/// A lead that goes round, in words.
fn witness(pact: &Pact, at: Instant, circle: &[Step<'_>], tries: &mut usize) -> Option<String> {
    let goals: Vec<Expr> = circle.iter().flat_map(|step| asked(pact, *step)).cloned().collect();
    let before = |step: &Step<'_>| -> Vec<Expr> {
        let moves = &pact[step.from].moves;
        let earlier = moves.iter().take_while(|other| !std::ptr::eq(*other, step.step));
        earlier.flat_map(|other| asked(pact, Step { from: step.from, step: other })).cloned().collect()
    };
    let others: Vec<Expr> = circle.iter().flat_map(before).collect();
    let closes = |view: &View<'_>| circle.iter().all(|step| is_made(view, step));
    let mut left = TRIES_OF_CIRCLE.min(*tries);
    let start = left;
    let takes = circle.first().and_then(|step| pact[step.from.pipeline].for_leads.as_ref());
    let mut found = None;
    if let Some(takes) = takes {
        // a lead that the pipeline takes says more; one that was taken before may go round as well
        let goals: Vec<Expr> = goals.iter().chain([takes]).cloned().collect();
        let closes = |view: &View<'_>| view.condition(takes) == Verdict::Met && closes(view);
        let search = Search::new(pact, at, &goals, &others, &closes);
        let mut half = left / 2;
        found = search.run(&mut half).map(|record| search.words(&record));
        left -= start / 2 - half;
    }
    if found.is_none() {
        let search = Search::new(pact, at, &goals, &others, &closes);
        found = search.run(&mut left).map(|record| search.words(&record));
    }
    *tries -= start - left;
    found
}

/// Whether the move is the one that is made: the first that is met and not held.
fn is_made(view: &View<'_>, step: &Step<'_>) -> bool {
    let moves = view.pact[step.from].moves.iter().filter(|other| other.after.is_none());
    let mut due = moves.filter(|other| {
        asked(view.pact, Step { from: step.from, step: other }).all(|asked| view.condition(asked) == Verdict::Met)
    });
    due.next().is_some_and(|due| std::ptr::eq(due, step.step))
}

/// What must be met for a move to be made: its condition, and the needs of its hand-over.
fn asked<'p>(pact: &'p Pact, step: Step<'p>) -> impl Iterator<Item = &'p Expr> {
    let handoff = |handoff: &&Handoff| handoff.from == step.from && handoff.to == step.step.to;
    let needs = pact.handoffs.iter().find(handoff).into_iter().flat_map(|handoff| &handoff.needs);
    step.step.when.iter().chain(needs.map(|need| &need.condition))
}

fn finding(pact: &Pact, circle: &[Step<'_>], witness: &str) -> Diagnostic {
    let name = |stage: StageId| format!("`{}`", pact[stage].name);
    let names: Vec<String> = circle.iter().map(|step| name(step.from)).collect();
    let says = |step: &Step<'_>, last: bool| {
        let back = if last { "back " } else { "" };
        format!("from {} {back}to {}", name(step.from), name(step.step.to))
    };
    let place = circle.first().map_or(super::check::NOWHERE, |step| step.step.span);
    let message = format!("{witness} would go round {} at one instant", names.join(", "));
    let mut finding = Diagnostic::new(Code::MoveCircle, place, message);
    for (at, step) in circle.iter().enumerate() {
        let says = says(step, at + 1 == circle.len());
        finding = if at == 0 { finding.here(says) } else { finding.and(step.step.span, says) };
    }
    finding.help(
        "let two of these moves rule each other out, such as `>= 60` to go and `< 40` to come back, or let one wait: \
         `after 1 day`",
    )
}
