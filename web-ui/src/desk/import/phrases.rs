//! Every word of the import's pages and of its template.

use crate::language::{Counted, Phrase};
use crate::words::phrases;

#[rustfmt::skip]
phrases! {
    TITLE:            "Імпорт практик",                           "Import practices";
    LEAD:             "Перенесіть практики з таблиці Excel або CSV. Спершу ви побачите, що вийде, і лише потім вирішите, чи публікувати.", "Bring practices over from a table in Excel or CSV. You first see what would come of it, and only then decide whether to publish.";
    TEMPLATE:         "Завантажити зразок таблиці (.xlsx)",       "Download a template (.xlsx)";
    TEMPLATE_WHY:     "У зразку є заголовки стовпців, приклад рядка й переліки того, що можна вибрати. Власна таблиця теж годиться: стовпці впізнаються за назвами українською та англійською.", "The template has the headings, one example row and lists of what may be chosen. A table of your own will do as well: columns are recognised by their Ukrainian or English names.";
    FILE:             "Файл таблиці",                             "The table’s file";
    FILE_HINT:        ".xlsx або .csv, до 8 МБ і 5000 рядків. У книзі береться перший аркуш",  ".xlsx or .csv, up to 8 MB and 5000 rows. Of a workbook the first sheet is taken";
    CHECK_FILE:       "Перевірити таблицю",                       "Check the table";
    CHOOSE_FILE:      "Спершу виберіть файл",                     "Choose a file first";
    NO_HROMADA:       "Вузол ще не пише від імені громади, тому імпортувати нікуди. Спершу оберіть громаду", "This node writes for no hromada yet, so there is nowhere to import to. Choose the hromada first";
    UNFINISHED:       "Розпочаті імпорти",                        "Imports begun";
    STAGE_CHECKING:   "перевіряється",                            "being checked";
    STAGE_CHECKED:    "перевірено, ще не імпортовано",            "checked, not imported yet";
    STAGE_IMPORTING:  "імпортується",                             "being imported";
    STAGE_DONE:       "завершено",                                "finished";
    CHECKING:         "Перевіряємо рядки",                        "Checking the rows";
    IMPORTING:        "Публікуємо практики",                      "Publishing the practices";
    MEANWHILE:        "Сторінку можна закрити: робота триває на вузлі. Якщо зникне світло, після запуску вузла відкрийте цю сторінку, і вона продовжиться звідти, де спинилася.", "You may close the page: the work goes on in the node. Should the power fail, open this page again when the node runs, and it goes on where it stopped.";
    RENEW:            "Оновити",                                  "Renew";
    STOPPED:          "Роботу перервано",                         "The work was interrupted";
    AGAIN:            "Спробувати ще раз",                        "Try again";
    OUTCOME:          "Що вийде",                                 "What comes of it";
    DONE:             "Імпорт завершено",                         "The import is finished";
    NEW:              "нова",                                     "new";
    UPDATED:          "оновить наявну",                           "updates";
    UPDATED_DONE:     "оновлено",                                 "updated";
    UNCHANGED:        "без змін",                                 "unchanged";
    REFUSED:          "не буде взято",                            "refused";
    REFUSED_DONE:     "не взято",                                 "refused";
    ALIKE:            "схоже на наявне",                          "like one that is here";
    ALL:              "усі рядки",                                "all rows";
    SHOW:             "Показати",                                 "Show";
    ROW:              "Рядок",                                    "Row";
    PRACTICE:         "Практика",                                 "Practice";
    REASON:           "Зауваження",                               "Remarks";
    IN_CELL:          "у клітинці",                               "in the cell";
    NEARLY:           "Майже те саме вже є",                      "Nearly the same is here already";
    LOOK:             "Перегляньте",                              "Look at this again";
    UNKNOWN:          "Ці стовпці не впізнано, тому їх не взято", "These columns were not recognised and are left out";
    KNOWN:            "Впізнані стовпці",                         "Columns recognised";
    NOTHING_GOOD:     "Жоден рядок не можна імпортувати. Виправте таблицю за зауваженнями й завантажте її знову.", "No row can be imported. Mend the table by the remarks and upload it again.";
    NOTHING_NEW:      "Усе з цієї таблиці в бібліотеці вже є.",   "Everything in this table is in the library already.";
    IMPORT_GOOD:      "Імпортувати придатні рядки",               "Import the good rows";
    REFUSED_FILE:     "Завантажити відхилені рядки з причинами (.xlsx)", "Download the refused rows with the reasons (.xlsx)";
    REFUSED_WHY:      "Виправте їх у файлі й завантажте його сюди: останній стовпець із причинами не заважатиме.", "Mend them in the file and upload it here: the last column with the reasons does no harm.";
    GIVE_UP:          "Прибрати цей імпорт",                      "Remove this import";
    GIVE_UP_WHY:      "Таблицю буде видалено з вузла. Уже опубліковане залишиться.", "The table is removed from the node. What was published stays.";
    FURTHER:          "Наступні рядки",                           "Further rows";
    EARLIER:          "Попередні рядки",                          "Earlier rows";
    REASONS_COLUMN:   "Чому не взято",                            "Why it was refused";
    TO_DESK:          "До робочого столу",                        "To the desk";
    NO_LONGER:        "Таблицю вже прибрано або стан імпорту змінився: оновіть сторінку", "The table is gone or the import has moved on: renew the page";

    TEMPLATE_TABLE:   "Практики",                                 "Practices";
    TEMPLATE_LISTS:   "Переліки",                                 "Lists";
    TEMPLATE_NOTES:   "Як заповнювати",                           "How to fill in";
}

/// What the template says of itself.
#[rustfmt::skip]
pub(crate) const RULES: &[Phrase] = &[
    Phrase { uk: "Один рядок — одна практика. Жовті стовпці обов’язкові для повного опису в бібліотеці; без назви рядок не імпортується.", en: "One row is one practice. The yellow columns are what every description needs; a row without a title is not imported." },
    Phrase { uk: "Рядок, що починається з «ПРИКЛАД:», не імпортується: його можна залишити або видалити.", en: "A row that begins with “EXAMPLE:” or «ПРИКЛАД:» is not imported: keep it or delete it." },
    Phrase { uk: "Порядок стовпців довільний, зайві можна видалити.", en: "Columns may stand in any order; those you do not need may go." },
    Phrase { uk: "Галузі, інструменти та інші переліки є на аркуші «Переліки». Кілька значень пишіть через крапку з комою: Довкілля; Освіта.", en: "Sectors, instruments and the like are on the sheet “Lists”. Part several by semicolons: Environment; Education." },
    Phrase { uk: "Громада: назва (Решетилівська) або код КАТОТТГ. Якщо таких громад кілька, потрібен код.", en: "The hromada: its name or its KATOTTG code. Where several have the name the code is needed." },
    Phrase { uk: "Дата: 2024, 05.2024 або 24.05.2024. Число: 1 250 000 або 12,5.", en: "A date: 2024, 05.2024 or 24.05.2024. A number: 1 250 000 or 12.5." },
    Phrase { uk: "Абзаци в клітинці: Alt+Enter.", en: "Paragraphs in a cell: Alt+Enter." },
    Phrase { uk: "Повторний імпорт тієї самої таблиці не подвоює практик: рядок упізнається за назвою та громадою, а якщо є стовпець external_id — за ним.", en: "Importing the same table again doubles nothing: a row is known by title and hromada, or by a column external_id if there is one." },
    Phrase { uk: "Не вносьте особистих даних: контакт — це посада, службовий телефон і службова пошта.", en: "No personal data: a contact is a post, an office telephone and an office mailbox." },
];

pub(crate) const ROWS_COUNTED: Counted =
    Counted { uk: ["рядок", "рядки", "рядків"], en: ["row", "rows"] };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_said_in_both_languages() {
        crate::words::assert_both(PHRASES);
    }
}
