//! Which leads changed, in order, here or by another instance.

use super::{Result, SqlValue, Store};

impl dyn Store + '_ {
    /// Records that leads changed. To be called while writing.
    pub fn put_changes<'l>(&mut self, leads: impl IntoIterator<Item = &'l str>) -> Result<()> {
        let first = self.last_change()? + 1;
        let rows: Vec<[SqlValue; 2]> =
            leads.into_iter().zip(first..).map(|(lead, n)| [n.into(), lead.into()]).collect();
        self.run_rows("INSERT INTO changes (n, lead) VALUES {rows}", &rows)
    }

    /// The number of the last change; 0 where there was none.
    pub fn last_change(&mut self) -> Result<i64> {
        self.count("SELECT coalesce(max(n), 0) FROM changes", &[])
    }

    /// The next changes after one, each with its number; none when those that followed it are forgotten.
    pub fn changes_after(&mut self, number: i64, limit: usize) -> Result<Option<Vec<(i64, String)>>> {
        let statement = "SELECT n, lead FROM changes WHERE n > $1 ORDER BY n LIMIT $2";
        let rows = self.rows(statement, &[number.into(), limit.into()])?;
        let changes = rows.into_iter().map(|mut row| Ok((row.whole()?, row.word()?))).collect::<Result<Vec<_>>>()?;
        let follows = changes.first().is_none_or(|(first, _)| *first == number + 1);
        Ok(follows.then_some(changes))
    }

    /// Forgets all changes but the last so many, and never the last one: its number is not given again.
    pub fn forget_changes(&mut self, but: usize) -> Result<()> {
        self.run("DELETE FROM changes WHERE n <= (SELECT max(n) FROM changes) - $1", &[but.max(1).into()])?;
        Ok(())
    }
}
