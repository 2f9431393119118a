//! Second chances.

use rust_decimal::Decimal;

use super::expr::Context;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Keep, ProgramId, Recycle, Rounds, ScoreId};
use crate::syntax::tree::{self, Name, Number, Spanned};

impl Resolver<'_> {
    pub(super) fn recycles(&mut self, items: &Items) {
        for item in &items.recycles {
            if let Some(recycle) = self.recycle(item) {
                self.pact.recycles.push(recycle);
            }
        }
    }

    /// None when a clause without which it means nothing is missing or broken; there is a finding then.
    fn recycle(&mut self, item: &Spanned<tree::RecycleNode>) -> Option<Recycle> {
        let recycle = &item.node;
        let from = recycle.from.iter().filter_map(|stage| self.stage_named(stage)).collect();
        let when = recycle.when.first().map(|condition| self.condition(condition, Context::LEAD));
        let to = recycle.to.first();
        for (_, owner) in &recycle.to {
            owner.iter().for_each(|owner| self.known(Space::Party, "party", owner));
        }
        let elapsed = Err("a rest runs in elapsed time: leave out `business`");
        let rest = recycle.rest.first().and_then(|rest| self.timed(rest, "a rest", elapsed));
        let enroll = recycle.enroll.iter().filter_map(|program| self.program(program)).collect();
        let keep = recycle.keep.iter().filter_map(|(percent, score)| self.kept(percent, score)).collect();
        let rounds = recycle.rounds.first().and_then(|(most, then)| {
            self.at_least_one(most, "times");
            let most = u32::try_from(most.node).ok();
            self.stage_named(then).zip(most).map(|(then, most)| Rounds { most, then })
        });
        self.once("when", &recycle.when.iter().map(|e| e.span).collect::<Vec<_>>());
        self.once("to", &recycle.to.iter().map(|(to, _)| to.span).collect::<Vec<_>>());
        self.once("rest", &recycle.rest.iter().map(|rest| rest.span).collect::<Vec<_>>());
        self.once("at most", &recycle.rounds.iter().map(|(most, _)| most.span).collect::<Vec<_>>());
        self.half(recycle);
        Some(Recycle {
            name: recycle.name.text.clone(),
            description: super::handover::words(recycle.description.as_ref()),
            from,
            when: when?,
            to: to.and_then(|(to, _)| self.stage_named(to))?,
            owner: to.and_then(|(_, owner)| owner.as_ref()).map(|owner| owner.text.clone()),
            rest,
            enroll,
            keep,
            rounds,
            never_back: recycle.never_back.is_some(),
            span: item.span,
        })
    }

    fn program(&mut self, name: &Name) -> Option<ProgramId> {
        self.names.get(Space::Program, "program", name, &mut self.out)?;
        self.pact.programs.iter().position(|program| program.name == name.text).map(|at| ProgramId(at as u32))
    }

    /// A score may keep nothing.
    fn kept(&mut self, percent: &Number, score: &Name) -> Option<Keep> {
        if percent.node != Decimal::ZERO {
            self.percent(percent, 100);
        }
        self.known_as(Space::Value, "score", score);
        let id: ScoreId = self.pact.score(&score.text)?;
        Some(Keep { percent: percent.node, score: id, span: percent.span.to(score.span) })
    }

    fn half(&mut self, recycle: &tree::RecycleNode) {
        let lacks = [
            ("from", "the stages that leads come from: `from mql, sal`", recycle.from.is_empty()),
            ("when", "the reasons: `when disposition = recycle`", recycle.when.is_empty()),
            ("to", "the stage that leads go back to: `to inquiry`", recycle.to.is_empty()),
        ];
        let lacks = lacks.iter().filter(|(_, _, lacking)| *lacking);
        let (clauses, helps): (Vec<String>, Vec<&str>) = lacks.map(|(c, help, _)| (format!("`{c}`"), *help)).unzip();
        if !clauses.is_empty() {
            let message = format!("`{}` has no {}", recycle.name.text, clauses.join(", no "));
            let help = format!("name {}", helps.join("; "));
            self.out.push(Diagnostic::new(Code::HalfRecycle, recycle.name.span, message).help(help));
        }
    }
}
