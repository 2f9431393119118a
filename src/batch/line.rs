//! Lines of NDJSON straight to classes: no value is made of what only its class matters of.
//!
//! What is read here is what nearly every line is. Whatever else a line holds is a doubt, and the line is read again by the
//! reader of all rows, which alone says what is wrong with one.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize as _, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::class::{Class, Classes, MISSING, is_whole, plain_billionths};
use super::decider::{ClassedLead, Decider};
use super::events::nanoseconds;
use super::moment::plain_moment;
use crate::io::Raw;
use crate::leads::LeadReader;
use crate::pact::{FieldId, Intake, Mapping, Pact};
use crate::text::exact;
use crate::ty::Ty;
use crate::value::Value;

/// The most texts of a column of which the class is remembered, and the most names of columns.
const MOST_KNOWN: usize = 4_096;

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The cell of a field.
    Cell(usize),
    History,
    /// Nothing takes it.
    Nothing,
    /// Something that is read row by row.
    Doubt,
}

#[derive(Debug)]
struct Column {
    name: Box<str>,
    meaning: Meaning,
    /// The number of the last line that had it.
    seen: u64,
}

/// How the cells of a column become classes of a field.
#[derive(Debug)]
struct Cell<'p> {
    field: FieldId,
    mapping: Option<&'p Mapping>,
    /// Which of several columns of the field this is: the first that holds a value counts.
    rank: u8,
    kind: CellKind,
    known: FxHashMap<Box<str>, Class>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellKind {
    /// Every text that is not empty is of this class.
    AnyText(Class),
    /// A number as JSON has it; whole ones only.
    Number { whole: bool },
    Bool,
    /// Whatever it is, the reader of all rows says what it means; what texts mean is remembered.
    Asked,
}

/// Reads lines as leads in classes.
pub(super) struct LineReader<'p> {
    pact: &'p Pact,
    columns: Vec<Column>,
    places: FxHashMap<Box<str>, usize>,
    /// The columns of the last line, in order: most lines have the same.
    order: Vec<usize>,
    cells: Vec<Cell<'p>>,
    kinds: FxHashMap<Box<str>, u32>,
    /// The ranks of the columns that the fields of a line came from.
    ranks: Vec<u8>,
    number: u64,
    /// The columns of the line that nothing takes.
    nothing: Vec<usize>,
    plain_times: bool,
}

impl<'p> LineReader<'p> {
    /// A reader for what a `source` says; none where that needs whole rows.
    pub(super) fn new(decider: &Decider<'p>, reader: &LeadReader<'p>) -> Option<Self> {
        let pact = decider.plan.pact;
        let intake = reader.intake();
        let whole = |mapping: &Mapping| mapping.guard.is_some() || mapping.columns.iter().any(|name| name.contains('.'));
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
                for mapping in &intake.mappings {
                    for (name, rank) in mapping.columns.iter().zip(0..) {
                        line.cell(decider, Some(intake), (mapping.field, Some(mapping)), (name, rank))?;
                    }
                }
            }
        }
        let history = intake.and_then(|intake| intake.history.as_deref()).unwrap_or("history");
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
            mapping.cases.is_empty() && mapping.otherwise.is_none() && mapping.factor.is_none() && mapping.split.is_none()
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

    /// Reads a line. None where there is a doubt about it.
    pub(super) fn read(
        &mut self,
        line: &[u8],
        decider: &mut Decider<'p>,
        reader: &mut LeadReader<'p>,
        lead: &mut ClassedLead,
    ) -> Option<()> {
        let text = std::str::from_utf8(line.trim_ascii_end()).ok()?;
        self.number += 1;
        self.ranks.fill(u8::MAX);
        self.nothing.clear();
        lead.key.clear();
        lead.events.clear();
        lead.classes.clear();
        lead.classes.resize(self.pact.fields.len(), MISSING);
        let mut parser = serde_json::Deserializer::from_str(text);
        Line { of: &mut *self, decider: &mut *decider, reader: &mut *reader, lead: &mut *lead }.deserialize(&mut parser).ok()?;
        parser.end().ok()?;
        for (field, (class, default)) in self.pact.fields.iter().zip(lead.classes.iter_mut().zip(&decider.plan.defaults)) {
            if *class == MISSING {
                *class = default.unwrap_or(MISSING);
                if *class == MISSING && !field.optional {
                    return None;
                }
            }
        }
        self.nothing.iter().for_each(|at| reader.note(&self.columns[*at].name));
        Some(())
    }

    /// The place of a column, which no other of the line may have.
    fn place(&mut self, name: &str, turn: usize, reader: &LeadReader<'p>) -> Option<usize> {
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

/// A line under work.
struct Line<'l, 'p> {
    of: &'l mut LineReader<'p>,
    decider: &'l mut Decider<'p>,
    reader: &'l mut LeadReader<'p>,
    lead: &'l mut ClassedLead,
}

fn doubt<E: de::Error>() -> E {
    E::custom("a doubt")
}

impl<'de> DeserializeSeed<'de> for Line<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Line<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut turn = 0;
        while let Some(at) = map.next_key_seed(Name(&mut self, turn))? {
            turn += 1;
            match self.of.columns[at].meaning {
                Meaning::Cell(cell) => map.next_value_seed(OfCell(&mut self, cell))?,
                Meaning::History => map.next_value_seed(History(&mut self))?,
                Meaning::Nothing => map.next_value_seed(Ignored)?,
                Meaning::Doubt => return Err(doubt()),
            }
        }
        Ok(())
    }
}

/// The name of a column, to its place.
struct Name<'s, 'l, 'p>(&'s mut Line<'l, 'p>, usize);

impl<'de> DeserializeSeed<'de> for Name<'_, '_, '_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_, '_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        let Self(line, turn) = self;
        line.of.place(name, turn, line.reader).ok_or_else(doubt)
    }
}

impl Line<'_, '_> {
    fn set(&mut self, at: usize, class: Class) {
        let Cell { field, rank, .. } = self.of.cells[at];
        let field = field.0 as usize;
        if class != MISSING && rank < self.of.ranks[field] {
            self.of.ranks[field] = rank;
            self.lead.classes[field] = class;
        }
    }

    fn text(&mut self, at: usize, text: &str) -> Option<()> {
        let cell = &self.of.cells[at];
        let is_key = cell.field == self.of.pact.key;
        if let CellKind::AnyText(class) = cell.kind {
            if is_key {
                self.lead.key.push_str(text);
            }
            self.set(at, if text.is_empty() { MISSING } else { class });
            return Some(());
        }
        if let Some(class) = cell.known.get(text).filter(|_| !is_key) {
            let class = *class;
            self.set(at, class);
            return Some(());
        }
        // classes that come with their values go again
        let lasting = !matches!(self.decider.plan.classes[cell.field.0 as usize], Classes::Open);
        let class = self.raw(at, &Raw::Text(text.into()))?;
        let known = &mut self.of.cells[at].known;
        if lasting && known.len() < MOST_KNOWN {
            known.insert(text.into(), class);
        }
        Some(())
    }

    fn number(&mut self, at: usize, text: &str) -> Option<()> {
        let cell = &self.of.cells[at];
        let classes = &self.decider.plan.classes[cell.field.0 as usize];
        let number = plain_billionths(text.as_bytes()).filter(|_| cell.field != self.of.pact.key);
        let fits = |number: &i128| cell.kind == CellKind::Number { whole: false } || is_whole(*number);
        let class = number.filter(fits).and_then(|number| match classes {
            Classes::Presence => Some(1),
            classes => classes.of_billionths(number),
        });
        match class {
            Some(class) => self.set(at, class),
            None => drop(self.raw(at, &serde_json::from_str(text).ok()?)?),
        }
        Some(())
    }

    fn bool(&mut self, at: usize, yes: bool) -> Option<()> {
        let cell = &self.of.cells[at];
        match (cell.kind, &self.decider.plan.classes[cell.field.0 as usize]) {
            (CellKind::Bool, Classes::Presence) => self.set(at, 1),
            (CellKind::Bool, _) => self.set(at, 1 + Class::from(yes)),
            _ => drop(self.raw(at, &Raw::Bool(yes))?),
        }
        Some(())
    }

    /// What the reader of all rows makes of a cell.
    fn raw(&mut self, at: usize, raw: &Raw) -> Option<Class> {
        let Cell { field, mapping, .. } = self.of.cells[at];
        let value: Option<Value> = self.reader.cell(field, mapping, raw)?;
        if field == self.of.pact.key
            && let Some(value) = &value
        {
            self.lead.key = value.to_string();
        }
        let class = value.map_or(Some(MISSING), |value| self.decider.class(field, &value))?;
        self.set(at, class);
        Some(class)
    }
}

/// A cell, to a class.
struct OfCell<'s, 'l, 'p>(&'s mut Line<'l, 'p>, usize);

impl<'de> DeserializeSeed<'de> for OfCell<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if matches!(self.0.of.cells[self.1].kind, CellKind::Number { .. }) {
            let raw = <&RawValue>::deserialize(deserializer)?;
            return self.0.number(self.1, raw.get()).ok_or_else(doubt);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OfCell<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cell")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.0.text(self.1, text).ok_or_else(doubt)
    }

    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<(), E> {
        self.0.bool(self.1, yes).ok_or_else(doubt)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let raw = Raw::deserialize(MapAccessDeserializer::new(map))?;
        self.0.raw(self.1, &raw).map(drop).ok_or_else(doubt)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        let raw = Raw::deserialize(SeqAccessDeserializer::new(seq))?;
        self.0.raw(self.1, &raw).map(drop).ok_or_else(doubt)
    }
}

/// A value that nothing takes. What is not simple is read as every row is, so that it is refused as there.
struct Ignored;

impl<'de> DeserializeSeed<'de> for Ignored {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Ignored {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Raw::deserialize(MapAccessDeserializer::new(map)).map(drop)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        Raw::deserialize(SeqAccessDeserializer::new(seq)).map(drop)
    }
}

/// The list of what happened.
struct History<'s, 'l, 'p>(&'s mut Line<'l, 'p>);

impl<'de> DeserializeSeed<'de> for History<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for History<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Happened(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// One event: its kind and its instant, and nothing else.
struct Happened<'s, 'l, 'p>(&'s mut Line<'l, 'p>);

impl<'de> DeserializeSeed<'de> for Happened<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Happened<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut kind, mut at) = (None, None);
        while let Some(is_kind) = map.next_key_seed(EventPart)? {
            let text = map.next_value_seed(PlainText)?;
            let place = if is_kind { &mut kind } else { &mut at };
            if place.replace(text).is_some() {
                return Err(doubt());
            }
        }
        let (Some(kind), Some(at)) = (kind, at) else { return Err(doubt()) };
        let Line { of, reader, lead, .. } = self.0;
        let kind = of.kinds.get(kind).copied().ok_or_else(doubt)?;
        let plain = if of.plain_times { plain_moment(at.as_bytes()) } else { None };
        let asked = || reader.instant(&Raw::Text(at.into())).and_then(nanoseconds);
        lead.events.push((kind, plain.or_else(asked).ok_or_else(doubt)?));
        Ok(())
    }
}

/// `kind` or `at`: whether it is the first.
struct EventPart;

impl<'de> DeserializeSeed<'de> for EventPart {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for EventPart {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`kind` or `at`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<bool, E> {
        match name {
            "kind" => Ok(true),
            "at" => Ok(false),
            _ => Err(doubt()),
        }
    }
}

/// A text as it stands in the line.
struct PlainText;

impl<'de> DeserializeSeed<'de> for PlainText {
    type Value = &'de str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'de str, D::Error> {
        <&str>::deserialize(deserializer)
    }
}
