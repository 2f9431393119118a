//! Hours of people: a route gives a lead only to who is at work, and a lead may wait for that.

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, replay};
use leadpact::internals::testing::run;
use leadpact::internals::world::Memory;

const PACT: &str = r#"
pact hours { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  country text? }
activity demo_request
touch call
disposition lost
calendar bangkok { time zone "Asia/Bangkok"  mon to fri 09:00 to 17:00 }
team desk {
  member ana, hours mon to fri 09:00 to 13:00
  member bo,  hours mon to fri 12:00 to 18:00, away 2026-03-03
}
team siam { member noi, hours bangkok  member som, hours bangkok, capacity 1 }
team solo { single contact cem  member cem, hours mon 10:00 to 11:00, hours wed 10:00 to 11:00 }
route ways {
  to team siam by capacity wait for hours when country = "TH"
  to team solo wait for hours when country = "AD"
  to team desk round robin when country = "TR"
  otherwise to queue night
}
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo_request }
  stage mql { owner sales  move to lost_one when disposition = lost }
  stage lost_one { owner sales  final }
}
handoff inquiry to mql { route by ways }
sla speed on mql { owner sales  starts at assignment  first touch within 2 hours }

# 2026-03-02 is a Monday

test "somebody is at work" { lead { country "TR" }  at 2026-03-02 09:00  demo_request
  at 2026-03-02 09:00  expect route team desk }
test "nobody is at work yet: the next entry" { lead { country "TR" }  at 2026-03-02 08:59  demo_request
  at 2026-03-02 08:59  expect route queue night }
test "the end of work is no work" { lead { country "TR" }  at 2026-03-02 18:00  demo_request
  at 2026-03-02 18:00  expect route queue night }
test "the second one is away, so nobody is at work after one" {
  lead { country "TR" }  at 2026-03-03 13:00  demo_request
  at 2026-03-03 13:00  expect route queue night }
test "a lead waits for the team, and its clock starts when somebody has it" {
  lead { country "AD" }
  at 2026-03-02 11:00  demo_request
  at 2026-03-04 09:59  expect route team solo
  at 2026-03-04 10:00  expect route to cem, sla speed first touch due 2026-03-04 12:00
}
test "a calendar says the hours in its zone" { lead { country "TH" }  at 2026-03-02 13:00  demo_request
  at 2026-03-02 13:00  expect route team siam }
"#;

fn pact(text: &str) -> Pact {
    let loaded = load(&Memory::new([("a.pact", text.to_owned())]), None);
    loaded.pact.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

#[test]
fn tests_in_the_language_hold() {
    let report = run(&pact(PACT), &Memory::new([("a.pact", PACT)]), None);
    let failures: Vec<String> =
        report.results.iter().flat_map(|r| r.failures.iter().map(move |f| format!("{}: {f:#?}", r.name))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(report.results.len(), 6);
}

/// Who had each lead and since when, in order of the leads' keys.
fn given(pact: &Pact, events: &str) -> Vec<String> {
    let mut gathered = Gathered::within(1 << 20);
    let rows = rows(Box::new(std::io::Cursor::new(events.as_bytes().to_vec())), "e", Some(Format::Ndjson)).unwrap();
    let input = LeadInput { name: "e".into(), rows, intake: None };
    gathered.read(pact, input, &mut |rejected| panic!("{rejected:?}"), &mut || {}).unwrap();
    let until = "2026-03-12T00:00:00Z".parse().unwrap();
    let options = ReplayOptions { until: Some(until), threads: 2, ..ReplayOptions::default() };
    let mut lines = Vec::new();
    let render = |lead: &leadpact::internals::replay::ReplayedLead, out: &mut Vec<u8>| {
        let assignee = lead.state.assignee.as_ref();
        let who = assignee.and_then(|a| a.person.clone()).or(assignee.and_then(|a| a.queue.clone()));
        let since = assignee.map(|a| pact.zone.rfc3339(a.since)).unwrap_or_default();
        out.extend(format!("{} {} {since}\n", lead.state.key(pact), who.as_deref().unwrap_or("-")).into_bytes());
        Ok(())
    };
    replay(pact, gathered, options, &render, &mut |bytes| {
        lines.extend(String::from_utf8_lossy(bytes).lines().map(str::to_owned));
        Ok(())
    })
    .unwrap();
    lines.sort();
    lines
}

fn asked(lead: &str, country: &str, at: &str) -> String {
    format!(
        "{{\"lead\": \"{lead}\", \"at\": \"{at}\", \"event\": \"record\", \"country\": \"{country}\"}}\n\
         {{\"lead\": \"{lead}\", \"at\": \"{at}\", \"event\": \"demo_request\"}}\n"
    )
}

#[test]
fn only_who_is_at_work_gets_a_lead_and_is_an_equal_from_then_on() {
    let pact = pact(PACT);
    let mut events = String::new();
    for (n, time) in
        ["09:00", "10:00", "11:00", "12:00", "12:10", "12:20", "12:30", "13:00", "14:00"].iter().enumerate()
    {
        events += &asked(&format!("l{n}"), "TR", &format!("2026-03-02T{time}:00+03:00"));
    }
    let who: Vec<String> =
        given(&pact, &events).iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect();
    // ana alone in the morning; from noon both, bo lifted to her three; from one bo alone
    assert_eq!(who[..3], ["ana", "ana", "ana"]);
    assert_eq!(who[3..7].iter().filter(|who| *who == "ana").count(), 2, "{who:?}");
    assert_eq!(who[3..7].iter().filter(|who| *who == "bo").count(), 2, "{who:?}");
    assert_eq!(who[7..], ["bo", "bo"]);
}

#[test]
fn leads_that_wait_are_given_in_order_of_their_keys() {
    let pact = pact(PACT);
    // Bangkok opens at 05:00 in Istanbul; som has room for one
    let events = [
        asked("b", "TH", "2026-03-02T20:00:00+03:00"),
        asked("a", "TH", "2026-03-02T21:00:00+03:00"),
        asked("c", "TH", "2026-03-02T22:00:00+03:00"),
        asked("d", "TH", "2026-03-06T16:00:00+03:00"),
    ];
    let all = given(&pact, &events.concat());
    let shuffled = [&*events[3], &events[1], &events[0], &events[2]].concat();
    assert_eq!(given(&pact, &shuffled), all, "in whatever order they are told");
    assert!(all[..3].iter().all(|line| line.ends_with("2026-03-03T05:00:00+03:00")), "{all:?}");
    assert_eq!(all[..3].iter().filter(|line| line.contains(" som ")).count(), 1, "{all:?}");
    // over the weekend
    assert_eq!(all[3], "d noi 2026-03-09T05:00:00+03:00");
}

#[test]
fn a_lead_waits_on_while_who_is_at_work_is_full() {
    let pact = pact(&PACT.replace("member noi, hours bangkok  member som", "member som"));
    let events = [
        asked("a", "TH", "2026-03-02T20:00:00+03:00"),
        asked("b", "TH", "2026-03-02T20:00:00+03:00"),
        "{\"lead\": \"a\", \"at\": \"2026-03-04T12:00:00+03:00\", \"event\": \"lost\"}\n".to_owned(),
    ];
    // b waits until som comes to work again with room
    assert_eq!(given(&pact, &events.concat()), ["a som 2026-03-03T05:00:00+03:00", "b som 2026-03-05T05:00:00+03:00"]);
}
