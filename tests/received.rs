//! What other services send by themselves, read as it comes by a `source`. The shapes are those of their public
//! documentation.

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::EventReader;
use leadpact::internals::lifecycle::EventKind;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::world::Memory;

const RULES: &str = r#"
pact p { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  email text?  phone text?  company text?  country text?  plan one of free, pro? }
activity demo_request { page text? }
activity subscribed, unsubscribed
touch call
criteria asks { agreed by marketing, sales  need email is present and phone is present and plan = pro }
pipeline all {
  stage inquiry { owner marketing  status salesforce "Open - Not Contacted"  move to mql when any demo_request }
  stage mql { owner sales  status salesforce "Working - Contacted"  final }
}

source hubspot "Messages about contacts, a list of changes in each" {
  times milliseconds
  record at "occurredAt"
  id    = "objectId"
  email = "propertyValue" when "propertyName" in "email"
  phone = "propertyValue" when "propertyName" in "phone", "mobilephone"
  plan  = "propertyValue" when "propertyName" in "plan" { "Professional" -> pro  otherwise missing }
}

source salesforce "Change events of leads" {
  times milliseconds
  record at "data.payload.ChangeEventHeader.commitTimestamp"
  status "data.payload.Status"
  id      = "data.payload.ChangeEventHeader.recordIds.0"
  phone   = "data.payload.Phone"
  company = "data.payload.Company"
}

source mailchimp "Webhooks of an audience" {
  times "%Y-%m-%d %H:%M:%S" in "UTC"
  id    = "data[id]"
  email = "data[email]" or "data[new_email]"
  event subscribed   at "fired_at" when "type" in "subscribe"
  event unsubscribed at "fired_at" when "type" in "unsubscribe", "cleaned"
}

source segment "Calls of `identify` and `track`" {
  record at "timestamp"
  id      = "userId" or "anonymousId"
  email   = "traits.email" or "context.traits.email"
  plan    = "traits.plan" { "Pro" -> pro  "Free" -> free  otherwise missing }
  event demo_request at "timestamp" when "event" in "Demo Requested" { page = "properties.path" }
}
"#;

/// Each row as `lead: what it says`, or why it cannot be taken.
fn read(source: &str, body: &str) -> Vec<String> {
    let loaded = load(&Memory::new([("a.pact", RULES)]), None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let intake = pact.intake(source);
    assert!(intake.is_some(), "{source}");
    let mut reader = EventReader::new(&pact, intake);
    let rows = rows(Box::new(std::io::Cursor::new(body.as_bytes().to_vec())), "body", Some(Format::Json)).unwrap();
    rows.map(|row| match row.map_err(|reject| reject.to_string()).and_then(|row| reader.read(&row)) {
        Ok(read) => {
            let events: Vec<String> =
                read.events.iter().map(|e| format!("{} {}", e.at.to_rfc3339(), says(&pact, &e.what))).collect();
            format!("{}: {}", read.lead, events.join("; "))
        }
        Err(why) => why,
    })
    .collect()
}

fn says(pact: &Pact, what: &EventKind) -> String {
    let shown =
        |value: &Option<leadpact::internals::value::Value>| value.as_ref().map_or("".into(), ToString::to_string);
    match what {
        EventKind::Changed(_, changed) => {
            let fields = changed.iter().map(|(field, value)| format!("{}={}", pact[*field].name, shown(value)));
            fields.collect::<Vec<_>>().join(" ")
        }
        EventKind::Happened(kind, values) => {
            format!("{}({})", pact[*kind].name, values.iter().map(shown).collect::<Vec<_>>().join(","))
        }
        EventKind::Status(stage) => format!("in {}", pact[*stage].name),
        other => format!("{other:?}"),
    }
}

#[test]
fn hubspot_tells_changes_of_properties() {
    let body = r#"[
      {"eventId": 1, "subscriptionId": 33, "portalId": 62515, "occurredAt": 1772442000000, "attemptNumber": 0,
       "subscriptionType": "contact.propertyChange", "objectId": 1246965, "changeSource": "CRM",
       "propertyName": "phone", "propertyValue": "+90 532 123 45 67"},
      {"eventId": 2, "subscriptionId": 34, "portalId": 62515, "occurredAt": 1772442060000, "attemptNumber": 0,
       "subscriptionType": "contact.propertyChange", "objectId": 1246965, "changeSource": "CRM",
       "propertyName": "plan", "propertyValue": "Professional"},
      {"eventId": 3, "subscriptionType": "contact.propertyChange", "objectId": 1246965, "propertyName": "email",
       "propertyValue": "ana@example.org"}]"#;
    assert_eq!(
        read("hubspot", body),
        [
            "1246965: 2026-03-02T09:00:00+00:00 phone=+90 532 123 45 67",
            "1246965: 2026-03-02T09:01:00+00:00 plan=pro",
            "the row names no instant: its `source` maps no `event … at` or `record at` column that it fills",
        ]
    );
}

#[test]
fn salesforce_tells_changes_of_leads() {
    let body = r#"{"channel": "/data/LeadChangeEvent", "data": {"schema": "x", "event": {"replayId": 6},
      "payload": {"LastModifiedDate": "2026-03-02T09:00:00.000Z", "Company": "Acme", "Status": "working - contacted",
        "ChangeEventHeader": {"entityName": "Lead", "recordIds": ["00Q1"], "changeType": "UPDATE",
          "changedFields": ["Status"], "commitTimestamp": 1772442000206}}}}"#;
    assert_eq!(
        read("salesforce", body),
        ["00Q1: 2026-03-02T09:00:00.206+00:00 company=Acme; 2026-03-02T09:00:00.206+00:00 in mql"]
    );
    let unknown = body.replace("working - contacted", "Nurturing");
    assert_eq!(read("salesforce", &unknown), ["`data.payload.Status`: no stage has `status salesforce \"Nurturing\"`"]);
}

#[test]
fn mailchimp_sends_a_form() {
    // the fields of a form come as an object, each under its own name
    let body = r#"{"type": "subscribe", "fired_at": "2026-03-02 09:00:00", "data[id]": "8a25ff1d98",
      "data[email]": "ana@example.org", "data[merges][FNAME]": "Ana", "data[list_id]": "a6b5da1054"}"#;
    assert_eq!(
        read("mailchimp", body),
        ["8a25ff1d98: 2026-03-02T09:00:00+00:00 email=ana@example.org; 2026-03-02T09:00:00+00:00 subscribed()"]
    );
    let away = body.replace("\"subscribe\"", "\"cleaned\"");
    assert!(read("mailchimp", &away)[0].ends_with("unsubscribed()"), "{:?}", read("mailchimp", &away));
}

#[test]
fn segment_tells_who_and_what() {
    let body = r#"{"type": "identify", "messageId": "m1", "userId": "97980cfea0067", "timestamp": "2026-03-02T09:00:00.000Z",
        "traits": {"email": "ana@example.org", "plan": "Pro"}}
      {"type": "track", "messageId": "m2", "userId": "97980cfea0067", "event": "Demo Requested",
        "timestamp": "2026-03-02T09:05:00.000Z", "properties": {"path": "/demo"}, "context": {"ip": "192.0.2.1"}}"#;
    assert_eq!(
        read("segment", body),
        [
            "97980cfea0067: 2026-03-02T09:00:00+00:00 email=ana@example.org plan=pro",
            "97980cfea0067: 2026-03-02T09:05:00+00:00 demo_request(/demo)",
        ]
    );
}
