//! Lines of NDJSON straight to classes: no value is made of what only its class matters of.
//!
//! What is read here is what nearly every line is. Whatever else a line holds is a doubt, and the line is read again by the
//! reader of all rows, which alone says what is wrong with one.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize as _, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::Line;
use super::class::MISSING;
use super::columns::{CellKind, Columns, Meaning};
use super::decider::Decider;
use super::history::{History, doubt};
use super::lead::ClassedLead;
use crate::io::Raw;
use crate::leads::LeadReader;

impl<'p> Columns<'p> {
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
        Line { of: &mut *self, decider: &mut *decider, reader: &mut *reader, lead: &mut *lead }
            .deserialize(&mut parser)
            .ok()?;
        parser.end().ok()?;
        for (field, (class, default)) in
            self.pact.fields.iter().zip(lead.classes.iter_mut().zip(&decider.plan.defaults))
        {
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
}

impl<'p> Line<'_, 'p> {
    fn history(&mut self) -> History<'_, 'p> {
        let Columns { kinds, plain_times, .. } = &*self.of;
        History { kinds, plain_times: *plain_times, reader: &*self.reader, events: &mut self.lead.events }
    }
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
                Meaning::History => map.next_value_seed(self.history())?,
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
