use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::reject::Reject;
use crate::private;

/// A file of rejects, one JSON object a line: `{"file":…,"line":…,"reason":…,"row":…}`.
///
/// The file is created (and one of that name replaced) by the first reject, so that a clean run leaves none. It holds the first
/// rejects up to a size; its last line then says how many more there were: `{"more":…,"reason":…}`.
pub struct RejectsWriter {
    path: PathBuf,
    out: Option<BufWriter<File>>,
    /// How many bytes it may still get.
    room: usize,
    count: u64,
    /// How many of them it does not hold.
    more: u64,
}

/// How many bytes of rejects a file holds: whoever mends the first of them reads the rest anew.
const ROOM: usize = 64 << 20;

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    reason: &'a str,
    row: &'a str,
}

#[derive(Serialize)]
struct More<'a> {
    more: u64,
    reason: &'a str,
}

impl RejectsWriter {
    /// A writer to `path`, which is not touched yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), out: None, room: ROOM, count: 0, more: 0 }
    }

    /// Writes one reject of the input called `file`.
    ///
    /// # Errors
    /// When the file cannot be created or written. The reject is then not counted.
    pub fn write(&mut self, file: &str, reject: &Reject) -> io::Result<()> {
        let out = match &mut self.out {
            Some(out) => out,
            none => none.insert(BufWriter::new(private::create(&self.path)?)),
        };
        let Reject { line, column, reason, raw } = reject;
        let mut text = serde_json::to_vec(&Line { file, line: *line, column: *column, reason, row: raw })?;
        text.push(b'\n');
        // none after the first that has no room, so that the file ends at one place of the input
        match self.room.checked_sub(text.len()).filter(|_| self.more == 0) {
            Some(room) => {
                out.write_all(&text)?;
                self.room = room;
            }
            None => self.more += 1,
        }
        self.count += 1;
        Ok(())
    }

    /// How many rows were rejected.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Where they are written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many of them the file does not hold.
    pub fn more(&self) -> u64 {
        self.more
    }

    /// Writes out what is buffered, and how many more there were, and gives how many rows were rejected.
    ///
    /// # Errors
    /// When the last of them cannot be written; dropping the writer instead would hide that.
    pub fn finish(mut self) -> io::Result<u64> {
        if let Some(out) = &mut self.out {
            if self.more > 0 {
                let reason = "more rows were rejected: mend those that stand here, and read the file again";
                serde_json::to_writer(&mut *out, &More { more: self.more, reason })?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        Ok(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_comes_with_the_first_reject() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.ndjson");
        assert_eq!(RejectsWriter::new(&path).finish().unwrap(), 0);
        assert!(!path.exists());
        let mut writer = RejectsWriter::new(&path);
        writer.write("leads.csv", &Reject::new(3, "too \"few\"", b"a,\xFF")).unwrap();
        assert_eq!((writer.count(), writer.finish().unwrap()), (1, 1));
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "{\"file\":\"leads.csv\",\"line\":3,\"reason\":\"too \\\"few\\\"\",\"row\":\"a,\u{FFFD}\"}\n");
    }

    #[test]
    fn a_file_of_rejects_is_bounded_and_says_how_many_more_there_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.ndjson");
        let mut writer = RejectsWriter::new(&path);
        let row = vec![b'x'; 1 << 20];
        for line in 1..=100 {
            writer.write("leads.csv", &Reject::new(line, "bad", &row)).unwrap();
        }
        // a short one that would fit comes after those that did not
        writer.write("leads.csv", &Reject::new(101, "bad", b"")).unwrap();
        assert_eq!((writer.count(), writer.more()), (101, 38));
        assert_eq!(writer.finish().unwrap(), 101);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.len() <= ROOM + 200, "{}", text.len());
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[62]["line"], &lines[63]["more"]), (64, &63.into(), &38.into()));
    }

    #[test]
    fn a_path_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = RejectsWriter::new(folder.path());
        assert!(writer.write("leads.csv", &Reject::new(1, "bad", b"")).is_err());
        assert_eq!(writer.count(), 0);
    }
}
