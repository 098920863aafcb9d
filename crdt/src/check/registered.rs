//! Numbers of public registers that check themselves: EDRPOU and ISBN.

use super::{FieldError, misread};

/// What is wrong with a number in the register of legal persons, if anything.
pub(super) fn edrpou(field: &str, text: &str) -> Option<FieldError> {
    misread(field, "not_an_edrpou", text, is_edrpou, |text| {
        (
            format!("«{text}» не є кодом ЄДРПОУ: потрібні вісім цифр, остання з яких контрольна. Звірте з витягом"),
            format!(
                "“{text}” is no EDRPOU code: it has eight digits, the last a check digit. Compare with the extract"
            ),
        )
    })
}

/// What is wrong with an ISBN, if anything.
pub(crate) fn isbn(field: &str, text: &str) -> Option<FieldError> {
    misread(field, "not_an_isbn", text, is_isbn, |text| {
        (
            format!(
                "«{text}» не є номером ISBN: потрібні 13 (або 10) цифр, остання з яких контрольна. Звірте з довідкою видавця"
            ),
            format!(
                "“{text}” is no ISBN: it has 13 (or 10) digits, the last a check digit. Compare with the publisher's"
            ),
        )
    })
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|letter| letter.to_digit(10)).collect()
}

/// Eight digits. The first seven, weighed by 1 to 7 (or 7, 1 to 6 between thirty and sixty million), give
/// the eighth modulo 11; where that gives ten, once more with weights greater by two.
fn is_edrpou(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| digits.len() == 8) else { return false };
    let number = digits.iter().fold(0, |number, digit| number * 10 + digit);
    let weights: [u32; 7] =
        if (30_000_000..60_000_000).contains(&number) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
    let sum = |more: u32| digits.iter().zip(weights).map(|(digit, weight)| digit * (weight + more)).sum::<u32>() % 11;
    let check = if sum(0) == 10 { sum(2) % 10 } else { sum(0) };
    digits[7] == check
}

fn is_isbn(text: &str) -> bool {
    let text = text.strip_prefix("ISBN").unwrap_or(text).trim_start_matches([':', ' ']);
    let plain: String = text.chars().filter(|letter| !matches!(letter, '-' | '–' | ' ' | '\u{a0}')).collect();
    match plain.len() {
        13 => digits(&plain).is_some_and(|digits| {
            let sum: u32 = digits.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
            (plain.starts_with("978") || plain.starts_with("979")) && sum.is_multiple_of(10)
        }),
        // An X stands for ten, and only at the end.
        10 => {
            let (first, last) = plain.split_at(9);
            let last = if matches!(last, "X" | "x" | "Х" | "х") { Some(10) } else { last.parse::<u32>().ok() };
            digits(first).zip(last).is_some_and(|(first, last)| {
                let sum: u32 = first.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
                (sum + last).is_multiple_of(11)
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_check_themselves() {
        // Of public record: the National Bank, PrivatBank, Naftogaz.
        for good in ["00032106", "14360570", "20077720"] {
            assert!(is_edrpou(good), "{good}");
        }
        assert!(!["04375612", "0003210", "00032107", "abcdefgh", "1234567890"].iter().any(|text| is_edrpou(text)));
        for good in ["978-3-16-148410-0", "9780306406157", "0-306-40615-2", "0-8044-2957-X", "ISBN 978-0-306-40615-7"] {
            assert!(is_isbn(good), "{good}");
        }
        assert!(
            !["123", "978-3-16-148410-1", "0-306-40615-3", "1111111111111", "X306406152"].iter().any(|t| is_isbn(t))
        );
    }
}
