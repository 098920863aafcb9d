//! The words of the map, of the registry of communities and of a community's page.

use crate::language::Counted;

#[rustfmt::skip]
phrases! {
    MAP_TITLE:     "Мапа практик і громад",                    "Map of practices and hromadas";
    MAP_LEAD:      "Де що зробили і хто готовий поділитися. Оберіть область на мапі або в таблиці.", "Where things were done, and who is ready to share. Choose an oblast on the map or in the table.";
    MAP_OF:        "Мапа України з областями, Автономною Республікою Крим, Києвом і Севастополем", "Map of Ukraine with its oblasts, the Autonomous Republic of Crimea, Kyiv and Sevastopol";
    MAP_DESC:      "Що темніша область, то більше в ній знайдено. Кружечки — громади або кілька сусідніх разом. Те саме є в таблиці під мапою.", "The darker an oblast, the more was found in it. Circles are hromadas, or several neighbours together. The table below says the same.";
    TO_TABLE:      "Перейти до таблиці",                       "Go to the table";
    SHOW:          "Що показати",                              "Show";
    SHOW_PRACTICES: "Практики",                                "Practices";
    SHOW_READY:    "Громади, готові поділитися",               "Hromadas ready to share";
    SHOW_ALL:      "Усі громади мережі",                       "All hromadas of the network";
    READY:         "Готові поділитися",                        "Ready to share";
    ANY:           "усі",                                      "any";
    APPLY:         "Показати",                                 "Show";
    CLEAR:         "Прибрати умови",                           "Remove conditions";
    SECTOR:        "Галузь",                                   "Sector";
    THEME:         "Тема",                                     "Theme";
    MECHANISM:     "Інструмент участі",                        "Instrument of participation";
    SIZE:          "Населення",                                "Population";
    OBLAST:        "Область",                                  "Oblast";
    FORMAT:        "Як допомагають",                           "How they help";
    MORE_CONDITIONS: "Ще умови",                               "More conditions";
    WORDS:         "Слова",                                    "Words";
    LEGEND:        "Скільки знайдено в області",               "How many were found in an oblast";
    WHOLE_COUNTRY: "Уся Україна",                              "All of Ukraine";
    IN_ALL:        "Разом",                                    "In all";
    NOT_READY:     "Пошук саме готується, тому умови за практиками поки не діють: кружечки показують усі практики громад.", "The search is being prepared, so conditions on practices do not act yet: circles show all practices of hromadas.";
    BY_RAION:      "Місце деяких громад відоме лише до району.", "Of some hromadas only the raion is known.";
    NOTHING:       "За цими умовами нічого не знайдено. Приберіть частину умов.", "Nothing was found by these conditions. Remove some of them.";
    CREDIT:        "Обриси областей: SVG Maps (О. Ладанай), CC BY 4.0. Місця громад: GeoNames, CC BY 4.0.", "Outlines: SVG Maps (O. Ladanai), CC BY 4.0. Places of hromadas: GeoNames, CC BY 4.0.";
    OPEN_LIST:     "Відкрити переліком",                       "Open as a list";
    HERE:          "Громади тут",                              "Hromadas here";

    REGISTRY:      "Реєстр громад",                            "Registry of hromadas";
    REGISTRY_LEAD: "Хто готовий поділитися досвідом, як саме і до кого звернутися.", "Who is ready to share experience, how, and whom to ask.";
    NAME:          "Назва громади",                            "Name of the hromada";
    NAME_HINT:     "напр. Миколаївська",                       "e.g. Mykolaivska";
    ONLY_READY:    "Лише готові поділитися",                   "Only those ready to share";
    FIRST:         "Спочатку",                                 "First";
    BY_NEAR:       "ближчі до нас",                            "nearest to us";
    BY_FRESH:      "нещодавно підтверджені",                   "confirmed last";
    BY_PRACTICES:  "з більшою кількістю практик",              "with most practices";
    BY_NAME:       "за абеткою",                               "by name";
    SHARES:        "Готові показати",                          "Ready to show";
    NEEDS:         "Шукають",                                  "Look for";
    ASK:           "Звертатися",                               "Ask";
    CONFIRMED:     "Підтверджено",                             "Confirmed";
    TODAY:         "сьогодні",                                 "today";
    NEVER:         "Пропозицію ніхто не підтверджував",        "Nobody has confirmed the offer";
    STALE:         "Давно не підтверджували: спершу перепитайте", "Not confirmed for long: ask first";
    EXPIRED:       "Термін пропозиції минув",                  "The offer has expired";
    OFFERS_NOTHING: "Поки нічого не пропонує",                 "Offers nothing yet";
    KM:            "км",                                       "km";
    FROM_US:       "від нас",                                  "from us";
    TAKE_ALONG:    "Забрати цей перелік",                      "Take this list along";
    AS_XLSX:       "Таблиця Excel (.xlsx)",                    "Excel sheet (.xlsx)";
    AS_CSV:        "Таблиця CSV",                              "CSV table";
    AS_JSON:       "JSON для програм",                         "JSON for programs";
    NOBODY:        "За цими умовами не знайдено жодної громади. Приберіть частину умов або пошукайте на мапі.", "No hromada was found by these conditions. Remove some of them, or look at the map.";
    ON_MAP:        "Показати на мапі",                         "Show on the map";
    WHO_IS_HERE:   "Тут громади, які вже мають вузол у мережі. Код і назву кожна заявила сама.", "These are hromadas that have a node in the network. Each claims its code and name itself.";

    WHAT_THEY_SHARE: "Чим готові поділитися",                  "What they are ready to share";
    WHAT_THEY_NEED: "Що шукають",                              "What they look for";
    INSTRUMENTS:   "Інструменти участі",                       "Instruments of participation";
    WHERE:         "Де це",                                    "Where it is";
    WHERE_RAION:   "Точне місце центру невідоме: показано середину району.", "The centre’s exact place is not known: the middle of the raion is shown.";
    WHO_VOUCHES:   "Звідки це відомо",                         "How this is known";
    VOUCHED:       "Код і назву громада заявила сама, підписавши засновницький статут свого вузла. Мережа перевіряє підписи: усе нижче справді написав власник цього ключа. Чи є він цією громадою, перевіряють люди: зателефонуйте за номером з офіційного сайту.", "The hromada claims this code and name itself, by signing its founding charter. The network checks signatures: whatever stands below was written by the owner of this key. Whether that is this hromada is for people to check: call the number on its official site.";
    SAME_CODE:     "Цей самий код заявив ще хтось. Перевірте, котрий справжній.", "Somebody else claims this very code. Check which one is real.";
    SIMILAR:       "Схожі громади поруч",                      "Similar hromadas nearby";
    SIMILAR_NONE:  "Інших громад у мережі поки немає.",        "There are no other hromadas in the network yet.";
    LIKE_SIZE:     "схожа за населенням",                      "of like population";
    LIKE_KIND:     "того самого типу",                         "of the same type";
    SAME_OBLAST:   "з нашої області",                          "of the same oblast";
    CAN_HELP:      "пропонує те, що шукають тут",              "offers what is looked for here";
    LAW:           "Закон",                                    "Law";
    DOCUMENT:      "Документ",                                 "Document";
    SINCE:         "Відколи",                                  "Since";
    USED:          "Застосовано торік",                        "Used last year";
    NOT_CHECKED:   "потребує перевірки",                       "to be checked";
    LAW_NOTE:      "Посилання на закон — орієнтир, а не правова консультація.", "The law is named as a pointer, not as legal advice.";
    CONDITIONS_OF: "Умови",                                    "Conditions";
    VALID_UNTIL:   "Чинне до",                                 "Valid until";
    PER_MONTH:     "на місяць",                                "a month";
    HOW:           "Як саме",                                  "How";
    CAN_SHOW:      "Можуть показати",                          "Can show";
    ADOPTIONS:     "Що повторили в інших",                     "What they repeated from others";
    ADOPTIONS_NONE: "Про повторення чужого досвіду громада поки не розповіла.", "The hromada has told of no repeated experience yet.";
    ADOPTED_HERE:  "Що в них повторили інші",                  "What others repeated from them";
    AFTER:         "За прикладом",                             "After the example of";
    NOT_HERE:      "практики, якої тут ще немає",              "a practice that is not here yet";
    PEOPLE:        "жителів",                                  "inhabitants";
}

pub(crate) const DAYS_AGO: Counted =
    Counted { uk: ["день тому", "дні тому", "днів тому"], en: ["day ago", "days ago"] };
pub(crate) const REQUESTS: Counted =
    Counted { uk: ["запит", "запити", "запитів"], en: ["request", "requests"] };
