use unicode_script::{Script, UnicodeScript as _};

use super::control::{ends_line, ignorable, turns};

/// The characters of a text that a reader does not see, each with its byte: controls, what turns the order of the text, and
/// invisible ones where no script asks for them. Line ends and tabs are none, nor is a byte order mark at the beginning.
///
/// A joiner is right between emoji and in words of scripts whose letters join, as is a zero width space where words stand
/// without gaps, and a variation selector behind what has variants.
///
/// ```
/// use leadpact::internals::visible::hidden;
/// assert_eq!(hidden("Acme\u{200B} می\u{200C}روم").collect::<Vec<_>>(), [(4, '\u{200B}')]);
/// ```
pub fn hidden(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut before = Before::default();
    text.char_indices().filter(move |(at, c)| {
        let behind = || text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let is_hidden = before.hides(*c, *at, behind);
        before.pass(*c, is_hidden);
        is_hidden
    })
}

/// What stands before a character.
#[derive(Default)]
struct Before {
    /// The last character that has a shape of its own.
    base: Option<char>,
    /// The last one of all, unless it is hidden.
    last: Option<char>,
}

impl Before {
    fn hides(&self, c: char, at: usize, behind: impl Fn() -> Option<char>) -> bool {
        match c {
            '\n' | '\t' => false,
            '\r' => behind() != Some('\n'),
            '\u{FEFF}' => at > 0,
            '\u{200C}' => !self.base.is_some_and(joins),
            '\u{200D}' => {
                let between = self.base.is_some_and(is_pictograph) && behind().is_some_and(is_pictograph);
                !between && !self.base.is_some_and(joins)
            }
            '\u{200B}' => !self.base.is_some_and(|base| has_no_gaps(base.script())),
            '\u{180B}'..='\u{180F}' => !self.base.is_some_and(|base| base.script() == Script::Mongolian),
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => !self.has_variants(behind()),
            '\u{E0020}'..='\u{E007F}' => !matches!(self.last, Some('\u{1F3F4}' | '\u{E0020}'..='\u{E007E}')),
            c => c.is_control() || turns(c) || ends_line(c) || ignorable(c),
        }
    }

    fn pass(&mut self, c: char, is_hidden: bool) {
        self.last = (!is_hidden).then_some(c);
        if !ignorable(c) && c.script() != Script::Inherited {
            self.base = (!is_hidden).then_some(c);
        }
    }

    /// Whether the last character has variants: a pictograph, a letter of a script that has some, or a key cap.
    fn has_variants(&self, behind: Option<char>) -> bool {
        self.last.is_some_and(|last| match last {
            '#' | '*' | '0'..='9' => behind == Some('\u{20E3}'),
            last => is_pictograph(last) || has_variants(last.script()),
        })
    }
}

/// Whether a character is of a script in which letters change by their neighbours.
fn joins(c: char) -> bool {
    use Script::{
        Armenian, Common, Cyrillic, Georgian, Greek, Han, Hangul, Hebrew, Hiragana, Inherited, Katakana, Latin, Unknown,
    };
    !matches!(
        c.script(),
        Armenian
            | Common
            | Cyrillic
            | Georgian
            | Greek
            | Han
            | Hangul
            | Hebrew
            | Hiragana
            | Inherited
            | Katakana
            | Latin
            | Unknown
    )
}

/// Whether words of a script stand without gaps, so that a zero width space says where a line may break.
fn has_no_gaps(script: Script) -> bool {
    use Script::{Balinese, Javanese, Khmer, Lao, Myanmar, New_Tai_Lue, Tai_Le, Tai_Tham, Thai, Tibetan};
    matches!(script, Balinese | Javanese | Khmer | Lao | Myanmar | New_Tai_Lue | Tai_Le | Tai_Tham | Thai | Tibetan)
}

fn has_variants(script: Script) -> bool {
    use Script::{Han, Hiragana, Katakana, Manichaean, Myanmar, Phags_Pa};
    matches!(script, Han | Hiragana | Katakana | Manichaean | Myanmar | Phags_Pa)
}

/// Whether a character may be an emoji or another sign: no letter of any script, and beyond ASCII.
fn is_pictograph(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !ignorable(c) && !c.is_whitespace() && c.script() == Script::Common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<char> {
        hidden(text).map(|(_, c)| c).collect()
    }

    #[test]
    fn what_scripts_and_emoji_ask_for_is_no_secret() {
        for text in [
            "\u{FEFF}list a = \"x\"\r\n\tlist",
            "خانه\u{200C}ها و کتاب\u{200C}ها",
            "ه\u{200D}.ش.",
            "क्\u{200D}ष और क्\u{200C}ष",
            "ශ්\u{200D}රී",
            "ภาษา\u{200B}ไทย",
            "👨\u{200D}👩\u{200D}👧 👩🏽\u{200D}🚀 🏳\u{FE0F}\u{200D}🌈 ❤\u{FE0F} 1\u{FE0F}\u{20E3} ©\u{FE0F}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "葛\u{E0100}城 ᠠ\u{180B}",
            "שלום, עולם! مرحبا Straße",
        ] {
            assert_eq!(found(text), [] as [char; 0], "{text}");
        }
    }

    #[test]
    fn elsewhere_they_are() {
        for (text, chars) in [
            ("admin\u{200B}", &['\u{200B}'][..]),
            ("a\u{200C}b\u{200D}c", &['\u{200C}', '\u{200D}']),
            ("👩\u{200D}x", &['\u{200D}']),
            ("می\u{200C}\u{200E}", &['\u{200E}']),
            (
                "\u{202E}txt\u{202C} \u{2067}x\u{2069} שלום\u{200F}",
                &['\u{202E}', '\u{202C}', '\u{2067}', '\u{2069}', '\u{200F}'],
            ),
            ("mql\u{FE0F} 1\u{FE0F}2", &['\u{FE0F}', '\u{FE0F}']),
            ("x\u{FEFF}\u{2060}\u{AD}\u{3164}", &['\u{FEFF}', '\u{2060}', '\u{AD}', '\u{3164}']),
            ("a\u{1B}[2J\rb\u{9B}\u{7F}", &['\u{1B}', '\r', '\u{9B}', '\u{7F}']),
            ("x\u{E0041}", &['\u{E0041}']),
            ("a\u{2028}b", &['\u{2028}']),
        ] {
            assert_eq!(found(text), chars, "{text:?}");
        }
    }
}
