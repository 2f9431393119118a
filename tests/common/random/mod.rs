//! Pacts, leads and histories of chance: well typed, in the language, and the same for the same seed.

mod condition;
mod dice;
mod folder;
mod history;
mod journey;
mod qualification;
mod setting;
pub mod shrink;
mod sort;
pub mod text;
mod value;
mod vocabulary;

use std::collections::BTreeMap;

use condition::Speaker;
use dice::Dice;
use history::Teller;
use leadpact::internals::diagnostic::Severity;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::time::Duration;
use leadpact::internals::world::Memory;
use serde_json::Value;
use vocabulary::Vocabulary;

/// The file that holds the rules of a case.
pub const RULES: &str = "rules.pact";

/// A pact, leads and what happens to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The files of the pact by name.
    pub files: BTreeMap<String, String>,
    /// Rows of events.
    pub events: Vec<Value>,
    /// Rows of leads.
    pub leads: Vec<Value>,
}

/// The names and the files of a pact of chance.
fn rules(dice: &mut Dice) -> (Vocabulary, BTreeMap<String, String>) {
    let (mut words, mut files) = (Vocabulary::default(), BTreeMap::new());
    let mut text = setting::setting(dice, &mut words, &mut files);
    let mut speaker = Speaker::new(dice, &mut words);
    text.push_str(&speaker.qualification());
    text.push_str(&speaker.routing());
    text.push_str(&speaker.journey());
    files.insert(RULES.into(), text);
    (words, files)
}

impl Case {
    /// The case of a seed. Nothing happens where its pact does not check.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let (words, files) = rules(&mut dice);
        let mut case = Self { files, events: Vec::new(), leads: Vec::new() };
        if let Ok(pact) = case.pact() {
            let lengths = words.lengths.iter().map(|written| length(written)).collect();
            let mut teller = Teller { dice: &mut dice, words: &words, pact: &pact, lengths };
            case.events = [teller.events("a", 16), teller.events("b", 6)].concat();
            case.leads = ["c", "d", "e"].map(|key| teller.lead(key)).to_vec();
        }
        case
    }

    /// Its pact.
    ///
    /// # Errors
    /// When it does not check, with the findings.
    pub fn pact(&self) -> Result<Pact, Vec<String>> {
        let loaded = load(&Memory::new(self.files.iter().map(|(name, text)| (name.as_str(), text.clone()))), None);
        let errors = loaded.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
        let says = errors.map(|found| format!("{:?}: {}", found.code, found.message));
        loaded.pact.ok_or_else(|| says.collect())
    }
}

/// A length of time as the language writes it.
fn length(written: &str) -> Duration {
    let parts: Vec<&str> = written.split(' ').collect();
    let parts = parts.chunks(2).map(|part| {
        let many: i32 = part[0].parse().expect("it is a number");
        match part[1].trim_end_matches('s') {
            "minute" => Duration::seconds(i64::from(many) * 60),
            "hour" => Duration::seconds(i64::from(many) * 3600),
            "week" => Duration::days(many * 7),
            "month" => Duration { months: many, ..Duration::default() },
            "quarter" => Duration { months: many * 3, ..Duration::default() },
            _ => Duration::days(many),
        }
    });
    parts.fold(Duration::default(), |all, part| all.checked_add(part).expect("it is no long time"))
}
