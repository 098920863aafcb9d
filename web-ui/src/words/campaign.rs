//! The words of campaign materials: of what is printed, and of the pages where it is found.

pub(crate) mod drafting;

#[rustfmt::skip]
phrases! {
    MATERIALS:     "Матеріали кампанії",                       "Campaign materials";
    MATERIALS_LEAD: "Плакати, листівки, дописи й пресрелізи про практики: кожен можна завантажити у звичних розмірах і повісити, роздати чи опублікувати.", "Posters, leaflets, posts and press releases about practices: each to be downloaded in the usual sizes and put up, handed out or published.";
    EMPTY_MATERIALS: "Жодного матеріалу ще немає. Він з’явиться тут, щойно його опублікує якась громада.", "There is no material yet. It appears here as soon as a hromada publishes one.";
    NEW_MATERIAL:  "Новий матеріал",                           "New material";
    MAKE:          "Зробити матеріал",                         "Make a material";
    MAKE_LEAD:     "Оберіть вид і мову. Вузол сам заповнить заголовок, головну думку, текст і заклик із того, що написано в бібліотеці: перегляньте, змініть своїми словами й опублікуйте.", "Choose a type and a language. The node fills in title, message, text and call from what the library says: look it over, change it into your own words and publish it.";
    MAKE_EMPTY:    "Матеріал можна зробити й з чистого аркуша, а практику чи збірник обрати у формі. Якщо почати зі сторінки практики чи збірника, вузол сам заповнить тексти.", "A material can be made from an empty sheet, and its practice or collection chosen in the form. Begun on the page of a practice or a collection, it has its texts filled in by the node.";
    WHICH_TYPE:    "Що зробити",                               "What to make";
    WHICH_TONGUE:  "Якою мовою",                               "In which language";
    MADE_OF:       "Про що",                                   "About";
    GO_ON:         "Далі",                                     "Go on";
    NO_CODE:       "Публічної адреси немає, тож коду на аркушах не буде. Щоб він з’явився, впишіть «Публічну адресу» в цьому матеріалі (кнопка «Змінити») або попросіть адміністратора вписати public_url у dosvid.toml вузла.", "There is no public address, so the sheets carry no code. To have one, fill in the “Public address” of this material (button “Edit”), or ask the administrator to set public_url in the node’s dosvid.toml.";
    AUDIENCE:      "Для кого",                                 "For whom";
    DONOR:         "Хто підтримав",                            "Supported by";
    CALL:          "Заклик",                                   "Call";
    ABOUT:         "Про що",                                   "What it is about";
    PUBLIC_ADDRESS: "Публічна адреса",                         "Public address";
    USES:          "Де використали",                           "Where it was used";
    USES_NONE:     "Ще ніхто не повідомив, що використав цей матеріал.", "Nobody has said yet that they used this material.";
    WE_USED_IT:    "Ми використали",                           "We used it";
    USES_SUM:      "Як широко розійшовся",                     "How far it went";
    CHANNEL:       "Де",                                       "Where";
    TIMES:         "Разів",                                    "Times";
    REACH:         "Побачило людей",                           "People reached";
    IN_ALL:        "Разом",                                    "In all";
    BY_COMMUNITIES: "Громад",                                  "Hromadas";
    NO_PRESS:      "Цей вузол зібрано без верстальника, тому PDF і картинок він не робить. Їх зробить будь-який вузол, зібраний із ним.", "This node was built without the typesetter, so it makes neither PDF nor pictures. Any node built with it does.";
    SIZES:         "Файли у звичних розмірах",                 "Files in the usual sizes";
    POSTER:        "Плакат, A4",                               "Poster, A4";
    LEAFLET:       "Листівка, A5",                             "Leaflet, A5";
    SQUARE:        "Картинка для соцмереж, 1080 × 1080",       "Picture for social networks, 1080 × 1080";
    WIDE:          "Картинка до посилання, 1200 × 630",        "Picture for a link, 1200 × 630";
    RELEASE:       "Пресреліз, A4",                            "Press release, A4";
    SLIDES:        "Презентація, 16 : 9",                      "Slides, 16 : 9";
    QUESTIONS:     "Запитання і відповіді, A4",                "Questions and answers, A4";
    SCAN:          "Наведіть камеру телефона",                 "Point your phone’s camera here";
    RELEASE_HEAD:  "Пресреліз",                                "Press release";
    QUESTIONS_HEAD: "Запитання і відповіді",                   "Questions and answers";
    TO_EDITORS:    "Для редакцій: до кого звернутися, сказано на сторінці кожної практики в бібліотеці «Досвід».", "For editors: whom to ask is said on the page of each practice in the library Dosvid.";
    FROM_LIBRARY:  "З бібліотеки практик участі «Досвід»",     "From Dosvid, the library of practices of participation";
}
