//! Leads a second of the reference evaluator: the decision alone, with its bytes, and from NDJSON to NDJSON.

use std::io::Cursor;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use leadpact::internals::decide::decide;
use leadpact::internals::eval::View;
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::pact::{CriteriaId, Pact, ScoreId};
use leadpact::internals::record::Record;
use leadpact::internals::time::Instant;

const COUNT: u64 = 1_000;

fn read(pact: &Pact, text: &Arc<str>) -> Vec<Record> {
    let rows = rows(Box::new(Cursor::new(text.as_bytes().to_vec())), "leads", Some(Format::Ndjson)).expect("it opens");
    let leads =
        Leads::new(pact, vec![LeadInput { name: "leads".into(), rows, intake: None }]).expect("there is an input");
    leads.map(|lead| *lead.expect("every generated lead is right")).collect()
}

pub fn decide_leads(c: &mut Criterion) {
    let pact = super::support::pact();
    let text: Arc<str> = super::support::leads(COUNT).into();
    let records = read(&pact, &text);
    let at: Instant = "2026-03-02T06:00:00Z".parse().expect("an instant");
    let mut group = c.benchmark_group("acme");
    group.throughput(Throughput::Elements(COUNT)).sample_size(20);
    group.bench_function("verdicts", |b| {
        b.iter(|| {
            let met = |record: &Record| {
                let view = View::new(&pact, record, at);
                let points = (0..pact.scores.len()).filter(|at| !view.score(ScoreId(*at as u32)).points.is_zero());
                let criteria = 0..pact.criteria.len();
                points.count() + criteria.map(|at| view.criteria(CriteriaId(at as u32)).needs.len()).sum::<usize>()
            };
            records.iter().map(met).sum::<usize>()
        });
    });
    group.bench_function("decide", |b| {
        b.iter(|| records.iter().map(|record| decide(&pact, record, at).moves.len()).sum::<usize>());
    });
    group.bench_function("decide to bytes", |b| {
        let bytes = |record: &Record| serde_json::to_vec(&decide(&pact, record, at).without_reasons());
        b.iter(|| records.iter().map(|record| bytes(record).map_or(0, |json| json.len())).sum::<usize>());
    });
    group.bench_function("read", |b| b.iter(|| read(&pact, &text).len()));
    group.finish();
}
