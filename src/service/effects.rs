//! What a life asks of the world, as letters to those who want to know.

use sha2::{Digest as _, Sha256};

use super::Targets;
use super::relive::{Happened, Relived};
use crate::lifecycle::{Asked, ClockChange, EntryKind};
use crate::pact::Pact;
use crate::store::Effect;

/// The kinds of what can be sent.
pub const KINDS: [&str; 13] = [
    "began", "moved", "recycled", "routed", "assigned", "enroll", "alert", "convert", "reassign", "dispose", "move",
    "warned", "breached",
];

/// The kind of what happened, where it is something that can be sent.
fn kind(entry: &EntryKind) -> Option<&'static str> {
    Some(match entry {
        EntryKind::Began { .. } => "began",
        EntryKind::Moved { .. } => "moved",
        EntryKind::Recycled { .. } | EntryKind::UsedUp { .. } => "recycled",
        EntryKind::Routed { .. } => "routed",
        EntryKind::Assigned { .. } => "assigned",
        EntryKind::Asked(asked) => match asked {
            Asked::Enroll(_) => "enroll",
            Asked::Alert(_) => "alert",
            Asked::Convert(_) => "convert",
            Asked::Reassign => "reassign",
            Asked::Dispose(_) => "dispose",
            Asked::Move(_) => "move",
            Asked::NotEnrolled(..) => return None,
        },
        EntryKind::Clock { change: ClockChange::Warned { .. }, .. } => "warned",
        EntryKind::Clock { change: ClockChange::Breached, .. } => "breached",
        _ => return None,
    })
}

/// Of which series it is: of the reminders of one clock only the last is of use.
fn series(happened: &Happened) -> String {
    let pact: &Pact = &happened.pact;
    match &happened.entry.kind {
        EntryKind::Clock { sla, promise, .. } => format!("clock {} {promise}", pact[*sla].name),
        EntryKind::Asked(Asked::Alert(to)) => {
            let because = happened.entry.because;
            let within = |outer: &crate::span::Span| {
                because
                    .is_some_and(|because| outer.file == because.file && outer.range().contains(&because.range().start))
            };
            pact.slas
                .iter()
                .find(|sla| within(&sla.span))
                .map(|sla| format!("alert {} {to}", sla.name))
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Everything that a life has asked for, for each target that wants it.
pub(super) fn effects(key: &str, lived: &Relived, targets: &dyn Targets) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    let mut ordinals: rustc_hash::FxHashMap<String, u32> = rustc_hash::FxHashMap::default();
    for happened in &lived.entries {
        let Some(kind) = kind(&happened.entry.kind) else { continue };
        // where a clause stands in its file is no part of what it asked for
        let what = serde_json::to_string(&(key, &happened.said.at, &happened.said.what)).unwrap_or_default();
        let ordinal = ordinals.entry(what.clone()).and_modify(|n| *n += 1).or_default();
        for target in targets.wanting(kind) {
            let hash = Sha256::new().chain_update(&what).chain_update(ordinal.to_be_bytes()).chain_update(target);
            let id: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
            effects.push(Effect {
                at: happened.entry.at,
                kind: kind.to_owned(),
                series: series(happened),
                body: targets.body(&id, kind, happened),
                target: target.to_owned(),
                id,
            });
        }
    }
    effects
}
