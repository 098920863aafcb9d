//! Style sheet, pictures, fonts and scripts: all in the program, each under an address that holds a
//! hash of its bytes, so that browsers may keep it for good.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
const WOFF2: &str = "font/woff2";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// What changes its address whenever it changes may be kept for a year, the longest that caches take.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Digits of the hash in an address: a clash among a dozen files within one release is the only one
/// that would matter.
const HASH_DIGITS: usize = 10;

/// The files that stand for themselves: name, type, bytes.
#[rustfmt::skip]
static FILES: &[(&str, &str, &[u8])] = &[
    ("mark.svg",                 SVG,        include_bytes!("../assets/mark.svg")),
    // What others show of a page when somebody shares it: they take no SVG.
    ("card.png",                 PNG,        include_bytes!("../assets/card.png")),
    ("ornament.svg",             SVG,        include_bytes!("../assets/ornament.svg")),
    ("onest-latin.woff2",        WOFF2,      include_bytes!("../assets/vendor/onest/onest-latin-wght-normal.woff2")),
    ("onest-cyrillic.woff2",     WOFF2,      include_bytes!("../assets/vendor/onest/onest-cyrillic-wght-normal.woff2")),
    ("onest-cyrillic-ext.woff2", WOFF2,      include_bytes!("../assets/vendor/onest/onest-cyrillic-ext-wght-normal.woff2")),
    ("document.js",              JAVASCRIPT, include_bytes!("../assets/document.js")),
    ("import.js",                JAVASCRIPT, include_bytes!("../assets/import.js")),
    ("kept.js",                  JAVASCRIPT, include_bytes!("../assets/kept.js")),
    ("live.js",                  JAVASCRIPT, include_bytes!("../assets/live.js")),
    ("qr.js",                    JAVASCRIPT, include_bytes!("../assets/qr.js")),
    ("jsqr.js",                  JAVASCRIPT, include_bytes!("../assets/vendor/jsqr/jsQR.js")),
    ("suggest.js",               JAVASCRIPT, include_bytes!("../assets/suggest.js")),
    ("write.js",                 JAVASCRIPT, include_bytes!("../assets/write.js")),
];

/// The style sheet, part by part.
pub(crate) static STYLE: &str = concat!(
    include_str!("../assets/style/1-tokens.css"),
    include_str!("../assets/style/2-base.css"),
    include_str!("../assets/style/3-parts.css"),
    include_str!("../assets/style/4-forms.css"),
    include_str!("../assets/style/5-desk.css"),
    include_str!("../assets/style/5-documents.css"),
    include_str!("../assets/style/5-geography.css"),
    include_str!("../assets/style/5-records.css"),
    include_str!("../assets/style/6-print.css"),
);
const STYLE_NAME: &str = "style.css";

/// A file as it is served.
struct Asset {
    name: &'static str,
    /// What stands after `/assets/`.
    hashed: String,
    kind: &'static str,
    bytes: Bytes,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> =
        FILES.iter().map(|(name, kind, bytes)| asset(name, kind, Bytes::from_static(bytes))).collect();
    // The sheet names its files plainly; here it learns their addresses.
    let style = assets.iter().fold(STYLE.to_owned(), |style, file| {
        style.replace(&format!("url(\"{}\")", file.name), &format!("url(\"/assets/{}\")", file.hashed))
    });
    assets.push(asset(STYLE_NAME, "text/css; charset=utf-8", squeezed(&style).into()));
    assets
});

fn asset(name: &'static str, kind: &'static str, bytes: Bytes) -> Asset {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let digits = HASH_DIGITS / 2;
    let hash = blake3::hash(&bytes).as_bytes()[..digits].iter().fold(String::new(), |mut hash, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    Asset { name, hashed: format!("{stem}-{hash}.{end}"), kind, bytes }
}

/// The sheet without its comments and indents.
fn squeezed(style: &str) -> String {
    let mut bare = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The address of a file by its plain name.
pub(crate) fn address(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    debug_assert!(found.is_some(), "there is no file {name}");
    format!("/assets/{}", found.map_or(name, |asset| &asset.hashed))
}

/// `/assets/{name}`
pub(crate) async fn one(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|asset| asset.hashed == name) {
        Some(asset) => ([(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, FOR_GOOD)], asset.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_knows_the_address_of_every_file_it_names() {
        let style = ASSETS.iter().find(|asset| asset.name == STYLE_NAME).unwrap();
        let text = std::str::from_utf8(&style.bytes).unwrap();
        let named: Vec<&str> = text.split("url(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(named.len(), 4);
        for address in named {
            assert!(ASSETS.iter().any(|asset| address == format!("/assets/{}", asset.hashed)), "{address}");
        }
        assert!(!text.contains("/*") && !text.contains("://"), "nothing is fetched from elsewhere");
    }

    #[test]
    fn an_address_holds_a_hash() {
        let address = address("mark.svg");
        assert!(address.starts_with("/assets/mark-") && address.ends_with(".svg") && address.len() == 27, "{address}");
    }
}
