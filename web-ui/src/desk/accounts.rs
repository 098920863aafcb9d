//! Accounts: one's own, and for an administrator all of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::assets;
use crate::desk::form::Form;
use crate::desk::session::{ended, prove};
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::format;
use crate::language::Language;
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::people::Role;
use crate::people::auth::Signed;
use crate::words;

/// What went wrong with a form, to be shown beside its fields.
#[derive(Default)]
pub(super) struct Problems(Vec<(String, String)>);

impl Problems {
    /// The failure's fields; a failure without any is said above the form.
    pub(super) fn of(failure: &Failure, language: Language) -> Self {
        let fields = &failure.detail.fields;
        if fields.is_empty() {
            return Self(vec![(String::new(), failure.text(language).to_owned())]);
        }
        let said = |field: &crdt::check::FieldError| (field.field.clone(), language.pick(&field.uk, &field.en).clone());
        Self(fields.iter().map(said).collect())
    }

    /// What is wrong with a field; with the whole form for an empty name.
    pub(super) fn about(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == field).map(|(_, text)| text.as_str())
    }

    /// What is wrong with fields that a page has no control for: those it has are `shown`, with
    /// a space between.
    pub(super) fn others(&self, shown: &str) -> Vec<&str> {
        let is_shown = |field: &str| shown.split(' ').any(|known| known == field);
        let unseen = self.0.iter().filter(|(field, _)| !field.is_empty() && !is_shown(field));
        unseen.map(|(_, text)| text.as_str()).collect()
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The words of a role.
pub(super) fn role(v: &Visitor, role: Role) -> &'static str {
    v.say(match role {
        Role::Administrator => w::ROLE_ADMINISTRATOR,
        Role::Editor => w::ROLE_EDITOR,
        Role::Reader => w::ROLE_READER,
    })
}

#[derive(Template)]
#[template(path = "desk/account.html")]
struct Own {
    v: Visitor,
    signed: Signed,
    role: &'static str,
    sessions: String,
    problems: Problems,
    done: bool,
}

/// `GET /account`
pub(crate) async fn own(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    own_page(&app, &v, signed, Problems::default())
}

fn own_page(app: &App, v: &Visitor, signed: Signed, problems: Problems) -> Response {
    let sessions = match app.auth.sessions_of(&signed.name) {
        Ok(count) => format::number(count as u64),
        Err(fault) => return error::page(v, &fault.into()),
    };
    let done = v.parameter("done").is_some() && problems.is_empty();
    html(v, &Own { role: role(v, signed.role), sessions, signed, problems, done, v: v.clone() })
}

/// `POST /account`: another password, or the end of all sessions.
pub(crate) async fn change_own(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    if form.get("do") == "end" {
        return match app.auth.sign_out_everywhere(&signed.name) {
            Ok(()) => {
                app.auth.note(&signed.name, "signed_out_everywhere", "");
                (ended(), to(v.link(&["sign-in"]))).into_response()
            }
            Err(fault) => error::page(&v, &fault.into()),
        };
    }
    match new_password(&app, &signed, &form).await {
        Ok(()) => (ended(), to(v.link(&["sign-in"]))).into_response(),
        Err(failure) => own_page(&app, &v, signed, Problems::of(&failure, v.language)),
    }
}

async fn new_password(app: &App, signed: &Signed, form: &Form) -> Result<(), Failure> {
    // The old password is always asked for: whoever finds the browser open must not take the account.
    prove(app, &Signed { proved: false, ..signed.clone() }, form).await?;
    app.auth.set_password(&signed.name, form.get("password").to_owned()).await?;
    app.auth.note(&signed.name, "password_changed", "");
    Ok(())
}

/// An account in the list.
struct Card {
    name: String,
    role: &'static str,
    key: &'static str,
    since: String,
    sessions: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "desk/accounts.html")]
struct List {
    v: Visitor,
    signed: Signed,
    cards: Vec<Card>,
    roles: Vec<(&'static str, &'static str, &'static str)>,
    problems: Problems,
    /// For the forms that did not fail.
    quiet: Problems,
    /// What the failed form was about: an account's name, or nothing for a new one.
    about: String,
    name: String,
    wanted: String,
    done: Option<&'static str>,
}

/// `GET /accounts`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    page(&app, &v, signed, &Form::default(), Problems::default())
}

fn page(app: &App, v: &Visitor, signed: Signed, form: &Form, problems: Problems) -> Response {
    let cards = app.auth.accounts().and_then(|accounts| {
        let card = |account: crate::people::Account| {
            Ok(Card {
                role: role(v, account.role),
                key: account.role.key(),
                since: format::day(account.created_at),
                sessions: format::number(app.auth.sessions_of(&account.name)? as u64),
                own: account.name == signed.name,
                name: account.name,
            })
        };
        accounts.into_iter().map(card).collect::<Result<Vec<_>, _>>()
    });
    let cards = match cards {
        Ok(cards) => cards,
        Err(fault) => return error::page(v, &fault.into()),
    };
    let roles = [
        (Role::Editor, w::ROLE_EDITOR_WHY),
        (Role::Reader, w::ROLE_READER_WHY),
        (Role::Administrator, w::ROLE_ADMINISTRATOR_WHY),
    ];
    let done = problems.is_empty().then(|| v.parameter("done")).flatten().map(|_| v.say(w::DONE));
    let adding = form.get("do") == "add";
    html(
        v,
        &List {
            cards,
            roles: roles.map(|(one, why)| (one.key(), role(v, one), v.say(why))).into(),
            problems,
            quiet: Problems::default(),
            about: if adding { String::new() } else { form.get("name").to_owned() },
            name: if adding { form.get("name").to_owned() } else { String::new() },
            wanted: if adding && form.has("role") { form.get("role") } else { Role::Editor.key() }.to_owned(),
            done,
            signed,
            v: v.clone(),
        },
    )
}

/// `POST /accounts`
pub(crate) async fn change(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    match changed(&app, &signed, &form).await {
        Ok(()) => to(v.link_with(&["accounts"], &[("done", "1")])),
        Err(failure) => page(&app, &v, signed, &form, Problems::of(&failure, v.language)),
    }
}

async fn changed(app: &App, signed: &Signed, form: &Form) -> Result<(), Failure> {
    prove(app, signed, form).await?;
    let name = form.get("name");
    let wanted = || Role::from_key(form.get("role")).ok_or_else(Failure::not_found);
    let deed = match form.get("do") {
        "add" => {
            app.auth.add(name, wanted()?, form.get("password").to_owned()).await?;
            "account_added"
        }
        "role" => {
            app.auth.set_role(name, wanted()?)?;
            "role_changed"
        }
        "password" => {
            app.auth.set_password(name, form.get("password").to_owned()).await?;
            "password_reset"
        }
        "end" => {
            app.auth.sign_out_everywhere(name)?;
            "signed_out_everywhere"
        }
        "remove" => {
            app.auth.remove(name)?;
            "account_removed"
        }
        _ => return Err(Failure::not_found()),
    };
    app.auth.note(&signed.name, deed, name);
    Ok(())
}
