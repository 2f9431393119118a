//! Conditions of chance, over what a pact has by now.

use super::dice::Dice;
use super::sort::{LENGTHS, Sort};
use super::vocabulary::{Kind, Vocabulary};

/// Says conditions and values. What it says can stand anywhere: it is one word, or stands in parentheses.
pub struct Speaker<'v> {
    pub dice: &'v mut Dice,
    pub words: &'v mut Vocabulary,
    /// The event that a `where` looks at.
    pub event: Option<Kind>,
}

impl<'v> Speaker<'v> {
    pub fn new(dice: &'v mut Dice, words: &'v mut Vocabulary) -> Self {
        Self { dice, words, event: None }
    }

    /// A condition with at most so many others inside one another.
    pub fn condition(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.comparison(0);
        }
        match self.dice.below(24) {
            0..=2 => self.joined("and", depth),
            3..=4 => self.joined("or", depth),
            5..=6 => format!("(not {})", self.condition(depth - 1)),
            7 => format!(
                "({} {})",
                self.condition(depth - 1),
                ["is met", "is not met", "is unknown"][self.dice.below(3)]
            ),
            8..=9 => self.presence(),
            10..=11 if self.event.is_none() => self.happened(depth),
            12..=13 if self.event.is_none() => self.answered(),
            14 => format!("(if {} then {} else {})", self.condition(depth - 1), self.condition(0), self.condition(0)),
            15..=16 => self.membership(depth),
            17 => match self.dice.any(&self.words.criteria).cloned() {
                Some(name) => name,
                None => self.comparison(depth),
            },
            _ => self.comparison(depth),
        }
    }

    fn joined(&mut self, by: &str, depth: usize) -> String {
        let many = self.dice.between(2, 3);
        let parts: Vec<String> = (0..many).map(|_| self.condition(depth - 1)).collect();
        format!("({})", parts.join(&format!(" {by} ")))
    }

    fn presence(&mut self) -> String {
        let optional: Vec<String> =
            self.words.fields.iter().filter(|field| field.optional).map(|field| field.name.clone()).collect();
        let word = if self.dice.percent(50) { "present" } else { "missing" };
        match self.dice.any(&optional) {
            Some(name) => format!("({name} is {word})"),
            None => self.comparison(0),
        }
    }

    /// `any KIND where … in last …`, a count or a time since.
    fn happened(&mut self, depth: usize) -> String {
        let events = self.events(depth, 70);
        match self.dice.below(6) {
            0..=1 => format!("(any {events})"),
            2..=4 => {
                let (operator, many) = (*self.dice.pick(&[">=", "=", "<", ">", "!=", "<="]), self.dice.below(4));
                format!("((count of {events}) {operator} {many})")
            }
            _ => {
                let kind = self.dice.pick(&self.words.kinds).name.clone();
                let (operator, length) =
                    (*self.dice.pick(&[">=", "<", ">", "<="]), self.words.length(self.dice, &LENGTHS));
                format!("(time since {kind} {operator} {length})")
            }
        }
    }

    /// `disposition = …`, or a property of what sales answered last.
    fn answered(&mut self) -> String {
        let answers: Vec<Kind> = self.words.class("disposition").into_iter().cloned().collect();
        let Some(answer) = self.dice.any(&answers).cloned() else { return self.comparison(0) };
        match self.dice.any(&answer.properties).cloned() {
            Some(property) if self.dice.percent(40) => {
                let operator = if property.sort.has_order() { *self.dice.pick(&[">=", "<", "="]) } else { "=" };
                format!("({}.{} {operator} {})", answer.name, property.name, property.sort.operand(self.dice))
            }
            _ if self.dice.percent(15) => "(disposition is missing)".into(),
            _ => format!("(disposition {} {})", self.dice.pick(&["=", "!="]), answer.name),
        }
    }

    /// Events of a kind, perhaps with a condition, and a window so many times in a hundred.
    pub fn events(&mut self, depth: usize, windows: usize) -> String {
        let kind = self.dice.pick(&self.words.kinds).clone();
        let mut says = kind.name.clone();
        if self.dice.percent(if kind.properties.is_empty() { 10 } else { 45 }) {
            let around = self.event.replace(kind);
            let condition = self.condition(depth.saturating_sub(1).min(1));
            self.event = around;
            says.push_str(&format!(" where {condition}"));
        }
        if self.dice.percent(windows) {
            let length = self.words.length(self.dice, &LENGTHS);
            says.push_str(&format!(" in last {length}"));
        }
        says
    }

    fn membership(&mut self, depth: usize) -> String {
        let negated = if self.dice.percent(30) { "not " } else { "" };
        let exactly = if self.dice.percent(25) { "exactly " } else { "" };
        let held: Vec<(String, Sort)> = self
            .words
            .fields
            .iter()
            .filter_map(|field| match &field.sort {
                Sort::List(of) => Some((field.name.clone(), (**of).clone())),
                _ => None,
            })
            .collect();
        match self.dice.any(&held).cloned() {
            Some((name, of)) if self.dice.percent(30) => {
                let members = self.constants(&of);
                format!("(any of {name} {negated}in {exactly}{members})")
            }
            Some((name, of)) if self.dice.percent(40) => {
                format!("({} {negated}in {exactly}{name})", of.operand(self.dice))
            }
            _ => {
                let sort = self.compared();
                let value = self.value(&sort, depth);
                let lists: Vec<String> =
                    self.words.lists.iter().filter(|list| list.sort == sort).map(|list| list.name.clone()).collect();
                match self.dice.any(&lists).cloned() {
                    Some(list) if self.dice.percent(60) => format!("({value} {negated}in {exactly}{list})"),
                    _ => format!("({value} {negated}in {exactly}{})", self.constants(&sort)),
                }
            }
        }
    }

    fn constants(&mut self, sort: &Sort) -> String {
        let many = self.dice.between(1, 3);
        let constants: Vec<String> = (0..many).map(|_| sort.constant(self.dice)).collect();
        format!("({})", constants.join(", "))
    }

    /// A type of something that is there to be compared.
    fn compared(&mut self) -> Sort {
        let properties = self.event.iter().flat_map(|kind| &kind.properties);
        let near: Vec<Sort> = properties.map(|property| property.sort.clone()).collect();
        let fields = self.words.fields.iter().map(|field| field.sort.clone());
        let plain = |sort: &Sort| !matches!(sort, Sort::List(_));
        let all: Vec<Sort> = near.iter().cloned().chain(fields).filter(plain).chain([Sort::Number]).collect();
        let near: Vec<Sort> = near.into_iter().filter(plain).collect();
        if near.is_empty() || self.dice.percent(30) {
            self.dice.pick(&all).clone()
        } else {
            self.dice.pick(&near).clone()
        }
    }

    /// Two values and how they compare.
    fn comparison(&mut self, depth: usize) -> String {
        if let Some((band, words)) = self.dice.any(&self.words.bands).cloned()
            && self.dice.percent(15)
        {
            return match self.dice.percent(50) {
                true => format!("({band} {} {})", self.dice.pick(&["=", "!="]), self.dice.pick(&words)),
                false => format!("({band} in {})", self.dice.some(&words, 2).join(", ")),
            };
        }
        let sort = self.compared();
        let value = self.value(&sort, depth);
        match &sort {
            Sort::Bool => {
                if self.dice.percent(50) {
                    value
                } else {
                    format!("({value} = {})", self.dice.percent(50))
                }
            }
            Sort::Text if self.dice.percent(45) => self.about_letters(&value),
            sort if sort.has_order() && self.dice.percent(15) => {
                let (low, high) = (self.value(sort, 0), self.value(sort, 0));
                format!("({value} between {low} and {high})")
            }
            sort => {
                let operator = match sort.has_order() {
                    true => *self.dice.pick(&[">=", "<=", ">", "<", "=", "!="]),
                    false => *self.dice.pick(&["=", "!=", "= exactly", "!= exactly"]),
                };
                // words are compared with one that they may be
                let other = match sort {
                    Sort::Word(_) => sort.operand(self.dice),
                    _ if self.dice.percent(70) => sort.operand(self.dice),
                    _ => self.value(sort, depth.min(1)),
                };
                format!("({value} {operator} {other})")
            }
        }
    }

    fn about_letters(&mut self, value: &str) -> String {
        if self.dice.percent(15) {
            return format!(
                "({value} matches \"{}\")",
                self.dice.pick(&["(?i)^head", "[A-Z]{2}", "@acme\\\\.", "ı|i"])
            );
        }
        let operator =
            *self.dice.pick(&["contains", "starts with", "ends with", "contains exactly", "starts with exactly"]);
        format!("({value} {operator} \"{}\")", self.dice.pick(&["i", "I", "İ", "ss", "мо", "head", "@", "ะ", " "]))
    }
}
