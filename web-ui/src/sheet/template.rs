//! An empty table to fill in: headings, an example, lists of what may be chosen, and notes.

use crdt::field::{Field, Need, Shape};
use crdt::practice::PRACTICE;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError,
};

use crate::desk::examples::example;
use crate::desk::import::phrases as iw;
use crate::language::Language;
use crate::pages::export::FIELDS;
use crate::pages::fields::label;

/// What the title of the example begins with: such a row is never imported.
pub(super) const EXAMPLES: [&str; 2] = ["ПРИКЛАД:", "EXAMPLE:"];
/// Rows for which a cell offers its list.
const OFFERED_ROWS: u32 = 1_000;
/// How wide columns of texts and of words are, in letters.
const WIDE: f64 = 44.0;
const NARROW: f64 = 24.0;

/// What the example says. Terms by key: the sheet has their labels.
#[rustfmt::skip]
static EXAMPLE: &[(&str, &str)] = &[
    ("title", "ПРИКЛАД: Толока на березі річки (цей рядок не імпортується)"),
    ("summary", "Мешканці двох сіл за один день прибрали берег і облаштували місце відпочинку."),
    ("sectors", "environment"),
    ("mechanisms", "coproduction;general_meeting"),
    ("participation_level", "collaborate"),
    ("community", "Решетилівська"),
    ("settlement", "с. Воскресенське"),
    ("scope", "settlement"),
    ("stage", "finished"),
    ("started", "05.2024"),
    ("problem", "Берег річки заріс і був засмічений, люди перестали туди ходити."),
    ("solution", "Староста скликав збори. Громада дала рукавиці, мішки й транспорт. Прибирали 120 людей."),
    ("participants.total", "120"),
    ("costs.total_uah", "18500"),
    ("costs.year", "2024"),
    ("results_text", "Вивезли дванадцять тонн сміття, поставили шість лав."),
    ("mistakes", "Не подумали заздалегідь, куди везти гілля."),
    ("lessons", "Домовтеся з комунальним підприємством за місяць."),
    ("contact.role", "староста"),
    ("contact.email", "starosta@hromada.example"),
    ("keywords", "толока; річка"),
];

/// The template as a workbook.
pub(crate) fn workbook(language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let columns: Vec<&'static Field> =
        FIELDS.iter().filter_map(|key| PRACTICE.iter().find(|field| field.key == *key)).collect();
    let lists = language.say(iw::TEMPLATE_LISTS);
    table(book.add_worksheet(), language, &columns, lists)?;
    choices(book.add_worksheet(), language, &columns, lists)?;
    rules(book.add_worksheet(), language)?;
    book.save_to_buffer()
}

/// The terms of a field that is a choice.
fn terms(field: &Field) -> &'static [crdt::vocabulary::Term] {
    match field.shape {
        Shape::Term(vocabulary) | Shape::Terms(vocabulary, _) => vocabulary.terms,
        _ => &[],
    }
}

fn table(sheet: &mut Worksheet, language: Language, columns: &[&'static Field], lists: &str) -> Result<(), XlsxError> {
    let plain = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let required = plain.clone().set_background_color(Color::RGB(0x00FF_E8A3));
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_color(Color::RGB(0x0055_5555));
    sheet.set_name(language.say(iw::TEMPLATE_TABLE))?.set_freeze_panes(1, 1)?;
    let mut listed = 0;
    for (column, field) in (0..).zip(columns) {
        let is_required = field.need == Need::Required;
        sheet.write_string_with_format(
            0,
            column,
            label(language, field),
            if is_required { &required } else { &plain },
        )?;
        let prose = matches!(field.shape, Shape::Prose) || ["title", "summary"].contains(&field.key);
        sheet.set_column_width(column, if prose { WIDE } else { NARROW })?;
        if let Some(help) = example(field.key) {
            sheet.insert_note(0, column, &Note::new(language.say(help)).add_author_prefix(false))?;
        }
        let terms = terms(field);
        if !terms.is_empty() {
            let letter = rust_xlsxwriter::utility::column_number_to_name(listed);
            listed += 1;
            // Several may be given, parted by semicolons, so what is not in the list is no error.
            let offer = DataValidation::new()
                .allow_list_formula(Formula::new(format!("='{lists}'!${letter}$2:${letter}${}", terms.len() + 1)))
                .set_error_style(DataValidationErrorStyle::Information)
                .show_error_message(matches!(field.shape, Shape::Term(_)));
            sheet.add_data_validation(1, column, OFFERED_ROWS, column, &offer)?;
        }
        if let Some((_, said)) = EXAMPLE.iter().find(|(key, _)| *key == field.key) {
            let labels: Vec<&str> = said
                .split(';')
                .map(|part| {
                    terms.iter().find(|term| term.key == part).map_or(part, |term| language.pick(term.uk, term.en))
                })
                .collect();
            sheet.write_string_with_format(1, column, labels.join("; "), &text)?;
        }
    }
    Ok(())
}

fn choices(sheet: &mut Worksheet, language: Language, columns: &[&'static Field], name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let head = Format::new().set_bold();
    for (column, field) in (0..).zip(columns.iter().filter(|field| !terms(field).is_empty())) {
        sheet.set_column_width(column, WIDE)?;
        sheet.write_string_with_format(0, column, label(language, field), &head)?;
        for (row, term) in (1..).zip(terms(field)) {
            sheet.write_string(row, column, language.pick(term.uk, term.en))?;
        }
    }
    Ok(())
}

fn rules(sheet: &mut Worksheet, language: Language) -> Result<(), XlsxError> {
    sheet.set_name(language.say(iw::TEMPLATE_NOTES))?.set_column_width(0, 100.0)?;
    let text = Format::new().set_text_wrap();
    for (row, rule) in (0..).zip(iw::RULES) {
        sheet.write_string_with_format(row, 0, language.say(*rule), &text)?;
    }
    Ok(())
}
