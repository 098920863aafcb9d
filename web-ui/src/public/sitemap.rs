//! `/sitemap.xml` and `/robots.txt`: which pages there are, for search engines.
//!
//! A small library fits into one file; a larger one gets an index of files, each with as many pages as
//! the protocol allows. Files are written as they are sent, so that none is ever whole in memory.

use std::fmt::Write;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use crdt::codifier;
use futures::stream;
use tokio::sync::OwnedSemaphorePermit;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::language::Language;
use crate::library::Library;
use crate::library::search::Facet;
use crate::pages::error;
use crate::pages::frame::Visitor;
use crate::pages::terms;
use crate::words::public as pw;

/// Addresses of one file at the most, by the protocol of sitemaps.
const URLS_MAX: usize = 50_000;
/// Pages of one file: each has an address in both languages.
const PAGES_MAX: usize = URLS_MAX / 2;
/// Files that are written at once; search engines come back.
pub(crate) const WRITERS_MAX: usize = 2;
/// Pages that are written in one go: a piece of about a hundred kilobytes.
const PIECE: usize = 250;

const XML: &str = "application/xml; charset=utf-8";
const HEAD: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    "\n",
    r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">"#,
    "\n"
);
const INDEX_HEAD: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    "\n",
    r#"<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"#,
    "\n"
);

/// A page: its path, its parameter if any, and when it last changed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Page {
    path: String,
    pair: Option<(&'static str, String)>,
    changed_at: Option<u64>,
}

/// `/robots.txt`
pub(crate) async fn robots(v: Visitor) -> Response {
    // Files for taking along and searches lead to what the pages say already.
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /*.csv\nDisallow: /*.xlsx\nDisallow: /*?q=\nDisallow: /*&q=\n\nSitemap: {}\n",
        v.whole("/sitemap.xml")
    );
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// `/sitemap.xml`: all pages, or the index of the files that list them.
pub(crate) async fn whole(State(app): State<Arc<App>>, v: Visitor) -> Response {
    written(&app, &v, None).await.unwrap_or_else(|failure| error::page(&v, &failure))
}

/// `/sitemap/{part}`: one of the files, counted from 1.
pub(crate) async fn part(State(app): State<Arc<App>>, v: Visitor, Path(part): Path<String>) -> Response {
    let part: Option<usize> = part.parse().ok().filter(|number: &usize| *number > 0 && part == number.to_string());
    let answer = match part {
        Some(part) => written(&app, &v, Some(part)).await,
        None => Err(Failure::not_found()),
    };
    answer.unwrap_or_else(|failure| error::page(&v, &failure))
}

async fn written(app: &App, v: &Visitor, part: Option<usize>) -> Result<Response, Failure> {
    let Ok(writing) = Arc::clone(&app.sitemaps).try_acquire_owned() else {
        let full = Failure::new(StatusCode::SERVICE_UNAVAILABLE, "busy", pw::TOO_MANY.uk, pw::TOO_MANY.en);
        return Ok(([(RETRY_AFTER, "60")], error::page(v, &full)).into_response());
    };
    let pages = app.ask(pages).await?;
    let parts = pages.len().div_ceil(PAGES_MAX).max(1);
    let first = match part {
        None if parts > 1 => return Ok(index(v, parts)),
        None => 0,
        Some(part) if part <= parts => (part - 1) * PAGES_MAX,
        Some(_) => return Err(Failure::not_found()),
    };
    let pages: Vec<Page> = pages.into_iter().skip(first).take(PAGES_MAX).collect();
    Ok(([(CONTENT_TYPE, XML)], Body::from_stream(stream::iter(pieces(v.clone(), pages, writing)))).into_response())
}

fn index(v: &Visitor, parts: usize) -> Response {
    let mut text = INDEX_HEAD.to_owned();
    for part in 1..=parts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "<sitemap><loc>{}</loc></sitemap>", v.whole(&format!("/sitemap/{part}")));
    }
    text.push_str("</sitemapindex>\n");
    ([(CONTENT_TYPE, XML)], text).into_response()
}

/// Every page worth finding: the sections, their parts, the communities, the practices.
fn pages(library: &dyn Library) -> Result<Vec<Page>, crate::library::LibraryError> {
    let plain = |path: &str| Page { path: path.to_owned(), pair: None, changed_at: None };
    let mut pages = ["/", "/practices", "/communities", "/map"].map(plain).to_vec();
    for facet in [Facet::Sector, Facet::Theme, Facet::Mechanism] {
        pages.extend(terms::keys(facet).into_iter().map(|key| narrowed(facet, key)));
    }
    pages.extend(codifier::regions().iter().map(|region| narrowed(Facet::Oblast, region.code)));
    for entry in library.registry()?.iter() {
        let changed_at = Some(entry.updated_at).filter(|at| *at > 0);
        pages.push(Page { changed_at, ..plain(&format!("/communities/{}", entry.community.id)) });
    }
    for (id, at) in library.every_practice()? {
        pages.push(Page { changed_at: Some(at), ..plain(&format!("/practices/{id}")) });
    }
    Ok(pages)
}

fn narrowed(facet: Facet, value: &str) -> Page {
    Page { path: "/practices".into(), pair: Some((facet.key(), value.to_owned())), changed_at: None }
}

/// A file in pieces. The place among the writers is held until the last is sent, or nobody reads on.
fn pieces(
    v: Visitor,
    pages: Vec<Page>,
    writing: OwnedSemaphorePermit,
) -> impl Iterator<Item = Result<String, std::convert::Infallible>> {
    let count = pages.len().div_ceil(PIECE);
    (0..=count).map(move |n| {
        let _held = &writing;
        let mut text = if n == 0 { HEAD.to_owned() } else { String::new() };
        for page in pages.iter().skip(n * PIECE).take(PIECE) {
            entries(&mut text, &v, page);
        }
        if n == count {
            text.push_str("</urlset>\n");
        }
        Ok(text)
    })
}

/// A page in both languages, each of which names the other.
fn entries(text: &mut String, v: &Visitor, page: &Page) {
    let address = |language: Language| {
        let segments: Vec<&str> = page.path.split('/').filter(|part| !part.is_empty()).collect();
        let tag = (language != Language::default()).then_some(("lang", language.tag()));
        let pair = page.pair.as_ref().map(|(name, value)| (*name, value.as_str()));
        v.whole(&format::address(&segments, pair.into_iter().chain(tag))).replace('&', "&amp;")
    };
    let (uk, en) = (address(Language::Uk), address(Language::En));
    let changed = page.changed_at.map(|at| format!("<lastmod>{}</lastmod>", format::machine(at))).unwrap_or_default();
    for own in [&uk, &en] {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"<url><loc>{own}</loc>{changed}<xhtml:link rel="alternate" hreflang="uk" href="{uk}"/><xhtml:link rel="alternate" hreflang="en" href="{en}"/></url>"#
        );
    }
}
