//! Documents of every kind: to list, to read, to publish, to edit, to take back; and how many there
//! are of which.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, LOCATION};
use crdt::check::FieldError;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId};
use crdt::kinds::{self, KINDS};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::practices::Why;
use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Id, Json, Paging, Query, bad, malformed_id, unknown_parameter};
use crate::library::{
    Census, CensusBy, DocumentCard, DocumentPage, DocumentsRequest, Edit, Page, Published, Revision, Scope, parse_heads,
};

/// Which documents are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// What they are: `practice`, `adoption`, `exchange`, `comment`, `endorsement`, `seminar`,
    /// `registration`, `collection`, `material`, `use`, `translation`.
    kind: String,
    /// Only those of this community.
    owner: Option<String>,
    /// Only those that tell about this document or name it. Not together with `owner`.
    about: Option<String>,
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// How many rows, 1 to 100; 20 unless said.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<usize>,
}

/// What a new document says, by its kind.
#[derive(ToSchema)]
#[schema(as = NewDocument)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
#[allow(dead_code, clippy::large_enum_variant, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) enum NewDocumentSchema {
    /// An adoption.
    Adoption(kinds::adoption::Adoption),
    /// A request or an offer.
    Exchange(kinds::exchange::Exchange),
    /// A question, an answer, a comment, a suggested edit.
    Comment(kinds::comment::Comment),
    /// An endorsement.
    Endorsement(kinds::endorsement::Endorsement),
    /// A seminar.
    Seminar(kinds::seminar::Seminar),
    /// A registration for a seminar.
    Registration(kinds::seminar::Registration),
    /// A collection.
    Collection(kinds::collection::Collection),
    /// A material of the campaign.
    Material(kinds::material::Material),
    /// A use of a material.
    Use(kinds::material::Use),
    /// A translation of a practice.
    Translation(kinds::translation::Translation),
}

/// A new document as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDocument {
    kind: String,
    content: serde_json::Value,
}

fn kind_of(key: &str) -> Result<DocumentKind, Failure> {
    kinds::by_key(key).map(|row| row.kind).ok_or_else(|| {
        let known = KINDS.iter().map(|row| row.key).collect::<Vec<_>>().join(", ");
        Failure::invalid(vec![FieldError::new(
            "kind",
            "unknown_kind",
            format!("Виду записів «{key}» немає. Можна: {known}"),
            format!("There is no kind of records “{key}”. Known: {known}"),
        )])
    })
}

/// Documents of one kind, last changed first.
#[utoipa::path(
    get,
    path = "/api/v1/documents",
    tag = "documents",
    params(Wanted),
    responses((status = 200, body = Page<DocumentCard>), Failures, (status = 422, body = crate::error::ErrorBody))
)]
pub(crate) async fn list_documents(
    State(app): State<Arc<App>>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Page<DocumentCard>>, Failure> {
    let page = Paging { after: wanted.after, limit: wanted.limit }.request()?;
    let scope = match (wanted.owner, wanted.about) {
        (Some(owner), None) => Scope::Of(owner.parse().map_err(|error| malformed_id(&error))?),
        (None, Some(about)) => Scope::About(about.parse().map_err(|error| malformed_id(&error))?),
        (None, None) => Scope::All,
        (Some(_), Some(_)) => {
            return Err(Failure::invalid(vec![FieldError::new(
                "about",
                "not_together",
                "Оберіть щось одне: записи громади або записи про документ".into(),
                "Ask for one of the two: a community's records, or those about a document".into(),
            )]));
        }
    };
    let wanted = DocumentsRequest { kind: kind_of(&wanted.kind)?, scope };
    Ok(axum::Json(app.ask(move |library| library.documents(&wanted, &page)).await?))
}

/// At which revision a document is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct At {
    /// Heads, joined by commas: the document as it stood then. As it stands now unless said.
    at: Option<String>,
}

/// One document whole.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits"), At),
    responses((status = 200, body = DocumentPage), Failures, (status = 422, body = crate::error::ErrorBody))
)]
pub(crate) async fn read_document(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Query(at): Query<At>,
) -> Result<axum::Json<DocumentPage>, Failure> {
    let heads: Vec<String> = at.at.iter().flat_map(|at| at.split(',')).map(str::to_owned).collect();
    let heads: Vec<ChangeHash> = parse_heads(&heads)?;
    Ok(axum::Json(app.ask(move |library| library.document_at(id, &heads)).await?))
}

/// Publishes a new document of this node's community. What `about_owner` and `about_revision` say is
/// filled in from what this node holds.
#[utoipa::path(
    post,
    path = "/api/v1/documents",
    tag = "documents",
    request_body = NewDocumentSchema,
    responses((status = 201, body = Published, description = "Published"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn create_document(
    State(app): State<Arc<App>>,
    Json(new): Json<NewDocument>,
) -> Result<(StatusCode, [(HeaderName, String); 1], axum::Json<Published>), Failure> {
    let kind = kind_of(&new.kind)?;
    let published = app.ask(move |library| library.create_document(kind, new.content)).await?;
    let address = format!("/api/v1/documents/{}", published.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], axum::Json(published)))
}

/// Publishes an edit. What others wrote since `base_heads` is kept too; `merged` says so.
#[utoipa::path(
    put,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits")),
    request_body = Edit<serde_json::Value>,
    responses((status = 200, body = Published), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn edit_document(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Json(edit): Json<Edit<serde_json::Value>>,
) -> Result<axum::Json<Published>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.edit_document(id, edit)).await?))
}

/// Takes a document back, everywhere and for good.
#[utoipa::path(
    delete,
    path = "/api/v1/documents/{id}",
    tag = "documents",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits"), Why),
    responses((status = 204, description = "Taken back"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn withdraw_document(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Query(why): Query<Why>,
) -> Result<StatusCode, Failure> {
    let reason = why.checked()?;
    app.ask(move |library| library.withdraw(id, reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The changes of a document, first to last.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/history",
    tag = "documents",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits"), Paging),
    responses((status = 200, body = Page<Revision>), Failures)
)]
pub(crate) async fn read_document_history(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<Page<Revision>>, Failure> {
    let page = paging.request()?;
    Ok(axum::Json(app.ask(move |library| library.history(id, &page)).await?))
}

/// What other communities wrote about documents of this one, last changed first.
#[utoipa::path(
    get,
    path = "/api/v1/communities/{id}/told",
    tag = "documents",
    params(("id" = String, Path, description = "The community, 64 hexadecimal digits"), Paging),
    responses((status = 200, body = Page<DocumentCard>), Failures)
)]
pub(crate) async fn list_told(
    State(app): State<Arc<App>>,
    Id(id): Id<CommunityId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<Page<DocumentCard>>, Failure> {
    let page = paging.request()?;
    Ok(axum::Json(app.ask(move |library| library.told(id, &page)).await?))
}

/// By how much documents are counted at most in one answer: a table has rows and columns. By all five at
/// once nearly every document is a row of its own.
const CENSUS_BY_MAX: usize = 2;

/// What is counted, and by what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) struct Counted {
    /// What they are, as for the list of documents.
    kind: String,
    /// By what they are counted, named once or twice; by state unless said.
    #[param(max_items = 2)]
    by: Option<Vec<CensusBy>>,
}

/// The kind that is to be counted, and by what.
fn counted(pairs: &[(String, String)]) -> Result<(DocumentKind, Vec<CensusBy>), Failure> {
    let (mut kind, mut by) = (None, BTreeSet::new());
    for (name, value) in pairs {
        match name.as_str() {
            "kind" => kind = Some(kind_of(value)?),
            "by" => {
                by.insert(CensusBy::ALL.into_iter().find(|by| by.key() == value).ok_or_else(|| {
                    let known = CensusBy::ALL.map(CensusBy::key).join(", ");
                    bad(
                        "unknown_by",
                        format!("За «{value}» не рахують. Можна за: {known}"),
                        format!("Nothing is counted by “{value}”. Known: {known}"),
                    )
                })?);
            }
            _ => return Err(unknown_parameter(name)),
        }
    }
    if by.len() > CENSUS_BY_MAX {
        return Err(bad(
            "too_many_values",
            format!("Рахувати можна щонайбільше за {CENSUS_BY_MAX} ознаками відразу"),
            format!("Counted by {CENSUS_BY_MAX} things at most at once"),
        ));
    }
    let kind = kind.ok_or_else(|| {
        bad("kind_missing", "Скажіть у параметрі kind, що рахувати", "Say in the parameter kind what is to be counted")
    })?;
    Ok((kind, if by.is_empty() { vec![CensusBy::State] } else { by.into_iter().collect() }))
}

/// How many documents of one kind there are, by one or two of: state, outcome, first sector, oblast, month.
#[utoipa::path(
    get,
    path = "/api/v1/census",
    tag = "documents",
    params(Counted),
    responses((status = 200, body = Census), Failures, (status = 422, body = crate::error::ErrorBody))
)]
pub(crate) async fn read_census(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<axum::Json<Census>, Failure> {
    let (kind, by) = counted(&pairs)?;
    Ok(axum::Json(app.ask(move |library| library.census(kind, &by)).await?))
}
