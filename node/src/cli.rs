//! The command line: arguments, words, exit codes.
//!
//! Every command speaks the API: to the running node if there is one, and otherwise to the same
//! router in this process, over the same library. So a command does the same in both cases.

mod accounts;
mod bundle;
mod client;
mod console;
mod documents;
pub mod import;
mod licences;
mod practices;
mod search;
mod serve;
mod stop;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::DataDir;

use client::{Client, Denied};
use console::{note, out};
use words::{Language, say};

/// Something on this computer failed.
const EXIT_FAULT: u8 = 1;
/// What was asked for cannot be done as asked: the message says what to change. (2 is clap's.)
const EXIT_DENIED: u8 = 3;
/// Done, but some rows or records were refused or could not be healed.
const EXIT_PARTLY: u8 = 4;

/// Досвід: a peer-to-peer library of practices of participatory democracy.
#[derive(Debug, Parser)]
#[command(name = "dosvid", version, about, arg_required_else_help = false)]
struct Arguments {
    /// The folder of this node's data [default: the system's place for a program's data]
    #[arg(long, global = true, env = "DOSVID_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// What to log, for example info or node=debug [default: warn; info for run]
    #[arg(long, global = true, env = "DOSVID_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// The language of messages: uk or en [default: by LANG, otherwise uk]
    #[arg(long, global = true, env = "DOSVID_LANG", value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// Print the licences of the program and of what is built into it
    #[arg(long)]
    licenses: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make this node write for a community (once)
    Init(InitArguments),
    /// Run the node until it is stopped (the default)
    Run(serve::RunArguments),
    /// Import practices from a JSONL or CSV file
    Import(import::ImportArguments),
    /// Export all practices to a JSONL or CSV file
    Export(practices::ExportArguments),
    /// Publish a practice, or an edit of one, from a JSON file
    Publish(practices::PublishArguments),
    /// Take a practice back, everywhere and for good
    Withdraw(practices::WithdrawArguments),
    /// Show one practice
    Show(practices::ShowArguments),
    /// List practices, or look up communities in the codifier
    List(practices::ListArguments),
    /// Search practices and communities
    Search(search::SearchArguments),
    /// Adoptions, requests, comments, endorsements, seminars, collections, materials, translations
    #[command(subcommand)]
    Document(documents::DocumentCommand),
    /// Say how the node stands
    Status(JsonArguments),
    /// Check every record, signature and view, and heal what can be healed
    Verify(JsonArguments),
    /// Write and read bundles: files for a USB stick or a backup
    #[command(subcommand)]
    Bundle(bundle::BundleCommand),
    /// List peers, or dial one
    Peers(practices::PeersArguments),
    /// Add, list and remove the people who may sign in, and set their passwords
    #[command(subcommand)]
    Account(accounts::AccountCommand),
    /// Bring the officer's key back from the recovery sheet; its characters are read from standard input
    Recover,
    /// Try a document in a process of its own; used by the node itself
    #[command(name = crate::derive::trial::COMMAND, hide = true)]
    TryDocument,
}

#[derive(Debug, clap::Args)]
struct InitArguments {
    /// The community's KATOTTG code, 19 characters
    #[arg(long, value_name = "CODE")]
    community: String,
    /// What the community calls this device
    #[arg(long, value_name = "NAME", default_value = "")]
    device_name: String,
    #[command(flatten)]
    json: JsonArguments,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct JsonArguments {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Whether everything was done.
enum Outcome {
    Done,
    Partly,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse_from(search::with_words(std::env::args_os()));
    if arguments.licenses {
        out!("{}", licences::text());
        return ended(ExitCode::SUCCESS);
    }
    let language = arguments.lang.unwrap_or_else(Language::of_system);
    let default_log = if matches!(arguments.command, None | Some(Command::Run(_))) { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_new(arguments.log.as_deref().unwrap_or(default_log));
    let filter = match filter {
        Ok(filter) => filter,
        Err(error) => {
            note!("--log: {error}");
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // It would tell of a closed standard error on standard error.
        .log_internal_errors(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
    crate::store::watch_panics();
    ended(match execute(arguments, language) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(EXIT_PARTLY),
        Err(error) => {
            if let Some(denied) = error.downcast_ref::<Denied>() {
                note!("{}", denied.text(language));
                ExitCode::from(EXIT_DENIED)
            } else {
                note!("dosvid: {error:#}");
                ExitCode::from(EXIT_FAULT)
            }
        }
    })
}

/// The exit code, or that of a fault if not everything could be printed.
fn ended(code: ExitCode) -> ExitCode {
    if console::all_was_written() { code } else { ExitCode::from(EXIT_FAULT) }
}

fn execute(arguments: Arguments, language: Language) -> anyhow::Result<Outcome> {
    if let Some(Command::TryDocument) = arguments.command {
        return Ok(crate::derive::trial::hold(std::io::stdin().lock()).map(|()| Outcome::Done)?);
    }
    let data_dir = DataDir::choose(arguments.data_dir)?;
    if let Some(Command::Recover) = arguments.command {
        return accounts::recover(&data_dir, language);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(async {
        match arguments.command.unwrap_or_else(|| Command::Run(serve::RunArguments::default())) {
            Command::Run(run) => serve::run(data_dir, run, language).await,
            command => {
                let mut client = Client::connect(data_dir).await?;
                let outcome = perform(command, &mut client, language).await;
                client.close().await;
                outcome
            }
        }
    });
    // A thread that waits for a lock of the store must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    outcome
}

async fn perform(command: Command, client: &mut Client, language: Language) -> anyhow::Result<Outcome> {
    match command {
        Command::Run(_) | Command::TryDocument | Command::Recover => Ok(Outcome::Done),
        Command::Init(init) => {
            practices::init(client, &init.community, &init.device_name, init.json.json, language).await
        }
        Command::Import(import) => import::import(client, import, language).await,
        Command::Export(export) => practices::export(client, export, language).await,
        Command::Publish(publish) => practices::publish(client, publish, language).await,
        Command::Withdraw(withdraw) => practices::withdraw(client, withdraw, language).await,
        Command::Show(show) => practices::show(client, show, language).await,
        Command::List(list) => practices::list(client, list, language).await,
        Command::Document(document) => documents::perform(client, document, language).await,
        Command::Search(search) => search::search(client, search, language).await,
        Command::Status(json) => practices::status(client, json.json, language).await,
        Command::Verify(json) => practices::verify(client, json.json, language).await,
        Command::Bundle(bundle) => bundle::perform(client, bundle, language).await,
        Command::Account(account) => accounts::perform(client, account, language).await,
        Command::Peers(peers) => practices::peers(client, peers, language).await,
    }
}

/// A progress bar on standard error; none where nobody looks.
fn progress(total: u64, language: Language, uk: &'static str, en: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(total).with_style(style).with_message(say(language, uk, en))
}
