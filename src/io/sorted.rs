use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::mem;
use std::ops::Range;
use std::sync::Arc;

/// So many runs are merged at once. More are first merged into fewer, so that memory does not grow with their number.
const FAN_IN: usize = 256;

/// Before each record of a run stand the lengths of its key and its payload.
const HEADER: usize = 8;

const WRITE_BUFFER: usize = 1 << 16;

/// Byte records, brought into order in memory that does not grow with their number.
///
/// What exceeds the budget is written, sorted, to a temporary file that has no name, so that nothing stays behind even
/// after a crash. When all of it fits, no file is made. Equal records all stay.
///
/// ```
/// use leadpact::internals::io::Sorter;
/// let mut sorter = Sorter::new(1 << 20);
/// sorter.push(b"lead 2", b"signed up")?;
/// sorter.push(b"lead 1", b"signed up")?;
/// sorter.push(b"lead 2", b"asked for a price")?;
/// let mut sorted = sorter.finish()?;
/// assert_eq!(sorted.next_record()?, Some((&b"lead 1"[..], &b"signed up"[..])));
/// assert_eq!(sorted.next_record()?, Some((&b"lead 2"[..], &b"asked for a price"[..])));
/// assert_eq!(sorted.next_record()?, Some((&b"lead 2"[..], &b"signed up"[..])));
/// assert_eq!(sorted.next_record()?, None);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Sorter {
    budget: usize,
    memory: Memory,
    spill: Option<Spill>,
}

impl Sorter {
    /// `budget` is how many bytes are kept in memory before a run is written out; a single record may exceed it.
    ///
    /// Merging takes buffers of up to as much again, and of 1 MiB where the budget is smaller.
    pub fn new(budget: usize) -> Self {
        Self { budget, memory: Memory::default(), spill: None }
    }

    /// Adds a record under a key. The order is by the bytes of the key, then by those of the payload.
    ///
    /// # Errors
    /// For a key or payload of 4 GiB or more, which is then left out; and when the temporary file cannot be made or
    /// written. What was written by then is not taken back, so the sorter is of no use after that.
    pub fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        let (Ok(key_length), Ok(payload_length)) = (u32::try_from(key.len()), u32::try_from(payload.len())) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "cannot sort a record of 4 GiB or more"));
        };
        let size = size_of::<Entry>() + key.len() + payload.len();
        if !self.memory.entries.is_empty() && self.memory.size().saturating_add(size) > self.budget {
            self.write_out()?;
        }
        let Memory { arena, entries, .. } = &mut self.memory;
        entries.push(Entry { prefix: prefix(key), at: arena.len(), key: key_length, payload: payload_length });
        arena.extend_from_slice(key);
        arena.extend_from_slice(payload);
        Ok(())
    }

    /// All records in order.
    ///
    /// # Errors
    /// When the temporary file cannot be written or read.
    pub fn finish(mut self) -> io::Result<Sorted> {
        self.memory.sort();
        let buffer = (self.budget / FAN_IN).clamp(1 << 12, 1 << 18);
        let runs = match self.spill {
            Some(spill) => merged(spill.runs(buffer)?, buffer)?,
            None => Vec::new(),
        };
        Sorted::of(runs.into_iter().map(Source::Run).chain([Source::Memory(self.memory)]))
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.memory.sort();
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(Spill::new()?),
        };
        for entry in &self.memory.entries {
            let (key, payload) = entry.record(&self.memory.arena);
            spill.write(key, payload)?;
        }
        spill.end_run();
        let Memory { arena, entries, .. } = &mut self.memory;
        entries.clear();
        arena.clear();
        // one huge record does not hold its memory for good
        arena.shrink_to(self.budget);
        Ok(())
    }
}

/// The records of a [`Sorter`] in order.
pub struct Sorted {
    heap: BinaryHeap<Head>,
    /// The first record has been given, so that the source on top is one record behind.
    given: bool,
}

impl Sorted {
    fn of(sources: impl IntoIterator<Item = Source>) -> io::Result<Self> {
        let mut heads = Vec::new();
        for source in sources {
            let mut head = Head { prefix: 0, source: Box::new(source) };
            if head.advance()? {
                heads.push(head);
            }
        }
        Ok(Self { heap: heads.into(), given: false })
    }

    /// The next record, as its key and its payload; none after the last.
    ///
    /// # Errors
    /// When the temporary file cannot be read. No record is passed over: the next call tries again.
    pub fn next_record(&mut self) -> io::Result<Option<(&[u8], &[u8])>> {
        if mem::take(&mut self.given)
            && let Some(mut top) = self.heap.peek_mut()
        {
            match top.advance() {
                // its new record finds its place as `top` is dropped
                Ok(true) => {}
                Ok(false) => {
                    PeekMut::pop(top);
                }
                Err(error) => {
                    self.given = true;
                    return Err(error);
                }
            }
        }
        self.given = true;
        Ok(self.heap.peek().map(|head| head.source.record()))
    }
}

/// The first bytes of a key as a number of the same order, which decides most comparisons without a look at the key.
fn prefix(key: &[u8]) -> u64 {
    match key.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => key.iter().rev().fold(0, |number, byte| number >> 8 | u64::from(*byte) << 56),
    }
}

/// Where a record stands in the arena.
struct Entry {
    prefix: u64,
    at: usize,
    key: u32,
    payload: u32,
}

impl Entry {
    fn record<'a>(&self, arena: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        cut(arena, self.at, self.key as usize, self.payload as usize)
    }
}

fn cut(bytes: &[u8], at: usize, key: usize, payload: usize) -> (&[u8], &[u8]) {
    let record = bytes.get(at..at + key + payload).unwrap_or_default();
    record.split_at_checked(key).unwrap_or_default()
}

/// The records that were not written out, one after the other in an arena.
#[derive(Default)]
struct Memory {
    arena: Vec<u8>,
    entries: Vec<Entry>,
    /// How many were passed; the last of them is the record that is lent.
    passed: usize,
}

impl Memory {
    fn size(&self) -> usize {
        self.arena.len() + self.entries.len() * size_of::<Entry>()
    }

    fn record(&self) -> (&[u8], &[u8]) {
        let entry = self.passed.checked_sub(1).and_then(|at| self.entries.get(at));
        entry.map(|entry| entry.record(&self.arena)).unwrap_or_default()
    }

    fn sort(&mut self) {
        let arena = &self.arena;
        self.entries
            .sort_unstable_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| a.record(arena).cmp(&b.record(arena))));
    }
}

/// Runs being written, all to one file: their number is not bound by that of the files a process may open.
struct Spill {
    out: BufWriter<File>,
    written: u64,
    ends: Vec<u64>,
}

impl Spill {
    fn new() -> io::Result<Self> {
        let folder = tempfile::env::temp_dir();
        let cannot = |error| failed(&format!("cannot make a temporary file in `{}`", folder.display()), &error);
        let file = tempfile::tempfile_in(&folder).map_err(cannot)?;
        Ok(Self { out: BufWriter::with_capacity(WRITE_BUFFER, file), written: 0, ends: Vec::new() })
    }

    fn write(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        let out = &mut self.out;
        // `push` let no longer ones in
        let [key_length, payload_length] = [key, payload].map(|bytes| (bytes.len() as u32).to_le_bytes());
        let mut parts = [&key_length[..], &payload_length, key, payload].into_iter();
        parts.try_for_each(|part| out.write_all(part)).map_err(|error| failed(WRITE, &error))?;
        self.written += (HEADER + key.len() + payload.len()) as u64;
        Ok(())
    }

    fn end_run(&mut self) {
        self.ends.push(self.written);
    }

    fn runs(self, buffer: usize) -> io::Result<Vec<Run>> {
        let file = self.out.into_inner().map_err(|error| failed(WRITE, error.error()))?;
        let file = Arc::new(file);
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        Ok(starts.zip(&self.ends).map(|(start, end)| Run::new(Arc::clone(&file), start..*end, buffer)).collect())
    }
}

/// At most [`FAN_IN`] runs of the same records. The file of a level is let go when the next has been written.
fn merged(mut runs: Vec<Run>, buffer: usize) -> io::Result<Vec<Run>> {
    while runs.len() > FAN_IN {
        let mut spill = Spill::new()?;
        let mut rest = runs.into_iter();
        while rest.len() > 0 {
            let mut sorted = Sorted::of(rest.by_ref().take(FAN_IN).map(Source::Run))?;
            while let Some((key, payload)) = sorted.next_record()? {
                spill.write(key, payload)?;
            }
            spill.end_run();
        }
        runs = spill.runs(buffer)?;
    }
    Ok(runs)
}

/// A run being read.
struct Run {
    /// Shared by the runs of one [`Sorted`] alone, so each finds its place again before it reads.
    file: Arc<File>,
    unread: Range<u64>,
    buffer: Vec<u8>,
    /// How many bytes to read ahead.
    ahead: usize,
    /// Where the record that is lent stands in the buffer, behind its lengths.
    at: usize,
    key: usize,
    payload: usize,
}

impl Run {
    fn new(file: Arc<File>, unread: Range<u64>, ahead: usize) -> Self {
        Self { file, unread, buffer: Vec::new(), ahead, at: 0, key: 0, payload: 0 }
    }

    /// Goes to the next record. When it fails, it can be called again.
    fn advance(&mut self) -> io::Result<bool> {
        self.at += mem::take(&mut self.key) + mem::take(&mut self.payload);
        if self.at == self.buffer.len() && self.unread.is_empty() {
            return Ok(false);
        }
        self.hold(HEADER)?;
        let header = self.buffer.get(self.at..).and_then(<[u8]>::first_chunk::<HEADER>);
        let [a, b, c, d, e, f, g, h] = *header.ok_or_else(cut_short)?;
        let (key, payload) = (u32::from_le_bytes([a, b, c, d]) as usize, u32::from_le_bytes([e, f, g, h]) as usize);
        self.hold(HEADER + key + payload)?;
        (self.at, self.key, self.payload) = (self.at + HEADER, key, payload);
        Ok(true)
    }

    /// Sees to it that so many bytes from `at` on are in the buffer.
    fn hold(&mut self, length: usize) -> io::Result<()> {
        if self.buffer.len() - self.at >= length {
            return Ok(());
        }
        self.buffer.drain(..mem::take(&mut self.at));
        let held = self.buffer.len();
        let wanted = length.max(self.ahead);
        let more = usize::try_from(self.unread.end - self.unread.start).unwrap_or(usize::MAX).min(wanted - held);
        if held + more < length {
            return Err(cut_short());
        }
        // what one huge record took is given back
        self.buffer.shrink_to(wanted);
        self.buffer.reserve_exact(more);
        self.buffer.resize(held + more, 0);
        let mut file = &*self.file;
        let space = self.buffer.get_mut(held..).unwrap_or_default();
        let read = file.seek(SeekFrom::Start(self.unread.start)).and_then(|_| file.read_exact(space));
        if let Err(error) = read {
            self.buffer.truncate(held);
            return Err(failed(READ, &error));
        }
        self.unread.start += more as u64;
        Ok(())
    }
}

/// Records in order, with one of them lent.
enum Source {
    Memory(Memory),
    Run(Run),
}

impl Source {
    fn record(&self) -> (&[u8], &[u8]) {
        match self {
            Source::Memory(memory) => memory.record(),
            Source::Run(run) => cut(&run.buffer, run.at, run.key, run.payload),
        }
    }
}

/// A source in the heap, which has its greatest on top: so the least record is the greatest head.
struct Head {
    prefix: u64,
    source: Box<Source>,
}

impl Head {
    /// Goes to the next record; false after the last.
    fn advance(&mut self) -> io::Result<bool> {
        let more = match &mut *self.source {
            Source::Memory(memory) => {
                memory.passed += 1;
                memory.passed <= memory.entries.len()
            }
            Source::Run(run) => run.advance()?,
        };
        self.prefix = prefix(self.source.record().0);
        Ok(more)
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.prefix.cmp(&self.prefix).then_with(|| other.source.record().cmp(&self.source.record()))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

const WRITE: &str = "cannot write a temporary file";
const READ: &str = "cannot read a temporary file back";

fn failed(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

fn cut_short() -> io::Error {
    failed(READ, &io::Error::new(io::ErrorKind::UnexpectedEof, "it ends within a record"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_is_reported() {
        let named = tempfile::NamedTempFile::new().unwrap();
        let read_only = BufWriter::with_capacity(0, File::open(named.path()).unwrap());
        let mut sorter = Sorter::new(0);
        sorter.spill = Some(Spill { out: read_only, written: 0, ends: Vec::new() });
        sorter.push(b"a", b"").unwrap();
        let error = sorter.push(b"b", b"").unwrap_err().to_string();
        assert!(error.starts_with("cannot write a temporary file: "), "{error}");
    }

    #[test]
    fn a_failed_read_is_reported_and_passes_over_nothing() {
        let mut spill = Spill::new().unwrap();
        for key in [b"a", b"b", b"c"] {
            spill.write(key, b"").unwrap();
        }
        spill.end_run();
        // nothing is read ahead, so that the second record is still in the file
        let runs = spill.runs(0).unwrap();
        let file = Arc::clone(&runs[0].file);
        let mut bytes = Vec::new();
        (&*file).seek(SeekFrom::Start(0)).and_then(|_| (&*file).read_to_end(&mut bytes)).unwrap();
        let mut sorted = Sorted::of(runs.into_iter().map(Source::Run)).unwrap();
        assert_eq!(sorted.next_record().unwrap(), Some((&b"a"[..], &b""[..])));
        file.set_len(12).unwrap();
        for _ in 0..2 {
            let error = sorted.next_record().unwrap_err().to_string();
            assert!(error.starts_with("cannot read a temporary file back: "), "{error}");
        }
        (&*file).seek(SeekFrom::Start(0)).and_then(|_| (&*file).write_all(&bytes)).unwrap();
        assert_eq!(sorted.next_record().unwrap(), Some((&b"b"[..], &b""[..])));
    }
}
