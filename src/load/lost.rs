//! Parts of rule files that could not be read, and which findings may only follow from that.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceMap;
use crate::span::Span;
use crate::syntax::{Parsed, TokenKind};

/// What the rule files lost.
pub(super) struct Lost {
    /// The words in the lost parts: any may have been a declaration, or a use.
    words: FxHashSet<String>,
    /// The items that lost a clause.
    torn: Vec<Span>,
    any: bool,
}

impl Lost {
    pub(super) fn new(parsed: &[Parsed], sources: &SourceMap) -> Self {
        let mut lost = Self { words: FxHashSet::default(), torn: Vec::new(), any: false };
        for file in parsed {
            for part in &file.lost {
                lost.any = true;
                let text = sources.get(part.file).map_or("", |source| &source.text);
                let inside = file.tokens.iter().filter(|token| part.range().contains(&token.start));
                for token in inside.filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::String)) {
                    lost.words.insert(token.text(text).trim_matches('"').to_owned());
                }
                let torn = file.items.iter().map(|item| item.span());
                lost.torn.extend(torn.filter(|item| item.start <= part.start && part.start < item.end));
            }
        }
        lost
    }

    /// Whether a finding may only follow from what was lost.
    pub(super) fn explains(&self, finding: &Diagnostic, sources: &SourceMap) -> bool {
        if !self.any {
            return false;
        }
        let Some(span) = finding.span() else { return false };
        match finding.code {
            Code::NoPact | Code::NoLead | Code::NoKey | Code::NoParty => true,
            Code::UnknownName
            | Code::UnknownWord
            | Code::OutOfPlace
            | Code::NotACondition
            | Code::Unused
            | Code::NoWayIn
            | Code::NoSuchMove
            | Code::LacksField => {
                let name = sources.text(span).trim_matches('"');
                self.words.contains(name) || name.split('.').any(|part| self.words.contains(part))
            }
            Code::NoStages
            | Code::NoOwner
            | Code::NoWayOut
            | Code::NoEnd
            | Code::EmptyCriteria
            | Code::NotAgreed
            | Code::IdleFade
            | Code::NoFallback
            | Code::NothingExpected
            | Code::NotPromised
            | Code::HalfRecycle => {
                self.torn.iter().any(|item| item.file == span.file && item.start <= span.start && span.start < item.end)
            }
            _ => false,
        }
    }
}
