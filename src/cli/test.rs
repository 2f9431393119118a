//! `leadpact test`: the tests of a pact, and what they reach.

use std::io;
use std::path::PathBuf;

use clap::Args;
use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::Exit;
use super::workspace::Rules;
use crate::pact::Pact;
use crate::testing::{Report, TestResult, run};
use crate::world::Disk;

/// Run the tests of a pact
///
/// A clause is covered when some test reached each of its outcomes: a need met and not met, points given, a move made,
/// a route's entry chosen.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact test rules/acme --coverage")]
pub(super) struct Test {
    #[command(flatten)]
    rules: Rules,
    /// Run only tests whose name contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// List the outcomes that no test reached
    #[arg(long)]
    coverage: bool,
    /// Fail when less than this share of outcomes is reached, in percent
    #[arg(long, value_name = "PERCENT")]
    min_coverage: Option<u8>,
    /// Write the results as JUnit XML to this file
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Test {
    pub(super) fn run(self) -> io::Result<Exit> {
        let Some(workspace) = self.rules.workspace()? else { return Ok(Exit::CannotRun) };
        let pact = match workspace.try_pact() {
            Ok(pact) => pact,
            Err(loaded) if loaded.is_empty() => return Ok(Exit::CannotRun),
            Err(_) => return Ok(Exit::Findings),
        };
        let world = Disk::new(&workspace.rules);
        let report = run(&pact, &world, self.filter.as_deref());
        report.results.iter().for_each(show);
        if let Some(path) = &self.junit {
            let file = std::fs::File::create(path)?;
            junit(&pact, &report).serialize(file).map_err(io::Error::other)?;
        }
        let share = self.show_coverage(&pact, &report);
        let (ran, failed) = (report.results.len(), report.failed());
        if ran == 0 {
            let why = match &self.filter {
                Some(filter) => format!("none of {} tests has `{filter}` in its name", pact.tests.len()),
                None => "the pact has no `test`".into(),
            };
            errln!("error: no test ran: {why}");
            return Ok(Exit::Findings);
        }
        let left = if report.filtered > 0 { format!(", {} filtered out", report.filtered) } else { String::new() };
        outln!("{} passed, {failed} failed{left}", report.passed());
        if let Some(least) = self.min_coverage
            && share < usize::from(least)
        {
            errln!("error: {share} % of outcomes are reached, less than {least} %");
            return Ok(Exit::Findings);
        }
        Ok(if failed > 0 { Exit::Findings } else { Exit::Good })
    }

    /// Says how much was reached, and gives it in percent, rounded down.
    fn show_coverage(&self, pact: &Pact, report: &Report) -> usize {
        let (reached, total) = (report.coverage.reached(), report.coverage.total());
        let share = (reached * 100).checked_div(total).unwrap_or(100);
        outln!("coverage: {reached} of {total} outcomes ({share} %)");
        if self.coverage {
            for left in report.coverage.uncovered(pact) {
                outln!("  {:<17} {}  ({}:{})", left.lacks, left.says, left.place.file, left.place.line);
            }
        }
        share
    }
}

fn show(result: &TestResult) {
    let mark = if result.failures.is_empty() { "ok  " } else { "FAIL" };
    outln!("{mark} {}", result.name);
    for failure in &result.failures {
        outln!("       {}  ({}:{})", failure.clause.says, failure.clause.file, failure.clause.line);
        outln!("         expected  {}", failure.expected);
        outln!("         got       {}", failure.got);
        for reason in &failure.reasons {
            outln!("           {reason}");
        }
    }
}

fn junit(pact: &Pact, report: &Report) -> Junit {
    let mut suite = TestSuite::new(pact.name.to_string());
    for result in &report.results {
        let mut status = TestCaseStatus::success();
        if !result.failures.is_empty() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let report = result.failures.iter().map(|f| {
                let reasons: String = f.reasons.iter().map(|reason| format!("\n  {reason}")).collect();
                format!("{}:{}: expected {}, got {}{reasons}", f.clause.file, f.clause.line, f.expected, f.got)
            });
            let report: Vec<String> = report.collect();
            status.set_message(result.failures.first().map(|f| f.expected.clone()).unwrap_or_default());
            status.set_description(report.join("\n"));
        }
        let mut case = TestCase::new(result.name.to_string(), status);
        case.set_classname(result.place.file.to_string());
        suite.add_test_case(case);
    }
    let mut junit = Junit::new("leadpact");
    junit.add_test_suite(suite);
    junit
}
