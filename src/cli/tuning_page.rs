//! What clauses tell, and what is suggested, as people read it.

use std::io::{self, Write};

use rust_decimal::Decimal;

use super::figures::{Look, Sheet, heading, table};
use crate::explain::span;
use crate::locale::Locale;
use crate::measure::{Estimate, ShareEstimate};
use crate::pact::{Clause, Pact};
use crate::suggest::{
    BackingReport, KeptOutBy, Objection, PartedReport, ScoreBands, StageChange, Suggestion, SuggestionKind, Trial,
    TuningReport, Verified,
};
use crate::visible;

/// Writes the page of one conversion.
pub(super) fn page(out: &mut dyn Write, look: Look, pact: &Pact, report: &TuningReport) -> io::Result<()> {
    let evidence = &report.evidence;
    let (from, to) = &evidence.stages;
    heading(out, look, 1, &format!("{}: of those that entered {from}, who came to {to}", evidence.metric))?;
    summary(out, report)?;
    if report.evidence.share.of == 0 {
        return Ok(());
    }
    if !evidence.clauses.is_empty() {
        heading(out, look, 2, "What each clause tells")?;
    }
    Sheet { out, look, locale: &Locale::plain(pact) }.clauses(&evidence.clauses)?;
    for bands in &report.bands {
        band_table(out, look, bands)?;
    }
    near_misses(out, look, report)?;
    heading(out, look, 2, "Suggestions")?;
    let wanted = report.too_few.map(|few| {
        let [came, not, came_later, not_later] = few.there;
        let [least, _, least_later, _] = few.wanted;
        format!(
            "None: there is too little to go by. In the earlier part {came} came and {not} did not, in the later one \
             {came_later} and {not_later};\nat least {least} of each are wanted in the earlier part, and {least_later} in \
             the later one."
        )
    });
    if let Some(wanted) = wanted {
        return writeln!(out, "{wanted}\n");
    }
    let Some(parted) = &report.parted else { return Ok(()) };
    parted_in(out, report, parted)?;
    for (at, suggestion) in report.suggestions.iter().enumerate() {
        one(out, look, at + 1, suggestion, from)?;
    }
    if !report.suggestions.is_empty() {
        writeln!(
            out,
            "Nothing was changed. `git apply` takes a difference in the folder of the rules; then `leadpact test`.\n"
        )?;
    }
    for suggestion in &report.passed_over {
        writeln!(out, "Not suggested: {}\n", title(suggestion))?;
        writeln!(out, "   - earlier: {}", backing(suggestion, &suggestion.earlier))?;
        writeln!(out, "   - later: {}", since(suggestion))?;
        suggestion
            .objection
            .iter()
            .try_for_each(|why| writeln!(out, "   - why not: {}", objection(*why, suggestion)))?;
        writeln!(out)?;
    }
    Ok(())
}

/// How many came, and what time they had.
fn summary(out: &mut dyn Write, report: &TuningReport) -> io::Result<()> {
    let (_, to) = &report.evidence.stages;
    let day = report.at.get(..16).unwrap_or(&report.at).replace('T', " ");
    let Some(within) = report.evidence.within else {
        return writeln!(
            out,
            "Until {day} {} entered, and none came to {to}: there is nothing to learn from yet.\n",
            report.evidence.young
        );
    };
    let time = span(within.seconds, false);
    let why = if within.said { "as the metric says" } else { "9 of 10 of those that came needed no longer" };
    writeln!(out, "Until {day}: {} came within {time} ({why}).", share(&report.evidence.share))?;
    if report.evidence.young == 0 {
        return writeln!(out);
    }
    match report.evidence.young {
        1 => writeln!(out, "1 has not had that time yet, and counts nowhere.\n"),
        young => writeln!(out, "{young} have not had that time yet, and count nowhere.\n"),
    }
}

fn band_table(out: &mut dyn Write, look: Look, bands: &ScoreBands) -> io::Result<()> {
    let asks = bands.because.as_ref().map(|because| format!(": {} {}", because.says, place(because)));
    heading(out, look, 2, &format!("Who came, by {}{}", bands.of, asks.unwrap_or_default()))?;
    let rows: Vec<Vec<String>> = bands
        .bands
        .iter()
        .map(|band| {
            let shared = &band.share;
            let range = format!("{} to {}", percent(shared.low), percent(shared.high));
            let numbers = match band.to - 1 {
                last if last == band.from => last.to_string(),
                last => format!("{} to {last}", band.from),
            };
            vec![numbers, of(shared), range]
        })
        .collect();
    table(out, look, &[bands.of.as_str(), "came", ""].map(str::to_owned), &rows)
}

fn near_misses(out: &mut dyn Write, look: Look, report: &TuningReport) -> io::Result<()> {
    let (from, to) = &report.evidence.stages;
    let Some(near_misses) = &report.near_misses else { return Ok(()) };
    heading(out, look, 2, &format!("Kept out of {from}, and came to {to} all the same"))?;
    let row = |by: &KeptOutBy| {
        vec![
            at(&by.because),
            of(&by.lacked),
            by.difference.map(|difference| points(&difference)).unwrap_or_default(),
            of(&by.alone),
            by.mostly_with.iter().map(at).collect::<Vec<_>>().join(", "),
            by.because.says.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = near_misses.by.iter().map(row).collect();
    let header = ["lacked", "came", "beside those let in", "lacked only that", "mostly lacked besides", "clause"];
    table(out, look, &header.map(str::to_owned), &rows)?;
    writeln!(out, "In all {} came, beside {} of those let in.", of(&near_misses.all), of(&report.evidence.share))?;
    writeln!(out, "Whoever is kept out may never have been worked on: that is the least that would have come.\n")
}

fn parted_in(out: &mut dyn Write, report: &TuningReport, parted: &PartedReport) -> io::Result<()> {
    let day = parted.at.get(..16).unwrap_or(&parted.at).replace('T', " ");
    let compared = match parted.comparisons {
        1 => "1 comparison was made".to_owned(),
        n => format!("{n} comparisons were made"),
    };
    writeln!(out, "Found in what entered before {day}: {}.", of(&parted.earlier))?;
    writeln!(out, "Judged by what entered since: {}.", of(&parted.later))?;
    writeln!(
        out,
        "{compared}; each must be so sure that all of them together are wrong in 1 of 20 histories at most."
    )?;
    writeln!(out, "A difference of less than {} points counts as none.\n", hundredfold(parted.margin))?;
    if !report.gated {
        writeln!(
            out,
            "Nothing is asked of those that enter {}: no threshold or need is looked at.\n",
            report.evidence.stages.0
        )?;
    }
    if report.suggestions.is_empty() && report.passed_over.is_empty() {
        writeln!(out, "None: nothing is surely better.\n")?;
    }
    Ok(())
}

/// A suggestion: what, why, the edit, and what it would have done.
fn one(out: &mut dyn Write, look: Look, number: usize, suggestion: &Suggestion, from: &str) -> io::Result<()> {
    writeln!(out, "{number}. {}\n", first_upper(&title(suggestion)))?;
    writeln!(out, "   - earlier: {}", backing(suggestion, &suggestion.earlier))?;
    writeln!(out, "   - later: {}", since(suggestion))?;
    if let Some(trial) = &suggestion.trial {
        writeln!(out, "   - by itself, in the later part:")?;
        done(trial, from).iter().try_for_each(|line| writeln!(out, "     - {line}"))?;
    }
    if !suggestion.failing.is_empty() {
        let names: Vec<String> = suggestion.failing.iter().map(|name| format!("\"{}\"", visible::line(name))).collect();
        let tests = if names.len() == 1 { "a test" } else { "tests" };
        writeln!(out, "   - {tests} of the pact would no longer pass: {}", names.join(", "))?;
    }
    writeln!(out)?;
    match look {
        Look::Markdown => {
            // the rules may hold a fence of their own
            let fence = if suggestion.diff.contains("```") { "~~~~" } else { "```" };
            writeln!(out, "{fence}diff\n{}{fence}\n", suggestion.diff)
        }
        Look::Aligned(_) => writeln!(out, "{}", suggestion.diff),
    }
}

/// What is suggested.
fn title(suggestion: &Suggestion) -> String {
    let says = format!("`{}` {}", suggestion.because.says, place(&suggestion.because));
    let number = suggestion.number.as_deref().unwrap_or_default();
    match suggestion.kind {
        SuggestionKind::DropPoints => format!("take out {says}: it tells nothing"),
        SuggestionKind::DropOppositePoints => format!("take out {says}: it tells the opposite"),
        SuggestionKind::RaiseThreshold => format!("raise {says} to {number}: it lets too much through"),
        SuggestionKind::LowerThreshold => format!("lower {says} to {number}: it keeps out who comes as often"),
        SuggestionKind::DropNeed => format!("take out {says}: it keeps out who comes as often"),
    }
}

/// Why something is not suggested.
fn objection(objection: Objection, suggestion: &Suggestion) -> String {
    let trial = suggestion.trial.as_ref();
    match objection {
        Objection::Contradicted => "the later part says the opposite".to_owned(),
        Objection::LeavesOutAsGood => {
            let sides = trial.map(|trial| (of(&trial.left_out), of(&trial.still))).unwrap_or_default();
            let (out, still) = sides;
            format!("of those whom it would leave out {out} came, of those who stay {still}: nothing is surely gained")
        }
        Objection::DecidesElsewhere => {
            let stages: Vec<String> = trial.iter().flat_map(|trial| &trial.stages).map(stage_change).collect();
            let stages = stages.join("; ");
            format!("it decides who enters another stage, of which this metric says nothing: {stages}")
        }
        Objection::DoesNotCheck => "the edited pact does not check".to_owned(),
    }
}

fn stage_change(change: &StageChange) -> String {
    format!("{} would have entered {} instead of {}", change.after, change.stage, change.before)
}

/// What a comparison says.
fn backing(suggestion: &Suggestion, backing: &BackingReport) -> String {
    let (Some(first), Some(second)) = (&backing.first, &backing.second) else { return "nothing to compare".to_owned() };
    let difference = backing.difference.map(|difference| points(&difference));
    let difference = difference.unwrap_or_else(|| "too few to tell".to_owned());
    let number = suggestion.number.as_deref().unwrap_or_default();
    match suggestion.kind {
        SuggestionKind::DropPoints | SuggestionKind::DropOppositePoints => {
            let alike = if backing.alike_in == 0 { "" } else { " among leads alike" };
            format!("{difference}{alike}; with it {} came, without it {}", of(first), of(second))
        }
        SuggestionKind::RaiseThreshold => {
            format!("from {number} on {} came, below {}: {difference}", of(first), of(second))
        }
        SuggestionKind::LowerThreshold | SuggestionKind::DropNeed => {
            format!(
                "of those it alone kept out {} came all the same, of those let in {}: {difference}",
                of(first),
                of(second)
            )
        }
    }
}

/// What the later part says.
fn since(suggestion: &Suggestion) -> String {
    let says = match suggestion.verified {
        Verified::Holds => "it holds",
        Verified::Unsure => "not against it, and too few to be sure",
        Verified::Contradicted => "against it",
    };
    format!("{}; {says}", backing(suggestion, &suggestion.later))
}

/// What an edit would have done, line by line.
fn done(trial: &Trial, from: &str) -> Vec<String> {
    let (before, still, out, new) = (&trial.before, &trial.still, &trial.left_out, &trial.let_in);
    let after = still.of + new.of;
    let mut lines = vec![format!("{after} would have entered {from} instead of {}", before.of)];
    if out.of == 0 && new.of == 0 && trial.stages.is_empty() {
        lines.push("it changes points, and nobody's stage".to_owned());
        return lines;
    }
    if out.of > 0 {
        lines.push(format!("{} of those that stay came, instead of {} of all", share(still), percent_of(before)));
        lines.push(format!("{} would not have entered, and {} of them came", out.of, came(out)));
    }
    if new.of > 0 {
        let known = format!("{} more would have entered; {} of them came though nobody let them in", new.of, came(new));
        lines.push(format!("{known}, what would have become of the others is not known"));
    }
    lines.extend(trial.stages.iter().map(stage_change));
    lines
}

fn first_upper(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn came(share: &ShareEstimate) -> String {
    format!("{} ({})", share.reached, percent_of(share))
}

fn percent_of(share: &ShareEstimate) -> String {
    share.value.map_or_else(|| "none".to_owned(), percent)
}

/// A share of so many.
fn of(share: &ShareEstimate) -> String {
    share.value.map_or_else(|| "none".to_owned(), |value| format!("{} of {}", percent(value), share.of))
}

/// A share with its counts and its interval.
fn share(share: &ShareEstimate) -> String {
    let range = format!("{} to {}", percent(share.low), percent(share.high));
    format!("{} of {}, {} ({range})", share.reached, share.of, percent_of(share))
}

/// A difference in points of a hundred, with its interval.
fn points(difference: &Estimate) -> String {
    let sign = if difference.value > Decimal::ZERO { "+" } else { "" };
    let [value, low, high] = [difference.value, difference.low, difference.high].map(hundredfold);
    format!("{sign}{value} ({low} to {high})")
}

fn hundredfold(value: Decimal) -> String {
    (value * Decimal::ONE_HUNDRED).round_dp(1).normalize().to_string()
}

fn at(clause: &Clause) -> String {
    format!("{}:{}", clause.file, clause.line)
}

fn place(clause: &Clause) -> String {
    format!("({})", at(clause))
}

fn percent(share: Decimal) -> String {
    format!("{}%", (share * Decimal::ONE_HUNDRED).round_dp(1).normalize())
}
