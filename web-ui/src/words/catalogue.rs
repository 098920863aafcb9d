//! The words of the catalogue: searching, narrowing, comparing, taking along.

#[rustfmt::skip]
phrases! {
    TITLE:        "Каталог практик",                          "Catalogue of practices";
    ALL:          "Усі практики бібліотеки",                  "All practices of the library";
    FOUND:        "Знайдено",                                 "Found";
    NARROW:       "Звузити",                                  "Narrow down";
    CHOSEN:       "Обрано",                                   "Chosen";
    REMOVE:       "Прибрати",                                 "Remove";
    CLEAR:        "Прибрати все",                             "Remove all";
    MORE:         "Показати ще",                              "Show more";
    SORT:         "Спочатку",                                 "First";
    BY_RELEVANCE: "найкращі збіги",                           "best matches";
    BY_NEWEST:    "нові",                                     "newest";
    BY_NEAR:      "ближчі до нас",                            "nearest to us";
    BY_ADOPTIONS: "ті, що повторили найчастіше",              "most often repeated";
    SHOWN_FOR:    "Показано результати для",                  "Showing results for";
    EXACTLY:      "Шукати саме",                              "Search exactly";
    DID_YOU_MEAN: "Можливо, ви мали на увазі",                "Did you mean";
    RELAXED:      "Записів з усіма цими словами мало або немає. Показуємо й ті, у яких є частина з них.", "Few records or none have all these words. Those with some of them are shown as well.";
    ALSO:         "Шукали також",                             "Also searched";
    LEFT_OUT:     "Не враховано",                             "Left out";
    TYPED:        "Враховано як умову",                       "Taken as a condition";
    CATCHING_UP:  "Пошук ще опрацьовує нові записи, тож деяких може бракувати. Оновіть сторінку за хвилину.", "The search is still taking in new records, so some may be missing. Reload in a minute.";
    NOT_READY:    "Пошук зараз готується, тому тут усі практики за часом змін. Спробуйте знайти за хвилину.", "The search is being prepared, so all practices stand here by time. Try to search in a minute.";
    BECAUSE:      "Знайдено за",                              "Found by";
    PLACE_WORD:   "місце",                                    "place";
    NOTHING:      "Нічого не знайдено",                       "Nothing found";
    NOTHING_HOW:  "Спробуйте інші слова, перевірте написання або приберіть частину умов.", "Try other words, check the spelling or remove some conditions.";
    AS_XLSX:      "Таблиця Excel",                            "Excel table";
    AS_CSV:       "Таблиця CSV",                              "CSV table";
    AS_JSON:      "JSON для програм",                         "JSON for programs";
    CUT:          "… [текст скорочено: повністю він на сторінці практики]", "… [cut: the whole text stands on the page of the practice]";
    TO_COMPARE:   "До порівняння",                            "To compare";
    TAKE_ALONG:   "Забрати цей перелік",                      "Take this list along";
    PREVIOUS:     "Назад",                                    "Back";
    KM:           "км",                                       "km";
    REPEATED:     "повторили",                                "repeated by";
    SECTOR:       "Галузь",                                   "Sector";
    THEME:        "Наскрізна тема",                           "Cross-cutting theme";
    MECHANISM:    "Інструмент участі",                        "Instrument";
    OBLAST:       "Область",                                  "Oblast";
    SIZE:         "Розмір громади",                           "Size of the hromada";
    CENTRE:       "Тип громади",                              "Type of hromada";
    STAGE:        "Стан",                                     "Stage";
    EVIDENCE:     "Підтвердження",                            "Evidence";
    COST:         "Вартість",                                 "Cost";
    LANGUAGE:     "Мова тексту",                              "Language of the text";
    YEAR:         "Рік початку",                              "Year of start";
    KIND:         "Що саме",                                  "What";
    PRACTICES:    "Практики",                                 "Practices";
    PROFILES:     "Громади",                                  "Hromadas";
    OTHER:        "інша",                                     "other";
    ALSO_FOUND:   "Знайдено також",                           "Also found";
    DEPTH:        "Далі гортати не можна: звузьте перелік умовами або завантажте його таблицею.", "There is no paging further: narrow the list down or download it as a table.";
}
