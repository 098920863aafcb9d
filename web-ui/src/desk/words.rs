//! Every word of the desk, one row each.

use crate::language::{Counted, Phrase};
use crate::words::phrases;

#[rustfmt::skip]
phrases! {
    DESK:             "Робочий стіл",                             "Desk";
    SIGN_IN:          "Увійти",                                   "Sign in";
    SIGN_OUT:         "Вийти",                                    "Sign out";
    SIGN_OUT_NOW:     "Вийти з цього браузера?",                  "Sign out of this browser?";
    NAME:             "Ім’я",                                     "Name";
    NAME_HINT:        "Те, під яким вас додав адміністратор",     "The one under which the administrator added you";
    PASSWORD:         "Пароль",                                   "Password";
    NEW_PASSWORD:     "Новий пароль",                             "New password";
    PASSWORD_HINT:    "Щонайменше 12 знаків. Найлегше запам’ятати три-чотири слова поспіль", "At least 12 characters. Three or four words in a row are easiest to remember";
    LOST_PASSWORD:    "Забули пароль? Адміністратор громади задасть новий на сторінці «Облікові записи». Якщо забув сам адміністратор, на комп’ютері з вузлом виконайте: dosvid account password", "Forgot the password? Your administrator sets a new one on the page “Accounts”. If it is the administrator who forgot, run on the node’s computer: dosvid account password";
    PROOF:            "Ваш пароль ще раз",                        "Your password again";
    PROOF_WHY:        "Так вузол переконується, що це ви, а не хтось за відкритим браузером.", "So the node knows that it is you and not somebody at an open browser.";
    WRONG_PROOF:      "Пароль неправильний. Введіть свій пароль ще раз", "The password is wrong. Give your password again";
    SIGNED_OUT:       "Ваш сеанс закінчився. Увійдіть і повторіть", "Your session has ended. Sign in and try again";
    STALE_FORM:       "Цю форму відкрито до останнього входу. Поверніться кнопкою «Назад», оновіть сторінку й повторіть", "This form was opened before the last sign-in. Go back, reload the page and try again";
    NOT_ALLOWED:      "Ваша роль не дозволяє цього. Попросіть адміністратора громади", "Your role does not allow this. Ask your administrator";
    DONE:             "Зроблено",                                 "Done";

    ACCOUNT:          "Мій обліковий запис",                      "My account";
    ROLE:             "Роль",                                     "Role";
    SESSIONS:         "Відкритих сеансів",                        "Open sessions";
    CHANGE_PASSWORD:  "Змінити пароль",                           "Change the password";
    CHANGE_WHY:       "Після зміни доведеться увійти знову на кожному комп’ютері.", "Afterwards you have to sign in again on every computer.";
    OLD_PASSWORD:     "Теперішній пароль",                        "The password so far";
    END_ALL:          "Вийти на всіх комп’ютерах",                "Sign out everywhere";

    ACCOUNTS:         "Облікові записи",                          "Accounts";
    ACCOUNTS_WHY:     "Ці люди працюють на цьому вузлі. Імена нікуди не передаються: практики підписує громада.", "These people work on this node. Their names go nowhere: practices are signed by the hromada.";
    ADD_ACCOUNT:      "Додати людину",                            "Add somebody";
    ADD:              "Додати",                                   "Add";
    SINCE:            "Додано",                                   "Added";
    YOU:              "це ви",                                    "this is you";
    CHANGE_ROLE:      "Змінити роль",                             "Change the role";
    RESET_PASSWORD:   "Задати новий пароль",                      "Set a new password";
    REMOVE:           "Вилучити",                                 "Remove";
    MANAGE:           "Змінити або вилучити",                     "Change or remove";
    ROLE_ADMINISTRATOR: "адміністратор",                          "administrator";
    ROLE_EDITOR:      "редактор",                                 "editor";
    ROLE_READER:      "читач",                                    "reader";
    ROLE_ADMINISTRATOR_WHY: "те саме, що редактор, і керує обліковими записами", "the same as an editor, and manages accounts";
    ROLE_EDITOR_WHY:  "пише й публікує від імені громади",        "writes and publishes for the hromada";
    ROLE_READER_WHY:  "лише читає",                               "only reads";

    DEEDS:            "Журнал дій",                               "Log of deeds";
    DEEDS_WHY:        "Хто що зробив на цьому вузлі. Журнал не покидає цього комп’ютера.", "Who did what on this node. The log does not leave this computer.";
    NO_DEEDS:         "Ще ніхто нічого не зробив.",               "Nobody has done anything yet.";
    WHEN:             "Коли",                                     "When";
    WHO:              "Хто",                                      "Who";
    WHAT:             "Що",                                       "What";
    ABOUT_WHAT:       "Подробиці",                                "Details";
    CONSOLE:          "з командного рядка",                       "from the console";

    START:            "Перший запуск",                            "First run";
    START_WHY:        "За кілька хвилин цей вузол працюватиме. Спершу задайте ім’я і пароль людини, яка ним керуватиме.", "In a few minutes this node will work. First set the name and password of whoever will manage it.";
    START_WHAT:       "Досвід — спільна бібліотека практик участі. Уся бібліотека лежить на вашому комп’ютері й працює без інтернету.", "Dosvid is a shared library of practices of participation. All of it lies on your computer and works without the internet.";
    START_ELSEWHERE:  "Цей вузол ще не налаштовано. Відкрийте цю сторінку на тому комп’ютері, де він працює.", "This node is not set up yet. Open this page on the computer on which it runs.";
    START_GO:         "Створити й продовжити",                    "Create and go on";
    START_SKIP:       "Поки що тільки читати",                    "Only read for now";
    START_SKIP_WHY:   "Читати бібліотеку можна й без облікового запису. Налаштувати вузол можна буде пізніше, натиснувши «Увійти».", "The library can be read without an account. The node can be set up later by pressing “Sign in”.";
    YOUR_NAME:        "Ваше ім’я",                                "Your name";
    YOUR_NAME_HINT:   "Наприклад, «Оксана Іваненко» або «Відділ культури». Ним ви входитимете; іншим вузлам воно не передається", "For example “Oksana Ivanenko” or “Department of culture”. You sign in with it; other nodes never get it";
    STEP_PERSON:      "Людина",                                   "Person";
    STEP_HROMADA:     "Громада",                                  "Hromada";
    STEP_SHEET:       "Аркуш відновлення",                        "Recovery sheet";
    STEP_CONNECT:     "Зв’язок",                                  "Connection";
    STEP_DONE:        "Готово",                                   "Done";
    STEPS:            "Кроки",                                    "Steps";
    CHOOSE_HROMADA:   "Від імені якої громади працює вузол",      "For which hromada this node works";
    FIND_HROMADA:     "Назва громади",                            "Name of the hromada";
    FIND_HINT:        "Наберіть початок назви, а якщо таких кілька, то й області: «миколаївська сум»", "Type the beginning of the name and, if there are several, of the oblast";
    FIND:             "Знайти",                                   "Find";
    FOUND:            "Знайдені громади",                         "Hromadas found";
    FOUND_NONE:       "Такої громади в Кодифікаторі немає. Перевірте назву: вистачить кількох перших літер", "The codifier has no such hromada. Check the name: a few first letters are enough";
    FOUND_MORE:       "Знайдено більше. Допишіть назву або додайте область.", "There are more. Type more of the name or add the oblast.";
    CENTRE:           "центр",                                    "centre";
    DEVICE_NAME:      "Як назвати цей комп’ютер",                 "What to call this computer";
    DEVICE_NAME_HINT: "Назву побачать інші громади біля ваших записів. Наприклад, «Відділ культури»", "Other hromadas see it beside your records. For example “Department of culture”";
    FOUND_IT:         "Працювати від імені цієї громади",         "Work for this hromada";
    FOUND_WHY:        "Вузол створить ключі громади. Змінити громаду на цьому вузлі потім не можна.", "The node makes the hromada’s keys. The hromada of this node cannot be changed afterwards.";
    ONLY_READ:        "Вузол лише читає",                         "This node only reads";
    ONLY_READ_WHY:    "Якщо ви не громада: школа, бібліотека, організація, мешканці.", "If you are not a hromada: a school, a library, an organisation, residents.";
    SHEET:            "Аркуш відновлення",                        "Recovery sheet";
    SHEET_WHY:        "Це ключ посадової особи громади. З ним громада зможе працювати далі, якщо комп’ютер зламається або пропаде. Надрукуйте аркуш, покладіть у сейф і нікому не надсилайте.", "This is the key of the hromada’s officer. With it the hromada can go on if the computer breaks or is lost. Print the sheet, put it into a safe and send it to nobody.";
    SHEET_ONCE:       "Аркуш показано тут лише зараз. Після підтвердження сторінка його більше не покаже.", "The sheet is shown here only now. After you confirm, this page never shows it again.";
    SHEET_HOW:        "Щоб писати від імені громади з нового комп’ютера, виконайте там dosvid recover, наберіть ці знаки, під’єднайтеся до іншого вузла й, коли надійде бібліотека, оберіть свою громаду.", "To write for the community on a new computer run dosvid recover there, type these characters, connect to another node and, once the library has come, choose your community.";
    SHEET_KEY:        "Знаки ключа",                              "Characters of the key";
    SHEET_QR:         "Ті самі знаки як QR-код",                  "The same characters as a QR code";
    SHEET_HOW_PRINT:  "Надрукуйте цю сторінку: Ctrl+P. Без принтера перепишіть знаки від руки.", "Print this page: Ctrl+P. Without a printer copy the characters by hand.";
    SHEET_CHECK:      "Аркуш надруковано або переписано й перевірено", "The sheet is printed or copied, and checked";
    SHEET_CHECK_FIRST: "Спершу надрукуйте або перепишіть аркуш і поставте позначку", "Print or copy the sheet first, then tick the box";
    SHEET_GONE:       "Аркуш уже надруковано:",                   "The sheet was printed already:";
    SHEET_ASK:        "Щоб побачити аркуш, введіть свій пароль.", "To see the sheet give your password.";
    SHOW_SHEET:       "Показати аркуш",                           "Show the sheet";
    GO_ON:            "Далі",                                     "Go on";
    CONNECT:          "З ким з’єднатися",                         "Whom to connect to";
    CONNECT_WHY:      "Вузол уже шукає інших сам. Якщо координатор мережі або сусідня громада дали вам адресу, впишіть її.", "The node looks for others by itself. If the network’s coordinator or a neighbour gave you an address, type it.";
    CONNECTED_NOW:    "Зараз під’єднано",                         "Connected now";
    PEER_ADDRESS:     "Адреса вузла",                             "Address of a node";
    PEER_HINT:        "Має вигляд /ip4/192.0.2.7/tcp/4643/p2p/12D3Koo…", "Looks like /ip4/192.0.2.7/tcp/4643/p2p/12D3Koo…";
    ADDRESS_KEPT:     "Адресу збережено: вузол підтримуватиме цей зв’язок.", "The address is kept: the node will keep this link up.";
    ADDRESS_NOT_KEPT: "Адресу не збережено. Якщо вона правильна, а той вузол лише вимкнено, її можна зберегти все одно.", "The address was not kept. If it is right and that node is only switched off, it can be kept all the same.";
    KEEP_ADDRESS:     "Зберегти все одно",                        "Keep it all the same";
    TRY_IT:           "Перевірити зв’язок",                       "Test the connection";
    FINISH:           "Завершити",                                "Finish";
    ALL_DONE:         "Вузол працює",                             "The node works";
    ALL_DONE_WHY:     "Далі можна:",                              "What to do next:";
    NEXT_READ:        "Подивитися, що вже зробили інші громади",  "See what other hromadas have done";
    NEXT_WRITE:       "Описати першу практику своєї громади",     "Describe the first practice of your hromada";
    NEXT_PROFILE:     "Заповнити профіль громади",                "Fill in the hromada’s profile";
    NEXT_PEOPLE:      "Додати колег",                             "Add colleagues";
    NEXT_STATUS:      "Подивитися стан вузла",                    "See how the node stands";

    REQUIRED:         "обов’язково",                              "required";
    WANTED:           "для повного опису",                        "for a complete description";
    AT_MOST:          "Оберіть не більше ніж",                    "Choose at most";
    ONE_A_LINE:       "Кожне з нового рядка.",                    "One a line.";
    ORIGINAL:         "Оригінал",                                 "The original";
    MAIN_ONE:         "Головна",                                  "The main one";
    OF:               "Знаків: {now}, радимо до {most}",          "Characters: {now}, advised up to {most}";
    NORTH_DEGREES:    "Широта, градусів",                         "Latitude, degrees";
    EAST_DEGREES:     "Довгота, градусів",                        "Longitude, degrees";
    NEW_PRACTICE:     "Нова практика",                            "New practice";
    EDIT_PRACTICE:    "Змінити практику",                         "Edit the practice";
    BLANK:            "Бланк практики для заповнення від руки",  "Form of a practice to fill in by hand";
    BLANK_WHY:        "Роздрукуйте, зберіть відповіді на місці, а потім перенесіть їх у форму: заголовки й порядок ті самі.", "Print it, gather the answers on the spot and type them into the form later: headings and order are the same.";
    BLANK_PRINT:      "Надрукувати бланк",                       "Print the form";
    BLANK_LINK:       "Бланк для заповнення від руки (A4)",      "Form to fill in by hand (A4)";
    BLANK_WHO:        "Хто заповнив (посада)",                   "Filled in by (post)";
    BLANK_DAY:        "Дата",                                    "Date";
    WRITE_WHY:        "Заповнюйте в будь-якому порядку. Чернетка лежить лише на цьому комп’ютері, доки ви її не опублікуєте.", "Fill in in any order. The draft lies on this computer alone until you publish it.";
    FILLED:           "Заповнено",                                "Filled in";
    STILL_MISSING:    "Чого ще бракує",                           "What is still missing";
    SAVE_DRAFT:       "Зберегти чернетку",                        "Save the draft";
    CHECK:            "Перевірити",                               "Check";
    TO_PUBLISH:       "Переглянути й опублікувати",               "Look it over and publish";
    SAVED_AT:         "збережено",                                "saved";
    NOT_SAVED:        "ще не збережено",                          "not saved yet";
    SIGNED_OUT_TITLE: "Сеанс закінчився",                         "You are signed out";
    SIGNED_OUT_WHY:   "Форму не збережено, але введене не втрачено: воно тут, нижче. Увійдіть у новій вкладці, відкрийте там форму ще раз і перенесіть текст звідси.", "The form was not saved, but nothing is lost: what you typed is below. Sign in in a new tab, open the form there again and copy the text from here.";
    SIGNED_OUT_TYPED: "Що ви ввели",                              "What you typed";
    SIGNED_OUT_COPY:  "сеанс закінчився, копію збережено у браузері. Увійдіть у новій вкладці й оновіть цю:", "you are signed out, a copy is kept in the browser. Sign in in a new tab and reload this one:";
    NO_LINK:          "немає зв’язку з вузлом, копію збережено у браузері", "no connection to the node, a copy is kept in the browser";
    KEPT_COPY:        "повернуто текст, який не встиг зберегтися", "brought back text that had not been saved";
    LEFT_COPIES:      "У цьому браузері є текст, якого вузол ще не має:", "This browser has text that the node has not got yet:";
    BRING_BACK:       "Повернути",                                "Bring it back";
    THROW_AWAY:       "Викинути",                                 "Throw it away";
    MORE_FIELDS:      "Ще поля (необов’язково)",                  "More fields (optional)";
    ADD_ROW:          "Додати рядок",                             "Add a row";
    REMOVE_ROW:       "Прибрати рядок",                           "Remove the row";
    NOT_CHOSEN:       "не вибрано",                               "not chosen";
    REMOVE_DRAFT:     "Видалити чернетку",                        "Delete the draft";
    TO_MEND:          "Що треба виправити",                       "What needs mending";
    STALE_DRAFT:      "Ви входили ще раз після того, як відкрили цю форму. Усе введене на місці: натисніть «Зберегти чернетку» ще раз", "You signed in again after opening this form. All you typed is here: press “Save the draft” again";
    NOT_OURS:         "Цю практику публікує інша громада: змінити її може лише вона. Її можна скопіювати як чернетку для своєї громади", "Another hromada publishes this practice and alone may change it. You can copy it as a draft for your own";
    REVIEW:           "Перед публікацією",                        "Before you publish";
    PUBLISH:          "Опублікувати",                             "Publish";
    BACK_TO_FORM:     "Повернутися до форми",                     "Back to the form";
    PUBLISH_MEANS:    "Що означає публікація",                    "What publishing means";
    PUBLISH_MEANS_1:  "Текст підпише ваша громада, і його отримають усі вузли мережі.", "Your hromada signs the text, and all nodes of the network get it.";
    PUBLISH_MEANS_2:  "Копії залишаться в інших громад. Змінити чи відкликати запис можна, але прочитане назад не повернути.", "Copies remain with other hromadas. The record can be changed or withdrawn, but what was read cannot be unread.";
    PUBLISH_MEANS_3:  "Не публікуйте особистих даних і того, що допоможе ворогові.", "Publish no personal data and nothing that helps an enemy.";
    SURE:             "Я перевірив(-ла) текст і публікую його від імені громади", "I have checked the text and publish it for the hromada";
    SURE_FIRST:       "Спершу підтвердьте, що перевірили текст",  "First confirm that you have checked the text";
    LOOK_AGAIN:       "Перегляньте ще раз",                       "Look at this again";
    LOOK_AGAIN_WHY:   "Програма може помилятися: якщо все гаразд, публікуйте.", "The program may be wrong: if all is well, publish.";
    ALIKE:            "Схожі практики вже є",                     "There are practices like it";
    ALIKE_WHY:        "Якщо це та сама практика, краще доповнити її, ніж публікувати ще раз.", "If it is the same practice, rather add to it than publish it again.";
    LOOK_FIRST:       "Ще не опубліковано: гляньте внизу форми, що варто перевірити, і натисніть «Опублікувати» ще раз", "Not published yet: see at the end of the form what to look at again, then press “Publish” once more";
    HINT_PHONE:       "телефон: лише службовий і лише в розділі «До кого звернутися»", "a telephone: the office one alone, under “Whom to ask”";
    HINT_MAIL:        "адреса пошти: лише службова і лише в розділі «До кого звернутися»", "a mailbox: the office one alone, under “Whom to ask”";
    HINT_PERSON:      "схоже на ім’я людини: краще назвати посаду, а ім’я лише за згодою", "looks like a person’s name: rather name the post";
    HINT_PLACE:       "точні координати: чи безпечно їх показувати?", "exact coordinates: is it safe to show them?";
    HINT_WAR:         "може стосуватися оборони або критичної інфраструктури (ст. 114-2 КК)", "may concern defence or critical infrastructure";
    HINT_BLANK:       "порожнє місце, що лишилося від копії: впишіть назву, номер чи дату", "a blank that the copy left: put in the name, number or date";
    PREVIEW:          "Як це побачать інші",                      "How others will see it";
    PUBLISHED_NOW:    "Опубліковано",                             "Published";
    PUBLISHED_WHY:    "Запис підписано й збережено. Інші вузли отримають його, щойно з’єднаються з вашим.", "The record is signed and kept. Other nodes get it as soon as they connect to yours.";
    MERGED_WHY:       "Поки ви писали, цю практику змінив хтось інший. Ваші й чужі правки об’єднано: перегляньте, що вийшло.", "While you were writing, somebody else changed this practice. Both edits were merged: look at what came of it.";
    CLASH_WHY:        "Дехто змінив те саме місце одночасно з вами. Обидва варіанти збережено: оберіть, який лишити.", "Somebody changed the same place at the same time. Both versions are kept: choose which stays.";
    DECIDE_WHY:       "Для кожного місця оберіть варіант, який має лишитися. Інші залишаться в історії змін.", "For each place choose the version that stays. The others remain in the history.";
    VERSION:          "Варіант",                                  "Version";
    CHOOSE_FIRST:     "Оберіть хоча б один варіант",              "Choose at least one version";
    CHANGED_MEANWHILE: "Поки ви обирали, практику змінили ще раз. Перегляньте варіанти знову", "The practice changed again while you were choosing. Look at the versions once more";
    NO_CLASHES:       "Одночасних правок немає.",                 "Nothing was edited at once.";
    SEE_PRACTICE:     "Переглянути практику",                     "See the practice";
    WITHDRAW:         "Відкликати практику",                      "Withdraw the practice";
    WITHDRAW_WHY:     "Практика зникне в усіх вузлах, щойно вони з’єднаються, і повернути її вже не можна. Те, що хтось прочитав або скопіював, відкликати неможливо.", "The practice vanishes from all nodes as soon as they connect and cannot come back. What somebody read or copied cannot be recalled.";
    REASON:           "Причина",                                  "Reason";
    REASON_HINT:      "Її побачать інші. Наприклад: «Повтор» або «Помилкові дані»", "Others see it. For example: “Duplicate” or “Wrong figures”";
    REASON_FIRST:     "Напишіть причину: її чекають ті, хто читав практику", "Give the reason: those who read the practice wait for it";
    WITHDRAW_RECORD:  "Відкликати запис",                         "Withdraw the record";
    WITHDRAW_RECORD_WHY: "Запис зникне в усіх вузлах, щойно вони з’єднаються, і повернути його вже не можна. Те, що хтось прочитав або скопіював, відкликати неможливо.", "The record vanishes from all nodes as soon as they connect and cannot come back. What somebody read or copied cannot be recalled.";
    SEE_RECORD:       "Переглянути запис",                        "See the record";
    WITHDRAWN_NOW:    "Відкликано.",                              "Withdrawn.";
    MY_DRAFTS:        "Чернетки",                                 "Drafts";
    NO_DRAFTS:        "Чернеток немає.",                          "There are no drafts.";
    OUR_PRACTICES:    "Практики нашої громади",                   "Our hromada’s practices";
    NO_OWN:           "Ваша громада ще нічого не опублікувала.",  "Your hromada has published nothing yet.";
    EDIT:             "Змінити",                                  "Edit";
    IMPORT:           "Імпорт із таблиці",                        "Import from a table";
    PROFILE_EDIT:     "Профіль громади",                          "Profile of the hromada";
    PROFILE_WHY:      "За профілем вас знаходять інші громади: чим ви готові поділитися і чого шукаєте.", "Other hromadas find you by your profile: what you can share and what you look for.";

    HELLO:            "Вітаємо",                                  "Welcome";
    WRITES_FOR:       "Ви працюєте від імені громади",            "You work for the hromada";
    WRITES_FOR_NOBODY: "Цей вузол лише читає: він ще не пише від імені жодної громади.", "This node only reads: it writes for no hromada yet.";
}

/// How many of a list may be chosen.
pub(crate) const CHOICES_COUNTED: Counted =
    Counted { uk: ["варіант", "варіанти", "варіантів"], en: ["option", "options"] };

pub(crate) const NODES_COUNTED: Counted =
    Counted { uk: ["вузол", "вузли", "вузлів"], en: ["node", "nodes"] };

/// What a deed is called.
#[rustfmt::skip]
const DEED_NAMES: &[(&str, Phrase)] = &[
    ("signed_in",             Phrase { uk: "вхід",                              en: "signed in" }),
    ("sign_in_failed",        Phrase { uk: "невдала спроба входу",              en: "failed to sign in" }),
    ("proof_failed",          Phrase { uk: "неправильний пароль при підтвердженні", en: "gave a wrong password again" }),
    ("signed_out",            Phrase { uk: "вихід",                             en: "signed out" }),
    ("signed_out_everywhere", Phrase { uk: "вихід на всіх комп’ютерах",         en: "signed out everywhere" }),
    ("password_changed",      Phrase { uk: "змінено свій пароль",               en: "changed the own password" }),
    ("password_reset",        Phrase { uk: "задано новий пароль",               en: "set a new password" }),
    ("account_added",         Phrase { uk: "додано обліковий запис",            en: "added an account" }),
    ("account_removed",       Phrase { uk: "вилучено обліковий запис",          en: "removed an account" }),
    ("role_changed",          Phrase { uk: "змінено роль",                      en: "changed a role" }),
    ("published",             Phrase { uk: "опубліковано",                      en: "published" }),
    ("edited",                Phrase { uk: "змінено",                           en: "edited" }),
    ("hidden",                Phrase { uk: "приховано запис на цьому вузлі",    en: "hid a record on this node" }),
    ("shown",                 Phrase { uk: "знову показано запис",              en: "showed a record again" }),
    ("withdrawn",             Phrase { uk: "відкликано",                        en: "withdrew" }),
    ("resolved",              Phrase { uk: "розв’язано одночасні правки",       en: "decided between versions" }),
    ("profile",               Phrase { uk: "змінено профіль громади",           en: "changed the hromada’s profile" }),
    ("imported",              Phrase { uk: "імпортовано практики",              en: "imported practices" }),
    ("founded",               Phrase { uk: "вузол почав писати від імені громади", en: "the node began to write for a hromada" }),
    ("sheet_printed",         Phrase { uk: "надруковано аркуш відновлення",     en: "printed the recovery sheet" }),
    ("peer_added",            Phrase { uk: "додано адресу вузла",               en: "added the address of a node" }),
    ("peer_forgotten",        Phrase { uk: "забуто адресу вузла",               en: "forgot the address of a node" }),
];

/// What a deed is called, if its short name is known.
pub(crate) fn deed(what: &str) -> Option<Phrase> {
    DEED_NAMES.iter().find(|(known, _)| *known == what).map(|(_, phrase)| *phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_said_in_both_languages() {
        crate::words::assert_both(PHRASES);
    }
}
