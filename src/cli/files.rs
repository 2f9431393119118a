//! Files of rows: opening them, progress over them, and where their rejected rows go.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use super::Exit;
use super::common::{failed, input, instant};
use super::workspace::Workspace;
use crate::io::{Format, InputForm, RejectsWriter, rows};
use crate::leads::{LeadInput, Leads, PassedOver, Rejected};
use crate::pact::{IntakeId, Pact};
use crate::time::Instant;

/// Leads and how to read them.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LeadFiles {
    /// Files of leads: NDJSON, JSON, CSV, YAML or XLSX; `-` is standard input, `SOURCE=FILE` names the source of a file.
    /// Several files become one record by key: the first streams, the others are joined to it. When absent, those of
    /// `leadpact.yaml`, or else standard input
    #[arg(value_name = "LEADS")]
    pub(super) leads: Vec<String>,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// The instant of the decision, in the pact's zone where it has no offset; the present when absent
    #[arg(long, value_name = "INSTANT")]
    pub(super) at: Option<String>,
}

/// How to read files of rows.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Reading {
    /// The `source` that says what the columns mean; '' is none, whatever `leadpact.yaml` says
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How the files are written, where the name does not tell
    #[arg(long, value_name = "FORMAT")]
    input: Option<InputFormat>,
    /// The sheet of a workbook, where the source does not say
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

/// How an input is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum InputFormat {
    Ndjson,
    Json,
    Csv,
    Yaml,
    Xlsx,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Ndjson => Format::Ndjson,
            InputFormat::Json => Format::Json,
            InputFormat::Csv => Format::Csv,
            InputFormat::Yaml => Format::Yaml,
            InputFormat::Xlsx => Format::Xlsx,
        }
    }
}

impl LeadFiles {
    pub(super) fn instant(&self, pact: &Pact) -> io::Result<Instant> {
        match &self.at {
            Some(text) => instant(text, pact),
            None => Ok(chrono::DateTime::from(std::time::SystemTime::now())),
        }
    }

    /// Opens the files. The second part is the size of the first, for progress.
    pub(super) fn open<'p>(&self, workspace: &Workspace, pact: &'p Pact) -> io::Result<(Leads<'p>, Opened)> {
        let (inputs, opened) = self.inputs(workspace, pact)?;
        Ok((Self::read(pact, inputs)?, opened))
    }

    /// The files, opened and not read.
    pub(super) fn inputs(&self, workspace: &Workspace, pact: &Pact) -> io::Result<(Vec<LeadInput>, Opened)> {
        self.reading.inputs(&workspace.leads(&self.leads), workspace.source(), pact)
    }

    /// The leads of opened files.
    pub(super) fn read<'p>(pact: &'p Pact, inputs: Vec<LeadInput>) -> io::Result<Leads<'p>> {
        Leads::new(pact, inputs).ok_or_else(|| failed("leads", &"no file is named"))
    }
}

impl Reading {
    /// Opens files, of which `source` is the usual one. The second part is the size of the first, for progress.
    pub(super) fn inputs(
        &self,
        files: &[&str],
        source: Option<&str>,
        pact: &Pact,
    ) -> io::Result<(Vec<LeadInput>, Opened)> {
        let source = self.source.as_deref().or(source).filter(|source| !source.is_empty());
        let mut inputs = Vec::new();
        let mut opened = Opened::default();
        for (at, argument) in files.iter().enumerate() {
            let (intake, file) = source_of(argument, source, pact)?;
            let name: Arc<str> = if file == "-" { "standard input".into() } else { file.into() };
            let input = input(file)?;
            if at == 0 && file != "-" {
                opened.bytes = std::fs::metadata(file).ok().map(|m| m.len());
            }
            let declared = intake.map(|id| &pact[id]);
            let form = InputForm {
                format: self.input.map(Format::from),
                sheet: self.sheet.as_deref().or(declared.and_then(|intake| intake.sheet.as_deref())),
                header: declared.and_then(|intake| intake.header_row),
            };
            let rows = rows(input, file, form).map_err(|e| failed(&name, &e))?;
            if at == 0 {
                opened.read = Some(rows.bytes_read());
                opened.name = file.to_owned();
            }
            opened.notes.extend(rows.notes().iter().map(|note| format!("{name}: {note}")));
            inputs.push(LeadInput { name, rows, intake });
        }
        Ok((inputs, opened))
    }
}

/// `SOURCE=FILE`, when there is such a source; otherwise the file alone, with the usual source.
fn source_of<'a>(argument: &'a str, usual: Option<&str>, pact: &Pact) -> io::Result<(Option<IntakeId>, &'a str)> {
    if let Some((source, file)) = argument.split_once('=')
        && !Path::new(argument).exists()
    {
        return Ok((Some(intake(source, pact)?), file));
    }
    let named = usual.map(|name| intake(name, pact)).transpose()?;
    Ok((named, argument))
}

fn intake(name: &str, pact: &Pact) -> io::Result<IntakeId> {
    pact.intake(name).ok_or_else(|| {
        let names: Vec<&str> = pact.intakes.iter().map(|intake| &*intake.name).collect();
        let known =
            if names.is_empty() { "the pact declares none".into() } else { format!("there are {}", names.join(", ")) };
        io::Error::new(io::ErrorKind::NotFound, format!("there is no source `{name}`: {known}"))
    })
}

/// What is known of the first input.
#[derive(Debug, Default)]
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) bytes: Option<u64>,
    /// How the inputs are read, where they do not say it themselves.
    pub(super) notes: Vec<String>,
    pub(super) read: Option<Arc<std::sync::atomic::AtomicU64>>,
}

impl Opened {
    /// Moves the bar to where reading has come.
    pub(super) fn show(&self, progress: &ProgressBar) {
        if let Some(read) = &self.read {
            progress.set_position(read.load(std::sync::atomic::Ordering::Relaxed));
        }
    }

    pub(super) fn show_notes(&self) {
        self.notes.iter().for_each(|note| errln!("note: {note}"));
    }
}

/// Says what of the inputs was passed over.
pub(super) fn note_passed_over(inputs: &[(Arc<str>, PassedOver)]) {
    for (file, passed_over) in inputs {
        passed_over.notes().iter().for_each(|note| errln!("note: {file}: {note}"));
    }
}

/// A bar over the bytes of a file, on a terminal, once the work takes longer than a moment.
pub(super) fn progress(opened: &Opened, quiet: bool) -> ProgressBar {
    const LONG: u64 = 4 << 20;
    match opened.bytes {
        Some(bytes) if bytes > LONG && !quiet && io::stderr().is_terminal() => {
            let bar = ProgressBar::new(bytes);
            let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        }
        _ => ProgressBar::hidden(),
    }
}

/// How many rejected rows are shown; all are in the file.
const SHOWN: u64 = 5;

/// Where rejected rows go.
pub(super) struct Rejects {
    writer: RejectsWriter,
    quiet: bool,
}

/// How many rows were rejected, and where they are.
pub(super) struct RejectedRows {
    count: u64,
    /// How many of them are not in the file.
    more: u64,
    path: PathBuf,
}

impl Rejects {
    /// To a file, or to one named as the first input is.
    pub(super) fn new(path: Option<PathBuf>, opened: &Opened, quiet: bool) -> Self {
        let path = path.unwrap_or_else(|| {
            let stem = Path::new(&opened.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let stem = stem.filter(|stem| stem != "-").unwrap_or_else(|| "leads".into());
            PathBuf::from(format!("{stem}.rejects.ndjson"))
        });
        Self { writer: RejectsWriter::new(path), quiet }
    }

    pub(super) fn take(&mut self, rejected: &Rejected, progress: &ProgressBar) -> io::Result<()> {
        if self.writer.count() < SHOWN && !self.quiet {
            let line = format!("rejected: {}: {}", rejected.file, rejected.reject);
            progress.suspend(|| errln!("{line}"));
        }
        self.writer.write(&rejected.file, &rejected.reject)
    }

    pub(super) fn finish(self) -> io::Result<RejectedRows> {
        let path = self.writer.path().to_owned();
        let more = self.writer.more();
        Ok(RejectedRows { count: self.writer.finish()?, more, path })
    }
}

impl RejectedRows {
    pub(super) fn show(&self) {
        if self.count > 0 {
            let rows = if self.count == 1 { "row was" } else { "rows were" };
            let path = self.path.display();
            let most = match self.more {
                0 => String::new(),
                more => format!(", but for the last {more}"),
            };
            errln!("error: {} {rows} rejected; with line and reason in {path}{most}", self.count);
        }
    }

    pub(super) fn exit(&self) -> Exit {
        if self.count > 0 { Exit::Findings } else { Exit::Good }
    }
}
