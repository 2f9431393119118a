//! How texts compare: normalised, and caseless unless `exactly` is said.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The digit zero of the scripts in which numbers are written, each followed by its other nine digits.
/// Source: the Unicode Character Database, general category Nd.
const ZEROS: [char; 21] =
    ['0', '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '᭐', '０'];

/// How letters lose their case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Folding {
    /// Unicode's default case folding.
    #[default]
    Default,
    /// The Turkic one: `I` is `ı`, `İ` is `i`.
    Turkic,
}

impl Folding {
    /// The folding of a language: Turkic for `tr` and `az`.
    pub fn of_language(language: &str) -> Self {
        if matches!(language, "tr" | "az") { Self::Turkic } else { Self::Default }
    }

    /// A text as it is compared: NFC, folded, NFC again, since folding may leave letters apart.
    ///
    /// ```
    /// # use leadpact::internals::text::Folding;
    /// assert_eq!(Folding::Default.fold("Straße"), "strasse");
    /// assert_eq!(Folding::Turkic.fold("DİYARBAKIR"), "diyarbakır");
    /// ```
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        if text.is_ascii() {
            let plain = !text.bytes().any(|b| b.is_ascii_uppercase());
            if plain {
                return Cow::Borrowed(text);
            }
            if self == Self::Default || !text.contains('I') {
                return Cow::Owned(text.to_ascii_lowercase());
            }
        }
        let mapper = CaseMapper::new();
        let normal = exact(text);
        let folded = match self {
            Self::Default => mapper.fold_string(&normal),
            Self::Turkic => mapper.fold_turkic_string(&normal),
        };
        Cow::Owned(exact(&folded).into_owned())
    }

    /// Two texts as they are compared: folded, or to the letter when `exactly`.
    pub fn pair<'t>(self, exactly: bool, a: &'t str, b: &'t str) -> (Cow<'t, str>, Cow<'t, str>) {
        if exactly { (exact(a), exact(b)) } else { (self.fold(a), self.fold(b)) }
    }
}

/// A text to the letter: NFC, so that two ways to write one letter are one.
pub fn exact(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// The digit of any script as one of ours.
///
/// ```
/// # use leadpact::internals::text::digit;
/// assert_eq!("٣5x".chars().map(digit).collect::<Vec<_>>(), [Some('3'), Some('5'), None]);
/// ```
pub fn digit(c: char) -> Option<char> {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkish_letters_fold_by_language() {
        assert_eq!(Folding::Default.fold("ISPARTA"), "isparta");
        assert_eq!(Folding::Turkic.fold("ISPARTA"), "ısparta");
        assert_eq!(Folding::Turkic.fold("İzmir"), "izmir");
    }

    #[test]
    fn composed_and_decomposed_letters_are_equal() {
        assert_eq!(Folding::Default.fold("e\u{301}COLE"), Folding::Default.fold("\u{c9}cole"));
        assert_ne!(exact("École"), exact("école"));
    }
}
