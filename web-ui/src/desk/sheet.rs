//! The recovery sheet: a key as people can keep it in a safe.

use qrcode::{Color, QrCode};

/// What the sheet shows.
pub(crate) struct Sheet {
    /// The groups of characters of the key.
    pub(crate) groups: Vec<String>,
    /// How many modules a side of the QR code has, with the quiet zone around it.
    pub(crate) side: usize,
    /// The dark modules as a path.
    pub(crate) path: String,
}

/// Modules of quiet zone that readers of QR codes need.
const QUIET: usize = 4;

impl Sheet {
    /// The sheet of a key that is written in groups of characters.
    pub(crate) fn of(key: &str) -> Self {
        let groups = key.split_whitespace().map(str::to_owned).collect();
        // A key is far shorter than the longest text that a code takes; without a code the groups remain.
        let (side, path) = QrCode::new(key.as_bytes()).map(|code| drawn(&code)).unwrap_or_default();
        Self { groups, side, path }
    }
}

fn drawn(code: &QrCode) -> (usize, String) {
    let width = code.width();
    let colours = code.to_colors();
    let dark = colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark);
    let path = dark.map(|(n, _)| format!("M{} {}h1v1h-1z", n % width + QUIET, n / width + QUIET)).collect();
    (width + 2 * QUIET, path)
}
