use serde::ser::{Serialize, SerializeMap, Serializer};

use super::raw::Raw;

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
        self.fields.iter().find(|(field, _)| &**field == name).map(|(_, value)| value)
    }
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
