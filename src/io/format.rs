use std::path::Path;

/// A format rows are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A list of objects, one object (over as many lines as it likes), or objects one after another.
    Json,
    /// A header line and cells, separated by `,` `;` tab or `|`.
    Csv,
    /// A list of maps, or one map a document.
    Yaml,
    /// A sheet of an Excel workbook.
    Xlsx,
}

impl Format {
    /// The format a file name promises by its extension, if it promises one.
    ///
    /// ```
    /// use leadpact::internals::io::Format;
    /// assert_eq!(Format::from_name("leads.JSONL"), Some(Format::Ndjson));
    /// assert_eq!(Format::from_name("leads.txt"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        match extension(name)?.as_str() {
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            "csv" | "tsv" => Some(Self::Csv),
            "yaml" | "yml" => Some(Self::Yaml),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The format of text that starts like `head`, judged by its first character that is not blank.
    pub(super) fn sniff(head: &[u8]) -> Option<Self> {
        match head.iter().find(|byte| !byte.is_ascii_whitespace())? {
            b'[' | b'{' => Some(Self::Json),
            _ => Some(Self::Csv),
        }
    }
}

fn extension(name: &str) -> Option<String> {
    Some(Path::new(name).extension()?.to_str()?.to_ascii_lowercase())
}

/// Whether the name says that tabs separate the fields.
pub(super) fn is_tsv(name: &str) -> bool {
    extension(name).is_some_and(|extension| extension == "tsv")
}
