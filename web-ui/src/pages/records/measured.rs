//! What adoptions measured, beside what the practice itself did: the same indicators, before and after.

use crdt::kinds::adoption::Adoption;
use crdt::practice::Indicator;

use crate::format;
use crate::library::DocumentPage;
use crate::pages::frame::Visitor;

/// Lines of the table at the most: what a reader takes in, with one screen more.
const LINES_MAX: usize = 40;

/// One measurement.
pub(crate) struct Measured {
    pub(crate) indicator: String,
    pub(crate) owner: String,
    pub(crate) href: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) day: String,
    /// Whether it is the practice's own.
    pub(crate) is_own: bool,
}

/// All measurements by indicator, in the order of the practice: first its own, then those of adoptions.
/// None if no adoption measured anything.
pub(crate) fn measured(
    v: &Visitor,
    own: &[Indicator],
    (owner, href): (&str, &str),
    adoptions: &[DocumentPage],
) -> Vec<Measured> {
    let told: Vec<(&DocumentPage, Vec<Indicator>)> = adoptions
        .iter()
        .filter_map(|page| Some((page, page.typed::<Adoption>()?.results)))
        .map(|(page, results)| (page, results.into_iter().filter(says_something).collect()))
        .collect();
    let all = || told.iter().flat_map(|(page, results)| results.iter().map(move |one| (*page, one)));
    if all().next().is_none() {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for name in own.iter().filter(|one| says_something(one)).chain(all().map(|(_, one)| one)).map(name_of) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut lines = Vec::new();
    for name in names {
        let of_own = own.iter().filter(|one| says_something(one) && name_of(one) == name);
        lines.extend(of_own.map(|one| line(v, one, v.place(owner), href.to_owned(), true)));
        let of_others = all().filter(|(_, one)| name_of(one) == name);
        lines.extend(of_others.map(|(page, one)| {
            let href = v.link(&["records", &page.card.id]);
            line(v, one, v.place(&page.card.owner_code), href, false)
        }));
    }
    lines.truncate(LINES_MAX);
    lines
}

/// What is measured, whoever writes it: the same letters in the same unit.
fn name_of(one: &Indicator) -> String {
    format!("{}, {}", one.indicator.trim().to_lowercase(), one.unit.trim().to_lowercase())
}

fn says_something(one: &Indicator) -> bool {
    one.before.is_some() || one.after.is_some()
}

fn line(v: &Visitor, one: &Indicator, owner: String, href: String, is_own: bool) -> Measured {
    let number = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format::decimal(value, v.language));
    let parts = [one.indicator.trim(), one.unit.trim()];
    Measured {
        indicator: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        owner,
        href,
        before: number(one.before),
        after: number(one.after),
        day: if one.measured_on.is_empty() { String::new() } else { format::date(&one.measured_on) },
        is_own,
    }
}
