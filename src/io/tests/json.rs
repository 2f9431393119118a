use super::{open, read};

#[test]
fn lines_each_stand_for_themselves() {
    let text = b"\xEF\xBB\xBF{\"a\":1.50}\r\n\n  \n{\"a\":1,\"a\":2}\n[1]\n{\"a\":\n{\"a\":\"\xFF\"}\n{\"a\":NaN}\n{\"a\":[null,{\"b\":true}]}\n{\"a\":1";
    assert_eq!(
        read("leads.jsonl", &text[..]),
        [
            "1 {\"a\":1.50}",
            "! line 4, column 13: key `a` appears twice <{\"a\":1,\"a\":2}>",
            "! line 5, column 1: a row must be an object `{…}`, not a list <[1]>",
            "! line 6, column 5: the row ends before it is closed <{\"a\":>",
            "! line 7, column 7: these bytes are not UTF-8 text <{\"a\":\"\u{FFFD}\"}>",
            "! line 8, column 6: expected value <{\"a\":NaN}>",
            "9 {\"a\":[null,{\"b\":true}]}",
            "! line 10, column 6: the row ends before it is closed <{\"a\":1>",
        ]
    );
}

#[test]
fn a_list_loses_only_its_bad_elements() {
    let text =
        "[\n  {\"a\": \"},{\"},\n  {\"ş\": 1, \"b\": },\n  {\"a\": \"open},\n  {\"a\": 2}, 7,\n  {\"a\": 3}\n]\n";
    assert_eq!(
        read("leads.json", text),
        [
            "2 {\"a\":\"},{\"}",
            "! line 3, column 17: expected value <{\"ş\": 1, \"b\": }>",
            "! line 4, column 15: the row ends before it is closed <{\"a\": \"open},>",
            "5 {\"a\":2}",
            "! line 5, column 13: a row must be an object `{…}`, not a number <7>",
            "6 {\"a\":3}",
        ]
    );
}

#[test]
fn a_list_must_be_whole() {
    let close = "the list is never closed: was the file cut short? <>";
    assert_eq!(read("a.json", "[{\"a\":1},"), ["1 {\"a\":1}".to_owned(), format!("! line 1: {close}")]);
    assert_eq!(read("a.json", "[\n"), [format!("! line 2: {close}")]);
    assert_eq!(
        read("a.json", "[{\"a\":1},{\"b\""),
        ["1 {\"a\":1}", "! line 1, column 13: the row ends before it is closed <{\"b\">"]
    );
    assert_eq!(read("a.json", "[,{\"a\":1},]").len(), 3);
    assert_eq!(read("a.json", "[] {\"a\":1}\n"), ["! line 1: this stands after the end of the list <{\"a\":1}>"]);
    assert!(read("a.json", " [ ] ").is_empty());
}

#[test]
fn one_object_may_take_many_lines() {
    let one = "{\n  \"a\": {\n    \"b\": [1,\n 2]\n  }\n}\n";
    assert_eq!(read("lead.json", one), ["1 {\"a\":{\"b\":[1,2]}}"]);
    assert_eq!(read("-", format!("{one}{one}")), ["1 {\"a\":{\"b\":[1,2]}}", "7 {\"a\":{\"b\":[1,2]}}"]);
    assert_eq!(read("lead.json", "\"text\"\n{\"a\":1}").len(), 2);
}

#[test]
fn lines_are_recognised_though_the_first_is_bad() {
    let read = read("leads.json", "{\"a\":\n{\"a\":1}\n");
    assert_eq!(read.len(), 1, "an announced object is one");
    let read = super::read("leads.json", "{\"a\":1,\n{\"a\":1}\n");
    assert_eq!(read[1], "2 {\"a\":1}");
}

#[test]
fn depth_is_limited() {
    let deep = format!("{{\"a\":{}1{}}}\n{{\"a\":1}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let rows: Vec<_> = open("a.ndjson", deep).unwrap().collect();
    assert_eq!(rows[0].as_ref().unwrap_err().reason, "the row is nested too deeply");
    assert!(rows[1].is_ok());
}

#[test]
fn a_row_too_long_is_passed_over() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(17 << 20));
    for (name, text) in [("a.ndjson", format!("{long}\n{{\"a\":1}}\n")), ("a.json", format!("[{long},\n{{\"a\":1}}]"))]
    {
        let rows: Vec<_> = open(name, text).unwrap().collect();
        let reject = rows[0].as_ref().unwrap_err();
        assert_eq!(reject.reason, "the row is longer than 16 MiB");
        assert!(reject.raw.starts_with("{\"a\":\"xxx") && reject.raw.len() <= 4096);
        assert_eq!(rows[1].as_ref().unwrap().line, 2);
        assert_eq!(rows.len(), 2);
    }
}
