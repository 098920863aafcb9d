//! Every word of the desk, one row each.

use crate::language::Phrase;
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
    SIGNED_OUT:       "Ваш сеанс закінчився. Увійдіть у новій вкладці, потім поверніться сюди кнопкою «Назад» і повторіть: введене залишилось у формі", "Your session has ended. Sign in in another tab, come back here with “Back” and try again: what you typed is still in the form";
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

    HELLO:            "Вітаємо",                                  "Welcome";
    WRITES_FOR:       "Ви працюєте від імені громади",            "You work for the hromada";
    WRITES_FOR_NOBODY: "Цей вузол лише читає: він ще не пише від імені жодної громади.", "This node only reads: it writes for no hromada yet.";
}

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
    ("published",             Phrase { uk: "опубліковано практику",             en: "published a practice" }),
    ("edited",                Phrase { uk: "опубліковано зміни",                en: "published an edit" }),
    ("withdrawn",             Phrase { uk: "відкликано практику",               en: "withdrew a practice" }),
    ("resolved",              Phrase { uk: "розв’язано одночасні правки",       en: "decided between versions" }),
    ("profile",               Phrase { uk: "змінено профіль громади",           en: "changed the hromada’s profile" }),
    ("imported",              Phrase { uk: "імпортовано практики",              en: "imported practices" }),
    ("founded",               Phrase { uk: "вузол почав писати від імені громади", en: "the node began to write for a hromada" }),
    ("sheet_printed",         Phrase { uk: "надруковано аркуш відновлення",     en: "printed the recovery sheet" }),
    ("peer_added",            Phrase { uk: "додано адресу вузла",               en: "added a peer’s address" }),
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
