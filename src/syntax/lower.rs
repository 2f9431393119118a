//! A text that the grammar takes from end to end, to its items.

use pest::Parser as _;

use super::cursor::{Findings, Node, Origin};
use super::grammar::{Grammar, Rule};
use super::tokens::Token;
use super::tree::Item;
use crate::span::FileId;

/// The items of a text that is right from end to end.
pub(super) fn whole(file: FileId, text: &str, base: usize, tokens: &[Token], out: &mut Findings) -> Option<Vec<Item>> {
    let pairs = Grammar::parse(Rule::file, text).ok()?;
    let origin = Origin::new(file, base, tokens);
    let mut items = Vec::new();
    for pair in pairs.flat_map(pest::iterators::Pair::into_inner).filter(|p| p.as_rule() == Rule::item) {
        let inner = Node::new(pair, &origin).children().next();
        items.extend(inner.and_then(|node| Item::lower(node, out)));
    }
    Some(items)
}
