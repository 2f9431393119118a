//! Routes, teams and hand-overs.

use std::sync::Arc;

use super::Resolver;
use super::expr::Context;
use super::names::{Space, one};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{
    Carry, FieldId, Handoff, HandoffNeed, Member, Route, RouteEntry, RouteEntryKind, RouteId, RouteTarget, ScoreId,
    Sharing, StageId, TableId, Team, TeamId, ValueId,
};
use crate::span::Span;
use crate::syntax::tree::{self, CarryItem, Spanned, Text};

/// Columns of a table that name a receiver.
const RECEIVERS: [&str; 4] = ["queue", "team", "rep", "assignee"];

/// A description, or nothing.
pub(super) fn words(text: Option<&Text>) -> Arc<str> {
    text.map_or_else(|| "".into(), |text| text.text.clone())
}

impl Resolver<'_> {
    pub(super) fn teams(&mut self, items: &[Spanned<tree::TeamNode>]) {
        for item in items {
            let team = &item.node;
            let mut members: Vec<Member> = Vec::new();
            for member in &team.members {
                if let Some(first) = members.iter().find(|m| m.name == member.name.text) {
                    let finding = Diagnostic::new(
                        Code::DeclaredTwice,
                        member.name.span,
                        format!("`{}` is a member twice", member.name.text),
                    );
                    self.out.push(finding.and(first.span, "here already").help("remove one of them"));
                    continue;
                }
                for (what, amount) in [("capacity", &member.capacity), ("weight", &member.weight)] {
                    if let Some(amount) = amount.as_ref().filter(|amount| amount.node < 1) {
                        let message = format!("a {what} of {} takes no lead", amount.node);
                        let help = "write at least 1, or say when the member is `away`";
                        self.out.push(Diagnostic::new(Code::BadTeam, amount.span, message).help(help));
                    }
                }
                for away in member.away.iter().filter(|away| away.node.0 > away.node.1) {
                    let finding = Diagnostic::new(Code::BadTeam, away.span, "the absence ends before it starts")
                        .help(format!("write `away {} to {}`", away.node.1, away.node.0));
                    self.out.push(finding);
                }
                let hours = self.member_hours(&member.hours);
                members.push(Member {
                    name: member.name.text.clone(),
                    capacity: member.capacity.as_ref().map(|n| n.node),
                    weight: member.weight.as_ref().map(|n| n.node),
                    away: member.away.iter().map(|away| away.node).collect(),
                    joined: member.joined.as_ref().map(|date| date.node),
                    hours,
                    span: member.span,
                });
            }
            if members.is_empty() {
                let finding =
                    Diagnostic::new(Code::BadTeam, team.name.span, format!("`{}` has no member", team.name.text))
                        .help("name who is in it: `member ana`");
                self.out.push(finding);
            }
            self.once("single contact", &team.single_contact.iter().map(|n| n.span).collect::<Vec<_>>());
            self.once("clock", &team.clock.iter().map(|n| n.span).collect::<Vec<_>>());
            for contact in &team.single_contact {
                if !members.iter().any(|m| m.name == contact.text) {
                    let all = members.iter().map(|m| &*m.name);
                    self.out.push(super::names::unknown("member", contact, all));
                }
            }
            for clock in &team.clock {
                self.names.get(Space::Calendar, "calendar", clock, &mut self.out);
            }
            self.pact.teams.push(Team {
                name: team.name.text.clone(),
                description: words(team.description.as_ref()),
                members,
                single_contact: team.single_contact.first().map(|n| n.text.clone()),
                clock: team.clock.first().map(|n| n.text.clone()),
                span: item.span,
            });
        }
    }

    pub(super) fn routes(&mut self, items: &[Spanned<tree::RouteNode>]) {
        for item in items {
            let route = &item.node;
            let mut entries: Vec<RouteEntry> = Vec::new();
            let mut fallback: Option<Span> = None;
            for entry in &route.entries {
                if let Some(first) = fallback {
                    let again = matches!(entry.kind, tree::RouteEntryKindNode::Otherwise(_));
                    let help = if again { "keep one `otherwise`, as the last entry" } else { "put `otherwise` last" };
                    let finding = Diagnostic::new(Code::AfterOtherwise, entry.span, "this entry is never reached")
                        .and(first, "everything that comes here is taken")
                        .help(help);
                    self.out.push(finding);
                }
                let kind = match &entry.kind {
                    tree::RouteEntryKindNode::TableFile(file) => {
                        let table = self.table_of_file(file);
                        table.and_then(|table| self.table_entry(table, entry.span))
                    }
                    tree::RouteEntryKindNode::Table(name) => {
                        let found = self.names.get(Space::Table, "table", name, &mut self.out);
                        found.and_then(|found| self.table_entry(TableId(found.id), entry.span))
                    }
                    tree::RouteEntryKindNode::To(target, condition) => {
                        let condition = self.condition(condition, Context::LEAD);
                        self.route_target(target).map(|target| RouteEntryKind::To(target, condition))
                    }
                    tree::RouteEntryKindNode::Otherwise(target) => {
                        fallback = fallback.or(Some(entry.span));
                        self.route_target(target).map(RouteEntryKind::Otherwise)
                    }
                };
                entries.extend(kind.map(|kind| RouteEntry { kind, span: entry.span }));
            }
            if fallback.is_none() {
                let message = format!("`{}` says nothing of the leads that no entry takes", route.name.text);
                let finding = Diagnostic::new(Code::NoFallback, route.name.span, message)
                    .help("end it with `otherwise to queue NAME`, so that no lead is lost");
                self.out.push(finding);
            }
            let (name, description) = (route.name.text.clone(), words(route.description.as_ref()));
            self.pact.routes.push(Route { name, description, entries, span: item.span });
        }
    }

    fn table_entry(&mut self, table: TableId, span: Span) -> Option<RouteEntryKind> {
        let outputs = &self.pact.tables.get(table.0 as usize)?.outputs;
        let at = outputs.iter().position(|name| RECEIVERS.contains(&&**name));
        if at.is_none() && !outputs.is_empty() {
            let given: Vec<&str> = outputs.iter().map(|name| &**name).filter(|name| !name.is_empty()).collect();
            let message = format!("no column of the table says who receives: it gives {}", given.join(", "));
            let finding = Diagnostic::new(Code::NoReceiver, span, message)
                .help("name a column `queue`, `team`, `rep` or `assignee`");
            self.out.push(finding);
        }
        if let Some(at) = at.filter(|at| self.pact[table].outputs.get(*at).is_some_and(|name| **name == *"team")) {
            let cells = self.pact[table].rows.iter().filter_map(|row| Some((row.gives.get(at)?.clone()?, row.span)));
            for (team, span) in cells.collect::<Vec<_>>() {
                let name = tree::Name { text: team.to_string().into(), span };
                self.names.get(Space::Team, "team", &name, &mut self.out);
            }
        }
        at.map(|at| RouteEntryKind::Table(table, at as u32))
    }

    fn route_target(&mut self, target: &tree::RouteTargetNode) -> Option<RouteTarget> {
        Some(match target {
            tree::RouteTargetNode::Owner(span) => {
                let field = ["owner_id", "owner"].iter().find_map(|name| self.pact.field(name).map(|id| (id, *name)));
                let Some((field, name)) = field else {
                    let finding = Diagnostic::new(Code::NoReceiver, *span, "a lead has no field that names its owner")
                        .help("add `owner_id text?` to the `lead` item");
                    self.out.push(finding);
                    return None;
                };
                self.names.find(Space::Value, name);
                RouteTarget::Owner(field)
            }
            tree::RouteTargetNode::Queue(name) => RouteTarget::Queue(name.text.clone()),
            tree::RouteTargetNode::Rep(name) => RouteTarget::Rep(name.text.clone()),
            tree::RouteTargetNode::Team { name, distribution, waits } => {
                let found = self.names.get(Space::Team, "team", name, &mut self.out)?;
                let team = self.pact.teams.get(found.id as usize);
                if let Some(distribution) = distribution
                    && distribution.node == tree::Distribution::SingleContact
                    && team.is_some_and(|team| team.single_contact.is_none())
                {
                    let message = format!("`{}` has no single contact", name.text);
                    let finding = Diagnostic::new(Code::BadTeam, distribution.span, message)
                        .help("say in the team who it is: `single contact ana`");
                    self.out.push(finding);
                }
                if let Some(waits) = waits
                    && team.is_some_and(|team| !team.keeps_hours())
                {
                    let message = format!("nobody of `{}` keeps hours, so somebody is always at work", name.text);
                    let finding = Diagnostic::new(Code::BadTeam, *waits, message)
                        .help("say when its members are at work: `member ana, hours mon to fri 09:00 to 17:00`");
                    self.out.push(finding);
                }
                let by = distribution.as_ref().map(|d| d.node);
                RouteTarget::Team(TeamId(found.id), Sharing { by, waits_for_hours: waits.is_some() })
            }
        })
    }

    pub(super) fn handoffs(&mut self, items: &[Spanned<tree::HandoffNode>]) {
        for item in items {
            let handoff = &item.node;
            let from = self.stage_named(&handoff.from);
            let to = self.stage_named(&handoff.to);
            self.once("route", &handoff.route.iter().map(|n| n.span).collect::<Vec<_>>());
            let route = handoff.route.first();
            let route = route.and_then(|name| self.names.get(Space::Route, "route", name, &mut self.out));
            let carry = handoff.carry.iter().filter_map(|item| self.carried(item)).collect();
            let needs = handoff.needs.iter().map(|need| HandoffNeed {
                condition: self.condition(&need.condition, Context::LEAD),
                label: need.label.as_ref().map(|label| label.text.clone()),
                span: need.span,
            });
            let needs = needs.collect();
            let mut alerts = Vec::new();
            for action in self.actions(&handoff.alerts) {
                if let crate::pact::ActionKind::Alert(names) = action.kind {
                    alerts.push((names, action.span));
                }
            }
            let (Some(from), Some(to)) = (from, to) else { continue };
            self.handoff_fits(handoff, item.span, from, to);
            self.pact.handoffs.push(Handoff {
                from,
                to,
                description: words(handoff.description.as_ref()),
                route: route.map(|entry| RouteId(entry.id)),
                carry,
                needs,
                alerts,
                span: item.span,
            });
        }
    }

    /// A stage by its name.
    pub(super) fn stage_named(&mut self, name: &tree::Name) -> Option<StageId> {
        self.names.get(Space::Stage, "stage", name, &mut self.out)?;
        self.pact.stage(&name.text)
    }

    /// A hand-over stands where a move leads, once.
    fn handoff_fits(&mut self, handoff: &tree::HandoffNode, span: Span, from: StageId, to: StageId) {
        let (source, target) = (&handoff.from.text, &handoff.to.text);
        let leads = self.pact[from].moves.iter().any(|step| step.to == to);
        if !leads {
            let message = format!("no move leads from `{source}` to `{target}`, so nothing is ever handed over");
            let finding = Diagnostic::new(Code::NoSuchMove, handoff.from.span, message)
                .help(format!("add `move to {target} when …` to stage `{source}`, or name other stages"));
            self.out.push(finding);
        }
        if let Some(first) = self.pact.handoffs.iter().find(|h| h.from == from && h.to == to) {
            let message = format!("a hand-over from `{source}` to `{target}` is there already");
            let finding =
                Diagnostic::new(Code::DeclaredTwice, span, message).and(first.span, "here").help("make them one");
            self.out.push(finding);
        }
    }

    fn carried(&mut self, item: &CarryItem) -> Option<Carry> {
        Some(match item {
            CarryItem::Reasons(_) => Carry::Reasons,
            CarryItem::Activities(window, _) => {
                let window = window.as_ref().and_then(|written| self.window(written, "a window"));
                Carry::Activities(window)
            }
            CarryItem::Named(name) => {
                let found = self.names.get(Space::Value, "field, score or value", name, &mut self.out)?;
                match found.what {
                    "value" => Carry::Named(ValueId(found.id)),
                    "field" => Carry::Field(FieldId(found.id)),
                    "score" => Carry::Score(ScoreId(found.id)),
                    what => {
                        let message =
                            format!("`{}` is {}: only fields, scores and values are carried", name.text, one(what));
                        let help = "carry the fields that it looks at, or `reasons`";
                        self.out.push(Diagnostic::new(Code::NotCarried, name.span, message).help(help));
                        return None;
                    }
                }
            }
        })
    }
}
