//! Named values and bands.
//!
//! A missing fact that leaves a number a range leaves a band of it several words. A comparison is met when it is met for
//! each of them.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::compare::compare;
use super::{Answer, View};
use crate::pact::{Band, Comparison, Expr, ExprKind, Grid, NamedKind, ValueId, Verdict};
use crate::value::Value;

pub(super) fn named(view: &View<'_>, id: ValueId) -> Answer {
    match &view.pact[id].kind {
        NamedKind::Value(value) => view.answer(value, None),
        NamedKind::Band(band) => band_of(view, band),
        NamedKind::Grid(grid) => cell(view, grid, view.pact[id].words()),
    }
}

fn band_of(view: &View<'_>, band: &Band) -> Answer {
    let of = view.answer(&band.of, None);
    match of {
        Answer::Known(_) => first(view, band, &of),
        Answer::Within(low, high) => {
            // a band holds between two ends or at one: what is tried are the ends and what lies between them
            let inner =
                band.cases.iter().filter_map(|case| end(view, &case.when)).filter(|end| low < *end && *end < high);
            let mut tried: Vec<Decimal> = inner.chain([low, high]).collect();
            tried.sort();
            tried.dedup();
            let between: Vec<Decimal> = tried.windows(2).map(|ends| (ends[0] + ends[1]) / Decimal::TWO).collect();
            let possible =
                tried.into_iter().chain(between).map(|n| first(view, band, &Answer::Known(Value::Number(n))));
            let found: Vec<Answer> = possible.collect();
            let mut among: Vec<Arc<str>> = Vec::new();
            for (word, _) in band.words() {
                let is = Answer::Known(Value::Word(word.clone()));
                if found.contains(&is) && !among.contains(word) {
                    among.push(word.clone());
                }
            }
            Answer::among(among)
        }
        _ => Answer::Unknown,
    }
}

/// The first band whose end a known value meets.
fn first(view: &View<'_>, band: &Band, of: &Answer) -> Answer {
    let holds = band.cases.iter().find(|case| match &case.when.kind {
        ExprKind::Compare(op, exactly, _, end) => {
            compare(view.pact.folding, *op, *exactly, of, &view.answer(end, None)) == Verdict::Met
        }
        _ => false,
    });
    Answer::Known(Value::Word(holds.map_or(&band.otherwise.word, |case| &case.word).clone()))
}

/// The number that a case compares with.
fn end(view: &View<'_>, when: &Expr) -> Option<Decimal> {
    match &when.kind {
        ExprKind::Compare(
            Comparison::AtLeast | Comparison::AtMost | Comparison::More | Comparison::Less,
            _,
            _,
            end,
        ) => view.answer(end, None).bounds().map(|(low, _)| low),
        _ => None,
    }
}

/// Every cell that may be, where missing facts leave several; where a side is missing, what all of its cells agree on.
fn cell(view: &View<'_>, grid: &Grid, words: &[Arc<str>]) -> Answer {
    let side = |id: ValueId| {
        let words = view.pact[id].words();
        match view.named(id) {
            Answer::Known(Value::Word(word)) => (words.iter().map(|w| w == word).collect::<Vec<bool>>(), true),
            Answer::Among(among) => (words.iter().map(|w| among.contains(w)).collect(), true),
            _ => (vec![true; words.len()], false),
        }
    };
    let ((rows, row_known), (columns, column_known)) = (side(grid.rows), side(grid.columns));
    let may_rows = grid.cells.iter().zip(&rows).filter(|(_, may)| **may).map(|(row, _)| &row.words);
    let found: Vec<&Arc<str>> =
        may_rows.flat_map(|cells| cells.iter().zip(&columns).filter(|(_, may)| **may).map(|(word, _)| word)).collect();
    let among: Vec<Arc<str>> = words.iter().filter(|word| found.contains(word)).cloned().collect();
    if among.len() > 1 && !(row_known && column_known) {
        return Answer::Unknown;
    }
    Answer::among(among)
}
