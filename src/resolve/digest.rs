//! `digest`: when a list is sent, and what is on it.

use chrono::NaiveTime;

use super::expr::Context;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Digest, DigestPart};
use crate::syntax::tree::{self, Cadence, DigestSection};

impl Resolver<'_> {
    pub(super) fn digests(&mut self, items: &Items) {
        for item in &items.digests {
            let digest = &item.node;
            self.known(Space::Party, "party", &digest.party);
            let every = digest.every.iter().filter_map(|when| self.every(when, digest)).collect();
            let parts = digest.sections.iter().filter_map(|section| self.section(section)).collect();
            self.pact.digests.push(Digest {
                name: digest.name.text.clone(),
                party: digest.party.text.clone(),
                description: super::handover::words(digest.description.as_ref()),
                every,
                parts,
                span: item.span,
            });
        }
    }

    fn every(
        &mut self,
        (days, time): &(Cadence, tree::TimeOfDay),
        digest: &tree::DigestNode,
    ) -> Option<(Cadence, NaiveTime)> {
        let at = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(time.0) * 60, 0);
        if at.is_none() {
            let message = format!("`{}` is sent at 24:00, which is no time of its day", digest.name.text);
            let help = "write `00:00` of the next day";
            self.out.push(Diagnostic::new(Code::BadValue, digest.name.span, message).help(help));
        }
        at.map(|at| (*days, at))
    }

    fn section(&mut self, section: &DigestSection) -> Option<DigestPart> {
        Some(match section {
            DigestSection::Top { count, stage, by, condition } => {
                self.at_least_one(count, "leads");
                self.known_as(Space::Value, "score", by);
                let condition = condition.as_ref().map(|condition| self.condition(condition, Context::LEAD));
                let (stage, by) = (self.stage_named(stage)?, self.pact.score(&by.text)?);
                DigestPart::Top { count: u32::try_from(count.node).unwrap_or(u32::MAX), stage, by, condition }
            }
            DigestSection::NearBreach { stage, sla } => {
                self.known(Space::Sla, "sla", sla);
                DigestPart::NearBreach { stage: self.stage_named(stage)?, sla: self.pact.sla(&sla.text)? }
            }
            DigestSection::NearMiss { stage, criteria } => {
                self.known_as(Space::Value, "criteria", criteria);
                let stage = self.stage_named(stage)?;
                DigestPart::NearMiss { stage, criteria: self.pact.criteria_named(&criteria.text)? }
            }
        })
    }
}
