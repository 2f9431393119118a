//! Telephone numbers in one form, however they are written.

use phonenumber::country::Id;

use crate::text::digit;

/// The longest text that is read as a number.
const LONGEST: usize = 64;

/// Whether this is the code of a country whose numbers are known, such as `DE` (ISO 3166-1 alpha-2).
///
/// # Examples
/// ```
/// use leadpact::internals::phone::is_country;
/// assert!(is_country("de") && !is_country("Germany"));
/// ```
pub fn is_country(code: &str) -> bool {
    country(code).is_some()
}

fn country(code: &str) -> Option<Id> {
    code.trim().to_ascii_uppercase().parse().ok()
}

/// A number as it is called from abroad (ITU-T E.164), with the extension behind an `x`. A number that is written without
/// the prefix of its country needs the country. None for what is no number of that country's plan.
///
/// # Examples
/// ```
/// use leadpact::internals::phone::normal;
/// assert_eq!(normal("(030) 12 34 56", Some("DE")).as_deref(), Some("+4930123456"));
/// assert_eq!(normal("0049 30 123456", Some("de")), normal("+49 (0)30 123456", None));
/// assert_eq!(normal("06 698 12345", Some("IT")).as_deref(), Some("+390669812345"));
/// assert_eq!(normal("030 123456", None), None);
/// ```
pub fn normal(text: &str, country_code: Option<&str>) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let text: String = text.trim().chars().map(|c| digit(c).unwrap_or(c)).collect();
    let number = phonenumber::parse(country_code.and_then(country), text).ok()?;
    if !number.is_valid() {
        return None;
    }
    let written = number.format().mode(phonenumber::Mode::E164).to_string();
    // a formatter may add the extension in words
    let digits: String = written.chars().take_while(|c| *c == '+' || c.is_ascii_digit()).collect();
    Some(match number.extension() {
        Some(extension) => format!("{digits}x{extension}"),
        None => digits,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_one_however_they_are_written() {
        let one = |country, written: &[&str], number: &str| {
            for text in written {
                assert_eq!(normal(text, Some(country)).as_deref(), Some(number), "{text} in {country}");
            }
        };
        one("RU", &["8 912 345-67-89", "+7 (912) 345 67 89"], "+79123456789");
        one("us", &["(415) 555-2671", "1-415-555-2671", "+1 415.555.2671"], "+14155552671");
        one("EG", &["٠١٠ ١٢٣٤ ٥٦٧٨", "010 1234 5678"], "+201012345678");
        one("US", &["415 555 2671 ext. 12", "+1 415 555 2671 x12"], "+14155552671x12");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "12", "n/a", "000000", "+49", "ana@acme.example", &"1".repeat(200)] {
            assert_eq!(normal(text, Some("DE")), None, "{text}");
        }
        assert_eq!(normal("030 123456", Some("Germany")), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_none(text in r"[+0-9() x.\-/;=a-z]{0,24}|\PC{0,40}", country in "[A-Za-z]{0,3}") {
            let number = normal(&text, Some(&country));
            if let Some(number) = &number {
                prop_assert_eq!(normal(number, None), Some(number.clone()));
            }
        }
    }
}
