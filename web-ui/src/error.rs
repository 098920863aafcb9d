//! What goes wrong, as programs see it: one shape for every error of the API.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use crdt::check::FieldError;
use crdt::codifier;
use serde::Serialize;
use utoipa::ToSchema;

use crate::format;
use crate::language::Language;
use crate::library::search::INDEX_REBUILDING;
use crate::library::{LibraryError, MALFORMED_AFTER, Withdrawal};
use crate::press::{PRESS_BUSY, PRESS_SLOW};

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// What went wrong.
    pub(crate) error: ErrorDetail,
}

/// What went wrong, in both languages, with what to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorDetail {
    /// A short name that programs can rely on.
    pub(crate) code: &'static str,
    /// In Ukrainian.
    pub(crate) uk: String,
    /// In English.
    pub(crate) en: String,
    /// What is wrong with which field; empty unless fields are meant.
    pub(crate) fields: Vec<FieldError>,
}

/// An error on its way to an answer: JSON for the API, a page for people.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// What it says.
    pub(crate) detail: ErrorDetail,
}

impl Failure {
    /// A failure without fields.
    pub(crate) fn new(status: StatusCode, code: &'static str, uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status, detail: ErrorDetail { code, uk: uk.into(), en: en.into(), fields: Vec::new() } }
    }

    /// The person can mend it, field by field.
    pub(crate) fn invalid(fields: Vec<FieldError>) -> Self {
        let mut failure = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "Дані потребують виправлення: що саме, сказано біля кожного поля",
            "The input needs correcting: each field says how",
        );
        failure.detail.fields = fields;
        failure
    }

    /// There is nothing at this address.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Тут нічого немає: адреса помилкова, запис відкликано або він ще не надійшов на цей вузол",
            "There is nothing here: the address is wrong, the record was withdrawn or has not reached this node yet",
        )
    }

    /// What was at this address was taken back by its community: who, when, why, and what stays.
    fn withdrawn(withdrawal: &Withdrawal) -> Self {
        let Withdrawal { code, at, reason } = withdrawal;
        let hromada = codifier::find(code);
        let uk = hromada.map_or_else(|| "її громада".to_owned(), codifier::Hromada::full_name_uk);
        let en = hromada.map_or_else(|| "its hromada".to_owned(), codifier::Hromada::full_name_en);
        let why = |word: &str, open: char, close: char| {
            let reason = reason.trim();
            if reason.is_empty() { String::new() } else { format!(" {word}: {open}{reason}{close}.") }
        };
        let day = format::day(*at);
        Self::new(
            StatusCode::GONE,
            "withdrawn",
            format!(
                "Цей запис відкликано. Хто: {uk}. Коли: {day}.{} Тексту в бібліотеці більше немає; лишилися підписаний \
                 запис про відкликання й те, що написали про нього інші громади",
                why("Чому", '«', '»')
            ),
            format!(
                "This record was withdrawn. By: {en}. On: {day}.{} Its text is no longer in the library; what stays is \
                 the signed record of the withdrawal, and what other hromadas wrote about it",
                why("Why", '“', '”')
            ),
        )
    }

    /// The node is at fault. What exactly stays in its log: a reader can do nothing with it.
    pub(crate) fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "Сталася помилка вузла. Спробуйте ще раз; якщо не допоможе, покажіть журнал вузла тому, хто його обслуговує",
            "The node has failed. Try again; if that does not help, show the node's log to whoever looks after it",
        )
    }

    /// The text in a language.
    pub(crate) fn text(&self, language: Language) -> &str {
        match language {
            Language::Uk => &self.detail.uk,
            Language::En => &self.detail.en,
        }
    }
}

impl From<LibraryError> for Failure {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Invalid(fields) => Self::invalid(fields),
            LibraryError::NotFound => Self::not_found(),
            LibraryError::Withdrawn(withdrawal) => Self::withdrawn(&withdrawal),
            LibraryError::Denied { code: code @ ("disk_full" | "disk_refuses"), uk, en } => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, code, uk, en)
            }
            LibraryError::Denied { code: code @ MALFORMED_AFTER, uk, en } => {
                Self::new(StatusCode::BAD_REQUEST, code, uk, en)
            }
            LibraryError::Denied { code: code @ (PRESS_BUSY | PRESS_SLOW | INDEX_REBUILDING), uk, en } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code, uk, en)
            }
            LibraryError::Denied { code, uk, en } => Self::new(StatusCode::FORBIDDEN, code, uk, en),
            LibraryError::Fault(line) => {
                tracing::error!(%line, "the library failed");
                Self::fault()
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(ErrorBody { error: self.detail })).into_response()
    }
}
