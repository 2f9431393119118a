//! From a folder to a pact, with every finding on the way.

mod asked;
mod lost;
mod unseen;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use asked::condition;
use lost::Lost;

use crate::diagnostic::{Code, Diagnostic, has_errors, render};
use crate::digest::digest;
use crate::pact::Pact;
use crate::resolve::{Items, resolve};
use crate::source::{Place, Source, SourceMap};
use crate::span::{FileId, Span};
use crate::syntax::{Parsed, parse};
use crate::visible;
use crate::world::{Disk, Memory, World};

/// What loading gives: always the texts and the findings, and the pact when no finding is an error.
#[derive(Debug)]
pub struct Loaded {
    /// The pact; none when it cannot run.
    pub pact: Option<Pact>,
    /// The texts that were read: rule files first, then the files that they name.
    pub sources: SourceMap,
    /// Every finding, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// The pact, or why there is none.
    pub(crate) fn checked(self) -> Result<Pact, Box<Refused>> {
        let Self { pact, sources, diagnostics } = self;
        pact.ok_or_else(|| Box::new(Refused { sources, diagnostics }))
    }

    /// Whether there was nothing to read: no such folder, or no rule file in it.
    pub fn is_empty(&self) -> bool {
        self.sources.iter().next().is_none()
    }
}

/// A pact that cannot run. Its message is the first error, with its place; `{:?}` shows every finding under its line, so
/// that a `main` which returns this error says what is wrong.
#[derive(thiserror::Error)]
#[error("{}", self.first())]
#[non_exhaustive]
pub struct Refused {
    #[doc(hidden)]
    pub sources: SourceMap,
    /// Every finding, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}\n\n{}", self.report())
    }
}

impl Refused {
    /// All findings for people: each under its line, with a caret and the way out.
    pub fn report(&self) -> String {
        render::human(&self.sources, &self.diagnostics, false)
    }

    /// Where a finding of this pact stands; none where it is about no file.
    pub fn place(&self, finding: &Diagnostic) -> Option<Place> {
        let span = finding.span().filter(|span| self.sources.get(span.file).is_some())?;
        Some(self.sources.place(span))
    }

    /// All findings as JSON, as `leadpact check --format json` writes them.
    pub fn json(&self) -> String {
        render::json(&self.sources, &self.diagnostics)
    }

    /// The first error and its place, and how many more there are.
    fn first(&self) -> String {
        let is_error = |d: &&Diagnostic| has_errors(std::slice::from_ref(d));
        let mut errors = self.diagnostics.iter().filter(is_error);
        let Some(first) = errors.next() else {
            return "the pact cannot run".to_owned();
        };
        let place = self.place(first).map(|place| format!("{place}: ")).unwrap_or_default();
        let more = match errors.count() {
            0 => String::new(),
            1 => " (and one more error)".to_owned(),
            n => format!(" (and {n} more errors)"),
        };
        visible::line(&format!("{place}{} {}{more}", first.code.id(), first.message)).into_owned()
    }
}

/// Reads, parses and resolves a pact. Nothing stops at the first finding.
///
/// ```
/// use leadpact::internals::{load::load, world::Memory};
/// let text = "pact p { parties sales } lead { id text key }";
/// let loaded = load(&Memory::new([("a.pact", text)]), None);
/// assert!(loaded.pact.is_some() && loaded.diagnostics.is_empty());
/// ```
pub fn load(world: &dyn World, environment: Option<&str>) -> Loaded {
    let rules = match world.rules() {
        Ok(rules) => rules,
        Err(error) => return nothing(Code::UnreadableFile, format!("the pact cannot be read: {error}")),
    };
    if rules.is_empty() {
        return nothing(Code::NoRules, "there is no `.pact` file here".to_owned());
    }
    let mut sources = SourceMap::default();
    let waited_for = rules.into_iter().take_while(|_| !world.given_up());
    let parsed: Vec<Parsed> = waited_for.map(|source| read(source, &mut sources)).collect();
    let items = Items::new(parsed.iter().flat_map(|file| file.items.iter().cloned()));
    let mut diagnostics: Vec<Diagnostic> = parsed.iter().flat_map(|file| file.diagnostics.iter().cloned()).collect();
    let (mut pact, sources, found) = resolve(&items, sources, environment, world);
    let lost = Lost::new(&parsed, &sources);
    diagnostics.extend(found.into_iter().filter(|finding| !lost.explains(finding, &sources)));
    diagnostics.extend(unseen::hidden_characters(&sources));
    diagnostics.extend(unseen::words_alike(&parsed, &sources));
    diagnostics.sort_by_key(|finding| (finding.span(), finding.code));
    let mut seen = rustc_hash::FxHashSet::default();
    diagnostics.retain(|d| seen.insert((d.code, d.span(), d.message.clone())));
    let pact = (!has_errors(&diagnostics)).then(|| {
        pact.digest = digest(&pact, &parsed, &sources).into();
        pact.sources = Arc::new(sources.clone());
        pact
    });
    Loaded { pact, sources, diagnostics }
}

fn read(source: Source, sources: &mut SourceMap) -> Parsed {
    let file = sources.add(source);
    sources.get(file).map(|source| parse(file, source)).unwrap_or_default()
}

fn nothing(code: Code, message: String) -> Loaded {
    let place = Span { file: FileId(0), start: 0, end: 0 };
    let finding = Diagnostic::new(code, place, message)
        .help("name a folder with `.pact` files, or one such file; `leadpact init` writes one to start from");
    Loaded { pact: None, sources: SourceMap::default(), diagnostics: vec![finding] }
}

impl Pact {
    /// The pact in a folder, or in one `.pact` file.
    ///
    /// # Errors
    /// When any finding is an error; the error holds all findings, and the texts to show them in.
    ///
    /// ```no_run
    /// let pact = leadpact::Pact::load("rules/acme")?;
    /// # Ok::<(), Box<leadpact::Refused>>(())
    /// ```
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Box<Refused>> {
        load(&Disk::new(path.as_ref()), None).checked()
    }

    /// The pact in a folder, or in one `.pact` file, with the params of an environment.
    ///
    /// # Errors
    /// As [`load`](Self::load); also when no param speaks of the environment.
    pub fn load_for(path: impl AsRef<Path>, environment: &str) -> Result<Self, Box<Refused>> {
        load(&Disk::new(path.as_ref()), Some(environment)).checked()
    }

    /// A pact from the names and texts of its files.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    ///
    /// ```
    /// use leadpact::Pact;
    ///
    /// let rules = "lead { id text key  employees integer? }  criteria large { agreed by sales  need employes > 9 }";
    /// let refused = Pact::from_files([("a.pact", "pact p { parties sales }"), ("b.pact", rules)]).unwrap_err();
    /// assert!(refused.report().contains("did you mean `employees`?"));
    /// ```
    pub fn from_files<N: Into<Arc<str>>, T: Into<Arc<str>>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, Box<Refused>> {
        load(&Memory::new(files), None).checked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn codes(files: &[(&str, &str)]) -> Vec<&'static str> {
        let loaded = load(&Memory::new(files.iter().copied()), None);
        loaded.diagnostics.iter().map(|d| d.code.id()).collect()
    }

    #[test]
    fn no_rule_file_is_a_finding() {
        assert_eq!(codes(&[("a.txt", "x")]), ["E0410"]);
    }

    #[test]
    fn a_missing_folder_is_a_finding() {
        let error = Pact::load("no/such/folder").unwrap_err();
        assert!(error.to_string().starts_with("E0106 the pact cannot be read"), "{error}");
    }

    #[test]
    fn a_broken_item_does_not_make_its_users_wrong() {
        let broken = "list good = ";
        let rules = "pact p { parties a } lead { id text key } criteria x { agreed by a need id in good }";
        assert_eq!(codes(&[("a.pact", rules), ("b.pact", broken)]), ["W0201", "E0101"]);
    }

    #[test]
    fn an_empty_file_lacks_a_pact_and_a_lead() {
        assert_eq!(codes(&[("a.pact", "")]), ["E0210", "E0211"]);
    }
}
