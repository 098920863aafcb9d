//! The words of the start page.

#[rustfmt::skip]
phrases! {
    TITLE:         "Бібліотека практик участі",                "Library of participation practices";
    HERO:          "Хтось у країні вже це зробив. Знайдіть, як", "Somebody in the country has done it already. Find out how";
    LEAD:          "Практики місцевої демократії, які громади описали самі: що зробили, скільки коштувало, що вийшло і кому зателефонувати.", "Practices of local democracy as hromadas wrote them down: what they did, what it cost, what came of it and whom to call.";
    HOLDS:         "У бібліотеці",                             "The library holds";
    BY_SECTOR:     "За галуззю",                               "By sector";
    BY_THEME:      "За наскрізною темою",                      "By theme";
    NEW:           "Нове",                                     "New";
    ALL_NEW:       "Усі практики",                             "All practices";
    NEAR:          "Поруч із нами",                            "Near us";
    ALL_NEAR:      "Усі за відстанню",                         "All by distance";
    NEAR_WHY:      "Спочатку найближчі й подібні за розміром громади: із сусідами найлегше домовитися.", "Nearest hromadas of like size first: neighbours are the easiest to agree with.";
    REQUESTS:      "Шукають допомоги",                         "Looking for help";
    ALL_REQUESTS:  "Усі запити",                               "All requests";
    REQUESTS_WHY:  "На ці запити ще ніхто не відповів.",       "Nobody has answered these requests yet.";
    NETWORK:       "Що робить мережа",                         "What the network is doing";
    ALONE:         "Зараз вузол ні з ким не з’єднаний. Усе, що вже отримано, працює й без мережі.", "The node is connected to nobody just now. All that has come already works without the network.";
    LINKED:        "Вузол на зв’язку, під’єднано",             "The node is in touch, connected to";
    AND_OTHERS:    "та інші",                                  "and others";
    SENDING:       "Чекає на надсилання",                      "Waits to be sent";
    JUST_NOW:      "Щойно, поки відкрито цю сторінку",         "Just now, while this page is open";
    CAME:          "Нове або змінене",                         "New or changed";
    WENT:          "Відкликано практику",                      "A practice was withdrawn";
    JOINED:        "Громада з’явилася або змінила свої ключі", "A hromada has joined or changed its keys";
    ALL_HERE:      "Усе, про що відомо під’єднаним вузлам, уже тут.", "Everything known to the connected nodes is here.";
    COMING:        "Ще надходить",                             "Still to come";
    LAST_EXCHANGE: "Останній обмін",                           "Last exchange";
    MORE_STATE:    "Докладно про стан вузла",                  "More about the state of the node";
}
