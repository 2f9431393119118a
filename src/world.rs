//! Every input of an analysis. Nothing that reads a pact touches a disk by another way.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::file;
use crate::source::{MAX_BYTES, Source};
use crate::workbook::{self, WorkbookError, is_workbook};

/// Where the files of a pact are.
pub trait World {
    /// The rule files, sorted by name: every `.pact` file in the folder and the folders in it.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    fn rules(&self) -> io::Result<Vec<Source>>;

    /// A file that a rule file names, by its name relative to the pact's folder; a sheet of a workbook as
    /// `file.xlsx#Sheet`, which comes as CSV.
    ///
    /// # Errors
    /// When there is no such file, it is too large, is not UTF-8 text, or lies outside the folder.
    fn import(&self, name: &str) -> io::Result<Source>;

    /// Whether nobody waits any more for what is being worked out, so that it may end with anything.
    fn given_up(&self) -> bool {
        false
    }
}

/// A folder on a disk, or one rule file with the folder it lies in.
///
/// Every file comes through one door: it is a regular file, lies inside the folder once its links are followed, and is
/// read up to a bound. What the caller names, the folder or the one file, may itself be a link.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    only: Option<PathBuf>,
}

impl Disk {
    /// A pact at `path`: a folder, or a single `.pact` file whose imports lie beside it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path.is_file() {
            let root = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
            return Self { root, only: Some(path) };
        }
        Self { root: path, only: None }
    }

    /// Where a path leads, when that lies inside the folder.
    fn inside(&self, path: &Path) -> io::Result<PathBuf> {
        let real = path.canonicalize()?;
        match real.starts_with(self.root.canonicalize()?) {
            true => Ok(real),
            false => Err(io::Error::new(io::ErrorKind::PermissionDenied, "it lies outside the pact's folder")),
        }
    }

    /// A file as text; of a workbook, a sheet. `real` is where its path leads.
    fn read(&self, path: &Path, real: &Path, sheet: Option<&str>) -> io::Result<Source> {
        let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        if is_workbook(&name) {
            let bytes = file::read(real, MAX_BYTES)?;
            // a sheet is read as the table that it is, with a line for each of its rows
            let table = workbook::sheet(&bytes, sheet).and_then(|sheet| sheet.to_csv());
            let invalid = |error: WorkbookError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
            return Ok(Source::new(name, table.map_err(invalid)?).at(path));
        }
        Ok(Source::new(name, file::read_text(real, MAX_BYTES)?).at(path))
    }
}

impl World for Disk {
    fn rules(&self) -> io::Result<Vec<Source>> {
        if let Some(path) = &self.only {
            let read = path.canonicalize().and_then(|real| self.read(path, &real, None));
            return Ok(vec![read.map_err(|error| about(path, &error))?]);
        }
        let mut left = MAX_BYTES;
        let mut rules = Vec::new();
        for path in Walk::through(self)? {
            let read = self.inside(&path).and_then(|real| self.read(&path, &real, None));
            let source = read.map_err(|error| about(&path, &error))?;
            left = left.checked_sub(source.text.len()).ok_or_else(|| {
                let why =
                    format!("its rule files have more than {MAX_BYTES} bytes together: keep data in tables and lists");
                about(&self.root, &io::Error::new(io::ErrorKind::FileTooLarge, why))
            })?;
            rules.push(source);
        }
        Ok(rules)
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        let (file, sheet) = match name.split_once('#').filter(|(file, _)| is_workbook(file)) {
            Some((file, sheet)) => (file, Some(sheet)),
            None => (name, None),
        };
        let path = self.root.join(file);
        let real = self.inside(&path)?;
        self.read(&path, &real, sheet)
    }
}

/// An error that names the file or folder that it is about.
fn about(path: &Path, error: &io::Error) -> io::Error {
    let path = path.display();
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no `{path}`"),
        _ => format!("`{path}`: {error}"),
    };
    io::Error::new(error.kind(), message)
}

/// How deep folders may lie in each other.
const MOST_DEPTH: usize = 16;

/// How many files and folders are looked at.
const MOST_ENTRIES: usize = 100_000;

/// A walk through the folders of a pact. Hidden files and folders are not looked at, and no folder twice: links to
/// folders are followed last, so that a file has its plain name.
struct Walk<'d> {
    disk: &'d Disk,
    found: Vec<PathBuf>,
    seen: FxHashSet<PathBuf>,
    links: Vec<PathBuf>,
    looked_at: usize,
}

impl<'d> Walk<'d> {
    /// The rule files, sorted by name.
    fn through(disk: &'d Disk) -> io::Result<Vec<PathBuf>> {
        let mut walk = Self { disk, found: Vec::new(), seen: FxHashSet::default(), links: Vec::new(), looked_at: 0 };
        walk.folder(&disk.root, 0)?;
        while !walk.links.is_empty() {
            let mut links = std::mem::take(&mut walk.links);
            links.sort();
            for link in links {
                walk.folder(&link, 0)?;
            }
        }
        walk.found.sort();
        Ok(walk.found)
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> io::Result<()> {
        let within = |why: io::Error| about(folder, &why);
        if depth > MOST_DEPTH {
            let why = format!("folders lie deeper in each other than {MOST_DEPTH}");
            return Err(within(io::Error::new(io::ErrorKind::InvalidInput, why)));
        }
        if !self.seen.insert(self.disk.inside(folder).map_err(within)?) {
            return Ok(());
        }
        for entry in std::fs::read_dir(folder).map_err(within)? {
            let entry = entry.map_err(within)?;
            self.looked_at += 1;
            if self.looked_at > MOST_ENTRIES {
                let why = format!("there are more than {MOST_ENTRIES} files and folders in it");
                return Err(about(&self.disk.root, &io::Error::new(io::ErrorKind::InvalidInput, why)));
            }
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type().map_err(within)?.is_dir() {
                self.folder(&path, depth + 1)?;
            } else if path.is_dir() {
                self.links.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pact") {
                self.found.push(path);
            }
        }
        Ok(())
    }
}

/// Files in memory, for tests, editors and services.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<Arc<str>, Arc<str>>,
}

impl Memory {
    /// A pact from file names and texts.
    ///
    /// ```
    /// use leadpact::internals::world::{Memory, World};
    /// let world = Memory::new([("a.pact", "term lead {}")]);
    /// assert_eq!(world.rules().unwrap().len(), 1);
    /// ```
    pub fn new<N: Into<Arc<str>>, T: Into<Arc<str>>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        Self { files: files.into_iter().map(|(name, text)| (name.into(), text.into())).collect() }
    }
}

impl World for Memory {
    fn rules(&self) -> io::Result<Vec<Source>> {
        let rules = self.files.iter().filter(|(name, _)| name.ends_with(".pact"));
        Ok(rules.map(|(name, text)| Source::new(name.clone(), text.clone())).collect())
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        let text = self.files.get(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Source::new(name, text.clone()))
    }
}
