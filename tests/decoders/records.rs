//! Laws of what replicates: envelopes, charters, chunks, and what the gate says of them.

use std::collections::BTreeSet;

use crdt::charter::{CHARTER_VERSION, Charter, CharterBody};
use crdt::chunk::Chunk;
use crdt::gate::{Content, Verdict, judge, read};
use crdt::id::{CommunityId, DocumentName, PublicKey, RecordId};
use crdt::limits::{DEVICES_MAX, GOVERNANCE_BYTES_MAX, OFFICERS_MAX, OPS_MAX, PREDS_MAX};
use crdt::record::{ENVELOPE_VERSION, HEADER_BYTES, Kind, Record};
use node::keyring::public;

use super::signers::{Hall, MADE_AT, signers};
use crate::world::author::{Letter, sign_again};
use crate::world::chunk::{CHANGE, Parts, wrap};
use crate::world::sha256::sha256;

/// The envelope: what is read is what stands there, and nothing is lost.
pub fn record(bytes: &[u8]) {
    let parsed = Record::parse(bytes.to_vec());
    assert_eq!(parsed, Record::parse(bytes.to_vec()), "the same bytes were read in two ways");
    let Ok(record) = parsed else { return };
    assert_eq!(record.bytes(), bytes);
    assert_eq!(record.id(), RecordId::of(bytes));
    let community = if record.is_genesis() { CommunityId::default() } else { record.community() };
    let mut header = vec![record.envelope_version(), record.kind().number(), record.body_version(), bytes[3]];
    header.extend(record.network().0);
    header.extend(community.0);
    header.extend(record.document_name().0);
    header.extend(record.device().0);
    header.extend(record.created_at().0.to_be_bytes());
    header.extend(u32::try_from(record.body().len()).expect("small").to_be_bytes());
    assert_eq!(header, bytes[..HEADER_BYTES], "a field was not read as it stands");
    let mut again = bytes.to_vec();
    sign_again(&mut again, &signers().devices[0]);
    let again = Record::parse(again).expect("the same layout");
    assert!(again.signature_holds(), "what was signed does not hold");
    // A signature that holds names the one who signed; another's cannot hold over other bytes.
    assert!(!record.signature_holds() || record.device() != again.device() || record == again);
}

/// What the gate says of an envelope: the first byte says what is put right beforehand.
pub fn gate(bytes: &[u8]) {
    let Some((mend, bytes)) = bytes.split_first() else { return };
    let signers = signers();
    let mut bytes = bytes.to_vec();
    if bytes.len() >= HEADER_BYTES + 64 {
        if mend & 1 != 0 {
            bytes[4..36].copy_from_slice(&signers.network.0);
        }
        if mend & 2 != 0 {
            bytes[36..68].copy_from_slice(&signers.community().0);
        }
        if mend & 4 != 0 {
            let body = u32::try_from(bytes.len() - HEADER_BYTES - 64).unwrap_or(u32::MAX);
            bytes[124..128].copy_from_slice(&body.to_be_bytes());
        }
        match mend & 24 {
            8 => sign_again(&mut bytes, &signers.devices[0]),
            16 => sign_again(&mut bytes, &signers.officer),
            _ => {}
        }
    }
    let mut full = Hall::of(signers);
    let verdict = judge(bytes.clone(), &full);
    assert_eq!(verdict, judge(bytes.clone(), &full), "the gate said two things of one record");
    let stranger = judge(bytes.clone(), &Hall::default());
    let refusal = |verdict: &Verdict| match verdict {
        Verdict::Refused(refusal) => Some(*refusal),
        _ => None,
    };
    assert_eq!(refusal(&verdict), refusal(&stranger), "a refusal depends on what the node holds");
    match verdict {
        Verdict::Admitted(admitted) => {
            let record = admitted.record();
            assert_eq!(record.bytes(), bytes);
            assert!(record.signature_holds() && record.network() == signers.network);
            assert_eq!(read(record).as_ref(), Ok(admitted.content()));
            full.held.insert(record.id());
            assert_eq!(judge(bytes, &full), Verdict::Known);
        }
        Verdict::Refused(_) => {}
        Verdict::Early(_, record) => unknown_is_not_refused(&record),
        Verdict::Known | Verdict::Withdrawn(_) => panic!("nothing is held and nothing withdrawn"),
    }
}

/// What a later version understands is not this one's to refuse.
fn unknown_is_not_refused(record: &Record) {
    let known = record.envelope_version() == ENVELOPE_VERSION && record.body_version() == 1;
    let bodies = [Kind::Charter, Kind::Change, Kind::Withdrawal];
    let opaque = read(record) == Ok(Content::Opaque);
    assert_eq!(opaque, !known || !bodies.contains(&record.kind()));
}

/// A log of charters, one a line: a digit for the signer, then the body. `@0` to `@9` stand for the
/// ids of the entries before, `$0` to `$2` for the officer's and the devices' keys.
pub fn charter(bytes: &[u8]) {
    let signers = signers();
    let mut records: Vec<Record> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').take(12) {
        let Some((signer, body)) = line.split_first() else { continue };
        let body = filled_in(body, &records, &signers.public_keys());
        if body.len() > GOVERNANCE_BYTES_MAX + 100 {
            continue;
        }
        let community = records.first().map_or_else(CommunityId::default, Record::community);
        let mut letter = Letter::withdrawal(signers.network, community, DocumentName::default(), MADE_AT);
        (letter.kind, letter.version, letter.body) = (Kind::Charter, CHARTER_VERSION, body);
        let key = if signer % 2 == 0 { &signers.officer } else { &signers.devices[0] };
        let record = letter.sign(key);
        said_again(&record);
        records.push(record);
    }
    let Some(community) = records.first().map(Record::community) else { return };
    let resolved = Charter::resolve(community, &records);
    assert_eq!(Charter::resolve(community, records.iter().rev()), resolved, "the order of charters matters");
    assert_eq!(Charter::resolve(community, records.iter().chain(&records)), resolved, "twice is not once");
    let Some(charter) = resolved else { return };
    assert!(charter.officers.len() <= OFFICERS_MAX && charter.devices.len() <= DEVICES_MAX);
    assert!(charter.officers.iter().all(|officer| charter.known_officers.contains(officer)));
    assert!(charter.devices.keys().all(|device| charter.known_devices.contains(device)));
    // Who was once known stays known, whatever comes later.
    let before = Charter::resolve(community, &records[..records.len() - 1]);
    let forgotten = |of: fn(&Charter) -> &BTreeSet<PublicKey>| {
        before.as_ref().is_some_and(|before| !of(before).is_subset(of(&charter)))
    };
    assert!(!forgotten(|charter| &charter.known_officers) && !forgotten(|charter| &charter.known_devices));
}

fn filled_in(body: &[u8], before: &[Record], keys: &[PublicKey]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(body.len());
    let mut rest = body.iter();
    while let Some(byte) = rest.next() {
        let name = match byte {
            b'@' => rest.next().and_then(|n| Some(before.get(usize::from(n.wrapping_sub(b'0')))?.id().to_string())),
            b'$' => rest.next().and_then(|n| Some(keys.get(usize::from(n.wrapping_sub(b'0')))?.to_string())),
            byte => {
                filled.push(*byte);
                None
            }
        };
        filled.extend(name.unwrap_or_default().bytes());
    }
    filled
}

/// A body that was read says the same when it is written and read again.
fn said_again(record: &Record) {
    let parsed = CharterBody::parse(record);
    assert_eq!(parsed, CharterBody::parse(record));
    let Ok(body) = parsed else { return };
    assert!(record.body().len() <= GOVERNANCE_BYTES_MAX);
    let mut again = record.bytes()[..HEADER_BYTES].to_vec();
    again.extend(body.to_bytes());
    again.extend([0; 64]);
    let len = u32::try_from(again.len() - HEADER_BYTES - 64).expect("small");
    again[124..128].copy_from_slice(&len.to_be_bytes());
    let again = Record::parse(again).expect("the layout is right");
    // Hexadecimal may be written in capitals, numbers with spaces: the meaning is what stays.
    assert_eq!(CharterBody::parse(&again), Ok(body));
}

/// A change chunk: with a first byte that is even, as it is; otherwise its content, and length and
/// checksum are put right.
pub fn chunk(bytes: &[u8]) {
    let Some((wrapped, bytes)) = bytes.split_first() else { return };
    let chunk = if wrapped % 2 == 0 { bytes.to_vec() } else { wrap(CHANGE, bytes) };
    for device in signers().devices.iter().map(public) {
        let parsed = Chunk::parse(&chunk, &device);
        assert_eq!(parsed, Chunk::parse(&chunk, &device), "the same bytes were read in two ways");
        if let Ok(parsed) = parsed {
            spelt_in_one_way(&chunk, &parsed);
        }
    }
}

/// What our reader lets through is what Automerge would have written, byte for byte.
fn spelt_in_one_way(chunk: &[u8], parsed: &Chunk) {
    assert!(parsed.ops.len() <= OPS_MAX && parsed.text_bytes() <= chunk.len());
    assert!(parsed.ops.iter().map(|(_, preds)| preds.len()).sum::<usize>() <= PREDS_MAX);
    assert_eq!(parsed.hash.0, sha256(&chunk[8..]));
    assert_eq!(Parts::parse(chunk).encode(), chunk, "two spellings of one change");
    let theirs = automerge::Change::from_bytes(chunk.to_vec()).expect("the engine reads what we let through");
    assert_eq!(theirs.raw_bytes(), chunk);
    assert_eq!((theirs.hash().0, theirs.len()), (parsed.hash.0, parsed.ops.len()));
    assert_eq!(theirs.start_op().get(), parsed.start_op);
    assert_eq!(theirs.actor_id().to_bytes(), parsed.actor());
    let again = automerge::Change::from(theirs.decode());
    assert_eq!(again.raw_bytes(), chunk, "the engine spells the change in another way");
}
