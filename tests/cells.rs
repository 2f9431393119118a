//! Which leads the cells of a table take.

use leadpact::internals::testing::run;
use leadpact::internals::world::Memory;

const PACT: &str = r#"
pact cells { parties marketing, sales }
lead { id text key  employees integer?  revenue money? USD }
pipeline p { stage one { owner marketing  move to two when any asked }  stage two { owner sales  final } }
activity asked
route ways { from table "ways.csv"  otherwise to queue rest }
handoff one to two { route by ways }

test "above is more than the end" { lead { employees 1001  revenue 1 USD }  had asked today  expect route queue "large" }
test "the end itself is not above" { lead { employees 1000  revenue 1 USD }  had asked today  expect route queue rest }
test "below is less than the end" { lead { employees 9  revenue 1 USD }  had asked today  expect route queue "small" }
test "the end itself is not below" { lead { employees 10  revenue 1 USD }  had asked today  expect route queue rest }
test "money has ends too" { lead { employees 50  revenue 5_000_001 USD }  had asked today  expect route queue "rich" }
test "the end of money" { lead { employees 50  revenue 5M USD }  had asked today  expect route queue rest }
"#;

const TABLE: &str = "employees,revenue,queue\n>1000,*,large\n<10,*,small\n*,>5_000_000,rich\n";

#[test]
fn ends_are_taken_as_they_are_written() {
    let world = Memory::new([("cells.pact", PACT), ("ways.csv", TABLE)]);
    let loaded = leadpact::internals::load::load(&world, None);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let pact = loaded.pact.unwrap();
    let report = run(&pact, &world, None);
    let failures: Vec<String> =
        report.results.iter().flat_map(|r| r.failures.iter().map(move |f| format!("{}: {f:?}", r.name))).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(report.results.len(), 6);
}
