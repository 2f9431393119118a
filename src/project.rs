//! The project file, `leadpact.yaml`: what the commands take where their arguments name nothing.
//!
//! ```yaml
//! rules: rules                        # the folder of the pact, beside this file
//! environment: production             # whose params hold
//! source: salesforce                  # what the columns of leads and events mean
//! leads: [rules/leads.ndjson]         # leads for `eval` and `explain`
//! events: [rules/events.ndjson]       # events for `replay`
//! formats: {check: github, eval: csv} # how the commands write
//! findings: {W0201: off}              # error, warning, note or off; an error stays one
//! ```

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode as _, MarkedYaml, Marker, ScanError, YamlData};

use crate::diagnostic::{Code, Diagnostic, Severity, closest, has_errors};
use crate::file;
use crate::source::{MAX_BYTES, Source, SourceMap};
use crate::span::{FileId, Span};

/// The name of the project file.
pub const FILE: &str = "leadpact.yaml";

/// What may stand in a project file.
const KEYS: [&str; 7] = ["rules", "environment", "source", "leads", "events", "formats", "findings"];

/// The commands with a usual format, and the formats that each has.
pub const FORMATS: [(&str, &[&str]); 7] = [
    ("check", &["human", "json", "sarif", "github", "junit"]),
    ("eval", &["table", "ndjson", "csv"]),
    ("replay", &["summary", "ndjson", "table", "csv"]),
    ("report", &["table", "csv", "json", "markdown", "html"]),
    ("review", &["table", "markdown", "html", "json"]),
    ("digest", &["table", "markdown", "html", "json"]),
    ("suggest", &["table", "markdown", "json"]),
];

/// What a finding may be made.
const LEVELS: [&str; 4] = ["error", "warning", "note", "off"];

/// A project: paths are resolved against the folder of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// The folder of the pact, or its one file; the project's own folder when the file names none.
    pub rules: PathBuf,
    /// The environment whose params hold.
    pub environment: Option<String>,
    /// The `source` of leads and events.
    pub source: Option<String>,
    /// Files of leads, for commands that decide them.
    pub leads: Vec<String>,
    /// Files of events, for commands that replay them.
    pub events: Vec<String>,
    /// The usual format of a command, by its name.
    pub formats: BTreeMap<String, String>,
    /// The severity of findings by their code; none for those that are not wanted.
    pub levels: BTreeMap<Code, Option<Severity>>,
}

/// What reading a project file gives: every finding, and the project when none of them is an error.
#[derive(Debug)]
pub struct ReadProject {
    /// The project.
    pub project: Option<Project>,
    /// The file's text.
    pub sources: SourceMap,
    /// Every finding, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// The project file of a folder: in it, or in the nearest folder above it that has one; as seen from the folder.
pub fn find(folder: &Path) -> Option<PathBuf> {
    let depth = folder.ancestors().position(|folder| folder.join(FILE).is_file())?;
    Some(std::iter::repeat_n("..", depth).chain([FILE]).collect())
}

/// Reads a project file. Nothing stops at the first finding.
///
/// # Errors
/// When the file cannot be read, is no regular file, is no text, or has more than 8 MiB.
pub fn read(path: &Path) -> io::Result<ReadProject> {
    let text = file::read_text(path, MAX_BYTES)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(parse(Source::new(path.display().to_string(), text).at(path), folder))
}

/// A project from the text of its file.
pub fn parse(source: Source, folder: &Path) -> ReadProject {
    let text = source.text.clone();
    let mut sources = SourceMap::default();
    let file = sources.add(source);
    let mut reading = Reading { text: &text, file, folder, project: Project::default(), findings: Vec::new() };
    reading.whole();
    let Reading { project, mut findings, .. } = reading;
    findings.sort_by_key(Diagnostic::span);
    let project = (!has_errors(&findings)).then_some(project);
    ReadProject { project, sources, diagnostics: findings }
}

impl Project {
    /// Findings at the severity that the project gives them, without those that it does not want.
    pub fn levelled(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let level = |mut finding: Diagnostic| match self.levels.get(&finding.code) {
            Some(None) => None,
            Some(Some(severity)) => {
                finding.level = Some(*severity);
                Some(finding)
            }
            None => Some(finding),
        };
        findings.into_iter().filter_map(level).collect()
    }
}

struct Reading<'t> {
    text: &'t str,
    file: FileId,
    folder: &'t Path,
    project: Project,
    findings: Vec<Diagnostic>,
}

impl<'t> Reading<'t> {
    fn whole(&mut self) {
        // a folder without a name is the current one
        let here = self.folder.as_os_str().is_empty();
        self.project.rules = if here { PathBuf::from(".") } else { self.folder.to_owned() };
        let mut documents = match MarkedYaml::load_from_str(self.text) {
            Ok(documents) => documents.into_iter(),
            Err(error) => return self.not_yaml(&error),
        };
        let Some(top) = documents.next() else { return };
        if let Some(second) = documents.next() {
            self.wrong(Code::BadProjectValue, &second, "a project file is one document", "take out what follows `---`");
        }
        match &top.data {
            YamlData::Mapping(_) => self.top(&top),
            YamlData::Value(value) if value.is_null() => {}
            _ => self.wrong(
                Code::BadProjectValue,
                &top,
                "a project file holds keys with values",
                "write `rules: rules`, for a pact in the folder `rules` beside this file",
            ),
        }
    }

    fn top(&mut self, top: &MarkedYaml<'t>) {
        for (key, value) in self.entries(top, "", &KEYS) {
            match key {
                "rules" => {
                    if let Some(path) = self.word(value, "a folder beside this file, such as `rules`") {
                        self.project.rules = self.folder.join(path);
                    }
                }
                "environment" => self.project.environment = self.word(value, "the name of an environment"),
                "source" => self.project.source = self.word(value, "the name of a `source` of the pact"),
                "leads" => self.project.leads = self.files(value),
                "events" => self.project.events = self.files(value),
                "formats" => self.formats(value),
                _ => self.levels(value),
            }
        }
    }

    /// The entries of a mapping whose keys are known; a finding for each other key.
    fn entries<'v>(
        &mut self,
        node: &'v MarkedYaml<'t>,
        of: &str,
        known: &[&'static str],
    ) -> Vec<(&'static str, &'v MarkedYaml<'t>)> {
        let YamlData::Mapping(entries) = &node.data else {
            let list = list(known);
            self.wrong(
                Code::BadProjectValue,
                node,
                format!("`{of}` holds keys with values"),
                format!("write each on a line of its own; there are {list}"),
            );
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in entries {
            let name = key.data.as_str().unwrap_or_default();
            if let Some(known) = known.iter().find(|known| **known == name) {
                found.push((*known, value));
                continue;
            }
            let of = if of.is_empty() { String::new() } else { format!(" under `{of}`") };
            let message = format!("there is no key `{}`{of}", self.says(key));
            let help = match closest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("take it out; there are {}", list(known)),
            };
            self.wrong(Code::UnknownProjectKey, key, message, help);
        }
        found
    }

    fn word(&mut self, node: &MarkedYaml<'t>, form: &str) -> Option<String> {
        let word = node.data.as_str().filter(|word| !word.is_empty());
        if word.is_none() {
            let message = format!("`{}` does not fit here", self.says(node));
            self.wrong(Code::BadProjectValue, node, message, format!("write {form}"));
        }
        word.map(str::to_owned)
    }

    /// One file or several, each with its `SOURCE=` where it has one.
    fn files(&mut self, node: &MarkedYaml<'t>) -> Vec<String> {
        let form = "a file beside this one, or a list of them, such as `[rules/leads.ndjson]`";
        let words: Vec<String> = match &node.data {
            YamlData::Sequence(nodes) => nodes.iter().filter_map(|node| self.word(node, form)).collect(),
            _ => self.word(node, form).into_iter().collect(),
        };
        let resolve = |word: String| match word.split_once('=') {
            Some((source, file)) => format!("{source}={}", self.folder.join(file).display()),
            None => self.folder.join(&word).display().to_string(),
        };
        words.into_iter().map(resolve).collect()
    }

    fn formats(&mut self, node: &MarkedYaml<'t>) {
        let commands = FORMATS.map(|(command, _)| command);
        for (command, value) in self.entries(node, "formats", &commands) {
            let known = FORMATS.iter().find(|(name, _)| *name == command).map_or(&[][..], |(_, known)| *known);
            if let Some(format) = self.one_of(value, known) {
                self.project.formats.insert(command.to_owned(), format.to_owned());
            }
        }
    }

    fn levels(&mut self, node: &MarkedYaml<'t>) {
        let codes: Vec<&'static str> = Code::ALL.iter().map(|code| code.id()).collect();
        for (id, value) in self.entries(node, "findings", &codes) {
            let Some(code) = Code::ALL.iter().copied().find(|code| code.id() == id) else { continue };
            let Some(level) = self.one_of(value, &LEVELS) else { continue };
            let severity = match level {
                "error" => Some(Severity::Error),
                "warning" => Some(Severity::Warning),
                "note" => Some(Severity::Note),
                _ => None,
            };
            if code.severity() == Severity::Error && severity != Some(Severity::Error) {
                let message = format!("`{id}` is an error, and a pact with an error does not run");
                self.wrong(Code::BadProjectValue, value, message, "take it out; warnings and notes have levels");
                continue;
            }
            self.project.levels.insert(code, severity);
        }
    }

    fn one_of(&mut self, node: &MarkedYaml<'t>, known: &[&'static str]) -> Option<&'static str> {
        let word = self.says(node);
        let found = known.iter().copied().find(|known| *known == word);
        if found.is_none() {
            let help = match closest(&word, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", list(known)),
            };
            self.wrong(Code::BadProjectValue, node, format!("`{word}` does not fit here"), help);
        }
        found
    }

    /// The first line of a node as it is written.
    fn says(&self, node: &MarkedYaml<'t>) -> String {
        let span = self.span(node);
        let text = self.text.get(span.range()).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
    }

    fn span(&self, node: &MarkedYaml<'t>) -> Span {
        let (start, end) = (self.byte(node.span.start), self.byte(node.span.end));
        // a block of several lines is shown by its first
        let line = self.text.get(start..end).and_then(|text| text.find('\n')).map_or(end, |length| start + length);
        Span::new(self.file, start..line.max(start))
    }

    /// Where a marker of the parser, which counts characters, lies in the text.
    fn byte(&self, marker: Marker) -> usize {
        self.text.char_indices().nth(marker.index()).map_or(self.text.len(), |(at, _)| at)
    }

    fn not_yaml(&mut self, error: &ScanError) {
        let at = self.byte(*error.marker());
        let message = format!("the project file is not YAML: {}", error.info());
        let finding = Diagnostic::new(Code::BadProject, Span::new(self.file, at..at), message);
        self.findings.push(finding.help("put right what stands here, or just before"));
    }

    fn wrong(&mut self, code: Code, node: &MarkedYaml<'t>, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Diagnostic::new(code, self.span(node), message).help(help));
    }
}

fn list(words: &[&str]) -> String {
    // all codes of findings would be no help
    match words.len() {
        0..=12 => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        _ => "those that the findings show, such as `W0201`".to_owned(),
    }
}
