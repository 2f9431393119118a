//! Events a second, from NDJSON to every lead's state: on one thread and on two, and with turns shared through time.

use std::io::Cursor;

use criterion::{Criterion, Throughput};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::lifecycle::{EntryLog, EventKind, LeadEvent, begin, continue_until};
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::replay::{Gathered, ReplayOptions, replay};
use leadpact::internals::time::Instant;

const COUNT: u64 = 20_000;

fn gather(pact: &Pact, text: &str) -> Gathered {
    let rows = rows(Box::new(Cursor::new(text.as_bytes().to_vec())), "events", Some(Format::Ndjson)).expect("it opens");
    let mut gathered = Gathered::default();
    let input = LeadInput { name: "events".into(), rows, intake: None };
    let mut refuse =
        |rejected: leadpact::internals::leads::Rejected| panic!("every generated event is right: {}", rejected.reject);
    gathered.read(pact, input, &mut refuse, &mut || ()).expect("it is read");
    gathered
}

fn lived(pact: &Pact, text: &str, threads: usize) -> u64 {
    let options = ReplayOptions { until: None, threads, ..ReplayOptions::default() };
    replay(pact, gather(pact, text), options, &|_, _| Ok(()), &mut |_| Ok(())).expect("it is lived").moves
}

pub fn replay_events(c: &mut Criterion) {
    let (alone, shared) = (super::support::pact_without_teams(), super::support::pact());
    let text = super::support::events(COUNT);
    let mut group = c.benchmark_group("replay");
    group.throughput(Throughput::Elements(COUNT)).sample_size(10);
    group.bench_function("gather", |b| b.iter(|| gather(&alone, &text).rows()));
    group.bench_function("one thread", |b| b.iter(|| lived(&alone, &text, 1)));
    group.bench_function("two threads", |b| b.iter(|| lived(&alone, &text, 2)));
    group.bench_function("teams that share", |b| b.iter(|| lived(&shared, &text, 1)));
    group.finish();

    let mut group = c.benchmark_group("one more event");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    let mut medians = Vec::new();
    for before in [10, 1_000, 30_000] {
        group.bench_function(format!("after {before}"), |b| {
            b.iter_custom(|times| {
                let took = one_more(&alone, before, times);
                medians.push((before, took.as_nanos() as f64 / times as f64));
                took
            });
        });
    }
    group.finish();
    let of = |before: usize| {
        let mut took: Vec<f64> = medians.iter().filter(|(of, _)| *of == before).map(|(_, took)| *took).collect();
        took.sort_by(f64::total_cmp);
        took.get(took.len() / 2).copied()
    };
    if let (Some(few), Some(many)) = (of(10), of(30_000)) {
        println!("one more event after 30,000 / after 10: {:.2}", many / few);
    }
}

/// How long so many more scored events take for a lead that has had a number of them, each a quarter of an hour after the
/// one before.
fn one_more(pact: &Pact, before: usize, more: u64) -> std::time::Duration {
    let kind = pact.kind("pricing_page_visit").expect("the worked example has it");
    let values = vec![None; pact[kind].properties.len()];
    let start: Instant = "2026-03-02T06:00:00Z".parse().expect("an instant");
    let event = |n: usize| LeadEvent {
        at: start + chrono::TimeDelta::minutes(15 * n as i64),
        id: None,
        what: EventKind::Happened(kind, values.clone()),
    };
    let mut timeline = EntryLog::default();
    let last = event(before).at;
    let state = begin(Record::new(pact), start);
    let mut state = continue_until(pact, state, &mut timeline, (0..before).map(event).collect(), last, None);
    let began = std::time::Instant::now();
    for n in before..before + more as usize {
        let next = event(n);
        let at = next.at;
        state = continue_until(pact, state, &mut timeline, vec![next], at, None);
    }
    std::hint::black_box(&state);
    began.elapsed()
}
