//! What a life asks of the world, as letters to those who want to know.

use sha2::{Digest as _, Sha256};

use super::Targets;
use super::relive::{Happened, Relived};
use crate::lifecycle::{Asked, ClockChange, EntryKind};
use crate::pact::Pact;
use crate::store::Effect as Outgoing;
use crate::webhook::Effect;

/// What happened as an effect, where it is one. What a breach asks to be moved is moved, and told as that.
fn effect(entry: &EntryKind) -> Option<Effect> {
    Some(match entry {
        EntryKind::Began { .. }
        | EntryKind::Moved { .. }
        | EntryKind::Migrated { .. }
        | EntryKind::Recycled { .. }
        | EntryKind::UsedUp { .. } => Effect::Move,
        EntryKind::Routed { .. } => Effect::Route,
        EntryKind::Asked(asked) => match asked {
            Asked::Enroll(_) => Effect::Enroll,
            Asked::Alert(_) => Effect::Alert,
            Asked::Convert(_) => Effect::Convert,
            Asked::Reassign => Effect::Reassign,
            Asked::Dispose(_) => Effect::Dispose,
            Asked::Move(_) | Asked::NotEnrolled(..) => return None,
        },
        EntryKind::Clock { change: ClockChange::Warned { .. }, .. } => Effect::Warn,
        EntryKind::Clock { change: ClockChange::Breached, .. } => Effect::Breach,
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
pub(super) fn effects(key: &str, lived: &Relived, targets: &dyn Targets) -> Vec<Outgoing> {
    let mut letters: Vec<Outgoing> = Vec::new();
    let mut ordinals: rustc_hash::FxHashMap<String, u32> = rustc_hash::FxHashMap::default();
    for happened in &lived.entries {
        let Some(effect) = effect(&happened.entry.kind) else { continue };
        // where a clause stands in its file is no part of what it asked for
        let what = serde_json::to_string(&(key, &happened.said.at, &happened.said.what)).unwrap_or_default();
        let ordinal = ordinals.entry(what.clone()).and_modify(|n| *n += 1).or_default();
        for target in targets.wanting(effect) {
            let hash = Sha256::new().chain_update(&what).chain_update(ordinal.to_be_bytes()).chain_update(target);
            let id: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
            letters.push(Outgoing {
                at: happened.entry.at,
                kind: effect.word().to_owned(),
                series: series(happened),
                body: targets.body(&id, effect, happened),
                target: target.to_owned(),
                id,
            });
        }
    }
    letters
}
