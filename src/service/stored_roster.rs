//! The roster of a store: whose turn it is in each team.

use crate::roster::Roster;
use crate::store::{Result, Store, stored_json, to_stored_json};

/// The name of the single value that holds it.
const ROSTER: &str = "roster";

/// The roster as it is stored; an empty one where nobody has been given a lead yet.
///
/// # Errors
/// When the store does not answer, or what it has is damaged.
pub(super) fn stored_roster(store: &mut dyn Store) -> Result<Roster> {
    match store.single(ROSTER)? {
        Some(json) => stored_json("the roster", &json),
        None => Ok(Roster::default()),
    }
}

/// Stores it.
pub(super) fn store_roster(store: &mut dyn Store, roster: &Roster) -> Result<()> {
    store.put_single(ROSTER, &to_stored_json(roster)?)
}
