//! Scores, values, bands, grids and criteria of chance.

use super::condition::Speaker;
use super::sort::{LENGTHS, Sort};
use super::text::item;
use super::vocabulary::{BANDS, Named};

/// After how long points fade: not so short that a life of months has steps without number.
const FADES: [&str; 6] = ["1 day", "36 hours", "1 week", "10 days", "30 days", "1 month"];

impl Speaker<'_> {
    /// So many items of each sort, in an order in which each may name those before it.
    pub fn qualification(&mut self) -> String {
        let mut text = String::new();
        for at in 0..self.dice.between(4, 9) {
            match self.dice.below(10) {
                0..=3 => text.push_str(&self.score(at)),
                4..=6 => text.push_str(&self.criteria(at)),
                7 => text.push_str(&self.named_value(at)),
                8 => text.push_str(&self.band(at).unwrap_or_default()),
                _ => text.push_str(&self.grid(at).unwrap_or_default()),
            }
        }
        let (score, criteria) = (self.score(90), self.criteria(91));
        text + &score + &criteria
    }

    fn score(&mut self, at: usize) -> String {
        let mut clauses = Vec::new();
        let mut behaves = false;
        for _ in 0..self.dice.between(1, 5) {
            if self.dice.percent(20) {
                let many = self.dice.between(1, 3);
                let points: Vec<String> = (0..many).map(|_| self.points(&mut behaves)).collect();
                clauses.push(item(&format!("together at most {}", self.dice.between(5, 60)), &points));
            } else {
                clauses.push(self.points(&mut behaves));
            }
        }
        if behaves && self.dice.percent(50) {
            let share = *self.dice.pick(&["50%", "10%", "33%", "12.5%", "100%"]);
            clauses.push(format!("fade {share} every {}", self.words.length(self.dice, &FADES)));
        }
        clauses.push("agreed by marketing, sales".into());
        let range = *self.dice.pick(&["", " 0 to 100", " -20 to 100", " 0 to 50", " -100 to 0"]);
        let name = format!("score_{at}");
        self.words.scores.push(name.clone());
        item(&format!("score {name}{range}"), &clauses)
    }

    fn points(&mut self, behaves: &mut bool) -> String {
        let sign = if self.dice.percent(75) { "give" } else { "take" };
        let many = *self.dice.pick(&[1, 5, 10, 20, 25, 40]);
        match self.dice.below(8) {
            0..=2 => format!("{sign} {many} when {}", self.condition(2)),
            3..=5 => {
                *behaves = true;
                let mut says = format!("{sign} {many} per {}", self.events(2, 60));
                for per in ["", " per day"] {
                    if self.dice.percent(30) {
                        says.push_str(&format!(", at most {}{per}", self.dice.between(1, 60)));
                    }
                }
                says
            }
            6 => {
                *behaves = true;
                format!("{sign} {many} if any {}", self.events(2, 70))
            }
            _ if self.dice.percent(50) => format!("{sign} ({}) when {}", self.sure_number(1), self.condition(1)),
            _ => format!("{sign} ({})", self.sure_number(2)),
        }
    }

    fn criteria(&mut self, at: usize) -> String {
        let mut clauses = vec!["agreed by marketing, sales".to_owned()];
        let many = self.dice.between(1, 4);
        clauses.extend((0..many).map(|_| self.need(2)));
        let name = format!("criteria_{at}");
        self.words.criteria.push(name.clone());
        item(&format!("criteria {name}"), &clauses)
    }

    fn need(&mut self, depth: usize) -> String {
        let word = *self.dice.pick(&["need", "need", "any", "not"]);
        let label = if self.dice.percent(20) { " as \"ที่ตกลงกัน\"" } else { "" };
        match self.dice.below(8) {
            0..=1 if depth > 0 => {
                let many = self.dice.between(1, 3);
                let inner: Vec<String> = (0..many).map(|_| self.need(depth - 1)).collect();
                format!("{}{label}", item(word, &inner).trim_end())
            }
            2..=3 => format!("{word} {}{label}", self.events(1, 100)),
            _ => format!("{word} {}{label}", self.condition(2)),
        }
    }

    fn named_value(&mut self, at: usize) -> String {
        let mut sorts = vec![Sort::Number, Sort::Number, Sort::Date, Sort::Duration, Sort::Text, Sort::Time];
        let of_fields = self.words.fields.iter().map(|field| field.sort.clone());
        sorts.extend(of_fields.filter(|sort| matches!(sort, Sort::Money(_))));
        let sort = self.dice.pick(&sorts).clone();
        let said = self.value(&sort, 2);
        let name = format!("value_{at}");
        self.words.values.push(Named { name: name.clone(), sort });
        format!("value {name} = {said}\n")
    }

    /// A score, value or field in bands, from the most to the least.
    fn band(&mut self, at: usize) -> Option<String> {
        let mut of: Vec<(String, &[&str])> = Vec::new();
        of.extend(self.words.scores.iter().map(|name| (name.clone(), &["80", "50", "20", "5", "0"][..])));
        let named = self.words.values.iter().map(|value| (&value.name, &value.sort));
        for (name, sort) in named.chain(self.words.fields.iter().map(|field| (&field.name, &field.sort))) {
            let ends: &[&str] = match sort {
                Sort::Integer | Sort::Number => &["100", "50", "10", "3", "0"],
                Sort::Duration => &["30 days", "10 days", "36 hours", "2 hours"],
                Sort::Date => &["2026-05-04", "2026-03-29", "2026-03-02", "2025-12-31"],
                _ => continue,
            };
            of.push((name.clone(), ends));
        }
        let (of, ends) = self.dice.any(&of)?.clone();
        let words = self.dice.some(&BANDS, 4);
        let (last, first) = words.split_last()?;
        let ends = self.dice.some(ends, first.len());
        let operator = |more: bool| if more { ">" } else { ">=" };
        let mut clauses: Vec<String> = first
            .iter()
            .zip(&ends)
            .map(|(word, end)| format!("{word} {} {end}", operator(self.dice.percent(30))))
            .collect();
        if clauses.is_empty() {
            return None;
        }
        let words: Vec<&'static str> = first.iter().take(clauses.len()).chain([last]).copied().collect();
        clauses.push(format!("otherwise {last}"));
        let name = format!("band_{at}");
        self.words.bands.push((name.clone(), words));
        Some(item(&format!("band {name} of {of}"), &clauses))
    }

    fn grid(&mut self, at: usize) -> Option<String> {
        let (rows, row_words) = self.dice.any(&self.words.bands)?.clone();
        let others: Vec<_> = self.words.bands.iter().filter(|(name, _)| *name != rows).cloned().collect();
        let (columns, column_words) = self.dice.any(&others)?.clone();
        let words = ["first", "soon", "later"];
        let clauses: Vec<String> = row_words
            .iter()
            .map(|row| {
                let cells: Vec<&str> = column_words.iter().map(|_| *self.dice.pick(&words)).collect();
                format!("{row} -> {}", cells.join(", "))
            })
            .collect();
        let mut used: Vec<&'static str> = Vec::new();
        for cell in clauses.iter().flat_map(|row| row.split("-> ").nth(1)).flat_map(|cells| cells.split(", ")) {
            let word = words.iter().find(|word| **word == cell).copied().unwrap_or("first");
            if !used.contains(&word) {
                used.push(word);
            }
        }
        let name = format!("grid_{at}");
        self.words.bands.push((name.clone(), used));
        Some(item(&format!("band {name} of {rows} by {columns}"), &clauses))
    }

    /// A window or wait of chance.
    pub fn length(&mut self) -> String {
        self.words.length(self.dice, &LENGTHS)
    }
}
