//! What people write out of habit from other languages and spreadsheets, and how it is written here.

use super::tokens::{Token, TokenKind};

/// How the token at `at` is written here, when it is a known habit. `code` has no comments.
pub(super) fn habit(code: &[&Token], at: usize, text: &str) -> Option<String> {
    let token = code.get(at)?;
    let word = token.text(text);
    let back = |by: usize| at.checked_sub(by).and_then(|at| code.get(at)).map_or("", |token| token.text(text));
    let next = code.get(at + 1).map_or("", |token| token.text(text));
    let says = match (back(1), word) {
        ("=", "=") => "equality is one sign: `country = \"TR\"`",
        ("=", ">") => "write `>=`",
        ("=", "<") => "write `<=`",
        ("<", ">") | ("/", "=") => "write `!=`",
        (_, "&" | "&&") => "write `and`",
        (_, "|" | "||") => "write `or`",
        (_, "!") => "write `not`, or `!=` between two values",
        (_, "'" | "`" | "“" | "”" | "‘" | "’" | "«" | "»" | "„") => {
            "put a text in straight double quotes: `\"TR\"`"
        }
        (_, "$" | "€" | "£" | "¥" | "₺" | "₽" | "฿") => "name the currency behind the amount: `10M USD`",
        (_, ";") => "nothing ends a clause: remove the `;`",
        (_, "/") if next == "/" || next == "*" => "a comment starts with `#`",
        ("not", "missing") if back(2) == "is" => "write `is present`",
        ("not", "present") if back(2) == "is" => "write `is missing`",
        ("is", "null" | "empty" | "blank") => "write `is missing`",
        ("is", _) if matches!(token.kind, TokenKind::String | TokenKind::Value) => {
            return Some(format!("values are compared by a sign: `= {word}`"));
        }
        _ => return amount(token, word),
    };
    Some(says.to_owned())
}

/// `10m` and `2bn` for `10M` and `2B`.
fn amount(token: &Token, word: &str) -> Option<String> {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let scale = match word.get(digits.len()..)? {
        "m" | "mn" | "mio" | "MM" => "M",
        "b" | "bn" => "B",
        "K" => "k",
        _ => return None,
    };
    let is_amount = token.kind == TokenKind::Value && digits.bytes().all(|b| b.is_ascii_digit() || b"._".contains(&b));
    is_amount.then(|| format!("write `{digits}{scale}`: `k`, `M` and `B` are thousands, millions and billions"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tokens;

    fn says(text: &str, at: usize) -> Option<String> {
        let tokens = tokens(text);
        habit(&tokens.iter().collect::<Vec<_>>(), at, text)
    }

    #[test]
    fn habits_are_known() {
        assert_eq!(says("a == 5", 2).unwrap(), "equality is one sign: `country = \"TR\"`");
        assert_eq!(says("a => 5", 2).unwrap(), "write `>=`");
        assert_eq!(says("a is \"TR\"", 2).unwrap(), "values are compared by a sign: `= \"TR\"`");
        assert_eq!(says("a is not missing", 3).unwrap(), "write `is present`");
        assert!(says("a > 10m USD", 2).unwrap().starts_with("write `10M`"));
        assert!(says("a > 1.5bn USD", 2).unwrap().starts_with("write `1.5B`"));
    }

    #[test]
    fn other_text_is_no_habit() {
        assert_eq!(says("a is missing", 2), None);
        assert_eq!(says("a = 10M USD", 2), None);
        assert_eq!(says("2026-01-01", 0), None);
    }
}
