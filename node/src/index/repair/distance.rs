//! Words near a mistyped one: Damerau-Levenshtein over all words of a map, where mistakes that
//! people make often cost less.

use std::sync::LazyLock;

use fst::Map;
use fst::raw::Node;

use super::layout::are_neighbours;
use super::skeleton::is_vowel;

/// Letters that people take for one another, and the price.
const CONFUSED: [(char, char, f32); 22] = [
    ('и', 'і', 0.3),
    ('і', 'ї', 0.3),
    ('и', 'е', 0.4),
    ('е', 'є', 0.4),
    ('е', 'э', 0.3),
    ('и', 'ы', 0.3),
    ('і', 'ы', 0.4),
    ('і', 'е', 0.5),
    ('е', 'ё', 0.3),
    ('о', 'ё', 0.5),
    ('о', 'а', 0.5),
    ('о', 'у', 0.6),
    ('о', 'і', 0.5),
    ('и', 'й', 0.4),
    ('г', 'х', 0.6),
    ('г', 'к', 0.7),
    ('ш', 'щ', 0.5),
    ('з', 'с', 0.5),
    ('д', 'т', 0.6),
    ('б', 'п', 0.6),
    ('в', 'у', 0.6),
    ('у', 'ю', 0.5),
];
/// The price of two letters in the other order, and of a letter said twice or once.
const SWAPPED: f32 = 0.7;
const DOUBLED: f32 = 0.4;
/// The price of a soft sign too many or too few.
const SOFT: f32 = 0.4;
/// The price of a neighbouring key.
const NEIGHBOUR: f32 = 0.7;

/// The letters whose prices are kept in a table: those of Ukrainian, Russian and English words.
const LETTERS: usize = 96;

/// The place of a letter in the table.
fn place(letter: char) -> Option<usize> {
    match letter {
        'a'..='z' => Some(letter as usize - 'a' as usize),
        'а'..='џ' => Some(26 + letter as usize - 'а' as usize),
        _ => None,
    }
}

/// What it costs to have typed any letter of the table instead of any other.
static PRICES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let letters: Vec<char> = ('a'..='z').chain('а'..='џ').collect();
    let mut prices = vec![1.0; LETTERS * LETTERS];
    for (row, one) in letters.iter().enumerate() {
        for (column, other) in letters.iter().enumerate() {
            prices[row * LETTERS + column] = price(*one, *other);
        }
    }
    prices
});

/// What it costs to have typed one letter instead of the other.
fn price(one: char, other: char) -> f32 {
    if one == other {
        return 0.0;
    }
    let pair = |(a, b, _): &&(char, char, f32)| (*a == one && *b == other) || (*a == other && *b == one);
    match CONFUSED.iter().find(pair) {
        Some((_, _, price)) => *price,
        None if are_neighbours(one, other) => NEIGHBOUR,
        None if is_vowel(one) && is_vowel(other) => 0.7,
        None => 1.0,
    }
}

/// What it costs to have typed a letter too many or too few after another.
fn indel(letter: char, before: Option<char>) -> f32 {
    match letter {
        _ if before == Some(letter) => DOUBLED,
        'ь' => SOFT,
        _ => 1.0,
    }
}

/// What it costs to have typed one word instead of the other, wherever they differ.
#[must_use]
pub fn distance(typed: &str, word: &str) -> f32 {
    let typed: Vec<char> = typed.chars().collect();
    let mut rows = Rows::new(&typed, f32::INFINITY);
    word.chars().for_each(|letter| rows.push(letter));
    rows.price()
}

/// A word near a typed one.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The word.
    pub word: String,
    /// How many documents have it.
    pub count: u64,
    /// What the mistakes cost.
    pub price: f32,
}

/// All words of a map at most `price_max` from a typed one. At most `steps` letters are looked at,
/// and what is left of them is left there.
pub fn near(words: &Map<Vec<u8>>, typed: &str, price_max: f32, steps: &mut usize) -> Vec<Near> {
    let typed: Vec<char> = typed.chars().collect();
    let mut walk = Walk { words, rows: Rows::new(&typed, price_max), word: Vec::new(), found: Vec::new(), steps };
    walk.visit(&words.as_fst().root(), 0, 0, 0);
    walk.found
}

/// The table of prices, a row for each letter of the word so far.
struct Rows<'a> {
    typed: &'a [char],
    /// Where the typed letters are in the table of prices.
    places: Vec<Option<usize>>,
    price_max: f32,
    letters: Vec<char>,
    prices: Vec<f32>,
    /// The lowest price of each row.
    lowest: Vec<f32>,
    /// What each letter costs if typed too much, given the one before.
    extra: Vec<f32>,
}

impl<'a> Rows<'a> {
    fn new(typed: &'a [char], price_max: f32) -> Self {
        let before = |at: usize| at.checked_sub(1).map(|at| typed[at]);
        let extra: Vec<f32> = typed.iter().enumerate().map(|(at, letter)| indel(*letter, before(at))).collect();
        let mut prices = vec![0.0];
        for price in &extra {
            prices.push(prices.last().expect("begins with one") + price);
        }
        let places = typed.iter().map(|letter| place(*letter)).collect();
        Self { typed, places, price_max, letters: Vec::new(), prices, lowest: vec![0.0], extra }
    }

    fn width(&self) -> usize {
        self.typed.len() + 1
    }

    fn push(&mut self, letter: char) {
        let (width, row) = (self.width(), self.letters.len());
        let above = row * width;
        let before = self.letters.last().copied();
        let missing = indel(letter, before);
        let known = place(letter).map(|place| &PRICES[place * LETTERS..(place + 1) * LETTERS]);
        let mut left = self.prices[above] + missing;
        let mut lowest = left;
        self.prices.push(left);
        for at in 1..width {
            let typed = self.typed[at - 1];
            let instead = match (known, self.places[at - 1]) {
                (Some(prices), Some(place)) => prices[place],
                _ => price(typed, letter),
            };
            let mut cell = (self.prices[above + at] + missing).min(left + self.extra[at - 1]);
            cell = cell.min(self.prices[above + at - 1] + instead);
            if before == Some(typed) && at > 1 && self.typed[at - 2] == letter && typed != letter {
                cell = cell.min(self.prices[above - width + at - 2] + SWAPPED);
            }
            self.prices.push(cell);
            left = cell;
            lowest = lowest.min(cell);
        }
        self.lowest.push(lowest);
        self.letters.push(letter);
    }

    fn pop(&mut self) {
        self.letters.pop();
        self.lowest.pop();
        self.prices.truncate(self.prices.len() - self.width());
    }

    fn price(&self) -> f32 {
        *self.prices.last().expect("a row is never empty")
    }

    /// Whether some longer word may still be near enough. A swap reaches back over one row.
    fn may_go_on(&self) -> bool {
        let mut rows = self.lowest.iter().rev();
        let (last, before) = (rows.next(), rows.next());
        last.is_some_and(|price| *price <= self.price_max)
            || before.is_some_and(|price| *price + SWAPPED <= self.price_max)
    }
}

struct Walk<'a, 'b> {
    words: &'a Map<Vec<u8>>,
    rows: Rows<'b>,
    word: Vec<u8>,
    found: Vec<Near>,
    steps: &'b mut usize,
}

impl Walk<'_, '_> {
    /// Goes on from a node; `letter` is what was read of a letter of several bytes, of which
    /// `waiting` are still to come.
    fn visit(&mut self, node: &Node<'_>, count: u64, letter: u32, waiting: usize) {
        if node.is_final()
            && self.rows.price() <= self.rows.price_max
            && let Ok(word) = String::from_utf8(self.word.clone())
        {
            let count = count + node.final_output().value();
            self.found.push(Near { word, count, price: self.rows.price() });
        }
        for transition in node.transitions() {
            if *self.steps == 0 {
                return;
            }
            *self.steps -= 1;
            let byte = u32::from(transition.inp);
            let (letter, waiting) = match transition.inp {
                _ if waiting > 0 => ((letter << 6) | (byte & 0x3F), waiting - 1),
                0..=0x7F => (byte, 0),
                0xC0..=0xDF => (byte & 0x1F, 1),
                0xE0..=0xEF => (byte & 0x0F, 2),
                _ => (byte & 0x07, 3),
            };
            self.word.push(transition.inp);
            let next = self.words.as_fst().node(transition.addr);
            let count = count + transition.out.value();
            if waiting > 0 {
                self.visit(&next, count, letter, waiting);
            } else if let Some(letter) = char::from_u32(letter) {
                self.rows.push(letter);
                if self.rows.may_go_on() {
                    self.visit(&next, count, 0, 0);
                }
                self.rows.pop();
            }
            self.word.pop();
        }
    }
}
