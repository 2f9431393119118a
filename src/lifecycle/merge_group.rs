//! Which lead is part of which, as merges say it one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::time::Instant;

/// A merge, as it was reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// When.
    pub at: Instant,
    /// The key of the lead that merges.
    pub from: String,
    /// The other lead, as it was reported.
    pub into: Arc<str>,
}

/// What a merge comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// One lead becomes part of another. Both are keys of leads that were part of none until then.
    Joined {
        /// When.
        at: Instant,
        /// The one whose timeline ends.
        from: String,
        /// The one that goes on.
        root: String,
        /// The other lead, as it was reported.
        into: Arc<str>,
    },
    /// The lead would become part of itself: the merge says nothing.
    Void {
        /// When.
        at: Instant,
        /// The lead to whose timeline it would belong.
        lead: String,
        /// The other lead, as it was reported.
        into: Arc<str>,
    },
}

/// What merges come to, in order. Events of a lead that is part of another are events of that one, merges too. A merge with
/// a lead that is not among those `known` ends the one and changes no other.
///
/// # Examples
/// ```
/// use leadpact::internals::lifecycle::{Merge, Merged, merged};
/// let at = |hour: u32| format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap();
/// let merge = |hour, from: &str, into: &str| Merge { at: at(hour), from: from.into(), into: into.into() };
/// let known = ["a", "b", "c"].map(str::to_owned);
/// let merges = vec![merge(11, "a", "C"), merge(10, "a", "b"), merge(12, "c", "a")];
/// let came = merged(merges, known, str::to_lowercase);
/// let joined = |hour, from: &str, root: &str, into: &str| Merged::Joined {
///     at: at(hour), from: from.into(), root: root.into(), into: into.into(),
/// };
/// // the merge of a at 11 is one of b, and c would become part of itself
/// assert_eq!(came[..2], [joined(10, "a", "b", "b"), joined(11, "b", "c", "C")]);
/// assert_eq!(came[2], Merged::Void { at: at(12), lead: "c".into(), into: "a".into() });
/// ```
pub fn merged(
    mut merges: Vec<Merge>,
    known: impl IntoIterator<Item = String>,
    key: impl Fn(&str) -> String,
) -> Vec<Merged> {
    merges.sort();
    let known: BTreeSet<String> = known.into_iter().collect();
    let mut part_of: BTreeMap<String, String> = BTreeMap::new();
    let mut came = Vec::with_capacity(merges.len());
    for Merge { at, from, into } in merges {
        let (from, root) = (root_of(&part_of, from), root_of(&part_of, key(&into)));
        if root == from {
            came.push(Merged::Void { at, lead: from, into });
        } else if known.contains(&root) {
            part_of.insert(from.clone(), root.clone());
            came.push(Merged::Joined { at, from, root, into });
        }
    }
    came
}

/// The lead that one is part of by now.
fn root_of(part_of: &BTreeMap<String, String>, lead: String) -> String {
    let mut root = &lead;
    while let Some(next) = part_of.get(root) {
        root = next;
    }
    root.clone()
}
