//! Leads stream: memory does not grow with their number.

#![cfg(target_os = "linux")]

use std::io::{BufRead as _, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// The most memory, in KiB, that a command holds while it reads what `write` writes and tells what it makes of it. It is
/// asked as its output comes, so that it has done the work.
fn peak(mut child: Child, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let input: ChildStdin = child.stdin.take().expect("it has an input");
    let output = std::io::BufReader::new(child.stdout.take().expect("it has an output"));
    let mut peak = 0;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut input = std::io::BufWriter::new(input);
            write(&mut input).and_then(|()| input.flush()).expect("it reads");
        });
        for (at, line) in output.lines().enumerate() {
            line.expect("it writes");
            if at % 500 == 0
                && let Ok(status) = std::fs::read_to_string(&status)
                && let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))
            {
                peak = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
            }
        }
    });
    assert!(child.wait().expect("it ends").success());
    assert!(peak > 0, "Linux tells the peak");
    peak
}

fn spawn(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs")
}

/// The peak of `leadpact eval` over so many leads.
fn peak_of_eval(leads: usize) -> u64 {
    let args = ["eval", "rules/acme", "-", "--input", "ndjson", "--at", "2026-03-02", "--format", "csv", "--quiet"];
    peak(spawn(&args), |input| {
        (0..leads).try_for_each(|id| {
            let employees = id % 3_000;
            writeln!(
                input,
                r#"{{"id": "L{id}", "country": "TR", "title": "CEO", "number_of_employees": {employees}, "lead_source": "web", "consent": true, "email": "a{id}@company.example", "history": [{{"kind": "demo_request", "at": "2026-02-20T10:00:00Z"}}]}}"#
            )
        })
    })
}

#[test]
fn ten_times_the_leads_take_no_more_memory() {
    let (few, many) = (peak_of_eval(2_000), peak_of_eval(20_000));
    // a few thousand leads are under way on each thread, however many there are
    assert!(many < few + 16_384, "{few} KiB for 2,000 leads, {many} KiB for 20,000");
}

/// The peak of `leadpact replay` over so many leads of five events each, their rows spread over the whole file.
fn peak_of_replay(rules: &std::path::Path, leads: usize) -> u64 {
    let args = ["replay", &rules.to_string_lossy(), "-", "--input", "ndjson", "--memory", "1", "--quiet"];
    peak(spawn(&args), |input| {
        (0..5).flat_map(|round| (0..leads).map(move |id| (round, id))).try_for_each(|(round, id)| {
            let (day, hour) = (1 + round * 5, id % 24);
            writeln!(input, r#"{{"lead": "L{id}", "at": "2026-03-{day:02}T{hour:02}:00:00Z", "event": "visit"}}"#)
        })
    })
}

#[test]
fn ten_times_the_events_take_little_more_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = r#"
pact small { parties marketing, sales }
lead { id text key }
activity visit
pipeline all {
  stage inquiry { owner marketing  move to mql when (count of visit) >= 3 }
  stage mql { owner sales  move to done after 30 days }
  stage done { owner sales  final }
}
sla quick on mql { owner sales  outcome recorded within 5 days }
"#;
    std::fs::write(folder.path().join("a.pact"), rules).expect("it is written");
    let (few, many) = (peak_of_replay(folder.path(), 2_000), peak_of_replay(folder.path(), 20_000));
    // a run of sorted rows keeps a few dozen bytes and a small buffer while runs are merged
    assert!(many < few + 8_192, "{few} KiB for 10,000 events, {many} KiB for 100,000");
}
