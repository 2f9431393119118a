//! The functions of the language: one list of names, types, words for people, and what they do.

mod apply;

use crate::text::Folding;
use crate::time::Zone;
use crate::ty::Ty;
use crate::value::Value;

/// What a function takes at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A text or word.
    Text,
    /// An integer or number.
    Number,
    /// A date, or an instant, which counts as its date in the pact's zone.
    Day,
    /// A number, money or a duration.
    Amount,
    /// Anything with an order.
    Ordered,
    /// An instant.
    Time,
    /// A list.
    List,
}

impl Parameter {
    /// In words: `a text`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Day => "a date or time",
            Self::Amount => "a number, money or duration",
            Self::Ordered => "a number, money, date, time or duration",
            Self::Time => "a time",
            Self::List => "a list",
        }
    }

    /// Whether values of a type fit.
    pub fn accepts(self, ty: &Ty) -> bool {
        match (self, ty) {
            (_, Ty::Unknown) => true,
            (Self::Text, ty) => ty.is_textual(),
            (Self::Number, ty) => ty.is_numeric(),
            (Self::Day, ty) => matches!(ty, Ty::Date | Ty::Time),
            (Self::Amount, ty) => ty.is_numeric() || matches!(ty, Ty::Money(_) | Ty::Duration),
            (Self::Ordered, ty) => ty.is_ordered(),
            (Self::Time, ty) => *ty == Ty::Time,
            (Self::List, ty) => matches!(ty, Ty::List(_)),
        }
    }
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    Text,
    Integer,
    Date,
    /// What its first argument is.
    TheSame,
}

macro_rules! functions {
    ($($name:ident($($parameter:ident)* $([$optional:ident])?) -> $gives:ident = $word:literal $doc:literal;)+) => {
        /// A function of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function { $(#[doc = $doc] $name,)+ }

        impl Function {
            /// Every function, in the order of the list.
            pub const ALL: &[Function] = &[$(Self::$name,)+];

            /// As the pact names it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What it does, in one line.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$name => $doc,)+ }
            }

            /// What it takes.
            pub fn parameters(self) -> &'static [Parameter] {
                match self { $(Self::$name => &[$(Parameter::$parameter,)* $(Parameter::$optional)?],)+ }
            }

            /// How many arguments it needs at least.
            pub fn required(self) -> usize {
                match self { $(Self::$name => [$(Parameter::$parameter,)*].len(),)+ }
            }

            fn gives(self) -> Gives {
                match self { $(Self::$name => Gives::$gives,)+ }
            }
        }
    };
}

functions! {
    Domain(Text) -> Text = "domain" "the host of an e-mail address or URL, in small letters, without `www.`";
    Lower(Text) -> Text = "lower" "the text in small letters";
    Upper(Text) -> Text = "upper" "the text in capital letters";
    Trim(Text) -> Text = "trim" "the text without white space at its ends";
    Length(Text) -> Integer = "length" "how many characters the text has";
    Part(Text Text Number) -> Text = "part" "the part of the text between separators, counted from 1";
    Year(Day) -> Integer = "year" "the year of the date";
    Month(Day) -> Integer = "month" "the month of the date, 1 to 12";
    Day(Day) -> Integer = "day" "the day of the month, 1 to 31";
    Quarter(Day) -> Integer = "quarter" "the quarter of the pact's fiscal year, 1 to 4";
    Weekday(Day) -> Integer = "weekday" "the day of the week, 1 for Monday to 7 for Sunday";
    Date(Time) -> Date = "date" "the date of the time in the pact's zone";
    DaysBetween(Day Day) -> Integer = "days_between" "the days from the first date to the second";
    Count(List) -> Integer = "count" "how many values the list has";
    Min(Ordered Ordered) -> TheSame = "min" "the smaller of the two";
    Max(Ordered Ordered) -> TheSame = "max" "the larger of the two";
    Abs(Amount) -> TheSame = "abs" "the amount without its sign";
    Round(Amount [Number]) -> TheSame = "round" "the amount with so many digits after the point (0), half away from zero";
}

/// What of a pact functions look at.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'p> {
    /// How letters compare.
    pub folding: Folding,
    /// The zone of dates.
    pub zone: &'p Zone,
    /// The month in which the fiscal year starts, 1 to 12.
    pub fiscal_start: u32,
}

impl Function {
    /// The function of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// What it gives for arguments of these types, which must fit its parameters.
    pub fn result(self, arguments: &[Ty]) -> Ty {
        match self.gives() {
            Gives::Text => Ty::Text,
            Gives::Integer => Ty::Integer,
            Gives::Date => Ty::Date,
            Gives::TheSame => match arguments {
                [Ty::Integer, Ty::Number] if matches!(self, Self::Min | Self::Max) => Ty::Number,
                [first, ..] => first.clone(),
                [] => Ty::Unknown,
            },
        }
    }

    /// How a call is written: `round(amount, number)`.
    pub fn signature(self) -> String {
        let parameters: Vec<&str> = self.parameters().iter().map(|p| p.words()).collect();
        format!("{}({})", self.name(), parameters.join(", "))
    }

    /// Whether it may give nothing for arguments that are all there.
    pub fn may_give_nothing(self) -> bool {
        matches!(self, Self::Domain | Self::Part)
    }

    /// Its value; none where there is none, such as the domain of a text without one.
    pub fn apply(self, arguments: &[Value], setting: Setting<'_>) -> Option<Value> {
        let Setting { folding, zone, fiscal_start } = setting;
        match (self, arguments) {
            (Self::Domain, [a]) => apply::domain(a.as_text()?).map(Value::text),
            (Self::Lower, [a]) => Some(Value::text(apply::lower(a.as_text()?, folding))),
            (Self::Upper, [a]) => Some(Value::text(apply::upper(a.as_text()?, folding))),
            (Self::Trim, [a]) => Some(Value::text(a.as_text()?.trim())),
            (Self::Length, [a]) => Some(apply::length(a.as_text()?)),
            (Self::Part, [a, b, n]) => apply::part(a.as_text()?, b.as_text()?, n.as_number()?).map(Value::text),
            (Self::Date, [a]) => apply::day(a, zone).map(Value::Date),
            (Self::DaysBetween, [a, b]) => {
                let days = apply::day(b, zone)?.signed_duration_since(apply::day(a, zone)?).num_days();
                Some(Value::Number(days.into()))
            }
            (Self::Quarter, [a]) => {
                let month = apply::part_of_day(Self::Month, apply::day(a, zone)?);
                Some(Value::Number(((month + 12 - i64::from(fiscal_start)) % 12 / 3 + 1).into()))
            }
            (Self::Count, [Value::List(values)]) => Some(Value::Number(values.len().into())),
            (Self::Year | Self::Month | Self::Day | Self::Weekday, [a]) => {
                Some(Value::Number(apply::part_of_day(self, apply::day(a, zone)?).into()))
            }
            (Self::Min, [a, b]) => apply::smaller(a, b).map(|smaller| if smaller { a } else { b }.clone()),
            (Self::Max, [a, b]) => apply::smaller(b, a).map(|larger| if larger { a } else { b }.clone()),
            (Self::Abs, [a]) => apply::abs(a),
            (Self::Round, [a]) => apply::round(a, 0),
            (Self::Round, [a, digits]) => apply::round(a, u32::try_from(digits.as_number()?).ok()?),
            _ => None,
        }
    }
}

impl std::fmt::Display for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name() {
        for function in Function::ALL {
            assert_eq!(Function::named(function.name()), Some(*function));
            assert!(function.required() <= function.parameters().len());
        }
    }

    #[test]
    fn a_call_with_the_wrong_values_gives_nothing() {
        for function in Function::ALL {
            let zone = Zone::utc();
            let setting = Setting { folding: Folding::Default, zone: &zone, fiscal_start: 1 };
            assert_eq!(function.apply(&[], setting), None);
            assert_eq!(function.apply(&[Value::Bool(true)], setting), None);
        }
    }
}
