//! Commands for documents of every kind: adoptions, requests, comments, seminars, collections …

use crdt::kinds;
use http::Method;
use serde_json::{Value, json};
use web_ui::library::{DocumentCard, Page, Published};

use super::Outcome;
use super::client::Client;
use super::console::out;
use super::import::cell;
use super::practices::{encode, read_file, sure};
use super::words::{Language, say};

/// What `dosvid document` can do.
#[derive(Debug, clap::Subcommand)]
pub enum DocumentCommand {
    /// List documents of one kind, last changed first
    List(ListArguments),
    /// Show one document
    Show(ShowArguments),
    /// Publish a document, or an edit of one, from a JSON file
    Publish(PublishArguments),
    /// Take a document back, everywhere and for good
    Withdraw(WithdrawArguments),
    /// Count documents of one kind by state, sector, oblast and month
    Count(CountArguments),
}

/// What `dosvid document list` may be told.
#[derive(Debug, clap::Args)]
pub struct ListArguments {
    /// adoption, exchange, comment, endorsement, seminar, registration, collection, material, use, translation
    kind: String,
    /// Only those of this community
    #[arg(long, value_name = "ID", conflicts_with = "about")]
    community: Option<String>,
    /// Only those that tell about this document
    #[arg(long, value_name = "ID")]
    about: Option<String>,
    /// How many
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Go on after the place where the list before ended
    #[arg(long)]
    after: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid document show` may be told.
#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    /// The document
    id: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid document publish` may be told.
#[derive(Debug, clap::Args)]
pub struct PublishArguments {
    /// The kind, as for the list
    kind: String,
    /// The content as JSON, with the fields of the API; - for standard input
    file: std::path::PathBuf,
    /// Publish it as an edit of this document
    #[arg(long, value_name = "ID")]
    edit: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid document withdraw` may be told.
#[derive(Debug, clap::Args)]
pub struct WithdrawArguments {
    /// The document
    id: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// What `dosvid document count` may be told.
#[derive(Debug, clap::Args)]
pub struct CountArguments {
    /// The kind, as for the list
    kind: String,
}

pub async fn perform(client: &Client, command: DocumentCommand, language: Language) -> anyhow::Result<Outcome> {
    match command {
        DocumentCommand::List(list) => self::list(client, list, language).await,
        DocumentCommand::Show(show) => self::show(client, show, language).await,
        DocumentCommand::Publish(publish) => self::publish(client, publish, language).await,
        DocumentCommand::Withdraw(withdraw) => {
            if !withdraw.yes {
                let page: Value = client.get(&format!("/documents/{}", withdraw.id)).await?.json()?;
                sure(page["card"]["title"].as_str().unwrap_or_default(), &withdraw.reason, language)?;
            }
            let path = format!("/documents/{}?reason={}", withdraw.id, encode(&withdraw.reason));
            client.call(Method::DELETE, &path, None, Vec::new()).await?;
            out!("{}: {}", say(language, "Відкликано", "Withdrawn"), withdraw.id);
            Ok(Outcome::Done)
        }
        DocumentCommand::Count(count) => {
            let answer = client.get(&format!("/census?kind={}", encode(&count.kind))).await?;
            out!("{}", String::from_utf8_lossy(&answer.body));
            Ok(Outcome::Done)
        }
    }
}

async fn list(client: &Client, arguments: ListArguments, language: Language) -> anyhow::Result<Outcome> {
    let mut path = format!("/documents?kind={}&limit={}", encode(&arguments.kind), arguments.limit);
    for (name, value) in [("after", &arguments.after), ("owner", &arguments.community), ("about", &arguments.about)] {
        path.extend(value.iter().map(|value| format!("&{name}={}", encode(value))));
    }
    let answer = client.get(&path).await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let page: Page<DocumentCard> = answer.json()?;
    for card in &page.rows {
        out!("{}  {}  {}", card.id, card.state, card.title);
    }
    if let Some(next) = &page.next {
        out!("{}: --after {next}", say(language, "Далі", "More"));
    }
    out!("{}: {}", say(language, "Усього", "In all"), page.total);
    Ok(Outcome::Done)
}

async fn show(client: &Client, arguments: ShowArguments, language: Language) -> anyhow::Result<Outcome> {
    let answer = client.get(&format!("/documents/{}", encode(&arguments.id))).await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let page: Value = answer.json()?;
    let kind = page["card"]["kind"].as_str().and_then(kinds::by_key);
    for field in kind.iter().flat_map(|kind| kind.table) {
        let text = cell(field.value(&page["content"]));
        if !text.is_empty() {
            out!("{}\n{text}\n", say(language, field.uk, field.en));
        }
    }
    Ok(Outcome::Done)
}

async fn publish(client: &Client, arguments: PublishArguments, language: Language) -> anyhow::Result<Outcome> {
    let content: Value = read_file(&arguments.file)?;
    let answer = match &arguments.edit {
        None => client.send(Method::POST, "/documents", &json!({ "kind": arguments.kind, "content": content })).await?,
        Some(id) => {
            let page: Value = client.get(&format!("/documents/{}", encode(id))).await?.json()?;
            let edit = json!({ "base_heads": page["heads"], "content": content });
            client.send(Method::PUT, &format!("/documents/{}", encode(id)), &edit).await?
        }
    };
    let published: Published = answer.json()?;
    if arguments.json {
        out!("{}", serde_json::to_string(&published)?);
    } else {
        out!("{}: {}", say(language, "Опубліковано", "Published"), published.id);
    }
    Ok(Outcome::Done)
}
