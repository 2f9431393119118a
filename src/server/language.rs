//! The language that an answer is told in.

use super::problem::Problem;
use crate::locale::Locale;
use crate::pact::Pact;

/// How a language tells of the pact; names and words are as in the pact where none is asked for.
pub(super) fn locale<'p>(pact: &'p Pact, language: Option<&str>) -> Result<Locale<'p>, Problem> {
    language.map_or_else(|| Ok(Locale::plain(pact)), |language| Locale::named(pact, language).map_err(Problem::unfit))
}
