use std::io::{self, BufRead, BufReader, Read};

/// The longest row that is kept in memory.
pub(super) const MAX_ROW: usize = 16 << 20;

/// How much of a longer row is kept to show which one it was.
const PREFIX: usize = 4 << 10;

/// Decoded bytes with a position, cut into pieces by whoever knows where rows end.
pub(super) struct Input {
    reader: BufReader<Box<dyn Read + Send>>,
    /// Bytes given back, read again before the reader's own.
    back: Vec<u8>,
    at: usize,
    line: u64,
    column: u64,
    after_cr: bool,
}

/// What a byte means to the one cutting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    No,
    Before,
    After,
}

/// A stretch of input.
pub(super) struct Piece {
    /// The line and column (1-based) of its first byte.
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) bytes: Vec<u8>,
    /// It was longer than [`MAX_ROW`]; only its beginning is kept.
    pub(super) overlong: bool,
    /// It ended because the input did.
    pub(super) at_end: bool,
}

impl Piece {
    /// As much of an overlong piece as is kept.
    pub(super) fn shortened(mut self) -> Self {
        self.bytes.truncate(PREFIX);
        Self { overlong: true, ..self }
    }
}

impl Input {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        let reader = BufReader::with_capacity(64 << 10, reader);
        Self { reader, back: Vec::new(), at: 0, line: 1, column: 1, after_cr: false }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn column(&self) -> u64 {
        self.column
    }

    /// Up to `limit` bytes from here, left to be read again.
    pub(super) fn head(&mut self, limit: usize) -> io::Result<&[u8]> {
        let mut head = Vec::new();
        self.by_ref().take(limit as u64).read_to_end(&mut head)?;
        head.extend_from_slice(&self.back[self.at..]);
        (self.back, self.at) = (head, 0);
        Ok(&self.back)
    }

    /// Gives `bytes` back, to be read again as starting on `line`.
    pub(super) fn unread(&mut self, mut bytes: Vec<u8>, line: u64) {
        bytes.extend_from_slice(&self.back[self.at..]);
        (self.back, self.at) = (bytes, 0);
        (self.line, self.column, self.after_cr) = (line, 1, false);
    }

    /// The next byte, not consumed.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        self.fill().map(|bytes| bytes.first().copied())
    }

    /// Passes over bytes as long as they are `skippable`.
    pub(super) fn skip(&mut self, skippable: impl Fn(u8) -> bool) -> io::Result<()> {
        while self.peek()?.is_some_and(&skippable) {
            self.pass(1);
        }
        Ok(())
    }

    /// Everything up to the first byte that cuts. An empty piece at the end of the input means there is no more.
    pub(super) fn piece(&mut self, mut cut: impl FnMut(u8) -> Cut) -> io::Result<Piece> {
        let (line, column) = (self.line, self.column);
        let mut piece = Piece { line, column, bytes: Vec::new(), overlong: false, at_end: false };
        loop {
            let buffer = self.fill()?;
            if buffer.is_empty() {
                piece.at_end = true;
                return Ok(piece);
            }
            let found = buffer.iter().enumerate().find_map(|(i, byte)| match cut(*byte) {
                Cut::No => None,
                Cut::Before => Some(i),
                Cut::After => Some(i + 1),
            });
            let taken = found.unwrap_or(buffer.len());
            if piece.bytes.len() + taken <= MAX_ROW && !piece.overlong {
                piece.bytes.extend_from_slice(&buffer[..taken]);
            } else if !piece.overlong {
                piece.overlong = true;
                piece.bytes.extend_from_slice(&buffer[..taken.min(PREFIX)]);
                piece.bytes.truncate(PREFIX);
                piece.bytes.shrink_to_fit();
            }
            self.pass(taken);
            if found.is_some() {
                return Ok(piece);
            }
        }
    }

    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.at < self.back.len() {
            return Ok(&self.back[self.at..]);
        }
        if !self.back.is_empty() {
            (self.back, self.at) = (Vec::new(), 0);
        }
        loop {
            // RequestedAction twice because the borrow of a successful answer cannot leave a loop.
            match self.reader.fill_buf() {
                Ok(_) => return Ok(self.reader.buffer()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Consumes `count` bytes of what [`Input::fill`] showed, keeping count of lines. `\n`, `\r\n` and a lone `\r`
    /// each end one.
    fn pass(&mut self, count: usize) {
        let given_back = self.at < self.back.len();
        let bytes = if given_back { &self.back[self.at..] } else { self.reader.buffer() };
        // Line ends are rare: each stretch between them is counted at once.
        for part in bytes[..count].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            match part.last() {
                Some(b'\n') if self.after_cr && part.len() == 1 => {}
                Some(b'\n' | b'\r') => (self.line, self.column) = (self.line + 1, 1),
                // The inner bytes of a character do not make a column.
                _ => self.column += part.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count() as u64,
            }
            self.after_cr = part.last() == Some(&b'\r');
        }
        if given_back {
            self.at += count;
        } else {
            self.reader.consume(count);
        }
    }
}

/// Reads without counting lines: for the head, which is given back, and for formats read whole.
impl Read for Input {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill()?;
        let count = available.len().min(buf.len());
        buf[..count].copy_from_slice(&available[..count]);
        if self.at < self.back.len() {
            self.at += count;
        } else {
            self.reader.consume(count);
        }
        Ok(count)
    }
}
