//! What stands in a path, and behind its `?`.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::problem::Problem;

/// The key of a lead or a delivery, as a path has it.
pub(super) struct Key(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(key) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|error| Problem::bad(error.body_text()))?;
        match key.contains('\0') {
            true => Err(Problem::missing("no key holds this character")),
            false => Ok(Self(key)),
        }
    }
}

/// Names and values. One that nobody asks for is a mistake, and is said.
pub(super) struct Query(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Query(pairs) =
            axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state)
                .await
                .map_err(|error| Problem::bad(error.body_text()))?;
        let mut query = BTreeMap::new();
        for (name, value) in pairs {
            if value.contains('\0') {
                return Err(Problem::bad(format!("`{name}` holds a character that no text has")));
            }
            if query.insert(name.clone(), value).is_some() {
                return Err(Problem::bad(format!("`{name}` stands twice")));
            }
        }
        Ok(Self(query))
    }
}

impl Query {
    /// Takes a value out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a value out that is read in some way.
    pub(super) fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        read(&value).map(Some).ok_or_else(|| Problem::bad(format!("`{name}` cannot be `{value}`")))
    }

    /// Takes out all `name[key]=value`, by key.
    pub(super) fn take_all(&mut self, name: &str) -> BTreeMap<String, String> {
        let key = |whole: &str| whole.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']').map(str::to_owned);
        let keys: Vec<(String, String)> =
            self.0.keys().filter_map(|whole| Some((key(whole)?, whole.clone()))).collect();
        keys.into_iter().filter_map(|(key, whole)| Some((key, self.0.remove(&whole)?))).collect()
    }

    /// A number of things to be listed, within bounds.
    pub(super) fn limit(&mut self) -> Result<usize, Problem> {
        let limit = self.take("limit").map(|text| text.parse().ok().filter(|limit| (1..=1000).contains(limit)));
        limit.unwrap_or(Some(50)).ok_or_else(|| Problem::bad("`limit` is a whole number from 1 to 1000"))
    }

    /// One of some words.
    pub(super) fn one_of(&mut self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let found = words.iter().copied().find(|word| *word == value);
        found.map(Some).ok_or_else(|| Problem::bad(format!("`{name}` is one of {}", words.join(", "))))
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), Problem> {
        match self.0.into_keys().next() {
            Some(name) => Err(Problem::bad(format!("nothing here is called `{name}`"))),
            None => Ok(()),
        }
    }
}
