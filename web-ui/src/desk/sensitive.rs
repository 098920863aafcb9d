//! What somebody should look at again before it goes to every node: personal data, what harms in a
//! war, and blanks that nobody filled in. Hints and never refusals: the program cannot know.

use crate::desk::fields::Pairs;
use crate::desk::words as w;
use crate::desk::write::copying::NAME_BLANK;
use crate::language::Phrase;

/// Beginnings of words about troops, weapons and what is shot at.
const MILITARY: [&str; 18] = [
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
    "укритт",
    "бомбосховищ",
];
/// Where a telephone or a mailbox is asked for.
const CONTACT: [&str; 4] = ["contact.phone", "contact.email", "phone", "email"];
/// Where the place of something on the map is asked for: degrees north, and east.
const PLACE: [&str; 2] = ["location.lat", "location.lon"];
/// Digits after the point from which a place is that of one house: some ten metres.
const EXACT: usize = 4;
/// Hints of one form at the most: more would be read by nobody.
const HINTS_MAX: usize = 20;
/// Hints of one kind in one field.
const ALIKE_MAX: usize = 4;
/// Before the number of a taxpayer.
const TAX: [&str; 4] = ["іпн", "рнокпп", "ідентифікаційн", "податков"];
/// Endings of patronymics in the cases that texts have.
const PATRONYMICS: [&str; 8] = ["ович", "йович", "івна", "ївна", "овича", "івни", "івною", "овичем"];
/// Endings of surnames.
const SURNAMES: [&str; 12] =
    ["енко", "енка", "енку", "енком", "чук", "чука", "щук", "ишин", "ейко", "ський", "цький", "зький"];
/// Before a name that is one of a street, an institution or a prize, and of nobody who could be harmed.
const NAMED_AFTER: [&str; 12] =
    ["вул", "вулиця", "вулиці", "вулицю", "просп", "проспект", "пров", "провулок", "площа", "площі", "ім", "імені"];

/// A place to look at again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The name of the control.
    pub(crate) name: String,
    /// What people call its field; empty until a form says so.
    pub(crate) label: &'static str,
    /// What was found there.
    pub(crate) found: String,
    /// Why it matters.
    pub(crate) why: &'static str,
}

/// What to look at again.
pub(crate) fn hints(pairs: &Pairs, say: impl Fn(Phrase) -> &'static str) -> Vec<Hint> {
    let texts = pairs.iter().filter(|(name, _)| !CONTACT.contains(&name.as_str()));
    let found = texts.flat_map(|(name, text)| {
        let all = [
            (telephone(text).into_iter().collect(), w::HINT_PHONE),
            (mailbox(text).into_iter().collect(), w::HINT_MAIL),
            (tax_number(text).into_iter().collect(), w::HINT_PERSON),
            (home(text).into_iter().collect(), w::HINT_PERSON),
            (persons(text), w::HINT_PERSON),
            (coordinates(text).into_iter().collect(), w::HINT_PLACE),
            (military(text), w::HINT_WAR),
            (blank(text).into_iter().collect(), w::HINT_BLANK),
        ];
        let all = all.map(|(found, why)| found.into_iter().take(ALIKE_MAX).map(move |found| (found, why)));
        all.into_iter().flatten().map(|(found, why)| (name.clone(), found, why)).collect::<Vec<_>>()
    });
    let place = exact_place(pairs).map(|found| (PLACE[0].to_owned(), found, w::HINT_PLACE));
    found
        .chain(place)
        .map(|(name, found, why)| Hint { name, label: "", found, why: say(why) })
        .take(HINTS_MAX)
        .collect()
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

/// Ten digits where the number of a taxpayer is named.
fn tax_number(text: &str) -> Option<String> {
    let plain = text.to_lowercase();
    TAX.iter().any(|word| plain.contains(word)).then_some(())?;
    let is_one = |word: &&str| word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_digit());
    words(text).map(|word| word.trim_matches('.')).find(is_one).map(str::to_owned)
}

/// An address with a flat: somebody's home.
fn home(text: &str) -> Option<String> {
    let all: Vec<&str> = words(text).collect();
    let at =
        all.iter().position(|word| matches!(word.trim_end_matches('.').to_lowercase().as_str(), "кв" | "квартира"))?;
    let number = all.get(at + 1).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(format!("{} {number}", all[at]))
}

/// Names of persons: patronymics, and surnames beside another name.
fn persons(text: &str) -> Vec<String> {
    let all: Vec<&str> = words(text).map(|word| word.trim_matches('.')).collect();
    let is_name = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase)
    };
    let ends = |word: &str, endings: &[&str]| is_name(word) && endings.iter().any(|end| word.ends_with(end));
    let after =
        |at: usize, back: usize| at.checked_sub(back).and_then(|at| all.get(at)).map(|word| word.to_lowercase());
    let mut found = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let of_a_street = (1..=2).filter_map(|back| after(at, back)).any(|word| NAMED_AFTER.contains(&word.as_str()));
        let beside = at.checked_sub(1).and_then(|at| all.get(at)).copied().filter(|word| is_name(word));
        if ends(word, &PATRONYMICS) {
            found.push((*word).to_owned());
        } else if let Some(first) = beside.filter(|_| ends(word, &SURNAMES) && !of_a_street) {
            found.push(format!("{first} {word}"));
        }
    }
    found.dedup();
    found
}

/// The place on the map, where it is that of one house.
fn exact_place(pairs: &Pairs) -> Option<String> {
    let degrees = PLACE.map(|part| pairs.iter().find(|(name, _)| name == part).map(|(_, text)| text.trim()));
    let [Some(north), Some(east)] = degrees else { return None };
    let is_exact = |text: &str| text.split_once(['.', ',']).is_some_and(|(_, rest)| rest.len() >= EXACT);
    (is_exact(north) && is_exact(east)).then(|| format!("{north}; {east}"))
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

fn military(text: &str) -> Vec<String> {
    let plain = text.to_lowercase();
    let begins = |stem: &&&str| {
        plain
            .match_indices(**stem)
            .any(|(at, _)| plain[..at].chars().next_back().is_none_or(|before| !before.is_alphabetic()))
    };
    MILITARY.iter().filter(begins).map(|stem| format!("{stem}…")).collect()
}

/// A blank that a copied text still has, with the words before it: blanks are alike.
fn blank(text: &str) -> Option<String> {
    /// Words enough to find the place.
    const BEFORE: usize = 3;
    let all: Vec<&str> = text.split_whitespace().collect();
    let begins = NAME_BLANK.split(' ').next().unwrap_or(NAME_BLANK);
    let at = all.iter().position(|word| word.contains("__") || word.contains(begins))?;
    Some(all[at.saturating_sub(BEFORE)..=at].join(" ").replace(begins, NAME_BLANK))
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
            "РНОКПП 1234567890 голови",
            "Живе на вул. Шевченка, 5, кв. 7",
            "Допомогла Оксана Петренко",
            "Люди йдуть в укриття школи",
            "Полагодили трансформаторну підстанцію",
            "Рішення № ____ від __.__.____",
            "Мешканці [назва громади] зібралися",
        ] {
            assert!(found(text) >= 1, "{text}");
        }
        for text in [
            "Витратили 1 250 000 грн за 2024 рік",
            "Рішення № 1554 від 06.10.2023",
            "Провели толоку",
            "Школа на вул. Тараса Шевченка",
            "Ліцей імені Івана Франка",
            "Полтавська громада",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
        let hint =
            hints(&vec![("solution".into(), "Як мешканці [назва громади] зібралися".into())], |phrase| phrase.uk);
        assert_eq!(hint[0].found, "Як мешканці [назва громади]");
        assert_eq!(found("За блокпостом склад боєприпасів"), 2, "each is told at once");
        let named = |name: &str, text: &str| hints(&vec![(name.into(), text.into())], |phrase| phrase.uk).len();
        assert_eq!(named("contact.role", "Оксана Петренко, 067 123-45-67"), 2, "a post is asked for");
        assert_eq!(named("contact.role", "Начальниця відділу"), 0);
        let place = |lat: &str| {
            let pairs = vec![("location.lat".into(), lat.into()), ("location.lon".into(), "31.56789".into())];
            hints(&pairs, |phrase| phrase.uk).into_iter().map(|hint| hint.name).collect::<Vec<_>>()
        };
        assert_eq!(place("48,12345"), ["location.lat"], "of one house");
        assert!(place("48.1").is_empty(), "of a town");
        assert!(hints(&vec![("contact.phone".into(), "067 123-45-67".into())], |phrase| phrase.uk).is_empty());
    }
}
