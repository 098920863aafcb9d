//! `dosvid search`: the same search as the pages', at a console.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use clap::CommandFactory;
use web_ui::library::search::{Facet, INDEX_REBUILDING, SearchPage, Span};

use super::Outcome;
use super::client::{Answer, Client, Denied};
use super::console::out;
use super::words::{Language, say};

/// How long a command waits for an index that is behind: 20,000 practices are indexed in that time.
const CATCH_UP_WAIT: Duration = Duration::from_secs(60);
/// How often it looks again.
const CATCH_UP_LOOK: Duration = Duration::from_millis(100);

/// What a search reads as it reads `-`, and no option begins with.
const MINUS: char = '−';

/// What `dosvid search` may be told.
#[derive(Debug, clap::Args)]
pub struct SearchArguments {
    /// Words, "phrases", -not, field:value; after -- everything is words
    query: Vec<String>,
    /// Narrow to a value of a facet, for example sector=culture; may be given more than once
    #[arg(long, value_name = "FACET=VALUE")]
    facet: Vec<String>,
    /// relevance, newest, near or adoptions
    #[arg(long, default_value = "relevance")]
    sort: String,
    /// Measure distance from this community (a KATOTTG code) instead of this node's own
    #[arg(long, value_name = "CODE")]
    near: Option<String>,
    /// Look for exactly what is typed, without mending it
    #[arg(long)]
    verbatim: bool,
    /// How many to leave out
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// How many
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Print JSON with counts by facet, for programs
    #[arg(long)]
    json: bool,
}

/// The arguments of the program, in which words of a search that are left out (-not) do not look like
/// options: the minus stands for itself, and options are found before words and after them.
pub fn with_words(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    // Options before the command take the next argument, if they take any.
    let program = super::Arguments::command();
    let takes_next = |argument: &OsString| {
        let long = argument.to_str().and_then(|text| text.strip_prefix("--"));
        program.get_arguments().any(|one| one.get_long() == long && long.is_some() && one.get_action().takes_values())
    };
    let mut all: Vec<OsString> = arguments.into_iter().collect();
    let mut at = 1;
    while let Some(argument) = all.get(at).filter(|argument| argument.to_string_lossy().starts_with('-')) {
        at += if takes_next(argument) { 2 } else { 1 };
    }
    if all.get(at).is_none_or(|command| command != "search") {
        return all;
    }
    for argument in all.iter_mut().skip(at + 1).take_while(|argument| *argument != "--") {
        let left_out = argument.to_str().and_then(|text| text.strip_prefix('-'));
        if let Some(word) = left_out.filter(|word| !word.is_empty() && !word.starts_with('-') && *word != "h") {
            *argument = format!("{MINUS}{word}").into();
        }
    }
    all
}

impl SearchArguments {
    fn address(&self) -> Result<String, Denied> {
        let mut pairs = vec![
            ("q", self.query.join(" ")),
            ("sort", self.sort.clone()),
            ("offset", self.offset.to_string()),
            ("limit", self.limit.to_string()),
        ];
        pairs.extend(self.near.iter().map(|near| ("near", near.clone())));
        if self.verbatim {
            pairs.push(("verbatim", "true".into()));
        }
        for facet in &self.facet {
            let known = facet.split_once('=').and_then(|(name, value)| {
                let facet = Facet::ALL.into_iter().find(|facet| facet.key() == name)?;
                Some((facet.key(), value.to_owned()))
            });
            pairs.push(known.ok_or_else(|| {
                let keys = Facet::ALL.map(Facet::key).join(", ");
                Denied::new(
                    "facet",
                    format!("--facet має вигляд ознака=значення; ознаки: {keys}"),
                    format!("--facet is written facet=value; facets: {keys}"),
                )
            })?);
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        Ok(format!("/search?{}", query.finish()))
    }
}

/// Searches and prints what was found.
pub async fn search(client: &Client, arguments: SearchArguments, language: Language) -> anyhow::Result<Outcome> {
    let answer = answer(client, &arguments.address()?).await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let page: SearchPage = answer.json()?;
    if let Some(repaired) = &page.understood.repaired {
        out!("{}: {repaired}", say(language, "Показано результати для", "Results for"));
    }
    if page.understood.relaxed {
        out!(
            "{}",
            say(
                language,
                "Усіх слів немає ніде; показано документи з частиною слів",
                "Nothing has all the words; shown are documents with some of them"
            )
        );
    }
    for hit in &page.hits {
        out!("{}  {}", hit.card.id, hit.card.title);
        let distance = hit.distance_km.map(|km| format!(" [{km} {}]", say(language, "км", "km"))).unwrap_or_default();
        out!("    {}{distance}", marked(&hit.snippet));
    }
    out!("{}: {}", say(language, "Знайдено", "Found"), page.total);
    for other in &page.understood.did_you_mean {
        out!("{}: {other}", say(language, "Можливо, ви мали на увазі", "Did you mean"));
    }
    if page.catching_up {
        out!(
            "{}",
            say(
                language,
                "Пошук ще надолужує: дещо з нового може не знайтися",
                "Search is catching up: some of what is new may not be found yet"
            )
        );
    }
    Ok(Outcome::Done)
}

/// The answer, once the index has caught up: where no node runs, it is opened for this command only,
/// and may have to be made first.
async fn answer(client: &Client, address: &str) -> anyhow::Result<Answer> {
    let begun = Instant::now();
    loop {
        let answer = client.get(address).await;
        let waits = match &answer {
            Ok(answer) => answer.json::<SearchPage>().is_ok_and(|page| page.catching_up),
            Err(error) => error.downcast_ref::<Denied>().is_some_and(|denied| denied.code == INDEX_REBUILDING),
        };
        if !waits || begun.elapsed() > CATCH_UP_WAIT {
            return answer;
        }
        tokio::time::sleep(CATCH_UP_LOOK).await;
    }
}

/// A text with stars around what matched.
fn marked(spans: &[Span]) -> String {
    let marked = spans.iter().map(|span| if span.hit { format!("*{}*", span.text) } else { span.text.clone() });
    marked.collect::<String>().replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Arguments, Command};
    use super::*;

    fn read(arguments: &[&str]) -> SearchArguments {
        let arguments = ["dosvid"].iter().chain(arguments).map(OsString::from);
        match Arguments::try_parse_from(with_words(arguments)).map(|read| read.command) {
            Ok(Some(Command::Search(search))) => search,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_stand_before_words_and_after_them() {
        for arguments in [
            &["search", "--facet", "sector=education", "--sort", "near", "бюджет", "участі"][..],
            &["search", "бюджет", "участі", "--facet", "sector=education", "--sort", "near"],
            &["search", "бюджет", "--facet", "sector=education", "участі", "--sort=near"],
            &["--lang", "uk", "search", "бюджет", "участі", "--sort", "near", "--facet=sector=education"],
        ] {
            let read = read(arguments);
            assert_eq!((read.query.join(" ").as_str(), read.sort.as_str()), ("бюджет участі", "near"), "{arguments:?}");
            assert_eq!(read.facet, ["sector=education"], "{arguments:?}");
        }
    }

    #[test]
    fn a_word_may_begin_with_a_minus() {
        let wanted = read(&["search", "бюджет", "-школа", "-\"дитячий садок\"", "--json"]);
        assert_eq!(wanted.query, ["бюджет", "−школа", "−\"дитячий садок\""]);
        assert!(wanted.json);
        assert_eq!(read(&["search", "-школа"]).query, ["−школа"]);
        assert_eq!(read(&["search", "--", "-школа", "--json"]).query, ["-школа", "--json"]);
        assert_eq!(read(&["search", "бюджет -школа"]).query, ["бюджет -школа"]);
        let unknown = ["dosvid", "search", "бюджет", "--colour"].map(OsString::from);
        assert!(Arguments::try_parse_from(with_words(unknown)).is_err(), "an option that there is not is no word");
    }
}
