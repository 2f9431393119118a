//! `reply within`: a clock for each message of a lead that awaits an answer, shown by tests in the language.

use leadpact::internals::load::load;
use leadpact::internals::testing::run;
use leadpact::internals::world::Memory;

const PACT: &str = r#"
pact replies { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  vip bool default false }
activity email_reply, demo_request, page_view
touch call, email
disposition done
calendar office { mon to fri 09:00 to 17:00 }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo_request }
  stage mql { owner sales  move to won when disposition = done }
  stage won { owner sales  final }
}
sla answers on mql {
  owner sales
  clock office
  reply within 4 business hours to email_reply, demo_request
  warn at 50% alert assignee
  on breach of reply alert sales_manager
}

# 2026-03-02 is a Monday

test "the message that brought the lead here awaits an answer" {
  lead { }
  at 2026-03-02 10:00  demo_request
  at 2026-03-02 10:01  expect stage mql, sla answers reply running, sla answers reply due 2026-03-02 14:00
  at 2026-03-02 12:00  expect sla answers reply warned
  at 2026-03-02 13:59  expect no alert sales_manager
  at 2026-03-02 14:00  expect sla answers reply breached, alert sales_manager
}

test "a touch answers, and the next message begins anew" {
  lead { }
  at 2026-03-02 10:00  demo_request
  at 2026-03-02 11:00  call
  at 2026-03-02 11:01  expect sla answers reply met
  at 2026-03-03 16:00  email_reply
  at 2026-03-03 16:01  expect sla answers reply due 2026-03-04 12:00
  at 2026-03-04 11:59  email
  at 2026-03-04 12:30  expect sla answers reply met, no alert sales_manager
}

test "several messages before the answer are one clock" {
  lead { }
  at 2026-03-02 10:00  demo_request
  at 2026-03-02 11:00  email_reply
  at 2026-03-02 12:30  email_reply
  at 2026-03-02 12:31  expect sla answers reply due 2026-03-02 14:00
  at 2026-03-02 13:00  call
  at 2026-03-02 13:01  expect sla answers reply met
}

test "what the lead does besides awaits nothing" {
  lead { }
  in stage mql
  at 2026-03-02 10:00  page_view
  at 2026-03-06 17:00  expect no alert sales_manager
}

test "a message before the stage is no message of the stage" {
  lead { }
  at 2026-03-01 10:00  email_reply
  at 2026-03-02 10:00  demo_request
  at 2026-03-02 10:01  expect sla answers reply due 2026-03-02 14:00
}

test "leaving the stage ends it" {
  lead { }
  at 2026-03-02 10:00  demo_request
  at 2026-03-02 11:00  done
  at 2026-03-02 15:00  expect stage won, no alert sales_manager
}

test "an answer in the instant of the message answers it, in whatever order they are reported" {
  lead { }
  in stage mql
  at 2026-03-02 10:00  call, email_reply
  at 2026-03-02 18:00  expect sla answers reply met, no alert sales_manager
}

test "a reply that came late stays breached, and the next message has its own clock" {
  lead { }
  in stage mql
  at 2026-03-02 09:00  email_reply
  at 2026-03-02 15:00  call
  at 2026-03-02 15:01  expect sla answers reply breached
  at 2026-03-02 16:00  email_reply
  at 2026-03-02 16:01  expect sla answers reply due 2026-03-03 12:00
}
"#;

#[test]
fn every_message_awaits_an_answer() {
    let world = Memory::new([("a.pact", PACT)]);
    let loaded = load(&world, None);
    let pact = loaded.pact.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let report = run(&pact, &world, None);
    let failures: Vec<String> =
        report.results.iter().flat_map(|r| r.failures.iter().map(move |f| format!("{}: {f:#?}", r.name))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(report.results.len(), 8);
}
