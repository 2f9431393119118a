//! Rules with an edit made: as text, as a difference, and as files that a pact is loaded from.

use std::io;
use std::sync::Arc;

use similar::TextDiff;

use crate::source::{Source, SourceMap};
use crate::span::Span;
use crate::world::World;

/// An edit of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEdit {
    span: Span,
    /// What stands there instead; a clause that goes leaves nothing of its lines.
    text: Option<String>,
}

impl RuleEdit {
    /// A clause goes.
    pub fn without(clause: Span) -> Self {
        Self { span: clause, text: None }
    }

    /// Another text stands there.
    pub fn with(place: Span, text: String) -> Self {
        Self { span: place, text: Some(text) }
    }

    /// Makes it; none where the place is in no file.
    pub fn make<'w>(&self, sources: &SourceMap, world: &'w dyn World) -> Option<Reworded<'w>> {
        let source = sources.get(self.span.file)?;
        let before = source.text.clone();
        let (range, text) = match &self.text {
            Some(text) => (self.span.range(), text.as_str()),
            None => (lines_of(&before, self.span), ""),
        };
        let mut after = before.to_string();
        before.get(range.clone())?;
        after.replace_range(range, text);
        Some(Reworded { world, name: source.name.clone(), before, after: after.into() })
    }
}

/// What goes with a clause: its whole lines where nothing else stands on them, or else the space before it.
fn lines_of(text: &str, clause: Span) -> std::ops::Range<usize> {
    let clause = clause.range();
    let before = text.get(..clause.start).unwrap_or_default();
    let after = text.get(clause.end..).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = after.find('\n').map_or(after.len(), |at| at + 1);
    let is_blank = |part: &str| part.trim().is_empty();
    let tail = after.get(..rest).unwrap_or_default();
    if is_blank(before.get(line..).unwrap_or_default()) && (is_blank(tail) || tail.trim_start().starts_with('#')) {
        return line..clause.end + rest;
    }
    before.trim_end_matches([' ', '\t']).len()..clause.end
}

/// The files of a pact of which one is reworded.
pub struct Reworded<'w> {
    world: &'w dyn World,
    name: Arc<str>,
    before: Arc<str>,
    after: Arc<str>,
}

impl Reworded<'_> {
    /// The difference, as `git apply` and `patch -p1` take it in the folder of the rules.
    pub fn diff(&self) -> String {
        let (old, new) = (format!("a/{}", self.name), format!("b/{}", self.name));
        TextDiff::from_lines(&*self.before, &*self.after).unified_diff().header(&old, &new).to_string()
    }
}

impl World for Reworded<'_> {
    fn rules(&self) -> io::Result<Vec<Source>> {
        let reworded = |source: Source| {
            if source.name != self.name {
                return source;
            }
            let new = Source::new(self.name.clone(), self.after.clone());
            source.path.as_deref().map_or(new.clone(), |path| new.at(path))
        };
        Ok(self.world.rules()?.into_iter().map(reworded).collect())
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        self.world.import(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::FileId;
    use crate::world::Memory;

    fn edited(text: &str, edit: impl Fn(Span) -> RuleEdit, place: &str) -> (String, String) {
        let mut sources = SourceMap::default();
        let file = sources.add(Source::new("a.pact", text));
        let start = text.find(place).unwrap();
        let world = Memory::new([("a.pact", text)]);
        let reworded = edit(Span::new(file, start..start + place.len())).make(&sources, &world).unwrap();
        let rules = reworded.rules().unwrap();
        assert_eq!(file, FileId(0));
        (rules[0].text.to_string(), reworded.diff())
    }

    #[test]
    fn a_clause_goes_with_its_line() {
        let text = "score s {\n  give 1 per a\n  give 2 per b  # twice\n  give 3 per c\n}\n";
        let (after, diff) = edited(text, RuleEdit::without, "give 2 per b");
        assert_eq!(after, "score s {\n  give 1 per a\n  give 3 per c\n}\n");
        let lines = " score s {\n   give 1 per a\n-  give 2 per b  # twice\n   give 3 per c\n }\n";
        assert_eq!(diff, format!("--- a/a.pact\n+++ b/a.pact\n@@ -1,5 +1,4 @@\n{lines}"));
        assert_eq!(
            edited("s { give 1 per a  give 2 per b }", RuleEdit::without, "give 2 per b").0,
            "s { give 1 per a }"
        );
        assert_eq!(edited("s { give 1 per ä  need c }", RuleEdit::without, "give 1 per ä").0, "s {  need c }");
    }

    #[test]
    fn a_number_is_replaced_where_it_stands() {
        let change = |span| RuleEdit::with(span, "60".into());
        let (after, diff) = edited("need fit >= 40", change, "40");
        assert_eq!(after, "need fit >= 60");
        assert!(diff.contains("\\ No newline at end of file"), "{diff}");
    }
}
