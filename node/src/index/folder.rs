//! The index on the disk: which folder it is in, whether it is the one that the store knows, and
//! whether anybody has touched it.
//!
//! An index lives in a folder of its own name under `index/`. The store notes that name and how
//! many commits it has seen; the index carries both in every commit. An index of another name, of
//! another format, or one that is behind what the store has seen (a copy from a backup) is left
//! aside, and a new one is made from the store. Files of an index never change once written, so a
//! file that did was touched by somebody else, or by the disk.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use super::analysis::ANALYSIS;
use super::facets;
use super::files::Files;
use super::schema::{Fields, SCHEMA, schema, tokenizers};
use crate::fault::Fault;
use crate::store::Store;

/// Under which name the store notes which index is its own.
const NOTE: &str = "index";

/// What a commit says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Payload {
    /// The name of the index.
    pub(super) name: u64,
    /// How many commits it has had.
    pub(super) commit: u64,
    /// How its content was made.
    pub(super) format: String,
    /// The fingerprint of the set of records that it covers, hexadecimal, if it covers one whole.
    pub(super) covers: Option<String>,
}

/// How an index is made today: schema, analysis with its stemmer, and the places of facet values.
pub(super) fn format() -> String {
    let mut hasher = blake3::Hasher::new();
    for facet in web_ui::library::search::Facet::ALL {
        for value in facets::values(facet) {
            hasher.update(value.as_bytes()).update(b"\n");
        }
        hasher.update(b"\n");
    }
    let facets = hasher.finalize().to_hex();
    format!("{SCHEMA} / {ANALYSIS} / {}", &facets[..16])
}

/// A file of the index as it was when it was first seen.
struct Kept {
    path: PathBuf,
    bytes: u64,
    written: Option<SystemTime>,
}

/// An open index.
pub(super) struct Folder {
    /// Its name.
    pub(super) name: u64,
    /// The index.
    pub(super) index: Index,
    /// Reads what was committed.
    pub(super) reader: IndexReader,
    /// The fields.
    pub(super) fields: Fields,
    path: PathBuf,
    kept: Mutex<Vec<Kept>>,
    /// What readers saw before the last commit, so that they go on with the dictionaries that were
    /// read for it instead of reading them again.
    previous: Mutex<Option<Searcher>>,
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// Tantivy cannot read it.
    #[error("it cannot be read: {0}")]
    Broken(#[from] tantivy::TantivyError),
    /// There is none yet.
    #[error("there is none yet")]
    None,
    /// It is not what the store knows.
    #[error("{0}")]
    Other(&'static str),
}

fn note(store: &Store) -> Result<Option<(u64, u64)>, Fault> {
    let bytes = store.note(NOTE)?.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    Ok(bytes.map(|bytes| {
        let (name, commit) = bytes.split_at(8);
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().expect("eight bytes"));
        (number(name), number(commit))
    }))
}

/// Notes that the store has seen a commit.
pub(super) fn set_note(store: &Store, name: u64, commit: u64) -> Result<(), Fault> {
    store.set_note(NOTE, &[name.to_be_bytes(), commit.to_be_bytes()].concat())
}

impl Folder {
    /// Opens the index that the store knows.
    pub(super) fn open(dir: &Path, store: &Store) -> Result<Result<(Self, Payload), Unusable>, Fault> {
        let Some((name, commit)) = note(store)? else { return Ok(Err(Unusable::None)) };
        let path = dir.join(format!("{name:016x}"));
        let opened = || {
            let directory = Files::of(&path)?;
            let mut index = Index::open(directory)?;
            index.set_tokenizers(tokenizers());
            let payload =
                index.load_metas()?.payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
            match payload {
                Some(payload) if payload.format != format() => Err(Unusable::Other("it was made in another way")),
                Some(payload) if payload.name == name && payload.commit >= commit => {
                    Ok((Self::reading(name, path.clone(), index)?, payload))
                }
                // Made, and stopped before anything was written to it.
                None if commit == 0 => {
                    let payload = Payload { name, commit, format: format(), covers: None };
                    Ok((Self::reading(name, path.clone(), index)?, payload))
                }
                _ => Err(Unusable::Other("it is older than what the store knows")),
            }
        };
        Ok(opened())
    }

    /// Makes an empty index and has the store fill it.
    pub(super) fn make(dir: &Path, store: &Store) -> Result<Result<Self, Unusable>, Fault> {
        let mut name = [0; 8];
        crate::keyring::random(&mut name);
        let name = u64::from_be_bytes(name);
        let path = dir.join(format!("{name:016x}"));
        fs::create_dir_all(&path).map_err(Fault::file("cannot create the folder of the search index", &path))?;
        store.index_all_again()?;
        set_note(store, name, 0)?;
        let made = || {
            let directory = Files::of(&path)?;
            let index = Index::builder().schema(schema().0).tokenizers(tokenizers()).open_or_create(directory)?;
            Ok(Self::reading(name, path.clone(), index)?)
        };
        Ok(made())
    }

    fn reading(name: u64, path: PathBuf, index: Index) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let folder =
            Self { name, index, reader, fields: schema().1, path, kept: Mutex::default(), previous: Mutex::default() };
        folder.look();
        Ok(folder)
    }

    /// Shows readers what was committed since.
    pub(super) fn reload(&self) -> tantivy::Result<()> {
        *self.previous.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.reader.searcher());
        self.reader.reload()?;
        self.look();
        Ok(())
    }

    /// Lets go of what readers saw before, so that files that are no more can be removed.
    pub(super) fn let_go(&self) {
        self.previous.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Remembers the files that readers see now.
    fn look(&self) {
        let segments: HashSet<String> =
            self.reader.searcher().segment_readers().iter().map(|segment| segment.segment_id().uuid_string()).collect();
        let mut known = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let belongs = |path: &Path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.get(..32).is_some_and(|segment| segments.contains(segment))
        };
        known.retain(|kept| belongs(&kept.path));
        let Ok(entries) = fs::read_dir(&self.path) else { return };
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| belongs(path)) {
            if !known.iter().any(|kept| kept.path == path)
                && let Ok(metadata) = fs::metadata(&path)
            {
                known.push(Kept { path, bytes: metadata.len(), written: metadata.modified().ok() });
            }
        }
    }

    /// Whether a file that readers see was touched since it was written. Asked before every search:
    /// to read beyond the end of a file that became shorter would end the process.
    pub(super) fn is_touched(&self) -> bool {
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|kept| {
            // A file that is gone is still there for those who have it open.
            fs::metadata(&kept.path).is_ok_and(|now| now.len() != kept.bytes || now.modified().ok() != kept.written)
        })
    }

    /// Whether the folder holds what its own table says. Cheap: looks at names only.
    pub(super) fn is_whole(&self) -> bool {
        // A merge may take files away between the two looks; then the second look sees the new table.
        self.has_all_files() || self.has_all_files()
    }

    fn has_all_files(&self) -> bool {
        let Ok(metas) = self.index.load_metas() else { return false };
        let Ok(entries) = fs::read_dir(&self.path) else { return false };
        let names: HashSet<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.get(..32)).map(str::to_owned))
            .collect();
        metas.segments.iter().all(|segment| names.contains(&segment.id().uuid_string()))
    }

    /// Whether every file has the content that was written. Reads everything.
    pub(super) fn is_sound(&self) -> bool {
        let Ok(metas) = self.index.load_metas() else { return false };
        let managed = self.index.directory().list_managed_files();
        // Not every segment has every kind of file.
        let sound = |file: &PathBuf| !managed.contains(file) || Files::is_sound(&self.path, file).unwrap_or(false);
        self.is_whole() && metas.list_segment_files().iter().all(sound)
    }

    /// Bytes on the disk.
    pub(super) fn disk_bytes(&self) -> u64 {
        let Ok(entries) = fs::read_dir(&self.path) else { return 0 };
        entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// The folder's own place, for what is kept beside the index.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Removes what is left of other indexes. What cannot be removed yet is removed another time.
pub(super) fn remove_others(dir: &Path, name: u64) {
    let own = format!("{name:016x}");
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let other = entry.file_name().to_str().is_some_and(|name| name.len() == 16 && name != own);
        if other && entry.path().is_dir() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
