//! Every address that is answered, one row each. What is not here does not exist.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{MethodRouter, get};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::library::BLOCK_BYTES_MAX;
use crate::public::{atom, sitemap};
use crate::{App, api, assets, pages};

/// Bytes of a JSON body: five times the longest real practice, with every letter escaped.
pub(crate) const JSON_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Bytes of an import: a full request of rows of 64 KB, the length of the longest real text.
pub(crate) const IMPORT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// For requests that have no body to read.
const NOTHING: usize = 0;

/// An operation of the API.
pub(crate) struct Row {
    /// The verb.
    pub(crate) method: Method,
    /// The address, as in the OpenAPI document.
    pub(crate) path: &'static str,
    /// Bytes of body that are read at the most.
    pub(crate) body_max: usize,
    /// The handler together with its description.
    build: fn() -> UtoipaMethodRouter<Arc<App>>,
}

impl Row {
    /// Whether a node that is published answers it: all that tells of the library, and nothing of the
    /// computer and its network.
    pub(crate) fn is_published(&self) -> bool {
        !self.needs_token() && PUBLISHED.contains(&self.path)
    }

    /// Whether the operation needs the token.
    pub(crate) fn needs_token(&self) -> bool {
        needs_token(&self.method, self.path)
    }
}

/// What may change something needs the token, and so does every look at a draft or at an account:
/// what is not published is nobody else's.
pub(crate) fn needs_token(method: &Method, path: &str) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
        || path.starts_with("/api/v1/drafts")
        || path.starts_with("/api/v1/accounts")
}

macro_rules! row {
    ($method:ident $path:literal $body_max:ident $($handler:ident)::+) => {
        Row { method: Method::$method, path: $path, body_max: $body_max, build: || routes!($($handler)::+) }
    };
}

/// The API.
#[rustfmt::skip]
pub(crate) static API: &[Row] = &[
    row!(GET    "/api/v1/status"                   NOTHING          api::status::read_status),
    row!(GET    "/api/v1/quarantine"               NOTHING          api::status::list_quarantine),
    row!(GET    "/api/v1/practices"                NOTHING          api::practices::list_practices),
    row!(POST   "/api/v1/practices"                JSON_BYTES_MAX   api::practices::create_practice),
    row!(GET    "/api/v1/practices/{id}"           NOTHING          api::practices::read_practice),
    row!(PUT    "/api/v1/practices/{id}"           JSON_BYTES_MAX   api::practices::edit_practice),
    row!(DELETE "/api/v1/practices/{id}"           NOTHING          api::practices::withdraw_practice),
    row!(GET    "/api/v1/practices/{id}/history"   NOTHING          api::practices::read_practice_history),
    row!(GET    "/api/v1/practices/{id}/similar"   NOTHING          api::search::similar),
    row!(GET    "/api/v1/documents"                NOTHING          api::documents::list_documents),
    row!(POST   "/api/v1/documents"                JSON_BYTES_MAX   api::documents::create_document),
    row!(GET    "/api/v1/documents/{id}"           NOTHING          api::documents::read_document),
    row!(PUT    "/api/v1/documents/{id}"           JSON_BYTES_MAX   api::documents::edit_document),
    row!(DELETE "/api/v1/documents/{id}"           NOTHING          api::documents::withdraw_document),
    row!(GET    "/api/v1/documents/{id}/history"   NOTHING          api::documents::read_document_history),
    row!(GET    "/api/v1/census"                   NOTHING          api::documents::read_census),
    row!(GET    "/api/v1/search"                   NOTHING          api::search::search),
    row!(GET    "/api/v1/suggest"                  NOTHING          api::search::suggest),
    row!(GET    "/api/v1/drafts"                   NOTHING          api::drafts::list_drafts),
    row!(GET    "/api/v1/drafts/{id}"              NOTHING          api::drafts::read_draft),
    row!(PUT    "/api/v1/drafts/{id}"              JSON_BYTES_MAX   api::drafts::keep_draft),
    row!(DELETE "/api/v1/drafts/{id}"              NOTHING          api::drafts::remove_draft),
    row!(GET    "/api/v1/accounts"                 NOTHING          api::accounts::list_accounts),
    row!(POST   "/api/v1/accounts"                 JSON_BYTES_MAX   api::accounts::add_account),
    row!(PUT    "/api/v1/accounts/{name}"          JSON_BYTES_MAX   api::accounts::change_account),
    row!(DELETE "/api/v1/accounts/{name}"          NOTHING          api::accounts::remove_account),
    row!(GET    "/api/v1/communities"              NOTHING          api::communities::list_communities),
    row!(GET    "/api/v1/registry"                 NOTHING          api::registry::list_registry),
    row!(GET    "/api/v1/communities/{id}"         NOTHING          api::communities::read_community),
    row!(GET    "/api/v1/communities/{id}/told"    NOTHING          api::documents::list_told),
    row!(GET    "/api/v1/communities/{id}/history" NOTHING          api::communities::read_community_history),
    row!(POST   "/api/v1/community"                JSON_BYTES_MAX   api::communities::found_community),
    row!(PUT    "/api/v1/profile"                  JSON_BYTES_MAX   api::communities::edit_profile),
    row!(GET    "/api/v1/records/{id}"             NOTHING          api::records::read_record),
    row!(POST   "/api/v1/import"                   IMPORT_BYTES_MAX api::records::import_rows),
    row!(GET    "/api/v1/bundle"                   NOTHING          api::records::give_block),
    row!(POST   "/api/v1/bundle"                   BLOCK_BYTES_MAX  api::records::take_block),
    row!(POST   "/api/v1/verify"                   NOTHING          api::status::verify_step),
    row!(GET    "/api/v1/peers"                    NOTHING          api::peers::list_peers),
    row!(POST   "/api/v1/peers"                    JSON_BYTES_MAX   api::peers::dial_peer),
    row!(GET    "/api/v1/peers/added"              NOTHING          api::peers::list_added_peers),
    row!(DELETE "/api/v1/peers/added"              NOTHING          api::peers::forget_peer),
    row!(POST   "/api/v1/peers/probe"              JSON_BYTES_MAX   api::peers::probe_peer),
    row!(GET    "/api/v1/events"                   NOTHING          api::events::listen_to_events),
    row!(GET    "/api/v1/vocabularies"             NOTHING          api::reference::list_vocabularies),
    row!(GET    "/api/v1/hromadas"                 NOTHING          api::reference::list_hromadas),
    row!(GET    "/api/v1/openapi.json"             NOTHING          api::reference::read_openapi),
];

/// What programs may read of a node that is published.
pub(crate) static PUBLISHED: &[&str] = &[
    "/api/v1/practices",
    "/api/v1/practices/{id}",
    "/api/v1/practices/{id}/history",
    "/api/v1/practices/{id}/similar",
    "/api/v1/documents",
    "/api/v1/documents/{id}",
    "/api/v1/documents/{id}/history",
    "/api/v1/census",
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/communities",
    "/api/v1/communities/{id}",
    "/api/v1/communities/{id}/history",
    "/api/v1/communities/{id}/told",
    "/api/v1/registry",
    "/api/v1/records/{id}",
    "/api/v1/vocabularies",
    "/api/v1/hromadas",
    "/api/v1/openapi.json",
];

/// A page.
pub(crate) struct PageRow {
    /// The address.
    pub(crate) path: &'static str,
    build: fn() -> MethodRouter<Arc<App>>,
}

impl PageRow {
    /// Whether a node that is published shows it: its network is nobody's business, and its digest is its
    /// own community's.
    pub(crate) fn is_published(&self) -> bool {
        !["/network", "/status", "/digest", "/digest.atom"].contains(&self.path)
    }
}

/// The pages, all of them for reading.
#[rustfmt::skip]
pub(crate) static PAGES: &[PageRow] = &[
    PageRow { path: "/",                         build: || get(pages::home::show) },
    PageRow { path: "/practices",                build: || get(pages::catalogue::show) },
    PageRow { path: "/practices.csv",            build: || get(pages::export::csv) },
    PageRow { path: "/practices.xlsx",           build: || get(pages::export::xlsx) },
    PageRow { path: "/practices/compare",        build: || get(pages::compare::show) },
    PageRow { path: "/practices/{id}",           build: || get(pages::practices::one) },
    PageRow { path: "/practices/{id}/history",   build: || get(pages::history::of_practice) },
    PageRow { path: "/practices/{id}/cite.bib",  build: || get(pages::cite::bibtex) },
    PageRow { path: "/practices/{id}/cite.json", build: || get(pages::cite::csl) },
    PageRow { path: "/communities",              build: || get(pages::registry::list) },
    PageRow { path: "/communities/{id}",         build: || get(pages::communities::one) },
    PageRow { path: "/communities/{id}/history", build: || get(pages::history::of_community) },
    PageRow { path: "/communities.csv",          build: || get(pages::registry_files::csv) },
    PageRow { path: "/communities.xlsx",         build: || get(pages::registry_files::xlsx) },
    PageRow { path: "/adoptions",                build: || get(pages::records::adoptions) },
    PageRow { path: "/exchange",                 build: || get(pages::records::exchange) },
    PageRow { path: "/seminars",                 build: || get(pages::records::seminars) },
    PageRow { path: "/records/{id}",             build: || get(pages::records::one::show) },
    PageRow { path: "/records/{id}/history",     build: || get(pages::history::of_record) },
    PageRow { path: "/records/{id}/calendar.ics", build: || get(pages::records::calendar::ics) },
    PageRow { path: "/records/{id}/sheet",       build: || get(pages::records::calendar::sheet) },
    PageRow { path: "/achievements",             build: || get(pages::achievements::show) },
    PageRow { path: "/digest",                   build: || get(pages::digest::show) },
    PageRow { path: "/digest.atom",              build: || get(pages::digest::feed) },
    PageRow { path: "/collections",              build: || get(pages::collections::list) },
    PageRow { path: "/collections/{id}",         build: || get(pages::collections::one) },
    PageRow { path: "/collections/{id}/book.pdf", build: || get(pages::collections::pdf) },
    PageRow { path: "/collections/{id}/book.epub", build: || get(pages::collections::epub) },
    PageRow { path: "/collections/{id}/book.docx", build: || get(pages::collections::docx) },
    PageRow { path: "/collections/{id}/book.html", build: || get(pages::collections::html) },
    PageRow { path: "/materials",                build: || get(pages::materials::list) },
    PageRow { path: "/materials/{id}",           build: || get(pages::materials::one) },
    PageRow { path: "/materials/{id}/{file}",    build: || get(pages::materials::file_of) },
    PageRow { path: "/map",                      build: || get(pages::map::show) },
    PageRow { path: "/help",                     build: || get(pages::help::show) },
    PageRow { path: "/network",                  build: || get(pages::network::show) },
    PageRow { path: "/status",                   build: || get(pages::network::show) },
    PageRow { path: "/assets/{name}",            build: || get(assets::one) },
];

/// What only a node that is published has.
#[rustfmt::skip]
pub(crate) static PUBLIC: &[PageRow] = &[
    PageRow { path: "/robots.txt",        build: || get(sitemap::robots) },
    PageRow { path: "/sitemap.xml",       build: || get(sitemap::whole) },
    PageRow { path: "/sitemap/{part}",    build: || get(sitemap::part) },
    PageRow { path: "/atom",              build: || get(atom::all) },
    PageRow { path: "/atom/{kind}/{key}", build: || get(atom::of) },
];

/// The API's router and its description, from these rows.
pub(crate) fn api(rows: impl Iterator<Item = &'static Row>) -> (Router<Arc<App>>, OpenApi) {
    rows.fold(OpenApiRouter::with_openapi(api::about()), |router, row| {
        let built = (row.build)();
        debug_assert!(built.1.paths.contains_key(row.path), "the handler of {} says another address", row.path);
        router.routes(built.layer(DefaultBodyLimit::max(row.body_max)))
    })
    .split_for_parts()
}

/// Adds pages.
pub(crate) fn pages(router: Router<Arc<App>>, rows: impl Iterator<Item = &'static PageRow>) -> Router<Arc<App>> {
    rows.fold(router, |router, row| router.route(row.path, (row.build)()))
}
