//! Campaign materials as sheets of paper and pictures: one structure, which every size reads.

pub(crate) mod drafting;

use crdt::id::DocumentId;
use crdt::kinds::material::Material;
use crdt::practice::{Practice, Vouched};
use serde::Serialize;

use crate::book::{Block, Row, blocks, plain};
use crate::format;
use crate::language::{Language, Phrase};
use crate::library::notes;
use crate::library::{DocumentPage, Library, LibraryError};
use crate::pages::entries::{cut, titled};
use crate::pages::frame::Visitor;
use crate::pages::glance::glance;
use crate::press::Output;
use crate::public::PublicAddress;
use crate::qr::Qr;
use crate::translated;
use crate::words::{self, campaign as cw};

/// Practices that one material tells of; the form takes no more.
const PRACTICES_MAX: usize = 20;
/// Facts of a practice that fit beside it.
const FACTS_SHOWN: usize = 4;
/// Letters of a summary on a sheet.
const SUMMARY_CHARS: usize = 320;

/// Bytes of one material as a press reads it: the longest that the form takes, with all its practices,
/// comes to half of that. A sheet is measured in a dozen sizes before it is set, so a record that keeps to
/// no form would hold the press for minutes.
pub(crate) const TEXT_BYTES_MAX: usize = 128 * 1024;

/// One of the usual sizes.
pub(crate) struct Size {
    /// Its name in addresses and templates.
    pub(crate) name: &'static str,
    /// What people call it.
    pub(crate) label: Phrase,
    /// How wide its picture is, in pixels.
    pub(crate) width: u32,
}

/// The usual sizes: A4 and A5 as pictures are for messengers, at 150 dots an inch.
pub(crate) static SIZES: &[Size] = &[
    Size { name: "poster", label: cw::POSTER, width: 1240 },
    Size { name: "leaflet", label: cw::LEAFLET, width: 874 },
    Size { name: "square", label: cw::SQUARE, width: 1080 },
    Size { name: "wide", label: cw::WIDE, width: 1200 },
    Size { name: "release", label: cw::RELEASE, width: 1240 },
    Size { name: "slides", label: cw::SLIDES, width: 1920 },
    Size { name: "faq", label: cw::QUESTIONS, width: 1240 },
];

/// A material as a template reads it.
#[derive(Serialize, Debug, Default, PartialEq, Eq)]
pub(crate) struct Print {
    /// Which size.
    pub(crate) size: &'static str,
    /// Whether it becomes a picture, which has one page.
    picture: bool,
    lang: String,
    id: String,
    day: String,
    title: String,
    audience: String,
    message: String,
    text: Vec<Block>,
    call: String,
    donor: String,
    owner: String,
    /// The address, as people type it.
    url: String,
    /// The code that leads there, as SVG; empty without an address.
    qr: String,
    collection: String,
    practices: Vec<Told>,
    words: Words,
}

/// A practice that a material tells of.
#[derive(Serialize, Debug, Default, PartialEq, Eq)]
struct Told {
    title: String,
    community: String,
    summary: String,
    facts: Vec<Row>,
}

/// The words that a sheet itself says.
#[derive(Serialize, Debug, Default, PartialEq, Eq)]
struct Words {
    site: &'static str,
    from: &'static str,
    scan: &'static str,
    release: &'static str,
    editors: &'static str,
    questions: &'static str,
}

/// A material with what it tells of.
pub(crate) struct Gathered {
    /// Its record.
    pub(crate) page: DocumentPage,
    /// What it says.
    pub(crate) material: Material,
    /// The practices that are here, with their ids, in the language of the material where somebody translated
    /// them.
    pub(crate) practices: Vec<About>,
    /// The collection that it tells of: its id and its title.
    pub(crate) collection: Option<(String, String)>,
    /// What this node is to the internet, if that is configured.
    public: Option<PublicAddress>,
}

/// A practice that a material tells of.
pub(crate) struct About {
    /// Its id.
    pub(crate) id: String,
    /// What it says.
    pub(crate) practice: Practice,
    /// Who vouches for it.
    vouched: Vouched,
}

/// Reads a material and what it tells of. What was taken back is left out.
///
/// # Errors
/// If there is no such material, or the library fails.
pub(crate) fn gather(library: &dyn Library, id: DocumentId) -> Result<Gathered, LibraryError> {
    let page = library.document(id)?;
    let material = page.typed::<Material>().ok_or(LibraryError::NotFound)?;
    let (hidden, lang) = (notes::hidden(library)?, translated::primary(&material.lang));
    let mut practices = Vec::new();
    for text in material.practices.iter().take(PRACTICES_MAX) {
        let Some(page) = known(library, text)? else { continue };
        if let (Some(practice), Ok(id)) = (page.typed::<Practice>(), text.parse()) {
            let what = (id, page.card.owner.as_str(), &page.heads[..]);
            let translation = translated::into(library, what, &practice, &hidden, &lang)?;
            let told = translation.map_or_else(|| practice.clone(), |chosen| chosen.applied(&practice));
            practices.push(About { id: text.clone(), practice: told, vouched: library.vouched(id)? });
        }
    }
    let collection = material.collection.as_deref().map(|text| known(library, text)).transpose()?.flatten();
    let collection = collection.map(|page| (page.card.id, page.card.title));
    Ok(Gathered { page, material, practices, collection, public: library.public_address() })
}

fn known(library: &dyn Library, text: &str) -> Result<Option<DocumentPage>, LibraryError> {
    let Ok(id) = text.parse::<DocumentId>() else { return Ok(None) };
    match library.document(id) {
        Ok(page) => Ok(Some(page)),
        Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Gathered {
    /// The language in which the sheets speak: that of the material.
    pub(crate) fn language(&self) -> Language {
        Language::of(self.material.lang.split('-').next().unwrap_or_default())
    }

    /// The address that the sheets name: the material's own, else its page on the published
    /// node that is read or, at home, under the address that this node is configured to have.
    pub(crate) fn url(&self, reader: &Visitor) -> String {
        let own = self.material.url.trim();
        if !own.is_empty() {
            return own.to_owned();
        }
        let Some(public) = reader.public.as_deref().or(self.public.as_ref()) else { return String::new() };
        let path = match (&self.collection, self.practices.as_slice()) {
            (_, [About { id, .. }]) => format::address(&["practices", id], []),
            (Some((id, _)), _) => format::address(&["collections", id], []),
            _ => format::address(&["materials", &self.page.card.id], []),
        };
        format!("{}{path}", public.base())
    }

    /// The material in one size.
    pub(crate) fn print(&self, size: &'static Size, output: Output, reader: &Visitor) -> Print {
        let v = Visitor::speaking(self.language());
        let url = plain(&self.url(reader));
        let material = &self.material;
        Print {
            size: size.name,
            picture: output != Output::Pdf,
            lang: v.language.tag().to_owned(),
            id: self.page.card.id.clone(),
            day: format::day(self.page.card.updated_at),
            title: plain(&titled(&v, &material.title)),
            audience: plain(&material.audience),
            message: plain(&material.message),
            text: blocks(&material.text),
            call: plain(&material.call),
            donor: plain(&material.donor),
            owner: plain(&v.place(&self.page.card.owner_code)),
            qr: Qr::of(&url).filter(|_| !url.is_empty()).map(|qr| svg(&qr)).unwrap_or_default(),
            url,
            collection: self.collection.as_ref().map(|(_, title)| plain(title)).unwrap_or_default(),
            practices: self.practices.iter().map(|about| told(&v, about)).collect(),
            words: words(&v),
        }
    }
}

fn words(v: &Visitor) -> Words {
    Words {
        site: v.say(words::SITE),
        from: v.say(cw::FROM_LIBRARY),
        scan: v.say(cw::SCAN),
        release: v.say(cw::RELEASE_HEAD),
        editors: v.say(cw::TO_EDITORS),
        questions: v.say(cw::QUESTIONS_HEAD),
    }
}

fn told(v: &Visitor, About { practice, vouched, .. }: &About) -> Told {
    let unknown = v.say(words::practice::NOT_TOLD);
    let facts = glance(v, practice, None, *vouched).into_iter().filter(|one| one.value != unknown);
    Told {
        title: plain(&titled(v, &practice.title)),
        community: practice.community.as_deref().map(|code| plain(&v.place(code))).unwrap_or_default(),
        summary: plain(&cut(&practice.summary, SUMMARY_CHARS)),
        facts: facts.take(FACTS_SHOWN).map(|one| Row::new(one.label, &one.value)).collect(),
    }
}

fn svg(qr: &Qr) -> String {
    let Qr { side, path } = qr;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"><rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#07332f"/></svg>"##
    )
}

#[cfg(test)]
mod tests;
