//! What leads are found by.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Result, SqlValue, Store};

/// What something that is looked for may begin with: one of these.
pub type Prefixes = Vec<String>;

/// Up to how many leads it is counted how many have a term.
const COUNTED: usize = 10_000;

/// How many terms of each lead are read: few at first, and more where that gives too few leads.
const REPEATED: [usize; 2] = [2, 20];

impl dyn Store + '_ {
    /// The leads that have for each of several things a term that begins with one of its prefixes, up to a number of them.
    /// Personal terms count where they may be seen.
    pub fn find(&mut self, wanted: &[Prefixes], personal: bool, limit: usize) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let mut counts = Vec::with_capacity(wanted.len());
        for (at, prefixes) in wanted.iter().enumerate() {
            counts.push((self.count_terms(prefixes)?, at));
        }
        // the rarest leads, the others are looked up with it
        let Some((_, first)) = counts.into_iter().min() else { return Ok(found) };
        for prefix in &wanted[first] {
            let mut values = Vec::new();
            let mut statement =
                format!("SELECT f.lead FROM terms f WHERE {}", holds("f", prefix, personal, &mut values));
            for (_, prefixes) in wanted.iter().enumerate().filter(|(at, _)| *at != first) {
                let any: Vec<String> =
                    prefixes.iter().map(|prefix| holds("g", prefix, personal, &mut values)).collect();
                let any = any.join(" OR ");
                statement.push_str(&format!(" AND EXISTS (SELECT 1 FROM terms g WHERE g.lead = f.lead AND ({any}))"));
            }
            // a lead may have several such terms
            values.push(SqlValue::Null);
            statement.push_str(&format!(" ORDER BY f.term, f.lead LIMIT ${}", values.len()));
            for most in REPEATED.map(|repeated| limit * repeated) {
                if let Some(place) = values.last_mut() {
                    *place = most.into();
                }
                let rows = self.rows(&statement, &values)?;
                let whole = rows.len() < most;
                let leads = rows.into_iter().map(|mut row| row.word()).collect::<Result<BTreeSet<String>>>()?;
                let enough = leads.len() >= limit;
                found.extend(leads);
                if whole || enough {
                    break;
                }
            }
        }
        Ok(found.into_iter().take(limit).collect())
    }

    /// Stores what leads are found by, each once, and whether each term is personal data. Nearly always that is what it was.
    pub(super) fn put_terms(&mut self, leads: &[(&str, &BTreeMap<String, bool>)]) -> Result<()> {
        let statement = "SELECT lead, term, personal FROM terms WHERE lead IN {keys}";
        let mut stored: FxHashMap<String, BTreeMap<String, bool>> = FxHashMap::default();
        for mut row in self.rows_of_keys(statement, leads.iter().map(|(lead, _)| *lead))? {
            let (lead, term, personal) = (row.word()?, row.word()?, row.whole()? != 0);
            stored.entry(lead).or_default().insert(term, personal);
        }
        let (mut gone, mut new): (Vec<[SqlValue; 2]>, Vec<[SqlValue; 3]>) = (Vec::new(), Vec::new());
        for (lead, terms) in leads {
            let stored = stored.remove(*lead).unwrap_or_default();
            let not_any_more = stored.keys().filter(|term| !terms.contains_key(*term));
            gone.extend(not_any_more.map(|term| [(*lead).into(), term.into()]));
            let other = terms.iter().filter(|(term, personal)| stored.get(*term) != Some(*personal));
            new.extend(other.map(|(term, personal)| [(*lead).into(), term.into(), i64::from(*personal).into()]));
        }
        self.run_rows("DELETE FROM terms WHERE (lead, term) IN (VALUES {rows})", &gone)?;
        self.run_rows(
            "INSERT INTO terms (lead, term, personal) VALUES {rows} \
             ON CONFLICT (lead, term) DO UPDATE SET personal = excluded.personal",
            &new,
        )
    }

    fn count_terms(&mut self, prefixes: &Prefixes) -> Result<i64> {
        let mut sum = 0;
        for prefix in prefixes {
            let values = [prefix.into(), (&end(prefix)).into(), COUNTED.into()];
            sum += self.count(
                "SELECT count(*) FROM (SELECT 1 FROM terms WHERE term >= $1 AND term < $2 LIMIT $3) m",
                &values,
            )?;
        }
        Ok(sum)
    }
}

/// The condition that a term begins with a prefix.
fn holds(table: &str, prefix: &str, personal: bool, values: &mut Vec<SqlValue>) -> String {
    values.extend([SqlValue::from(prefix), SqlValue::from(&end(prefix))]);
    let n = values.len();
    let open = if personal { String::new() } else { format!(" AND {table}.personal = 0") };
    format!("({table}.term >= ${} AND {table}.term < ${n}{open})", n - 1)
}

/// What is greater than all that begins with a prefix, and not greater than anything else that matters.
fn end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
