//! What a form sent.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

use crate::App;
use crate::desk::words;
use crate::error::Failure;
use crate::extract::{Block, bad};
use crate::people::auth::Signed;
use std::sync::Arc;

/// The field that carries the token of the session for which a form was rendered.
const TOKEN: &str = "form_token";
/// Pairs of one form at the most: the largest practice has about a thousand.
const PAIRS_MAX: usize = 5_000;

/// The pairs of a form, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
    genuine: bool,
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

    /// Whether the form was rendered for the session that sends it.
    pub(crate) fn is_genuine(&self) -> bool {
        self.genuine
    }

    /// The form, if it was rendered for the session that sends it.
    ///
    /// # Errors
    /// What to do about a form of an earlier session.
    pub(crate) fn genuine(self) -> Result<Self, Failure> {
        if self.genuine {
            return Ok(self);
        }
        Err(Failure::new(StatusCode::FORBIDDEN, "stale_form", words::STALE_FORM.uk, words::STALE_FORM.en))
    }
}

impl FromRequest<Arc<App>> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Arc<App>) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_a_form",
                "Потрібна форма зі сторінки вузла",
                "A form of one of this node's pages is needed",
            ));
        }
        let token = request.extensions().get::<Signed>().map(|signed| signed.form_token.clone());
        let Block(body) = Block::from_request(request, state).await?;
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&body)
            .take(PAIRS_MAX + 1)
            .map(|(name, value)| (name.into_owned(), newlines(&value)))
            .collect();
        if pairs.len() > PAIRS_MAX {
            return Err(bad("too_many_fields", "У формі забагато полів", "The form has too many fields"));
        }
        let mut form = Self { pairs, genuine: false };
        form.genuine = token.is_some_and(|token| crate::guard::equal(token.as_bytes(), form.get(TOKEN).as_bytes()));
        form.pairs.retain(|(name, _)| name != TOKEN);
        Ok(form)
    }
}

/// Browsers send line ends as they did on paper tape.
fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}
