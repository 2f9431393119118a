//! Leadpact: the agreement between marketing and sales about their leads, as a language and an engine.

pub mod io;
