//! What a community repeated from others, and what others repeated from it.

use crdt::gate::DocumentKind;
use crdt::id::CommunityId;

use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, PageRequest, PracticePage, Scope};
use crate::pages::entries::{other_tongue, titled};
use crate::pages::frame::{Visitor, short_name};
use crate::pages::records::RecordEntry;

/// Adoptions that the page names; all stand in their own list.
const ADOPTIONS_SHOWN: usize = 10;
/// What others wrote that is looked at for adoptions, last changed first.
const TOLD_LOOKED_AT: usize = 100;

/// The row of a practice, as far as a page names it.
pub(super) fn named(page: PracticePage) -> DocumentCard {
    DocumentCard {
        id: page.id,
        kind: "practice".into(),
        title: page.practice.title,
        lang: page.practice.lang,
        owner: page.owner,
        owner_code: page.owner_code,
        ..DocumentCard::default()
    }
}

/// A practice that a page names.
pub(super) struct Named {
    pub(super) title: String,
    pub(super) href: String,
    /// The language of the title, where the page is in another.
    pub(super) tongue: Option<String>,
}

impl Named {
    pub(super) fn new(v: &Visitor, card: &DocumentCard) -> Self {
        Self {
            title: titled(v, &card.title),
            href: v.link(&["practices", &card.id]),
            tongue: other_tongue(v, &card.lang),
        }
    }
}

/// A practice and the one that it repeats.
pub(super) struct Pair {
    /// The community's own.
    pub(super) own: Named,
    /// The other, as far as it is here.
    pub(super) other: Option<Named>,
    /// Whose the other is, with where its page is.
    pub(super) whose: Option<(String, String)>,
}

/// The practices named on the page that repeat others, each with its origin.
pub(super) fn from_others(library: &dyn Library, cards: &[DocumentCard]) -> Known {
    let origin = |card: &DocumentCard| {
        let adopted = library.practice(card.id.parse().ok()?).ok()?.practice.adopted_from?;
        let origin = adopted.parse().ok().and_then(|id| library.practice(id).ok()).map(named);
        // What repeats an own practice is not another’s experience.
        (origin.as_ref().is_none_or(|origin| origin.owner != card.owner)).then(|| (card.clone(), origin))
    };
    cards.iter().filter_map(origin).collect()
}

/// The practices named on the page that others repeat, each with those others.
pub(super) fn by_others(library: &dyn Library, cards: &[DocumentCard]) -> Known {
    let repeated = |card: &DocumentCard| {
        // Where search cannot answer just now, the page is whole without it.
        let adopters = card.id.parse().map_err(|_| LibraryError::NotFound).and_then(|id| library.adopters(id));
        let adopters = adopters.unwrap_or_default().into_iter();
        adopters.map(|adopter| (card.clone(), Some(adopter))).collect::<Vec<_>>()
    };
    cards.iter().flat_map(repeated).collect()
}

/// Own practices, each with another’s.
pub(super) type Known = Vec<(DocumentCard, Option<DocumentCard>)>;

/// The pairs as they are shown.
pub(super) fn pairs(v: &Visitor, known: &Known) -> Vec<Pair> {
    let named = |card: &DocumentCard| Named::new(v, card);
    let whose = |card: &DocumentCard| (short_name(&v.place(&card.owner_code)), v.link(&["communities", &card.owner]));
    let pair = |(own, other): &(DocumentCard, Option<DocumentCard>)| Pair {
        own: named(own),
        other: other.as_ref().map(named),
        whose: other.as_ref().map(whose),
    };
    known.iter().map(pair).collect()
}

/// What a community says of how it repeats others’ practices, and what others say of repeating its own.
pub(super) struct Adoptions {
    own: Vec<DocumentCard>,
    others: Vec<DocumentCard>,
}

/// Reads what was said of repeating.
pub(super) fn adoptions(library: &dyn Library, community: CommunityId) -> Result<Adoptions, LibraryError> {
    let wanted = DocumentsRequest { kind: DocumentKind::Adoption, scope: Scope::Of(community) };
    let own = library.documents(&wanted, &PageRequest { after: None, limit: ADOPTIONS_SHOWN })?.rows;
    let told = library.told(community, &PageRequest { after: None, limit: TOLD_LOOKED_AT })?.rows;
    let others = told.into_iter().filter(|card| card.kind == "adoption").take(ADOPTIONS_SHOWN).collect();
    Ok(Adoptions { own, others })
}

impl Adoptions {
    /// Both as they are shown: the community’s own, and others’.
    pub(super) fn entries(&self, v: &Visitor) -> [Vec<RecordEntry>; 2] {
        [&self.own, &self.others].map(|cards| cards.iter().map(|card| RecordEntry::new(v, card)).collect())
    }
}
