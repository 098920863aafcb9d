use super::*;
use crate::store::tests::Town;
use crdt::record::Kind;

/// Records of some 20 KB, so that a few dozen make a block.
const RECORDS: u8 = 110;

fn text(n: u8) -> String {
    let word = |at: u32| blake3::hash(&[&at.to_le_bytes()[..], &[n]].concat()).to_hex()[..6].to_owned();
    // Words of which a third comes again, as texts have them.
    (0..2_800).map(|at| word(at % 900)).collect::<Vec<_>>().join(" ")
}

fn town() -> Town {
    let mut town = Town::founded();
    for n in 0..RECORDS {
        town.publish(&text(n));
    }
    town
}

/// All blocks of a town with where each ends, as somebody copies them.
fn copied(town: &Town) -> Vec<(Vec<u8>, Option<OrderKey>)> {
    let mut blocks: Vec<(Vec<u8>, Option<OrderKey>)> = Vec::new();
    loop {
        let after = blocks.last().and_then(|(_, last)| *last);
        let (block, last) = town.store.block_to_copy(after).expect("read");
        if last.is_none() {
            return blocks;
        }
        blocks.push((block, last));
    }
}

/// The same in short, to be compared: nobody reads a failure of a million numbers.
fn told(blocks: &[(Vec<u8>, Option<OrderKey>)]) -> Vec<String> {
    blocks.iter().map(|(block, last)| format!("{} to {last:?}", blake3::hash(block).to_hex())).collect()
}

fn ids(block: &[u8]) -> Vec<RecordId> {
    let records = bundle::unpack(block).expect("a block").into_iter();
    records.map(|bytes| Record::parse(bytes).expect("a record").id()).collect()
}

fn order(town: &Town) -> Vec<RecordId> {
    town.store.order().expect("read").into_iter().map(|key| key.id).collect()
}

fn files(town: &Town) -> usize {
    fs::read_dir(&town.store.shelf.dir).map_or(0, Iterator::count)
}

#[test]
fn what_was_packed_once_is_given_again_as_it_was() {
    let town = town();
    let first = copied(&town);
    assert!(first.len() >= 3, "{} blocks", first.len());
    assert_eq!(files(&town), first.len() - 1, "the last one is still to grow");
    assert_eq!(first.iter().flat_map(|(block, _)| ids(block)).collect::<Vec<_>>(), order(&town));
    // What is given is what was kept: here with another block in the file, packed less.
    let (block, last) = &first[1];
    let records = bundle::unpack(block).expect("a block");
    let other = bundle::pack(records.iter().map(Vec::as_slice));
    let kept = Kept { last: last.expect("a place"), digest: digest(&ids(block)), block: other.clone() };
    town.store.shelf.put(first[0].1.as_ref(), &kept).expect("written");
    assert!(copied(&town)[1].0 == other, "it is packed again");
    assert_eq!(files(&town), first.len() - 1);
}

#[test]
fn a_rotten_missing_or_cut_file_is_packed_anew() {
    let town = town();
    let first = copied(&town);
    let path = town.store.shelf.path(None);
    let whole = fs::read(&path).expect("kept");
    let at = |n: usize| whole.len() * n / 10;
    for n in 0..10 {
        let mut rotten = whole.clone();
        rotten[at(n)] ^= 1 << (n % 8);
        for damaged in [rotten, whole[..at(n)].to_vec()] {
            fs::write(&path, damaged).expect("written");
            assert_eq!(told(&copied(&town)), told(&first), "damage {n}");
            assert!(fs::read(&path).expect("kept") == whole, "damage {n}: it is kept again");
        }
    }
    fs::remove_file(&path).expect("removed");
    assert_eq!(told(&copied(&town)), told(&first));
}

#[test]
fn what_comes_in_between_changes_its_own_block_alone() {
    let mut town = town();
    let before = copied(&town);
    // Somebody whose clock is behind publishes: a place in the first block.
    let mut other = Town::founded();
    other.made = 20;
    let late = other.publish("Здалеку");
    town.take(late.clone());
    let after = copied(&town);
    assert!(ids(&after[0].0).contains(&late.id()));
    assert_eq!(told(&after[1..]), told(&before[1..]), "they stay where they are");
    assert_eq!(after.iter().flat_map(|(block, _)| ids(block)).collect::<Vec<_>>(), order(&town));
    town.made = RECORDS;
    let last = town.publish("Щойно");
    let grown = copied(&town);
    assert_eq!(told(&grown[..grown.len() - 1]), told(&after[..after.len() - 1]));
    assert!(ids(&grown.last().expect("a block").0).contains(&last.id()));
}

#[test]
fn what_is_taken_back_is_in_no_kept_block() {
    let mut town = Town::founded();
    let mut records = Vec::new();
    for n in 0..RECORDS {
        records.push(town.publish(&text(n)));
    }
    copied(&town);
    assert!(files(&town) > 0);
    let withdrawal = town.sign(Kind::Withdrawal, 1, records[3].document_name(), b"{}");
    town.take(withdrawal);
    assert_eq!(files(&town), 0);
    let blocks = copied(&town);
    assert!(blocks.iter().all(|(block, _)| !ids(block).contains(&records[3].id())));
    assert_eq!(blocks.iter().flat_map(|(block, _)| ids(block)).collect::<Vec<_>>(), order(&town));
}

#[test]
fn what_a_peer_gave_is_given_on_only_if_it_is_what_stands_there() {
    let giver = town();
    let blocks = copied(&giver);
    let taker = Town::founded();
    for (block, _) in &blocks {
        for bytes in bundle::unpack(block).expect("a block") {
            let record = Record::parse(bytes).expect("a record");
            if record.kind() == Kind::Change {
                taker.take(record);
            }
        }
    }
    assert_eq!(order(&taker), order(&giver));
    let (block, last) = (&blocks[1].0, blocks[1].1.expect("a place"));
    let after = blocks[0].1;
    let keep = |ids: &[RecordId], block: &[u8]| {
        taker.store.keep_block(after, last, ids, block).expect("read");
        files(&taker)
    };
    assert_eq!(keep(&ids(block)[1..], block), 0, "not all of what stands there");
    assert_eq!(keep(&ids(&blocks[0].0), &blocks[0].0), 0, "what stands elsewhere");
    let records = bundle::unpack(block).expect("a block");
    let loose = bundle::pack_loosely(records.iter().map(Vec::as_slice));
    assert_eq!(keep(&ids(block), &loose), 0, "hardly packed");
    assert_eq!(keep(&ids(block), block), 1);
    assert!(taker.store.block_to_copy(after).expect("read") == (block.clone(), Some(last)));
}
