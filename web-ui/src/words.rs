//! Every word of the interface that does not stand in a table of fields, one row each: here what many
//! pages say, in the modules what belongs to one group of pages.

use crate::language::{Counted, Phrase};

macro_rules! phrases {
    ($($name:ident: $uk:literal, $en:literal;)*) => {
        $(pub(crate) const $name: $crate::language::Phrase = $crate::language::Phrase { uk: $uk, en: $en };)*

        /// All of them, for the tests.
        #[cfg(test)]
        pub(crate) const PHRASES: &[(&str, $crate::language::Phrase)] = &[$((stringify!($name), $name),)*];
    };
}
pub(crate) use phrases;

pub(crate) mod campaign;
pub(crate) mod catalogue;
pub(crate) mod geography;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod network;
pub(crate) mod practice;
pub(crate) mod public;
pub(crate) mod publishing;
pub(crate) mod records;

#[rustfmt::skip]
phrases! {
    SITE:             "Досвід",                                   "Dosvid";
    TAGLINE:          "Практики участі територіальних громад",    "Practices of participation in hromadas";
    SKIP:             "Перейти до змісту",                        "Skip to the content";
    SECTIONS:         "Розділи",                                  "Sections";
    SWITCH:           "English",                                  "Українською";
    FOOTER:           "Цю сторінку показує вузол вашої громади. Бібліотека спільна: кожен вузол має власну копію.", "This page comes from your hromada’s own node. The library is shared: every node holds a copy of its own.";
    HELP:             "Допомога",                                 "Help";
    FOR_PROGRAMS:     "Опис для програм (OpenAPI)",               "For programs (OpenAPI)";

    SOURCE_LINE:      "Джерело: бібліотека «Досвід»",             "Source: the library Dosvid";
    PRINTED:          "Надруковано",                              "Printed";

    SEARCH:           "Знайти",                                   "Search";
    SEARCH_LABEL:     "Пошук у бібліотеці",                       "Search the library";
    SEARCH_HINT:      "Бюджет участі, петиція, толока…",          "Participatory budget, petition…";
    SUGGESTIONS:      "Підказки",                                 "Suggestions";
    KIND_PRACTICE:    "практика",                                 "practice";
    KIND_COMMUNITY:   "громада",                                  "hromada";
    KIND_TERM:        "розділ каталогу",                          "part of the catalogue";

    PRACTICES:        "Практики",                                 "Practices";
    COMMUNITIES:      "Громади",                                  "Hromadas";
    MAP:              "Мапа",                                     "Map";
    NETWORK_PAGE:     "Мережа",                                   "Network";
    DESK:             "Робочий стіл",                             "Desk";
    COPY_DRAFT:       "Скопіювати як чернетку для нашої громади", "Copy as a draft for our hromada";
    SIGN_IN:          "Увійти",                                   "Sign in";
    HISTORY:          "Історія змін",                             "History of changes";

    EMPTY_PRACTICES:  "Тут ще немає жодної практики. Вони з’являться, щойно вузол отримає їх від інших або ваша громада опублікує свою.", "There is no practice here yet. They appear as soon as the node gets some from others or your hromada publishes its own.";
    EMPTY_COMMUNITIES: "Вузол ще не знає жодної громади.",        "The node knows no hromada yet.";
    EMPTY_HISTORY:    "Змін ще немає.",                           "No changes yet.";
    EMPTY_PROFILE:    "Громада ще не заповнила свій профіль.",    "The hromada has not filled in its profile yet.";
    NEXT:             "Далі",                                     "Next";
    FIRST:            "На початок",                               "To the start";
    PAGES:            "Сторінки списку",                          "Pages of the list";
    UNTITLED:         "Без назви",                                "Untitled";

    WITHDRAWN:        "Відкликана практика",                      "Withdrawn practice";
    WITHDRAWN_RECORD: "Відкликаний запис",                        "Withdrawn record";
    NOT_HERE:         "Практика ще не надійшла на цей вузол",     "A practice that has not reached this node yet";

    NO_PLACE:         "Місце не вказано",                         "Place not given";
    CHANGED:          "Змінено",                                  "Changed";
    PUBLISHED:        "Опубліковано",                             "Published";
    CONFLICT:         "Одночасні правки",                         "Edited at once";
    ALIKE:            "Схожі практики",                           "Practices like this";
    KEY_FACTS:        "Головне",                                  "Key facts";
    ABOUT_RECORD:     "Про цей запис",                            "About this record";
    COMPLETENESS:     "Повнота опису",                            "How complete it is";
    LEVEL_COMPLETE:   "повний",                                   "complete";
    LEVEL_PARTIAL:    "частковий",                                "partial";
    LEVEL_STUB:       "лише начерк",                              "only a stub";
    MISSING_FIELDS:   "Не заповнено",                             "Not filled in";
    SIGNED_BY:        "Хто підписав",                             "Who signed";
    RECORD:           "підписаний запис",                         "signed record";
    DEVICE:           "Пристрій",                                 "Device";
    UNNAMED_DEVICE:   "пристрій без назви",                       "unnamed device";
    KYIV_TIME:        "Час київський, за годинником автора.",     "Kyiv time, by the author’s clock.";
    ID:               "Номер запису",                             "Number of the record";
    SOME_VERSIONS:    "є кілька версій",                          "several versions";

    CONFLICTS:        "Одночасні правки: потрібне рішення",       "Edited at once: somebody has to decide";
    DECIDE:           "Обрати між варіантами",                    "Decide between the versions";
    CONFLICTS_WHY:    "Кілька людей змінили те саме, не бачивши правок одне одного. Нічого не втрачено: нижче всі версії. Показуємо першу, доки громада не обере.", "Several people changed the same thing without seeing each other’s edits. Nothing is lost: all versions stand below. The first is shown until the hromada decides.";
    SHOWN_NOW:        "показано зараз",                           "shown now";
    PARAGRAPH:        "абзац",                                    "paragraph";
    ROW:              "рядок",                                    "row";

    REMOVED:          "Вилучено",                                 "Removed";
    ADDED:            "Додано",                                   "Added";
    NO_DIFFERENCE:    "Ця зміна нічого не змінила у видимому тексті.", "This change altered nothing that can be seen.";
    SET_ASIDE:        "Ця зміна не діє. Причина",                 "This change plays no part. Reason";
    BACK:             "Назад до сторінки",                        "Back to the page";

    CODE:             "Код КАТОТТГ",                              "KATOTTG code";
    COMMUNITY:        "Громада",                                  "Hromada";
    DEVICES:          "Пристроїв",                                "Devices";
    FORKED:           "Суперечливий статут вузла: публікування зупинено", "Contradictory charter: publishing has stopped";
    FORKED_WHY:       "Громада підписала два статути, що суперечать один одному. Доки це не розв’язано, нові записи від неї не приймаються.", "The hromada has signed two charters that contradict each other. Until that is settled, nothing new is taken from it.";
    PROFILE:          "Профіль",                                  "Profile";
    ITS_PRACTICES:    "Практики громади",                         "Practices of this hromada";

    WARNINGS:         "На що звернути увагу",                     "What needs attention";
    NEVER:            "ще не було",                               "never yet";
    RECORDS:          "Записів",                                  "Records";
    DISK:             "Місце на диску",                           "Space on the disk";
    FINGERPRINT:      "Відбиток набору записів",                  "Fingerprint of the set of records";
    FINGERPRINT_WHY:  "На двох вузлах він однаковий лише тоді, коли однакові самі набори.", "It is equal on two nodes exactly when their sets are.";
    NETWORK:          "Мережа",                                   "Network";
    VERSION_OF:       "Версія програми",                          "Version of the program";
    ONLY_READS:       "Вузол лише читає: він не пише від імені жодної громади.", "This node only reads: it writes for no hromada.";
    CONNECTED:        "під’єднано",                               "connected";
    DISCONNECTED:     "немає зв’язку",                            "not connected";

    ERROR:            "Помилка",                                  "Error";
    HOME:             "На головну сторінку",                      "To the start page";
    YES:              "так",                                      "yes";
    NO:               "ні",                                       "no";
    UKRAINIAN:        "українська",                               "Ukrainian";
    ENGLISH:          "англійська",                               "English";
    NORTH:            "пн. ш.",                                   "N";
    EAST:             "сх. д.",                                   "E";
}

pub(crate) const PRACTICES_COUNTED: Counted =
    Counted { uk: ["практика", "практики", "практик"], en: ["practice", "practices"] };
pub(crate) const COMMUNITIES_COUNTED: Counted =
    Counted { uk: ["громада", "громади", "громад"], en: ["hromada", "hromadas"] };
pub(crate) const RECORDS_COUNTED: Counted =
    Counted { uk: ["запис", "записи", "записів"], en: ["record", "records"] };
pub(crate) const NODES_COUNTED: Counted =
    Counted { uk: ["вузол", "вузли", "вузлів"], en: ["node", "nodes"] };
pub(crate) const CHANGES_COUNTED: Counted =
    Counted { uk: ["зміна", "зміни", "змін"], en: ["change", "changes"] };

/// Why a change plays no part: its short name without signs, Ukrainian, English.
#[rustfmt::skip]
const REASONS: &[(&str, Phrase)] = &[
    ("norightunknowndevice", Phrase { uk: "пристрою немає в статуті громади",                  en: "the hromada’s charter does not name the device" }),
    ("norightexpired",       Phrase { uk: "термін дії пристрою минув",                         en: "the device’s time was over" }),
    ("norightrole",          Phrase { uk: "роль пристрою цього не дозволяє",                   en: "the device’s role does not allow it" }),
    ("noright",              Phrase { uk: "пристрій не мав права на цю зміну",                 en: "the device had no right to this change" }),
    ("equivocation",         Phrase { uk: "є інша зміна з тим самим номером",                  en: "another change of the same number counts instead" }),
    ("follows",              Phrase { uk: "вона спирається на зміну, що не діє",               en: "it follows a change that plays no part" }),
    ("kind",                 Phrase { uk: "вона стосується документа іншого виду",             en: "it is for a document of another kind" }),
    ("unfounded",            Phrase { uk: "вона змінює те, чого в документі немає",            en: "it changes what the document does not have" }),
    ("counter",              Phrase { uk: "її номери не узгоджені з попередніми змінами",      en: "its counters do not follow the changes before it" }),
    ("toolarge",             Phrase { uk: "документ став би завеликим",                        en: "the document would become too large" }),
    ("engine",               Phrase { uk: "рушій документів не зміг її застосувати",           en: "the document engine could not take it" }),
    ("refused",              Phrase { uk: "ця версія програми її не приймає",                  en: "this version of the program refuses it" }),
    ("waiting",              Phrase { uk: "вона чекає на попередні зміни",                     en: "it waits for changes before it" }),
];

/// Why a change plays no part, if the short name is known.
pub(crate) fn reason(code: &str) -> Option<Phrase> {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    REASONS.iter().find(|(known, _)| *known == letters).map(|(_, phrase)| *phrase)
}

/// Fails on a phrase that lacks a language.
#[cfg(test)]
pub(crate) fn assert_both(all: &[(&str, Phrase)]) {
    let cyrillic = |text: &str| text.chars().any(|letter| ('\u{400}'..'\u{530}').contains(&letter));
    for (name, phrase) in all {
        assert!(!phrase.uk.trim().is_empty() && !phrase.en.trim().is_empty(), "{name}");
        // The switch alone is written in the language to which it leads.
        assert!(*name == "SWITCH" || (cyrillic(phrase.uk) && !cyrillic(phrase.en)), "{name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_said_in_both_languages() {
        assert_both(
            &[
                PHRASES,
                campaign::PHRASES,
                campaign::drafting::PHRASES,
                catalogue::PHRASES,
                help::PHRASES,
                home::PHRASES,
                geography::PHRASES,
                network::PHRASES,
                practice::PHRASES,
                public::PHRASES,
                publishing::PHRASES,
                records::PHRASES,
            ]
            .concat(),
        );
    }

    #[test]
    fn a_reason_is_known_however_its_name_is_joined() {
        for code in ["no_right:unknowndevice", "toolarge", "too_large", "waiting"] {
            assert!(reason(code).is_some(), "{code}");
        }
        assert!(reason("something new").is_none());
    }
}
