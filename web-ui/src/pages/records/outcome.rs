//! What came of adoptions, counted and said honestly: of how many it is known, for how many it worked,
//! whom it harmed, and that a few cases prove little.

use crate::language::Language;
use crate::pages::frame::Visitor;
use crate::words::records as rw;

/// Outcomes below which a reader is told that they are too few to judge by: of four cases one more
/// changes the picture by a fifth.
const FEW: u64 = 5;

/// Outcomes, counted.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Outcomes {
    all: u64,
    success: u64,
    partial: u64,
    none: u64,
    harm: u64,
}

impl Outcomes {
    /// Counts outcomes; what is not said yet, or is too early to say, is only counted among all.
    pub(crate) fn of<'a>(outcomes: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        outcomes.into_iter().fold(Self::default(), |mut counts, (outcome, count)| {
            counts.all += count;
            match outcome {
                "success" => counts.success += count,
                "partial" => counts.partial += count,
                "none" => counts.none += count,
                "harm" => counts.harm += count,
                _ => {}
            }
            counts
        })
    }

    fn told(&self) -> u64 {
        self.success + self.partial + self.none + self.harm
    }

    /// In sentences; none where nobody adopts.
    pub(crate) fn said(&self, v: &Visitor) -> Option<String> {
        let (all, told, worked) = (self.all, self.told(), self.success + self.partial);
        let Self { partial, none, harm, .. } = self;
        if all == 0 {
            return None;
        }
        if told == 0 {
            return Some(v.say(rw::NO_OUTCOMES).to_owned());
        }
        let mut text = match v.language {
            Language::Uk => format!(
                "Підсумок відомий для {told} з {all}. Спрацювало: {worked} з {told}, із них частково: {partial}. Нічого не \
                 змінилося: {none}. Стало гірше: {harm}."
            ),
            Language::En => format!(
                "The outcome is known for {told} of {all}. It worked for {worked} of {told}, for {partial} of them in part. \
                 Nothing changed: {none}. It got worse: {harm}."
            ),
        };
        if told < FEW {
            text = format!("{text} {}", v.say(rw::FEW_OUTCOMES));
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::*;

    fn said(outcomes: &[(&str, u64)]) -> Option<String> {
        let v = Visitor::of(&Uri::from_static("/?lang=en"));
        Outcomes::of(outcomes.iter().copied()).said(&v)
    }

    #[test]
    fn harm_is_said_and_few_cases_are_called_few() {
        assert_eq!(said(&[]), None);
        assert!(said(&[("", 2), ("too_early", 1)]).is_some_and(|text| text.starts_with("Nobody")));
        let few = said(&[("success", 1), ("partial", 1), ("harm", 1), ("", 2), ("too_early", 1)]).unwrap_or_default();
        assert!(few.contains("known for 3 of 6") && few.contains("worked for 2 of 3"), "{few}");
        assert!(few.contains("got worse: 1") && few.contains("too few"), "{few}");
        let many = said(&[("success", 9), ("none", 3)]).unwrap_or_default();
        assert!(many.contains("got worse: 0") && !many.contains("too few"), "{many}");
    }
}
