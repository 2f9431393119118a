//! What the cells of one column speak for and against.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::super::convert::{LOCAL_TIMES, text_of};
use super::super::number;
use crate::io::Raw;
use crate::pact::NumberForm;
use crate::value::decimal;

/// How dates are written, the likelier first where several fit.
pub(super) const DATES: [&str; 10] = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d %b %Y",
    "%b %d, %Y",
];

/// How instants are written that need no declaration where no other is declared: as in RFC 3339, and as in ISO without
/// an offset.
pub(super) const ISO_TIMES: [&str; 5] = [EXACT_TIME, LOCAL_TIMES[0], LOCAL_TIMES[1], LOCAL_TIMES[2], LOCAL_TIMES[3]];

/// As in RFC 3339.
pub(super) const EXACT_TIME: &str = "%+";

/// How instants are written besides those of [`ISO_TIMES`].
pub(super) const TIMES: [&str; 10] = [
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d-%m-%Y %H:%M",
    "%Y/%m/%d %H:%M",
];

/// How numbers are written besides as in JSON.
pub(super) const NUMBERS: [&str; 5] = ["1.234,56", "1,234.56", "1 234,56", "1'234.56", "1234,56"];

/// The first and the last instant of the years 2000 to 2099, in milliseconds since 1970.
const THIS_CENTURY: std::ops::Range<u64> = 946_684_800_000..4_102_444_800_000;

/// Words that mean yes and no.
pub(super) const YES_NO: [(&str, &str); 12] = [
    ("true", "false"),
    ("yes", "no"),
    ("ja", "nein"),
    ("evet", "hayır"),
    ("да", "нет"),
    ("sí", "no"),
    ("si", "no"),
    ("oui", "non"),
    ("ใช่", "ไม่ใช่"),
    ("y", "n"),
    ("x", "-"),
    ("1", "0"),
];

/// Texts that stand for nothing wherever they come up.
const NOTHING: [&str; 9] = ["n/a", "na", "#n/a", "-", "--", "null", "none", "nan", "nil"];

/// How many different texts are kept, and how many lines that speak against a form.
const WORDS: usize = 24;
const AGAINST: usize = 3;

/// What a column's texts may be, each way of writing it by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    /// Yes and no, by the place of the pair.
    YesNo(usize),
    /// ISO dates, which need no declaration.
    IsoDate,
    /// A format of dates.
    Date(usize),
    /// Those of [`ISO_TIMES`].
    IsoTime,
    /// A format of instants.
    Time(usize),
    /// Milliseconds since 1970, of this century.
    Milliseconds,
    /// Numbers as in JSON.
    Number,
    /// Numbers in a form of [`NUMBERS`].
    Written(usize),
    /// A JSON list.
    List,
}

/// How many cells a form reads, and the first that it does not.
#[derive(Debug, Clone, Default)]
pub(super) struct Fit {
    pub(super) reads: u64,
    pub(super) against: Vec<(u64, String)>,
}

/// What the cells of a column are like.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub(super) name: String,
    /// Cells that hold something.
    pub(super) filled: u64,
    /// Cells that are empty.
    pub(super) empty: u64,
    /// Texts that stand for nothing, as written, and how often.
    pub(super) nothing: IndexMap<String, u64>,
    pub(super) forms: Vec<(Form, Fit)>,
    /// Different texts and how often each comes, until there are too many.
    pub(super) words: Option<IndexMap<String, u64>>,
    /// Whether all numbers are whole.
    pub(super) whole: bool,
    /// Whether a number begins with a zero, as those do that name something.
    pub(super) leading_zero: bool,
    /// The currency that stands beside a number.
    pub(super) currency: Option<&'static str>,
    /// Those of [`ISO_TIMES`] that read a cell.
    pub(super) iso_times: BTreeSet<&'static str>,
    /// Cells with `;` in them.
    pub(super) semicolons: u64,
    seen: HashSet<u64>,
    hasher: std::hash::RandomState,
}

impl Evidence {
    pub(super) fn new(name: &str) -> Self {
        let mut forms: Vec<Form> = (0..YES_NO.len()).map(Form::YesNo).collect();
        forms.push(Form::IsoDate);
        forms.extend((1..DATES.len()).map(Form::Date));
        forms.push(Form::IsoTime);
        forms.extend((0..TIMES.len()).map(Form::Time));
        forms.push(Form::Milliseconds);
        forms.push(Form::Number);
        forms.extend((0..NUMBERS.len()).map(Form::Written));
        forms.push(Form::List);
        Self {
            name: name.to_owned(),
            filled: 0,
            empty: 0,
            nothing: IndexMap::new(),
            forms: forms.into_iter().map(|form| (form, Fit::default())).collect(),
            words: Some(IndexMap::new()),
            whole: true,
            leading_zero: false,
            currency: None,
            iso_times: BTreeSet::new(),
            semicolons: 0,
            seen: HashSet::new(),
            hasher: std::hash::RandomState::new(),
        }
    }

    /// Takes a cell in.
    pub(super) fn add(&mut self, line: u64, raw: &Raw) {
        let json;
        let text = match (raw, text_of(raw)) {
            (Raw::Null, _) => "",
            (_, Some(text)) => text.trim(),
            _ => {
                json = serde_json::to_string(raw).unwrap_or_default();
                &json
            }
        };
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        if NOTHING.contains(&text.to_lowercase().as_str()) {
            *self.nothing.entry(text.to_owned()).or_default() += 1;
            return;
        }
        self.filled += 1;
        self.seen.insert(std::hash::BuildHasher::hash_one(&self.hasher, text));
        self.semicolons += u64::from(text.contains(';'));
        self.leading_zero |= text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(words) = &mut self.words {
            *words.entry(text.to_owned()).or_default() += 1;
            if words.len() > WORDS {
                self.words = None;
            }
        }
        if self.currency.is_none() && text.contains(|c: char| c.is_ascii_digit()) {
            self.currency = currency(text);
        }
        let as_number = matches!(raw, Raw::Number(_));
        for at in 0..self.forms.len() {
            let Some((form, _)) = self.forms.get(at) else { continue };
            let reads = self.reads(*form, text, as_number);
            let Some((_, fit)) = self.forms.get_mut(at) else { continue };
            match reads {
                true => fit.reads += 1,
                false if fit.against.len() < AGAINST => fit.against.push((line, text.chars().take(30).collect())),
                false => {}
            }
        }
    }

    /// Whether a form reads a text.
    fn reads(&mut self, form: Form, text: &str, as_number: bool) -> bool {
        match form {
            Form::YesNo(at) => {
                let (yes, no) = YES_NO[at];
                let folded = text.to_lowercase();
                folded == yes || folded == no
            }
            Form::IsoDate => NaiveDate::parse_from_str(text, DATES[0]).is_ok(),
            Form::Date(at) => {
                // chrono takes a year of two digits where four are asked for
                let long = !DATES[at].contains("%Y") || text.bytes().filter(u8::is_ascii_digit).count() >= 6;
                long && NaiveDate::parse_from_str(text, DATES[at]).is_ok()
            }
            Form::IsoTime => {
                let form = ISO_TIMES.into_iter().find(|format| is_instant(text, format));
                self.iso_times.extend(form);
                form.is_some()
            }
            Form::Time(at) => is_instant(text, TIMES[at]),
            Form::Milliseconds => text.parse().is_ok_and(|count: u64| THIS_CENTURY.contains(&count)),
            Form::Number => self.number(decimal(text)),
            Form::Written(_) if as_number => self.number(decimal(text)),
            Form::Written(at) => {
                let Some(written) = NumberForm::like(NUMBERS[at]) else { return false };
                let amount = |currency| number::amount(written, text, currency);
                let read = number::number(written, text).or_else(|| self.currency.and_then(amount));
                self.number(read)
            }
            Form::List => text.starts_with('[') && matches!(serde_json::from_str(text), Ok(Raw::List(_))),
        }
    }

    fn number(&mut self, number: Option<Decimal>) -> bool {
        if let Some(number) = number {
            self.whole &= number.is_integer();
        }
        number.is_some()
    }

    /// How many cells a form reads.
    pub(super) fn fit(&self, form: Form) -> Option<&Fit> {
        self.forms.iter().find(|(of, _)| *of == form).map(|(_, fit)| fit)
    }

    /// Whether a form reads nearly every cell that holds something.
    pub(super) fn speaks_for(&self, form: Form) -> bool {
        self.filled > 0 && self.fit(form).is_some_and(|fit| fit.reads * 100 >= self.filled * 98)
    }

    /// Whether a form reads every one.
    pub(super) fn is_sure(&self, form: Form) -> bool {
        self.filled > 0 && self.fit(form).is_some_and(|fit| fit.reads == self.filled)
    }

    /// Whether no cell is empty and no two are alike.
    pub(super) fn is_unique(&self) -> bool {
        self.empty == 0 && self.nothing.is_empty() && self.filled > 0 && self.seen.len() as u64 == self.filled
    }

    /// How many different texts there are.
    pub(super) fn different(&self) -> usize {
        self.seen.len()
    }
}

/// Whether a format reads a text as an instant, or as the hour and minute of a zone that the text does not name.
fn is_instant(text: &str, format: &str) -> bool {
    DateTime::parse_from_str(text, format).is_ok() || NaiveDateTime::parse_from_str(text, format).is_ok()
}

/// The currency whose code or sign stands before or after the digits of a text.
fn currency(text: &str) -> Option<&'static str> {
    let beside: String =
        text.chars().filter(|c| !c.is_ascii_digit() && !"., '-()\u{a0}\u{202f}".contains(*c)).collect();
    // dollars are those of the United States where nothing else is said
    let likely = ["USD", "EUR", "GBP", "TRY", "JPY"].into_iter();
    let codes = likely.chain(number::CURRENCIES.iter().map(|(code, _)| *code));
    let signs = |code: &str| number::CURRENCIES.iter().find(|(of, _)| *of == code).map_or(&[][..], |(_, signs)| signs);
    codes.into_iter().find(|code| beside == *code || signs(code).iter().any(|sign| sign.replace('.', "") == beside))
}
