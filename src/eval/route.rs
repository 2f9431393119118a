//! Who receives: the first entry that matches wins; an entry that is unknown does not match.

use std::sync::Arc;

use super::View;
use crate::pact::{Expr, RouteEntryKind, RouteId, RouteTarget, Sharing, TeamId, Verdict};
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
    /// Where a route leads. `takes` says whether a receiver that matches can take the lead; it is asked with whether the
    /// entry is the route's fallback, and its place. None only when none does.
    pub fn route(&self, id: RouteId, takes: &mut dyn FnMut(&Receiver, bool, Span) -> bool) -> Option<RouteOutcome> {
        let mut unsure = Vec::new();
        let mut doubt = |span| {
            if unsure.len() < UNSURE {
                unsure.push(span);
            }
        };
        let mut found = None;
        for entry in &self.pact[id].entries {
            match &entry.kind {
                RouteEntryKind::Table(table, output) => {
                    for row in &self.pact[*table].rows {
                        match self.row(*table, &row.cells) {
                            Verdict::Met => {
                                let name = row.gives.get(*output as usize).cloned().flatten();
                                let kind = self.pact[*table].outputs.get(*output as usize);
                                found = name.map(|name| (self.receiver(kind.map_or("queue", |k| k), &name), row.span));
                                found = found.filter(|(receiver, span)| takes(receiver, false, *span));
                            }
                            Verdict::Unknown => doubt(row.span),
                            Verdict::NotMet => {}
                        }
                        if found.is_some() {
                            break;
                        }
                    }
                }
                RouteEntryKind::To(target, condition) => match self.takes(target, condition) {
                    Verdict::Met => {
                        found = self.target(target).map(|receiver| (receiver, entry.span));
                        found = found.filter(|(receiver, span)| takes(receiver, false, *span));
                    }
                    Verdict::Unknown => doubt(entry.span),
                    Verdict::NotMet => {}
                },
                RouteEntryKind::Otherwise(target) => {
                    found = self.target(target).map(|receiver| (receiver, entry.span));
                    found = found.filter(|(receiver, span)| takes(receiver, true, *span));
                }
            }
            if let Some((receiver, because)) = found {
                return Some(RouteOutcome { route: id, receiver, because, unsure });
            }
        }
        None
    }

    /// An owner who is not known cannot receive, so the entry is passed over.
    fn takes(&self, target: &RouteTarget, condition: &Expr) -> Verdict {
        match target {
            RouteTarget::Owner(field) if self.record.value(*field).is_none() => Verdict::NotMet,
            _ => self.condition(condition),
        }
    }

    fn target(&self, target: &RouteTarget) -> Option<Receiver> {
        Some(match target {
            RouteTarget::Owner(field) => Receiver::Rep(self.record.value(*field)?.to_string().into()),
            RouteTarget::Queue(name) => Receiver::Queue(name.clone()),
            RouteTarget::Team(team, sharing) => Receiver::Team(*team, *sharing),
            RouteTarget::Rep(name) => Receiver::Rep(name.clone()),
        })
    }

    /// What a table's column calls its receivers.
    fn receiver(&self, column: &str, name: &Value) -> Receiver {
        let name: Arc<str> = name.to_string().into();
        match column {
            "team" => match self.pact.teams.iter().position(|team| team.name == name) {
                Some(at) => Receiver::Team(TeamId(at as u32), Sharing::default()),
                None => Receiver::Queue(name),
            },
            "rep" | "assignee" => Receiver::Rep(name),
            _ => Receiver::Queue(name),
        }
    }
}
