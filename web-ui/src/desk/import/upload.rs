//! A file that a form sends: read only if the form was rendered for the session that sends it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum_extra::extract::Multipart;

use super::phrases as iw;
use crate::App;
use crate::desk::form::{TOKEN, is_genuine, visitor};
use crate::desk::{refuse, words};
use crate::error::Failure;
use crate::pages;
use crate::sheet::FILE_BYTES_MAX;

/// Bytes of the form around the file.
const AROUND: usize = 64 * 1024;
/// Bytes of the whole form.
pub(crate) const FORM_BYTES_MAX: usize = FILE_BYTES_MAX + AROUND;
/// Letters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 100;
/// How long the file may take to arrive: it is sent to this computer or over a network next door.
const TIME_MAX: Duration = Duration::from_secs(120);

/// A file with its name, or what to do about it.
pub(crate) struct Upload(pub(super) Result<(String, Vec<u8>), Failure>);

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (v, request) = visitor(request, app).await;
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: usize| length > FORM_BYTES_MAX) {
            return Ok(Self(Err(too_large())));
        }
        let stale = || refuse(&v, "stale_form", words::STALE_FORM);
        let mut form = Multipart::from_request(request, app).await.map_err(|_| stale())?;
        // The token stands first in the form, so nothing of the file is read before it is seen.
        let token = match form.next_field().await {
            Ok(Some(field)) if field.name() == Some(TOKEN) => field.text().await.unwrap_or_default(),
            _ => String::new(),
        };
        if !is_genuine(&v, &token) {
            return Err(stale());
        }
        match tokio::time::timeout(TIME_MAX, file(form)).await {
            Ok(read) => Ok(Self(read)),
            Err(_) => Err(pages::error::page(
                &v,
                &Failure::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "too_slow",
                    "Дані надходили надто довго. Спробуйте ще раз",
                    "The body took too long to arrive. Try again",
                ),
            )),
        }
    }
}

fn too_large() -> Failure {
    let most = FILE_BYTES_MAX / 1024 / 1024;
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "file_too_large",
        format!("Файл завеликий: щонайбільше {most} МБ. Поділіть таблицю на частини"),
        format!("The file is too large: at most {most} MB. Split the table"),
    )
}

async fn file(mut form: Multipart) -> Result<(String, Vec<u8>), Failure> {
    let none = || Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "no_file", iw::CHOOSE_FILE.uk, iw::CHOOSE_FILE.en);
    while let Some(field) = form.next_field().await.map_err(|_| too_large())? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        // Some browsers send the whole path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(NAME_CHARS_MAX).collect();
        let bytes = field.bytes().await.map_err(|_| too_large())?;
        return if bytes.is_empty() { Err(none()) } else { Ok((name, bytes.into())) };
    }
    Err(none())
}
