//! What comes out when one types with the wrong keyboard layout on.

use crate::index::analysis::{is_cyrillic, is_latin};

/// The keys of a Ukrainian keyboard, row by row, and the same keys of an English one; at the end the
/// keys on which a Russian one differs, which are only read towards English.
const UKRAINIAN: &str = "йцукенгшщзхїґфівапролджєячсмитьбюЙЦУКЕНГШЩЗХЇҐФІВАПРОЛДЖЄЯЧСМИТЬБЮ'ыэъёЫЭЪЁ";
const ENGLISH: &str = r#"qwertyuiop[]\asdfghjkl;'zxcvbnm,.QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>`s']`S"}~"#;

/// What was typed with the English layout, had the Ukrainian one been on; none if there is no Latin
/// letter in it.
#[must_use]
pub fn to_ukrainian(text: &str) -> Option<String> {
    swap(text, |letter| is_latin(letter.to_ascii_lowercase()), ENGLISH, UKRAINIAN)
}

/// What was typed with the Ukrainian layout, had the English one been on; none if there is no
/// Cyrillic letter in it.
#[must_use]
pub fn to_english(text: &str) -> Option<String> {
    swap(text, is_cyrillic, UKRAINIAN, ENGLISH)
}

fn swap(text: &str, counts: impl Fn(char) -> bool, from: &str, to: &str) -> Option<String> {
    let other = |letter| from.chars().position(|key| key == letter).and_then(|place| to.chars().nth(place));
    text.chars().any(counts).then(|| text.chars().map(|letter| other(letter).unwrap_or(letter)).collect())
}

/// Whether two letters are on neighbouring keys.
#[must_use]
pub fn are_neighbours(one: char, other: char) -> bool {
    const ROWS: [[&str; 3]; 2] = [["йцукенгшщзхї", "фівапролджє", "ячсмитьбю"], ["qwertyuiop", "asdfghjkl", "zxcvbnm"]];
    let place = |letter: char| {
        ROWS.iter().enumerate().find_map(|(board, rows)| {
            rows.iter()
                .enumerate()
                .find_map(|(row, keys)| keys.chars().position(|key| key == letter).map(|column| (board, row, column)))
        })
    };
    match (place(one), place(other)) {
        (Some((board, row, column)), Some((other_board, other_row, other_column))) if board == other_board => {
            match row.abs_diff(other_row) {
                0 => column.abs_diff(other_column) == 1,
                // Each row is shifted by about half a key against the one above.
                1 => {
                    let (upper, lower) = if row < other_row { (column, other_column) } else { (other_column, column) };
                    upper == lower || upper == lower + 1
                }
                _ => false,
            }
        }
        _ => false,
    }
}
