//! Materials of the campaign: the list, one as a page with its uses, and its files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::material::Use;
use crdt::vocabulary as v;

use crate::App;
use crate::campaign::{Gathered, SIZES, Size, TEXT_BYTES_MAX, gather};
use crate::error::Failure;
use crate::format;
use crate::library::{DocumentPage, DocumentsRequest, Library, LibraryError, PAGE_MAX, PageRequest, Scope};
use crate::pages::answer;
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::hidden::ShownId;
use crate::pages::practices::tongue;
use crate::pages::shelf::{Deeds, Listed, Shelf, file, shelf};
use crate::pages::terms::term;
use crate::pages::values::{Paragraph, prose};
use crate::press::{MATERIAL, Output, Sheet};
use crate::words::{campaign as cw, publishing as bw, records as rw};
use crate::{assets, words};

/// Uses that are read for one page: what a material is used more often, the first so many tell.
const USES_MAX: usize = 1_000;

/// A size with its two files.
struct Files {
    label: &'static str,
    pdf: String,
    png: String,
}

/// Uses of one channel.
struct Channel {
    name: String,
    times: String,
    communities: String,
    reach: String,
}

/// One use.
struct Told {
    owner: String,
    owner_href: String,
    channel: String,
    day: String,
    reach: String,
    note: Vec<Paragraph>,
}

/// One material.
#[derive(Template)]
#[template(path = "material.html")]
struct One {
    v: Visitor,
    title: String,
    description: String,
    tongue: String,
    kind: String,
    audience: String,
    message: String,
    text: Vec<Paragraph>,
    call: String,
    donor: String,
    url: String,
    url_href: Option<String>,
    owner: String,
    owner_href: String,
    changed: String,
    changed_machine: String,
    practices: Vec<(String, String)>,
    collection: Option<(String, String)>,
    files: Vec<Files>,
    channels: Vec<Channel>,
    total: Channel,
    uses: Vec<Told>,
    json_href: String,
    deeds: Deeds,
    use_href: Option<String>,
}

/// How the list of materials is told.
const MATERIALS: Shelf = Shelf {
    kind: DocumentKind::Material,
    path: "materials",
    title: cw::MATERIALS,
    lead: cw::MATERIALS_LEAD,
    empty: cw::EMPTY_MATERIALS,
    begin: (cw::NEW_MATERIAL, |visitor| visitor.link(&["write", "material"])),
    state: |visitor, card| Listed { state: term(visitor, &v::MATERIAL_TYPES, &card.state), more: String::new() },
};

/// `/materials`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shelf(&app, &v, &MATERIALS).await)
}

/// `/materials/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: DocumentId) -> Result<One, Failure> {
    let (gathered, uses) = app.ask(move |library| Ok((gather(library, id)?, uses(library, id)?))).await?;
    let mut page = laid_out(v, &gathered, &uses);
    if !app.has_press() {
        page.files.clear();
    }
    Ok(page)
}

/// What communities say of using a material, last changed first.
fn uses(library: &dyn Library, id: DocumentId) -> Result<Vec<(DocumentPage, Use)>, LibraryError> {
    let wanted = DocumentsRequest { kind: DocumentKind::Use, scope: Scope::About(id) };
    let (mut uses, mut after) = (Vec::new(), None);
    while uses.len() < USES_MAX {
        let page = library.documents(&wanted, &PageRequest { after, limit: PAGE_MAX })?;
        for card in &page.rows {
            let Ok(document) = card.id.parse::<DocumentId>() else { continue };
            match library.document(document) {
                Ok(page) => uses.extend(page.typed::<Use>().map(|one| (page, one))),
                // Taken back since the list was read.
                Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => {}
                Err(error) => return Err(error),
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(uses)
}

fn laid_out(v: &Visitor, gathered: &Gathered, uses: &[(DocumentPage, Use)]) -> One {
    let (page, material) = (&gathered.page, &gathered.material);
    let id = page.card.id.as_str();
    let url = gathered.url(v);
    let collection = gathered.collection.as_ref();
    One {
        title: titled(v, &material.title),
        description: format!("{} {}", material.message, v.say(cw::MATERIALS_LEAD)),
        tongue: tongue(&material.lang),
        kind: material.kind.as_deref().map(|key| term(v, &v::MATERIAL_TYPES, key)).unwrap_or_default(),
        audience: material.audience.clone(),
        message: material.message.clone(),
        text: prose(&material.text),
        call: material.call.clone(),
        donor: material.donor.clone(),
        url_href: crate::pages::values::is_web_address(&url).then(|| url.clone()),
        url,
        owner: v.place(&page.card.owner_code),
        owner_href: v.link(&["communities", &page.card.owner]),
        changed: format::day(page.card.updated_at),
        changed_machine: format::machine(page.card.updated_at),
        practices: gathered
            .practices
            .iter()
            .map(|one| (titled(v, &one.practice.title), v.link(&["practices", &one.id])))
            .collect(),
        collection: collection.map(|(id, title)| (titled(v, title), v.link(&["collections", id]))),
        files: SIZES.iter().map(|size| files(v, id, size)).collect(),
        channels: channels(v, uses),
        total: channel(v.say(cw::IN_ALL).to_owned(), uses.iter()),
        uses: uses.iter().map(|(page, one)| told(v, page, one)).collect(),
        json_href: format!("/api/v1/documents/{id}"),
        deeds: Deeds::new(v, page),
        use_href: v.writes().then(|| v.link_with(&["write", "record", "new"], &[("kind", "use"), ("about", id)])),
        v: v.clone(),
    }
}

fn files(v: &Visitor, id: &str, size: &Size) -> Files {
    let href = |end: &str| v.link(&["materials", id, &format!("{}.{end}", size.name)]);
    Files { label: v.say(size.label), pdf: href("pdf"), png: href("png") }
}

/// The uses by channel, in the order of the vocabulary.
fn channels(v: &Visitor, uses: &[(DocumentPage, Use)]) -> Vec<Channel> {
    let mut by: BTreeMap<usize, Vec<&(DocumentPage, Use)>> = BTreeMap::new();
    for one in uses {
        let place = v::CAMPAIGN_CHANNELS.terms.iter().position(|term| Some(term.key) == one.1.channel.as_deref());
        by.entry(place.unwrap_or(usize::MAX)).or_default().push(one);
    }
    let name = |place: usize| v::CAMPAIGN_CHANNELS.terms.get(place).map(|term| v.language.pick(term.uk, term.en));
    by.into_iter().map(|(place, uses)| channel(name(place).unwrap_or("…").to_owned(), uses.into_iter())).collect()
}

fn channel<'a>(name: String, uses: impl Iterator<Item = &'a (DocumentPage, Use)> + Clone) -> Channel {
    let communities: BTreeSet<&str> = uses.clone().map(|(page, _)| page.card.owner.as_str()).collect();
    let reach = uses.clone().filter_map(|(_, one)| one.reach).fold(0, u64::saturating_add);
    Channel {
        name,
        times: format::number(uses.count() as u64),
        communities: format::number(communities.len() as u64),
        reach: format::number(reach),
    }
}

fn told(v: &Visitor, page: &DocumentPage, one: &Use) -> Told {
    Told {
        owner: v.place(&page.card.owner_code),
        owner_href: v.link(&["communities", &page.card.owner]),
        channel: one.channel.as_deref().map(|key| term(v, &v::CAMPAIGN_CHANNELS, key)).unwrap_or_default(),
        day: one.date.as_deref().map(format::date).unwrap_or_default(),
        reach: one.reach.map(|people| v.count(people, words::practice::PEOPLE_COUNTED)).unwrap_or_default(),
        note: prose(&one.note),
    }
}

/// `/materials/{id}/{file}`
pub(crate) async fn file_of(
    State(app): State<Arc<App>>,
    v: Visitor,
    PageId(id): PageId<DocumentId>,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    let wanted = name.split_once('.').and_then(|(size, end)| {
        let size = SIZES.iter().find(|known| known.name == size)?;
        match end {
            "pdf" => Some((size, Output::Pdf, "application/pdf")),
            "png" => Some((size, Output::Png { width: size.width }, "image/png")),
            _ => None,
        }
    });
    let Some((size, output, kind)) = wanted else { return file(&v, Err(Failure::not_found()), "", "") };
    let short: String = id.to_string().chars().take(8).collect();
    file(&v, printed(&app, &v, id, size, output).await, kind, &format!("dosvid-{short}-{name}"))
}

async fn printed(
    app: &App,
    v: &Visitor,
    id: DocumentId,
    size: &'static Size,
    output: Output,
) -> Result<Vec<u8>, Failure> {
    let gathered = app.ask(move |library| gather(library, id)).await?;
    let data = serde_json::to_value(gathered.print(size, output, v)).map_err(|_| Failure::fault())?;
    if data.to_string().len() > TEXT_BYTES_MAX {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "material_too_long",
            "Матеріал задовгий для друку: скоротіть текст",
            "The material is too long to be printed: shorten its text",
        ));
    }
    Ok(app.press(Sheet { template: MATERIAL, data, output }).await?)
}
