//! A file of leads to decisions, piece by piece.

use std::io;
use std::sync::Arc;

use indexmap::IndexMap;

use super::columns::Columns;
use super::decider::Decider;
use super::form::Form;
use super::lead::ClassedLead;
use super::plan::Plan;
use super::spread::{Worker, spread};
use crate::decide::decide;
use crate::io::{LineBlock, LineBlocks, Reject, line_row};
use crate::leads::{LeadReader, Leads, PassedOver, Read, Rejected, read_lead};
use crate::pact::IntakeId;

/// How many leads that were read one by one are decided together.
const TOGETHER: usize = 512;

/// What some leads, one after another, came to.
#[derive(Debug, Default)]
pub struct Decided {
    /// Their decisions.
    pub bytes: Vec<u8>,
    /// How many ended in which stage.
    pub stages: IndexMap<Option<Arc<str>>, u64>,
    /// How many of them were left to the reference evaluator.
    pub left: u64,
    /// Rows that are no leads.
    pub rejected: Vec<Rejected>,
    /// What of the rows was passed over.
    pub passed_over: PassedOver,
}

/// Leads of an input.
pub enum LeadSource<'s, 'p> {
    /// Lines of NDJSON of a name, as a `source` says.
    Lines(LineBlocks, Arc<str>, Option<IntakeId>),
    /// Rows that somebody else makes records of.
    Records(&'s mut Leads<'p>),
}

enum Piece {
    Lines(Result<LineBlock, Reject>),
    Records(Vec<Read>),
}

/// Decides the leads of a source on several threads, in order. Whatever the plan does not know is decided as ever.
///
/// # Errors
/// When `done` fails.
pub fn decide_all(
    plan: &Plan<'_>,
    mut source: LeadSource<'_, '_>,
    form: Form,
    threads: usize,
    done: &mut dyn FnMut(Decided) -> io::Result<()>,
) -> io::Result<bool> {
    let lines = match &source {
        LeadSource::Lines(_, name, intake) => Some((name.clone(), *intake)),
        LeadSource::Records(_) => None,
    };
    let worker = || -> Worker<'_, Piece, Decided> {
        let mut decider = Decider::new(plan, form);
        match lines.clone() {
            Some((name, intake)) => {
                let mut lines = LinesWork::new(plan, &decider, name, intake);
                Box::new(move |piece| lines.take(piece, &mut decider))
            }
            None => Box::new(move |piece| records(piece, &mut decider)),
        }
    };
    let mut next = || match &mut source {
        LeadSource::Lines(blocks, ..) => blocks.next().map(Piece::Lines),
        LeadSource::Records(leads) => {
            let read: Vec<Read> = leads.by_ref().take(TOGETHER).collect();
            (!read.is_empty()).then_some(Piece::Records(read))
        }
    };
    spread(threads, &mut next, &worker, done)?;
    Ok(match &source {
        LeadSource::Lines(blocks, ..) => blocks.cut_short(),
        LeadSource::Records(leads) => leads.cut_short(),
    })
}

/// Lines as a thread takes them.
struct LinesWork<'p> {
    reader: LeadReader<'p>,
    quick: Option<Columns<'p>>,
    name: Arc<str>,
    lead: ClassedLead,
}

impl<'p> LinesWork<'p> {
    fn new(plan: &'p Plan<'p>, decider: &Decider<'p>, name: Arc<str>, intake: Option<IntakeId>) -> Self {
        let reader = LeadReader::new(plan.pact, intake);
        Self { quick: Columns::new(decider, &reader), reader, name, lead: ClassedLead::default() }
    }

    fn take(&mut self, piece: Piece, decider: &mut Decider<'p>) -> Decided {
        let mut decided = Decided::default();
        let block = match piece {
            Piece::Lines(Ok(block)) => block,
            Piece::Lines(Err(reject)) => {
                decided.rejected.push(Rejected { file: self.name.clone(), reject });
                return decided;
            }
            Piece::Records(read) => return records(Piece::Records(read), decider),
        };
        decided.bytes.reserve(2 * block.bytes.len());
        for (number, line) in block.lines() {
            if self.quickly(number, line, decider, &mut decided.bytes).is_none()
                && let Err(reject) = self.slowly(number, line, decider, &mut decided.bytes)
            {
                decided.rejected.push(Rejected { file: self.name.clone(), reject });
            }
        }
        decided.passed_over = self.reader.take_passed_over();
        finish(&mut decided, decider);
        decided
    }

    /// A line straight to classes; none where something of it is not known to the plan.
    fn quickly(&mut self, number: u64, line: &[u8], decider: &mut Decider<'p>, out: &mut Vec<u8>) -> Option<()> {
        let Self { reader, quick, lead, .. } = self;
        quick.as_mut()?.read(line, decider, reader, lead)?;
        let (pact, at, intake) = (decider.plan.pact, decider.plan.at, reader.intake_id());
        let reference = &mut || {
            let row = line_row(number, line).ok()?;
            Some(decide(pact, &*read_lead(pact, intake, &row).ok()?, at))
        };
        decider.decide(lead, out, reference)
    }

    /// A line as every row is read.
    fn slowly(&mut self, number: u64, line: &[u8], decider: &mut Decider<'p>, out: &mut Vec<u8>) -> Result<(), Reject> {
        let row = line_row(number, line)?;
        let record = self.reader.read(&row).map_err(|reason| Reject::of(&row, reason))?;
        decider.decide_record(&record, &mut self.lead, out);
        Ok(())
    }
}

fn records(piece: Piece, decider: &mut Decider<'_>) -> Decided {
    let mut decided = Decided::default();
    let Piece::Records(read) = piece else { return decided };
    let mut lead = ClassedLead::default();
    for read in read {
        match read {
            Ok(record) => decider.decide_record(&record, &mut lead, &mut decided.bytes),
            Err(rejected) => decided.rejected.push(rejected),
        }
    }
    finish(&mut decided, decider);
    decided
}

/// What a thread tells of some leads, once all of them are decided.
fn finish(decided: &mut Decided, decider: &mut Decider<'_>) {
    decided.stages = decider.take_stages();
    decided.left = decider.take_left();
    decider.forget();
}
