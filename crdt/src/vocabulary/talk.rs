//! What is said about documents, and what is done with them: talk, endorsements, seminars,
//! collections, the campaign.

use super::{Vocabulary, term};

/// What a comment is for.
pub static COMMENT_PURPOSES: Vocabulary = Vocabulary {
    key: "comment_purposes",
    uk: "Що це",
    en: "What it is",
    terms: &[
        term("question", "Запитання", "Question"),
        term("answer", "Відповідь", "Answer"),
        term("comment", "Коментар", "Comment"),
        term("experience", "Наш досвід", "Our experience"),
        term("help", "Можемо допомогти", "We can help"),
        term("suggestion", "Пропозиція правки", "Suggested edit"),
        term("accepted", "Правку прийнято", "Edit accepted"),
    ],
};

/// On what an endorsement rests, the weakest first.
pub static ENDORSEMENT_BASES: Vocabulary = Vocabulary {
    key: "endorsement_bases",
    uk: "Підстава підтвердження",
    en: "Basis of an endorsement",
    terms: &[
        term("origin_confirms", "Знаємо про це впровадження", "We know of this adoption"),
        term("visited", "Були там і бачили", "We visited and saw it"),
        term("repeated", "Повторили в себе", "We repeated it"),
        term("expert_review", "Перевірив незалежний експерт", "Checked by an independent expert"),
    ],
};

/// Whether a seminar takes registrations.
pub static REGISTRATION_STATES: Vocabulary = Vocabulary {
    key: "registration_states",
    uk: "Реєстрація",
    en: "Registration",
    terms: &[
        term("open", "Відкрита", "Open"),
        term("closed", "Закрита", "Closed"),
        term("cancelled", "Семінар скасовано", "The seminar is cancelled"),
        term("done", "Семінар відбувся", "The seminar is over"),
    ],
};

/// How far a collection is.
pub static COLLECTION_STATES: Vocabulary = Vocabulary {
    key: "collection_states",
    uk: "Стан збірника",
    en: "State of a collection",
    terms: &[
        term("editing", "Укладається", "In the making"),
        term("ready", "Готовий до друку", "Ready to print"),
        term("printed", "Надрукований", "Printed"),
    ],
};

/// What a material of the campaign is.
pub static MATERIAL_TYPES: Vocabulary = Vocabulary {
    key: "material_types",
    uk: "Вид матеріалу",
    en: "Type of material",
    terms: &[
        term("leaflet", "Листівка", "Leaflet"),
        term("poster", "Плакат", "Poster"),
        term("post", "Допис", "Post"),
        term("press_release", "Пресреліз", "Press release"),
        term("infographic", "Інфографіка", "Infographic"),
        term("video_link", "Відео (посилання)", "Video (link)"),
        term("slides", "Презентація", "Slides"),
        term("faq", "Запитання і відповіді", "Questions and answers"),
    ],
};

/// Where a material was used.
pub static CAMPAIGN_CHANNELS: Vocabulary = Vocabulary {
    key: "campaign_channels",
    uk: "Де використано",
    en: "Channel",
    terms: &[
        term("website", "Сайт громади", "Website of the community"),
        term("social", "Соціальні мережі", "Social networks"),
        term("messenger", "Месенджер", "Messenger"),
        term("print", "Друк, дошка оголошень", "Print, notice board"),
        term("press", "Газета, радіо, телебачення", "Newspaper, radio, television"),
        term("meeting", "Зустріч, збори", "Meeting"),
        term("event", "Захід", "Event"),
    ],
};

/// Who made a translation.
pub static TEXT_ORIGINS: Vocabulary = Vocabulary {
    key: "text_origins",
    uk: "Хто переклав",
    en: "Who translated",
    terms: &[term("human", "Людина", "A person"), term("machine", "Машина, не вичитано", "A machine, not proofread")],
};
