//! What columns are called: our names of fields, the labels that people see, and the words that
//! people use instead.

use crdt::field::Shape;
use crdt::practice::PRACTICE;

use super::template::EXAMPLES;
use super::{Heading, Raw, Unreadable};
use crate::pages::columns::columns;

/// The name of a practice in its source.
pub(super) const EXTERNAL_ID: &str = "external_id";
/// The id of a practice in a list that this program wrote.
pub(super) const ID: &str = "id";
/// Rows in which headings may stand: above them people put a title and a date.
const ROWS_LOOKED_AT: usize = 10;

/// Words that people use for a field.
#[rustfmt::skip]
static ALSO: &[(&str, &[&str])] = &[
    ("title", &["назва", "назва проєкту", "назва проекту", "назва ініціативи", "практика", "name", "practice", "project"]),
    ("summary", &["коротко", "короткий опис", "стислий опис", "анотація", "short description", "abstract"]),
    ("sectors", &["галузі", "сфера", "сектор", "напрям", "напрямок", "sectors"]),
    ("themes", &["теми", "тема", "наскрізні теми", "theme", "themes"]),
    ("mechanisms", &["інструмент", "інструменти", "інструменти участі", "механізм", "механізм участі", "mechanism", "instrument"]),
    ("community", &["громада", "територіальна громада", "код громади", "код катоттг", "катоттг", "hromada", "community", "katottg"]),
    ("settlement", &["місто", "село", "місце", "place"]),
    ("scope", &["масштаб", "територія"]),
    ("stage", &["статус", "стадія", "етап", "status"]),
    ("started", &["коли почали", "дата початку", "рік", "дата", "start", "start date", "year"]),
    ("ended", &["коли завершили", "дата завершення", "дата закінчення", "end", "end date"]),
    ("problem", &["яку проблему розв’язували", "опис проблеми"]),
    ("solution", &["опис", "рішення", "опис рішення", "що зроблено", "опис проєкту", "опис проекту", "description"]),
    ("results_text", &["результат", "підсумки", "outcome", "outcomes"]),
    ("participants.total", &["учасників", "кількість учасників", "скільки учасників", "participants"]),
    ("participants.target_groups", &["цільова група", "цільові групи", "target group"]),
    ("costs.total_uah", &["вартість", "бюджет", "сума", "кошти", "cost", "budget", "amount"]),
    ("mistakes", &["труднощі", "помилки", "mistakes"]),
    ("lessons", &["поради", "уроки", "lessons"]),
    ("contact.role", &["посада", "контакт", "контактна особа", "до кого звернутися", "contact"]),
    ("contact.phone", &["телефон", "phone"]),
    ("contact.email", &["пошта", "електронна пошта", "e-mail", "email"]),
    ("keywords", &["теги", "tags"]),
    (EXTERNAL_ID, &["номер", "номер у джерелі", "external id"]),
    (ID, &["ідентифікатор", "identifier"]),
];

/// The field that a heading means.
pub(super) fn key(heading: &str) -> Option<String> {
    let plain = heading.trim().trim_start_matches('\u{feff}').trim();
    if plain.is_empty() || plain.chars().count() > 100 {
        return None;
    }
    if let Some(key) = own(plain) {
        return Some(key);
    }
    let said = folded(plain);
    let short = folded(plain.split('(').next().unwrap_or_default());
    let label = |field: &&crdt::field::Field| {
        [field.uk, field.en].iter().any(|label| {
            let (whole, begin) = (folded(label), folded(label.split('(').next().unwrap_or_default()));
            whole == said || begin == said || begin == short
        })
    };
    let also = || ALSO.iter().find(|(_, words)| words.iter().any(|word| folded(word) == said || folded(word) == short));
    PRACTICE.iter().find(label).map(|field| field.key.to_owned()).or_else(|| also().map(|(key, _)| (*key).to_owned()))
}

/// A heading that is one of our own names.
fn own(heading: &str) -> Option<String> {
    let known = [EXTERNAL_ID, ID].contains(&heading) || PRACTICE.iter().any(|field| field.key == heading);
    let part = || {
        let (field, part) = heading.rsplit_once('.')?;
        let field = PRACTICE.iter().find(|known| known.key == field && matches!(known.shape, Shape::Object(_)))?;
        let is_place = field.key == "location" && matches!(part, "lat" | "lon");
        (is_place || columns(field.key).any(|column| column.key == part)).then_some(())
    };
    (known || part().is_some()).then(|| heading.to_owned())
}

/// Letters alone: people write apostrophes, stars and colons in their own way.
fn folded(text: &str) -> String {
    let kept = text.to_lowercase();
    let kept = kept.replace(['’', '\'', 'ʼ', '`', '*', ':', '.'], "");
    kept.split(|sign: char| sign.is_whitespace() || sign == ',' || sign == '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Parts the row of headings from the rows below it.
pub(super) fn split(raw: Vec<Raw>) -> Result<(Vec<Heading>, Vec<Raw>), Unreadable> {
    let names_title = |(_, cells): &Raw| cells.iter().any(|cell| key(cell).as_deref() == Some("title"));
    let Some(at) = raw.iter().take(ROWS_LOOKED_AT).position(names_title) else {
        return Err(Unreadable::new(
            "no_title_column",
            "У таблиці немає стовпця «Назва практики» (або title): назвіть стовпці в першому рядку, як у зразку",
            "The table has no column “Title”: name the columns in the first row, as the template does",
        ));
    };
    let mut rows = raw.into_iter().skip(at);
    let (_, cells) = rows.next().expect("the row was just found");
    let mut headings: Vec<Heading> = Vec::new();
    for text in cells {
        // Of two columns that mean one field the first is taken.
        let key = key(&text).filter(|key| headings.iter().all(|known| known.key.as_ref() != Some(key)));
        headings.push(Heading { text: text.trim().to_owned(), key });
    }
    let title = headings.iter().position(|heading| heading.key.as_deref() == Some("title")).unwrap_or_default();
    let is_example = |(_, cells): &Raw| {
        cells.get(title).is_some_and(|cell| EXAMPLES.iter().any(|mark| cell.trim().starts_with(mark)))
    };
    Ok((headings, rows.filter(|raw| !is_example(raw)).collect()))
}
