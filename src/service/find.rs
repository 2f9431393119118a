//! Leads are found by what people know of them: a name, an address, a number, a company, an id of any system.
//!
//! Each text of a lead's record gives terms, and what is looked for is what a term begins with. A term begins at each word
//! of a text and goes to the end of what stands between two spaces, so that `anna.smith@acme.example` is found by `anna.sm`,
//! `smith` and `acme.ex`. Scripts that put no space between words begin one at each sign. A number of digits with the
//! usual marks between them is found by its last digits, however it is grouped, and with or without its country; so is a
//! whole number of five digits or more, as some systems give for an id.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Service;
use crate::pact::Pact;
use crate::record::Record;
use crate::store::{Prefixes, Result};
use crate::text::Folding;
use crate::ty::Ty;
use crate::value::Value;

/// Terms of a lead, and whether each is personal data.
pub(super) type Terms = BTreeMap<String, bool>;

/// How many words are looked for at most: each is a look of its own.
pub const WORDS: usize = 12;

/// How many terms one text gives at most: prose is not searched whole.
const TERMS: usize = 40;

/// How many signs of a term are stored, and looked for.
const SIGNS: usize = 60;

/// How many digits a number has that is looked for by its end, and by how many of them.
const DIGITS: (usize, usize) = (5, 7);

/// From which whole number on one may be an id: shorter ones count something.
const LONG: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// What stands before the digits of a number from its end: no word begins with it.
const BACKWARDS: char = '#';

impl Service {
    /// The keys, in the form in which keys match, of leads for which each word of a text is known to begin something:
    /// at most so many. What the pact marks as personal data counts only where it may be seen. A text without a letter or
    /// digit finds nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn find(&self, text: &str, personal: bool, limit: usize) -> Result<Vec<String>> {
        let Some(pact) = self.pact() else { return Ok(Vec::new()) };
        let wanted = wanted(pact.folding, text);
        Ok(self.read(|store| store.find(&wanted, personal, limit))?.into_iter().collect())
    }
}

/// What a lead is found by: its key, and every text and long whole number of its record.
pub(super) fn terms(pact: &Pact, key: &str, record: &Record) -> Terms {
    let mut terms = Terms::new();
    add(&mut terms, pact.folding, key, false);
    for (field, value) in pact.fields.iter().zip(&record.values) {
        match value {
            Some(Value::Text(text)) => add(&mut terms, pact.folding, text, field.pii),
            Some(Value::List(values)) => {
                values
                    .iter()
                    .filter_map(Value::as_text)
                    .for_each(|text| add(&mut terms, pact.folding, text, field.pii));
            }
            // ids of some systems are numbers
            Some(Value::Number(number)) if field.ty == Ty::Integer && *number >= LONG => {
                add(&mut terms, pact.folding, &number.to_string(), field.pii);
            }
            _ => {}
        }
    }
    terms
}

/// Adds terms to others. One that is known from something open is open.
pub(super) fn join(terms: &mut Terms, others: Terms) {
    for (term, personal) in others {
        terms.entry(term).and_modify(|was| *was &= personal).or_insert(personal);
    }
}

fn add(terms: &mut Terms, folding: Folding, text: &str, personal: bool) {
    let folded = folding.fold(text);
    let of_words = folded.split_whitespace().flat_map(starts).take(TERMS);
    let all = of_words.map(cut).chain(backwards(text)).map(|term| (term, personal));
    join(terms, all.collect());
}

/// What of a part between two spaces goes from the beginning of a word to the end.
fn starts(part: &str) -> impl Iterator<Item = &str> {
    let mut before: Option<char> = None;
    part.char_indices().filter_map(move |(at, sign)| {
        let within = before.replace(sign).is_some_and(|before| before.is_alphanumeric() && !unspaced(sign));
        (sign.is_alphanumeric() && !within).then(|| &part[at..])
    })
}

/// Whether a sign is of a script that puts no spaces between words: Kana, or Han.
fn unspaced(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn cut(term: &str) -> String {
    term.chars().take(SIGNS).collect()
}

/// The digits of a number, the last first; none where a text is something else.
fn backwards(text: &str) -> Option<String> {
    let marks = |sign: char| sign.is_whitespace() || matches!(sign, '+' | '-' | '(' | ')' | '.' | '/');
    let digits: String = text.chars().rev().filter(char::is_ascii_digit).collect();
    let number = text.chars().all(|sign| sign.is_ascii_digit() || marks(sign));
    (number && digits.len() >= DIGITS.0).then(|| format!("{BACKWARDS}{digits}"))
}

/// What each part of a text that is looked for may be.
fn wanted(folding: Folding, text: &str) -> Vec<Prefixes> {
    let folded = folding.fold(text);
    let part = |part: &str| Some(cut(starts(part).next()?));
    if let Some(digits) = backwards(text) {
        let joined: String = folded.split_whitespace().collect();
        // a zero before a number stands for its country at home, and is not said from abroad
        let end = digits.trim_end_matches('0');
        let end = if end.len() > DIGITS.0 { end } else { &digits };
        return vec![[end.chars().take(DIGITS.1 + 1).collect()].into_iter().chain(part(&joined)).collect()];
    }
    folded.split_whitespace().filter_map(|word| Some(vec![part(word)?])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, by: &str) -> bool {
        let mut terms = Terms::new();
        add(&mut terms, Folding::Default, text, false);
        let wanted = wanted(Folding::Default, by);
        let begins = |prefix: &String| terms.keys().any(|term| term.starts_with(&**prefix));
        !wanted.is_empty() && wanted.iter().all(|prefixes| prefixes.iter().any(begins))
    }

    #[test]
    fn a_text_is_found_by_the_beginnings_of_its_words() {
        for by in ["anna.sm", "Smith", "ACME.ex", "@acme", "example", "anna smith"] {
            assert!(found("Anna.Smith@acme.example", by), "{by}");
        }
        for by in ["nna", "mith", "anna jones", "", "@", "anna.smith@acme.example.org"] {
            assert!(!found("Anna.Smith@acme.example", by), "{by}");
        }
        assert!(found("Müller-Lüdenscheidt GmbH", "lüdensch gmbh"));
        assert!(found("MÜLLER", "müller") && found("株式会社トヨタ", "トヨタ") && found("Đặng Thị Hoa", "thị"));
        assert!(found("00Q5g-000", "00q5G-0") && found("00Q5g-000", "000"));
    }

    #[test]
    fn a_number_is_found_however_it_is_grouped() {
        for by in ["+49 30 1234567", "030 1234567", "030/123 45 67", "1234567", "4930", "(030) 12-34-567"] {
            assert!(found("+49 (30) 123 45-67", by) == (by != "4930"), "{by}");
            assert!(found("030 1234567", by) == (by != "4930"), "{by}");
        }
        assert!(found("089 12345", "+49 89 12345") && found("+49 89 12345", "089 12345"));
        assert!(!found("+49 30 1234567", "1234568") && found("4930123", "4930"));
        assert!(found("0001000000", "1000000") && found("10000", "10000"));
    }

    #[test]
    fn prose_and_long_words_give_few_terms() {
        let mut terms = Terms::new();
        add(&mut terms, Folding::Default, &"word-".repeat(10_000), false);
        add(&mut terms, Folding::Default, &"a b c d e f ".repeat(10_000), false);
        assert!(terms.len() <= 2 * TERMS && terms.keys().all(|term| term.chars().count() <= SIGNS));
    }
}
