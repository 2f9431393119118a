//! Rows as bytes that are short and quick to read again: for rows that wait on a disk.

use super::raw::Raw;
use super::row::Row;

/// The names of columns, so that rows need not repeat them.
#[derive(Clone, Debug, Default)]
pub struct ColumnNames(indexmap::IndexSet<Box<str>>);

impl ColumnNames {
    /// The bytes of a row: its line, then each field with the number of its name.
    pub fn pack(&mut self, row: &Row) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        out.extend_from_slice(&row.line.to_le_bytes());
        for (name, raw) in &row.fields {
            let at = match self.0.get_index_of(&**name) {
                Some(at) => at,
                None => self.0.insert_full(name.clone()).0,
            };
            length(at, &mut out);
            put(raw, &mut out);
        }
        out
    }

    /// The row again; none when the bytes are not those of a row packed with these names.
    pub fn unpack(&self, bytes: &[u8]) -> Option<Row> {
        let (line, mut rest) = bytes.split_first_chunk::<8>()?;
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let name = self.0.get_index(take_length(&mut rest)?)?;
            fields.push((name.clone(), take(&mut rest)?));
        }
        Some(Row { line: u64::from_le_bytes(*line), fields })
    }
}

/// Seven bits a byte, the last one below 128.
fn length(mut n: usize, out: &mut Vec<u8>) {
    while n >= 128 {
        out.push((n & 127) as u8 | 128);
        n >>= 7;
    }
    out.push(n as u8);
}

fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let mut n = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, more) = rest.split_first()?;
        *rest = more;
        n |= usize::from(byte & 127) << shift;
        if *byte < 128 {
            return Some(n);
        }
    }
    None
}

fn put(raw: &Raw, out: &mut Vec<u8>) {
    let mut text = |mark: u8, text: &str| {
        out.push(mark);
        length(text.len(), out);
        out.extend_from_slice(text.as_bytes());
    };
    match raw {
        Raw::Null => out.push(0),
        Raw::Bool(no) if !no => out.push(1),
        Raw::Bool(_) => out.push(2),
        Raw::Number(digits) => text(3, digits),
        Raw::Text(chars) => text(4, chars),
        Raw::List(items) => {
            out.push(5);
            length(items.len(), out);
            items.iter().for_each(|item| put(item, out));
        }
        Raw::Map(parts) => {
            out.push(6);
            length(parts.len(), out);
            for (name, part) in parts {
                put(&Raw::Text(name.clone()), out);
                put(part, out);
            }
        }
    }
}

fn take(rest: &mut &[u8]) -> Option<Raw> {
    let (mark, more) = rest.split_first()?;
    *rest = more;
    Some(match mark {
        0 => Raw::Null,
        1 => Raw::Bool(false),
        2 => Raw::Bool(true),
        3 => Raw::Number(take_text(rest)?),
        4 => Raw::Text(take_text(rest)?),
        5 => {
            let count = take_length(rest)?;
            Raw::List((0..count).map(|_| take(rest)).collect::<Option<_>>()?)
        }
        _ => {
            let count = take_length(rest)?;
            let mut part = || {
                let Raw::Text(name) = take(rest)? else { return None };
                Some((name, take(rest)?))
            };
            Raw::Map((0..count).map(|_| part()).collect::<Option<_>>()?)
        }
    })
}

fn take_text(rest: &mut &[u8]) -> Option<Box<str>> {
    let length = take_length(rest)?;
    let (text, more) = rest.split_at_checked(length)?;
    *rest = more;
    std::str::from_utf8(text).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were() {
        let long: Box<str> = "ü".repeat(300).into();
        let parts = vec![("a".into(), Raw::Null), ("ö".into(), Raw::List(vec![Raw::Bool(true), Raw::Bool(false)]))];
        let fields = vec![
            ("text".into(), Raw::Text(long)),
            ("number".into(), Raw::Number("1.50".into())),
            ("parts".into(), Raw::Map(parts)),
        ];
        let rows = [Row { line: 7, fields }, Row { line: u64::MAX, fields: Vec::new() }];
        let mut names = ColumnNames::default();
        let packed: Vec<Vec<u8>> = rows.iter().map(|row| names.pack(row)).collect();
        let again: Vec<Option<Row>> = packed.iter().map(|bytes| names.unpack(bytes)).collect();
        assert_eq!(again, rows.map(Some));
        assert_eq!(names.unpack(&packed[0][..packed[0].len() - 1]), None);
    }
}
