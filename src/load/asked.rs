//! A condition that somebody asks of a pact, as it would stand in it.

use std::io;

use super::{Refused, load};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::pact::{Expr, Measure, Pact};
use crate::source::{Source, SourceMap};
use crate::span::{FileId, Span};
use crate::world::{Memory, World};

/// What the metric is called that an asked condition stands in.
const METRIC: &str = "_where";

/// A condition about a lead. It is read and checked as one of the pact's own, and all that it names is the pact's: a text
/// with anything behind the condition is refused. In findings its file is `called` so.
///
/// # Errors
/// When the text is no condition that could stand in the pact, with the findings under what was written.
pub fn condition(pact: &Pact, called: &str, text: &str) -> Result<Expr, Box<Refused>> {
    let Some(stage) = pact.pipelines.iter().find_map(|pipeline| pipeline.stages.first()) else {
        let why = "the pact has no stage: there is nothing to count";
        return Err(alone(called, text, Diagnostic::new(Code::UnknownName, whole(text), why)));
    };
    let before = format!("metric {METRIC} = leads entering {} where ", stage.name);
    let files = pact.sources.iter().map(|(_, source)| (source.name.clone(), source.text.clone()));
    let world = Beside { pact: Memory::new(files), asked: Source::new(called, format!("{before}{text}")) };
    let loaded = load(&world, pact.environment.as_deref());
    let Some(with) = &loaded.pact else {
        let (sources, diagnostics) = as_written(&loaded.sources, &loaded.diagnostics, called, &before);
        return Err(Box::new(Refused { sources, diagnostics }));
    };
    let asked = with.metric(METRIC).and_then(|metric| match &with[metric].measure {
        Measure::Entering(_, condition, _) => condition.clone(),
        _ => None,
    });
    // what follows would be another clause or item, and change what names mean
    let end = |condition: &Expr| (condition.span.end as usize).saturating_sub(before.len());
    let rest = asked.as_ref().map_or(0, end);
    let follows = text.get(rest..).unwrap_or_default().trim_start_matches(|c: char| c == ')' || c.is_whitespace());
    match asked.filter(|_| follows.is_empty()) {
        Some(condition) => Ok(condition),
        None => {
            let start = text.len() - follows.len();
            let place = Span { start: start as u32, ..whole(text) };
            let finding = Diagnostic::new(Code::UnexpectedText, place, "a condition ends before this")
                .help("ask for one condition alone, such as `fit >= 50 and country = \"TR\"`");
            Err(alone(called, text, finding))
        }
    }
}

/// All of a text, in the only file.
fn whole(text: &str) -> Span {
    Span { file: FileId(0), start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) }
}

/// A finding about an asked text and nothing else.
fn alone(called: &str, text: &str, finding: Diagnostic) -> Box<Refused> {
    let mut sources = SourceMap::default();
    sources.add(Source::new(called, text));
    Box::new(Refused { sources, diagnostics: vec![finding] })
}

/// The errors of a pact with an asked condition, and its texts, as the person wrote the condition: without what stands
/// `before` it.
fn as_written(of: &SourceMap, found: &[Diagnostic], called: &str, before: &str) -> (SourceMap, Vec<Diagnostic>) {
    let (mut sources, mut asked) = (SourceMap::default(), None);
    for (file, source) in of.iter() {
        let written = source.text.strip_prefix(before).filter(|_| *source.name == *called);
        asked = written.map(|_| file).or(asked);
        sources.add(written.map_or_else(|| source.clone(), |text| Source::new(called, text)));
    }
    // the pact alone has none
    let errors = found.iter().filter(|finding| finding.severity() == Severity::Error);
    let mut errors: Vec<Diagnostic> = errors.cloned().collect();
    for label in errors.iter_mut().flat_map(|finding| &mut finding.labels) {
        if Some(label.span.file) == asked {
            let back = |at: u32| at.saturating_sub(before.len() as u32);
            (label.span.start, label.span.end) = (back(label.span.start), back(label.span.end));
        }
    }
    (sources, errors)
}

/// The files of a pact, and a text that somebody asks of it.
struct Beside {
    pact: Memory,
    asked: Source,
}

impl World for Beside {
    fn rules(&self) -> io::Result<Vec<Source>> {
        let mut rules = self.pact.rules()?;
        rules.push(self.asked.clone());
        Ok(rules)
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        self.pact.import(name)
    }
}
