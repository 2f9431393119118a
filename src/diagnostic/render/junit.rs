//! For test dashboards: JUnit XML, each file a test case that fails when it has an error.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::level;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::source::SourceMap;
use crate::span::FileId;
use crate::visible;

/// All files with their findings; findings without a place form a case of their own.
pub fn junit(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut suite = TestSuite::new("check");
    let files = sources.iter().map(|(id, source)| (Some(id), source.name.as_ref()));
    for (file, name) in files.chain([(None, "pact")]) {
        let of_file = |d: &&Diagnostic| d.span().map(|span| span.file).filter(|id| sources.get(*id).is_some()) == file;
        let findings: Vec<Diagnostic> = diagnostics.iter().filter(of_file).cloned().collect();
        if file.is_some() || !findings.is_empty() {
            suite.add_test_case(case(sources, file, name, &findings));
        }
    }
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    report.add_test_suite(suite);
    // writing to memory does not fail
    visible::lines(&report.to_string().unwrap_or_default()).into_owned()
}

fn case(sources: &SourceMap, file: Option<FileId>, name: &str, findings: &[Diagnostic]) -> TestCase {
    let lines: Vec<String> = findings.iter().map(|d| line(sources, d)).collect();
    let mut status = TestCaseStatus::success();
    if has_errors(findings) {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let first = findings.iter().max_by_key(|d| d.severity()).map(|d| (d.code.id(), d.message.as_str()));
        let (code, message) = first.unwrap_or_default();
        status.set_type(code).set_message(message).set_description(lines.join("\n"));
    }
    let failed = has_errors(findings);
    let mut case = TestCase::new(name, status);
    case.set_classname(if file.is_some() { "file" } else { "pact" });
    if !failed && !lines.is_empty() {
        case.set_system_out(lines.join("\n"));
    }
    case
}

/// `a.pact:3:1: error[E0101]: …`
fn line(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let place = diagnostic.span().map(|span| format!("{}: ", sources.place(span))).unwrap_or_default();
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let (level, code) = (level(diagnostic.severity()), diagnostic.code.id());
    format!("{place}{level}[{code}]: {}{help}", diagnostic.message)
}
