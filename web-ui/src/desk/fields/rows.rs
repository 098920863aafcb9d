//! The rows of a table in a form: which there are, one more, one less.

use super::Pairs;
use crate::pages::columns::columns;

/// Rows of one table at the most, whatever a form says: the tables' own bounds are lower.
const ROWS_MAX: usize = 200;

/// The numbers of the rows that a form has, ascending.
pub(crate) fn rows_of(pairs: &Pairs, key: &str) -> Vec<usize> {
    let number = |(name, _): &(String, String)| {
        let rest = name.strip_prefix(key)?.strip_prefix('.')?;
        rest.split_once('.')?.0.parse::<usize>().ok().filter(|n| *n < ROWS_MAX)
    };
    let mut rows: Vec<usize> = pairs.iter().filter_map(number).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Adds, removes or moves a row, as a button of the form asks: `add:steps`, `remove:steps:2`, `up:items:1`.
pub(crate) fn change_rows(pairs: &mut Pairs, wanted: &str) {
    let parts: Vec<&str> = wanted.split(':').collect();
    match parts[..] {
        ["add", key] => {
            let next = rows_of(pairs, key).last().map_or(1, |last| last + 1);
            if next < ROWS_MAX {
                pairs.push((
                    format!("{key}.{next}.{}", columns(key).next().map_or("", |column| column.key)),
                    String::new(),
                ));
            }
        }
        ["remove", key, row] => {
            let Ok(row) = row.parse::<usize>() else { return };
            let old = std::mem::take(pairs);
            for (name, value) in old {
                let place = name
                    .strip_prefix(key)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .and_then(|rest| rest.split_once('.'));
                match place.and_then(|(n, part)| Some((n.parse::<usize>().ok()?, part.to_owned()))) {
                    Some((n, _)) if n == row => {}
                    Some((n, part)) if n > row => pairs.push((format!("{key}.{}.{part}", n - 1), value)),
                    _ => pairs.push((name, value)),
                }
            }
        }
        ["up", key, row] => {
            let Some(before) = row.parse::<usize>().ok().and_then(|row| row.checked_sub(1)) else { return };
            swap(pairs, key, before);
        }
        ["down", key, row] => {
            let Some(row) = row.parse::<usize>().ok().filter(|row| row + 1 < ROWS_MAX) else { return };
            if rows_of(pairs, key).contains(&(row + 1)) {
                swap(pairs, key, row);
            }
        }
        _ => {}
    }
}

/// Puts a row after the next one.
fn swap(pairs: &mut Pairs, key: &str, row: usize) {
    let (this, next) = (format!("{key}.{row}."), format!("{key}.{}.", row + 1));
    for (name, _) in pairs {
        if let Some(part) = name.strip_prefix(&this) {
            *name = format!("{next}{part}");
        } else if let Some(part) = name.strip_prefix(&next) {
            *name = format!("{this}{part}");
        }
    }
}
