use std::collections::HashSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A value as the input wrote it, before it has any type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// JSON or YAML `null`. CSV has none: a blank cell is blank text.
    Null,
    /// `true` or `false`; never made from text.
    Bool(bool),
    /// A number in JSON notation with every digit as written (`1.50` stays `1.50`); only an exponent is
    /// normalised, to `e+5`.
    Number(Box<str>),
    /// Text, and every CSV cell, untrimmed.
    Text(Box<str>),
    /// A list of values.
    List(Vec<Raw>),
    /// An object: names in order, each once.
    Map(Vec<(Box<str>, Raw)>),
}

impl Raw {
    /// What this is, for a sentence: "a list", "text".
    pub fn kind(&self) -> &'static str {
        match self {
            Raw::Null => "null",
            Raw::Bool(_) => "true or false",
            Raw::Number(_) => "a number",
            Raw::Text(_) => "text",
            Raw::List(_) => "a list",
            Raw::Map(_) => "an object",
        }
    }
}

/// The first name that appears twice.
fn twice(fields: &[(Box<str>, Raw)]) -> Option<&str> {
    // Most rows are small, and for them looking back is cheaper than hashing.
    if fields.len() <= 16 {
        let names = fields.iter().map(|(name, _)| &**name);
        return names.enumerate().find(|(i, name)| fields[..*i].iter().any(|(n, _)| **n == **name)).map(|(_, n)| n);
    }
    let mut seen = HashSet::with_capacity(fields.len());
    fields.iter().map(|(name, _)| &**name).find(|name| !seen.insert(*name))
}

/// Under `arbitrary_precision`, serde_json hands a number over as a map with this one key.
const NUMBER: &str = "$serde_json::private::Number";

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string().into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string().into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string().into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string().into()))
    }

    /// Only YAML calls this. A float has lost its digits, so it leaves an empty number that `yaml` fills in.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        if !value.is_finite() {
            return Err(E::custom("infinity and not-a-number are not values a row can hold"));
        }
        Ok(Raw::Number("".into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<Box<str>>()? {
            if fields.is_empty() && &*name == NUMBER {
                return Ok(Raw::Number(map.next_value::<Digits>()?.0));
            }
            fields.push((name, map.next_value()?));
        }
        match twice(&fields) {
            Some(name) => Err(de::Error::custom(format_args!("key `{name}` appears twice"))),
            None => Ok(Raw::Map(fields)),
        }
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, _: A) -> Result<Raw, A::Error> {
        Err(de::Error::custom("a value with a tag (`!name`) is not one a row can hold"))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// The digits of a number. serde_json gives them as an owned string and text of the input never so, which
/// keeps an object that merely uses the private key from passing as a number.
struct Digits(Box<str>);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Owned;
        impl Visitor<'_> for Owned {
            type Value = Digits;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Digits, E> {
                Err(E::invalid_type(de::Unexpected::Str(text), &self))
            }
            fn visit_string<E>(self, digits: String) -> Result<Digits, E> {
                Ok(Digits(digits.into()))
            }
        }
        deserializer.deserialize_any(Owned)
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Raw::Null => serializer.serialize_unit(),
            Raw::Bool(value) => serializer.serialize_bool(*value),
            // A number made by hand from something else is still shown rather than lost.
            Raw::Number(digits) => match digits.parse::<serde_json::Number>() {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_str(digits),
            },
            Raw::Text(text) => serializer.serialize_str(text),
            Raw::List(items) => serializer.collect_seq(items),
            Raw::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept() {
        for digits in ["0", "-0", "1.50", "12345678901234567890.123456789012345678901234567890", "1e+5"] {
            let raw: Raw = serde_json::from_str(digits).unwrap();
            assert_eq!(raw, Raw::Number(digits.into()));
            assert_eq!(serde_json::to_string(&raw).unwrap(), digits);
        }
    }

    #[test]
    fn an_object_cannot_pass_as_a_number() {
        let spoof = format!(r#"{{"{NUMBER}":"12"}}"#);
        assert!(serde_json::from_str::<Raw>(&spoof).is_err());
    }

    #[test]
    fn a_name_twice_is_refused_in_small_and_large_objects() {
        let many = (0..40).map(|i| format!(r#""k{i}":1,"#)).collect::<String>();
        for text in [r#"{"a":1,"a":2}"#.to_owned(), format!(r#"{{{many}"a":1,"a":2}}"#)] {
            let error = serde_json::from_str::<Raw>(&text).unwrap_err().to_string();
            assert!(error.starts_with("key `a` appears twice"), "{error}");
        }
    }
}
