//! The events that a service has stored, as inputs of a replay.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;

use super::files::Opened;
use crate::io::{Format, rows};
use crate::leads::LeadInput;
use crate::pact::Pact;
use crate::store::{self, Store};

/// How many leads are read at a time.
const BATCH: usize = 500;

/// Opens a store that there is.
///
/// # Errors
/// When there is none, or it cannot be opened.
pub(super) fn open(place: &str) -> io::Result<Box<dyn Store>> {
    if !place.contains("://") && !Path::new(place).exists() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{place}: there is no such store")));
    }
    store::open(place).map_err(io::Error::other)
}

/// All stored events, an input for each source. Those of sources that the pact does not have are passed over, and named.
///
/// # Errors
/// When the store does not answer, or a temporary file fails.
pub(super) fn inputs(place: &str, pact: &Pact) -> io::Result<(Vec<LeadInput>, Opened)> {
    let mut store = open(place)?;
    let mut files: BTreeMap<String, (BufWriter<std::fs::File>, u64)> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let leads = store.leads_after(&last, BATCH).map_err(io::Error::other)?;
        let Some(end) = leads.last().cloned() else { break };
        last = end;
        for lead in leads {
            for event in store.events(&lead).map_err(io::Error::other)? {
                let (file, count) = match files.entry(event.source) {
                    std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                    std::collections::btree_map::Entry::Vacant(place) => {
                        place.insert((BufWriter::new(tempfile::tempfile()?), 0))
                    }
                };
                writeln!(file, "{}", event.line)?;
                *count += 1;
            }
        }
    }
    let mut opened = Opened { name: "store".to_owned(), ..Opened::default() };
    let mut inputs = Vec::new();
    for (source, (file, count)) in files {
        let intake = pact.intake(&source);
        if intake.is_none() && !source.is_empty() {
            let note =
                format!("{count} events of the source `{source}`, which the pact does not have, are passed over");
            opened.notes.push(note);
            continue;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let name = if source.is_empty() { "store".to_owned() } else { format!("store, {source}") };
        let rows = rows(Box::new(file), "store", Some(Format::Ndjson)).map_err(io::Error::other)?;
        inputs.push(LeadInput { name: name.into(), rows, intake });
    }
    Ok((inputs, opened))
}
