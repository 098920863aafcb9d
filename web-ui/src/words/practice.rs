//! The words of a practice's page, of citing it and of comparing it with others.

use crate::language::Counted;

#[rustfmt::skip]
phrases! {
    GLANCE:        "Стисло",                                   "At a glance";
    COST:          "Вартість",                                 "Cost";
    TIME:          "Час",                                      "Time";
    SIZE:          "Розмір громади",                           "Size of the hromada";
    MECHANISM:     "Інструмент участі",                        "Instrument";
    STAGE:         "Стан",                                     "Stage";
    NOT_ENDORSED_YET: "цю редакцію ще не підтверджували",     "this revision is not endorsed yet";
    EVIDENCE:      "Підтвердження",                            "Evidence";
    PARTICIPANTS:  "Долучилося",                               "Took part";
    SINCE:         "з",                                        "since";
    A_YEAR:        "на рік потім",                             "a year afterwards";
    NEEDED:        "потрібно тому, хто повторюватиме",         "needed to repeat it";
    FIRST_RESULT:  "до першого результату:",                   "until the first result:";
    NOT_TOLD:      "не вказано",                               "not given";

    CONTENTS:      "Зміст",                                    "Contents";
    TO_CITE:       "Як послатися",                             "How to cite";
    PRINT:         "Надрукувати",                              "Print";
    COPY:          "Скопіювати",                               "Copy";
    COPIED:        "Скопійовано",                              "Copied";
    IN_UKRAINIAN:  "Українською",                              "In Ukrainian";
    IN_ENGLISH:    "Англійською",                              "In English";
    FOR_MANAGERS:  "Для програм, що ведуть списки джерел",     "For programs that keep references";
    TECHNICAL:     "Технічні подробиці",                       "Technical details";
    AS_JSON:       "Усе як JSON",                              "All of it as JSON";
    VERSIONS:      "Редакція",                                 "Revision";
    COMMUNITY_ID:  "Ключ громади",                             "Key of the hromada";
    HEADS:         "Останні зміни",                            "Latest changes";

    TRUST:         "Хто за це ручається",                      "Who vouches for it";
    OWNER_SAYS:    "Розповідає громада, підпис якої стоїть під записом:", "Told by the hromada whose signature the record carries:";
    NOBODY_YET:    "Жодна інша громада ще не повідомила, що повторила цю практику.", "No other hromada has said yet that it repeated this practice.";
    REPEATED_BY:   "Повторили",                                "Repeated by";
    FROM_PAGE:     "Тексту немає в цій мові: він такий, як його написала громада.", "The text stands in the language in which the hromada wrote it.";
    WRITTEN_IN:    "Мова тексту",                              "Language of the text";

    BEGAN:         "опубліковано вперше",                      "first published";
    BEGAN_WITH:    "Що було написано",                         "What was written";
    SIGNED:        "Підписано",                                "Signed by";
    LEFT_OUT:      "незмінений текст пропущено",               "unchanged text left out";

    COMPARE_CHOSEN: "Порівняти обрані",                        "Compare those chosen";
    COMPARE_HOW:   "Позначте від двох до чотирьох практик",    "Tick two to four practices";
    COMPARE_TITLE: "Порівняння практик",                       "Practices side by side";
    COMPARE_ALIKE: "Порівняти зі схожими",                     "Compare with those alike";
    TOO_FEW:       "Щоб порівняти, оберіть у каталозі щонайменше дві практики: позначте їх і натисніть «Порівняти обрані».", "To compare, choose at least two practices in the catalogue: tick them and press “Compare those chosen”.";
    TOO_MANY:      "Поряд поміщаються чотири практики. Показуємо перші чотири з обраних.", "Four practices fit side by side. The first four of those chosen are shown.";
    GONE:          "Практик, яких у бібліотеці вже немає",     "Practices that the library does not have any more";
    ALL_ROWS:      "Усі рядки",                                "All rows";
    ONLY_DIFFERENT: "Лише відмінності",                        "Differences only";
    DIFFERS:       "відрізняється",                            "differs";
    THE_SAME:      "однаково",                                 "the same";
    TAKE_OUT:      "Прибрати з порівняння",                    "Take out";
    TO_CATALOGUE:  "До каталогу",                              "To the catalogue";
    WHOLE_TEXT:    "повністю",                                 "in full";
    WHAT:          "Що порівнюємо",                            "What is compared";
}

pub(crate) const FIELDS_COUNTED: Counted =
    Counted { uk: ["поле", "поля", "полів"], en: ["field", "fields"] };
pub(crate) const ADOPTING_COUNTED: Counted = Counted {
    uk: ["громада повідомила, що повторює", "громади повідомили, що повторюють", "громад повідомили, що повторюють"],
    en: ["hromada says that it repeats this", "hromadas say that they repeat this"],
};
pub(crate) const MONTHS_COUNTED: Counted =
    Counted { uk: ["місяць", "місяці", "місяців"], en: ["month", "months"] };
pub(crate) const HOURS_COUNTED: Counted = Counted {
    uk: ["година роботи", "години роботи", "годин роботи"],
    en: ["hour of work", "hours of work"],
};
pub(crate) const PEOPLE_COUNTED: Counted =
    Counted { uk: ["людина", "людини", "людей"], en: ["person", "people"] };
pub(crate) const INHABITANTS_COUNTED: Counted =
    Counted { uk: ["житель", "жителі", "жителів"], en: ["inhabitant", "inhabitants"] };
