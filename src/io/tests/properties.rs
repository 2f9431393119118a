use std::io::Cursor;

use proptest::prelude::*;

use crate::io::{Format, Raw, Row, rows};

fn raw() -> impl Strategy<Value = Raw> {
    let leaf = prop_oneof![
        Just(Raw::Null),
        any::<bool>().prop_map(Raw::Bool),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?(e[+-][0-9]{1,3})?".prop_map(|digits| Raw::Number(digits.into())),
        any::<String>().prop_map(|text| Raw::Text(text.into())),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Raw::List),
            prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(named),
        ]
    })
}

fn named(fields: std::collections::BTreeMap<String, Raw>) -> Raw {
    Raw::Map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn row() -> impl Strategy<Value = Row> {
    prop::collection::btree_map(any::<String>(), raw(), 0..6).prop_map(|fields| match named(fields) {
        Raw::Map(fields) => Row { line: 0, fields },
        _ => unreachable!(),
    })
}

/// Bytes that are likely to mean something to some format.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            ";",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\\",
            "- ",
            "---\n",
            "a: ",
            "{\"a\":1}",
            "1.5",
            "\u{FEFF}",
            "ş",
            "&a",
            "*a",
            "''",
            "|",
            ">",
            "!t ",
            "#",
            "\n- ",
            "  ",
            "sep=",
            "\u{0}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_their_end(bytes in bytes()) {
        for format in [None, Some(Format::Ndjson), Some(Format::Json), Some(Format::Csv), Some(Format::Yaml)] {
            let Ok(rows) = rows(Box::new(Cursor::new(bytes.clone())), "-", format) else { continue };
            let last = bytes.len() as u64 + 1;
            let items: Vec<_> = rows.take(1000).collect();
            prop_assert!(items.len() < 1000);
            for item in items {
                let line = item.map_or_else(|reject| reject.line, |row| row.line);
                prop_assert!((1..=last).contains(&line));
            }
        }
    }

    #[test]
    fn what_is_written_as_ndjson_is_read_back(written in prop::collection::vec(row(), 0..6)) {
        let lines = written.iter().map(|row| serde_json::to_string(row).unwrap() + "\n").collect::<String>();
        let list = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
        for (text, format) in [(lines, Format::Ndjson), (list, Format::Json)] {
            let read: Vec<Row> = rows(Box::new(Cursor::new(text)), "-", Some(format)).unwrap().map(|row| row.unwrap()).collect();
            prop_assert_eq!(read.len(), written.len());
            for (at, (read, written)) in read.iter().zip(&written).enumerate() {
                prop_assert_eq!(&read.fields, &written.fields);
                prop_assert_eq!(read.line, at as u64 + 1);
            }
        }
    }

    #[test]
    fn csv_of_any_cells_is_read_back(cells in prop::collection::vec(any::<[String; 2]>(), 1..6)) {
        let mut text = Vec::new();
        let mut table = crate::io::TextTable::new(&mut text, crate::io::Layout::Csv { raw: true }, ["a", "b"]).unwrap();
        for row in &cells {
            table.push(row).unwrap();
        }
        table.finish().unwrap();
        let read: Vec<Row> = rows(Box::new(Cursor::new(text)), "a.csv", None).unwrap().map(|row| row.unwrap()).collect();
        let expected = cells.iter().map(|row| {
            ["a", "b"].into_iter().zip(row).map(|(name, cell)| (name.into(), Raw::Text(cell.as_str().into()))).collect::<Vec<_>>()
        });
        prop_assert!(read.into_iter().map(|row| row.fields).eq(expected));
    }
}
