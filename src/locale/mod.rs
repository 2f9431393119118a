//! What figures, and the things that a pact names, are called in a label language; how numbers are read there.
//!
//! The words of reports and of the service's page are those of `words.csv`, in English where a language has none. What
//! the pact names has the labels that the pact gives it: those of a stage or program, or of the `term` of that name.

mod evidence;
mod figure;
mod part;
mod words;

pub use words::{languages, words_in};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::diagnostic::none_named;
use crate::pact::{DIMENSIONS, Labels, Pact};
use crate::value::{Money, Value};

/// The language of the words that every report has.
const ENGLISH: &str = "en";

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// How a pact's figures are told to the readers of one language.
#[derive(Debug, Clone)]
pub struct Locale<'p> {
    pact: &'p Pact,
    /// None where names and numbers stand as they are in the pact, as for programs and logs.
    language: Option<Arc<str>>,
}

impl<'p> Locale<'p> {
    /// Names and numbers as they are in the pact.
    pub fn plain(pact: &'p Pact) -> Self {
        Self { pact, language: None }
    }

    /// The same with names and numbers as people read them; in English where no language is named.
    pub fn for_people(&self) -> Self {
        Self { pact: self.pact, language: self.language.clone().or_else(|| Some(ENGLISH.into())) }
    }

    /// The words of a language that the pact has labels in, or that the table of words has.
    ///
    /// # Errors
    /// When it has none in that language; with those that it has.
    pub fn named(pact: &'p Pact, language: &str) -> Result<Self, String> {
        let mut known: BTreeSet<&str> = languages().collect();
        known.extend(pact.languages.iter().map(|language| &**language));
        if !known.contains(language) {
            return Err(none_named("label language", language, known));
        }
        Ok(Self { pact, language: Some(language.into()) })
    }

    /// Whether names and numbers stand as they are in the pact.
    fn is_plain(&self) -> bool {
        self.language.is_none()
    }

    /// The pact.
    pub fn pact(&self) -> &'p Pact {
        self.pact
    }

    /// The language, as HTML names it.
    pub fn code(&self) -> &str {
        self.language.as_deref().unwrap_or(ENGLISH)
    }

    /// In which direction it is written, as HTML names it.
    pub fn direction(&self) -> &'static str {
        let main = self.code().split('-').next().unwrap_or_default();
        if RIGHT_TO_LEFT.contains(&main) { "rtl" } else { "ltr" }
    }

    /// A word that every report has.
    pub fn say(&self, english: &'static str) -> &'static str {
        words::of(self.code(), english)
    }

    /// A sentence that every report has, with `{0}`, `{1}` and so on filled in.
    pub fn fill(&self, english: &'static str, with: &[&str]) -> String {
        let mut text = String::new();
        let mut parts = self.say(english).split('{');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (place, rest) = part.split_once('}').unwrap_or(("", part));
            text.push_str(place.parse::<usize>().ok().and_then(|at| with.get(at)).unwrap_or(&""));
            text.push_str(rest);
        }
        text
    }

    /// What a thing of the pact is called, and otherwise its name.
    pub fn name<'n>(&self, name: &'n str) -> Cow<'n, str>
    where
        'p: 'n,
    {
        if let Some(label) = self.label(name) {
            return Cow::Borrowed(label);
        }
        // what a volume promises has no name of its own
        if let Some(stage) = name.strip_prefix("leads entering ").filter(|_| !self.is_plain()) {
            return Cow::Owned(self.fill("leads entering {0}", &[&self.name(stage)]));
        }
        if !self.is_plain() && name.contains('_') { Cow::Owned(name.replace('_', " ")) } else { Cow::Borrowed(name) }
    }

    /// What has a label in the language, by name: the first of a stage, a program and a term of that name.
    pub fn labels(&self) -> BTreeMap<&'p str, &'p str> {
        let stages = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages).map(|stage| &*stage.name);
        let programs = self.pact.programs.iter().map(|program| &*program.name);
        let names = self.pact.terms.iter().map(|term| &*term.name).chain(programs).chain(stages);
        names.filter_map(|name| Some((name, self.label(name)?))).collect()
    }

    /// The label of a stage, of a program, or of the term of a name.
    fn label(&self, name: &str) -> Option<&'p str> {
        let language = self.language.as_deref()?;
        let of = |labels: &'p Labels| labels.iter().find(|(of, _)| **of == *language).map(|(_, label)| &**label);
        let stage =
            || self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages).find(|stage| *stage.name == *name);
        let program = || self.pact.programs.iter().find(|program| *program.name == *name);
        let term = || self.pact.terms.iter().find(|term| *term.name == *name);
        let stage = stage().and_then(|stage| of(&stage.labels));
        stage.or_else(|| of(&program()?.labels)).or_else(|| of(&term()?.labels))
    }

    /// What figures are split by.
    pub fn dimension<'n>(&self, name: &'n str) -> Cow<'n, str>
    where
        'p: 'n,
    {
        if self.is_plain() {
            return Cow::Borrowed(name);
        }
        let built_in = || DIMENSIONS.iter().find(|dimension| **dimension == name).map(|name| self.say(name));
        self.label(name).or_else(built_in).map_or_else(|| self.name(name), Cow::Borrowed)
    }

    /// A value of what figures are split by.
    pub fn group_value<'n>(&self, value: &'n str) -> Cow<'n, str>
    where
        'p: 'n,
    {
        if value == crate::measure::MISSING { Cow::Borrowed(self.say("(missing)")) } else { self.name(value) }
    }

    /// A number.
    pub fn number(&self, number: Decimal) -> String {
        let plain = number.to_string();
        if self.is_plain() {
            return plain;
        }
        let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |digits| ("-", digits));
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = sign.to_owned();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(self.say("group separator"));
            }
            text.push(digit);
        }
        if !rest.is_empty() {
            text.push_str(self.say("decimal separator"));
            text.push_str(rest);
        }
        text
    }

    /// A count.
    pub fn count(&self, count: u64) -> String {
        self.number(count.into())
    }

    /// A part of a whole, from 0 to 1.
    pub fn percent(&self, share: Decimal) -> String {
        self.fill("{0}%", &[&self.number((share * Decimal::ONE_HUNDRED).round_dp(1).normalize())])
    }

    /// A change with its sign.
    pub fn change(&self, change: Decimal) -> String {
        format!("{}{}", if change > Decimal::ZERO { "+" } else { "" }, self.percent(change))
    }

    /// A value of a lead or of an event.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Number(number) => self.number(*number),
            Value::Money(Money { amount, currency }) => format!("{} {currency}", self.number(*amount)),
            other => other.to_string(),
        }
    }

    /// A length of time in its two largest units.
    pub fn span(&self, seconds: i64, open: bool) -> String {
        let plain = crate::explain::span(seconds, open);
        let units = |part: &str| match part {
            "d" => self.say("d").to_owned(),
            "h" => self.say("h").to_owned(),
            "min" => self.say("min").to_owned(),
            "s" => self.say("s").to_owned(),
            number => number.to_owned(),
        };
        plain.split(' ').map(units).collect::<Vec<_>>().join(" ")
    }

    /// An instant of a report, to the minute.
    pub fn minute(&self, instant: &str) -> String {
        instant.get(..16).unwrap_or(instant).replace('T', " ")
    }
}
