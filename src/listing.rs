//! What stands on a digest: for each of its parts the leads to look at, as data. Keys are stable.

use std::sync::Arc;

use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::eval::View;
use crate::lifecycle::{Clock, ClockState, LeadState};
use crate::locale::Locale;
use crate::pact::{Digest, DigestPart, Pact, StageId, ValueId, Verdict};
use crate::time::Instant;
use crate::value::json_number;

/// A digest at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DigestReport {
    /// Its name.
    pub name: Arc<str>,
    /// For whom it is.
    #[serde(rename = "for")]
    pub party: Arc<str>,
    /// What it says.
    pub says: Arc<str>,
    /// The instant, in the pact's zone.
    pub at: String,
    /// Its parts, in the order of the pact.
    pub parts: Vec<PartReport>,
    /// What the pact means, as a hash.
    pub digest: Arc<str>,
}

/// A part of a digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartReport {
    /// What is listed.
    pub what: String,
    /// The leads.
    pub leads: Vec<ListedLead>,
}

/// A lead on a digest.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ListedLead {
    /// Its key.
    pub lead: String,
    /// Who has it.
    pub person: Option<String>,
    /// Its points, where leads are listed by them.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "points")]
    pub points: Option<Decimal>,
    /// The bands that it lies in, where leads are listed by points.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub bands: IndexMap<String, String>,
    /// When the promise is due that is near its breach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The facts of which it misses one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<Arc<str>>,
}

fn points<S: serde::Serializer>(points: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    points.map(json_number).serialize(to)
}

/// A digest at an instant, from what its parts list.
pub fn digest_report(pact: &Pact, digest: &Digest, now: Instant, lists: Vec<Vec<ListedLead>>) -> DigestReport {
    let part = |(part, leads): (&DigestPart, Vec<ListedLead>)| PartReport {
        what: Locale::plain(pact).part(part),
        leads: in_order(part, leads),
    };
    DigestReport {
        name: digest.name.clone(),
        party: digest.party.clone(),
        says: digest.description.clone(),
        at: pact.zone.rfc3339(now),
        parts: digest.parts.iter().zip(lists).map(part).collect(),
        digest: pact.digest.clone(),
    }
}

/// The leads of a part: those with most points first and no more than are asked for, or else by their keys.
fn in_order(part: &DigestPart, mut leads: Vec<ListedLead>) -> Vec<ListedLead> {
    leads.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.lead.cmp(&b.lead)));
    if let DigestPart::Top { count, .. } = part {
        leads.truncate(*count as usize);
    }
    leads
}

/// The stage whose leads a part lists.
pub fn stage(part: &DigestPart) -> StageId {
    match part {
        DigestPart::Top { stage, .. } | DigestPart::NearBreach { stage, .. } | DigestPart::NearMiss { stage, .. } => {
            *stage
        }
    }
}

/// What a part lists of a lead as it is at an instant; none where the lead does not belong there.
pub fn listed(pact: &Pact, part: &DigestPart, lead: &str, state: &LeadState, now: Instant) -> Option<ListedLead> {
    if state.stage() != Some(stage(part)) || state.merged.is_some() {
        return None;
    }
    let person = state.person().map(ToString::to_string);
    let entry = ListedLead { lead: lead.to_owned(), person, ..ListedLead::default() };
    let view = View::new(pact, &state.record, now);
    match part {
        DigestPart::Top { by, condition, .. } => {
            let holds = condition.as_ref().is_none_or(|condition| view.condition(condition) == Verdict::Met);
            let points = Some(view.score(*by).points);
            holds.then(|| ListedLead { points, bands: bands(&view), ..entry })
        }
        DigestPart::NearBreach { sla, .. } => {
            let near = state.clocks.iter().filter(|clock| clock.sla == *sla && is_near(pact, clock, now));
            let due = near.filter_map(|clock| clock.due(pact)).min()?;
            Some(ListedLead { due: Some(pact.zone.rfc3339(due)), ..entry })
        }
        DigestPart::NearMiss { criteria, .. } => {
            let sets = view.near_miss(*criteria);
            let facts = sets.iter().filter(|set| set.len() == 1).flatten();
            let any_of: Vec<Arc<str>> = facts.map(|field| pact[*field].name.clone()).collect();
            (!any_of.is_empty()).then(|| ListedLead { any_of, ..entry })
        }
    }
}

/// Each band and its word, where that is known.
pub fn bands(view: &View<'_>) -> IndexMap<String, String> {
    let pact = view.pact;
    let bands = pact.values.iter().enumerate().filter(|(_, value)| value.is_band());
    bands
        .filter_map(|(at, value)| Some((value.name.to_string(), view.shown(ValueId(at as u32))?.to_string())))
        .collect()
}

/// A warning has passed and the promise is not breached; of a service level that does not warn, a quarter of the time is
/// left.
fn is_near(pact: &Pact, clock: &Clock, now: Instant) -> bool {
    let warns = !pact[clock.sla].warnings.is_empty();
    match clock.state() {
        ClockState::Warned => clock.is_open(),
        ClockState::Running if !warns => {
            clock.allowed().is_some_and(|all| clock.used(pact, now).saturating_mul(4) >= all.saturating_mul(3))
        }
        _ => false,
    }
}

/// What there is to say of the leads of a part, besides who they are and who has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadColumns {
    points: bool,
    bands: Vec<String>,
    due: bool,
    any_of: bool,
}

impl PartReport {
    /// What there is to say of its leads.
    pub fn columns(&self) -> LeadColumns {
        let mut columns = LeadColumns::default();
        for lead in &self.leads {
            columns.points |= lead.points.is_some();
            columns.due |= lead.due.is_some();
            columns.any_of |= !lead.any_of.is_empty();
            for band in lead.bands.keys() {
                if !columns.bands.contains(band) {
                    columns.bands.push(band.clone());
                }
            }
        }
        columns
    }
}

impl LeadColumns {
    /// Their heads.
    pub fn heads(&self, locale: &Locale<'_>) -> Vec<String> {
        let word = |there: bool, word: &'static str| there.then(|| locale.say(word).to_owned());
        let bands = self.bands.iter().map(|band| locale.name(band).into_owned());
        let last = [word(self.due, "due"), word(self.any_of, "lacks one of")];
        word(self.points, "points").into_iter().chain(bands).chain(last.into_iter().flatten()).collect()
    }

    /// What they hold for a lead.
    pub fn cells(&self, locale: &Locale<'_>, lead: &ListedLead) -> Vec<String> {
        let points = self.points.then(|| lead.points.map(|points| locale.number(points)).unwrap_or_default());
        let band = |band: &String| lead.bands.get(band).map(|word| locale.name(word).into_owned()).unwrap_or_default();
        let due = self.due.then(|| lead.due.as_deref().map(|due| locale.minute(due)).unwrap_or_default());
        let facts = || lead.any_of.iter().map(|field| locale.name(field)).collect::<Vec<_>>().join(", ");
        let last = [due, self.any_of.then(facts)];
        points.into_iter().chain(self.bands.iter().map(band)).chain(last.into_iter().flatten()).collect()
    }
}
