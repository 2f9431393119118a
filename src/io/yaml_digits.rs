use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::raw::Raw;

/// A second walk over the same YAML that fills in the digits of decimals, which the first walk saw only as floats.
/// RequestedAction for text, the parser gives a scalar as it is written; only after the first walk is it known where to ask.
pub(super) struct Fill<'a>(pub(super) &'a mut Raw);

impl<'de> DeserializeSeed<'de> for Fill<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0 {
            Raw::Number(digits) if digits.is_empty() => deserializer.deserialize_str(self),
            Raw::List(_) => deserializer.deserialize_seq(self),
            Raw::Map(_) => deserializer.deserialize_map(self),
            _ => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
        }
    }
}

impl<'de> Visitor<'de> for Fill<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same value as before")
    }

    fn visit_str<E>(self, written: &str) -> Result<(), E> {
        *self.0 = Raw::Number(as_json(written).into());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Raw::List(items) = self.0 {
            for item in items {
                seq.next_element_seed(Fill(item))?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if let Raw::Map(fields) = self.0 {
            for (_, value) in fields {
                if map.next_key::<IgnoredAny>()?.is_some() {
                    map.next_value_seed(Fill(value))?;
                }
            }
        }
        Ok(())
    }
}

/// The same number in JSON notation: `+.5` is `0.5`, `1.` is `1`, `1E3` is `1e+3` as serde_json has it.
fn as_json(written: &str) -> String {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", written.strip_prefix('+').unwrap_or(written)),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let mut out = format!("{sign}{}", if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        out.push('e');
        out.push_str(if exponent.starts_with(['+', '-']) { "" } else { "+" });
        out.push_str(exponent);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn yaml_notations_become_json() {
        for (written, json) in
            [("1.50", "1.50"), ("+.5", "0.5"), ("-1.", "-1"), ("1e3", "1e+3"), ("2.5E-3", "2.5e-3"), ("007.5", "7.5")]
        {
            assert_eq!(super::as_json(written), json);
        }
    }
}
