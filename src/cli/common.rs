//! What several commands need: the pact at a path, instants, inputs.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use indexmap::IndexMap;

use crate::diagnostic::render;
use crate::io::{Format, rows};
use crate::leads::{Input, Leads};
use crate::load::{Loaded, load};
use crate::pact::{IntakeId, Pact};
use crate::value::Instant;
use crate::world::Disk;

/// Where the rules are, and in which environment they hold.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Rules {
    /// The pact: a folder of `.pact` files, or one file
    #[arg(value_name = "RULES")]
    pub(super) path: PathBuf,
    /// Take the params of this environment
    #[arg(long, value_name = "NAME")]
    pub(super) env: Option<String>,
}

impl Rules {
    pub(super) fn load(&self) -> Loaded {
        load(&Disk::new(&self.path), self.env.as_deref())
    }

    /// The pact, when it can run. Otherwise its findings are on the error stream.
    pub(super) fn pact(&self) -> Option<Pact> {
        self.try_pact().ok()
    }

    /// The pact, or what was read of it, its findings on the error stream.
    pub(super) fn try_pact(&self) -> Result<Pact, Loaded> {
        let mut loaded = self.load();
        loaded.pact.take().ok_or_else(|| {
            anstream::eprint!("{}", render::human(&loaded.sources, &loaded.diagnostics, colour()));
            loaded
        })
    }
}

/// Whether the error stream takes colour.
pub(super) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The width of the terminal, or 100 where there is none.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || {
        let (_, columns) = console::Term::stderr().size_checked()?;
        Some(usize::from(columns))
    };
    columns.or_else(terminal).unwrap_or(100).clamp(40, 160)
}

/// Names what the pact says and this version does not yet run.
pub(super) fn tell_not_in_force(pact: &Pact) {
    if pact.not_in_force.is_empty() {
        return;
    }
    // `sla a`, `sla b`, `metric c` read as `sla a, b; metric c`
    let mut kinds: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for clause in &pact.not_in_force {
        let (kind, name) = clause.what.split_once(' ').unwrap_or((&clause.what, ""));
        let names = kinds.entry(kind).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, names)| format!("{kind} {}", names.join(", "))).collect();
    anstream::eprintln!("note: checked, not yet in force: {}", kinds.join("; "));
}

/// An instant as people write it: RFC 3339, or a date with or without a time of day in the pact's zone.
pub(super) fn instant(text: &str, pact: &Pact) -> io::Result<Instant> {
    let local = || {
        let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    };
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    exact
        .or_else(|| local().map(|at| pact.zone.instant(at)))
        .or_else(|| text.parse::<NaiveDate>().ok().map(|date| pact.zone.midnight(date)))
        .ok_or_else(|| {
            let message =
                format!("`{text}` is not an instant: write `2026-03-02T09:00:00+03:00` or `2026-03-02 09:00`");
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })
}

/// Leads and how to read them.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LeadFiles {
    /// Files of leads: NDJSON, JSON, CSV or YAML; `-` is standard input, `SOURCE=FILE` names the source of a file.
    /// Several files become one record by key: the first streams, the others are joined to it
    #[arg(value_name = "LEADS", default_value = "-")]
    pub(super) leads: Vec<String>,
    /// The `source` that says what the columns mean
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// How the files are written, where the name does not tell
    #[arg(long, value_name = "FORMAT")]
    pub(super) input: Option<InputFormat>,
    /// The instant of the decision, in the pact's zone where it has no offset; the present when absent
    #[arg(long, value_name = "INSTANT")]
    pub(super) at: Option<String>,
}

/// How an input is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum InputFormat {
    Ndjson,
    Json,
    Csv,
    Yaml,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Ndjson => Format::Ndjson,
            InputFormat::Json => Format::Json,
            InputFormat::Csv => Format::Csv,
            InputFormat::Yaml => Format::Yaml,
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
    pub(super) fn open<'p>(&self, pact: &'p Pact) -> io::Result<(Leads<'p>, Opened)> {
        let mut inputs = Vec::new();
        let mut opened = Opened::default();
        for (at, argument) in self.leads.iter().enumerate() {
            let (intake, file) = self.source_of(argument, pact)?;
            let name: Arc<str> = if file == "-" { "standard input".into() } else { file.into() };
            let input: Box<dyn io::Read + Send> = if file == "-" {
                Box::new(io::stdin())
            } else {
                let open = std::fs::File::open(file).map_err(|e| tell(&format!("cannot read `{file}`"), &e))?;
                if at == 0 {
                    opened.bytes = open.metadata().ok().map(|m| m.len());
                }
                Box::new(open)
            };
            let rows = rows(input, file, self.input.map(Format::from)).map_err(|e| tell(&name, &e))?;
            if at == 0 {
                opened.read = Some(rows.bytes_read());
                opened.name = file.to_owned();
            }
            opened.notes.extend(rows.notes().iter().map(|note| format!("{name}: {note}")));
            inputs.push(Input { name, rows, intake });
        }
        let leads = Leads::new(pact, inputs);
        leads.map(|leads| (leads, opened)).ok_or_else(|| tell("leads", &"no file is named"))
    }

    /// `SOURCE=FILE`, when there is such a source; otherwise the file alone.
    fn source_of<'a>(&self, argument: &'a str, pact: &Pact) -> io::Result<(Option<IntakeId>, &'a str)> {
        if let Some((source, file)) = argument.split_once('=')
            && !Path::new(argument).exists()
        {
            return Ok((Some(intake(source, pact)?), file));
        }
        let named = self.source.as_deref().map(|name| intake(name, pact)).transpose()?;
        Ok((named, argument))
    }
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
    pub(super) fn tell_notes(&self) {
        self.notes.iter().for_each(|note| anstream::eprintln!("note: {note}"));
    }
}

pub(super) fn tell(what: &str, error: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{what}: {error}"))
}
