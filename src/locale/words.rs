//! The words of reports and of the service's page, by language.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One line for each word: in English, by which it is found, and in each other language of the first line.
const WORDS: &str = include_str!("words.csv");

/// By language, then by the English word.
type ByLanguage = BTreeMap<String, BTreeMap<String, String>>;

/// The languages in which there are words.
pub fn languages() -> impl Iterator<Item = &'static str> {
    all().keys().map(String::as_str)
}

/// All words of a language, by their English text.
pub fn words_in(language: &str) -> Option<&'static BTreeMap<String, String>> {
    all().get(language)
}

fn all() -> &'static ByLanguage {
    static ALL: OnceLock<ByLanguage> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(WORDS.as_bytes());
        let languages = reader.headers().cloned().unwrap_or_default();
        let mut all = ByLanguage::new();
        for row in reader.records().flatten() {
            let Some(english) = row.get(0) else { continue };
            for (language, word) in languages.iter().zip(row.iter()).filter(|(_, word)| !word.is_empty()) {
                let of = all.entry(language.to_owned()).or_default();
                of.insert(english.to_owned(), word.to_owned());
            }
        }
        // separators are called by what they are, and English has its own
        let english = all.entry("en".to_owned()).or_default();
        english.insert("group separator".to_owned(), ",".to_owned());
        english.insert("decimal separator".to_owned(), ".".to_owned());
        all
    })
}

/// A word in a language, or in English where it has none.
pub(super) fn of(language: &str, english: &'static str) -> &'static str {
    let in_language = |language: &str| all().get(language)?.get(english).map(String::as_str);
    in_language(language).or_else(|| in_language("en")).unwrap_or(english)
}
