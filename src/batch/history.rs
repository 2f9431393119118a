//! The list of what happened, in a line.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{self, Deserialize as _, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::events::nanoseconds;
use super::moment::plain_moment;
use crate::io::Raw;
use crate::leads::LeadReader;

/// There is a doubt about a line.
pub(super) fn doubt<E: de::Error>() -> E {
    E::custom("a doubt")
}

/// The list of what happened.
pub(super) struct History<'h, 'p> {
    /// Kinds by name.
    pub(super) kinds: &'h FxHashMap<Box<str>, u32>,
    /// Whether instants are written as nearly everybody writes them.
    pub(super) plain_times: bool,
    pub(super) reader: &'h LeadReader<'p>,
    pub(super) events: &'h mut Vec<(u32, i64)>,
}

impl<'de> DeserializeSeed<'de> for History<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for History<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut history = self;
        while seq.next_element_seed(Happened(&mut history))?.is_some() {}
        Ok(())
    }
}

/// One event: its kind and its instant, and nothing else.
struct Happened<'e, 'h, 'p>(&'e mut History<'h, 'p>);

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
        let History { kinds, plain_times, reader, events } = self.0;
        let kind = kinds.get(kind).copied().ok_or_else(doubt)?;
        let plain = if *plain_times { plain_moment(at.as_bytes()) } else { None };
        let asked = || reader.instant(&Raw::Text(at.into())).and_then(nanoseconds);
        events.push((kind, plain.or_else(asked).ok_or_else(doubt)?));
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
