//! What the columns of lines mean, and how their cells become classes.

use rustc_hash::FxHashMap;

use super::class::{Class, Classes};
use super::decider::Decider;
use crate::leads::LeadReader;
use crate::pact::{FieldId, Intake, Mapping, Pact};
use crate::text::exact;
use crate::ty::Ty;

/// The most texts of a column of which the class is remembered, and the most names of columns.
pub(super) const MOST_KNOWN: usize = 4_096;

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The cell of a field.
    Cell(usize),
    History,
    /// Nothing takes it.
    Nothing,
    /// Something that is read row by row.
    Doubt,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: Box<str>,
    pub(super) meaning: Meaning,
    /// The number of the last line that had it.
    pub(super) seen: u64,
}

/// How the cells of a column become classes of a field.
#[derive(Debug)]
pub(super) struct Cell<'p> {
    pub(super) field: FieldId,
    pub(super) mapping: Option<&'p Mapping>,
    /// Which of several columns of the field this is: the first that holds a value counts.
    pub(super) rank: u8,
    pub(super) kind: CellKind,
    pub(super) known: FxHashMap<Box<str>, Class>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    /// Every text that is not empty is of this class.
    AnyText(Class),
    /// A number as JSON has it; whole ones only.
    Number {
        whole: bool,
    },
    Bool,
    /// Whatever it is, the reader of all rows says what it means; what texts mean is remembered.
    Asked,
}

/// The columns of the lines of one input.
pub(super) struct Columns<'p> {
    pub(super) pact: &'p Pact,
    pub(super) columns: Vec<Column>,
    pub(super) places: FxHashMap<Box<str>, usize>,
    /// The columns of the last line, in order: most lines have the same.
    pub(super) order: Vec<usize>,
    pub(super) cells: Vec<Cell<'p>>,
    pub(super) kinds: FxHashMap<Box<str>, u32>,
    /// The ranks of the columns that the fields of a line came from.
    pub(super) ranks: Vec<u8>,
    pub(super) number: u64,
    /// The columns of the line that nothing takes.
    pub(super) nothing: Vec<usize>,
    pub(super) plain_times: bool,
}

impl<'p> Columns<'p> {
    /// A reader for what a `source` says; none where that needs whole rows.
    pub(super) fn new(decider: &Decider<'p>, reader: &LeadReader<'p>) -> Option<Self> {
        let pact = decider.plan.pact;
        let intake = reader.intake();
        let whole = |mapping: &Mapping| {
            mapping.guard.is_some()
                || mapping.columns.iter().any(|name| name.contains('.'))
                || mapping.field == pact.key && mapping.columns.len() > 1
        };
        if let Some(intake) = intake
            && (!intake.events.is_empty()
                || intake.record_at.is_some()
                || intake.status.is_some()
                || intake.mappings.iter().any(whole))
        {
            return None;
        }
        let mut line = Self {
            pact,
            columns: Vec::new(),
            places: FxHashMap::default(),
            order: Vec::new(),
            cells: Vec::new(),
            kinds: FxHashMap::default(),
            ranks: vec![u8::MAX; pact.fields.len()],
            number: 0,
            nothing: Vec::new(),
            plain_times: intake.is_none_or(|intake| intake.times.is_empty()),
        };
        match intake {
            None => {
                for (field, id) in pact.fields.iter().zip((0..).map(FieldId)) {
                    line.cell(decider, None, (id, None), (&field.name, 0))?;
                }
            }
            Some(intake) => {
                for (at, mapping) in intake.mappings.iter().enumerate() {
                    if intake.mappings.iter().take(at).any(|before| before.field == mapping.field) {
                        return None;
                    }
                    for (name, rank) in mapping.columns.iter().zip(0..) {
                        line.cell(decider, Some(intake), (mapping.field, Some(mapping)), (name, rank))?;
                    }
                }
            }
        }
        let declared = intake.and_then(|intake| intake.history.as_deref());
        if declared.is_some_and(|history| line.places.contains_key(history)) {
            return None;
        }
        let history = declared.unwrap_or("history");
        line.column(history, Meaning::History);
        ["stage", "since"].into_iter().for_each(|name| line.column(name, Meaning::Doubt));
        for (kind, at) in pact.kinds.iter().zip(0..) {
            if kind.properties.iter().all(|property| property.optional) {
                line.kinds.insert((*kind.name).into(), at);
            }
        }
        Some(line)
    }

    /// A column of a name that has no other meaning yet.
    fn column(&mut self, name: &str, meaning: Meaning) {
        if !self.places.contains_key(name) {
            self.places.insert(name.into(), self.columns.len());
            self.columns.push(Column { name: name.into(), meaning, seen: 0 });
        }
    }

    /// A column of a field. None where two fields come from one.
    fn cell(
        &mut self,
        decider: &Decider<'p>,
        intake: Option<&'p Intake>,
        (field, mapping): (FieldId, Option<&'p Mapping>),
        (name, rank): (&str, u8),
    ) -> Option<()> {
        if self.places.contains_key(name) {
            return None;
        }
        let plan = decider.plan;
        let (ty, classes) = (&plan.pact[field].ty, &plan.classes[field.0 as usize]);
        let plain = mapping.is_none_or(|mapping| {
            mapping.cases.is_empty()
                && mapping.otherwise.is_none()
                && mapping.factor.is_none()
                && mapping.split.is_none()
        });
        let blank = intake.is_some_and(|intake| !intake.blank.is_empty());
        let numbers = intake.is_some_and(|intake| intake.numbers.is_some());
        let kind = match (ty, classes) {
            _ if !plain => CellKind::Asked,
            (Ty::Text, Classes::Presence) if !blank => CellKind::AnyText(1),
            (Ty::Text, Classes::Words { folded, other }) if folded.is_empty() && !blank => CellKind::AnyText(*other),
            (Ty::Integer | Ty::Number | Ty::Money(_), Classes::Presence | Classes::Ordered(_)) if !numbers => {
                CellKind::Number { whole: *ty == Ty::Integer }
            }
            (Ty::Bool, Classes::Presence | Classes::Bool) => CellKind::Bool,
            _ => CellKind::Asked,
        };
        let meaning = Meaning::Cell(self.cells.len());
        self.column(name, meaning);
        self.cells.push(Cell { field, mapping, rank, kind, known: FxHashMap::default() });
        Some(())
    }

    /// The place of a column, which no other of the line may have.
    pub(super) fn place(&mut self, name: &str, turn: usize, reader: &LeadReader<'p>) -> Option<usize> {
        let guess = self.order.get(turn).copied().filter(|at| *self.columns[*at].name == *name);
        let at = match guess.or_else(|| self.places.get(name).copied()) {
            Some(at) => at,
            None => {
                // a name can be written in two ways, if not in ASCII
                if self.columns.len() >= MOST_KNOWN || !name.is_ascii() && *exact(name) != *name {
                    return None;
                }
                let takes = |intake: &Intake| intake.uses(name);
                let unsure = !name.is_ascii() && self.cells.iter().any(|cell| cell.mapping.is_some());
                let taken = reader.intake().is_some_and(takes);
                self.column(name, if taken || unsure { Meaning::Doubt } else { Meaning::Nothing });
                self.columns.len() - 1
            }
        };
        if guess.is_none() {
            self.order.truncate(turn);
            if self.order.len() == turn {
                self.order.push(at);
            }
        }
        let column = &mut self.columns[at];
        if column.seen == self.number {
            return None;
        }
        column.seen = self.number;
        if column.meaning == Meaning::Nothing {
            self.nothing.push(at);
        }
        Some(at)
    }
}
