//! The projection of a lead: what lists ask for, of many leads at once.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::find::{self, Terms};
use super::merge_group::{GroupMember, parts};
use super::rehydrate::Rehydrated;
use crate::eval::View;
use crate::lifecycle::{ClockState, LeadState, measured};
use crate::listing::bands;
use crate::pact::{Pact, ScoreId};
use crate::record::Record;
use crate::store::{ClockRow, Projection};
use crate::time::Instant;

/// The state of a clock whose promise was breached and is not met yet.
const BREACHED: &str = "breached";

/// The projection of a rehydrated lead, with what is known of those that became part of it.
pub(super) fn projection(
    all: &[(&GroupMember, Rehydrated)],
    member: &GroupMember,
    rehydrated: &Rehydrated,
) -> Projection {
    let key = rehydrated.name.to_string();
    // one that became part of another is in no stage
    let Some(state) = rehydrated.state.as_ref().filter(|state| state.merged.is_none()) else {
        return Projection { key, next: rehydrated.next, due: rehydrated.due, ..Projection::default() };
    };
    let pact = &*rehydrated.pact;
    let stage = state.stage();
    let assignee = state.assignee.as_ref();
    let text = |text: &str| text.to_owned();
    let view = View::new(pact, &state.record, state.now);
    let score = |at: usize| (pact.scores[at].name.to_string(), thousandths(view.score(ScoreId(at as u32)).points));
    Projection {
        key,
        name: name(pact, &state.record),
        pipeline: stage.map(|id| text(&pact[id.pipeline].name)),
        stage: stage.map(|id| text(&pact[id].name)),
        owner: state.owner(pact).as_deref().map(text),
        team: assignee.and_then(|assignee| assignee.team).map(|team| text(&pact[team].name)),
        person: state.person().map(|person| text(person)),
        queue: assignee.and_then(|assignee| assignee.queue.as_deref()).map(text),
        resting: state.resting().is_some(),
        next: rehydrated.next,
        due: rehydrated.due,
        scores: (0..pact.scores.len()).map(score).collect(),
        bands: bands(&view),
        clocks: clocks(pact, state),
        terms: parts(all, &member.lead).into_iter().fold(terms(rehydrated), |mut terms, (_, part)| {
            find::join(&mut terms, self::terms(part));
            terms
        }),
    }
}

/// What a lead by itself is found by.
fn terms(rehydrated: &Rehydrated) -> Terms {
    let state = rehydrated.state.as_ref();
    state.map(|state| find::terms(&rehydrated.pact, &rehydrated.name, &state.record)).unwrap_or_default()
}

/// The fields that hold what people call a lead, the most specific first: those of one entry together.
const NAMES: [&[&str]; 3] = [&["name"], &["first_name", "last_name"], &["company"]];

/// What people call a lead: its name, or who it is of which company, as its record has it.
fn name(pact: &Pact, record: &Record) -> Option<String> {
    let value = |field: &&str| Some(record.value(pact.field(field)?)?.as_text()?.trim().to_owned());
    let names = NAMES.iter().map(|fields| {
        let parts: Vec<String> = fields.iter().filter_map(value).filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    });
    names.into_iter().find(|name| !name.is_empty())
}

/// Whether what people call a lead is personal data by a pact.
pub fn name_is_personal(pact: &Pact) -> bool {
    NAMES.iter().copied().flatten().filter_map(|field| pact.field(field)).any(|field| pact[field].pii)
}

fn clocks(pact: &Pact, state: &LeadState) -> Vec<ClockRow> {
    let open = state.clocks.iter().filter(|clock| clock.is_open());
    let row = open.filter_map(|clock| {
        let promise = pact[clock.sla].promises.get(clock.promise as usize)?;
        let state = match clock.state() {
            ClockState::Breached => BREACHED,
            ClockState::Paused => "paused",
            _ => "running",
        };
        Some(ClockRow {
            sla: pact[clock.sla].name.to_string(),
            promise: promise.kind.name().words().to_owned(),
            state: state.to_owned(),
            due: clock.breached.or_else(|| clock.due(pact)),
        })
    });
    row.collect()
}

/// How late a clock is at an instant, in seconds of its promise's measure, and whether those are open ones; none when it
/// is not breached.
pub fn late(pact: &Pact, clock: &ClockRow, now: Instant) -> Option<(i64, bool)> {
    let breached = clock.due.filter(|_| clock.state == BREACHED)?;
    Some(measured(pact, &clock.sla, &clock.promise, breached, now))
}

/// Points as they are stored; what is beyond all bounds is the bound.
pub(super) fn thousandths(points: Decimal) -> i64 {
    (points * Decimal::ONE_THOUSAND).round().to_i64().unwrap_or(if points.is_sign_negative() {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// Points as people know them.
pub fn points(thousandths: i64) -> Decimal {
    (Decimal::from(thousandths) / Decimal::ONE_THOUSAND).normalize()
}
