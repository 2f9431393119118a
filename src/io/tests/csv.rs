use encoding_rs::{WINDOWS_874, WINDOWS_1251, WINDOWS_1254};

use super::{open, read, refusal};

#[test]
fn cells_stay_as_they_are_and_lines_are_true() {
    let text = "\u{FEFF} name , note\r\n\r\n Ana ,\"one\r\ntwo, \"\"three\"\"\"\r\n\r\nBo,\r\nCy,last";
    assert_eq!(
        read("leads.csv", text),
        [
            r#"3 {"name":" Ana ","note":"one\r\ntwo, \"three\""}"#,
            r#"6 {"name":"Bo","note":""}"#,
            r#"7 {"name":"Cy","note":"last"}"#,
        ]
    );
    assert_eq!(read("old-mac.csv", "a,b\r1,2\r3,4"), [r#"2 {"a":"1","b":"2"}"#, r#"3 {"a":"3","b":"4"}"#]);
    assert_eq!(read("leads.tsv", "a, x\tb\n1\t2"), [r#"2 {"a, x":"1","b":"2"}"#]);
    assert_eq!(read("excel.csv", "sep=;\r\na,b;c\r\n1;2\r\n"), [r#"3 {"a,b":"1","c":"2"}"#]);
}

#[test]
fn a_bad_row_is_given_back_whole_and_the_next_is_read() {
    let text = b"a;b\n1\n1;2;3\n\"x\"y;2\n\xFF;2\n\"1\n\";5\" pipe\n";
    assert_eq!(
        read("leads.csv", &text[..]),
        [
            "! line 2: the row has 1 cells where the header has 2 <1>",
            "! line 3: the row has 3 cells where the header has 2; a cell that holds the separator must be quoted <1;2;3>",
            "! line 4: text follows a closing quote; a quote inside quotes is written twice, `\"\"` <\"x\"y;2>",
            "5 {\"a\":\"ÿ\",\"b\":\"2\"}",
            "6 {\"a\":\"1\\n\",\"b\":\"5\\\" pipe\"}",
        ]
    );
}

#[test]
fn bytes_that_are_not_utf8_reject_their_row_only() {
    let mut text = "isim,şehir\nAyşe,İstanbul\n".as_bytes().to_vec();
    text.extend(b"Bo\xFF,x\nCy,y\n");
    let read = read("leads.csv", text);
    assert_eq!(read[1], "! line 3: cell 1 holds bytes that are not text in the file's encoding <Bo\u{FFFD},x>");
    assert_eq!(read[2], r#"4 {"isim":"Cy","şehir":"y"}"#);
}

#[test]
fn a_quote_that_never_closes_costs_one_line() {
    let read = read("leads.csv", "a,b\n1,\"2\n3,4\n5,6\n");
    assert_eq!(read[0], "! line 2: a quote opens here and is never closed <1,\"2>");
    assert_eq!(read[1..], [r#"3 {"a":"3","b":"4"}"#, r#"4 {"a":"5","b":"6"}"#]);
}

#[test]
fn a_stray_quote_in_a_huge_file_costs_one_line() {
    let text = format!("a,b\n\"1,2\n{}", format!("3,{}\n", "4".repeat(997)).repeat(20_000));
    let mut rows = open("leads.csv", text).unwrap();
    let reject = rows.next().unwrap().unwrap_err();
    assert_eq!((reject.line, &*reject.raw), (2, "\"1,2"));
    let mut rest = rows.map(|row| row.unwrap().line);
    assert_eq!((rest.next(), rest.last()), (Some(3), Some(20_002)));
}

#[test]
fn hostile_quotes_end() {
    let rows: Vec<_> = open("leads.csv", format!("a,b\n\"{}", "b\"x,\"c\n".repeat(50_000))).unwrap().collect();
    assert!(rows.iter().all(Result::is_err));
    assert_eq!(rows.len(), 65);
}

#[test]
fn a_header_names_each_column_once() {
    assert!(refusal("a.csv", "a,b, a \n").ends_with("on line 1 cannot be used: columns 1 and 3 are both called `a`"));
    assert!(refusal("a.csv", "\n\na,,c\n").ends_with("on line 3 cannot be used: column 2 has no name"));
    assert!(refusal("a.csv", "a\0,b\0\n").contains("NUL"));
    assert!(refusal("a.csv", "a,\"b\n").contains("never closed"));
}

#[test]
fn older_encodings_and_utf16_are_read_and_noted() {
    let turkish = "Şirket;Şehir;Yetkili kişi\nÇağdaş Gıda;İstanbul;Gülşah Öztürk\nIşık İnşaat;Muğla;Ayşe Yıldız\n";
    let russian = "Компания;Город\nРога и копыта;Москва\n";
    let thai = "ชื่อ;เมือง\nสมชาย ใจดี;กรุงเทพมหานคร\n";
    for (encoding, text) in [(WINDOWS_1254, turkish), (WINDOWS_1251, russian), (WINDOWS_874, thai)] {
        let bytes = encoding.encode(text).0.into_owned();
        let note = format!("read as {}, `;` between fields", encoding.name());
        assert_eq!(open("leads.csv", bytes.clone()).unwrap().notes(), [note]);
        assert_eq!(read("leads.csv", bytes), read("leads.csv", text));
        let wide = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let little: Vec<u8> = wide.clone().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = wide.flat_map(u16::to_be_bytes).collect();
        assert_eq!(open("-", little.clone()).unwrap().notes(), ["read as UTF-16LE, `;` between fields"]);
        assert_eq!(read("-", little), read("leads.csv", text));
        assert_eq!(read("-", big), read("leads.csv", text));
    }
}
