//! Values of a field by what they can change: two values of one class are the same to every clause.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::input::through;
use crate::pact::{Cell, Comparison, Expr, ExprKind, FieldId, Pact, Set, TableId};
use crate::ty::Ty;
use crate::value::{Money, Value};

/// A class of values of one input. [`MISSING`] is that of no value.
pub(super) type Class = u32;

/// No value; of events, none.
pub(super) const MISSING: Class = 0;

/// Places behind the point of the numbers that are compared as whole ones.
const PLACES: u32 = 9;

/// How values of a field fall into classes.
#[derive(Debug, Clone)]
pub(super) enum Classes {
    /// It matters only whether there is one.
    Presence,
    /// `false` and `true`.
    Bool,
    /// Texts that are the same when folded; one class for all that no clause names.
    Words { folded: FxHashMap<Box<str>, Class>, other: Class },
    /// Numbers or amounts between the ends that clauses name, each end a class of its own, in billionths.
    Ordered(Vec<i128>),
    /// Each value by itself: a clause asks something of it that only the reference knows.
    Open,
}

/// What the clauses ask of a field, gathered before its classes are made.
#[derive(Debug, Default)]
pub(super) struct Asked {
    texts: BTreeSet<String>,
    ends: BTreeSet<i128>,
    open: bool,
    pub(super) any: bool,
}

impl Asked {
    /// An expression that looks at the field and no other input.
    pub(super) fn by(&mut self, pact: &Pact, field: FieldId, expr: &Expr) {
        self.any = true;
        through(pact, expr, &mut |e| match &e.kind {
            ExprKind::Value(value) => self.constant(pact, value),
            ExprKind::Param(id) => self.constant(pact, &pact[*id].value),
            ExprKind::In { set, exactly, .. } => {
                self.open |= *exactly;
                match set {
                    Set::Values(values) => values.iter().for_each(|value| self.constant(pact, value)),
                    Set::List(list) => pact[*list].values.iter().for_each(|value| self.constant(pact, value)),
                    Set::Field(_) => self.open = true,
                }
            }
            ExprKind::Lookup(table, _) => self.by_table(pact, *table, field),
            ExprKind::Compare(op, exactly, ..) => {
                let parts = matches!(
                    op,
                    Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith | Comparison::Matches
                );
                self.open |= *exactly || parts;
            }
            ExprKind::Matches(..)
            | ExprKind::Call(..)
            | ExprKind::Arithmetic(..)
            | ExprKind::Negate(_)
            | ExprKind::EachIn { .. } => self.open = true,
            _ => {}
        });
    }

    /// A table that looks at the field.
    pub(super) fn by_table(&mut self, pact: &Pact, table: TableId, field: FieldId) {
        let table = &pact[table];
        for (at, _) in table.inputs.iter().enumerate().filter(|(_, input)| **input == field) {
            for cell in table.rows.iter().filter_map(|row| row.cells.get(at)) {
                self.any |= *cell != Cell::Any;
                match cell {
                    Cell::Any => {}
                    Cell::OneOf(values) => values.iter().for_each(|value| self.constant(pact, value)),
                    Cell::Range(low, high) => low.iter().chain(high).for_each(|end| self.constant(pact, end)),
                    Cell::Above(end) | Cell::Below(end) => self.constant(pact, end),
                }
            }
        }
    }

    fn constant(&mut self, pact: &Pact, value: &Value) {
        match value {
            Value::Text(text) | Value::Word(text) => {
                self.texts.insert(pact.folding.fold(text).into_owned());
            }
            Value::Number(_) | Value::Money(_) => match billionths(value) {
                Some(end) => {
                    self.ends.insert(end);
                }
                None => self.open = true,
            },
            Value::Bool(_) => {}
            _ => self.open = true,
        }
    }

    /// The classes that tell apart all that is asked.
    pub(super) fn classes(self, pact: &Pact, ty: &Ty) -> Classes {
        match ty {
            _ if !self.any => Classes::Presence,
            _ if self.open => Classes::Open,
            Ty::Bool => Classes::Bool,
            Ty::Text | Ty::Word(_) => {
                let mut texts = self.texts;
                if let Ty::Word(words) = ty {
                    texts.extend(words.iter().map(|word| pact.folding.fold(word).into_owned()));
                }
                let other = texts.len() as Class + 1;
                Classes::Words { folded: texts.into_iter().map(String::into_boxed_str).zip(1..).collect(), other }
            }
            Ty::Integer | Ty::Number | Ty::Money(_) => Classes::Ordered(self.ends.into_iter().collect()),
            _ => Classes::Open,
        }
    }
}

impl Classes {
    /// The class of a value; none where each value is a class of its own, or this one cannot be compared so.
    pub(super) fn of(&self, pact: &Pact, value: &Value) -> Option<Class> {
        match (self, value) {
            (Self::Presence, _) => Some(1),
            (Self::Bool, Value::Bool(yes)) => Some(1 + Class::from(*yes)),
            (Self::Words { folded, other }, Value::Text(_) | Value::Word(_)) if folded.is_empty() => Some(*other),
            (Self::Words { folded, other }, Value::Text(text) | Value::Word(text)) => {
                Some(folded.get(&*pact.folding.fold(text)).copied().unwrap_or(*other))
            }
            (Self::Ordered(_), Value::Number(_) | Value::Money(_)) => self.of_billionths(billionths(value)?),
            _ => None,
        }
    }

    /// The class of a number or amount in billionths.
    pub(super) fn of_billionths(&self, number: i128) -> Option<Class> {
        let Self::Ordered(ends) = self else { return None };
        let below = ends.iter().take_while(|end| **end < number).count();
        let is_end = ends.get(below) == Some(&number);
        Some(1 + 2 * below as Class + Class::from(is_end))
    }

    /// A value of each class, from the first after [`MISSING`]; none of those that are made as values come.
    pub(super) fn samples(&self, ty: &Ty) -> Option<Vec<Value>> {
        Some(match self {
            Self::Presence | Self::Open => Vec::new(),
            Self::Bool => vec![Value::Bool(false), Value::Bool(true)],
            Self::Words { folded, other } => {
                let mut texts: Vec<(&str, Class)> = folded.iter().map(|(text, class)| (&**text, *class)).collect();
                // longer than every text that is named, so none of them
                let longest = texts.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
                let unnamed = "x".repeat(longest + 1);
                texts.push((&unnamed, *other));
                texts.sort_by_key(|(_, class)| *class);
                texts.into_iter().map(|(text, _)| Value::Text(text.into())).collect()
            }
            Self::Ordered(ends) => {
                let mut numbers = Vec::with_capacity(2 * ends.len() + 1);
                for (at, end) in ends.iter().enumerate() {
                    let before = at.checked_sub(1).and_then(|before| ends.get(before));
                    // ends have nine places, so that there is room between two of them in ten
                    numbers.push(before.map_or((end - 1, PLACES), |before| ((before + end) * 5, PLACES + 1)));
                    numbers.push((*end, PLACES));
                }
                numbers.push((ends.last().map_or(0, |last| last + 1), PLACES));
                let number = |(mantissa, places)| Decimal::try_from_i128_with_scale(mantissa, places).ok();
                let numbers: Option<Vec<Decimal>> = numbers.into_iter().map(number).collect();
                let of = |number: Decimal| match ty {
                    Ty::Money(currency) => Value::Money(Money { amount: number, currency: *currency }),
                    _ => Value::Number(number),
                };
                numbers?.into_iter().map(of).collect()
            }
        })
    }

    /// How many classes there are, [`MISSING`] among them, before any value has come.
    pub(super) fn count(&self) -> Class {
        match self {
            Self::Presence => 2,
            Self::Bool => 3,
            Self::Words { other, .. } => other + 1,
            Self::Ordered(ends) => 2 + 2 * ends.len() as Class,
            Self::Open => 1,
        }
    }
}

/// A number or amount as whole billionths; none where it has more places, or is too large for the classes between two.
fn billionths(value: &Value) -> Option<i128> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Money(Money { amount, .. }) => *amount,
        _ => return None,
    };
    let number = number.normalize();
    let missing = PLACES.checked_sub(number.scale())?;
    let scaled = number.mantissa().checked_mul(10_i128.pow(missing))?;
    (scaled.unsigned_abs() < 10_u128.pow(27)).then_some(scaled)
}

/// A plain number as it is written, `-?[0-9]+(\.[0-9]+)?`, as whole billionths; none where it is written otherwise, or long.
pub(super) fn plain_billionths(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        Some(at) => (digits.get(..at)?, digits.get(at + 1..).filter(|fraction| !fraction.is_empty())?),
        None => (digits, &[][..]),
    };
    if whole.is_empty() || whole.len() > 16 || fraction.len() > PLACES as usize {
        return None;
    }
    let mut number: u64 = 0;
    for byte in whole {
        number = number * 10 + u64::from(digit(*byte)?);
    }
    let mut part: u64 = 0;
    for byte in fraction {
        part = part * 10 + u64::from(digit(*byte)?);
    }
    let part = part * 10_u64.pow(PLACES - fraction.len() as u32);
    let scaled = i128::from(number) * 10_i128.pow(PLACES) + i128::from(part);
    Some(if negative { -scaled } else { scaled })
}

/// Whether billionths are a whole number.
pub(super) fn is_whole(billionths: i128) -> bool {
    billionths % 10_i128.pow(PLACES) == 0
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// The classes that a cell of a table takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Taken {
    /// All, [`MISSING`] too.
    Any,
    /// These.
    Some(Vec<Class>),
}

impl Taken {
    /// The classes of a cell; none where its values have no classes.
    pub(super) fn of(pact: &Pact, classes: &Classes, cell: &Cell) -> Option<Self> {
        let end = |value: &Option<Value>, open: Class| match value {
            Some(value) => classes.of(pact, value),
            None => Some(open),
        };
        let last = classes.count() - 1;
        let (low, high) = match cell {
            Cell::Any => return Some(Self::Any),
            Cell::OneOf(values) => {
                let classes: Option<BTreeSet<Class>> = values.iter().map(|value| classes.of(pact, value)).collect();
                return Some(Self::Some(classes?.into_iter().collect()));
            }
            _ if !matches!(classes, Classes::Ordered(_)) => return None,
            Cell::Range(low, high) => (end(low, 1)?, end(high, last)?),
            Cell::Above(low) => (classes.of(pact, low)? + 1, last),
            Cell::Below(high) => (1, classes.of(pact, high)? - 1),
        };
        Some(Self::Some((low..=high).collect()))
    }

    pub(super) fn takes(&self, class: Class) -> bool {
        match self {
            Self::Any => true,
            Self::Some(classes) => classes.binary_search(&class).is_ok(),
        }
    }
}

/// A text of a value that its clauses ask for one by one.
pub(super) fn open_text(value: &Value) -> Option<&Arc<str>> {
    match value {
        Value::Text(text) | Value::Word(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    #[test]
    fn numbers_fall_between_the_ends_that_are_named() {
        let classes = Classes::Ordered(vec![50_000_000_000, 1_000_000_000_000]);
        let class = |text: &str| classes.of_billionths(plain_billionths(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(["-1", "49.999999999", "50", "50.0", "51", "1000", "1000.5"].map(class), [1, 1, 2, 2, 3, 4, 5]);
        let samples = classes.samples(&Ty::Number).unwrap();
        let order = samples.iter().map(|value| classes.of_billionths(billionths(value).unwrap_or_default()));
        assert_eq!(order.flatten().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(samples.len(), classes.count() as usize - 1);
    }

    #[test]
    fn only_plain_numbers_are_read_quickly() {
        for text in ["", "-", "1.", ".5", "1e3", "+1", "12345678901234567", "0.1234567891", "1,5", " 1"] {
            assert_eq!(plain_billionths(text.as_bytes()), None, "{text}");
        }
        assert_eq!(plain_billionths(b"-0.5").map(|n| n.cmp(&0)), Some(Ordering::Less));
    }
}
