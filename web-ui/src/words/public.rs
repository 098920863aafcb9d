//! The words of the public mode.

#[rustfmt::skip]
phrases! {
    FEED:            "Нові практики",                          "New practices";
    FEED_OF_ALL:     "Нові практики всіх громад",              "New practices of all hromadas";
    FEED_OF_HROMADA: "Нові практики цієї громади",             "New practices of this hromada";
    FEED_LINK:       "Стрічка новин (Atom)",                   "News feed (Atom)";
    FOOTER:          "Бібліотека спільна: кожна громада має на власному комп’ютері цілу її копію.", "The library is shared: every hromada holds a whole copy on a computer of its own.";
    REGISTRY:        "Які громади України готові ділитися досвідом участі: у чому, в якій формі та кого запитати.", "Which hromadas of Ukraine are ready to share their experience of participation: in what, how, and whom to ask.";
    CATALOGUE:       "Практики участі громад України: пошук за галуззю, інструментом, областю, розміром громади й вартістю.", "Practices of participation in the hromadas of Ukraine: search by sector, instrument, oblast, size and cost.";
    MAP:             "Практики участі та громади, готові ділитися досвідом, на мапі України.", "Practices of participation, and hromadas ready to share their experience, on the map of Ukraine.";
    COMPARE:         "Практики участі поруч: що в них спільного й чим вони різняться.", "Practices of participation side by side: what they share and where they differ.";
    CARD:            "Досвід: практики участі територіальних громад України", "Dosvid: practices of participation of Ukraine’s hromadas";
    HISTORY:         "Хто й коли змінював цей запис.",         "Who changed this record, and when.";
    TOO_MANY:        "Карту сайту зараз складають для інших. Спробуйте за хвилину", "The sitemap is being written for others just now. Try again in a minute";
}
