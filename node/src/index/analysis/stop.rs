//! Words of a query that say nothing about what is looked for.
//!
//! They are left out of queries only, and only where others remain; the index has them, so that
//! phrases find them.

/// Conjunctions, prepositions, particles, pronouns, forms of "to be", question words: as they are
/// after normalisation, sorted.
const UKRAINIAN: &str = "
    а аби або абощо адже але
    без би був була були було бути будь будьте буде будемо будете будуть буду будеш біля більш більше
    в вам вами вас ваш ваша ваше ваші вже ви від він вона вони воно все всі всього всіх всім всіма весь вся всю
    де декілька деколи деякий деяка деяке деякі для до доки допоки
    є єю
    ж же
    з за завжди задля зі зо
    и й його йому
    із інакше інколи
    їй їм їх їхній їхня їхнє їхні її
    і іншого інші
    к ким кимось ко кого кожен кожна кожне кожного коли комусь кому крім кудись куди
    лише лиш ледь
    майже мене мені ми мій мною мого моя моє мої моїх між мов мовби
    на навіть навіщо над нам нами нас наче неначе наш наша наше наші не нема немає ним ними них ній ніби ні ніхто ніщо но ну
    о об обидва обидві одначе однак окрім ось от отже отой оце
    під після по поза поки понад поруч перед при про проте проти протягом
    саме сам сама само самі себе собі собою скрізь скільки стільки свій своя своє свої своїх своєї свого своєму
    та так такий така таке такі такого такої також там твій твоя твоє те теж тебе ти тим тими тих ті тієї тій тільки
    то тобі тобто той того тоді тому тощо ту тут тією тої
    у увесь усе усього усі усім усіх уже усьому
    хай хіба хоч хоча хто
    це цей цим цими цих цього цьому ця цю ці цієї цій цією
    чи чий чия чиє чим чиму чому через чого
    ще що щоб щоби щодо щось
    як яка яке який які якій якою якої якого якому яких яким якими якась якась якби якщо яку
";

/// The same of English.
const ENGLISH: &str = "
    а about after all also am an and any are as at
    be because been before being between both but by
    can could did do does doing done during each
    for from had has have having he her here him his how
    if in into is it its
    me more most my no nor not of off on once only or other our out over own
    same she should so some such than that the their them then there these they this those through to too
    under until up us very was we were what when where which while who whom why will with would you your
";

/// Question and function words that people type in Russian.
const RUSSIAN: &str = "
    был была были было быть в вы где для его ее если есть и из или их к как какая какие какой когда кто
    мы на надо не но о об он она они от по под при с сколько со так такое то тоже только у что чтобы это
";

/// Whether a word in its normal form is one of them.
#[must_use]
pub fn is_stop_word(normal: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::LazyLock;
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| [UKRAINIAN, ENGLISH, RUSSIAN].into_iter().flat_map(str::split_whitespace).collect());
    WORDS.contains(normal)
}
