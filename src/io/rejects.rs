use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::reject::Reject;
use crate::private;

/// A file of rejects, one JSON object a line: `{"file":…,"line":…,"reason":…,"row":…}`.
///
/// The file is created (and one of that name replaced) by the first reject, so that a clean run leaves none.
pub struct RejectsWriter {
    path: PathBuf,
    out: Option<BufWriter<File>>,
    count: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    reason: &'a str,
    row: &'a str,
}

impl RejectsWriter {
    /// A writer to `path`, which is not touched yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), out: None, count: 0 }
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
        serde_json::to_writer(&mut *out, &Line { file, line: *line, column: *column, reason, row: raw })?;
        out.write_all(b"\n")?;
        self.count += 1;
        Ok(())
    }

    /// How many rejects were written.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Where they are written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes out what is buffered and gives how many rejects the file holds.
    ///
    /// # Errors
    /// When the last of them cannot be written; dropping the writer instead would hide that.
    pub fn finish(mut self) -> io::Result<u64> {
        if let Some(out) = &mut self.out {
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
    fn a_path_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = RejectsWriter::new(folder.path());
        assert!(writer.write("leads.csv", &Reject::new(1, "bad", b"")).is_err());
        assert_eq!(writer.count(), 0);
    }
}
