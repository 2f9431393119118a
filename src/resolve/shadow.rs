//! Rows of a table that can never be reached, since an earlier row takes all that they take.
//!
//! A row is looked up among the earlier ones rather than compared with each: rows that ask in the same way, column by
//! column, lie together by the values that they ask for, and ranges of one column in order. What cannot be looked up so
//! is compared one by one, up to a bound.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::pact::{Cell, TableRow};
use crate::text::Folding;
use crate::value::Value;

/// How many steps may be taken for each row, and how many for any table.
const STEPS: (usize, usize) = (256, 1_000_000);

/// How many combinations of its values a row is found by.
const MOST_KEYS: usize = 16;

/// Which rows are never reached.
pub(super) struct Shadows {
    /// Each such row, with the earlier row that takes all that it takes.
    pub rows: Vec<(usize, usize)>,
    /// The first row that was not looked at, when that would have taken too long.
    pub unseen: Option<usize>,
}

/// Looks for the rows of a table that are never reached. Texts compare as they do when a lead is routed.
pub(super) fn shadows(folding: Folding, rows: &[TableRow]) -> Shadows {
    let mut left = rows.len().saturating_mul(STEPS.0).saturating_add(STEPS.1);
    let mut index = Index::default();
    let mut found = Vec::new();
    let mut earlier: Vec<Vec<Taken>> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<Taken> = row.cells.iter().map(|cell| Taken::new(folding, cell)).collect();
        match index.above(&cells, &earlier, &mut left) {
            Ok(Some(above)) => found.push((at, above)),
            // what a row takes that is never reached is taken by the one before it
            Ok(None) => index.add(at, &cells),
            Err(TooMany) => return Shadows { rows: found, unseen: Some(at) },
        }
        earlier.push(cells);
    }
    Shadows { rows: found, unseen: None }
}

/// What a cell takes.
enum Taken {
    Anything,
    /// Values in the form in which they compare, in order; and the range that they lie in, where they have an order.
    Values(Vec<String>, Option<Between>),
    /// A range; and the one value in it, when there is no other.
    Range(Between, Option<String>),
}

/// A range from one edge to another.
type Between = (Edge, Edge);

/// An edge of a range: a value, and by how little the range begins behind it (1) or ends before it (-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Before,
    At(Decimal, i8),
    After,
}

impl Taken {
    fn new(folding: Folding, cell: &Cell) -> Self {
        let key = |value: &Value| match value.as_text() {
            Some(text) => folding.fold(text).into_owned(),
            None => value.to_string(),
        };
        let edge = |end: &Option<Value>, none: Edge| end.as_ref().map_or(none, |value| at(value, 0).unwrap_or(none));
        match cell {
            Cell::Any => Self::Anything,
            Cell::OneOf(values) => {
                let mut keys: Vec<String> = values.iter().map(key).collect();
                keys.sort_unstable();
                keys.dedup();
                let edges: Option<Vec<Edge>> = values.iter().map(|value| at(value, 0)).collect();
                let between = edges.and_then(|edges| Some((*edges.iter().min()?, *edges.iter().max()?)));
                Self::Values(keys, between)
            }
            Cell::Range(low, high) => {
                let (from, to) = (edge(low, Edge::Before), edge(high, Edge::After));
                Self::Range((from, to), low.as_ref().filter(|_| from == to).map(key))
            }
            Cell::Above(low) => Self::Range((at(low, 1).unwrap_or(Edge::Before), Edge::After), None),
            Cell::Below(high) => Self::Range((Edge::Before, at(high, -1).unwrap_or(Edge::After)), None),
        }
    }

    /// One of the values that it takes, when it asks for values.
    fn key(&self) -> Option<&str> {
        match self {
            Self::Values(keys, _) => keys.first().map(String::as_str),
            Self::Range(_, only) => only.as_deref(),
            Self::Anything => None,
        }
    }

    fn between(&self) -> Option<Between> {
        match self {
            Self::Values(_, between) => *between,
            Self::Range(between, _) => Some(*between),
            Self::Anything => None,
        }
    }

    /// How many values it holds.
    fn size(&self) -> usize {
        if let Self::Values(keys, _) = self { keys.len() } else { 1 }
    }

    /// Whether it takes everything that another takes.
    fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anything, _) => true,
            (_, Self::Anything) => false,
            (Self::Values(all, _), Self::Values(keys, _)) => {
                let mut rest = all.iter();
                keys.iter().all(|key| rest.by_ref().any(|one| one == key))
            }
            (Self::Values(all, _), Self::Range(_, only)) => only.as_ref().is_some_and(|key| all.contains(key)),
            (Self::Range((from, to), _), other) => {
                other.between().is_some_and(|(low, high)| *from <= low && high <= *to)
            }
        }
    }
}

/// The place of a value in the order of its kind.
fn at(value: &Value, beside: i8) -> Option<Edge> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Money(money) => money.amount,
        Value::Date(date) => Decimal::from(date.to_epoch_days()),
        _ => return None,
    };
    Some(Edge::At(number, beside))
}

/// How a row asks in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Asks {
    Nothing,
    /// For one value.
    Value,
    /// For one of a few values: the row is found by each.
    Few,
    /// For one of many values: the row is not found by them.
    Many,
    Range,
}

/// Earlier rows, by how they ask.
#[derive(Default)]
struct Index {
    groups: Vec<Group>,
    by_asking: FxHashMap<Vec<Asks>, usize>,
}

/// Rows that ask in the same way.
struct Group {
    asks: Vec<Asks>,
    /// The only column that asks for a range, where all others ask for one value or nothing.
    range: Option<usize>,
    rows: FxHashMap<Vec<String>, Bucket>,
}

/// Rows that ask for the same values.
#[derive(Default)]
struct Bucket {
    listed: Vec<usize>,
    /// Where one range is asked for: the ranges in order, none inside another, each by its beginning.
    ranges: BTreeMap<Edge, (Edge, usize)>,
}

/// The bound of steps is reached.
struct TooMany;

impl Index {
    fn add(&mut self, row: usize, cells: &[Taken]) {
        let mut keys: Vec<Vec<String>> = vec![Vec::new()];
        let asks: Vec<Asks> = cells
            .iter()
            .map(|cell| match cell {
                Taken::Anything => Asks::Nothing,
                Taken::Range(..) => Asks::Range,
                Taken::Values(values, _) if keys.len() * values.len() > MOST_KEYS => Asks::Many,
                Taken::Values(values, _) => {
                    let longer = |key: &Vec<String>| -> Vec<Vec<String>> {
                        values.iter().map(|value| key.iter().chain([value]).cloned().collect()).collect()
                    };
                    keys = keys.iter().flat_map(longer).collect();
                    if values.len() == 1 { Asks::Value } else { Asks::Few }
                }
            })
            .collect();
        let at = *self.by_asking.entry(asks).or_insert_with_key(|asks| {
            self.groups.push(Group::new(asks.clone()));
            self.groups.len() - 1
        });
        let Some(group) = self.groups.get_mut(at) else { return };
        let between = group.range.and_then(|column| cells.get(column)?.between());
        for key in keys {
            let bucket = group.rows.entry(key).or_default();
            match between {
                Some(between) => bucket.range(row, between),
                None => bucket.listed.push(row),
            }
        }
    }

    /// The first of the rows found that takes all that a row takes.
    fn above(&self, cells: &[Taken], rows: &[Vec<Taken>], left: &mut usize) -> Result<Option<usize>, TooMany> {
        let mut first: Option<usize> = None;
        for group in &self.groups {
            spend(left, 1)?;
            let Some(bucket) = group.key(cells).and_then(|key| group.rows.get(&key)) else { continue };
            let between = group.range.and_then(|column| cells.get(column)?.between());
            let in_order = between.and_then(|(from, _)| bucket.ranges.range(..=from).next_back());
            let in_order = in_order.map(|(_, (_, row))| row);
            for row in bucket.listed.iter().chain(in_order) {
                if first.is_some_and(|first| first < *row) {
                    continue;
                }
                let Some(earlier) = rows.get(*row) else { continue };
                spend(left, earlier.iter().chain(cells).map(Taken::size).sum())?;
                if earlier.iter().zip(cells).all(|(earlier, cell)| earlier.takes(cell)) {
                    first = Some(*row);
                }
            }
        }
        Ok(first)
    }
}

fn spend(left: &mut usize, steps: usize) -> Result<(), TooMany> {
    *left = left.checked_sub(steps).ok_or(TooMany)?;
    Ok(())
}

impl Group {
    fn new(asks: Vec<Asks>) -> Self {
        let mut ranges = asks.iter().enumerate().filter(|(_, asks)| **asks == Asks::Range).map(|(column, _)| column);
        let plain = asks.iter().all(|asks| matches!(asks, Asks::Nothing | Asks::Value | Asks::Range));
        let range = match (ranges.next(), ranges.next()) {
            (Some(column), None) if plain => Some(column),
            _ => None,
        };
        Self { asks, range, rows: FxHashMap::default() }
    }

    /// Where a row of this group would lie that takes all that a row takes; none when no row of it can.
    fn key(&self, cells: &[Taken]) -> Option<Vec<String>> {
        let mut key = Vec::new();
        for (asks, cell) in self.asks.iter().zip(cells) {
            match asks {
                Asks::Nothing => {}
                Asks::Value if cell.size() > 1 => return None,
                Asks::Value | Asks::Few => key.push(cell.key()?.to_owned()),
                Asks::Range => drop(cell.between()?),
                Asks::Many => drop(cell.key()?),
            }
        }
        Some(key)
    }
}

impl Bucket {
    /// Adds a range; those inside of it take nothing more than it does.
    fn range(&mut self, row: usize, (from, to): Between) {
        let inside: Vec<Edge> =
            self.ranges.range(from..).take_while(|(_, (end, _))| *end <= to).map(|(e, _)| *e).collect();
        for edge in inside {
            self.ranges.remove(&edge);
        }
        self.ranges.insert(from, (to, row));
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::span::{FileId, Span};

    fn rows(cells: impl IntoIterator<Item = Vec<Cell>>) -> Vec<TableRow> {
        let span = Span { file: FileId(0), start: 0, end: 0 };
        cells.into_iter().map(|cells| TableRow { cells, gives: Vec::new(), span }).collect()
    }

    fn number(n: u64) -> Value {
        Value::Number(n.into())
    }

    /// Cells of every kind from a few values, so that many rows take what others take.
    fn cell(seed: u64, ordered: bool) -> Cell {
        let value = |n: u64| if ordered { number(n % 4) } else { Value::text(["A", "a", "B", "c"][n as usize % 4]) };
        let (low, high) = (seed / 8 % 4, seed / 32 % 4);
        match seed % if ordered { 7 } else { 3 } {
            0 => Cell::Any,
            1 => Cell::OneOf(vec![value(low)]),
            2 => Cell::OneOf(vec![value(low), value(high), value(seed / 128)]),
            3 => Cell::Range(Some(number(low.min(high))), Some(number(low.max(high)))),
            4 => Cell::Above(value(low)),
            5 => Cell::Below(value(low)),
            _ => Cell::Range(Some(value(low)), None),
        }
    }

    /// The same by comparing each row with each.
    fn by_pairs(rows: &[TableRow]) -> Vec<usize> {
        let taken = |row: &TableRow| row.cells.iter().map(|c| Taken::new(Folding::Default, c)).collect::<Vec<_>>();
        let all: Vec<_> = rows.iter().map(taken).collect();
        let takes = |a: &[Taken], b: &[Taken]| a.iter().zip(b).all(|(a, b)| a.takes(b));
        (0..all.len()).filter(|at| all[..*at].iter().any(|earlier| takes(earlier, &all[*at]))).collect()
    }

    #[test]
    fn what_is_looked_up_is_what_pairs_show() {
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed >> 33
        };
        let mut reached = 0;
        for _ in 0..300 {
            let table = rows((0..40).map(|_| vec![cell(next(), true), cell(next(), false), cell(next(), true)]));
            let found = shadows(Folding::Default, &table);
            let pairs = by_pairs(&table);
            assert_eq!(found.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), pairs);
            assert!(found.rows.iter().all(|(row, by)| by < row) && found.unseen.is_none());
            reached += table.len() - pairs.len();
        }
        assert!((1000..11_000).contains(&reached), "{reached}: neither all nor none");
    }

    #[test]
    fn large_tables_are_looked_at_as_a_whole() {
        let day = |n: u64| Value::Date(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n));
        type Make = fn(u64, &dyn Fn(u64) -> Value) -> Vec<Cell>;
        let makes: [Make; 4] = [
            |n, _| vec![Cell::OneOf(vec![number(n)]), Cell::Any],
            |n, _| vec![Cell::Range(Some(number(10 * n)), Some(number(10 * n + 9))), Cell::OneOf(vec![number(1)])],
            |n, _| vec![Cell::OneOf(vec![number(1)]), Cell::OneOf((0..4).map(|k| number(n * 4 + k)).collect())],
            |n, day| vec![Cell::Any, Cell::Range(Some(day(2 * n)), Some(day(2 * n + 1)))],
        ];
        for make in makes {
            let table = rows((0..60_000).map(|n| make(n, &day)).chain([make(17, &day)]));
            let found = shadows(Folding::Default, &table);
            assert_eq!((found.rows, found.unseen), (vec![(60_000, 17)], None));
        }
    }

    #[test]
    fn what_can_only_be_compared_by_pairs_is_bounded() {
        let both = |n| vec![Cell::Above(number(n)), Cell::Below(number(2 * n + 1)), Cell::Above(number(60_000 - n))];
        let found = shadows(Folding::Default, &rows((0..60_000).map(both)));
        assert!(found.rows.is_empty() && found.unseen.is_some_and(|row| row > 1000));
    }
}
