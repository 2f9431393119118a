//! Rows of events, brought together by lead.

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::LeadLog;
use crate::io::{ColumnNames, Reject, Row, Sorted, Sorter};
use crate::leads::{EventReader, EventRow, LeadInput, PassedOver, Rejected};
use crate::lifecycle::EventKind;
use crate::pact::{IntakeId, Pact};
use crate::time::Instant;
use crate::value::Value;

/// Bytes of rows that are kept in memory before they go to disk, when nothing else is said.
const BUDGET: usize = 64 << 20;

/// Events by lead, waiting to be replayed.
pub struct Gathered {
    pub(super) budget: usize,
    sorter: Sorter,
    names: ColumnNames,
    intakes: Vec<Option<IntakeId>>,
    latest: Instant,
    rows: u64,
    /// Leads that became part of another, or took one in.
    merged: FxHashSet<String>,
    passed_over: Vec<(Arc<str>, PassedOver)>,
    cut_short: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self::within(BUDGET)
    }
}

impl Gathered {
    /// Nothing gathered yet. Beyond `budget` bytes, rows wait on disk.
    pub fn within(budget: usize) -> Self {
        Self {
            budget,
            sorter: Sorter::new(budget),
            names: ColumnNames::default(),
            intakes: Vec::new(),
            latest: Instant::MIN_UTC,
            rows: 0,
            merged: FxHashSet::default(),
            passed_over: Vec::new(),
            cut_short: false,
        }
    }

    /// Reads an input. Rows that the pact does not know are handed to `rejected`; the rest goes on. `row` is
    /// called after each, for progress.
    ///
    /// # Errors
    /// When a temporary file, or what is done with a rejected row, fails.
    pub fn read(
        &mut self,
        pact: &Pact,
        input: LeadInput,
        rejected: &mut dyn FnMut(Rejected) -> io::Result<()>,
        row: &mut dyn FnMut(),
    ) -> io::Result<()> {
        let LeadInput { name, mut rows, intake } = input;
        let mut reader = EventReader::new(pact, intake);
        let number = u16::try_from(self.intakes.len()).map_err(|_| io::Error::other("there are too many inputs"))?;
        self.intakes.push(intake);
        for read in rows.by_ref() {
            match read.and_then(|row| {
                reader.read(&row).map(|row_read| (row.clone(), row_read)).map_err(|why| Reject::of(&row, why))
            }) {
                Ok((row, row_read)) => self.take(pact, number, &row, &row_read)?,
                Err(reject) => rejected(Rejected { file: name.clone(), reject })?,
            }
            row();
        }
        self.cut_short |= rows.cut_short();
        self.passed_over.push((name, reader.passed_over().clone()));
        Ok(())
    }

    fn take(&mut self, pact: &Pact, number: u16, row: &Row, row_read: &EventRow) -> io::Result<()> {
        for event in &row_read.events {
            self.latest = self.latest.max(event.at);
            if let EventKind::Merged(into) = &event.what {
                self.merged.extend([row_read.key.clone(), pact.folding.fold(into.trim()).into_owned()]);
            }
        }
        self.rows += 1;
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.extend(self.names.pack(row));
        self.sorter.push(row_read.key.as_bytes(), &bytes)
    }

    /// How many rows were taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The last instant that any row names.
    pub fn latest(&self) -> Instant {
        self.latest
    }

    /// What was passed over, by input.
    pub fn passed_over(&self) -> &[(Arc<str>, PassedOver)] {
        &self.passed_over
    }

    /// Whether an input ended in a read error, so that rows may be missing.
    pub fn cut_short(&self) -> bool {
        self.cut_short
    }

    /// The rows of each lead, together.
    pub(super) fn groups(self) -> io::Result<Groups> {
        let reader = Reader { names: self.names, intakes: self.intakes };
        Ok(Groups { sorted: self.sorter.finish()?, reader, merged: self.merged, next: None, ended: false })
    }
}

/// The rows of one lead, as they wait.
pub(super) struct Group {
    pub(super) key: Vec<u8>,
    pub(super) rows: Vec<Vec<u8>>,
    /// Whether the lead merged with another.
    pub(super) merged: bool,
}

/// The rows of all leads, lead by lead.
pub(super) struct Groups {
    sorted: Sorted,
    pub(super) reader: Reader,
    merged: FxHashSet<String>,
    next: Option<(Vec<u8>, Vec<u8>)>,
    ended: bool,
}

impl Groups {
    /// Separates what reads rows from the rows.
    pub(super) fn split(self) -> (Reader, impl FnMut() -> io::Result<Option<Group>>) {
        let Self { mut sorted, reader, merged, mut next, mut ended } = self;
        let groups = move || {
            let first = match next.take() {
                Some(first) => Some(first),
                None if ended => None,
                None => sorted.next_record()?.map(|(key, row)| (key.to_vec(), row.to_vec())),
            };
            let Some((key, row)) = first else { return Ok(None) };
            let mut rows = vec![row];
            loop {
                match sorted.next_record()? {
                    Some((other, row)) if *other == *key => rows.push(row.to_vec()),
                    Some((other, row)) => {
                        next = Some((other.to_vec(), row.to_vec()));
                        break;
                    }
                    None => {
                        ended = true;
                        break;
                    }
                }
            }
            let merged = std::str::from_utf8(&key).is_ok_and(|key| merged.contains(key));
            Ok(Some(Group { key, rows, merged }))
        };
        (reader, groups)
    }
}

/// Reads rows again that were gathered.
pub(super) struct Reader {
    names: ColumnNames,
    intakes: Vec<Option<IntakeId>>,
}

impl Reader {
    pub(super) fn readers<'p>(&self, pact: &'p Pact) -> Vec<EventReader<'p>> {
        self.intakes.iter().map(|intake| EventReader::new(pact, *intake)).collect()
    }

    /// The lead of a group. Its rows were read before, so that none is refused.
    pub(super) fn lead(&self, readers: &mut [EventReader<'_>], group: &Group) -> Option<LeadLog> {
        let mut lead = None;
        let mut events = Vec::with_capacity(group.rows.len());
        for bytes in &group.rows {
            let (number, rest) = bytes.split_first_chunk::<2>()?;
            let row = self.names.unpack(rest)?;
            let row_read = readers.get_mut(usize::from(u16::from_le_bytes(*number)))?.read(&row).ok()?;
            events.extend(row_read.events);
            // keys match whatever their case: of several spellings the first in order stands for all
            let first = lead.as_ref().is_none_or(|lead: &Value| row_read.lead.to_string() < lead.to_string());
            lead = if first { Some(row_read.lead) } else { lead };
        }
        lead.map(|key| LeadLog::new(key, events))
    }
}
