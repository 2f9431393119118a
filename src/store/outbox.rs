//! What is to be sent, and what became of it.

use rustc_hash::FxHashMap;

use super::{Result, SqlValue, Store, micros};
use crate::time::Instant;

/// Something to be sent to a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its id, the same however often its lead is replayed again.
    pub id: String,
    /// When it was requested.
    pub at: Instant,
    /// What it is, such as `alert`.
    pub kind: String,
    /// Of one series only the last is sent: the reminders of one clock. Empty for none.
    pub series: String,
    /// To which target.
    pub target: String,
    /// What is sent.
    pub body: String,
}

/// The messages of a lead, in place of those that are stored. What of those still waits and is not among them was requested
/// in vain, and is withdrawn until it is requested again.
#[derive(Debug, Clone, Copy)]
pub struct EffectsUpdate<'a> {
    /// The lead.
    pub lead: &'a str,
    /// Its messages after an instant, in order.
    pub effects: &'a [OutboxMessage],
    /// The instant; all of them when absent. Those up to then are not looked at.
    pub from: Option<Instant>,
    /// Whether some after it may be stored.
    pub earlier: bool,
}

/// Something on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub lead: String,
    pub at: Instant,
    pub kind: String,
    pub target: String,
    pub body: String,
    /// `waiting`, `sent`, `dead`, `superseded` or `withdrawn`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next: Instant,
    /// Why the last try failed.
    pub why: Option<String>,
}

/// Deliveries to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// To one target.
    One(String),
    /// To any but these.
    NoneOf(Vec<String>),
}

impl Recipients {
    /// As a condition, whose values come after those that are there.
    fn condition(&self, values: &mut Vec<SqlValue>) -> String {
        let (is, names) = match self {
            Self::One(name) => ("target =", std::slice::from_ref(name)),
            Self::NoneOf(names) => ("target <>", &**names),
        };
        let condition = |name: &String| {
            values.push(name.into());
            format!(" AND {is} ${}", values.len())
        };
        names.iter().map(condition).collect()
    }
}

/// How much is on its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Outbox {
    pub pending: i64,
    pub dead: i64,
}

const COLUMNS: &str = "id, lead, at, kind, target, body, state, attempts, next, why";

impl dyn Store + '_ {
    /// Puts out messages of leads, of each once, that were not put out before. Says whether something is to be sent, or no
    /// more.
    pub fn put_effects(&mut self, leads: &[EffectsUpdate<'_>]) -> Result<bool> {
        let (mut new, mut followed, mut vain) = (Vec::new(), Vec::new(), Vec::new());
        for EffectsUpdate { lead, effects, from, earlier } in leads {
            let known = if *earlier { self.effects_after(lead, *from)? } else { FxHashMap::default() };
            let wanted = |effect: &&OutboxMessage| known.get(&effect.id).is_none_or(|state| state == "withdrawn");
            let wanted: Vec<&OutboxMessage> = effects.iter().filter(wanted).collect();
            for (at, effect) in wanted.iter().enumerate() {
                let again = |later: &&OutboxMessage| later.series == effect.series;
                let last = effect.series.is_empty() || !wanted[at + 1..].iter().any(again);
                if last && !effect.series.is_empty() {
                    followed.push([(*lead).into(), (&effect.series).into()]);
                }
                let OutboxMessage { id, at, kind, series, target, body } = effect;
                new.push([
                    id.into(),
                    (*lead).into(),
                    (*at).into(),
                    kind.into(),
                    series.into(),
                    target.into(),
                    body.into(),
                    if last { "waiting" } else { "superseded" }.into(),
                    0_i64.into(),
                    (*at).into(),
                ]);
            }
            let waits = known.into_iter().filter(|(_, state)| state == "waiting").map(|(id, _)| id);
            vain.extend(waits.filter(|id| !effects.iter().any(|effect| effect.id == *id)));
        }
        self.run_rows(
            "UPDATE outbox SET state = 'superseded' WHERE state = 'waiting' AND (lead, series) IN (VALUES {rows})",
            &followed,
        )?;
        self.run_rows(
            "INSERT INTO outbox (id, lead, at, kind, series, target, body, state, attempts, next) VALUES {rows} \
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, next = excluded.next",
            &new,
        )?;
        let withdraw = "UPDATE outbox SET state = 'withdrawn' WHERE state = 'waiting' AND id IN {keys}";
        self.run_keys(withdraw, vain.iter().map(String::as_str))?;
        Ok(!new.is_empty() || !vain.is_empty())
    }

    /// The state of each message of a lead that was requested after an instant, by its id.
    fn effects_after(&mut self, lead: &str, from: Option<Instant>) -> Result<FxHashMap<String, String>> {
        let from = from.map_or(i64::MIN, micros);
        let rows =
            self.rows("SELECT id, state FROM outbox WHERE lead = $1 AND at > $2", &[lead.into(), from.into()])?;
        rows.into_iter().map(|mut row| Ok((row.word()?, row.word()?))).collect()
    }

    /// Takes what is to be sent to them by now, so that nobody else sends it until `lease`. What is about a lead to which
    /// time has yet to do something stays: a later reminder may replace it. To be called while writing.
    pub fn claim(&mut self, to: &Recipients, now: Instant, lease: Instant, limit: usize) -> Result<Vec<Delivery>> {
        let mut values = vec![now.into()];
        let to = to.condition(&mut values);
        values.push(limit.into());
        let which = format!(
            "state = 'waiting' AND next <= $1 \
             AND NOT EXISTS (SELECT 1 FROM projections s WHERE s.lead = outbox.lead AND s.due <= $1){to} \
             ORDER BY next, id LIMIT ${}",
            values.len()
        );
        let found = self.deliveries_where(&which, &values)?;
        for delivery in &found {
            self.run("UPDATE outbox SET next = $1 WHERE id = $2", &[lease.into(), (&delivery.id).into()])?;
        }
        Ok(found)
    }

    /// Gives back what was taken and not tried.
    pub fn give_back(&mut self, delivery: &Delivery) -> Result<()> {
        let statement = "UPDATE outbox SET next = $1 WHERE id = $2 AND state = 'waiting'";
        self.run(statement, &[delivery.next.into(), (&delivery.id).into()])?;
        Ok(())
    }

    /// When the next attempt to send them something is due.
    pub fn next_attempt(&mut self, to: &Recipients) -> Result<Option<Instant>> {
        let mut values = Vec::new();
        let to = to.condition(&mut values);
        let statement = format!("SELECT next FROM outbox WHERE state = 'waiting'{to} ORDER BY next, id LIMIT 1");
        let rows = self.rows(&statement, &values)?;
        rows.into_iter().next().map(|mut row| row.at()).transpose()
    }

    /// Says what became of a try: `sent`, `dead`, or `waiting` for another one.
    pub fn settle(&mut self, id: &str, state: &str, next: Instant, why: Option<&str>) -> Result<()> {
        self.run(
            "UPDATE outbox SET state = $1, attempts = attempts + 1, next = $2, why = $3 \
             WHERE id = $4 AND state = 'waiting'",
            &[state.into(), next.into(), why.into(), id.into()],
        )?;
        Ok(())
    }

    /// Sends a dead delivery again; false when there is none of that id.
    pub fn resend(&mut self, id: &str, now: Instant) -> Result<bool> {
        let statement = "UPDATE outbox SET state = 'waiting', attempts = 0, next = $1 WHERE id = $2 AND state = 'dead'";
        Ok(self.run(statement, &[now.into(), id.into()])? > 0)
    }

    /// Deliveries in a state, the oldest first.
    pub fn deliveries(&mut self, state: &str, limit: usize) -> Result<Vec<Delivery>> {
        self.deliveries_where("state = $1 ORDER BY at, id LIMIT $2", &[state.into(), limit.into()])
    }

    /// All deliveries about a lead, the oldest first.
    pub fn deliveries_of(&mut self, lead: &str) -> Result<Vec<Delivery>> {
        self.deliveries_where("lead = $1 ORDER BY at, id", &[lead.into()])
    }

    fn deliveries_where(&mut self, which: &str, values: &[SqlValue]) -> Result<Vec<Delivery>> {
        let rows = self.rows(&format!("SELECT {COLUMNS} FROM outbox WHERE {which}"), values)?;
        let deliveries = rows.into_iter().map(|mut row| {
            Ok(Delivery {
                id: row.word()?,
                lead: row.word()?,
                at: row.at()?,
                kind: row.word()?,
                target: row.word()?,
                body: row.word()?,
                state: row.word()?,
                attempts: row.whole()?,
                next: row.at()?,
                why: row.text()?,
            })
        });
        deliveries.collect()
    }

    /// How much is on its way.
    pub fn outbox(&mut self) -> Result<Outbox> {
        // each is counted in an index of its own
        let pending = self.count("SELECT count(*) FROM outbox WHERE state = 'waiting'", &[])?;
        let dead = self.count("SELECT count(*) FROM outbox WHERE state = 'dead'", &[])?;
        Ok(Outbox { pending, dead })
    }
}
