//! Work on several threads, what comes of it in order.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

/// What one thread does with a piece of work.
pub(super) type Worker<'w, T, R> = Box<dyn FnMut(T) -> R + 'w>;

/// Hands pieces of work to whichever thread is free, and takes what comes of them in the order of the pieces. At most two for
/// each thread are under way, so memory does not grow with their number.
///
/// # Errors
/// When `done` fails, or a thread dies.
pub(super) fn spread<'w, T: Send, R: Send>(
    threads: usize,
    work: &mut dyn FnMut() -> Option<T>,
    worker: &(dyn Fn() -> Worker<'w, T, R> + Sync),
    done: &mut dyn FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    if threads <= 1 {
        let mut worker = worker();
        while let Some(piece) = work() {
            done(worker(piece))?;
        }
        return Ok(());
    }
    let (to, from) = sync_channel::<(u64, T)>(threads);
    let (results, finished) = sync_channel::<(u64, R)>(2 * threads);
    let from = Mutex::new(from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (results, from) = (results.clone(), &from);
            scope.spawn(move || {
                let mut worker = worker();
                loop {
                    let next = from.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, piece)) = next else { break };
                    if results.send((number, worker(piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut waiting: BTreeMap<u64, R> = BTreeMap::new();
        let (mut sent, mut taken) = (0_u64, 0_u64);
        let mut feed = Some(to);
        while feed.is_some() || taken < sent {
            while let Some(to) = feed.as_ref().filter(|_| sent - taken < 2 * threads as u64) {
                match work().map(|piece| to.send((sent, piece))) {
                    Some(Ok(())) => sent += 1,
                    _ => feed = None,
                }
            }
            if taken < sent {
                let (number, result) = finished.recv().map_err(|_| io::Error::other("a thread has died"))?;
                waiting.insert(number, result);
                while let Some(result) = waiting.remove(&taken) {
                    taken += 1;
                    done(result)?;
                }
            }
        }
        Ok(())
    })
}
