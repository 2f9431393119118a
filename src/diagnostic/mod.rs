//! What is wrong with a pact: what, where, why, and the way out.

pub mod code;
pub mod fix;
pub mod render;

use crate::span::Span;
pub use code::{Code, Severity};

/// One finding. Findings are data: every stage returns all of its own, and nothing stops at the first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The stable code; its page is `docs/errors/CODE.md`.
    pub code: Code,
    /// What is wrong, lower case, the user's words in backticks.
    pub message: String,
    /// The places, the first being where it is wrong.
    #[doc(hidden)]
    pub labels: Vec<Label>,
    /// The way out.
    pub help: Option<String>,
    /// A change that is certain to be what was meant; `check --fix` makes it.
    #[doc(hidden)]
    pub fix: Option<Fix>,
    /// The severity that a project gives it, where it is another than that of its code.
    #[doc(hidden)]
    pub level: Option<Severity>,
}

/// A place and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What it says there; may be empty.
    pub text: String,
}

/// Replacements that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as a person says it.
    pub title: String,
    /// The replaced ranges with their new text; they do not overlap.
    pub edits: Vec<(Span, String)>,
}

impl Diagnostic {
    /// How grave it is: as its code says, unless a project gives it another level.
    pub fn severity(&self) -> Severity {
        self.level.unwrap_or_else(|| self.code.severity())
    }
}

#[doc(hidden)]
impl Diagnostic {
    /// A finding at one place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let label = Label { span, text: String::new() };
        Self { code, message: message.into(), labels: vec![label], help: None, fix: None, level: None }
    }

    /// Says something under the first place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a certain fix that replaces one range.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![(span, text.into())] });
        self
    }

    /// The place where it is wrong.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Whether any finding forbids running the pact.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

/// That there is nothing of a name, with the name that was meant or all that there are.
pub(crate) fn none_named<'a>(sort: &str, name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match (closest(name, names.iter().copied()), names.as_slice()) {
        (Some(meant), _) => format!("there is no {sort} `{name}`: did you mean `{meant}`?"),
        (None, []) => format!("there is no {sort} `{name}`: the pact has no `{sort}`"),
        (None, names) => format!("there is no {sort} `{name}`: there are {}", names.join(", ")),
    }
}

/// The closest of `candidates` to a misspelt `word`, when one is close enough to be meant.
///
/// Distance is Damerau–Levenshtein over characters; at most a third of the word may differ. Of a long list of
/// candidates the beginning is looked at: a pact with thousands of mistakes among thousands of names is checked too.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST_WORD {
        return None;
    }
    let allowed = length.div_ceil(3).min(3);
    let letters = Letters::of(word);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| letters.may_be_within(&Letters::of(candidate), allowed))
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed && *distance > 0)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many names are looked at for the one that was meant.
pub(crate) const MOST_CANDIDATES: usize = 1000;

/// The longest word, in characters, for which another is proposed.
const LONGEST_WORD: usize = 64;

/// How often each letter occurs in a word: cheaper to compare than the order of the letters.
struct Letters([u8; 32]);

impl Letters {
    fn of(word: &str) -> Self {
        let mut letters = [0_u8; 32];
        // what is longer is too far from any word that is looked for
        for c in word.chars().take(LONGEST_WORD + 4) {
            if let Some(count) = letters.get_mut(c as usize % 32) {
                *count += 1;
            }
        }
        Self(letters)
    }

    /// Whether so few changes may lead from one word to the other: each change makes up for one letter on each side.
    fn may_be_within(&self, other: &Self, changes: usize) -> bool {
        let (mut more, mut less) = (0, 0);
        for (a, b) in self.0.iter().zip(other.0) {
            more += usize::from(a.saturating_sub(b));
            less += usize::from(b.saturating_sub(*a));
        }
        more.max(less) <= changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_by_its_letters_is_too_far_away() {
        let words =
            ["employees", "employes", "employeess", "mployees", "country", "cuontry", "x", "", "şehir", "sehir"];
        for word in words {
            let near = |other: &&str| {
                let distance = strsim::damerau_levenshtein(word, other);
                distance > 0 && distance <= word.chars().count().div_ceil(3).min(3)
            };
            let meant =
                words.iter().copied().filter(near).map(|other| (strsim::damerau_levenshtein(word, other), other)).min();
            assert_eq!(closest(word, words), meant.map(|(_, other)| other), "{word}");
        }
        assert_eq!(closest(&"a".repeat(100_000), ["a".repeat(99_999).as_str()]), None);
    }
}
