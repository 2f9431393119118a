//! Which names there are, where, and what was meant by one that is not there.

use std::cell::RefCell;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, MOST_CANDIDATES, closest};
use crate::span::Span;
use crate::syntax::tree::Name;

/// Names live in spaces; the same name may stand in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// What an expression can name: fields, scores, criteria, params and lists.
    Value,
    /// Activities, touches and dispositions.
    Kind,
    /// Stages, of all pipelines.
    Stage,
    Pipeline,
    Party,
    Term,
    Source,
    Table,
    Calendar,
    Route,
    Team,
    Program,
    Sla,
    Recycle,
    /// What earlier pacts had.
    FormerStage,
    FormerPipeline,
    Metric,
    Digest,
    Review,
}

/// What a declared name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The keyword of its item: `field`, `score`, …
    pub(super) what: &'static str,
    /// Its position among the names of its `what`.
    pub(super) id: u32,
    pub(super) span: Span,
}

/// All declared names.
#[derive(Debug, Default)]
pub(super) struct Names {
    spaces: rustc_hash::FxHashMap<Space, IndexMap<Arc<str>, Entry>>,
    /// Names that something has asked for.
    used: RefCell<rustc_hash::FxHashSet<(Space, Arc<str>)>>,
}

impl Names {
    /// Declares a name. A name that stands already in its space is a finding that shows both places.
    pub(super) fn declare(
        &mut self,
        space: Space,
        what: &'static str,
        id: usize,
        name: &Name,
        out: &mut Vec<Diagnostic>,
    ) {
        let entries = self.spaces.entry(space).or_default();
        if let Some(first) = entries.get(&name.text) {
            let message = format!("`{}` is declared twice", name.text);
            out.push(
                Diagnostic::new(Code::DeclaredTwice, name.span, message)
                    .here(format!("{what} here"))
                    .and(first.span, format!("{} here", first.what))
                    .help("rename one of them, or remove the one that is not meant"),
            );
            return;
        }
        entries.insert(name.text.clone(), Entry { what, id: id as u32, span: name.span });
    }

    /// The entry of a name. To ask for it is to use it.
    pub(super) fn find(&self, space: Space, name: &str) -> Option<Entry> {
        let (name, entry) = self.spaces.get(&space)?.get_key_value(name)?;
        self.used.borrow_mut().insert((space, name.clone()));
        Some(*entry)
    }

    /// Whether something has asked for a name.
    pub(super) fn is_used(&self, space: Space, name: &Arc<str>) -> bool {
        self.used.borrow().contains(&(space, name.clone()))
    }

    /// The entry of a name; a finding that names the closest one when there is none.
    pub(super) fn get(&self, space: Space, what: &str, name: &Name, out: &mut Vec<Diagnostic>) -> Option<Entry> {
        let found = self.find(space, &name.text);
        if found.is_none() && !name.text.is_empty() {
            self.meant(space, &name.text);
            out.push(unknown(what, name, self.all(space)));
        }
        found
    }

    /// What a misspelt name probably means is used, too.
    pub(super) fn meant(&self, space: Space, name: &str) {
        if let Some(meant) = closest(name, self.all(space)) {
            self.find(space, meant);
        }
    }

    /// All names of a space, in the order of declaration.
    pub(super) fn all(&self, space: Space) -> impl Iterator<Item = &str> {
        self.spaces.get(&space).into_iter().flat_map(|entries| entries.keys().map(|name| &**name))
    }
}

/// One thing of a sort, as a sentence names it. Criteria are several.
pub(super) fn one(what: &str) -> String {
    match what {
        "criteria" => what.to_owned(),
        what if what.starts_with(['a', 'e', 'i', 'o']) => format!("an {what}"),
        what => format!("a {what}"),
    }
}

/// The finding for a name that is not declared.
pub(super) fn unknown<'a>(what: &str, name: &Name, declared: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let declared: Vec<&str> = declared.into_iter().take(MOST_CANDIDATES).collect();
    let finding = Diagnostic::new(Code::UnknownName, name.span, format!("there is no {what} `{}`", name.text));
    match closest(&name.text, declared.iter().copied()) {
        Some(meant) => {
            finding.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), name.span, meant)
        }
        None if declared.is_empty() => finding.help(format!("declare one: `{what} {} …`", name.text)),
        None => {
            let shown: Vec<String> = declared.iter().take(8).map(|n| format!("`{n}`")).collect();
            let more = if declared.len() > 8 { ", …" } else { "" };
            finding.help(format!("there are {}{more}", shown.join(", ")))
        }
    }
}
