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
