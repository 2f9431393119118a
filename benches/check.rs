//! How long it takes from the texts of the worked example to a pact that can run.

use criterion::Criterion;
use leadpact::internals::load::load;
use leadpact::internals::world::Memory;

/// As many rows as the United States have postcodes.
const POSTCODES: u32 = 40_000;

pub fn check(c: &mut Criterion) {
    let world = super::support::world();
    c.bench_function("acme/check", |b| b.iter(|| load(&world, None).pact.is_some()));

    let rows: String = (0..POSTCODES).map(|n| format!("{n:05},{},team-{}\n", n % 50, n % 7)).collect();
    let rules = "pact p { parties sales } lead { id text key  postcode text?  employees integer? }
        table territories from \"territories.csv\"
        criteria ours { agreed by sales  need lookup queue in territories = \"team-1\" }";
    let table = format!("postcode,employees,queue\n{rows}");
    let world = Memory::new([("a.pact", rules), ("territories.csv", table.as_str())]);
    c.bench_function("table of 40000 rows/check", |b| b.iter(|| load(&world, None).pact.is_some()));
}
