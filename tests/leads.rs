//! From files to records: columns by a `source`, values by their declared forms, several files to one lead.

use leadpact::internals::io::{Format, InputForm, rows};
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
criteria asks {
  agreed by marketing, sales
  need size > 0 and share > 0 and revenue > 0 USD and born < today and seen < now and plan = pro and vip
  need tags contains "a" and channel = web
}
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
    let passed_over = leads.passed_over();
    let names = |passed: &leadpact::internals::leads::PassedOver| passed.unused().collect::<Vec<_>>().join(",");
    let unused: Vec<_> = passed_over.iter().map(|(file, passed)| (&**file, names(passed))).collect();
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
fn files_join_by_what_leads_are_recognised_by() {
    let lead =
        LEAD.replace("lead {", "lead { email text?  phone text?  country text?  match on email, phone in country");
    let sources = r#"
        source crm { id = "Id"  email = "Email"  phone = "Phone"  country = "Land" }
        source mail { email = "address"  city = "City" }
        source dialler { match on phone  phone = "number"  name = "Name" }
    "#;
    let loaded = load(&Memory::new([("a.pact", format!("{lead}\n{sources}"))]), None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let crm = "Id,Email,Phone,Land\n1,Ann@Acme.example,0532 123 45 67,TR\n2,,030 123456,DE\n";
    let mail = "address,City\nann@acme.example,Bonn\nbo@acme.example,Ankara\n";
    let dialler = "number,Name\n+49 30 123456,Bo\n+90 (532) 123 45 67,Ann\n12,Cem\n";
    let lines = read(&pact, &[("crm", crm), ("mail", mail), ("dialler", dialler)]);
    assert_eq!(
        lines,
        [
            "dialler: line 4: `phone`, on which rows are matched, is no number of a known country: `12`",
            "email=Ann@Acme.example phone=0532 123 45 67 country=TR id=1 name=Ann city=Bonn",
            "phone=030 123456 country=DE id=2 name=Bo",
        ]
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

// --- how values are written ----------------------------------------------------------------------------------------

#[test]
fn numbers_are_read_as_declared() {
    let pact = pact(
        r#"source german { numbers "1.234,56"  id = "Nr"  size = "Mitarbeiter"  share = "Anteil"  revenue = "Umsatz" }
           source american { numbers "1,234.56"  id = "Nr"  size = "Mitarbeiter"  share = "Anteil"  revenue = "Umsatz" }
           source swiss { numbers "1'234.56"  id = "Nr"  size = "Mitarbeiter"  share = "Anteil"  revenue = "Umsatz" }
           source russian { numbers "1 234,56"  id = "Nr"  size = "Mitarbeiter"  share = "Anteil"  revenue = "Umsatz" }"#,
    );
    let rows = |rows: &str| format!("Nr;Mitarbeiter;Anteil;Umsatz\n{rows}\n");
    let read = |source: &str, row: &str| read(&pact, &[(source, &rows(row))]).join(" / ");
    assert_eq!(read("german", "1;1.250;12,5 %;$ 1.200,50"), "id=1 size=1250 share=0.125 revenue=1200.5 USD");
    assert_eq!(read("german", "1;1,250;;"), "german: line 2: `Mitarbeiter`: `1,250` is not a whole number");
    assert_eq!(read("german", "1;;1.5;"), "german: line 2: `Anteil`: `1.5` is not a number");
    assert_eq!(read("german", "1;;;€ 5"), "german: line 2: `Umsatz`: `€ 5` is not an amount in USD");
    assert_eq!(read("american", "1;1,250;-.5;($1,200.50)"), "id=1 size=1250 share=-0.5 revenue=-1200.5 USD");
    assert_eq!(read("american", "1;1.250;;"), "american: line 2: `Mitarbeiter`: `1.250` is not a whole number");
    assert_eq!(read("swiss", "1;1’250;0.5;USD 1'200.50"), "id=1 size=1250 share=0.5 revenue=1200.5 USD");
    assert_eq!(read("russian", "1;1\u{a0}250;0,5;1\u{202f}200,50 USD"), "id=1 size=1250 share=0.5 revenue=1200.5 USD");
    assert_eq!(read("american", "1;๑,๒๕๐;;"), "id=1 size=1250");
}

#[test]
fn json_numbers_stay_what_they_are_under_every_form() {
    let pact = pact(r#"source german { numbers "1.234,56"  id = "id"  share = "share" }"#);
    assert_eq!(read(&pact, &[("german", r#"{"id": "1", "share": 1.5}"#)]), ["id=1 share=1.5"]);
}

#[test]
fn a_list_may_stand_in_one_cell() {
    let pact = pact(r#"source crm { id = "id"  tags = "Topics" split "," }"#);
    let csv = "id;Topics\n1;cloud, security,,\n2;\"[\"\"a\"\", \"\"b,c\"\"]\"\n3;[cloud, x\n4;\n";
    assert_eq!(
        read(&pact, &[("crm", csv)]),
        ["id=1 tags=cloud, security", "id=2 tags=a, b,c", "id=3 tags=[cloud, x", "id=4"]
    );
}

#[test]
fn yes_and_no_are_declared_words() {
    let pact = pact(r#"source crm { yes "ja", "evet", "1"  no "nein", "hayır", "0"  id = "id"  vip = "vip" }"#);
    let csv = "id,vip\n1,JA\n2,nein\n3,true\n4,1\n5,yes\n";
    assert_eq!(
        read(&pact, &[("crm", csv)]),
        ["id=1 vip=true", "id=2", "id=3 vip=true", "id=4 vip=true", "crm: line 6: `vip`: `yes` is not true or false"]
    );
}

#[test]
fn dates_may_be_counted() {
    let pact = pact(
        r#"source excel { numbers "1.234,56"  dates "%d.%m.%Y", excel  times excel in "Asia/Bangkok"  id = "id"  born = "born"  seen = "seen" }
           source api { times milliseconds  id = "id"  seen = "seen" }
           source old { times seconds  id = "id"  seen = "seen" }"#,
    );
    let csv = "id;born;seen\n1;46083;46083,375\n2;28.02.1990;46083\n3;59;1\n4;60;\n5;;2026-03-02 09:00\n";
    assert_eq!(
        read(&pact, &[("excel", csv)]),
        [
            "id=1 born=2026-03-02 seen=2026-03-02T02:00:00Z",
            "id=2 born=1990-02-28 seen=2026-03-01T17:00:00Z",
            "id=3 born=1900-02-28 seen=1899-12-31T17:17:56Z",
            "excel: line 5: `born`: `60` is not a date",
            "excel: line 6: `seen`: `2026-03-02 09:00` is not an instant",
        ]
    );
    let json = "{\"id\": \"1\", \"seen\": 1462216307945}";
    assert_eq!(read(&pact, &[("api", json)]), ["id=1 seen=2016-05-02T19:11:47.945Z"]);
    assert_eq!(read(&pact, &[("old", r#"{"id": "1", "seen": "1462216307"}"#)]), ["id=1 seen=2016-05-02T19:11:47Z"]);
    assert_eq!(
        read(&pact, &[("old", r#"{"id": "1", "seen": "soon"}"#)]),
        ["old: line 1: `seen`: `soon` is not an instant"]
    );
}

#[test]
fn what_cannot_be_read_is_missing_where_that_is_declared() {
    let pact = pact(
        r#"source one { id = "id"  size = "size" otherwise missing  born = "born" }
           source all { cells otherwise missing  id = "id"  size = "size"  born = "born" }"#,
    );
    let csv = "id,size,born\n1,many,\n2,few,\n3,,soon\n";
    let input = |name| [(name, csv)];
    let mut of_one = leads(&pact, &input("one"));
    let lines: Vec<String> = of_one.by_ref().map(|read| line(&pact, read)).collect();
    assert_eq!(lines, ["id=1", "id=2", "one: line 4: `born`: `soon` is not a date"]);
    let notes: Vec<String> = of_one.passed_over().iter().flat_map(|(_, passed)| passed.notes()).collect();
    assert_eq!(
        notes,
        ["`size`: 2 cells cannot be read and are missing, first on line 2: `many` is not a whole number"]
    );
    let mut of_all = leads(&pact, &input("all"));
    let lines: Vec<String> = of_all.by_ref().map(|read| line(&pact, read)).collect();
    assert_eq!(lines, ["id=1", "id=2", "id=3"]);
    let notes: Vec<String> = of_all.passed_over().iter().flat_map(|(_, passed)| passed.notes()).collect();
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[0], "`born`: one cell cannot be read and is missing, on line 4: `soon` is not a date");
}

#[test]
fn a_field_that_nothing_asks_for_rejects_no_row() {
    let text = LEAD.replace("size > 0 and ", "");
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let mut found = leads(&pact, &[("f.csv", "id,size,born\n1,many,\n2,7,soon\n3,8,\n")]);
    let lines: Vec<String> = found.by_ref().map(|read| line(&pact, read)).collect();
    assert_eq!(lines, ["id=1", "f.csv: line 3: `born`: `soon` is not a date", "id=3 size=8"]);
    let notes: Vec<String> = found.passed_over().iter().flat_map(|(_, passed)| passed.notes()).collect();
    assert_eq!(notes, ["`size`: one cell cannot be read and is missing, on line 2: `many` is not a whole number"]);
}

#[test]
fn a_value_may_lie_deep_in_an_object() {
    let pact =
        pact(r#"source hub { id = "vid"  name = "properties.name.value"  city = "places.1.city"  size = "a.b" }"#);
    let json = r#"{"vid": "1", "a.b": 7, "properties": {"name": {"value": "Ana"}}, "places": [{"city": "x"}, {"city": "Bursa"}], "rest": 1}"#;
    let mut found = leads(&pact, &[("hub", json)]);
    let lines: Vec<String> = found.by_ref().map(|read| line(&pact, read)).collect();
    assert_eq!(lines, ["id=1 name=Ana city=Bursa size=7"]);
    let notes: Vec<String> = found.passed_over().iter().flat_map(|(_, passed)| passed.notes()).collect();
    assert_eq!(notes, ["nothing takes rest"]);
}

#[test]
fn a_row_may_say_a_field_only_when_it_is_about_it() {
    let pact = pact(
        r#"source hub {
             id = "objectId"
             name = "propertyValue" when "propertyName" in "firstname"
             city = "propertyValue" when "propertyName" in "city", "town"
           }"#,
    );
    let json = "{\"objectId\": 7, \"propertyName\": \"Town\", \"propertyValue\": \"Bursa\"}\n{\"objectId\": 8, \"propertyName\": \"firstname\", \"propertyValue\": \"Ana\"}";
    assert_eq!(read(&pact, &[("hub", json)]), ["id=7 city=Bursa", "id=8 name=Ana"]);
}

// --- exports as they come ------------------------------------------------------------------------------------------

fn read_bytes(pact: &Pact, source: &str, file: &str, bytes: Vec<u8>) -> (Vec<String>, Vec<String>) {
    let intake = pact.intake(source);
    let form = InputForm {
        format: None,
        sheet: intake.and_then(|id| pact[id].sheet.as_deref()),
        header: intake.and_then(|id| pact[id].header_row),
    };
    let rows = rows(Box::new(std::io::Cursor::new(bytes)), file, form).unwrap_or_else(|error| panic!("{error}"));
    let notes = rows.notes().to_vec();
    let leads = Leads::new(pact, vec![LeadInput { name: file.into(), rows, intake }]).expect("an input");
    (leads.map(|read| line(pact, read)).collect(), notes)
}

fn encoded(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable);
    bytes.into_owned()
}

const GERMAN: &str = r#"source german {
  numbers "1.234,56"  yes "ja"  no "nein"  dates "%d.%m.%Y"  times "%d.%m.%Y %H:%M" in "Europe/Berlin"
  id = "Nr."  name = "Ansprechpartner"  city = "Ort"  size = "Mitarbeiter"  share = "Anteil"  revenue = "Umsatz"
  born = "Geburtstag"  seen = "Zuletzt gesehen"  vip = "Wichtig"  tags = "Themen" split ","
}"#;

const GERMAN_CSV: &str = "Nr.;Ansprechpartner;Ort;Mitarbeiter;Anteil;Umsatz;Geburtstag;Zuletzt gesehen;Wichtig;Themen\r\n\
    1;\"Müller; Jörg\";Köln;1.250;12,5 %;1.200,50 $;28.02.1990;02.03.2026 09:30;ja;Cloud, Größe\r\n\
    2;Straße;Weißwasser;7;;;;;nein;\r\n";

const GERMAN_LEADS: [&str; 2] = [
    "id=1 name=Müller; Jörg city=Köln size=1250 share=0.125 revenue=1200.5 USD born=1990-02-28 \
     seen=2026-03-02T08:30:00Z tags=Cloud, Größe vip=true",
    "id=2 name=Straße city=Weißwasser size=7",
];

#[test]
fn a_german_export_is_read_in_both_encodings() {
    let pact = pact(GERMAN);
    let marked = [b"\xEF\xBB\xBF".as_slice(), GERMAN_CSV.as_bytes()].concat();
    assert_eq!(read_bytes(&pact, "german", "leads.csv", marked).0, GERMAN_LEADS);
    let (leads, notes) = read_bytes(&pact, "german", "leads.csv", encoded(GERMAN_CSV, encoding_rs::WINDOWS_1252));
    assert_eq!(leads, GERMAN_LEADS);
    assert_eq!(notes, ["read as windows-1252, `;` between fields"]);
}

#[test]
fn a_turkish_export_is_read() {
    let pact = turkish(
        r#"source excel {
             numbers "1.234,56"  yes "evet"  no "hayır"  dates "%d.%m.%Y"
             id = "No"  name = "Ad Soyad"  city = "Şehir"  revenue = "Ciro"  vip = "Önemli"  born = "Doğum"
           }"#,
    );
    let csv = "No;Ad Soyad;Şehir;Ciro;Önemli;Doğum\r\n1;Işıl Gün;İSTANBUL;$1.500,75;EVET;09.10.1989\r\n\
               2;Çağrı Öz;Iğdır;;HAYIR;\r\n";
    let (leads, notes) = read_bytes(&pact, "excel", "leads.csv", encoded(csv, encoding_rs::WINDOWS_1254));
    assert_eq!(
        leads,
        [
            "id=1 name=Işıl Gün city=İSTANBUL revenue=1500.75 USD born=1989-10-09 vip=true",
            "id=2 name=Çağrı Öz city=Iğdır"
        ]
    );
    assert_eq!(notes, ["read as windows-1254, `;` between fields"]);
}

#[test]
fn a_russian_export_is_read() {
    let pact = pact(
        r#"source excel {
             numbers "1 234,56"  yes "да"  no "нет"  dates "%d.%m.%Y"
             id = "Номер"  name = "Имя"  city = "Город"  size = "Сотрудников"  revenue = "Выручка"  vip = "Важный"
           }"#,
    );
    let csv = "Номер;Имя;Город;Сотрудников;Выручка;Важный\r\n1;Анна Ёлкина;Тверь;1\u{a0}250;1\u{a0}200,50;Да\r\n\
               2;Пётр;Орёл;;;нет\r\n";
    let (leads, notes) = read_bytes(&pact, "excel", "leads.csv", encoded(csv, encoding_rs::WINDOWS_1251));
    assert_eq!(
        leads,
        ["id=1 name=Анна Ёлкина city=Тверь size=1250 revenue=1200.5 USD vip=true", "id=2 name=Пётр city=Орёл"]
    );
    assert_eq!(notes, ["read as windows-1251, `;` between fields"]);
}

/// A workbook with a sheet of leads under a title, and one of accounts.
fn workbook() -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
    let date = CellFormat::new().set_num_format("dd.mm.yyyy");
    let time = CellFormat::new().set_num_format("dd.mm.yyyy hh:mm");
    let mut book = Workbook::new();
    let leads = book.add_worksheet().set_name("Kişiler").unwrap();
    leads.merge_range(0, 0, 0, 4, "Leads of the spring fair", &CellFormat::new()).unwrap();
    let names = ["No", "Ad", "Pay", "Doğum", "Görüldü", "Önemli", "Telefon"];
    for (name, at) in names.iter().zip(0..) {
        leads.write(2, at, *name).unwrap();
    }
    leads.write(3, 0, 1).unwrap();
    leads.write(3, 1, "Işıl").unwrap();
    leads.write(3, 2, 0.1 + 0.2).unwrap();
    leads.write_with_format(3, 3, ExcelDateTime::parse_from_str("1990-02-28").unwrap(), &date).unwrap();
    leads.write_with_format(3, 4, ExcelDateTime::parse_from_str("2026-03-02T09:30:00").unwrap(), &time).unwrap();
    leads.write(3, 5, true).unwrap();
    leads.write(3, 6, 905_321_234_567_u64).unwrap();
    leads.write(5, 0, "2").unwrap();
    leads.write(5, 1, "Çağrı").unwrap();
    leads.write(5, 2, "#N/A").unwrap();
    let accounts = book.add_worksheet().set_name("Accounts").unwrap();
    for (name, at) in ["id", "account"].iter().zip(0..) {
        accounts.write(1, at, *name).unwrap();
    }
    accounts.write(2, 0, 1).unwrap();
    accounts.write(2, 1, "Acme").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_by_its_sheets() {
    let pact = pact(
        r#"source people {
             sheet "Kişiler"  header row 3  dates "%d/%m/%Y"  times "%d/%m/%Y %H:%M" in "Europe/Istanbul"
             id = "No"  name = "Ad"  share = "Pay"  born = "Doğum"  seen = "Görüldü"  vip = "Önemli"  account = "Telefon"
           }
           source accounts { sheet "Accounts"  id = "id"  account = "account" }
           source titled { sheet "Kişiler"  id = "No" }
           source absent { sheet "Kisiler"  id = "No" }
           source unnamed { id = "No" }
           source high { sheet "Accounts" header row 1  id = "id" }"#,
    );
    let (leads, notes) = read_bytes(&pact, "people", "fair.xlsx", workbook());
    assert_eq!(
        leads,
        [
            "id=1 name=Işıl account=905321234567 share=0.3 born=1990-02-28 seen=2026-03-02T06:30:00Z vip=true",
            "fair.xlsx: line 6: `Pay`: `#N/A` is not a number",
        ]
    );
    assert_eq!(notes, ["read the sheet `Kişiler`"]);
    let (leads, notes) = read_bytes(&pact, "accounts", "fair.xlsx", workbook());
    assert_eq!(leads, ["id=1 account=Acme"]);
    assert_eq!(notes, ["read the sheet `Accounts`", "row 1 is empty: the columns are named in row 2"]);

    let refused = |source: &str| {
        let intake = pact.intake(source).map(|id| &pact[id]);
        let form = InputForm {
            format: None,
            sheet: intake.and_then(|intake| intake.sheet.as_deref()),
            header: intake.and_then(|intake| intake.header_row),
        };
        rows(Box::new(std::io::Cursor::new(workbook())), "fair.xlsx", form).err().map(|error| error.to_string())
    };
    let title = "the header on line 1 cannot be used: cells A1 to E1 are merged, as in a title: say which row names the \
                 columns: `header row 3`";
    assert_eq!(refused("titled").as_deref(), Some(title));
    assert_eq!(refused("absent").as_deref(), Some("it has no sheet `Kisiler`: there are Kişiler, Accounts"));
    assert_eq!(
        refused("unnamed").as_deref(),
        Some("it has several sheets, so name one with `sheet`: Kişiler, Accounts")
    );
    let empty = "the header on line 2 cannot be used: the row that is said to name the columns is empty";
    assert_eq!(refused("high").as_deref(), Some(empty));
}

#[test]
fn what_is_no_workbook_says_so() {
    let refused = |name: &str, bytes: &[u8]| {
        rows(Box::new(std::io::Cursor::new(bytes.to_vec())), name, None).err().unwrap().to_string()
    };
    assert_eq!(refused("a.xlsx", b"id,name\n1,a\n"), "the input is not a workbook");
    let mut torn = workbook();
    torn.truncate(torn.len() / 2);
    assert!(
        refused("a.xlsx", &torn).starts_with("it is not a workbook that can be read: "),
        "{}",
        refused("a.xlsx", &torn)
    );
    assert_eq!(
        refused("a.csv", &workbook()),
        "the input is not text: it is a workbook or zip file; say `--input xlsx` if it is a workbook"
    );
}

#[test]
fn lines_above_a_header_are_declared() {
    let pact = pact(r#"source report { header row 3  id = "Id"  name = "Name" }"#);
    let csv = "Leads of the week\n\"Created by\", x\nId,Name\n1,Ana\n2\n";
    let (leads, _) = read_bytes(&pact, "report", "report.csv", csv.as_bytes().to_vec());
    assert_eq!(leads, ["id=1 name=Ana", "report.csv: line 5: the row has 1 cells where the header has 2"]);
}

#[test]
fn lists_and_tables_may_lie_in_a_workbook() {
    use rust_xlsxwriter::Workbook;
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("EMEA").unwrap();
    let cells = [["city", "queue"], ["Köln", "dach, \"north\""], ["*", "rest"]];
    for (row, line) in (1..).zip(cells) {
        for (at, text) in (0..).zip(line) {
            sheet.write(row, at, text).unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("Free").unwrap();
    for (row, text) in (0..).zip(["domain", "gmail.com", "mail.ru"]) {
        sheet.write(row, 0, text).unwrap();
    }
    book.save(folder.path().join("ways.xlsx")).unwrap();
    let rules = |sheet: &str| {
        format!(
            r#"pact p {{ parties marketing, sales }}
            lead {{ id text key  city text?  email text? }}
            list free from "ways.xlsx" sheet "Free" column "domain"
            route ways {{ from table "ways.xlsx" sheet "{sheet}"  otherwise to queue lost }}
            pipeline all {{
              stage inquiry {{ owner marketing  move to mql when domain(email) not in free }}
              stage mql {{ owner sales  final }}
            }}
            handoff inquiry to mql {{ route by ways }}
            test "a company" {{ lead {{ city "Köln"  email "a@b.de" }}  expect stage mql, route queue "dach, \"north\"" }}
            test "a free address" {{ lead {{ city "Köln"  email "a@mail.ru" }}  expect stage inquiry }}"#
        )
    };
    std::fs::write(folder.path().join("a.pact"), rules("EMEA")).unwrap();
    let world = leadpact::internals::world::Disk::new(folder.path());
    let loaded = load(&world, None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let report = leadpact::internals::testing::run(&pact, &world, None);
    assert!(report.results.iter().all(|result| result.failures.is_empty()), "{:?}", report.results);
    std::fs::write(folder.path().join("a.pact"), rules("APAC")).unwrap();
    let loaded = load(&world, None);
    assert_eq!(loaded.diagnostics.first().map(|d| d.message.as_str()), Some("`ways.xlsx#APAC` cannot be read"));
}
