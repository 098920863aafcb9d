//! The parts of the form of each kind, under their headings.

use crdt::kinds::Kind;

use crate::language::Phrase;

/// A part: its place on the page, its heading, the keys of its fields.
pub(super) type Part = (&'static str, Phrase, &'static [&'static str]);

const CONTACT: Part = (
    "contact",
    Phrase { uk: "До кого звернутися", en: "Whom to ask" },
    &["contact.role", "contact.unit", "contact.phone", "contact.email", "contact.hours", "contact.consent_given_on"],
);

#[rustfmt::skip]
static PARTS: &[(&str, &[Part])] = &[
    ("adoption", &[
        ("stages",  Phrase { uk: "Як іде справа", en: "How it goes" }, &["stages", "adapted", "decision_docs"]),
        ("plan",    Phrase { uk: "План і витрати", en: "Plan and cost" }, &["plan.until", "plan.uah", "plan.staff_hours", "actual.uah", "actual.staff_hours"]),
        ("outcome", Phrase { uk: "Що вийшло", en: "What came of it" }, &["outcome", "reasons", "results", "advice_to_next", "help_received"]),
        CONTACT,
        ("links",   Phrase { uk: "З чим пов’язано", en: "What it belongs to" }, &["sectors", "pledged_at", "request", "became"]),
    ]),
    ("exchange", &[
        ("main",    Phrase { uk: "Головне", en: "The main thing" }, &["direction", "title", "what", "sectors", "themes", "mechanisms", "practices"]),
        ("how",     Phrase { uk: "Як і до якого часу", en: "How and until when" }, &["formats", "radius", "expires_on", "by_date"]),
        CONTACT,
        ("outcome", Phrase { uk: "Що з цього вийшло", en: "What came of it" }, &["state", "partner", "adoption", "outcome"]),
    ]),
    ("comment", &[("main", Phrase { uk: "Ваше слово", en: "Your word" }, &["purpose", "text", "role"])]),
    ("endorsement", &[("main", Phrase { uk: "Що ви підтверджуєте", en: "What you endorse" }, &["basis", "date", "text", "role"])]),
    ("seminar", &[
        ("main",      Phrase { uk: "Головне", en: "The main thing" }, &["title", "about", "sectors", "region", "mode", "starts", "ends", "number", "themes"]),
        ("venue",     Phrase { uk: "Де", en: "Where" }, &["venue.community", "venue.address", "venue.url"]),
        ("programme", Phrase { uk: "Програма", en: "Programme" }, &["programme"]),
        ("seats",     Phrase { uk: "Реєстрація", en: "Registration" }, &["registration", "seats", "register_by"]),
        CONTACT,
        ("after",     Phrase { uk: "Після семінару", en: "Afterwards" }, &["materials", "feedback", "outcome"]),
    ]),
    ("registration", &[("main", Phrase { uk: "Хто приїде", en: "Who comes" }, &["parties", "note"])]),
    ("collection", &[
        ("main",    Phrase { uk: "Головне", en: "The main thing" }, &["title", "subtitle", "editors", "foreword", "items", "afterword"]),
        ("imprint", Phrase { uk: "Вихідні дані", en: "Imprint" }, &["imprint.place", "imprint.year", "imprint.publisher", "imprint.udc", "imprint.isbn", "imprint.donor", "state", "lang"]),
    ]),
    ("material", &[
        ("main", Phrase { uk: "Головне", en: "The main thing" }, &["type", "title", "audience", "message", "text", "call", "practices", "collection", "url", "donor", "lang"]),
    ]),
    ("use", &[("main", Phrase { uk: "Як використали", en: "How it was used" }, &["channel", "date", "reach", "note"])]),
    ("translation", &[
        ("main", Phrase { uk: "Переклад", en: "Translation" }, &["lang", "origin", "title", "summary", "problem", "background", "solution", "results_text", "mistakes", "lessons"]),
    ]),
];

/// The parts of a kind's form; none for kinds that are written elsewhere.
pub(super) fn of(kind: &Kind) -> Option<&'static [Part]> {
    PARTS.iter().find(|(key, _)| *key == kind.key).map(|(_, parts)| *parts)
}

/// Whether a name of a form belongs to a field that its form carries unseen.
pub(super) fn is_hidden(kind: &Kind, name: &str) -> bool {
    let shown = |key: &&str| name == *key || name.strip_prefix(*key).is_some_and(|rest| rest.starts_with('.'));
    let seen = of(kind).into_iter().flatten().flat_map(|(_, _, keys)| *keys).any(shown);
    !seen && kind.table.iter().any(|field| shown(&field.key))
}

#[cfg(test)]
mod tests {
    use crdt::kinds::KINDS;

    use super::*;

    /// What a form carries unseen: it follows from what the record is about.
    const UNSEEN: [&str; 5] = ["about", "about_owner", "about_revision", "reply_to", "suggestions"];

    #[test]
    fn every_field_has_one_place_in_its_form() {
        for kind in KINDS.iter().filter(|kind| !["practice", "profile"].contains(&kind.key)) {
            let parts = of(kind).expect("every kind has a form");
            let mut placed: Vec<&str> = parts.iter().flat_map(|(_, _, keys)| keys.iter().copied()).collect();
            placed.sort_unstable();
            let is_about = kind.has("about_owner");
            let titled_by_target = ["adoption", "endorsement", "registration", "use"].contains(&kind.key);
            let unseen = |key: &str| (is_about && UNSEEN.contains(&key)) || (titled_by_target && key == "title");
            let mut known: Vec<&str> = kind.table.iter().map(|field| field.key).filter(|key| !unseen(key)).collect();
            known.sort_unstable();
            assert_eq!(placed, known, "{}", kind.key);
        }
    }

    #[test]
    fn what_is_unseen_is_carried() {
        let kind = crdt::kinds::by_key("adoption").expect("a kind");
        assert!(is_hidden(kind, "about") && is_hidden(kind, "about_revision") && is_hidden(kind, "title"));
        assert!(!is_hidden(kind, "stages.0.note") && !is_hidden(kind, "do") && !is_hidden(kind, "contact.role"));
    }
}
