//! Making the changes that findings are certain of.

use std::collections::BTreeMap;

use super::Diagnostic;
use crate::source::SourceMap;
use crate::span::{FileId, Span};

/// The texts with all fixes made, for the files that change. A fix that touches what an earlier one changed is left
/// for the next run; of a fix with several edits, all are made or none.
pub fn apply(sources: &SourceMap, diagnostics: &[Diagnostic]) -> Vec<(FileId, String)> {
    let mut edits: Vec<(Span, &str)> = Vec::new();
    for fix in diagnostics.iter().filter_map(|d| d.fix.as_ref()) {
        let fits = |span: &Span| sources.get(span.file).is_some_and(|s| s.text.get(span.range()).is_some());
        let free = |span: &Span| !edits.iter().any(|(taken, _)| touch(*taken, *span));
        if fix.edits.iter().all(|(span, _)| fits(span) && free(span)) {
            edits.extend(fix.edits.iter().map(|(span, text)| (*span, text.as_str())));
        }
    }
    edits.sort_by_key(|(span, _)| *span);
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    for (span, new) in edits.into_iter().rev() {
        let Some(source) = sources.get(span.file) else {
            continue;
        };
        texts.entry(span.file).or_insert_with(|| source.text.to_string()).replace_range(span.range(), new);
    }
    texts.into_iter().filter(|(file, text)| sources.get(*file).is_some_and(|s| *s.text != **text)).collect()
}

/// Whether two edits cannot both be made: they overlap, or stand at one place so that their order would matter.
fn touch(a: Span, b: Span) -> bool {
    a.file == b.file && (a.start == b.start || (a.start < b.end && b.start < a.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Fix};
    use crate::source::Source;

    fn fixing(edits: &[(std::ops::Range<usize>, &str)]) -> Diagnostic {
        let edits: Vec<_> =
            edits.iter().map(|(at, text)| (Span::new(FileId(0), at.clone()), text.to_string())).collect();
        let mut finding = Diagnostic::new(Code::UnexpectedText, edits[0].0, "wrong");
        finding.fix = Some(Fix { title: "fix".into(), edits });
        finding
    }

    fn fixed(text: &str, findings: &[Diagnostic]) -> Vec<String> {
        let mut sources = SourceMap::default();
        sources.add(Source::new("a.pact", text));
        apply(&sources, findings).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn every_fix_is_made_where_it_belongs() {
        let findings = [fixing(&[(9..12, "лид")]), fixing(&[(0..3, "one"), (13..13, "!")])];
        assert_eq!(fixed("eno ลีด", &[fixing(&[(4..13, "lead")])]), ["eno lead"]);
        assert_eq!(fixed("abc def  xyz.", &findings), ["one def  лид.!"]);
    }

    #[test]
    fn of_fixes_that_touch_the_first_is_made() {
        let findings = [fixing(&[(0..3, "one")]), fixing(&[(2..4, "two"), (6..7, "no")]), fixing(&[(0..0, "in")])];
        assert_eq!(fixed("abc def", &findings), ["one def"]);
    }

    #[test]
    fn a_fix_outside_its_text_is_not_made() {
        assert!(fixed("ลีด", &[fixing(&[(1..2, "x")]), fixing(&[(90..91, "x")])]).is_empty());
        assert!(fixed("abc", &[fixing(&[(0..3, "abc")])]).is_empty());
    }
}
