//! Views: what the store keeps so that no page loads a document.
//!
//! Of a document with one record nothing is kept but its row in the lists and which record that is:
//! its view is read from the record each time, which costs little more than reading a copy would.

use std::sync::atomic::Ordering;

use crdt::gate::{DocumentKind, read};
use crdt::id::{CommunityId, DocumentId, RecordId};
use crdt::replay::view_of_one;
use crdt::view::{RULES, SetAside, View};
use serde::{Deserialize, Serialize};
use web_ui::library::DocumentCard;

use super::census::Counted;
use super::links;
use super::set::{Entry, Totals};
use super::{Store, keys, parts};
use crate::fault::Fault;

/// A document that must be derived anew.
pub struct Derivable {
    /// The document.
    pub document: DocumentId,
    /// The record that names it, if only one does.
    pub only: Option<RecordId>,
    /// Another one after each record that comes for it, and whenever it is to be derived for another reason.
    pub generation: u64,
}

/// What became of a view that was to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// The database has it.
    Kept,
    /// Readers see it, from memory.
    Shown,
    /// Its document changed meanwhile, and is to be derived again.
    Changed,
}

/// A view as it is kept, with the rules that derived it.
#[derive(Serialize, Deserialize)]
pub struct StoredView {
    rules: u16,
    view: View,
}

/// Where a document stands in the lists. The id of its only record follows it where the view is
/// read from that: see [`read_listing`].
#[derive(Serialize, Deserialize)]
struct Listing {
    kind: u8,
    /// Whether any change of it counts: one with none says nothing yet and is not listed.
    shown: bool,
    updated_at: u64,
    community: CommunityId,
    set_aside: u64,
    waiting: u64,
}

impl Listing {
    fn is_practice(&self) -> bool {
        self.shown && self.kind == DocumentKind::Practice.number()
    }
}

impl Entry<'_> {
    /// Drops a document's view and its rows in the lists.
    pub(super) fn forget_view(&mut self, document: &DocumentId) -> Result<(), Fault> {
        self.index_later(document);
        self.store.show_no_more(document);
        parts::remove(&self.store.db, &mut self.batch, &keys::view(document))?;
        let Some(listing) = self.store.listing(document)? else { return Ok(()) };
        self.unlist(document, &listing)?;
        self.batch.remove(keys::listing(document));
        Ok(())
    }

    fn unlist(&mut self, document: &DocumentId, listing: &Listing) -> Result<(), Fault> {
        let row = keys::row(listing.updated_at, document);
        if let Some(card) = self.store.card_of(document, listing)? {
            for key in links::keys(listing.kind, &listing.community, &row, &card) {
                self.listed.extend(keys::tallied(&key).map(|list| (list, -1)));
                self.batch.remove(key);
            }
            self.index_told(listing.kind, &card);
            self.census.push((*document, None));
        }
        self.batch.remove([&keys::list(listing.kind)[..], &row].concat());
        self.batch.remove([&keys::list_of(&listing.community)[..], &row].concat());
        for key in self.store.db.scan_prefix(keys::aside(document)).keys() {
            self.batch.remove(key?);
        }
        self.totals.practices -= u64::from(listing.is_practice());
        self.listed.extend(listing.is_practice().then(|| (keys::list_of(&listing.community), -1)));
        self.totals.set_aside = self.totals.set_aside.saturating_sub(listing.set_aside);
        self.totals.waiting = self.totals.waiting.saturating_sub(listing.waiting);
        Ok(())
    }

    /// Has a practice indexed again when what is said of it changes how it is found: a translation by its
    /// words, an endorsement or an adoption by how well it is attested.
    fn index_told(&mut self, kind: u8, card: &DocumentCard) {
        const TELLING: [DocumentKind; 3] =
            [DocumentKind::Translation, DocumentKind::Endorsement, DocumentKind::Adoption];
        let about = card.about.as_ref().and_then(|id| id.parse::<DocumentId>().ok());
        if let Some(practice) = about.filter(|_| TELLING.iter().any(|one| one.number() == kind)) {
            self.index_later(&practice);
        }
    }

    /// Puts a document into the lists; `alone` names the record that its view is to be read from.
    pub(super) fn list(&mut self, view: &View, card: &DocumentCard, alone: Option<&RecordId>) {
        self.index_later(&view.document);
        let listing = Listing {
            kind: view.kind.number(),
            shown: view.changes > 0,
            updated_at: view.updated_at.0,
            community: view.community,
            set_aside: view.set_aside.len() as u64,
            waiting: view.waiting.len() as u64,
        };
        let row = keys::row(listing.updated_at, &view.document);
        if listing.shown {
            let packed = postcard::to_stdvec(card).expect("a card has only texts and numbers");
            self.batch.insert([&keys::list(listing.kind)[..], &row].concat(), packed);
            for key in links::keys(listing.kind, &listing.community, &row, card) {
                self.listed.extend(keys::tallied(&key).map(|list| (list, 1)));
                self.batch.insert(key, &[listing.kind]);
            }
            self.index_told(listing.kind, card);
            self.census.push((view.document, Some(Counted::of(listing.kind, card))));
        }
        if listing.is_practice() {
            self.batch.insert([&keys::list_of(&view.community)[..], &row].concat(), &[]);
            self.listed.push((keys::list_of(&view.community), 1));
        }
        let waiting = view.waiting.iter().map(|id| (id, "waiting".to_owned()));
        let aside = view.set_aside.iter().map(|(id, reason)| (id, reason_code(*reason)));
        for (id, reason) in waiting.chain(aside) {
            self.batch.insert([&keys::aside(&view.document)[..], &id.0].concat(), reason.as_bytes());
        }
        self.totals.practices += u64::from(listing.is_practice());
        self.totals.set_aside += listing.set_aside;
        self.totals.waiting += listing.waiting;
        let mut listing = postcard::to_stdvec(&listing).expect("a listing has only numbers");
        listing.extend(alone.iter().flat_map(|record| record.0));
        self.batch.insert(keys::listing(&view.document), listing);
    }
}

fn read_listing(bytes: &[u8]) -> Option<(Listing, Option<RecordId>)> {
    let (listing, rest) = postcard::take_from_bytes(bytes).ok()?;
    Some((listing, RecordId::from_slice(rest)))
}

/// A row of a list. Until all are derived anew there are rows that say neither an outcome, nor whom it
/// reached, nor a language, which are the last that they say now.
pub(super) fn read_card(bytes: &[u8]) -> Option<DocumentCard> {
    let without = || postcard::from_bytes(&[bytes, &[0; 3]].concat());
    postcard::from_bytes(bytes).or_else(|_| without()).ok()
}

/// The short name of a reason, as programs read it.
pub(crate) fn reason_code(reason: SetAside) -> String {
    match reason {
        SetAside::NoRight(reason) => format!("no_right:{reason:?}").to_lowercase(),
        other => format!("{other:?}").to_lowercase(),
    }
}

impl Store {
    /// Whose a document is that stands in the lists: what is kept of it says so, its records need not be read.
    pub(super) fn owner_listed(&self, document: &DocumentId) -> Result<Option<CommunityId>, Fault> {
        Ok(self.listing(document)?.map(|listing| listing.community))
    }

    fn listing(&self, document: &DocumentId) -> Result<Option<Listing>, Fault> {
        let bytes = self.db.get(keys::listing(document))?;
        Ok(bytes.and_then(|bytes| read_listing(&bytes)).map(|(listing, _)| listing))
    }

    /// How many documents are to be derived anew, counted up to `most`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pending_count(&self, most: usize) -> Result<usize, Fault> {
        let mut count = 0;
        for key in self.db.scan_prefix([keys::PENDING]).keys().take(most) {
            key?;
            count += 1;
        }
        Ok(count)
    }

    /// The next documents to derive anew, at most `most`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pending(&self, most: usize) -> Result<Vec<DocumentId>, Fault> {
        let keys = self.db.scan_prefix([keys::PENDING]).keys().take(most);
        keys.filter_map(|key| key.map(|key| DocumentId::from_slice(&key[1..])).transpose()).collect()
    }

    /// A pending document; none if it is not pending or has no records.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn derivable(&self, document: &DocumentId) -> Result<Option<Derivable>, Fault> {
        let Some(generation) = self.pending_generation(document)? else { return Ok(None) };
        let prefix = keys::document(document);
        let mut ids = self.ids_under(&prefix);
        let Some(first) = ids.next().transpose()? else {
            self.db.remove(keys::pending(document))?;
            return Ok(None);
        };
        let only = ids.next().transpose()?.is_none().then_some(first);
        Ok(Some(Derivable { document: *document, only, generation }))
    }

    /// Takes a document off the pending ones without deriving it: it brought the program down.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn set_aside_pending(&self, document: &DocumentId) -> Result<(), Fault> {
        self.db.remove(keys::pending(document))?;
        Ok(())
    }

    /// Has a document derived anew, whatever its view says.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pend(&self, document: &DocumentId) -> Result<(), Fault> {
        let generation = self.generation.fetch_add(1, Ordering::Relaxed);
        self.db.insert(keys::pending(document), &generation.to_be_bytes())?;
        Ok(())
    }

    /// Keeps a view, unless its document changed since `derivable` was read: then it stays pending. While the
    /// disk refuses it is shown from memory, so that what was acknowledged is read as it was written.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn keep_view(&self, derivable: &Derivable, view: &View, card: &DocumentCard) -> Result<Kept, Fault> {
        self.keep(derivable, view, card, None)
    }

    /// The same for a document with one record that [`view_of_one`] can read: only the row in the
    /// lists is kept.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn keep_alone(&self, derivable: &Derivable, view: &View, card: &DocumentCard) -> Result<Kept, Fault> {
        self.keep(derivable, view, card, derivable.only.as_ref())
    }

    fn keep(
        &self,
        derivable: &Derivable,
        view: &View,
        card: &DocumentCard,
        alone: Option<&RecordId>,
    ) -> Result<Kept, Fault> {
        let mut totals = self.write();
        if self.pending_generation(&derivable.document)? != Some(derivable.generation) {
            return Ok(Kept::Changed);
        }
        match self.write_view(&mut totals, &derivable.document, view, card, alone) {
            Ok(()) => {
                self.show_no_more(&derivable.document);
                Ok(Kept::Kept)
            }
            // Of a batch that failed the database shows as much as it came to, which may be no page at all.
            Err(fault) if view.changes > 0 && self.disk().note(&fault) => {
                self.show_instead(derivable, view, card);
                Ok(Kept::Shown)
            }
            Err(fault) => Err(fault),
        }
    }

    fn write_view(
        &self,
        totals: &mut Totals,
        document: &DocumentId,
        view: &View,
        card: &DocumentCard,
        alone: Option<&RecordId>,
    ) -> Result<(), Fault> {
        let mut entry = Entry::new(self, totals);
        if let Some(old) = self.listing(document)? {
            entry.unlist(document, &old)?;
        }
        parts::remove(&self.db, &mut entry.batch, &keys::view(document))?;
        if alone.is_none() {
            let stored = StoredView { rules: RULES, view: view.clone() };
            let packed = postcard::to_stdvec(&stored).expect("a view has only texts and numbers");
            parts::put(&mut entry.batch, &keys::view(document), &parts::pack(&packed));
        }
        entry.list(view, card, alone);
        entry.batch.remove(keys::pending(document));
        entry.commit(totals)
    }

    /// A document's view, if it was derived by today's rules and is undamaged.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn view(&self, document: &DocumentId) -> Result<Option<View>, Fault> {
        if let Some(shown) = self.shown_for_readers(document)? {
            return Ok(Some(shown.view.clone()));
        }
        let listing = self.db.get(keys::listing(document))?;
        let alone = listing.and_then(|bytes| read_listing(&bytes)).and_then(|(_, alone)| alone);
        self.view_by(document, alone.as_ref())
    }

    /// A document's view: from its only record, if that is said, else as it is kept.
    fn view_by(&self, document: &DocumentId, alone: Option<&RecordId>) -> Result<Option<View>, Fault> {
        if let Some(record) = alone {
            return self.view_of(document, record);
        }
        let bytes = parts::get(&self.db, &keys::view(document))?;
        let stored: Option<StoredView> = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        Ok(stored.filter(|stored| stored.rules == RULES && stored.view.document == *document).map(|stored| stored.view))
    }

    /// A document's view and its row in the lists, if it has both: [`Store::view`] and
    /// [`Store::card`] with one look less.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn view_and_card(&self, document: &DocumentId) -> Result<Option<(View, DocumentCard)>, Fault> {
        if let Some(shown) = self.shown_for_readers(document)? {
            return Ok(Some((shown.view.clone(), shown.card.clone())));
        }
        let bytes = self.db.get(keys::listing(document))?;
        let Some((listing, alone)) = bytes.and_then(|bytes| read_listing(&bytes)) else { return Ok(None) };
        let Some(card) = self.card_of(document, &listing)? else { return Ok(None) };
        Ok(self.view_by(document, alone.as_ref())?.map(|view| (view, card)))
    }

    /// A document's row in the lists, if it has one.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn card(&self, document: &DocumentId) -> Result<Option<DocumentCard>, Fault> {
        if let Some(shown) = self.shown(document) {
            return Ok(Some(shown.card.clone()));
        }
        let Some(listing) = self.listing(document)? else { return Ok(None) };
        self.card_of(document, &listing)
    }

    fn card_of(&self, document: &DocumentId, listing: &Listing) -> Result<Option<DocumentCard>, Fault> {
        if !listing.shown {
            return Ok(None);
        }
        let row = [&keys::list(listing.kind)[..], &keys::row(listing.updated_at, document)].concat();
        Ok(self.db.get(row)?.and_then(|packed| read_card(&packed)))
    }

    /// Whether what is kept of a document's page can be read, its row in the lists included. What is
    /// pending or was never listed is not damaged.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn is_shown_whole(&self, document: &DocumentId) -> Result<bool, Fault> {
        let Some(bytes) = self.db.get(keys::listing(document))? else { return Ok(true) };
        if self.db.contains_key(keys::pending(document))? {
            return Ok(true);
        }
        let Some((listing, _)) = read_listing(&bytes) else { return Ok(false) };
        let row = [&keys::list(listing.kind)[..], &keys::row(listing.updated_at, document)].concat();
        let card = self.db.get(row)?.and_then(|card| read_card(&card));
        Ok((card.is_some() || !listing.shown) && self.view(document)?.is_some())
    }

    fn view_of(&self, document: &DocumentId, record: &RecordId) -> Result<Option<View>, Fault> {
        let Some(record) = self.record(record)? else { return Ok(None) };
        let Ok(content) = read(&record) else { return Ok(None) };
        let charter = self.charter_of(&record.community())?;
        Ok(view_of_one(&record, &content, charter.as_deref()).filter(|view| view.document == *document))
    }

    /// Practices with the moment of their last change, last changed first: only the keys of the list are
    /// read.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn every_practice(&self, most: usize) -> Result<Vec<(DocumentId, u64)>, Fault> {
        let prefix = keys::list(DocumentKind::Practice.number());
        let mut all = Vec::new();
        for key in self.db.scan_prefix(prefix).keys().take(most) {
            all.extend(keys::read_row(&key?[prefix.len()..]));
        }
        Ok(all)
    }

    /// Records that play no part, with their document and the reason, after a row.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn quarantined(
        &self,
        after: Option<(DocumentId, RecordId)>,
        most: usize,
    ) -> Result<Vec<(DocumentId, RecordId, String)>, Fault> {
        let start = after.map_or_else(
            || vec![keys::ASIDE],
            |(document, record)| [&keys::aside(&document)[..], &record.0, &[0]].concat(),
        );
        let mut rows = Vec::new();
        for entry in self.db.range(start..vec![keys::ASIDE + 1]).take(most) {
            let (key, reason) = entry?;
            let document = DocumentId::from_slice(&key[1..17]);
            let record = RecordId::from_slice(&key[17..]);
            if let (Some(document), Some(record)) = (document, record) {
                rows.push((document, record, String::from_utf8_lossy(&reason).into_owned()));
            }
        }
        Ok(rows)
    }

    /// Has every document derived anew whose view is missing or of other rules. Reads one small
    /// note unless the rules changed.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn refresh_rules(&self) -> Result<bool, Fault> {
        if self.note("rules")?.as_deref() == Some(&RULES.to_be_bytes()) {
            return Ok(false);
        }
        self.note_all(keys::pending)?;
        self.set_note("rules", &RULES.to_be_bytes())?;
        Ok(true)
    }
}
