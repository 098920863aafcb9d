//! The first words of a material, from what a practice or a collection says: whoever makes it begins with
//! a text that is nearly right, and puts it into words of their own.
//!
//! Headings are questions: every size prints a line that asks as the heading of what follows, and the
//! slides begin a new one there.

use crdt::id::DocumentId;
use crdt::kinds::collection::Collection;
use crdt::practice::Practice;
use serde_json::{Value, json};

use super::{PRACTICES_MAX, known};
use crate::format;
use crate::language::{Language, Phrase};
use crate::library::notes::{self, Hidden};
use crate::library::{Library, LibraryError};
use crate::pages::entries::cut;
use crate::pages::frame::{Visitor, short_name};
use crate::translated;
use crate::words::campaign::drafting as dw;
use crate::words::practice as pw;

/// Letters of the message, as its field says.
const MESSAGE_CHARS: usize = 270;
/// Letters of the call: what fits beside a code.
const CALL_CHARS: usize = 120;
/// Letters of a part: what a reader of a sheet reads, and a slide holds.
const PART_CHARS: usize = 420;
/// Letters of an answer or of a part of a release: more is read there.
const LONG_CHARS: usize = 700;

/// What a material is to be.
pub(crate) struct Wanted {
    /// Its type: a term of the vocabulary.
    pub(crate) kind: String,
    /// Its language.
    pub(crate) lang: String,
    /// The practices that it tells of.
    pub(crate) practices: Vec<String>,
    /// The collection that it tells of.
    pub(crate) collection: Option<String>,
}

/// The content of a material to begin with. What is not here is left out.
///
/// # Errors
/// If the library fails.
pub(crate) fn drafted(library: &dyn Library, wanted: &Wanted) -> Result<Value, LibraryError> {
    let v = Visitor::speaking(Language::of(&wanted.lang));
    let (hidden, lang) = (notes::hidden(library)?, translated::primary(&wanted.lang));
    let collection = wanted.collection.as_deref().map(|id| known(library, id)).transpose()?.flatten();
    let collection = collection.and_then(|page| Some((page.card.id.clone(), page.typed::<Collection>()?)));
    let mut named = wanted.practices.clone();
    if let Some((_, collection)) = &collection {
        named.extend(collection.items.iter().map(|item| item.practice.clone()));
    }
    let mut practices = Vec::new();
    for id in named.iter().take(PRACTICES_MAX) {
        if let Some(practice) = spoken(library, id, &hidden, &lang)? {
            practices.push((id.clone(), practice));
        }
    }
    let mut content = match (&collection, practices.as_slice()) {
        (None, [(_, practice)]) => of_practice(&v, &wanted.kind, practice),
        (None, []) => json!({}),
        (collection, practices) => of_several(&v, collection.as_ref().map(|(_, collection)| collection), practices),
    };
    content["type"] = json!(wanted.kind);
    content["lang"] = json!(v.language.tag());
    content["audience"] = json!(v.say(audience(&wanted.kind)));
    if let Some((id, _)) = &collection {
        content["collection"] = json!(id);
    }
    // A sheet has no room for the cards of a whole collection; its title and list say enough.
    if collection.is_none() || ["slides", "faq", "press_release"].contains(&wanted.kind.as_str()) {
        content["practices"] = practices.iter().map(|(id, _)| json!(id)).collect();
    }
    Ok(content)
}

/// A practice in a language, where somebody translated it.
fn spoken(library: &dyn Library, id: &str, hidden: &Hidden, lang: &str) -> Result<Option<Practice>, LibraryError> {
    let Some(page) = known(library, id)? else { return Ok(None) };
    let (Some(practice), Ok(id)) = (page.typed::<Practice>(), id.parse::<DocumentId>()) else { return Ok(None) };
    let what = (id, page.card.owner.as_str(), &page.heads[..]);
    let translation = translated::into(library, what, &practice, hidden, lang)?;
    Ok(Some(translation.map_or_else(|| practice.clone(), |chosen| chosen.applied(&practice))))
}

fn audience(kind: &str) -> Phrase {
    match kind {
        "press_release" => dw::FOR_EDITORS,
        "slides" | "faq" => dw::FOR_HROMADAS,
        _ => dw::FOR_RESIDENTS,
    }
}

fn of_practice(v: &Visitor, kind: &str, practice: &Practice) -> Value {
    let text = match kind {
        "press_release" => release(v, practice),
        "slides" => slides(v, practice),
        "faq" => questions(v, practice),
        "post" => post(v, practice),
        "infographic" => figures(v, practice),
        "video_link" => [v.say(dw::VIDEO_HERE).to_owned(), first(&practice.solution, 2, PART_CHARS)].into(),
        "poster" => vec![first(results_or_solution(practice), 2, 240)],
        _ => leaflet(v, practice),
    };
    json!({
        "title": practice.title.trim(),
        "message": message(practice),
        "text": joined(text),
        "call": call(v, practice),
    })
}

/// What people should remember: the beginning of the summary, else of what was done.
fn message(practice: &Practice) -> String {
    let text = if practice.summary.trim().is_empty() { &practice.solution } else { &practice.summary };
    first(text, 2, MESSAGE_CHARS)
}

/// A list of titles, with places: what several practices have in common only a person can say.
fn of_several(v: &Visitor, collection: Option<&Collection>, practices: &[(String, Practice)]) -> Value {
    let line = |(_, practice): &(String, Practice)| match place(v, practice) {
        Some(place) => format!("- {} ({place})", practice.title.trim()),
        None => format!("- {}", practice.title.trim()),
    };
    let list = practices.iter().map(line).collect::<Vec<_>>().join("\n");
    let foreword = collection.map(|collection| first(&collection.foreword, 2, MESSAGE_CHARS)).unwrap_or_default();
    let counted = v.count(practices.len() as u64, crate::words::publishing::CASES_COUNTED);
    let message = if foreword.is_empty() { format!("{counted}: {}", v.say(dw::CAN_BE_REPEATED)) } else { foreword };
    json!({
        "title": collection.map(|collection| collection.title.trim()).unwrap_or_default(),
        "message": message,
        "text": joined(vec![v.say(dw::WHAT_IS_INSIDE).to_owned(), list]),
        "call": v.say(dw::READ_AND_REPEAT),
    })
}

fn leaflet(v: &Visitor, practice: &Practice) -> Vec<String> {
    let parts = [
        (dw::WHAT_WAS_WRONG, practice.problem.as_str()),
        (dw::WHAT_WAS_DONE, &practice.solution),
        (dw::WHAT_CAME, &practice.results_text),
    ];
    parts.into_iter().flat_map(|(heading, text)| part(v, heading, first(text, 2, 260))).collect()
}

fn slides(v: &Visitor, practice: &Practice) -> Vec<String> {
    let parts = [
        (dw::WHAT_WAS_WRONG, first(&practice.problem, 3, PART_CHARS)),
        (dw::WHAT_WAS_DONE, first(&practice.solution, 4, PART_CHARS)),
        (dw::WHAT_CAME, first(&practice.results_text, 3, PART_CHARS)),
        (dw::WHAT_COST, cost(v, practice)),
        (dw::WHOM_TO_ASK, whom(v, practice)),
    ];
    parts.into_iter().flat_map(|(heading, text)| part(v, heading, text)).collect()
}

fn questions(v: &Visitor, practice: &Practice) -> Vec<String> {
    let took_part = practice.participants.total.map(|total| v.count(total, pw::PEOPLE_COUNTED)).unwrap_or_default();
    let long = |text: &str| first(text, 5, LONG_CHARS);
    // The message stands above them all.
    let what = Some(long(&practice.summary)).filter(|what| *what != message(practice)).unwrap_or_default();
    let parts = [
        (dw::WHAT_IS_IT, what),
        (dw::WHY_NEEDED, long(&practice.problem)),
        (dw::WHAT_WAS_DONE, long(&practice.solution)),
        (dw::WHO_TOOK_PART, took_part),
        (dw::WHAT_COST, cost(v, practice)),
        (dw::WHAT_CAME, long(&practice.results_text)),
        (dw::WHAT_FAILED, long(&practice.mistakes)),
        (dw::WHAT_ADVICE, long(&practice.lessons)),
        (dw::WHOM_NOT, long(&practice.conditions.not_suitable_if)),
        (dw::WHOM_TO_ASK, whom(v, practice)),
    ];
    parts.into_iter().flat_map(|(heading, text)| part(v, heading, text)).collect()
}

fn release(v: &Visitor, practice: &Practice) -> Vec<String> {
    let settlement = practice.settlement.trim();
    let place = if settlement.is_empty() { place(v, practice) } else { Some(settlement.to_owned()) };
    let line: Vec<String> = place.into_iter().chain([v.today()]).collect();
    let spent = cost(v, practice);
    let spent = if spent.is_empty() { spent } else { format!("{}: {spent}", v.say(dw::SPENT)) };
    let ask = whom(v, practice);
    let ask = if ask.is_empty() { ask } else { format!("{}: {ask}", v.say(dw::CONTACT_FOR_EDITORS)) };
    vec![
        format!("{}. {}", line.join(", "), first(&practice.problem, 3, LONG_CHARS)).trim().to_owned(),
        first(&practice.solution, 4, LONG_CHARS),
        first(&practice.results_text, 3, LONG_CHARS),
        v.say(dw::QUOTE_HERE).to_owned(),
        spent,
        ask,
    ]
}

fn post(v: &Visitor, practice: &Practice) -> Vec<String> {
    let spent = cost(v, practice);
    let spent = if spent.is_empty() { spent } else { format!("{}: {spent}", v.say(dw::SPENT)) };
    vec![first(&practice.solution, 2, 300), first(&practice.results_text, 2, 300), spent, v.say(dw::SOURCE).to_owned()]
}

fn figures(v: &Visitor, practice: &Practice) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("- {label}: {value}"));
        }
    };
    line(v.say(dw::SPENT), cost(v, practice));
    line(
        v.say(pw::PARTICIPANTS),
        practice.participants.total.map(|total| v.count(total, pw::PEOPLE_COUNTED)).unwrap_or_default(),
    );
    for one in practice.results.iter().take(5) {
        let number = |value: f64| format::decimal(value, v.language);
        let value = match (one.before, one.after) {
            (Some(before), Some(after)) => format!("{} → {}", number(before), number(after)),
            (None, Some(after)) => number(after),
            _ => continue,
        };
        line(one.indicator.trim(), format!("{value} {}", one.unit.trim()).trim().to_owned());
    }
    vec![first(results_or_solution(practice), 1, 200), lines.join("\n")]
}

fn results_or_solution(practice: &Practice) -> &str {
    if practice.results_text.trim().is_empty() { &practice.solution } else { &practice.results_text }
}

fn place(v: &Visitor, practice: &Practice) -> Option<String> {
    practice.community.as_deref().filter(|code| !code.is_empty()).map(|code| short_name(&v.place(code)))
}

/// What it cost, as far as that is known: the sum, the year of its prices, the hours of the staff.
fn cost(v: &Visitor, practice: &Practice) -> String {
    let costs = &practice.costs;
    let sum = costs.total_uah.map(|sum| match costs.year {
        Some(year) => v.language.pick(
            format!("{} у цінах {year} року", format::money(sum, v.language)),
            format!("{} in prices of {year}", format::money(sum, v.language)),
        ),
        None => format::money(sum, v.language),
    });
    let yearly = costs.yearly_uah.map(|sum| format!("{} {}", format::money(sum, v.language), v.say(pw::A_YEAR)));
    let hours = costs.staff_hours.map(|hours| v.count(hours, pw::HOURS_COUNTED));
    [sum, yearly, hours].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The post, the department and how to reach them. Names of persons are not taken over.
fn whom(v: &Visitor, practice: &Practice) -> String {
    let contact = &practice.contact;
    let parts = [&contact.role, &contact.unit, &contact.phone, &contact.email];
    let said = parts.map(|part| part.trim()).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    match place(v, practice) {
        Some(place) if !said.is_empty() => format!("{place}: {said}"),
        place => {
            if said.is_empty() {
                place.unwrap_or_default()
            } else {
                said
            }
        }
    }
}

fn call(v: &Visitor, practice: &Practice) -> String {
    let contact = &practice.contact;
    let parts = [contact.role.trim(), contact.phone.trim(), contact.email.trim()];
    let reached: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    // The most telling parts that fit: an address must not be cut.
    (1..=reached.len())
        .rev()
        .map(|count| format!("{}: {}", v.say(dw::ASK_THE_HROMADA), reached[..count].join(", ")))
        .find(|call| call.chars().count() <= CALL_CHARS)
        .unwrap_or_else(|| v.say(dw::ASK_HOW).to_owned())
}

fn part(v: &Visitor, heading: Phrase, text: String) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![v.say(heading).to_owned(), text] }
}

fn joined(parts: Vec<String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The first sentences of a text, in one paragraph, as long as they are allowed to be.
fn first(text: &str, sentences: usize, chars: usize) -> String {
    let (mut whole, mut items) = (String::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let item = bare(line);
        if !whole.is_empty() {
            // An item ends where its line does, with a mark or without.
            if items.last() == Some(&whole.len()) && !whole.ends_with(ENDS_ITEM) {
                whole.push(';');
                items.push(whole.len());
            }
            whole.push(' ');
        }
        whole.push_str(item.unwrap_or(line));
        items.extend(item.map(|_| whole.len()));
    }
    let mut places: Vec<usize> = ends(&whole).chain(items).collect();
    places.sort_unstable();
    places.dedup_by(|later, earlier| whole[*earlier..*later].trim_matches(ENDS_ITEM).trim().is_empty());
    let mut end = 0;
    for (count, at) in places.into_iter().take(sentences).enumerate() {
        if whole[..at].chars().count() > chars {
            return if count == 0 { cut(&whole, chars) } else { ended(&whole[..end]) };
        }
        end = at;
    }
    ended(&whole[..end])
}

/// What an item of a list may end with.
const ENDS_ITEM: [char; 7] = ['.', ';', ',', ':', '!', '?', '…'];

/// What a line says without the mark or the number of a list; none if it is no item.
fn bare(line: &str) -> Option<&str> {
    let marks = ["- ", "– ", "— ", "• ", "* "];
    let numbered = || {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = line.get(digits..).filter(|_| (1..=2).contains(&digits))?;
        let next = line.get(..digits)?.parse::<u8>().ok()? + 1;
        // A whole list in one line keeps its numbers.
        let is_list = [format!(" {next}. "), format!(" {next}) ")].iter().any(|number| rest.contains(number.as_str()));
        [". ", ") "].iter().find_map(|mark| rest.strip_prefix(mark)).filter(|_| !is_list)
    };
    marks.iter().find_map(|mark| line.strip_prefix(mark)).or_else(numbered).map(str::trim)
}

/// A text that ends here: what parts it from a next item is no end.
fn ended(text: &str) -> String {
    text.trim().trim_end_matches([';', ',', ':']).to_owned()
}

/// Where sentences end: at a mark before a space and a capital letter, a figure or a quotation. After one
/// letter, as in a name, and after the usual short forms none does.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    const SHORT: [&str; 9] = ["вул", "ім", "ст", "див", "обл", "смт", "просп", "гр", "No"];
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let is_end = move |at: usize| {
        let (start, letter) = letters[at];
        let Some(&(space, ' ')) = letters.get(at + 1) else { return None };
        let begins = letters.get(at + 2).is_some_and(|(_, next)| next.is_uppercase() || "«“\"[".contains(*next));
        let digits = letters.iter().skip(at + 2).take_while(|(_, next)| next.is_ascii_digit()).count();
        let number_end = letters.get(at + 2 + digits).filter(|_| (1..=2).contains(&digits));
        let begins = begins || number_end.is_some_and(|(_, mark)| matches!(mark, '.' | ')'));
        let word = text[..start].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        // The number of an item is its beginning.
        let before = text[..start - word.len()].trim_end();
        let is_number = (1..=2).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && (before.is_empty() || before.ends_with(['.', '!', '?', '…', ';', ':']));
        let is_short = letter == '.'
            && (word.chars().count() == 1 && word.chars().all(char::is_alphabetic) || SHORT.contains(&word));
        (".!?…".contains(letter) && begins && !is_short && !is_number).then_some(space)
    };
    let len = text.chars().count();
    (0..len).filter_map(is_end).chain([text.len()])
}

#[cfg(test)]
mod tests;
