//! Digests: the list of leads that a party is sent on certain days at a certain time.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde_json::json;

use super::announcement::Announcement;
use super::merge_group::{MergeGroup, Since};
use super::projection::points;
use super::stored_roster::stored_roster;
use super::{Notifier, PactVersions};
use crate::listing::{ListedLead, digest_report, listed, stage};
use crate::pact::{Cadence, Digest, DigestPart, Pact};
use crate::store::{Filter, Projection, Result, Store};
use crate::time::Instant;
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
    let lists: Result<Vec<_>> = digest.parts.iter().map(|part| list(store, versions, pact, part, now)).collect();
    let data = json!(digest_report(pact, digest, now, lists?));
    let list = Announcement { topic: EffectTopic::Digest, pact, name: &digest.name, at, data };
    list.send(store, now, targets)
}

/// The leads of a part. Those with most points are known as they were stored; all others are replayed up to now.
fn list(
    store: &mut dyn Store,
    versions: &PactVersions,
    pact: &Pact,
    part: &DigestPart,
    now: Instant,
) -> Result<Vec<ListedLead>> {
    let in_stage = Filter { stage: Some(pact[stage(part)].name.to_string()), ..Filter::default() };
    let DigestPart::Top { count, by, condition, .. } = part else {
        return those(store, versions, pact, part, &in_stage, now);
    };
    let by = &pact[*by].name;
    let filter = Filter { score: Some(by.to_string()), ..in_stage };
    if condition.is_some() {
        return those(store, versions, pact, part, &filter, now);
    }
    let found = store.projections(&filter, (*count as usize).min(MOST))?;
    let leads = found.into_iter().map(|(_, _, projection)| {
        let score = projection.scores.iter().find(|(name, _)| **name == **by).map(|(_, score)| points(*score));
        let Projection { key: lead, person, bands, .. } = projection;
        ListedLead { lead, person, points: score, bands, ..ListedLead::default() }
    });
    Ok(leads.collect())
}

/// What a part lists of the leads of a filter, replayed up to now.
fn those(
    store: &mut dyn Store,
    versions: &PactVersions,
    pact: &Pact,
    part: &DigestPart,
    filter: &Filter,
    now: Instant,
) -> Result<Vec<ListedLead>> {
    let stored = stored_roster(store)?;
    let mut entries = Vec::new();
    for (lead, rehydrated, _) in store.projections(filter, MOST)? {
        let merge_group = MergeGroup::of(store, &lead)?;
        let mut roster = stored.clone();
        let all = merge_group.rehydrate(versions, &mut roster, rehydrated.max(now), Since::Checkpoint)?;
        let this = all.iter().find(|(member, _)| member.lead == lead).map(|(_, rehydrated)| rehydrated);
        entries.extend(this.and_then(|this| listed(pact, part, &this.name, this.state.as_ref()?, now)));
    }
    Ok(entries)
}
