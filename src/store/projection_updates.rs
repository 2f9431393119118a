//! Projections are stored. Most of each is nearly always what it was, and is left alone.

use rustc_hash::FxHashMap;

use super::tallies::StageChanges;
use super::{Projection, Result, SqlValue, Store, to_stored_json};

/// The projection of a lead, in place of the one that is stored.
#[derive(Debug, Clone, Copy)]
pub struct ProjectionUpdate<'a> {
    /// The lead.
    pub lead: &'a str,
    /// Its projection.
    pub projection: &'a Projection,
    /// The one that is stored, where that is known; else it is read.
    pub before: Option<&'a Projection>,
}

impl dyn Store + '_ {
    /// Stores the projections of leads, each once.
    pub fn put_projections(&mut self, updates: &[ProjectionUpdate<'_>]) -> Result<()> {
        let unknown = || updates.iter().filter(|update| update.before.is_none()).map(|update| update.lead);
        self.leave_stages(unknown())?;
        let rows = self.rows_of_keys("SELECT lead, projection FROM projections WHERE lead IN {keys}", unknown())?;
        let stored = rows.into_iter().map(|mut row| Ok((row.word()?, row.word()?)));
        let stored = stored.collect::<Result<Vec<(String, String)>>>()?.into_iter();
        // one that cannot be read is worked out anew
        let read = stored.filter_map(|(lead, json)| Some((lead, serde_json::from_str(&json).ok()?)));
        let stored: FxHashMap<String, Projection> = read.collect();
        let changes: Vec<Change<'_>> = updates
            .iter()
            .map(|ProjectionUpdate { lead, projection, before }| {
                let before = before.or_else(|| stored.get(*lead));
                let stays = before.is_some_and(|before| before.place() == projection.place());
                Change { lead, projection, before, stays }
            })
            .collect();
        self.put_places(&changes)?;
        let mut stages = StageChanges::default();
        for ProjectionUpdate { projection, before, .. } in updates {
            // of those that were read, the places of before are taken out already
            for (projection, count) in before.iter().map(|before| (*before, -1)).chain([(*projection, 1)]) {
                let Projection { pipeline, stage, resting, .. } = projection;
                stages.add(pipeline.as_deref(), stage.as_deref(), *resting, count);
            }
        }
        self.add_to_stages(&stages)?;
        self.put_points(&changes)?;
        self.put_clocks(&changes)?;
        let other_terms = changes.iter().filter(|change| change.is_new(|projection| &projection.terms));
        self.put_terms(&other_terms.map(|change| (change.lead, &change.projection.terms)).collect::<Vec<_>>())
    }

    /// Forgets the projection of a lead, so that the next one is stored whole.
    pub fn forget_projection(&mut self, lead: &str) -> Result<()> {
        self.leave_stages([lead])?;
        self.run("DELETE FROM projections WHERE lead = $1", &[lead.into()])?;
        Ok(())
    }

    fn put_places(&mut self, changes: &[Change<'_>]) -> Result<()> {
        let (mut stay, mut move_on) = (Vec::new(), Vec::new());
        for Change { lead, projection, stays, .. } in changes {
            let ([pipeline, stage, owner, team, person, queue], resting) = projection.place();
            let row: [SqlValue; 11] = [
                (*lead).into(),
                pipeline.into(),
                stage.into(),
                owner.into(),
                team.into(),
                person.into(),
                queue.into(),
                i64::from(resting).into(),
                projection.due.into(),
                (&to_stored_json(&projection.scores)?).into(),
                (&to_stored_json(projection)?).into(),
            ];
            if *stays { &mut stay } else { &mut move_on }.push(row);
        }
        // no index is touched for what has not changed
        let what_passes = "due = excluded.due, scores = excluded.scores, projection = excluded.projection";
        let place = "pipeline = excluded.pipeline, stage = excluded.stage, owner = excluded.owner, \
                     team = excluded.team, person = excluded.person, queue = excluded.queue, \
                     resting = excluded.resting";
        let statement = |set: &str| {
            format!(
                "INSERT INTO projections \
                 (lead, pipeline, stage, owner, team, person, queue, resting, due, scores, projection) \
                 VALUES {{rows}} ON CONFLICT (lead) DO UPDATE SET {set}"
            )
        };
        self.run_rows(&statement(what_passes), &stay)?;
        self.run_rows(&statement(&format!("{place}, {what_passes}")), &move_on)
    }

    fn put_points(&mut self, changes: &[Change<'_>]) -> Result<()> {
        let same_scores = |change: &&Change<'_>| {
            change.before.is_some_and(|before| before.scores.keys().eq(change.projection.scores.keys()))
        };
        let others = changes.iter().filter(|change| !same_scores(change)).map(|change| change.lead);
        self.run_keys("DELETE FROM points WHERE lead IN {keys}", others)?;
        let mut rows = Vec::new();
        for change in changes {
            let ([pipeline, stage, owner, team, person, queue], _) = change.projection.place();
            let before = change.before.filter(|_| change.stays);
            for (score, points) in &change.projection.scores {
                if before.and_then(|before| before.scores.get(score)) != Some(points) {
                    rows.push([
                        change.lead.into(),
                        score.into(),
                        (*points).into(),
                        pipeline.into(),
                        stage.into(),
                        owner.into(),
                        team.into(),
                        person.into(),
                        queue.into(),
                    ]);
                }
            }
        }
        self.run_rows(
            "INSERT INTO points (lead, score, points, pipeline, stage, owner, team, person, queue) VALUES {rows} \
             ON CONFLICT (lead, score) DO UPDATE SET points = excluded.points, pipeline = excluded.pipeline, \
             stage = excluded.stage, owner = excluded.owner, team = excluded.team, person = excluded.person, \
             queue = excluded.queue",
            &rows,
        )
    }

    fn put_clocks(&mut self, changes: &[Change<'_>]) -> Result<()> {
        let others = || changes.iter().filter(|change| !change.stays || change.is_new(|projection| &projection.clocks));
        self.run_keys("DELETE FROM clocks WHERE lead IN {keys}", others().map(|change| change.lead))?;
        let mut rows = Vec::new();
        for Change { lead, projection, .. } in others() {
            for (n, clock) in projection.clocks.iter().enumerate() {
                rows.push([
                    (*lead).into(),
                    n.into(),
                    (&clock.sla).into(),
                    (&clock.promise).into(),
                    (&clock.state).into(),
                    clock.due.into(),
                    projection.stage.as_deref().into(),
                    projection.team.as_deref().into(),
                    projection.person.as_deref().into(),
                ]);
            }
        }
        self.run_rows(
            "INSERT INTO clocks (lead, n, sla, promise, state, due, stage, team, person) VALUES {rows}",
            &rows,
        )
    }
}

/// A projection beside the one that is stored.
struct Change<'a> {
    lead: &'a str,
    projection: &'a Projection,
    /// None where there is none, or one that cannot be read.
    before: Option<&'a Projection>,
    /// Whether the lead is listed where it was.
    stays: bool,
}

impl Change<'_> {
    /// Whether something of the projection is not what is stored.
    fn is_new<T: PartialEq>(&self, part: impl Fn(&Projection) -> &T) -> bool {
        self.before.is_none_or(|before| part(before) != part(self.projection))
    }
}
