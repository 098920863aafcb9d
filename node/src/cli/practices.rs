//! Commands that read and write practices, and say how the node stands.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use crdt::codifier;
use crdt::practice::{PRACTICE, Practice};
use http::Method;
use serde_json::{Value, json};
use web_ui::library::{DocumentCard, Page, Peer, Published, Status, VerifyPage};

use super::client::{Client, Denied};
use super::console::out;
use super::import::{Format, cell};
use super::words::{Language, say};
use super::{Outcome, progress};
use crate::fault::Fault;
use crate::index::named_hromadas;
use crate::library::import::EXPORTED;

/// Rows asked for at once.
const ROWS: usize = 100;
/// Bytes of a practice in a file at the most.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What `dosvid export` may be told.
#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    /// The file to write
    file: PathBuf,
    /// jsonl or csv [default: by the file's ending]
    #[arg(long)]
    format: Option<Format>,
}

/// What `dosvid publish` may be told.
#[derive(Debug, clap::Args)]
pub struct PublishArguments {
    /// A practice as JSON, with the fields of the API; - for standard input
    file: PathBuf,
    /// Publish it as an edit of this practice
    #[arg(long, value_name = "ID")]
    edit: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid withdraw` may be told.
#[derive(Debug, clap::Args)]
pub struct WithdrawArguments {
    /// The practice
    id: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// What `dosvid show` may be told.
#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    /// The practice
    id: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid list` may be told.
#[derive(Debug, clap::Args)]
pub struct ListArguments {
    /// How many
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Go on after the place where the list before ended
    #[arg(long)]
    after: Option<String>,
    /// Only practices of this community
    #[arg(long, value_name = "ID")]
    community: Option<String>,
    /// Look up communities in the codifier by a part of their name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["after", "community"])]
    hromadas: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What `dosvid peers` may be told.
#[derive(Debug, clap::Args)]
pub struct PeersArguments {
    /// Dial this multiaddress and keep the connection up while the node runs
    #[arg(long, value_name = "MULTIADDRESS")]
    add: Option<String>,
    /// Connect to this added multiaddress no more
    #[arg(long, value_name = "MULTIADDRESS")]
    forget: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn init(
    client: &Client,
    code: &str,
    device: &str,
    json: bool,
    language: Language,
) -> anyhow::Result<Outcome> {
    let body = json!({ "code": code, "device_name": device });
    let card: web_ui::library::CommunityCard = client.send(Method::POST, "/community", &body).await?.json()?;
    if json {
        out!("{}", serde_json::to_string(&card)?);
    } else {
        out!(
            "{}",
            say(
                language,
                format!("{}\nідентифікатор {}", card.name_uk, card.id),
                format!("{}\nid {}", card.name_en, card.id)
            )
        );
    }
    Ok(Outcome::Done)
}

pub async fn status(client: &Client, json: bool, language: Language) -> anyhow::Result<Outcome> {
    let answer = client.get("/status").await?;
    let status: Status = answer.json()?;
    if json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let community =
        status.community_name.clone().unwrap_or_else(|| say(language, "лише читання", "reading only").into());
    // Without a link nobody can tell whether others have more: the page of the network says the same.
    let missing = match status.peers {
        0 => say(language, "невідомо (немає зв’язку)", "not known (no link)").to_owned(),
        _ => status.missing.to_string(),
    };
    let lines: [(&str, &str, String); 10] = [
        ("Версія", "Version", status.version.clone()),
        ("Мережа", "Network", status.network.clone()),
        ("Громада", "Community", community),
        ("Практик", "Practices", status.practices.to_string()),
        ("Громад", "Communities", status.communities.to_string()),
        ("Підписаних записів", "Signed records", status.records.to_string()),
        ("Підпис бібліотеки", "Fingerprint", status.fingerprint.clone()),
        ("З’єднаних вузлів", "Peers connected", status.peers.to_string()),
        ("Бракує записів", "Records missing", missing),
        ("На диску, байтів", "Bytes on disk", status.disk_bytes.to_string()),
    ];
    for (uk, en, value) in lines {
        out!("{}: {value}", say(language, uk, en));
    }
    for address in &status.addresses {
        out!("{}: {address}", say(language, "Адреса для інших вузлів", "Address for peers"));
    }
    for warning in &status.warnings {
        out!("! {}", say(language, &warning.uk, &warning.en));
    }
    Ok(Outcome::Done)
}

pub async fn list(client: &Client, arguments: ListArguments, language: Language) -> anyhow::Result<Outcome> {
    if let Some(name) = &arguments.hromadas {
        return hromadas(name, arguments.json);
    }
    let mut path = format!("/practices?limit={}", arguments.limit);
    for (name, value) in [("after", &arguments.after), ("owner", &arguments.community)] {
        path.extend(value.iter().map(|value| format!("&{name}={value}")));
    }
    let answer = client.get(&path).await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let page: Page<DocumentCard> = answer.json()?;
    for card in &page.rows {
        out!("{}  {}", card.id, card.title);
    }
    if let Some(next) = &page.next {
        out!("{}: dosvid list --after {next}", say(language, "Далі", "More"));
    }
    out!("{}: {}", say(language, "Усього", "In all"), page.total);
    Ok(Outcome::Done)
}

fn hromadas(name: &str, json: bool) -> anyhow::Result<Outcome> {
    for hromada in named_hromadas(name, codifier::all().len()) {
        if json {
            out!(
                "{}",
                json!({ "code": hromada.code, "name_uk": hromada.full_name_uk(), "name_en": hromada.full_name_en() })
            );
        } else {
            out!("{}  {}", hromada.code, hromada.full_name_uk());
        }
    }
    Ok(Outcome::Done)
}

pub async fn show(client: &Client, arguments: ShowArguments, language: Language) -> anyhow::Result<Outcome> {
    let answer = client.get(&format!("/practices/{}", arguments.id)).await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let page: Value = answer.json()?;
    for field in PRACTICE {
        let text = cell(field.value(&page["practice"]));
        if !text.is_empty() {
            out!("{}\n{text}\n", say(language, field.uk, field.en));
        }
    }
    let conflicts = page["conflicts"].as_array().map_or(0, Vec::len);
    if conflicts > 0 {
        out!(
            "{}",
            say(
                language,
                format!("Одночасних змін, що чекають на рішення: {conflicts}"),
                format!("Conflicts that wait for a decision: {conflicts}")
            )
        );
    }
    Ok(Outcome::Done)
}

pub async fn publish(client: &Client, arguments: PublishArguments, language: Language) -> anyhow::Result<Outcome> {
    let practice: Practice = read_file(&arguments.file)?;
    let answer = match &arguments.edit {
        None => client.send(Method::POST, "/practices", &practice).await?,
        Some(id) => {
            let page: Value = client.get(&format!("/practices/{id}")).await?.json()?;
            let edit = json!({ "base_heads": page["heads"], "content": practice });
            client.send(Method::PUT, &format!("/practices/{id}"), &edit).await?
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

/// Reads what is to be published.
pub(super) fn read_file<T: serde::de::DeserializeOwned>(path: &PathBuf) -> anyhow::Result<T> {
    let mut text = String::new();
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).map_err(Fault::file("cannot open", path))?)
    };
    input.take(FILE_BYTES_MAX).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).map_err(|error| {
        Denied::new(
            "unreadable",
            format!("Не вдалося прочитати {}: {error}", path.display()),
            format!("{} cannot be read: {error}", path.display()),
        )
        .into()
    })
}

pub async fn withdraw(client: &Client, arguments: WithdrawArguments, language: Language) -> anyhow::Result<Outcome> {
    if !arguments.yes {
        let page: Value = client.get(&format!("/practices/{}", arguments.id)).await?.json()?;
        let title = page["practice"]["title"].as_str().unwrap_or_default();
        sure(title, &arguments.reason, language)?;
    }
    let path = format!("/practices/{}?reason={}", arguments.id, encode(&arguments.reason));
    client.call(Method::DELETE, &path, None, Vec::new()).await?;
    out!("{}: {}", say(language, "Відкликано", "Withdrawn"), arguments.id);
    Ok(Outcome::Done)
}

/// Asks whether something is to be taken back, which cannot be undone: at a terminal somebody answers, a
/// program says `--yes`.
///
/// # Errors
/// [`Denied`] unless the answer is yes.
pub(super) fn sure(title: &str, reason: &str, language: Language) -> anyhow::Result<()> {
    let input = std::io::stdin();
    let denied = |code, uk: &str, en: &str| anyhow::Error::from(Denied::new(code, uk, en));
    if !input.is_terminal() {
        return Err(denied(
            "not_confirmed",
            "Відкликання не можна скасувати: щоб підтвердити його без запитання, додайте --yes (і причину: --reason)",
            "A withdrawal cannot be undone: to confirm it without being asked, add --yes (and why: --reason)",
        ));
    }
    let why = if reason.is_empty() {
        say(
            language,
            "\nПричини не вказано: її можна додати так: --reason «…».",
            "\nNo reason is given: add one with --reason “…”.",
        )
    } else {
        ""
    };
    print!(
        "{} ",
        say(
            language,
            format!("Відкликати «{title}» всюди й назавжди? Скасувати це не можна.{why} [так/ні]:"),
            format!("Withdraw “{title}” everywhere and for good? This cannot be undone.{why} [yes/no]:"),
        )
    );
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::BufRead::read_line(&mut input.lock(), &mut answer)?;
    let yes = ["так", "т", "yes", "y"].contains(&answer.trim().to_lowercase().as_str());
    if yes {
        Ok(())
    } else {
        Err(denied("not_confirmed", "Нічого не відкликано", "Nothing was withdrawn"))
    }
}

/// Percent-encodes everything that is not a letter or a digit of ASCII.
pub(super) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub async fn export(client: &Client, arguments: ExportArguments, language: Language) -> anyhow::Result<Outcome> {
    let path = &arguments.file;
    let format = arguments.format.map_or_else(|| Format::of(path), Ok)?;
    if format == Format::Xlsx {
        return Err(Denied::new(
            "no_xlsx_export",
            "Ця команда пише .csv і .jsonl. Книгу Excel можна завантажити на сторінці «Практики»",
            "This command writes .csv and .jsonl. A workbook can be downloaded on the page “Practices”",
        )
        .into());
    }
    let cannot = || Fault::file("cannot write", path);
    let mut output = BufWriter::new(File::create(path).map_err(cannot())?);
    if format == Format::Csv {
        // A byte order mark: without it, spreadsheet programs on Windows take Cyrillic for noise.
        output.write_all("\u{feff}".as_bytes()).map_err(cannot())?;
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    if format == Format::Csv {
        table.write_record(["external_id"].into_iter().chain(PRACTICE.iter().map(|field| field.key)))?;
    }
    let bar = progress(0, language, "Експорт", "Exporting");
    let mut after = String::new();
    loop {
        let page: Page<DocumentCard> = client.get(&format!("/practices?limit={ROWS}{after}")).await?.json()?;
        bar.set_length(page.total);
        for card in &page.rows {
            let whole: Value = client.get(&format!("/practices/{}", card.id)).await?.json()?;
            let external_id = format!("{EXPORTED}{}", card.id);
            if format == Format::Csv {
                let cells = PRACTICE.iter().map(|field| cell(field.value(&whole["practice"])));
                table.write_record(std::iter::once(external_id).chain(cells))?;
            } else {
                let mut row = whole["practice"].clone();
                row["external_id"] = json!(external_id);
                writeln!(output, "{row}").map_err(cannot())?;
            }
            bar.inc(1);
        }
        output
            .write_all(&std::mem::replace(&mut table, csv::Writer::from_writer(Vec::new())).into_inner()?)
            .map_err(cannot())?;
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    bar.finish_and_clear();
    output.into_inner().map_err(|error| error.into_error()).and_then(|file| file.sync_all()).map_err(cannot())?;
    Ok(Outcome::Done)
}

pub async fn verify(client: &Client, json: bool, language: Language) -> anyhow::Result<Outcome> {
    let bar = progress(0, language, "Перевіряю", "Checking");
    let mut total = VerifyPage::default();
    let mut after = String::new();
    loop {
        let answer = client.call(Method::POST, &format!("/verify{after}"), None, Vec::new()).await?;
        let page: VerifyPage = answer.json()?;
        total.checked += page.checked;
        total.views += page.views;
        total.total = page.total;
        total.problems.extend(page.problems);
        bar.set_length(page.total);
        bar.set_position(total.checked);
        match page.next {
            Some(next) => after = format!("?after={next}"),
            None => break,
        }
    }
    bar.finish_and_clear();
    let unhealed = total.problems.iter().filter(|problem| !problem.healed).count();
    if json {
        out!("{}", serde_json::to_string(&total)?);
    } else {
        for problem in &total.problems {
            out!("{} {}: {}", problem.id, problem.code, say(language, &problem.uk, &problem.en));
        }
        let (checked, views, problems) = (total.checked, total.views, total.problems.len());
        out!(
            "{}",
            say(
                language,
                format!(
                    "Перевірено записів: {checked}, сторінок: {views}, знайдено вад: {problems}, не виправлено: {unhealed}"
                ),
                format!("Records checked: {checked}, views: {views}, problems: {problems}, not healed: {unhealed}"),
            )
        );
    }
    Ok(if unhealed > 0 { Outcome::Partly } else { Outcome::Done })
}

pub async fn peers(client: &Client, arguments: PeersArguments, language: Language) -> anyhow::Result<Outcome> {
    if let Some(address) = &arguments.add {
        client.send(Method::POST, "/peers", &json!({ "address": address })).await?;
        if !arguments.json {
            let (uk, en) = ("Додано, вузол з’єднується", "Added, the node is connecting");
            out!("{}: {address}", say(language, uk, en));
        }
    }
    if let Some(address) = &arguments.forget {
        let path = format!("/peers/added?address={}", encode(address));
        client.call(Method::DELETE, &path, None, Vec::new()).await?;
    }
    let answer = client.get("/peers").await?;
    if arguments.json {
        out!("{}", String::from_utf8_lossy(&answer.body));
        return Ok(Outcome::Done);
    }
    let peers: Vec<Peer> = answer.json()?;
    for peer in &peers {
        let state = if peer.connected {
            say(language, "з’єднано", "connected")
        } else {
            say(language, "немає зв’язку", "away")
        };
        out!("{}  {}  {state}  {}", peer.id, peer.address, peer.agent);
    }
    if peers.is_empty() && arguments.add.is_none() {
        out!("{}", say(language, "Жодного вузла ще не було", "No peer has been met yet"));
    }
    Ok(Outcome::Done)
}
