//! A smaller case that fails as a larger one does.

use super::text::without_parts;
use super::{Case, RULES};

/// How many smaller cases are tried.
const TRIES: usize = 3_000;

/// Takes out one thing after another, events, leads and parts of the rules, as long as what is left still fails.
pub fn shrunk(case: Case, fails: impl Fn(&Case) -> bool) -> Case {
    let mut least = case;
    let mut tries = 0..TRIES;
    loop {
        let found = smaller(&least).take_while(|_| tries.next().is_some()).find(|smaller| fails(smaller));
        match found {
            Some(found) => least = found,
            None => return least,
        }
    }
}

/// The case without one thing, for each thing that can be taken out.
fn smaller(case: &Case) -> impl Iterator<Item = Case> + use<'_> {
    let events = (0..case.events.len()).map(|at| Case { events: without(&case.events, at), ..case.clone() });
    let leads = (0..case.leads.len()).map(|at| Case { leads: without(&case.leads, at), ..case.clone() });
    let rules = without_parts(&case.files[RULES]).into_iter().map(|text| {
        let mut files = case.files.clone();
        files.insert(RULES.into(), text);
        Case { files, ..case.clone() }
    });
    leads.chain(events).chain(rules)
}

fn without<T: Clone>(items: &[T], at: usize) -> Vec<T> {
    [&items[..at], &items[at + 1..]].concat()
}
