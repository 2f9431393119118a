//! Two instances of the service on one PostgreSQL: either takes events, and when one is killed the other does the work of
//! both.
#![cfg(all(feature = "postgres", unix))]

#[path = "common/postgres.rs"]
mod postgres;
#[path = "common/serving.rs"]
mod serving;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use leadpact::internals::store::{Filter, open};
use leadpact::internals::time::Instant;
use serde_json::{Value as Json, json};
use serving::{Client, Hooks, Serving, until};

const RULES: &str = r#"
pact shared { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key }
activity demo
touch call
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo }
  stage mql     { owner sales  final }
}
handoff inquiry to mql { route by sharing }
route sharing { to team sellers round robin when id is present  otherwise to queue rest }
team sellers { member ana  member bo  member cem  member dara }
sla first_call on mql {
  owner sales
  agreed by marketing, sales
  first touch within 20 seconds
  warn at 50% { alert assignee }
  on breach   { alert boss }
}
"#;

const LEADS: u64 = 90;

/// How late a clock may fire, and a message about it come in: what one killed instance had taken is left to it for a while.
const PROMISE: Duration = Duration::from_secs(20);

/// Submits that a lead asked for a demonstration so long ago, until an instance takes it.
fn submit(client: &Client, urls: &[&str], lead: u64, ago: u64) {
    let at = Instant::from(SystemTime::now() - Duration::from_secs(ago));
    let row = |event: &str| json!({"lead": format!("L{lead}"), "at": at.to_rfc3339(), "event": event});
    let body = format!("{}\n{}\n", row("record"), row("demo"));
    let mut turn = lead as usize;
    until("somebody takes it", Duration::from_secs(20), || {
        turn += 1;
        let url = format!("{}/v1/events", urls[turn % urls.len()]);
        client.post(&url, &body, Some(&format!("lead-{lead}"))).is_some_and(|(status, _)| status == 200)
    });
}

#[test]
fn either_takes_events_and_one_does_the_work_of_both() {
    let Some(server) = postgres::Server::start() else { return };
    let place = server.database("two");
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    std::fs::write(rules.join("a.pact"), RULES).unwrap();
    let hooks = Hooks::start();
    let webhooks = hooks.file(folder.path());
    let mut one = Serving::start(&rules, &place, Some(&webhooks));
    let mut two = Serving::start(&rules, &place, Some(&webhooks));
    let (client, done) = (Client::new(), AtomicBool::new(false));
    let latest = std::thread::scope(|scope| {
        // how far the firing of clocks ever was behind
        let watch = scope.spawn(|| {
            let mut store = open(&place).unwrap();
            let mut latest = Duration::ZERO;
            while !done.load(Ordering::Relaxed) {
                let now = Instant::from(SystemTime::now());
                let due = store.next_due().unwrap();
                latest = latest.max(due.and_then(|due| (now - due).to_std().ok()).unwrap_or_default());
                std::thread::sleep(Duration::from_millis(20));
            }
            latest
        });
        // warnings come ten seconds after the demonstration and breaches twenty: within the next few seconds
        for lead in 0..LEADS / 2 {
            submit(&client, &[&one.url, &two.url], lead, 5 + 10 * (lead % 2));
        }
        one.kill();
        for lead in LEADS / 2..LEADS {
            submit(&client, &[&one.url, &two.url], lead, 5 + 10 * (lead % 2));
        }
        // the one that is back does the work when the other goes
        one = Serving::start(&rules, &place, Some(&webhooks));
        std::thread::sleep(Duration::from_secs(3));
        two.kill();
        until("all clocks have fired, and all is delivered", Duration::from_secs(120), || {
            std::thread::sleep(Duration::from_millis(200));
            let status = client.get(&format!("{}/v1/status", one.url));
            let next = status["due"]["next"].as_str().and_then(|next| next.parse::<Instant>().ok());
            let still = next.is_none_or(|next| next > Instant::from(SystemTime::now()) + Duration::from_secs(86_400));
            still && status["outbox"]["pending"] == 0
        });
        done.store(true, Ordering::Relaxed);
        watch.join().unwrap()
    });
    assert!(latest < Duration::from_secs(10), "a clock fired {latest:?} late");
    assert!(one.stop());
    let mut store = open(&place).unwrap();
    assert_eq!(store.count_events().unwrap(), 2 * LEADS as i64);
    let mut turns: BTreeMap<String, u64> = BTreeMap::new();
    for (_, _, projection) in store.projections(&Filter::default(), 1_000).unwrap() {
        *turns.entry(projection.person.expect("somebody has it")).or_default() += 1;
    }
    assert_eq!(turns.values().sum::<u64>(), LEADS);
    assert!(turns.values().max().unwrap() - turns.values().min().unwrap() <= 1, "{turns:?}");
    assert_eq!(hooks.wrong(), [] as [String; 0]);
    let seen = hooks.seen();
    let mut late = Duration::ZERO;
    for lead in 0..LEADS {
        let deliveries = store.deliveries_of(&format!("l{lead}")).unwrap();
        for kind in ["warn", "breach"] {
            let of_kind: Vec<_> = deliveries.iter().filter(|delivery| delivery.kind == kind).collect();
            let [delivery] = of_kind[..] else { panic!("lead {lead}: {} deliveries of {kind}", of_kind.len()) };
            let Some(message) = seen.get(&delivery.id) else {
                assert_eq!((&*delivery.state, kind), ("superseded", "warn"), "lead {lead}");
                continue;
            };
            let body: Json = serde_json::from_str(&message.body).unwrap();
            assert_eq!(
                (&body["type"], &body["subject"]),
                (&json!(format!("leadpact.{kind}")), &json!(format!("L{lead}")))
            );
            // what was due when it was submitted fires when it is submitted
            let fired = delivery.at.max(store.events(&format!("l{lead}")).unwrap()[0].received);
            late = late.max((Instant::from(message.first) - fired).to_std().unwrap_or_default());
        }
    }
    assert!(late < PROMISE, "a message came in {late:?} after its clock fired");
    eprintln!("clocks fired at most {latest:?} late, messages came in at most {late:?} late; turns {turns:?}");
}
