//! From files to records: columns by a `source`, values by their declared forms, several files to one lead.

use leadpact::io::{Format, rows};
use leadpact::leads::{Input, Leads};
use leadpact::load::load;
use leadpact::pact::Pact;
use leadpact::record::Record;
use leadpact::world::Memory;

const LEAD: &str = r#"
pact p { parties marketing, sales  time zone "Europe/Istanbul" }
lead {
  id text key   name text?   city text?   account text?   sector text?
  size integer?   share number?   revenue money USD?   born date?   seen time?   tags list of text?
  plan one of free, pro?   vip bool default false   channel one of web, fair, import default import
}
activity visit { minutes integer? }
activity click
touch call
disposition won { amount money USD }
disposition lost
pipeline all { stage inquiry { owner marketing  move to mql when any visit }  stage mql { owner sales  final } }
"#;

fn pact(sources: &str) -> Pact {
    let loaded = load(&Memory::new([("a.pact", format!("{LEAD}\n{sources}"))]), None);
    loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// `name=text` of each input; a name with a source that the pact has is read by it. What a record holds is told as
/// `field=value` with its events, what was refused as `line N: reason`.
fn read(pact: &Pact, inputs: &[(&str, &str)]) -> Vec<String> {
    leads(pact, inputs).map(|read| told(pact, read)).collect()
}

fn leads<'p>(pact: &'p Pact, inputs: &[(&str, &str)]) -> Leads<'p> {
    let open = |(name, text): &(&str, &str)| {
        let format = if text.trim_start().starts_with('{') { Format::Ndjson } else { Format::Csv };
        let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        Input { name: (*name).into(), rows: rows(bytes, name, Some(format)).unwrap(), intake: pact.intake(name) }
    };
    Leads::new(pact, inputs.iter().map(open).collect()).expect("an input")
}

fn told(pact: &Pact, read: leadpact::leads::Read) -> String {
    match read {
        Ok(record) => tell(pact, &record),
        Err(rejected) => format!("{}: {}", rejected.file, rejected.reject),
    }
}

fn tell(pact: &Pact, record: &Record) -> String {
    let fields = pact.fields.iter().zip(&record.values);
    // the defaults of every lead would only repeat themselves
    let said = fields.filter(|(field, value)| value.is_some() && **value != field.default);
    let mut parts: Vec<String> = said.map(|(f, v)| format!("{}={}", f.name, v.as_ref().unwrap())).collect();
    parts.extend(record.stage.map(|stage| format!("in {}", pact[stage].name)));
    for event in &record.history {
        let properties: Vec<String> = event.values.iter().flatten().map(ToString::to_string).collect();
        parts.push(format!("{}({}) {}", pact[event.kind].name, properties.join(","), pact.zone.rfc3339(event.at)));
    }
    parts.join(" ")
}

// --- without a source --------------------------------------------------------------------------------------------

#[test]
fn columns_are_named_as_fields_are() {
    let pact = pact("");
    let csv = "id,size,share,revenue,born,vip,plan,tags\n\
               1,50,0.25,1200.50,1990-02-28,true,PRO,a; b;;c\n\
               2,,,USD 7,,,,\n";
    assert_eq!(
        read(&pact, &[("f.csv", csv)]),
        [
            "id=1 size=50 share=0.25 revenue=1200.5 USD born=1990-02-28 tags=a, b, c plan=pro vip=true",
            "id=2 revenue=7 USD"
        ]
    );
}

#[test]
fn a_value_of_another_type_refuses_its_row() {
    let pact = pact("");
    let csv = "id,size,plan,born,vip\n1,5.5,,,\n2,,gold,,\n3,,,28.02.1990,\n4,,,,yes\n5,7,free,,\n,1,,,\n";
    assert_eq!(
        read(&pact, &[("f.csv", csv)]),
        [
            "f.csv: line 2: `size`: `5.5` is not a whole number",
            "f.csv: line 3: `plan`: `gold` is none of free, pro; a `source` can map it",
            "f.csv: line 4: `born`: `28.02.1990` is not a date",
            "f.csv: line 5: `vip`: `yes` is not true or false",
            "id=5 size=7 plan=free",
            "f.csv: line 7: `id` is required and missing",
        ]
    );
}

#[test]
fn history_and_stage_come_with_the_record() {
    let pact = pact("");
    let json = r#"{"id": "1", "stage": "mql", "history": [
        {"kind": "visit", "at": "2026-03-02T09:00:00+03:00", "minutes": 4}, {"kind": "click", "at": "2026-03-01 10:00"}]}"#;
    let one_line = json.replace('\n', " ");
    let expected = "id=1 in mql click() 2026-03-01T10:00:00+03:00 visit(4) 2026-03-02T09:00:00+03:00";
    assert_eq!(read(&pact, &[("f", &one_line)]), [expected]);
    let csv = "id,stage,history\n1,mql,\"[{\"\"kind\"\":\"\"click\"\",\"\"at\"\":\"\"2026-03-01\"\"}]\"\n";
    assert_eq!(read(&pact, &[("f.csv", csv)]), ["id=1 in mql click() 2026-03-01T00:00:00+03:00"]);
}

#[test]
fn a_history_that_does_not_fit_says_where() {
    let pact = pact("");
    let of = |history: &str| read(&pact, &[("f", &format!(r#"{{"id": "1", "history": {history}}}"#))]).remove(0);
    assert_eq!(
        of(r#"[{"kind": "click", "at": "2026-03-01"}, {"kind": "fax", "at": "2026-03-01"}]"#),
        "f: line 1: `history` 2: there is no activity, touch or disposition `fax`"
    );
    assert_eq!(of(r#"[{"kind": "click"}]"#), "f: line 1: `history` 1: `at` is missing");
    assert_eq!(of(r#"[{"kind": "won", "at": "2026-03-01"}]"#), "f: line 1: `history` 1: `won` needs `amount`");
    assert_eq!(
        of(r#"[{"kind": "click", "at": "2026-03-01", "minutes": 3}]"#),
        "f: line 1: `history` 1: `click` has no property `minutes`"
    );
    assert_eq!(of(r#"[{"kind": "click", "at": "soon"}]"#), "f: line 1: `history` 1: `soon` is not an instant");
    assert_eq!(of("7"), "f: line 1: `history` is not a list of events");
    let stage = read(&pact, &[("f", r#"{"id": "1", "stage": "nowhere"}"#)]);
    assert_eq!(stage, ["f: line 1: `stage`: there is no stage `nowhere`"]);
}

// --- a source ----------------------------------------------------------------------------------------------------

#[test]
fn blanks_are_what_the_source_declares() {
    let pact = pact(r#"source crm { blank "--None--", "n/a"  id = "Id"  name = "Name"  size = "Size" }"#);
    let csv = "Id,Name,Size\n1,--none--,N/A\n2,unknown, \n3,none,4\n";
    let read = read(&pact, &[("crm", csv)]);
    assert_eq!(read[0], "id=1");
    assert_eq!(read[1], "crm: line 3: `Size`: ` ` is not a whole number", "white space is declared or wrong");
    assert_eq!(read[2], "id=3 name=none size=4");
}

#[test]
fn words_of_a_system_become_words_of_the_pact() {
    let source = |otherwise: &str| {
        pact(&format!(
            r#"source crm {{ id = "Id"  plan = "Plan" {{ "Premium", "Gold" -> pro  "None" -> missing  {otherwise} }} }}"#
        ))
    };
    let csv = "Id,Plan\n1,PREMIUM\n2,gold\n3,None\n4,Silver\n5,free\n6,\n";
    let rest = ["id=1 plan=pro", "id=2 plan=pro", "id=3"];
    let missing = read(&source("otherwise missing"), &[("crm", csv)]);
    assert_eq!(missing[..3], rest);
    assert_eq!(missing[3..], ["id=4", "id=5", "id=6"], "`otherwise` takes all that is not named");
    let reject = read(&source("otherwise reject"), &[("crm", csv)]);
    assert_eq!(reject[..3], rest);
    assert_eq!(reject[3], "crm: line 5: `Plan`: `Silver` is not among the declared values");
    assert_eq!(reject[5], "id=6", "a blank is missing, not another value");
    let plain = read(&source(""), &[("crm", csv)]);
    assert_eq!(plain[3], "crm: line 5: `Plan`: `Silver` is none of free, pro; a `source` can map it");
    assert_eq!(plain[4], "id=5 plan=free");
}

#[test]
fn the_first_column_with_a_value_counts() {
    let pact = pact(r#"source crm { blank "-"  id = "Id"  name = "Phone" or "Mobile" }"#);
    let csv = "Id,Phone,Mobile\n1,a,b\n2,,b\n3,-,b\n4,-,-\n";
    assert_eq!(read(&pact, &[("crm", csv)]), ["id=1 name=a", "id=2 name=b", "id=3 name=b", "id=4"]);
}

#[test]
fn factors_are_exact() {
    let pact = pact(r#"source crm { id = "Id"  revenue = "Rev" times 1M  share = "Pct" times 0.01 }"#);
    let csv = "Id,Rev,Pct\n1,1100.04,7\n2,0.1,33.3\n";
    let expected = ["id=1 share=0.07 revenue=1100040000 USD", "id=2 share=0.333 revenue=100000 USD"];
    assert_eq!(read(&pact, &[("crm", csv)]), expected);
}

#[test]
fn dates_and_times_have_declared_forms_and_a_zone() {
    let pact = pact(
        r#"source crm { dates "%d.%m.%Y", "%Y/%m/%d"  times "%d.%m.%Y %H:%M" in "America/New_York"
             id = "Id"  born = "Born"  seen = "Seen"  event visit at "Seen" }"#,
    );
    let csv = "Id,Born,Seen\n1,28.02.1990,02.03.2026 09:00\n2,1990/02/28,\n3,1990-02-28,\n4,,2026-03-02 09:00\n";
    assert_eq!(
        read(&pact, &[("crm", csv)]),
        [
            "id=1 born=1990-02-28 seen=2026-03-02T14:00:00Z visit() 2026-03-02T17:00:00+03:00",
            "id=2 born=1990-02-28",
            "crm: line 4: `Born`: `1990-02-28` is not a date",
            "crm: line 5: `Seen`: `2026-03-02 09:00` is not an instant",
        ]
    );
}

#[test]
fn a_row_tells_of_events_where_their_guard_holds() {
    let pact = pact(
        r#"source crm { id = "Id"  event visit at "Seen" { minutes = "Min" }
             event won at "Closed" when "Stage" in "Won", "Closed Won" { amount = "Value" }
             event lost at "Closed" when "Stage" in "Lost" }"#,
    );
    let csv = "Id,Stage,Seen,Min,Closed,Value\n1,closed won,2026-01-05,3,2026-02-01,99.90\n\
               2,Lost,,,2026-02-01,\n3,Open,,,2026-02-01,\n4,Won,,,2026-02-01,\n5,Won,,,,\n";
    assert_eq!(
        read(&pact, &[("crm", csv)]),
        [
            "id=1 visit(3) 2026-01-05T00:00:00+03:00 won(99.9 USD) 2026-02-01T00:00:00+03:00",
            "id=2 lost() 2026-02-01T00:00:00+03:00",
            "id=3",
            "crm: line 5: `Closed`: `won` needs `amount`",
            "id=5",
        ]
    );
}

#[test]
fn columns_that_nothing_takes_are_named() {
    let pact = pact(r#"source crm { id = "Id"  event visit at "Seen" when "Kind" in "v" { minutes = "Min" } }"#);
    let mut leads =
        leads(&pact, &[("crm", "Id,Seen,Kind,Min,Owner,Fax\n1,,,,x,y\n"), ("b.csv", "id,city,zip\n1,c,9\n")]);
    assert_eq!(leads.by_ref().filter(Result::is_ok).count(), 1);
    let unused = leads.unused_columns();
    let unused: Vec<_> = unused.iter().map(|(file, names)| (&**file, names.join(","))).collect();
    assert_eq!(unused, [("crm", "Fax,Owner".to_owned()), ("b.csv", "zip".to_owned())]);
}
