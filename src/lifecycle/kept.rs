//! A life at rest: what it has come to, without what its pact knows of the lead.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::life::{Holder, Life, Recycled, Standing};
use crate::pact::StageId;
use crate::record::{Past, Record};
use crate::value::Instant;

/// What a life has come to, in the ids of its pact, to be put by and taken up again. What is known of the lead is not in
/// it: that is [told again](super::known), and goes into [`Kept::with`].
///
/// # Examples
/// ```
/// use leadpact::{lifecycle::{Kept, begin, known}, load::load, value::Value, world::Memory};
/// let world = Memory::new([("a.pact", r#"
///     pact small { parties marketing, sales }
///     lead { id text key }"#)]);
/// let pact = load(&world, None).pact.expect("it checks clean");
/// let record = known(&pact, Value::Text("1".into()), &[]);
/// let life = begin(record.clone(), "2026-03-02T09:00:00Z".parse().unwrap());
/// let text = serde_json::to_string(&Kept::of(&life)).unwrap();
/// assert_eq!(serde_json::from_str::<Kept>(&text).unwrap().with(record), life);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    now: Instant,
    standing: Option<Standing>,
    round: u32,
    recycled: Vec<Recycled>,
    holder: Option<Holder>,
    handed: Option<Instant>,
    refused: Vec<Arc<str>>,
    clocks: Vec<Clock>,
    opted_out: Option<Instant>,
    merged: Option<(Instant, Arc<str>)>,
    past: Past,
    stage: Option<StageId>,
    since: Option<Instant>,
}

impl Kept {
    /// What a life has come to.
    pub fn of(life: &Life) -> Self {
        let Life { record, now, standing, round, recycled, holder, handed, refused, clocks, opted_out, merged } =
            life.clone();
        let Record { past, stage, since, .. } = record;
        Self { now, standing, round, recycled, holder, handed, refused, clocks, opted_out, merged, past, stage, since }
    }

    /// The life, with what is known of the lead.
    pub fn with(self, record: Record) -> Life {
        let Self { past, stage, since, .. } = self;
        Life {
            record: Record { past, stage, since, ..record },
            now: self.now,
            standing: self.standing,
            round: self.round,
            recycled: self.recycled,
            holder: self.holder,
            handed: self.handed,
            refused: self.refused,
            clocks: self.clocks,
            opted_out: self.opted_out,
            merged: self.merged,
        }
    }
}
