//! Figures as people read them: tables on a terminal, and the same in Markdown.

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::io::{Layout, TextTable};
use crate::locale::Locale;
use crate::measure::{
    AnswerReport, Drift, MovedReport, PromiseReport, Standing, TargetReport, WatchReport, answers_by_cause,
    answers_by_route,
};
use crate::pact::Clause;
use crate::visible;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// In aligned columns, cut to a width.
    Aligned(Option<usize>),
    /// As Markdown.
    Markdown,
}

/// Writes a heading of a level, and an empty line after it.
pub(super) fn heading(out: &mut dyn Write, look: Look, level: usize, text: &str) -> io::Result<()> {
    match look {
        Look::Markdown => writeln!(out, "{} {}\n", "#".repeat(level), markdown(text)),
        Look::Aligned(_) => writeln!(out, "{}\n", visible::line(text)),
    }
}

/// Writes a table, and an empty line after it.
pub(super) fn table(out: &mut dyn Write, look: Look, header: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    match look {
        Look::Aligned(width) => {
            let mut table = TextTable::new(&mut *out, Layout::Aligned { width }, header.iter().cloned())?;
            rows.iter().try_for_each(|row| table.push(row))?;
            table.finish()?;
        }
        Look::Markdown => {
            let line = |row: &[String]| row.iter().map(|cell| markdown(cell)).collect::<Vec<_>>().join(" | ");
            writeln!(out, "| {} |", line(header))?;
            writeln!(out, "|{}", " --- |".repeat(header.len()))?;
            rows.iter().try_for_each(|row| writeln!(out, "| {} |", line(row)))?;
        }
    }
    writeln!(out)
}

/// A text as it stands, where Markdown would make a link, an image, HTML or another layout of it.
fn markdown(text: &str) -> String {
    let text = visible::line(text);
    let mut written = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(c) = chars.next() {
        let behind = chars.peek().copied();
        let acts = match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
            '<' | '&' => behind.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '#')),
            // within a word it lays out nothing
            '_' => !(before.is_some_and(char::is_alphanumeric) && behind.is_some_and(char::is_alphanumeric)),
            _ => false,
        };
        if acts {
            written.push('\\');
        }
        written.push(c);
        before = Some(c);
    }
    written
}

/// What figures are written on.
pub(super) struct Sheet<'s> {
    pub(super) out: &'s mut dyn Write,
    pub(super) look: Look,
    pub(super) locale: &'s Locale<'s>,
}

impl Sheet<'_> {
    /// Writes a sentence of the pact, and an empty line after it.
    pub(super) fn sentence(&mut self, text: &str) -> io::Result<()> {
        match self.look {
            Look::Markdown => writeln!(self.out, "{}\n", markdown(text)),
            Look::Aligned(_) => writeln!(self.out, "{}\n", visible::line(text)),
        }
    }

    /// Writes a heading of a level, and an empty line after it.
    pub(super) fn heading(&mut self, level: usize, text: &str) -> io::Result<()> {
        heading(self.out, self.look, level, text)
    }

    /// Writes a table, and an empty line after it.
    pub(super) fn table(&mut self, header: &[String], rows: &[Vec<String>]) -> io::Result<()> {
        table(self.out, self.look, header, rows)
    }

    /// Heads of columns in the language.
    pub(super) fn heads(&self, words: &[&'static str]) -> Vec<String> {
        words.iter().map(|word| self.locale.say(word).to_owned()).collect()
    }

    /// How targets stand, where there are any.
    pub(super) fn targets(&mut self, targets: &[TargetReport]) -> io::Result<()> {
        if targets.is_empty() {
            return Ok(());
        }
        let mut heads = self.heads(&["target", "level", "period", "figure", "", "outlook", "standing", "reward"]);
        if targets.iter().all(|target| target.reward.is_none()) {
            heads.pop();
        }
        let row = |target: &TargetReport| -> Vec<String> {
            target_row(self.locale, target).into_iter().take(heads.len()).collect()
        };
        self.table(&heads, &targets.iter().map(row).collect::<Vec<_>>())
    }

    /// What sales answered, where it did.
    pub(super) fn answers(&mut self, answers: &[AnswerReport]) -> io::Result<()> {
        if answers.is_empty() {
            return Ok(());
        }
        let locale = self.locale;
        let clause = |clause: &Option<Clause>| {
            let said = |clause: &Clause| format!("{} ({}:{})", clause.says, clause.file, clause.line);
            clause.as_ref().map(said).unwrap_or_default()
        };
        let named = |answer: &AnswerReport| (locale.name(&answer.answer).into_owned(), locale.count(answer.count));
        let by_cause = |answer: &AnswerReport| {
            let reason = answer.reason.as_deref().map(|reason| locale.name(reason).into_owned()).unwrap_or_default();
            let (name, count) = named(answer);
            vec![name, reason, count, clause(&answer.cause)]
        };
        let by_route = |answer: &AnswerReport| {
            let (name, count) = named(answer);
            vec![name, count, clause(&answer.route)]
        };
        let rows = answers_by_cause(answers).iter().map(by_cause).collect::<Vec<_>>();
        self.table(&self.heads(&["answer", "reason", "times", "let in by"]), &rows)?;
        let rows = answers_by_route(answers).iter().map(by_route).collect::<Vec<_>>();
        if rows.is_empty() { Ok(()) } else { self.table(&self.heads(&["answer", "times", "given by"]), &rows) }
    }

    /// How watched figures changed, where there are any.
    pub(super) fn watches(&mut self, watches: &[WatchReport]) -> io::Result<()> {
        if watches.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<String>> = watches.iter().map(|watch| watch_row(self.locale, watch)).collect();
        self.table(&self.heads(&["watch", "figure", "before", "change", "chance", "drift", "look again at"]), &rows)?;
        let locale = self.locale;
        let row = |watch: &WatchReport, moved: &MovedReport| {
            vec![
                locale.name(&watch.metric).into_owned(),
                locale.dimension(&moved.dimension).into_owned(),
                locale.group_value(&moved.value).into_owned(),
                locale.figure(Some(&moved.now)),
                locale.figure(Some(&moved.before)),
                locale.change(moved.change),
            ]
        };
        let rows: Vec<Vec<String>> =
            watches.iter().flat_map(|watch| watch.moved.iter().map(move |moved| row(watch, moved))).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.table(&self.heads(&["moved most", "", "", "figure", "before", "of the change"]), &rows)
    }

    /// How promises were kept, where clocks were due.
    pub(super) fn promises(&mut self, by: &[String], promises: &[PromiseReport]) -> io::Result<()> {
        if promises.is_empty() {
            return Ok(());
        }
        let locale = self.locale;
        let row = |promise: &PromiseReport| {
            let counts = [promise.in_time, promise.late, promise.broken, promise.open, promise.stopped];
            let mut row = vec![format!("{} {}", locale.name(&promise.sla), locale.say(promise.promise))];
            row.extend(by.iter().map(|name| group_cell(locale, promise.group.get(name))));
            row.push(promise.kept.map_or(locale.standing(Standing::NoFigure).to_owned(), |kept| locale.percent(kept)));
            row.extend(counts.map(|count| locale.count(count)));
            row
        };
        let mut header = self.heads(&["promise"]);
        header.extend(by.iter().map(|name| locale.dimension(name).into_owned()));
        header.extend(self.heads(&["kept in time", "in time", "late", "broken", "open", "stopped"]));
        self.table(&header, &promises.iter().map(row).collect::<Vec<_>>())
    }
}

/// A value of what figures are split by, or that it is all of them.
pub(super) fn group_cell(locale: &Locale<'_>, value: Option<&String>) -> String {
    value.map_or(locale.say("all").to_owned(), |value| locale.group_value(value).into_owned())
}

fn target_row(locale: &Locale<'_>, target: &TargetReport) -> Vec<String> {
    let beside = locale.beside(target.actual.as_ref());
    let gone = target.gone.map(|gone| locale.fill("{0} gone", &[&locale.percent(gone)]));
    let beside: Vec<String> = [Some(beside).filter(|beside| !beside.is_empty()), gone].into_iter().flatten().collect();
    vec![
        format!("{} {}", locale.name(&target.party), locale.name(&target.metric)),
        locale.level(target),
        target.period.clone().unwrap_or_default(),
        locale.figure(target.actual.as_ref()),
        beside.join("; "),
        target.outlook.as_ref().map(|outlook| locale.figure(Some(outlook))).unwrap_or_default(),
        locale.standing(target.standing).to_owned(),
        target.reward.as_deref().unwrap_or_default().to_owned(),
    ]
}

fn watch_row(locale: &Locale<'_>, watch: &WatchReport) -> Vec<String> {
    let look_again: Vec<String> =
        watch.review.iter().map(|clause| format!("{}:{}", clause.file, clause.line)).collect();
    let look_again = if watch.drift == Drift::Changed { look_again.join(", ") } else { String::new() };
    vec![
        locale.name(&watch.metric).into_owned(),
        locale.figure(watch.now.as_ref()),
        locale.figure(watch.before.as_ref()),
        watch.change.map(|change| locale.change(change)).unwrap_or_default(),
        watch.chance.map(|chance| locale.number(chance)).unwrap_or_default(),
        locale.drift(watch.drift).to_owned(),
        look_again,
    ]
}

/// How many cells of a terminal the longest bar takes.
const LONGEST: u64 = 12;

/// A part of the largest, from 0 to 1, as a bar that is exact to an eighth of a cell.
pub(super) fn bar(part: Decimal) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part * Decimal::from(8 * LONGEST)).round().to_u64().unwrap_or_default().min(8 * LONGEST);
    let rest = EIGHTHS.get((eighths % 8) as usize).copied().unwrap_or_default();
    "█".repeat((eighths / 8) as usize) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_no_markdown() {
        let hostile = "![x](http://e.example/p.png) <script> a|b `c` **d** _e_ &lt;\n# f\u{202E}";
        let written =
            "!\\[x\\](http://e.example/p.png) \\<script> a\\|b \\`c\\` \\*\\*d\\*\\* \\_e\\_ \\&lt;␊# f\u{FFFD}";
        assert_eq!(markdown(hostile), written);
        assert_eq!(markdown("lead_source, Ana O'Neil & Co: 5 > 3 <= 4"), "lead_source, Ana O'Neil & Co: 5 > 3 <= 4");
    }

    #[test]
    fn a_bar_is_as_long_as_its_part() {
        let of = |hundredths: i64| bar(Decimal::new(hundredths, 2));
        assert_eq!((of(0).as_str(), of(1).as_str(), of(50).as_str()), ("", "▏", "██████"));
        assert_eq!((of(52).as_str(), of(100).chars().count(), of(300).chars().count()), ("██████▎", 12, 12));
        assert_eq!(of(-50), "");
    }
}
