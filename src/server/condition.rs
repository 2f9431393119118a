//! A condition that a request asks for, as `where` of the rule language has it.

use super::problem::Problem;
use super::query::Query;
use super::tokens::Role;
use crate::decide::tells_of_personal;
use crate::load;
use crate::pact::{Expr, Pact};

/// The most bytes of an asked condition.
const MOST: usize = 1000;

/// A condition, before it is known under which pact it is answered; none where all counts.
pub(super) struct Condition(Option<String>);

impl Condition {
    /// Takes `where` out of a query.
    pub(super) fn take(query: &mut Query) -> Result<Self, Problem> {
        let text = query.take("where");
        match text.as_ref().map_or(0, String::len) {
            0..=MOST => Ok(Self(text)),
            _ => {
                Err(Problem::bad(format!("`where` has {MOST} bytes at most: let a criteria of the pact say the rest")))
            }
        }
    }

    /// What it means in a pact, for who has these roles. Who may not see what is personal may not ask for it either, nor
    /// for what follows from it: counts would tell.
    pub(super) fn of(&self, pact: &Pact, roles: &[Role]) -> Result<Option<Expr>, Problem> {
        let Some(text) = &self.0 else { return Ok(None) };
        let condition = load::condition(pact, "where", text).map_err(|refused| Problem::condition(refused.report()))?;
        match !roles.contains(&Role::Admin) && tells_of_personal(pact, &condition) {
            true => Err(Problem::forbidden(Role::Admin.name())),
            false => Ok(Some(condition)),
        }
    }
}
