//! Any table and any list give findings or a pact, also when they are long, within a bound of time and, by the limit of
//! the run, of memory.

#![no_main]

use std::time::{Duration, Instant};

use leadpact::internals::diagnostic::{has_errors, render};
use leadpact::internals::load::load;
use leadpact::internals::world::Memory;

/// Gross: a table of the length that is tried takes a second at most.
const MOST: Duration = Duration::from_secs(10);

/// How often what is tried is repeated.
const TIMES: [usize; 2] = [1, 2000];

const RULES: &str = "pact small { parties sales }
lead { id text key  country text?  employees integer?  revenue money USD?  kind one of web, fair?  born date? }
table of_all from \"all.csv\"
list lines from \"all.csv\"
list column from \"all.csv\" column \"queue\"
criteria c { agreed by sales  need lookup queue in of_all = \"a\"  need country in lines  need country in column }";

libfuzzer_sys::fuzz_target!(|rows: &str| {
    let rows: String = rows.chars().take(256).collect();
    for times in TIMES {
        let lines = (0..times).map(|n| format!("{}\n", rows.replace('#', &n.to_string())));
        let table: String = std::iter::once("country,employees,revenue,kind,born,queue\n".to_owned()).chain(lines).collect();
        let began = Instant::now();
        let loaded = load(&Memory::new([("small.pact", RULES), ("all.csv", table.as_str())]), None);
        assert_eq!(loaded.pact.is_none(), has_errors(&loaded.diagnostics));
        assert!(!render::human(&loaded.sources, &loaded.diagnostics, false).is_empty());
        assert!(began.elapsed() < MOST, "{:?}", began.elapsed());
    }
});
