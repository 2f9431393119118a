//! A text as plain tokens. Every text has tokens; they carry comments, layout and nesting.

use pest::Parser as _;

use super::grammar::{Grammar, Rule};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `# …` to the end of the line.
    Comment,
    /// A text in quotes.
    String,
    /// A text that starts with a quote and does not end on its line.
    BrokenString,
    /// `{` or `(`.
    Open,
    /// `}` or `)`.
    Close,
    /// A number, percentage, date or time of day.
    Value,
    /// A keyword or name.
    Word,
    /// Any other mark.
    Mark,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Token {
    /// The token's letters in the text it was cut from.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// Cuts any text into tokens; white space lies between them.
pub fn tokens(text: &str) -> Vec<Token> {
    let Ok(pairs) = Grammar::parse(Rule::tokens, text) else {
        return Vec::new();
    };
    pairs
        .flat_map(pest::iterators::Pair::into_inner)
        .filter_map(|pair| {
            let kind = match pair.as_rule() {
                Rule::token_comment => TokenKind::Comment,
                Rule::token_string => TokenKind::String,
                Rule::token_broken_string => TokenKind::BrokenString,
                Rule::token_open => TokenKind::Open,
                Rule::token_close => TokenKind::Close,
                Rule::token_value => TokenKind::Value,
                Rule::token_word => TokenKind::Word,
                Rule::token_mark => TokenKind::Mark,
                _ => return None,
            };
            let span = pair.as_span();
            Some(Token { kind, start: span.start(), end: span.end() })
        })
        .collect()
}
