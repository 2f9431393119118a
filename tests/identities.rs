//! One lead of several systems, each with a kind of id of its own: in the service, on both back ends, and as a replay
//! replays it.

#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;
#[path = "common/replayed.rs"]
mod replays;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::*;
use leadpact::internals::service::Service;
use leadpact::internals::store::open;
use proptest::prelude::*;
use replays::{replayed, stored};
use serde_json::Value as Json;

/// Three systems: a CRM with ids, a marketing tool with addresses, a web analytics tool with visitors.
const SYSTEMS: &str = r#"
pact small { parties marketing, sales  precedence crm, mail, web  time zone "Europe/Istanbul" }
lead {
  id text key  email text? pii  phone text? pii  visitor text?  country text?  employees integer?
  match on email, phone in country, visitor
}
source crm { record at "at"  id = "Id"  email = "Email"  phone = "Phone"  country = "Country"  employees = "Size" }
source mail { record at "at"  email = "address"  event click at "clicked" }
source web {
  record at "at"
  visitor = "visitor"  email = "form_email"
  event visit at "at" when "what" in "visit"
  event demo at "at" when "what" in "demo"
}
activity visit, click, demo
touch call
disposition junk
disposition good
score keen 0 to 100 { give 1 per visit  give 5 per click  give 20 per demo }
pipeline all {
  for leads where email is present
  stage inquiry { owner marketing  move to mql when any demo or keen > 30 }
  stage mql { owner sales  move to won when disposition = good  move to lost when disposition = junk }
  stage won { owner sales  final }
  stage lost { owner sales  final }
}
sla speed on mql { owner sales  agreed by marketing, sales  first touch within 4 hours  on breach { alert boss } }
handoff inquiry to mql { carry keen }
"#;

fn serve(place: &str, time: &Time) -> Service {
    let options = time.options(Arc::new(Everything::default()));
    Service::start(open(place).unwrap(), &pact(SYSTEMS), options).unwrap()
}

fn row(columns: &[(&str, &str)], when: &str) -> String {
    let mut row: serde_json::Map<String, Json> =
        columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    row.insert("at".to_owned(), format!("2026-{when}+03:00").into());
    Json::Object(row).to_string() + "\n"
}

fn web(visitor: &str, when: &str, what: &str) -> String {
    row(&[("visitor", visitor), ("what", what)], when)
}

/// The lead that has this key, or that the one of this key is part of by now.
fn now(service: &Service, lead: &str) -> String {
    let mut key = lead.to_owned();
    while let Some(part_of) = service.timeline(&key).unwrap().expect("it is known").decision.part_of {
        key = part_of.lead.to_string();
    }
    key
}

/// All leads that are part of none.
fn whole(service: &Service) -> Vec<String> {
    let all = service.read(|store| store.leads_after("", 1000)).unwrap();
    all.into_iter().filter(|lead| now(service, lead).to_lowercase() == *lead).collect()
}

fn words(service: &Service, lead: &str) -> String {
    service.timeline(lead).unwrap().expect("it is known").timeline_words
}

fn points(service: &Service, lead: &str) -> i64 {
    let timeline = service.timeline(lead).unwrap().expect("it is known");
    timeline.decision.scores["keen"].try_into().unwrap()
}

#[test]
fn who_was_anonymous_for_a_month_has_the_points_of_that_month() {
    on_both("anonymous", |place| {
        let time = Time::at("04-03T12:00:00");
        let service = serve(place, &time);
        for day in 2..30 {
            let answer = submit_from(&service, "web", &web("v-1", &format!("03-{day:02}T09:00:00"), "visit"));
            assert_eq!(answer.rejected, []);
        }
        let anonymous = whole(&service);
        assert_eq!(anonymous.len(), 1);
        assert!(anonymous[0].starts_with("visitor:"), "{anonymous:?}");
        // asks for a demo, and says who it is
        let demo = row(&[("visitor", "V-1"), ("form_email", "Ana@Example.org"), ("what", "demo")], "04-02T10:00:00");
        submit_from(&service, "web", &demo);
        let known = whole(&service);
        assert!(known.len() == 1 && known[0].starts_with("email:"), "an address comes before a visitor: {known:?}");
        assert_eq!(points(&service, &known[0]), 48);
        assert_eq!(stage(&service, &known[0]), "mql");
        let taken_in = words(&service, &known[0]);
        assert!(taken_in.contains(&format!("takes in {}, by the same visitor", anonymous[0])), "{taken_in}");
        // the CRM has a key of its own for whom it knows
        submit_from(
            &service,
            "crm",
            &row(&[("Id", "00Q-1"), ("Email", "ana@example.org"), ("Size", "70")], "04-02T11:00:00"),
        );
        assert_eq!(whole(&service), ["00q-1"]);
        assert_eq!(points(&service, "00Q-1"), 48);
        let words = words(&service, "00Q-1");
        assert!(words.contains(&format!("takes in {}, by the same email", known[0])), "{words}");
        // and whoever comes back as a visitor is a lead of the CRM
        submit_from(&service, "web", &web("v-1", "04-02T15:00:00", "visit"));
        assert_eq!(points(&service, "00Q-1"), 49);
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn what_a_part_was_told_comes_before_a_default() {
    on_both("told", |place| {
        let rules = SYSTEMS.replace("visitor text?", "visitor text?  consent bool default false");
        let options = Time::at("03-03T12:00:00").options(Arc::new(Everything::default()));
        let service = Service::start(open(place).unwrap(), &pact(&rules), options).unwrap();
        let told = r#"{"email": "a@acme.com", "at": "2026-03-02T09:00:00+03:00", "event": "record", "consent": true}"#;
        submit(&service, told);
        submit_from(&service, "crm", &row(&[("Id", "1"), ("Email", "a@acme.com")], "03-02T10:00:00"));
        let fields = service.timeline("1").unwrap().expect("it is known").fields;
        let consent = fields.iter().find(|field| &*field.field == "consent").expect("it has a value");
        assert_eq!(
            (consent.value.to_string(), consent.since.as_deref()),
            ("true".into(), Some("2026-03-02T09:00:00+03:00"))
        );
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn who_gets_a_key_goes_on_where_it_stood() {
    on_both("goes_on", |place| {
        let service = serve(place, &Time::at("03-02T10:30:00"));
        submit_from(
            &service,
            "web",
            &row(&[("visitor", "v-1"), ("form_email", "a@acme.com"), ("what", "demo")], "03-02T10:00:00"),
        );
        let known = whole(&service);
        assert_eq!(stage(&service, &known[0]), "mql");
        submit_from(&service, "crm", &row(&[("Id", "00Q-1"), ("Email", "A@acme.com")], "03-02T10:10:00"));
        submit(&service, &event("00Q-1", "03-02T10:25:00", "call"));
        let words = words(&service, "00Q-1");
        let expected = format!(
            "00Q-1\n\n\
             2026-03-02 10:00  · demo\n\
             2026-03-02 10:10  takes in {}, by the same email\n\
             \x20                 speed first touch: resumed, due 2026-03-02 14:00    a.pact:27\n\
             2026-03-02 10:25  · call\n\
             \x20                 speed first touch: met after 25 min                 a.pact:27\n\n\
             At 2026-03-02 10:30 it is in mql, owned by sales.\n",
            known[0]
        );
        assert_eq!(words, expected);
        let decision = service.timeline("00Q-1").unwrap().expect("it is known").decision;
        assert_eq!(decision.since.as_deref(), Some("2026-03-02T10:00:00+03:00"), "since when it is in its stage");
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_telephone_number_is_one_however_it_is_written() {
    on_both("telephone", |place| {
        let service = serve(place, &Time::at("03-03T12:00:00"));
        let crm = [("Id", "1"), ("Phone", "0532 123 45 67"), ("Country", "TR")];
        submit_from(&service, "crm", &row(&crm, "03-02T09:00:00"));
        let call = r#"{"phone": "+90 (532) 123-4567", "at": "2026-03-02T10:00:00+03:00", "event": "demo"}"#;
        assert_eq!(submit(&service, call).rejected, []);
        assert_eq!(whole(&service), ["1"]);
        assert_eq!(points(&service, "1"), 20);
        // the same digits in another country are another number
        let other =
            r#"{"phone": "0532 123 45 67", "country": "DE", "at": "2026-03-02T10:00:00+03:00", "event": "demo"}"#;
        assert_eq!(submit(&service, other).rejected, []);
        assert_eq!((whole(&service).len(), points(&service, "1")), (2, 20));
        // and of one of which nobody knows where it is nobody knows whose it is
        let unknown = r#"{"phone": "0532 123 45 67", "at": "2026-03-02T10:00:00+03:00", "event": "demo"}"#;
        let why = "`lead` is missing, and nothing else tells of which lead this is: `email`, `phone`, `visitor`";
        let rejected = submit(&service, unknown).rejected;
        assert_eq!(rejected.iter().map(|row| &*row.reason).collect::<Vec<_>>(), [why]);
    });
}

#[test]
fn one_address_of_two_leads_is_named_and_nobody_is_guessed() {
    on_both("conflict", |place| {
        let time = Time::at("03-03T12:00:00");
        let service = serve(place, &time);
        submit_from(&service, "crm", &row(&[("Id", "00Q-1"), ("Email", "info@acme.com")], "03-02T09:00:00"));
        submit_from(&service, "crm", &row(&[("Id", "00Q-2"), ("Email", "INFO@acme.com")], "03-02T10:00:00"));
        assert_eq!(whole(&service), ["00q-1", "00q-2"]);
        let (one, two) = (words(&service, "00Q-1"), words(&service, "00Q-2"));
        assert!(one.contains("has the same email as 00Q-2, and another id: taken for another lead"), "{one}");
        assert!(two.contains("has the same email as 00Q-1, and another id: taken for another lead"), "{two}");
        // who comes with that address may be either
        let click = row(&[("address", "info@acme.com"), ("clicked", "2026-03-02T11:00:00Z")], "03-02T14:00:00");
        assert_eq!(submit_from(&service, "mail", &click).rejected, []);
        let leads = whole(&service);
        let Some(tool) = leads.iter().find(|lead| lead.starts_with("email:")) else { panic!("{leads:?}") };
        let words = words(&service, tool);
        assert!(
            words.contains("has the same email as 00Q-1 and 00Q-2, which are not one: taken for none of them"),
            "{words}"
        );
        // until a person says who it is
        let merged =
            format!(r#"{{"lead": "{tool}", "at": "2026-03-02T15:00:00+03:00", "event": "merged", "into": "00Q-2"}}"#);
        submit(&service, &merged);
        assert_eq!(now(&service, tool), "00Q-2");
        assert_eq!(points(&service, "00Q-2"), 5);
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn a_wrong_match_that_is_corrected_leaves_two_leads_as_if_it_had_never_been() {
    on_both("corrected", |place| {
        let rows = |wrong: bool| {
            let said = r#"{"lead": "00Q-1", "at": "2026-03-02T11:00:00+03:00", "event": "record", "event_id": "e1", "visitor": "v-9"}"#;
            let undone = r#"{"lead": "00Q-1", "at": "2026-03-02T12:00:00+03:00", "event": "correction", "of": "e1"}"#;
            let both = vec![("", said.to_owned()), ("", undone.to_owned())];
            let rest = vec![
                ("crm", row(&[("Id", "00Q-1"), ("Email", "a@acme.com")], "03-02T09:00:00")),
                ("web", web("v-9", "03-02T08:00:00", "visit")),
                ("web", web("v-9", "03-02T13:00:00", "demo")),
            ];
            if wrong { [rest, both].concat() } else { rest }
        };
        let service = serve(place, &Time::at("03-03T12:00:00"));
        let wrong = rows(true);
        for (source, row) in &wrong[..4] {
            submit_from(&service, source, row);
        }
        assert_eq!(whole(&service), ["00q-1"]);
        assert_eq!(points(&service, "00Q-1"), 21);
        let (source, row) = &wrong[4];
        submit_from(&service, source, row);
        let leads = whole(&service);
        assert_eq!(leads.len(), 2, "{leads:?}");
        for (lead, expected) in replayed(&pact(SYSTEMS), &rows(false), "03-03T12:00:00") {
            assert_eq!(stored(&service, &lead), Some(expected), "{lead}");
        }
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn what_is_unmatched_has_never_told_who_a_lead_is() {
    on_both("unmatched", |place| {
        let service = serve(place, &Time::at("03-03T12:00:00"));
        let rows = [
            ("crm", row(&[("Id", "00Q-1"), ("Email", "a@acme.com")], "03-02T09:00:00")),
            ("web", web("v-9", "03-02T08:00:00", "visit")),
            ("web", row(&[("visitor", "v-9"), ("form_email", "a@acme.com"), ("what", "demo")], "03-02T10:00:00")),
        ];
        for (source, row) in &rows {
            submit_from(&service, source, row);
        }
        assert_eq!(whole(&service), ["00q-1"]);
        // a browser in a library: the form was hers, and what others did there was not
        let unmatched = row(&[("email", "A@acme.com"), ("visitor", "v-9"), ("event", "unmatched")], "03-02T11:00:00");
        assert_eq!(submit(&service, &unmatched).rejected, []);
        let leads = whole(&service);
        assert_eq!((leads.len(), points(&service, "00Q-1"), points(&service, &leads[1])), (2, 20, 1), "{leads:?}");
        let all: Vec<(&str, String)> = rows.into_iter().chain([("", unmatched)]).collect();
        for (lead, expected) in replayed(&pact(SYSTEMS), &all, "03-03T12:00:00") {
            assert_eq!(stored(&service, &lead), Some(expected), "{lead}");
        }
        let reasons = [
            (r#"{"lead": "00Q-1", "event": "unmatched", "at": "2026-03-02T11:00:00Z"}"#, "needs a column"),
            (r#"{"visitor": "v-9", "event": "unmatched", "at": "2026-03-02T11:00:00Z"}"#, "needs a column"),
            (r#"{"event": "unmatched", "at": "2026-03-02T11:00:00Z"}"#, "of which lead this is"),
        ];
        for (row, why) in reasons {
            let rejected = submit(&service, row).rejected;
            assert!(rejected.len() == 1 && rejected[0].reason.contains(why), "{rejected:?}");
        }
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn who_is_forgotten_is_forgotten_under_every_name() {
    on_both("every_name", |place| {
        let service = serve(place, &Time::at("03-03T12:00:00"));
        submit_from(&service, "web", &web("v-1", "03-01T09:00:00", "visit"));
        submit_from(&service, "web", &row(&[("visitor", "v-1"), ("form_email", "a@acme.com")], "03-02T09:00:00"));
        submit_from(&service, "crm", &row(&[("Id", "00Q-1"), ("Email", "a@acme.com")], "03-02T10:00:00"));
        submit_from(&service, "crm", &row(&[("Id", "00Q-2"), ("Email", "b@acme.com")], "03-02T10:00:00"));
        assert_eq!(service.export("00Q-1").unwrap().expect("it is known").events.len(), 3);
        assert!(service.erase("00Q-1").unwrap());
        assert_eq!(whole(&service), ["00q-2"]);
        assert_eq!(service.read(|store| store.count_events()).unwrap(), 1);
        let left = service.read(|store| store.rows("SELECT lead FROM holders", &[])).unwrap();
        assert_eq!(left.len(), 1, "one address of the other lead");
        // who comes again is new
        submit_from(&service, "web", &web("v-1", "03-03T09:00:00", "visit"));
        let [_, visitor] = &*whole(&service) else { panic!("two leads") };
        assert_eq!(points(&service, visitor), 1);
    });
}

#[test]
fn a_number_that_many_share_tells_of_the_first_who_they_are() {
    on_both("switchboard", |place| {
        let service = serve(place, &Time::at("03-03T12:00:00"));
        let crm = |n: u32| {
            row(&[("Id", &format!("L{n:02}")), ("Phone", "+90 212 555 00 00")], &format!("03-02T09:{n:02}:00"))
        };
        for n in (1..40).rev() {
            submit_from(&service, "crm", &crm(n));
        }
        let joined = |lead: &str| service.read(|store| store.joined(lead)).unwrap().len();
        assert_eq!((joined("l01"), joined("l20"), joined("l21"), joined("l39")), (20, 20, 0, 0));
        let conflicts = |lead: &str| words(&service, lead).matches("has the same phone").count();
        assert_eq!((conflicts("L01"), conflicts("L20"), conflicts("L21"), conflicts("L39")), (19, 19, 0, 0));
        // where one of the first is forgotten, another takes its place
        assert!(service.erase("L03").unwrap());
        assert_eq!((conflicts("L20"), conflicts("L21"), conflicts("L22")), (19, 19, 0));
        let rows: Vec<(&str, String)> = (1..40).filter(|n| *n != 3).map(|n| ("crm", crm(n))).collect();
        for (lead, expected) in replayed(&pact(SYSTEMS), &rows, "03-03T12:00:00") {
            assert_eq!(stored(&service, &lead), Some(expected), "{lead}");
        }
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn leads_that_were_there_before_are_recognised_when_the_pact_says_by_what() {
    on_both("later_match", |place| {
        let time = Time::at("03-02T12:00:00");
        let options = time.options(Arc::new(Everything::default()));
        let before = SYSTEMS.replace("match on email, phone in country, visitor", "");
        let before = before.replace(r#"record at "at"  email"#, r#"record at "at"  id = "id"  email"#);
        let before = before.replace(r#"visitor = "visitor""#, r#"id = "id"  visitor = "visitor""#);
        let service = Service::start(open(place).unwrap(), &pact(&before), options).unwrap();
        submit_from(&service, "crm", &row(&[("Id", "00Q-1"), ("Email", "a@acme.com")], "03-02T09:00:00"));
        let keyed =
            [("lead", "visitor:00112233aabbccdd"), ("event", "record"), ("visitor", "v-1"), ("email", "A@acme.com")];
        submit(&service, &row(&keyed, "03-02T10:00:00"));
        submit(&service, &row(&[keyed[0], ("event", "demo")], "03-02T10:30:00"));
        assert_eq!(whole(&service).len(), 2);
        time.set("03-02T13:00:00");
        service.adopt(&pact(SYSTEMS)).unwrap();
        caught_up(&service);
        submit_from(&service, "web", &web("v-2", "03-02T13:00:00", "visit"));
        assert_eq!(whole(&service).len(), 2, "the visitor of before is the lead of the CRM by now");
        let words = words(&service, "00Q-1");
        assert!(words.contains("2026-03-02 13:00"), "{words}");
        assert!(words.contains("takes in visitor:00112233aabbccdd, by the same email"), "{words}");
        assert_eq!(points(&service, "00Q-1"), 20);
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    });
}

#[test]
fn several_instances_on_one_database_recognise_the_same() {
    on_both("instances", |place| {
        // a file is for one instance
        if !place.starts_with("postgres") {
            return;
        }
        let time = Time::at("03-06T00:00:00");
        let services = [serve(place, &time), serve(place, &time)];
        let mut rows: Vec<(&'static str, String)> = Vec::new();
        for n in 0..12 {
            let (id, email, visitor) = (format!("00Q-{n}"), format!("p{n}@x.com"), format!("v-{n}"));
            let form = [("visitor", &*visitor), ("form_email", &*email), ("what", "visit")];
            rows.push(("web", web(&visitor, "03-02T09:00:00", "visit")));
            rows.push((
                "crm",
                row(&[("Id", &id), ("Email", &email), ("Phone", "+90 212 555 00 00")], "03-03T09:00:00"),
            ));
            rows.push(("web", row(&form, "03-04T09:00:00")));
            rows.push(("", row(&[("email", &email), ("event", "call")], "03-05T09:00:00")));
        }
        std::thread::scope(|scope| {
            for (at, service) in services.iter().enumerate() {
                let mine = rows.iter().skip(at).step_by(2);
                scope.spawn(move || mine.for_each(|(source, row)| drop(submit_from(service, source, row))));
            }
        });
        for service in &services {
            assert_eq!(whole(service).len(), 12);
            for (lead, expected) in replayed(&pact(SYSTEMS), &rows, "03-06T00:00:00") {
                assert_eq!(stored(service, &lead), Some(expected), "{lead}");
            }
        }
    });
}

/// Events of three systems within three days, of people who may share what they are known by.
fn reported() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let when =
        (2..5u32, 0..24u32, 0..4u32).prop_map(|(day, hour, part)| format!("03-0{day}T{hour:02}:{:02}:00", part * 15));
    let id = || prop::sample::select(vec!["00Q-1", "00q-2", "00Q-3"]);
    let email = || prop::sample::select(vec!["a@x.com", "A@X.com", "b@x.com", "c@x.com"]);
    let visitor = || prop::sample::select(vec!["v-1", "v-2", "v-3"]);
    let phone = || prop::sample::select(vec!["0532 123 45 67", "+905321234567", "0212 555 00 00", "12"]);
    let text = |columns: Vec<(&'static str, &'static str)>| move |when: &str| row(&columns, when);
    type Told = (&'static str, Vec<(&'static str, &'static str)>);
    let told = prop_oneof![
        2 => (id(), email()).prop_map(|(id, email)| -> Told { ("crm", vec![("Id", id), ("Email", email)]) }),
        1 => (id(), phone()).prop_map(|(id, phone)| -> Told { ("crm", vec![("Id", id), ("Phone", phone), ("Country", "TR")]) }),
        2 => (email(), prop::bool::ANY).prop_map(|(email, _)| -> Told {
            ("mail", vec![("address", email), ("clicked", "2026-03-03T09:00:00Z")])
        }),
        3 => (visitor(), prop::sample::select(vec!["visit", "demo"])).prop_map(|(visitor, what)| -> Told {
            ("web", vec![("visitor", visitor), ("what", what)])
        }),
        2 => (visitor(), email()).prop_map(|(visitor, email)| -> Told {
            ("web", vec![("visitor", visitor), ("form_email", email), ("what", "demo")])
        }),
        1 => (id(), prop::sample::select(vec!["call", "junk", "opt_out"])).prop_map(|(id, event)| -> Told {
            ("", vec![("lead", id), ("event", event)])
        }),
        1 => (phone(), email()).prop_map(|(phone, email)| -> Told {
            ("", vec![("phone", phone), ("email", email), ("country", "tr"), ("event", "call")])
        }),
        2 => (id(), visitor(), prop::sample::select(vec!["e1", "e2"])).prop_map(|(id, visitor, name)| -> Told {
            ("", vec![("lead", id), ("event", "record"), ("visitor", visitor), ("event_id", name)])
        }),
        1 => (id(), prop::sample::select(vec!["e1", "e2"])).prop_map(|(id, name)| -> Told {
            ("", vec![("lead", id), ("event", "correction"), ("of", name)])
        }),
        1 => (id(), visitor(), email()).prop_map(|(id, visitor, email)| -> Told {
            ("", vec![("lead", id), ("event", "unmatched"), ("visitor", visitor), ("email", email)])
        }),
        1 => (email(), visitor()).prop_map(|(email, visitor)| -> Told {
            ("", vec![("email", email), ("event", "unmatched"), ("visitor", visitor)])
        }),
        1 => (id(), prop::sample::select(vec!["00Q-1", "00Q-2", "nobody"])).prop_map(|(id, into)| -> Told {
            ("", vec![("lead", id), ("event", "merged"), ("into", into)])
        }),
    ];
    let row = (told, when).prop_map(move |((source, columns), when)| (source, text(columns)(&when)));
    prop::collection::vec(row, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// In whatever order events come, and however time passes meanwhile, the service comes to what a replay gives.
    #[test]
    fn the_service_recognises_leads_as_a_replay_does(rows in reported(), hours in prop::collection::vec(0..96u32, 24)) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.db");
        let place = place.to_str().unwrap();
        let time = Time::at("03-02T00:00:00");
        let service = serve(place, &time);
        let taken = taken_as_time_passes(&service, &time, rows, hours);
        for (lead, expected) in replayed(&pact(SYSTEMS), &taken, "03-06T00:00:00") {
            // of a lead of which all was taken back there is nothing to see
            let nothing = expected["timeline"] == Json::Array(Vec::new()) && expected["fields"].as_array().unwrap().len() == 1;
            match stored(&service, &lead) {
                None => prop_assert!(nothing, "{} {}", lead, expected),
                stored => prop_assert_eq!(stored, Some(expected), "{}", lead),
            }
        }
        service.stop();
        rebuilt_is_stored(&mut *open(place).unwrap());
    }

    /// People of whom three systems tell under three kinds of id, in any order: one lead each, with the same timeline.
    #[test]
    fn each_person_is_one_lead_in_whatever_order_systems_tell_of_them(
        people in prop::collection::vec((1..4usize, prop::collection::vec((0..4u32, 0..72u32), 4..10)), 1..4),
        seed in any::<u64>(),
    ) {
        let mut rows: Vec<(&'static str, String)> = Vec::new();
        for (n, (visitors, happens)) in people.iter().enumerate() {
            let when = |hour: u32| format!("03-0{}T{:02}:{n:02}:00", 2 + hour / 24, hour % 24);
            let (id, email) = (format!("00Q-{n}"), format!("p{n}@x.com"));
            rows.push(("crm", row(&[("Id", &id), ("Email", &email.to_uppercase())], &when(happens[0].1))));
            for visitor in 0..*visitors {
                let visitor = format!("v-{n}-{visitor}");
                let form = [("visitor", &*visitor), ("form_email", &*email), ("what", "visit")];
                rows.push(("web", row(&form, &when(happens[1].1))));
            }
            for (what, hour) in &happens[2..] {
                let visitor = format!("V-{n}-{}", *what as usize % visitors);
                rows.push(match what {
                    0 => ("mail", row(&[("address", &email), ("clicked", "2026-03-03T09:00:00Z")], &when(*hour))),
                    1 => ("", row(&[("lead", &id), ("event", "call")], &when(*hour))),
                    2 => ("web", web(&visitor, &when(*hour), "demo")),
                    _ => ("web", web(&visitor, &when(*hour), "visit")),
                });
            }
        }
        let expected: BTreeMap<String, Json> = replayed(&pact(SYSTEMS), &rows, "03-06T00:00:00").into_iter().collect();
        // any order: by a hash with a seed
        rows.sort_by_key(|(_, row)| {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut hasher = DefaultHasher::new();
            (seed, row).hash(&mut hasher);
            hasher.finish()
        });
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.db");
        let service = serve(place.to_str().unwrap(), &Time::at("03-06T00:00:00"));
        for (source, row) in &rows {
            prop_assert_eq!(submit_from(&service, source, row).rejected, []);
        }
        let ids: Vec<String> = (0..people.len()).map(|n| format!("00q-{n}")).collect();
        prop_assert_eq!(whole(&service), ids);
        for (lead, expected) in expected {
            prop_assert_eq!(stored(&service, &lead), Some(expected), "{}", lead);
        }
    }
}
