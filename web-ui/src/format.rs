//! Numbers, dates and addresses as people here write them.

use std::cmp::Ordering;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::language::Language;

/// Between thousands: a space that no line breaks at.
const THIN: char = '\u{a0}';
/// Kyiv time by rule, so that no time-zone database has to be on the computer: two hours ahead,
/// three from the last Sunday of March to the last Sunday of October.
const KYIV: &str = "EET-2EEST,M3.5.0/3,M10.5.0/4";
/// What stands where there is nothing to say.
const NOTHING: &str = "—";

/// A whole number: `14 832`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

/// A text without the signs that XML cannot hold, escaped or not.
pub(crate) fn xml_text(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.trim().chars().filter(allowed).collect()
}

/// A number that need not be whole: `-1 234,5`, in English `-1 234.5`.
pub(crate) fn decimal(value: f64, language: Language) -> String {
    let plain = value.abs().to_string();
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::from(if value < 0.0 { "−" } else { "" });
    // Whatever is too long for a count of things is shown as it is written.
    text.push_str(&whole.parse().map_or_else(|_| whole.to_owned(), number));
    if !rest.is_empty() {
        text.push(language.pick(',', '.'));
        text.push_str(rest);
    }
    text
}

/// A sum of hryvnias: `1 234 567 ₴`, in English `UAH 1 234 567`.
pub(crate) fn money(hryvnias: u64, language: Language) -> String {
    in_hryvnias(&number(hryvnias), language)
}

/// A sum as people say it: `120 тис. ₴`, `1,2 млн ₴`; what is less than ten thousand is told whole.
pub(crate) fn money_short(hryvnias: u64, language: Language) -> String {
    const UNITS: [(u64, u64, &str, &str); 3] = [
        (1_000_000_000, 999_950_000, "млрд", "billion"),
        (1_000_000, 999_950, "млн", "million"),
        (1_000, 10_000, "тис.", "thousand"),
    ];
    let Some((unit, _, uk, en)) = UNITS.iter().find(|(_, from, ..)| hryvnias >= *from) else {
        return money(hryvnias, language);
    };
    // Tenths, rounded: nobody compares practices by more.
    let tenths = hryvnias.saturating_add(unit / 20) / (unit / 10);
    let mut text = number(tenths / 10);
    if !tenths.is_multiple_of(10) {
        text.push(language.pick(',', '.'));
        text.push_str(&(tenths % 10).to_string());
    }
    in_hryvnias(&format!("{text}{THIN}{}", language.pick(uk, en)), language)
}

fn in_hryvnias(sum: &str, language: Language) -> String {
    language.pick(format!("{sum}{THIN}₴"), format!("UAH{THIN}{sum}"))
}

/// Bytes in the unit that people know.
pub(crate) fn bytes(count: u64, language: Language) -> String {
    const UNITS: [(u64, &str, &str); 3] = [(1 << 30, "ГБ", "GB"), (1 << 20, "МБ", "MB"), (1 << 10, "КБ", "KB")];
    for (unit, uk, en) in UNITS {
        if count >= unit {
            // Tenths, cut: nobody counts on more.
            let tenths = count / (unit / 10);
            let point = language.pick(',', '.');
            return format!("{}{point}{}{THIN}{}", number(tenths / 10), tenths % 10, language.pick(uk, en));
        }
    }
    format!("{count}{THIN}{}", language.pick("Б", "B"))
}

/// The day of a moment in Kyiv: `24.08.2025`.
pub(crate) fn day(milliseconds: u64) -> String {
    in_kyiv(milliseconds, "%d.%m.%Y")
}

/// A moment in Kyiv: `24.08.2025, 14:32`.
pub(crate) fn moment(milliseconds: u64) -> String {
    in_kyiv(milliseconds, "%d.%m.%Y, %H:%M")
}

/// A moment of today as the time alone: `о 14:32`; another with its day.
pub(crate) fn lately(milliseconds: u64, language: Language) -> String {
    if in_kyiv(milliseconds, "%Y-%m-%d") == today().to_string() {
        format!("{} {}", language.pick("о", "at"), in_kyiv(milliseconds, "%H:%M"))
    } else {
        moment(milliseconds)
    }
}

/// A moment for the `datetime` attribute.
pub(crate) fn machine(milliseconds: u64) -> String {
    timestamp(milliseconds).map(|moment| moment.to_string()).unwrap_or_default()
}

fn in_kyiv(milliseconds: u64, pattern: &str) -> String {
    let zone = TimeZone::posix(KYIV).unwrap_or(TimeZone::UTC);
    timestamp(milliseconds)
        .map(|moment| moment.to_zoned_datetime(zone).strftime(pattern).to_string())
        .unwrap_or_else(|| NOTHING.to_owned())
}

/// A record's clock may say anything up to the year 9999; before a record is made it says 0.
fn timestamp(milliseconds: u64) -> Option<Timestamp> {
    let milliseconds = i64::try_from(milliseconds).ok().filter(|milliseconds| *milliseconds > 0)?;
    Timestamp::from_millisecond(milliseconds).ok()
}

/// A year, a month or a day as people write it: `2024`, `05.2024`, `31.05.2024`. What is none of
/// them is shown as it is.
pub(crate) fn date(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(digits) {
        return text.to_owned();
    }
    parts.iter().rev().copied().collect::<Vec<_>>().join(".")
}

/// Today in Kyiv.
pub(crate) fn today() -> Date {
    let zone = TimeZone::posix(KYIV).unwrap_or(TimeZone::UTC);
    zone.to_datetime(Timestamp::now()).date()
}

/// The moment of a day and a time in Kyiv.
pub(crate) fn moment_in_kyiv(time: DateTime) -> Option<Timestamp> {
    TimeZone::posix(KYIV).unwrap_or(TimeZone::UTC).to_timestamp(time).ok()
}

/// Orders names by the Ukrainian alphabet: ґ after г, є after е, і and ї after и, the apostrophe
/// aside.
pub(crate) fn in_alphabet(one: &str, other: &str) -> Ordering {
    places_in_alphabet(one).cmp(places_in_alphabet(other))
}

/// By what a name is sorted so, for lists so long that reading both names for each comparison would tell.
pub(crate) fn alphabet_key(name: &str) -> Vec<u32> {
    places_in_alphabet(name).collect()
}

fn places_in_alphabet(name: &str) -> impl Iterator<Item = u32> {
    const ALPHABET: [char; 33] = [
        'а', 'б', 'в', 'г', 'ґ', 'д', 'е', 'є', 'ж', 'з', 'и', 'і', 'ї', 'й', 'к', 'л', 'м', 'н', 'о', 'п', 'р', 'с',
        'т', 'у', 'ф', 'х', 'ц', 'ч', 'ш', 'щ', 'ь', 'ю', 'я',
    ];
    let letters = name.chars().flat_map(char::to_lowercase).filter(|letter| !matches!(letter, '’' | '\'' | 'ʼ'));
    letters.map(|letter| match ALPHABET.iter().position(|known| *known == letter) {
        Some(place) => 0x1_0000 + place as u32,
        // Spaces, digits and Latin letters come first, as they are.
        None => u32::from(letter).min(0xffff),
    })
}

/// The beginning of a key or an id: enough to tell a few apart by eye.
pub(crate) fn short(id: &str) -> String {
    let start: String = id.chars().take(8).collect();
    if start.len() < id.len() { format!("{start}…") } else { start }
}

/// The end of a peer's id: all of them begin with the same letters.
pub(crate) fn tail(id: &str) -> String {
    let end: String = id.chars().skip(id.chars().count().saturating_sub(8)).collect();
    if end.len() < id.len() { format!("…{end}") } else { end }
}

/// An address on this node, from parts that may hold anything.
pub(crate) fn address<'a>(segments: &[&str], pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = String::new();
    for segment in segments {
        address.push('/');
        escape(segment, &mut address);
    }
    if address.is_empty() {
        address.push('/');
    }
    let mut mark = '?';
    for (name, value) in pairs {
        address.push(mark);
        escape(name, &mut address);
        address.push('=');
        escape(value, &mut address);
        mark = '&';
    }
    address
}

fn escape(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(xml_text("a\u{0}b\u{b}c\u{ffff}d\u{1f600}\n"), "abcd\u{1f600}");
    }

    #[test]
    fn thousands_are_held_together() {
        assert_eq!(
            ["0", "999", "1\u{a0}000", "14\u{a0}832", "1\u{a0}234\u{a0}567"],
            [number(0), number(999), number(1_000), number(14_832), number(1_234_567)]
        );
        assert_eq!(decimal(-1_234.5, Language::Uk), "−1\u{a0}234,5");
        assert_eq!(decimal(0.25, Language::En), "0.25");
        assert_eq!(bytes(1_572_864, Language::Uk), "1,5\u{a0}МБ");
    }

    #[test]
    fn money_is_told_as_people_say_it() {
        let short = |sum| money_short(sum, Language::Uk).replace(THIN, " ");
        assert_eq!(
            [0, 9_999, 120_000, 20_450, 999_949, 999_950, 1_234_567, 3_000_000, 1_500_000_000].map(short),
            [
                "0 ₴",
                "9 999 ₴",
                "120 тис. ₴",
                "20,5 тис. ₴",
                "999,9 тис. ₴",
                "1 млн ₴",
                "1,2 млн ₴",
                "3 млн ₴",
                "1,5 млрд ₴"
            ]
        );
        assert_eq!(money(1_234_567, Language::Uk), "1\u{a0}234\u{a0}567\u{a0}₴");
        assert_eq!(money(1_234_567, Language::En), "UAH\u{a0}1\u{a0}234\u{a0}567");
        assert_eq!(money_short(1_250_000, Language::En), "UAH\u{a0}1.3\u{a0}million");
        assert!(money_short(u64::MAX, Language::Uk).ends_with("млрд\u{a0}₴"));
    }

    #[test]
    fn moments_are_told_in_kyiv_time() {
        // 2025-08-24T11:32:00Z is summer time, 2025-01-01T22:00:00Z is winter time and already tomorrow.
        assert_eq!(moment(1_756_035_120_000), "24.08.2025, 14:32");
        assert_eq!(day(1_735_768_800_000), "02.01.2025");
        assert_eq!([day(0), day(u64::MAX)], [NOTHING, NOTHING]);
    }

    #[test]
    fn parts_of_dates_are_turned_round() {
        assert_eq!(
            ["2024", "2024-05", "2024-05-31", "вчора", ""].map(date),
            ["2024", "05.2024", "31.05.2024", "вчора", ""]
        );
    }

    #[test]
    fn names_stand_in_the_order_of_the_alphabet() {
        let mut names =
            ["Ірпінська", "Ґанівська", "Їжакова", "Галицька", "Єланецька", "Дніпровська", "Ингульська", "Йосипівська"];
        names.sort_by(|a, b| in_alphabet(a, b));
        assert_eq!(
            names,
            ["Галицька", "Ґанівська", "Дніпровська", "Єланецька", "Ингульська", "Ірпінська", "Їжакова", "Йосипівська"]
        );
    }

    #[test]
    fn an_address_cannot_be_broken_out_of() {
        assert_eq!(
            address(&["practices", "../x\"y"], [("after", "a&b=ї")]),
            "/practices/..%2Fx%22y?after=a%26b%3D%D1%97"
        );
        assert_eq!(address(&[], []), "/");
    }
}
