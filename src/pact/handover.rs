//! Routes, teams and hand-overs.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Expr, FieldId, RouteId, ScoreId, StageId, TableId, TeamId, ValueId};
use crate::calendar::Calendar;
use crate::span::Span;
pub use crate::syntax::tree::Distribution;
use crate::time::{Duration, Instant, Zone};

/// A route: the first entry that matches wins.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub entries: Vec<RouteEntry>,
    pub span: Span,
}

/// An entry of a route.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteEntry {
    pub kind: RouteEntryKind,
    pub span: Span,
}

/// The forms of entries.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteEntryKind {
    /// The rows of a table. The output column named `queue`, `team`, `rep` or `assignee` (by position) says who.
    Table(TableId, u32),
    /// A receiver, when a condition is met.
    To(RouteTarget, Expr),
    /// A receiver for all that came through.
    Otherwise(RouteTarget),
}

/// Who receives.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteTarget {
    /// Who owns the lead already: the field `owner_id` or `owner`.
    Owner(FieldId),
    /// A queue.
    Queue(Arc<str>),
    /// A team, and how it shares its leads.
    Team(TeamId, Sharing),
    /// A person.
    Rep(Arc<str>),
}

/// How a team shares a route's leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sharing {
    /// Who is next; as the team says when absent.
    pub by: Option<Distribution>,
    /// Whether a lead that comes while nobody is at work waits until somebody is.
    pub waits_for_hours: bool,
}

/// A team.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub members: Vec<Member>,
    pub single_contact: Option<Arc<str>>,
    pub clock: Option<Arc<str>>,
    pub span: Span,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: Arc<str>,
    pub capacity: Option<i64>,
    pub weight: Option<i64>,
    pub away: Vec<(NaiveDate, NaiveDate)>,
    pub joined: Option<NaiveDate>,
    /// When the member is at work; always when absent.
    pub hours: Option<Calendar>,
    pub span: Span,
}

impl Member {
    /// Whether the member has joined, is not away on the date in the pact's zone, and is at work.
    pub fn is_there(&self, zone: &Zone, at: Instant) -> bool {
        let date = zone.date(at);
        let away = self.away.iter().any(|(first, last)| (*first..=*last).contains(&date));
        let joined = self.joined.is_none_or(|joined| joined <= date);
        !away && joined && self.hours.as_ref().is_none_or(|hours| hours.is_open(at))
    }

    /// The first instant after this one at which the member comes to be there; none within the next days on which that
    /// may change.
    fn comes(&self, zone: &Zone, after: Instant) -> Option<Instant> {
        let mut at = after;
        for _ in 0..MOST_CHANGES {
            let opens = self.hours.as_ref().and_then(|hours| {
                let closed = if hours.is_open(at) { hours.next_close(at)? } else { at };
                hours.next_open(closed)
            });
            let midnight = zone.date(at).succ_opt().map(|date| zone.midnight(date));
            at = opens.into_iter().chain(midnight).filter(|next| *next > at).min()?;
            if self.is_there(zone, at) {
                return Some(at);
            }
        }
        None
    }
}

/// How many changes of who is there are looked at: a year of days, each with its hours.
const MOST_CHANGES: usize = 1_000;

impl Team {
    /// Whether somebody of the team keeps hours.
    pub fn keeps_hours(&self) -> bool {
        self.members.iter().any(|member| member.hours.is_some())
    }

    /// Whether somebody of the team is there.
    pub fn is_there(&self, zone: &Zone, at: Instant) -> bool {
        self.members.iter().any(|member| member.is_there(zone, at))
    }

    /// The first instant after this one at which somebody comes to be there.
    pub fn comes(&self, zone: &Zone, after: Instant) -> Option<Instant> {
        self.members.iter().filter_map(|member| member.comes(zone, after)).min()
    }
}

/// A hand-over between two stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    pub from: StageId,
    pub to: StageId,
    pub description: Arc<str>,
    pub route: Option<RouteId>,
    pub carry: Vec<Carry>,
    pub needs: Vec<HandoffNeed>,
    pub alerts: Vec<(Vec<Arc<str>>, Span)>,
    pub span: Span,
}

/// What goes with the lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Carry {
    /// A field.
    Field(FieldId),
    /// A score.
    Score(ScoreId),
    /// A named value or band.
    Named(ValueId),
    /// What the lead did, so far back.
    Activities(Option<Duration>),
    /// Why it qualified.
    Reasons,
}

/// What must be present for a hand-over; a move whose hand-over lacks it is held.
#[derive(Debug, Clone, PartialEq)]
pub struct HandoffNeed {
    pub condition: Expr,
    pub label: Option<Arc<str>>,
    pub span: Span,
}
