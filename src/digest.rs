//! The identity of what a pact means: the same for every layout, another for every change of a word.

use sha2::{Digest as _, Sha256};

use crate::pact::Pact;
use crate::source::{Source, SourceMap};
use crate::syntax::tree::Item;
use crate::syntax::{Parsed, TokenKind};
use crate::text::exact;

/// Between tokens, where no text of a pact can have it.
const GAP: char = '\u{0}';

/// `sha256:…` over the tokens of every item but tests, the rows of every imported file, and the params as chosen.
///
/// Layout, comments, names of rule files and the order of items change nothing.
pub(crate) fn digest(pact: &Pact, parsed: &[Parsed], sources: &SourceMap) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (file, (_, source)) in parsed.iter().zip(sources.iter()) {
        let items = file.items.iter().filter(|item| !matches!(item, Item::Test(_)));
        parts.extend(items.map(|item| canonical(item, file, source)));
    }
    // what the rule files do not hold was imported by them
    parts.extend(sources.iter().skip(parsed.len()).map(|(_, source)| rows(source)));
    parts.extend(pact.params.iter().map(|param| format!("param{GAP}{}{GAP}{}", param.name, param.value)));
    parts.sort();
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The tokens of an item, letters composed.
fn canonical(item: &Item, file: &Parsed, source: &Source) -> String {
    let range = item.span().range();
    let first = file.tokens.partition_point(|token| token.start < range.start);
    let tokens = file.tokens.iter().skip(first).take_while(|token| token.start < range.end);
    let mut text = String::new();
    for token in tokens.filter(|token| token.kind != TokenKind::Comment) {
        text.push_str(&exact(token.text(&source.text)));
        text.push(GAP);
    }
    text
}

/// An imported file by its name, since items name it, and its lines without white space around them.
fn rows(source: &Source) -> String {
    let lines = source.text.trim_start_matches('\u{FEFF}').lines().map(str::trim).filter(|line| !line.is_empty());
    let mut text = format!("file{GAP}{}", source.name);
    for line in lines {
        text.push(GAP);
        text.push_str(&exact(line));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::load::load;
    use crate::world::Memory;

    const PACT: &str = "pact p { parties a } lead { id text key  note text? }";

    fn of(rules: &str) -> Arc<str> {
        of_files([("a.pact", PACT.to_owned()), ("b.pact", rules.to_owned())], None)
    }

    fn of_files<const N: usize>(files: [(&str, String); N], environment: Option<&str>) -> Arc<str> {
        let loaded = load(&Memory::new(files), environment);
        loaded.pact.map(|pact| pact.digest).unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    #[test]
    fn layout_comments_order_and_file_names_mean_nothing() {
        let (a, b) = ("criteria x { agreed by a need note = \"é\" }", "criteria y { need note is present }");
        let one = of(&format!("{a} {b}"));
        assert_eq!(one, of(&format!("{b}\n# why\n{}", a.replace(' ', "\n  "))));
        let moved = [("z.pact", PACT.to_owned()), ("b.pact", b.to_owned()), ("c.pact", a.to_owned())];
        assert_eq!(one, of_files(moved, None));
        assert_eq!(one, of(&format!("{} {b}", a.replace('é', "e\u{301}"))));
        assert!(one.starts_with("sha256:") && one.len() == 71);
    }

    #[test]
    fn any_word_means_something() {
        let one = of("criteria x { need note = \"a b\" }");
        for other in [
            "criteria x { need note = \"a  b\" }",
            "criteria x { need note != \"a b\" }",
            "criteria y { need note = \"a b\" }",
        ] {
            assert_ne!(one, of(other), "{other}");
        }
    }

    #[test]
    fn a_param_counts_as_it_is_chosen() {
        let rules = "param least = 3 in staging 1 in live 3 criteria x { need length(note) > least }";
        let files = || [("a.pact", PACT.to_owned()), ("b.pact", rules.to_owned())];
        assert_eq!(of_files(files(), None), of_files(files(), Some("live")));
        assert_ne!(of_files(files(), None), of_files(files(), Some("staging")));
    }
}
