//! `dosvid account`: the people of this computer, for whoever sits at its console.

use std::io::{BufRead, IsTerminal};

use http::Method;
use serde_json::{Value, json};

use super::client::{Client, Denied};
use super::console::{ask, out};
use super::words::{Language, say};
use super::{JsonArguments, Outcome};
use crate::config::DataDir;
use crate::keyring::Keyring;

/// What to do with accounts.
#[derive(Debug, clap::Subcommand)]
pub enum AccountCommand {
    /// List the accounts
    List(JsonArguments),
    /// Add an account; the password is read from standard input
    Add {
        /// What its owner types to sign in
        name: String,
        /// administrator, editor or reader
        #[arg(long, default_value = "editor")]
        role: String,
    },
    /// Set a new password, read from standard input; ends every session of the account
    Password {
        /// The account
        name: String,
    },
    /// Give another role
    Role {
        /// The account
        name: String,
        /// administrator, editor or reader
        role: String,
    },
    /// Remove an account; ends every session of it
    Remove {
        /// The account
        name: String,
    },
}

pub(super) async fn perform(client: &Client, command: AccountCommand, language: Language) -> anyhow::Result<Outcome> {
    match command {
        AccountCommand::List(json) => return list(client, json.json, language).await,
        AccountCommand::Add { name, role } => {
            let password = password(language)?;
            let account = json!({ "name": name, "role": role, "password": password });
            client.send(Method::POST, "/accounts", &account).await?;
        }
        AccountCommand::Password { name } => {
            let change = json!({ "password": password(language)? });
            client.send(Method::PUT, &address(&name), &change).await?;
        }
        AccountCommand::Role { name, role } => {
            client.send(Method::PUT, &address(&name), &json!({ "role": role })).await?;
        }
        AccountCommand::Remove { name } => {
            client.call(Method::DELETE, &address(&name), None, Vec::new()).await?;
        }
    }
    out!("{}", say(language, "Зроблено", "Done"));
    Ok(Outcome::Done)
}

async fn list(client: &Client, json: bool, language: Language) -> anyhow::Result<Outcome> {
    let accounts: Value = client.get("/accounts").await?.json()?;
    if json {
        out!("{accounts}");
        return Ok(Outcome::Done);
    }
    let rows = accounts.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        out!("{}", say(language, "Облікових записів ще немає", "There are no accounts yet"));
    }
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        out!("{}\t{}", text("name"), text("role"));
    }
    Ok(Outcome::Done)
}

/// Never an argument: other programs could read it there, and the shell would remember it.
fn password(language: Language) -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let hint = "(щонайменше 12 знаків; його буде видно)";
        ask!(
            "{} ",
            say(language, format!("Пароль {hint}:"), "Password (at least 12 characters; it will be seen):".into())
        );
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn address(name: &str) -> String {
    let mut address = String::from("/accounts/");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// Brings the officer's key back from what the recovery sheet says.
pub(super) fn recover(data_dir: &DataDir, language: Language) -> anyhow::Result<Outcome> {
    let mut written = String::new();
    std::io::stdin().lock().read_line(&mut written)?;
    if Keyring::new(data_dir.path()).restore_officer(&written)? {
        out!("{}", say(language, "Ключ посадової особи на місці", "The officer's key is in its place"));
        return Ok(Outcome::Done);
    }
    Err(Denied::new(
        "sheet",
        "Знаки не складаються в ключ, або тут уже лежить інший ключ: перевірте кожну групу",
        "The characters do not make up a key, or another key is here already: check every group",
    )
    .into())
}
