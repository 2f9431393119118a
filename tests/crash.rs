//! The service is killed at any moment, again and again, and comes back: nothing that it acknowledged is lost or doubled,
//! and whoever is to receive a message receives it. `LEADPACT_SOAK_EVENTS`, `LEADPACT_SOAK_KILLS` and `LEADPACT_SOAK_SEED` make a longer
//! run, or the same one again.
#![cfg(all(feature = "serve", unix))]

#[cfg(feature = "postgres")]
#[path = "common/postgres.rs"]
mod postgres;
#[path = "common/serving.rs"]
mod serving;

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use leadpact::internals::store::{Delivery, Filter, Store, open};
use leadpact::internals::time::Instant as At;
use serde_json::json;
use serving::{Chance, Client, Hooks, Serving, asked, program, until};

/// Clocks and timed moves of seconds, so that much happens by itself during the run.
const RULES: &str = r#"
pact soak { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  employees integer? }
activity visit { n integer }
activity demo  { n integer }
touch    call  { n integer }
score interest 0 to 100 { give 10 per visit in last 7 days, at most 50 }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo  move to stale after 6 seconds }
  stage mql     { owner sales  move to won when any call  move to stale after 20 seconds }
  stage won     { owner sales  final }
  stage stale   { owner marketing  final }
}
handoff inquiry to mql { route by sharing }
route sharing { to team sellers round robin when id is present  otherwise to queue rest }
team sellers { member ana  member bo  member cem }
sla first_call on mql {
  owner sales
  agreed by marketing, sales
  first touch within 8 seconds
  warn at 25% { alert assignee }
  warn at 75% { alert assignee }
  on breach   { alert boss }
}
"#;

/// How many events each lead has.
const EACH: u64 = 5;

/// How many clients submit at once; each has leads of its own.
const CLIENTS: u64 = 4;

/// The events of a lead: one in three is never handed over, one is and nobody calls, one is called.
fn event(n: u64, at: Option<At>) -> String {
    let (lead, step) = (n / EACH, n % EACH);
    let kind = match (step, lead % 3) {
        (0, _) => "record",
        (2, 1 | 2) => "demo",
        (4, 2) => "call",
        _ => "visit",
    };
    let number = if step == 0 { "employees" } else { "n" };
    let mut row = json!({"lead": format!("L{lead}"), "event": kind, number: n});
    if let Some(at) = at {
        row["at"] = at.to_rfc3339().into();
    }
    format!("{row}\n")
}

/// Submits all events of some leads in their order, singly and in bulk, each request until it is answered.
fn submit(client: u64, events: u64, chance: &mut Chance, place: &Mutex<String>, acknowledged: &AtomicU64) {
    let http = Client::new();
    let leads = events / EACH;
    let mine: Vec<u64> =
        (0..leads).filter(|lead| lead % CLIENTS == client).flat_map(|l| l * EACH..(l + 1) * EACH).collect();
    let mut rest = &mine[..];
    while !rest.is_empty() {
        let size = if chance.below(2) == 0 { 1 } else { 1 + chance.below(100) };
        let (now, later) = rest.split_at(rest.len().min(size as usize));
        rest = later;
        // without an instant it is when the request came: sent twice it would be two events, but for the key
        let at = (chance.below(2) == 0).then(|| At::from(SystemTime::now()));
        let body: String = now.iter().map(|n| event(*n, at)).collect();
        let key = format!("request-{}", now[0]);
        loop {
            let url = place.lock().unwrap().clone();
            match http.post(&format!("{url}/v1/events"), &body, Some(&key)) {
                Some((200, answer)) => {
                    assert_eq!(answer["rejected"], json!([]), "{body}");
                    break;
                }
                None | Some((503, _)) => std::thread::sleep(Duration::from_millis(50)),
                Some(other) => panic!("{other:?}"),
            }
        }
        acknowledged.fetch_add(now.len() as u64, Ordering::Relaxed);
    }
}

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    seconds: f64,
    /// Messages that had come in when all was submitted.
    meanwhile: u64,
    drained: f64,
    deliveries: BTreeMap<String, u64>,
    messages: u64,
    repeated: u64,
}

/// Submits events while the service is killed, lets everything come to rest, and looks at what there is. `cut` cuts all
/// connections to the store.
fn soak(name: &str, store: &str, cut: Option<&dyn Fn()>) {
    let events = asked("LEADPACT_SOAK_EVENTS", 3_000) / EACH * EACH;
    let kills = asked("LEADPACT_SOAK_KILLS", 4);
    let seed = asked("LEADPACT_SOAK_SEED", u64::from(std::process::id()));
    eprintln!("{name}: {events} events, {kills} kills, seed {seed}");
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    std::fs::write(rules.join("soak.pact"), RULES).unwrap();
    let hooks = Hooks::start();
    let webhooks = hooks.file(folder.path());
    let start = || Serving::start(&rules, store, Some(&webhooks));
    let mut serving = start();
    let (place, acknowledged, done) = (Mutex::new(serving.url.clone()), AtomicU64::new(0), AtomicBool::new(false));
    let began = Instant::now();
    let mut figures = Figures::default();
    std::thread::scope(|scope| {
        let (place, acknowledged, done) = (&place, &acknowledged, &done);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || submit(client, events, &mut Chance::new(seed ^ client), place, acknowledged))
            })
            .collect();
        scope.spawn(move || {
            clients.into_iter().for_each(|client| client.join().unwrap());
            done.store(true, Ordering::Relaxed);
        });
        let mut chance = Chance::new(seed);
        // one in five when all is submitted and clocks run
        let last = events * 5 / 4;
        let mut moments: Vec<(u64, bool)> = (0..kills).map(|_| (chance.below(last), true)).collect();
        moments.extend((0..kills).filter(|_| cut.is_some()).map(|_| (chance.below(last), false)));
        moments.sort();
        for (moment, kill) in moments {
            until("more is submitted", Duration::from_secs(120), || {
                acknowledged.load(Ordering::Relaxed) >= moment.min(events)
            });
            let pause = if moment < events { 300 } else { 3_000 };
            std::thread::sleep(Duration::from_millis(chance.below(pause)));
            if let (false, Some(cut)) = (kill, cut) {
                cut();
                continue;
            }
            serving.kill();
            serving = start();
            *place.lock().unwrap() = serving.url.clone();
        }
        until("all is submitted", Duration::from_secs(3600), || done.load(Ordering::Relaxed));
    });
    figures.seconds = began.elapsed().as_secs_f64();
    figures.meanwhile = hooks.seen().len() as u64;
    assert_eq!(acknowledged.into_inner(), events);
    // clocks come to their end, and deliveries to theirs
    let client = Client::new();
    until("all comes to rest", Duration::from_secs(120 + events / 100), || {
        std::thread::sleep(Duration::from_millis(200));
        let status = client.get(&format!("{}/v1/status", serving.url));
        let next = status["due"]["next"].as_str().and_then(|next| next.parse::<At>().ok());
        let still = next.is_none_or(|next| next > At::from(SystemTime::now()) + Duration::from_secs(86_400));
        still && status["outbox"]["pending"] == 0
    });
    figures.drained = began.elapsed().as_secs_f64();
    assert!(serving.stop(), "asked to stop, it ends well");
    let mut store_now = open(store).unwrap();
    every_event_once(&mut *store_now, events);
    turns_are_fair(&mut *store_now);
    everything_is_delivered(&mut *store_now, &hooks, &mut figures);
    let checked = Command::new(program()).args(["rebuild", "--check", "--store", store]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    eprintln!("{name}: {figures:?}; {}", String::from_utf8_lossy(&checked.stdout).trim());
}

fn every_event_once(store: &mut dyn Store, events: u64) {
    for lead in 0..events / EACH {
        let stored = store.events(&format!("l{lead}")).unwrap();
        let mut numbers: Vec<u64> = stored
            .iter()
            .map(|event| {
                let row: serde_json::Value = serde_json::from_str(&event.line).unwrap();
                row.get("n").unwrap_or(&row["employees"]).as_u64().unwrap()
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (lead * EACH..(lead + 1) * EACH).collect::<Vec<_>>(), "of lead {lead}");
    }
    assert_eq!(store.count_events().unwrap(), events as i64);
}

/// Assigner of leads that were handed over; one whose hand-over came to nothing gave its turn back.
fn turns_are_fair(store: &mut dyn Store) {
    let counts: Vec<usize> = ["ana", "bo", "cem"]
        .iter()
        .map(|name| {
            let filter = Filter { person: Some((*name).to_owned()), ..Filter::default() };
            store.projections(&filter, usize::MAX >> 1).unwrap().len()
        })
        .collect();
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(most - least <= 1, "{counts:?}");
    assert!(*least > 0);
}

fn everything_is_delivered(store: &mut dyn Store, hooks: &Hooks, figures: &mut Figures) {
    assert_eq!(hooks.wrong(), [] as [String; 0]);
    let seen = hooks.seen();
    let mut deliveries: BTreeMap<String, Delivery> = BTreeMap::new();
    for state in ["waiting", "dead", "sent", "superseded", "withdrawn"] {
        let found = store.deliveries(state, usize::MAX >> 1).unwrap();
        figures.deliveries.insert(state.to_owned(), found.len() as u64);
        deliveries.extend(found.into_iter().map(|delivery| (delivery.id.clone(), delivery)));
    }
    assert_eq!((figures.deliveries["waiting"], figures.deliveries["dead"]), (0, 0));
    assert!(figures.deliveries["sent"] > 0);
    for delivery in deliveries.values().filter(|delivery| delivery.state == "sent") {
        assert!(seen.contains_key(&delivery.id), "{delivery:?}");
    }
    for (id, message) in seen.iter() {
        assert_eq!(deliveries.get(id).map(|delivery| &*delivery.body), Some(&*message.body), "{id}");
    }
    figures.messages = seen.len() as u64;
    figures.repeated = seen.values().map(|message| message.times - 1).sum();
}

#[test]
fn killed_again_and_again_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    soak("sqlite", folder.path().join("a.db").to_str().unwrap(), None);
}

#[cfg(feature = "postgres")]
#[test]
fn killed_again_and_again_on_postgres() {
    let Some(server) = postgres::Server::start() else { return };
    let place = server.database("soak");
    let cut = || {
        let mut client = ::postgres::Client::connect(&place, ::postgres::NoTls).unwrap();
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                      AND pid <> pg_backend_pid()";
        client.batch_execute(others).unwrap();
    };
    soak("postgres", &place, Some(&cut));
}
