//! Languages by their tags: those in which people of the hromadas, and those who read of them, write.

use crate::language::{Language, Phrase};
use crate::translated::primary;
use crate::words;

/// The languages that forms offer, the usual ones first.
#[rustfmt::skip]
pub(crate) static TONGUES: &[(&str, Phrase)] = &[
    ("uk", words::UKRAINIAN),
    ("en", words::ENGLISH),
    ("pl", Phrase { uk: "польська", en: "Polish" }),
    ("ro", Phrase { uk: "румунська", en: "Romanian" }),
    ("hu", Phrase { uk: "угорська", en: "Hungarian" }),
    ("bg", Phrase { uk: "болгарська", en: "Bulgarian" }),
    ("crh", Phrase { uk: "кримськотатарська", en: "Crimean Tatar" }),
    ("gag", Phrase { uk: "гагаузька", en: "Gagauz" }),
    ("sk", Phrase { uk: "словацька", en: "Slovak" }),
    ("cs", Phrase { uk: "чеська", en: "Czech" }),
    ("de", Phrase { uk: "німецька", en: "German" }),
    ("fr", Phrase { uk: "французька", en: "French" }),
    ("es", Phrase { uk: "іспанська", en: "Spanish" }),
    ("it", Phrase { uk: "італійська", en: "Italian" }),
    ("lt", Phrase { uk: "литовська", en: "Lithuanian" }),
    ("lv", Phrase { uk: "латиська", en: "Latvian" }),
    ("et", Phrase { uk: "естонська", en: "Estonian" }),
    ("ka", Phrase { uk: "грузинська", en: "Georgian" }),
];

/// What a language is called, if it is one of those.
pub(crate) fn called(language: Language, tag: &str) -> Option<&'static str> {
    let wanted = primary(tag);
    TONGUES.iter().find(|(known, _)| *known == wanted).map(|(_, name)| language.say(*name))
}
