//! Passwords: hashed with Argon2id, judged by their length.

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};

use crdt::check::FieldError;
use crdt::codifier;

/// Memory of one hash, in KiB. With the two below the least that OWASP's password storage sheet
/// names for Argon2id: an old office PC with 2 GB can bear two of them at once, a cracker's card
/// feels every one.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes: one, since two hashes may already run on the two cores that such a PC has.
const LANES: u32 = 1;

/// Characters of a password at the least: what NIST SP 800-63B-4 asks of a password that stands alone.
/// Length is what makes guessing hopeless; rules about signs and digits only make passwords hard to
/// remember.
pub(crate) const PASSWORD_CHARS_MIN: usize = 15;
/// Characters of a password at the most: more is no password but an attack on the hash.
pub(crate) const PASSWORD_CHARS_MAX: usize = 200;

/// What is guessed first, whatever its length: the beginnings of lists of leaked passwords.
const COMMON: [&str; 14] = [
    "password",
    "qwerty",
    "йцукен",
    "пароль",
    "123456",
    "administrator",
    "адміністратор",
    "dosvid",
    "досвід",
    "ukraina",
    "україна",
    "gromada",
    "громада",
    "letmein",
];

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password, with a fresh salt.
pub(crate) fn hash(password: &str) -> String {
    let hash: Result<PasswordHash, _> = argon2().hash_password(password.as_bytes());
    hash.expect("the salt is made here and the length was checked").to_string()
}

/// Whether a password is the one of a hash. Takes as long when the hash cannot be read.
pub(crate) fn fits(password: &str, hash: &str) -> bool {
    match PasswordHash::new(hash) {
        Ok(hash) => argon2().verify_password(password.as_bytes(), &hash).is_ok(),
        Err(_) => {
            let hash: Result<PasswordHash, _> = argon2().hash_password(password.as_bytes());
            drop(hash);
            false
        }
    }
}

/// What is wrong with a new password, if anything.
pub(crate) fn error(password: &str, name: &str) -> Option<FieldError> {
    let chars = password.chars().count();
    let error = |code, uk: String, en: String| Some(FieldError::new("password", code, uk, en));
    if chars < PASSWORD_CHARS_MIN {
        return error(
            "too_short",
            format!(
                "У паролі замало знаків: {chars}, потрібно щонайменше {PASSWORD_CHARS_MIN}. Найлегше взяти три-чотири слова поспіль"
            ),
            format!(
                "The password is too short: {chars} characters, at least {PASSWORD_CHARS_MIN} are needed. Three or four words in a row are easiest"
            ),
        );
    }
    if chars > PASSWORD_CHARS_MAX {
        return error(
            "too_long",
            format!("Пароль задовгий: можна щонайбільше {PASSWORD_CHARS_MAX} знаків"),
            format!("The password is too long: at most {PASSWORD_CHARS_MAX} characters are taken"),
        );
    }
    if is_guessed_first(password, name) {
        return error(
            "common",
            "Такий пароль вгадують першим: візьміть кілька слів, не пов’язаних між собою".into(),
            "Such a password is guessed first: take a few words that have nothing to do with each other".into(),
        );
    }
    None
}

/// A common word or the name with little around it, or very few different characters.
fn is_guessed_first(password: &str, name: &str) -> bool {
    let plain = password.to_lowercase();
    let name = name.to_lowercase();
    let different = plain.chars().collect::<std::collections::BTreeSet<_>>().len();
    let little_around =
        |word: &str| word.chars().count() >= 4 && plain.replace(word, "").chars().count() <= PASSWORD_CHARS_MIN / 2;
    different < 5 || is_place(&plain) || COMMON.iter().any(|word| little_around(word)) || little_around(&name)
}

/// Whether a password is the name of a hromada, of its centre, raion or oblast, or a code, with nothing but
/// signs and digits around it: whoever attacks a hromada begins with these.
fn is_place(plain: &str) -> bool {
    let letters = |text: &str| -> String { text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect() };
    let bare = letters(plain);
    let without_kind = ["громада", "міськатг", "район", "область"].iter().find_map(|kind| bare.strip_suffix(kind));
    let names = [Some(bare.as_str()), without_kind];
    let is_name = |name: &str| names.iter().flatten().any(|bare| *bare == letters(name));
    let is_code = plain.strip_prefix("ua").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_code
        || codifier::all().iter().any(|hromada| is_name(hromada.name) || is_name(hromada.centre))
        || codifier::regions().iter().any(|region| is_name(region.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_says_how_it_was_made_and_fits_only_its_password() {
        let made = hash("чотири сині парасолі");
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert!(fits("чотири сині парасолі", &made) && !fits("чотири сині парасолі ", &made));
        assert_ne!(made, hash("чотири сині парасолі"), "the salt is fresh");
        assert!(!fits("x", "not a hash"));
    }

    #[test]
    fn length_counts_and_what_is_guessed_first_does_not() {
        for place in ["Решетилівська-2026!", "UA53080390000027656", "івано-франківська", "Полтавський район"]
        {
            assert!(error(place, "Оксана").is_some(), "{place}");
        }
        for bad in ["коротко", "пароль123456", "aaaaaaaaaaaaaaaa", "qwertyqwerty", "оксана-оксана", &"а".repeat(201)]
        {
            assert!(error(bad, "Оксана").is_some(), "{bad}");
        }
        for good in ["чотири сині парасолі", "kava mlyn sonce", "громада збирається щочетверга"]
        {
            assert!(error(good, "Оксана").is_none(), "{good}");
        }
    }
}
