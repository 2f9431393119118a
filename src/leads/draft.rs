//! A draft of the `lead` and `source` items for a file, from what its cells look like.
//!
//! A person reviews it: each line says how sure it is and which rows speak against it. When leads are read, only what is
//! declared counts, and nothing is guessed.

mod evidence;
mod remark;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::IndexMap;

use crate::io::{Raw, Row};
use evidence::{DATES, EXACT_TIME, Evidence, Form, NUMBERS, TIMES, YES_NO};

/// What is known of a file after its rows were looked at.
#[derive(Debug, Clone, Default)]
pub struct SourceDraft {
    columns: IndexMap<Box<str>, Evidence>,
    rows: u64,
    rejected: u64,
}

/// What a column becomes.
struct Field<'d> {
    of: &'d Evidence,
    name: String,
    ty: String,
    /// The form that reads it, where one does.
    form: Option<Form>,
    /// How sure that is, and what speaks against it.
    remark: String,
    /// Words and the texts that become them.
    words: Vec<(String, String)>,
    /// Whether a cell of it cannot be read.
    exceptions: bool,
}

/// The columns of a file whose rows are events.
struct EventColumns<'d> {
    /// When it happened.
    at: &'d Evidence,
    /// What happened.
    kind: &'d Evidence,
    /// The kinds, each with its text.
    kinds: Vec<(String, String)>,
}

/// Words that cannot be names.
const RESERVED: [&str; 15] = [
    "and", "or", "not", "in", "is", "if", "then", "else", "when", "where", "between", "true", "false", "default", "key",
];

/// How many different texts a column may have whose texts are words, and how long they may be.
const FEW: usize = 12;
const SHORT: usize = 32;

impl SourceDraft {
    /// Takes a row in.
    pub fn add(&mut self, row: &Row) {
        for (name, raw) in &row.fields {
            self.part(name, raw, row.line);
        }
        self.rows += 1;
        for column in self.columns.values_mut() {
            // a row need not have every column
            let seen = column.filled + column.empty + column.nothing.values().sum::<u64>();
            column.empty += self.rows.saturating_sub(seen);
        }
    }

    /// A value, or the values in it by their paths.
    fn part(&mut self, name: &str, raw: &Raw, line: u64) {
        if let Raw::Map(parts) = raw {
            parts.iter().for_each(|(part, raw)| self.part(&format!("{name}.{part}"), raw, line));
            return;
        }
        if !self.columns.contains_key(name) {
            let mut column = Evidence::new(name);
            column.empty = self.rows;
            self.columns.insert(name.into(), column);
        }
        if let Some(column) = self.columns.get_mut(name) {
            column.add(line, raw);
        }
    }

    /// Counts a row that could not be read.
    pub fn reject(&mut self) {
        self.rejected += 1;
    }

    /// The items as text, to be laid out by the formatter. `file` is the file's name, `name` that of the source; `notes`
    /// say how the file was read, and `clauses` are those by which it was.
    pub fn items(&self, file: &str, name: &str, notes: &[String], clauses: &[String]) -> String {
        let numbers = self.numbers();
        let key = self.key();
        let mut taken = BTreeSet::new();
        let fields: Vec<Field<'_>> = self
            .columns
            .values()
            .map(|column| field(column, numbers, key.as_deref() == Some(&*column.name), &mut taken))
            .collect();
        let mut out = String::new();
        let rows = |count| if count == 1 { "one row".to_owned() } else { format!("{count} rows") };
        let read = rows(self.rows);
        let _ = writeln!(out, "# A draft from `{file}`: {read}. Review every line: it says how sure it is.");
        if self.rejected > 0 {
            let _ = writeln!(out, "# Not read at all, and not in what follows: {}.", rows(self.rejected));
        }
        for note in notes {
            let _ = writeln!(out, "# {note}");
        }
        let events = self.events(&fields, key.as_deref());
        if let Some(EventColumns { kinds, .. }) = &events {
            let names: Vec<&str> = kinds.iter().map(|(kind, _)| &**kind).collect();
            out.push_str("# Several rows are about one lead: they look like events.\n");
            let _ = writeln!(out, "activity {}\n", names.join(", "));
        }
        let event_columns: Vec<&str> = events.iter().flat_map(|of| [&*of.at.name, &*of.kind.name]).collect();
        let of_lead = |field: &&Field<'_>| !event_columns.contains(&field.of.name.as_str());
        out.push_str("lead {\n");
        for field in fields.iter().filter(of_lead) {
            let _ = writeln!(out, "  {} {}  # {}", field.name, field.ty, field.remark);
        }
        let _ = write!(out, "}}\n\nsource {} \"{}\" {{\n", slug(name, &mut BTreeSet::new()), escaped(file));
        for clause in clauses {
            let _ = writeln!(out, "  {clause}");
        }
        self.forms(&fields, numbers, &mut out);
        if let Some(EventColumns { at, kind: of, kinds }) = &events {
            let (at, of) = (escaped(&at.name), escaped(&of.name));
            for (kind, text) in kinds {
                let _ = writeln!(out, "  event {kind} at \"{at}\" when \"{of}\" in \"{}\"", escaped(text));
            }
        }
        for field in fields.iter().filter(of_lead) {
            let _ = write!(out, "  {} = \"{}\"", field.name, escaped(&field.of.name));
            let mapped: Vec<&(String, String)> = field.words.iter().filter(|(word, text)| word != text).collect();
            if !mapped.is_empty() {
                out.push_str(" {\n");
                for (word, text) in mapped {
                    let _ = writeln!(out, "    \"{}\" -> {word}", escaped(text));
                }
                out.push_str("  }");
            }
            out.push_str(if field.exceptions { " otherwise missing\n" } else { "\n" });
        }
        out.push_str("}\n");
        out
    }

    /// What holds for the whole source: how its values are written.
    fn forms(&self, fields: &[Field<'_>], numbers: Option<usize>, out: &mut String) {
        let blank: IndexMap<&str, u64> =
            self.columns.values().flat_map(|column| &column.nothing).map(|(text, n)| (&**text, *n)).collect();
        if !blank.is_empty() {
            let texts: Vec<String> = blank.keys().map(|text| format!("\"{}\"", escaped(text))).collect();
            let _ = writeln!(out, "  blank {}  # they look like nothing", texts.join(", "));
        }
        if let Some(at) = numbers {
            let _ = writeln!(out, "  numbers \"{}\"", NUMBERS[at]);
        }
        let used: BTreeSet<Form> = fields.iter().filter_map(|field| field.form).collect();
        let (yes, no): (BTreeSet<&str>, BTreeSet<&str>) = used
            .iter()
            .filter_map(|form| if let Form::YesNo(at) = form { Some(YES_NO[*at]) } else { None })
            .filter(|(yes, _)| *yes != "true")
            .unzip();
        let quoted = |texts: BTreeSet<&str>| texts.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(", ");
        if !yes.is_empty() {
            let _ = writeln!(out, "  yes {} no {}", quoted(yes), quoted(no));
        }
        let of = |pick: fn(&Form) -> Option<&'static str>| used.iter().filter_map(pick).collect::<BTreeSet<&str>>();
        let mut dates = of(|form| if let Form::Date(at) = form { Some(DATES[*at]) } else { None });
        if !dates.is_empty() && used.contains(&Form::IsoDate) {
            dates.insert(DATES[0]);
        }
        let mut times = of(|form| if let Form::Time(at) = form { Some(TIMES[*at]) } else { None });
        let counted = used.contains(&Form::Milliseconds);
        if counted || !times.is_empty() {
            let iso = fields.iter().filter(|field| field.form == Some(Form::IsoTime));
            times.extend(iso.flat_map(|field| &field.of.iso_times));
        }
        if !dates.is_empty() {
            let _ = writeln!(out, "  dates {}", quoted(dates));
        }
        let counted = counted.then_some("milliseconds".to_owned());
        let local = times.iter().any(|format| *format != EXACT_TIME);
        let zone = if local { "  # add `in \"Area/City\"` where it is not the zone of the pact" } else { "" };
        let times: Vec<String> = counted.into_iter().chain((!times.is_empty()).then(|| quoted(times))).collect();
        if !times.is_empty() {
            let _ = writeln!(out, "  times {}{zone}", times.join(", "));
        }
    }

    /// The form in which the numbers of the file are written; none where they are as in JSON. One form holds for all
    /// columns: the one that reads most of those that hold numbers.
    fn numbers(&self) -> Option<usize> {
        let numeric = |column: &&Evidence| {
            !names_things(column) && (0..NUMBERS.len()).any(|at| column.speaks_for(Form::Written(at)))
        };
        let columns: Vec<&Evidence> = self.columns.values().filter(numeric).collect();
        let read = |form: Form| columns.iter().filter(|column| column.speaks_for(form)).count();
        let best = (0..NUMBERS.len()).max_by_key(|at| (read(Form::Written(*at)), std::cmp::Reverse(*at)))?;
        (read(Form::Written(best)) > read(Form::Number)).then_some(best)
    }

    /// The column that tells leads apart: the first without a blank in which no two cells are alike, one that is called
    /// so before others; where there is none, the first that is called so.
    fn key(&self) -> Option<String> {
        let whole: Vec<&Evidence> = self
            .columns
            .values()
            .filter(|column| column.empty == 0 && column.nothing.is_empty() && column.filled > 0)
            .collect();
        let called = |column: &&&Evidence| is_called_key(&column.name);
        let unique = || whole.iter().filter(|column| column.is_unique());
        let named = || unique().find(called).or_else(|| whole.iter().find(called));
        let key = named().or_else(|| unique().next()).or_else(|| whole.first());
        key.copied().or_else(|| self.columns.values().next()).map(|column| column.name.clone())
    }

    /// Where keys come again and each row has an instant: its column, that of what happened, and the kinds.
    fn events<'d>(&self, fields: &[Field<'d>], key: Option<&str>) -> Option<EventColumns<'d>> {
        let key = self.columns.get(key?)?;
        if key.different() as u64 == key.filled {
            return None;
        }
        let timed = |field: &&Field<'_>| field.ty.starts_with("time") && field.of.empty == 0;
        let at = fields.iter().find(timed)?;
        let says = |field: &&Field<'_>| {
            let name = field.of.name.to_lowercase();
            let called = ["activit", "event", "action", "status", "type"].iter().any(|word| name.contains(word));
            called && field.of.name != key.name && field.of.words.is_some()
        };
        let of = fields.iter().find(says)?;
        let words = of.of.words.as_ref()?;
        let mut taken = BTreeSet::new();
        let kinds = words.keys().map(|text| {
            let digits = text.starts_with(|c: char| c.is_ascii_digit());
            (slug(&if digits { format!("event_{text}") } else { text.clone() }, &mut taken), text.clone())
        });
        Some(EventColumns { at: at.of, kind: of.of, kinds: kinds.collect() })
    }
}

/// Whether a name is one that columns have whose values tell things apart: `Id`, `lead_id`, `Order No`, `contactId`, but
/// not `paid`.
fn is_called_key(name: &str) -> bool {
    let ends = ["id", "key", "no", "nr", "number", "numara", "номер", "code"];
    let small = name.to_lowercase();
    let last = small.rsplit(['_', ' ', '-', '.']).find(|word| !word.is_empty()).unwrap_or_default();
    let hump = name.strip_suffix("Id").or_else(|| name.strip_suffix("ID"));
    ends.contains(&last) || hump.is_some_and(|rest| rest.ends_with(char::is_lowercase))
}

/// Whether the digits of a column name something, as those of a phone or a post code do.
fn names_things(column: &Evidence) -> bool {
    let name = column.name.to_lowercase();
    let names = ["phone", "tel", "mobile", "zip", "post", "plz", "fax", "iban"];
    column.leading_zero || is_called_key(&column.name) || names.iter().any(|word| name.contains(word))
}

fn field<'d>(of: &'d Evidence, numbers: Option<usize>, key: bool, taken: &mut BTreeSet<String>) -> Field<'d> {
    let name = slug(&of.name, taken);
    let number = numbers.map_or(Form::Number, Form::Written);
    let candidates = of.forms.iter().map(|(form, _)| *form).filter(|form| match form {
        Form::Number | Form::Written(_) => *form == number && !names_things(of),
        Form::Milliseconds => !names_things(of),
        // digits that are yes and no would be numbers as well
        Form::YesNo(at) => YES_NO[*at].0 != "1" || of.different() == 2,
        _ => true,
    });
    let (mut best, mut alike): (Option<Form>, Vec<Form>) = (None, Vec::new());
    for form in candidates.filter(|form| of.speaks_for(*form)) {
        let reads = |form: Form| of.fit(form).map_or(0, |fit| fit.reads);
        match best {
            Some(known) if reads(form) > reads(known) => best = Some(form),
            Some(known) if reads(form) == reads(known) => alike.push(form),
            Some(_) => {}
            None => best = Some(form),
        }
    }
    let best = best.filter(|_| !key);
    let optional = of.empty > 0 || !of.nothing.is_empty() || of.filled == 0;
    let exceptions = best.is_some_and(|form| !of.is_sure(form));
    let words = few_words(of).filter(|_| best.is_none() && !key).unwrap_or_default();
    let mut names = words.iter().map(|(word, _)| &**word).collect::<Vec<_>>();
    names.dedup();
    let ty = match best {
        Some(Form::YesNo(_)) => "bool".to_owned(),
        Some(Form::IsoDate | Form::Date(_)) => "date".to_owned(),
        Some(Form::IsoTime | Form::Time(_) | Form::Milliseconds) => "time".to_owned(),
        Some(Form::Number | Form::Written(_)) => match of.currency {
            Some(currency) => format!("money {currency}"),
            None if of.whole => "integer".to_owned(),
            None => "number".to_owned(),
        },
        Some(Form::List) => "list of text".to_owned(),
        None if !names.is_empty() => format!("one of {}", names.join(", ")),
        None if !key && of.semicolons * 10 >= of.filled && of.semicolons > 0 => "list of text".to_owned(),
        None => "text".to_owned(),
    };
    let question = if (optional || exceptions) && !key { "?" } else { "" };
    let ty = format!("{ty}{question}{}", if key { " key" } else { "" });
    let remark = remark::remark(of, best, &alike, key);
    Field { of, name, ty, form: best, remark, words, exceptions }
}

/// The words of a column with few different short texts, each with its text.
fn few_words(of: &Evidence) -> Option<Vec<(String, String)>> {
    let words = of.words.as_ref()?;
    let few = words.len() <= FEW && of.filled >= 5 * words.len() as u64 && of.filled >= 20;
    let short = words.keys().all(|text| text.chars().count() <= SHORT && !text.contains(';'));
    if !few || !short || names_things(of) {
        return None;
    }
    // texts that differ in case alone are one word
    let mut named: IndexMap<String, (String, String)> = IndexMap::new();
    let mut taken = BTreeSet::new();
    for text in words.keys() {
        named.entry(text.to_lowercase()).or_insert_with(|| (slug(text, &mut taken), text.clone()));
    }
    Some(named.into_values().collect())
}

/// A name of the language: letters, digits and `_`, small, each once.
fn slug(text: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = String::new();
    let mut small = false;
    for c in text.trim().chars() {
        if small && c.is_uppercase() {
            name.push('_');
        }
        small = c.is_lowercase();
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
    }
    let mut name = name.trim_end_matches('_').to_owned();
    if !name.starts_with(char::is_alphabetic) {
        name.insert(0, '_');
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    let base = name.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t").replace('\r', " ")
}
