//! The functions of the language.

use crate::text::Folding;
use crate::value::Value;
use crate::zone::Zone;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// The domain of an address.
    Domain,
}

impl Function {
    /// Applies it.
    pub fn apply(self, arguments: &[Value], _: Folding, _: &Zone) -> Option<Value> {
        arguments.first()?.as_text()?.rsplit('@').next().map(|d| Value::text(d.to_lowercase()))
    }
}
