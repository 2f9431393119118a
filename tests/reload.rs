//! A pact stays in force while its files change, in every way in which editors and deployments change files.

#![cfg(feature = "watch")]

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use leadpact::internals::decide::decide;
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::reload::{FileWatch, Gate, InForce, ReloadOptions, ReloadOutcome};

fn rules(employees: u32) -> String {
    format!(
        r#"
pact small {{ parties marketing, sales  version "{employees}" }}
lead {{ id text key  employees integer? }}
criteria large {{ agreed by marketing, sales  need employees >= {employees} }}
pipeline all {{
  stage inquiry {{ owner marketing  move to mql when large }}
  stage mql {{ owner sales  final }}
}}
test "a large one goes on" {{ lead {{ employees 100 }}  expect stage mql }}
"#
    )
}

fn quick() -> ReloadOptions {
    let mut options = ReloadOptions::default();
    options.quiet = Duration::from_millis(30);
    options
}

fn open(path: &Path, options: ReloadOptions) -> Arc<InForce> {
    Arc::new(InForce::open(path, options).unwrap_or_else(|refused| panic!("{refused}")))
}

/// Waits until something holds; a watch has no other promise than to get there.
fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn version(in_force: &InForce) -> String {
    in_force.pact().version.as_deref().unwrap_or_default().to_owned()
}

fn becomes(in_force: &InForce, wanted: &str) {
    until(&format!("version {wanted}, and not {}", version(in_force)), || version(in_force) == wanted);
}

#[test]
fn what_does_not_check_is_refused_with_its_line_and_the_last_good_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    let in_force = open(folder.path(), quick());
    assert_eq!(in_force.reload(), ReloadOutcome::Unchanged);
    std::fs::write(&file, rules(20).replace("need employees", "need employes")).unwrap();
    assert_eq!(in_force.reload(), ReloadOutcome::Refused);
    assert_eq!(in_force.reload(), ReloadOutcome::Unchanged, "reported once");
    let refused = in_force.status().refused.unwrap();
    assert!(
        refused.rendered.contains("a.pact:4:") && refused.rendered.contains("did you mean"),
        "{}",
        refused.rendered
    );
    assert_eq!(version(&in_force), "10");
    std::fs::write(&file, rules(20)).unwrap();
    assert_eq!(in_force.reload(), ReloadOutcome::Taken);
    let status = in_force.status();
    assert!(status.refused.is_none());
    assert_eq!((status.version.as_deref(), status.taken, status.refusals), (Some("20"), 2, 1));
    assert_eq!(status.digest, in_force.pact().digest);
}

#[test]
fn what_goes_back_to_the_files_in_force_is_good_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    let in_force = open(folder.path(), quick());
    let since = in_force.status().since;
    std::fs::write(&file, "pact {").unwrap();
    assert_eq!(in_force.reload(), ReloadOutcome::Refused);
    std::fs::write(&file, rules(10)).unwrap();
    assert_eq!(in_force.reload(), ReloadOutcome::Taken);
    let status = in_force.status();
    assert!(status.refused.is_none() && status.since == since && status.taken == 1);
}

#[test]
fn tests_gate_where_they_are_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    let mut options = quick();
    options.gate = Gate::Tests;
    let gated = open(folder.path(), options);
    let open_to_all = open(folder.path(), quick());
    std::fs::write(&file, rules(200)).unwrap();
    assert_eq!((gated.reload(), open_to_all.reload()), (ReloadOutcome::Refused, ReloadOutcome::Taken));
    let refused = gated.status().refused.unwrap();
    assert_eq!(&*refused.failed_tests[0].0, "a large one goes on");
    assert!(refused.rendered.contains("got stage inquiry"), "{}", refused.rendered);
    assert_eq!(version(&gated), "10");
}

/// Every way in which files change, one after the other, for a watch that is notified and for one that polls.
fn every_way(options: ReloadOptions) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("rules");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    let in_force = open(&folder, options);
    let _watch = FileWatch::new(in_force.clone(), |_, _| ());
    // in place
    std::fs::write(&file, rules(11)).unwrap();
    becomes(&in_force, "11");
    // as editors save: a new file under the old name, twice
    for version in [12, 13] {
        std::fs::write(folder.join(".a.pact.swp"), rules(version)).unwrap();
        std::fs::rename(folder.join(".a.pact.swp"), &file).unwrap();
        becomes(&in_force, &version.to_string());
    }
    // half written, and whole a while later
    let text = rules(14);
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    until("the half is refused", || in_force.status().refused.is_some());
    assert_eq!(version(&in_force), "13");
    std::fs::write(&file, &text).unwrap();
    becomes(&in_force, "14");
    assert!(in_force.status().refused.is_none());
    // many files at once, each good only with the others
    let (words, way) = text.split_once("criteria").unwrap();
    std::fs::write(folder.join("words.pact"), words.replace("14", "15")).unwrap();
    std::fs::write(&file, format!("criteria{way}")).unwrap();
    becomes(&in_force, "15");
    // a folder in it, and a file in that
    std::fs::create_dir(folder.join("more")).unwrap();
    std::fs::write(folder.join("more/words.pact"), words.replace("14", "16")).unwrap();
    std::fs::remove_file(folder.join("words.pact")).unwrap();
    becomes(&in_force, "16");
    // the whole folder gone, and made again
    std::fs::remove_dir_all(&folder).unwrap();
    until("nothing there is refused", || in_force.status().refused.is_some());
    assert_eq!(version(&in_force), "16");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(&file, rules(17)).unwrap();
    becomes(&in_force, "17");
    std::fs::write(&file, rules(18)).unwrap();
    becomes(&in_force, "18");
}

#[test]
fn a_watch_follows_every_way_in_which_files_change() {
    every_way(quick());
}

#[test]
fn polling_follows_every_way_in_which_files_change() {
    let mut options = quick();
    options.poll = true;
    every_way(options);
}

#[cfg(unix)]
/// What a watch reads itself is no change to look at again.
#[test]
fn a_watch_comes_to_rest() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pact"), rules(10)).unwrap();
    let opened = Arc::new(AtomicU64::new(0));
    let count = opened.clone();
    let mut ear = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| event.kind.is_access()) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let ear = ear.as_mut().expect("folders can be watched");
    notify::Watcher::watch(ear, folder.path(), notify::RecursiveMode::NonRecursive).unwrap();
    let in_force = open(folder.path(), quick());
    let _watch = FileWatch::new(in_force.clone(), |_, _| {});
    std::fs::write(folder.path().join("a.pact"), rules(20)).unwrap();
    becomes(&in_force, "20");
    until("it still reads", || {
        let before = opened.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(500));
        opened.load(Ordering::Relaxed) == before
    });
}

#[test]
fn a_watch_follows_the_swap_of_a_mounted_volume() {
    use std::os::unix::fs::symlink;
    let mount = tempfile::tempdir().unwrap();
    let at = |name: &str| mount.path().join(name);
    let publish = |employees: u32| {
        let new = format!("..{employees}");
        std::fs::create_dir(at(&new)).unwrap();
        std::fs::write(at(&new).join("a.pact"), rules(employees)).unwrap();
        symlink(&new, at("..data_tmp")).unwrap();
        std::fs::rename(at("..data_tmp"), at("..data")).unwrap();
    };
    publish(10);
    symlink("..data/a.pact", at("a.pact")).unwrap();
    let in_force = open(mount.path(), quick());
    let _watch = FileWatch::new(in_force.clone(), |_, _| ());
    for version in [11, 12, 13] {
        publish(version);
        std::fs::remove_dir_all(at(&format!("..{}", version - 1))).unwrap();
        becomes(&in_force, &version.to_string());
    }
}

#[test]
fn a_checkout_of_many_files_is_taken_whole() {
    let folder = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        let ran =
            git.current_dir(folder.path()).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    if !git(&["init", "-q"]) {
        println!("skipped: there is no git");
        return;
    }
    let write = |employees: u32| {
        let text = rules(employees).replace("criteria large", &format!("criteria large_{employees}"));
        let text = text.replace("when large", &format!("when large_{employees}"));
        let (words, way) = text.split_once("pipeline").unwrap();
        std::fs::write(folder.path().join("words.pact"), words).unwrap();
        std::fs::write(folder.path().join("way.pact"), format!("pipeline{way}")).unwrap();
    };
    for version in [10, 20] {
        write(version);
        assert!(git(&["add", "-A"]) && git(&["commit", "-qm", "x"]) && git(&["tag", &format!("v{version}")]));
    }
    let in_force = open(folder.path(), quick());
    let refused = Arc::new(Mutex::new(Vec::new()));
    let seen = refused.clone();
    let _watch = FileWatch::new(in_force.clone(), move |in_force, _| {
        seen.lock().unwrap().extend(in_force.status().refused.map(|refused| refused.rendered));
    });
    for _ in 0..5 {
        assert!(git(&["checkout", "-q", "v10"]));
        becomes(&in_force, "10");
        assert!(git(&["checkout", "-q", "v20"]));
        becomes(&in_force, "20");
    }
    assert_eq!(*refused.lock().unwrap(), Vec::<String>::new(), "no half of a checkout was looked at");
}

#[test]
fn five_hundred_reloads_good_and_bad_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(1_000)).unwrap();
    let in_force = open(folder.path(), quick());
    let good: Mutex<HashSet<Arc<str>>> = Mutex::new(HashSet::from([in_force.pact().digest.clone()]));
    let (done, decided) = (AtomicBool::new(false), AtomicU64::new(0));
    let seen = std::thread::scope(|scope| {
        let deciders: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen: HashSet<Arc<str>> = HashSet::new();
                    let at = "2026-03-02T09:00:00Z".parse().unwrap();
                    while !done.load(Ordering::Relaxed) {
                        let pact: Arc<Pact> = in_force.pact();
                        let decision = decide(&pact, &Record::new(&pact), at);
                        assert_eq!(decision.pact.digest, pact.digest, "decided under the pact that it began with");
                        assert_eq!(decision.stage.as_deref(), Some("inquiry"));
                        seen.insert(decision.pact.digest);
                        decided.fetch_add(1, Ordering::Relaxed);
                    }
                    seen
                })
            })
            .collect();
        for round in 0..500 {
            let text = rules(1_001 + round);
            let bad = round % 2 == 1;
            std::fs::write(&file, if bad { text.replace("stage mql", "stage mq") } else { text }).unwrap();
            let before = in_force.pact().digest.clone();
            assert_eq!(in_force.reload(), if bad { ReloadOutcome::Refused } else { ReloadOutcome::Taken });
            match bad {
                true => assert_eq!(in_force.pact().digest, before, "the last good one stays"),
                false => {
                    good.lock().unwrap().insert(in_force.pact().digest.clone());
                }
            }
        }
        done.store(true, Ordering::Relaxed);
        deciders.into_iter().flat_map(|decider| decider.join().unwrap()).collect::<HashSet<_>>()
    });
    let good = good.into_inner().unwrap();
    assert_eq!(good.len(), 251);
    assert!(seen.is_subset(&good), "every answer names a pact that was good");
    assert!(decided.load(Ordering::Relaxed) > 1_000, "nobody waited: {decided:?} decisions");
    assert_eq!(in_force.status().refusals, 250);
}

/// A table with so many rows that its check takes longer than a few milliseconds.
fn large(folder: &Path) {
    let rows: String = (0..60_000).map(|n| format!("{n},q\n")).collect();
    std::fs::write(folder.join("t.csv"), format!("employees,queue\n{rows}")).unwrap();
    std::fs::write(folder.join("t.pact"), "table t from \"t.csv\"\n").unwrap();
}

#[test]
fn a_check_that_takes_too_long_is_a_refused_reload_and_the_watch_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    let mut options = quick();
    options.within = Duration::from_millis(300);
    options.rescan = Duration::from_millis(500);
    let in_force = open(folder.path(), options);
    let refused = Arc::new(AtomicU64::new(0));
    let count = refused.clone();
    let watch = FileWatch::new(in_force.clone(), move |_, outcome| {
        count.fetch_add(u64::from(outcome == ReloadOutcome::Refused), Ordering::Relaxed);
    });
    large(folder.path());
    until("it is refused", || {
        in_force.status().refused.is_some_and(|why| why.rendered.contains("not checked within 300ms"))
    });
    assert_eq!(version(&in_force), "10");
    assert_eq!(in_force.reload(), ReloadOutcome::Unchanged, "told once");
    std::fs::remove_file(folder.path().join("t.pact")).unwrap();
    std::fs::write(&file, rules(20)).unwrap();
    becomes(&in_force, "20");
    assert!(in_force.status().refused.is_none());
    drop(watch);
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_rules_is_refused_and_forgotten_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pact"), rules(10)).unwrap();
    let in_force = open(folder.path(), quick());
    let watch = FileWatch::new(in_force.clone(), |_, _| {});
    let pipe = folder.path().join("b.pact");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    until("it is refused", || in_force.status().refused.is_some_and(|why| why.rendered.contains("no regular file")));
    std::fs::remove_file(pipe).unwrap();
    std::fs::write(folder.path().join("a.pact"), rules(20)).unwrap();
    becomes(&in_force, "20");
    drop(watch);
}

#[cfg(unix)]
#[test]
fn folders_that_lead_to_themselves_are_watched_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pact");
    std::fs::write(&file, rules(10)).unwrap();
    for name in ["one", "two", "three", "four"] {
        std::os::unix::fs::symlink(".", folder.path().join(name)).unwrap();
    }
    let in_force = open(folder.path(), quick());
    let watch = FileWatch::new(in_force.clone(), |_, _| {});
    std::fs::write(&file, rules(20)).unwrap();
    becomes(&in_force, "20");
    drop(watch);
}
