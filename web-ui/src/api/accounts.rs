//! Accounts of the people of this computer. They never leave it, so even a look needs the token.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Id, Json};
use crate::people::Role;

/// An account, without anything that lets somebody in.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountCard {
    /// What its owner types to sign in.
    name: String,
    /// What its owner may do.
    role: Role,
    /// When it was made, milliseconds since 1970.
    created_at: u64,
    /// How many browsers are signed in.
    sessions: usize,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// What its owner types to sign in, at most 60 letters.
    name: String,
    /// What its owner may do.
    role: Role,
    /// The password, at least 12 characters.
    password: String,
}

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChange {
    /// Another role.
    #[serde(default)]
    role: Option<Role>,
    /// Another password; every session of the account ends.
    #[serde(default)]
    password: Option<String>,
}

/// The accounts of this computer.
#[utoipa::path(
    get,
    path = "/api/v1/accounts",
    tag = "accounts",
    responses((status = 200, body = Vec<AccountCard>), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn list_accounts(State(app): State<Arc<App>>) -> Result<axum::Json<Vec<AccountCard>>, Failure> {
    let mut cards = Vec::new();
    for account in app.auth.accounts()? {
        let sessions = app.auth.sessions_of(&account.name)?;
        cards.push(AccountCard { role: account.role, created_at: account.created_at, sessions, name: account.name });
    }
    Ok(axum::Json(cards))
}

/// Adds an account.
#[utoipa::path(
    post,
    path = "/api/v1/accounts",
    tag = "accounts",
    request_body = NewAccount,
    responses((status = 204, description = "Added"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn add_account(
    State(app): State<Arc<App>>,
    Json(account): Json<NewAccount>,
) -> Result<StatusCode, Failure> {
    app.auth.add(&account.name, account.role, account.password).await?;
    app.auth.note("", "account_added", &account.name);
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an account another role or another password.
#[utoipa::path(
    put,
    path = "/api/v1/accounts/{name}",
    tag = "accounts",
    params(("name" = String, Path, description = "The account")),
    request_body = AccountChange,
    responses((status = 204, description = "Changed"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn change_account(
    State(app): State<Arc<App>>,
    Id(name): Id<String>,
    Json(change): Json<AccountChange>,
) -> Result<StatusCode, Failure> {
    if let Some(role) = change.role {
        app.auth.set_role(&name, role)?;
        app.auth.note("", "role_changed", &name);
    }
    if let Some(password) = change.password {
        app.auth.set_password(&name, password).await?;
        app.auth.note("", "password_reset", &name);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an account; its sessions end.
#[utoipa::path(
    delete,
    path = "/api/v1/accounts/{name}",
    tag = "accounts",
    params(("name" = String, Path, description = "The account")),
    responses((status = 204, description = "Removed"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn remove_account(State(app): State<Arc<App>>, Id(name): Id<String>) -> Result<StatusCode, Failure> {
    app.auth.remove(&name)?;
    app.auth.note("", "account_removed", &name);
    Ok(StatusCode::NO_CONTENT)
}
