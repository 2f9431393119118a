//! What happened to leads, held against the clauses that let them through: which of them tell something, and which edits of the
//! rules would have done better. Written from `docs/semantics-measures.md`, "Evidence".
//!
//! An edit is found in the earlier part of the history and judged in the later one, by replaying the edited pact. None is
//! ever applied.

mod bands;
mod candidates;
mod near_misses;
mod reworded;
mod trial;
mod tuning;

pub use bands::{BandCount, ScoreBands};
pub use candidates::{Candidate, CandidateReason};
pub use near_misses::{KeptOutBy, NearMisses};
pub use reworded::{Reworded, RuleEdit};
pub use trial::{Objection, StageChange, Trial};
pub use tuning::{
    BackingReport, PartedReport, Suggestion, SuggestionKind, TooFewReport, Tuned, TuningReport, Verified, tune,
};
