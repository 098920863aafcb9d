//! From a collection and its practices, each at its frozen revision, to a book.

use std::collections::BTreeSet;

use crdt::id::DocumentId;
use crdt::kinds::collection::{Collection, Item};
use crdt::practice::{PRACTICE, Practice, Vouched};
use crdt::vocabulary::{SECTORS, THEMES};

use super::{Block, Book, Case, Fact, Part, Row, Words, blocks, plain, printed};
use crate::format;
use crate::language::Language;
use crate::library::notes::{self, Hidden};
use crate::library::{DocumentPage, Library, LibraryError, PracticePage, parse_heads};
use crate::pages::cite;
use crate::pages::entries::titled;
use crate::pages::fields::{Fact as FieldFact, Section, layout};
use crate::pages::frame::Visitor;
use crate::pages::glance::glance;
use crate::pages::practices::inhabitants;
use crate::pages::terms::term;
use crate::pages::values::Piece;
use crate::translated::{self, Chosen};
use crate::words::practice as pw;
use crate::words::publishing as bw;

/// A collection with what it prints.
pub(crate) struct Gathered {
    /// The collection's record.
    pub(crate) page: DocumentPage,
    /// What it says.
    pub(crate) collection: Collection,
    /// Its items, in order, with what was found of each.
    pub(crate) items: Vec<(Item, Option<Found>)>,
    /// Practices of it that their communities took back.
    pub(crate) withdrawn: BTreeSet<String>,
}

/// A practice of a collection, at its frozen revision.
pub(crate) struct Found {
    /// The practice as it was.
    pub(crate) page: PracticePage,
    /// Whether there is a newer revision.
    pub(crate) newer: bool,
    inhabitants: Option<u64>,
    vouched: Vouched,
    /// The translation that the book prints, if the practice is in another language than the book.
    translation: Option<Chosen>,
}

/// Reads a collection and its practices.
///
/// # Errors
/// If there is no such collection, or the library fails.
pub(crate) fn gather(library: &dyn Library, id: DocumentId) -> Result<Gathered, LibraryError> {
    let page = library.document(id)?;
    let collection = page.typed::<Collection>().ok_or(LibraryError::NotFound)?;
    let (hidden, lang) = (notes::hidden(library)?, translated::primary(&collection.lang));
    let mut items = Vec::with_capacity(collection.items.len());
    for item in &collection.items {
        items.push((item.clone(), found(library, item, &hidden, &lang)?));
    }
    let missing = items.iter().filter(|(_, found)| found.is_none()).map(|(item, _)| item.practice.clone());
    let withdrawn = missing.filter(|practice| is_withdrawn(library, practice)).collect();
    Ok(Gathered { page, collection, items, withdrawn })
}

fn is_withdrawn(library: &dyn Library, practice: &str) -> bool {
    practice.parse().is_ok_and(|id| matches!(library.document(id), Err(LibraryError::Withdrawn(_))))
}

/// What there is of an item: nothing if it was taken back or has not arrived.
fn found(library: &dyn Library, item: &Item, hidden: &Hidden, lang: &str) -> Result<Option<Found>, LibraryError> {
    let (Ok(id), Ok(heads)) = (item.practice.parse::<DocumentId>(), parse_heads(&item.revision)) else {
        return Ok(None);
    };
    let now = match library.document(id) {
        Ok(now) => now,
        Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let then = if heads.is_empty() { Ok(now.clone()) } else { library.document_at(id, &heads) };
    let then = match then {
        Ok(then) => then,
        // A revision that is unknown here: its records are still on their way.
        Err(LibraryError::NotFound | LibraryError::Withdrawn(_) | LibraryError::Invalid(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let frozen: BTreeSet<&String> = item.revision.iter().collect();
    let newer = !frozen.is_empty() && frozen != now.heads.iter().collect();
    let Some(page) = practice_page(then) else { return Ok(None) };
    Ok(Some(Found {
        newer,
        inhabitants: inhabitants(library, &page)?,
        vouched: library.vouched(id)?,
        translation: translated::into(library, (id, &page.owner, &page.heads), &page.practice, hidden, lang)?,
        page,
    }))
}

fn practice_page(page: DocumentPage) -> Option<PracticePage> {
    let practice = page.typed::<Practice>()?;
    Some(PracticePage {
        practice,
        id: page.card.id,
        owner: page.card.owner,
        owner_code: page.card.owner_code,
        updated_at: page.card.updated_at,
        heads: page.heads,
        editable: page.editable,
        created_at: page.created_at,
        changes: page.changes,
        authors: page.authors,
        conflicts: page.conflicts,
        completeness: page.completeness,
    })
}

impl Found {
    /// The practice as it is printed: in the language of the book where somebody translated it.
    pub(crate) fn printed(&self) -> Practice {
        let practice = &self.page.practice;
        self.translation.as_ref().map_or_else(|| practice.clone(), |chosen| chosen.applied(practice))
    }
}

impl Gathered {
    /// The language in which the book speaks: that of the collection.
    pub(crate) fn language(&self) -> Language {
        Language::of(self.collection.lang.split('-').next().unwrap_or_default())
    }

    /// The book.
    pub(crate) fn book(&self) -> Book {
        let v = Visitor::speaking(self.language());
        let imprint = &self.collection.imprint;
        let year = imprint.year.map(|year| year.to_string()).unwrap_or_default();
        let place: Vec<&str> = [imprint.place.trim(), &year].into_iter().filter(|part| !part.is_empty()).collect();
        let found = self.items.iter().filter_map(|(item, found)| Some((item, found.as_ref()?)));
        Book {
            lang: v.language.tag().to_owned(),
            id: self.page.card.id.clone(),
            day: format::day(self.page.card.updated_at),
            moment: format::machine(self.page.card.updated_at),
            title: plain(&titled(&v, &self.collection.title)),
            subtitle: plain(&self.collection.subtitle),
            editors: self.collection.editors.iter().map(|name| plain(name)).filter(|name| !name.is_empty()).collect(),
            place: plain(&place.join(", ")),
            publisher: plain(&imprint.publisher),
            imprint: self.imprint(&v),
            donor: plain(&imprint.donor),
            foreword: blocks(&self.collection.foreword),
            cases: (1..).zip(found).map(|(number, (item, found))| case(&v, number, item, found)).collect(),
            afterword: blocks(&self.collection.afterword),
            words: words(&v),
        }
    }

    fn imprint(&self, v: &Visitor) -> Vec<Row> {
        let imprint = &self.collection.imprint;
        let rows = [
            (bw::UDC, imprint.udc.as_str()),
            (bw::ISBN, &imprint.isbn),
            (bw::EDITED_BY, &self.collection.editors.join(", ")),
            (bw::PUBLISHER, &imprint.publisher),
            (bw::RECORD, &self.page.card.id),
            (bw::REVISION_OF, &format::day(self.page.card.updated_at)),
        ];
        rows.iter().map(|(label, value)| Row::new(v.say(*label), value)).filter(|row| !row.value.is_empty()).collect()
    }
}

fn words(v: &Visitor) -> Words {
    Words {
        contents: v.say(pw::CONTENTS),
        foreword: v.say(bw::FOREWORD),
        afterword: v.say(bw::AFTERWORD),
        edited_by: v.say(bw::EDITED_BY),
        note: v.say(bw::NOTE),
        contact: v.say(bw::CONTACT),
        source: v.say(bw::SOURCE),
        case: v.say(bw::CASE),
        imprint: v.say(bw::IMPRINT),
        glance: v.say(pw::GLANCE),
        site: v.say(crate::words::SITE),
        frozen: v.say(bw::FROZEN),
    }
}

fn case(v: &Visitor, number: usize, item: &Item, found: &Found) -> Case {
    let page = &found.page;
    let practice = &found.printed();
    // Texts and numbers only: what cannot be written as JSON is not in a practice.
    let whole = serde_json::to_value(practice).unwrap_or_default();
    let layout = layout(v, PRACTICE, &whole, &[]);
    let (contact, parts): (Vec<Section>, Vec<Section>) =
        layout.sections.into_iter().partition(|section| section.key == "contact");
    let tags = practice.sectors.iter().map(|key| term(v, &SECTORS, key));
    let tags = tags.chain(practice.themes.iter().map(|key| term(v, &THEMES, key))).collect::<Vec<_>>().join(" · ");
    let [uk, en] = cite::lines(v, page);
    Case {
        number,
        id: page.id.clone(),
        lang: crate::pages::practices::tongue(&practice.lang),
        title: plain(&titled(v, &practice.title)),
        community: practice.community.as_deref().map(|code| plain(&v.place(code))).unwrap_or_default(),
        translated: found.translation.as_ref().map(|chosen| plain(&credited(v, chosen))).unwrap_or_default(),
        tags: plain(&tags),
        note: blocks(&item.note),
        lead: blocks(&practice.summary),
        facts: facts(v, found),
        parts: parts.iter().map(part).collect(),
        contact: contact.iter().flat_map(|section| rows(&section.facts)).collect(),
        source: plain(&v.language.pick(uk, en)),
    }
}

/// Who translated it, and how far to rely on that.
fn credited(v: &Visitor, chosen: &Chosen) -> String {
    let mut line = format!("{}: {}.", v.say(bw::TRANSLATED), v.place(&chosen.page.card.owner_code));
    for said in [chosen.by_machine().then_some(bw::BY_MACHINE), chosen.stale.then_some(bw::OF_ANOTHER)] {
        line.extend(said.into_iter().flat_map(|said| [" ", v.say(said)]));
    }
    line
}

/// What a reader decides by. Paper has no room for tiles that say that nothing is known.
fn facts(v: &Visitor, found: &Found) -> Vec<Fact> {
    let unknown = v.say(pw::NOT_TOLD);
    glance(v, &found.page.practice, found.inhabitants, found.vouched)
        .into_iter()
        .filter(|one| one.value != unknown)
        .map(|one| Fact { label: plain(one.label), value: plain(&one.value), more: plain(&one.more) })
        .collect()
}

fn part(section: &Section) -> Part {
    let mut blocks = printed(&section.prose);
    if !section.facts.is_empty() {
        blocks.push(Block::Facts { rows: rows(&section.facts) });
    }
    for (heading, table) in &section.tables {
        let row = |row: &Vec<Vec<Piece>>| row.iter().map(|pieces| said(pieces)).collect();
        blocks.push(Block::Table {
            heading: heading.map(plain).unwrap_or_default(),
            heads: table.heads.iter().map(|head| plain(head)).collect(),
            rows: table.rows.iter().map(row).collect(),
        });
    }
    Part { heading: plain(section.heading), blocks }
}

fn rows(facts: &[FieldFact]) -> Vec<Row> {
    facts.iter().map(|fact| Row { label: plain(fact.label), value: said(&fact.pieces) }).collect()
}

fn said(pieces: &[Piece]) -> String {
    plain(&pieces.iter().flat_map(|piece| [piece.gap, piece.text.as_str()]).collect::<String>())
}
