//! Requested actions, moves and reminders, as messages to the targets that want them.

use sha2::{Digest as _, Sha256};

use super::history_entry::HistoryEntry;
use super::{Message, Notifier};
use crate::lifecycle::{ClockChange, EntryKind, RequestedAction};
use crate::pact::Pact;
use crate::store::OutboxMessage;
use crate::webhook::EffectTopic;

/// The topic of an entry, where it has one. What a breach asks to be moved is moved, and reported as that.
fn effect(entry: &EntryKind) -> Option<EffectTopic> {
    Some(match entry {
        EntryKind::Began { .. }
        | EntryKind::Moved { .. }
        | EntryKind::Migrated { .. }
        | EntryKind::Recycled { .. }
        | EntryKind::UsedUp { .. } => EffectTopic::Move,
        EntryKind::Routed { .. } => EffectTopic::Route,
        EntryKind::Requested(asked) => match asked {
            RequestedAction::Enroll(_) => EffectTopic::Enroll,
            RequestedAction::Alert(_) => EffectTopic::Alert,
            RequestedAction::Convert(_) => EffectTopic::Convert,
            RequestedAction::Reassign => EffectTopic::Reassign,
            RequestedAction::Dispose(_) => EffectTopic::Dispose,
            RequestedAction::Move(_) | RequestedAction::NotEnrolled(..) => return None,
        },
        EntryKind::Clock { change: ClockChange::Warned { .. }, .. } => EffectTopic::Warn,
        EntryKind::Clock { change: ClockChange::Breached, .. } => EffectTopic::Breach,
        _ => return None,
    })
}

/// Of which series it is: of the reminders of one clock only the last is of use.
fn series(happened: &HistoryEntry) -> String {
    let pact: &Pact = &happened.pact;
    match &happened.entry.kind {
        EntryKind::Clock { sla, promise, .. } => format!("clock {} {promise}", pact[*sla].name),
        EntryKind::Requested(RequestedAction::Alert(to)) => {
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

/// Every message of a lead that entries of its timeline ask for, for each target that wants it. All entries of an instant
/// are among them.
pub(super) fn effects(key: &str, entries: &[HistoryEntry], targets: &dyn Notifier) -> Vec<OutboxMessage> {
    let mut deliveries: Vec<OutboxMessage> = Vec::new();
    let mut ordinals: rustc_hash::FxHashMap<String, u32> = rustc_hash::FxHashMap::default();
    for happened in entries {
        let Some(effect) = effect(&happened.entry.kind) else { continue };
        // where a clause stands in its file is no part of what it requests
        let what = serde_json::to_string(&(key, &happened.report.at, &happened.report.what)).unwrap_or_default();
        let ordinal = ordinals.entry(what.clone()).and_modify(|n| *n += 1).or_default();
        for target in targets.wanting(effect) {
            let hash = Sha256::new().chain_update(&what).chain_update(ordinal.to_be_bytes()).chain_update(target);
            let id: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
            deliveries.push(OutboxMessage {
                at: happened.entry.at,
                kind: effect.word().to_owned(),
                series: series(happened),
                body: targets.body(Message {
                    id: &id,
                    effect,
                    pact: &happened.pact,
                    at: happened.entry.at,
                    subject: &happened.report.lead,
                    data: happened.json(),
                }),
                target: target.to_owned(),
                id,
            });
        }
    }
    deliveries
}
