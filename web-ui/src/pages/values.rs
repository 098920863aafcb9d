//! Values as pieces of a page: text, and links that are safe to follow.

use std::collections::{BTreeMap, BTreeSet};

use crdt::codifier::HromadaKind;
use crdt::id::DocumentId;
use serde_json::Value;

use crate::format;
use crate::library::notes::Hidden;
use crate::library::{DocumentCard, Library, LibraryError};
use crate::pages::columns::{Column, Kind};
use crate::pages::entries::titled;
use crate::pages::frame::Visitor;
use crate::pages::records::href;
use crate::{tongues, words};

/// A piece of text that may be a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it says.
    pub(crate) text: String,
    /// Where it leads: only ever to this node, a web page, a mailbox or a telephone.
    pub(crate) href: Option<String>,
    /// Whether it leads away from this node.
    pub(crate) outside: bool,
    /// What stands between it and the piece before it.
    pub(crate) gap: &'static str,
}

impl Piece {
    /// Plain text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, outside: false, gap: "" }
    }

    /// A link on this node.
    pub(crate) fn link(text: impl Into<String>, href: String) -> Self {
        Self { text: text.into(), href: Some(href), outside: false, gap: "" }
    }

    fn outside(text: &str, href: String) -> Self {
        Self { text: text.to_owned(), href: Some(href), outside: true, gap: "" }
    }
}

/// A piece of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paragraph {
    /// A paragraph.
    Text(String),
    /// Lines that begin with a dash.
    List(Vec<String>),
}

/// The paragraphs and lists of a text. There is no other markup, so there is nothing to abuse.
pub(crate) fn prose(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let item = ["- ", "– ", "— ", "• ", "* "].iter().find_map(|mark| line.strip_prefix(mark));
        match (item, paragraphs.last_mut()) {
            (Some(item), Some(Paragraph::List(items))) => items.push(item.trim().to_owned()),
            (Some(item), _) => paragraphs.push(Paragraph::List(vec![item.trim().to_owned()])),
            (None, _) => paragraphs.push(Paragraph::Text(line.to_owned())),
        }
    }
    paragraphs
}

/// The pieces of a value: one, or one for each of a list.
pub(crate) fn pieces(visitor: &Visitor, kind: Kind, value: &Value) -> Vec<Piece> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => apart(values.iter().flat_map(|value| pieces(visitor, kind, value)).collect()),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::String(text) => vec![written(visitor, kind, text.trim())],
        Value::Number(number) => match (kind, number.as_u64(), number.as_f64()) {
            (Kind::Year, Some(year), _) => vec![Piece::text(year.to_string())],
            (Kind::Money, Some(sum), _) => vec![Piece::text(format::money(sum, visitor.language))],
            (_, Some(whole), _) => vec![Piece::text(format::number(whole))],
            (_, None, Some(value)) => vec![Piece::text(format::decimal(value, visitor.language))],
            _ => Vec::new(),
        },
        Value::Bool(yes) => vec![Piece::text(visitor.say(if *yes { words::YES } else { words::NO }))],
        Value::Object(_) => point(visitor, value).map(Piece::text).into_iter().collect(),
    }
}

/// Puts commas between pieces, or semicolons where the pieces have commas of their own.
fn apart(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let gap = if pieces.iter().any(|piece| piece.text.contains(',')) { "; " } else { ", " };
    pieces.iter_mut().skip(1).for_each(|piece| piece.gap = gap);
    pieces
}

/// The pieces of one part of a row.
pub(crate) fn part(visitor: &Visitor, column: &Column, row: &Value) -> Vec<Piece> {
    row.get(column.key).map(|value| pieces(visitor, column.kind, value)).unwrap_or_default()
}

/// Documents whose titles one page looks up: the programme of a long seminar. The rest keep their ids.
const NAMED_MAX: usize = 100;

/// The documents that a content names by their ids, wherever it does, as far as they are here and
/// not hidden.
pub(crate) fn named(library: &dyn Library, content: &Value, hidden: &Hidden) -> BTreeMap<String, DocumentCard> {
    let mut ids = BTreeSet::new();
    collect_ids(content, &mut ids);
    let shown = ids.into_iter().filter(|id| !hidden.contains_key(&id.to_string()));
    let cards = shown.filter_map(|id| match library.document(id) {
        Ok(page) => Some(page.card),
        Err(LibraryError::Withdrawn(_)) => Some(taken_back(id)),
        Err(_) => None,
    });
    cards.map(|card| (card.id.clone(), card)).collect()
}

/// The kind of a card that stands for what its community took back.
const TAKEN_BACK: &str = "withdrawn";

fn taken_back(id: DocumentId) -> DocumentCard {
    DocumentCard { id: id.to_string(), kind: TAKEN_BACK.to_owned(), ..DocumentCard::default() }
}

fn collect_ids(value: &Value, ids: &mut BTreeSet<DocumentId>) {
    match value {
        Value::String(text) if ids.len() < NAMED_MAX => ids.extend(text.parse::<DocumentId>().ok()),
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        Value::Object(entries) => entries.values().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}

/// A text by its kind. What is not what its kind says is shown as it is: others wrote it.
fn written(visitor: &Visitor, kind: Kind, text: &str) -> Piece {
    let language = visitor.language;
    if let (Kind::Practice | Kind::Record, Some(card)) = (kind, visitor.named(text)) {
        if card.kind == TAKEN_BACK {
            let (label, place) = match kind {
                Kind::Practice => (words::WITHDRAWN, "practices"),
                _ => (words::WITHDRAWN_RECORD, "records"),
            };
            return Piece::link(visitor.say(label), visitor.link(&[place, &card.id]));
        }
        return Piece::link(titled(visitor, &card.title), href(visitor, card));
    }
    match kind {
        Kind::Term(vocabulary) => {
            Piece::text(vocabulary.find(text).map_or(text, |term| language.pick(term.uk, term.en)))
        }
        Kind::Date => Piece::text(format::date(text)),
        Kind::Place => Piece::text(visitor.place(text)),
        Kind::Centre => {
            Piece::text(HromadaKind::from_key(text).map_or(text, |kind| language.pick(kind.uk(), kind.en())))
        }
        Kind::Tongue => Piece::text(tongues::called(language, text).unwrap_or(text)),
        Kind::Practice => match text.parse::<DocumentId>() {
            Ok(id) => Piece::link(format::short(text), visitor.link(&["practices", &id.to_string()])),
            Err(_) => Piece::text(text),
        },
        Kind::Record => match text.parse::<DocumentId>() {
            Ok(id) => Piece::link(format::short(text), visitor.link(&["records", &id.to_string()])),
            Err(_) => Piece::text(text),
        },
        Kind::Url if is_web_address(text) => Piece::outside(text, text.to_owned()),
        Kind::Email if is_mailbox(text) => Piece::outside(text, format!("mailto:{text}")),
        Kind::Phone => match dialled(text) {
            Some(number) => Piece::outside(text, format!("tel:{number}")),
            None => Piece::text(text),
        },
        _ => Piece::text(text),
    }
}

fn point(visitor: &Visitor, value: &Value) -> Option<String> {
    let (lat, lon) = (value.get("lat")?.as_f64()?, value.get("lon")?.as_f64()?);
    let degrees = |value| format::decimal(value, visitor.language);
    Some(format!("{}° {}, {}° {}", degrees(lat), visitor.say(words::NORTH), degrees(lon), visitor.say(words::EAST)))
}

/// Whether a text is an address that a browser opens as a web page and as nothing else.
pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | ':');
        // A name before the host (`https://good@evil`) is only ever there to mislead.
        !host.is_empty() && host.chars().all(plain) && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

fn is_mailbox(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte))
    };
    text.split_once('@').is_some_and(|(name, host)| plain(name) && plain(host) && host.contains('.'))
}

/// A telephone number as it is dialled, if the text is one number and nothing else.
fn dialled(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+-() \u{a0}".contains(c));
    (plain && (5..=16).contains(&number.len())).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_dashes_are_lists() {
        assert_eq!(
            prose("Цілі:\n- перша\n- друга\n\nДалі"),
            [
                Paragraph::Text("Цілі:".into()),
                Paragraph::List(vec!["перша".into(), "друга".into()]),
                Paragraph::Text("Далі".into()),
            ]
        );
    }

    #[test]
    fn only_web_addresses_become_links() {
        for good in ["https://rada.gov.ua/doc/1?x=2#y", "http://громада.укр/рішення", "https://a.ua:8080"]
        {
            assert!(is_web_address(good), "{good}");
        }
        let bad = [
            "javascript:alert(1)",
            "JaVaScRiPt://https://a.ua",
            "data:text/html,<script>",
            "https://",
            "https://rada.gov.ua@evil.example",
            "https://a b.ua",
            "https://a.ua/\u{9}x",
            "//evil.example",
            " https://a.ua",
            "https://\"onmouseover=alert(1)",
        ];
        for bad in bad {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    #[test]
    fn mailboxes_and_telephones_carry_nothing_else() {
        assert!(is_mailbox("rada@gromada.gov.ua") && !is_mailbox("a@b.ua?bcc=c@d.ua") && !is_mailbox("a@b"));
        assert_eq!(dialled("(05136) 9-12-34").as_deref(), Some("0513691234"));
        assert_eq!(dialled("0513691234, дод. 5"), None);
    }
}
