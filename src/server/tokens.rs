//! Who may do what: tokens with roles, from a file that may change while the service runs.

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// How many characters a token has at least.
const LEAST: usize = 24;

/// What someone may do. Each allows what its name says and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// See leads, the pact and how the service is.
    Read,
    /// Ask for decisions about leads that are sent along.
    Decide,
    /// Submit events of leads.
    Write,
    /// Reload, export, forget, send again.
    Admin,
}

/// Every role.
pub const ALL: [Role; 4] = [Role::Read, Role::Decide, Role::Write, Role::Admin];

impl Role {
    /// Its name in the tokens file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Decide => "decide",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tokens: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    token: String,
    roles: Vec<Role>,
}

/// A token, as its hash.
struct Token {
    hash: [u8; 32],
    roles: Vec<Role>,
}

/// The tokens in force. Without a file, everyone may do everything: then nobody from outside may reach the service.
pub struct Tokens {
    file: Option<PathBuf>,
    known: RwLock<(Option<SystemTime>, Vec<Token>)>,
}

impl Tokens {
    /// Reads the tokens file.
    ///
    /// # Errors
    /// When it cannot be read, does not say what it should, or a token is too short to be safe.
    pub fn open(file: Option<PathBuf>) -> Result<Self, String> {
        let known = match &file {
            Some(file) => (changed(file), read(file)?),
            None => (None, Vec::new()),
        };
        Ok(Self { file, known: RwLock::new(known) })
    }

    /// Reads the file again where it has changed. What cannot be read leaves the tokens as they were.
    pub fn refresh(&self) {
        let Some(file) = &self.file else { return };
        let now = changed(file);
        if now == self.known.read().unwrap_or_else(PoisonError::into_inner).0 {
            return;
        }
        let read = read(file);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.0 = now;
        match read {
            Ok(tokens) => known.1 = tokens,
            Err(why) => tracing::error!(%why, "the tokens stay as they were"),
        }
    }

    /// Whether everyone may do everything.
    pub fn everyone(&self) -> bool {
        self.file.is_none()
    }

    /// What the bearer of a token may do; none for one that is not known. Every token is compared, each in the same
    /// time.
    pub fn roles(&self, token: Option<&str>) -> Option<Vec<Role>> {
        if self.file.is_none() {
            return Some(ALL.to_vec());
        }
        let hash = hash(token?);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut roles = None;
        for token in &known.1 {
            if bool::from(token.hash.ct_eq(&hash)) {
                roles = Some(token.roles.clone());
            }
        }
        roles
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|about| about.modified()).ok()
}

fn read(file: &Path) -> Result<Vec<Token>, String> {
    let about = |why: String| format!("{}: {why}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| about(error.to_string()))?;
    let read: File = serde_yaml::from_str(&text).map_err(|error| {
        about(format!("{error}; it looks like\ntokens:\n  - name: crm\n    token: …\n    roles: [write]"))
    })?;
    let mut tokens = Vec::new();
    for entry in read.tokens {
        if entry.token.chars().count() < LEAST {
            return Err(about(format!(
                "the token of `{}` is too short to be safe: it needs {LEAST} characters, such as `openssl rand -hex 24` \
                 gives",
                entry.name
            )));
        }
        tokens.push(Token { hash: hash(&entry.token), roles: entry.roles });
    }
    Ok(tokens)
}
