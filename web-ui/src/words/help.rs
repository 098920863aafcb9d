//! The words of the page of help: what people ask first, and where the answer is done.

use crate::language::Phrase;

#[rustfmt::skip]
phrases! {
    TITLE:         "Допомога",                                 "Help";
    LEAD:          "Найчастіші запитання. Відповіді діють і без інтернету.", "What is asked most. The answers work without the internet too.";
}

/// A question with its answer.
pub(crate) struct Answer {
    /// Its place on the page.
    pub(crate) id: &'static str,
    /// What is asked.
    pub(crate) question: Phrase,
    /// What to do, step by step.
    pub(crate) steps: &'static [Phrase],
    /// Where it is done: what the link says, the parts of its address.
    pub(crate) place: Option<(Phrase, &'static [&'static str])>,
    /// Whether only somebody at their own hromada’s node needs it.
    pub(crate) at_home: bool,
}

macro_rules! answers {
    ($($id:literal $at_home:ident $uk:literal $en:literal $([$($step_uk:literal $step_en:literal;)*])? $(-> $link_uk:literal $link_en:literal $parts:expr)?;)*) => {
        /// Everything that is answered, what people need first first.
        pub(crate) static ANSWERS: &[Answer] = &[$(Answer {
            id: $id,
            question: Phrase { uk: $uk, en: $en },
            steps: &[$($(Phrase { uk: $step_uk, en: $step_en },)*)?],
            place: answers!(@place $($link_uk $link_en $parts)?),
            at_home: $at_home,
        },)*];
    };
    (@place) => { None };
    (@place $uk:literal $en:literal $parts:expr) => { Some((Phrase { uk: $uk, en: $en }, $parts)) };
}

#[rustfmt::skip]
answers! {
    "find" false "Як знайти практику?" "How do I find a practice?" [
        "Напишіть у рядок пошуку, як сказали б уголос: відмінки, скорочення й друкарські помилки не заважають." "Type it as you would say it: inflections, abbreviations and typing errors do no harm.";
        "Звузьте знайдене за галуззю, інструментом, областю, розміром громади чи вартістю. Адреса сторінки запам’ятовує все обране: її можна надіслати колезі." "Narrow what was found by sector, instrument, oblast, size or cost. The address of the page keeps all that was chosen: send it to a colleague.";
        "Позначте від двох до чотирьох практик, щоб порівняти їх поруч." "Tick two to four practices to compare them side by side.";
    ] -> "Практики" "Practices" &["practices"];
    "ask" false "До кого звернутися?" "Whom do I ask?" [
        "На сторінці практики є посада й службовий телефон. У реєстрі громад — хто готовий поділитися, як саме і скільки днів тому це підтвердив." "The page of a practice names a post and an office telephone. The registry of hromadas says who is ready to share, how, and how many days ago that was confirmed.";
    ] -> "Громади" "Hromadas" &["communities"];
    "write" true "Як описати свою практику?" "How do I write down a practice of ours?" [
        "Увійдіть і на робочому столі натисніть «Нова практика». Заповнюйте в будь-якому порядку: біля полів є приклади, а чернетка зберігається сама." "Sign in and press “New practice” on the desk. Fill in any order: there are examples beside the fields, and the draft keeps itself.";
        "«Переглянути й опублікувати» покаже, що побачать інші, чого бракує і що варто переглянути ще раз." "“Look it over and publish” shows what others will see, what is missing and what to look at again.";
        "Після публікації копії залишаться в інших громад. Змінити чи відкликати запис можна будь-коли з робочого столу." "After publication copies stay with other hromadas. You can change or withdraw it from the desk at any time.";
    ] -> "Робочий стіл" "Desk" &["desk"];
    "import" true "У нас уже є таблиця практик" "We have a table of practices already" [
        "Завантажте її як .xlsx або .csv. Спершу сторінка покаже, що вийде з кожного рядка, і нічого не опублікує, доки ви не підтвердите." "Upload it as .xlsx or .csv. First the page shows what would come of each row, and publishes nothing until you confirm.";
    ] -> "Імпорт із таблиці" "Import from a table" &["import"];
    "conflict" true "Що таке «Одночасні правки»?" "What does “Edited at once” mean?" [
        "Двоє змінили те саме місце, не бачивши правок одне одного. Нічого не зникло: обидва варіанти збережено й показано." "Two people changed the same place without seeing each other’s edits. Nothing is lost: both versions are kept and shown.";
        "Відкрийте практику, натисніть «Обрати між варіантами» і залиште потрібний. Відкинутий лишиться в історії змін." "Open the practice, press “Decide between the versions” and keep the right one. The other stays in the history.";
    ];
    "network" true "Немає зв’язку з іншими вузлами" "There is no link to other nodes" [
        "Читати й писати можна й так: записи підуть, щойно з’явиться зв’язок." "Reading and writing work all the same: records go out as soon as there is a link.";
        "Візьміть адресу або знімок коду QR зі сторінки «Мережа» сусідів, впишіть на своїй і перевірте: сторінка скаже, що не так і що робити." "Take the address, or a picture of the QR code, from your neighbours’ page “Network”, enter it on yours and test it: the page says what is wrong and what to do.";
        "Без інтернету записи переносять флешкою: dosvid bundle export і dosvid bundle import." "Without the internet records travel on a USB stick: dosvid bundle export and dosvid bundle import.";
    ] -> "Мережа" "Network" &["network"];
    "power" true "Зникло світло. Що робити?" "The power went off. What do I do?" [
        "Запустіть програму знову. Опубліковане вже на диску, чернетки — на робочому столі, імпорт продовжиться, щойно ви відкриєте його сторінку." "Start the program again. What was published is on the disk, drafts are on the desk, an import goes on as soon as you open its page.";
    ] -> "Робочий стіл" "Desk" &["desk"];
    "backup" true "Як зробити резервну копію?" "How do I make a backup?" [
        "Зупиніть вузол і скопіюйте всю його теку даних на флешку. Найважливіше в ній — тека keys і файли community та journal.bundle." "Stop the node and copy its whole data folder to a USB stick. What matters most in it is the folder keys and the files community and journal.bundle.";
        "Зберігайте копію там, де й печатку: хто має теку keys, може писати від імені громади." "Keep the copy where you keep the seal: whoever has the folder keys can write for the hromada.";
        "Щоб відновити, покладіть теку на те саме місце на новому комп’ютері й запустіть програму." "To restore, put the folder into the same place on a new computer and start the program.";
    ];
    "password" true "Забуто пароль" "A password is forgotten" [
        "Адміністратор задасть новий на сторінці «Облікові записи». Якщо забув сам адміністратор, на комп’ютері з вузлом виконайте: dosvid account password ІМ’Я" "The administrator sets a new one on the page “Accounts”. If the administrator forgot, run on the node’s computer: dosvid account password NAME";
    ] -> "Облікові записи" "Accounts" &["accounts"];
    "trust" false "Чи можна вірити написаному?" "Can what is written be trusted?" [
        "Кожен запис підписала громада; підробку вузли відкидають. Хто стоїть за підписом, перевіряють люди: зателефонуйте за номером з офіційного сайту громади." "Every record is signed by a hromada; nodes refuse forgeries. Who stands behind a signature is for people to check: call the number on the hromada’s official site.";
        "Дивіться на підтвердження: чи є документ, чи повторив це хтось інший і як пішло." "Look at the evidence: whether there is a document, whether somebody else repeated it, and how it went.";
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_answered_in_both_languages_under_an_id_of_its_own() {
        let mut ids: Vec<&str> = ANSWERS.iter().map(|answer| answer.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
        for answer in ANSWERS {
            assert!(!answer.steps.is_empty(), "{}", answer.id);
            for phrase in answer.steps.iter().chain([&answer.question]) {
                assert!(!phrase.uk.is_empty() && !phrase.en.is_empty() && phrase.uk != phrase.en, "{}", answer.id);
            }
        }
    }
}
