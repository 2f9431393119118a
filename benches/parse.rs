//! How fast the rule files of the worked example are parsed and formatted, in bytes a second.

use criterion::{Criterion, Throughput};
use leadpact::internals::source::Source;
use leadpact::internals::span::FileId;
use leadpact::internals::syntax;

pub fn parse(c: &mut Criterion) {
    let files = super::support::acme();
    let rules: Vec<Source> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".pact"))
        .map(|(name, text)| Source::new(name.as_str(), text.as_str()))
        .collect();
    let bytes: usize = rules.iter().map(|source| source.text.len()).sum();
    let mut group = c.benchmark_group("acme");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("parse", |b| {
        b.iter(|| rules.iter().map(|source| syntax::parse(FileId(0), source).items.len()).sum::<usize>());
    });
    group.bench_function("format", |b| {
        b.iter(|| rules.iter().filter_map(|source| syntax::format(source).ok()).map(|text| text.len()).sum::<usize>());
    });
    group.finish();
}
