//! What is asked of search: words that the practices have, and what nobody means.

use std::fmt;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

/// Sentences' words by which practices are looked for, and titles.
#[derive(Default)]
pub struct Queries {
    texts: Vec<Vec<String>>,
    titles: Vec<String>,
}

/// Letters that a word of a query has at least: people do not look for «і» and «на».
const WORD_CHARS_MIN: usize = 4;

impl Queries {
    /// Takes the words of a practice.
    pub fn learn(&mut self, line: &str) -> anyhow::Result<()> {
        let practice: Value = serde_json::from_str(line)?;
        let text = |name: &str| practice[name].as_str().unwrap_or_default().to_owned();
        let whole = format!("{} {}", text("solution"), text("problem"));
        let words =
            whole.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() >= WORD_CHARS_MIN);
        self.texts.push(words.map(str::to_owned).collect());
        self.titles.push(practice["title"].as_str().context("a title")?.to_owned());
        Ok(())
    }

    /// A search for so many words of one practice, near each other.
    pub fn search(&self, words: usize, n: usize) -> String {
        let text = &self.texts[n % self.texts.len()];
        let at = (n * 7919) % text.len().saturating_sub(2 * words).max(1);
        let chosen: Vec<&str> = text.iter().skip(at).step_by(2).take(words).map(String::as_str).collect();
        format!("/search?{}", encoded(&[("q", &chosen.join(" "))]))
    }

    /// The beginning of a title.
    pub fn beginning(&self, n: usize) -> String {
        let title = &self.titles[n % self.titles.len()];
        let beginning: String = title.chars().take(1 + n % 8).collect();
        format!("/suggest?{}", encoded(&[("q", &beginning)]))
    }
}

/// Parameters as an address carries them.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A word of its own for every number.
pub fn letters(mut n: usize) -> String {
    let alphabet: Vec<char> = "абвгдежзиклмнопрстуфхцчшщюя".chars().collect();
    let mut word = String::new();
    for _ in 0..6 {
        word.push(alphabet[n % alphabet.len()]);
        n = n / alphabet.len() + 7;
    }
    word
}

/// Queries that are hard to answer, as long as an address may be.
pub fn worst() -> Vec<(&'static str, String)> {
    vec![
        ("one letter", "а".into()),
        ("one letter and a star", "а*".into()),
        ("three letters and a star", "про*".into()),
        ("forty stars", "про* при* роз* під* ви* за* на* по* пере* від* ".repeat(4)),
        ("1,500 words", (0..1_500).map(letters).collect::<Vec<_>>().join(" ")),
        ("common words", "громада громади проєкт вулиця школа рада бюджет місто село парк ".repeat(8)),
        ("the same word 500 times", "бюджет ".repeat(500)),
        ("a phrase of 300 words", format!("\"{}\"", "громада має рада проєкт ".repeat(75))),
        ("nothing but signs", "!@#$%^&*()_+-=[]{};:'\",.<>/?\\|`~".repeat(20)),
        ("control characters", "\u{1}\u{2}\u{7}\u{1b}[31m\u{0}бюджет\u{7f}".repeat(20)),
        ("emoji", "🏛️🇺🇦👩‍👩‍👧‍👦".repeat(50)),
        ("right-to-left marks", "\u{202e}тежюдб\u{202c} \u{200f}бюджет\u{2066}".repeat(30)),
        ("a word of 3,000 letters", "а".repeat(3_000)),
        ("quotes and minus signs", "\" -\" -- \"- -\"\" ".repeat(100)),
        ("field filters without end", "рік:1..99999999 галузь: рік:.. сектор:\"\" ".repeat(50)),
        ("misspelt words", "бюждет учатсі грмоада шокла прект вулціа площа дорга ".repeat(8)),
        ("wrong layout", ";bnkj dtpf rjvveyfkmyt ujcgjlfhcndj cgjhnbdybq ".repeat(8)),
    ]
}

/// Times of one kind of request.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }
}

impl fmt::Display for Times {
    /// p50, p99 and the longest, in milliseconds, as cells of a table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut times = self.0.clone();
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
        let ms = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
        write!(f, "{:.2} | {:.2} | {:.2}", ms(at(50)), ms(at(99)), ms(times.last()))
    }
}
