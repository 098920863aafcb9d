//! Under which terms the program, and what is built into it, may be used and passed on.

const PARTS: [(&str, &str); 14] = [
    ("Dosvid: MIT or Apache-2.0, at your choice. MIT", include_str!("../../../LICENSE-MIT")),
    ("Ukrainian dictionary (query repair)", include_str!("../../dictionary/SOURCE.txt")),
    ("From the dictionary's package", include_str!("../../dictionary/README.txt")),
    ("Map of Ukraine", include_str!("../../../web-ui/vendor/ukraine-map/SOURCE.txt")),
    ("Letters of the pages", include_str!("../../../web-ui/assets/vendor/onest/SOURCE.txt")),
    ("SIL Open Font License 1.1, of the letters", include_str!("../../../web-ui/assets/vendor/onest/LICENSE")),
    ("Reader of QR codes", include_str!("../../../web-ui/assets/vendor/jsqr/SOURCE.txt")),
    ("Stemmers", include_str!("../../licences/frostem.txt")),
    ("Allocator", include_str!("../../licences/jemalloc.txt")),
    ("Letters of headings", include_str!("../../../web-ui/assets/vendor/onest-print/SOURCE.txt")),
    (
        "SIL Open Font License 1.1, of the letters of headings",
        include_str!("../../../web-ui/assets/vendor/onest-print/LICENSE"),
    ),
    ("Letters of printed text", include_str!("../../../web-ui/assets/vendor/literata/SOURCE.txt")),
    (
        "SIL Open Font License 1.1, of the letters of printed text",
        include_str!("../../../web-ui/assets/vendor/literata/LICENSE"),
    ),
    (
        "Apache License 2.0, of Dosvid, of the typesetter Typst, of the dictionary and of the reader of QR codes",
        include_str!("../../../LICENSE-APACHE"),
    ),
];

/// All of them, one after the other.
pub(super) fn text() -> String {
    let parts = PARTS.iter().map(|(name, text)| format!("{name}\n{}\n\n{}\n", "=".repeat(name.len()), text.trim_end()));
    parts.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn everybody_is_credited() {
        let text = super::text();
        for name in [
            "dict_uk",
            "Snowball",
            "Permission is hereby granted",
            "Apache License",
            "Typst",
            "Literata Project",
            "Onest Project",
            "Olesia Ladanai",
            "jsQR",
            "jemalloc",
        ] {
            assert!(text.contains(name), "{name}");
        }
    }
}
