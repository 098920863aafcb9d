//! What a change did to a text, word by word, as people read it.

use crdt::paragraphs::{Rewritten, Step, align};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words of one text that are compared; a longer one is shown whole before and whole after. The
/// longest paragraph of the real material has a quarter of that.
const WORDS_MAX: usize = 4_000;
/// Below this share of words in common, both texts whole read better than a patchwork.
const LIKE: f64 = 0.4;
/// Unchanged words between two changed stretches that are drawn into them: «one ~~word~~ __word__ and
/// ~~word~~ __word__» reads worse than one longer replacement.
const BRIDGE: usize = 1;
/// Words that stay unchanged around a change are shown up to this many on each side.
const AROUND: usize = 14;

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It stands in both versions.
    Same(String),
    /// It went.
    Removed(String),
    /// It came.
    Added(String),
    /// Unchanged words that are left out here.
    Gap,
}

/// What became of one paragraph, row or value.
pub(super) type Parts = Vec<Part>;

/// Pairs what went with what came, and says what differs in each pair.
pub(super) fn changed(removed: &[String], added: &[String]) -> Vec<Parts> {
    let one = |step| match step {
        Step::Keep(old) => vec![Part::Same(removed[old].clone())],
        Step::Change { old, new } => words(&removed[old], &added[new]),
        Step::Insert(new) => vec![Part::Added(added[new].clone())],
        Step::Remove(old) => vec![Part::Removed(removed[old].clone())],
    };
    // A single value is its own successor, however different it is.
    match (removed, added) {
        ([old], [new]) => vec![words(old, new)],
        _ => align(removed, added, Rewritten::Another).into_iter().map(one).collect(),
    }
}

/// The words of two versions of a text, those of one and of the other marked.
fn words(old: &str, new: &str) -> Parts {
    let (before, after) = (tokens(old), tokens(new));
    let whole = || vec![Part::Removed(old.to_owned()), Part::Added(new.to_owned())];
    if before.len().max(after.len()) > 2 * WORDS_MAX {
        return whole();
    }
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let kept: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    if (2 * kept) as f64 / ((before.len() + after.len()).max(1) as f64) < LIKE {
        return whole();
    }
    let (mut stretches, mut at) = (Vec::<Stretch>::new(), 0);
    for op in &ops {
        let (_, gone, came) = op.as_tag_tuple();
        let same = matches!(op, DiffOp::Equal { .. });
        let between = at > 0 && at + 1 < ops.len();
        if same && !(between && is_bridge(&before[gone.clone()])) {
            stretches.push(Stretch::Same(before[gone].concat()));
        } else if let Some(Stretch::Changed(removed, added)) = stretches.last_mut() {
            removed.push_str(&before[gone].concat());
            added.push_str(&after[came].concat());
        } else {
            stretches.push(Stretch::Changed(before[gone].concat(), after[came].concat()));
        }
        at += 1;
    }
    shown(stretches)
}

/// A stretch before it is shown.
enum Stretch {
    Same(String),
    Changed(String, String),
}

/// Long unchanged stretches are cut to what stands around the changes.
fn shown(stretches: Vec<Stretch>) -> Parts {
    let (mut parts, last) = (Parts::new(), stretches.len().saturating_sub(1));
    for (at, stretch) in stretches.into_iter().enumerate() {
        match stretch {
            Stretch::Same(text) => parts.extend(cut(text, at > 0, at < last)),
            Stretch::Changed(removed, added) => {
                let some = |text: String, part: fn(String) -> Part| (!text.is_empty()).then(|| part(text));
                parts.extend(some(removed, Part::Removed));
                parts.extend(some(added, Part::Added));
            }
        }
    }
    parts
}

fn cut(text: String, after_change: bool, before_change: bool) -> Parts {
    let pieces = tokens(&text);
    let (head, tail) = (if after_change { 2 * AROUND } else { 0 }, if before_change { 2 * AROUND } else { 0 });
    // A gap of a few words would cost the reader more than it saves.
    if head + tail == 0 || pieces.len() < head + tail + AROUND {
        return vec![Part::Same(text)];
    }
    let end = pieces.len() - tail;
    let ends = [Part::Same(pieces[..head].concat()), Part::Gap, Part::Same(pieces[end..].concat())];
    ends.into_iter().filter(|part| !matches!(part, Part::Same(text) if text.is_empty())).collect()
}

/// A word alone between two changes; where a sentence has a sign, people see the joint anyway.
fn is_bridge(same: &[&str]) -> bool {
    let text = same.concat();
    let words = same.iter().filter(|token| token.chars().any(char::is_alphanumeric)).count();
    words <= BRIDGE && !text.chars().any(|c| c == '\n' || c.is_ascii_punctuation())
}

/// Words, spaces and signs; together they give the text back.
fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Word,
        Space,
        Sign,
    }
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '’' | '\'' | 'ʼ' | '-') => Kind::Word,
        c if c.is_whitespace() => Kind::Space,
        _ => Kind::Sign,
    };
    let (mut tokens, mut start, mut before) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        let now = kind(c);
        if before.is_some_and(|before| before != now || now == Kind::Sign) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &Parts) -> String {
        let one = |part: &Part| match part {
            Part::Same(text) => text.clone(),
            Part::Removed(text) => format!("[−{text}]"),
            Part::Added(text) => format!("[+{text}]"),
            Part::Gap => "…".to_owned(),
        };
        parts.iter().map(one).collect()
    }

    fn of(old: &str, new: &str) -> String {
        said(&words(old, new))
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        assert_eq!(
            of("Провели збори у трьох селах громади.", "Провели збори у п’яти селах громади."),
            "Провели збори у [−трьох][+п’яти] селах громади."
        );
        assert_eq!(
            of("Зібрали ідеї, порахували.", "Зібрали ідеї, порахували голоси."),
            "Зібрали ідеї, порахували[+ голоси]."
        );
    }

    #[test]
    fn a_lonely_word_between_changes_goes_with_them() {
        let text = of(
            "Рішення ухвалила міська рада на сесії в червні за поданням голови.",
            "Рішення ухвалила сільська рада, виконком і громадська рада на сесії в червні за поданням голови.",
        );
        assert_eq!(text.matches("[+").count(), 1, "{text}");
    }

    #[test]
    fn another_text_is_shown_whole() {
        assert_eq!(
            of("Толока на березі", "Молодіжна рада обирає проєкти"),
            "[−Толока на березі][+Молодіжна рада обирає проєкти]"
        );
        assert_eq!(of("", "Щось"), "[−][+Щось]");
    }

    #[test]
    fn what_is_far_from_a_change_is_left_out() {
        let long = "слово ".repeat(200);
        let text = of(&format!("{long}було {long}"), &format!("{long}стало {long}"));
        assert!(text.starts_with('…') && text.ends_with('…') && text.contains("[−було][+стало]"), "{text}");
        assert!(text.chars().count() < 250, "{text}");
    }

    #[test]
    fn both_versions_can_be_read_out_of_a_short_change() {
        for (old, new) in [("а б в г д е", "а б х г д е ж"), ("один, два\nтри чотири", "один; два\nтри п’ять чотири")]
        {
            let parts = words(old, new);
            let without = |added: bool| -> String {
                let kept = parts.iter().filter_map(|part| match part {
                    Part::Same(text) => Some(text.as_str()),
                    Part::Removed(text) => (!added).then_some(text.as_str()),
                    Part::Added(text) => added.then_some(text.as_str()),
                    Part::Gap => None,
                });
                kept.collect()
            };
            assert_eq!((without(false), without(true)), (old.to_owned(), new.to_owned()));
        }
    }

    #[test]
    fn paragraphs_are_paired_by_likeness() {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        let pairs = changed(
            &list(&["Почали з опитування жителів громади.", "Другий абзац про гроші та терміни."]),
            &list(&["Зовсім новий вступ.", "Другий абзац про гроші та строки."]),
        );
        let said: Vec<String> = pairs.iter().map(said).collect();
        assert!(said.contains(&"Другий абзац про гроші та [−терміни][+строки].".to_owned()), "{said:?}");
        assert_eq!(pairs.len(), 3, "{said:?}");
    }
}
