use std::borrow::Cow;

use crate::visible;

/// A cell that a spreadsheet shows, and does not run: a `'` stands before a sign that would begin a formula, at the beginning
/// and behind whatever a spreadsheet may take for the end of a cell. A negative number is none. Characters that act on a
/// terminal are pictures, as they are in tables.
pub(super) fn inert(cell: &str) -> Cow<'_, str> {
    if is_negative(cell) {
        return cell.into();
    }
    let shown = visible::lines(cell);
    let begins = |at: usize, c: char| {
        let before = shown.get(..at).and_then(|before| before.chars().next_back());
        is_sign(c) && before.is_none_or(|before| matches!(before, ';' | '\t' | '\n'))
    };
    if !shown.char_indices().any(|(at, c)| begins(at, c)) {
        return shown;
    }
    let mut text = String::with_capacity(shown.len() + 1);
    for (at, c) in shown.char_indices() {
        if begins(at, c) {
            text.push('\'');
        }
        text.push(c);
    }
    text.into()
}

/// Whether a character begins a formula in some spreadsheet, or is skipped before one.
fn is_sign(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}')
}

fn is_negative(cell: &str) -> bool {
    let number = cell.strip_prefix('-').map(|digits| digits.split_once('.').unwrap_or((digits, "0")));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    number.is_some_and(|(whole, part)| digits(whole) && digits(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_formula_is_a_text() {
        for (cell, written) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+905321112233", "'+905321112233"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "␍=1"),
            ("x;=1+1", "x;'=1+1"),
            ("x\n=1", "x\n'=1"),
            ("-", "'-"),
            ("-1-2", "'-1-2"),
            ("-5%", "'-5%"),
        ] {
            assert_eq!(inert(cell), written);
        }
    }

    #[test]
    fn what_is_none_stays() {
        for cell in ["", "-5", "-0.25", "7.5", "a=b", "a - b", "x; -y", "株式会社", "2026-03-02", "'=1"] {
            assert!(matches!(inert(cell), Cow::Borrowed(same) if same == cell), "{cell}");
        }
    }
}
