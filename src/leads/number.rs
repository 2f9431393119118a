//! Numbers and amounts as people and their programs write them.
//!
//! What marks stand for is declared, never guessed: `1.234` is a thousand in Berlin and a little more than one in Boston.

use rust_decimal::Decimal;

use crate::pact::NumberForm;
use crate::text::digit;
use crate::value::decimal;

/// White space that stands between groups of digits: a space that does not break, a narrow one, a thin one, one as wide
/// as a digit.
const SPACES: [char; 5] = [' ', '\u{A0}', '\u{202F}', '\u{2009}', '\u{2007}'];

/// Apostrophes between groups of digits, as in Switzerland.
const APOSTROPHES: [char; 2] = ['\'', '’'];

/// Signs and words of currencies besides their codes. Where countries share a sign, the field says whose it is.
/// Source: the Unicode Common Locale Data Repository.
pub(super) const CURRENCIES: [(&str, &[&str]); 33] = [
    ("AUD", &["A$", "AU$", "$"]),
    ("BRL", &["R$"]),
    ("CAD", &["CA$", "C$", "$"]),
    ("CHF", &["SFr.", "Fr."]),
    ("CNY", &["CN¥", "¥", "元"]),
    ("CZK", &["Kč"]),
    ("DKK", &["kr.", "kr"]),
    ("EUR", &["€"]),
    ("GBP", &["£"]),
    ("GEL", &["₾"]),
    ("HKD", &["HK$", "$"]),
    ("HUF", &["Ft"]),
    ("IDR", &["Rp"]),
    ("ILS", &["₪"]),
    ("INR", &["₹", "Rs."]),
    ("JPY", &["JP¥", "¥", "円"]),
    ("KRW", &["₩"]),
    ("KZT", &["₸"]),
    ("MXN", &["MX$", "$"]),
    ("NGN", &["₦"]),
    ("NOK", &["kr"]),
    ("NZD", &["NZ$", "$"]),
    ("PHP", &["₱"]),
    ("PLN", &["zł"]),
    ("RUB", &["₽", "руб.", "руб", "р."]),
    ("SEK", &["kr"]),
    ("SGD", &["S$", "$"]),
    ("THB", &["฿", "บาท"]),
    ("TRY", &["₺", "TL"]),
    ("TWD", &["NT$", "$"]),
    ("UAH", &["₴", "грн."]),
    ("USD", &["US$", "$"]),
    ("VND", &["₫"]),
];

/// A number, a percentage being a hundredth of its number: `1.234,5`, `−3`, `12,5 %`.
pub(super) fn number(form: NumberForm, text: &str) -> Option<Decimal> {
    let text = trim(text);
    match text.strip_suffix(['%', '٪']) {
        Some(percent) => signed(form, trim(percent))?.checked_div(Decimal::ONE_HUNDRED).map(|n| n.normalize()),
        None => signed(form, text),
    }
}

/// An amount with or without its currency, before or after: `1.234,50 €`, `USD 7`, `-$5`, `($5)`.
pub(super) fn amount(form: NumberForm, text: &str, currency: &str) -> Option<Decimal> {
    let text = trim(text);
    if let Some(inside) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return bare(form, inside, currency).map(|amount| -amount);
    }
    match text.strip_prefix(MINUS) {
        Some(rest) => bare(form, rest, currency).map(|amount| -amount),
        None => bare(form, text, currency).or_else(|| {
            let rest = without_currency(text, currency)?;
            rest.strip_prefix(MINUS).and_then(|rest| digits(form, trim(rest))).map(|amount| -amount)
        }),
    }
}

/// The hyphen, and the sign that is typographically right.
const MINUS: [char; 2] = ['-', '−'];

fn signed(form: NumberForm, text: &str) -> Option<Decimal> {
    match text.strip_prefix(MINUS) {
        Some(rest) => digits(form, trim(rest)).map(|n| -n),
        None => digits(form, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn bare(form: NumberForm, text: &str, currency: &str) -> Option<Decimal> {
    let text = trim(text);
    digits(form, without_currency(text, currency).unwrap_or(text))
}

/// What is left of an amount without its code or sign.
fn without_currency<'t>(text: &'t str, currency: &str) -> Option<&'t str> {
    let signs = CURRENCIES.iter().find(|(code, _)| *code == currency).map_or(&[][..], |(_, signs)| signs);
    let written = signs.iter().copied().chain([currency]);
    let rest = written.into_iter().find_map(|sign| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)));
    rest.map(trim)
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || SPACES.contains(&c))
}

/// Digits, in groups of three or none, and a fraction.
fn digits(form: NumberForm, text: &str) -> Option<Decimal> {
    let (whole, fraction) = match text.split_once(form.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let plain = |text: &str| text.chars().map(digit).collect::<Option<String>>();
    let mut number = String::with_capacity(text.len());
    let mut groups = whole.split(|c| form.group.is_some_and(|group| same_mark(group, c)));
    let first = plain(groups.next()?)?;
    let mut grouped = false;
    number.push_str(&first);
    for group in groups {
        let group = plain(group).filter(|group| group.len() == 3)?;
        number.push_str(&group);
        grouped = true;
    }
    if grouped && !(1..=3).contains(&first.len()) {
        return None;
    }
    match fraction {
        Some(fraction) => {
            let fraction = plain(fraction).filter(|fraction| !fraction.is_empty())?;
            number = format!("{}.{fraction}", if number.is_empty() { "0" } else { &number });
        }
        None if number.is_empty() => return None,
        None => {}
    }
    decimal(&number)
}

/// Whether two marks between groups are the same to a reader.
fn same_mark(declared: char, found: char) -> bool {
    declared == found
        || [&SPACES[..], &APOSTROPHES[..]].iter().any(|marks| marks.contains(&declared) && marks.contains(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, text: &str) -> String {
        number(NumberForm::like(form).unwrap(), text).map_or("none".into(), |n| n.to_string())
    }

    #[test]
    fn marks_mean_what_is_declared() {
        for (form, text, expected) in [
            ("1.234,56", "1.234,56", "1234.56"),
            ("1.234,56", "1.234", "1234"),
            ("1.234,56", "1234,5", "1234.5"),
            ("1.234,56", "1.5", "none"),
            ("1.234,56", "1.23.456", "none"),
            ("1.234,56", "1234.567", "none"),
            ("1.234,56", "1,234.56", "none"),
            ("1,234.56", "1,234,567.89", "1234567.89"),
            ("1,234.56", "12,34", "none"),
            ("1 234,56", "1\u{202F}234\u{A0}567,8", "1234567.8"),
            ("1'234.56", "1’234.5", "1234.5"),
            ("1234,56", "1.234", "none"),
            ("1234,56", ",5", "0.5"),
            ("1234,56", "5,", "none"),
            ("1.234,56", "−12", "-12"),
            ("1.234,56", "- 12", "-12"),
            ("1.234,56", "12,5\u{A0}%", "0.125"),
            ("1,234.56", "๑,๒๓๔.๕", "1234.5"),
            ("1,234.56", "١,٢٣٤", "1234"),
            ("1,234.56", "", "none"),
            ("1,234.56", "-", "none"),
            ("1,234.56", "1e3", "none"),
        ] {
            assert_eq!(read(form, text), expected, "`{text}` as {form}");
        }
    }

    #[test]
    fn amounts_come_with_their_own_currency_only() {
        let german = NumberForm::like("1.234,56").unwrap();
        for (text, currency, expected) in [
            ("1.234,50 €", "EUR", Some("1234.5")),
            ("€ 1.234,50", "EUR", Some("1234.5")),
            ("-€5", "EUR", Some("-5")),
            ("€ -5", "EUR", Some("-5")),
            ("(5 €)", "EUR", Some("-5")),
            ("5 EUR", "EUR", Some("5")),
            ("5", "EUR", Some("5")),
            ("5 $", "EUR", None),
            ("$5", "MXN", Some("5")),
            ("1.500 TL", "TRY", Some("1500")),
            ("1500 руб.", "RUB", Some("1500")),
            ("฿๑๕", "THB", Some("15")),
            ("€", "EUR", None),
            ("--5", "EUR", None),
            ("5 % ", "EUR", None),
        ] {
            assert_eq!(amount(german, text, currency).map(|n| n.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn forms_are_shown_by_one_example() {
        for example in ["1.234,56", "1234,56", "1 234,56", "1'234.56", "1\u{A0}234,56"] {
            assert!(NumberForm::like(example).is_some(), "{example}");
        }
        for example in ["1.234", "1,234,56", "", "1234", "1-234,56", "1.234.56", "12.345,67", "1.234,567"] {
            assert_eq!(NumberForm::like(example), None, "{example}");
        }
    }
}
