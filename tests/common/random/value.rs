//! Values of chance, each of its type, over what a pact has by now.

use super::condition::Speaker;
use super::sort::{LENGTHS, Sort};

impl Speaker<'_> {
    /// A value of a type, whatever it takes.
    pub fn value(&mut self, sort: &Sort, depth: usize) -> String {
        let properties = self.event.iter().flat_map(|kind| &kind.properties).filter(|property| property.sort == *sort);
        let near: Vec<String> = properties.map(|property| property.name.clone()).collect();
        let is_word = matches!(sort, Sort::Word(_));
        if let Some(name) = self.dice.any(&near).cloned()
            && (is_word || self.dice.percent(70))
        {
            return name;
        }
        if depth > 0
            && self.dice.percent(40)
            && let Some(said) = self.worked_out(sort, depth)
        {
            return said;
        }
        let fields = self.words.fields_of(sort).into_iter().map(|field| field.name.clone());
        let named = self.words.values.iter().chain(&self.words.params).filter(|named| named.sort == *sort);
        let mut names: Vec<String> = fields.chain(named.map(|named| named.name.clone())).collect();
        if sort.is_numeric() {
            names.extend(self.words.scores.iter().cloned());
        }
        match self.dice.any(&names).cloned() {
            Some(name) if is_word || self.dice.percent(90) => name,
            _ => sort.operand(self.dice),
        }
    }

    fn worked_out(&mut self, sort: &Sort, depth: usize) -> Option<String> {
        let less = depth - 1;
        Some(match self.dice.below(8) {
            // what stands on the other side says which word a bare one is
            0 if !matches!(sort, Sort::Word(_)) => {
                format!("(if {} then {} else {})", self.condition(less), self.value(sort, less), self.value(sort, less))
            }
            1 if !matches!(sort, Sort::Word(_)) => {
                format!("({} if missing {})", self.value(sort, less), self.value(sort, 0))
            }
            2 if self.event.is_none() => self.property(&["latest", "earliest"], sort)?,
            3 if self.event.is_none() && (sort.is_numeric() || matches!(sort, Sort::Money(_))) => {
                let sum = self.property(&["sum of"], sort)?;
                let length = self.words.length(self.dice, &LENGTHS);
                if self.dice.percent(50) { sum } else { format!("{} in last {length})", sum.trim_end_matches(')')) }
            }
            4 if sort.has_order() => {
                let function = *self.dice.pick(&["min", "max"]);
                format!("{function}({}, {})", self.value(sort, less), self.value(sort, 0))
            }
            _ => self.of_sort(sort, less)?,
        })
    }

    /// What only some types have.
    fn of_sort(&mut self, sort: &Sort, less: usize) -> Option<String> {
        let number = Sort::Number;
        Some(match sort {
            Sort::Integer | Sort::Number => match self.dice.below(7) {
                0 => format!("length({})", self.value(&Sort::Text, less)),
                1 => format!(
                    "{}({})",
                    self.dice.pick(&["year", "month", "day", "quarter", "weekday"]),
                    self.value(&Sort::Date, less)
                ),
                2 => format!("days_between({}, {})", self.value(&Sort::Date, less), self.value(&Sort::Date, 0)),
                3 => format!("round({}, {})", self.value(&number, less), self.dice.below(3)),
                4 if self.event.is_none() => format!("(count of {})", self.events(less, 50)),
                5 => format!("abs({})", self.value(sort, less)),
                _ => format!(
                    "({} {} {})",
                    self.value(sort, less),
                    self.dice.pick(&["+", "-", "*", "/"]),
                    self.value(&number, 0)
                ),
            },
            Sort::Money(_) => match self.dice.below(3) {
                0 => format!("({} {} {})", self.value(sort, less), self.dice.pick(&["+", "-"]), self.value(sort, 0)),
                1 => format!(
                    "({} {} {})",
                    self.value(sort, less),
                    self.dice.pick(&["*", "/"]),
                    self.value(&number, less)
                ),
                _ => format!("abs({})", self.value(sort, less)),
            },
            Sort::Date => match self.dice.below(3) {
                0 => "today".into(),
                1 => format!("date({})", self.value(&Sort::Time, less)),
                _ => format!(
                    "({} {} {})",
                    self.value(sort, less),
                    self.dice.pick(&["+", "-"]),
                    self.words.length(self.dice, &LENGTHS)
                ),
            },
            Sort::Time => match self.dice.below(2) {
                0 => "now".into(),
                _ => format!(
                    "({} {} {})",
                    self.value(sort, less),
                    self.dice.pick(&["+", "-"]),
                    self.words.length(self.dice, &LENGTHS)
                ),
            },
            Sort::Duration => match self.dice.below(4) {
                0 => format!("(now - {})", self.value(&Sort::Time, less)),
                1 => format!("(today - {})", self.value(&Sort::Date, less)),
                2 => format!("({} + {})", self.value(sort, less), self.words.length(self.dice, &LENGTHS)),
                _ if self.event.is_none() => format!("(time since {})", self.dice.pick(&self.words.kinds).name),
                _ => return None,
            },
            Sort::Text => match self.dice.below(4) {
                0 => format!("{}({})", self.dice.pick(&["lower", "upper", "trim"]), self.value(sort, less)),
                1 => format!("domain({})", self.value(sort, less)),
                2 => format!(
                    "part({}, \"{}\", {})",
                    self.value(sort, less),
                    self.dice.pick(&["-", "@", " "]),
                    self.dice.between(1, 3)
                ),
                _ => {
                    let table = self.dice.any(&self.words.tables)?.clone();
                    format!("(lookup {} in {})", self.dice.pick(&table.gives), table.name)
                }
            },
            Sort::Word(_) | Sort::Bool | Sort::List(_) => return None,
        })
    }

    /// `latest KIND.property` of the type.
    fn property(&mut self, words: &[&str], sort: &Sort) -> Option<String> {
        let properties = self.words.kinds.iter().flat_map(|kind| kind.properties.iter().map(move |of| (kind, of)));
        let fit: Vec<String> = properties
            .filter(|(_, of)| of.sort == *sort)
            .map(|(kind, of)| format!("{}.{}", kind.name, of.name))
            .collect();
        let dotted = self.dice.any(&fit)?.clone();
        Some(format!("({} {dotted})", self.dice.pick(words)))
    }

    /// A number that is never missing: what points may be.
    pub fn sure_number(&mut self, depth: usize) -> String {
        match self.dice.below(if depth == 0 { 4 } else { 7 }) {
            0 => Sort::Number.operand(self.dice),
            1 => format!("(count of {})", self.events(0, 60)),
            2 => {
                let optional: Vec<String> = self
                    .words
                    .fields
                    .iter()
                    .filter(|field| field.sort.is_numeric())
                    .map(|field| field.name.clone())
                    .collect();
                match self.dice.any(&optional) {
                    Some(name) => format!("({name} if missing {})", self.dice.below(5)),
                    None => "2".into(),
                }
            }
            3 => self.dice.any(&self.words.scores).cloned().unwrap_or_else(|| "3".into()),
            4 => format!(
                "({} {} {})",
                self.sure_number(depth - 1),
                self.dice.pick(&["+", "-", "*"]),
                self.sure_number(0)
            ),
            5 => format!("(if {} then {} else {})", self.condition(1), self.sure_number(0), self.sure_number(0)),
            _ => format!("({} / {})", self.sure_number(depth - 1), self.dice.between(1, 7)),
        }
    }
}
