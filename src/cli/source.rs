//! `leadpact source`: a draft of how a file is read.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;

use super::common::{failed, input};
use super::files::InputFormat;
use super::{Exit, say};
use crate::io::{Format, InputForm, rows};
use crate::leads::SourceDraft;
use crate::source::Source;
use crate::syntax::format;

/// Draft the `lead` and `source` items for a file
///
/// Every line says how sure it is and which rows speak against it. Review it: when leads are read, only what is declared
/// counts, and nothing is guessed.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact source rules/acme/salesforce.csv --name crm")]
pub(super) struct SourceCommand {
    /// The file: NDJSON, JSON, CSV, YAML or XLSX; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the source is called; as the file when absent
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// How the file is written, where its name does not tell
    #[arg(long, value_name = "FORMAT")]
    input: Option<InputFormat>,
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row of a sheet or line of a CSV file that names the columns; the first when absent
    #[arg(long, value_name = "N")]
    header_row: Option<u32>,
}

impl SourceCommand {
    pub(super) fn run(self) -> io::Result<Exit> {
        let name = self.file.display().to_string();
        let form =
            InputForm { format: self.input.map(Format::from), sheet: self.sheet.as_deref(), header: self.header_row };
        let mut rows = rows(input(&name)?, &name, form).map_err(|e| failed(&name, &e))?;
        let mut draft = SourceDraft::default();
        let mut exit = Exit::Good;
        for row in rows.by_ref() {
            match row {
                Ok(row) => draft.add(&row),
                Err(reject) => {
                    errln!("rejected: {name}: {reject}");
                    draft.reject();
                    exit = Exit::Findings;
                }
            }
        }
        let (file, stem) = match name.as_str() {
            "-" => ("standard input".to_owned(), "input".to_owned()),
            _ => {
                let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
                (text(self.file.file_name()), text(self.file.file_stem()))
            }
        };
        let sheet = self.sheet.as_ref().map(|sheet| format!("sheet \"{}\"", sheet.replace('"', "\\\"")));
        let header = self.header_row.map(|row| format!("header row {row}"));
        let clauses: Vec<String> = sheet.into_iter().chain(header).collect();
        let items = draft.items(&file, self.name.as_deref().unwrap_or(&stem), rows.notes(), &clauses);
        let text = format(&Source::new("draft.pact", items.as_str())).unwrap_or(items);
        // a file of rules has the names of columns as they are, and `check` tells what nobody sees in them
        if io::stdout().is_terminal() {
            say::lines(&text)
        } else {
            say::data(&text)?
        }
        Ok(if rows.cut_short() { Exit::CannotRun } else { exit })
    }
}
