//! Leadpact: the agreement between marketing and sales about their leads, as a language and an engine.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod diagnostic;
pub mod duration;
pub mod source;
pub mod span;
pub mod syntax;
pub mod text;
pub mod ty;
pub mod value;
pub mod zone;
