//! What a practice is about, who took part, what it cost and how well it is attested.

use super::{Vocabulary, term};

/// The six sectors of the project.
pub static SECTORS: Vocabulary = Vocabulary {
    key: "sectors",
    uk: "Галузі",
    en: "Sectors",
    terms: &[
        term("education", "Освіта", "Education"),
        term("housing_utilities", "Житлово-комунальне господарство (ЖКГ)", "Housing and communal services"),
        term("environment", "Довкілля", "Environment"),
        term("culture", "Культурні традиції", "Cultural traditions"),
        term("youth_sport", "Молодь і спорт", "Youth and sport"),
        term("small_business", "Малий бізнес", "Small business"),
    ],
};

/// The three themes that cut across the sectors.
pub static THEMES: Vocabulary = Vocabulary {
    key: "themes",
    uk: "Наскрізні теми",
    en: "Cross-cutting themes",
    terms: &[
        term("budget", "Бюджетний процес", "Budget process"),
        term("admin_services", "Адміністративні послуги", "Administrative services"),
        term("strategic_planning", "Стратегічне планування", "Strategic planning"),
    ],
};

/// The instruments by which residents take part; [`super::laws`] tells what law stands behind them.
pub static MECHANISMS: Vocabulary = Vocabulary {
    key: "mechanisms",
    uk: "Інструменти участі",
    en: "Instruments of participation",
    terms: &[
        term("statute", "Статут територіальної громади", "Hromada statute"),
        term("general_meeting", "Загальні збори жителів", "General meeting of residents"),
        term("public_hearing", "Громадські слухання", "Public hearing"),
        term("local_initiative", "Місцева ініціатива", "Local initiative"),
        term("e_petition", "Електронна петиція", "E-petition"),
        term("appeal", "Звернення громадян", "Citizens’ appeal"),
        term("participatory_budget", "Бюджет участі (громадський бюджет)", "Participatory budgeting"),
        term("school_pb", "Шкільний бюджет участі", "School participatory budgeting"),
        term("public_consultation", "Публічні консультації", "Public consultation"),
        term("e_consultation", "Електронні консультації", "E-consultation"),
        term("advisory_body", "Консультативно-дорадчий орган", "Advisory body"),
        term("civic_council", "Громадська рада", "Civic council"),
        term("youth_council", "Молодіжна рада", "Youth council"),
        term(
            "idp_council",
            "Рада з питань внутрішньо переміщених осіб (ВПО)",
            "Council on internally displaced persons (IDPs)",
        ),
        term("osn", "Орган самоорганізації населення (ОСН)", "Self-organisation body of residents"),
        term(
            "osbb",
            "Об’єднання співвласників багатоквартирного будинку (ОСББ)",
            "Association of co-owners of a block of flats (condominium association)",
        ),
        term("public_evaluation", "Громадське оцінювання", "Public evaluation"),
        term("public_expertise", "Громадська експертиза", "Public expert review"),
        term("reporting", "Звіт голови або депутатів перед громадою", "Officials’ public report"),
        term("local_referendum", "Місцевий референдум", "Local referendum"),
        term("citizens_assembly", "Громадські збори за жеребом (асамблея)", "Citizens’ assembly"),
        term(
            "participatory_planning",
            "Участь у стратегічному та просторовому плануванні",
            "Participation in strategic and spatial planning",
        ),
        term("coproduction", "Спільна дія, толока", "Co-production"),
        term("imc", "Міжмуніципальне співробітництво", "Inter-municipal cooperation"),
    ],
};

/// How much of the decision residents were given: the spectrum of IAP2, least first.
pub static PARTICIPATION_LEVELS: Vocabulary = Vocabulary {
    key: "participation_levels",
    uk: "Рівні участі",
    en: "Levels of participation",
    terms: &[
        term("inform", "Інформування", "Inform"),
        term("consult", "Консультування", "Consult"),
        term("involve", "Залучення", "Involve"),
        term("collaborate", "Співпраця", "Collaborate"),
        term("empower", "Передання рішення", "Empower"),
    ],
};

/// How far a practice reaches, smallest first.
pub static SCOPES: Vocabulary = Vocabulary {
    key: "scopes",
    uk: "Охоплення",
    en: "Scope",
    terms: &[
        term("street_block", "Вулиця або квартал", "Street or block"),
        term("settlement", "Населений пункт", "Settlement"),
        term("starosta_district", "Старостинський округ", "Starosta district"),
        term("hromada", "Громада", "Hromada"),
        term("inter_hromada", "Кілька громад", "Several hromadas"),
    ],
};

/// How far a practice has come.
pub static STAGES: Vocabulary = Vocabulary {
    key: "stages",
    uk: "Стан практики",
    en: "Stage",
    terms: &[
        term("idea", "Задум", "Idea"),
        term("pilot", "Пілот", "Pilot"),
        term("running", "Діє", "Running"),
        term("finished", "Завершено", "Finished"),
        term("suspended", "Призупинено", "Suspended"),
        term("stopped", "Припинено", "Stopped"),
    ],
};

/// How often a practice is done.
pub static RECURRENCE: Vocabulary = Vocabulary {
    key: "recurrence",
    uk: "Як часто",
    en: "How often",
    terms: &[
        term("once", "Один раз", "Once"),
        term("yearly", "Щороку", "Every year"),
        term("constant", "Постійно", "All the time"),
    ],
};

/// Who organises and who helps: the sixteen types of Participedia.
pub static ORGANISATION_TYPES: Vocabulary = Vocabulary {
    key: "organisation_types",
    uk: "Типи організацій",
    en: "Types of organisation",
    terms: &[
        term("academic_institution", "Навчальний або науковий заклад", "Academic institution"),
        term("activist_network", "Мережа активістів", "Activist network"),
        term("community_organisation", "Організація місцевої спільноти", "Community-based organisation"),
        term("faith_organisation", "Релігійна організація", "Faith-based organisation"),
        term("business", "Підприємство, бізнес", "For-profit business"),
        term("public_enterprise", "Державне або комунальне підприємство", "Government-owned corporation"),
        term("individual", "Приватна особа", "Individual"),
        term("international_organisation", "Міжнародна організація", "International organisation"),
        term("local_government", "Орган місцевого самоврядування", "Local government"),
        term("national_government", "Центральний орган влади", "National government"),
        term("ngo", "Громадська організація (неприбуткова)", "Non-governmental organisation (non-profit)"),
        term("philanthropic_organisation", "Благодійна організація, фонд", "Philanthropic organisation"),
        term("regional_government", "Обласна або районна влада", "Regional government"),
        term("social_movement", "Громадський рух", "Social movement"),
        term("trade_union", "Професійна спілка", "Labour or trade union"),
        term("not_applicable", "Не застосовується", "Not applicable"),
    ],
};

/// For whom a practice was made.
pub static TARGET_GROUPS: Vocabulary = Vocabulary {
    key: "target_groups",
    uk: "Для кого",
    en: "Target groups",
    terms: &[
        term("all_residents", "Усі жителі", "All residents"),
        term("youth", "Молодь", "Youth"),
        term("children", "Діти", "Children"),
        term("older_people", "Літні люди", "Older people"),
        term("people_with_disabilities", "Люди з інвалідністю", "People with disabilities"),
        term("idps", "Внутрішньо переміщені особи (ВПО)", "Internally displaced persons (IDPs)"),
        term("veterans", "Ветерани та їхні родини", "Veterans and their families"),
        term("women", "Жінки", "Women"),
        term("entrepreneurs", "Підприємці", "Entrepreneurs"),
        term("osbb", "Об’єднання співвласників (ОСББ)", "Condominium associations"),
        term("remote_villages", "Віддалені села", "Remote villages"),
    ],
};

/// By what way people took part.
pub static PARTICIPATION_CHANNELS: Vocabulary = Vocabulary {
    key: "participation_channels",
    uk: "Як долучалися",
    en: "How people took part",
    terms: &[
        term("in_person", "Особисто", "In person"),
        term("online", "Онлайн", "Online"),
        term("both", "Особисто та онлайн", "In person and online"),
    ],
};

/// To whom it was open.
pub static PARTICIPATION_OPENNESS: Vocabulary = Vocabulary {
    key: "participation_openness",
    uk: "Хто міг долучитися",
    en: "Who could take part",
    terms: &[
        term("all", "Усі охочі", "Open to all"),
        term(
            "all_with_effort",
            "Усі охочі, окремі групи запрошували додатково",
            "Open to all, with special effort to reach some groups",
        ),
        term("limited", "Лише окремі групи або люди", "Limited to some groups or people"),
    ],
};

/// The documents of a community on which a practice rests.
pub static DOCUMENT_TYPES: Vocabulary = Vocabulary {
    key: "document_types",
    uk: "Види документів",
    en: "Types of document",
    terms: &[
        term("statute", "Статут", "Statute"),
        term("regulation", "Положення", "Regulation"),
        term("decision", "Рішення", "Decision"),
        term("order", "Розпорядження", "Order"),
        term("contract", "Договір", "Contract"),
    ],
};

/// Where the money came from.
pub static MONEY_SOURCES: Vocabulary = Vocabulary {
    key: "money_sources",
    uk: "Джерела коштів",
    en: "Sources of money",
    terms: &[
        term("local_budget", "Місцевий бюджет", "Local budget"),
        term(
            "state_funds",
            "Державна субвенція або ДФРР",
            "State subvention or the State Fund for Regional Development",
        ),
        term("donor", "Донор", "Donor"),
        term("residents", "Жителі", "Residents"),
        term("business", "Бізнес", "Business"),
        term("in_kind", "Негрошовий внесок", "In-kind contribution"),
    ],
};

/// What a practice cost in all, in hryvnias; [`super::cost_band`] says where a bound falls.
pub static COST_BANDS: Vocabulary = Vocabulary {
    key: "cost_bands",
    uk: "Вартість",
    en: "Cost",
    terms: &[
        term("zero", "Без витрат", "No cost"),
        term("under_50k", "До 50 тис. грн", "Under UAH 50 thousand"),
        term("from_50k_to_300k", "50–300 тис. грн", "UAH 50–300 thousand"),
        term("from_300k_to_1m", "300 тис. – 1 млн грн", "UAH 300 thousand – 1 million"),
        term("from_1m_to_5m", "1–5 млн грн", "UAH 1–5 million"),
        term("over_5m", "Понад 5 млн грн", "Over UAH 5 million"),
    ],
};

/// How well it is attested; the place in the list is the level, 0 to 3. Computed, never typed in.
pub static EVIDENCE: Vocabulary = Vocabulary {
    key: "evidence",
    uk: "Підтвердження",
    en: "Evidence",
    terms: &[
        term("claimed", "Заявлено", "Claimed"),
        term("documented", "Є документ", "Documented"),
        term(
            "confirmed",
            "Підтвердила інша громада (візит або впровадження)",
            "Confirmed by another hromada (by a visit or an adoption)",
        ),
        term("evaluated", "Незалежне оцінювання", "Independently evaluated"),
    ],
};

/// What changed: the five types of Participedia.
pub static CHANGE_TYPES: Vocabulary = Vocabulary {
    key: "change_types",
    uk: "Що змінилося",
    en: "What changed",
    terms: &[
        term("people", "Знання, ставлення та поведінка людей", "People’s knowledge, attitudes and behaviour"),
        term("civic_capacity", "Спроможність спільноти діяти", "Civic capacities"),
        term("public_policy", "Місцева або державна політика", "Public policy"),
        term("institutions", "Робота установ", "How institutions operate"),
        term("conflict", "Розв’язання конфлікту", "Conflict transformation"),
    ],
};
