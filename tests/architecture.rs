//! The modules use each other as the table in `docs/ARCHITECTURE.md` says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

struct Module {
    name: String,
    may_use: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The cells of the table that starts with this header.
fn table(page: &str, header: &str) -> Vec<Vec<String>> {
    let rows = page.lines().skip_while(|line| *line != header).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The names between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("docs/ARCHITECTURE.md is there")
}

fn modules(page: &str) -> Vec<Module> {
    let rows = table(page, "| Module | What it is | May use |");
    let modules = rows.iter().map(|row| {
        let [name, _, may_use] = row.as_slice() else { panic!("a row has three cells: {row:?}") };
        Module { name: names(name).concat(), may_use: names(may_use) }
    });
    modules.collect()
}

/// Every Rust file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The file's name below `src/`, and the module that it belongs to; none for the crate's own two files.
fn module_of(path: &Path) -> Option<(String, String)> {
    let inside = path.strip_prefix(root().join("src")).ok()?.display().to_string().replace('\\', "/");
    let module = inside.split('/').next()?.trim_end_matches(".rs").to_owned();
    (!matches!(&*module, "lib" | "main")).then_some((inside, module))
}

/// The modules named by `crate::…` in a line of code.
fn named(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            // `use crate::{a::B, c::{D, E}};` names `a` and `c`
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && (c.is_alphabetic() || c == '_') => {
                            found.push(word(group.get(at..).unwrap_or_default()));
                            start = false;
                        }
                        _ => {}
                    }
                    if depth < 0 {
                        break;
                    }
                }
            }
            None => found.push(word(rest)),
        }
    }
    found
}

fn word(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

#[test]
fn names_in_uses_are_found() {
    assert_eq!(named("use crate::pact::{Pact, Expr};"), ["pact"]);
    assert_eq!(named("use crate::{pact::{Pact, Expr}, value::Value};"), ["pact", "value"]);
    assert_eq!(named("let a = crate::text::exact(b) // crate::zone"), ["text"]);
    assert!(named("/// see [`load`](crate::load)").is_empty());
}

#[test]
fn the_table_names_every_module_and_no_other() {
    let told: BTreeSet<String> = modules(&page()).into_iter().map(|module| module.name).collect();
    let there: BTreeSet<String> = files(&root().join("src")).iter().filter_map(|f| Some(module_of(f)?.1)).collect();
    let untold: Vec<_> = there.difference(&told).collect();
    let gone: Vec<_> = told.difference(&there).collect();
    assert!(untold.is_empty(), "docs/ARCHITECTURE.md does not tell of {untold:?}");
    assert!(gone.is_empty(), "docs/ARCHITECTURE.md tells of modules that are not there: {gone:?}");
}

#[test]
fn every_use_is_one_that_the_table_allows() {
    let modules = modules(&page());
    let mut wrong = String::new();
    for path in files(&root().join("src")) {
        let Some((file, name)) = module_of(&path) else { continue };
        if file.ends_with("/tests.rs") || file.contains("/tests/") {
            continue;
        }
        let Some(module) = modules.iter().find(|module| module.name == name) else { continue };
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let mut lines = text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            // what is compiled for tests only stands last in a file
            if line.trim() == "#[cfg(test)]" && lines.peek().is_some_and(|(_, next)| next.ends_with('{')) {
                break;
            }
            for used in named(line) {
                let is_module = modules.iter().any(|module| module.name == used);
                if is_module && used != name && !module.may_use.iter().any(|may| may == used) {
                    let _ = writeln!(wrong, "src/{file}:{}: `{name}` may not use `{used}`", at + 1);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}docs/ARCHITECTURE.md says which modules each may use");
}

#[test]
fn a_module_uses_what_stands_above_it_but_for_the_uses_that_are_listed() {
    let page = page();
    let modules = modules(&page);
    let told: Vec<(String, String)> = table(&page, "| Module | Uses | Why |")
        .iter()
        .filter_map(|row| Some((names(row.first()?).concat(), names(row.get(1)?).concat())))
        .collect();
    let place = |name: &str| modules.iter().position(|module| module.name == name);
    let mut against = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        for used in &module.may_use {
            let other = place(used).unwrap_or_else(|| panic!("`{}` may use `{used}`, which is no module", module.name));
            if other >= at {
                against.push((module.name.clone(), used.clone()));
            }
        }
    }
    assert_eq!(against, told);
}

/// The files of a module's folder that a file beside them uses by `super::`, folders counted as files.
fn siblings(file: &Path, beside: &BTreeSet<String>) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).expect("it can be read");
    let code: String = text.split("#[cfg(test)]").next().unwrap_or_default().lines().map(|l| strip(l) + "\n").collect();
    let mut used = BTreeSet::new();
    for rest in code.split("super::").skip(1) {
        let named: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => {
                group.split('}').next().unwrap_or_default().split(',').map(|part| word(part.trim())).collect()
            }
            None => vec![word(rest)],
        };
        used.extend(named.into_iter().filter(|name| beside.contains(*name)).map(str::to_owned));
    }
    used
}

/// A line without its comment.
fn strip(line: &str) -> String {
    line.split("//").next().unwrap_or_default().to_owned()
}

#[test]
fn no_two_files_of_a_module_use_one_another() {
    let mut circles = String::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).expect("it can be listed").map(|entry| entry.expect("it is there").path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        // the modules of the crate are held to their order by the table
        if folder == root().join("src") {
            continue;
        }
        let name = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let files: Vec<PathBuf> = files
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "rs") && !matches!(&*name(path), "mod" | "tests"))
            .collect();
        let beside: BTreeSet<String> = files.iter().map(|path| name(path)).collect();
        let uses: std::collections::BTreeMap<String, BTreeSet<String>> =
            files.iter().map(|path| (name(path), siblings(path, &beside))).collect();
        for (file, used) in &uses {
            for other in used.iter().filter(|other| *other > file && uses[*other].contains(file)) {
                let _ = writeln!(circles, "{}: `{file}` and `{other}`", folder.display());
            }
        }
    }
    assert!(circles.is_empty(), "\n{circles}each is a type or a function in the wrong file");
}

/// The names of public types in a file.
fn types(text: &str) -> Vec<String> {
    let keywords = ["pub struct ", "pub enum ", "pub trait ", "pub type ", "pub union "];
    let named = text.lines().map(str::trim_start).filter_map(|line| {
        let rest = keywords.iter().find_map(|keyword| line.strip_prefix(keyword))?;
        Some(word(rest).to_owned())
    });
    named.filter(|name| name.chars().next().is_some_and(char::is_uppercase)).collect()
}

#[test]
fn no_two_public_types_share_a_name() {
    let mut seen: std::collections::BTreeMap<String, PathBuf> = std::collections::BTreeMap::new();
    let mut twice = String::new();
    for path in files(&root().join("src")) {
        for name in types(&std::fs::read_to_string(&path).expect("it can be read")) {
            // the alias of a module's results is named as such aliases are
            if let Some(other) = seen.insert(name.clone(), path.clone()).filter(|_| name != "Result") {
                let _ = writeln!(twice, "`{name}` in {} and {}", other.display(), path.display());
            }
        }
    }
    assert!(twice.is_empty(), "\n{twice}");
}
