//! The table of words: whole in every language, and what reports and the service's page say is in it, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The languages of the table, and how many forms a word has in each that goes with a number.
const LANGUAGES: [(&str, usize); 5] = [("en", 2), ("tr", 1), ("es", 2), ("th", 1), ("ru", 3)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The English text of each word.
fn known() -> BTreeSet<String> {
    let table = std::fs::read_to_string(root().join("src/locale/words.csv")).unwrap();
    csv::Reader::from_reader(table.as_bytes()).records().map(|row| row.unwrap()[0].to_owned()).collect()
}

/// All files of a kind in a folder and below it, with their text.
fn files(folder: &Path, kind: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, kind));
        } else if path.extension().is_some_and(|extension| extension == kind) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The texts between quotes that follow a call.
fn called<'c>(code: &'c str, call: &str) -> Vec<&'c str> {
    let after = |rest: &'c str| rest.trim_start().strip_prefix('"')?.split_once('"').map(|(text, _)| text);
    code.split(call).skip(1).filter_map(after).collect()
}

#[test]
fn every_word_is_there_in_every_language() {
    let table = std::fs::read_to_string(root().join("src/locale/words.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), LANGUAGES.map(|(language, _)| language));
    let page = std::fs::read_to_string(root().join("src/server/page/words.js")).unwrap();
    let languages = LANGUAGES.map(|(language, _)| format!("\"{language}\"")).join(", ");
    assert!(page.contains(&format!("LANGUAGES = [{languages}];")), "the page has the languages of the table");
    let mut known = BTreeSet::new();
    for row in reader.records().map(Result::unwrap) {
        let places = |text: &str| (0..4).filter(|n| text.contains(&format!("{{{n}}}"))).collect::<Vec<_>>();
        let counted = row[0].contains(" | ");
        for (word, (language, forms)) in row.iter().zip(LANGUAGES) {
            let said: Vec<&str> = word.split(" | ").collect();
            assert!(said.len() == 1 || (counted && said.len() == forms), "{language}: {row:?}");
            for form in said {
                assert!(!form.is_empty(), "{row:?}");
                assert_eq!(places(form), places(&row[0]), "{row:?}");
            }
        }
        assert!(known.insert(row[0].to_owned()), "{row:?} is there twice");
    }
}

#[test]
fn what_is_said_is_in_the_table() {
    let (known, source) = (known(), root().join("src"));
    let of_locale =
        |(path, code): &(PathBuf, String)| code.contains("Locale") || path.starts_with(source.join("locale"));
    let rust = files(&source, "rs").into_iter().filter(of_locale).map(|file| (file, ["say(", "fill("]));
    let page = files(&source.join("server/page"), "js").into_iter().map(|file| (file, ["say(", "tell("]));
    for ((path, code), calls) in rust.chain(page) {
        for word in calls.iter().flat_map(|call| called(&code, call)) {
            assert!(known.contains(word), "{}: src/locale/words.csv has no {word:?}", path.display());
        }
    }
}

#[test]
fn the_table_has_no_word_that_nobody_says() {
    let source = root().join("src");
    let code: String = files(&source, "rs").into_iter().chain(files(&source, "js")).map(|(_, code)| code).collect();
    let unsaid: Vec<String> = known().into_iter().filter(|word| !code.contains(&format!("\"{word}\""))).collect();
    assert_eq!(unsaid, [] as [&str; 0]);
}
