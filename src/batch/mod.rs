//! Many leads at one instant.
//!
//! A value matters only by its class: two countries that no clause tells apart are one to a pact. So a lead is a few small
//! numbers, what each of them means is said once by the reference evaluator, and a decision is adding up and looking up. What
//! leads of one way through the pipeline share is written once by the reference too, and copied. Whatever is asked for that
//! is not of this kind is decided by [`decide`](crate::decide::decide), lead by lead, and the bytes are the same.

mod cell;
mod circuit;
mod class;
mod columns;
mod decider;
mod events;
mod flow;
mod form;
mod history;
mod input;
mod lead;
mod line;
mod moment;
mod near_miss;
mod plan;
mod route;
mod spread;
mod step;
mod stream;
mod words;

pub use decider::Decider;
pub use form::Form;
pub use lead::ClassedLead;
pub use plan::Plan;
pub use stream::{Decided, LeadSource, decide_all};
