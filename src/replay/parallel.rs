//! Leads replayed one by one, on several threads. The order of what comes out is that of the leads.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::gather::{Gathered, Group, Reader};
use super::merge_group;
use super::summary::Summary;
use super::{LeadLog, Render};
use crate::leads::EventReader;
use crate::pact::Pact;
use crate::time::Instant;

/// Rows that go to a thread together.
const BATCH: usize = 4096;

type Batch = (u64, Vec<Group>);
type Done = (u64, io::Result<Vec<u8>>);

pub(super) fn replay(
    pact: &Pact,
    gathered: Gathered,
    until: Instant,
    threads: usize,
    render: &Render<'_>,
    out: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Summary> {
    let (reader, mut groups) = gathered.groups()?.split();
    let mut relatives: Vec<Group> = Vec::new();
    let mut batch = || -> io::Result<Vec<Group>> {
        let (mut batch, mut rows) = (Vec::new(), 0);
        while rows < BATCH {
            let Some(group) = groups()? else { break };
            if group.merged {
                relatives.push(group);
                continue;
            }
            rows += group.rows.len();
            batch.push(group);
        }
        Ok(batch)
    };
    let work = Work { pact, reader: &reader, until, render };
    let mut summary = if threads == 1 {
        let mut summary = Summary::default();
        let mut readers = reader.readers(pact);
        loop {
            let groups = batch()?;
            if groups.is_empty() {
                break;
            }
            out(&work.replay_events(&groups, &mut readers, &mut summary)?)?;
        }
        summary
    } else {
        work.spread(threads, &mut batch, out)?
    };
    let mut readers = reader.readers(pact);
    let leads: Vec<LeadLog> = relatives.iter().filter_map(|group| reader.lead(&mut readers, group)).collect();
    let mut bytes = Vec::new();
    for replayed in merge_group::together(pact, leads, until) {
        summary.add(pact, &replayed);
        render(&replayed, &mut bytes)?;
    }
    out(&bytes)?;
    Ok(summary)
}

struct Work<'w> {
    pact: &'w Pact,
    reader: &'w Reader,
    until: Instant,
    render: &'w Render<'w>,
}

impl Work<'_> {
    fn replay_events(
        &self,
        groups: &[Group],
        readers: &mut [EventReader<'_>],
        summary: &mut Summary,
    ) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for lead in groups.iter().filter_map(|group| self.reader.lead(readers, group)) {
            let replayed = lead.replay_events(self.pact, self.until);
            summary.add(self.pact, &replayed);
            (self.render)(&replayed, &mut bytes)?;
        }
        Ok(bytes)
    }

    /// Batches go to whichever thread is free; what comes back early waits for its turn.
    fn spread(
        &self,
        threads: usize,
        batch: &mut dyn FnMut() -> io::Result<Vec<Group>>,
        out: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Summary> {
        let (to, from): (SyncSender<Batch>, Receiver<Batch>) = sync_channel(threads);
        let (done, results): (SyncSender<Done>, Receiver<Done>) = sync_channel(2 * threads);
        let from = Mutex::new(from);
        let total = Mutex::new(Summary::default());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (done, from, total) = (done.clone(), &from, &total);
                scope.spawn(move || {
                    let mut readers = self.reader.readers(self.pact);
                    let mut summary = Summary::default();
                    loop {
                        let next = from.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok((number, groups)) = next else { break };
                        let bytes = self.replay_events(&groups, &mut readers, &mut summary);
                        if done.send((number, bytes)).is_err() {
                            break;
                        }
                    }
                    total.lock().unwrap_or_else(PoisonError::into_inner).merge(summary);
                });
            }
            drop(done);
            let mut waiting: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
            let (mut sent, mut written) = (0_u64, 0_u64);
            let mut feed = Some(to);
            while feed.is_some() || written < sent {
                // at most so many are under way that no thread waits for a full channel
                while let Some(to) = feed.as_ref().filter(|_| sent - written < 2 * threads as u64) {
                    let groups = batch()?;
                    if groups.is_empty() || to.send((sent, groups)).is_err() {
                        feed = None;
                        break;
                    }
                    sent += 1;
                }
                if written < sent {
                    let (number, bytes) = results.recv().map_err(|_| io::Error::other("a thread has died"))?;
                    waiting.insert(number, bytes?);
                    while let Some(bytes) = waiting.remove(&written) {
                        out(&bytes)?;
                        written += 1;
                    }
                }
            }
            io::Result::Ok(())
        })?;
        Ok(total.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
