//! The resolved agreement: ids instead of names, types on every expression. What every later stage reads.
//!
//! A `Pact` exists only when no finding forbids it: see [`load`](crate::load).

mod derived;
mod digest;
mod expr;
mod handover;
mod identity;
mod intake;
mod measured;
mod migrate;
mod named;
mod pipeline;
mod promise;
mod qualify;
mod record;
mod recycle;
mod table;
mod test;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

pub use derived::*;
pub use digest::*;
pub use expr::*;
pub use handover::*;
pub use identity::*;
pub use intake::*;
pub use measured::*;
pub use migrate::*;
pub use named::*;
pub use pipeline::*;
pub use promise::*;
pub use qualify::*;
pub use record::*;
pub use recycle::*;
pub use table::*;
pub use test::*;

pub use crate::id::*;
use crate::source::SourceMap;
use crate::span::Span;
use crate::text::{Folding, exact};
use crate::time::Zone;
use crate::value::Value;

macro_rules! lists {
    ($($id:ident in $list:ident: $item:ty;)+) => {
        $(
            #[doc(hidden)]
            impl std::ops::Index<$id> for Pact {
                type Output = $item;
                fn index(&self, id: $id) -> &$item {
                    &self.$list[id.0 as usize]
                }
            }
        )+
    };
}

lists! {
    FieldId in fields: Field;
    KindId in kinds: Kind;
    IntakeId in intakes: Intake;
    ListId in lists: List;
    TableId in tables: Table;
    ParamId in params: Param;
    ScoreId in scores: Score;
    ValueId in values: NamedValue;
    CriteriaId in criteria: Criteria;
    PipelineId in pipelines: Pipeline;
    RouteId in routes: Route;
    TeamId in teams: Team;
    ProgramId in programs: Program;
    CalendarId in calendars: NamedCalendar;
    SlaId in slas: Sla;
    RecycleId in recycles: Recycle;
    MetricId in metrics: Metric;
}

#[doc(hidden)]
impl std::ops::Index<StageId> for Pact {
    type Output = Stage;
    fn index(&self, id: StageId) -> &Stage {
        &self[id.pipeline].stages[id.stage as usize]
    }
}

/// The resolved agreement. Ids that come from a pact are positions in its lists; they mean nothing in another one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Pact {
    /// Its name.
    pub name: Arc<str>,
    /// Its text for people; empty where there is none.
    pub description: Arc<str>,
    /// Its version, where it states one.
    pub version: Option<Arc<str>>,
    /// `sha256:…` of the meaning: comments, layout, file names and tests do not change it.
    pub digest: Arc<str>,
    /// The environment whose params hold.
    pub environment: Option<Arc<str>>,
    /// The parties to it, such as `marketing` and `sales`.
    pub parties: Vec<Arc<str>>,
    /// The first day on which it holds, where it states one.
    pub effective: Option<NaiveDate>,
    /// The zone of its dates and times of day.
    pub zone: Zone,
    /// The month in which the fiscal year starts, 1 to 12: its quarters are counted from there.
    pub fiscal_start: u32,
    #[doc(hidden)]
    pub folding: Folding,
    #[doc(hidden)]
    pub languages: Vec<Arc<str>>,
    /// Which intake's value holds where several have one: the first.
    #[doc(hidden)]
    pub precedence: Vec<IntakeId>,
    #[doc(hidden)]
    pub sources: Arc<SourceMap>,
    #[doc(hidden)]
    pub terms: Vec<Term>,
    /// The fields of a lead, in the order of the pact.
    #[doc(hidden)]
    pub fields: Vec<Field>,
    /// The field that tells leads apart.
    #[doc(hidden)]
    pub key: FieldId,
    /// By what leads are recognised besides the key, that which decides first.
    #[doc(hidden)]
    pub identities: Vec<Identity>,
    /// Activities, touches and dispositions.
    #[doc(hidden)]
    pub kinds: Vec<Kind>,
    #[doc(hidden)]
    pub intakes: Vec<Intake>,
    #[doc(hidden)]
    pub lists: Vec<List>,
    #[doc(hidden)]
    pub tables: Vec<Table>,
    #[doc(hidden)]
    pub params: Vec<Param>,
    #[doc(hidden)]
    pub scores: Vec<Score>,
    /// Values and bands, in order of name.
    #[doc(hidden)]
    pub values: Vec<NamedValue>,
    #[doc(hidden)]
    pub criteria: Vec<Criteria>,
    /// In order of name: a lead that fits several is in the first.
    #[doc(hidden)]
    pub pipelines: Vec<Pipeline>,
    #[doc(hidden)]
    pub handoffs: Vec<Handoff>,
    #[doc(hidden)]
    pub routes: Vec<Route>,
    #[doc(hidden)]
    pub teams: Vec<Team>,
    #[doc(hidden)]
    pub programs: Vec<Program>,
    #[doc(hidden)]
    pub calendars: Vec<NamedCalendar>,
    #[doc(hidden)]
    pub slas: Vec<Sla>,
    #[doc(hidden)]
    pub recycles: Vec<Recycle>,
    #[doc(hidden)]
    pub digests: Vec<Digest>,
    /// What holds for leads that were replayed by an earlier pact.
    #[doc(hidden)]
    pub migration: Migration,
    #[doc(hidden)]
    pub metrics: Vec<Metric>,
    #[doc(hidden)]
    pub targets: Vec<MetricTarget>,
    #[doc(hidden)]
    pub watches: Vec<MetricWatch>,
    #[doc(hidden)]
    pub reviews: Vec<Meeting>,
    #[doc(hidden)]
    pub tests: Vec<Test>,
    /// Values worth trying for each field, worked out by `eval` when first asked for.
    pub(crate) samples: OnceLock<Vec<Vec<Value>>>,
    /// The fields that each score looks at, worked out by `eval` when first asked for.
    pub(crate) looked_at: OnceLock<Vec<BTreeSet<FieldId>>>,
    /// What `compiled` makes of it.
    pub(crate) compiled: Derived,
    /// Clauses that were asked for.
    pub(crate) clauses: Arc<RwLock<FxHashMap<Span, Clause>>>,
}

/// A named calendar: when a desk is open.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedCalendar {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub calendar: crate::calendar::Calendar,
    pub span: Span,
}

/// A word of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub name: Arc<str>,
    pub description: Arc<str>,
    pub labels: Labels,
    pub span: Span,
}

/// Texts by language, in the order written.
pub type Labels = Vec<(Arc<str>, Arc<str>)>;

/// A named constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// Its value in the pact's environment.
    pub value: Value,
    pub span: Span,
}

#[doc(hidden)]
impl Pact {
    /// The id of an item by its name.
    pub fn field(&self, name: &str) -> Option<FieldId> {
        position(&self.fields, |f| &f.name, name).map(FieldId)
    }

    /// The id of a kind of event by its name.
    pub fn kind(&self, name: &str) -> Option<KindId> {
        position(&self.kinds, |k| &k.name, name).map(KindId)
    }

    /// The id of a criteria by its name.
    pub fn criteria_named(&self, name: &str) -> Option<CriteriaId> {
        position(&self.criteria, |c| &c.name, name).map(CriteriaId)
    }

    /// The id of a score by its name.
    pub fn score(&self, name: &str) -> Option<ScoreId> {
        position(&self.scores, |s| &s.name, name).map(ScoreId)
    }

    /// The id of a calendar by its name.
    pub fn calendar(&self, name: &str) -> Option<CalendarId> {
        position(&self.calendars, |c| &c.name, name).map(CalendarId)
    }

    /// The id of a service level by its name.
    pub fn sla(&self, name: &str) -> Option<SlaId> {
        position(&self.slas, |s| &s.name, name).map(SlaId)
    }

    /// The id of a recycle by its name.
    pub fn recycle(&self, name: &str) -> Option<RecycleId> {
        position(&self.recycles, |r| &r.name, name).map(RecycleId)
    }

    /// The id of a metric by its name.
    pub fn metric(&self, name: &str) -> Option<MetricId> {
        position(&self.metrics, |m| &m.name, name).map(MetricId)
    }

    /// A review by its name.
    pub fn review(&self, name: &str) -> Option<&Meeting> {
        position(&self.reviews, |r| &r.name, name).and_then(|at| self.reviews.get(at as usize))
    }

    /// A digest by its name.
    pub fn digest_named(&self, name: &str) -> Option<&Digest> {
        position(&self.digests, |d| &d.name, name).and_then(|at| self.digests.get(at as usize))
    }

    /// The id of a team by its name.
    pub fn team(&self, name: &str) -> Option<TeamId> {
        position(&self.teams, |t| &t.name, name).map(TeamId)
    }

    /// The id of an intake by the name of its `source`.
    pub fn intake(&self, name: &str) -> Option<IntakeId> {
        position(&self.intakes, |s| &s.name, name).map(IntakeId)
    }

    /// The id of a stage by its name. Stage names are unique in a pact.
    pub fn stage(&self, name: &str) -> Option<StageId> {
        self.pipelines.iter().enumerate().find_map(|(at, pipeline)| {
            let stage = position(&pipeline.stages, |s| &s.name, name)?;
            Some(StageId { pipeline: PipelineId(at as u32), stage })
        })
    }

    /// File, line and text of a clause, as reasons show it.
    pub fn clause(&self, span: Span) -> Clause {
        // what another thread was about to add when it died is no clause less
        if let Some(known) = self.clauses.read().unwrap_or_else(PoisonError::into_inner).get(&span) {
            return known.clone();
        }
        let place = self.sources.place(span);
        let clause = Clause { file: place.file, line: place.line, says: self.sources.says(span).into() };
        self.clauses.write().unwrap_or_else(PoisonError::into_inner).insert(span, clause.clone());
        clause
    }
}

/// A clause as reasons show it.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Clause {
    /// The file's name.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// Its text on one line.
    pub says: Arc<str>,
}

/// The place of a name, however its letters are composed.
fn position<T>(items: &[T], name_of: impl Fn(&T) -> &Arc<str>, name: &str) -> Option<u32> {
    let name = &*exact(name);
    items.iter().position(|item| &**name_of(item) == name).map(|at| at as u32)
}
