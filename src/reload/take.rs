//! Whether a set of files can be taken.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::reading::Reading;
use super::{Gate, Refusal};
use crate::diagnostic::render;
use crate::load::{Loaded, load};
use crate::pact::Pact;
use crate::source::SourceMap;
use crate::testing;
use crate::visible;

/// How often files are read until a reading holds.
const READINGS: usize = 20;

/// How long a reading must hold.
const PAUSE: Duration = Duration::from_millis(10);

/// The files as they are at one instant: until a reading still holds when it has been checked, so that no half of a
/// change is looked at.
pub(super) fn whole(path: &Path, environment: Option<&str>, reading: &Reading) -> Loaded {
    let mut left = READINGS;
    loop {
        let loaded = load(reading, environment);
        std::thread::sleep(PAUSE);
        left -= 1;
        if left == 0 || reading.is_current(path) {
            return loaded;
        }
    }
}

/// Whether two sets hold the same texts under the same names.
pub(super) fn same(a: &SourceMap, b: &SourceMap) -> bool {
    let files = |map: &SourceMap| -> Vec<(Arc<str>, Arc<str>)> {
        let mut files: Vec<_> = map.iter().map(|(_, source)| (source.name.clone(), source.text.clone())).collect();
        files.sort();
        files
    };
    files(a) == files(b)
}

/// The pact, when the gate lets it through.
pub(super) fn gated(reading: &Reading, loaded: Loaded, gate: Gate) -> Result<Box<Pact>, Box<Refusal>> {
    let Loaded { pact, sources, diagnostics } = loaded;
    let refuse = |findings, failed_tests, rendered| {
        Box::new(Refusal { at: SystemTime::now(), sources: sources.clone(), findings, failed_tests, rendered })
    };
    let Some(pact) = pact else {
        let rendered = render::human(&sources, &diagnostics, false);
        return Err(refuse(diagnostics, Vec::new(), rendered));
    };
    if gate == Gate::Tests {
        let report = testing::run(&pact, reading, None);
        let failed = report.results.iter().filter_map(|result| {
            let failure = result.failures.first()?;
            let (clause, got) = (&failure.clause, &failure.got);
            Some((result.name.clone(), format!("{}:{}: {}: got {got}", clause.file, clause.line, failure.expected)))
        });
        let failed: Vec<(Arc<str>, String)> = failed.collect();
        if !failed.is_empty() {
            let lines = failed
                .iter()
                .map(|(name, why)| format!("test \"{}\" fails\n  {}\n", visible::line(name), visible::line(why)));
            let rendered = lines.collect();
            return Err(refuse(Vec::new(), failed, rendered));
        }
    }
    Ok(Box::new(pact))
}
