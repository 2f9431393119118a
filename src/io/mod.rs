//! Bytes to rows: NDJSON, JSON, CSV and YAML read as one stream of untyped rows, and rows written back as tables.
//!
//! Nothing here knows the language: a row is names and raw values, with the line it starts on. What could not be read
//! comes out as a [`Reject`] in the same stream, so that every row of the input is either delivered or accounted for.
//! Memory does not grow with the number of rows, except for YAML, which is read whole and therefore limited in size.
//! A [`Sorter`] brings together what stands far apart in an input, within the same bounds.

mod blocks;
mod csv;
mod delimiter;
mod encoding;
mod format;
mod inert;
mod input;
mod json;
mod json_shape;
mod meter;
mod ndjson;
mod open;
mod open_error;
mod packed;
mod raw;
mod reject;
mod rejects;
mod row;
mod sheet;
mod sorted;
mod table;
mod width;
mod yaml;
mod yaml_digits;
mod yaml_split;

pub use crate::workbook::MOMENT;
pub use blocks::{LineBlock, LineBlocks, line_row};
pub use format::Format;
pub use open::{InputForm, Rows, lines, rows};
pub use open_error::OpenError;
pub use packed::ColumnNames;
pub use raw::Raw;
pub use reject::Reject;
pub use rejects::RejectsWriter;
pub use row::Row;
pub use sorted::{Sorted, Sorter};
pub use table::{Layout, TextTable, csv_cell};

#[cfg(test)]
mod tests;
