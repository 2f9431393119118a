//! Every input of an analysis. Nothing that reads a pact touches a disk by another way.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::{MAX_BYTES, Source};
use crate::workbook::{self, is_workbook};

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
}

/// A folder on a disk, or one rule file with the folder it lies in.
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

    /// A file as text; of a workbook, a sheet.
    fn read(&self, path: &Path, sheet: Option<&str>) -> io::Result<Source> {
        let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let size = std::fs::metadata(path)?.len();
        if size > MAX_BYTES as u64 {
            let message = format!("it has {size} bytes; at most {MAX_BYTES} are read");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
        let bytes = std::fs::read(path)?;
        if is_workbook(&name) {
            // a sheet is read as the table that it is, with a line for each of its rows
            let table = workbook::sheet(&bytes, sheet).and_then(|sheet| sheet.to_csv());
            return Ok(Source::new(name, table.map_err(|error| invalid(error.to_string()))?).at(path));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            invalid(format!("it is not UTF-8 text: byte {} does not fit", error.utf8_error().valid_up_to()))
        })?;
        Ok(Source::new(name, text).at(path))
    }
}

impl World for Disk {
    fn rules(&self) -> io::Result<Vec<Source>> {
        let read = |path: &PathBuf| self.read(path, None).map_err(|error| about(path, &error));
        if let Some(path) = &self.only {
            return Ok(vec![read(path)?]);
        }
        let mut found = Vec::new();
        list(&self.root, &mut found, 0).map_err(|error| about(&self.root, &error))?;
        found.sort();
        found.iter().map(read).collect()
    }

    fn import(&self, name: &str) -> io::Result<Source> {
        let (file, sheet) = match name.split_once('#').filter(|(file, _)| is_workbook(file)) {
            Some((file, sheet)) => (file, Some(sheet)),
            None => (name, None),
        };
        let path = self.root.join(file);
        // canonical paths see through `..` and symbolic links
        let inside = path.canonicalize()?.starts_with(self.root.canonicalize()?);
        if !inside {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it lies outside the pact's folder"));
        }
        self.read(&path, sheet)
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

/// Collects rule files; hidden folders and files are not looked at.
fn list(folder: &Path, found: &mut Vec<PathBuf>, depth: usize) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() && depth < 16 {
            list(&path, found, depth + 1)?;
        } else if path.extension().is_some_and(|e| e == "pact") {
            found.push(path);
        }
    }
    Ok(())
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
