//! What somebody should look at again before it goes to every node: personal data and what harms in
//! a war. Hints and never refusals: the program cannot know.

use crate::desk::fields::Pairs;
use crate::desk::words as w;
use crate::language::Phrase;

/// Beginnings of words about troops, weapons and what is shot at.
const MILITARY: [&str; 16] = [
    "військов",
    "бригад",
    "батальйон",
    "полк",
    "блокпост",
    "укріпленн",
    "окоп",
    "ппо",
    "зсу",
    "тцк",
    "дислокац",
    "склад боєприпас",
    "підстанці",
    "трансформатор",
    "котельн",
    "аеродром",
];
/// Where a telephone or a mailbox is asked for.
const CONTACT: [&str; 3] = ["contact.", "phone", "email"];
/// Hints of one form at the most: more would be read by nobody.
const HINTS_MAX: usize = 12;

/// A place to look at again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The name of the control.
    pub(crate) name: String,
    /// What was found there.
    pub(crate) found: String,
    /// Why it matters.
    pub(crate) why: &'static str,
}

/// What to look at again.
pub(crate) fn hints(pairs: &Pairs, say: impl Fn(Phrase) -> &'static str) -> Vec<Hint> {
    let texts = pairs.iter().filter(|(name, _)| !CONTACT.iter().any(|part| name.starts_with(part)));
    let found = texts.flat_map(|(name, text)| {
        let all = [
            (telephone(text), w::HINT_PHONE),
            (mailbox(text), w::HINT_MAIL),
            (patronymic(text), w::HINT_PERSON),
            (coordinates(text), w::HINT_PLACE),
            (military(text), w::HINT_WAR),
        ];
        all.map(|(found, why)| found.map(|found| (name.clone(), found, why)))
    });
    let hint = |(name, found, why)| Hint { name, found, why: say(why) };
    found.flatten().map(hint).take(HINTS_MAX).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ",;:!?()«»\"".contains(c)).filter(|word| !word.is_empty())
}

fn telephone(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_digit() || "+-() \u{a0}".contains(c);
    let runs = text.split(|c| !plain(c)).map(str::trim);
    let is_one = |run: &&str| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        (10..=13).contains(&digits) && (run.starts_with(['0', '+', '(']) || run.starts_with("38"))
    };
    runs.into_iter().find(is_one).map(str::to_owned)
}

fn mailbox(text: &str) -> Option<String> {
    words(text)
        .find(|word| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')))
        .map(str::to_owned)
}

fn patronymic(text: &str) -> Option<String> {
    let ends = ["ович", "йович", "івна", "ївна", "овича", "івни", "івною", "овичем"];
    let is_one =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) && ends.iter().any(|end| word.ends_with(end));
    words(text).find(is_one).map(str::to_owned)
}

fn coordinates(text: &str) -> Option<String> {
    let is_degree = |word: &&str| {
        let word = word.trim_end_matches('°');
        word.split_once('.').is_some_and(|(whole, rest)| {
            whole.parse::<u32>().is_ok_and(|degrees| (22..=53).contains(&degrees))
                && rest.len() >= 4
                && rest.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let found: Vec<&str> = words(text).filter(is_degree).take(2).collect();
    (found.len() == 2).then(|| found.join(", "))
}

fn military(text: &str) -> Option<String> {
    let plain = text.to_lowercase();
    MILITARY
        .iter()
        .find(|stem| {
            plain
                .match_indices(*stem)
                .any(|(at, _)| plain[..at].chars().next_back().is_none_or(|before| !before.is_alphabetic()))
        })
        .map(|stem| format!("{stem}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        hints(&vec![("solution".into(), text.into())], |phrase| phrase.uk).len()
    }

    #[test]
    fn what_should_be_looked_at_again_is_found() {
        for text in [
            "Телефонуйте 067 123-45-67",
            "Пишіть на ivan@ukr.net",
            "Допомагала Оксана Петрівна",
            "Точка 48.1234, 31.5678",
            "Поруч стоїть батальйон",
            "Полагодили трансформаторну підстанцію",
        ] {
            assert!(found(text) >= 1, "{text}");
        }
        for text in ["Витратили 1 250 000 грн за 2024 рік", "Рішення № 1554 від 06.10.2023", "Провели толоку"]
        {
            assert_eq!(found(text), 0, "{text}");
        }
        assert!(hints(&vec![("contact.phone".into(), "067 123-45-67".into())], |phrase| phrase.uk).is_empty());
    }
}
