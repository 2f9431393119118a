//! Tables that a spreadsheet keeps.

use std::sync::Arc;

use super::import::CsvRow;
use super::names::Space;
use super::shadow::shadows;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::pact::{Cell, FieldId, Table, TableId, TableRow};
use crate::span::{FileId, Span};
use crate::syntax::tree::{RouteEntryKindNode, Text};
use crate::ty::Ty;
use crate::value::{Money, Value, decimal};

/// How many cells that do not fit are found before the rest of a table is left unread.
const MOST_FOUND: usize = 1000;

/// How many words of a type are shown.
const SHOWN: usize = 12;

/// How many columns of a table are read.
const MOST_COLUMNS: usize = 1000;

impl Resolver<'_> {
    /// Reads the tables that items name, and those that routes name by their file.
    pub(super) fn tables(&mut self, items: &Items) {
        for item in &items.tables {
            let description = item.node.description.as_ref().map_or_else(|| "".into(), |d| d.text.clone());
            self.table(item.node.name.text.clone(), description, &item.node.file, item.span);
        }
        for entry in items.routes.iter().flat_map(|route| &route.node.entries) {
            if let RouteEntryKindNode::TableFile(file) = &entry.kind
                && self.table_of_file(file).is_none()
            {
                self.table(file.text.clone(), "".into(), file, entry.span);
            }
        }
    }

    /// The table that was read from a file: the one that an item names, or the one under the file's own name.
    pub(super) fn table_of_file(&self, file: &Text) -> Option<TableId> {
        let from = |table: &Table| self.sources.get(table.file).is_some_and(|source| source.name == file.text);
        let at = self.pact.tables.iter().position(|table| table.name == file.text || from(table))?;
        self.names.find(Space::Table, &self.pact.tables.get(at)?.name);
        Some(TableId(at as u32))
    }

    /// Every named table takes its place, also one that cannot be read: ids are positions.
    fn table(&mut self, name: Arc<str>, description: Arc<str>, file: &Text, span: Span) {
        let none = FileId(u32::MAX);
        let id = self.import(file);
        let mut table = Table {
            name,
            description,
            file: id.unwrap_or(none),
            inputs: Vec::new(),
            outputs: Vec::new(),
            rows: Vec::new(),
            span,
        };
        if let Some(id) = id {
            self.read_table(id, file.span, &mut table);
        }
        self.pact.tables.push(table);
    }

    fn read_table(&mut self, file: FileId, named: Span, table: &mut Table) {
        let mut rows = self.csv(file, named).into_iter();
        let Some(header) = rows.next() else {
            let finding = Diagnostic::new(Code::BadTable, named, "the table has no header")
                .help("write the columns in the first row: field names, then what a row gives");
            self.out.push(finding);
            return;
        };
        if header.cells.len() > MOST_COLUMNS {
            let message = format!("the table has {} columns; at most {MOST_COLUMNS} are read", header.cells.len());
            let help = "part it into tables that ask for less";
            self.out.push(Diagnostic::new(Code::BadTable, named, message).help(help));
            return;
        }
        let columns = self.columns(&header, table);
        let said = self.out.len();
        for row in rows.take_while(|_| !self.world.given_up()) {
            if self.out.len() - said >= MOST_FOUND {
                let message = "nothing is read from here on: too much before it does not fit";
                let help = "mend what stands before, or name the columns as the fields that they match";
                self.out.push(Diagnostic::new(Code::BadTable, row.span, message).help(help));
                break;
            }
            self.row(&row, &columns, table);
        }
        self.shadowed(table);
    }

    /// Which columns match a field; the others are what a row gives.
    fn columns(&mut self, header: &CsvRow, table: &mut Table) -> Vec<Option<FieldId>> {
        let mut columns = Vec::new();
        for (at, name) in header.cells.iter().enumerate() {
            let field = self.pact.field(name);
            if name.is_empty() {
                let message = format!("column {} has no name", at + 1);
                let help = "name it in the first row, or remove it";
                self.out.push(Diagnostic::new(Code::BadTable, header.span, message).help(help));
            } else if header.cells.iter().take(at).any(|other| other == name) {
                let message = format!("the column `{name}` stands twice");
                self.out.push(Diagnostic::new(Code::BadTable, header.cell(at), message).help("rename or remove one"));
            }
            match field {
                Some(id) => {
                    self.names.find(Space::Value, name);
                    table.inputs.push(id);
                }
                None => table.outputs.push(name.as_str().into()),
            }
            columns.push(field);
        }
        if table.outputs.is_empty() {
            let finding = Diagnostic::new(Code::BadTable, header.span, "every column is a field: a row gives nothing")
                .help("add a column such as `queue` for what a row gives");
            self.out.push(finding);
        }
        columns
    }

    fn row(&mut self, row: &CsvRow, columns: &[Option<FieldId>], table: &mut Table) {
        let (mut cells, mut gives) = (Vec::new(), Vec::new());
        for (at, (text, column)) in row.cells.iter().zip(columns).enumerate() {
            match column {
                None => gives.push((!text.is_empty()).then(|| Value::text(text.as_str()))),
                Some(field) => {
                    let ty = self.pact[*field].ty.clone();
                    match self.cell(text, &ty) {
                        Ok(cell) => cells.push(cell),
                        Err((why, help)) => {
                            let name = &self.pact[*field].name;
                            let message = if text.is_empty() {
                                format!("a blank cell in the column `{name}`")
                            } else {
                                format!("`{text}` does not fit the column `{name}`: {why}")
                            };
                            self.out.push(Diagnostic::new(Code::BadCell, row.cell(at), message).help(help));
                        }
                    }
                }
            }
        }
        // a row with a bad cell has its own finding; nothing is said of what it takes
        if cells.len() == table.inputs.len() {
            table.rows.push(TableRow { cells, gives, span: row.span });
        }
    }

    /// What a cell asks: `*`, `a|b`, `50..999`, `>=1000`, `<=9`, `>1000`, `<9`.
    fn cell(&self, text: &str, ty: &Ty) -> Result<Cell, (String, String)> {
        if text == "*" {
            return Ok(Cell::Any);
        }
        if text.is_empty() {
            return Err(("the cell is blank".into(), "write `*` for any value".into()));
        }
        let ordered = ty.is_ordered();
        if ordered {
            if let Some(low) = text.strip_prefix(">=") {
                return Ok(Cell::Range(Some(self.cell_value(low.trim(), ty)?), None));
            }
            if let Some(high) = text.strip_prefix("<=") {
                return Ok(Cell::Range(None, Some(self.cell_value(high.trim(), ty)?)));
            }
            if let Some(end) = text.strip_prefix('>') {
                return Ok(Cell::Above(self.cell_value(end.trim(), ty)?));
            }
            if let Some(end) = text.strip_prefix('<') {
                return Ok(Cell::Below(self.cell_value(end.trim(), ty)?));
            }
            if let Some((low, high)) = text.split_once("..") {
                let (low, high) = (self.cell_value(low.trim(), ty)?, self.cell_value(high.trim(), ty)?);
                let empty = low.to_string() != high.to_string() && !ascending(&low, &high);
                return match empty {
                    true => Err(("the range ends before it starts".into(), format!("write `{high}..{low}`"))),
                    false => Ok(Cell::Range(Some(low), Some(high))),
                };
            }
        }
        let values: Result<Vec<Value>, _> = text.split('|').map(|part| self.cell_value(part.trim(), ty)).collect();
        values.map(Cell::OneOf)
    }

    fn cell_value(&self, text: &str, ty: &Ty) -> Result<Value, (String, String)> {
        let number = || decimal(&text.replace('_', ""));
        let value = match ty {
            Ty::Text | Ty::Unknown => Some(Value::text(text)),
            Ty::Word(words) => {
                let found = words.iter().find(|word| ***word == *text);
                if found.is_none() {
                    let meant = closest(text, words.iter().map(|w| &**w));
                    let shown = words.get(..SHOWN).unwrap_or(words).join(", ");
                    let more = if words.len() > SHOWN { ", …" } else { "" };
                    let help =
                        meant.map_or_else(|| format!("it is one of {shown}{more}"), |m| format!("did you mean `{m}`?"));
                    return Err((format!("`{text}` is none of its words"), help));
                }
                found.map(|word| Value::Word(word.clone()))
            }
            Ty::Integer | Ty::Number => number().map(Value::Number),
            Ty::Money(currency) => number().map(|amount| Value::Money(Money { amount, currency: *currency })),
            Ty::Bool => match text {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            Ty::Date => text.parse().ok().map(Value::Date),
            Ty::Time | Ty::Duration | Ty::List(_) => None,
        };
        value.ok_or_else(|| match ty {
            Ty::Bool => ("it is neither `true` nor `false`".into(), "write `true`, `false` or `*`".into()),
            Ty::Time | Ty::Duration | Ty::List(_) => {
                ("a table cannot ask for such a field".into(), "ask for another field, or write `*`".into())
            }
            _ if text.contains('-') && text.split('-').all(|end| decimal(end.trim()).is_some()) => {
                let range = text.split('-').map(str::trim).collect::<Vec<_>>().join("..");
                (format!("it is not {}", super::expr::describe(ty)), format!("a range has two dots: `{range}`"))
            }
            Ty::Date => ("it is not a date".into(), "write `*`, or a date: `2026-03-02`".into()),
            _ => {
                let help = "write `*`, a value, `a|b`, `50..999` or `>=1000`";
                (format!("it is not {}", super::expr::describe(ty)), help.into())
            }
        })
    }

    /// Rows that can never be reached, since an earlier row takes all that they take. Of rows with a cell that does not
    /// fit nothing is known.
    fn shadowed(&mut self, table: &Table) {
        let shadows = shadows(self.pact.folding, &table.rows);
        let row = |at: usize| table.rows.get(at).map(|row| row.span);
        for (at, by) in shadows.rows {
            let (Some(span), Some(earlier)) = (row(at), row(by)) else { continue };
            let finding = Diagnostic::new(Code::NeverReached, span, "this row is never reached")
                .and(earlier, "this row comes first and takes all that it takes")
                .help("put the narrower row first, or remove it");
            self.out.push(finding);
        }
        if let Some(span) = shadows.unseen.and_then(row) {
            let message = "whether this row and those below it are reached was not looked at: that would take too long";
            let help = "ask for values, or for a range in one column only: such rows are looked up";
            self.out.push(Diagnostic::new(Code::NotLookedAt, span, message).help(help));
        }
    }
}

fn ascending(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(a), Value::Number(b)) => a <= b,
        (Value::Money(a), Value::Money(b)) => a.amount <= b.amount,
        (Value::Date(a), Value::Date(b)) => a <= b,
        _ => true,
    }
}
