//! Figures as people read them: tables on a terminal, and the same in Markdown.

use std::io::{self, Write};

use rust_decimal::Decimal;

use crate::explain::span;
use crate::io::{Layout, TextTable};
use crate::measure::{AnswerReport, Drift, Figure, PromiseReport, Standing, TargetReport, WatchReport};
use crate::pact::Clause;
use crate::value::Value;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// In aligned columns, cut to a width.
    Aligned(Option<usize>),
    /// As Markdown.
    Markdown,
}

/// Writes a table, and an empty line after it.
pub(super) fn table(out: &mut dyn Write, look: Look, header: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    match look {
        Look::Aligned(width) => {
            let mut table = TextTable::new(&mut *out, Layout::Aligned { width }, header.iter().cloned())?;
            rows.iter().try_for_each(|row| table.push(row))?;
            table.finish()?;
        }
        Look::Markdown => {
            let line = |row: &[String]| row.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>().join(" | ");
            writeln!(out, "| {} |", line(header))?;
            writeln!(out, "|{}", " --- |".repeat(header.len()))?;
            rows.iter().try_for_each(|row| writeln!(out, "| {} |", line(row)))?;
        }
    }
    writeln!(out)
}

/// How targets stand, and how watched figures changed, where there are such.
pub(super) fn targets_and_watches(
    out: &mut dyn Write,
    look: Look,
    targets: &[TargetReport],
    watches: &[WatchReport],
) -> io::Result<()> {
    if !targets.is_empty() {
        let rewards = targets.iter().any(|target| target.reward.is_some());
        let columns = if rewards { TARGETS.len() } else { TARGETS.len() - 1 };
        let mut rows: Vec<Vec<String>> = targets.iter().map(target_row).collect();
        rows.iter_mut().for_each(|row| row.truncate(columns));
        let header: Vec<String> = TARGETS.iter().take(columns).map(|name| (*name).to_owned()).collect();
        table(out, look, &header, &rows)?;
    }
    if !watches.is_empty() {
        let rows: Vec<Vec<String>> = watches.iter().map(watch_row).collect();
        table(out, look, &WATCHES.map(str::to_owned), &rows)?;
    }
    Ok(())
}

const WATCHES: [&str; 7] = ["watch", "figure", "before", "change", "chance", "drift", "look again at"];

/// How promises were kept, where clocks were due.
pub(super) fn promises(out: &mut dyn Write, look: Look, by: &[String], promises: &[PromiseReport]) -> io::Result<()> {
    if promises.is_empty() {
        return Ok(());
    }
    let row = |promise: &PromiseReport| {
        let counts = [promise.in_time, promise.late, promise.broken, promise.open, promise.stopped];
        let kept = promise.kept.map_or_else(|| Standing::NoFigure.words().to_owned(), percent);
        let mut row = vec![format!("{} {}", promise.sla, promise.promise)];
        row.extend(by.iter().map(|name| promise.group.get(name).cloned().unwrap_or_else(|| "all".to_owned())));
        row.push(kept);
        row.extend(counts.map(|count| count.to_string()));
        row
    };
    let mut header = vec!["promise".to_owned()];
    header.extend(by.iter().cloned());
    header.extend(OUTCOMES.map(str::to_owned));
    table(out, look, &header, &promises.iter().map(row).collect::<Vec<_>>())
}

/// What sales answered, where it did.
pub(super) fn answers(out: &mut dyn Write, look: Look, answers: &[AnswerReport]) -> io::Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let clause = |clause: &Option<Clause>| {
        clause.as_ref().map(|clause| format!("{} ({}:{})", clause.says, clause.file, clause.line)).unwrap_or_default()
    };
    let row = |answer: &AnswerReport| {
        let reason = answer.reason.clone().unwrap_or_default();
        vec![answer.answer.to_string(), reason, answer.count.to_string(), clause(&answer.cause), clause(&answer.route)]
    };
    let rows: Vec<Vec<String>> = answers.iter().map(row).collect();
    table(out, look, &ANSWERS.map(str::to_owned), &rows)
}

const ANSWERS: [&str; 5] = ["answer", "reason", "times", "let in by", "given by"];

const OUTCOMES: [&str; 6] = ["kept in time", "in time", "late", "broken", "open", "stopped"];

/// The columns of targets.
const TARGETS: [&str; 8] = ["target", "level", "period", "figure", "", "outlook", "standing", "reward"];

fn target_row(target: &TargetReport) -> Vec<String> {
    let (figure, beside) = said(target.actual.as_ref());
    let gone = target.gone.map(|gone| format!("{} gone", percent(gone)));
    let beside: Vec<String> = [Some(beside).filter(|beside| !beside.is_empty()), gone].into_iter().flatten().collect();
    vec![
        format!("{} {}", target.party, target.metric),
        target.level.clone(),
        target.period.clone().unwrap_or_default(),
        figure,
        beside.join("; "),
        target.outlook.as_ref().map(|outlook| said(Some(outlook)).0).unwrap_or_default(),
        target.standing.words().to_owned(),
        target.reward.as_deref().unwrap_or_default().to_owned(),
    ]
}

/// A figure as people read it, and what stands beside it.
pub(super) fn said(figure: Option<&Figure>) -> (String, String) {
    match figure {
        None => (Standing::NoFigure.words().to_owned(), String::new()),
        Some(Figure::Count { value }) => (value.to_string(), String::new()),
        Some(Figure::Number { value }) => (value.to_string(), String::new()),
        Some(Figure::Share { value, reached, of, open, low, high }) => {
            let still = if *open > 0 { format!(", {open} may still") } else { String::new() };
            (percent(*value), format!("{reached} of {of}{still}; {} to {}", percent(*low), percent(*high)))
        }
        Some(Figure::Time { seconds, open_hours, of, open, ninety }) => {
            let not_yet = if *open > 0 { format!(", {open} not yet") } else { String::new() };
            let hours = if *open_hours { " open" } else { "" };
            let said = seconds.map(|seconds| format!("{}{hours}", span(seconds, *open_hours)));
            let ninety = ninety.map(|ninety| format!("; 9 of 10 within {}", span(ninety, *open_hours)));
            let said = said.unwrap_or_else(|| Standing::NoFigure.words().to_owned());
            (said, format!("of {of}{not_yet}{}", ninety.unwrap_or_default()))
        }
        Some(Figure::Amounts { values }) => {
            let values: Vec<String> = values.iter().map(Value::to_string).collect();
            (values.join(", "), String::new())
        }
    }
}

pub(super) fn percent(share: Decimal) -> String {
    format!("{}%", (share * Decimal::ONE_HUNDRED).round_dp(1).normalize())
}

fn watch_row(watch: &WatchReport) -> Vec<String> {
    let look_again: Vec<String> =
        watch.review.iter().map(|clause| format!("{}:{}", clause.file, clause.line)).collect();
    let look_again = if watch.drift == Drift::Changed { look_again.join(", ") } else { String::new() };
    vec![
        watch.metric.to_string(),
        said(watch.now.as_ref()).0,
        said(watch.before.as_ref()).0,
        changed(watch.change),
        watch.chance.map(|chance| chance.to_string()).unwrap_or_default(),
        watch.drift.words().to_owned(),
        look_again,
    ]
}

/// A change with its sign.
pub(super) fn changed(change: Option<Decimal>) -> String {
    let sign = |change: Decimal| if change > Decimal::ZERO { "+" } else { "" };
    change.map(|change| format!("{}{}", sign(change), percent(change))).unwrap_or_default()
}
