//! A table from upload to publication.

use std::time::{Duration, Instant};

use super::desk::Browser;
use super::*;
use crate::library::uploads::Part;

const TABLE: &str = "Назва практики;Галузь;Громада;Колір\nТолока;Довкілля;Решетилівська;синій\n\
    Ярмарок;Космос;Решетилівська;\nТолока;Довкілля;Решетилівська;\n";
/// How long rows may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

fn multipart(token: &str, file: &[u8]) -> Vec<u8> {
    let token = format!("--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n");
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\t\\практики.csv\"\r\n\r\n";
    [token.as_bytes(), head.as_bytes(), file, b"\r\n--x--\r\n"].concat()
}

async fn upload(browser: &mut Browser<'_>, token: &str, file: &[u8]) -> Answer {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = request(&Method::POST, "/import").header("cookie", cookies.join("; "));
    let request = request.header("origin", format!("http://{HOST}")).header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    let body = multipart(token, file);
    let request = request.header("content-length", body.len());
    browser.ask(request.body(body.into()).expect("a request")).await
}

/// The page, once nothing goes on any more.
async fn settled(browser: &mut Browser<'_>, path: &str) -> String {
    let until = Instant::now() + PATIENCE;
    loop {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        if !page.text().contains("id=\"going\"") {
            return page.text();
        }
        assert!(Instant::now() < until, "the import stands still");
        tokio::task::yield_now().await;
    }
}

/// Uploads a table and waits until it was tried; gives its address.
pub(super) async fn uploaded(browser: &mut Browser<'_>, file: &[u8]) -> String {
    let token = browser.token().await;
    let taken = upload(browser, &token, file).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let path = taken.header("location").to_owned();
    settled(browser, &path).await;
    path
}

#[tokio::test]
async fn a_table_is_looked_at_before_it_is_published() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let token = browser.token().await;
    let taken = upload(&mut browser, &token, TABLE.as_bytes()).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let path = taken.header("location").to_owned();
    let page = settled(&mut browser, &path).await;
    for said in ["практики.csv", "«Космос» немає в переліку", "Така сама назва й громада вже є в рядку 2", "Колір"]
    {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let imports = || site.library.contents().writes.iter().filter(|call| call.starts_with("import")).count();
    assert_eq!(imports(), 1, "tried, and not published");
    // 1. Without the word of somebody nothing is published.
    let refused = browser.submit(&path, &[("do", "import")]).await;
    assert!(refused.text().contains("Спершу підтвердьте"), "{}", refused.text());
    assert_eq!(imports(), 1);
    // 2. With it, the good rows are, and once only.
    let begun = browser.submit(&path, &[("do", "import"), ("sure", "yes")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let page = settled(&mut browser, &path).await;
    assert!(page.contains("Імпорт завершено"), "{page}");
    assert_eq!(imports(), 2);
    browser.submit(&path, &[("do", "import"), ("sure", "yes")]).await;
    assert_eq!(imports(), 2);
    // 3. What was refused can be taken along, mended and uploaded again.
    let file = browser.get(&format!("{path}/refused.xlsx")).await;
    let sheet = crate::sheet::read(&file.body).expect("a table");
    assert_eq!(sheet.rows.len(), 2);
    assert!(sheet.rows[0].cells.last().is_some_and(|why| why.contains("Космос")));
    // 4. Given up, it is gone.
    browser.submit(&path, &[("do", "remove")]).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_without_the_sessions_token_is_not_read() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    for token in ["", "0"] {
        assert_eq!(upload(&mut browser, token, TABLE.as_bytes()).await.status, StatusCode::FORBIDDEN);
    }
    let mut reader = Browser::of(&site, "Петро").await;
    let token = reader.token().await;
    assert_eq!(upload(&mut reader, &token, TABLE.as_bytes()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_beside_its_field() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let token = browser.token().await;
    let answer = upload(&mut browser, &token, b"\x89PNG\0\0").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("id=\"file-error\"") && answer.text().contains("Це не таблиця"));
    let large = upload(&mut browser, &token, &vec![b'x'; crate::sheet::FILE_BYTES_MAX + 100_000]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", large.text());
}

#[tokio::test]
async fn an_import_goes_on_after_the_node_was_off() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let token = browser.token().await;
    let path = upload(&mut browser, &token, TABLE.as_bytes()).await.header("location").to_owned();
    settled(&mut browser, &path).await;
    // What stood on the disk when the power failed in the middle of publishing.
    let id = path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let uploads = crate::library::Library::uploads(&*site.library);
    let mut job: Value = serde_json::from_slice(&uploads.read(id, Part::Progress).expect("kept")).expect("JSON");
    job["stage"] = "Importing".into();
    job["done"] = 0.into();
    uploads.keep(id, Part::Progress, job.to_string().as_bytes()).expect("kept");
    assert!(settled(&mut browser, &path).await.contains("Імпорт завершено"));
}
