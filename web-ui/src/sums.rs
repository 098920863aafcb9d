//! Numbers and sums as people type them: `12,5 тис.`, `1,2 млн грн`, `UAH 1 250 000`, `12.5k`.
//!
//! They are read exactly and never guessed at: what may mean two numbers is refused, for a sum that is
//! wrong by a thousand is worse than one that has to be typed again.

use serde_json::Number;

/// Digits behind the point that are kept while parts of a number are added up.
const PLACES: u32 = 6;
/// Digits of a number as it is typed: more than all the money there is.
const DIGITS_MAX: usize = 18;

const CURRENCY: [&str; 13] = [
    "грн",
    "гривень",
    "гривня",
    "гривні",
    "гривню",
    "гривнею",
    "₴",
    "uah",
    "hrn",
    "hryvnia",
    "hryvnias",
    "hryvnya",
    "hryvnyas",
];
const KOPIYKAS: [&str; 6] = ["коп", "копійка", "копійки", "копійок", "kop", "kopiykas"];
/// Words for a power of ten, with the power.
const UNITS: [(u32, &[&str]); 3] = [
    (9, &["млрд", "мільярд", "мільярда", "мільярди", "мільярдів", "bn", "billion", "billions"]),
    (6, &["млн", "мільйон", "мільйона", "мільйони", "мільйонів", "mln", "m", "million", "millions"]),
    (3, &["тис", "тисяча", "тисячі", "тисяч", "тисячу", "k", "к", "thousand", "thousands"]),
];

/// Why a number was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is none, or is written in a way that is not known.
    Unclear,
    /// It may mean either of these, as they would be written clearly: `12 500` and `12,5`.
    TwoWays(String, String),
    /// It has a fraction where a whole number is wanted; the nearest one.
    Fraction(u64),
}

/// A sum of whole hryvnias.
///
/// # Errors
/// What keeps it from being read.
pub fn hryvnias(text: &str) -> Result<u64, Unread> {
    whole(read(text, true)?)
}

/// A whole number of anything else.
pub(crate) fn count(text: &str) -> Result<u64, Unread> {
    whole(read(text, false)?)
}

/// A number that may be negative and have a fraction: what is measured may have three digits behind the
/// point, so that there a single point always is one.
pub(crate) fn measure(text: &str) -> Option<Number> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix(['-', '−']).map_or((1.0, text), |rest| (-1.0, rest.trim_start()));
    // As programs write it, so that a form gives back what it was filled from.
    let plain = digits.replace(',', ".");
    let as_written = plain.starts_with(|c: char| c.is_ascii_digit()).then(|| plain.parse::<f64>().ok()).flatten();
    if sign > 0.0
        && let Ok(number) = digits.parse::<u64>()
    {
        return Some(number.into());
    }
    match (as_written, read(digits, false)) {
        (Some(number), _) => Number::from_f64(sign * number),
        (None, Ok(number)) if sign > 0.0 && number.is_multiple_of(one()) => {
            u64::try_from(number / one()).ok().map(Number::from)
        }
        (None, Ok(number)) => Number::from_f64(sign * number as f64 / one() as f64),
        (None, Err(_)) => None,
    }
}

/// One, as numbers are added up here.
const fn one() -> u128 {
    10_u128.pow(PLACES)
}

fn whole(number: u128) -> Result<u64, Unread> {
    let nearest = u64::try_from((number + one() / 2) / one()).map_err(|_| Unread::Unclear)?;
    if number.is_multiple_of(one()) { Ok(nearest) } else { Err(Unread::Fraction(nearest)) }
}

/// A part of what was typed.
#[derive(Debug, PartialEq)]
enum Part<'a> {
    /// Digits with what stands between them, and where it begins.
    Digits(&'a str, usize),
    Word(String),
}

/// Takes a text apart; none if there is anything else in it.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_ascii_digit() {
            let len = digits_len(rest);
            parts.push(Part::Digits(&rest[..len], at));
            at += len;
        } else if first.is_alphabetic() || first == '₴' {
            let len = rest.find(|c: char| !c.is_alphabetic() && c != '₴').unwrap_or(rest.len());
            parts.push(Part::Word(rest[..len].to_lowercase()));
            // An abbreviation ends in a point.
            at += len + usize::from(rest[len..].starts_with('.'));
        } else if first.is_whitespace() {
            at += first.len_utf8();
        } else {
            return None;
        }
    }
    Some(parts)
}

/// Whether a sign may stand between thousands and never is a decimal point.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || ['\'', '’', 'ʼ'].contains(&c)
}

/// How far digits go, with single signs between them.
fn digits_len(text: &str) -> usize {
    let mut end = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let next_is_digit = signs.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        match sign {
            digit if digit.is_ascii_digit() => end = at + 1,
            sign if next_is_digit && (is_gap(sign) || [',', '.'].contains(&sign)) => {}
            _ => break,
        }
    }
    end
}

/// Reads everything, in millionths.
fn read(text: &str, is_money: bool) -> Result<u128, Unread> {
    let text = text.trim();
    let mut parts = parts(text).ok_or(Unread::Unclear)?.into_iter().peekable();
    let is_currency = |part: &Part<'_>| is_money && matches!(part, Part::Word(word) if CURRENCY.contains(&&word[..]));
    let before = parts.next_if(is_currency).is_some();
    let (mut sum, mut last_power) = (0_u128, u32::MAX);
    while let Some(Part::Digits(digits, at)) = parts.next_if(|part| matches!(part, Part::Digits(..))) {
        let power = parts.next_if(|part| power(part).is_some()).and_then(|part| power(&part)).unwrap_or(0);
        // `1 млн 250 тис.` is one number, `250 тис. 1 млн` and `5 5` are none.
        if power >= last_power {
            return Err(Unread::Unclear);
        }
        last_power = power;
        let number = number(digits).map_err(|unread| clearly(unread, text, digits, at))?;
        sum = scaled(number, power).and_then(|part| sum.checked_add(part)).ok_or(Unread::Unclear)?;
    }
    let after = !before && parts.next_if(is_currency).is_some();
    if (before || after)
        && let Some(Part::Digits(digits, _)) = parts.next_if(|part| matches!(part, Part::Digits(..)))
    {
        let kopiykas = digits.parse::<u128>().ok().filter(|_| digits.len() <= 2).ok_or(Unread::Unclear)?;
        let said = |part: &Part<'_>| matches!(part, Part::Word(word) if KOPIYKAS.contains(&&word[..]));
        parts.next_if(said).ok_or(Unread::Unclear)?;
        sum += kopiykas * one() / 100;
    }
    if last_power == u32::MAX || parts.next().is_some() { Err(Unread::Unclear) } else { Ok(sum) }
}

fn power(part: &Part<'_>) -> Option<u32> {
    let Part::Word(word) = part else { return None };
    UNITS.iter().find(|(_, words)| words.contains(&&word[..])).map(|(power, _)| *power)
}

/// The whole text with one number in it written both ways.
fn clearly(unread: Unread, text: &str, digits: &str, at: usize) -> Unread {
    let Unread::TwoWays(large, small) = unread else { return unread };
    let within = |number: &str| format!("{}{number}{}", &text[..at], &text[at + digits.len()..]);
    Unread::TwoWays(within(&large), within(&small))
}

/// A number's digits without any sign, and how many of them stand behind the point.
fn number(text: &str) -> Result<(u128, u32), Unread> {
    let (whole, fraction) = split(text)?;
    if whole.len() + fraction.len() > DIGITS_MAX {
        return Err(Unread::Unclear);
    }
    let digits = format!("{whole}{fraction}").parse().map_err(|_| Unread::Unclear)?;
    Ok((digits, fraction.len() as u32))
}

/// The digits before and behind the decimal point.
fn split(text: &str) -> Result<(String, String), Unread> {
    let points: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| [',', '.'].contains(c)).collect();
    let Some((last, sign)) = points.last().copied() else {
        return Ok((thousands(text, is_gap)?, String::new()));
    };
    let (before, behind) = (&text[..last], &text[last + 1..]);
    let has_gaps = text.contains(is_gap);
    if points.len() == 1 {
        let both = !has_gaps && behind.len() == 3 && before.len() <= 3 && !before.starts_with('0');
        if both {
            let small = format!("{before}{sign}{}", behind.trim_end_matches('0'));
            return Err(Unread::TwoWays(format!("{before} {behind}"), small.trim_end_matches([',', '.']).to_owned()));
        }
        return Ok((thousands(before, is_gap)?, decimals(behind)?));
    }
    if has_gaps {
        return Err(Unread::Unclear);
    }
    let others = points[..points.len() - 1].iter().map(|(_, c)| *c);
    if others.clone().all(|c| c == sign) {
        return Ok((thousands(text, |c| c == sign)?, String::new()));
    }
    let other = if sign == ',' { '.' } else { ',' };
    Ok((thousands(before, |c| c == other)?, decimals(behind)?))
}

fn decimals(text: &str) -> Result<String, Unread> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { Ok(text.to_owned()) } else { Err(Unread::Unclear) }
}

/// Digits held together in threes, or not parted at all.
fn thousands(text: &str, parts: impl Fn(char) -> bool) -> Result<String, Unread> {
    let groups: Vec<&str> = text.split(parts).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let threes = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if digits && threes && !groups[0].is_empty() { Ok(groups.concat()) } else { Err(Unread::Unclear) }
}

/// A number times a power of ten, in millionths; none if it is too large or too fine.
fn scaled((digits, places): (u128, u32), power: u32) -> Option<u128> {
    let shift = power + PLACES;
    match shift.checked_sub(places) {
        Some(up) => digits.checked_mul(10_u128.pow(up)),
        None => {
            let finer = 10_u128.checked_pow(places - shift)?;
            digits.is_multiple_of(finer).then(|| digits / finer)
        }
    }
}

#[cfg(test)]
mod tests;
