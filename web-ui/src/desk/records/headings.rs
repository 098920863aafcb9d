//! What the form of each kind is called: a new one, or one that is changed.

use crate::desk::words as w;
use crate::language::Phrase;

const fn phrase(uk: &'static str, en: &'static str) -> Phrase {
    Phrase { uk, en }
}

/// The key of a kind, the heading of a new one, the heading of one that is changed.
#[rustfmt::skip]
static HEADINGS: &[(&str, Phrase, Phrase)] = &[
    ("adoption",     phrase("Нове впровадження", "New adoption"), phrase("Змінити впровадження", "Change the adoption")),
    ("exchange",     phrase("Новий запит або пропозиція", "New request or offer"), phrase("Змінити запит або пропозицію", "Change the request or offer")),
    ("comment",      phrase("Новий відгук", "New comment"), phrase("Змінити відгук", "Change the comment")),
    ("endorsement",  phrase("Нове підтвердження", "New endorsement"), phrase("Змінити підтвердження", "Change the endorsement")),
    ("seminar",      phrase("Новий семінар", "New seminar"), phrase("Змінити семінар", "Change the seminar")),
    ("registration", phrase("Нова реєстрація на семінар", "New registration for a seminar"), phrase("Змінити реєстрацію на семінар", "Change the registration for a seminar")),
    ("collection",   phrase("Новий збірник", "New collection"), phrase("Змінити збірник", "Change the collection")),
    ("material",     phrase("Новий матеріал кампанії", "New campaign material"), phrase("Змінити матеріал кампанії", "Change the campaign material")),
    ("use",          phrase("Нове використання матеріалу", "New use of a material"), phrase("Змінити використання матеріалу", "Change the use of a material")),
    ("translation",  phrase("Новий переклад", "New translation"), phrase("Змінити переклад", "Change the translation")),
];

/// The heading of the form of a kind: of a new record, or of one that is changed.
pub(super) fn of(kind: &str, is_new: bool) -> Phrase {
    let known = HEADINGS.iter().find(|(key, ..)| *key == kind);
    known.map_or(w::PUBLISH, |(_, new, change)| if is_new { *new } else { *change })
}

#[cfg(test)]
mod tests {
    use crdt::kinds::KINDS;

    use super::*;

    #[test]
    fn every_kind_that_has_a_form_has_a_heading() {
        for kind in KINDS.iter().filter(|kind| !["practice", "profile"].contains(&kind.key)) {
            let (new, change) = (of(kind.key, true), of(kind.key, false));
            assert!(new.uk.to_lowercase().contains(kind.uk), "{}", kind.key);
            assert!(new.en.starts_with("New ") && change.en.starts_with("Change "), "{}", kind.key);
        }
    }
}
