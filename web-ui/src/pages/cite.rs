//! A practice as others cite it: a ready line in both languages, and files for programs that keep
//! references.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crdt::id::DocumentId;
use crdt::practice::{DEFAULT_LANGUAGE, DEFAULT_LICENCE};
use serde_json::{Value, json};

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::language::{Language, Phrase};
use crate::library::PracticePage;
use crate::pages::entries::titled;
use crate::pages::error;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::terms::place;

const LIBRARY: Phrase = Phrase {
    uk: "Досвід: бібліотека практик участі територіальних громад",
    en: "Dosvid: a library of practices of participation in hromadas",
};
/// Letters of an id that tell a reference from others in a list.
const KEY_LETTERS: usize = 12;

/// What every form of a citation says.
struct Cited {
    title: String,
    author: [String; 2],
    published: String,
    changed: String,
    id: String,
    licence: String,
    language: String,
    source: String,
}

impl Cited {
    fn new(page: &PracticePage) -> Self {
        let practice = &page.practice;
        let names = [Language::Uk, Language::En].map(|language| place(language, &page.owner_code));
        let (credit, source) = match &practice.provenance {
            Some(from) => (from.credit.trim(), [from.system.trim(), from.url.trim()].join(" ").trim().to_owned()),
            None => ("", String::new()),
        };
        let or = |value: &str, default: &str| if value.is_empty() { default } else { value }.to_owned();
        Self {
            title: practice.title.trim().to_owned(),
            // Whoever wrote the source is its author; the community only passes it on.
            author: if credit.is_empty() { names } else { [credit.to_owned(), credit.to_owned()] },
            published: format::day(page.created_at),
            changed: format::day(page.updated_at),
            id: page.id.clone(),
            licence: or(&practice.licence, DEFAULT_LICENCE),
            language: or(&practice.lang, DEFAULT_LANGUAGE),
            source,
        }
    }

    fn year(&self) -> &str {
        self.published.rsplit('.').next().unwrap_or_default()
    }

    fn key(&self) -> String {
        format!("dosvid{}", self.id.chars().take(KEY_LETTERS).collect::<String>())
    }

    fn line(&self, language: Language, untitled: &str) -> String {
        let title = if self.title.is_empty() { untitled } else { &self.title };
        let mut line = match language {
            Language::Uk => format!(
                "{title} / {}. {}. Опубліковано {}, редакція від {}. Запис {}. Ліцензія {}.",
                self.author[0], LIBRARY.uk, self.published, self.changed, self.id, self.licence
            ),
            Language::En => format!(
                "{} ({}). {title}. {}. Revision of {}. Record {}. Licence {}.",
                self.author[1],
                self.year(),
                LIBRARY.en,
                self.changed,
                self.id,
                self.licence
            ),
        };
        if !self.source.is_empty() {
            line.push_str(&format!(" {}: {}.", language.pick("За джерелом", "After"), self.source));
        }
        line
    }

    fn bibtex(&self) -> String {
        let rows = [
            ("author", format!("{{{}}}", in_tex(&self.author[0]))),
            ("title", in_tex(&self.title)),
            ("year", in_tex(self.year())),
            ("howpublished", in_tex(LIBRARY.uk)),
            ("note", in_tex(&format!("Редакція від {}. Запис {}. Ліцензія {}", self.changed, self.id, self.licence))),
            ("language", in_tex(&self.language)),
        ];
        let rows: Vec<String> = rows.iter().map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
        format!("@misc{{{},\n{}\n}}\n", self.key(), rows.join(",\n"))
    }

    fn csl(&self) -> Value {
        let parts = |day: &str| {
            let numbers: Vec<u16> = day.rsplit('.').filter_map(|part| part.parse().ok()).collect();
            json!({ "date-parts": [numbers] })
        };
        json!([{
            "id": self.key(),
            "type": "report",
            "genre": "практика",
            "title": self.title,
            "author": [{ "literal": self.author[0] }],
            "issued": parts(&self.published),
            "publisher": "Досвід",
            "collection-title": LIBRARY.uk,
            "number": self.id,
            "version": self.changed,
            "language": self.language,
            "license": self.licence,
            "source": self.source,
        }])
    }
}

/// A text that means nothing to TeX.
fn in_tex(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => safe.extend(['\\', letter]),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// A ready citation in Ukrainian and in English.
pub(crate) fn lines(v: &Visitor, page: &PracticePage) -> [String; 2] {
    let cited = Cited::new(page);
    [Language::Uk, Language::En].map(|language| cited.line(language, &titled(v, "")))
}

/// `/practices/{id}/cite.bib`
pub(crate) async fn bibtex(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    file(&app, &v, id, ("bib", "application/x-bibtex; charset=utf-8"), Cited::bibtex).await
}

/// `/practices/{id}/cite.json`
pub(crate) async fn csl(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    let text = |cited: &Cited| cited.csl().to_string();
    file(&app, &v, id, ("json", "application/vnd.citationstyles.csl+json"), text).await
}

async fn page(app: &App, id: DocumentId) -> Result<PracticePage, Failure> {
    Ok(app.ask(move |library| library.practice(id)).await?)
}

async fn file(
    app: &App,
    v: &Visitor,
    id: DocumentId,
    (ending, kind): (&str, &'static str),
    write: impl FnOnce(&Cited) -> String,
) -> Response {
    match page(app, id).await {
        Ok(page) => {
            let cited = Cited::new(&page);
            let name = format!("attachment; filename=\"{}.{ending}\"", cited.key());
            ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], write(&cited)).into_response()
        }
        Err(failure) => error::page(v, &failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{practice_page, samples};

    fn cited(change: impl FnOnce(&mut PracticePage)) -> Cited {
        let mut page = practice_page(samples::OWNER, samples::CODE, 1, samples::practice());
        change(&mut page);
        Cited::new(&page)
    }

    #[test]
    fn a_line_names_title_author_revision_and_record() {
        let cited = cited(|page| page.practice.provenance = None);
        for (language, said) in [
            (Language::Uk, ["Бюджет участі в сільській громаді", "територіальна громада", "редакція від 24.08.2025"]),
            (Language::En, ["Бюджет участі в сільській громаді", "hromada", "(2025)"]),
        ] {
            let line = cited.line(language, "");
            for part in said.into_iter().chain([cited.id.as_str()]) {
                assert!(line.contains(part), "{line}");
            }
        }
    }

    #[test]
    fn a_source_is_the_author_of_what_was_taken_from_it() {
        let cited = cited(|page| {
            let from = page.practice.provenance.get_or_insert_default();
            from.credit = "Participedia".into();
            from.url = "https://participedia.net/case/1".into();
        });
        assert_eq!(cited.author[0], "Participedia");
        assert!(cited.line(Language::Uk, "").contains("https://participedia.net/case/1"));
    }

    #[test]
    fn a_title_cannot_break_out_of_a_reference() {
        let cited = cited(|page| page.practice.title = "Толока}, note={\\input{x}} 50% & #1_2".into());
        let bibtex = cited.bibtex();
        assert!(bibtex.contains("Толока\\}, note=\\{\\textbackslash{}input\\{x\\}\\} 50\\% \\& \\#1\\_2"), "{bibtex}");
        assert_eq!(cited.csl()[0]["title"], "Толока}, note={\\input{x}} 50% & #1_2");
        assert_eq!(cited.csl()[0]["issued"]["date-parts"][0], json!([2025, 1, 2]));
    }
}
