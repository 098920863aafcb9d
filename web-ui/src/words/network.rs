//! The words of the page of the network: no word of the trade outside of the technical details.

use crate::language::{Counted, Phrase};
use crate::library::network::Reach;

#[rustfmt::skip]
phrases! {
    TITLE:         "Мережа",                                   "Network";
    LEAD:          "Як ваш вузол обмінюється записами з вузлами інших громад.", "How your node exchanges records with the nodes of other hromadas.";

    LINK:          "Зв’язок",                                  "Link";
    LINKED:        "Є зв’язок",                                "Connected";
    ALONE:         "Немає зв’язку",                            "Not connected";
    LINKED_WHY:    "Нові записи надходять і розходяться самі.", "New records come and go by themselves.";
    ALONE_WHY:     "Читати й писати можна й так: записи підуть до інших, щойно з’явиться зв’язок. Як його налагодити, написано нижче.", "Reading and writing work all the same: records go out as soon as there is a link. How to get one is told below.";

    GOT:           "Чого бракує тут",                          "What is missing here";
    GOT_ALL:       "Нічого",                                   "Nothing";
    GOT_ALL_WHY:   "Від вузлів, з якими є зв’язок, отримано все, про що відомо.", "Everything known of at the connected nodes is here.";
    GOT_LESS_WHY:  "Записи ще надходять. Їх мають вузли, позначені нижче.", "Records are still coming, from the nodes marked below.";
    GOT_UNKNOWN:   "Невідомо",                                 "Not known";
    GOT_UNKNOWN_WHY: "Без зв’язку не видно, чи є в інших щось нове.", "Without a link nobody can tell whether others have something new.";
    PREPARING:     "Ще готуються до показу",                   "Still being prepared to be shown";

    GIVEN:         "Що чекає на надсилання",                   "What waits to be sent";
    GIVEN_ALL:     "Нічого",                                   "Nothing";
    GIVEN_ALL_WHY: "Усе, що тут написано, вже є принаймні в одного іншого вузла.", "All that was written here is with at least one other node by now.";
    GIVEN_LESS_WHY: "Їх ще немає в жодного іншого вузла. Не вимикайте комп’ютер надовго, доки не буде зв’язку.", "No other node has them yet. Do not leave this computer off for long before there is a link.";
    GIVEN_SOON_WHY: "Їх надсилають. Чи вони вже в когось є, стане видно під час наступної звірки: вузли звіряються щохвилини.", "They are being sent. Whether somebody has them by now will be seen at the next comparison: nodes compare each minute.";
    GIVEN_UNKNOWN_WHY: "Після запуску обміну ще не було, тож не видно, чи все надіслано.", "There has been no exchange since the start, so it is not known whether all was sent.";

    LAST:          "Останній повний обмін",                    "Last full exchange";
    LAST_NEVER:    "Ще не було",                               "Never yet";
    LAST_HOW:      "Нове надсилають одразу, а щохвилини вузол звіряє з кимось увесь набір записів.", "What is new is sent at once, and each minute the node compares the whole set of records with somebody.";
    LAST_WHY:      "Вузол працює з",                           "The node runs since";

    LIBRARY:       "Бібліотека",                               "The library";
    SEARCH:        "Пошук",                                    "Search";
    SEARCH_READY:  "Готовий",                                  "Ready";
    SEARCH_READY_WHY: "Знаходить усе, що є на вузлі.",         "It finds all that is here.";
    SEARCH_BEHIND: "Наздоганяє",                               "Catching up";
    SEARCH_BEHIND_WHY: "Найновіші записи поки можуть не знаходитися.", "The newest records may not be found yet.";
    SEARCH_BUILDS: "Будується наново",                         "Being rebuilt";
    SEARCH_BUILDS_WHY: "Читати й писати можна, шукати — за кілька хвилин.", "Reading and writing work; search will in some minutes.";
    SEARCH_BROKEN: "Пошкоджено",                               "Damaged";
    SEARCH_BROKEN_WHY: "Перезапустіть програму: вона побудує пошук наново. Записи цілі.", "Start the program again: it will rebuild the search. The records are whole.";
    SEARCH_NONE:   "Ще не готовий",                            "Not ready yet";
    WAITS_FOR_SEARCH: "Чекають на пошук",                      "Wait for the search";

    OTHERS:        "Вузли, які знає цей",                      "Nodes that this one knows";
    OTHERS_NONE:   "Цей вузол ще ні з ким не зустрічався. Додайте адресу знайомого вузла нижче.", "This node has not met anybody yet. Add the address of a node you know below.";
    WHO:           "Хто",                                      "Who";
    UNKNOWN:       "Вузол без назви",                          "A node without a name";
    SAYS_SO:       "назвався сам, цього ніхто не перевіряв",   "says so itself, nobody checked";
    STATE:         "Стан",                                     "State";
    SINCE:         "з",                                        "since";
    UNTIL:         "зв’язок утрачено",                         "link lost";
    WE_CALLED:     "ми під’єдналися",                          "we connected";
    THEY_CALLED:   "під’єднався сам",                          "it connected";
    GAVE_US:       "Дав нам під час звірок",                                  "Gave us at comparisons";
    WE_GAVE:       "Отримав від нас під час звірок",                          "Got from us at comparisons";
    STILL_TO_GIVE: "має ще для нас",                           "still has for us";
    EXCHANGED:     "Останній повний обмін",                    "Last full exchange";
    REFUSED:       "Відхилено записів",                        "Records refused";

    OWN:           "Адреса вашого вузла",                      "Your node’s address";
    OWN_HOW:       "Надішліть її сусідній громаді: з нею їхній вузол під’єднається до вашого. Вона не таємна. Код можна зчитати камерою телефона.", "Send it to a neighbouring hromada: with it their node connects to yours. It is no secret. The code can be read with a telephone’s camera.";
    OWN_NONE:      "Вузол зараз нікого не слухає: його запущено без мережі.", "The node does not listen now: it runs without a network.";
    OWN_LOCAL:     "Поки ця адреса діє лише на цьому комп’ютері: він не в мережі.", "For now this address works on this computer alone: it is on no network.";
    OWN_PRIVATE:   "Ця адреса діє в межах вашої місцевої мережі (офіс, точка доступу). Щоб вузол бачили з інтернету, на маршрутизаторі має бути перенаправлення порту.", "This address works within your local network (office, hotspot). To be seen from the internet the router has to forward the port.";
    QR_OF:         "Код QR з адресою вузла",                   "QR code with the node’s address";
    OTHER_ADDRESSES: "Інші адреси",                            "Other addresses";

    CONNECT:       "Під’єднатися до іншого вузла",             "Connect to another node";
    ADDRESS:       "Адреса вузла",                             "Address of the node";
    ADDRESS_HELP:  "Візьміть її в сусідів: вона стоїть на їхній сторінці «Мережа». Вставте цілком.", "Get it from your neighbours: it stands on their page “Network”. Paste it whole.";
    QR_PICTURE:    "Або знімок коду QR",                       "Or a picture of the QR code";
    QR_HOW:        "Сфотографуйте код зі сторінки «Мережа» сусідів і оберіть знімок: адреса впишеться сама. Знімок не залишає цього браузера.", "Photograph the code on your neighbours’ page “Network” and choose the picture: the address fills itself in. The picture does not leave this browser.";
    QR_FOUND:      "Адресу прочитано. Тепер перевірте зв’язок або під’єднайтеся.", "The address was read. Now test the link or connect.";
    QR_NONE:       "Коду з адресою на знімку не видно. Сфотографуйте його ближче й рівніше або вставте адресу текстом.", "No code with an address can be seen. Photograph it nearer and straighter, or paste the address as a text.";
    TEST:          "Перевірити зв’язок",                       "Test the link";
    ADD:           "Під’єднатися",                             "Connect";
    SIGN_IN_FIRST: "Щоб перевірити зв’язок або додати вузол, увійдіть.", "To test a link or to add a node, sign in.";
    ADDED:         "Додано. Вузол під’єднуватиметься сам, і після перезапуску теж.", "Added. The node connects by itself from now on, after a restart too.";
    ADDED_LIST:    "Додані адреси",                            "Added addresses";
    FORGET:        "Забути",                                   "Forget";
    FORGOTTEN:     "Забуто. Вузол більше не під’єднуватиметься за цією адресою.", "Forgotten. The node connects to this address no more.";
    TOOK:          "Відповідь за",                             "Answered in";
    MS:            "мс",                                       "ms";
    NO_LINK_HELP:  "Немає інтернету? Записи можна перенести флешкою або через точку доступу телефона: див. посібник «Мережа».", "No internet? Records travel on a USB stick or over a telephone’s hotspot: see the guide “Network”.";

    DETAILS:       "Технічні подробиці",                       "Technical details";
    WAITING:       "Записів, що чекають на попередні",         "Records that wait for earlier ones";
    SET_ASIDE:     "Записів, що не діють",                     "Records that play no part";
    INDEX_DISK:    "Пошук на диску",                           "The search on the disk";
    INDEX_DOCUMENTS: "Документів у пошуку",                    "Documents in the search";
    STARTED:       "Запущено",                                 "Started";
    PROGRAM:       "Програма",                                 "Program";
}

pub(crate) const NODES: Counted =
    Counted { uk: ["вузлом", "вузлами", "вузлами"], en: ["node", "nodes"] };
pub(crate) const WITH: Phrase = Phrase { uk: "з", en: "with" };
pub(crate) const RECORDS: Counted =
    Counted { uk: ["запис", "записи", "записів"], en: ["record", "records"] };
pub(crate) const DOCUMENTS: Counted =
    Counted { uk: ["документ", "документи", "документів"], en: ["document", "documents"] };

/// How an attempt to reach a node ended, and what to do.
#[rustfmt::skip]
pub(crate) fn reach(reach: Reach) -> (Phrase, Phrase) {
    match reach {
        Reach::Reached => (
            Phrase { uk: "Зв’язок є: це вузол нашої мережі", en: "The link works: it is a node of our network" },
            Phrase { uk: "Можна під’єднуватися. Обмін почнеться сам.", en: "Go on and connect. The exchange starts by itself." },
        ),
        Reach::OtherNetwork => (
            Phrase { uk: "Хтось відповів, але це не вузол нашої мережі", en: "Somebody answered, but it is not a node of our network" },
            Phrase { uk: "Перевірте адресу. Якщо це вузол іншої, закритої мережі, попросіть у її координаторів файл мережі.", en: "Check the address. If it is a node of another, closed network, ask its coordinators for the network file." },
        ),
        Reach::OtherNode => (
            Phrase { uk: "За цією адресою відповідає інший вузол", en: "Another node answers at this address" },
            Phrase { uk: "Мабуть, сусіди перевстановили програму. Попросіть у них нову адресу зі сторінки «Мережа».", en: "They have probably installed the program anew. Ask for the new address from their page “Network”." },
        ),
        Reach::Oneself => (
            Phrase { uk: "Це адреса вашого власного вузла", en: "This is your own node’s address" },
            Phrase { uk: "Вставте адресу іншого вузла. Свою надішліть сусідам.", en: "Paste the address of another node. Send yours to your neighbours." },
        ),
        Reach::Refused => (
            Phrase { uk: "Комп’ютер знайдено, але вузол на ньому не працює", en: "The computer is there, but no node runs on it" },
            Phrase { uk: "Попросіть сусідів запустити програму й звірити адресу, особливо число після tcp або udp.", en: "Ask them to start the program and to compare the address, above all the number after tcp or udp." },
        ),
        Reach::Silent => (
            Phrase { uk: "Ніхто не відповів", en: "Nobody answered" },
            Phrase { uk: "Перевірте, чи той комп’ютер увімкнено, чи є інтернет у вас і в них. Якщо все є, зв’язок може тримати брандмауер або маршрутизатор: попросіть сусідів під’єднатися до вас.", en: "Check that the other computer is on, and that both have internet. If so, a firewall or router may hold the link back: ask them to connect to you instead." },
        ),
        Reach::NoRoute => (
            Phrase { uk: "До цієї адреси звідси немає шляху", en: "There is no way to this address from here" },
            Phrase { uk: "Перевірте, чи є мережа на цьому комп’ютері. Адреси на 192.168… і 10… діють лише в межах однієї місцевої мережі.", en: "Check that this computer is on a network. Addresses with 192.168… and 10… work only within one local network." },
        ),
        Reach::NoName => (
            Phrase { uk: "Імені з адреси не знайдено", en: "The name in the address was not found" },
            Phrase { uk: "Перевірте, чи правильно написано ім’я та чи є інтернет.", en: "Check the spelling of the name, and whether there is internet." },
        ),
        Reach::Full => (
            Phrase { uk: "У вашого вузла зараз забагато з’єднань", en: "Your node has too many connections now" },
            Phrase { uk: "Зв’язок і так є. Спробуйте пізніше.", en: "You are well connected as it is. Try later." },
        ),
        Reach::Failed => (
            Phrase { uk: "Під’єднатися не вдалося", en: "The connection failed" },
            Phrase { uk: "Перевірте адресу й спробуйте ще раз. Якщо не допоможе, надішліть журнал програми координаторам.", en: "Check the address and try again. If that does not help, send the program’s log to the coordinators." },
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_says_what_to_do() {
        for outcome in Reach::ALL {
            let (what, advice) = reach(outcome);
            for phrase in [what, advice] {
                assert!(
                    phrase.uk.chars().count() > 10 && phrase.en.is_ascii() | phrase.en.contains(['’', '…', '“']),
                    "{outcome:?}"
                );
            }
        }
    }
}
