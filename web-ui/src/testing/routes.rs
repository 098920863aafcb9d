//! Everything that is answered, for tests that walk all of it.

use axum::http::Method;

/// The address of every page, those of the desk included, with `{id}` where one belongs.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    crate::routes::PAGES.iter().map(|row| row.path).chain(crate::desk::ROWS.iter().map(|row| row.path))
}

/// Whose table an address stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// The API.
    Api,
    /// The pages for reading.
    Pages,
    /// The pages of those who sign in.
    Desk,
    /// What only a published node has.
    Public,
}

/// A verb and an address of one of the tables.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whose it is.
    pub table: Table,
    /// The verb.
    pub method: Method,
    /// The address, with names in braces where something belongs.
    pub path: &'static str,
    /// Whether a published node answers it.
    pub published: bool,
}

/// Every row of every table, so that what tests walk is all there is.
pub fn routes() -> impl Iterator<Item = Route> {
    let api = crate::routes::API.iter().map(|row| Route {
        table: Table::Api,
        method: row.method.clone(),
        path: row.path,
        published: row.is_published(),
    });
    let page = |table, path, published| Route { table, method: Method::GET, path, published };
    let pages = crate::routes::PAGES.iter().map(move |row| page(Table::Pages, row.path, row.is_published()));
    let public = crate::routes::PUBLIC.iter().map(move |row| page(Table::Public, row.path, true));
    let desk = crate::desk::ROWS.iter().flat_map(|row| {
        let verbs = if row.body_max > 0 { &[Method::GET, Method::POST][..] } else { &[Method::GET] };
        verbs.iter().map(|method| Route {
            table: Table::Desk,
            method: method.clone(),
            path: row.path,
            published: false,
        })
    });
    api.chain(pages).chain(public).chain(desk)
}
