//! The two languages of messages.

use std::str::FromStr;

/// A language of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Українська.
    Uk,
    /// English.
    En,
}

impl Language {
    /// The system's language: English where it says so, otherwise Ukrainian.
    pub fn of_system() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
        if set.is_some_and(|set| set.starts_with("en")) { Self::En } else { Self::Uk }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "uk" => Ok(Self::Uk),
            "en" => Ok(Self::En),
            _ => Err("uk or en".into()),
        }
    }
}

/// The text in the language.
pub fn say<T>(language: Language, uk: T, en: T) -> T {
    match language {
        Language::Uk => uk,
        Language::En => en,
    }
}
