use std::borrow::Cow;

use super::control::{ends_line, turns};

/// A text on one line: a character that would steer a terminal, turn the order of the text or end the line becomes its
/// picture (`␊`), or `�` where it has none.
///
/// ```
/// use leadpact::internals::visible::line;
/// assert_eq!(line("Ana\u{1b}[2J\nof \u{202E}gnp.exe"), "Ana␛[2J␊of �gnp.exe");
/// assert_eq!(line("شركة ۵ می\u{200C}روم"), "شركة ۵ می\u{200C}روم");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    shown(text, |_, _| false)
}

/// A text of several lines, ours each of them: as [`line`], but line ends and tabs stay.
///
/// ```
/// assert_eq!(leadpact::internals::visible::lines("a\tb\r\nc\rd\n"), "a\tb\r\nc␍d\n");
/// ```
pub fn lines(text: &str) -> Cow<'_, str> {
    shown(text, |c, rest| matches!(c, '\n' | '\t') || c == '\r' && rest.starts_with('\n'))
}

/// A text with pictures for all that acts, but for what may stay; that is asked with the text behind it.
fn shown(text: &str, stays: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    let acts = |c: char| c.is_control() || turns(c) || ends_line(c);
    let picture = |at: usize, c: char| {
        let behind = text.get(at + c.len_utf8()..).unwrap_or("");
        (acts(c) && !stays(c, behind)).then(|| sign(c))
    };
    let Some(first) = text.char_indices().find_map(|(at, c)| picture(at, c).map(|_| at)) else { return text.into() };
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push_str(text.get(..first).unwrap_or(""));
    let rest = text.char_indices().skip_while(|(at, _)| *at < first);
    shown.extend(rest.map(|(at, c)| picture(at, c).unwrap_or(c)));
    shown.into()
}

/// What stands for a character that acts.
fn sign(c: char) -> char {
    match c {
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7F}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_acts_comes_through() {
        let marks = ['\u{61C}', '\u{200E}', '\u{200F}', '\u{2028}', '\u{2029}'];
        let acting = ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}').chain(marks);
        for c in acting.chain('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
            let text = format!("é{c}ลีด");
            assert_eq!(line(&text).matches(c).count(), 0, "{c:?}");
            assert!(line(&text).starts_with('é') && line(&text).ends_with("ลีด") && line(&text).chars().count() == 5);
            assert!(lines(&text).contains(c) == matches!(c, '\n' | '\t'), "{c:?}");
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["", "שלום עולם", "می\u{200C}روم", "👩\u{200D}🚀", "ภาษา\u{200B}ไทย", "Straße\u{A0}5", "e\u{301}"]
        {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
