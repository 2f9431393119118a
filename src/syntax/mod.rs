//! From text to tree. Parsing never fails: it gives the items that stand, and every finding about the rest.

mod columns;
mod cursor;
mod excerpt;
mod format;
mod grammar;
mod habits;
mod lines;
mod lower;
mod nesting;
mod outline;
mod parse;
mod recover;
mod spanned;
mod tokens;
pub mod tree;

pub use format::format;
pub use parse::{Parsed, parse};
pub use tokens::{Token, TokenKind, tokens};
