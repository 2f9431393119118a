//! Named values and bands.
//!
//! A missing fact that leaves a number a range leaves a band of it several words. A comparison is met when it is met for
//! each of them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::compare::compare;
use super::{Answer, View};
use crate::pact::{Band, ExprKind, Grid, NamedKind, ValueId, Verdict};
use crate::text::Folding;
use crate::value::Value;

pub(super) fn named(view: &View<'_>, id: ValueId) -> Answer {
    let folding = view.pact.folding;
    match &view.pact[id].kind {
        NamedKind::Value(value) => view.answer(value, None),
        NamedKind::Band(band) => {
            let ends = band.cases.iter().map(|case| case.end().map_or(Answer::Unknown, |end| view.answer(end, None)));
            band_of(folding, band, &view.answer(&band.of, None), &ends.collect::<Vec<_>>())
        }
        NamedKind::Grid(grid) => {
            let side = |id: ValueId| (view.pact[id].words(), view.named(id));
            crossed(grid, side(grid.rows), side(grid.columns), view.pact[id].words())
        }
    }
}

/// The band in which a value lies; `ends` is what the cases compare with. Several where missing facts leave a range.
pub(crate) fn band_of(folding: Folding, band: &Band, of: &Answer, ends: &[Answer]) -> Answer {
    match of {
        Answer::Known(_) => Answer::Known(Value::Word(first(folding, band, of, ends).clone())),
        Answer::Within(low, high) => {
            // a band holds between two ends or at one: what is tried are the ends and what lies between them
            let inner = band.cases.iter().zip(ends).filter(|(case, _)| case.has_order());
            let inner = inner.filter_map(|(_, end)| end.bounds()).map(|(low, _)| low);
            let mut tried: Vec<Decimal> = inner.filter(|end| low < end && end < high).chain([*low, *high]).collect();
            tried.sort();
            tried.dedup();
            let between: Vec<Decimal> = tried.windows(2).map(|ends| (ends[0] + ends[1]) / Decimal::TWO).collect();
            let possible = tried.into_iter().chain(between);
            let found: Vec<&Arc<str>> =
                possible.map(|n| first(folding, band, &Answer::Known(Value::Number(n)), ends)).collect();
            let mut among: Vec<Arc<str>> = Vec::new();
            for (word, _) in band.words() {
                if found.contains(&word) && !among.contains(word) {
                    among.push(word.clone());
                }
            }
            Answer::among(among)
        }
        _ => Answer::Unknown,
    }
}

/// The word of the first band whose end a known value meets.
fn first<'b>(folding: Folding, band: &'b Band, of: &Answer, ends: &[Answer]) -> &'b Arc<str> {
    let holds = band.cases.iter().zip(ends).find(|(case, end)| match &case.when.kind {
        ExprKind::Compare(op, exactly, ..) => compare(folding, *op, *exactly, of, end) == Verdict::Met,
        _ => false,
    });
    holds.map_or(&band.otherwise.word, |(case, _)| &case.word)
}

/// A side of a grid: the words of its band, and which of them the lead has.
type Side<'a> = (&'a [Arc<str>], &'a Answer);

/// Every cell that may be, where missing facts leave several; where a side is missing, what all of its cells agree on.
pub(crate) fn crossed(grid: &Grid, rows: Side<'_>, columns: Side<'_>, words: &[Arc<str>]) -> Answer {
    let side = |(words, of): Side<'_>| match of {
        Answer::Known(Value::Word(word)) => (words.iter().map(|w| w == word).collect::<Vec<bool>>(), true),
        Answer::Among(among) => (words.iter().map(|w| among.contains(w)).collect(), true),
        _ => (vec![true; words.len()], false),
    };
    let ((rows, row_known), (columns, column_known)) = (side(rows), side(columns));
    let may_rows = grid.cells.iter().zip(&rows).filter(|(_, may)| **may).map(|(row, _)| &row.words);
    let found: Vec<&Arc<str>> =
        may_rows.flat_map(|cells| cells.iter().zip(&columns).filter(|(_, may)| **may).map(|(word, _)| word)).collect();
    let among: Vec<Arc<str>> = words.iter().filter(|word| found.contains(word)).cloned().collect();
    if among.len() > 1 && !(row_known && column_known) {
        return Answer::Unknown;
    }
    Answer::among(among)
}
