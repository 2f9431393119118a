//! Files change all the time, to good ones and bad ones, while clients ask: nobody is refused, every answer is made under
//! a pact that was good, and the last good one stays. `LEADPACT_RELOADS` makes a longer run.
#![cfg(all(feature = "serve", unix))]

#[path = "common/serving.rs"]
mod serving;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use serving::{Client, Serving, asked, until};

const CLIENTS: u64 = 8;

/// Rules that differ in points alone.
fn rules(version: u64) -> String {
    format!(
        "pact busy {{ parties marketing, sales  version \"{version}\" }}\n\
         lead {{ id text key  employees integer? }}\n\
         activity demo, visit\n\
         score interest 0 to 100000 {{ give {} per visit  give {version} when employees >= 50 }}\n\
         pipeline all {{\n\
         \x20 stage inquiry {{ owner marketing  move to mql when any demo }}\n\
         \x20 stage mql {{ owner sales  final }}\n\
         }}\n",
        version % 7 + 1
    )
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    digests: BTreeSet<String>,
    answers: u64,
    slowest: Duration,
    wrong: Vec<String>,
}

/// Asks for decisions and submits events until it is done.
fn ask(number: u64, url: &str, done: &AtomicBool) -> Seen {
    let client = Client::new();
    let mut seen = Seen::default();
    let mut n = 0;
    while !done.load(Ordering::Relaxed) {
        n += 1;
        let began = Instant::now();
        let (path, body) = match n % 4 {
            0 => {
                let event = if n % 8 == 0 { "demo" } else { "visit" };
                ("events", json!({"lead": format!("L{number}-{}", n % 50), "event": event}))
            }
            _ => ("decide", json!({"id": format!("D{n}"), "employees": n})),
        };
        let key = format!("client-{number}-request-{n}");
        match client.post(&format!("{url}/v1/{path}"), &body.to_string(), Some(&key)) {
            Some((200, answer)) => seen.digests.extend(answer["pact"]["digest"].as_str().map(str::to_owned)),
            other => seen.wrong.push(format!("{path}: {other:?}")),
        }
        seen.answers += 1;
        seen.slowest = seen.slowest.max(began.elapsed());
    }
    seen
}

/// Writes a file in one of the ways in which files are written: under another name and then in place, or in steps.
fn write(file: &Path, text: &str, round: u64) {
    if round % 4 < 2 {
        let new = file.with_extension("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(&new, file).unwrap();
    } else {
        use std::io::Write as _;
        let mut file = std::fs::File::create(file).unwrap();
        let (begin, end) = text.split_at(text.len() / 2);
        file.write_all(begin.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(2));
        file.write_all(end.as_bytes()).unwrap();
    }
}

#[test]
fn reloads_good_and_bad_in_turn_under_load() {
    let reloads = asked("LEADPACT_RELOADS", 60);
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("rules");
    std::fs::create_dir(&home).unwrap();
    let file = home.join("a.pact");
    std::fs::write(&file, rules(0)).unwrap();
    let store = folder.path().join("a.db");
    let serving = Serving::start(&home, store.to_str().unwrap(), None);
    let (url, client, done) = (&*serving.url, Client::new(), AtomicBool::new(false));
    let status = || -> Json { client.get(&format!("{url}/v1/status"))["pact"].clone() };
    let digest = |pact: &Json| pact["digest"].as_str().unwrap().to_owned();
    let mut good = BTreeSet::from([digest(&status())]);
    let began = Instant::now();
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let done = &done;
        let clients: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || ask(number, url, done))).collect();
        for round in 1..=reloads {
            let bad = round % 2 == 0;
            let text = if bad { rules(round).replace("stage mql", "stage mq") } else { rules(round) };
            let before = status();
            write(&file, &text, round);
            // one in ten is not waited for: somebody asks for it
            if round % 10 == 0 {
                let (code, _) = client.post(&format!("{url}/v1/reload"), "", None).expect("it answers");
                assert!(code == 409 || code == 200, "{code}");
            }
            until(&format!("round {round} is looked at"), Duration::from_secs(60), || {
                let now = status();
                match bad {
                    true => now["refused"]["rendered"].as_str().is_some_and(|text| text.contains("mql")),
                    false => now["version"] == json!(round.to_string()),
                }
            });
            let now = status();
            assert_eq!(now["refused"].is_null(), !bad);
            if bad {
                assert_eq!(digest(&now), digest(&before), "the last good one stays");
            }
            good.insert(digest(&now));
        }
        done.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let wrong: Vec<&String> = seen.iter().flat_map(|seen| &seen.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let digests: BTreeSet<String> = seen.iter().flat_map(|seen| seen.digests.clone()).collect();
    assert_eq!(good.len() as u64, 1 + reloads.div_ceil(2));
    assert!(digests.is_subset(&good), "{digests:?} of {good:?}");
    assert!(digests.len() > 1);
    let last = status();
    assert_eq!(last["taken"], json!(good.len()));
    if reloads.is_multiple_of(2) {
        assert_eq!(last["version"], json!((reloads - 1).to_string()));
        assert!(last["refused"]["rendered"].as_str().is_some_and(|text| text.contains("a.pact:6:")), "{last}");
    }
    let answers: u64 = seen.iter().map(|seen| seen.answers).sum();
    let slowest = seen.iter().map(|seen| seen.slowest).max();
    eprintln!(
        "{reloads} reloads in {:?}, {answers} answers under {} pacts, the slowest after {slowest:?}, refusals {}",
        began.elapsed(),
        digests.len(),
        last["refusals"]
    );
}
