//! Where somebody can be reached: telephones, mailboxes and sites, as people write them.

use super::{FieldError, misread};
use crate::practice::Contact;

/// What is wrong with whom to ask.
pub(crate) fn contact(contact: &Contact) -> Vec<FieldError> {
    [phone("contact.phone", &contact.phone), mailbox("contact.email", &contact.email)].into_iter().flatten().collect()
}

/// What is wrong with a telephone, if anything. Several numbers and extensions are welcome.
pub(super) fn phone(field: &str, text: &str) -> Option<FieldError> {
    misread(field, "not_a_phone", text, is_phone, |text| {
        (
            format!("«{text}» не читається як телефон: впишіть номер із кодом, наприклад (05136) 9-12-34"),
            format!("“{text}” cannot be read as a telephone: give the number with its code, like (05136) 9-12-34"),
        )
    })
}

/// What is wrong with a mailbox, if anything.
pub(super) fn mailbox(field: &str, text: &str) -> Option<FieldError> {
    let are_mailboxes = |text: &str| text.split([',', ';', ' ']).filter(|one| !one.is_empty()).all(is_mailbox);
    misread(field, "not_a_mailbox", text, are_mailboxes, |text| {
        (
            format!("«{text}» не читається як електронна пошта: має бути на зразок rada@hromada.gov.ua"),
            format!("“{text}” cannot be read as an e-mail address: it should be like rada@hromada.gov.ua"),
        )
    })
}

/// What is wrong with the address of a site, if anything.
pub(crate) fn site(field: &str, text: &str) -> Option<FieldError> {
    misread(field, "not_a_site", text, is_site, |text| {
        (
            format!(
                "«{text}» не є адресою сайту: вона починається з https:// або http://, наприклад https://hromada.gov.ua"
            ),
            format!(
                "“{text}” is not the address of a site: it begins with https:// or http://, like https://hromada.gov.ua"
            ),
        )
    })
}

/// Words that stand beside numbers.
const BESIDE: [&str; 15] =
    ["тел", "моб", "факс", "дод", "внутр", "вн", "або", "та", "і", "ext", "tel", "fax", "or", "and", "mob"];

/// Digits of the shortest number that anybody is asked to dial (1551), and of the longest.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

fn is_phone(text: &str) -> bool {
    let apart = |letter: char| matches!(letter, ',' | ';' | '/');
    let mut numbers = text.split(apart);
    let known = |letter: char| letter.is_ascii_digit() || letter.is_whitespace() || "+-–—().:№".contains(letter);
    let mut words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    text.chars().all(|letter| known(letter) || apart(letter) || letter.is_alphabetic())
        && words.all(|word| BESIDE.contains(&word.to_lowercase().as_str()))
        && numbers.any(|one| DIGITS.contains(&one.bytes().filter(u8::is_ascii_digit).count()))
}

fn is_mailbox(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |letter: char| letter.is_alphanumeric() || "._-+'".contains(letter);
    !name.is_empty() && name.chars().all(plain) && is_host(host)
}

/// A name of at least two parts, none empty: `hromada.gov.ua`, `громада.укр`.
fn is_host(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    text.contains('.') && text.split('.').all(part)
}

/// The address of a web page: `javascript:` and its like are none, and neither is a name before the host.
fn is_site(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && is_host(host)
        && port.parse::<u16>().is_ok()
        && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_are_written_in_many_ways() {
        for good in
            ["(05136) 9-12-34", "+38 067 123 45 67", "1551", "050 123-45-67, дод. 12", "тел.: 9-12-34; факс 9-12-35"]
        {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["подзвоніть", "12", "+", "abc 12345", "12345678901234567890", ","] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn mailboxes_and_sites_lead_where_they_say() {
        assert!(["rada@hromada.gov.ua", "рада@громада.укр", "o'neil@a.ie"].iter().all(|text| is_mailbox(text)));
        assert!(
            !["rada", "rada@", "@a.ua", "a b@c.ua", "rada@ua", "a@b..ua", "a@b@c.ua"]
                .iter()
                .any(|text| is_mailbox(text))
        );
        assert!(
            ["https://hromada.gov.ua/a?b#c", "http://громада.укр", "https://a.ua:8080/"].iter().all(|t| is_site(t))
        );
        let bad = [
            "javascript:alert(1)",
            "javascript://a.ua/%0aalert(1)",
            "hromada.gov.ua",
            "https://",
            "https://a@b.ua",
            "https://a.ua/ b",
        ];
        assert!(!bad.iter().any(|text| is_site(text)));
    }
}
