//! Leads stream: memory does not grow with their number.

#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The most memory, in KiB, that `leadpact eval` has held after so many leads, while it waits for more.
fn peak(leads: usize) -> u64 {
    let mut eval = Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .args(["eval", "rules/acme", "-", "--input", "ndjson", "--at", "2026-03-02", "--format", "csv", "--quiet"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut input = eval.stdin.take().expect("it has an input");
    for id in 0..leads {
        let employees = id % 3_000;
        writeln!(
            input,
            r#"{{"id": "L{id}", "country": "TR", "title": "CEO", "number_of_employees": {employees}, "lead_source": "web", "consent": true, "email": "a{id}@company.example", "history": [{{"kind": "demo_request", "at": "2026-02-20T10:00:00Z"}}]}}"#
        )
        .expect("it reads");
    }
    input.flush().expect("it reads");
    // a pipe holds 64 KiB, some 300 leads: all but those have been decided
    let status = std::fs::read_to_string(format!("/proc/{}/status", eval.id())).expect("it runs");
    drop(input);
    assert!(eval.wait().expect("it ends").success());
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells the peak");
    line.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

#[test]
fn ten_times_the_leads_take_no_more_memory() {
    let (few, many) = (peak(2_000), peak(20_000));
    assert!(many < few + 4_096, "{few} KiB for 2,000 leads, {many} KiB for 20,000");
}

/// The most memory, in KiB, that `leadpact replay` has held over so many leads of five events each, their rows spread
/// over the whole file.
fn peak_of_replay(rules: &std::path::Path, leads: usize) -> u64 {
    let mut replay = Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .args(["replay", &rules.to_string_lossy(), "-", "--input", "ndjson", "--memory", "1", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut input = std::io::BufWriter::new(replay.stdin.take().expect("it has an input"));
    for round in 0..5 {
        for id in 0..leads {
            let (day, hour) = (1 + round * 5, id % 24);
            writeln!(input, r#"{{"lead": "L{id}", "at": "2026-03-{day:02}T{hour:02}:00:00Z", "event": "visit"}}"#)
                .expect("it reads");
        }
    }
    drop(input);
    let status = format!("/proc/{}/status", replay.id());
    let mut peak = 0;
    let output = std::io::BufReader::new(replay.stdout.take().expect("it has an output"));
    for (at, line) in std::io::BufRead::lines(output).enumerate() {
        line.expect("it writes");
        if at % 500 == 0
            && let Ok(status) = std::fs::read_to_string(&status)
            && let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))
        {
            peak = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        }
    }
    assert!(replay.wait().expect("it ends").success());
    peak
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
