//! How things stand, each in a word and a sentence.

use crate::format;
use crate::library::Status;
use crate::pages::frame::Visitor;
use crate::words;
use crate::words::network as nw;

/// One thing and how it stands.
pub(crate) struct Stand {
    /// What is meant.
    pub(crate) label: &'static str,
    /// In a word.
    pub(crate) word: String,
    /// In a sentence.
    pub(crate) why: String,
    /// `good`, `warn`, or nothing.
    pub(crate) mood: &'static str,
}

/// All of them, what people ask first first.
pub(crate) fn stands(v: &Visitor, status: &Status) -> Vec<Stand> {
    vec![link(v, status), got(v, status), given(v, status), last(v, status), library(v, status), search(v, status)]
}

fn link(v: &Visitor, status: &Status) -> Stand {
    let label = v.say(nw::LINK);
    if status.peers == 0 {
        return Stand { label, word: v.say(nw::ALONE).into(), why: v.say(nw::ALONE_WHY).into(), mood: "warn" };
    }
    let with = format!("{} {} {}", v.say(nw::LINKED), v.say(nw::WITH), v.count(status.peers, nw::NODES));
    Stand { label, word: with, why: v.say(nw::LINKED_WHY).into(), mood: "good" }
}

fn got(v: &Visitor, status: &Status) -> Stand {
    let label = v.say(nw::GOT);
    let (word, why, mood) = match (status.peers, status.missing) {
        (0, _) => (v.say(nw::GOT_UNKNOWN).to_owned(), nw::GOT_UNKNOWN_WHY, ""),
        (_, 0) => (v.say(nw::GOT_ALL).to_owned(), nw::GOT_ALL_WHY, "good"),
        (_, missing) => (v.count(missing, nw::RECORDS), nw::GOT_LESS_WHY, "warn"),
    };
    let mut why = v.say(why).to_owned();
    if status.pending > 0 {
        why = format!("{why} {}: {}.", v.say(nw::PREPARING), v.count(status.pending, nw::DOCUMENTS));
    }
    Stand { label, word, why, mood }
}

fn given(v: &Visitor, status: &Status) -> Stand {
    let label = v.say(nw::GIVEN);
    let (word, why, mood) = match (status.unsent, status.caught_up_at) {
        (0, Some(_)) => (v.say(nw::GIVEN_ALL).to_owned(), nw::GIVEN_ALL_WHY, "good"),
        (0, None) => (v.say(nw::GOT_UNKNOWN).to_owned(), nw::GIVEN_UNKNOWN_WHY, ""),
        (unsent, _) if status.peers > 0 => (v.count(unsent, nw::RECORDS), nw::GIVEN_SOON_WHY, ""),
        (unsent, _) => (v.count(unsent, nw::RECORDS), nw::GIVEN_LESS_WHY, "warn"),
    };
    Stand { label, word, why: v.say(why).into(), mood }
}

fn last(v: &Visitor, status: &Status) -> Stand {
    let word = status.caught_up_at.map_or_else(|| v.say(nw::LAST_NEVER).to_owned(), format::moment);
    let why = if status.started_at > 0 {
        format!("{} {} {}.", v.say(nw::LAST_HOW), v.say(nw::LAST_WHY), format::moment(status.started_at))
    } else {
        String::new()
    };
    Stand { label: v.say(nw::LAST), word, why, mood: if status.caught_up_at.is_some() { "good" } else { "" } }
}

fn library(v: &Visitor, status: &Status) -> Stand {
    let communities = v.count(status.communities, words::COMMUNITIES_COUNTED);
    Stand {
        label: v.say(nw::LIBRARY),
        word: v.count(status.practices, words::PRACTICES_COUNTED),
        why: format!("{communities}. {}: {}", v.say(words::DISK), format::bytes(status.disk_bytes, v.language)),
        mood: "",
    }
}

fn search(v: &Visitor, status: &Status) -> Stand {
    let (word, why, mood) = match status.index.state.as_str() {
        "ready" => (nw::SEARCH_READY, v.say(nw::SEARCH_READY_WHY).to_owned(), "good"),
        "catching_up" => (nw::SEARCH_BEHIND, behind(v, status, v.say(nw::SEARCH_BEHIND_WHY)), ""),
        "rebuilding" => (nw::SEARCH_BUILDS, behind(v, status, v.say(nw::SEARCH_BUILDS_WHY)), "warn"),
        "damaged" => (nw::SEARCH_BROKEN, v.say(nw::SEARCH_BROKEN_WHY).to_owned(), "warn"),
        _ => (nw::SEARCH_NONE, v.say(nw::SEARCH_BUILDS_WHY).to_owned(), ""),
    };
    Stand { label: v.say(nw::SEARCH), word: v.say(word).into(), why, mood }
}

fn behind(v: &Visitor, status: &Status, why: &str) -> String {
    match status.index.waiting {
        0 => why.to_owned(),
        waiting => format!("{why} {}: {}.", v.say(nw::WAITS_FOR_SEARCH), v.count(waiting, nw::DOCUMENTS)),
    }
}
