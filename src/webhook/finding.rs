//! What is wrong with the file of webhooks.

use std::fmt;
use std::path::PathBuf;

use crate::diagnostic::Severity;

/// One finding: where, what, and the way out. It shows no secret and no url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is; with an error the file is not taken.
    pub severity: Severity,
    /// The file: that of the webhooks, or of a secret.
    pub file: PathBuf,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grave = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{grave}: {}: {}\n  help: {}", self.file.display(), self.message, self.help)
    }
}
