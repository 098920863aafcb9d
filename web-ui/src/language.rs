//! The two languages of the interface.

/// A language of the interface. What communities write stays in the language they wrote it in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Language {
    /// Ukrainian, unless the address says otherwise.
    #[default]
    Uk,
    /// English, by `?lang=en`.
    En,
}

/// One thing said in both languages.
#[derive(Clone, Copy)]
pub(crate) struct Phrase {
    /// In Ukrainian.
    pub(crate) uk: &'static str,
    /// In English.
    pub(crate) en: &'static str,
}

/// A phrase that depends on a number: 1 громада, 2 громади, 5 громад.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    /// Ukrainian for 1, 21, 31 and so on; for 2 to 4, 22 to 24 and so on; for the rest.
    pub(crate) uk: [&'static str; 3],
    /// English for 1, and for the rest.
    pub(crate) en: [&'static str; 2],
}

impl Language {
    /// The language that an address asks for.
    pub(crate) fn of(tag: &str) -> Self {
        if tag.eq_ignore_ascii_case("en") { Self::En } else { Self::Uk }
    }

    /// The tag for the `lang` attribute.
    pub(crate) fn tag(self) -> &'static str {
        self.pick("uk", "en")
    }

    /// The other language.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Uk => Self::En,
            Self::En => Self::Uk,
        }
    }

    /// One of two.
    pub(crate) fn pick<T>(self, uk: T, en: T) -> T {
        match self {
            Self::Uk => uk,
            Self::En => en,
        }
    }

    /// One of two that are made only when they are wanted: a map names 1,469 communities.
    pub(crate) fn choose<T>(self, uk: impl FnOnce() -> T, en: impl FnOnce() -> T) -> T {
        match self {
            Self::Uk => uk(),
            Self::En => en(),
        }
    }

    /// A phrase.
    pub(crate) fn say(self, phrase: Phrase) -> &'static str {
        self.pick(phrase.uk, phrase.en)
    }

    /// The form of a counted phrase that goes with a number, without the number.
    pub(crate) fn form(self, counted: Counted, number: u64) -> &'static str {
        match self {
            Self::En => counted.en[usize::from(number != 1)],
            Self::Uk => {
                counted.uk[match (number % 10, number % 100) {
                    (_, 11..=14) => 2,
                    (1, _) => 0,
                    (2..=4, _) => 1,
                    _ => 2,
                }]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ukrainian_numbers_take_three_forms() {
        let word =
            Counted { uk: ["громада", "громади", "громад"], en: ["community", "communities"] };
        let uk = |number| Language::Uk.form(word, number);
        assert_eq!(
            [1, 2, 5, 11, 21, 112, 0].map(uk),
            ["громада", "громади", "громад", "громад", "громада", "громад", "громад"]
        );
        assert_eq!([1, 2].map(|number| Language::En.form(word, number)), ["community", "communities"]);
    }
}
