//! What the parts of a row are called and how they are read, and the same for fields whose shape
//! alone does not say it.

use crdt::field::{Field, Shape};
use crdt::vocabulary::{self as v, Vocabulary};

use crate::language::Phrase;

/// How a value is shown.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// As it is.
    Text,
    /// The label of a term, or of each of several.
    Term(&'static Vocabulary),
    /// A year, a month or a day.
    Date,
    /// With thousands held together.
    Number,
    /// A sum of hryvnias.
    Money,
    /// A year: a number without thousands.
    Year,
    /// An address of the web.
    Url,
    /// An address of e-mail.
    Email,
    /// A telephone number.
    Phone,
    /// A KATOTTG code: the community's full name.
    Place,
    /// A practice's id.
    Practice,
    /// A document's id, of whatever kind.
    Record,
    /// What a community is called after its centre.
    Centre,
    /// Yes or no.
    YesNo,
    /// A point on the map.
    Point,
    /// The tag of a language.
    Tongue,
}

/// A part of a row.
pub(crate) struct Column {
    /// The key of the field whose rows have it.
    pub(crate) field: &'static str,
    /// Its key in the row.
    pub(crate) key: &'static str,
    /// What people call it.
    pub(crate) label: Phrase,
    /// How it is shown.
    pub(crate) kind: Kind,
}

const fn column(field: &'static str, key: &'static str, uk: &'static str, en: &'static str, kind: Kind) -> Column {
    Column { field, key, label: Phrase { uk, en }, kind }
}

use Kind::{
    Centre, Date, Email, Money, Number, Phone, Place, Point, Practice, Record, Term, Text, Tongue, Url, Year, YesNo,
};

/// The parts of rows and objects, in the order in which a reader sees them.
#[rustfmt::skip]
static COLUMNS: &[Column] = &[
    column("steps", "title", "Крок", "Step", Text),
    column("steps", "days", "Днів", "Days", Number),
    column("steps", "who", "Хто виконує", "Who does it", Text),
    column("steps", "document", "Документ", "Document", Text),
    column("organizers", "name", "Назва", "Name", Text),
    column("organizers", "type", "Вид", "Type", Term(&v::ORGANISATION_TYPES)),
    column("organizers", "katottg", "Громада", "Hromada", Place),
    column("partners", "name", "Назва", "Name", Text),
    column("partners", "type", "Вид", "Type", Term(&v::ORGANISATION_TYPES)),
    column("partners", "katottg", "Громада", "Hromada", Place),
    column("legal_docs", "type", "Документ", "Document", Term(&v::DOCUMENT_TYPES)),
    column("legal_docs", "number", "Номер", "Number", Text),
    column("legal_docs", "date", "Дата", "Date", Date),
    column("legal_docs", "body", "Хто ухвалив", "Passed by", Text),
    column("legal_docs", "url", "Де прочитати", "Where to read it", Url),
    column("law_refs", "law", "Закон", "Law", Text),
    column("law_refs", "article", "Стаття", "Article", Text),
    column("law_refs", "checked_on", "Перевірено", "Checked on", Date),
    column("costs.items", "what", "На що", "For what", Text),
    column("costs.items", "uah", "Сума, грн", "Sum, UAH", Money),
    column("costs.items", "source", "Джерело коштів", "Source of money", Term(&v::MONEY_SOURCES)),
    column("results", "indicator", "Показник", "Indicator", Text),
    column("results", "unit", "Одиниця", "Unit", Text),
    column("results", "before", "Було", "Before", Number),
    column("results", "after", "Стало", "After", Number),
    column("results", "measured_on", "Коли виміряно", "Measured", Date),
    column("results", "source", "Джерело", "Source", Text),
    column("provenance", "system", "База", "Database", Text),
    column("provenance", "source_id", "Номер у ній", "Number there", Text),
    column("provenance", "url", "Сторінка", "Page", Url),
    column("provenance", "licence", "Ліцензія джерела", "Licence of the source", Text),
    column("provenance", "credit", "Кого зазначати", "Credit", Text),
    column("provenance", "imported_at", "Взято", "Imported", Date),
    column("ready_to_share", "sector", "Галузь", "Sector", Term(&v::SECTORS)),
    column("ready_to_share", "themes", "Теми", "Themes", Term(&v::THEMES)),
    column("ready_to_share", "practice_ids", "Практики", "Practices", Practice),
    column("ready_to_share", "formats", "Як саме", "How", Term(&v::FORMATS)),
    column("ready_to_share", "per_month", "Запитів на місяць", "Requests a month", Number),
    column("ready_to_share", "conditions", "Умови", "Conditions", Text),
    column("ready_to_share", "contact", "До кого звернутися", "Whom to ask", Text),
    column("ready_to_share", "confirmed_on", "Підтверджено", "Confirmed", Date),
    column("ready_to_share", "valid_until", "Чинне до", "Valid until", Date),
    column("needs", "sector", "Галузь", "Sector", Term(&v::SECTORS)),
    column("needs", "text", "Що потрібно", "What is needed", Text),
    column("instruments", "mechanism", "Інструмент", "Instrument", Term(&v::MECHANISMS)),
    column("instruments", "document", "Документ", "Document", Text),
    column("instruments", "since", "Відколи", "Since", Date),
    column("instruments", "used_last_year", "Застосовано торік", "Used last year", YesNo),
    column("stages", "status", "Стан", "Status", Term(&v::ADOPTION_STATUSES)),
    column("stages", "date", "Коли", "When", Date),
    column("stages", "note", "Що сталося", "What happened", Text),
    column("stages", "document", "Документ", "Document", Text),
    column("decision_docs", "type", "Документ", "Document", Term(&v::DOCUMENT_TYPES)),
    column("decision_docs", "number", "Номер", "Number", Text),
    column("decision_docs", "date", "Дата", "Date", Date),
    column("decision_docs", "body", "Хто ухвалив", "Passed by", Text),
    column("decision_docs", "url", "Де прочитати", "Where to read it", Url),
    column("help_received", "from", "Хто допоміг", "Who helped", Place),
    column("help_received", "format", "Як саме", "How", Term(&v::FORMATS)),
    column("help_received", "hours", "Годин", "Hours", Number),
    column("suggestions", "field", "Поле", "Field", Text),
    column("suggestions", "value", "Має бути", "Should say", Text),
    column("programme", "date", "День", "Day", Date),
    column("programme", "time", "Час", "Time", Text),
    column("programme", "minutes", "Хвилин", "Minutes", Number),
    column("programme", "title", "Тема", "Subject", Text),
    column("programme", "speaker", "Хто виступає (посада)", "Speaker (post)", Text),
    column("programme", "practice", "Практика", "Practice", Practice),
    column("materials", "title", "Назва", "Title", Text),
    column("materials", "url", "Де взяти", "Where to get it", Url),
    column("feedback", "question", "Запитання", "Question", Text),
    column("feedback", "answer", "Відповідь", "Answer", Text),
    column("feedback", "people", "Скільки людей (від 5)", "How many people (from 5)", Number),
    column("parties", "role", "Посада", "Post", Text),
    column("parties", "people", "Скільки", "How many", Number),
    column("items", "practice", "Практика (номер запису)", "Practice (id)", Practice),
    column("items", "revision", "Редакція", "Revision", Text),
    column("items", "note", "Слово упорядника", "Editors’ note", Text),
];

/// How fields are shown whose shape alone does not say it.
#[rustfmt::skip]
static SHOWN: &[(&str, Kind)] = &[
    ("community", Place),
    ("location", Point),
    ("costs.total_uah", Money),
    ("costs.yearly_uah", Money),
    ("costs.year", Year),
    ("population.year", Year),
    ("conditions.community_types", Centre),
    ("contact.phone", Phone),
    ("contact.email", Email),
    ("phone", Phone),
    ("email", Email),
    ("website", Url),
    ("adopted_from", Practice),
    ("component_of", Practice),
    ("duplicate_of", Practice),
    ("related", Practice),
    ("contributors", Place),
    ("about", Record),
    ("reply_to", Record),
    ("pledged_at", Record),
    ("request", Record),
    ("became", Practice),
    ("practices", Practice),
    ("adoption", Record),
    ("collection", Record),
    ("partner", Place),
    ("plan.uah", Money),
    ("actual.uah", Money),
    ("venue.community", Place),
    ("venue.url", Url),
    ("imprint.year", Year),
    ("url", Url),
    ("lang", Tongue),
];

/// The parts of a field's rows, or of its one object.
pub(crate) fn columns(field: &str) -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(move |column| column.field == field)
}

/// What a page calls a sum: a form names the unit, a page writes it after the number.
pub(crate) fn without_unit(label: &'static str) -> &'static str {
    label.strip_suffix(", грн").or_else(|| label.strip_suffix(", UAH")).unwrap_or(label)
}

/// How a field is shown. `partners` is a table in a practice, but in a profile it is a list of codes
/// or names.
pub(crate) fn kind(field: &Field) -> Kind {
    let own = SHOWN.iter().find(|(key, _)| *key == field.key).map(|(_, kind)| *kind);
    own.unwrap_or(match field.shape {
        Shape::Term(vocabulary) | Shape::Terms(vocabulary, _) => Term(vocabulary),
        Shape::Date => Date,
        Shape::Whole => Number,
        Shape::Words(_) if field.key == "partners" => Place,
        _ => Text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crdt::kinds::KINDS;
    use crdt::kinds::adoption::{Help, Stage};
    use crdt::kinds::collection::Item;
    use crdt::kinds::comment::Suggestion;
    use crdt::kinds::seminar::{Feedback, Handout, Party, Session};
    use crdt::practice::{CostItem, Indicator, LawReference, LegalDocument, Organisation, Provenance, Step};
    use crdt::profile::{Instrument, Offer, Wish};
    use serde::Serialize;

    fn parts(row: impl Serialize) -> Vec<String> {
        let row = serde_json::to_value(row).unwrap();
        let mut parts: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
        parts.sort();
        parts
    }

    #[test]
    fn every_part_of_every_row_has_a_label() {
        let rows = [
            ("steps", parts(Step::default())),
            ("organizers", parts(Organisation::default())),
            ("partners", parts(Organisation::default())),
            ("legal_docs", parts(LegalDocument::default())),
            ("law_refs", parts(LawReference::default())),
            ("costs.items", parts(CostItem::default())),
            ("results", parts(Indicator::default())),
            ("provenance", parts(Provenance::default())),
            ("ready_to_share", parts(Offer::default())),
            ("needs", parts(Wish::default())),
            ("instruments", parts(Instrument::default())),
        ];
        let rows = [
            &rows[..],
            &[
                ("stages", parts(Stage::default())),
                ("decision_docs", parts(LegalDocument::default())),
                ("help_received", parts(Help::default())),
                ("suggestions", parts(Suggestion::default())),
                ("programme", parts(Session::default())),
                ("materials", parts(Handout::default())),
                ("feedback", parts(Feedback::default())),
                ("parties", parts(Party::default())),
                ("items", parts(Item::default())),
            ],
        ]
        .concat();
        for (field, parts) in &rows {
            let mut known: Vec<&str> = columns(field).map(|column| column.key).collect();
            known.sort_unstable();
            assert_eq!(&known, parts, "{field}");
        }
        let tables = KINDS.iter().flat_map(|kind| kind.table).filter(|field| matches!(field.shape, Shape::Rows(..)));
        for field in tables {
            assert!(rows.iter().any(|(key, _)| *key == field.key), "{}", field.key);
        }
    }
}
