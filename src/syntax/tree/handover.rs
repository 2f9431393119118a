//! `route`, `team` and `handoff`: who gets the lead, and with what.

use chrono::NaiveDate;

use super::calendar::lower_hours;
use super::expr::{lower_window, the_expr};
use super::pipeline::lower_action;
use super::qualify::lower_need_label;
use super::record::the_file;
use super::value::{lower_date, lower_integer};
use super::{ActionNode, DurationNode, ExprNode, Hours, Name, Spanned, Text};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `route NAME "…" { … }`: the first entry that matches wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteNode {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// Its entries, in order.
    pub entries: Vec<RouteEntryNode>,
}

/// One entry of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteEntryNode {
    /// What it says.
    pub kind: RouteEntryKindNode,
    /// The whole clause.
    pub span: Span,
}

/// The forms of route entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteEntryKindNode {
    /// `from table "file.csv"`
    TableFile(Text),
    /// `from table NAME`
    Table(Name),
    /// `to TARGET when …`
    To(RouteTargetNode, ExprNode),
    /// `otherwise to TARGET`
    Otherwise(RouteTargetNode),
}

/// Who receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTargetNode {
    /// `owner`: who owns the lead already.
    Owner(Span),
    /// `queue NAME`
    Queue(Name),
    /// `team NAME round robin wait for hours`
    Team {
        name: Name,
        distribution: Option<Spanned<Distribution>>,
        /// Where `wait for hours` stands.
        waits: Option<Span>,
    },
    /// A person.
    Rep(Name),
}

/// How a team shares its leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distribution {
    RoundRobin,
    ByWeight,
    ByCapacity,
    SingleContact,
}

impl RouteNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let mut entries = Vec::new();
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            let mut inner = clause.children();
            let kind = match rule {
                Rule::from_table if inner.peek(Rule::string) => RouteEntryKindNode::TableFile(the_file(&mut inner)),
                Rule::from_table => RouteEntryKindNode::Table(inner.name()),
                Rule::route_to => {
                    let target = target(&mut inner, span);
                    RouteEntryKindNode::To(target, the_expr(&mut inner, span, out))
                }
                _ => RouteEntryKindNode::Otherwise(target(&mut inner, span)),
            };
            entries.push(RouteEntryNode { kind, span });
        }
        Self { name, description, entries }
    }
}

fn target(parts: &mut Children<'_>, span: Span) -> RouteTargetNode {
    let Some(node) = parts.take(Rule::route_target).and_then(|n| n.children().next()) else {
        return RouteTargetNode::Owner(span);
    };
    let (rule, span) = (node.rule(), node.span());
    let mut inner = node.children();
    match rule {
        Rule::to_owner => RouteTargetNode::Owner(span),
        Rule::to_queue => RouteTargetNode::Queue(name_or_string(&mut inner)),
        Rule::to_team => {
            let name = inner.name();
            let distribution = inner.take(Rule::distribution).map(|n| {
                let span = n.span();
                let words = n.children();
                let node = match () {
                    () if words.has(Rule::kw_weight) => Distribution::ByWeight,
                    () if words.has(Rule::kw_capacity) => Distribution::ByCapacity,
                    () if words.has(Rule::kw_single) => Distribution::SingleContact,
                    () => Distribution::RoundRobin,
                };
                Spanned { node, span }
            });
            let waits = inner.take(Rule::wait_for_hours).map(|n| n.span());
            RouteTargetNode::Team { name, distribution, waits }
        }
        _ => RouteTargetNode::Rep(inner.name()),
    }
}

/// A queue may be named by an identifier or, as spreadsheets do, by any text.
pub(super) fn name_or_string(parts: &mut Children<'_>) -> Name {
    match parts.string() {
        Some(Text { text, span }) => Name { text, span },
        None => parts.name(),
    }
}

/// `team NAME "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamNode {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub description: Option<Text>,
    /// Who is in it, in order.
    pub members: Vec<MemberNode>,
    /// Who receives for all, where there is one.
    pub single_contact: Vec<Name>,
    /// The calendar of its hours.
    pub clock: Vec<Name>,
}

/// When a member is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberHours {
    /// On these days, at these hours.
    Weekly(Hours),
    /// While a calendar is open.
    Calendar(Name),
}

/// `member NAME, capacity 40, weight 2, away DATE to DATE, joined DATE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberNode {
    pub name: Name,
    pub capacity: Option<Spanned<i64>>,
    pub weight: Option<Spanned<i64>>,
    pub away: Vec<Spanned<(NaiveDate, NaiveDate)>>,
    pub joined: Option<Spanned<NaiveDate>>,
    /// When the member is at work: days with their hours, or a calendar by its name.
    pub hours: Vec<Spanned<MemberHours>>,
    pub span: Span,
}

impl TeamNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let mut team = Self { name, description, members: Vec::new(), single_contact: Vec::new(), clock: Vec::new() };
        while let Some(clause) = parts.next() {
            match clause.rule() {
                Rule::member => team.members.push(member(clause, out)),
                Rule::single_contact => team.single_contact.push(clause.children().name()),
                _ => team.clock.push(clause.children().name()),
            }
        }
        team
    }
}

fn member(node: Node<'_>, out: &mut Findings) -> MemberNode {
    let span = node.span();
    let mut parts = node.children();
    let name = parts.name();
    let mut member =
        MemberNode { name, capacity: None, weight: None, away: Vec::new(), joined: None, hours: Vec::new(), span };
    while let Some(detail) = parts.next() {
        let (rule, span) = (detail.rule(), detail.span());
        let mut inner = detail.children();
        match rule {
            Rule::capacity => member.capacity = Some(lower_integer(inner.next(), out)),
            Rule::weight => member.weight = Some(lower_integer(inner.next(), out)),
            Rule::member_hours => {
                let hours = match inner.take(Rule::hours) {
                    Some(n) => MemberHours::Weekly(lower_hours(n.children(), span, out)),
                    None => MemberHours::Calendar(inner.name()),
                };
                member.hours.push(Spanned { node: hours, span });
            }
            _ => {
                let dates: Vec<NaiveDate> = inner.all(Rule::date).map(|n| lower_date(&n, out)).collect();
                let Some(first) = dates.first().copied() else {
                    continue;
                };
                if rule == Rule::away {
                    let last = dates.last().copied().unwrap_or(first);
                    member.away.push(Spanned { node: (first, last), span });
                } else {
                    member.joined = Some(Spanned { node: first, span });
                }
            }
        }
    }
    member
}

/// `handoff STAGE to STAGE "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoffNode {
    /// The stage that hands over.
    pub from: Name,
    /// The stage that receives.
    pub to: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// The route that picks the receiver.
    pub route: Vec<Name>,
    /// What goes with the lead.
    pub carry: Vec<CarryItem>,
    /// What must be present.
    pub needs: Vec<HandoffNeedNode>,
    /// Whom to alert.
    pub alerts: Vec<ActionNode>,
}

/// A part of what is carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarryItem {
    /// `activities in last 90 days`
    Activities(Option<DurationNode>, Span),
    /// `reasons`: why the lead qualified.
    Reasons(Span),
    /// A field or score.
    Named(Name),
}

/// `need CONDITION as "…"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoffNeedNode {
    pub condition: ExprNode,
    pub label: Option<Text>,
    pub span: Span,
}

impl HandoffNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (from, to, description) = (parts.name(), parts.name(), parts.string());
        let (route, carry, needs, alerts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut handoff = Self { from, to, description, route, carry, needs, alerts };
        while let Some(clause) = parts.next() {
            let (rule, span) = (clause.rule(), clause.span());
            match rule {
                Rule::alert => handoff.alerts.push(lower_action(clause)),
                Rule::route_by => handoff.route.push(clause.children().name()),
                Rule::carry => {
                    handoff.carry.extend(clause.children().all(Rule::carry_item).map(|n| carry_item(n, out)));
                }
                _ => {
                    let mut inner = clause.children();
                    let condition = the_expr(&mut inner, span, out);
                    handoff.needs.push(HandoffNeedNode { condition, label: lower_need_label(&mut inner), span });
                }
            }
        }
        handoff
    }
}

fn carry_item(node: Node<'_>, out: &mut Findings) -> CarryItem {
    let span = node.span();
    let mut parts = node.children();
    if parts.has(Rule::kw_activities) {
        return CarryItem::Activities(lower_window(&mut parts, out), span);
    }
    if parts.has(Rule::kw_reasons) {
        return CarryItem::Reasons(span);
    }
    CarryItem::Named(parts.name())
}
