//! What a form sent.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::App;
use crate::desk::{refuse, words};
use crate::error::Failure;
use crate::extract::{Block, bad};
use crate::pages;
use crate::pages::frame::{PageId, Visitor};

/// The field that carries the token of the session for which a form was rendered.
pub(super) const TOKEN: &str = "form_token";
/// Pairs of one form at the most: the largest practice has about a thousand.
const PAIRS_MAX: usize = 5_000;

/// The pairs of a form, in their order. Taken from a request, it is always one that was rendered for
/// the session that sends it: any other is answered with a page that says what to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
}

/// A form of a page that is there before anybody is signed in: no session stands behind it, and that
/// our own page sent it, the guard has seen.
pub(crate) struct FirstForm(pub(crate) Form);

/// The form of a draft, which is not lost even if its session is over.
pub(crate) enum DraftForm {
    /// Rendered for the session that sends it.
    Genuine(Form),
    /// Of an earlier session, to be shown again and not kept.
    Stale(Form),
}

/// A form about what the address names. What is wrong with the form comes first: whoever may not send
/// it is told nothing of what there is.
pub(crate) struct Sent<T, F = Form> {
    /// The id in the address.
    pub(crate) id: T,
    /// The form.
    pub(crate) form: F,
}

impl Form {
    /// The first value under a name; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether there is a value under a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// All pairs.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

/// Where the form of a draft goes on after a button that kept it: to the page of what is picked, or to the
/// form itself, at the table that the button changed. `form` is the path before the draft's id.
pub(super) fn after_button(v: &Visitor, form: &[&str], id: &str, wanted: &str) -> String {
    let own: Vec<&str> = form.iter().copied().chain([id]).collect();
    let (button, of) = wanted.split_once(':').unwrap_or((wanted, ""));
    let field = of.split(':').next().unwrap_or_default();
    match button {
        "check" => v.link_with(&own, &[("check", "1")]),
        "pick" => v.link_with(&["write", "record", id, "pick"], &[("field", field)]),
        "add" | "remove" | "up" | "down" | "renew" => {
            let is_of_anchor = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
            let table: String = field.replace('.', "-").chars().filter(is_of_anchor).collect();
            format!("{}#f-{table}", v.link(&own))
        }
        _ => v.link(&own),
    }
}

impl FromRequest<Arc<App>> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (v, request) = visitor(request, app).await;
        match checked(&v, request, app).await? {
            DraftForm::Genuine(form) => Ok(form),
            DraftForm::Stale(_) => Err(refuse(&v, "stale_form", words::STALE_FORM)),
        }
    }
}

impl FromRequest<Arc<App>> for FirstForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (v, request) = visitor(request, app).await;
        read(request, app).await.map(Self).map_err(|failure| pages::error::page(&v, &failure))
    }
}

impl FromRequest<Arc<App>> for DraftForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (v, request) = visitor(request, app).await;
        checked(&v, request, app).await
    }
}

impl<T, F> FromRequest<Arc<App>> for Sent<T, F>
where
    T: FromStr<Err: Display> + Send,
    F: FromRequest<Arc<App>, Rejection = Response>,
{
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let id = PageId::from_request_parts(&mut parts, app).await;
        let form = F::from_request(Request::from_parts(parts, body), app).await?;
        id.map(|PageId(id)| Self { id, form })
    }
}

/// A form, and whether its token is the session's.
async fn checked(v: &Visitor, request: Request, app: &Arc<App>) -> Result<DraftForm, Response> {
    let mut form = read(request, app).await.map_err(|failure| pages::error::page(v, &failure))?;
    let genuine = is_genuine(v, form.get(TOKEN));
    form.pairs.retain(|(name, _)| name != TOKEN);
    Ok(if genuine { DraftForm::Genuine(form) } else { DraftForm::Stale(form) })
}

/// Whether a form's token is that of the session that sends it.
pub(super) fn is_genuine(v: &Visitor, token: &str) -> bool {
    let session = v.person.as_ref().map(|signed| signed.form_token.as_str());
    session.is_some_and(|session| crate::guard::equal(session.as_bytes(), token.as_bytes()))
}

/// Who sends a form, for the page that says what is wrong with it.
pub(super) async fn visitor(request: Request, app: &Arc<App>) -> (Visitor, Request) {
    let (mut parts, body) = request.into_parts();
    let Ok(v) = Visitor::from_request_parts(&mut parts, app).await;
    (v, Request::from_parts(parts, body))
}

/// The pairs of a request's body.
async fn read(request: Request, app: &Arc<App>) -> Result<Form, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_a_form",
            "Потрібна форма зі сторінки вузла",
            "A form of one of this node's pages is needed",
        ));
    }
    let Block(body) = Block::from_request(request, app).await?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body)
        .take(PAIRS_MAX + 1)
        .map(|(name, value)| (name.into_owned(), newlines(&value)))
        .collect();
    if pairs.len() > PAIRS_MAX {
        return Err(bad("too_many_fields", "У формі забагато полів", "The form has too many fields"));
    }
    Ok(Form { pairs })
}

/// Browsers send line ends as they did on paper tape.
fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}
