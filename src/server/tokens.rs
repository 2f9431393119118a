//! Who may do what: tokens with roles, from a file that may change while the service runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::private;

/// How many characters a token has at least.
const LEAST: usize = 24;

/// The most bytes that the file may have.
const MOST: usize = 1024 * 1024;

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
    bearer: Bearer,
}

/// Who brings a token.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The name of the token in the file; none where there is no file.
    pub name: Option<Arc<str>>,
    /// What they may do.
    pub roles: Vec<Role>,
}

/// The tokens in force, and what the file held when it was last looked at: the hash of its text, or why there was none.
struct Known {
    file: Result<[u8; 32], String>,
    tokens: Vec<Token>,
}

/// The tokens in force. Without a file, everyone may do everything: then nobody from outside may reach the service.
pub struct Tokens {
    file: Option<PathBuf>,
    known: RwLock<Known>,
}

impl Tokens {
    /// Reads the tokens file.
    ///
    /// # Errors
    /// When it cannot be read, does not say what it should, or a token is too short to be safe.
    pub fn open(file: Option<PathBuf>) -> Result<Self, String> {
        let known = match &file {
            Some(file) => {
                let text = text(file)?;
                Known { file: Ok(hash(&text)), tokens: read(file, &text)? }
            }
            None => Known { file: Err(String::new()), tokens: Vec::new() },
        };
        Ok(Self { file, known: RwLock::new(known) })
    }

    /// Takes the tokens of the file where its text is another, whatever its times say: files are swapped, and written
    /// twice within a tick. What cannot be read leaves the tokens as they were.
    pub fn refresh(&self) {
        let Some(file) = &self.file else { return };
        let text = text(file);
        let now = text.as_deref().map(hash).map_err(Clone::clone);
        if now == self.known.read().unwrap_or_else(PoisonError::into_inner).file {
            return;
        }
        let read = text.and_then(|text| read(file, &text));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.file == now {
            return;
        }
        known.file = now;
        match read {
            Ok(tokens) => {
                tracing::info!(tokens = tokens.len(), "the tokens are read again");
                known.tokens = tokens;
            }
            Err(why) => tracing::error!(%why, "the tokens stay as they were"),
        }
    }

    /// Whether everyone may do everything.
    pub fn everyone(&self) -> bool {
        self.file.is_none()
    }

    /// Whose a token is, and what they may do; none for one that is not known. Every token is compared, each in the
    /// same time.
    pub fn bearer(&self, token: Option<&str>) -> Option<Bearer> {
        if self.file.is_none() {
            return Some(Bearer { name: None, roles: ALL.to_vec() });
        }
        let hash = hash(token?);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut bearer = None;
        for token in &known.tokens {
            if bool::from(token.hash.ct_eq(&hash)) {
                bearer = Some(token.bearer.clone());
            }
        }
        bearer
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn text(file: &Path) -> Result<String, String> {
    private::read(file, MOST).map_err(|error| format!("{}: {error}", file.display()))
}

fn read(file: &Path, text: &str) -> Result<Vec<Token>, String> {
    let about = |why: String| format!("{}: {why}", file.display());
    let read: File = serde_yaml::from_str(text).map_err(|error| {
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
        let bearer = Bearer { name: Some(entry.name.into()), roles: entry.roles };
        tokens.push(Token { hash: hash(&entry.token), bearer });
    }
    Ok(tokens)
}
