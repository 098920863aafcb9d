//! Communities and their profiles.

use std::sync::Arc;

use axum::extract::State;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::profile::Profile;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Id, Json, Paging, Query};
use crate::library::{CommunityCard, Edit, Page, ProfilePage, Published, Revision};

/// Communities, by code.
#[utoipa::path(
    get,
    path = "/api/v1/communities",
    tag = "communities",
    params(Paging),
    responses((status = 200, body = Page<CommunityCard>), Failures)
)]
pub(crate) async fn list_communities(
    State(app): State<Arc<App>>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<Page<CommunityCard>>, Failure> {
    let page = paging.request()?;
    Ok(axum::Json(app.ask(move |library| library.communities(&page)).await?))
}

/// A community with its profile.
#[utoipa::path(
    get,
    path = "/api/v1/communities/{id}",
    tag = "communities",
    params(("id" = String, Path, description = "The community, 64 hexadecimal digits")),
    responses((status = 200, body = ProfilePage), Failures)
)]
pub(crate) async fn read_community(
    State(app): State<Arc<App>>,
    Id(id): Id<CommunityId>,
) -> Result<axum::Json<ProfilePage>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.profile(id)).await?))
}

/// The changes of a community's profile, first to last.
#[utoipa::path(
    get,
    path = "/api/v1/communities/{id}/history",
    tag = "communities",
    params(("id" = String, Path, description = "The community, 64 hexadecimal digits"), Paging),
    responses((status = 200, body = Page<Revision>), Failures)
)]
pub(crate) async fn read_community_history(
    State(app): State<Arc<App>>,
    Id(id): Id<CommunityId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<Page<Revision>>, Failure> {
    let page = paging.request()?;
    let document = profile_of(&id);
    Ok(axum::Json(app.ask(move |library| library.history(document, &page)).await?))
}

/// Publishes an edit of this node's own profile.
#[utoipa::path(
    put,
    path = "/api/v1/profile",
    tag = "communities",
    request_body = Edit<Profile>,
    responses((status = 200, body = Published), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn edit_profile(
    State(app): State<Arc<App>>,
    Json(edit): Json<Edit<Profile>>,
) -> Result<axum::Json<Published>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.edit_profile(edit)).await?))
}

/// The document that holds a community's profile.
pub(crate) fn profile_of(community: &CommunityId) -> DocumentId {
    DocumentId::of(community, &DocumentName::PROFILE)
}

/// Which community this node is to write for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Founding {
    /// Its KATOTTG code.
    code: String,
    /// What the community calls this device.
    #[serde(default)]
    device_name: String,
}

/// Founds the community that this node writes for from now on.
#[utoipa::path(
    post,
    path = "/api/v1/community",
    tag = "communities",
    request_body = Founding,
    responses((status = 200, body = CommunityCard), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn found_community(
    State(app): State<Arc<App>>,
    Json(founding): Json<Founding>,
) -> Result<axum::Json<CommunityCard>, Failure> {
    let Founding { code, device_name } = founding;
    Ok(axum::Json(app.ask(move |library| library.found_community(&code, &device_name)).await?))
}
