//! A practice in the reader's language, where somebody translated it.

use std::collections::BTreeSet;

use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::translation::Translation;
use crdt::practice::{DEFAULT_LANGUAGE, Practice};

use crate::language::Language;
use crate::library::notes::{self, Hidden};
use crate::library::search::{Hit, Span};
use crate::library::{DocumentCard, DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::entries::cut;

/// Translations of one practice that are looked at.
const LOOKED_AT: usize = 32;
/// Letters of a piece of text in a list of what was found.
const SNIPPET_CHARS: usize = 240;

/// A translation that was chosen for a reader.
pub(crate) struct Chosen {
    /// Its record.
    pub(crate) page: DocumentPage,
    /// What it says.
    pub(crate) said: Translation,
    /// Whether it is of another revision than the one that is shown.
    pub(crate) stale: bool,
}

impl Chosen {
    /// Whether no person has read it.
    pub(crate) fn by_machine(&self) -> bool {
        self.said.origin.as_deref() == Some("machine")
    }

    /// The practice with the texts that were translated; what was not stays as it was written.
    pub(crate) fn applied(&self, practice: &Practice) -> Practice {
        let mut practice = practice.clone();
        let said = &self.said;
        for (text, translated) in [
            (&mut practice.title, &said.title),
            (&mut practice.summary, &said.summary),
            (&mut practice.problem, &said.problem),
            (&mut practice.background, &said.background),
            (&mut practice.solution, &said.solution),
            (&mut practice.results_text, &said.results_text),
            (&mut practice.mistakes, &said.mistakes),
            (&mut practice.lessons, &said.lessons),
        ] {
            if !text.trim().is_empty() && !translated.trim().is_empty() {
                text.clone_from(translated);
            }
        }
        practice.lang.clone_from(&said.lang);
        practice
    }
}

/// The language of a tag, without region and script.
pub(crate) fn primary(tag: &str) -> String {
    let tag = if tag.trim().is_empty() { DEFAULT_LANGUAGE } else { tag };
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// The best of some translations for a reader of `lang`: of the revision that is shown, then by a person,
/// then by the practice's own community, then the latest. None if the text is in that language already.
pub(crate) fn best<'a>(
    practice: &Practice,
    owner: &str,
    heads: &[String],
    translations: impl IntoIterator<Item = &'a DocumentPage>,
    lang: &str,
) -> Option<Chosen> {
    if primary(&practice.lang) == lang {
        return None;
    }
    let heads: BTreeSet<&String> = heads.iter().collect();
    let chosen = translations.into_iter().filter_map(|page| {
        let said: Translation = page.typed()?;
        let stale = said.about_revision.iter().collect::<BTreeSet<_>>() != heads;
        (primary(&said.lang) == lang).then(|| Chosen { page: page.clone(), said, stale })
    });
    chosen.max_by_key(|one| (!one.stale, !one.by_machine(), one.page.card.owner == owner, one.page.card.updated_at))
}

/// Every translation of a document that this node shows, last changed first.
pub(crate) fn of(library: &dyn Library, id: DocumentId, hidden: &Hidden) -> Result<Vec<DocumentPage>, LibraryError> {
    let wanted = DocumentsRequest { kind: DocumentKind::Translation, scope: Scope::About(id) };
    let cards = library.documents(&wanted, &PageRequest { after: None, limit: LOOKED_AT })?.rows;
    let text = id.to_string();
    let shown = cards.iter().filter(|card| card.about.as_ref() == Some(&text) && !hidden.contains_key(&card.id));
    Ok(shown.filter_map(|card| library.document(card.id.parse().ok()?).ok()).collect())
}

/// Puts the title and the summary of the best translation into rows of practices that are in another language
/// than their reader; the rest stay as they are. Only rows are read: those of translations say enough.
pub(crate) fn rows<'a>(
    library: &dyn Library,
    cards: impl IntoIterator<Item = &'a mut DocumentCard>,
    language: Language,
) -> Result<(), LibraryError> {
    let mut hidden = None;
    for card in cards {
        if card.kind != "practice" || primary(&card.lang) == language.tag() {
            continue;
        }
        let Ok(id) = card.id.parse() else { continue };
        let wanted = DocumentsRequest { kind: DocumentKind::Translation, scope: Scope::About(id) };
        let mut found = library.documents(&wanted, &PageRequest { after: None, limit: LOOKED_AT })?.rows;
        found.retain(|one| {
            one.about.as_ref() == Some(&card.id) && primary(&one.lang) == language.tag() && !one.title.trim().is_empty()
        });
        if found.is_empty() {
            continue;
        }
        let hidden = match &hidden {
            Some(hidden) => hidden,
            None => hidden.insert(notes::hidden(library)?),
        };
        let shown = found.into_iter().filter(|one| !hidden.contains_key(&one.id));
        let best = shown.max_by_key(|one| (one.state != "machine", one.owner == card.owner, one.updated_at));
        if let Some(best) = best {
            card.title = best.title;
            if !best.summary.trim().is_empty() {
                card.summary = best.summary;
            }
            card.lang = best.lang;
        }
    }
    Ok(())
}

/// The same for what a search found: a title in the reader's language has no marks, and where no words were
/// looked for the piece of text is the translated summary.
pub(crate) fn hits(
    library: &dyn Library,
    hits: &mut [Hit],
    language: Language,
    has_words: bool,
) -> Result<(), LibraryError> {
    let before: Vec<String> = hits.iter().map(|hit| hit.card.lang.clone()).collect();
    rows(library, hits.iter_mut().map(|hit| &mut hit.card), language)?;
    for (hit, _) in hits.iter_mut().zip(before).filter(|(hit, before)| hit.card.lang != *before) {
        hit.title = vec![Span { text: hit.card.title.clone(), hit: false }];
        if !has_words {
            hit.snippet = vec![Span { text: cut(&hit.card.summary, SNIPPET_CHARS), hit: false }];
            hit.snippet_lang.clone_from(&hit.card.lang);
        }
    }
    Ok(())
}

/// The best translation of a practice into a language, as it stands at `heads`.
pub(crate) fn into(
    library: &dyn Library,
    (id, owner, heads): (DocumentId, &str, &[String]),
    practice: &Practice,
    hidden: &Hidden,
    lang: &str,
) -> Result<Option<Chosen>, LibraryError> {
    if primary(&practice.lang) == lang {
        return Ok(None);
    }
    Ok(best(practice, owner, heads, &of(library, id, hidden)?, lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{documents, samples};

    fn translation(change: impl FnOnce(&mut DocumentPage)) -> DocumentPage {
        let library = samples::library();
        let id = documents::sample_id(DocumentKind::Translation).to_string();
        let mut page = library.contents().documents[&id].clone();
        change(&mut page);
        page
    }

    fn chosen(pages: &[DocumentPage], lang: &str) -> Option<Chosen> {
        best(&samples::practice(), &samples::OWNER.to_string(), &["ab".repeat(32)], pages, lang)
    }

    #[test]
    fn the_translation_of_what_stands_comes_before_any_other() {
        let of = |title: &str, lang: &str, origin: &str, head: &str| {
            translation(|page| {
                page.content["title"] = title.into();
                page.content["lang"] = lang.into();
                page.content["origin"] = origin.into();
                page.content["about_revision"] = serde_json::json!([head.repeat(32)]);
            })
        };
        let all = [
            of("Stale", "en", "human", "cd"),
            of("Machine", "en-GB", "machine", "ab"),
            of("Polish", "pl", "human", "ab"),
            of("Human", "en", "human", "ab"),
        ];
        let title = |pages: &[DocumentPage]| chosen(pages, "en").map(|one| (one.said.title.clone(), one.stale));
        assert_eq!(title(&all), Some(("Human".into(), false)));
        assert_eq!(title(&all[..3]), Some(("Machine".into(), false)));
        assert_eq!(title(&all[..1]), Some(("Stale".into(), true)));
        assert!(title(&all[2..3]).is_none());
        assert!(chosen(&all, "uk").is_none(), "the text is in that language");
    }

    #[test]
    fn what_was_not_translated_stays() {
        let practice = samples::practice();
        let shown = chosen(&[translation(|_| ())], "en").expect("a translation").applied(&practice);
        assert_eq!((shown.title.as_str(), shown.lang.as_str()), ("Participatory budgeting at school", "en"));
        assert_eq!((shown.problem, shown.costs), (practice.problem, practice.costs));
    }
}
