//! Drafts of sources: what `leadpact source` writes for a file reads every row of it.

use std::path::{Path, PathBuf};

use leadpact::internals::io::{InputForm, rows};
use leadpact::internals::leads::{EventReader, LeadInput, Leads, SourceDraft};
use leadpact::internals::load::load;
use leadpact::internals::source::Source;
use leadpact::internals::syntax::format;
use leadpact::internals::world::Memory;

fn draft(file: &str, bytes: &[u8]) -> String {
    let mut rows = rows(Box::new(std::io::Cursor::new(bytes.to_vec())), file, InputForm::default()).unwrap();
    let mut draft = SourceDraft::default();
    for row in rows.by_ref() {
        draft.add(&row.unwrap_or_else(|reject| panic!("{file}: {reject}")));
    }
    let items = draft.items(file, "export", rows.notes(), &[]);
    format(&Source::new("draft.pact", items.as_str())).unwrap_or_else(|findings| panic!("{findings:?}\n{items}"))
}

/// Reads a file by the draft of its source: how many leads, rows that were rejected, and cells that were passed over.
fn read_by(draft: &str, file: &str, bytes: &[u8]) -> (usize, Vec<String>, Vec<String>) {
    let rules = format!("pact p {{ parties marketing, sales }}\n{draft}");
    let loaded = load(&Memory::new([("a.pact", rules)]), None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}\n{draft}", loaded.diagnostics));
    let intake = pact.intake("export");
    let open = || rows(Box::new(std::io::Cursor::new(bytes.to_vec())), file, InputForm::default()).unwrap();
    if draft.contains("\n  event ") {
        let mut reader = EventReader::new(&pact, intake);
        let read = open().map(|row| reader.read(&row.unwrap()).map(|row| row.events.len()));
        let (good, bad): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
        assert!(good.iter().flatten().all(|events| *events > 0), "each row is an event");
        return (good.len(), bad.into_iter().filter_map(Result::err).collect(), reader.passed_over().notes());
    }
    let mut leads = Leads::new(&pact, vec![LeadInput { name: file.into(), rows: open(), intake }]).unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = leads.by_ref().partition(Result::is_ok);
    let notes = leads.passed_over().iter().flat_map(|(_, passed)| passed.notes()).collect();
    (good.len(), bad.into_iter().filter_map(Result::err).map(|r| r.reject.to_string()).collect(), notes)
}

#[test]
fn drafts_of_real_files_read_every_row() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let files = [
        ("olist/olist_marketing_qualified_leads_dataset.csv", 8000),
        ("olist/olist_closed_deals_dataset.csv", 842),
        ("maven_crm/sales_pipeline.csv", 8800),
        ("maven_crm/accounts.csv", 85),
        ("maven_crm/products.csv", 7),
        ("maven_crm/sales_teams.csv", 35),
        ("helpdesk/helpdesk.csv", 13710),
    ];
    for (file, count) in files {
        let path: PathBuf = data.join(file);
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("skipped: {file} is not here");
            continue;
        };
        let draft = draft(file, &bytes);
        let (read, rejected, notes) = read_by(&draft, file, &bytes);
        assert_eq!((read, rejected, notes), (count, Vec::<String>::new(), Vec::<String>::new()), "{draft}");
    }
}

#[test]
fn a_draft_says_what_speaks_for_it_and_against() {
    let mut csv = String::from("Nr.;Firma;Umsatz;Anteil;Mitarbeiter;Angelegt am;Rückruf;Herkunft;Telefon;Wert\r\n");
    for row in 1..=60 {
        let employees = if row == 7 { "viele".into() } else { format!("{row}") };
        let origin = ["Web", "Messe 2026", "WEB"][row % 3];
        let day = row % 12 + 1;
        let blank = if row == 9 { "n/a".into() } else { format!("{}.{:03},50 €", row, row * 7) };
        csv.push_str(&format!(
            "{row};Firma {row};{blank};{row},5 %;{employees};{day:02}.{day:02}.2026;{};{origin};0{row}123;1.{row:03},00\r\n",
            if row % 2 == 0 { "ja" } else { "nein" },
        ));
    }
    let draft = draft("leads.csv", csv.as_bytes());
    insta::assert_snapshot!(draft);
    let (read, rejected, notes) = read_by(&draft, "leads.csv", csv.as_bytes());
    assert_eq!((read, rejected), (60, Vec::new()));
    let note = "`Mitarbeiter`: one cell cannot be read and is missing, on line 8: `viele` is not a whole number";
    assert_eq!(notes, [note]);
}

#[test]
fn american_dates_are_told_from_european_ones_by_their_rows() {
    let csv = "id,born,seen\n1,12/31/1990,1/2/2026 1:05 PM\n2,01/02/1991,12/30/2026 9:00 AM\n";
    let draft = draft("a.csv", csv.as_bytes());
    assert!(draft.contains("dates \"%m/%d/%Y\"") && draft.contains("times \"%m/%d/%Y %I:%M %p\""), "{draft}");
    assert!(!draft.contains("UNSURE"), "{draft}");
    assert_eq!(read_by(&draft, "a.csv", csv.as_bytes()).0, 2);
    let unsure = "id,born\n1,02/03/1990\n2,01/02/1991\n";
    let draft = self::draft("a.csv", unsure.as_bytes());
    assert!(draft.contains("UNSURE: every one is read as %m/%d/%Y as well"), "{draft}");
}

#[test]
fn milliseconds_are_times_and_may_stand_beside_other_times() {
    let json = "{\"id\": \"1\", \"seen\": 1760000000000, \"made\": \"2026-01-02T03:04:05Z\", \"sum\": 12345}\n\
                {\"id\": \"2\", \"seen\": 1760000005000, \"made\": \"2026-01-02T03:04:06Z\", \"sum\": 1760000005000}\n";
    let draft = draft("a.ndjson", json.as_bytes());
    assert!(draft.contains("times milliseconds, ") && draft.contains("sum   integer"), "{draft}");
    assert!(draft.contains("seen  time      # all 2; UNSURE: every one is read as a whole number as well"), "{draft}");
    let (read, rejected, notes) = read_by(&draft, "a.ndjson", json.as_bytes());
    assert_eq!((read, rejected, notes), (2, Vec::new(), Vec::new()), "{draft}");
}

#[test]
fn names_of_keys_are_told_from_words_that_end_alike() {
    let csv = "Paid,contactId,Kunden-Nr.,Bid\n5,1,1,7\n5,1,1,8\n";
    let draft = draft("a.csv", csv.as_bytes());
    assert!(draft.contains("paid        integer") && draft.contains("bid         integer"), "{draft}");
    assert!(
        draft.contains("contact_id  text key") && draft.contains("kunden_nr   text      # 1 different of 2\n"),
        "{draft}"
    );
}

#[test]
fn a_text_that_is_nearly_something_else_says_what_speaks_against_it() {
    let csv = "Kunde\tBetrag\nA\t1 234,50 €\nB\t12,00 €\nC\t(5,00) €\n";
    let draft = draft("a.tsv", csv.as_bytes());
    let says = "betrag  text      # 3 different of 3; UNSURE: 2 of them are numbers as 1 234,56; against it: line 4 `(5,00) €`";
    assert!(draft.contains(says), "{draft}");
    assert_eq!(read_by(&draft, "a.tsv", csv.as_bytes()).0, 3);
}

#[test]
fn any_names_and_texts_make_a_draft_that_loads() {
    let csv = "and,\"a \"\"b\"\"\",2nd,default,_,Ünïcode Näme,camelCaseID,And\n\
               1,\"x;y\",,key,# no comment,\"line\nend\",\\,z\n2,\"q\",,,,,,\n";
    let draft = draft("a \"b\".csv", csv.as_bytes());
    let (read, rejected, _) = read_by(&draft, "a.csv", csv.as_bytes());
    assert_eq!((read, rejected), (2, Vec::new()), "{draft}");
}

#[test]
fn columns_that_are_called_as_parts_of_a_record_are_fields_where_a_source_says_so() {
    let csv = "id,history,stage,since\n1,since 1998,seed,long ago\n2,none yet,seed,\n";
    let draft = draft("a.csv", csv.as_bytes());
    let (read, rejected, _) = read_by(&draft, "a.csv", csv.as_bytes());
    assert_eq!((read, rejected), (2, Vec::new()), "{draft}");
}

#[test]
fn what_lies_in_an_object_is_named_by_its_path() {
    let json = "{\"vid\": 1, \"properties\": {\"email\": {\"value\": \"a@example.org\"}, \"size\": 7}, \"tags\": [\"x\"]}\n\
                {\"vid\": 2, \"properties\": {\"email\": {\"value\": null}}}\n";
    let draft = draft("contacts.ndjson", json.as_bytes());
    assert!(draft.contains("properties_email_value = \"properties.email.value\""), "{draft}");
    assert!(draft.contains("= \"properties.size\"") && draft.contains("list of text?"), "{draft}");
    let (read, rejected, notes) = read_by(&draft, "contacts.ndjson", json.as_bytes());
    assert_eq!((read, rejected, notes), (2, Vec::new(), Vec::new()), "{draft}");
}
