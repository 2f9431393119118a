//! Decisions as rows of cells.

use std::sync::Arc;

use super::Decision;
use crate::pact::{Clause, CriteriaId, Pact, Verdict};

/// The columns of decisions: those a person looks at, or the whole of it.
pub fn columns(pact: &Pact, whole: bool) -> Vec<String> {
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
pub fn cells(pact: &Pact, decision: &Decision, whole: bool) -> Vec<String> {
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
    let (Because::Way(because) | Because::Criteria(because)) = because(pact, decision);
    cells.push(because);
    cells
}

/// The one reason that matters most: the last move, what holds the next one back, or what it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It is the same for every lead that came the same way.
    Way(String),
    /// It hangs on what the criteria come to.
    Criteria(String),
}

/// That reason of a decision.
pub fn because(pact: &Pact, decision: &Decision) -> Because {
    if let Some(part_of) = &decision.part_of {
        return Because::Way(format!("part of {} since {}", part_of.lead, part_of.since));
    }
    if let Some(held) = decision.held.first() {
        let lacks: Vec<&str> = held.lacks.iter().map(|need| &*need.because.says).collect();
        let Clause { file, line, .. } = &held.because;
        return Because::Criteria(format!("held before {}: {} ({file}:{line})", held.to, lacks.join(", ")));
    }
    if let Some(made) = decision.moves.last() {
        return Because::Way(made.because.as_ref().map_or_else(
            || "a system says so".into(),
            |because| format!("{} ({}:{})", because.says, because.file, because.line),
        ));
    }
    Because::Criteria(stays(pact, decision))
}

/// Why a lead is where it is though no move was made.
fn stays(pact: &Pact, decision: &Decision) -> String {
    let short =
        decision.criteria.iter().find(|(_, report)| report.verdict == Verdict::NotMet && !report.missing.is_empty());
    if let Some((name, report)) = short {
        return lacks(name, &sets(&report.missing));
    }
    let Some(stage) = decision.stage.as_deref() else { return NO_PIPELINE.into() };
    let open = asked_by(pact, stage).into_iter().find_map(|id| {
        let report = decision.criteria.get(&pact[id].name)?;
        let need = report.needs.iter().find(|need| need.verdict != Verdict::Met)?;
        Some(open_need(need.verdict, &need.because))
    });
    open.unwrap_or_default()
}

/// Why a lead stands nowhere.
pub const NO_PIPELINE: &str = "no pipeline takes it";

/// A criteria and the sets of facts that it lacks.
pub fn lacks(criteria: &str, sets: &str) -> String {
    format!("{criteria} lacks {sets}")
}

/// A clause that is not met, or of which it is not known.
pub fn open_need(verdict: Verdict, because: &Clause) -> String {
    let word = if verdict == Verdict::Unknown { "unknown" } else { "not met" };
    format!("{word}: {} ({}:{})", because.says, because.file, because.line)
}

/// The criteria that the moves of a stage ask for. The last move is the one that leads on: those before it lead aside.
pub fn asked_by(pact: &Pact, stage: &str) -> Vec<CriteriaId> {
    let moves = pact.stage(stage).map(|stage| &pact[stage].moves);
    let asked = moves.into_iter().flatten().rev().filter_map(|step| step.when.as_ref());
    asked.flat_map(|when| crate::eval::facts_of(pact, when).criteria).collect()
}

fn sets(sets: &[Vec<Arc<str>>]) -> String {
    sets.iter().map(|set| set.join(" and ")).collect::<Vec<_>>().join(" or ")
}
