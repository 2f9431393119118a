//! What a pact has by now, by name: an expression names nothing that comes after it.

use super::dice::Dice;
use super::sort::Sort;

/// A field of the lead, or a property of a kind of event.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub sort: Sort,
    /// Whether a record may lack it.
    pub optional: bool,
}

/// What can happen to a lead.
#[derive(Debug, Clone)]
pub struct Kind {
    pub name: String,
    /// `activity`, `touch` or `disposition`.
    pub class: &'static str,
    pub properties: Vec<Field>,
}

/// A named value or constant.
#[derive(Debug, Clone)]
pub struct Named {
    pub name: String,
    pub sort: Sort,
}

/// A table, what it asks for and what it gives.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub gives: Vec<&'static str>,
}

/// The names of a pact.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    pub fields: Vec<Field>,
    pub kinds: Vec<Kind>,
    pub lists: Vec<Named>,
    pub tables: Vec<Table>,
    pub params: Vec<Named>,
    pub scores: Vec<String>,
    pub values: Vec<Named>,
    /// Bands and grids with their words.
    pub bands: Vec<(String, Vec<&'static str>)>,
    pub criteria: Vec<String>,
    pub calendars: Vec<String>,
    pub programs: Vec<String>,
    pub teams: Vec<String>,
    pub routes: Vec<String>,
    /// The lengths of time that clauses name: what lies that far apart is worth a look.
    pub lengths: Vec<String>,
}

/// Names of fields, in several scripts; each in the order of the list, and then with a number.
pub const FIELDS: [&str; 14] = [
    "country",
    "şehir",
    "бюджет",
    "rating",
    "ตำแหน่ง",
    "customer",
    "renewal_on",
    "contact_after",
    "employees",
    "origin",
    "interests",
    "дата",
    "note",
    "état",
];
/// Names of properties.
pub const PROPERTIES: [&str; 8] = ["minutes", "тема", "amount", "reason", "answered", "sayfa", "until", "เมื่อ"];
/// Names of activities, touches and dispositions.
pub const ACTIVITIES: [&str; 6] = ["visit", "demo", "download", "посещение", "ziyaret", "unsubscribed"];
pub const TOUCHES: [&str; 4] = ["call", "email", "встреча", "arama"];
pub const DISPOSITIONS: [&str; 5] = ["accepted", "recycle", "junk", "отказ", "won"];
/// Words of bands.
pub const BANDS: [&str; 6] = ["hot", "warm", "ılık", "холодно", "icy", "สุดท้าย"];

/// The name at a place of a list; beyond its end, one of them with a number.
pub fn name_at(of: &[&str], at: usize) -> String {
    let name = of[at % of.len()];
    if at < of.len() { name.to_owned() } else { format!("{name}_{}", at / of.len() + 1) }
}

impl Vocabulary {
    /// The fields of a type.
    pub fn fields_of(&self, sort: &Sort) -> Vec<&Field> {
        self.fields.iter().filter(|field| field.sort == *sort).collect()
    }

    /// The kinds of a class.
    pub fn class(&self, class: &str) -> Vec<&Kind> {
        self.kinds.iter().filter(|kind| kind.class == class).collect()
    }

    /// A length of time, which is remembered.
    pub fn length(&mut self, dice: &mut Dice, of: &[&str]) -> String {
        let length = (*dice.pick(of)).to_owned();
        if !self.lengths.contains(&length) {
            self.lengths.push(length.clone());
        }
        length
    }
}
