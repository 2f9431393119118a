//! What a value may be, with values in the language and in rows that meet now and then.

use serde_json::{Value, json};

use super::dice::Dice;

/// The type of a field, a property or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    Text,
    /// One of these words.
    Word(Vec<&'static str>),
    Integer,
    Number,
    /// An amount in this currency.
    Money(&'static str),
    Bool,
    Date,
    Time,
    Duration,
    List(Box<Sort>),
}

const TEXTS: [&str; 24] = [
    "TR",
    "tr",
    "İstanbul",
    "istanbul",
    "ISTANBUL",
    "ıhlamur",
    "Ihlamur",
    "Straße",
    "STRASSE",
    "Москва",
    "МОСКВА",
    "กรุงเทพ",
    "CEO",
    "ceo",
    "Ünal",
    "U\u{308}nal",
    "ana@acme.example",
    "ANA@www.Acme.example",
    "https://www.acme.example/x",
    "Head of IT",
    "head",
    " ceo ",
    "a-b-c",
    "ﬁn",
];
const INTEGERS: [i64; 12] = [-3, 0, 1, 2, 3, 5, 10, 49, 50, 51, 100, 1000];
const NUMBERS: [&str; 12] = ["-0.5", "0", "0.1", "0.5", "1.25", "2", "3", "33.333", "49.99", "50", "50.01", "1000000"];
const AMOUNTS: [&str; 9] = ["0", "0.99", "10", "99.99", "100", "100.01", "5000", "10000", "1000000"];
const DATES: [&str; 10] = [
    "2024-02-29",
    "2025-12-31",
    "2026-01-01",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
    "2026-03-08",
    "2026-03-29",
    "2026-03-31",
    "2026-05-04",
];
const TIMES: [&str; 7] = ["00:00", "02:30", "03:00", "09:00", "12:30", "18:00", "23:59"];
/// Words of `one of` types.
const WORDS: [&[&str]; 4] = [
    &["web", "fuar", "partner"],
    &["сайт", "выставка", "web"],
    &["เว็บ", "งาน"],
    &["timing", "budget", "no_need", "other"],
];
/// Lengths of time in the language.
pub const LENGTHS: [&str; 16] = [
    "90 minutes",
    "1 hour",
    "2 hours 30 minutes",
    "24 hours",
    "1 day",
    "2 days",
    "36 hours",
    "1 week",
    "10 days",
    "14 days",
    "1 month",
    "2 months",
    "30 days",
    "1 quarter",
    "1 day 6 hours",
    "3 weeks",
];

impl Sort {
    /// A type of a field or property.
    pub fn of_chance(dice: &mut Dice, currency: &'static str, lists: bool) -> Self {
        match dice.below(if lists { 20 } else { 17 }) {
            0..=3 => Self::Text,
            4..=5 => Self::Word(dice.pick(&WORDS).to_vec()),
            6..=8 => Self::Integer,
            9..=10 => Self::Number,
            11..=12 => Self::Money(currency),
            13 => Self::Bool,
            14 => Self::Date,
            15 => Self::Time,
            16 => Self::Duration,
            17..=18 => Self::List(Box::new(Self::Text)),
            _ => Self::List(Box::new(if dice.percent(50) {
                Self::Integer
            } else {
                Self::Word(dice.pick(&WORDS).to_vec())
            })),
        }
    }

    /// As the language writes it.
    pub fn written(&self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Integer => "integer".into(),
            Self::Number => "number".into(),
            Self::Money(currency) => format!("money {currency}"),
            Self::Bool => "bool".into(),
            Self::Date => "date".into(),
            Self::Time => "time".into(),
            Self::Duration => "duration".into(),
            Self::List(of) => format!("list of {}", of.written()),
        }
    }

    /// Whether values of it have an order.
    pub fn has_order(&self) -> bool {
        !matches!(self, Self::Text | Self::Word(_) | Self::Bool | Self::List(_))
    }

    /// Whether it is a number.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }

    /// A value of it as the language writes constants.
    pub fn constant(&self, dice: &mut Dice) -> String {
        match self {
            Self::Text => format!("\"{}\"", dice.pick(&TEXTS)),
            Self::Word(words) => (*dice.pick(words)).to_owned(),
            Self::Integer => dice.pick(&INTEGERS).to_string(),
            Self::Number => (*dice.pick(&NUMBERS)).to_owned(),
            Self::Money(currency) => format!("{} {currency}", dice.pick(&AMOUNTS)),
            Self::Bool => dice.percent(50).to_string(),
            Self::Date => (*dice.pick(&DATES)).to_owned(),
            Self::Time => format!("{} {}", dice.pick(&DATES), dice.pick(&TIMES)),
            Self::Duration => (*dice.pick(&LENGTHS)).to_owned(),
            Self::List(of) => of.constant(dice),
        }
    }

    /// A value of it as an operand: what begins with a sign stands in parentheses.
    pub fn operand(&self, dice: &mut Dice) -> String {
        let constant = self.constant(dice);
        if constant.starts_with('-') { format!("({constant})") } else { constant }
    }

    /// A value of it as rows have it.
    pub fn cell(&self, dice: &mut Dice) -> Value {
        match self {
            Self::Text => json!(dice.pick(&TEXTS)),
            Self::Integer => json!(dice.pick(&INTEGERS)),
            Self::Number => number(dice.pick::<&str>(&NUMBERS)),
            Self::Money(_) => number(dice.pick::<&str>(&AMOUNTS)),
            Self::Bool => json!(dice.percent(50)),
            Self::List(of) => (0..dice.below(4)).map(|_| of.cell(dice)).collect(),
            Self::Word(_) | Self::Date | Self::Time | Self::Duration => json!(self.constant(dice)),
        }
    }
}

fn number(written: &str) -> Value {
    serde_json::from_str(written).expect("it is a number")
}
