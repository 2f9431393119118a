//! `leadpact calendar`: a calendar's hours, and its answers.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use chrono::{Datelike as _, Days, NaiveDate, TimeDelta};
use clap::Args;
use serde_json::{Value as Json, json};

use super::Exit;
use super::common::instant;
use super::workspace::Rules;
use crate::pact::{NamedCalendar, Pact};

/// Show the hours of a calendar, or answer questions about business time
///
/// With questions on standard input, one JSON object a line, it answers each with one:
/// {"from": T, "add": "240m"} with {"due": T, "due_at_next_open": T};
/// {"from": T, "to": T} with {"business_seconds": N};
/// {"from": DATE, "add": "5 business days"} with {"date": DATE}.
#[derive(Debug, Args)]
#[command(
    allow_missing_positional = true,
    after_help = "\
Examples:
  echo '{\"from\": \"2026-10-28T12:00:00+03:00\", \"add\": \"240m\"}' | leadpact calendar rules/acme office
  leadpact calendar rules/acme office --from 2026-10-26"
)]
pub(super) struct Calendar {
    #[command(flatten)]
    rules: Rules,
    /// The calendar
    #[arg(value_name = "NAME")]
    name: String,
    /// The first day that is shown; today when absent
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// How many weeks are shown
    #[arg(long, value_name = "N", default_value_t = 4)]
    weeks: u64,
}

impl Calendar {
    pub(super) fn run(self) -> io::Result<Exit> {
        let Some(workspace) = self.rules.workspace()? else { return Ok(Exit::CannotRun) };
        let Some(pact) = workspace.pact() else { return Ok(Exit::CannotRun) };
        let Some(id) = pact.calendar(&self.name) else {
            let names: Vec<&str> = pact.calendars.iter().map(|desk| &*desk.name).collect();
            let known =
                if names.is_empty() { "the pact has none".into() } else { format!("there are {}", names.join(", ")) };
            errln!("error: there is no calendar `{}`: {known}", self.name);
            return Ok(Exit::CannotRun);
        };
        let desk = &pact[id];
        if self.from.is_none() && !io::stdin().is_terminal() {
            return answer_all(&pact, desk);
        }
        let now = chrono::DateTime::from(std::time::SystemTime::now());
        self.show(desk, self.from.unwrap_or_else(|| desk.calendar.zone().date(now)));
        Ok(Exit::Good)
    }

    fn show(&self, desk: &NamedCalendar, from: NaiveDate) {
        let zone = desk.calendar.zone();
        outln!("{} ({})", desk.name, zone.name());
        for date in (0..self.weeks.saturating_mul(7)).map_while(|n| from.checked_add_days(Days::new(n))) {
            let hours = desk.calendar.hours_on(date).into_iter().map(|open| {
                let (from, to) = (zone.local(open.from), zone.local(open.to));
                let end = if to.date() > date { "24:00".to_owned() } else { to.format("%H:%M").to_string() };
                format!("{} to {end}", from.format("%H:%M"))
            });
            let hours: Vec<String> = hours.collect();
            let hours = if hours.is_empty() { "closed".to_owned() } else { hours.join(", ") };
            let gap = if date.weekday() == chrono::Weekday::Sun { "\n" } else { "" };
            outln!("  {} {date}  {hours}{gap}", date.format("%a"));
        }
    }
}

/// Answers questions, one a line; one that is none is answered with its error and its line.
fn answer_all(pact: &Pact, desk: &NamedCalendar) -> io::Result<Exit> {
    let mut exit = Exit::Good;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (at, line) in io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(&line, pact, desk).unwrap_or_else(|error| {
            exit = Exit::Findings;
            json!({ "error": error, "line": at + 1 })
        });
        writeln!(out, "{answer}")?;
    }
    out.flush()?;
    Ok(exit)
}

fn answer(line: &str, pact: &Pact, desk: &NamedCalendar) -> Result<Json, String> {
    let question: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let part = |name: &str| question.get(name).and_then(Json::as_str);
    let from = part("from").ok_or("`from` is missing: an instant or a date")?;
    if let Some(to) = part("to") {
        let at = |text| instant(text, pact).map_err(|error| error.to_string());
        return Ok(json!({ "business_seconds": desk.calendar.elapsed(at(from)?, at(to)?) }));
    }
    let add = part("add").ok_or("`add` or `to` is missing")?;
    let (amount, unit) = amount(add)?;
    if unit == "business day" {
        let date: NaiveDate = from.parse().map_err(|_| format!("`{from}` is not a date such as `2026-03-02`"))?;
        let then = desk.calendar.add_business_days(date, amount).ok_or("that is too far away")?;
        return Ok(json!({ "date": then.to_string() }));
    }
    let seconds = match unit {
        "s" | "second" => Some(amount),
        "m" | "min" | "minute" | "business minute" => amount.checked_mul(60),
        "h" | "hour" | "business hour" => amount.checked_mul(3600),
        _ => return Err(format!("`{add}` is not business time: write `240m`, `4h` or `5 business days`")),
    };
    let seconds = seconds.filter(|s| TimeDelta::try_seconds(*s).is_some()).ok_or("that is too long")?;
    let from = instant(from, pact).map_err(|error| error.to_string())?;
    let due = desk.calendar.due(from, seconds).ok_or("it is never due: the calendar does not open for so long")?;
    let zone = desk.calendar.zone();
    let mut answer = json!({ "due": zone.rfc3339(due.at) });
    if let (Some(at), Some(map)) = (due.at_next_open, answer.as_object_mut()) {
        map.insert("due_at_next_open".into(), json!(zone.rfc3339(at)));
    }
    Ok(answer)
}

/// `240m`, `4 hours`, `5 business days`: how many, and of what.
fn amount(text: &str) -> Result<(i64, &str), String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let (amount, unit) = text.split_at(digits);
    let amount = amount.parse().map_err(|_| format!("`{text}` does not start with a whole number"))?;
    let unit = unit.trim();
    Ok((amount, unit.strip_suffix('s').filter(|short| !short.is_empty()).unwrap_or(unit)))
}
