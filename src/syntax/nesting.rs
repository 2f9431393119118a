//! How deep a text nests, counted from its tokens before any parser follows it: pest recurses, and a stack ends.

use super::tokens::{Token, TokenKind};

/// How deep braces, parentheses, `if` and `where` may nest. Far above what a person writes, far below what a stack
/// holds.
pub const MAX_NESTING: usize = 64;

/// Words after which an expression continues.
const CONNECTIVES: &[&str] = &[
    "and", "or", "in", "is", "then", "else", "where", "between", "contains", "starts", "ends", "matches", "last",
    "exactly", "with", "of", "since", "business",
];
/// Words that end an expression's operand without starting a clause.
const TAILS: &[&str] = &["missing", "present", "met", "unknown"];
/// Words that may open an operand of several words.
const PREFIXES: &[&str] = &["not", "if", "any", "count", "latest", "earliest", "sum", "time", "lookup"];
const UNITS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

/// The first token that nests too deep.
///
/// `if` and `where` nest without a bracket, until the expression ends. It ends before a word that cannot follow a
/// whole operand; were such a word missed, the text would count as deeper than it is, never as flatter.
pub(super) fn too_deep(tokens: &[Token], text: &str) -> Option<Token> {
    let code: Vec<&Token> = tokens.iter().filter(|t| t.kind != TokenKind::Comment).collect();
    let mut levels = vec![0usize];
    let mut depth = 0usize;
    let mut complete = false;
    for (at, token) in code.iter().enumerate() {
        let word = token.text(text);
        let mut end_expression = |levels: &mut Vec<usize>| {
            if let Some(level) = levels.last_mut() {
                depth -= std::mem::take(level);
            }
        };
        match token.kind {
            TokenKind::Open => {
                if word == "{" {
                    end_expression(&mut levels);
                }
                levels.push(0);
                complete = false;
            }
            TokenKind::Close => {
                end_expression(&mut levels);
                if levels.len() > 1 {
                    levels.pop();
                }
                if word == "}"
                    && let Some(level) = levels.last_mut()
                {
                    depth -= std::mem::take(level);
                }
                complete = word == ")";
            }
            TokenKind::Word => {
                let next = code.get(at + 1).map_or("", |t| t.text(text));
                let goes_on = match word {
                    "not" => next == "in",
                    "if" => next == "missing",
                    _ => CONNECTIVES.contains(&word) || TAILS.contains(&word) || is_unit(word),
                };
                if complete && !goes_on {
                    end_expression(&mut levels);
                }
                if word == "where" || (word == "if" && !(complete && goes_on)) {
                    depth += 1;
                    if let Some(level) = levels.last_mut() {
                        *level += 1;
                    }
                }
                complete = !CONNECTIVES.contains(&word) && !PREFIXES.contains(&word);
            }
            TokenKind::String | TokenKind::Value => complete = true,
            _ => complete = false,
        }
        if levels.len() - 1 + depth > MAX_NESTING {
            return Some(**token);
        }
    }
    None
}

/// Whether a word behind a number belongs to it: a unit of time or a currency.
fn is_unit(word: &str) -> bool {
    let currency = word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
    currency || UNITS.contains(&word.strip_suffix('s').unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tokens;

    fn deep(text: &str) -> bool {
        too_deep(&tokens(text), text).is_some()
    }

    #[test]
    fn what_nests_counts() {
        assert!(deep(&"(".repeat(65)));
        assert!(deep(&"{ ".repeat(65)));
        assert!(deep(&"any a where ".repeat(65)));
        assert!(deep(&"if a then 1 else ".repeat(65)));
        assert!(deep(&"if a then (b) else ".repeat(65)));
        assert!(deep(&"if ".repeat(65)));
        assert!(deep(&"a > 3 days and 10 USD = x and b is not met and any c where ".repeat(65)));
        assert!(deep(&"(any a where ".repeat(33)));
        assert!(deep(&"count of any where sum of a.b where not latest.c in x, y or ".repeat(33)));
    }

    #[test]
    fn what_stands_side_by_side_does_not() {
        assert!(!deep(&"give 1 if any a where b\n".repeat(500)));
        assert!(!deep(&"need any a where b in last 3 days as \"x\"\n".repeat(500)));
        assert!(!deep(&"not any a where b ".repeat(500)));
        assert!(!deep(&"need any a where b > 3 business days ".repeat(500)));
        assert!(!deep(&"stage a { move to b when if c then d else e } ".repeat(500)));
        assert!(!deep(&"metric a = count of b where c = \"x\" ".repeat(500)));
        assert!(!deep(&"take 5 when (count of a where b) > 3 ".repeat(500)));
        assert!(!deep(&"a if missing b + ".repeat(500)));
        assert!(!deep(&")}".repeat(500)));
    }
}
