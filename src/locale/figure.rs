//! Figures in words.

use super::Locale;
use crate::measure::{Drift, Figure, Standing, TargetReport};
use crate::pact::{Comparison, Level, Measure, Period};
use crate::value::Value;

impl Locale<'_> {
    /// A figure as people read it.
    pub fn figure(&self, figure: Option<&Figure>) -> String {
        let none = || self.standing(Standing::NoFigure).to_owned();
        match figure {
            None => none(),
            Some(Figure::Count { value }) => self.count(*value),
            Some(Figure::Number { value }) => self.number(*value),
            Some(Figure::Share { value, .. }) => self.percent(*value),
            Some(Figure::Time { seconds: None, .. }) => none(),
            Some(Figure::Time { seconds: Some(seconds), open_hours: true, .. }) => {
                self.fill("{0} open", &[&self.span(*seconds, true)])
            }
            Some(Figure::Time { seconds: Some(seconds), .. }) => self.span(*seconds, false),
            Some(Figure::Amounts { values }) => {
                values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What stands beside a figure: of how many, and what it may be.
    pub fn beside(&self, figure: Option<&Figure>) -> String {
        match figure {
            Some(Figure::Share { reached, of, open, low, high, .. }) => {
                let mut text = self.fill("{0} of {1}", &[&self.count(*reached), &self.count(*of)]);
                if *open > 0 {
                    text += &self.fill(", {0} may still", &[&self.count(*open)]);
                }
                text + &self.fill("; {0} to {1}", &[&self.percent(*low), &self.percent(*high)])
            }
            Some(Figure::Time { of, open, ninety, open_hours, .. }) => {
                let mut text = self.fill("of {0}", &[&self.count(*of)]);
                if *open > 0 {
                    text += &self.fill(", {0} not yet", &[&self.count(*open)]);
                }
                if let Some(ninety) = ninety {
                    text += &self.fill("; 9 of 10 within {0}", &[&self.span(*ninety, *open_hours)]);
                }
                text
            }
            _ => String::new(),
        }
    }

    /// How a target stands.
    pub fn standing(&self, standing: Standing) -> &'static str {
        self.say(standing.words())
    }

    /// How a figure changed.
    pub fn drift(&self, drift: Drift) -> &'static str {
        self.say(drift.words())
    }

    /// A period of the calendar, as in `300 per quarter`.
    pub fn per(&self, period: Period) -> &'static str {
        self.say(match period {
            Period::Day => "per day",
            Period::Week => "per week",
            Period::Month => "per month",
            Period::Quarter => "per quarter",
            Period::Year => "per year",
        })
    }

    /// The level of a target as it was agreed.
    pub fn level(&self, target: &TargetReport) -> String {
        if self.is_plain() {
            return target.level.clone();
        }
        let sign = match target.agreed.comparison {
            Comparison::AtMost => "at most {0}",
            Comparison::More => "more than {0}",
            Comparison::Less => "less than {0}",
            _ => "at least {0}",
        };
        let is_share = matches!(self.pact()[target.agreed.metric].measure, Measure::Conversion(..));
        let level = match &target.agreed.level {
            Level::Value(Value::Number(share)) if is_share => self.percent(*share),
            Level::Value(value) => self.value(value),
            Level::Duration(duration) => self.duration(&duration.to_string()),
        };
        let level = self.fill(sign, &[&level]);
        target.agreed.per.map_or_else(|| level.clone(), |per| format!("{level} {}", self.per(per)))
    }

    /// A duration of the pact, such as `4 business hours`.
    pub fn duration(&self, text: &str) -> String {
        let parts: Vec<&str> = text.split(' ').collect();
        let mut told: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            let two = parts.get(at + 1).map(|unit| format!("{part} {unit}"));
            let is = |unit: &&&str| two.as_deref() == Some(**unit);
            if let Some(unit) = UNITS.iter().find(is) {
                told.push(self.say(unit));
                at += 1;
            } else {
                told.push(UNITS.iter().find(|unit| *unit == part).map_or(*part, |unit| self.say(unit)));
            }
            at += 1;
        }
        told.join(" ")
    }
}

/// The units in which a pact names durations.
const UNITS: [&str; 16] = [
    "year",
    "years",
    "month",
    "months",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "business day",
    "business days",
    "business hour",
    "business hours",
];
