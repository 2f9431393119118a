use serde::ser::{Serialize, SerializeMap, Serializer};

use super::raw::Raw;
use crate::text::exact;

/// One row as it was written: its fields in order, each name once, and the line it starts on.
///
/// It serializes as a JSON object, digits of numbers unchanged.
///
/// ```
/// use leadpact::internals::io::{Raw, Row};
/// let row = Row { line: 2, fields: vec![("score".into(), Raw::Number("1.50".into()))] };
/// assert_eq!(serde_json::to_string(&row)?, r#"{"score":1.50}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The 1-based line of the input the row starts on.
    pub line: u64,
    /// The fields, in the order of the input.
    pub fields: Vec<(Box<str>, Raw)>,
}

impl Row {
    /// The value of the field called `name`, if the row has it.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        part(&self.fields, name)
    }

    /// The value of the field called `name`, or else the one inside objects and lists to which `name` is the path:
    /// `properties.email.value`, `records.0.id`.
    ///
    /// ```
    /// use leadpact::internals::io::{Raw, Row};
    /// let row = Row { line: 1, fields: serde_json::from_str::<Raw>(r#"{"a":{"b":["x",{"c":true}]}}"#).map(|raw| match raw {
    ///     Raw::Map(fields) => fields,
    ///     _ => Vec::new(),
    /// })? };
    /// assert_eq!(row.find("a.b.1.c"), Some(&Raw::Bool(true)));
    /// assert_eq!(row.find("a.c"), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn find(&self, name: &str) -> Option<&Raw> {
        self.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            rest.split('.').try_fold(self.get(first)?, |raw, step| match raw {
                Raw::Map(parts) => part(parts, step),
                Raw::List(items) => items.get(step.parse::<usize>().ok()?),
                _ => None,
            })
        })
    }
}

/// The value of a name, however its letters are composed.
fn part<'r>(parts: &'r [(Box<str>, Raw)], name: &str) -> Option<&'r Raw> {
    let as_written = parts.iter().find(|(field, _)| &**field == name);
    let found = as_written.or_else(|| {
        let is_it = |(field, _): &&(Box<str>, Raw)| !field.is_ascii() && exact(field) == exact(name);
        if name.is_ascii() { None } else { parts.iter().find(is_it) }
    });
    found.map(|(_, value)| value)
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
