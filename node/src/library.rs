//! Asks: what pages and programs may want of a node, answered from the store or by the loop.

mod block;
mod documents;
mod found;
pub mod import;
mod read;
mod registry;
mod search;
mod verify;
mod write;

use std::sync::Arc;

use crdt::codifier::{self, Hromada};
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, RecordId, Timestamp};
use crdt::practice::{Practice, Vouched};
use crdt::profile::Profile;
use tokio::sync::broadcast;
use web_ui::library::network::Probe;
use web_ui::library::registry::RegistryEntry;
use web_ui::library::search::{FoundPlaces, SearchPage, SearchRequest, Suggestion};
use web_ui::library::uploads::Uploads;
use web_ui::library::{
    BlockPage, BlockReport, Census, CensusBy, CommunityCard, DocumentCard, DocumentPage, DocumentsRequest, DraftCard,
    EVERY_MAX, Edit, ImportRequest, Library, LibraryError, Note, Notice, Page, PageRequest, Peer, PracticePage,
    ProfilePage, Published, Quarantined, Revision, RowReport, Scope, Status, VerifyPage, Warning,
};
use web_ui::people::People;
#[cfg(feature = "press")]
use web_ui::press::Sheet;
use web_ui::public::PublicAddress;

use crate::accounts::Accounts;
use crate::config::DataDir;
use crate::derive::Deriver;
use crate::disk::Refusal;
use crate::drafts::{DRAFTS_MAX, Drafts};
use crate::fault::Fault;
use crate::index::Index;
use crate::notes::{self, Notes};
use crate::peers;
#[cfg(feature = "press")]
use crate::press::Press;
use crate::run::Handle;
use crate::store::Store;
use crate::swarm;
use crate::uploads::UploadFiles;

/// A node as its pages see it.
pub struct NodeLibrary {
    pub(crate) store: Arc<Store>,
    pub(crate) deriver: Arc<Deriver>,
    pub(crate) index: Arc<Index>,
    pub(crate) handle: Handle,
    pub(crate) network: String,
    pub(crate) device: String,
    pub(crate) data_dir: DataDir,
    pub(crate) started_at: Timestamp,
    pub(crate) registry: Registry,
    pub(crate) people: Accounts,
    pub(crate) uploads: UploadFiles,
    #[cfg(feature = "press")]
    pub(crate) press: Press,
    /// Under what address the internet knows this node.
    pub(crate) public: Option<PublicAddress>,
    /// What was found at the start and people should know.
    pub(crate) warnings: Vec<Warning>,
}

pub(crate) use registry::Registry;

type Answer<T> = Result<T, LibraryError>;

/// A fault in the words of the port: said once in the log, and in one line to people. What the disk
/// refuses, people can mend.
pub(crate) fn fault(fault: &Fault) -> LibraryError {
    Refusal::of(fault).map_or_else(|| LibraryError::Fault(fault.to_string()), |refusal| refusal.denied())
}

impl From<Fault> for LibraryError {
    fn from(error: Fault) -> Self {
        fault(&error)
    }
}

impl NodeLibrary {
    /// The community that this node writes for.
    pub(crate) fn own(&self) -> Answer<Option<CommunityId>> {
        Ok(self.handle.call(|replica, _, _, _| replica.identity().map(|identity| identity.community))?)
    }

    /// The KATOTTG code of the community that this node writes for.
    pub(crate) fn own_code(&self) -> Answer<Option<String>> {
        let Some(own) = self.own()? else { return Ok(None) };
        Ok(self.store.charter_of(&own)?.map(|charter| charter.code.clone()))
    }

    /// Has the next start set the store aside and rebuild it.
    pub fn condemn_store(&self) {
        self.store.condemn();
    }

    /// What the status says where the store cannot be read because the disk refuses: nothing of it.
    fn unless_refused<T: Default, E>(&self, read: Result<T, E>) -> Result<T, E> {
        if self.store.disk().refuses() { Ok(read.unwrap_or_default()) } else { read }
    }

    fn forks(&self) -> Answer<Vec<Warning>> {
        let mut warnings = Vec::new();
        for community in self.store.communities()? {
            let Some(charter) = self.store.charter_of(&community)? else { continue };
            if charter.fork.is_some() {
                let (uk, en) = codifier::find(&charter.code)
                    .map(|hromada| (hromada.full_name_uk(), hromada.full_name_en()))
                    .unwrap_or_default();
                warnings.push(Warning {
                    code: "charter_fork".into(),
                    uk: format!("Статут вузлів громади «{uk}» суперечить сам собі: публікацію зупинено, зверніться до координаторів мережі"),
                    en: format!("The charter of “{en}” contradicts itself: publishing has stopped, ask the network's coordinators"),
                });
            }
        }
        Ok(warnings)
    }
}

/// What came of asking the swarm to do something with an address.
fn on_network<T>(address: &str, done: Option<Result<T, swarm::SwarmError>>) -> Answer<T> {
    match done {
        None => Err(LibraryError::Denied {
            code: "not_running",
            uk: "Вузол не працює: запустіть «dosvid run» і повторіть".into(),
            en: "The node is not running: start “dosvid run” and try again".into(),
        }),
        Some(Ok(done)) => Ok(done),
        Some(Err(error @ swarm::SwarmError::Oneself(_))) => Err(LibraryError::Denied {
            code: "own_address",
            uk: format!("«{address}» – адреса цього ж вузла: візьміть адресу іншого"),
            en: error.to_string(),
        }),
        Some(Err(error)) => Err(LibraryError::Denied {
            code: "address",
            uk: format!("«{address}» не схоже на адресу вузла: вона має вигляд /ip4/192.0.2.7/tcp/4643/p2p/12D3Koo…"),
            en: error.to_string(),
        }),
    }
}

fn community_unknown() -> Warning {
    Warning {
        code: "community_unknown".into(),
        uk: "Файл community у теці даних називає громаду, статуту якої тут немає: поверніть його з резервної копії або дочекайтеся інших вузлів".into(),
        en: "The file community in the data folder names a community whose charter is not here: bring it back from a backup, or wait for other nodes".into(),
    }
}

fn set_aside_warning(document: &DocumentId) -> Warning {
    Warning {
        code: "document_set_aside".into(),
        uk: format!("Документ {document} зупиняє програму, тому його відкладено: повідомте координаторів мережі"),
        en: format!(
            "The document {document} brings the program down and is set aside: tell the network's coordinators"
        ),
    }
}

impl Library for NodeLibrary {
    fn public_address(&self) -> Option<PublicAddress> {
        self.public.clone()
    }

    fn people(&self) -> &dyn People {
        &self.people
    }

    fn uploads(&self) -> &dyn Uploads {
        &self.uploads
    }

    fn status(&self) -> Answer<Status> {
        let (own, progress, addresses) = self.handle.call(|replica, swarm, _, _| {
            let addresses = swarm.as_ref().map(swarm::Swarm::addresses).unwrap_or_default();
            (replica.identity().map(|own| own.community), replica.progress(), addresses)
        })?;
        let charter = self.unless_refused(own.map(|own| self.store.charter_of(&own)).transpose())?.flatten();
        let charter_is_missing = charter.is_none();
        let code = charter.map(|charter| charter.code.clone());
        let totals = self.store.totals();
        let mut warnings = self.warnings.clone();
        warnings.extend(self.unless_refused(self.forks())?);
        warnings.extend(self.store.disk().warning());
        if own.is_some() && charter_is_missing {
            warnings.push(community_unknown());
        }
        warnings.extend(self.deriver.set_aside().iter().map(set_aside_warning));
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").into(),
            network: self.network.clone(),
            community: own.map(|own| own.to_string()),
            community_name: code.as_deref().and_then(codifier::find).map(Hromada::full_name_uk),
            community_code: code,
            device: self.device.clone(),
            records: totals.records,
            fingerprint: data_encoding::HEXLOWER.encode(&totals.fingerprint()),
            practices: totals.practices,
            communities: totals.communities,
            pending: self.unless_refused(self.store.pending_count(100_000))? as u64,
            waiting: totals.waiting + progress.waiting,
            set_aside: totals.set_aside,
            peers: progress.connected,
            addresses,
            missing: progress.missing,
            caught_up_at: progress.caught_up_at.map(|at| at.0),
            unsent: progress.unsent,
            started_at: self.started_at.0,
            disk_bytes: self.store.disk_bytes(),
            index: self.unless_refused(self.index.status())?,
            warnings,
        })
    }

    fn practices(&self, page: &PageRequest, owner: Option<CommunityId>) -> Answer<Page<DocumentCard>> {
        let scope = owner.map_or(Scope::All, Scope::Of);
        documents::list(self, &DocumentsRequest { kind: DocumentKind::Practice, scope }, page)
    }

    fn every_practice(&self) -> Answer<Vec<(DocumentId, u64)>> {
        let mut all = self.store.every_practice(EVERY_MAX)?;
        all.retain(|(id, _)| !self.store.is_hidden(id));
        all.sort_unstable_by_key(|(id, _)| *id);
        Ok(all)
    }

    fn practice(&self, id: DocumentId) -> Answer<PracticePage> {
        read::practice(self, id)
    }

    fn search(&self, request: &SearchRequest) -> Answer<SearchPage> {
        search::search(self, request)
    }

    fn suggest(&self, beginning: &str) -> Answer<Vec<Suggestion>> {
        search::suggest(self, beginning)
    }

    fn hromadas_meant(&self, text: &str, most: usize) -> Answer<Vec<&'static Hromada>> {
        Ok(crate::index::named_hromadas(text, most))
    }

    fn adopters(&self, id: DocumentId) -> Answer<Vec<DocumentCard>> {
        search::adopters(self, id)
    }

    fn vouched(&self, id: DocumentId) -> Answer<Vouched> {
        search::vouched(self, id)
    }

    fn similar(&self, id: DocumentId) -> Answer<Vec<DocumentCard>> {
        search::similar(self, id)
    }

    fn near_duplicates(&self, practice: &Practice, except: Option<DocumentId>) -> Answer<Vec<(DocumentCard, u8)>> {
        search::near_duplicates(self, practice, except)
    }

    fn create_practice(&self, practice: Practice) -> Answer<Published> {
        write::create(self, practice)
    }

    fn edit_practice(&self, id: DocumentId, edit: Edit<Practice>) -> Answer<Published> {
        write::edit(self, id, edit)
    }

    fn documents(&self, wanted: &DocumentsRequest, page: &PageRequest) -> Answer<Page<DocumentCard>> {
        documents::list(self, wanted, page)
    }

    fn told(&self, community: CommunityId, page: &PageRequest) -> Answer<Page<DocumentCard>> {
        documents::told(self, community, page)
    }

    fn document(&self, id: DocumentId) -> Answer<DocumentPage> {
        documents::read(self, id)
    }

    fn document_at(&self, id: DocumentId, heads: &[ChangeHash]) -> Answer<DocumentPage> {
        documents::read_at(self, id, heads)
    }

    fn create_document(&self, kind: DocumentKind, content: serde_json::Value) -> Answer<Published> {
        documents::create(self, kind, content)
    }

    fn edit_document(&self, id: DocumentId, edit: Edit<serde_json::Value>) -> Answer<Published> {
        documents::edit(self, id, edit)
    }

    fn census(&self, kind: DocumentKind, by: &[CensusBy]) -> Answer<Census> {
        Ok(self.store.census(kind, by)?)
    }

    fn withdraw(&self, id: DocumentId, reason: String) -> Answer<()> {
        write::withdraw(self, id, reason)
    }

    fn drafts(&self) -> Answer<Vec<DraftCard>> {
        let drafts = Drafts::new(self.data_dir.path());
        let card = |id: DocumentName| {
            let content = drafts.read(&id)?.unwrap_or_default();
            let text = |key: &str| content.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            Ok(DraftCard { id: id.to_string(), title: text("title"), kind: text("kind") })
        };
        drafts.list()?.into_iter().map(card).collect()
    }

    fn draft(&self, id: DocumentName) -> Answer<serde_json::Value> {
        Drafts::new(self.data_dir.path()).read(&id)?.ok_or(LibraryError::NotFound)
    }

    fn keep_draft(&self, id: DocumentName, content: serde_json::Value) -> Answer<()> {
        if Drafts::new(self.data_dir.path()).keep(&id, &content)? {
            return Ok(());
        }
        Err(LibraryError::Denied {
            code: "too_many_drafts",
            uk: format!("Чернеток уже {DRAFTS_MAX}: видаліть зайві"),
            en: format!("There are {DRAFTS_MAX} drafts already: remove some"),
        })
    }

    fn remove_draft(&self, id: DocumentName) -> Answer<()> {
        if Drafts::new(self.data_dir.path()).remove(&id)? { Ok(()) } else { Err(LibraryError::NotFound) }
    }

    fn note(&self, note: Note) -> Answer<Option<serde_json::Value>> {
        Ok(Notes::new(self.data_dir.path()).read(&note)?)
    }

    fn keep_note(&self, note: Note, content: serde_json::Value) -> Answer<()> {
        Notes::new(self.data_dir.path()).keep(&note, &content)?;
        if note == Note::Hidden {
            self.store.hide(notes::hidden(&content))?;
        }
        Ok(())
    }

    fn communities(&self, page: &PageRequest) -> Answer<Page<CommunityCard>> {
        read::communities(self, page)
    }

    fn found_community(&self, code: &str, device_name: &str) -> Answer<CommunityCard> {
        found::found(self, code, device_name)
    }

    fn recovery_key(&self) -> Answer<String> {
        let written = crate::keyring::Keyring::new(self.data_dir.path()).officer_written()?;
        written.map(|written| (*written).clone()).ok_or(LibraryError::NotFound)
    }

    fn profile(&self, community: CommunityId) -> Answer<ProfilePage> {
        read::profile(self, community)
    }

    fn edit_profile(&self, edit: Edit<Profile>) -> Answer<Published> {
        write::edit_profile(self, edit)
    }

    fn history(&self, id: DocumentId, page: &PageRequest) -> Answer<Page<Revision>> {
        read::history(self, id, page)
    }

    fn record(&self, id: RecordId) -> Answer<Vec<u8>> {
        self.store.record(&id)?.map(crdt::record::Record::into_bytes).ok_or(LibraryError::NotFound)
    }

    fn quarantine(&self, page: &PageRequest) -> Answer<Page<Quarantined>> {
        read::quarantine(self, page)
    }

    fn peers(&self) -> Answer<Vec<Peer>> {
        let peers = self.handle.call(|replica, _, _, _| replica.peers())?;
        Ok(peers.into_iter().map(|(name, peer)| Peer { id: swarm::written(&name), ..peer }).collect())
    }

    fn registry(&self) -> Answer<Arc<Vec<RegistryEntry>>> {
        registry::registry(self)
    }

    fn places(&self, request: &SearchRequest) -> Answer<FoundPlaces> {
        search::places(self, request)
    }

    fn probe(&self, address: &str) -> Answer<Probe> {
        let given = address.to_owned();
        let begun = self.handle.call(move |_, swarm, _, _| swarm.as_mut().map(|swarm| swarm.probe(&given)))?;
        Ok(on_network(address, begun)?.wait())
    }

    fn dial(&self, address: &str) -> Answer<()> {
        let given = address.to_owned();
        let dialled = self.handle.call(move |_, swarm, _, _| swarm.as_mut().map(|swarm| swarm.want(&given)))?;
        on_network(address, dialled)?;
        // The link is wanted after the next start as well.
        Ok(peers::add(self.data_dir.path(), address.trim())?)
    }

    fn added_peers(&self) -> Answer<Vec<String>> {
        Ok(peers::added(self.data_dir.path())?)
    }

    fn forget_peer(&self, address: &str) -> Answer<()> {
        if !peers::remove(self.data_dir.path(), address.trim())? {
            return Err(LibraryError::NotFound);
        }
        let given = address.to_owned();
        // Without a network there is no link to end.
        self.handle.call(move |_, swarm, _, _| swarm.as_mut().map(|swarm| swarm.unwant(&given)))?;
        Ok(())
    }

    fn import(&self, request: ImportRequest) -> Answer<Vec<RowReport>> {
        import::import(self, request)
    }

    fn take_block(&self, bytes: Vec<u8>, dry_run: bool) -> Answer<BlockReport> {
        block::take(self, bytes, dry_run)
    }

    fn give_block(&self, after: Option<&str>, since: u64) -> Answer<BlockPage> {
        block::give(self, after, since)
    }

    fn verify(&self, after: Option<&str>) -> Answer<VerifyPage> {
        verify::verify(self, after)
    }

    #[cfg(feature = "press")]
    fn has_press(&self) -> bool {
        true
    }

    #[cfg(feature = "press")]
    fn typeset(&self, sheet: &Sheet) -> Answer<Vec<u8>> {
        self.press.make(sheet)
    }

    fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.handle.subscribe()
    }
}
