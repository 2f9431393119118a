//! What clauses tell, in words.

use rust_decimal::Decimal;

use super::Locale;
use crate::measure::{ClauseWeight, Estimate, EvidenceReport, Relation, ShareEstimate, Tells};
use crate::pact::Clause;

impl Locale<'_> {
    /// What a clause tells.
    pub fn tells(&self, clause: &ClauseWeight) -> String {
        let told = match (clause.tells, clause.more) {
            (Tells::For, _) => "for",
            (Tells::Against, _) => "against",
            (Tells::PerhapsFor, _) => "perhaps for",
            (Tells::PerhapsAgainst, _) => "perhaps against",
            (Tells::Nothing, _) => "nothing",
            (Tells::TooFew, Some(more)) => return self.fill("too few: {0} more", &[&self.count(more)]),
            (Tells::NotCompared, _) if clause.with.of == 0 => "nobody has it",
            (Tells::NotCompared, _) => "all have it",
            _ => "too few",
        };
        self.say(told).to_owned()
    }

    /// How a clause and another one come together, where that explains what it seems to tell.
    pub fn relation(&self, clause: &ClauseWeight) -> Option<String> {
        let named = |clause: &Clause| format!("`{}` ({}:{})", clause.says, clause.file, clause.line);
        let (sentence, other) = match clause.relation.as_ref()? {
            Relation::GoesAlongWith(other) => {
                ("{0} goes along with {1}: that is the difference it seems to make.", other)
            }
            Relation::StandsInFor(other) => {
                ("{0} stands in for {1}: leads that have the one mostly lack the other.", other)
            }
            Relation::NotToldApartFrom(other) => {
                ("{0} is not told apart from {1}: who knows the one mostly knows the other.", other)
            }
        };
        Some(self.fill(sentence, &[&named(&clause.because), &named(other)]))
    }

    /// Of how many evidence is, and within what time they came.
    pub fn evidence(&self, report: &EvidenceReport) -> String {
        let young = || match report.young {
            0 => String::new(),
            young => format!(" {}", self.fill("Too young to count: {0}.", &[&self.count(young)])),
        };
        match report.within {
            None => self.say("Nobody came yet: there is nothing to learn from.").to_owned(),
            Some(within) => {
                let time = self.span(within.seconds, false);
                self.fill("{0} came within {1}.", &[&self.share_of(&report.share), &time]) + &young()
            }
        }
    }

    /// What the numbers of evidence mean, sentence by sentence.
    pub fn meaning_of_evidence(&self) -> [&'static str; 4] {
        [
            "Differences are in points of a hundred, with the range in which 19 of 20 such histories would have them.",
            "Leads alike are the same in the other clauses, as far as there are enough of them; that decides, where it can be told.",
            "What no clause asks for may differ.",
            "Too few: fewer than 10 on a side, fewer than 5 who came or did not, or too wide a range; about so many more would tell.",
        ]
        .map(|sentence| self.say(sentence))
    }

    /// A share of so many.
    pub fn share_of(&self, share: &ShareEstimate) -> String {
        match share.value {
            None => self.say("none").to_owned(),
            Some(value) => self.fill("{0} of {1}", &[&self.percent(value), &self.count(share.of)]),
        }
    }

    /// A difference in points of a hundred, with its interval.
    pub fn points(&self, difference: &Estimate) -> String {
        let sign = if difference.value > Decimal::ZERO { "+" } else { "" };
        let hundredfold = |share: Decimal| self.number((share * Decimal::ONE_HUNDRED).round_dp(1).normalize());
        let [value, low, high] = [difference.value, difference.low, difference.high].map(hundredfold);
        format!("{sign}{value} ({})", self.fill("{0} to {1}", &[&low, &high]))
    }
}
