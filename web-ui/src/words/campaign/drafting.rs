//! The words with which a material begins that the node drafts.

#[rustfmt::skip]
crate::words::phrases! {
    FOR_RESIDENTS: "Мешканці громади",                         "Residents of the hromada";
    FOR_EDITORS:   "Редакції місцевих медіа",                  "Editors of the local media";
    FOR_HROMADAS:  "Громади, які хочуть зробити так само",     "Hromadas that want to do the same";
    WHAT_IS_IT:    "Що це таке?",                              "What is it?";
    WHY_NEEDED:    "Навіщо це було потрібно?",                 "Why was it needed?";
    WHAT_WAS_WRONG: "Що було не так?",                         "What was wrong?";
    WHAT_WAS_DONE: "Що зробили?",                              "What was done?";
    WHO_TOOK_PART: "Скільки людей долучилося?",                "How many people took part?";
    WHAT_COST:     "Скільки це коштувало?",                    "What did it cost?";
    WHAT_CAME:     "Що це дало?",                              "What came of it?";
    WHAT_FAILED:   "Що не вдалося з першого разу?",            "What did not work at first?";
    WHAT_ADVICE:   "Що порадить громада наступним?",           "What does the hromada advise the next?";
    WHOM_NOT:      "Кому це не підійде?",                      "Whom does it not suit?";
    WHOM_TO_ASK:   "Кого запитати?",                           "Whom to ask?";
    WHAT_IS_INSIDE: "Про що тут розповідають?",                "What is told here?";
    CAN_BE_REPEATED: "їх можна повторити у своїй громаді",     "they can be repeated in your own hromada";
    READ_AND_REPEAT: "Прочитайте, запитайте й повторіть у себе", "Read, ask and repeat it at home";
    ASK_THE_HROMADA: "Запитайте в громади",                    "Ask the hromada";
    ASK_HOW:       "Запитайте в громади, як це повторити",     "Ask the hromada how to repeat it";
    SPENT:         "Витрати",                                  "Cost";
    CONTACT_FOR_EDITORS: "Контакт для редакцій",               "Contact for editors";
    QUOTE_HERE:    "«[Впишіть слова людини, яка це робила: що змінилося і чому варто спробувати]», — [посада; ім’я лише за згодою].", "“[Put here the words of somebody who did it: what has changed, and why it is worth trying],” says [post; a name only with consent].";
    VIDEO_HERE:    "[Впишіть адресу відео]",                   "[Put the address of the video here]";
    SOURCE:        "Більше — у бібліотеці практик «Досвід».",  "More in Dosvid, the library of practices.";
}
