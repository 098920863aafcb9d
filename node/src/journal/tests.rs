use super::*;

/// A new journal, with its path and the folder that goes when it is dropped.
fn fresh() -> (tempfile::TempDir, PathBuf, Journal) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("journal");
    let (journal, _) = Journal::open(&path, 0).expect("a new journal");
    (dir, path, journal)
}

#[test]
fn a_torn_end_costs_nothing_that_was_acknowledged() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    let acknowledged = journal.len();
    journal.append([[2u8; 300].as_slice()]).expect("appended");
    let whole = std::fs::read(&path).expect("read");
    for cut in acknowledged as usize..whole.len() {
        std::fs::write(&path, &whole[..cut]).expect("cut");
        let (journal, tail) = Journal::open(&path, 0).expect("opens");
        assert_eq!((journal.len(), tail.records.len()), (acknowledged, 1), "cut at {cut}");
    }
}

#[test]
fn what_was_taken_back_is_gone_and_the_rest_goes_on() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    let acknowledged = journal.len();
    journal.append([[2u8; 300].as_slice()]).expect("appended");
    journal.take_back(acknowledged).expect("taken back");
    journal.append([[3u8; 300].as_slice()]).expect("appended");
    assert_eq!(journal.since(acknowledged).expect("read").records, [vec![3; 300]]);
    let (_, tail) = Journal::open(&path, 0).expect("opens");
    assert_eq!((tail.records, tail.torn_bytes), (vec![vec![1; 300], vec![3; 300]], 0));
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_acknowledged_after_a_failed_write() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    // A device that is always full.
    journal.file = OpenOptions::new().write(true).open("/dev/full").expect("it is there");
    let refused = journal.append([[2u8; 300].as_slice()]).expect_err("no room");
    assert!(crate::disk::Refusal::of(&refused).expect("the disk's").full);
    journal.append([[3u8; 300].as_slice()]).expect("there is room again");
    let (_, tail) = Journal::open(&path, 0).expect("opens");
    assert_eq!(tail.records, [vec![1; 300], vec![3; 300]]);
}

#[test]
fn damage_in_the_middle_hides_nothing_that_follows() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    let start = journal.len();
    journal.append([[2u8; 300].as_slice()]).expect("appended");
    journal.append([[3u8; 300].as_slice()]).expect("appended");
    let whole = std::fs::read(&path).expect("read");
    let end = start as usize + (whole.len() - start as usize) / 2;
    for at in start as usize..end {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).expect("damaged");
        let (mut journal, tail) = Journal::open(&path, 0).expect("opens");
        assert_eq!((tail.records, tail.damaged), (vec![vec![1; 300], vec![3; 300]], true), "byte {at}");
        journal.append([[4u8; 300].as_slice()]).expect("appended");
        let (_, tail) = Journal::open(&path, 0).expect("opens");
        assert_eq!((tail.records.len(), tail.damaged), (3, false), "the damage is cut out");
    }
}

#[test]
fn a_round_of_checks_meets_every_damage_and_none_where_none_is() {
    let (_dir, path, mut journal) = fresh();
    let round = |journal: &mut Journal| {
        let mut steps = 0;
        loop {
            steps += 1;
            match journal.check(1).expect("readable") {
                Checked::SoFar => {}
                found => return (found, steps),
            }
        }
    };
    assert_eq!(round(&mut journal), (Checked::Whole, 1));
    for n in 1..=3 {
        journal.append([[n; 300].as_slice()]).expect("appended");
    }
    assert_eq!(round(&mut journal), (Checked::Whole, 4));
    // What is appended in the middle of a round belongs to it; a rewriting begins it anew.
    assert_eq!(journal.check(1).expect("readable"), Checked::SoFar);
    journal.append([[4u8; 300].as_slice()]).expect("appended");
    assert_eq!(round(&mut journal), (Checked::Whole, 4));
    assert_eq!(journal.check(1).expect("readable"), Checked::SoFar);
    journal.rewrite(|bytes| bytes[0] != 2).expect("rewritten");
    assert_eq!(round(&mut journal), (Checked::Whole, 4));
    let whole = std::fs::read(&path).expect("read");
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).expect("damaged");
        assert_eq!(round(&mut journal).0, Checked::Damaged, "byte {at}");
    }
    assert!(journal.readable().expect("readable").len() >= 2);
}

#[test]
fn a_note_from_before_a_rewriting_is_not_trusted() {
    let (_dir, path, mut journal) = fresh();
    journal.append([(0..255u8).collect::<Vec<_>>().as_slice()]).expect("appended");
    let noted = journal.len();
    journal.rewrite(|_| false).expect("rewritten");
    while journal.len() <= noted {
        journal.append([[2u8; 300].as_slice()]).expect("appended");
    }
    let (again, tail) = Journal::open(&path, noted).expect("opens");
    assert_eq!((again.len(), tail.damaged), (journal.len(), false));
    assert!(!tail.records.is_empty());
}

#[test]
fn what_is_not_kept_is_gone_from_the_disk() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice(), &[2; 300]]).expect("appended");
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    journal.rewrite(|record| record[0] == 2).expect("rewritten");
    journal.append([[3u8; 300].as_slice()]).expect("appended");
    let (again, tail) = Journal::open(&path, 0).expect("opens");
    assert_eq!(tail.records, [vec![2; 300], vec![3; 300]]);
    assert_eq!(again.len(), journal.len());
}

#[test]
fn only_what_the_store_lacks_is_read() {
    let (_dir, path, mut journal) = fresh();
    journal.append([[1u8; 300].as_slice()]).expect("appended");
    let noted = journal.len();
    journal.append([[2u8; 300].as_slice(), &[3; 300]]).expect("appended");
    let (_, tail) = Journal::open(&path, noted).expect("opens");
    assert_eq!(tail.records, [vec![2; 300], vec![3; 300]]);
}
