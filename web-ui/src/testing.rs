//! A library in memory, for tests of what is around the port: pages, API, guards.

pub mod documents;
mod people;
mod routes;
pub mod samples;
mod search;
mod typed;
mod uploads;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crdt::check::{self, Strictness};
use crdt::codifier::Hromada;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, RecordId};
use crdt::practice::{PRACTICE, Practice, Vouched};
use crdt::profile::Profile;
use crdt::view::completeness;
use tokio::sync::broadcast;

use crate::library::network::{Probe, Reach};
use crate::library::registry::RegistryEntry;
use crate::library::search::{FoundPlaces, INDEX_REBUILDING, SearchPage, SearchRequest, Suggestion};
use crate::library::{
    Author, BlockPage, BlockReport, Census, CensusBy, CommunityCard, DocumentCard, DocumentPage, DocumentsRequest,
    DraftCard, Edit, ImportRequest, Library, LibraryError, NOTICES_MAX, Note, Notice, Page, PageRequest, Peer,
    PracticePage, ProfilePage, Published, Quarantined, Revision, RowReport, Scope, Status, VerifyPage, Withdrawal,
    notes,
};
use crate::press::{Output, Sheet};
use crate::public::PublicAddress;

pub use routes::{Route, Table, addresses, routes};
pub use typed::typed;

/// What the library holds.
#[derive(Default)]
pub struct Contents {
    /// How the node says it stands.
    pub status: Option<Status>,
    /// Practices by document.
    pub practices: BTreeMap<String, PracticePage>,
    /// What was taken back, by id.
    pub withdrawn: BTreeMap<String, Withdrawal>,
    /// Documents of other kinds by id.
    pub documents: BTreeMap<String, DocumentPage>,
    /// Communities by id.
    pub communities: BTreeMap<String, ProfilePage>,
    /// Changes by document.
    pub history: BTreeMap<String, Vec<Revision>>,
    /// Records by id.
    pub records: BTreeMap<String, Vec<u8>>,
    /// Records that play no part.
    pub quarantine: Vec<Quarantined>,
    /// Peers.
    pub peers: Vec<Peer>,
    /// Addresses of peers that were added here.
    pub added: Vec<String>,
    /// Drafts by id.
    pub drafts: BTreeMap<String, serde_json::Value>,
    /// Notes of this computer.
    pub notes: BTreeMap<Note, serde_json::Value>,
    /// The address under which the internet knows the node.
    pub public: Option<PublicAddress>,
    /// Every call that may change something, as it was made.
    pub writes: Vec<String>,
}

/// A library in memory.
pub struct FakeLibrary {
    contents: Mutex<Contents>,
    notices: broadcast::Sender<Notice>,
    fails: AtomicBool,
    panics: AtomicBool,
    rebuilds: AtomicBool,
    /// The people of this computer.
    pub people: people::FakePeople,
    /// Tables that wait to be imported.
    pub uploads: uploads::FakeUploads,
}

impl Default for FakeLibrary {
    fn default() -> Self {
        Self {
            contents: Mutex::default(),
            notices: broadcast::channel(NOTICES_MAX).0,
            fails: AtomicBool::new(false),
            rebuilds: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            people: people::FakePeople::default(),
            uploads: uploads::FakeUploads::default(),
        }
    }
}

impl FakeLibrary {
    /// What it holds, to look at and to change.
    pub fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Tells all who listen.
    pub fn tell(&self, notice: Notice) {
        // Nobody listening is no error.
        let _ = self.notices.send(notice);
    }

    /// From now on every call is a fault whose text must not reach anybody.
    pub fn fail(&self) {
        self.fails.store(true, Ordering::Relaxed);
    }

    /// From now on the search index is being made anew.
    pub fn rebuild(&self) {
        self.rebuilds.store(true, Ordering::Relaxed);
    }

    /// What search answers from.
    fn indexed(&self) -> Result<MutexGuard<'_, Contents>, LibraryError> {
        if self.rebuilds.load(Ordering::Relaxed) {
            return Err(LibraryError::Denied {
                code: INDEX_REBUILDING, uk: "Зачекайте".into(), en: "Wait".into()
            });
        }
        self.open()
    }

    /// From now on every call panics.
    pub fn panic(&self) {
        self.panics.store(true, Ordering::Relaxed);
    }

    fn open(&self) -> Result<MutexGuard<'_, Contents>, LibraryError> {
        assert!(!self.panics.load(Ordering::Relaxed), "a test asked for a panic");
        if self.fails.load(Ordering::Relaxed) {
            return Err(LibraryError::Fault("secret path /var/lib/dosvid is broken".into()));
        }
        Ok(self.contents())
    }

    fn write(&self, call: String) -> Result<MutexGuard<'_, Contents>, LibraryError> {
        let mut contents = self.open()?;
        contents.writes.push(call);
        Ok(contents)
    }
}

/// A page of rows, by the place of the row before.
fn page<T>(rows: impl ExactSizeIterator<Item = T>, request: &PageRequest) -> Page<T> {
    let total = rows.len();
    let start = request.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let end = total.min(start + request.limit);
    Page {
        rows: rows.skip(start).take(request.limit).collect(),
        next: (end < total).then(|| end.to_string()),
        total: total as u64,
    }
}

/// What a list says of a practice.
fn card(page: &PracticePage) -> DocumentCard {
    let content = serde_json::to_value(&page.practice).unwrap_or_default();
    DocumentCard {
        updated_at: page.updated_at,
        conflicts: !page.conflicts.is_empty(),
        completeness: page.completeness.percent,
        ..documents::card(DocumentKind::Practice, &page.id, &page.owner, &page.owner_code, &content)
    }
}

/// A practice as the library shows it, by a community and under a number of its own.
#[must_use]
pub fn practice_page(owner: CommunityId, code: &str, number: u8, practice: Practice) -> PracticePage {
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    PracticePage {
        id: DocumentId::of(&owner, &DocumentName([number; 16])).to_string(),
        owner: owner.to_string(),
        owner_code: code.to_owned(),
        heads: vec!["ab".repeat(32)],
        editable: true,
        created_at: 1_735_768_800_000,
        updated_at: 1_756_035_120_000,
        changes: 2,
        authors: vec![Author {
            record: "cd".repeat(32),
            device: "ef".repeat(32),
            device_name: "Комп’ютер відділу".into(),
            created_at: 1_756_035_120_000,
        }],
        completeness: completeness(PRACTICE, &whole),
        practice,
        conflicts: Vec::new(),
    }
}

fn published(id: String) -> Published {
    Published { id, record: Some("cd".repeat(32)), heads: vec!["ab".repeat(32)], merged: false }
}

impl Library for FakeLibrary {
    fn people(&self) -> &dyn crate::people::People {
        &self.people
    }

    fn uploads(&self) -> &dyn crate::library::uploads::Uploads {
        &self.uploads
    }

    fn status(&self) -> Result<Status, LibraryError> {
        self.open()?.status.clone().ok_or(LibraryError::NotFound)
    }

    fn practices(&self, request: &PageRequest, owner: Option<CommunityId>) -> Result<Page<DocumentCard>, LibraryError> {
        let owner = owner.map(|owner| owner.to_string());
        let contents = self.open()?;
        let pages = contents.practices.values().filter(|page| owner.as_ref().is_none_or(|owner| *owner == page.owner));
        let cards: Vec<_> = pages.map(card).collect();
        Ok(page(cards.into_iter(), request))
    }

    fn every_practice(&self) -> Result<Vec<(DocumentId, u64)>, LibraryError> {
        let contents = self.open()?;
        let told = |page: &PracticePage| Some((page.id.parse().ok()?, page.updated_at));
        let mut all: Vec<_> = contents.practices.values().filter_map(told).collect();
        all.sort_unstable();
        Ok(all)
    }

    fn practice(&self, id: DocumentId) -> Result<PracticePage, LibraryError> {
        let (contents, id) = (self.open()?, id.to_string());
        contents.practices.get(&id).cloned().ok_or_else(|| documents::absent(&contents, &id))
    }

    fn search(&self, request: &SearchRequest) -> Result<SearchPage, LibraryError> {
        Ok(search::search(&*self.indexed()?, request))
    }

    fn suggest(&self, beginning: &str) -> Result<Vec<Suggestion>, LibraryError> {
        Ok(search::suggest(&*self.indexed()?, beginning))
    }

    fn hromadas_meant(&self, text: &str, most: usize) -> Result<Vec<&'static Hromada>, LibraryError> {
        Ok(search::hromadas_meant(text, most))
    }

    fn similar(&self, id: DocumentId) -> Result<Vec<DocumentCard>, LibraryError> {
        Ok(search::others(&*self.indexed()?, Some(&id.to_string())))
    }

    fn adopters(&self, id: DocumentId) -> Result<Vec<DocumentCard>, LibraryError> {
        let (contents, id) = (self.indexed()?, id.to_string());
        let repeats = |page: &&PracticePage| page.id != id && page.practice.adopted_from.as_ref() == Some(&id);
        Ok(contents.practices.values().filter(repeats).map(card).collect())
    }

    fn vouched(&self, id: DocumentId) -> Result<Vouched, LibraryError> {
        let repeated = self.adopters(id).is_ok_and(|adopters| !adopters.is_empty());
        let told = documents::vouched(&*self.open()?, &id.to_string())?;
        Ok(told.max(if repeated { Vouched::ByCommunity } else { Vouched::ByNobody }))
    }

    fn near_duplicates(
        &self,
        practice: &Practice,
        except: Option<DocumentId>,
    ) -> Result<Vec<(DocumentCard, u8)>, LibraryError> {
        let others = search::others(&*self.open()?, except.map(|id| id.to_string()).as_deref());
        Ok(others.into_iter().filter(|card| card.title == practice.title).map(|card| (card, 90)).collect())
    }

    fn create_practice(&self, practice: Practice) -> Result<Published, LibraryError> {
        let mut contents = self.write("create".into())?;
        let errors = check::practice(&practice, Strictness::Import);
        if !errors.is_empty() {
            return Err(LibraryError::Invalid(errors));
        }
        let page = practice_page(CommunityId([1; 32]), samples::CODE, 200, practice);
        let id = page.id.clone();
        contents.practices.insert(id.clone(), page);
        Ok(published(id))
    }

    fn edit_practice(&self, id: DocumentId, edit: Edit<Practice>) -> Result<Published, LibraryError> {
        let mut contents = self.write(format!("edit {id}"))?;
        let page = contents.practices.get_mut(&id.to_string()).ok_or(LibraryError::NotFound)?;
        page.practice = edit.content;
        Ok(published(id.to_string()))
    }

    fn withdraw(&self, id: DocumentId, reason: String) -> Result<(), LibraryError> {
        let mut contents = self.write(format!("withdraw {id} {reason}"))?;
        let id = id.to_string();
        let gone = contents.practices.remove(&id).is_some() | contents.documents.remove(&id).is_some();
        if !gone {
            return Err(LibraryError::NotFound);
        }
        let withdrawal = Withdrawal { code: samples::CODE.into(), at: 1_717_200_000_000, reason };
        contents.withdrawn.insert(id, withdrawal);
        Ok(())
    }

    fn documents(&self, wanted: &DocumentsRequest, request: &PageRequest) -> Result<Page<DocumentCard>, LibraryError> {
        let mut cards = documents::wanted(&*self.open()?, wanted);
        if !matches!(wanted.scope, Scope::About(_)) {
            let hidden = notes::hidden(self)?;
            cards.retain(|card| !hidden.contains_key(&card.id));
        }
        Ok(page(cards.into_iter(), request))
    }

    fn told(&self, community: CommunityId, request: &PageRequest) -> Result<Page<DocumentCard>, LibraryError> {
        Ok(page(documents::told(&*self.open()?, &community.to_string()).into_iter(), request))
    }

    fn document(&self, id: DocumentId) -> Result<DocumentPage, LibraryError> {
        documents::one(&*self.open()?, &id.to_string())
    }

    fn document_at(&self, id: DocumentId, _heads: &[ChangeHash]) -> Result<DocumentPage, LibraryError> {
        documents::one(&*self.open()?, &id.to_string())
    }

    fn create_document(&self, kind: DocumentKind, content: serde_json::Value) -> Result<Published, LibraryError> {
        documents::create(&mut *self.write(format!("create {kind:?}"))?, kind, content)
    }

    fn edit_document(&self, id: DocumentId, edit: Edit<serde_json::Value>) -> Result<Published, LibraryError> {
        documents::edit(&mut *self.write(format!("edit {id}"))?, &id.to_string(), edit)
    }

    fn census(&self, kind: DocumentKind, by: &[CensusBy]) -> Result<Census, LibraryError> {
        Ok(documents::census(&*self.open()?, kind, by))
    }

    fn drafts(&self) -> Result<Vec<DraftCard>, LibraryError> {
        let contents = self.write("drafts".into())?;
        let text = |content: &serde_json::Value, key: &str| content[key].as_str().unwrap_or_default().to_owned();
        let card = |(id, content): (&String, &serde_json::Value)| DraftCard {
            id: id.clone(),
            title: text(content, "title"),
            kind: text(content, "kind"),
        };
        Ok(contents.drafts.iter().map(card).collect())
    }

    fn draft(&self, id: DocumentName) -> Result<serde_json::Value, LibraryError> {
        let contents = self.write(format!("draft {id}"))?;
        contents.drafts.get(&id.to_string()).cloned().ok_or(LibraryError::NotFound)
    }

    fn keep_draft(&self, id: DocumentName, content: serde_json::Value) -> Result<(), LibraryError> {
        self.write(format!("keep draft {id}"))?.drafts.insert(id.to_string(), content);
        Ok(())
    }

    fn remove_draft(&self, id: DocumentName) -> Result<(), LibraryError> {
        let removed = self.write(format!("remove draft {id}"))?.drafts.remove(&id.to_string());
        removed.map(|_| ()).ok_or(LibraryError::NotFound)
    }

    fn note(&self, note: Note) -> Result<Option<serde_json::Value>, LibraryError> {
        Ok(self.open()?.notes.get(&note).cloned())
    }

    fn keep_note(&self, note: Note, content: serde_json::Value) -> Result<(), LibraryError> {
        self.write(format!("note {note:?}"))?.notes.insert(note, content);
        Ok(())
    }

    fn communities(&self, request: &PageRequest) -> Result<Page<CommunityCard>, LibraryError> {
        let contents = self.open()?;
        Ok(page(contents.communities.values().map(|page| page.community.clone()), request))
    }

    fn found_community(&self, code: &str, device_name: &str) -> Result<CommunityCard, LibraryError> {
        self.write(format!("found {code} {device_name}")).map(|_| samples::community())
    }

    fn recovery_key(&self) -> Result<String, LibraryError> {
        self.open().map(|_| "ABCD EFGH 2345 67AB".into())
    }

    fn profile(&self, community: CommunityId) -> Result<ProfilePage, LibraryError> {
        self.open()?.communities.get(&community.to_string()).cloned().ok_or(LibraryError::NotFound)
    }

    fn edit_profile(&self, edit: Edit<Profile>) -> Result<Published, LibraryError> {
        drop(self.write(format!("profile {}", edit.base_heads.join(" ")))?);
        Err(LibraryError::Denied {
            code: "reader",
            uk: "Цей вузол лише читає".into(),
            en: "This node only reads".into(),
        })
    }

    fn history(&self, id: DocumentId, request: &PageRequest) -> Result<Page<Revision>, LibraryError> {
        let contents = self.open()?;
        let revisions = contents.history.get(&id.to_string()).ok_or(LibraryError::NotFound)?;
        Ok(page(revisions.iter().cloned(), request))
    }

    fn record(&self, id: RecordId) -> Result<Vec<u8>, LibraryError> {
        self.open()?.records.get(&id.to_string()).cloned().ok_or(LibraryError::NotFound)
    }

    fn quarantine(&self, request: &PageRequest) -> Result<Page<Quarantined>, LibraryError> {
        let contents = self.open()?;
        Ok(page(contents.quarantine.iter().cloned(), request))
    }

    fn peers(&self) -> Result<Vec<Peer>, LibraryError> {
        Ok(self.open()?.peers.clone())
    }

    fn registry(&self) -> Result<Arc<Vec<RegistryEntry>>, LibraryError> {
        let contents = self.open()?;
        let entry = |page: &ProfilePage| RegistryEntry {
            community: page.community.clone(),
            profile: page.profile.clone(),
            updated_at: 1_756_035_120_000,
            completeness: page.completeness.percent,
        };
        Ok(Arc::new(contents.communities.values().map(entry).collect()))
    }

    fn places(&self, request: &SearchRequest) -> Result<FoundPlaces, LibraryError> {
        Ok(search::places(&*self.indexed()?, request))
    }

    fn probe(&self, address: &str) -> Result<Probe, LibraryError> {
        drop(self.write(format!("probe {address}"))?);
        Ok(Probe { reach: Reach::Silent, id: None, agent: String::new(), took_ms: 12_000 })
    }

    fn dial(&self, address: &str) -> Result<(), LibraryError> {
        self.write(format!("dial {address}"))?.added.push(address.to_owned());
        Ok(())
    }

    fn added_peers(&self) -> Result<Vec<String>, LibraryError> {
        Ok(self.contents().added.clone())
    }

    fn forget_peer(&self, address: &str) -> Result<(), LibraryError> {
        let mut contents = self.write(format!("forget {address}"))?;
        let at = contents.added.iter().position(|added| added == address).ok_or(LibraryError::NotFound)?;
        contents.added.remove(at);
        Ok(())
    }

    fn import(&self, request: ImportRequest) -> Result<Vec<RowReport>, LibraryError> {
        drop(self.write(format!("import {}", request.rows.len()))?);
        let report = RowReport { outcome: "new".into(), id: None, errors: Vec::new(), alike: None };
        Ok(vec![report; request.rows.len()])
    }

    fn take_block(&self, block: Vec<u8>, dry_run: bool) -> Result<BlockReport, LibraryError> {
        drop(self.write(format!("block {} {dry_run}", block.len()))?);
        Ok(BlockReport { new: 1, ..BlockReport::default() })
    }

    fn give_block(&self, after: Option<&str>, since: u64) -> Result<BlockPage, LibraryError> {
        let contents = self.open()?;
        let bytes = format!("{after:?} {since}").into_bytes();
        let next = after.is_none().then(|| "second".to_owned());
        Ok(BlockPage { bytes, records: 1, next, total: contents.records.len() as u64 })
    }

    fn verify(&self, after: Option<&str>) -> Result<VerifyPage, LibraryError> {
        drop(self.write(format!("verify {after:?}"))?);
        Ok(VerifyPage { checked: 7, ..VerifyPage::default() })
    }

    fn public_address(&self) -> Option<PublicAddress> {
        self.contents().public.clone()
    }

    fn has_press(&self) -> bool {
        true
    }

    fn typeset(&self, sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
        drop(self.open()?);
        let start: &[u8] = if sheet.output == Output::Pdf { b"%PDF-1.7\n" } else { b"\x89PNG\r\n\x1a\n" };
        Ok([start, sheet.data.to_string().as_bytes()].concat())
    }

    fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }
}
