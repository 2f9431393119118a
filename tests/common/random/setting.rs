//! What stands before all clauses: the agreement, the lead, what can happen, lists, tables, calendars and teams.

use std::collections::BTreeMap;

use super::condition::Speaker;
use super::dice::Dice;
use super::sort::Sort;
use super::text::item;
use super::vocabulary::{
    ACTIVITIES, DISPOSITIONS, FIELDS, Field, Kind, Named, PROPERTIES, TOUCHES, Table, Vocabulary, name_at,
};

/// Zones with and without clocks that are changed, by an hour and by half of one, at midnight and at two.
const ZONES: [&str; 10] = [
    "Europe/Istanbul",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Bangkok",
    "Australia/Lord_Howe",
    "UTC",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Europe/Madrid",
];
/// Systems that say what a lead is; what the first says holds against the second.
pub const SOURCES: [&str; 2] = ["crm", "site"];
/// Cells of tables: texts that need no quotes there.
const CELLS: [&str; 6] = ["TR", "İstanbul", "Straße", "Москва", "head", "*"];

/// The first part of a pact, and the files that it names.
pub fn setting(dice: &mut Dice, words: &mut Vocabulary, files: &mut BTreeMap<String, String>) -> String {
    let mut clauses = vec![
        "parties marketing, sales".to_owned(),
        format!("time zone \"{}\"", dice.pick(&ZONES)),
        "precedence crm, site".to_owned(),
    ];
    if dice.percent(30) {
        clauses.push(format!("effective {}", dice.pick(&["2026-03-01", "2026-03-05", "2026-03-29"])));
    }
    if dice.percent(30) {
        clauses.push(format!("language {}", dice.pick(&["tr", "de", "ru"])));
    }
    if dice.percent(20) {
        clauses.push("fiscal year starts april".into());
    }
    let mut text = item("pact random", &clauses);
    let currency = *dice.pick(&["USD", "EUR", "TRY"]);
    text.push_str(&lead(dice, words, currency));
    text.push_str(&kinds(dice, words, currency));
    for source in SOURCES {
        let columns = words.fields.iter().map(|field| format!("{0} = \"{0}\"", field.name));
        let clauses: Vec<String> =
            ["id = \"id\"", "record at \"at\""].map(str::to_owned).into_iter().chain(columns).collect();
        text.push_str(&item(&format!("source {source}"), &clauses));
    }
    text.push_str(&lists(dice, words, currency));
    text.push_str(&table(dice, words, files));
    text.push_str(&calendars(dice, words));
    for at in 0..dice.below(3) {
        words.programs.push(format!("program_{at}"));
        let mut clauses =
            vec![format!("kind {}", dice.pick(&["notify", "nurture", "expert"])), "owner marketing".into()];
        if dice.percent(40) {
            clauses.push("starts 2026-03-05".into());
            clauses.push("ends 2026-04-01".into());
        }
        text.push_str(&item(&format!("program program_{at}"), &clauses));
    }
    text.push_str(&teams(dice, words));
    text
}

fn lead(dice: &mut Dice, words: &mut Vocabulary, currency: &'static str) -> String {
    let mut clauses = vec!["id text key".to_owned()];
    // text, a number and an amount are always there
    let sure = [Sort::Text, Sort::Integer, Sort::Number, Sort::Money(currency), Sort::Bool, Sort::Date, Sort::Time];
    for at in 0..dice.between(7, FIELDS.len()) {
        let sort = sure.get(at).cloned().unwrap_or_else(|| Sort::of_chance(dice, currency, true));
        // what a record must have comes by default: no row says it at first
        let optional = dice.percent(75) || matches!(sort, Sort::List(_));
        let name = name_at(&FIELDS, at);
        clauses.push(match optional {
            true => format!("{name} {}?", sort.written()),
            false => format!("{name} {} default {}", sort.written(), sort.constant(dice)),
        });
        words.fields.push(Field { name, sort, optional });
    }
    if dice.percent(50) {
        clauses.push("owner_id text?".into());
        words.fields.push(Field { name: "owner_id".into(), sort: Sort::Text, optional: true });
    }
    item("lead", &clauses)
}

fn kinds(dice: &mut Dice, words: &mut Vocabulary, currency: &'static str) -> String {
    let mut text = String::new();
    for (class, names, least) in
        [("activity", &ACTIVITIES[..], 2), ("touch", &TOUCHES[..], 1), ("disposition", &DISPOSITIONS[..], 1)]
    {
        for at in 0..dice.between(least, names.len()) {
            let properties: Vec<Field> = (0..dice.below(3))
                .map(|n| Field {
                    name: name_at(&PROPERTIES, at * 3 + n),
                    sort: Sort::of_chance(dice, currency, false),
                    optional: dice.percent(70),
                })
                .collect();
            let written = properties
                .iter()
                .map(|of| format!("{} {}{}", of.name, of.sort.written(), if of.optional { "?" } else { "" }));
            let name = name_at(names, at);
            text.push_str(&match properties.is_empty() {
                true => format!("{class} {name}\n"),
                false => format!("{class} {name} {{ {} }}\n", written.collect::<Vec<_>>().join("  ")),
            });
            words.kinds.push(Kind { name, class, properties });
        }
    }
    text
}

fn lists(dice: &mut Dice, words: &mut Vocabulary, currency: &'static str) -> String {
    let mut text = String::new();
    for (at, sort) in [Sort::Text, Sort::Integer, Sort::Money(currency)].into_iter().enumerate() {
        let values: Vec<String> = (0..dice.between(1, 4)).map(|_| sort.constant(dice)).collect();
        text.push_str(&format!("list list_{at} = {}\n", values.join(", ")));
        words.lists.push(Named { name: format!("list_{at}"), sort: sort.clone() });
        if dice.percent(50) {
            text.push_str(&format!("param param_{at} = {}\n", sort.constant(dice)));
            words.params.push(Named { name: format!("param_{at}"), sort });
        }
    }
    text
}

/// A table over a text, a number and an amount, which gives a queue and something more.
fn table(dice: &mut Dice, words: &mut Vocabulary, files: &mut BTreeMap<String, String>) -> String {
    let [by_text, by_number, by_amount] = [0, 1, 3].map(|at| name_at(&FIELDS, at));
    let mut rows = format!("{by_text},{by_number},{by_amount},queue,approver\n");
    for at in 0..dice.between(1, 14) {
        let text = if dice.percent(30) {
            format!("{}|{}", CELLS[0], CELLS[dice.below(5)])
        } else {
            (*dice.pick(&CELLS)).to_owned()
        };
        let number = *dice.pick(&["*", "0..49", ">=50", "<10", ">100", "3|5|50", "50..999", "50"]);
        let approver = *dice.pick(&["ana", "ผู้จัดการ", ""]);
        let amount = *dice.pick(&["*", "*", "100", "100|99.99", "<=5000", ">0.99", "10..100.01"]);
        rows.push_str(&format!("{text},{number},{amount},queue_{at},{approver}\n"));
    }
    files.insert("territories.csv".into(), rows);
    words.tables.push(Table { name: "territories".into(), gives: vec!["queue", "approver"] });
    "table territories from \"territories.csv\"\n".into()
}

fn calendars(dice: &mut Dice, words: &mut Vocabulary) -> String {
    let mut text = String::new();
    for at in 0..dice.below(3) {
        let mut clauses = Vec::new();
        if dice.percent(40) {
            clauses.push(format!("time zone \"{}\"", dice.pick(&ZONES)));
        }
        let hours = [
            "mon to fri 09:00 to 12:00, 13:00 to 18:00",
            "mon to sun 08:00 to 10:00, 10:30 to 14:00",
            "mon to thu, sat 22:00 to 06:00",
        ];
        clauses.push((*dice.pick(&hours)).to_owned());
        if dice.percent(50) {
            clauses.push("closed 2026-03-03, 2026-03-09 from 12:00, 2026-04-01 to 2026-04-03".into());
        }
        if dice.percent(30) {
            clauses.push("open 2026-03-08 10:00 to 14:00".into());
        }
        text.push_str(&item(&format!("calendar calendar_{at}"), &clauses));
        words.calendars.push(format!("calendar_{at}"));
    }
    text
}

fn teams(dice: &mut Dice, words: &mut Vocabulary) -> String {
    let mut text = String::new();
    for at in 0..dice.below(3) {
        let clauses: Vec<String> = ["ana", "bo", "cem"]
            .iter()
            .take(dice.between(1, 3))
            .map(|name| {
                let hours = match words.calendars.first() {
                    Some(calendar) if dice.percent(50) => format!(", hours {calendar}"),
                    _ => ", hours mon to sun 09:00 to 17:00".into(),
                };
                let details =
                    ["", ", capacity 2", ", weight 2", ", away 2026-03-04 to 2026-03-06", ", joined 2026-03-03"];
                format!("member {name}_{at}{}{hours}", dice.pick(&details))
            })
            .collect();
        text.push_str(&item(&format!("team team_{at}"), &clauses));
        words.teams.push(format!("team_{at}"));
    }
    text
}

impl Speaker<'_> {
    /// Routes: entries, the table, and what takes the rest.
    pub fn routing(&mut self) -> String {
        let mut text = String::new();
        for at in 0..self.dice.below(3) {
            let mut clauses = Vec::new();
            if self.words.fields.iter().any(|field| field.name == "owner_id") && self.dice.percent(50) {
                clauses.push("to owner when owner_id is present".to_owned());
            }
            if self.dice.percent(40) {
                clauses.push("from table territories".into());
            }
            for _ in 0..self.dice.below(4) {
                let target = self.target();
                clauses.push(format!("to {target} when {}", self.condition(1)));
            }
            clauses.push(format!("otherwise to {}", self.target()));
            text.push_str(&item(&format!("route route_{at}"), &clauses));
            self.words.routes.push(format!("route_{at}"));
        }
        text
    }

    fn target(&mut self) -> String {
        match self.dice.any(&self.words.teams).cloned() {
            Some(team) if self.dice.percent(50) => {
                let sharing = *self.dice.pick(&["", " round robin", " by weight", " by capacity"]);
                let waits = if self.dice.percent(40) { " wait for hours" } else { "" };
                format!("team {team}{sharing}{waits}")
            }
            _ => (*self.dice.pick(&["queue inside", "queue \"โต๊ะ\"", "rep dana", "rep ana_0"])).to_owned(),
        }
    }
}
