//! Only regular files of the pact's folder are read and written, whatever else lies there.

#![cfg(all(unix, feature = "cli"))]

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use leadpact::internals::diagnostic::render;
use leadpact::internals::load::load;
use leadpact::internals::world::Disk;
use tempfile::TempDir;

const RULES: &str = "pact p { parties sales }\nlead { id text key }\n";

/// A folder with a pact that checks clean.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pact"), RULES).unwrap();
    folder
}

/// What is found in a folder.
fn found(folder: &Path) -> String {
    let loaded = load(&Disk::new(folder), None);
    render::json(&loaded.sources, &loaded.diagnostics)
}

fn leadpact(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::cargo_bin("leadpact").unwrap();
    command.args(arguments).arg(folder).timeout(std::time::Duration::from_secs(60)).output().unwrap()
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn a_rule_file_that_leads_out_of_the_folder_is_refused_and_shows_nothing() {
    let (folder, outside) = (folder(), tempfile::tempdir().unwrap());
    let secret = outside.path().join("secret");
    std::fs::write(&secret, "password").unwrap();
    for target in [secret.as_path(), Path::new("/proc/self/environ"), Path::new("/dev/zero")] {
        let link = folder.path().join("x.pact");
        symlink(target, &link).unwrap();
        let found = found(folder.path());
        assert!(found.contains("E0106") && found.contains("it lies outside the pact's folder"), "{found}");
        assert!(found.contains("x.pact") && !found.contains("password") && !found.contains("PATH="), "{found}");
        std::fs::remove_file(link).unwrap();
    }
}

#[test]
fn what_is_no_regular_file_is_refused_and_nobody_waits_for_it() {
    let folder = folder();
    pipe(&folder.path().join("x.pact"));
    assert!(found(folder.path()).contains("it is no regular file"));
    std::fs::remove_file(folder.path().join("x.pact")).unwrap();
    pipe(&folder.path().join("l.txt"));
    std::fs::write(folder.path().join("b.pact"), "list l from \"l.txt\"").unwrap();
    assert!(found(folder.path()).contains("it is no regular file"));
    std::fs::remove_file(folder.path().join("l.txt")).unwrap();
    std::fs::write(folder.path().join("l.txt"), "one\n").unwrap();
    assert!(found(folder.path()).contains("W0201"), "it is good once the pipe is gone");
}

#[test]
fn a_table_list_or_feed_that_leads_out_of_the_folder_is_refused() {
    let (folder, outside) = (folder(), tempfile::tempdir().unwrap());
    std::fs::write(outside.path().join("secret"), "password").unwrap();
    for item in
        ["list l from \"f.csv\"", "table t from \"f.csv\"", "calendar c { mon 09:00 to 10:00 closed from \"f.csv\" }"]
    {
        std::fs::write(folder.path().join("b.pact"), item).unwrap();
        let link = folder.path().join("f.csv");
        symlink(outside.path().join("secret"), &link).unwrap();
        assert!(found(folder.path()).contains("it lies outside the pact's folder"), "{item}");
        std::fs::remove_file(link).unwrap();
    }
}

#[test]
fn folders_that_lead_to_themselves_are_walked_once() {
    let folder = folder();
    for name in ["one", "two", "three"] {
        symlink(".", folder.path().join(name)).unwrap();
    }
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    symlink("..", folder.path().join("sub/up")).unwrap();
    let loaded = load(&Disk::new(folder.path()), None);
    assert!(loaded.pact.is_some(), "{:?}", loaded.diagnostics);
    assert_eq!(loaded.sources.iter().map(|(_, source)| &*source.name).collect::<Vec<_>>(), ["a.pact"]);
}

#[test]
fn a_folder_that_leads_out_is_refused() {
    let folder = folder();
    symlink("/", folder.path().join("all")).unwrap();
    assert!(found(folder.path()).contains("all`: it lies outside the pact's folder"));
}

#[test]
fn a_mounted_volume_with_links_inside_of_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("..2026_11_28");
    std::fs::create_dir_all(real.join("sub")).unwrap();
    std::fs::write(real.join("a.pact"), RULES).unwrap();
    std::fs::write(real.join("sub/b.pact"), "list l from \"l.txt\"").unwrap();
    std::fs::write(real.join("l.txt"), "one\n").unwrap();
    symlink("..2026_11_28", folder.path().join("..data")).unwrap();
    for name in ["a.pact", "sub", "l.txt"] {
        symlink(Path::new("..data").join(name), folder.path().join(name)).unwrap();
    }
    // the folder itself may be a link, too
    let parent = tempfile::tempdir().unwrap();
    let mount = parent.path().join("mount");
    symlink(folder.path(), &mount).unwrap();
    let loaded = load(&Disk::new(mount), None);
    assert!(loaded.pact.is_some(), "{:?}", loaded.diagnostics);
    assert_eq!(
        loaded.sources.iter().map(|(_, source)| &*source.name).collect::<Vec<_>>(),
        ["a.pact", "sub/b.pact", "l.txt"]
    );
}

#[test]
fn rule_files_are_bounded_together() {
    let folder = folder();
    for n in 0..3 {
        std::fs::write(folder.path().join(format!("{n}.pact")), "#".repeat(3 << 20)).unwrap();
    }
    assert!(found(folder.path()).contains("its rule files have more than 8388608 bytes together"));
}

#[test]
fn nothing_is_written_through_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let (target, untidy) = (outside.path().join("b.pact"), "pact   p { parties sales } lead { id text key }");
    std::fs::write(&target, untidy).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pact"), untidy).unwrap();
    symlink("a.pact", folder.path().join("link.pact")).unwrap();
    let out = leadpact(&["fmt"], folder.path());
    assert!(String::from_utf8_lossy(&out.stderr).contains("it is a link: name the file that it leads to"), "{out:?}");
    assert!(!out.status.success());
    assert!(folder.path().join("link.pact").is_symlink());
    assert_ne!(std::fs::read_to_string(folder.path().join("a.pact")).unwrap(), untidy, "the file itself is laid out");
    symlink(&target, folder.path().join("out.pact")).unwrap();
    assert!(!leadpact(&["fmt"], folder.path()).status.success());
    assert!(!leadpact(&["fmt"], &folder.path().join("out.pact")).status.success());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), untidy);
}
