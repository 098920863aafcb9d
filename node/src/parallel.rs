//! Doing the same to many things on all cores: checking and packing records takes longer than
//! storing them, and no record needs another for it.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{LazyLock, mpsc};
use std::thread::{self, JoinHandle};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Things that one thread takes at the least: to wake another takes as long as to check a tenth of a record.
const SHARE_MIN: usize = 4;

/// Parts that are made before they are taken: storing now and then takes longer, when the database splits pages.
const AHEAD: usize = 3;

/// A thread for each core that this process may use. They stay, with what each keeps for packing (`packing`), and
/// sleep while there is nothing to do. None where there is one core, or no thread to be had.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let pool = || ThreadPoolBuilder::new().num_threads(cores).thread_name(|n| format!("records-{n}")).build().ok();
    (cores > 1).then(pool).flatten()
});

/// What `work` makes of each item, in the order of the items.
pub fn map<T: Send, U: Send>(items: Vec<T>, work: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    match &*POOL {
        Some(pool) if items.len() >= 2 * SHARE_MIN => {
            pool.install(|| items.into_par_iter().with_min_len(SHARE_MIN).map(work).collect())
        }
        _ => items.into_iter().map(work).collect(),
    }
}

/// Does one thing while another waits for the disk.
pub fn beside<A: Send, B>(aside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        (aside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), here)
    })
}

/// Makes parts of so many items, in their order, until nobody takes them any more.
fn make<T: Send, U: Send>(items: Vec<T>, part: usize, work: impl Fn(T) -> U + Sync + Send, made: &SyncSender<Vec<U>>) {
    let mut items = items.into_iter();
    loop {
        let some: Vec<T> = items.by_ref().take(part).collect();
        if some.is_empty() || made.send(map(some, &work)).is_err() {
            return;
        }
    }
}

/// Takes what `work` makes of each item, a part of so many at a time and in their order: while one part is taken,
/// others are made. So storing, which is one thing after the other, leaves no core without work.
///
/// # Errors
/// The first error of `take`; what comes after is not taken.
pub fn flow<T: Send, U: Send, E>(
    items: Vec<T>,
    part: usize,
    work: impl Fn(T) -> U + Sync + Send,
    mut take: impl FnMut(Vec<U>) -> Result<(), E>,
) -> Result<(), E> {
    if items.len() <= part {
        return take(map(items, work));
    }
    let (sender, made) = mpsc::sync_channel(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || make(items, part, work, &sender));
        made.into_iter().try_for_each(&mut take)
    })
}

/// What is made of many items while whoever wants it does something else first.
#[derive(Debug)]
pub struct Parts<U> {
    made: Receiver<Vec<U>>,
    maker: JoinHandle<()>,
}

impl<U: Send + 'static> Parts<U> {
    /// Begins to make parts of so many of `items`, which are at most `most`. All of them may be ready before one
    /// is taken.
    pub fn begin<T: Send>(
        items: impl FnOnce() -> Vec<T> + Send + 'static,
        most: usize,
        part: usize,
        work: impl Fn(T) -> U + Sync + Send + 'static,
    ) -> Self {
        let (sender, made) = mpsc::sync_channel(most.div_ceil(part));
        Self { made, maker: thread::spawn(move || make(items(), part, work, &sender)) }
    }

    /// Takes all parts, in their order.
    ///
    /// # Errors
    /// The first error of `take`; what comes after is not taken.
    pub fn take<E>(self, mut take: impl FnMut(Vec<U>) -> Result<(), E>) -> Result<(), E> {
        self.made.into_iter().try_for_each(&mut take)?;
        // Parts that end early must not look like all of them.
        self.maker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_come_in_order_and_end_with_the_first_error() {
        for count in [0, 1, 10, 11, 95, 100] {
            let mut taken = Vec::new();
            let done = super::flow(
                (0..count).collect(),
                10,
                |n: usize| n * 2,
                |part| {
                    assert!(part.len() <= 10);
                    taken.extend(part);
                    Ok::<_, ()>(())
                },
            );
            assert_eq!((done, taken), (Ok(()), (0..count).map(|n| n * 2).collect()));
        }
        let mut parts = 0;
        let failed = super::flow(
            (0..100).collect(),
            10,
            |n: usize| n,
            |_| {
                parts += 1;
                if parts == 3 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((failed, parts), (Err("full"), 3));
    }

    #[test]
    fn parts_that_were_begun_are_all_there_later() {
        for count in [0, 1, 10, 95] {
            let parts = super::Parts::begin(move || (0..count).collect(), 95, 10, |n: usize| n * 2);
            let mut taken = Vec::new();
            let done = parts.take(|part| {
                taken.extend(part);
                Ok::<_, ()>(())
            });
            assert_eq!((done, taken), (Ok(()), (0..count).map(|n| n * 2).collect()));
        }
        let broken = super::Parts::begin(|| (0..95).collect(), 95, 10, |n: usize| assert!(n < 50));
        let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| broken.take(|_| Ok::<_, ()>(()))));
        assert!(taken.is_err(), "half of it is not all of it");
    }

    #[test]
    fn the_order_stays_however_many_there_are() {
        for count in [0, 1, 15, 16, 17, 1_000, 1_001] {
            let doubled: Vec<usize> = super::map((0..count).collect(), |n| n * 2);
            assert_eq!(doubled, (0..count).map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
