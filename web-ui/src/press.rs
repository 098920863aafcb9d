//! What a node typesets: templates and fonts from here, texts as data, pages from its engine.
//!
//! The engine belongs to whoever implements [`crate::library::Library`]: it is the largest dependency
//! of the program, and nothing else here needs it.

use serde_json::Value;

/// The fonts, each file whole: letters for headings and letters for text. Both have ґ and ₴.
pub static FONTS: &[&[u8]] = &[
    include_bytes!("../assets/vendor/literata/Literata_400Regular.ttf"),
    include_bytes!("../assets/vendor/literata/Literata_400Regular_Italic.ttf"),
    include_bytes!("../assets/vendor/literata/Literata_700Bold.ttf"),
    include_bytes!("../assets/vendor/onest-print/Onest_400Regular.ttf"),
    include_bytes!("../assets/vendor/onest-print/Onest_600SemiBold.ttf"),
    include_bytes!("../assets/vendor/onest-print/Onest_800ExtraBold.ttf"),
];

/// What a template may read besides the data: name and bytes.
pub static FILES: &[(&str, &[u8])] =
    &[("common.typ", include_bytes!("../assets/print/common.typ")), ("mark.svg", include_bytes!("../assets/mark.svg"))];

/// What a press says with [`crate::library::LibraryError::Denied`] when too many wait for it already.
pub const PRESS_BUSY: &str = "press_busy";
/// What it says when something takes longer than anybody waits; it goes on, and will be asked again.
pub const PRESS_SLOW: &str = "press_slow";

/// The name under which a template reads its data.
pub const DATA: &str = "data.json";

/// A template: what is printed, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// A name for messages and caches.
    pub name: &'static str,
    /// The source, in the engine's language.
    pub source: &'static str,
}

/// A collection as a book.
pub const BOOK: Template = Template { name: "book.typ", source: include_str!("../assets/print/book.typ") };
/// A material of the campaign.
pub const MATERIAL: Template = Template { name: "material.typ", source: include_str!("../assets/print/material.typ") };

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A PDF of all pages.
    Pdf,
    /// The first page as a PNG picture.
    Png {
        /// How wide, in pixels.
        width: u32,
    },
}

/// Something to typeset. The data is only ever data: no text in it is read as a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// How it looks.
    pub template: Template,
    /// What it says.
    pub data: Value,
    /// What comes out.
    pub output: Output,
}
