//! From text to tree. Parsing never fails: it gives the items that stand, and every finding about the rest.

mod cursor;
mod grammar;
mod parse;
mod recover;
mod tokens;
pub mod tree;

pub use parse::{Parsed, parse};
pub use tokens::{Token, TokenKind, tokens};
