//! Who receives: the first entry that matches wins; an entry that is unknown does not match.

use std::sync::Arc;

use super::View;
use super::table::{row, rows};
use crate::pact::{Expr, Pact, RouteEntryKind, RouteId, RouteTarget, Sharing, TableId, TeamId, Verdict};
use crate::record::Record;
use crate::span::Span;
use crate::value::Value;

/// Where a route leads, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteOutcome {
    /// The route.
    pub route: RouteId,
    /// Who receives.
    pub receiver: Receiver,
    /// The entry, or the row of the table.
    pub because: Span,
    /// Entries before it that a missing fact left unknown, as far as the first four.
    pub unsure: Vec<Span>,
}

/// Who receives.
#[derive(Debug, Clone, PartialEq)]
pub enum Receiver {
    /// A queue.
    Queue(Arc<str>),
    /// A team, and how it shares its leads.
    Team(TeamId, Sharing),
    /// A person.
    Rep(Arc<str>),
}

/// How many unknown entries a route reports.
pub const UNSURE: usize = 4;

impl View<'_> {
    /// Where a route leads: see [`lead_by_route`].
    pub fn route(&self, id: RouteId, takes: &mut Takes<'_>) -> Option<RouteOutcome> {
        let mut asked = Entries { holds: &mut |_, condition| self.condition(condition), rows: &|_| None };
        lead_by_route(self.pact, self.record, id, &mut asked, takes)
    }
}

/// Whether a receiver that matches can take the lead. It is asked with whether the entry is the route's fallback, and its
/// place.
pub type Takes<'t> = dyn FnMut(&Receiver, bool, Span) -> bool + 't;

/// What the entries of a route come to for a lead.
pub(crate) struct Entries<'e> {
    /// The verdict of the condition of an entry, by its position.
    pub(crate) holds: &'e mut dyn FnMut(usize, &Expr) -> Verdict,
    /// The rows of a table that may match; all when none are named.
    pub(crate) rows: &'e dyn Fn(TableId) -> Option<Vec<u32>>,
}

/// Where a route leads a lead. None only when nobody who matches takes it.
pub(crate) fn lead_by_route(
    pact: &Pact,
    record: &Record,
    id: RouteId,
    entries: &mut Entries<'_>,
    takes: &mut Takes<'_>,
) -> Option<RouteOutcome> {
    let mut unsure = Vec::new();
    let mut doubt = |span| {
        if unsure.len() < UNSURE {
            unsure.push(span);
        }
    };
    let mut found = None;
    for (position, entry) in pact[id].entries.iter().enumerate() {
        match &entry.kind {
            RouteEntryKind::Table(table, output) => {
                let among = (entries.rows)(*table);
                for line in rows(pact, *table, among.as_deref()) {
                    match row(pact, record, *table, &line.cells) {
                        Verdict::Met => {
                            let name = line.gives.get(*output as usize).cloned().flatten();
                            let kind = pact[*table].outputs.get(*output as usize);
                            found = name.map(|name| (named_in(pact, kind.map_or("queue", |k| k), &name), line.span));
                            found = found.filter(|(receiver, span)| takes(receiver, false, *span));
                        }
                        Verdict::Unknown => doubt(line.span),
                        Verdict::NotMet => {}
                    }
                    if found.is_some() {
                        break;
                    }
                }
            }
            // an owner who is not known cannot receive, so the entry is passed over
            RouteEntryKind::To(RouteTarget::Owner(field), _) if record.value(*field).is_none() => {}
            RouteEntryKind::To(target, condition) => match (entries.holds)(position, condition) {
                Verdict::Met => {
                    found = receiver(record, target).map(|receiver| (receiver, entry.span));
                    found = found.filter(|(receiver, span)| takes(receiver, false, *span));
                }
                Verdict::Unknown => doubt(entry.span),
                Verdict::NotMet => {}
            },
            RouteEntryKind::Otherwise(target) => {
                found = receiver(record, target).map(|receiver| (receiver, entry.span));
                found = found.filter(|(receiver, span)| takes(receiver, true, *span));
            }
        }
        if let Some((receiver, because)) = found {
            return Some(RouteOutcome { route: id, receiver, because, unsure });
        }
    }
    None
}

fn receiver(record: &Record, target: &RouteTarget) -> Option<Receiver> {
    Some(match target {
        RouteTarget::Owner(field) => Receiver::Rep(record.value(*field)?.to_string().into()),
        RouteTarget::Queue(name) => Receiver::Queue(name.clone()),
        RouteTarget::Team(team, sharing) => Receiver::Team(*team, *sharing),
        RouteTarget::Rep(name) => Receiver::Rep(name.clone()),
    })
}

/// What a table's column calls its receivers.
fn named_in(pact: &Pact, column: &str, name: &Value) -> Receiver {
    let name: Arc<str> = name.to_string().into();
    match column {
        "team" => match pact.teams.iter().position(|team| team.name == name) {
            Some(at) => Receiver::Team(TeamId(at as u32), Sharing::default()),
            None => Receiver::Queue(name),
        },
        "rep" | "assignee" => Receiver::Rep(name),
        _ => Receiver::Queue(name),
    }
}
