//! What communities offer each other, how an adoption goes, and what a community is.

use super::{Vocabulary, term};

/// In what form a community shares what it knows.
pub static FORMATS: Vocabulary = Vocabulary {
    key: "formats",
    uk: "Формати допомоги",
    en: "Formats of help",
    terms: &[
        term("call", "Дзвінок", "Call"),
        term("online_consultation", "Онлайн-консультація", "Online consultation"),
        term("sample_documents", "Документи-зразки", "Sample documents"),
        term("visit_to_us", "Візит до нас", "Visit to us"),
        term("visit_to_you", "Виїзд до вас", "Visit to you"),
        term("mentoring", "Наставництво", "Mentoring"),
        term("internship", "Стажування", "Internship"),
    ],
};

/// How far another community has come with a practice; the last four are outcomes.
pub static ADOPTION_STATUSES: Vocabulary = Vocabulary {
    key: "adoption_statuses",
    uk: "Стан впровадження",
    en: "Status of adoption",
    terms: &[
        term("interested", "Зацікавлені", "Interested"),
        term("studying", "Вивчаємо", "Studying"),
        term("adapting", "Адаптуємо", "Adapting"),
        term("decided", "Рішення ухвалено", "Decided"),
        term("implementing", "Впроваджуємо", "Implementing"),
        term("works", "Працює", "Works"),
        term("partly", "Працює частково", "Works in part"),
        term("stopped", "Зупинено", "Stopped"),
        term("refused", "Вирішили не впроваджувати", "Decided against"),
    ],
};

/// The parts of the country of the six seminars. Which oblast belongs to which is not fixed here.
pub static REGIONS: Vocabulary = Vocabulary {
    key: "regions",
    uk: "Регіони",
    en: "Regions",
    terms: &[
        term("west", "Захід", "West"),
        term("carpathians", "Карпати", "Carpathians"),
        term("centre", "Центр", "Centre"),
        term("north", "Північ", "North"),
        term("east", "Схід", "East"),
        term("south", "Південь", "South"),
    ],
};

/// Who governs a community: where there is a military administration, the council may not sit.
pub static BODY_TYPES: Vocabulary = Vocabulary {
    key: "body_types",
    uk: "Орган управління",
    en: "Governing body",
    terms: &[
        term("council", "Рада", "Council"),
        term("military_administration", "Військова адміністрація", "Military administration"),
    ],
};

/// The five legal forms of cooperation between communities (Law 1508-VII).
pub static COOPERATION_FORMS: Vocabulary = Vocabulary {
    key: "cooperation_forms",
    uk: "Форми співробітництва",
    en: "Forms of cooperation",
    terms: &[
        term("delegation", "Делегування завдань", "Delegation of tasks"),
        term("joint_project", "Спільний проєкт", "Joint project"),
        term("joint_financing", "Спільне фінансування (утримання)", "Joint financing (upkeep)"),
        term("joint_enterprise", "Спільне підприємство або установа", "Joint enterprise or institution"),
        term("joint_body", "Спільний орган управління", "Joint governing body"),
    ],
};

/// How many people live in a community; [`super::size_band`] says where a bound falls. Communities
/// of like size can repeat each other's practices.
pub static SIZES: Vocabulary = Vocabulary {
    key: "sizes",
    uk: "Населення громади",
    en: "Population of the hromada",
    terms: &[
        term("under_5k", "До 5 тис. жителів", "Under 5 thousand"),
        term("from_5k_to_10k", "5–10 тис. жителів", "5–10 thousand"),
        term("from_10k_to_20k", "10–20 тис. жителів", "10–20 thousand"),
        term("from_20k_to_50k", "20–50 тис. жителів", "20–50 thousand"),
        term("from_50k_to_100k", "50–100 тис. жителів", "50–100 thousand"),
        term("over_100k", "Понад 100 тис. жителів", "Over 100 thousand"),
    ],
};

/// What came of an adoption, said honestly.
pub static OUTCOMES: Vocabulary = Vocabulary {
    key: "outcomes",
    uk: "Підсумок впровадження",
    en: "Outcome of an adoption",
    terms: &[
        term("success", "Успіх", "Success"),
        term("partial", "Частковий успіх", "Partial success"),
        term("none", "Нічого не змінилося", "Nothing changed"),
        term("harm", "Стало гірше", "It got worse"),
        term("too_early", "Ще рано казати", "Too early to say"),
    ],
};

/// Whether help is looked for or given.
pub static EXCHANGE_DIRECTIONS: Vocabulary = Vocabulary {
    key: "exchange_directions",
    uk: "Запит чи пропозиція",
    en: "Request or offer",
    terms: &[term("request", "Запит", "Request"), term("offer", "Пропозиція", "Offer")],
};

/// How far a request or an offer has come. That it has expired follows from its last day and is not
/// written.
pub static EXCHANGE_STATES: Vocabulary = Vocabulary {
    key: "exchange_states",
    uk: "Стан запиту",
    en: "State of a request",
    terms: &[
        term("open", "Відкрито", "Open"),
        term("talking", "Домовляємося", "Talking"),
        term("agreed", "Домовилися", "Agreed"),
        term("done", "Зроблено", "Done"),
        term("unresolved", "Не вийшло", "Unresolved"),
    ],
};

/// How far away a partner may be.
pub static RADII: Vocabulary = Vocabulary {
    key: "radii",
    uk: "Як далеко",
    en: "How far away",
    terms: &[
        term("raion", "У нашому районі", "In our raion"),
        term("oblast", "У нашій області", "In our oblast"),
        term("all", "Уся Україна", "All of Ukraine"),
    ],
};
