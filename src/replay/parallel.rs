//! Leads replayed family by family, on several threads: nearly every lead is one by itself. The order of what comes out is
//! that of the families.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::gather::{Family, Gathered, Reader};
use super::merge_group;
use super::summary::Summary;
use super::{Render, ReplayedLead, UpTo};
use crate::leads::EventReader;
use crate::pact::Pact;

/// Rows that go to a thread together.
const BATCH: usize = 4096;

type Batch = (u64, Vec<Family>);
type Done = (u64, io::Result<Vec<u8>>);

pub(super) fn replay(
    pact: &Pact,
    gathered: Gathered,
    up_to: UpTo,
    threads: usize,
    render: &Render<'_>,
    out: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Summary> {
    let (reader, mut families) = gathered.families()?.split();
    let mut batch = || -> io::Result<Vec<Family>> {
        let (mut batch, mut rows) = (Vec::new(), 0);
        while rows < BATCH {
            let Some(family) = families()? else { break };
            rows += family.leads.iter().map(|group| group.rows.len()).sum::<usize>();
            batch.push(family);
        }
        Ok(batch)
    };
    let work = Work { pact, reader: &reader, up_to, render };
    if threads > 1 {
        return work.spread(threads, &mut batch, out);
    }
    let mut summary = Summary::default();
    let mut readers = reader.readers(pact);
    loop {
        let families = batch()?;
        if families.is_empty() {
            return Ok(summary);
        }
        out(&work.replay_events(&families, &mut readers, &mut summary)?)?;
    }
}

struct Work<'w> {
    pact: &'w Pact,
    reader: &'w Reader,
    up_to: UpTo,
    render: &'w Render<'w>,
}

impl Work<'_> {
    fn replay_events(
        &self,
        families: &[Family],
        readers: &mut [EventReader<'_>],
        summary: &mut Summary,
    ) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for family in families {
            let leads = family.leads.iter().filter_map(|group| self.reader.lead(self.pact, readers, group));
            let replayed: Vec<ReplayedLead> = match family.related {
                true => merge_group::together(self.pact, leads.collect(), self.up_to),
                false => leads.map(|lead| lead.replay(self.pact, self.up_to)).collect(),
            };
            for replayed in replayed {
                summary.add(self.pact, &replayed);
                (self.render)(&replayed, &mut bytes)?;
            }
        }
        Ok(bytes)
    }

    /// Batches go to whichever thread is free; what comes back early waits for its turn.
    fn spread(
        &self,
        threads: usize,
        batch: &mut dyn FnMut() -> io::Result<Vec<Family>>,
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
                        let Ok((number, families)) = next else { break };
                        let bytes = self.replay_events(&families, &mut readers, &mut summary);
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
                    let families = batch()?;
                    if families.is_empty() || to.send((sent, families)).is_err() {
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
