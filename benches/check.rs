//! How long it takes from the texts of the worked example to a pact that can run.

use criterion::Criterion;
use leadpact::internals::load::load;

pub fn check(c: &mut Criterion) {
    let world = super::support::world();
    c.bench_function("acme/check", |b| b.iter(|| load(&world, None).pact.is_some()));
}
