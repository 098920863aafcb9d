//! Codes to be read with a camera.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a code, as its standard asks.
const QUIET: usize = 4;

/// A code as an SVG path of modules.
pub(crate) struct Qr {
    /// Modules of a side, the white around included.
    pub(crate) side: usize,
    /// The dark modules, each run of a row one rectangle.
    pub(crate) path: String,
}

impl Qr {
    /// The code of a text; none if it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
                if run > 0 {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Some(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_white_around() {
        let qr = Qr::of("/ip4/192.0.2.7/tcp/4642/p2p/12D3KooWGzBzZ7vXt1").unwrap();
        assert!(qr.path.starts_with("M4 4h7v1h-7z"));
        assert!(qr.path.contains(&format!("M{} 4h7v1h-7z", qr.side - 11)));
        assert!(Qr::of(&"x".repeat(10_000)).is_none());
    }
}
