//! An example for each field that people ask about, so that nobody faces an empty box.

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
    "sectors": "Почніть із головної", "Begin with the main one";
    "mechanisms": "Оберіть ті, якими люди справді скористалися", "Choose those that people really used";
    "community": "Назва або код КАТОТТГ", "Name or KATOTTG code";
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
}

/// The example of a field.
pub(crate) fn example(key: &str) -> Option<Phrase> {
    EXAMPLES.iter().find(|(known, _)| *known == key).map(|(_, phrase)| *phrase)
}
