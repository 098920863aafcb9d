//! Documents of other kinds than practices in the library in memory.

use std::collections::{BTreeMap, BTreeSet};

use crdt::check::{FieldError, Strictness};
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::kinds;
use crdt::kinds::adoption::Adoption;
use crdt::kinds::endorsement::Endorsement;
use crdt::kinds::seminar::Seminar;
use crdt::practice::Vouched;
use crdt::view::completeness;
use serde_json::{Value, json};

use super::{Contents, published, samples};
use crate::library::rightful::of_others;
use crate::library::timely::{too_late, untimely};
use crate::library::{
    Census, CensusBy, DocumentCard, DocumentPage, DocumentsRequest, Edit, LibraryError, Published, Scope, Tally,
};

/// The row in the lists of a document with this content.
#[must_use]
pub fn card(kind: DocumentKind, id: &str, owner: &str, owner_code: &str, content: &Value) -> DocumentCard {
    let mut card = DocumentCard {
        id: id.to_owned(),
        owner: owner.to_owned(),
        owner_code: owner_code.to_owned(),
        updated_at: 1_756_035_120_000,
        ..DocumentCard::default()
    };
    let (Some(row), Ok(document)) = (kinds::of(kind), id.parse::<DocumentId>()) else { return card };
    let outline = row.outline(document, content.clone());
    row.key.clone_into(&mut card.kind);
    (card.title, card.summary, card.state, card.day) = (outline.title, outline.summary, outline.state, outline.day);
    (card.sectors, card.themes, card.mechanisms) = (outline.sectors, outline.themes, outline.mechanisms);
    card.place = outline.place;
    (card.outcome, card.reach) = (outline.outcome, outline.reach);
    card.lang = outline.lang;
    card.about = outline.about.map(|id| id.to_string());
    card.about_owner = outline.about_owner.map(|id| id.to_string());
    card.mentions = outline.mentions.iter().map(ToString::to_string).collect();
    card.completeness = completeness(row.table, content).percent;
    card
}

/// A document as the library shows it, by a community and under a number of its own.
#[must_use]
pub fn page(kind: DocumentKind, owner: CommunityId, code: &str, number: u8, content: Value) -> DocumentPage {
    let id = DocumentId::of(&owner, &DocumentName([number; 16])).to_string();
    DocumentPage {
        card: card(kind, &id, &owner.to_string(), code, &content),
        heads: vec!["ab".repeat(32)],
        editable: owner == CommunityId([1; 32]),
        created_at: 1_735_768_800_000,
        changes: 1,
        authors: Vec::new(),
        conflicts: Vec::new(),
        completeness: completeness(kinds::table(kind), &content),
        content,
    }
}

/// The neighbour that wrote the documents of the sample library.
pub const NEIGHBOUR: CommunityId = CommunityId([2; 32]);
/// The code of that neighbour.
pub const NEIGHBOUR_CODE: &str = "UA26040190000081578";

/// The document of a kind that the sample library has.
#[must_use]
pub fn sample_id(kind: DocumentKind) -> DocumentId {
    DocumentId::of(&NEIGHBOUR, &DocumentName([kind.number(); 16]))
}

/// Who vouches for a practice.
pub(super) fn vouched(contents: &Contents, id: &str) -> Result<Vouched, LibraryError> {
    let practice = contents.practices.get(id).ok_or(LibraryError::NotFound)?;
    let others = contents.documents.values();
    let told = others.filter(|page| page.card.about.as_deref() == Some(id) && page.card.owner != practice.owner);
    let worth = |page: &DocumentPage| match page.card.kind.as_str() {
        "adoption" if Adoption::is_repeated(&page.card.state) => Vouched::ByCommunity,
        "endorsement" => page.typed::<Endorsement>().map(|said| said.vouches(&practice.heads)).unwrap_or_default(),
        _ => Vouched::ByNobody,
    };
    Ok(told.map(worth).max().unwrap_or_default())
}

/// One document of every kind but practices and profiles, of a neighbour, filled in.
#[must_use]
pub fn samples() -> Vec<DocumentPage> {
    let practice = samples::practice_id().to_string();
    let owner = samples::OWNER.to_string();
    let revision = vec!["ab".repeat(32)];
    let contact =
        json!({"role": "Начальниця відділу", "phone": "+38 067 123 45 67", "email": "viddil@hromada.example"});
    let about = |more: Value| {
        let mut whole = json!({"about": practice, "about_owner": owner, "title": samples::practice().title});
        let (Some(whole_map), Value::Object(more)) = (whole.as_object_mut(), more) else { return whole };
        whole_map.extend(more);
        whole
    };
    let contents = [
        (
            DocumentKind::Adoption,
            about(json!({
                "about_revision": revision,
                "sectors": ["education"],
                "stages": [
                    {"status": "interested", "date": "2025-01-20", "note": "Побачили на семінарі"},
                    {"status": "decided", "date": "2025-03-14", "note": "Рада ухвалила", "document": "рішення № 214"},
                    {"status": "works", "date": "2025-09-01", "note": "Перше голосування відбулося"},
                ],
                "adapted": "Зменшили суму проєкту вдвічі, бо бюджет менший.",
                "plan": {"until": "2025-09", "uah": 250_000},
                "actual": {"uah": 231_400, "staff_hours": 160},
                "results": [{"indicator": "Учасники голосування", "unit": "осіб", "before": 0, "after": 812,
                             "measured_on": "2025-09", "source": "протокол"}],
                "outcome": "success",
                "help_received": [{"from": samples::CODE, "format": "call", "hours": 3}],
                "advice_to_next": "Почніть із двох шкіл.",
                "contact": contact,
            })),
        ),
        (
            DocumentKind::Exchange,
            json!({
                "direction": "request",
                "title": "Шукаємо громаду зі шкільним бюджетом участі",
                "what": "Хочемо побачити голосування і положення.",
                "sectors": ["education"],
                "mechanisms": ["school_pb"],
                "formats": ["call", "sample_documents"],
                "radius": "oblast",
                "expires_on": "2099-12-31",
                "practices": [practice],
                "contact": contact,
            }),
        ),
        (
            DocumentKind::Comment,
            json!({"about": practice, "about_owner": owner, "about_revision": revision, "purpose": "question",
                   "text": "Скільки часу пішло на положення?", "role": "Секретарка ради"}),
        ),
        (
            DocumentKind::Endorsement,
            about(json!({"about_revision": revision, "basis": "visited", "date": "2025-05-12",
                         "text": "Бачили голосування у двох школах.", "role": "Заступниця голови"})),
        ),
        (
            DocumentKind::Seminar,
            json!({
                "title": "Семінар рівних: Карпати",
                "number": 2,
                "region": "carpathians",
                "mode": "in_person",
                "starts": "2099-10-14",
                "ends": "2099-10-15",
                "venue": {"community": NEIGHBOUR_CODE, "address": "вул. Миру, 1"},
                "sectors": ["education"],
                "about": "Для тих, хто хоче повторити шкільний бюджет участі.",
                "programme": [{"time": "10:00", "minutes": 90, "title": "Як ми почали", "speaker": "Начальниця відділу",
                               "practice": practice}],
                "seats": 30,
                "registration": "open",
                "contact": contact,
            }),
        ),
        (
            DocumentKind::Registration,
            json!({"about": sample_id(DocumentKind::Seminar).to_string(), "about_owner": NEIGHBOUR.to_string(),
                   "title": "Семінар рівних: Карпати", "parties": [{"role": "Голова громади", "people": 1}]}),
        ),
        (
            DocumentKind::Collection,
            json!({
                "title": "Пряма демократія: шість історій",
                "editors": ["Команда проєкту"],
                "foreword": "Ці історії можна повторити.",
                "items": [{"practice": practice, "revision": revision, "note": "Найпростіша для початку."}],
                "imprint": {"place": "Київ", "year": 2026, "publisher": "Громадська організація"},
                "state": "editing",
            }),
        ),
        (
            DocumentKind::Material,
            json!({"type": "poster", "title": "Ваше слово вирішує", "audience": "Батьки школярів",
                   "message": "Школярі вже вирішують, на що витратити гроші школи.", "text": "Прийдіть на збори.",
                   "call": "Приєднуйтеся", "practices": [practice]}),
        ),
        (
            DocumentKind::Use,
            json!({"about": sample_id(DocumentKind::Material).to_string(), "about_owner": NEIGHBOUR.to_string(),
                   "title": "Ваше слово вирішує", "channel": "social", "date": "2025-06", "reach": 1200}),
        ),
        (
            DocumentKind::Translation,
            about(json!({"about_revision": revision, "lang": "en", "origin": "human",
                         "title": "Participatory budgeting at school", "summary": "Pupils decide what a part of the school budget is spent on.",
                         "solution": "Pupils vote on projects."})),
        ),
    ];
    contents.into_iter().map(|(kind, content)| page(kind, NEIGHBOUR, NEIGHBOUR_CODE, kind.number(), content)).collect()
}

pub(super) fn wanted(contents: &Contents, wanted: &DocumentsRequest) -> Vec<DocumentCard> {
    let practices = contents.practices.values().map(super::card);
    let all = contents.documents.values().map(|page| page.card.clone()).chain(practices);
    let key = kinds::of(wanted.kind).map(|row| row.key);
    all.filter(|card| Some(card.kind.as_str()) == key)
        .filter(|card| match &wanted.scope {
            Scope::All => true,
            Scope::Of(owner) => card.owner == owner.to_string(),
            Scope::About(id) => {
                let id = id.to_string();
                card.about.as_ref() == Some(&id) || card.mentions.contains(&id)
            }
        })
        .collect()
}

pub(super) fn told(contents: &Contents, community: &str) -> Vec<DocumentCard> {
    let cards = contents.documents.values().map(|page| &page.card);
    let own = |id: &String| contents.documents.get(id).is_some_and(|page| page.card.owner == community);
    let meant = |card: &&DocumentCard| {
        let answers = card.kind == "comment" && card.mentions.iter().any(own);
        card.owner != community && (answers || card.about_owner.as_deref() == Some(community))
    };
    cards.filter(meant).cloned().collect()
}

/// Why something is not here.
pub(super) fn absent(contents: &Contents, id: &str) -> LibraryError {
    contents.withdrawn.get(id).cloned().map_or(LibraryError::NotFound, LibraryError::Withdrawn)
}

pub(super) fn one(contents: &Contents, id: &str) -> Result<DocumentPage, LibraryError> {
    if let Some(page) = contents.documents.get(id) {
        return Ok(page.clone());
    }
    let page = contents.practices.get(id).ok_or_else(|| absent(contents, id))?;
    Ok(DocumentPage {
        card: super::card(page),
        heads: page.heads.clone(),
        editable: page.editable,
        created_at: page.created_at,
        changes: page.changes,
        authors: page.authors.clone(),
        content: serde_json::to_value(&page.practice).unwrap_or_default(),
        conflicts: page.conflicts.clone(),
        completeness: page.completeness.clone(),
    })
}

pub(super) fn create(
    contents: &mut Contents,
    kind: DocumentKind,
    mut content: Value,
) -> Result<Published, LibraryError> {
    let row = kinds::of(kind).ok_or(LibraryError::NotFound)?;
    let about = content.get("about").and_then(Value::as_str).map(str::to_owned);
    let mut late = Vec::new();
    if let Some(about) = about.filter(|_| row.has("about_owner")) {
        let about = one(contents, &about)?;
        late = too_late(row.key, &about, seats_left(contents, &about));
        late.extend(of_others(row.key, &content, &about, &CommunityId([1; 32]).to_string()));
        content["about_owner"] = about.card.owner.into();
    }
    freeze(contents, &mut content);
    check(row, &content)?;
    refuse(untimely(row.key, &content))?;
    refuse(late)?;
    let number = 100 + u8::try_from(contents.documents.len() % 100).unwrap_or_default();
    let page = page(kind, CommunityId([1; 32]), samples::CODE, number, content);
    let id = page.card.id.clone();
    contents.documents.insert(id.clone(), page);
    Ok(published(id))
}

fn seats_left(contents: &Contents, about: &DocumentPage) -> Option<u64> {
    let id = about.card.id.parse().ok()?;
    let wanted_of = DocumentsRequest { kind: DocumentKind::Registration, scope: Scope::About(id) };
    let taken: u64 = wanted(contents, &wanted_of).iter().filter_map(|card| card.state.parse::<u64>().ok()).sum();
    Some(about.typed::<Seminar>()?.seats?.saturating_sub(taken))
}

/// Each practice of a collection at a revision.
fn freeze(contents: &Contents, content: &mut Value) {
    for item in content.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        let heads = item["practice"].as_str().and_then(|id| contents.practices.get(id)).map(|page| page.heads.clone());
        if item.get("revision").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            item["revision"] = json!(heads.unwrap_or_default());
        }
    }
}

pub(super) fn edit(contents: &mut Contents, id: &str, edit: Edit<Value>) -> Result<Published, LibraryError> {
    let page = contents.documents.get_mut(id).ok_or(LibraryError::NotFound)?;
    let row = kinds::by_key(&page.card.kind).ok_or(LibraryError::NotFound)?;
    check(row, &edit.content)?;
    refuse(untimely(row.key, &edit.content))?;
    page.card = card(row.kind, id, &page.card.owner, &page.card.owner_code, &edit.content);
    page.content = edit.content;
    Ok(published(id.to_owned()))
}

fn check(row: &kinds::Kind, content: &Value) -> Result<(), LibraryError> {
    let errors = row.check(content, Strictness::Publish).map_err(|error| {
        LibraryError::Invalid(vec![FieldError::new("", "malformed", error.to_string(), error.to_string())])
    })?;
    refuse(errors)
}

fn refuse(errors: Vec<FieldError>) -> Result<(), LibraryError> {
    if errors.is_empty() { Ok(()) } else { Err(LibraryError::Invalid(errors)) }
}

pub(super) fn census(contents: &Contents, kind: DocumentKind, by: &[CensusBy]) -> Census {
    let cards = wanted(contents, &DocumentsRequest { kind, scope: Scope::All });
    let mut counts: BTreeMap<[String; 4], [u64; 3]> = BTreeMap::new();
    for card in &cards {
        let said = |what: CensusBy, text: &str| if by.contains(&what) { text.to_owned() } else { String::new() };
        let sector = card.sectors.first().map_or("", String::as_str);
        let alike = [
            said(CensusBy::State, &card.state),
            said(CensusBy::Outcome, &card.outcome),
            said(CensusBy::Sector, sector),
            said(CensusBy::Month, card.day.get(..7).unwrap_or("2025-08")),
        ];
        let all = counts.entry(alike).or_default();
        *all = [all[0] + 1, all[1] + card.reach.unwrap_or_default(), all[2] + u64::from(card.reach.is_some())];
    }
    let tally = |([state, outcome, sector, month], [count, reach, reach_told]): ([String; 4], [u64; 3])| Tally {
        state,
        outcome,
        sector,
        oblast: String::new(),
        month,
        count,
        reach,
        reach_told,
    };
    Census {
        total: cards.len() as u64,
        communities: cards.iter().map(|card| &card.owner).collect::<BTreeSet<_>>().len() as u64,
        about: cards.iter().filter_map(|card| card.about.as_ref()).collect::<BTreeSet<_>>().len() as u64,
        rows: counts.into_iter().map(tally).collect(),
    }
}
