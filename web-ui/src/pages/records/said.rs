//! What was said about a document: who repeats it and how that went, who endorses which revision of
//! it, the talk about it, its translations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::adoption::Adoption;
use crdt::kinds::endorsement::Endorsement;
use crdt::kinds::translation::Translation;
use crdt::practice::Indicator;
use crdt::vocabulary::{ADOPTION_STATUSES, COMMENT_PURPOSES, OUTCOMES, size_band};

use super::measured::{Measured, measured};
use super::outcome::Outcomes;
use super::{href, state_label};
use crate::format;
use crate::library::notes::{self, Hidden};
use crate::library::registry::RegistryEntry;
use crate::library::rightful::{ACCEPTED, is_confirmed};
use crate::library::{DocumentCard, DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::entries::cut;
use crate::pages::frame::Visitor;
use crate::pages::terms::term;
use crate::pages::values::{Paragraph, prose};
use crate::translated;

/// Comments and endorsements that a page looks at: more is read in their own lists.
const LOOKED_AT: usize = 100;
/// Adoptions whose measurements are read.
const MEASURED: usize = 20;
/// Adoptions that are named.
const ADOPTIONS_SHOWN: usize = 20;
/// Letters of a note in a list.
const NOTE_CHARS: usize = 200;

/// What is known about a document, read in one go.
pub(crate) struct Known {
    /// Adoptions, last changed first.
    adoptions: Vec<DocumentCard>,
    /// Those that are named, each with what else its line says.
    named: Vec<Adopting>,
    /// Those that went far enough to have measured something, whole.
    pub(crate) results: Vec<DocumentPage>,
    comments: Vec<DocumentCard>,
    hidden: Hidden,
    endorsements: Vec<DocumentPage>,
    /// Translations of it, last changed first.
    pub(crate) translations: Vec<DocumentPage>,
}

/// An adoption that is named.
struct Adopting {
    card: DocumentCard,
    /// Whether its community is like the reader's own.
    like_you: bool,
    /// What was changed for its community.
    adapted: String,
    /// Whether the community whose practice it is confirms it.
    confirmed: bool,
}

impl Known {
    /// How many communities but its owner adopt it.
    pub(crate) fn adopting(&self, owner: &str) -> u64 {
        let others = self.adoptions.iter().filter(|card| card.owner != owner);
        others.map(|card| &card.owner).collect::<BTreeSet<_>>().len() as u64
    }

    /// Whether others endorsed it, and nobody the revision at `heads`.
    pub(crate) fn is_outdated(&self, owner: &str, heads: &[String]) -> bool {
        let current = |page: &DocumentPage| {
            page.typed::<Endorsement>().is_some_and(|endorsement| is_at(&endorsement.about_revision, heads))
        };
        let mut by_others = self.endorsements.iter().filter(|page| page.card.owner != owner).peekable();
        by_others.peek().is_some() && !by_others.any(current)
    }

    /// What is not shown on this node.
    pub(crate) fn hidden(&self) -> &Hidden {
        &self.hidden
    }

    /// Whether a community endorses it.
    pub(crate) fn endorsed_by(&self, community: &str) -> bool {
        self.endorsements.iter().any(|page| page.card.owner == community)
    }
}

/// Reads what was said about a document, for a reader of the community with the code `home`.
pub(crate) fn look(library: &dyn Library, id: DocumentId, home: Option<&str>) -> Result<Known, LibraryError> {
    let about = |kind| DocumentsRequest { kind, scope: Scope::About(id) };
    let some = PageRequest { after: None, limit: LOOKED_AT };
    let hidden = notes::hidden(library)?;
    let is_told = |card: &DocumentCard| is_about(card, id) && !hidden.contains_key(&card.id);
    let whole = |kind| -> Result<Vec<DocumentPage>, LibraryError> {
        let cards = library.documents(&about(kind), &some)?.rows;
        let read = |card: &DocumentCard| library.document(card.id.parse().ok()?).ok();
        Ok(cards.iter().filter(|card| is_told(card)).filter_map(read).collect())
    };
    let every = PageRequest { after: None, limit: super::LOOKED_AT };
    let mut adoptions = library.documents(&about(DocumentKind::Adoption), &every)?.rows;
    adoptions.retain(is_told);
    let went_far = |card: &&DocumentCard| Adoption::is_repeated(&card.state) || !card.outcome.is_empty();
    let results = adoptions.iter().filter(went_far).take(MEASURED);
    let results = results.filter_map(|card| library.document(card.id.parse().ok()?).ok()).collect();
    let mut comments = library.documents(&about(DocumentKind::Comment), &some)?.rows;
    // A talk says that a remark is not shown, and why: others may answer it.
    comments.retain(|card| is_about(card, id));
    let registry = if adoptions.is_empty() { Arc::default() } else { library.registry()? };
    Ok(Known {
        named: named(library, &registry, &adoptions, (home, &hidden))?,
        adoptions,
        results,
        comments,
        endorsements: whole(DocumentKind::Endorsement)?,
        translations: translated::of(library, id, &hidden)?,
        hidden,
    })
}

/// The adoptions that are named: first those of communities like the reader's own, then those that work,
/// of these the last changed.
fn named(
    library: &dyn Library,
    registry: &[RegistryEntry],
    adoptions: &[DocumentCard],
    (home, hidden): (Option<&str>, &Hidden),
) -> Result<Vec<Adopting>, LibraryError> {
    let sizes: HashMap<&str, &str> = registry.iter().filter_map(size_of).collect();
    let is_like = |card: &DocumentCard| home.is_some_and(|home| like(&sizes, home, &card.owner_code));
    let mut cards: Vec<(bool, &DocumentCard)> = adoptions.iter().map(|card| (is_like(card), card)).collect();
    cards.sort_by_key(|(is_like, card)| (!is_like, !Adoption::is_repeated(&card.state)));
    let mut named = Vec::new();
    for (like_you, card) in cards.into_iter().take(ADOPTIONS_SHOWN) {
        let Ok(id) = card.id.parse::<DocumentId>() else { continue };
        let whole = library.document(id).ok().and_then(|page| page.typed::<Adoption>());
        let confirmed = is_confirmed(library, card, hidden)?;
        let adapted = whole.map(|adoption| adoption.adapted).unwrap_or_default();
        named.push(Adopting { card: card.clone(), like_you, adapted, confirmed });
    }
    Ok(named)
}

/// Whether two revisions are the same.
fn is_at(revision: &[String], heads: &[String]) -> bool {
    revision.iter().collect::<BTreeSet<_>>() == heads.iter().collect::<BTreeSet<_>>()
}

/// Whether a document tells about another, and does not only name it.
fn is_about(card: &DocumentCard, id: DocumentId) -> bool {
    card.about.as_deref().and_then(|about| about.parse::<DocumentId>().ok()) == Some(id)
}

/// An adoption or an endorsement as a line.
pub(crate) struct Line {
    pub(crate) owner: String,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) day: String,
    pub(crate) summary: String,
    /// Whether its community is like the reader's own: of the same kind, and in its oblast or of its size.
    pub(crate) like_you: bool,
    /// What was changed for its community; empty if nobody said.
    pub(crate) adapted: String,
    /// Whether the community whose practice it is confirms it.
    pub(crate) confirmed: bool,
    /// Whether it is about the revision that is shown.
    pub(crate) current: bool,
}

/// A comment.
pub(crate) struct Remark {
    pub(crate) id: String,
    pub(crate) purpose: String,
    pub(crate) owner: String,
    pub(crate) owner_href: String,
    pub(crate) href: String,
    pub(crate) answer_href: String,
    pub(crate) day: String,
    pub(crate) machine: String,
    pub(crate) text: Vec<Paragraph>,
    pub(crate) is_reply: bool,
    /// Why it is not shown on this node, if so.
    pub(crate) hidden: Option<String>,
}

/// A translation.
pub(crate) struct Tongue {
    pub(crate) lang: String,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) by_machine: bool,
    pub(crate) stale: bool,
}

/// All of it as a page shows it.
pub(crate) struct Said {
    pub(crate) adoptions_total: u64,
    /// How many are at which stage.
    pub(crate) states: Vec<(String, u64)>,
    /// What came of them, in words.
    pub(crate) outcomes: Option<String>,
    pub(crate) adoptions: Vec<Line>,
    /// What was measured, beside what the practice measured itself.
    pub(crate) measured: Vec<Measured>,
    /// Where all of them are listed, if only some are named.
    pub(crate) all_adoptions_href: Option<String>,
    /// Whether it is something that can be repeated.
    pub(crate) adoptable: bool,
    pub(crate) endorsements: Vec<Line>,
    pub(crate) talk: Vec<Remark>,
    pub(crate) translations: Vec<Tongue>,
    /// Whether the reader may write.
    pub(crate) writes: bool,
    /// Whether the document is the reader's own.
    pub(crate) own: bool,
    pub(crate) adopt_href: String,
    pub(crate) endorse_href: String,
    pub(crate) ask_href: String,
    pub(crate) comment_href: String,
    pub(crate) translate_href: String,
}

impl Said {
    /// What a page of `id`, which stands at `heads` and belongs to `owner`, shows of what is known.
    pub(crate) fn new(v: &Visitor, known: &Known, id: &str, owner: &str, heads: &[String], adoptable: bool) -> Self {
        let begin = |pairs: &[(&str, &str)]| {
            let all: Vec<(&str, &str)> = pairs.iter().copied().chain([("about", id)]).collect();
            v.link_with(&["write", "record", "new"], &all)
        };
        let at_heads = |revision: &[String]| is_at(revision, heads);
        let endorsement = |page: &DocumentPage| {
            let typed: Option<Endorsement> = page.typed();
            Line { current: typed.is_some_and(|said| at_heads(&said.about_revision)), ..line(v, &page.card) }
        };
        Self {
            adoptions_total: known.adoptions.len() as u64,
            states: states(v, &known.adoptions),
            outcomes: Outcomes::of(known.adoptions.iter().map(|card| (card.outcome.as_str(), 1))).said(v),
            adoptions: known.named.iter().map(|one| adopting(v, one)).collect(),
            measured: Vec::new(),
            all_adoptions_href: (known.adoptions.len() > ADOPTIONS_SHOWN)
                .then(|| v.link_with(&["adoptions"], &[("about", id)])),
            adoptable,
            // Whoever vouches for its own vouches for nothing.
            endorsements: known.endorsements.iter().filter(|page| page.card.owner != owner).map(endorsement).collect(),
            talk: talk(v, &known.comments, &known.hidden),
            translations: known.translations.iter().filter_map(|page| tongue(v, page, &at_heads)).collect(),
            writes: v.writes(),
            own: v.home().is_some_and(|home| home.id == owner),
            adopt_href: begin(&[("kind", "adoption")]),
            endorse_href: begin(&[("kind", "endorsement")]),
            ask_href: begin(&[("kind", "comment"), ("purpose", "question")]),
            comment_href: begin(&[("kind", "comment"), ("purpose", "comment")]),
            translate_href: begin(&[("kind", "translation")]),
        }
    }

    /// With what adoptions measured beside the indicators of the practice itself.
    pub(crate) fn beside(self, v: &Visitor, known: &Known, own: &[Indicator], owner: (&str, &str)) -> Self {
        Self { measured: measured(v, own, owner, &known.results), ..self }
    }
}

fn adopting(v: &Visitor, one: &Adopting) -> Line {
    let adapted = cut(&one.adapted, NOTE_CHARS);
    Line { like_you: one.like_you, confirmed: one.confirmed, adapted, ..line(v, &one.card) }
}

/// The code of a community and how large it is, if it says so.
fn size_of(entry: &RegistryEntry) -> Option<(&str, &str)> {
    Some((entry.community.code.as_str(), size_band(entry.profile.population.value?).key))
}

/// Whether two communities are alike: of the same kind, and in one oblast or of one size.
fn like(sizes: &HashMap<&str, &str>, own: &str, other: &str) -> bool {
    let size = |code| sizes.get(code);
    codifier::find(own).zip(codifier::find(other)).is_some_and(|(a, b)| {
        let same_size = size(own).is_some() && size(own) == size(other);
        a.code != b.code && a.kind == b.kind && (a.oblast == b.oblast || same_size)
    })
}

fn line(v: &Visitor, card: &DocumentCard) -> Line {
    Line {
        owner: v.place(&card.owner_code),
        href: href(v, card),
        state: with_outcome(v, card),
        day: if card.day.is_empty() { format::day(card.updated_at) } else { format::date(&card.day) },
        summary: cut(&card.summary, NOTE_CHARS),
        like_you: false,
        adapted: String::new(),
        confirmed: false,
        current: false,
    }
}

/// How far along it is and, of an adoption, what came of it.
fn with_outcome(v: &Visitor, card: &DocumentCard) -> String {
    let state = state_label(v, card);
    if card.outcome.is_empty() { state } else { format!("{state}; {}", term(v, &OUTCOMES, &card.outcome)) }
}

/// How many adoptions have which state, in the order of the vocabulary.
fn states(v: &Visitor, cards: &[DocumentCard]) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    cards.iter().for_each(|card| *counts.entry(card.state.as_str()).or_default() += 1);
    let terms = ADOPTION_STATUSES.terms.iter();
    terms.filter_map(|one| Some((term(v, &ADOPTION_STATUSES, one.key), *counts.get(one.key)?))).collect()
}

/// The talk in reading order: each remark with its answers after it, oldest first.
fn talk(v: &Visitor, cards: &[DocumentCard], hidden: &Hidden) -> Vec<Remark> {
    let here: BTreeSet<&str> = cards.iter().map(|card| card.id.as_str()).collect();
    let root = |card: &DocumentCard| card.mentions.iter().find(|id| here.contains(id.as_str())).cloned();
    let mut answers: BTreeMap<String, Vec<&DocumentCard>> = BTreeMap::new();
    let mut first = Vec::new();
    // Lists are last first; a talk is read from its beginning.
    for card in cards.iter().rev() {
        match root(card) {
            Some(root) => answers.entry(root).or_default().push(card),
            None => first.push(card),
        }
    }
    let mut shown = Vec::new();
    for card in first {
        unfold(v, card, false, &mut answers, &mut shown);
    }
    // Answers that answer each other in a circle are of nobody's making but are not lost.
    for card in answers.into_values().flatten() {
        shown.push(remark(v, card, true));
    }
    for remark in &mut shown {
        remark.hidden = hidden.get(&remark.id).map(|hiding| hiding.reason.clone());
    }
    shown
}

fn unfold<'a>(
    v: &Visitor,
    card: &'a DocumentCard,
    is_reply: bool,
    answers: &mut BTreeMap<String, Vec<&'a DocumentCard>>,
    shown: &mut Vec<Remark>,
) {
    // What is open waits on a list of its own and not on the stack: a thread may be long.
    let mut open = vec![(card, is_reply)];
    while let Some((card, is_reply)) = open.pop() {
        shown.push(remark(v, card, is_reply));
        let own = answers.remove(&card.id).unwrap_or_default();
        open.extend(own.into_iter().rev().map(|answer| (answer, true)));
    }
}

fn remark(v: &Visitor, card: &DocumentCard, is_reply: bool) -> Remark {
    let about = card.about.as_deref().unwrap_or_default();
    let answer = [("kind", "comment"), ("purpose", "answer"), ("about", about), ("reply_to", card.id.as_str())];
    // That an edit is accepted, only the owner of the record can say.
    let is_owner = card.about_owner.as_ref() == Some(&card.owner);
    let purpose = if card.state == ACCEPTED && !is_owner { "comment" } else { card.state.as_str() };
    Remark {
        purpose: term(v, &COMMENT_PURPOSES, purpose),
        owner: v.place(&card.owner_code),
        owner_href: v.link(&["communities", &card.owner]),
        href: href(v, card),
        answer_href: v.link_with(&["write", "record", "new"], &answer),
        day: format::moment(card.updated_at),
        machine: format::machine(card.updated_at),
        text: prose(&card.summary),
        is_reply,
        hidden: None,
        id: card.id.clone(),
    }
}

fn tongue(v: &Visitor, page: &DocumentPage, at_heads: &impl Fn(&[String]) -> bool) -> Option<Tongue> {
    let said: Translation = page.typed()?;
    Some(Tongue {
        stale: !at_heads(&said.about_revision),
        by_machine: said.origin.as_deref() == Some("machine"),
        title: said.title,
        lang: said.lang,
        href: href(v, &page.card),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::*;

    fn said(id: u8, reply_to: Option<u8>, at: u64) -> DocumentCard {
        let id_of = |n: u8| format!("{n:02x}").repeat(16);
        DocumentCard {
            id: id_of(id),
            kind: "comment".into(),
            summary: id.to_string(),
            mentions: reply_to.map(id_of).into_iter().collect(),
            updated_at: at,
            ..DocumentCard::default()
        }
    }

    #[test]
    fn answers_follow_what_they_answer() {
        let v = Visitor::of(&Uri::from_static("/"));
        // Last first, as lists are.
        let cards = [said(4, Some(2), 4), said(3, None, 3), said(2, Some(1), 2), said(1, None, 1)];
        let ids: Vec<String> = talk(&v, &cards, &Hidden::new()).iter().map(|one| one.id[..2].to_owned()).collect();
        assert_eq!(ids, ["01", "02", "04", "03"]);
        let circle = [said(2, Some(1), 2), said(1, Some(2), 1)];
        assert_eq!(talk(&v, &circle, &Hidden::new()).len(), 2, "nothing is lost");
    }
}
