//! How long the tests of a pact take: many of them over many criteria, of which each test looks at one.

use std::fmt::Write as _;

use criterion::{BenchmarkId, Criterion};
use leadpact::internals::load::load;
use leadpact::internals::testing::run;
use leadpact::internals::world::Memory;

/// A pact with so many criteria, and a test for each.
fn pact(many: usize) -> Memory {
    let mut text =
        "pact p { parties marketing, sales }\nlead { id text key  size integer?  country text? }\n".to_owned();
    for n in 0..many {
        let _ =
            writeln!(text, "criteria c{n} {{ agreed by marketing, sales  need size >= {n}  need country = \"TR\" }}");
        let _ = writeln!(text, "test \"t{n}\" {{ lead {{ size {n}  country \"TR\" }}  expect c{n} met }}");
    }
    Memory::new([("a.pact", text)])
}

pub fn tests(c: &mut Criterion) {
    let mut group = c.benchmark_group("tests");
    group.sample_size(10);
    for many in [100, 1_000] {
        let world = pact(many);
        let pact = load(&world, None).pact.expect("it checks clean");
        group.bench_with_input(BenchmarkId::from_parameter(many), &pact, |b, pact| {
            b.iter(|| assert_eq!(run(pact, &world, None).failed(), 0));
        });
    }
    group.finish();
}
