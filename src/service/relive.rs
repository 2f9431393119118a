//! One lead's life, worked out from what the store keeps of it: the events, the pacts that were in force when they
//! happened, and the turns that the lead took. The same three give the same life, however often.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::decide::{EntrySaid, told};
use crate::explain;
use crate::lifecycle::{
    Asked, Entry, EntryKind, Kept, LeadEvent, Life, Story, begin, carry, go_on, known, next_change, step,
};
use crate::pact::Pact;
use crate::roster::{Act, Ledger, Roster};
use crate::value::{Instant, Value};

use super::eras::{Era, Eras};
use super::milestone::{Milestone, told_until};
use super::telling::{Answer, Telling, told_again};

/// How far ahead it is worked out when time alone next changes something. Whoever has not changed until then is looked
/// at again.
const HORIZON: TimeDelta = TimeDelta::days(400);

/// A life as it is at an instant.
pub struct Relived {
    /// The pact in force.
    pub pact: Arc<Pact>,
    /// The number of its era.
    pub(super) era: i64,
    /// The lead's key as it was first told.
    pub name: Arc<str>,
    /// The life; none when nothing has been told of the lead by then.
    pub life: Option<Life>,
    /// The story under the pact in force.
    pub story: Story,
    /// The stories under those before, in order.
    pub earlier: Vec<(Arc<Pact>, Story)>,
    /// The whole story; after a milestone, from there on.
    pub entries: Vec<Happened>,
    /// The engine's own answers.
    pub(super) answers: Vec<Answer>,
    /// The instant of the milestone from which it was lived.
    pub from: Option<Instant>,
    /// The turns that were taken.
    pub acts: Vec<Act>,
    /// The last milestone, as JSON.
    pub milestone: Option<String>,
    /// When the next happens that is known of: time changes something, or what was told ahead of its time comes true.
    pub next: Option<Instant>,
    /// When to look again.
    pub due: Option<Instant>,
}

/// Something that happened.
pub struct Happened {
    /// As it happened, in the ids of its pact.
    pub entry: Entry,
    /// The pact that made it happen.
    pub pact: Arc<Pact>,
    /// As data.
    pub said: EntrySaid,
}

/// Lives a lead up to an instant, from its beginning or from a milestone that still holds. None when no pact understands
/// anything that was told of it.
pub(super) fn relive(
    eras: &Eras,
    telling: &Telling<'_>,
    acts: Vec<Act>,
    roster: &mut Roster,
    until: Instant,
    milestone: Option<&str>,
) -> Option<Relived> {
    let first = telling.first()?;
    let mut resumed = milestone.and_then(|text| Resumed::new(Milestone::read(text)?, eras, telling));
    let from = resumed.as_ref().map(|resumed| resumed.since);
    let turns = resumed.as_ref().map_or(0, |resumed| resumed.milestone.turns);
    let mut living = Living::new(telling, Ledger::resumed(acts, turns, roster));
    let mut ahead: Option<Instant> = None;
    let mut last: Option<(&Era, Value)> = None;
    for (era, end) in eras.all() {
        let passed = resumed.as_ref().is_some_and(|resumed| era.number < resumed.milestone.era);
        // the first pact holds for all that was before; one that was gone when the lead came never held for it
        let begun = last.is_some();
        let gone = !begun && resumed.is_none() && end.is_some_and(|end| end <= first);
        if passed || gone || (begun && era.since > until) {
            continue;
        }
        let pact = &era.pact;
        let (key, told, lived) = match resumed.take() {
            Some(Resumed { milestone, key, told, .. }) => {
                living.resume(milestone, era, &key, &told);
                (key, told, Some(era.since))
            }
            None => {
                let (key, told) = telling.under(era);
                let Some(key) = key.or_else(|| last.as_ref().map(|(_, key)| key.clone())) else { continue };
                let crosses = last.as_ref().filter(|_| living.life.is_some());
                if let Some((old, _)) = crosses {
                    living.cross(&old.pact, era, &key, &told);
                }
                let lived = crosses.map(|_| era.since);
                (key, told, lived)
            }
        };
        ahead = told.iter().map(|event| event.at).filter(|at| *at > until).min();
        let stop = end.filter(|end| *end <= until).map_or(until, |end| end - TimeDelta::nanoseconds(1));
        if lived.is_none() {
            living.begin(pact, &key, told.first().filter(|event| event.at <= stop));
        }
        let open = |event: &LeadEvent| event.at <= stop && lived.is_none_or(|lived| event.at > lived);
        living.go_on(pact, told.into_iter().filter(open).collect(), stop);
        living.tell(pact, &key);
        last = Some((era, key));
    }
    let (Era { number: era, pact, .. }, key) = last?;
    let (era, pact) = (*era, pact.clone());
    let Living { ledger, life, story, earlier, entries, answers, milestone, .. } = living;
    let milestone = milestone.and_then(|milestone| serde_json::to_string(&milestone).ok());
    let acts = ledger.finish();
    let next = life.as_ref().and_then(|life| next_change(&pact, life, until + HORIZON));
    let look = life.as_ref().map(|_| until + HORIZON);
    let next = next.into_iter().chain(ahead).min();
    let (name, due) = (key.to_string().into(), next.or(look));
    Some(Relived { pact, era, name, life, story, earlier, entries, answers, from, acts, milestone, next, due })
}

/// A milestone that holds, with what its pact understands of what was told.
struct Resumed {
    milestone: Milestone,
    since: Instant,
    key: Value,
    told: Vec<LeadEvent>,
}

impl Resumed {
    fn new(milestone: Milestone, eras: &Eras, telling: &Telling<'_>) -> Option<Self> {
        let era = eras.find(milestone.era)?;
        let (key, told) = telling.under(era);
        let holds = milestone.holds(&told_until(era.since, telling, &told));
        if holds { Some(Self { milestone, since: era.since, key: key?, told }) } else { None }
    }
}

/// A life on its way through the pacts.
struct Living<'a> {
    telling: &'a Telling<'a>,
    ledger: Ledger<'a>,
    /// None before anything happens.
    life: Option<Life>,
    /// The story under the pact of the life.
    story: Story,
    /// The stories under those before, in order.
    earlier: Vec<(Arc<Pact>, Story)>,
    /// The whole story so far.
    entries: Vec<Happened>,
    /// The engine's own answers.
    answers: Vec<Answer>,
    /// The last crossing.
    milestone: Option<Milestone>,
}

impl<'a> Living<'a> {
    fn new(telling: &'a Telling<'a>, ledger: Ledger<'a>) -> Self {
        Self {
            telling,
            ledger,
            life: None,
            story: Story::default(),
            earlier: Vec::new(),
            entries: Vec::new(),
            answers: Vec::new(),
            milestone: None,
        }
    }

    fn begin(&mut self, pact: &Pact, key: &Value, first: Option<&LeadEvent>) {
        self.life = first.map(|first| begin(known(pact, key.clone(), &[]), first.at));
    }

    fn go_on(&mut self, pact: &Pact, events: Vec<LeadEvent>, until: Instant) {
        let life = self.life.take();
        self.life = life.map(|life| go_on(pact, life, &mut self.story, events, until, Some(&mut self.ledger)));
    }

    /// Goes over to the next pact: what was told before is told again in its words, the rest of the life is carried.
    fn cross(&mut self, old: &Arc<Pact>, era: &Era, key: &Value, told: &[LeadEvent]) {
        let (pact, at) = (&era.pact, era.since);
        let Some(life) = self.life.take() else { return };
        let record = told_again(pact, key, told.iter().filter(|event| event.at < at), &self.answers);
        let carried = carry(old, life, pact, record, at, Some(&mut self.ledger));
        self.tell_all(old, key, &carried.ended);
        let mut story = Story::default();
        story.entries.extend(carried.migrated);
        let now = told.iter().filter(|event| event.at == at).cloned();
        let life = step(pact, carried.life, &mut story, now, at, Some(&mut self.ledger));
        let answers = self.answers.iter().cloned().chain(answers(pact, &story.entries)).collect();
        let said = told_until(at, self.telling, told);
        self.milestone = Some(Milestone::new(era.number, said, self.ledger.done(), answers, Kept::of(&life)));
        self.life = Some(life);
        self.earlier.push((old.clone(), std::mem::replace(&mut self.story, story)));
    }

    /// Takes a life up where it had crossed over to a pact.
    fn resume(&mut self, milestone: Milestone, era: &Era, key: &Value, told: &[LeadEvent]) {
        self.answers.clone_from(&milestone.answers);
        let record = told_again(&era.pact, key, told.iter().filter(|event| event.at <= era.since), &self.answers);
        self.life = Some(milestone.kept.clone().with(record));
        self.milestone = Some(milestone);
    }

    /// Adds the story under a pact to the whole.
    fn tell(&mut self, pact: &Arc<Pact>, key: &Value) {
        let entries = std::mem::take(&mut self.story.entries);
        self.tell_all(pact, key, &entries);
        self.story.entries = entries;
    }

    fn tell_all(&mut self, pact: &Arc<Pact>, key: &Value, entries: &[Entry]) {
        let name: Arc<str> = key.to_string().into();
        self.answers.extend(answers(pact, entries));
        self.entries.extend(entries.iter().map(|entry| Happened {
            entry: entry.clone(),
            pact: pact.clone(),
            said: told(pact, &name, entry),
        }));
    }
}

/// The answers of the engine itself.
fn answers<'e>(pact: &'e Pact, entries: &'e [Entry]) -> impl Iterator<Item = Answer> + use<'e> {
    entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Asked(Asked::Dispose(kind)) => Some((entry.at, pact[*kind].name.clone())),
        _ => None,
    })
}

impl Relived {
    /// The whole story as data, each thing with what it is in words. Within an instant, what was told of the lead comes
    /// before what was made of it.
    pub fn told(&self) -> Vec<serde_json::Value> {
        let mut all = self.events();
        all.extend(self.entries.iter().map(|happened| {
            let mut said = serde_json::to_value(&happened.said).unwrap_or_default();
            if let Some(said) = said.as_object_mut() {
                let kind = said.get("what").cloned().unwrap_or_default();
                said.insert("kind".to_owned(), kind);
                said.insert("words".to_owned(), happened.words().into());
            }
            (happened.entry.at, said)
        }));
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, said)| said).collect()
    }

    /// What was told of the lead, as entries of its story.
    fn events(&self) -> Vec<(Instant, serde_json::Value)> {
        let history = self.life.iter().flat_map(|life| &life.record.history);
        let events = history.map(|event| (event.at, &*self.pact[event.kind].name));
        // what the engine answers for sales is told as what it asked for
        let own = |at: Instant, name: &str| {
            let answers = |happened: &&Happened| match &happened.entry.kind {
                EntryKind::Asked(Asked::Dispose(kind)) => &*happened.pact[*kind].name == name,
                _ => false,
            };
            self.entries.iter().filter(|happened| happened.entry.at == at).any(|happened| answers(&happened))
        };
        let told = events.filter(|(at, name)| !own(*at, name)).map(|(at, name)| {
            let said = serde_json::json!({
                "lead": self.name,
                "at": self.pact.zone.rfc3339(at),
                "what": "told",
                "event": name,
                "kind": "told",
                "words": name.replace('_', " "),
            });
            (at, said)
        });
        told.collect()
    }
}

impl Happened {
    /// What happened, as those are told who want to know.
    pub(super) fn json(&self) -> serde_json::Value {
        let mut data = serde_json::to_value(&self.said).unwrap_or_default();
        if let Some(data) = data.as_object_mut() {
            data.insert("words".to_owned(), self.words().into());
            data.insert("digest".to_owned(), self.pact.digest.to_string().into());
        }
        data
    }

    /// What happened, in words.
    pub fn words(&self) -> String {
        explain::happened(&self.pact, &self.said)
    }
}
