//! Doing the same to many things on all cores: checking and packing records takes longer than
//! storing them, and no record needs another for it.

use std::num::NonZeroUsize;
use std::sync::{LazyLock, mpsc};
use std::thread;

/// Things of one thread at the least: to start one takes as long as to check half a record.
const SHARE_MIN: usize = 8;

/// Cores that this process may use. Asked once: on Linux each answer reads files.
static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZeroUsize::get));

/// What `work` makes of each item, in the order of the items.
pub fn map<T: Send, U: Send>(items: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let threads = (*CORES).min(items.len() / SHARE_MIN);
    if threads < 2 {
        return items.into_iter().map(work).collect();
    }
    let share = items.len().div_ceil(threads);
    let mut items = items.into_iter();
    let first: Vec<T> = items.by_ref().take(share).collect();
    thread::scope(|scope| {
        let work = &work;
        let mut others = Vec::new();
        loop {
            let some: Vec<T> = items.by_ref().take(share).collect();
            if some.is_empty() {
                break;
            }
            others.push(scope.spawn(move || some.into_iter().map(work).collect::<Vec<U>>()));
        }
        let mut done: Vec<U> = first.into_iter().map(work).collect();
        for other in others {
            match other.join() {
                Ok(some) => done.extend(some),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

/// Takes what `work` makes of each item, a part of so many at a time and in their order: while one part is taken,
/// the next is made. So storing, which is one thing after the other, leaves no core without work.
///
/// # Errors
/// The first error of `take`; what comes after is not taken.
pub fn flow<T: Send, U: Send, E>(
    items: Vec<T>,
    part: usize,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(Vec<U>) -> Result<(), E>,
) -> Result<(), E> {
    if items.len() <= part {
        return take(map(items, work));
    }
    let (sender, made) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        let work = &work;
        scope.spawn(move || {
            let mut items = items.into_iter();
            loop {
                let some: Vec<T> = items.by_ref().take(part).collect();
                // Nobody takes it any more after an error.
                if some.is_empty() || sender.send(map(some, work)).is_err() {
                    return;
                }
            }
        });
        made.into_iter().try_for_each(&mut take)
    })
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
    fn the_order_stays_however_many_there_are() {
        for count in [0, 1, 15, 16, 17, 1_000, 1_001] {
            let doubled: Vec<usize> = super::map((0..count).collect(), |n| n * 2);
            assert_eq!(doubled, (0..count).map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
