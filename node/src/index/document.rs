//! What goes into the index of one document.

use crdt::codifier;
use crdt::field::Stored;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::adoption::{ADOPTION, Adoption};
use crdt::kinds::translation::{TRANSLATION, Translation};
use crdt::kinds::{self, Form, Outline};
use crdt::practice::{PRACTICE, Practice, Vouched};
use crdt::view::View;
use crdt::vocabulary::{cost_band, size_band};
use tantivy::TantivyDocument;
use web_ui::library::search::Facet;

use super::adoptions::{self, By};
use super::facets::{self, Masks};
use super::places::Places;
use super::schema::Fields;
use super::text::{self, Piece};
use super::{analysis, likeness, places};

/// Letters of a document that are indexed: a document at its limits would otherwise hold up all
/// others. The longest real text has 59,000.
const INDEXED_CHARS_MAX: usize = 400_000;

/// A document as the index takes it.
pub(super) struct Indexed {
    /// For the index.
    pub(super) document: TantivyDocument,
    /// Bytes of its text, to know when to commit.
    pub(super) bytes: usize,
    /// The practice that it repeats, if it is a practice. An adoption has the practice that it tells of
    /// indexed again by itself.
    pub(super) adopted_from: Option<DocumentId>,
}

/// The code of the community that a document tells of: of a practice where it happened, if it says so,
/// since many are told by others; of everything else the owner's.
pub(super) fn place_of(view: &View, owner_code: &str) -> Option<String> {
    if view.kind != DocumentKind::Practice {
        return Some(owner_code.to_owned());
    }
    match view.fields.get("community").map(crdt::view::FieldState::shown) {
        Some(Stored::Scalar(code)) => Some(code).filter(|code| codifier::find(code).is_some()),
        _ => None,
    }
}

/// What others say of a practice, as far as it is found by that.
#[derive(Default)]
pub(super) struct Told {
    /// Its translations.
    pub(super) translations: Vec<View>,
    /// Who vouches for it.
    pub(super) vouched: Vouched,
}

/// What the index takes of a view and of what others say of it; none for a document that is not searched.
pub(super) fn indexed(view: &View, told: &Told, owner_code: &str, places: &Places, fields: &Fields) -> Option<Indexed> {
    let kind = kinds::of(view.kind).filter(|kind| facets::KINDS.contains(&kind.key))?;
    if view.changes == 0 {
        return None;
    }
    let place = place_of(view, owner_code);
    let mut pieces = text::pieces(view, place.as_deref());
    pieces.extend(text::translated(&told.translations));
    let mut document = TantivyDocument::new();
    document.add_bytes(fields.id, &view.document.0);
    let (high, low) = view.document.0.split_at(8);
    document.add_u64(fields.id_high, u64::from_be_bytes(high.try_into().expect("eight bytes")));
    document.add_u64(fields.id_low, u64::from_be_bytes(low.try_into().expect("eight bytes")));
    document.add_u64(fields.updated, view.updated_at.0);
    let bytes = add_text(&mut document, &pieces, fields);
    let mut masks = Masks::default();
    let mut repeats = None;
    match view.kind {
        DocumentKind::Practice => {
            let practice: Practice = view.typed(PRACTICE);
            practice_facets(&mut masks, &practice, told.vouched);
            for translation in &told.translations {
                masks.add_language(&translation.typed::<Translation>(TRANSLATION).lang);
            }
            let origin = practice.adopted_from.as_deref().and_then(|id| id.parse().ok());
            repeats = origin.filter(|id| *id != view.document).map(|id| (id, By::Practice));
            for band in likeness::bands(&likeness::shingles(&practice)) {
                document.add_u64(fields.bands, band);
            }
        }
        DocumentKind::Profile => masks.add(Facet::Language, "uk"),
        DocumentKind::Adoption => {
            let adoption: Adoption = view.typed(ADOPTION);
            let is_repeated = adoption.current().is_some_and(|stage| Adoption::is_repeated(&stage.status));
            repeats = adoption.about.parse().ok().filter(|_| is_repeated).map(|id| (id, By::Adoption));
            outline_facets(&mut masks, &adoption.outline());
        }
        _ => outline_facets(&mut masks, &kind.outline(view.document, view.content(kind.table))),
    }
    masks.add(Facet::Kind, kind.key);
    if let Some(hromada) = place.as_deref().and_then(codifier::find) {
        masks.add(Facet::Oblast, hromada.oblast);
        masks.add(Facet::CommunityType, hromada.kind.key());
        if let Some(people) = places.population(hromada.code) {
            masks.add(Facet::Size, size_band(people).key);
        }
        document.add_u64(fields.place, places::ordinal(hromada.code));
    } else {
        document.add_u64(fields.place, 0);
    }
    if let Some((origin, by)) = &repeats {
        document.add_bytes(fields.adopted_from, &adoptions::term(origin, &view.community, *by));
    }
    document.add_u64(fields.text_facets, masks.text);
    document.add_u64(fields.place_facets, masks.place);
    document.add_u64(fields.year, masks.year);
    let adopted_from = repeats.filter(|(_, by)| *by == By::Practice).map(|(origin, _)| origin);
    Some(Indexed { document, bytes, adopted_from })
}

fn add_text(document: &mut TantivyDocument, pieces: &[Piece], fields: &Fields) -> usize {
    let mut bytes = 0;
    for piece in pieces {
        if bytes > 2 * INDEXED_CHARS_MAX {
            break;
        }
        bytes += piece.text.len();
        let forms = analysis::analysed(&piece.text);
        if piece.field == "title" {
            document.add_text(fields.title, &forms.words);
            document.add_text(fields.title_stems, &forms.stems);
        }
        for _ in 0..piece.weight {
            document.add_text(fields.stems, &forms.stems);
            document.add_text(fields.words, &forms.words);
        }
    }
    bytes
}

fn outline_facets(masks: &mut Masks, outline: &Outline) {
    let mut add = |facet, values: &[String]| values.iter().for_each(|value| masks.add(facet, value));
    add(Facet::Sector, &outline.sectors);
    add(Facet::Theme, &outline.themes);
    add(Facet::Mechanism, &outline.mechanisms);
    masks.add(Facet::Year, &outline.day);
    masks.add_language(if outline.lang.is_empty() { crdt::practice::DEFAULT_LANGUAGE } else { &outline.lang });
}

fn practice_facets(masks: &mut Masks, practice: &Practice, vouched: Vouched) {
    let mut add = |facet, values: &[String]| values.iter().for_each(|value| masks.add(facet, value));
    add(Facet::Sector, &practice.sectors);
    add(Facet::Theme, &practice.themes);
    add(Facet::Mechanism, &practice.mechanisms);
    add(Facet::Stage, practice.stage.as_slice());
    add(Facet::Year, practice.started.as_slice());
    if let Some(total) = practice.costs.total_uah {
        masks.add(Facet::Cost, cost_band(total).key);
    }
    masks.add_language(if practice.lang.is_empty() { crdt::practice::DEFAULT_LANGUAGE } else { &practice.lang });
    masks.add(Facet::Evidence, practice.evidence(vouched));
}
