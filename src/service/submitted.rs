//! What is submitted and waits for its write. A write takes what came first, and not too much of one lead: what a flood of
//! events of one lead leaves over goes to the next write, after the events of all others.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::job::Done;
use super::new_events::{Accepted, NewEvents};
use crate::io::{Raw, Row};
use crate::pact::Pact;

/// How many rows one write stores.
const ROWS: usize = 5_000;

/// How many rows of one lead one write stores, of more than one request.
const OF_ONE: usize = 500;

/// Requests that wait, the first first.
#[derive(Default)]
pub(super) struct Submitted {
    waiting: VecDeque<Waiting>,
}

/// A request that waits.
struct Waiting {
    events: NewEvents,
    done: Done<Accepted>,
    /// How many rows of it are of each lead, as they call it.
    of_leads: FxHashMap<Box<str>, usize>,
}

impl Submitted {
    /// One more request.
    pub(super) fn push(&mut self, events: NewEvents, done: Done<Accepted>, pact: Option<&Pact>) {
        let mut of_leads = FxHashMap::default();
        for lead in events.rows.iter().filter_map(|row| named(pact, &events.source, row)) {
            *of_leads.entry(lead.into()).or_default() += 1;
        }
        self.waiting.push_back(Waiting { events, done, of_leads });
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What the next write takes. Requests that are of one lead keep their order.
    pub(super) fn next_write(&mut self) -> Vec<(NewEvents, Done<Accepted>)> {
        let (mut taken, mut rows) = (Vec::new(), 0);
        let (mut of_leads, mut held_up) = (FxHashMap::<Box<str>, usize>::default(), FxHashSet::<Box<str>>::default());
        for waiting in std::mem::take(&mut self.waiting) {
            let has_room = |(lead, count): (&str, usize)| {
                let before = of_leads.get(lead).copied().unwrap_or_default();
                !held_up.contains(lead) && (before == 0 || before + count <= OF_ONE)
            };
            let fits = rows == 0
                || rows + waiting.events.rows.len() <= ROWS
                    && waiting.of_leads.iter().map(|(lead, count)| (&**lead, *count)).all(has_room);
            if fits {
                rows += waiting.events.rows.len();
                for (lead, count) in waiting.of_leads {
                    *of_leads.entry(lead).or_default() += count;
                }
                taken.push((waiting.events, waiting.done));
            } else {
                held_up.extend(waiting.of_leads.keys().cloned());
                self.waiting.push_back(waiting);
            }
        }
        taken
    }
}

/// What a row calls its lead, as far as that is seen before it is read.
fn named<'r>(pact: Option<&Pact>, source: &str, row: &'r Row) -> Option<&'r str> {
    let text = |column: &str| match row.find(column)? {
        Raw::Text(text) | Raw::Number(text) => Some(&**text),
        _ => None,
    };
    let Some((pact, intake)) = pact.and_then(|pact| Some((pact, pact.intake(source)?))) else { return text("lead") };
    let key = pact[intake].mappings.iter().find(|mapping| mapping.field == pact.key)?;
    key.columns.iter().find_map(|column| text(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submit(submitted: &mut Submitted, lead: &str, rows: usize) {
        let row = Row { line: 1, fields: vec![("lead".into(), Raw::Text(lead.into()))] };
        let events = NewEvents { rows: vec![row; rows], ..NewEvents::default() };
        submitted.push(events, Box::new(|_| {}), None);
    }

    /// The lead and the rows of each request of the next write.
    fn next(submitted: &mut Submitted) -> Vec<(String, usize)> {
        let taken = submitted.next_write().into_iter();
        taken.map(|(events, _)| (named(None, "", &events.rows[0]).unwrap().to_owned(), events.rows.len())).collect()
    }

    #[test]
    fn a_flood_of_one_lead_waits_for_the_others() {
        let mut submitted = Submitted::default();
        for (lead, rows) in [("flood", 400), ("flood", 400), ("flood", 10), ("a", 3), ("b", 300), ("flood", 5_000)] {
            submit(&mut submitted, lead, rows);
        }
        let of = |all: &[(&str, usize)]| all.iter().map(|(lead, rows)| ((*lead).to_owned(), *rows)).collect::<Vec<_>>();
        // what comes after something that waits does not overtake it
        assert_eq!(next(&mut submitted), of(&[("flood", 400), ("a", 3), ("b", 300)]));
        submit(&mut submitted, "c", 1);
        assert_eq!(next(&mut submitted), of(&[("flood", 400), ("flood", 10), ("c", 1)]));
        // a request is never parted
        assert_eq!(next(&mut submitted), of(&[("flood", 5_000)]));
        assert!(submitted.is_empty());
    }
}
