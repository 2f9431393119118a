//! Digests: the lists that a party is sent.

use std::sync::Arc;

use chrono::NaiveTime;

use super::{CriteriaId, Expr, ScoreId, SlaId, StageId};
use crate::span::Span;
pub use crate::syntax::tree::Cadence;

/// A list of leads that a party is sent on certain days at a certain time.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    pub name: Arc<str>,
    pub party: Arc<str>,
    pub description: Arc<str>,
    /// On which days, and when in the pact's zone.
    pub every: Vec<(Cadence, NaiveTime)>,
    pub parts: Vec<DigestPart>,
    pub span: Span,
}

/// A part of a digest.
#[derive(Debug, Clone, PartialEq)]
pub enum DigestPart {
    Top {
        count: u32,
        stage: StageId,
        by: ScoreId,
        /// Of which leads; of all when absent.
        condition: Option<Expr>,
    },
    NearBreach {
        stage: StageId,
        sla: SlaId,
    },
    /// Leads that need one more fact for the criteria.
    NearMiss {
        stage: StageId,
        criteria: CriteriaId,
    },
}
