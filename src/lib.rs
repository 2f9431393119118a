//! Leadpact: the agreement between marketing and sales about their leads, as a language and an engine.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod calendar;
#[cfg(feature = "cli")]
pub mod cli;
pub mod decide;
pub mod diagnostic;
pub mod digest;
pub mod eval;
pub mod explain;
pub mod function;
pub mod id;
pub mod io;
pub mod leads;
pub mod lifecycle;
pub mod load;
pub mod pact;
pub mod record;
#[cfg(feature = "watch")]
pub mod reload;
pub mod replay;
mod resolve;
pub mod roster;
#[cfg(feature = "serve")]
pub mod server;
#[cfg(feature = "serve")]
pub mod service;
pub mod source;
pub mod span;
#[cfg(feature = "serve")]
pub mod store;
pub mod syntax;
pub mod testing;
pub mod text;
pub mod time;
pub mod ty;
pub mod value;
#[cfg(feature = "serve")]
pub mod webhook;
pub mod world;
