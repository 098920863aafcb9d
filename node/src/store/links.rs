//! Lists of documents, and which tells about which: rows under the document that is meant, so that a
//! page finds what was said of it without looking at anything else.

use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId};
use crdt::kinds::adoption::Adoption;
use crdt::kinds::endorsement::{ENDORSEMENT, Endorsement};
use crdt::practice::Vouched;
use crdt::view::View;
use web_ui::library::{DocumentCard, DocumentsRequest, Scope};

use super::hidden::Hidden;
use super::{Store, keys};
use crate::fault::Fault;

/// Translations of one practice that are read: one a language, and some for whoever translated it anew.
const TRANSLATIONS_MAX: usize = 8;

/// Adoptions and endorsements of a document that are looked at for who vouches for it, last changed first.
const VOUCHING_MAX: usize = 100;

pub(super) type Rows = Vec<([u8; 24], DocumentCard)>;

/// The keys under which a document is listed beside the list of its kind, whose value is its kind's
/// number: under its owner, under each document that it tells about or names, and under whose that is.
pub(super) fn keys(kind: u8, owner: &CommunityId, row: &[u8; 24], card: &DocumentCard) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    let mut add = |prefix: Vec<u8>| keys.push([&prefix[..], &row[..]].concat());
    if kind != DocumentKind::Practice.number() {
        add(keys::kind_of(owner, kind));
    }
    for target in card.about.iter().chain(&card.mentions).filter_map(|id| id.parse::<DocumentId>().ok()) {
        add(keys::linked(&target, kind));
    }
    let told = card.about_owner.as_ref().and_then(|id| id.parse::<CommunityId>().ok());
    if let Some(told) = told.filter(|told| told != owner) {
        add(keys::told(&told));
    }
    keys
}

fn prefix(wanted: &DocumentsRequest) -> Vec<u8> {
    let kind = wanted.kind.number();
    match &wanted.scope {
        Scope::All => keys::list(kind).to_vec(),
        Scope::Of(owner) if wanted.kind == DocumentKind::Practice => keys::list_of(owner),
        Scope::Of(owner) => keys::kind_of(owner, kind),
        Scope::About(document) => keys::linked(document, kind),
    }
}

impl Store {
    /// Rows of a list, last changed first, after a row. What is hidden on this node is left out, but where
    /// it would stand among what was said of a document.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn documents(&self, wanted: &DocumentsRequest, after: Option<[u8; 24]>, most: usize) -> Result<Rows, Fault> {
        let kind = wanted.kind.number();
        let hidden = match wanted.scope {
            Scope::About(_) => Hidden::default(),
            Scope::All | Scope::Of(_) => self.hidden(),
        };
        let is_shown = |document: &DocumentId| !hidden.contains(document);
        self.rows(&prefix(wanted), after, most, |_| Some(kind), |document, _| Ok(is_shown(document)))
    }

    /// The translations of a document that are shown on this node, last changed first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn translations(&self, document: &DocumentId) -> Result<Vec<View>, Fault> {
        let wanted = DocumentsRequest { kind: DocumentKind::Translation, scope: Scope::About(*document) };
        let mut views = Vec::new();
        for (_, card) in self.documents(&wanted, None, TRANSLATIONS_MAX)? {
            let Some(id) = card.id.parse().ok().filter(|id| !self.is_hidden(id)) else { continue };
            views.extend(self.view(&id)?);
        }
        Ok(views)
    }

    /// Who but its own community vouches for a document that stands at `heads`, by endorsements of this
    /// revision and by adoptions that work.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn vouched(&self, document: &DocumentId, owner: &CommunityId, heads: &[ChangeHash]) -> Result<Vouched, Fault> {
        let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
        let about = |kind| DocumentsRequest { kind, scope: Scope::About(*document) };
        let (told_of, own) = (Some(document.to_string()), owner.to_string());
        let by_others = |card: &DocumentCard| card.about == told_of && card.owner != own;
        let mut most = Vouched::ByNobody;
        for (_, card) in self.documents(&about(DocumentKind::Adoption), None, VOUCHING_MAX)? {
            if by_others(&card) && Adoption::is_repeated(&card.state) {
                most = Vouched::ByCommunity;
                break;
            }
        }
        for (_, card) in self.documents(&about(DocumentKind::Endorsement), None, VOUCHING_MAX)? {
            if let Some(id) = card.id.parse().ok().filter(|_| by_others(&card))
                && let Some(view) = self.view(&id)?
            {
                most = most.max(view.typed::<Endorsement>(ENDORSEMENT).vouches(&heads));
            }
        }
        Ok(most)
    }

    /// How many rows a list has.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn count_documents(&self, wanted: &DocumentsRequest) -> Result<u64, Fault> {
        let kept = match wanted {
            DocumentsRequest { kind: DocumentKind::Practice, scope: Scope::All } => Some(self.totals().practices),
            DocumentsRequest { kind: DocumentKind::Practice, scope: Scope::Of(owner) } => {
                Some(self.practices_of(owner)?)
            }
            DocumentsRequest { kind, scope: Scope::All } => self.counted(*kind),
            DocumentsRequest { kind, scope: Scope::Of(owner) } => {
                Some(self.length_of(keys::kind_of(owner, kind.number()))?)
            }
            DocumentsRequest { scope: Scope::About(_), .. } => None,
        };
        // To count the rows of a long list takes longer than the page.
        let count = kept.map_or_else(|| self.count_prefix(&prefix(wanted)), Ok)?;
        Ok(count.saturating_sub(self.hidden_in(wanted)?))
    }

    /// The rows under a prefix; the list of a row's kind has its card.
    pub(super) fn rows(
        &self,
        prefix: &[u8],
        after: Option<[u8; 24]>,
        most: usize,
        kind: impl Fn(&[u8]) -> Option<u8>,
        keep: impl Fn(&DocumentId, &DocumentCard) -> Result<bool, Fault>,
    ) -> Result<Rows, Fault> {
        let start = [prefix, after.as_ref().map_or(&[][..], |row| &row[..])].concat();
        let mut rows = Vec::new();
        for entry in self.db.range(start..) {
            let (key, value) = entry?;
            let Some(row) = key.strip_prefix(prefix) else { break };
            let Ok(row) = <[u8; 24]>::try_from(row) else { continue };
            if after.is_some_and(|after| row <= after) {
                continue;
            }
            let Some(kind) = kind(&value) else { continue };
            let Some((document, _)) = keys::read_row(&row) else { continue };
            let list = keys::list(kind);
            let card = if prefix == list { Some(value) } else { self.db.get([&list[..], &row].concat())? };
            if let Some(card) = card.and_then(|card| super::views::read_card(&card))
                && keep(&document, &card)?
            {
                rows.push((row, card));
            }
            if rows.len() == most {
                break;
            }
        }
        Ok(rows)
    }
}
