//! The words of collections: of the book itself, and of the page where it is found.

use crate::language::Counted;

#[rustfmt::skip]
phrases! {
    COLLECTIONS:   "Збірники",                                 "Collections";
    COLLECTION:    "Збірник",                                  "Collection";
    COLLECTIONS_LEAD: "Практики, дібрані й розставлені упорядниками, готові до друку: у кожному збірнику тексти стоять у тій редакції, яку обрали.", "Practices chosen and ordered by editors, ready for print: each collection keeps the revision that was chosen.";
    EMPTY_COLLECTIONS: "Жодного збірника ще немає. Збірник з’явиться тут, щойно його опублікує якась громада.", "There is no collection yet. It appears here as soon as a hromada publishes one.";

    FOREWORD:      "Передмова",                                "Foreword";
    AFTERWORD:     "Післямова",                                "Afterword";
    EDITED_BY:     "Упорядники",                               "Edited by";
    PUBLISHER:     "Видавець",                                 "Publisher";
    PUBLISHED_BY:  "Опублікувала громада",                     "Published by the hromada";
    IMPRINT:       "Вихідні дані",                             "Imprint";
    UDC:           "УДК",                                      "UDC";
    ISBN:          "Номер видання (ISBN)",                     "ISBN";
    RECORD:        "Запис у бібліотеці «Досвід»",              "Record in the library Dosvid";
    REVISION_OF:   "Редакція від",                             "Revision of";
    NOTE:          "Від упорядників",                          "From the editors";
    CONTACT:       "До кого звернутися",                       "Whom to ask";
    SOURCE:        "Джерело",                                  "Source";
    TRANSLATED:    "Переклала громада",                        "Translated by the hromada";
    BY_MACHINE:    "Машинний переклад, не вичитано.",          "By a machine, not proofread.";
    OF_ANOTHER:    "Переклад зроблено з іншої редакції тексту: оригінал може відрізнятися.", "Made from another revision of the text: the original may differ.";
    CASE:          "Випадок",                                  "Case";
    FROZEN:        "Кожну практику надруковано в тій редакції, яку обрали упорядники. Після цього громада могла її доповнити: чинну редакцію шукайте в бібліотеці за номером запису.", "Each practice is printed in the revision that the editors chose. Its hromada may have added to it since: look for the current revision in the library by the record’s id.";

    NEWER:         "Є новіша редакція",                        "There is a newer revision";
    NEWER_WHY:     "Після того як збірник уклали, деякі громади змінили свої практики. У файлах нижче стоїть редакція, яку обрали упорядники.", "Some hromadas have changed their practices since the collection was made. The files below hold the revision that the editors chose.";
    MISSING:       "Цієї практики тут немає: її відкликано або вона ще не надійшла на цей вузол. У файлах її не буде.", "This practice is not here: it was withdrawn or has not reached this node yet. The files are made without it.";
    DOWNLOAD:      "Завантажити",                              "Download";
    AS_PDF:        "PDF для друку",                            "PDF for print";
    AS_EPUB:       "EPUB для читання",                         "EPUB for reading";
    AS_DOCX:       "DOCX для Word",                            "DOCX for Word";
    AS_HTML:       "Один файл HTML",                           "One HTML file";
    DOWNLOAD_HOW:  "PDF верстається під час першого завантаження: великий збірник потребує кількох секунд.", "The PDF is typeset when it is first downloaded: a large collection takes a few seconds.";
    WORD_OF_EDITORS: "Слово упорядника",                       "Editors’ note";
    NOT_HERE:      "Цього запису тут немає: його відкликано або він ще не надійшов", "This record is not here: it was withdrawn or has not arrived yet";
    REVISION_FROM: "редакція від",                             "revision of";
    RENEW:         "Оновити до найновішої редакції",           "Take the newest revision";
    RENEW_ALL:     "Оновити всі до найновішої редакції",       "Take the newest revision of all";
    RENEWED:       "Редакції оновлено у формі. Перегляньте їх і опублікуйте збірник знову.", "The revisions are renewed in the form. Look at them and publish the collection again.";
    UP:            "Вище",                                     "Up";
    DOWN:          "Нижче",                                    "Down";
    REMOVE:        "Прибрати",                                 "Remove";
    ADD_PRACTICE:  "Додати практику",                          "Add a practice";
    CHOOSE_PRACTICE: "Обрати практику",                        "Choose a practice";
    CHOOSE_SEMINAR: "Обрати семінар",                          "Choose a seminar";
    CHOOSE_REQUEST: "Обрати запит",                            "Choose a request";
    CHOOSE_ADOPTION: "Обрати впровадження",                    "Choose an adoption";
    PICK_OTHER_LEAD: "Нижче те, що змінювали останнім. Щоб знайти інше, впишіть слово з назви.", "Below is what was changed last. To find another, type a word of its title.";
    CHOOSE_COLLECTION: "Обрати збірник",                       "Choose a collection";
    PICK_LEAD:     "Знайдіть потрібне за словами назви чи громади й натисніть «Додати».", "Look for it by the words of its title or its hromada, and press “Add”.";
    ADD:           "Додати",                                   "Add";
    ADDED:         "Додано",                                   "Added";
    THERE_ALREADY: "уже додано",                               "there already";
    BACK_TO_FORM:  "Повернутися до форми",                     "Back to the form";
    NOTHING_FOUND: "Нічого не знайдено. Спробуйте інші слова.", "Nothing was found. Try other words.";
    LOOK_FOR:      "Назва, громада чи тема",                   "Title, hromada or subject";
    FIND:          "Знайти",                                   "Find";
    NEW_COLLECTION: "Новий збірник",                           "New collection";
    COLLECT:       "Додати до збірника",                       "Add to a collection";
    COLLECT_LEAD:  "Практика потрапить до збірника в теперішній редакції.", "The practice enters the collection in its present revision.";
    DRAFTS_OF_COLLECTIONS: "Чернетки збірників",               "Drafts of collections";
    OWN_COLLECTIONS: "Опубліковані збірники вашої громади",    "Published collections of your hromada";
    TO_FULL:       "Більше практик сюди не вміститься: приберіть котрусь або почніть новий запис", "No more practices fit here: remove one or begin another record";
    OUR_CHOICE:    "Практики збірника",                        "Practices of the collection";
}

pub(crate) const CASES_COUNTED: Counted =
    Counted { uk: ["практика", "практики", "практик"], en: ["practice", "practices"] };
