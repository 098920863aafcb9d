//! The registry as files: a row for each offer, and one for each community that offers nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::App;
use crate::error::Failure;
use crate::pages::cells::harmless;
use crate::pages::error;
use crate::pages::frame::Visitor;
use crate::pages::registry::{kilometres, shares};
use crate::registry::{Found, Wanted, find, today};
use crate::words;
use crate::words::geography as gw;

/// Letters of a cell: more is refused by Excel.
const CELL_CHARS_MAX: usize = 32_767;
/// With this, Excel reads a CSV file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// `/communities.csv`
pub(crate) async fn csv(State(app): State<Arc<App>>, v: Visitor) -> Response {
    match rows(&app, &v).await {
        Ok(rows) => file("communities.csv", "text/csv; charset=utf-8", written(&rows).into_bytes()),
        Err(failure) => error::page(&v, &failure),
    }
}

/// `/communities.xlsx`
pub(crate) async fn xlsx(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let made = match rows(&app, &v).await {
        Ok(rows) => workbook(&rows).map_err(|error| {
            tracing::error!(%error, "a workbook could not be written");
            Failure::fault()
        }),
        Err(failure) => Err(failure),
    };
    match made {
        Ok(bytes) => {
            file("communities.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
        }
        Err(failure) => error::page(&v, &failure),
    }
}

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))], bytes)
        .into_response()
}

async fn rows(app: &App, v: &Visitor) -> Result<Vec<Vec<String>>, Failure> {
    let wanted = Wanted::read(v.pairs());
    let entries = app.ask(|library| library.registry()).await?;
    let home = v.home().map(|home| home.code.clone());
    let mut rows = vec![heads(v)];
    for found in find(&entries, &wanted, home.as_deref(), today()) {
        rows.extend(rows_of(v, &found));
    }
    Ok(rows)
}

fn heads(v: &Visitor) -> Vec<String> {
    let heads = [
        words::CODE,
        words::COMMUNITY,
        gw::KM,
        gw::PEOPLE,
        words::PRACTICES,
        gw::SHARES,
        gw::THEME,
        gw::HOW,
        gw::ASK,
        gw::CONDITIONS_OF,
        gw::CONFIRMED,
        gw::VALID_UNTIL,
        gw::NEEDS,
    ];
    heads.map(|head| v.say(head).to_owned()).into()
}

fn rows_of(v: &Visitor, found: &Found<'_>) -> Vec<Vec<String>> {
    let (community, profile) = (&found.entry.community, &found.entry.profile);
    let own = [
        community.code.clone(),
        crate::pages::communities::name(v, community),
        found.km.map(|km| kilometres(v, km)).unwrap_or_default(),
        profile.population.value.map(|people| people.to_string()).unwrap_or_default(),
        community.practices.to_string(),
    ];
    let needs: Vec<&str> = profile.needs.iter().map(|need| need.text.trim()).filter(|text| !text.is_empty()).collect();
    let needs = needs.join("; ");
    let whole = |offer: [String; 7]| own.iter().cloned().chain(offer).chain([needs.clone()]).collect();
    let offers = shares(v, found.entry, today());
    if offers.is_empty() {
        return vec![whole(Default::default())];
    }
    let row = |share: crate::pages::registry::Share| {
        whole([
            share.sector,
            share.themes.join("; "),
            share.formats.join("; "),
            share.contact,
            share.conditions,
            share.confirmed,
            share.until,
        ])
    };
    offers.into_iter().map(row).collect()
}

/// A cell of a CSV file. What a spreadsheet would run as a formula is made a text.
fn cell(text: &str) -> String {
    format!("\"{}\"", harmless(text).replace('"', "\"\""))
}

fn written(rows: &[Vec<String>]) -> String {
    let mut text = BYTE_ORDER_MARK.to_owned();
    for row in rows {
        text.push_str(&row.iter().map(|one| cell(one)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

fn workbook(rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let body = Format::new().set_text_wrap();
    let sheet = book.add_worksheet();
    for (place, row) in rows.iter().enumerate() {
        for (column, text) in row.iter().enumerate() {
            let text: String = text.chars().take(CELL_CHARS_MAX).collect();
            let (place, column) = (u32::try_from(place).unwrap_or(u32::MAX), u16::try_from(column).unwrap_or(u16::MAX));
            // Always as a text: no cell of others' making is ever a formula.
            sheet.write_string_with_format(place, column, text, if place == 0 { &head } else { &body })?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, u32::try_from(rows.len().saturating_sub(1)).unwrap_or(0), 12)?;
    for (column, width) in
        [22.0, 44.0, 10.0, 11.0, 10.0, 22.0, 20.0, 26.0, 26.0, 26.0, 22.0, 14.0, 44.0].into_iter().enumerate()
    {
        sheet.set_column_width(u16::try_from(column).unwrap_or(0), width)?;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_file_is_a_formula() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("a \"b\"\nc"), "\"a \"\"b\"\"\nc\"");
        assert_eq!(written(&[vec!["а".into(), "б,в".into()]]), "\u{feff}\"а\",\"б,в\"\r\n");
    }
}
