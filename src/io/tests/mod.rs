//! The formats, from bytes to what a person would see.

mod csv;
mod json;
mod properties;
mod sorted;
mod yaml;

use std::io::{self, Read};

use super::{Format, OpenError, Rows, rows};

fn open(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Rows, OpenError> {
    rows(Box::new(io::Cursor::new(bytes.into())), name, None)
}

/// Each row as its line and JSON, each reject as it is shown and what it quotes.
fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let show = |item| match item {
        Ok(row) => {
            let row: super::Row = row;
            format!("{} {}", row.line, serde_json::to_string(&row).unwrap())
        }
        Err(reject) => {
            let reject: super::Reject = reject;
            format!("! {reject} <{}>", reject.raw)
        }
    };
    open(name, bytes).unwrap().map(show).collect()
}

fn refusal(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    open(name, bytes).err().unwrap().to_string()
}

#[test]
fn the_format_is_sniffed_where_the_name_is_silent() {
    for text in ["{\"a\":1}\n{\"a\":2}\n", "[{\"a\":1},\n{\"a\":2}]", "\n{\n \"a\": 1\n}\n{ \"a\":2}"] {
        assert_eq!(read("-", text).iter().filter(|row| row.contains("{\"a\":")).count(), 2, "{text}");
    }
    assert_eq!(read("-", "a,b\n1,2"), [r#"2 {"a":"1","b":"2"}"#]);
    assert_eq!(refusal("-", ""), "the input is empty");
    assert_eq!(refusal("leads.json", " \n"), "the input is empty");
    assert_eq!(refusal("leads.csv", "\n\n"), "the input is empty");
    assert!(read("leads.ndjson", "").is_empty());
    assert!(refusal("leads.csv", "PK\x03\x04...").contains("say `--input xlsx`"));
}

#[test]
fn an_explicit_format_wins_over_the_name() {
    let mut rows = rows(Box::new(&b"a: 1"[..]), "leads.csv", Some(Format::Yaml)).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().line, 1);
}

#[test]
fn reading_that_fails_is_reported_and_bytes_are_counted() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let line = "{\"a\":1}\n";
    let good = io::Cursor::new(line.repeat(100_000));
    let mut rows = rows(Box::new(good.chain(Broken)), "leads.ndjson", None).unwrap();
    let items: Vec<_> = rows.by_ref().collect();
    assert_eq!(items.len(), 100_001);
    let last = items.last().unwrap().as_ref().unwrap_err();
    assert_eq!(last.reason, "reading failed here, and the rest was not seen: the disk is gone");
    assert!(rows.cut_short());
    assert_eq!(rows.bytes_read().load(std::sync::atomic::Ordering::Relaxed), 800_000);
}
