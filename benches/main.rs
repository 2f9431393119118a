//! How fast the engine is. Figures are worth comparing within one run only.

mod check;
mod decide;
mod parse;
mod replay;
mod support;
mod tests;

use criterion::{criterion_group, criterion_main};

criterion_group!(engine, parse::parse, check::check, decide::decide_leads, replay::replay_events, tests::tests);
criterion_main!(engine);
