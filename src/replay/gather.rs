//! Rows of events, brought together by lead.

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::LeadLog;
use crate::io::{ColumnNames, Reject, Row, Sorted, Sorter};
use crate::leads::{EventReader, EventRow, LeadInput, PassedOver, Reference, ReferenceRead, Rejected};
use crate::lifecycle::{EventKind, MOST_HOLDERS};
use crate::pact::{IntakeId, Pact};
use crate::time::Instant;
use crate::value::Value;

/// Bytes of rows that are kept in memory before they go to disk, when nothing else is said.
const BUDGET: usize = 64 << 20;

/// How many bytes stand for a value by which leads are recognised.
const DIGEST: usize = 16;

/// Events by lead, waiting to be replayed.
pub struct Gathered {
    pub(super) budget: usize,
    sorter: Sorter,
    names: ColumnNames,
    intakes: Vec<Option<IntakeId>>,
    /// What adds to every lead that names it.
    references: Vec<Reference>,
    latest: Instant,
    rows: u64,
    /// Leads that are said to be one.
    relatives: Relatives,
    /// Who holds the values by which leads are recognised, and since when.
    holders: Sorter,
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
            references: Vec::new(),
            latest: Instant::MIN_UTC,
            rows: 0,
            relatives: Relatives::default(),
            holders: Sorter::new(budget / 4),
            passed_over: Vec::new(),
            cut_short: false,
        }
    }

    /// Reads an input. Rows that the pact does not know are handed to `rejected`; the rest goes on. `row` is
    /// called after each, for progress. What adds to every lead that names it is kept in memory.
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
        if Reference::is_one(pact, input.intake) {
            let name = input.name.clone();
            let ReferenceRead { reference, rejected: refused, passed_over, cut_short } = Reference::read(pact, input);
            refused.into_iter().try_for_each(rejected)?;
            self.references.push(reference);
            self.passed_over.push((name, passed_over));
            self.cut_short |= cut_short;
            row();
            return Ok(());
        }
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
                self.relatives.relate(&row_read.key, &pact.folding.fold(into.trim()));
            }
            for value in event.what.identity_values(pact) {
                let key = [&value.digest()[..], &in_order(event.at), row_read.key.as_bytes()].concat();
                self.holders.push(&key, row_read.key.as_bytes())?;
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
    pub(super) fn families(self) -> io::Result<Families> {
        let Self { budget, sorter, names, intakes, references, mut relatives, holders, .. } = self;
        let mut holders = holders.finish()?;
        let (mut value, mut first): (Vec<u8>, Vec<String>) = (Vec::new(), Vec::new());
        while let Some((key, lead)) = holders.next_record()? {
            let (of, lead) = (key.get(..DIGEST).unwrap_or(key), String::from_utf8_lossy(lead));
            if *value != *of {
                value = of.to_vec();
                first.clear();
            }
            if first.len() < MOST_HOLDERS && !first.iter().any(|other| *other == lead) {
                first.push(lead.into_owned());
                if let [one, .., other] = first.as_slice() {
                    relatives.relate(one, other);
                }
            }
        }
        Ok(Families {
            sorted: sorter.finish()?,
            budget,
            reader: Reader { names, intakes, references },
            names: relatives.names(),
        })
    }
}

/// An instant as bytes that are in order as instants are.
pub(super) fn in_order(at: Instant) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&(at.timestamp() ^ i64::MIN).to_be_bytes());
    bytes[8..].copy_from_slice(&at.timestamp_subsec_nanos().to_be_bytes());
    bytes
}

/// The rows of one lead, as they wait.
pub(super) struct Group {
    pub(super) key: Vec<u8>,
    pub(super) rows: Vec<Vec<u8>>,
}

impl Group {
    /// Its rows as bytes.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for row in &self.rows {
            bytes.extend((row.len() as u64).to_le_bytes());
            bytes.extend(row);
        }
        bytes
    }

    /// A lead's rows that were made bytes.
    pub(super) fn unpack(key: &[u8], bytes: &[u8]) -> Option<Self> {
        let (mut rows, mut rest) = (Vec::new(), bytes);
        while let Some((length, more)) = rest.split_first_chunk::<8>() {
            let (row, more) = more.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            rows.push(row.to_vec());
            rest = more;
        }
        Some(Self { key: key.to_vec(), rows })
    }
}

/// Leads that are replayed together.
pub(super) struct Family {
    pub(super) leads: Vec<Group>,
    /// Whether any is said to be another, or itself.
    pub(super) related: bool,
}

/// The rows of all leads: lead by lead those that stand alone, then those that may be one another, family by family.
pub(super) struct Families {
    sorted: Sorted,
    budget: usize,
    pub(super) reader: Reader,
    /// The family of each lead that has one, by its first lead.
    names: FxHashMap<String, String>,
}

impl Families {
    /// Separates what reads rows from the rows.
    pub(super) fn split(self) -> (Reader, impl FnMut() -> io::Result<Option<Family>>) {
        let Self { mut sorted, budget, reader, names } = self;
        let (mut next, mut families) = (None, None);
        let mut waiting = Some(Sorter::new(budget / 2));
        let family = move || {
            while let Some(sorter) = &mut waiting {
                let Some(group) = next_group(&mut sorted, &mut next)? else { break };
                let Some(name) = std::str::from_utf8(&group.key).ok().and_then(|key| names.get(key)) else {
                    return Ok(Some(Family { leads: vec![group], related: false }));
                };
                sorter.push(&[name.as_bytes(), &[0], &group.key].concat(), &group.pack())?;
            }
            if let Some(sorter) = waiting.take() {
                families = Some(FamilyRows { sorted: sorter.finish()?, next: None });
            }
            families.as_mut().map_or(Ok(None), FamilyRows::next)
        };
        (reader, family)
    }
}

/// The rows of leads that may be one another, as they come off the disk.
struct FamilyRows {
    sorted: Sorted,
    next: Option<(Vec<u8>, Group)>,
}

impl FamilyRows {
    fn next(&mut self) -> io::Result<Option<Family>> {
        let mut leads = Vec::new();
        let mut name: Option<Vec<u8>> = None;
        loop {
            let next = match self.next.take() {
                Some(next) => Some(next),
                None => self.sorted.next_record()?.and_then(|(key, bytes)| {
                    let at = key.iter().position(|byte| *byte == 0)?;
                    let (name, key) = (key.get(..at)?, key.get(at + 1..)?);
                    Some((name.to_vec(), Group::unpack(key, bytes)?))
                }),
            };
            match next {
                Some((of, group)) if name.as_ref().is_none_or(|name| *name == of) => {
                    name = Some(of);
                    leads.push(group);
                }
                other => {
                    self.next = other;
                    return Ok(if leads.is_empty() { None } else { Some(Family { leads, related: true }) });
                }
            }
        }
    }
}

/// The next lead, with all its rows.
fn next_group(sorted: &mut Sorted, next: &mut Option<(Vec<u8>, Vec<u8>)>) -> io::Result<Option<Group>> {
    let first = match next.take() {
        Some(first) => Some(first),
        None => sorted.next_record()?.map(|(key, row)| (key.to_vec(), row.to_vec())),
    };
    let Some((key, row)) = first else { return Ok(None) };
    let mut rows = vec![row];
    while let Some((other, row)) = sorted.next_record()? {
        if *other != *key {
            *next = Some((other.to_vec(), row.to_vec()));
            break;
        }
        rows.push(row.to_vec());
    }
    Ok(Some(Group { key, rows }))
}

/// Leads that may be one another.
#[derive(Default)]
struct Relatives {
    numbers: FxHashMap<String, usize>,
    /// For each lead another one of its family, or itself.
    toward: Vec<usize>,
}

impl Relatives {
    fn relate(&mut self, one: &str, other: &str) {
        let (one, other) = (self.number(one), self.number(other));
        let (one, other) = (self.head(one), self.head(other));
        self.toward[one.max(other)] = one.min(other);
    }

    fn number(&mut self, lead: &str) -> usize {
        if let Some(number) = self.numbers.get(lead) {
            return *number;
        }
        let number = self.toward.len();
        self.numbers.insert(lead.to_owned(), number);
        self.toward.push(number);
        number
    }

    fn head(&mut self, mut number: usize) -> usize {
        while self.toward[number] != number {
            // each step makes the way shorter for the next who goes it
            self.toward[number] = self.toward[self.toward[number]];
            number = self.toward[number];
        }
        number
    }

    /// The first lead of each one's family.
    fn names(mut self) -> FxHashMap<String, String> {
        let numbers = std::mem::take(&mut self.numbers);
        let mut first: FxHashMap<usize, &String> = FxHashMap::default();
        for (lead, number) in &numbers {
            let name = first.entry(self.head(*number)).or_insert(lead);
            *name = (*name).min(lead);
        }
        numbers.iter().map(|(lead, number)| (lead.clone(), first[&self.head(*number)].clone())).collect()
    }
}

/// Reads rows again that were gathered.
pub(super) struct Reader {
    names: ColumnNames,
    intakes: Vec<Option<IntakeId>>,
    references: Vec<Reference>,
}

impl Reader {
    pub(super) fn readers<'p>(&self, pact: &'p Pact) -> Vec<EventReader<'p>> {
        self.intakes.iter().map(|intake| EventReader::new(pact, *intake)).collect()
    }

    /// The lead of a group. Its rows were read before, so that none is refused.
    pub(super) fn lead(&self, pact: &Pact, readers: &mut [EventReader<'_>], group: &Group) -> Option<LeadLog> {
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
        let mut lead = LeadLog::new(lead?, events);
        let known = if self.references.is_empty() { Vec::new() } else { lead.log.events() };
        for added in self.references.iter().flat_map(|reference| reference.adds(pact, &known)) {
            lead.log.take(added);
        }
        Some(lead)
    }
}
