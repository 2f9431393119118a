//! The parts of a digest in words.

use super::Locale;
use crate::pact::DigestPart;

impl Locale<'_> {
    /// What a part lists.
    pub fn part(&self, part: &DigestPart) -> String {
        let pact = self.pact();
        match part {
            DigestPart::Top { count, stage, by, condition } => {
                let (count, by) = (count.to_string(), self.name(&pact[*by].name));
                let top = self.fill("top {0} leads in {1} by {2}", &[&count, &self.name(&pact[*stage].name), &by]);
                match condition {
                    None => top,
                    Some(condition) => self.fill("{0} where {1}", &[&top, &pact.clause(condition.span).says]),
                }
            }
            DigestPart::NearBreach { stage, sla } => {
                let with = [self.name(&pact[*stage].name), self.name(&pact[*sla].name)];
                self.fill("leads in {0} near breach of {1}", &[&with[0], &with[1]])
            }
            DigestPart::NearMiss { stage, criteria } => {
                let with = [self.name(&pact[*stage].name), self.name(&pact[*criteria].name)];
                self.fill("leads in {0} that miss one fact for {1}", &[&with[0], &with[1]])
            }
        }
    }
}
