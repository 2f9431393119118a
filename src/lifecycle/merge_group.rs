//! Which lead is part of which, as merges and shared values say it one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::relations::{Claim, Merge, Relations};
use super::timeline::Conflict;
use crate::pact::{IdentityValue, provisional_field};
use crate::time::Instant;

/// What a merge, or a value that two leads share, comes to.
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
        /// The field that holds the same of both; none where a system reported the merge.
        by: Option<Arc<str>>,
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
    /// A lead has the same as others, and is not taken for one of them.
    Conflict {
        /// When.
        at: Instant,
        /// The lead, which is part of none until then.
        lead: String,
        /// What is the same, of whom, and what differs.
        conflict: Conflict,
    },
}

/// What merges and shared values come to, in order. Events of a lead that is part of another are events of that one, merges
/// and values too. A merge with a lead that is not known ends the one and changes no other.
///
/// Two leads are one when of the first field in order of which both hold values one is the same; the key comes before all,
/// unless it is one that the engine gave. The one goes on that has a key of its own, or of which the field is known that comes
/// first, or that began first. Where the
/// first field differs and a later one is the same, or where a lead may be one of several, that is a conflict. A
/// lead that a value tells nothing of, as too many had it before, is not recognised by it.
///
/// # Examples
/// ```
/// use leadpact::internals::lifecycle::{EventKind, KnownLead, LeadEvent, Merged, Relations, merged};
/// # let text = r#"pact p { parties marketing, sales }  lead { id text key }
/// #   pipeline all { stage inquiry { owner marketing  move to won when id = "x" }  stage won { owner sales  final } }"#;
/// # let pact = leadpact::Pact::from_files([("a.pact", text)]).unwrap();
/// let at = |hour: u32| format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap();
/// let mut relations = Relations::default();
/// for key in ["a", "b", "c"] {
///     relations.know(KnownLead { key: key.into(), name: key.into(), begun: at(9) });
/// }
/// for (hour, from, into) in [(11, "a", "C"), (10, "a", "b"), (12, "c", "a")] {
///     let event = LeadEvent { at: at(hour), id: None, what: EventKind::Merged(into.into()) };
///     relations.say(&pact, from, &[event], at(0), at(23));
/// }
/// let came = merged(relations, str::to_lowercase);
/// let joined = |hour, from: &str, root: &str, into: &str| Merged::Joined {
///     at: at(hour), from: from.into(), root: root.into(), into: into.into(), by: None,
/// };
/// // the merge of a at 11 is one of b, and c would become part of itself
/// assert_eq!(came[..2], [joined(10, "a", "b", "b"), joined(11, "b", "c", "C")]);
/// assert_eq!(came[2], Merged::Void { at: at(12), lead: "c".into(), into: "a".into() });
/// ```
pub fn merged(relations: Relations, key: impl Fn(&str) -> String) -> Vec<Merged> {
    let Relations { known, mut merges, mut claims, holders } = relations;
    claims.retain(|claim| {
        holders.get(&claim.value).is_some_and(|holders| holders.iter().any(|(_, lead)| *lead == claim.lead))
    });
    let place = |claim: &Claim| claim.order.iter().position(|field| *field == claim.value.field);
    claims.sort_by(|a, b| (a.at, place(a), &a.value, &a.lead).cmp(&(b.at, place(b), &b.value, &b.lead)));
    merges.sort();
    let mut groups = Groups::default();
    for lead in known {
        let group = Group {
            name: lead.name,
            keyed: provisional_field(&lead.key).is_none(),
            begun: lead.begun,
            ..Group::default()
        };
        groups.by_root.insert(lead.key, group);
    }
    let mut claims = claims.into_iter().peekable();
    for merge in merges {
        // what is known of leads comes before their end
        while let Some(claim) = claims.next_if(|claim| claim.at <= merge.at) {
            groups.claim(claim);
        }
        groups.merge(merge, &key);
    }
    claims.for_each(|claim| groups.claim(claim));
    groups.came
}

/// Leads that are one by now, by the key of the one that goes on.
#[derive(Default)]
struct Groups {
    by_root: BTreeMap<String, Group>,
    part_of: BTreeMap<String, String>,
    holders: BTreeMap<IdentityValue, BTreeSet<String>>,
    came: Vec<Merged>,
}

/// Leads that are one by now.
#[derive(Default)]
struct Group {
    /// The key of the one that goes on, as it was reported.
    name: Arc<str>,
    /// Whether one of them has a key of its own.
    keyed: bool,
    /// When the first of them began.
    begun: Instant,
    /// Whether they became part of a lead that is not known: they are over.
    ended: bool,
    /// The values that they hold, by field.
    held: BTreeMap<Arc<str>, BTreeSet<String>>,
}

/// What two groups are to each other that hold a value in common.
enum Compared {
    /// One lead.
    Same,
    /// Two, as they differ in this field.
    Differ(Arc<str>),
}

impl Groups {
    /// The lead that one is part of by now.
    fn root_of(&self, lead: &str) -> String {
        let mut root = lead;
        while let Some(next) = self.part_of.get(root) {
            root = next;
        }
        root.to_owned()
    }

    fn merge(&mut self, Merge { at, from, into }: Merge, key: &impl Fn(&str) -> String) {
        let (from, root) = (self.root_of(&from), self.root_of(&key(&into)));
        if root == from {
            self.came.push(Merged::Void { at, lead: from, into });
        } else if self.by_root.contains_key(&root) {
            self.join(at, from, root, into, None);
        } else if let Some(group) = self.by_root.get_mut(&from) {
            group.ended = true;
        }
    }

    fn join(&mut self, at: Instant, from: String, root: String, into: Arc<str>, by: Option<Arc<str>>) {
        let Some(part) = self.by_root.remove(&from) else { return };
        if let Some(group) = self.by_root.get_mut(&root) {
            group.keyed |= part.keyed;
            group.begun = group.begun.min(part.begun);
            for (field, values) in part.held {
                group.held.entry(field).or_default().extend(values);
            }
        }
        self.part_of.insert(from.clone(), root.clone());
        self.came.push(Merged::Joined { at, from, root, into, by });
    }

    fn claim(&mut self, Claim { at, lead, value, order }: Claim) {
        let mine = self.root_of(&lead);
        let Some(group) = self.by_root.get_mut(&mine).filter(|group| !group.ended) else { return };
        let holders = self.holders.entry(value.clone()).or_default();
        holders.insert(lead);
        if !group.held.entry(value.field.clone()).or_default().insert(value.text.clone()) {
            return;
        }
        let holders = self.holders[&value].iter();
        let others: BTreeSet<String> = holders.map(|lead| self.root_of(lead)).filter(|root| *root != mine).collect();
        let Some(group) = self.by_root.get(&mine) else { return };
        let (mut same, mut differ) = (Vec::new(), Vec::new());
        for (root, other) in others.iter().filter_map(|root| Some((root, self.by_root.get(root)?))) {
            match group.compare(other, &order) {
                _ if other.ended => {}
                Compared::Same => same.push(root.clone()),
                Compared::Differ(field) => differ.push((root.clone(), field)),
            }
        }
        for (root, field) in differ {
            self.conflict(at, &mine, &[root], &value.field, Some(field));
        }
        match same.as_slice() {
            [] => {}
            [other] => {
                let rank = |root: &str| {
                    let place = |name: &str| order.iter().position(|field| **field == *name).unwrap_or(usize::MAX);
                    let place = provisional_field(root).map_or(0, place);
                    self.by_root.get(root).map(|group| (!group.keyed, place, group.begun))
                };
                let goes_on = (rank(&mine), &mine) < (rank(other), other);
                let (from, root) = if goes_on { (other.clone(), mine) } else { (mine, other.clone()) };
                let into = self.by_root.get(&root).map(|group| group.name.clone()).unwrap_or_default();
                self.join(at, from, root, into, Some(value.field));
            }
            several => self.conflict(at, &mine, several, &value.field, None),
        }
    }

    /// Names a conflict to everyone whom it is about.
    fn conflict(&mut self, at: Instant, lead: &str, others: &[String], by: &Arc<str>, differ: Option<Arc<str>>) {
        let name = |root: &str| self.by_root.get(root).map(|group| group.name.clone()).unwrap_or_default();
        let conflict = |lead: &str, others: &[&str]| Merged::Conflict {
            at,
            lead: lead.to_owned(),
            conflict: Conflict {
                by: by.clone(),
                others: others.iter().map(|other| name(other)).collect(),
                differ: differ.clone(),
            },
        };
        let mine = conflict(lead, &others.iter().map(String::as_str).collect::<Vec<_>>());
        let theirs: Vec<Merged> = others.iter().map(|other| conflict(other, &[lead])).collect();
        self.came.push(mine);
        self.came.extend(theirs);
    }
}

impl Group {
    /// What the first field says of which both hold values.
    fn compare(&self, other: &Self, order: &[Arc<str>]) -> Compared {
        let [key, fields @ ..] = order else { return Compared::Same };
        if self.keyed && other.keyed {
            return Compared::Differ(key.clone());
        }
        for field in fields {
            let (Some(mine), Some(theirs)) = (self.held.get(field), other.held.get(field)) else { continue };
            return if mine.is_disjoint(theirs) { Compared::Differ(field.clone()) } else { Compared::Same };
        }
        Compared::Same
    }
}
