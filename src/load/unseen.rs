//! What of the texts of a pact is not what it looks like: characters that nobody sees, and names that look alike.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, SourceMap};
use crate::span::{FileId, Span};
use crate::syntax::{Parsed, TokenKind};
use crate::text::exact;
use crate::visible::{self, hidden, skeleton};

/// How many places of a file are shown.
const SHOWN: usize = 8;

/// A finding for each text with characters that a reader does not see. A calendar feed has the lines of another program.
pub(super) fn hidden_characters(sources: &SourceMap) -> Vec<Diagnostic> {
    let read = sources.iter().filter(|(_, source)| !source.name.to_ascii_lowercase().ends_with(".ics"));
    read.filter_map(|(file, source)| hidden_in(file, source)).collect()
}

fn hidden_in(file: FileId, source: &Source) -> Option<Diagnostic> {
    let mut found = hidden(&source.text);
    let places: Vec<(usize, char)> = found.by_ref().take(SHOWN).collect();
    let span = |(at, c): (usize, char)| Span::new(file, at..at + c.len_utf8());
    let (first, others) = places.split_first()?;
    let more = found.count();
    let more = match others.len() + more {
        0 => String::new(),
        1 => "; one more in this file".to_owned(),
        n => format!("; {n} more in this file"),
    };
    let message = format!("{} stands here, where nobody sees it{more}", visible::name(first.1));
    let finding = Diagnostic::new(Code::HiddenCharacter, span(*first), message).here("here");
    let finding = others.iter().fold(finding, |finding, place| finding.and(span(*place), visible::name(place.1)));
    Some(finding.help("take it out: what is read and what is meant should be the same"))
}

/// A finding for each word that can be taken for another one of the rules.
pub(super) fn words_alike(parsed: &[Parsed], sources: &SourceMap) -> Vec<Diagnostic> {
    let mut words: IndexMap<String, Span> = IndexMap::new();
    for (read, (file, source)) in parsed.iter().zip(sources.iter()) {
        for token in read.tokens.iter().filter(|token| token.kind == TokenKind::Word) {
            let word = exact(token.text(&source.text));
            if !words.contains_key(&*word) {
                words.insert(word.into_owned(), Span::new(file, token.start..token.end));
            }
        }
    }
    let mut looks: rustc_hash::FxHashMap<String, (&str, Span)> = rustc_hash::FxHashMap::default();
    let mut found = Vec::new();
    for (word, span) in &words {
        let look = skeleton(word);
        if let Some((other, first)) = looks.get(&look) {
            let message = format!("`{word}` looks like `{other}`, and is another name{}", letters(word, other));
            found.push(
                Diagnostic::new(Code::LooksLikeAnother, *span, message)
                    .here("here")
                    .and(*first, format!("`{other}` here"))
                    .help("write both alike if one is meant; otherwise rename one of them"),
            );
        } else {
            looks.insert(look, (word, *span));
        }
    }
    found
}

/// The letters beyond ASCII that only one of two words has, as people look them up.
fn letters(word: &str, other: &str) -> String {
    let own = |a: &str, b: &str| a.chars().filter(|c| !c.is_ascii() && !b.contains(*c)).collect::<Vec<_>>();
    let mut letters: Vec<char> = own(word, other).into_iter().chain(own(other, word)).collect();
    letters.sort_unstable();
    letters.dedup();
    let letters: Vec<String> = letters.iter().map(|c| format!("`{c}` is U+{:04X}", u32::from(*c))).collect();
    if letters.is_empty() { String::new() } else { format!(": {}", letters.join(", ")) }
}
