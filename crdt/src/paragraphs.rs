//! Which paragraph of a new text is which of the old: a paragraph keeps its identity through edits,
//! so that two people who change different paragraphs never meet, and two who change the same one do.

use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

/// Below this likeness (0 to 1, share of words in common) a paragraph counts as another one. A
/// guess that keeps a corrected or lengthened sentence and lets a rewritten one go.
const SAME_PARAGRAPH: f32 = 0.5;
/// What a paragraph of a text that was written anew counts for: less than any likeness, so that pairs that
/// are alike go first, and more than nothing, so that what stands in its place is still the same paragraph.
const SAME_PLACE: f32 = 0.001;
/// Pairs of paragraphs that are compared word by word in one changed stretch; a longer stretch is
/// paired in order. Bounds the work of pasting a whole new text over an old one.
const PAIRS_MAX: usize = 400;
/// Paragraphs over this many bytes are compared by their first bytes only: likeness, not a proof.
const COMPARED_BYTES: usize = 2_000;

/// What an item is that stands where another stood and is nothing like it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rewritten {
    /// The same one: in a text, two people who write the same paragraph anew have to meet, or the text
    /// would say both, one after the other.
    Same,
    /// Another one: in a list of choices or of rows, both can stay.
    Another,
}

/// What becomes of the old items, in the order of the new list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The old item stays as it is.
    Keep(usize),
    /// The old item takes the text of the new item.
    Change {
        /// Place in the old list.
        old: usize,
        /// Place in the new list.
        new: usize,
    },
    /// The new item appears here.
    Insert(usize),
    /// The old item goes.
    Remove(usize),
}

/// Splits a text into paragraphs at line ends, without spaces at their ends; runs of empty lines
/// become one. [`join`] gives the text back.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && paragraphs.last().is_some_and(String::is_empty)) {
            paragraphs.push(line.to_owned());
        }
    }
    paragraphs
}

/// The text of paragraphs.
#[must_use]
pub fn join<S: AsRef<str>>(paragraphs: &[S]) -> String {
    paragraphs.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n")
}

/// Pairs the items of two lists.
#[must_use]
pub fn align(old: &[String], new: &[String], rewritten: Rewritten) -> Vec<Step> {
    let mut steps = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { old_index, len, .. } => steps.extend((old_index..old_index + len).map(Step::Keep)),
            DiffOp::Delete { old_index, old_len, .. } => {
                steps.extend((old_index..old_index + old_len).map(Step::Remove));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                steps.extend((new_index..new_index + new_len).map(Step::Insert));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let stretch = (&old[old_index..][..old_len], &new[new_index..][..new_len]);
                replace(stretch, (old_index, new_index), rewritten, &mut steps);
            }
        }
    }
    steps
}

/// Pairs the items of a changed stretch by likeness, in order: the pairing with the greatest sum.
fn replace(
    (old, new): (&[String], &[String]),
    (old_at, new_at): (usize, usize),
    rewritten: Rewritten,
    steps: &mut Vec<Step>,
) {
    let (least, floor) = match rewritten {
        Rewritten::Same => (SAME_PLACE, SAME_PLACE),
        Rewritten::Another => (SAME_PARAGRAPH, 0.0),
    };
    let like = |o: usize, n: usize| -> f32 {
        if old.len() * new.len() > PAIRS_MAX { f32::from(o == n) } else { likeness(&old[o], &new[n]).max(floor) }
    };
    // best[o][n]: the greatest sum of likeness that old[o..] and new[n..] can reach.
    let mut best = vec![vec![0f32; new.len() + 1]; old.len() + 1];
    let mut paired = vec![vec![false; new.len()]; old.len()];
    for o in (0..old.len()).rev() {
        for n in (0..new.len()).rev() {
            let apart = best[o + 1][n].max(best[o][n + 1]);
            let likeness = like(o, n);
            let together = likeness + best[o + 1][n + 1];
            paired[o][n] = likeness >= least && together > apart;
            best[o][n] = if paired[o][n] { together } else { apart };
        }
    }
    let (mut o, mut n) = (0, 0);
    while o < old.len() && n < new.len() {
        if paired[o][n] {
            steps.push(Step::Change { old: old_at + o, new: new_at + n });
            (o, n) = (o + 1, n + 1);
        } else if best[o + 1][n] >= best[o][n + 1] {
            steps.push(Step::Remove(old_at + o));
            o += 1;
        } else {
            steps.push(Step::Insert(new_at + n));
            n += 1;
        }
    }
    steps.extend((o..old.len()).map(|o| Step::Remove(old_at + o)));
    steps.extend((n..new.len()).map(|n| Step::Insert(new_at + n)));
}

fn likeness(a: &str, b: &str) -> f32 {
    TextDiff::from_words(start(a), start(b)).ratio()
}

fn start(text: &str) -> &str {
    &text[..text.floor_char_boundary(COMPARED_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_corrected_paragraph_is_the_same_one() {
        let old = list(&["Перший абзац про школу", "Другий абзац про воду і труби"]);
        let new = list(&["Перший абзац про школу", "Новий", "Другий абзац про воду і нові труби"]);
        assert_eq!(
            align(&old, &new, Rewritten::Another),
            [Step::Keep(0), Step::Insert(1), Step::Change { old: 1, new: 2 }]
        );
    }

    #[test]
    fn a_rewritten_paragraph_of_a_text_is_the_same_one_and_a_rewritten_row_is_another() {
        let (old, new) = (list(&["Школа отримала спортзал"]), list(&["Воду подають цілодобово"]));
        assert_eq!(align(&old, &new, Rewritten::Same), [Step::Change { old: 0, new: 0 }]);
        assert_eq!(align(&old, &new, Rewritten::Another), [Step::Remove(0), Step::Insert(0)]);
    }

    #[test]
    fn what_is_alike_is_paired_before_what_only_stands_in_the_same_place() {
        let old = list(&["Школа отримала новий спортзал"]);
        let new = list(&["Воду подають цілодобово", "Школа отримала новий великий спортзал"]);
        assert_eq!(align(&old, &new, Rewritten::Same), [Step::Insert(0), Step::Change { old: 0, new: 1 }]);
    }

    #[test]
    fn a_text_survives_its_paragraphs() {
        let text = "Цілі:\n- перша\n- друга\n\nПроєкти:\n- третій";
        assert_eq!(join(&split(text)), text);
        assert_eq!(split("  а \n\n\n\nб\n"), ["а", "", "б"]);
    }

    proptest! {
        #[test]
        fn the_steps_always_make_the_new_list(old in items(), new in items(), text in any::<bool>()) {
            let rewritten = if text { Rewritten::Same } else { Rewritten::Another };
            let mut made = Vec::new();
            let mut used = Vec::new();
            for step in align(&old, &new, rewritten) {
                match step {
                    Step::Keep(o) => { made.push(old[o].clone()); used.push(o); }
                    Step::Change { old: o, new: n } => { made.push(new[n].clone()); used.push(o); }
                    Step::Insert(n) => made.push(new[n].clone()),
                    Step::Remove(o) => used.push(o),
                }
            }
            prop_assert_eq!(made, new);
            prop_assert_eq!(used, (0..old.len()).collect::<Vec<_>>());
        }
    }

    fn items() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[аб]( [вг]){0,3}", 0..6)
    }
}
