//! Decisions as rows, and what they came to.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::decide::Decision;
use crate::pact::{Pact, Verdict};

/// The columns of decisions: those a person looks at, or the whole of it.
pub(super) fn columns(pact: &Pact, whole: bool) -> Vec<String> {
    let mut columns: Vec<String> = vec!["id".into()];
    if whole {
        columns.push("pipeline".into());
    }
    columns.extend(["stage".into(), "owner".into()]);
    columns.extend(pact.scores.iter().map(|score| score.name.to_string()));
    columns.extend(pact.values.iter().map(|value| value.name.to_string()));
    if whole {
        columns.extend(pact.criteria.iter().map(|criteria| criteria.name.to_string()));
    }
    columns.push("receiver".into());
    if whole {
        columns.extend(["missing".into(), "next_action".into(), "digest".into()]);
    }
    columns.push("because".into());
    columns
}

/// A decision under [`columns`].
pub(super) fn cells(pact: &Pact, decision: &Decision, whole: bool) -> Vec<String> {
    let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or("").to_owned();
    let mut cells = vec![text(&decision.id)];
    if whole {
        cells.push(text(&decision.pipeline));
    }
    cells.extend([text(&decision.stage), text(&decision.owner)]);
    cells.extend(decision.scores.values().map(ToString::to_string));
    cells.extend(decision.values.values().map(|value| value.as_ref().map(ToString::to_string).unwrap_or_default()));
    if whole {
        cells.extend(decision.criteria.values().map(|criteria| criteria.verdict.word().to_owned()));
    }
    let route = decision.route.as_ref();
    let receiver = route.and_then(|route| route.queue.as_ref().or(route.team.as_ref()).or(route.assignee.as_ref()));
    cells.push(receiver.map(ToString::to_string).unwrap_or_default());
    if whole {
        let missing = decision.criteria.iter().filter(|(_, report)| !report.missing.is_empty());
        let missing: Vec<String> = missing.map(|(name, report)| format!("{name}: {}", sets(&report.missing))).collect();
        cells.extend([missing.join("; "), text(&decision.next_action), pact.digest.to_string()]);
    }
    cells.push(because(pact, decision));
    cells
}

/// The one reason that matters most: the last move, what holds the next one back, or what it lacks.
fn because(pact: &Pact, decision: &Decision) -> String {
    if let Some(part_of) = &decision.part_of {
        return format!("part of {} since {}", part_of.lead, part_of.since);
    }
    if let Some(held) = decision.held.first() {
        let lacks: Vec<&str> = held.lacks.iter().map(|need| &*need.because.says).collect();
        return format!("held before {}: {} ({}:{})", held.to, lacks.join(", "), held.because.file, held.because.line);
    }
    if let Some(made) = decision.moves.last() {
        return made.because.as_ref().map_or_else(
            || "a system says so".into(),
            |because| format!("{} ({}:{})", because.says, because.file, because.line),
        );
    }
    let short =
        decision.criteria.iter().find(|(_, report)| report.verdict == Verdict::NotMet && !report.missing.is_empty());
    if let Some((name, report)) = short {
        return format!("{name} lacks {}", sets(&report.missing));
    }
    let Some(stage) = decision.stage.as_deref().and_then(|name| pact.stage(name)) else {
        return "no pipeline takes it".into();
    };
    // the last move of a stage is the one that leads on: those before it lead aside
    let facts = pact[stage].moves.iter().rev().filter_map(|step| step.when.as_ref());
    let criteria = facts.flat_map(|when| crate::eval::facts_of(pact, when).criteria);
    let open = criteria.filter_map(|id| {
        let name = &pact[id].name;
        let report = decision.criteria.get(name)?;
        let need = report.needs.iter().find(|need| need.verdict != Verdict::Met)?;
        let word = if need.verdict == Verdict::Unknown { "unknown" } else { "not met" };
        Some(format!("{word}: {} ({}:{})", need.because.says, need.because.file, need.because.line))
    });
    open.into_iter().next().unwrap_or_default()
}

fn sets(sets: &[Vec<Arc<str>>]) -> String {
    sets.iter().map(|set| set.join(" and ")).collect::<Vec<_>>().join(" or ")
}

/// How many leads ended where.
#[derive(Debug, Default)]
pub(super) struct Summary {
    stages: IndexMap<Option<Arc<str>>, u64>,
    total: u64,
}

impl Summary {
    pub(super) fn add(&mut self, decision: &Decision) {
        self.total += 1;
        *self.stages.entry(decision.stage.clone()).or_default() += 1;
    }

    pub(super) fn show(&self) {
        let mut stages: Vec<_> = self.stages.iter().collect();
        stages.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named = |stage: &Option<Arc<str>>| stage.as_deref().unwrap_or("in no pipeline").to_owned();
        let stages: Vec<String> = stages.iter().map(|(stage, n)| format!("{n} {}", named(stage))).collect();
        let leads = if self.total == 1 { "lead" } else { "leads" };
        if stages.is_empty() {
            errln!("no lead was decided");
        } else {
            errln!("{} {leads}: {}", self.total, stages.join(", "));
        }
    }
}
