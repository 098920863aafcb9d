//! An example for each field that people ask about, so that nobody faces an empty box.

use crdt::field::Field;
use crdt::kinds::KINDS;

use crate::language::Phrase;

macro_rules! examples {
    ($($key:literal: $uk:literal, $en:literal;)*) => {
        const EXAMPLES: &[(&str, Phrase)] = &[$(($key, Phrase { uk: $uk, en: $en }),)*];
    };
}

#[rustfmt::skip]
examples! {
    "title": "Наприклад: «Бюджет участі у сільській громаді: 12 проєктів за чотири роки»", "For example: “Participatory budgeting in a rural hromada: 12 projects in four years”";
    "summary": "Два-три речення. Наприклад: «Мешканці щороку обирають, на що витратити 500 тис. грн. За чотири роки реалізовано 12 проєктів»", "Two or three sentences on what was done and what it gave";
    "sectors": "Головну оберіть у списку, інші позначте нижче", "Choose the main one from the list and tick the others below";
    "mechanisms": "Оберіть ті, якими люди справді скористалися", "Choose those that people really used";
    "community": "Назва або код КАТОТТГ", "Name or KATOTTG code";
    "venue.community": "Назва або код КАТОТТГ", "Name or KATOTTG code";
    "partner": "Назва або код КАТОТТГ", "Name or KATOTTG code";
    "settlement": "Наприклад: с. Воскресенське", "For example: the village of Voskresenske";
    "started": "Рік, місяць або день: 2021, 03.2021, 15.03.2021", "A year, a month or a day: 2021, 03.2021, 15.03.2021";
    "ended": "Якщо ще триває, залиште порожнім", "Leave empty if it goes on";
    "problem": "Що було не так і для кого. Наприклад: «На збори приходило 10–15 осіб, майже без молоді»", "What was wrong and for whom";
    "background": "Що було до того: рішення, спроби, обставини", "What was there before: decisions, attempts, circumstances";
    "solution": "Розкажіть по порядку, як сусідові. Наприклад: «Ухвалили положення. Провели зустрічі в кожному селі. Голосували на папері й онлайн»", "Tell it in order, as to a neighbour";
    "steps": "Наприклад: «Ухвалити положення», 30 днів, секретар ради", "For example: “Pass the regulation”, 30 days, secretary of the council";
    "participants.total": "Скільки людей узяли участь, приблизно", "How many took part, roughly";
    "legal_docs": "Рішення, положення, розпорядження, на яких це тримається", "Decisions and regulations on which it rests";
    "law_refs": "Наприклад: «Про місцеве самоврядування в Україні», стаття 13", "For example: “On local self-government in Ukraine”, article 13";
    "costs.total_uah": "Разом із грантами. Якщо без коштів, напишіть 0", "Grants included. If it cost nothing, write 0";
    "results_text": "Що змінилося для людей", "What changed for people";
    "results": "Наприклад: «Участь у голосуванні», осіб, було 412, стало 1236", "For example: “Took part in the vote”, people, 412 before, 1236 after";
    "mistakes": "Чесно: що не вийшло й чому. Це найцінніше для тих, хто повторюватиме", "Honestly: what failed and why. Others value this most";
    "lessons": "Що б ви порадили собі на початку", "What you would have told yourself at the start";
    "conditions.staff": "Наприклад: один працівник на пів ставки", "For example: one person half-time";
    "conditions.not_suitable_if": "Наприклад: якщо в бюджеті немає вільних коштів", "For example: if the budget has no free money";
    "contact.role": "Посада, а не ім’я: «начальник відділу участі»", "A post and not a name: “head of the department of participation”";
    "contact.phone": "Лише службовий", "The office one alone";
    "contact.email": "Лише службова", "The office one alone";
    "contact.consent_given_on": "Лише якщо названо людину і вона погодилася", "Only if a person is named and agreed";
    "licence": "Порожньо означає CC-BY-4.0: вільно з посиланням на громаду", "Empty means CC-BY-4.0: free with credit to the hromada";
    "about": "Чим живе громада, що вже пробували", "What the hromada lives by and what it has tried";
    "population.value": "За останніми даними", "By the latest figures";
    "ready_to_share": "У чому і як ви можете допомогти іншим", "In what and how you can help others";
    "needs": "Чого шукаєте в інших", "What you look for";
    "website": "Наприклад: https://hromada.gov.ua", "For example: https://hromada.gov.ua";
    "themes": "Якщо практика стосується і цього", "If the practice is about this as well";
    "participation_level": "Від «розповіли» до «вирішили жителі»: оберіть, як було насправді", "From “were told” to “the residents decided”: choose what really happened";
    "scope": "Наскільки широко це робили", "How widely it was done";
    "stage": "Як є сьогодні. Невдалий досвід теж потрібен", "As it stands today. What failed is needed too";
    "recurring": "Наприклад: раз на рік", "For example: once a year";
    "location": "Лише якщо це безпечно показати. Наприклад: 46,975 і 31,9946", "Only if it is safe to show. For example: 46.975 and 31.9946";
    "organizers": "Наприклад: «Відділ освіти», місцева влада", "For example: “Department of education”, local government";
    "partners": "Наприклад: ГО «Разом», громадська організація", "For example: NGO “Together”, a civic organisation";
    "participants.target_groups": "Оберіть тих, для кого це робили передусім", "Choose those for whom it was done first of all";
    "participants.channel": "Наживо, онлайн чи обома способами", "In person, online or both";
    "participants.open": "Чи міг прийти будь-хто", "Whether anybody could come";
    "costs.year": "Рік, у цінах якого пораховано: 2024", "The year whose prices these are: 2024";
    "costs.items": "Наприклад: «Друк бюлетенів», 12 000, місцевий бюджет", "For example: “Printing ballots”, 12 000, local budget";
    "costs.staff_hours": "Скільки часу пішло в працівників: 160", "How much time it took the staff: 160";
    "costs.yearly_uah": "Скільки коштує підтримувати щороку: 20 000", "What it costs to keep up each year: 20 000";
    "change_types": "Оберіть, що стало інакше", "Choose what became different";
    "conditions.population_min": "Якщо меншій громаді це не до снаги: 5000", "If a smaller hromada could not manage: 5000";
    "conditions.population_max": "Якщо в більшій громаді так не вийде: 50 000", "If it would not work in a larger one: 50 000";
    "conditions.community_types": "Нічого не обрано означає: підійде всім", "Nothing chosen means: fits all";
    "conditions.budget_band": "Скільки треба мати, щоб почати", "How much is needed to begin";
    "conditions.months_to_first_result": "Наприклад: 6", "For example: 6";
    "conditions.legal_prereq": "Наприклад: статут громади", "For example: the hromada’s statute";
    "conditions.tech_prereq": "Наприклад: доступ до платформи голосування", "For example: access to a voting platform";
    "contact.unit": "Наприклад: відділ внутрішньої політики", "For example: department of internal policy";
    "contact.hours": "Наприклад: пн–чт 9:00–17:00", "For example: Mon–Thu 9:00–17:00";
    "adopted_from": "Адреса сторінки практики, яку повторили, або номер її запису", "The address of the page of the practice that was repeated, or the number of its record";
    "component_of": "Номер запису більшої практики", "The number of the record of a larger practice";
    "duplicate_of": "Номер запису, який розповідає те саме", "The number of the record that tells the same";
    "related": "Номери записів або адреси їхніх сторінок.", "Numbers of records or addresses of their pages.";
    "keywords": "Наприклад: голосування", "For example: voting";
    "contributors": "Громади, чиї правки прийнято. Вузол дописує їх сам", "Hromadas whose edits were accepted. The node adds them itself";
    "lang": "Якщо не обрати, це українська", "If none is chosen, it is Ukrainian";
    "provenance": "Якщо текст узято з іншої бази: звідки й кого зазначити", "If the text was taken from another database: from where, and whom to credit";
    "population.year": "Наприклад: 2022", "For example: 2022";
    "population.source": "Наприклад: Держстат", "For example: State Statistics Service";
    "email": "Лише службова. Наприклад: rada@hromada.gov.ua", "The office one alone. For example: rada@hromada.gov.ua";
    "phone": "Лише службовий. Наприклад: (05136) 9-12-34", "The office one alone. For example: (05136) 9-12-34";
    "edrpou": "Вісім цифр. Наприклад: 04375613", "Eight digits. For example: 04375613";
    "body_type": "Хто ухвалює рішення сьогодні", "Who decides today";
    "instruments": "Наприклад: «Громадські слухання», рішення № 12-VIII, 2021", "For example: “Public hearings”, decision no. 12-VIII, 2021";
}

/// Examples of titles, by the kind: a request is called otherwise than a practice.
#[rustfmt::skip]
static TITLES: [(&str, Phrase); 4] = [
    ("exchange", Phrase { uk: "Наприклад: «Шукаємо громаду, яка вже запровадила шкільний бюджет»", en: "For example: “Looking for a hromada that already has a school budget”" }),
    ("seminar", Phrase { uk: "Наприклад: «Семінар рівних: бюджет участі в малих громадах»", en: "For example: “Seminar of equals: participatory budgeting in small hromadas”" }),
    ("collection", Phrase { uk: "Наприклад: «Разом вирішуємо: практики громад Карпат»", en: "For example: “Deciding together: practices of the Carpathian hromadas”" }),
    ("material", Phrase { uk: "Наприклад: «Плакат: голосуй за проєкт своєї школи»", en: "For example: “Poster: vote for your school’s project”" }),
];

/// The example of a field of a kind's table.
pub(crate) fn example_of(field: &'static Field) -> Option<Phrase> {
    let kind = KINDS.iter().find(|kind| kind.table.iter().any(|one| std::ptr::eq(one, field)));
    let own = kind.filter(|_| field.key == "title").and_then(|kind| TITLES.iter().find(|(key, _)| *key == kind.key));
    own.map(|(_, phrase)| *phrase).or_else(|| example(field.key))
}

/// The example of a field.
pub(crate) fn example(key: &str) -> Option<Phrase> {
    EXAMPLES.iter().find(|(known, _)| *known == key).map(|(_, phrase)| *phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_of_each_kind_has_an_example_of_its_own() {
        let title = |key: &str| {
            let kind = crdt::kinds::by_key(key).expect("a kind");
            let field = kind.table.iter().find(|field| field.key == "title").expect("a title");
            example_of(field).expect("an example").uk
        };
        assert!(title("exchange").contains("Шукаємо") && title("seminar").contains("Семінар"));
        assert!(title("collection").contains("практики громад") && title("material").contains("Плакат"));
        assert!(title("practice").contains("Бюджет участі"));
    }

    #[test]
    fn no_field_is_an_empty_box() {
        let fields = crdt::practice::PRACTICE.iter().chain(crdt::profile::PROFILE);
        let bare: Vec<&str> = fields.map(|field| field.key).filter(|key| example(key).is_none()).collect();
        assert_eq!(bare, Vec::<&str>::new());
        let mut keys: Vec<&str> = EXAMPLES.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "each field has one example");
    }
}
