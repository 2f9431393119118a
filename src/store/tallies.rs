//! How many leads and events there are, and how many leads in each stage. A write adds what it changes, so that whoever asks
//! reads a few rows, however many leads there are.

use std::collections::BTreeMap;

use super::{Result, SqlRow, SqlValue, Store};

/// A pipeline and a stage of it.
type StageName = (String, String);

/// By how much the numbers of leads in stages change: all of them, and those that rest.
#[derive(Debug, Default)]
pub(super) struct StageChanges(BTreeMap<StageName, (i64, i64)>);

impl StageChanges {
    /// A lead comes into a stage, or goes (-1); none where it is in none.
    pub(super) fn add(&mut self, pipeline: Option<&str>, stage: Option<&str>, resting: bool, count: i64) {
        let (Some(pipeline), Some(stage)) = (pipeline, stage) else { return };
        let change = self.0.entry((pipeline.to_owned(), stage.to_owned())).or_default();
        change.0 += count;
        change.1 += count * i64::from(resting);
    }
}

impl dyn Store + '_ {
    /// Adds to a number by its name: `events` or `leads`.
    pub(super) fn add_to_tally(&mut self, name: &str, count: i64) -> Result<()> {
        if count != 0 {
            self.run("UPDATE tallies SET n = n + $1 WHERE name = $2", &[count.into(), name.into()])?;
        }
        Ok(())
    }

    /// Adds to the numbers of leads in stages.
    pub(super) fn add_to_stages(&mut self, changes: &StageChanges) -> Result<()> {
        let changed = changes.0.iter().filter(|(_, change)| **change != (0, 0));
        let row = |((pipeline, stage), (leads, resting)): (&StageName, &(i64, i64))| -> [SqlValue; 4] {
            [pipeline.into(), stage.into(), (*leads).into(), (*resting).into()]
        };
        self.run_rows(
            "INSERT INTO stage_tallies (pipeline, stage, leads, resting) VALUES {rows} \
             ON CONFLICT (pipeline, stage) DO UPDATE SET leads = stage_tallies.leads + excluded.leads, \
             resting = stage_tallies.resting + excluded.resting",
            &changed.map(row).collect::<Vec<_>>(),
        )
    }

    /// Takes leads out of the stages in which their projections say that they are.
    pub(super) fn leave_stages<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<()> {
        let statement = "SELECT pipeline, stage, resting FROM projections WHERE lead IN {keys}";
        let mut changes = StageChanges::default();
        for mut row in self.rows_of_keys(statement, leads)? {
            let (pipeline, stage, resting) = (row.text()?, row.text()?, row.whole()? != 0);
            changes.add(pipeline.as_deref(), stage.as_deref(), resting, -1);
        }
        self.add_to_stages(&changes)
    }

    /// How many events there are.
    pub fn count_events(&mut self) -> Result<i64> {
        self.tally("events")
    }

    /// How many leads there are.
    pub fn count_leads(&mut self) -> Result<i64> {
        self.tally("leads")
    }

    fn tally(&mut self, name: &str) -> Result<i64> {
        self.count("SELECT n FROM tallies WHERE name = $1", &[name.into()])
    }

    /// How many leads are in each stage, and how many of them rest.
    pub fn stage_counts(&mut self) -> Result<Vec<(String, String, i64, i64)>> {
        let rows = self.rows(
            "SELECT pipeline, stage, leads, resting FROM stage_tallies WHERE leads > 0 ORDER BY pipeline, stage",
            &[],
        )?;
        let count = |mut row: SqlRow| Ok((row.word()?, row.word()?, row.whole()?, row.whole()?));
        rows.into_iter().map(count).collect()
    }
}
