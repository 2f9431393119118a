//! The tree of a pact as written: one file per group of items, each with its shape and how it is lowered from the
//! grammar. Names are still text, and every part knows its span.

mod agreement;
mod calendar;
mod expr;
mod handover;
mod intake;
mod measure;
mod migrate;
mod named;
mod pipeline;
mod promise;
mod qualify;
mod record;
mod test;
mod value;

pub use agreement::*;
pub use calendar::*;
pub use expr::*;
pub use handover::*;
pub use intake::*;
pub use measure::*;
pub use migrate::*;
pub use named::*;
pub use pipeline::*;
pub use promise::*;
pub use qualify::*;
pub use record::*;
pub use test::*;
pub use value::*;

pub use super::spanned::{Name, Spanned, Text};

use super::cursor::{Findings, Node};
use super::grammar::Rule;
use crate::span::Span;

macro_rules! items {
    ($($kind:ident($shape:ty) = $rule:ident;)+) => {
        /// One item of a pact.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Item { $(#[doc = concat!("`", stringify!($rule), "`")] $kind(Spanned<$shape>),)+ }

        impl Item {
            pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Option<Self> {
                let span = node.span();
                Some(match node.rule() {
                    $(Rule::$rule => Self::$kind(Spanned { node: <$shape>::lower(node, out), span }),)+
                    _ => return None,
                })
            }

            /// Where the item stands.
            pub fn span(&self) -> Span {
                match self { $(Self::$kind(item) => item.span,)+ }
            }

            /// The keyword that opens the item.
            pub fn keyword(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($rule),)+ }
            }
        }
    };
}

items! {
    Pact(Agreement) = pact;
    Term(TermNode) = term;
    Lead(Lead) = lead;
    Activity(Activity) = activity;
    Touch(Touch) = touch;
    Source(SourceNode) = source;
    List(ListNode) = list;
    Table(TableNode) = table;
    Param(ParamNode) = param;
    Calendar(CalendarNode) = calendar;
    Score(ScoreNode) = score;
    Value(NamedValueNode) = value;
    Band(BandNode) = band;
    Criteria(CriteriaNode) = criteria;
    Pipeline(PipelineNode) = pipeline;
    Disposition(Disposition) = disposition;
    Route(RouteNode) = route;
    Team(TeamNode) = team;
    Handoff(HandoffNode) = handoff;
    Sla(SlaNode) = sla;
    Program(ProgramNode) = program;
    Recycle(RecycleNode) = recycle;
    Migrate(Migrate) = migrate;
    Metric(MetricNode) = metric;
    Target(TargetNode) = target;
    Watch(WatchNode) = watch;
    Digest(DigestNode) = digest;
    Review(ReviewNode) = review;
    Test(TestNode) = test;
}
