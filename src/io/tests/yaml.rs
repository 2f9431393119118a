use super::{read, refusal};

#[test]
fn scalars_keep_their_spelling() {
    let text = "# a lead\na: no\nb: 017\nc: 1.50\nd: 12345678901234567890.123\ne: '2.5'\nf: ~\ng: true\nh: [1, .5, {i: 1e3}]\n1: x\n";
    assert_eq!(
        read("lead.yaml", text),
        [
            r#"2 {"a":"no","b":"017","c":1.50,"d":12345678901234567890.123,"e":"2.5","f":null,"g":true,"h":[1,0.5,{"i":1e+3}],"1":"x"}"#
        ]
    );
}

#[test]
fn lists_and_documents_are_rows_with_lines() {
    let text =
        "%YAML 1.2\n---\n- a: 1\n  b: |\n    - not an item\n# between\n- a: 2\n---\na: 3\n...\n---\n[{a: 4}, 5]\n---\n";
    assert_eq!(
        read("leads.yml", text),
        [
            r#"3 {"a":1,"b":"- not an item\n"}"#,
            r#"7 {"a":2}"#,
            r#"9 {"a":3}"#,
            r#"11 {"a":4}"#,
            "! line 11: a row must be a map, not a number <5>",
        ]
    );
}

#[test]
fn a_bad_item_does_not_take_the_others() {
    let text = "- a: 1\n- a: 1\n  a: 2\n- a: 0.5\n- a: [\n- <<: {a: 1}\n- b: !tag 1\n- c: .nan\n- d: 4\n";
    let read = read("leads.yaml", text);
    assert_eq!(read.len(), 8, "{read:#?}");
    assert_eq!(read[0], r#"1 {"a":1}"#);
    assert!(read[1].starts_with("! line 2") && read[1].contains("key `a` appears twice <- a: 1\n  a: 2>"), "{read:#?}");
    assert_eq!(read[2], r#"4 {"a":0.5}"#);
    assert!(read[3..7].iter().all(|row| row.starts_with("! line")), "{read:#?}");
    assert_eq!(read[7], r#"9 {"d":4}"#);
}

#[test]
fn a_document_may_follow_an_end_without_a_mark() {
    assert_eq!(
        read("a.yaml", "a: 1\n...\nb: 2\n--- # next\nc: 3\n")[..],
        ["1 {\"a\":1}", "3 {\"b\":2}", "5 {\"c\":3}"]
    );
    assert!(read("a.yaml", "a: 1\n... b: 2\n")[1].starts_with("! line 2"));
}

#[test]
fn aliases_are_followed_and_bombs_are_not() {
    assert_eq!(read("a.yaml", "- &x {a: 0.10}\n- {b: *x}\n")[1], r#"2 {"b":{"a":0.10}}"#);
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..12 {
        bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(","));
    }
    assert!(read("a.yaml", bomb)[0].contains("repetition limit exceeded"));
}

#[test]
fn what_is_not_text_is_refused() {
    assert_eq!(
        refusal("a.yaml", &b"a: 1\nb: \xFF"[..]),
        "the input is not text: line 2 holds bytes that are not UTF-8"
    );
    assert!(refusal("a.yaml", vec![b'#'; (64 << 20) + 1]).contains("larger than 64 MiB"));
}
