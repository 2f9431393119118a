//! Events a second, from NDJSON to every lead's state: on one thread and on two, and with turns shared through time.

use std::io::Cursor;

use criterion::{Criterion, Throughput};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, replay};

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
}
