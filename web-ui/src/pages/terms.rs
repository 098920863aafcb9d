//! What facets and their values are called.

use crdt::codifier::{self, Hromada, HromadaKind, Region};
use crdt::vocabulary::{self as v, Vocabulary};

use crate::language::{Language, Phrase};
use crate::library::search::{Facet, Sort};
use crate::pages::frame::Visitor;
use crate::words::{self, catalogue as cw};

/// What a facet is called.
pub(crate) fn facet(facet: Facet) -> Phrase {
    match facet {
        Facet::Kind => cw::KIND,
        Facet::Sector => cw::SECTOR,
        Facet::Theme => cw::THEME,
        Facet::Mechanism => cw::MECHANISM,
        Facet::Oblast => cw::OBLAST,
        Facet::Size => cw::SIZE,
        Facet::CommunityType => cw::CENTRE,
        Facet::Stage => cw::STAGE,
        Facet::Evidence => cw::EVIDENCE,
        Facet::Cost => cw::COST,
        Facet::Language => cw::LANGUAGE,
        Facet::Year => cw::YEAR,
    }
}

/// What an order is called.
pub(crate) fn sort(sort: Sort) -> Phrase {
    match sort {
        Sort::Relevance => cw::BY_RELEVANCE,
        Sort::Newest => cw::BY_NEWEST,
        Sort::Near => cw::BY_NEAR,
        Sort::Adoptions => cw::BY_ADOPTIONS,
    }
}

/// What a value of a facet is called; what this version does not know is shown as it is.
pub(crate) fn value(visitor: &Visitor, facet: Facet, value: &str) -> String {
    let language = visitor.language;
    let said = match facet {
        Facet::Oblast => codifier::region(value).map(|region| region_name(visitor, region)),
        Facet::CommunityType => HromadaKind::from_key(value).map(|kind| language.pick(kind.uk(), kind.en()).to_owned()),
        Facet::Language => match value {
            "uk" => Some(visitor.say(words::UKRAINIAN).to_owned()),
            "en" => Some(visitor.say(words::ENGLISH).to_owned()),
            "other" => Some(visitor.say(cw::OTHER).to_owned()),
            _ => None,
        },
        Facet::Kind => match value {
            "practice" => Some(visitor.say(cw::PRACTICES).to_owned()),
            "profile" => Some(visitor.say(cw::PROFILES).to_owned()),
            _ => None,
        },
        Facet::Year => None,
        _ => vocabulary(facet)
            .and_then(|vocabulary| vocabulary.find(value))
            .map(|term| language.pick(term.uk, term.en).to_owned()),
    };
    said.unwrap_or_else(|| value.to_owned())
}

/// A community's full name.
pub(crate) fn hromada_name(language: Language, hromada: &Hromada) -> String {
    language.choose(|| hromada.full_name_uk(), || hromada.full_name_en())
}

/// A community's full name by its code; the code if the codifier does not have it.
pub(crate) fn place(language: Language, code: &str) -> String {
    codifier::find(code).map_or_else(|| code.to_owned(), |hromada| hromada_name(language, hromada))
}

/// A region's name as it stands in an address.
pub(crate) fn region_name(visitor: &Visitor, region: &Region) -> String {
    visitor.language.choose(|| region.full_name_uk(), || region.full_name_en())
}

/// The label of a term; the key itself if this version does not know it.
pub(crate) fn term(visitor: &Visitor, vocabulary: &Vocabulary, key: &str) -> String {
    vocabulary.find(key).map_or(key, |term| visitor.language.pick(term.uk, term.en)).to_owned()
}

/// The values of a facet that is a vocabulary.
pub(crate) fn keys(facet: Facet) -> Vec<&'static str> {
    vocabulary(facet).map(|vocabulary| vocabulary.terms.iter().map(|term| term.key).collect()).unwrap_or_default()
}

fn vocabulary(facet: Facet) -> Option<&'static Vocabulary> {
    Some(match facet {
        Facet::Sector => &v::SECTORS,
        Facet::Theme => &v::THEMES,
        Facet::Mechanism => &v::MECHANISMS,
        Facet::Size => &v::SIZES,
        Facet::Stage => &v::STAGES,
        Facet::Evidence => &v::EVIDENCE,
        Facet::Cost => &v::COST_BANDS,
        _ => return None,
    })
}
