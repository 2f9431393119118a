//! Whether a set holds a value.

use std::sync::Arc;

use super::Answer;
use super::compare::same;
use crate::pact::{FieldId, Pact, Set, Verdict};
use crate::record::Record;
use crate::value::Value;

/// Whether a set holds what an expression is worth.
pub(crate) fn is_in(pact: &Pact, record: &Record, value: &Answer, set: &Set, exactly: bool) -> Verdict {
    let folding = pact.folding;
    if let Answer::Among(words) = value {
        let one = |word: &Arc<str>| is_in(pact, record, &Answer::Known(Value::Word(word.clone())), set, exactly);
        return Verdict::agreed(words.iter().map(one));
    }
    let Answer::Known(value) = value else {
        let (Some((low, high)), Set::Values(values)) = (value.bounds(), set) else { return Verdict::Unknown };
        let may = values.iter().filter_map(Value::as_number).any(|n| low <= n && n <= high);
        return if may { Verdict::Unknown } else { Verdict::NotMet };
    };
    match set {
        Set::Values(values) => Verdict::known(values.iter().any(|v| same(folding, exactly, v, value))),
        Set::List(id) => {
            let list = &pact[*id];
            match value.as_text() {
                Some(text) if !exactly => {
                    let folded = folding.fold(text);
                    Verdict::known(list.folded.binary_search_by(|entry| entry.as_str().cmp(&folded)).is_ok())
                }
                _ => Verdict::known(list.values.iter().any(|v| same(folding, exactly, v, value))),
            }
        }
        Set::Field(id) => match record.value(*id) {
            Some(Value::List(values)) => Verdict::known(values.iter().any(|v| same(folding, exactly, v, value))),
            _ => Verdict::Unknown,
        },
    }
}

/// Whether a set holds, or with `negated` lacks, some value of a field that holds a list.
pub(crate) fn each_in(pact: &Pact, record: &Record, field: FieldId, set: &Set, exactly: bool, negated: bool) -> Answer {
    let Some(Value::List(values)) = record.value(field) else { return Answer::Unknown };
    let holds = |value: &Value| {
        let found = is_in(pact, record, &Answer::Known(value.clone()), set, exactly);
        if negated { !found } else { found }
    };
    values.iter().map(holds).fold(Verdict::NotMet, Verdict::or).into()
}
