//! Digests: the list of leads that a party is sent on certain days at a certain time.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::announcement::Announcement;
use super::merge_group::{MergeGroup, Since};
use super::projection::{bands, points};
use super::rehydrate::Rehydrated;
use super::{Notifier, PactVersions};
use crate::eval::View;
use crate::lifecycle::{Clock, ClockState};
use crate::pact::{Cadence, Digest, DigestPart, Pact, StageId, Verdict};
use crate::roster::Roster;
use crate::store::{Filter, Result, Store};
use crate::time::Instant;
use crate::value::json_number;
use crate::webhook::EffectTopic;

/// How many leads of a stage are looked at for a part of a digest.
const MOST: usize = 1_000;

/// How many days hold an occasion of whatever comes on a day of the week.
const WEEK: u64 = 7;

/// When the next digest is to be sent, after an instant.
pub(super) fn next(pact: &Pact, after: Instant) -> Option<Instant> {
    let today = pact.zone.date(after);
    let days = || (0..=WEEK).filter_map(|n| today.checked_add_days(Days::new(n)));
    occasions(pact).filter_map(|(_, when)| days().filter_map(|day| on(pact, when, day)).find(|at| *at > after)).min()
}

/// The digests that are to be sent at an instant when all before another have been: of several occasions that have passed
/// only the last is sent.
pub(super) fn due(pact: &Pact, sent: Instant, now: Instant) -> Vec<(&Digest, Instant)> {
    let today = pact.zone.date(now);
    let days = || (0..=WEEK).filter_map(|n| today.checked_sub_days(Days::new(n)));
    let last = |when| days().filter_map(|day| on(pact, when, day)).find(|at| *at <= now);
    let mut due: Vec<(&Digest, Instant)> = Vec::new();
    for (digest, when) in occasions(pact) {
        let Some(at) = last(when).filter(|at| *at > sent) else { continue };
        match due.iter_mut().find(|(other, _)| other.name == digest.name) {
            Some((_, latest)) => *latest = at.max(*latest),
            None => due.push((digest, at)),
        }
    }
    due.sort_by_key(|(digest, at)| (*at, digest.name.clone()));
    due
}

fn occasions(pact: &Pact) -> impl Iterator<Item = (&Digest, (Cadence, NaiveTime))> {
    pact.digests.iter().flat_map(|digest| digest.every.iter().map(move |when| (digest, *when)))
}

/// The occasion on a day, where there is one.
fn on(pact: &Pact, (days, time): (Cadence, NaiveTime), day: NaiveDate) -> Option<Instant> {
    let weekday = day.weekday().num_days_from_monday();
    let is_one = match days {
        Cadence::Day => true,
        Cadence::Weekday => weekday < 5,
        Cadence::On(which) => weekday == u32::from(which),
    };
    is_one.then(|| pact.zone.instant(day.and_time(time)))
}

/// Puts a digest out to whoever wants it.
pub(super) fn send(
    store: &mut dyn Store,
    versions: &PactVersions,
    (digest, at): (&Digest, Instant),
    now: Instant,
    targets: &dyn Notifier,
) -> Result<bool> {
    let Some(version) = versions.last() else { return Ok(false) };
    if targets.wanting(EffectTopic::Digest).is_empty() {
        return Ok(false);
    }
    let pact = &version.pact;
    let parts: Result<Vec<Value>> = digest.parts.iter().map(|part| list(store, versions, pact, part, now)).collect();
    let data = json!({
        "name": digest.name,
        "for": digest.party,
        "says": digest.description,
        "at": pact.zone.rfc3339(now),
        "parts": parts?,
        "digest": pact.digest,
    });
    let list = Announcement { topic: EffectTopic::Digest, pact, name: &digest.name, at, data };
    list.send(store, now, targets)
}

fn list(store: &mut dyn Store, versions: &PactVersions, pact: &Pact, part: &DigestPart, now: Instant) -> Result<Value> {
    let name = |stage: StageId| &pact[stage].name;
    let in_stage = |stage: StageId| Filter { stage: Some(name(stage).to_string()), ..Filter::default() };
    let (what, leads) = match part {
        DigestPart::Top { count, stage, by, condition: None } => {
            let by = &pact[*by].name;
            let filter = Filter { score: Some(by.to_string()), ..in_stage(*stage) };
            let found = store.projections(&filter, (*count as usize).min(MOST))?;
            let leads = found.into_iter().map(|(_, _, projection)| {
                let score = projection.scores.iter().find(|(name, _)| **name == **by).map(|(_, score)| *score);
                let entry = json!({"lead": projection.key, "person": projection.person, "points": score.map(points)});
                with_bands(entry, &projection.bands)
            });
            (format!("top {count} leads in {} by {by}", name(*stage)), leads.collect())
        }
        DigestPart::Top { count, stage, by, condition: Some(condition) } => {
            let filter = Filter { score: Some(pact[*by].name.to_string()), ..in_stage(*stage) };
            let mut leads = those(store, versions, &filter, now, |rehydrated| {
                let state = rehydrated.state.as_ref()?;
                let view = View::new(pact, &state.record, now);
                let holds = view.condition(condition) == Verdict::Met;
                let points = json_number(view.score(*by).points);
                let entry = json!({"lead": *rehydrated.name, "person": state.person(), "points": points});
                holds.then(|| with_bands(entry, &bands(&view)))
            })?;
            leads.truncate(*count as usize);
            let says = pact.clause(condition.span).says;
            (format!("top {count} leads in {} by {} where {says}", name(*stage), pact[*by].name), leads)
        }
        DigestPart::NearBreach { stage, sla } => {
            let leads = those(store, versions, &in_stage(*stage), now, |rehydrated| {
                let state = rehydrated.state.as_ref()?;
                let near = state.clocks.iter().filter(|clock| clock.sla == *sla && is_near(pact, clock, now));
                let due = near.filter_map(|clock| clock.due(pact)).min()?;
                Some(json!({"lead": *rehydrated.name, "person": state.person(), "due": pact.zone.rfc3339(due)}))
            })?;
            (format!("leads in {} near breach of {}", name(*stage), pact[*sla].name), leads)
        }
        DigestPart::NearMiss { stage, criteria } => {
            let leads = those(store, versions, &in_stage(*stage), now, |rehydrated| {
                let state = rehydrated.state.as_ref()?;
                let sets = View::new(pact, &state.record, now).near_miss(*criteria);
                let facts = sets.iter().filter(|set| set.len() == 1).flatten().map(|field| &pact[*field].name);
                let facts: Vec<_> = facts.collect();
                let near = json!({"lead": *rehydrated.name, "person": state.person(), "any_of": facts});
                (!facts.is_empty()).then_some(near)
            })?;
            (format!("leads in {} that miss one fact for {}", name(*stage), pact[*criteria].name), leads)
        }
    };
    Ok(json!({"what": what, "leads": leads}))
}

/// A lead with the bands that it lies in, where the pact has any.
fn with_bands(mut lead: Value, bands: &IndexMap<String, String>) -> Value {
    if !bands.is_empty() {
        lead["bands"] = json!(bands);
    }
    lead
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

/// What is listed of the leads of a filter, replayed up to now: those of which `entry` gives something.
fn those(
    store: &mut dyn Store,
    versions: &PactVersions,
    filter: &Filter,
    now: Instant,
    entry: impl Fn(&Rehydrated) -> Option<Value>,
) -> Result<Vec<Value>> {
    let stored = store.single("roster")?.unwrap_or_default();
    let mut entries = Vec::new();
    for (lead, rehydrated, _) in store.projections(filter, MOST)? {
        let merge_group = MergeGroup::of(store, &lead)?;
        let mut roster: Roster = serde_json::from_str(&stored).unwrap_or_default();
        let all = merge_group.rehydrate(versions, &mut roster, rehydrated.max(now), Since::Checkpoint);
        let this = all.iter().find(|(member, _)| member.lead == lead);
        entries.extend(this.and_then(|(_, rehydrated)| entry(rehydrated)));
    }
    Ok(entries)
}
