//! How a record begins: empty but for what is known already, or as it stands, to be edited.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentId;
use crdt::kinds::endorsement::BY_ORIGIN;
use crdt::kinds::exchange::DEFAULT_DAYS;
use crdt::kinds::{self, MENTIONS_MAX};
use crdt::practice::Practice;
use crdt::vocabulary::MATERIAL_TYPES;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::{Draft, Looking, page, picked};
use crate::App;
use crate::campaign::drafting::{Wanted, drafted};
use crate::desk::fields::fill;
use crate::desk::write::fresh;
use crate::error::Failure;
use crate::library::rightful::may_confirm;
use crate::library::{DocumentPage, Library, LibraryError};
use crate::pages::error;
use crate::pages::frame::{PageId, Visitor};
use crate::people::auth::Signed;
use crate::registry::today;

/// Parameters of the address that a new record takes over.
const TAKEN: [&str; 5] = ["about", "reply_to", "purpose", "direction", "pledged_at"];

/// `GET /write/record/new?kind=…&about=…`
pub(crate) async fn new(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    let target = match v.parameter("about").and_then(|id| id.parse::<DocumentId>().ok()) {
        Some(id) => match app.ask(move |library| library.document(id)).await {
            Ok(page) => Some(page),
            Err(fault) => return error::page(&v, &fault.into()),
        },
        None => None,
    };
    let kind = v.parameter("kind").unwrap_or_default().to_owned();
    let Some(row) = kinds::by_key(&kind) else { return error::page(&v, &Failure::not_found()) };
    if row.has("about_owner") && target.is_none() {
        return error::page(&v, &Failure::not_found());
    }
    let content = match kind.as_str() {
        "material" => match app.ask(material(&v)).await {
            Ok(content) => content,
            Err(fault) => return error::page(&v, &fault.into()),
        },
        _ => begun(&v, &kind, target.as_ref()),
    };
    let mut draft = Draft { form: fill(row.table, &content), kind, ..Draft::default() };
    if row.has(picked::ITEMS)
        && let Err(fault) = picked::freeze(&app, &mut draft.form).await
    {
        return error::page(&v, &fault.into());
    }
    page(&app, &v, signed, &fresh().to_string(), &draft, (Looking::Writing, None)).await
}

/// A material with its first words, from what it is to tell of: `type=…`, `tongue=…`, `practice=…`,
/// `collection=…`.
fn material(v: &Visitor) -> impl FnOnce(&dyn Library) -> Result<Value, LibraryError> + Send + 'static {
    let one = |name: &str| v.parameter(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let practices = v.pairs().iter().filter(|(name, _)| name == "practice");
    let wanted = Wanted {
        kind: one("type").filter(|key| MATERIAL_TYPES.terms.iter().any(|term| term.key == key)).unwrap_or_default(),
        lang: one("tongue").unwrap_or_else(|| v.language.tag().to_owned()),
        practices: practices.map(|(_, id)| id.clone()).collect(),
        collection: one("collection"),
    };
    move |library| drafted(library, &wanted)
}

/// What is known of a new record before anybody typed anything.
fn begun(v: &Visitor, kind: &str, target: Option<&DocumentPage>) -> Value {
    let today = today();
    let mut content = json!({});
    for name in TAKEN {
        if let Some(value) = v.parameter(name).filter(|value| !value.is_empty()) {
            content[name] = json!(value);
        }
    }
    if let Some(target) = target {
        content["about_revision"] = json!(target.heads);
        content["title"] = json!(target.card.title);
    }
    match kind {
        "adoption" => {
            let practice: Option<Practice> = target.and_then(DocumentPage::typed);
            content["stages"] = json!([{ "status": "interested" }]);
            if let Some(practice) = practice {
                // The same indicators, so that before and after compare.
                let results =
                    practice.results.iter().map(|one| json!({ "indicator": one.indicator, "unit": one.unit }));
                content["results"] = results.collect();
                content["sectors"] = json!(practice.sectors);
            }
        }
        "exchange" => {
            content["expires_on"] = json!(today.saturating_add(i64::from(DEFAULT_DAYS).days()).to_string());
            if content.get("direction").is_none() {
                content["direction"] = json!("request");
            }
        }
        "endorsement" | "use" => {
            content["date"] = json!(today.to_string());
            let own = v.home().map(|home| home.id.as_str()).unwrap_or_default();
            if kind == "endorsement" && target.is_some_and(|target| may_confirm(&target.card, own)) {
                content["basis"] = json!(BY_ORIGIN);
            }
        }
        "seminar" => content["registration"] = json!("open"),
        "translation" => {
            content["lang"] = json!("en");
            content["origin"] = json!("human");
            content["title"] = Value::Null;
        }
        "collection" => {
            let items = v.pairs().iter().filter(|(name, _)| name == "practice");
            content["items"] = items.take(MENTIONS_MAX).map(|(_, id)| json!({ "practice": id })).collect();
            content["state"] = json!("editing");
        }
        "comment" => content["title"] = Value::Null,
        _ => {}
    }
    content
}

/// `GET /records/{id}/edit`; of a collection also with one practice more (`practice=…`), or with the
/// newest revision of one (`renew=…`) or all (`renew=all`).
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    let renew = v.parameter("renew").map(str::to_owned);
    let more = v.parameter("practice").and_then(|id| id.parse::<DocumentId>().ok());
    let read = app.ask(move |library| {
        let mut page = library.document(id)?;
        if page.card.kind == "collection" {
            if let Some(which) = &renew {
                picked::renewed(library, &mut page.content, which)?;
            }
            if let Some(more) = more
                && let Some(items) = page.content[picked::ITEMS].as_array_mut()
            {
                items.push(json!({ "practice": more.to_string(), "revision": library.document(more)?.heads }));
            }
        }
        Ok(page)
    });
    let page_of = match read.await {
        Ok(page) if page.editable => page,
        Ok(_) => return error::page(&v, &Failure::not_found()),
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let Some(row) = kinds::by_key(&page_of.card.kind) else { return error::page(&v, &Failure::not_found()) };
    let draft = Draft {
        kind: row.key.to_owned(),
        title: page_of.card.title.clone(),
        form: fill(row.table, &page_of.content),
        document: Some(page_of.card.id.clone()),
        heads: page_of.heads.clone(),
        ..Draft::default()
    };
    page(&app, &v, signed, &fresh().to_string(), &draft, (Looking::Writing, None)).await
}
