//! What a draft says of a column: how sure its type is, and what speaks against it.

use super::evidence::{DATES, Evidence, Fit, Form, NUMBERS, TIMES, YES_NO};
use super::names_things;

/// How sure a column's type is.
pub(super) fn remark(of: &Evidence, best: Option<Form>, alike: &[Form], key: bool) -> String {
    let against = |fit: &Fit| {
        let lines: Vec<String> =
            fit.against.iter().map(|(line, text)| format!("line {line} `{}`", plain(text))).collect();
        lines.join(", ")
    };
    let mut parts = Vec::new();
    let sure = |form: Form| of.fit(form).map_or(0, |fit| fit.reads);
    match best {
        Some(form) if of.is_sure(form) => parts.push(format!("all {}", of.filled)),
        Some(form) => {
            parts.push(format!("{} of {}", sure(form), of.filled));
            parts.push(format!("against it: {}", of.fit(form).map(against).unwrap_or_default()));
        }
        None if of.filled == 0 => parts.push("nothing stands in it".to_owned()),
        None => parts.push(format!("{} different of {}", of.different(), of.filled)),
    }
    if let Some((form, fit)) = nearly(of).filter(|_| best.is_none() && !key) {
        let against = if fit.against.is_empty() { String::new() } else { format!("; against it: {}", against(fit)) };
        parts.push(format!("UNSURE: {} of them are {}{against}", fit.reads, kind(form)));
    }
    let as_well: Vec<&str> = alike
        .iter()
        .filter_map(|form| match form {
            Form::Date(at) if matches!(best, Some(Form::Date(_))) => Some(DATES[*at]),
            Form::Time(at) if matches!(best, Some(Form::Time(_))) => Some(TIMES[*at]),
            Form::Number if matches!(best, Some(Form::Milliseconds)) => Some("a whole number"),
            _ => None,
        })
        .collect();
    if !as_well.is_empty() {
        parts.push(format!("UNSURE: every one is read as {} as well", as_well.join(" and ")));
    }
    if key && of.different() as u64 != of.filled {
        parts.push("NOT ONE ROW EACH: rows repeat it".to_owned());
    }
    if of.empty > 0 {
        parts.push(format!("{} empty", of.empty));
    }
    let nothing: u64 = of.nothing.values().sum();
    if nothing > 0 {
        parts.push(format!("{nothing} blank"));
    }
    parts.join("; ")
}

/// The form that reads more of a column's cells than not.
fn nearly(of: &Evidence) -> Option<(Form, &Fit)> {
    let may = of.forms.iter().filter(|(form, fit)| {
        let number = match form {
            Form::Number | Form::Written(_) | Form::Milliseconds => true,
            Form::YesNo(at) => YES_NO[*at].0 == "1",
            _ => false,
        };
        fit.reads * 2 > of.filled && !(number && names_things(of))
    });
    may.rev().max_by_key(|(_, fit)| fit.reads).map(|(form, fit)| (*form, fit))
}

/// What the cells are that a form reads.
fn kind(form: Form) -> String {
    match form {
        Form::YesNo(at) => format!("`{}` or `{}`", YES_NO[at].0, YES_NO[at].1),
        Form::IsoDate => "dates".to_owned(),
        Form::Date(at) => format!("dates as {}", DATES[at]),
        Form::IsoTime => "times".to_owned(),
        Form::Time(at) => format!("times as {}", TIMES[at]),
        Form::Milliseconds => "milliseconds since 1970".to_owned(),
        Form::Number => "numbers".to_owned(),
        Form::Written(at) => format!("numbers as {}", NUMBERS[at]),
        Form::List => "lists".to_owned(),
    }
}

/// A text that may stand in a comment.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
