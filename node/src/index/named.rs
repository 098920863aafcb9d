//! Communities of the codifier by their names, as people type them: begun, in Latin letters, with the
//! wrong keyboard layout, with a typing error.

use std::sync::LazyLock;

use crdt::codifier::transliteration::transliterate;
use crdt::codifier::{self, Hromada};

use super::analysis::{is_latin, normal, words};
use super::repair::{distance, layout};

/// Words of a name that are looked at.
const WORDS_MAX: usize = 8;
/// Letters from which on a word may have an error: shorter ones are near too many names.
const MISTYPED_CHARS_MIN: usize = 4;
/// The price of the errors in a word.
const ERRORS_MAX: f32 = 1.0;

/// Which words of a community may be typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum By {
    /// Those of its own name and its centre: the raion or oblast would make all communities there one match.
    Name,
    /// Those where it lies as well, and its code.
    Place,
}

/// The words of a community in normal form.
struct Named {
    hromada: &'static Hromada,
    name: Vec<String>,
    place: Vec<String>,
}

/// Communities that were found.
#[derive(Default)]
pub(super) struct Found {
    /// They.
    pub(super) hromadas: Vec<&'static Hromada>,
    /// Whether they were found by Latin letters.
    pub(super) latin: bool,
}

static NAMED: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let named = |hromada: &'static Hromada| Named {
        hromada,
        name: normal_words(&format!(
            "{} {} {} {}",
            hromada.name,
            hromada.centre,
            transliterate(hromada.name),
            transliterate(hromada.centre)
        )),
        place: normal_words(&format!("{} {} {}", hromada.full_name_uk(), hromada.full_name_en(), hromada.code)),
    };
    codifier::all().iter().map(named).collect()
});

fn normal_words(text: &str) -> Vec<String> {
    words(text).map(|word| normal(word.text)).collect()
}

/// Communities that have every word of a text, the last as far as it is typed, or begin so in each;
/// where there are none, those that have them as typed with the other keyboard layout.
pub(super) fn typed(text: &str, by: By) -> Found {
    let others = [Some(text.to_owned()), layout::to_ukrainian(text), layout::to_english(text)];
    let found = others.into_iter().flatten().map(|text| matching(&text, by, |typed, word| word.starts_with(typed)));
    found.into_iter().find(|found| !found.hromadas.is_empty()).unwrap_or_default()
}

/// Communities by their name, their place or the beginnings of these, at most `most`, those that are
/// called so first; with the wrong layout or a typing error repaired where nothing is called so.
#[must_use]
pub fn named(text: &str, most: usize) -> Vec<&'static Hromada> {
    let found = typed(text, By::Place).hromadas;
    let mut found = if found.is_empty() { mistyped(text, By::Place).hromadas } else { found };
    found.truncate(most);
    found
}

/// Communities whose words are one typing error away.
pub(super) fn mistyped(text: &str, by: By) -> Found {
    matching(text, by, |typed, word| {
        let letters = typed.chars().count();
        let begins = || word.chars().take(letters).collect::<String>();
        word.starts_with(typed)
            || (letters >= MISTYPED_CHARS_MIN
                && (distance::distance(typed, word) <= ERRORS_MAX
                    || distance::distance(typed, &begins()) <= ERRORS_MAX))
    })
}

fn matching(text: &str, by: By, is: impl Fn(&str, &str) -> bool) -> Found {
    let typed: Vec<String> = normal_words(text).into_iter().take(WORDS_MAX).collect();
    let Some(first) = typed.first() else { return Found::default() };
    let fits = |named: &&Named| {
        let place = if by == By::Place { named.place.as_slice() } else { &[] };
        typed.iter().all(|typed| named.name.iter().chain(place).any(|word| is(typed, word)))
    };
    let mut found: Vec<&Named> = NAMED.iter().filter(fits).collect();
    // Who types a name wants that community, and not all of the oblast that is called like it.
    found.sort_by_key(|named| match named.name.iter().position(|word| is(first, word)) {
        Some(0) => 0,
        Some(_) => 1,
        None => 2,
    });
    let latin = text.chars().any(|letter| is_latin(letter.to_ascii_lowercase()));
    Found { hromadas: found.into_iter().map(|named| named.hromada).collect(), latin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communities_are_found_however_they_are_typed() {
        let centres = |found: Found| found.hromadas.iter().map(|one| one.centre).collect::<Vec<_>>();
        for text in ["Решетилівська", "решет", "Решетилівка", "Reshetylivka", "reshetyl", "Htitnbksdcmrf", "htitn"]
        {
            assert!(centres(typed(text, By::Name)).contains(&"Решетилівка"), "{text}");
        }
        for text in ["Решетелівка", "Ришетилівська", "Reshetilivka", "Кривий Ріхг"] {
            assert!(typed(text, By::Name).hromadas.is_empty(), "{text}");
            let found = centres(mistyped(text, By::Name));
            assert!(found.contains(&"Решетилівка") || found.contains(&"Кривий Ріг"), "{text}: {found:?}");
        }
        assert!(typed("", By::Place).hromadas.is_empty() && mistyped("«»", By::Place).hromadas.is_empty());
        assert!(typed("reshet", By::Name).latin && !typed("htitn", By::Name).latin);
    }

    #[test]
    fn the_place_narrows_and_the_name_comes_first() {
        assert_eq!(typed("Решетилівська Полтавська", By::Place).hromadas.len(), 1);
        assert!(typed("Решетилівська Полтавська", By::Name).hromadas.is_empty());
        let found = typed("полтав", By::Place).hromadas;
        assert!(found.len() > 10 && found[0].name.starts_with("Полтав"), "{:?}", found[0]);
        assert_eq!(typed("ua26040190000081578", By::Place).hromadas[0].centre, "Івано-Франківськ");
    }
}
