//! What a query means: its words with what else each may have been meant or called.

use std::collections::HashMap;

use web_ui::library::search::{Facet, Understood};

use super::analysis::stem;
use super::query::{Clause, Typed, TypedWord};
use super::repair::{Meant, Repair, steps};
use super::synonyms::{Synonym, Synonyms};
use super::vocabulary::{Dictionary, Vocabulary};

/// Words that a prefix stands for, the most common ones.
pub const PREFIX_WORDS_MAX: usize = 40;
/// The same of all prefixes of a query.
const PREFIXES_WORDS_MAX: usize = 120;
/// The weight of a word that begins with у where в was typed, or й where і was.
const OTHER_BEGINNING: f32 = 0.9;
/// The weight of what was typed where the words beside it say that something else was meant.
const TYPED_IN_PHRASE: f32 = 0.5;
/// Forms and texts that a query is searched for beside what was typed: each costs time in the index,
/// and a query of more than a few words is not helped by many.
const BESIDE_MAX: usize = 48;
/// Synonyms that are named to the reader.
const ALSO_MAX: usize = 8;
/// Other queries that are proposed.
const PROPOSED_MAX: usize = 3;
/// Documents that have a word that is proposed: one may have the same error.
const PROPOSED_COUNT_MIN: u64 = 2;

/// What is known about words when a query is read.
#[derive(Clone, Copy, Default)]
pub struct Knowledge<'a> {
    /// The words of the library; without them nothing is repaired.
    pub vocabulary: Option<&'a Vocabulary>,
    /// The words of the language, if a dictionary is at hand.
    pub dictionary: Option<&'a Dictionary>,
    /// Abbreviations and synonyms.
    pub synonyms: Option<&'a Synonyms>,
    /// Documents of the library; 0 where nobody counted them.
    pub documents: u64,
}

/// A form of a word that is looked for, and how much it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its normal form.
    pub word: String,
    /// 1 for what was typed, less for others.
    pub weight: f32,
    /// Whether it is another name for what was typed, and not what was typed or meant itself.
    pub synonym: bool,
}

impl Form {
    const fn meant(word: String, weight: f32) -> Self {
        Self { word, weight, synonym: false }
    }
}

/// One thing that hits should have.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A word in any inflection, or what may have been meant by it.
    Word(Vec<Form>),
    /// Words in this order, in any inflection; normal forms.
    Phrase(Vec<String>),
    /// Exactly these normal forms, in this order.
    Exact(Vec<String>),
    /// Any of these normal forms.
    Beginning(Vec<String>),
}

/// Things that stand together, and texts that mean the same as all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The things.
    pub parts: Vec<Part>,
    /// Texts instead of all of them: normal forms, and how much each counts.
    pub instead: Vec<(Vec<String>, f32)>,
}

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// What hits should have.
    pub wanted: Vec<Group>,
    /// What hits must not have.
    pub unwanted: Vec<Part>,
    /// The narrowing that was typed.
    pub filters: Vec<(Facet, Vec<String>)>,
    /// What is said to the reader about it.
    pub understood: Understood,
}

impl Meaning {
    /// Reads a query; `verbatim` leaves typing errors alone.
    #[must_use]
    pub fn read(query: &str, verbatim: bool, knowledge: Knowledge<'_>) -> Self {
        let repair = knowledge.vocabulary.filter(|_| !verbatim).filter(|words| !words.is_empty());
        let repair = repair.map(|vocabulary| Repair::new(vocabulary, knowledge.dictionary));
        let mut typed = Typed::read(query);
        let mut relaid = None;
        if let Some(repair) = repair
            && let Some(other) = repair.layout(&cut(query))
        {
            typed = Typed::read(&other);
            relaid = Some(other);
        }
        let clauses = typed.wanted.iter().chain(&typed.unwanted);
        let prefixes = clauses.filter(|clause| matches!(clause, Clause::Prefix(_))).count();
        let prefix_words = (PREFIXES_WORDS_MAX / prefixes.max(1)).min(PREFIX_WORDS_MAX);
        let mut reading = Reading {
            prefix_words,
            knowledge,
            repair,
            steps: steps(),
            repaired: HashMap::new(),
            beside_left: BESIDE_MAX,
            meaning: Self::default(),
            written: Vec::new(),
            mended: Vec::new(),
        };
        reading.read(&typed);
        let (repaired, did_you_mean) = reading.proposals(relaid);
        let mut meaning = reading.meaning;
        meaning.unwanted = typed.unwanted.iter().map(|clause| plain(clause, knowledge, prefix_words)).collect();
        meaning.filters.clone_from(&typed.filters);
        meaning.understood.repaired = repaired;
        meaning.understood.did_you_mean = did_you_mean;
        meaning.understood.left_out = typed.left_out;
        meaning.understood.filters = typed.filters;
        meaning
    }

    /// Whether hits need not have anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }

    /// The normal forms of all words that are looked for, to mark them in a text.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let instead = self.wanted.iter().flat_map(|group| group.instead.iter().flat_map(|(words, _)| words));
        let parts = self.wanted.iter().flat_map(|group| &group.parts).flat_map(|part| match part {
            Part::Word(forms) => forms.iter().map(|form| &form.word).collect::<Vec<_>>(),
            Part::Phrase(words) | Part::Exact(words) | Part::Beginning(words) => words.iter().collect(),
        });
        parts.chain(instead).map(String::as_str)
    }
}

/// The part of a query that is read.
fn cut(query: &str) -> String {
    query.chars().take(web_ui::library::search::QUERY_CHARS_MAX).collect()
}

fn normals(words: &[TypedWord]) -> Vec<String> {
    words.iter().map(|word| word.normal.clone()).collect()
}

/// A clause as it was typed.
fn plain(clause: &Clause, knowledge: Knowledge<'_>, prefix_words: usize) -> Part {
    match clause {
        Clause::Word(word) => Part::Word(vec![Form::meant(word.normal.clone(), 1.0)]),
        Clause::Phrase(words) => Part::Phrase(normals(words)),
        Clause::Exact(words) => Part::Exact(normals(words)),
        Clause::Prefix(prefix) => Part::Beginning(beginning(prefix, knowledge, prefix_words)),
    }
}

fn beginning(prefix: &str, knowledge: Knowledge<'_>, most: usize) -> Vec<String> {
    let known = knowledge.vocabulary.map(|words| words.beginning(prefix, most)).unwrap_or_default();
    let mut all: Vec<String> = known.into_iter().map(|(word, _)| word).collect();
    if all.is_empty() {
        all.push(prefix.to_owned());
    }
    all
}

/// A word that was repaired, where it stands among the written parts.
struct Mended {
    at: usize,
    meant: Vec<Meant>,
    /// Whether the library has what was typed, in this form or another.
    exists: bool,
}

struct Reading<'a> {
    knowledge: Knowledge<'a>,
    repair: Option<Repair<'a>>,
    steps: usize,
    /// What was found for a word already: words are looked at alone and in each phrase that they may stand in.
    repaired: HashMap<String, Vec<Meant>>,
    /// How many words a prefix may stand for.
    prefix_words: usize,
    /// How many forms and texts may still be added.
    beside_left: usize,
    meaning: Meaning,
    /// The query, part by part, as one would type it again.
    written: Vec<String>,
    mended: Vec<Mended>,
}

impl Reading<'_> {
    fn read(&mut self, typed: &Typed) {
        let mut rest = typed.wanted.as_slice();
        while let Some(first) = rest.first() {
            let taken = self.synonyms(rest).unwrap_or_else(|| {
                let part = self.part(first);
                self.meaning.wanted.push(Group { parts: vec![part], instead: Vec::new() });
                1
            });
            rest = &rest[taken..];
        }
    }

    /// What may have been meant by a word.
    fn repaired(&mut self, repair: Repair<'_>, word: &str) -> Vec<Meant> {
        if let Some(known) = self.repaired.get(word) {
            return known.clone();
        }
        let meant = repair.word(word, &mut self.steps);
        self.repaired.insert(word.to_owned(), meant.clone());
        meant
    }

    /// Takes words from the beginning that the table of synonyms has, and says how many.
    fn synonyms(&mut self, clauses: &[Clause]) -> Option<usize> {
        let table = self.knowledge.synonyms?;
        let mut run: Vec<&str> = Vec::new();
        // Who quotes a phrase wants it and nothing else.
        for clause in clauses {
            let Clause::Word(word) = clause else { break };
            run.push(&word.normal);
        }
        let typed = table.beginning(&run);
        let length = typed.as_ref().map_or(0, |(length, _)| *length);
        if let Some(meant) = self.phrase_meant(table, &run).filter(|meant| meant.len() > length) {
            let words: Vec<&str> =
                meant.iter().zip(&run).map(|(meant, typed)| meant.first().map_or(*typed, |one| &one.word)).collect();
            let others = table.beginning(&words).filter(|(length, _)| *length == words.len());
            self.take(&clauses[..meant.len()], &meant, &others.map(|(_, others)| others).unwrap_or_default());
            return Some(meant.len());
        }
        let (length, others) = typed?;
        // A word that the table knows is no typing error.
        self.take(&clauses[..length], &vec![Vec::new(); length], &others);
        Some(length)
    }

    /// What may have been meant, word by word, by a beginning that is nearly a text of the table or a
    /// term: nothing for words that are rightly typed. A word that the library has, or that is one at all, may
    /// still be the wrong one there, if people take its letters for one another.
    fn phrase_meant(&mut self, table: &Synonyms, run: &[&str]) -> Option<Vec<Vec<Meant>>> {
        let repair = self.repair?;
        if let Some(phrase) = table.nearly(run, |typed, meant| repair.is_near(typed, meant)) {
            let meant = |word: Option<&str>| word.map(|word| repair.meant(word)).into_iter().collect();
            return Some(phrase.into_iter().map(meant).collect());
        }
        let words = &run[..run.len().min(table.longest())];
        if words.len() < 2 || words.iter().all(|word| repair.is_known(word)) {
            return None;
        }
        let meant: Vec<Vec<Meant>> = words.iter().map(|word| self.repaired(repair, word)).collect();
        let best = meant.iter().zip(words).map(|(meant, typed)| meant.first().map_or(*typed, |one| &one.word));
        let (length, _) = table.beginning(&best.collect::<Vec<_>>()).filter(|(length, _)| *length > 1)?;
        Some(meant.into_iter().take(length).collect())
    }

    fn take(&mut self, clauses: &[Clause], meant: &[Vec<Meant>], others: &[&Synonym]) {
        let mut group = Group { parts: Vec::new(), instead: Vec::new() };
        let single = clauses.len() == 1;
        let mut typed: Vec<String> = Vec::new();
        for (clause, meant) in clauses.iter().zip(meant) {
            let mut part = plain(clause, self.knowledge, self.prefix_words);
            if let (Part::Word(forms), Clause::Word(word)) = (&mut part, clause) {
                typed.push(meant.first().map_or(&word.normal, |one| &one.word).clone());
                if !meant.is_empty() {
                    forms[0].weight = TYPED_IN_PHRASE;
                }
                self.mend(forms, &word.normal, meant.clone());
            }
            group.parts.push(part);
            self.written.push(text(clause));
        }
        let mut found: Vec<&Synonym> = others.iter().copied().filter(|other| self.may_be_found(&other.words)).collect();
        found.truncate(self.beside_left);
        self.beside_left -= found.len();
        for other in found {
            let weight = other.weight * self.against(&typed, &other.words);
            match (&other.words[..], &mut group.parts[..]) {
                ([word], [Part::Word(forms)]) if single => {
                    forms.push(Form { word: word.clone(), weight, synonym: true });
                }
                _ => group.instead.push((other.words.clone(), weight)),
            }
            let also = &mut self.meaning.understood.also;
            if also.len() < ALSO_MAX && !also.contains(&other.text) {
                also.push(other.text.clone());
            }
        }
        self.meaning.wanted.push(group);
    }

    /// How much other words may count against those that were typed, before the weight of a synonym: no
    /// more than these do. Rare words count for more than common ones, so that a rare synonym would come
    /// before a text that has the very words. Who writes the short form says all that its words say: it
    /// may count as much as they do together.
    fn against(&self, typed: &[String], words: &[String]) -> f32 {
        let short = (typed.len() as f32 / words.len().max(1) as f32).max(1.0);
        let others = self.rarity(words);
        if others > 0.0 { (self.rarity(typed) / others).min(short) } else { short }
    }

    /// How rare some words are, as the ranking of hits sees it; 0 where that is not known.
    fn rarity(&self, words: &[String]) -> f32 {
        let (Some(vocabulary), documents @ 1..) = (self.knowledge.vocabulary, self.knowledge.documents) else {
            return 0.0;
        };
        let rarity = |word: &String| {
            let with = vocabulary.stem_count(&stem(word)).min(documents) as f32;
            ((documents as f32 - with + 0.5) / (with + 0.5)).ln_1p()
        };
        words.iter().map(rarity).sum()
    }

    /// Whether the library has each of these words in some form. Others need not be looked for.
    fn may_be_found(&self, words: &[String]) -> bool {
        let Some(vocabulary) = self.knowledge.vocabulary else { return true };
        words.iter().all(|word| !Vocabulary::keeps(word) || vocabulary.stem_count(&stem(word)) > 0)
    }

    fn part(&mut self, clause: &Clause) -> Part {
        let mut part = plain(clause, self.knowledge, self.prefix_words);
        if let (Part::Word(forms), Some(repair), Clause::Word(word)) = (&mut part, self.repair, clause) {
            let meant = self.repaired(repair, &word.normal);
            self.mend(forms, &word.normal, meant);
            if let Some(other) = super::repair::other_beginning(&word.normal)
                && self.knowledge.vocabulary.is_some_and(|words| words.count(&other) > 0)
            {
                forms.push(Form::meant(other, OTHER_BEGINNING));
            }
        }
        self.written.push(text(clause));
        part
    }

    /// Looks for what may have been meant as well; the word is the next to be written.
    fn mend(&mut self, forms: &mut Vec<Form>, typed: &str, mut meant: Vec<Meant>) {
        meant.truncate(self.beside_left);
        self.beside_left -= meant.len();
        forms.extend(meant.iter().map(|meant| Form::meant(meant.word.clone(), meant.weight)));
        if !meant.is_empty() {
            let exists = self.knowledge.vocabulary.is_some_and(|words| words.count(typed) > 0)
                || self.repair.is_some_and(|repair| repair.is_known(typed));
            self.mended.push(Mended { at: self.written.len(), meant, exists });
        }
    }

    /// The query as it was repaired, if it was, and others that may be meant.
    fn proposals(&self, relaid: Option<String>) -> (Option<String>, Vec<String>) {
        let with = |choose: &dyn Fn(&Mended) -> Option<String>| {
            let mut written = self.written.clone();
            for mended in &self.mended {
                if let Some(word) = choose(mended) {
                    written[mended.at] = word;
                }
            }
            written.join(" ")
        };
        let typed = self.written.join(" ");
        let best = |mended: &Mended| mended.meant.first().map(|meant| super::repair::written(&meant.word));
        let repaired = with(&|mended| if mended.exists { None } else { best(mended) });
        let repaired = (repaired != typed).then_some(repaired).or(relaid);
        let mut proposed: Vec<String> = Vec::new();
        for rank in 0..2 {
            for one in &self.mended {
                let common = one.meant.get(rank).filter(|meant| meant.count >= PROPOSED_COUNT_MIN);
                let Some(word) = common.map(|meant| super::repair::written(&meant.word)) else { continue };
                let query = with(&|mended| if mended.at == one.at { Some(word.clone()) } else { best(mended) });
                if query != typed && repaired.as_ref() != Some(&query) && !proposed.contains(&query) {
                    proposed.push(query);
                }
            }
        }
        proposed.truncate(PROPOSED_MAX);
        (repaired, proposed)
    }
}

/// A clause as one would type it again.
fn text(clause: &Clause) -> String {
    let joined = |words: &[TypedWord]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    match clause {
        Clause::Word(word) => word.text.clone(),
        Clause::Phrase(words) => format!("\"{}\"", joined(words)),
        Clause::Exact(words) => format!("=\"{}\"", joined(words)),
        Clause::Prefix(prefix) => format!("{prefix}*"),
    }
}

#[cfg(test)]
mod tests;
