//! A pact with a word missing, doubled or misspelt is still read to its end: findings, never a panic, and always a place.

use std::path::Path;

use leadpact::internals::load::load;
use leadpact::internals::syntax::tokens;
use leadpact::internals::world::Memory;

fn acme() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/acme");
    let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let read = files.filter(|path| path.is_file()).map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    });
    let mut files: Vec<(String, String)> = read.collect();
    files.sort();
    files
}

#[test]
fn every_torn_pact_is_read_to_its_end() {
    let files = acme();
    let mut tried = 0;
    for (at, (name, text)) in files.iter().enumerate().filter(|(_, (name, _))| name.ends_with(".pact")) {
        for (nth, token) in tokens(text).into_iter().enumerate().skip(at).step_by(13) {
            let word = token.text(text);
            let torn = match nth % 3 {
                0 => String::new(),
                1 => format!("{word} {word}"),
                _ => format!("{word}x"),
            };
            let torn = format!("{}{torn}{}", &text[..token.start], &text[token.end..]);
            let all = files.iter().map(|(n, t)| (n.clone(), if n == name { torn.clone() } else { t.clone() }));
            let loaded = load(&Memory::new(all), None);
            for finding in &loaded.diagnostics {
                let span = finding.span().unwrap();
                assert!(loaded.sources.get(span.file).is_some(), "{finding:?}");
                assert!(finding.help.is_some() || finding.code.id().starts_with("E01"), "{finding:?}");
            }
            tried += 1;
        }
    }
    assert!(tried > 50);
}
