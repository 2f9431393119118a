//! Writers of one process write in the order in which they came. SQLite lets in whoever asks at the right moment: one who
//! writes all the time would keep the others out.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Whose turn it is, shared by all connections of a process to one store.
#[derive(Debug, Clone, Default)]
pub(super) struct WriteQueue(Arc<(Mutex<Numbers>, Condvar)>);

#[derive(Debug, Default)]
struct Numbers {
    /// What the next one who comes gets.
    next: u64,
    /// Whose turn it is.
    now: u64,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(super) struct WriteTurn(WriteQueue);

impl WriteQueue {
    /// Waits for a turn.
    pub(super) fn wait(&self) -> WriteTurn {
        let (numbers, called) = &*self.0;
        let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = numbers.next;
        numbers.next += 1;
        // nobody panics between the lines that change the numbers: what they say holds
        drop(called.wait_while(numbers, |numbers| numbers.now != mine));
        WriteTurn(self.clone())
    }
}

impl Drop for WriteTurn {
    fn drop(&mut self) {
        let (numbers, called) = &*self.0.0;
        numbers.lock().unwrap_or_else(PoisonError::into_inner).now += 1;
        called.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_came_first_is_first() {
        let turns = WriteQueue::default();
        let first = turns.wait();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for number in 1..=5 {
            let (mine, order) = (turns.clone(), order.clone());
            waiting.push(std::thread::spawn(move || {
                let _turn = mine.wait();
                order.lock().unwrap().push(number);
            }));
            while turns.0.0.lock().unwrap().next <= number {
                std::thread::yield_now();
            }
        }
        drop(first);
        waiting.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(*order.lock().unwrap(), [1, 2, 3, 4, 5]);
    }
}
