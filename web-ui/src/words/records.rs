//! The words of what communities say of each other's work: adoptions, requests, talk, seminars.

use crate::language::Counted;

#[rustfmt::skip]
phrases! {
    ADOPTIONS:        "Впровадження",                             "Adoptions";
    ADOPTIONS_LEAD:   "Хто й що повторює в себе, на якому етапі й чим це скінчилося. Чесно, разом із зупиненими.", "Who repeats what, how far they are and how it ended. Honestly, those that stopped included.";
    EXCHANGE:         "Запити й пропозиції",                      "Requests and offers";
    EXCHANGE_LEAD:    "Чого громади шукають і чим можуть допомогти. Найближчі відповіді вузол знаходить сам.", "What hromadas look for and what they can help with. The node finds the nearest answers itself.";
    SEMINARS:         "Семінари",                                 "Seminars";
    SEMINARS_LEAD:    "Зустрічі рівних: ті, хто вже зробив, розповідають тим, хто хоче повторити.", "Meetings of equals: those who have done it tell those who want to repeat it.";
    NOTHING_YET:      "Тут ще нічого немає.",                     "There is nothing here yet.";
    NEW_REQUEST:      "Попросити про допомогу",                   "Ask for help";
    NEW_OFFER:        "Запропонувати допомогу",                   "Offer help";
    NEW_SEMINAR:      "Оголосити семінар",                        "Announce a seminar";
    ALL:              "усі",                                      "all";
    SHOW:             "Показати",                                 "Show";
    DIRECTION:        "Що показувати",                            "What to show";
    STATE:            "Стан",                                     "State";
    SECTOR:           "Галузь",                                   "Sector";
    EXPIRED:          "Термін минув",                             "Expired";
    BY:               "Громада",                                  "Hromada";
    ABOUT:            "Про що",                                   "About";
    TIMELINE:         "Як ішла справа",                           "How it went";
    ADOPTED_BY:       "Хто повторює",                             "Who repeats it";
    ADOPT:            "Ми теж хочемо так",                        "We want this too";
    NOBODY_ADOPTS:    "Ще ніхто не повідомив, що повторює цю практику. Станьте першими.", "Nobody has said yet that they repeat this practice. Be the first.";
    LIKE_YOU:         "Громади, схожі на вашу",                   "Hromadas like yours";
    ENDORSEMENTS:     "Хто підтвердив",                           "Who endorses it";
    ENDORSE:          "Підтвердити",                              "Endorse";
    NOT_ENDORSED:     "Ще ніхто не підтвердив. Запис — слово самої громади.", "Nobody has endorsed it yet. It is the hromada’s own word.";
    OLD_REVISION:     "стосується попередньої редакції, після неї текст змінювали", "is about an earlier revision: the text has changed since";
    THIS_REVISION:    "стосується теперішньої редакції",          "is about the revision shown";
    TALK:             "Запитання й відгуки",                      "Questions and comments";
    NO_TALK:          "Ще ніхто нічого не запитав.",              "Nobody has asked anything yet.";
    ASK:              "Запитати",                                 "Ask";
    COMMENT:          "Написати відгук",                          "Comment";
    ANSWER:           "Відповісти",                               "Answer";
    SUGGEST:          "Запропонувати правку",                     "Suggest an edit";
    SUGGEST_WHY:      "Змініть те, що варто змінити. Громада побачить вашу правку й прийме її одним натиском або відповість. Вас буде зазначено серед помічників.", "Change what should be changed. The hromada sees your edit and accepts it with one press, or answers. You are named among the contributors.";
    WHY_CHANGE:       "Чому варто змінити",                       "Why it should be changed";
    SEND_SUGGESTION:  "Надіслати правку",                         "Send the edit";
    SUGGESTED:        "Пропонує змінити",                         "Suggests to change";
    ACCEPT:           "Прийняти правку",                          "Accept the edit";
    ACCEPTED_ALREADY: "Цю правку вже прийнято: практика каже те саме.", "This edit is accepted already: the practice says the same.";
    ACCEPTED_THANKS:  "Правку прийнято. Дякуємо!",                "The edit is accepted. Thank you!";
    OVERTAKEN:        "змінено після пропозиції",                 "changed since";
    OVERTAKEN_WHY:    "Після того, як запропонували цю правку, текст змінили. Якщо прийняти її, новіший текст поля буде замінено; попередні редакції лишаться в історії.", "The text was changed after this edit was suggested. Accepting it replaces the newer text of the field; earlier revisions stay in the history.";
    ACCEPTED:         "Правку прийнято. Громаду, яка її запропонувала, зазначено серед помічників.", "The edit is accepted. The hromada that suggested it is named among the contributors.";
    PROMOTE:          "Описати як власну практику",               "Tell it as a practice of our own";
    EDIT:             "Змінити",                                  "Edit";
    TAKE_BACK:        "Відкликати",                               "Take back";
    TRANSLATIONS:     "Іншими мовами",                            "In other languages";
    TRANSLATE:        "Додати переклад",                          "Add a translation";
    STALE:            "переклад застарів: оригінал змінено",      "out of date: the original has changed";
    TRANSLATED_BY:    "Текст переклала громада",                  "Text translated by the hromada";
    SHOW_ORIGINAL:    "Показати оригінал",                        "Show the original";
    SHOW_TRANSLATION: "Показати переклад",                        "Show the translation";
    BY_MACHINE:       "машинний переклад, не вичитано",           "by a machine, not proofread";
    MATCHES:          "Хто може допомогти",                       "Who can help";
    MATCHES_OFFER:    "Кому це може знадобитися",                 "Who may need this";
    NO_MATCHES:       "Поки що нікого не видно. Запит побачать усі громади мережі.", "Nobody is in sight yet. All hromadas of the network will see the request.";
    WHY_SECTOR:       "та сама галузь",                           "same sector";
    WHY_OFFERS:       "пропонує саме це",                         "offers just this";
    WHY_NEEDS:        "шукає саме це",                            "looks for just this";
    WHY_NEIGHBOUR:    "сусіди",                                   "neighbours";
    WHY_OBLAST:       "та сама область",                          "same oblast";
    WHY_SIZE:         "подібна за розміром",                      "of like size";
    WHY_HAS:          "має таку практику",                        "has such a practice";
    WHY_ADOPTED:      "повторила таку практику",                  "repeated such a practice";
    WHY_ANSWERED:     "уже відповідала іншим",                    "has answered others";
    OFFERED:          "Відгукнутися",                             "Respond";
    REGISTER:         "Зареєструвати нашу громаду",               "Register our hromada";
    REGISTERED:       "Зареєструвалися",                          "Registered";
    SEATS_LEFT:       "Вільних місць",                            "Seats left";
    CALENDAR:         "До календаря (.ics)",                      "To the calendar (.ics)";
    SIGN_IN_SHEET:    "Аркуш реєстрації для друку",               "Sign-in sheet to print";
    SHEET_NAME:       "Прізвище, ім’я",                           "Name";
    SHEET_POST:       "Громада, посада",                          "Hromada, post";
    SHEET_SIGNATURE:  "Підпис",                                   "Signature";
    SHEET_NOTE:       "Аркуш лишається в організатора. Імена не потрапляють у мережу.", "The sheet stays with the organiser. No name enters the network.";
    PLEDGE:           "Зобов’язатися повторити практику",         "Pledge to repeat a practice";
    PLEDGES:          "Зобов’язання",                             "Pledges";
    MESSAGES:         "Що нам написали",                          "What was written to us";
    ALL_ADOPTIONS:    "Усі, хто повторює",                        "All who repeat it";
    SEEN_ALL:         "Позначити все прочитаним",                 "Mark all as read";
    NEW_MESSAGE:      "Нове",                                     "New";
    MESSAGES_LEAD:    "Відгуки, впровадження, підтвердження й реєстрації інших громад щодо ваших записів та відповіді на те, що написали ви.", "Comments, adoptions, endorsements and registrations of other hromadas about your records, and answers to what you wrote.";
    OUR_RECORDS:      "Наші записи",                              "Our records";
    RECORD:           "Запис",                                    "Record";
    DIGEST:           "Тиждень у мережі",                         "The week in the network";
    DIGEST_LEAD:      "Що нового за сім днів для вашої громади. Можна надрукувати й покласти голові на стіл.", "What is new in seven days for your hromada. It can be printed for the head’s desk.";
    IN_SECTORS:       "Нове у ваших галузях",                     "New in your sectors";
    NEAR:             "Нове поблизу",                             "New nearby";
    ASKED:            "Запитали у вас",                           "Asked of you";
    EXPIRING:         "Скоро втратить чинність",                  "Expiring soon";
    OPEN_REQUESTS:    "Хто шукає допомоги у ваших галузях",       "Who looks for help in your sectors";
    SEMINARS_SOON:    "Найближчі семінари",                       "Seminars to come";
    FEED:             "Стрічка (Atom)",                           "Feed (Atom)";
    ACHIEVEMENTS:     "Чого досягла мережа",                      "What the network achieved";
    ACHIEVEMENTS_LEAD: "Пораховано на цьому вузлі з підписаних записів усіх громад. Можна надрукувати для ради чи донора.", "Counted on this node from the signed records of all hromadas. It can be printed for a council or a donor.";
    BY_SECTOR:        "За галузями",                              "By sector";
    BY_OBLAST:        "За областями",                             "By oblast";
    BY_MONTH:         "За місяцями",                              "By month";
    BY_STATE:         "За станом",                                "By status";
    WITHOUT:          "не вказано",                               "not given";
    HOW_MANY:         "Скільки",                                  "How many";
    HIDE:             "Приховати на цьому вузлі",                 "Hide on this node";
    HIDE_WHY:         "Запис лишається в бібліотеці й на інших вузлах. Тут його не показуватимуть, а причину побачить кожен. Повернути можна будь-коли.", "The record stays in the library and on other nodes. Here it is not shown, and everybody sees the reason. It can be shown again at any time.";
    SHOW_AGAIN:       "Показувати знову",                         "Show again";
    NOT_SHOWN:        "Цей запис тут не показують",               "This record is not shown here";
    HIDDEN_HERE:      "Приховано на цьому вузлі. Причина",        "Hidden on this node. Reason";
    SHOW_ANYWAY:      "Прочитати все одно",                       "Read it anyway";
    GUESTS:           "Список учасників",                         "List of participants";
    GUESTS_WHY:       "Список лишається на цьому комп’ютері й нікуди не передається. Інші вузли бачать лише, скільки людей від якої громади.", "The list stays on this computer and goes nowhere. Other nodes see only how many people come from which hromada.";
    GUESTS_LINES:     "Одна людина в рядку: прізвище, посада, громада", "One person a line: name, post, hromada";
    KEEP:             "Зберегти",                                 "Keep";
    CANNOT_WRITE:     "Щоб писати, увійдіть на вузлі своєї громади.", "To write, sign in on your own hromada’s node.";
    ORIGIN_CONFIRMS:  "підтвердила громада, чия це практика",     "confirmed by the hromada whose practice it is";
}

pub(crate) const PEOPLE_COUNTED: Counted =
    Counted { uk: ["людина", "людини", "людей"], en: ["person", "people"] };

pub(crate) const MESSAGES_COUNTED: Counted = Counted {
    uk: ["нове повідомлення", "нові повідомлення", "нових повідомлень"],
    en: ["new message", "new messages"],
};
