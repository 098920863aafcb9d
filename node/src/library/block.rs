//! Bundles through the port: a block at a time, whatever the size of the file.

use web_ui::library::{BlockPage, BlockReport, LibraryError, MALFORMED_AFTER};

use super::{Answer, NodeLibrary};
use crate::replica::BlockOutcome;
use crate::store::OrderKey;

pub(super) fn take(library: &NodeLibrary, block: Vec<u8>, dry_run: bool) -> Answer<BlockReport> {
    let outcome = library.handle.call(move |replica, _, _, effects| {
        if dry_run { Ok(replica.examine(&block)) } else { replica.take_block(&block, effects) }
    })??;
    if outcome.damaged {
        return Err(LibraryError::Denied {
            code: "damaged_block",
            uk: "Частина файлу пошкоджена: скопіюйте файл ще раз".into(),
            en: "A part of the file is damaged: copy the file again".into(),
        });
    }
    Ok(report(&outcome))
}

fn report(outcome: &BlockOutcome) -> BlockReport {
    BlockReport {
        new: outcome.new.len() as u64,
        known: outcome.known,
        withdrawn: outcome.withdrawn,
        waiting: outcome.waiting,
        refused: outcome.refused_count(),
        reasons: outcome.refused.iter().map(|(refusal, count)| (refusal.to_string(), *count)).collect(),
    }
}

pub(super) fn give(library: &NodeLibrary, after: Option<&str>, since: u64) -> Answer<BlockPage> {
    let start = after
        .map(|after| {
            let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(after.as_bytes()).ok();
            bytes.and_then(|bytes| OrderKey::from_bytes(&bytes)).ok_or_else(|| LibraryError::Denied {
                code: MALFORMED_AFTER,
                uk: "Пошкоджена мітка продовження: почніть спочатку".into(),
                en: "The mark to go on from is damaged: start again".into(),
            })
        })
        .transpose()?;
    let (block, records, last) = library.store.block_after(start, since)?;
    Ok(BlockPage {
        bytes: if records == 0 { Vec::new() } else { block },
        records,
        next: last.map(|key| data_encoding::HEXLOWER.encode(&key.to_bytes())),
        total: library.store.totals().records,
    })
}
