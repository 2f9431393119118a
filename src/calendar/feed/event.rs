//! One event: when it is, as often as it recurs.

use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use super::line::Line;
use super::moment::{Length, Moment};
use super::recurrence::{Ends, Rule};
use super::{Allowance, FeedProblem, Holiday, MOST_DATES};
use crate::time::{Instant, Zone};

/// The holidays of an event from its properties. `begin` is the line on which it starts.
pub(super) fn holidays(
    event: &[Line],
    begin: usize,
    zone: &Zone,
    allowance: &mut Allowance,
) -> Result<Vec<Holiday>, FeedProblem> {
    if one(event, "STATUS")?.is_some_and(|line| line.value.eq_ignore_ascii_case("CANCELLED")) {
        return Ok(Vec::new());
    }
    for name in ["RECURRENCE-ID", "EXRULE"] {
        if let Some(line) = one(event, name)? {
            return Err(line.problem(format!("an event with `{name}` is not read")));
        }
    }
    let Some(start_line) = one(event, "DTSTART")? else {
        return Err(FeedProblem { line: begin, message: "this event has no `DTSTART`".to_owned() });
    };
    let start = single(start_line, zone)?;
    let length = length(event, start_line, &start, zone)?;
    let name: Arc<str> = one(event, "SUMMARY")?.map(Line::text).unwrap_or_default().into();

    let mut starts = match one(event, "RRULE")? {
        Some(line) => recurring(line, &start, zone, allowance)?,
        None => vec![start],
    };
    starts.extend(all(event, "RDATE", zone)?);
    let excluded = Excluded::of(&all(event, "EXDATE", zone)?, zone);
    starts.retain(|start| !excluded.holds(start, zone));

    let holiday = |from: &Moment| {
        let to = from.later(length)?;
        Some(Holiday { name: name.clone(), from: from.local_in(zone), to: to.local_in(zone) })
    };
    let holidays: Option<_> = starts.iter().map(holiday).collect();
    holidays.ok_or_else(|| start_line.problem("this event lasts beyond the range of dates"))
}

/// Moments that an event leaves out: a date leaves out all of its moments.
struct Excluded {
    dates: FxHashSet<NaiveDate>,
    times: FxHashSet<Instant>,
}

impl Excluded {
    fn of(moments: &[Moment], zone: &Zone) -> Self {
        let date = |moment: &Moment| if let Moment::Date(date) = moment { Some(*date) } else { None };
        let dates = moments.iter().filter_map(date).collect();
        let times = moments.iter().filter(|moment| date(moment).is_none()).map(|moment| moment.instant(zone)).collect();
        Self { dates, times }
    }

    fn holds(&self, moment: &Moment, zone: &Zone) -> bool {
        self.dates.contains(&moment.local().date())
            || !self.times.is_empty() && self.times.contains(&moment.instant(zone))
    }
}

fn recurring(line: &Line, start: &Moment, zone: &Zone, allowance: &mut Allowance) -> Result<Vec<Moment>, FeedProblem> {
    let rule = Rule::parse(&line.value, zone).map_err(|message| line.problem(message))?;
    if !rule.fits(start.local().date()) {
        return Err(line.problem("`DTSTART` is not a date of this recurrence rule"));
    }
    let mut moments = Vec::new();
    for looked_at in rule.dates(start.local().date()) {
        let moment = looked_at.map(|date| start.on(date));
        if !allowance.date(moment.is_some()) {
            let message = format!(
                "this event recurs too often: all feeds of a pact together may have {MOST_DATES} dates, so end it with \
                 `UNTIL` or `COUNT`"
            );
            return Err(line.problem(message));
        }
        let ended = match (&rule.ends, &moment) {
            (Ends::After(count), _) => moments.len() >= *count,
            (Ends::Until(last), Some(moment)) => moment.is_after(last, zone),
            _ => false,
        };
        if ended {
            break;
        }
        moments.extend(moment);
    }
    Ok(moments)
}

/// From `DTEND` or `DURATION`; a date without either is one day long.
fn length(event: &[Line], start_line: &Line, start: &Moment, zone: &Zone) -> Result<Length, FeedProblem> {
    let backwards = |line: &Line| line.problem("this event ends before it starts, or at once");
    match (one(event, "DTEND")?, one(event, "DURATION")?) {
        (Some(line), None) => match (start, single(line, zone)?) {
            (Moment::Date(first), Moment::Date(end)) => {
                let days = u64::try_from(end.signed_duration_since(*first).num_days()).ok().filter(|days| *days > 0);
                Ok(Length { days: days.ok_or_else(|| backwards(line))?, seconds: 0 })
            }
            (Moment::Time(..), end @ Moment::Time(..)) => {
                let seconds = end.instant(zone).signed_duration_since(start.instant(zone)).num_seconds();
                if seconds > 0 { Ok(Length { days: 0, seconds }) } else { Err(backwards(line)) }
            }
            _ => Err(line.problem("`DTSTART` and `DTEND` must both be dates or both be times")),
        },
        (None, Some(line)) => match (start, Length::parse(&line.value)) {
            (Moment::Date(_), Some(Length { seconds: 1.., .. })) => {
                Err(line.problem("an event that starts on a date lasts whole days"))
            }
            (_, Some(length)) => Ok(length),
            (_, None) => Err(line.problem(format!("`{}` is not a length of time", line.value))),
        },
        (None, None) => match start {
            Moment::Date(_) => Ok(Length { days: 1, seconds: 0 }),
            Moment::Time(..) => Err(start_line.problem("an event that starts at a time needs `DTEND` or `DURATION`")),
        },
        (Some(_), Some(line)) => Err(line.problem("an event has `DTEND` or `DURATION`, not both")),
    }
}

/// The property of a name, which may occur once.
fn one<'e>(event: &'e [Line], name: &str) -> Result<Option<&'e Line>, FeedProblem> {
    let mut found = event.iter().filter(|line| line.name == name);
    match (found.next(), found.next()) {
        (_, Some(second)) => Err(second.problem(format!("a second `{name}` in one event"))),
        (first, None) => Ok(first),
    }
}

fn single(line: &Line, zone: &Zone) -> Result<Moment, FeedProblem> {
    let mut moments = Moment::of(line, zone)?;
    match (moments.pop(), moments.is_empty()) {
        (Some(moment), true) => Ok(moment),
        _ => Err(line.problem(format!("`{}` has more than one value", line.name))),
    }
}

fn all(event: &[Line], name: &str, zone: &Zone) -> Result<Vec<Moment>, FeedProblem> {
    let moments = event.iter().filter(|line| line.name == name).map(|line| Moment::of(line, zone));
    Ok(moments.collect::<Result<Vec<_>, _>>()?.concat())
}
