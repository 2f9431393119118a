//! A case as a folder: the files of its pact, `events.ndjson` and `leads.ndjson`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::Case;

const EVENTS: &str = "events.ndjson";
const LEADS: &str = "leads.ndjson";

impl Case {
    /// The case of a folder.
    pub fn read(folder: &Path) -> Self {
        let mut case = Self { files: BTreeMap::new(), events: Vec::new(), leads: Vec::new() };
        for entry in std::fs::read_dir(folder).expect("it is a folder") {
            let path = entry.expect("it is a file").path();
            let text = std::fs::read_to_string(&path).expect("it is text");
            let rows = || text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
            match path.file_name().and_then(|name| name.to_str()) {
                Some(EVENTS) => case.events = rows(),
                Some(LEADS) => case.leads = rows(),
                Some(name) => {
                    case.files.insert(name.to_owned(), text);
                }
                None => {}
            }
        }
        case
    }

    /// Writes it as a folder, which is made.
    pub fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).expect("the folder can be made");
        let lines = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
        let rows = [(EVENTS, lines(&self.events)), (LEADS, lines(&self.leads))];
        let rows = rows.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), text));
        for (name, text) in self.files.clone().into_iter().chain(rows) {
            std::fs::write(folder.join(name), text).expect("the file can be written");
        }
    }
}
