//! The projection of a lead: what lists ask for, of many leads at once.

use indexmap::IndexMap;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::find::{self, Terms};
use crate::lifecycle::{ClockState, LeadState, measured};
use crate::pact::{Pact, Score, ScoreId, ValueId};
use crate::record::Record;
use crate::store::{ClockRow, Projection};
use crate::time::Instant;

/// The state of a clock whose promise was breached and is not met yet.
const BREACHED: &str = "breached";

/// A lead at an instant, as far as lists ask for it.
pub(super) struct Present<'a> {
    /// The pact in force.
    pub(super) pact: &'a Pact,
    /// The lead's key as it was first reported.
    pub(super) name: &'a str,
    /// Its state; none before its first event.
    pub(super) state: Option<&'a LeadState>,
    /// What it is worth.
    pub(super) worth: &'a Worth,
    /// When the next happens that is known of.
    pub(super) next: Option<Instant>,
    /// When to look again.
    pub(super) due: Option<Instant>,
}

/// What a lead is worth at an instant.
#[derive(Debug, Clone, Default)]
pub(super) struct Worth {
    /// Points in thousandths, by score.
    scores: IndexMap<String, i64>,
    /// The word of each band, where it is known.
    bands: IndexMap<String, String>,
}

impl Worth {
    /// By its state; nothing before its first event.
    pub(super) fn of(pact: &Pact, state: Option<&mut LeadState>) -> Self {
        let Some(state) = state else { return Self::default() };
        let points =
            |(score, at): (&Score, u32)| (score.name.to_string(), thousandths(state.points(pact, ScoreId(at))));
        let scores = pact.scores.iter().zip(0..).map(points).collect();
        let bands = pact.values.iter().zip(0..).filter(|(value, _)| value.is_band());
        let bands = bands
            .filter_map(|(value, at)| Some((value.name.to_string(), state.shown(pact, ValueId(at))?.to_string())))
            .collect();
        Self { scores, bands }
    }
}

/// The projection of a lead, with what is known of those that became part of it.
pub(super) fn projection<'a>(lead: &Present<'_>, parts: impl IntoIterator<Item = Present<'a>>) -> Projection {
    let Present { pact, name: key, next, due, .. } = *lead;
    let key = key.to_owned();
    // one that became part of another is in no stage
    let Some(state) = lead.state.filter(|state| state.merged.is_none()) else {
        return Projection { key, next, due, ..Projection::default() };
    };
    let stage = state.stage();
    let assignee = state.assignee.as_ref();
    let text = |text: &str| text.to_owned();
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
        next,
        due,
        scores: lead.worth.scores.clone(),
        bands: lead.worth.bands.clone(),
        clocks: clocks(pact, state),
        terms: parts.into_iter().fold(terms(lead), |mut terms, part| {
            find::join(&mut terms, self::terms(&part));
            terms
        }),
    }
}

/// What a lead by itself is found by.
fn terms(lead: &Present<'_>) -> Terms {
    lead.state.map(|state| find::terms(lead.pact, lead.name, &state.record)).unwrap_or_default()
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
