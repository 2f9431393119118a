//! Projections: worked out from stored events, for those who ask for many leads at once.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Result, SqlRow, SqlValue, Store, stored_json, to_stored_json};
use crate::time::Instant;

/// The projection of a lead: its stage, assignee, scores and clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// The lead's key as it was first reported.
    pub key: String,
    /// What people call the lead, where its record says so.
    pub name: Option<String>,
    pub pipeline: Option<String>,
    pub stage: Option<String>,
    pub owner: Option<String>,
    pub team: Option<String>,
    pub person: Option<String>,
    pub queue: Option<String>,
    pub resting: bool,
    /// When time alone next changes something, or an event that came ahead of its time comes true.
    pub next: Option<Instant>,
    /// When the lead is to be looked at again.
    pub due: Option<Instant>,
    /// Points in thousandths.
    pub scores: IndexMap<String, i64>,
    /// The band of each, where it is known.
    #[serde(default)]
    pub bands: IndexMap<String, String>,
    pub clocks: Vec<ClockRow>,
    /// What the lead is found by, and whether that is personal data.
    #[serde(default)]
    pub terms: BTreeMap<String, bool>,
}

impl Projection {
    /// What it is listed by, in the order of the columns; and whether it rests.
    pub(super) fn place(&self) -> ([Option<&str>; 6], bool) {
        let columns = [&self.pipeline, &self.stage, &self.owner, &self.team, &self.person, &self.queue];
        (columns.map(Option::as_deref), self.resting)
    }
}

/// A clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRow {
    pub sla: String,
    pub promise: String,
    /// `running`, `paused` or `breached`.
    pub state: String,
    pub due: Option<Instant>,
}

/// Which leads are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub pipeline: Option<String>,
    pub stage: Option<String>,
    pub owner: Option<String>,
    pub team: Option<String>,
    pub person: Option<String>,
    pub queue: Option<String>,
    /// Only those in a stage, and in none of these.
    pub not_in: Option<Vec<String>>,
    /// Only these, by key.
    pub leads: Option<Vec<String>>,
    /// By this score, the most first; by key when absent.
    pub score: Option<String>,
    /// At least so many points, in thousandths.
    pub min: Option<i64>,
    /// After this one: its points, when they are asked for by a score, and its key.
    pub after: Option<(i64, String)>,
}

impl dyn Store + '_ {
    /// The projection of a lead, as it was last worked out, in the form in which it is stored.
    pub fn projection(&mut self, lead: &str) -> Result<Option<String>> {
        let rows = self.rows("SELECT projection FROM projections WHERE lead = $1", &[lead.into()])?;
        rows.into_iter().next().map(|mut row| row.word()).transpose()
    }

    /// Leads with what time alone does to them by now, the first due first.
    pub fn due(&mut self, now: Instant, limit: usize) -> Result<Vec<(String, Instant)>> {
        let rows = self.rows(
            "SELECT lead, due FROM projections WHERE due IS NOT NULL AND due <= $1 ORDER BY due, lead LIMIT $2",
            &[now.into(), limit.into()],
        )?;
        rows.into_iter().map(|mut row| Ok((row.word()?, row.at()?))).collect()
    }

    /// When time alone next does something to a lead.
    pub fn next_due(&mut self) -> Result<Option<Instant>> {
        let rows = self.rows("SELECT due FROM projections WHERE due IS NOT NULL ORDER BY due, lead LIMIT 1", &[])?;
        rows.into_iter().next().map(|mut row| row.at()).transpose()
    }

    /// When time alone next does something to this lead.
    pub fn due_of(&mut self, lead: &str) -> Result<Option<Instant>> {
        let rows = self.rows("SELECT due FROM projections WHERE lead = $1", &[lead.into()])?;
        Ok(rows.into_iter().next().map(|mut row| row.at_if_any()).transpose()?.flatten())
    }

    /// How many leads are due by an instant.
    pub fn count_due(&mut self, now: Instant) -> Result<i64> {
        self.count("SELECT count(*) FROM projections WHERE due IS NOT NULL AND due <= $1", &[now.into()])
    }

    /// Puts a lead among those that are due, not later than at an instant: an event of it is stored, and what was due before
    /// is done first.
    pub fn put_due(&mut self, lead: &str, at: Instant) -> Result<()> {
        let unknown = to_stored_json(&Projection { key: lead.to_owned(), ..Projection::default() })?;
        self.run(
            "INSERT INTO projections (lead, resting, due, scores, projection) VALUES ($1, 0, $2, '{}', $3) \
             ON CONFLICT (lead) DO UPDATE SET \
             due = CASE WHEN projections.due < excluded.due THEN projections.due ELSE excluded.due END",
            &[lead.into(), at.into(), (&unknown).into()],
        )?;
        Ok(())
    }

    /// Leads with their projections, in order. Which they are is read from one index, and then what is shown of them.
    pub fn projections(&mut self, filter: &Filter, limit: usize) -> Result<Vec<(String, Instant, Projection)>> {
        let mut values: Vec<SqlValue> = Vec::new();
        let mut which = if filter.not_in.is_some() { " AND p.stage IS NOT NULL" } else { "" }.to_owned();
        let mut also = |clause: &str, value: SqlValue| {
            values.push(value);
            which.push_str(&format!(" AND {clause} ${}", values.len()));
        };
        let columns = [
            ("p.pipeline =", &filter.pipeline),
            ("p.stage =", &filter.stage),
            ("p.owner =", &filter.owner),
            ("p.team =", &filter.team),
            ("p.person =", &filter.person),
            ("p.queue =", &filter.queue),
            ("p.score =", &filter.score),
        ];
        for (clause, value) in columns {
            if let Some(value) = value {
                also(clause, value.into());
            }
        }
        for stage in filter.not_in.iter().flatten() {
            also("p.stage <>", stage.into());
        }
        let by_score = filter.score.is_some();
        if let (true, Some(min)) = (by_score, filter.min) {
            also("p.points >=", min.into());
        }
        if let Some((points, lead)) = &filter.after {
            if by_score {
                // the index is entered at these points
                also("p.points <=", (*points).into());
                let at = values.len();
                values.push(lead.into());
                which.push_str(&format!(" AND (p.points < ${at} OR p.lead > ${})", values.len()));
            } else {
                also("p.lead >", lead.into());
            }
        }
        if let Some(leads) = &filter.leads {
            let from = values.len();
            values.extend(leads.iter().map(SqlValue::from));
            let places: Vec<String> = (from + 1..=values.len()).map(|n| format!("${n}")).collect();
            let none = if places.is_empty() { "NULL" } else { "" };
            which.push_str(&format!(" AND p.lead IN ({none}{})", places.join(", ")));
        }
        values.push(limit.into());
        let (columns, table, order) = match by_score {
            true => ("p.lead, p.points", "points p", "points DESC, lead"),
            false => ("p.lead", "projections p", "lead"),
        };
        let order = |table: &str| order.split(", ").map(|by| format!("{table}.{by}")).collect::<Vec<_>>().join(", ");
        let statement = format!(
            "SELECT f.lead, l.replayed_until, s.projection FROM (SELECT {columns} FROM {table} \
             WHERE EXISTS (SELECT 1 FROM leads k WHERE k.lead = p.lead){which} ORDER BY {} LIMIT ${}) f \
             JOIN projections s ON s.lead = f.lead JOIN leads l ON l.lead = f.lead ORDER BY {}",
            order("p"),
            values.len(),
            order("f"),
        );
        let rows = self.rows(&statement, &values)?;
        let projection = |mut row: SqlRow| {
            let (lead, replayed_until) = (row.word()?, row.at()?);
            let projection = stored_json("the projection of a lead", &row.word()?)?;
            Ok((lead, replayed_until, projection))
        };
        rows.into_iter().map(projection).collect()
    }

    /// Clocks with a due instant, the first first, each with the projection of its lead.
    pub fn clocks(&mut self, limit: usize) -> Result<Vec<(ClockRow, Projection)>> {
        let rows = self.rows(
            "SELECT c.sla, c.promise, c.state, c.due, s.projection FROM clocks c JOIN projections s ON s.lead = c.lead \
             WHERE c.due IS NOT NULL ORDER BY c.due, c.lead, c.n LIMIT $1",
            &[limit.into()],
        )?;
        let clock = |mut row: SqlRow| {
            let clock = ClockRow { sla: row.word()?, promise: row.word()?, state: row.word()?, due: row.at_if_any()? };
            Ok((clock, stored_json("the projection of a lead", &row.word()?)?))
        };
        rows.into_iter().map(clock).collect()
    }
}
