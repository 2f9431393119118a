//! What the service takes: to find and do what is due among many leads that are not, to find one by what people know of
//! it, to recognise whose an event is, to take events in, to answer over HTTP, and to hold under load. A table for each.
//! `LEADPACT_BENCH` names one of `due`, `find`, `recognise`, `intake`, `one_more`, `http` and `memory`; `LEADPACT_BENCH_LEADS`
//! gives the numbers of leads, and of events of one lead for `one_more`; `LEADPACT_BENCH_MINUTES` how long the load lasts.

mod support;

#[cfg(feature = "postgres")]
#[path = "../tests/common/postgres.rs"]
mod postgres;
#[path = "../tests/common/serving.rs"]
mod serving;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::EventReader;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::service::{NewEvents, Receivers, Service, ServiceOptions};
use leadpact::internals::store::{Filter, Projection, ProjectionUpdate, Recipients, StoredEvent, open, write};
use leadpact::internals::time::Instant as At;
use leadpact::internals::world::Memory;
use serving::{Client, Serving, asked};

const RULES: &str = r#"
pact many { parties marketing, sales }
lead { id text key }
activity demo
touch call
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo }
  stage mql { owner sales  final }
}
sla first_call on mql {
  owner sales
  agreed by marketing, sales
  first touch within 4 hours
  warn at 50% { alert assignee }
  on breach { alert boss }
}
"#;

/// Leads that have something to be found by.
const PEOPLE: &str = r#"
pact people { parties marketing, sales }
lead { id text key  name text?  email text?  phone text?  company text? }
"#;

/// Leads that several systems tell of.
const SYSTEMS: &str = r#"
pact systems { parties marketing, sales }
lead { id text key  email text?  visitor text?  match on email, visitor }
activity visit
"#;

/// A lead that does much, and is scored for it.
const SCORED: &str = r#"
pact scored { parties marketing, sales }
lead { id text key  country text? }
activity visit
activity download
score engagement 0 to 100 { give 2 per visit in last 30 days, at most 40  give 5 per download in last 90 days, at most 30 }
pipeline all {
  stage inquiry { owner marketing  move to mql when engagement >= 60 }
  stage mql { owner sales  final }
}
"#;

/// How many leads are due.
const DUE: u64 = 100;

fn main() {
    if let Ok(place) = std::env::var("LEADPACT_BENCH_STORE") {
        return run_due(&place);
    }
    let part = std::env::var("LEADPACT_BENCH").unwrap_or_default();
    let wanted = |name: &str| part.is_empty() || part == name;
    if wanted("due") {
        due();
    }
    if wanted("find") {
        find();
    }
    if wanted("recognise") {
        sizes("20000").into_iter().for_each(recognise);
    }
    if wanted("intake") {
        intake();
    }
    if wanted("one_more") {
        one_more();
    }
    if wanted("http") {
        http();
    }
    if wanted("memory") {
        memory();
    }
}

fn pact(rules: &str) -> Arc<Pact> {
    Arc::new(load(&Memory::new([("many.pact", rules)]), None).pact.expect("it checks clean"))
}

/// When the last of the leads that are due is due, and nothing else is.
fn now() -> At {
    "2026-03-02T11:30:00Z".parse().expect("an instant")
}

fn service(place: &str, rules: &str, at: At) -> Service {
    let notifier = Arc::new(Receivers::default());
    let options = ServiceOptions { clock: Arc::new(move || at), notifier, changed: Arc::new(|_| {}), retention: None };
    Service::start(open(place).expect("it opens"), &pact(rules), options).expect("it starts")
}

/// Time and memory to do what is due, with more and more leads that are not.
fn due() {
    println!("{:<10} {:>9} {:>12} {:>12} {:>12}", "store", "leads", "find, µs", "act, ms", "memory, KiB");
    for leads in sizes("10000 100000") {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("many.db");
        row("SQLite", place.to_str().expect("a plain path"), leads);
        #[cfg(feature = "postgres")]
        if let Some(server) = postgres::Server::start() {
            row("PostgreSQL", &server.database("many"), leads);
        }
    }
}

fn sizes(otherwise: &str) -> Vec<u64> {
    let sizes = std::env::var("LEADPACT_BENCH_LEADS").unwrap_or_else(|_| otherwise.to_owned());
    sizes.split_whitespace().filter_map(|size| size.parse().ok()).collect()
}

fn row(name: &str, place: &str, leads: u64) {
    fill(place, leads);
    // another process, which holds nothing of the filling
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).env("LEADPACT_BENCH_STORE", place).output().expect("it runs");
    println!("{name:<10} {leads:>9} {}", String::from_utf8_lossy(&output.stdout).trim_end());
}

/// Stores leads as a service would that had their events: one was, and the others are its likes.
fn fill(place: &str, leads: u64) {
    let submitted =
        |lead: &str, at: &str| format!("{{\"lead\": \"{lead}\", \"at\": \"2026-03-02T{at}Z\", \"event\": \"demo\"}}\n");
    // warned at half past ten with two hours gone, and at half past eleven
    let kinds = [("a", "09:00:00", "08:59:00"), ("b", "10:00:00", "09:59:00")].map(|(key, at, before)| {
        let start: At = format!("2026-03-02T{before}Z").parse().expect("an instant");
        let service = service(place, RULES, start + Duration::from_secs(120));
        let line = submitted(key, at);
        submit(&service, line);
        let read = service.read(|store| {
            let projection = store.projection(key)?.and_then(|json| serde_json::from_str(&json).ok());
            Ok((store.events(key)?, store.lead(key)?, projection))
        });
        let (events, lead, projection) = read.expect("the store answers");
        let projection: Projection = projection.expect("it has a projection");
        (events, lead.expect("it is stored"), projection)
    });
    let mut store = open(place).expect("it opens");
    write(&mut *store, |store| store.erase("a").and(store.erase("b"))).expect("they go");
    let numbers: Vec<u64> = (0..leads).collect();
    for some in numbers.chunks(10_000) {
        write(&mut *store, |store| {
            let of = |n: &u64| {
                // spread over the keys
                let due = n.is_multiple_of((leads / DUE).max(1));
                let (events, lead, projection) = &kinds[usize::from(!due)];
                let (key, name) = (format!("l{n:07}"), format!("L{n:07}"));
                let line = |line: &str| line.replace(&format!("\"{}\"", projection.key), &format!("\"{name}\""));
                let events = events.iter().map(|event| StoredEvent { line: line(&event.line), ..event.clone() });
                (key, events.collect::<Vec<_>>(), lead, Projection { key: name, ..projection.clone() })
            };
            let some: Vec<_> = some.iter().map(of).collect();
            let events = some.iter().flat_map(|(key, events, ..)| events.iter().map(|event| (key.as_str(), event)));
            store.put_events(&events.collect::<Vec<_>>())?;
            store.put_leads(&some.iter().map(|(key, _, lead, _)| (key.as_str(), *lead)).collect::<Vec<_>>())?;
            let update = |(lead, _, _, projection)| ProjectionUpdate { lead, projection, before: None };
            let projections =
                some.iter().map(|(key, events, lead, projection)| (key.as_str(), events, lead, projection));
            store.put_projections(&projections.map(update).collect::<Vec<_>>())?;
            Ok(())
        })
        .expect("the store answers");
    }
}

fn submit(service: &Service, text: String) {
    let rows = rows(Box::new(std::io::Cursor::new(text)), "body", Some(Format::Ndjson)).expect("it opens");
    let rows = rows.collect::<Result<Vec<_>, _>>().expect("these are rows");
    let (sent, answer) = std::sync::mpsc::channel();
    service.submit(NewEvents { rows, ..NewEvents::default() }, move |done| sent.send(done).expect("it is waited for"));
    answer.recv().expect("an answer").expect("it is stored");
}

/// How long it takes to find leads among many, and to read what a list shows of the first of them.
fn find() {
    sizes("20000").into_iter().for_each(find_among);
}

fn find_among(count: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("people.db");
    let service = service(place.to_str().expect("a plain path"), PEOPLE, now());
    let began = Instant::now();
    let numbers: Vec<u64> = (0..count).collect();
    for some in numbers.chunks(2_000) {
        submit(&service, some.iter().map(|n| person(*n)).collect());
    }
    println!("{count} leads, stored in {:.0} s", began.elapsed().as_secs_f64());
    println!("{:<26} {:>6} {:>10} {:>10}", "looked for", "found", "p50, µs", "p99, µs");
    for text in [
        "crm-00123",
        "ana.kova7@firm",
        "ana",
        "ana kova",
        "gmbh",
        "gmbh ana kova7",
        "030 1000777",
        "e",
        "nobody",
        "gmbh nobody",
    ] {
        let mut found = 0;
        let mut times: Vec<Duration> = (0..100)
            .map(|_| {
                let began = Instant::now();
                let leads = service.find(text, true, 500).expect("the store answers");
                found = leads.len();
                let filter = Filter { leads: Some(leads), ..Filter::default() };
                service.read(|store| store.projections(&filter, 50)).expect("the store answers");
                began.elapsed()
            })
            .collect();
        let (half, most) = percentiles(&mut times);
        println!("{text:<26} {found:>6} {half:>10} {most:>10}");
    }
}

/// How long it takes to see whose an event is, among many leads of which three systems told: a CRM by an id, a website by a
/// visitor, a marketing tool by an address. Beside it the whole of storing an event, with the flush to the disk.
fn recognise(count: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("systems.db");
    let service = service(place.to_str().expect("a plain path"), SYSTEMS, now());
    let began = Instant::now();
    let row = |minute: u64, mut row: serde_json::Value| {
        row["at"] = format!("2026-03-02T09:{minute:02}:00Z").into();
        row.to_string() + "\n"
    };
    let (id, email, visitor) =
        (|n: u64| format!("CRM-{n:06}"), |n: u64| format!("p{n}@acme.example"), |n: u64| format!("v-{n}"));
    let numbers: Vec<u64> = (0..count).collect();
    for some in numbers.chunks(2_000) {
        let rows = some.iter().flat_map(|n| {
            let visit = serde_json::json!({"visitor": visitor(*n), "event": "visit"});
            let form = serde_json::json!({"visitor": visitor(*n), "email": email(*n), "event": "visit"});
            let crm = serde_json::json!({"lead": id(*n), "email": email(*n), "event": "record"});
            [row(0, visit), row(1, form), row(2, crm)]
        });
        submit(&service, rows.collect());
    }
    submit(&service, row(0, serde_json::json!({"lead": "alone", "event": "visit"})));
    println!("{count} leads of three systems, stored in {:.0} s", began.elapsed().as_secs_f64());
    println!("{:<26} {:>12} {:>12} {:>12} {:>12}", "an event", "whose, p50", "p99, µs", "stored, p50", "p99, µs");
    type Says<'s> = &'s dyn Fn(u64) -> serde_json::Value;
    let kinds: [(&str, Says<'_>); 4] = [
        ("of a lead by itself", &|_| serde_json::json!({"lead": "alone"})),
        ("by the id of the CRM", &|n| serde_json::json!({"lead": id(n)})),
        ("by an address", &|n| serde_json::json!({"email": email(n)})),
        ("by a visitor", &|n| serde_json::json!({"visitor": visitor(n)})),
    ];
    for (kind, says) in kinds {
        let (mut whose, mut whole) = (Vec::new(), Vec::new());
        for n in (0..100).map(|n| n * count / 100) {
            let mut event = says(n);
            event["event"] = "visit".into();
            let key = match &event["lead"] {
                serde_json::Value::String(lead) => lead.to_lowercase(),
                _ => {
                    let pact = service.pact().expect("one is in force");
                    let rows =
                        rows(Box::new(std::io::Cursor::new(row(3, event.clone()))), "body", Some(Format::Ndjson));
                    let row = rows.expect("it opens").next().expect("a row").expect("it is read");
                    EventReader::new(&pact, None).read(&row).expect("it is understood").key
                }
            };
            let began = Instant::now();
            let joined = service.read(|store| store.joined(&key)).expect("the store answers");
            whose.push(began.elapsed());
            assert_eq!(joined.len(), if kind.contains("itself") { 0 } else { 3 });
            let began = Instant::now();
            submit(&service, row(3 + n % 50, event));
            whole.push(began.elapsed());
        }
        let ((half, most), (half_whole, most_whole)) = (percentiles(&mut whose), percentiles(&mut whole));
        println!("{kind:<26} {half:>12} {most:>12} {half_whole:>12} {most_whole:>12}");
    }
}

/// Runs something on each back end, in a store of its own.
fn on_both(work: impl Fn(&str, &str)) {
    let folder = tempfile::tempdir().expect("a folder");
    work("SQLite", folder.path().join("a.db").to_str().expect("a plain path"));
    #[cfg(feature = "postgres")]
    if let Some(server) = postgres::Server::start() {
        work("PostgreSQL", &server.database("bench"));
    }
}

/// How many events a second are taken in, in requests of so many rows by so many clients; each lead has ten events, which
/// come in the order of time among those of all others.
fn intake() {
    println!("{:<10} {:>8} {:>6} {:>9} {:>12}", "store", "clients", "rows", "leads", "events/s");
    let leads = sizes("3000").into_iter().next().unwrap_or(3_000);
    for (clients, rows) in [(4, 500), (64, 1)] {
        on_both(|store, place| {
            let service = service(place, RULES, now());
            let start = now() - Duration::from_secs(leads * 10);
            let of = |n: u64| {
                let (lead, event) = (n % leads, ["record", "demo", "call"][(n / leads % 3) as usize]);
                let at = (start + Duration::from_secs(n)).to_rfc3339();
                format!("{{\"lead\": \"L{lead}\", \"at\": \"{at}\", \"event\": \"{event}\"}}\n")
            };
            let count = if rows == 1 { leads * 2 } else { leads * 10 };
            let next = AtomicU64::new(0);
            let began = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..clients {
                    scope.spawn(|| {
                        loop {
                            let first = next.fetch_add(rows, Ordering::Relaxed);
                            if first >= count {
                                return;
                            }
                            submit(&service, (first..count.min(first + rows)).map(of).collect());
                        }
                    });
                }
            });
            let second = count as f64 / began.elapsed().as_secs_f64();
            println!("{store:<10} {clients:>8} {rows:>6} {leads:>9} {second:>12.0}");
        });
    }
}

/// How long one more event of a lead takes that has few of them, and many.
fn one_more() {
    println!("{:<10} {:>9} {:>12} {:>12} {:>14}", "store", "events", "p50, µs", "p99, µs", "others p50, µs");
    on_both(|store, place| {
        for events in sizes("10 1000 30000") {
            let clock = Arc::new(std::sync::atomic::AtomicI64::new(now().timestamp_micros()));
            let time = clock.clone();
            let at = move || At::from_timestamp_micros(time.fetch_add(50, Ordering::Relaxed)).expect("an instant");
            let options = ServiceOptions {
                clock: Arc::new(at),
                notifier: Arc::new(Receivers::default()),
                changed: Arc::new(|_| {}),
                retention: None,
            };
            let service = Service::start(open(place).expect("it opens"), &pact(SCORED), options).expect("it starts");
            let lead = format!("L{events}");
            let said = |n: u64, lead: &str| {
                let (at, event) = (now() - Duration::from_secs(events - n), ["visit", "download"][(n % 2) as usize]);
                format!("{{\"lead\": \"{lead}\", \"at\": \"{}\", \"event\": \"{event}\"}}\n", at.to_rfc3339())
            };
            let numbers: Vec<u64> = (0..events).collect();
            for some in numbers.chunks(5_000) {
                submit(&service, some.iter().map(|n| said(*n, &lead)).collect());
            }
            let once = |lead: &str| {
                let began = Instant::now();
                submit(&service, format!("{{\"lead\": \"{lead}\", \"event\": \"visit\"}}\n"));
                clock.fetch_add(1_000_000, Ordering::Relaxed);
                began.elapsed()
            };
            once(&lead);
            let (mut one, mut others): (Vec<Duration>, Vec<Duration>) =
                (0..100).map(|n| (once(&lead), once(&format!("other {events} {}", n % 10)))).unzip();
            let ((half, most), (half_other, _)) = (percentiles(&mut one), percentiles(&mut others));
            println!("{store:<10} {events:>9} {half:>12} {most:>12} {half_other:>14}");
        }
    });
}

/// One of many who share first names, last names and companies with some others.
fn person(n: u64) -> String {
    let first = ["ana", "bo", "cem", "dao", "eva", "fay", "gül", "hao"][n as usize % 8];
    let (last, firm) = (format!("kova{}", n % 997), format!("firm{}", n % 2_003));
    serde_json::json!({
        "lead": format!("CRM-{n:06}"), "at": "2026-03-02T09:00:00Z", "event": "record",
        "name": format!("{first} {last}"), "email": format!("{first}.{last}@{firm}.example"),
        "phone": format!("+49 30 {:07}", 1_000_000 + n), "company": format!("{firm} GmbH"),
    })
    .to_string()
        + "\n"
}

/// Does what is due in a store, and says what that took.
fn run_due(place: &str) {
    let mut store = open(place).expect("it opens");
    let looks = 200;
    let began = Instant::now();
    for _ in 0..looks {
        let found =
            (store.next_due(), store.leads_before_version(1, 200), store.next_attempt(&Recipients::NoneOf(Vec::new())));
        assert!(found.0.is_ok_and(|due| due.is_some_and(|due| due < now())) && found.1.is_ok() && found.2.is_ok());
    }
    let find = began.elapsed().as_micros() / looks;
    assert_eq!(store.due(now(), 1_000).expect("it answers").len() as u64, DUE);
    let began = Instant::now();
    // a service does what is due while it takes events in
    let service = service(place, RULES, now());
    let end = began + Duration::from_secs(600);
    while service.progress().fired.load(Ordering::Relaxed) < DUE {
        assert!(Instant::now() < end, "what was due is not done");
        std::thread::sleep(Duration::from_millis(1));
    }
    let took = began.elapsed();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
    let memory = memory.trim().trim_end_matches(" kB");
    println!("{find:>12} {:>12.1} {memory:>12}", took.as_secs_f64() * 1000.0);
}

/// The 50th and the 99th of a hundred, in microseconds.
fn percentiles(times: &mut [Duration]) -> (u128, u128) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0, Duration::as_micros);
    (at(50), at(99))
}

/// How long a decision takes over HTTP, beside the decision itself.
fn http() {
    let leads: Vec<String> = support::leads(1_000).lines().map(str::to_owned).collect();
    println!("{:<22} {:>10} {:>10} {:>12}", "decisions", "p50, µs", "p99, µs", "a second");
    let mut inside = inside(&leads);
    let second = inside.len() as f64 / inside.iter().sum::<Duration>().as_secs_f64();
    let (half, most) = percentiles(&mut inside);
    println!("{:<22} {half:>10} {most:>10} {second:>12.0}", "inside the evaluator");
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("a.db");
    let rules = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/acme"));
    let serving = Serving::start(rules, store.to_str().expect("a plain path"), None);
    let url = format!("{}/v1/decide", serving.url);
    for clients in [1, 8, 64] {
        let began = Instant::now();
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..clients)
                .map(|n| {
                    let (url, leads) = (&url, &leads);
                    scope.spawn(move || {
                        let client = Client::new();
                        let mine = leads.iter().cycle().skip(n * 7).take(20_000 / clients);
                        let one = |lead: &String| {
                            let began = Instant::now();
                            let answer = client.post(url, lead, None);
                            assert!(answer.is_some_and(|(status, _)| status == 200), "{lead}");
                            began.elapsed()
                        };
                        mine.map(one).collect::<Vec<_>>()
                    })
                })
                .collect();
            asking.into_iter().flat_map(|client| client.join().expect("it asks to the end")).collect()
        });
        let second = times.len() as f64 / began.elapsed().as_secs_f64();
        let (half, most) = percentiles(&mut times);
        println!("{:<22} {half:>10} {most:>10} {second:>12.0}", format!("{clients} clients"));
    }
}

/// How long each decision takes without the network: from a row to bytes.
fn inside(leads: &[String]) -> Vec<Duration> {
    let pact = support::pact();
    let at: At = "2026-03-02T06:00:00Z".parse().expect("an instant");
    let decided = leads.iter().cycle().take(20_000).map(|lead| {
        let began = Instant::now();
        let rows = rows(Box::new(std::io::Cursor::new(lead.clone())), "lead", Some(Format::Ndjson)).expect("it opens");
        let input = leadpact::internals::leads::LeadInput { name: "lead".into(), rows, intake: None };
        let mut leads = leadpact::internals::leads::Leads::new(&pact, vec![input]).expect("there is an input");
        let record = leads.next().expect("a lead").expect("it is right");
        let decision = leadpact::internals::decide::decide(&pact, &record, at).without_reasons();
        assert!(!serde_json::to_vec(&decision).expect("it is data").is_empty());
        began.elapsed()
    });
    decided.collect()
}

/// What the service holds in memory while events and questions come in all the time, about ever more leads.
fn memory() {
    let minutes = asked("LEADPACT_BENCH_MINUTES", 1);
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).expect("a folder");
    std::fs::write(rules.join("many.pact"), RULES).expect("it can be written");
    let store = folder.path().join("a.db");
    let serving = Serving::start(&rules, store.to_str().expect("a plain path"), None);
    let (done, answers) = (AtomicBool::new(false), AtomicU64::new(0));
    println!("{:>8} {:>12} {:>12}", "seconds", "answers", "memory, KiB");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (url, done, answers) = (&serving.url, &done, &answers);
            scope.spawn(move || {
                let client = Client::new();
                let mut n = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    n += 1;
                    let event = ["record", "demo", "call"][n as usize % 3];
                    let lead = format!("L{number}-{}", n / 3);
                    let (path, body, key) = match n % 2 {
                        0 => ("decide", format!("{{\"id\": \"{lead}\"}}"), None),
                        _ => ("events", format!("{{\"lead\": \"{lead}\", \"event\": \"{event}\"}}"), Some(())),
                    };
                    let key = key.map(|()| format!("{number}-{n}"));
                    let answer = client.post(&format!("{url}/v1/{path}"), &body, key.as_deref());
                    assert!(answer.is_some_and(|(status, _)| status == 200));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for tenth in 0..=10 {
            let memory = serving.memory().map_or("unknown".to_owned(), |memory| memory.to_string());
            println!("{:>8} {:>12} {memory:>12}", tenth * minutes * 6, answers.load(Ordering::Relaxed));
            if tenth < 10 {
                std::thread::sleep(Duration::from_secs(minutes * 6));
            }
        }
        done.store(true, Ordering::Relaxed);
    });
}
