//! From files to records: columns by a `source`, values by their declared forms, several files to one lead.

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::world::Memory;

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

/// The same, with texts compared the Turkish way.
fn turkish(sources: &str) -> Pact {
    let text = format!("{}\n{sources}", LEAD.replace("time zone", "language tr  time zone"));
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// `name=text` of each input; a name with a source that the pact has is read by it. What a record holds is shown as
/// `field=value` with its events, what was refused as `line N: reason`.
fn read(pact: &Pact, inputs: &[(&str, &str)]) -> Vec<String> {
    leads(pact, inputs).map(|read| line(pact, read)).collect()
}

fn leads<'p>(pact: &'p Pact, inputs: &[(&str, &str)]) -> Leads<'p> {
    let open = |(name, text): &(&str, &str)| {
        let format = if text.trim_start().starts_with('{') { Format::Ndjson } else { Format::Csv };
        let bytes = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        LeadInput { name: (*name).into(), rows: rows(bytes, name, Some(format)).unwrap(), intake: pact.intake(name) }
    };
    Leads::new(pact, inputs.iter().map(open).collect()).expect("an input")
}

fn line(pact: &Pact, read: leadpact::internals::leads::Read) -> String {
    match read {
        Ok(record) => record_line(pact, &record),
        Err(rejected) => format!("{}: {}", rejected.file, rejected.reject),
    }
}

fn record_line(pact: &Pact, record: &Record) -> String {
    let fields = pact.fields.iter().zip(&record.values);
    // the defaults of every lead would only repeat themselves
    let known = fields.filter(|(field, value)| value.is_some() && **value != field.default);
    let mut parts: Vec<String> = known.map(|(f, v)| format!("{}={}", f.name, v.as_ref().unwrap())).collect();
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
            r#"source crm {{ id = "Id"  plan = "TriggerIndex" {{ "Premium", "Gold" -> pro  "None" -> missing  {otherwise} }} }}"#
        ))
    };
    let csv = "Id,TriggerIndex\n1,PREMIUM\n2,gold\n3,None\n4,Silver\n5,free\n6,\n";
    let rest = ["id=1 plan=pro", "id=2 plan=pro", "id=3"];
    let missing = read(&source("otherwise missing"), &[("crm", csv)]);
    assert_eq!(missing[..3], rest);
    assert_eq!(missing[3..], ["id=4", "id=5", "id=6"], "`otherwise` takes all that is not named");
    let reject = read(&source("otherwise reject"), &[("crm", csv)]);
    assert_eq!(reject[..3], rest);
    assert_eq!(reject[3], "crm: line 5: `TriggerIndex`: `Silver` is not among the declared values");
    assert_eq!(reject[5], "id=6", "a blank is missing, not another value");
    let plain = read(&source(""), &[("crm", csv)]);
    assert_eq!(plain[3], "crm: line 5: `TriggerIndex`: `Silver` is none of free, pro; a `source` can map it");
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
fn a_row_has_events_where_their_guard_holds() {
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

// --- several sources ---------------------------------------------------------------------------------------------

const CRM: &str = r#"
source crm { id = "Id"  name = "Name"  city = "City"  account = "Account"  event visit at "Seen" }
source web { id = "Id"  name = "Name"  city = "City"  event click at "At" }
source accounts { match on account  account = "Account"  sector = "Sector" }
source sectors { match on sector  sector = "Sector"  share = "Share" }
"#;

#[test]
fn files_join_by_key_and_precedence_decides() {
    let declared = pact(&CRM.replace("source crm", "# the rest in order\nsource crm"));
    let preferring = pact(CRM);
    assert!(declared.precedence.is_empty() && preferring.precedence.is_empty());
    let crm = "Id,Name,City,Seen\nA,Ann,,2026-02-02\nB,Bo,Bonn,\n";
    let web = "Id,Name,City,At\na,Anna,Ankara,2026-01-01\nC,Cem,,\n";
    assert_eq!(
        read(&declared, &[("crm", crm), ("web", web)]),
        [
            "id=A name=Ann city=Ankara click() 2026-01-01T00:00:00+03:00 visit() 2026-02-02T00:00:00+03:00",
            "id=B name=Bo city=Bonn",
            "id=C name=Cem",
        ]
    );
    let text = format!("{}\n{CRM}", LEAD.replace("time zone", "precedence web, crm  time zone"));
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    let web_first = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let lines = read(&web_first, &[("crm", crm), ("web", web)]);
    assert!(lines[0].starts_with("id=a name=Anna city=Ankara"), "{}", lines[0]);
    assert_eq!(lines[1], "id=B name=Bo city=Bonn", "what the better source lacks comes from the other");
}

#[test]
fn another_field_adds_to_many_records() {
    let pact = pact(CRM);
    let crm = "Id,Account\n1,Acme\n2,ACME \n3,Other\n4,\n";
    let accounts = "Account,Sector\nacme,retail\nspare,none\n";
    assert_eq!(
        read(&pact, &[("crm", crm), ("accounts", accounts)]),
        ["id=1 account=Acme sector=retail", "id=2 account=ACME  sector=retail", "id=3 account=Other", "id=4"],
        "an account that no lead names is no lead"
    );
}

#[test]
fn what_is_joined_can_join_more_whatever_the_order_of_the_files() {
    let pact = pact(CRM);
    let (crm, accounts) = ("Id,Account\n1,Acme\n", "Account,Sector\nAcme,retail\n");
    let (sectors, web) = ("Sector,Share\nretail,0.4\n", "Id,Name\n1,Ann\n");
    let expected = ["id=1 name=Ann account=Acme sector=retail share=0.4"];
    let files = [("crm", crm), ("web", web), ("accounts", accounts), ("sectors", sectors)];
    assert_eq!(read(&pact, &files), expected);
    let [crm, web, accounts, sectors] = files;
    assert_eq!(read(&pact, &[crm, sectors, accounts, web]), expected);
    assert_eq!(read(&pact, &[web, accounts, sectors, crm]), expected, "the account comes with a later file");
}

#[test]
fn leads_that_only_a_later_file_knows_are_joined_like_the_others() {
    let pact = pact(CRM);
    let (web, accounts) = ("Id,Name\n1,Ann\n", "Account,Sector\nAcme,retail\n");
    let crm = "Id,Account\n1,Acme\n2,Acme\n3,\n";
    let expected = ["id=1 name=Ann account=Acme sector=retail", "id=2 account=Acme sector=retail", "id=3"];
    assert_eq!(read(&pact, &[("web", web), ("crm", crm), ("accounts", accounts)]), expected);
    assert_eq!(read(&pact, &[("web", web), ("accounts", accounts), ("crm", crm)]), expected);
}

#[test]
fn a_second_row_of_one_key_is_refused() {
    let pact = pact(CRM);
    let web = "Id,Name\n1,Ann\n2,Bo\n1,Ann again\n,Nobody\n";
    let lines = read(&pact, &[("crm", "Id,City\n1,Ankara\n"), ("web", web)]);
    assert_eq!(
        lines,
        [
            "web: line 4: `id` `1` stands already on line 2",
            "web: line 5: `id`, on which rows are matched, is missing",
            "id=1 name=Ann city=Ankara",
            "id=2 name=Bo",
        ]
    );
    let accounts = "Account,Sector\nAcme,retail\nacme,media\n";
    let lines = read(&pact, &[("crm", "Id,Account\n1,Acme\n"), ("accounts", accounts)]);
    assert_eq!(
        lines,
        ["accounts: line 3: `account` `acme` stands already on line 2", "id=1 account=Acme sector=retail"]
    );
}

#[test]
fn a_stage_comes_from_the_file_that_has_it() {
    let pact = pact(CRM);
    assert_eq!(read(&pact, &[("crm", "Id,City\n1,Bonn\n"), ("web", "Id,stage\n1,mql\n")]), ["id=1 city=Bonn in mql"]);
}

#[test]
fn required_and_default_values_are_seen_to_after_the_join() {
    let lead = "pact p { parties a } lead { id text key  size integer  channel one of web, fair default web }
        source one { id = \"Id\" } source two { id = \"Id\"  size = \"Size\" }";
    let pact = load(&Memory::new([("a.pact", lead)]), None).pact.expect("it checks clean");
    let lines: Vec<String> = leads(&pact, &[("one", "Id\n1\n2\n"), ("two", "Id,Size\n1,7\n")])
        .map(|read| match read {
            Ok(record) => record.values.iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(rejected) => rejected.reject.to_string(),
        })
        .collect();
    assert_eq!(lines, ["1 7 web", "line 3: `size` is required and missing"]);
}

// --- scripts -----------------------------------------------------------------------------------------------------

#[test]
fn letters_of_four_scripts_come_through() {
    let pact = turkish(
        r#"source crm { id = "Müşteri No"  name = "ชื่อ"  city = "Город"
             plan = "TriggerIndex" { "ücretsiz" -> free  "ПОЛНЫЙ" -> pro  "ฟรี" -> free } }"#,
    );
    let csv = "\u{feff}Müşteri No;ชื่อ;Город;TriggerIndex\nİĞ1;Ayşe Yılmaz;İzmir;ÜCRETSİZ\n2;ณัฐพงษ์;เชียงใหม่;ฟรี\n3;Лидия;Тверь;полный\n";
    assert_eq!(
        read(&pact, &[("crm", csv)]),
        [
            "id=İĞ1 name=Ayşe Yılmaz city=İzmir plan=free",
            "id=2 name=ณัฐพงษ์ city=เชียงใหม่ plan=free",
            "id=3 name=Лидия city=Тверь plan=pro",
        ]
    );
}

#[test]
fn text_of_older_encodings_is_read() {
    let pact = pact(r#"source crm { id = "No"  name = "Имя"  city = "Город" }"#);
    let text = "No;Имя;Город\n1;Лидия Орлова;Санкт-Петербург\n2;Иван Петров;Нижний Новгород\n3;Ольга Соколова;Тверь\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let input = Box::new(std::io::Cursor::new(bytes.into_owned()));
    let rows = rows(input, "f.csv", Some(Format::Csv)).unwrap();
    let input = LeadInput { name: "f.csv".into(), rows, intake: pact.intake("crm") };
    let lines: Vec<String> = Leads::new(&pact, vec![input]).unwrap().map(|read| line(&pact, read)).collect();
    assert_eq!(lines[0], "id=1 name=Лидия Орлова city=Санкт-Петербург");
    assert_eq!(lines[2], "id=3 name=Ольга Соколова city=Тверь");
}
