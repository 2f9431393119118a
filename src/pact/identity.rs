//! By what leads are recognised besides their key: `match on`.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{FieldId, Pact};
use crate::phone;
use crate::span::Span;
use crate::text::Folding;
use crate::value::Value;

/// A field of which a value belongs to one lead only.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The field.
    pub field: FieldId,
    /// Where its values are telephone numbers: of which country those are that do not say it.
    pub country: Option<Country>,
    pub span: Span,
}

/// The country of telephone numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Country {
    /// The one that this field of the same row holds.
    Field(FieldId),
    /// One for all.
    Code(Arc<str>),
}

/// A value by which a lead is recognised, in the form in which two are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityValue {
    /// The name of the field.
    pub field: Arc<str>,
    /// The value.
    pub text: String,
}

/// How many characters of a hash stand in a key.
const HASH: usize = 16;

impl IdentityValue {
    /// The key of a lead of which nothing better is known than this value. It does not hold the value itself.
    pub fn key(&self) -> String {
        format!("{}:{}", self.field, &self.hash()[..HASH])
    }

    /// What stands for the value where the value itself shall not: the first half of its SHA-256 in hexadecimal digits.
    pub fn hash(&self) -> String {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        self.digest().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    /// The first half of its SHA-256.
    pub fn digest(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        hash.update(self.field.as_bytes());
        hash.update([0]);
        hash.update(self.text.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        half
    }
}

/// The field of whose value a key is the hash: the engine gave it to a lead of which nothing better is known. None for a key
/// that a system gave.
///
/// # Examples
/// ```
/// use leadpact::internals::pact::provisional_field;
/// assert_eq!(provisional_field("email:a379a6f6eeafb9a5"), Some("email"));
/// assert_eq!(provisional_field("00Q5g-1"), None);
/// assert_eq!(provisional_field("urn:1"), None);
/// ```
pub fn provisional_field(key: &str) -> Option<&str> {
    let (field, hash) = key.rsplit_once(':')?;
    let is_hash = hash.len() == HASH && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (is_hash && !field.is_empty()).then_some(field)
}

impl Pact {
    /// The values of a row by which its lead is recognised, those of the first field of `match on` first.
    #[doc(hidden)]
    pub fn identity_values<'v>(&self, value: impl Fn(FieldId) -> Option<&'v Value>) -> Vec<IdentityValue> {
        let mut all = Vec::new();
        for identity in &self.identities {
            let Some(held) = value(identity.field) else { continue };
            let country = match &identity.country {
                Some(Country::Field(field)) => value(*field).map(ToString::to_string),
                Some(Country::Code(code)) => Some(code.to_string()),
                None => None,
            };
            let normal = |value: &Value| match identity.country {
                Some(_) => phone::normal(&value.to_string(), country.as_deref()),
                None => normal(self.folding, &value.to_string()),
            };
            let texts: Vec<String> = match held {
                Value::List(list) => list.iter().filter_map(normal).collect(),
                value => normal(value).into_iter().collect(),
            };
            let field = &self[identity.field].name;
            all.extend(texts.into_iter().map(|text| IdentityValue { field: field.clone(), text }));
        }
        all
    }

    /// Whether rows say this field so that leads are recognised.
    #[doc(hidden)]
    pub fn identifies(&self, field: FieldId) -> bool {
        let of = |identity: &Identity| identity.field == field || identity.country == Some(Country::Field(field));
        self.identities.iter().any(of)
    }
}

/// A text as it is compared. Addresses have no letters of a language.
fn normal(folding: Folding, text: &str) -> Option<String> {
    let text = text.trim();
    let folding = if text.contains('@') { Folding::Default } else { folding };
    (!text.is_empty()).then(|| folding.fold(text).into_owned())
}
