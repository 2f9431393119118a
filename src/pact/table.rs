//! Tables kept in a spreadsheet: the first row that matches wins.

use std::sync::Arc;

use super::FieldId;
use crate::span::{FileId, Span};
use crate::value::Value;

/// A table, read and typed by the fields that its columns name.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: Arc<str>,
    pub description: Arc<str>,
    /// The file it was read from.
    pub file: FileId,
    /// Columns that match against a field, in order.
    pub inputs: Vec<FieldId>,
    /// Columns that name no field: what a row gives.
    pub outputs: Vec<Arc<str>>,
    pub rows: Vec<TableRow>,
    /// The clause that names the table.
    pub span: Span,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// One for each input.
    pub cells: Vec<Cell>,
    /// One for each output; blank cells give nothing.
    pub gives: Vec<Option<Value>>,
    /// Its place in the table's file.
    pub span: Span,
}

/// What a cell asks of its field.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// `*`: anything, also a missing value.
    Any,
    /// `a|b`: one of these.
    OneOf(Vec<Value>),
    /// `50..999`, `>=1000`, `<=9`: a closed range, open where an end is absent.
    Range(Option<Value>, Option<Value>),
    /// `>1000`: more than this.
    Above(Value),
    /// `<1000`: less than this.
    Below(Value),
}
