//! Leadpact: the agreement between marketing and sales about their leads, as a language and an engine.
//!
//! A *pact* is a folder of `.pact` files in which both teams say what the stages are and who owns them, when a lead is
//! qualified, how it is scored, to whom it is handed, and what is promised in both directions. [`Pact::load`] checks
//! it; [`decide`] says where a lead is at an instant, and why; [`Timeline::replay`] says what its events and the passing
//! of time made of it; `InForce` (feature `watch`, on by default) keeps the last good pact in force while its files
//! change.
//!
//! All of these are pure: the same pact, lead and instant give the same bytes everywhere, and nothing looks at a clock.
//!
//! ```
//! use leadpact::{Pact, Record, Timeline, decide};
//! use serde_json::json;
//!
//! let pact = Pact::from_files([("agreement.pact", r#"
//!     pact small "Who calls whom" { parties marketing, sales  time zone "Europe/Istanbul" }
//!     lead { id text key  employees integer?  phone text? }
//!     activity demo_request
//!     touch call
//!     criteria worth_a_call { agreed by marketing, sales  need employees >= 50  need phone is present }
//!     pipeline all {
//!       stage inquiry { owner marketing  move to mql when worth_a_call }
//!       stage mql { owner sales  final }
//!     }
//!     sla speed on mql { owner sales  first touch within 4 hours }
//! "#)])?;
//!
//! // one lead, decided
//! let lead = Record::from_json(&pact, None, &json!({"id": "7", "employees": 80}))?;
//! let decision = decide(&pact, &lead, "2026-03-02T09:00:00+03:00".parse()?);
//! assert_eq!(decision.stage.as_deref(), Some("inquiry"));
//! assert_eq!(decision.criteria["worth_a_call"].missing, [["phone".into()]]);
//!
//! // one lead, with what happened to it
//! let events = [
//!     json!({"lead": "7", "at": "2026-03-02T09:00:00+03:00", "event": "record", "employees": 80, "phone": "+90 5"}),
//!     json!({"lead": "7", "at": "2026-03-02T11:00:00+03:00", "event": "call"}),
//! ];
//! let timeline = Timeline::replay(&pact, None, &events, "2026-03-03T09:00:00+03:00".parse()?)?;
//! assert_eq!(timeline.decision.stage.as_deref(), Some("mql"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Both [`Decision`] and [`Timeline`] serialize with serde; their keys are those of `leadpact eval` and `leadpact
//! replay`. `examples/embed.rs` is a whole small service.
//!
//! # Features
//!
//! - `watch` (default): `InForce` follows the files of its pact.
//! - `cli` (default): the command line.
//! - `serve`: the service over HTTP, its store and its page; `postgres`: the same on PostgreSQL.
//!
//! A service that embeds the engine needs no more than `leadpact = { version = "0.1", default-features = false }`.

#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "internals"), warn(missing_docs))]
#![cfg_attr(
    not(all(feature = "cli", feature = "serve", feature = "internals")),
    allow(
        dead_code,
        unused_imports,
        reason = "what only the commands, the service or the tests use is still compiled"
    )
)]

mod batch;
mod calendar;
#[cfg(feature = "cli")]
mod cli;
mod compiled;
mod decide;
mod diagnostic;
mod digest;
mod embed;
mod eval;
mod explain;
mod file;
mod function;
#[cfg(feature = "cli")]
mod html;
mod id;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
mod io;
mod leads;
mod lifecycle;
#[cfg(feature = "cli")]
mod listing;
mod load;
#[cfg(feature = "cli")]
mod locale;
mod measure;
mod pact;
mod phone;
mod private;
#[cfg(feature = "cli")]
mod project;
mod record;
#[cfg(feature = "watch")]
mod reload;
mod replay;
mod resolve;
mod roster;
#[cfg(feature = "serve")]
mod server;
#[cfg(feature = "serve")]
mod service;
mod source;
mod span;
#[cfg(feature = "serve")]
mod store;
#[cfg(feature = "cli")]
mod suggest;
mod syntax;
mod testing;
mod text;
mod time;
mod ty;
mod value;
mod visible;
#[cfg(feature = "serve")]
mod webhook;
mod workbook;
mod world;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub use cli::run as run_command_line;
pub use decide::{
    ClockChangeReport, ClockReport, CriteriaReport, Decision, Effect, EffectKind, EntryDetail, EntryReport,
    FactsReport, HandoffReport, HeldMove, MoveReport, NeedReport, PactReport, PartOf, PointsReport, RecycleReport,
    RouteReport, ScoreRange, ValueRange, decide,
};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use embed::{RowError, Timeline};
pub use lifecycle::ClockState;
pub use load::Refused;
pub use pact::{Clause, Pact, Verdict};
pub use record::Record;
#[cfg(feature = "watch")]
pub use reload::{FileWatch, Gate, InForce, Refusal, ReloadOptions, ReloadOutcome, ReloadStatus};
pub use source::Place;
pub use time::{Duration, Instant, UnknownZone, Zone, ZoneOffset};
pub use value::{Currency, Money, Value};
