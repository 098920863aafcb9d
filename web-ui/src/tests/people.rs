use std::sync::Arc;

use super::desk::{Browser, encoded};
use super::markup::{PAYLOADS, assert_harmless};
use super::*;
use crate::desk::{For, ROWS};
use crate::people::auth::Auth;
use crate::people::{People, Role};

fn auth(site: &Site) -> Auth {
    Auth::new(site.library.clone())
}

#[tokio::test]
async fn every_page_of_the_desk_is_for_those_whom_its_row_names() {
    let site = Site::new();
    for row in ROWS {
        let path = filled(row.path);
        let stranger = Browser::new(&site).get(&path).await;
        match row.whom {
            For::All => assert!(stranger.status.is_success() || stranger.status.is_redirection(), "{path}"),
            For::Role(_) => {
                assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
                assert!(
                    stranger.header("location").starts_with("/sign-in?next=%2F"),
                    "{}",
                    stranger.header("location")
                );
            }
        }
        for (name, role) in [("Петро", Role::Reader), ("Іван", Role::Editor), ("Оксана", Role::Administrator)]
        {
            let seen = Browser::of(&site, name).await.get(&path).await;
            let allowed = match row.whom {
                For::All => true,
                For::Role(needed) => role >= needed,
            };
            assert_eq!(seen.status != StatusCode::FORBIDDEN, allowed, "{path} for {name}: {}", seen.status);
            if allowed && !path.starts_with("/assets") {
                assert_eq!(seen.header("cache-control"), "no-store", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_without_the_sessions_token_does_nothing() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Оксана").await;
    let foreign: [&[(&str, &str)]; 7] = [
        &[],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:9999")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8642")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ];
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let token = browser.token().await;
    for row in ROWS.iter().filter(|row| row.body_max > 0) {
        for headers in foreign {
            let mut request = request(&Method::POST, &filled(row.path)).header("cookie", cookies.join("; "));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = site.ask(request.body(format!("form_token={token}&name=x&do=end").into()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {headers:?}", row.path);
        }
        if row.whom == For::All {
            continue;
        }
        for token in ["", "0", &"0".repeat(64)] {
            let answer = browser.post(&filled(row.path), &[("form_token", token), ("do", "end")]).await;
            assert!(
                answer.status == StatusCode::FORBIDDEN || row.path.starts_with("/write"),
                "{}: {}",
                row.path,
                answer.status
            );
        }
    }
    let writes: Vec<String> =
        site.library.contents().writes.iter().filter(|call| !call.starts_with("draft ")).cloned().collect();
    assert_eq!(writes, Vec::<String>::new(), "but for looks at a draft");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "the session stands");
}

#[tokio::test]
async fn a_session_is_never_taken_over_from_a_cookie_that_was_there_before() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    for fixed in [&"ab".repeat(32), "", "x", "; DROP"] {
        browser.cookies = vec![("dosvid_session".into(), fixed.to_owned()), ("dosvid_device".into(), fixed.to_owned())];
        assert_eq!(browser.get("/desk").await.status, StatusCode::SEE_OTHER);
        browser.sign_in("Іван", samples::PASSWORD).await;
        let session = browser.cookies.iter().find(|(name, _)| name == "dosvid_session").unwrap().1.clone();
        assert!(session != *fixed && session.len() == 64);
        assert!(browser.cookies.iter().all(|(_, value)| value != fixed), "no token comes from outside");
    }
    let first = browser.cookies.clone();
    browser.sign_in("Іван", samples::PASSWORD).await;
    assert_ne!(first, browser.cookies, "each sign-in has a session of its own");
    let kept = site.library.people.sessions().unwrap();
    let tokens: Vec<&String> = browser.cookies.iter().map(|(_, value)| value).collect();
    assert!(kept.iter().all(|session| !tokens.contains(&&session.token)), "tokens rest as hashes");
}

#[tokio::test]
async fn two_sessions_in_one_request_are_none() {
    let site = Site::new();
    let (mut own, other) = (Browser::of(&site, "Іван").await, Browser::of(&site, "Оксана").await);
    own.cookies.extend(other.cookies.clone());
    assert_eq!(own.get("/desk").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_becomes_slow_and_does_not_lock_the_owner_out() {
    let site = Site::new();
    let mut owner = Browser::of(&site, "Іван").await;
    let mut stranger = Browser::new(&site);
    let mut looked_at = 0;
    for n in 0..300 {
        let answer = stranger.sign_in(["Іван", "іван", " Іван "][n % 3], &format!("здогад номер {n}")).await;
        match answer.status {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    // Three at once, then one for each second, two, four … that a busy machine took for the rest.
    assert!(looked_at <= 14, "{looked_at} of 300 guesses were looked at");
    assert_eq!(stranger.sign_in("Іван", samples::PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let token = owner.token().await;
    owner.post("/sign-out", &[("form_token", &token)]).await;
    assert_eq!(owner.get("/desk").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(owner.sign_in("Іван", samples::PASSWORD).await.status, StatusCode::SEE_OTHER, "a known device");
}

#[tokio::test]
async fn many_guesses_at_once_are_not_all_looked_at() {
    let site = Site::new();
    let guesses = (0..200).map(|n| {
        let site = &site;
        async move { Browser::new(site).sign_in("Оксана", &format!("здогад номер {n}")).await.status }
    });
    let answers = futures::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert!(looked_at <= 14, "{looked_at} of 200 guesses were looked at");
}

#[tokio::test]
async fn an_unknown_name_is_told_the_same_as_a_wrong_password() {
    let site = Site::new();
    let (unknown, wrong) = (
        Browser::new(&site).sign_in("Ніхто", "чотири сині парасолі").await,
        Browser::new(&site).sign_in("Іван", "чотири сірі парасолі").await,
    );
    assert_eq!(unknown.status, wrong.status);
    assert_eq!(unknown.text().replace("Ніхто", "Іван"), wrong.text());
}

#[tokio::test]
async fn publishing_asks_for_the_password_when_it_was_given_long_ago() {
    let site = Site::new();
    let auth = auth(&site);
    let tokens = auth.sign_in("Іван", samples::PASSWORD.into(), &HeaderMap::new(), String::new()).await.unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("cookie", format!("dosvid_session={}", tokens.session).parse().unwrap());
    assert!(auth.who(&headers).unwrap().unwrap().proved);
    auth.pass(11 * 60 * 1_000);
    let signed = auth.who(&headers).unwrap().unwrap();
    assert!(!signed.proved);
    assert!(auth.prove(&signed, "не той пароль".into()).await.is_err());
    auth.prove(&signed, samples::PASSWORD.into()).await.unwrap();
    assert!(auth.who(&headers).unwrap().unwrap().proved);
    auth.pass(9 * 60 * 60 * 1_000);
    assert!(auth.who(&headers).unwrap().is_none(), "unused for a working day");
}

#[tokio::test]
async fn an_account_that_goes_takes_its_sessions_along() {
    let site = Site::new();
    let (mut ivan, mut oksana) = (Browser::of(&site, "Іван").await, Browser::of(&site, "Оксана").await);
    let done = oksana.submit("/accounts", &[("do", "remove"), ("name", "Іван")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(ivan.get("/desk").await.status, StatusCode::SEE_OTHER);
    let last = oksana.submit("/accounts", &[("do", "role"), ("name", "Оксана"), ("role", "reader")]).await;
    assert!(last.text().contains("останній адміністратор"));
    let deeds = site.library.people.deeds().unwrap();
    assert_eq!(
        (deeds[0].who.as_str(), deeds[0].what.as_str(), deeds[0].about.as_str()),
        ("Оксана", "account_removed", "Іван")
    );
}

#[tokio::test]
async fn a_new_password_ends_all_sessions() {
    let site = Site::new();
    let (mut here, mut there) = (Browser::of(&site, "Іван").await, Browser::of(&site, "Іван").await);
    let wrong =
        here.submit("/account", &[("do", "password"), ("proof", "не той"), ("password", "п’ять жовтих човнів")]).await;
    assert!(wrong.text().contains("class=\"error\""));
    let done = here
        .submit("/account", &[("do", "password"), ("proof", samples::PASSWORD), ("password", "п’ять жовтих човнів")])
        .await;
    assert_eq!(done.header("location"), "/sign-in");
    assert_eq!(there.get("/desk").await.status, StatusCode::SEE_OTHER);
    assert_eq!(there.sign_in("Іван", "п’ять жовтих човнів").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_way_back_leads_to_this_node_alone() {
    let site = Site::new();
    for next in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/sign-out",
        "///x",
        "/%5Cevil",
        "\t//evil",
    ] {
        let pairs = [("name", "Іван"), ("password", samples::PASSWORD), ("next", next)];
        let answer = Browser::new(&site).post("/sign-in", &pairs).await;
        let location = answer.header("location");
        assert!(
            location.starts_with('/') && !location[1..].starts_with(['/', '\\']) && !location.contains("sign-out"),
            "{next}: {location}"
        );
    }
    let pairs = [("name", "Іван"), ("password", samples::PASSWORD), ("next", "/deeds?lang=en")];
    assert_eq!(Browser::new(&site).post("/sign-in", &pairs).await.header("location"), "/deeds?lang=en");
}

#[tokio::test]
async fn over_https_the_cookies_are_bound_to_the_host() {
    let site = Site::new();
    let form = encoded(&[("name", "Іван"), ("password", samples::PASSWORD)]);
    let request = request(&Method::POST, "/sign-in").header("origin", format!("https://{HOST}"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.into()).unwrap();
    let answer = site.ask(request).await;
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.starts_with("__Host-") && cookie.contains("; Secure") && !cookie.contains("Domain"))
    );
}

fn untouched() -> Site {
    let site = Site::new();
    site.library.people.keep_accounts(&[]).unwrap();
    site
}

#[tokio::test]
async fn the_first_run_is_for_this_computer_alone_and_once() {
    let site = untouched();
    let first = [("name", "Оксана"), ("password", "п’ять жовтих човнів")];
    let mut away = Browser::new(&site);
    away.address = "192.0.2.7:50000";
    assert_eq!(away.post("/start", &first).await.status, StatusCode::SEE_OTHER);
    assert!(site.library.people.accounts().unwrap().is_empty(), "nobody from elsewhere becomes administrator");
    let mut here = Browser::new(&site);
    let done = here.post("/start", &first).await;
    assert_eq!(done.header("location"), "/start/hromada", "{}", done.text());
    assert_eq!(
        here.get("/start/hromada?q=%D0%BA%D0%B8%D1%97%D0%B2").await.status,
        StatusCode::SEE_OTHER,
        "the sample node has a community"
    );
    let mut second = Browser::new(&site);
    second.post("/start", &[("name", "Зловмисник"), ("password", "п’ять жовтих човнів")]).await;
    assert_eq!(site.library.people.accounts().unwrap().len(), 1);
    assert_eq!(second.get("/desk").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_hromada_is_chosen_however_it_is_typed() {
    let site = Site::new();
    site.library.contents().status.as_mut().unwrap().community = None;
    let mut browser = Browser::of(&site, "Оксана").await;
    let page = browser.get("/start/hromada?lang=en&q=Reshetylivka").await.text();
    assert!(page.contains("Reshetylivska urban hromada") && page.contains("centre: Reshetylivka;"), "{page}");
    assert!(page.contains("data-suggest data-only=\"community\""), "{page}");
    // «Решитл»: the codifier has no such name, so what may be meant is shown.
    let page = browser.get("/start/hromada?q=%D0%A0%D0%B5%D1%88%D0%B8%D1%82%D0%BB").await.text();
    assert!(page.contains("центр: Решетилівка;"), "{page}");
}

#[tokio::test]
async fn the_recovery_sheet_is_shown_until_it_is_printed() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Оксана").await;
    assert!(browser.get("/start/sheet").await.text().contains("ABCD"));
    assert!(browser.submit("/start/sheet", &[]).await.text().contains("class=\"error\""));
    assert_eq!(browser.submit("/start/sheet", &[("printed", "yes")]).await.header("location"), "/start/connect");
    assert!(!browser.get("/start/sheet").await.text().contains("ABCD"));
}

#[tokio::test]
async fn a_node_without_people_refuses_to_write_them() {
    let library: Arc<FakeLibrary> = Arc::new(samples::library());
    let site = Site { router: public(library.clone()), library };
    for row in ROWS {
        assert_eq!(site.get(&filled(row.path)).await.status, StatusCode::NOT_FOUND, "{}", row.path);
    }
    assert!(!site.get("/").await.text().contains("/sign-in"));
}

/// A draft whose every field says the same.
pub(super) fn draft_of(payload: &str) -> Value {
    let fields = crdt::practice::PRACTICE.iter().map(|field| vec![field.key.to_owned(), payload.to_owned()]);
    let rows = [
        "steps.0.title",
        "steps.0.days",
        "organizers.0.name",
        "legal_docs.0.url",
        "costs.items.0.what",
        "results.0.after",
    ];
    let rows = rows.iter().map(|name| vec![(*name).to_owned(), payload.to_owned()]);
    let form: Vec<Vec<String>> = fields.chain(rows).collect();
    serde_json::json!({ "title": payload, "form": form, "by": payload, "kept_at": 1 })
}

#[tokio::test]
async fn whatever_is_written_in_a_draft_is_shown_as_text() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Оксана").await;
    for payload in PAYLOADS {
        site.library.contents().drafts.insert(samples::DRAFT.to_string(), draft_of(payload));
        let write = format!("/write/{}", samples::DRAFT);
        for path in [write.clone(), format!("{write}?check=1"), format!("{write}/publish"), "/desk".into()] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {payload}");
            assert_harmless(&page.text(), &format!("{path} {payload}"));
        }
    }
}

#[tokio::test]
async fn a_practice_is_kept_looked_at_and_published() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let form = browser.get("/write/new").await.text();
    let action = form.split("action=\"/write/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let write = format!("/write/{action}");
    let long = "Люди зібралися й зробили разом. ".repeat(20);
    let pairs = [
        ("title", "Толока"),
        ("summary", "Прибрали"),
        ("sectors", "environment"),
        ("mechanisms", "coproduction"),
        ("community", samples::CODE),
        ("scope", "hromada"),
        ("stage", "finished"),
        ("started", "05.2024"),
        ("problem", long.as_str()),
        ("solution", long.as_str()),
        ("results_text", "Чисто"),
        ("contact.role", "староста"),
        ("costs.total_uah", "багато"),
    ];
    let kept = browser.submit(&write, &pairs).await;
    assert_eq!(kept.header("location"), write);
    let page = browser.get(&write).await.text();
    assert!(
        page.contains("багато") && page.contains("не читається як сума"),
        "what cannot be understood stays and is named"
    );
    let review = browser.get(&format!("{write}/publish")).await.text();
    assert!(!review.contains("name=\"sure\""), "nothing wrong is published");
    let right: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (*name, if *value == "багато" { "0" } else { *value })).collect();
    browser.submit(&write, &right).await;
    assert!(
        browser.submit(&format!("{write}/publish"), &[]).await.text().contains("class=\"error\""),
        "not by accident"
    );
    let done = browser.submit(&format!("{write}/publish"), &[("sure", "yes")]).await;
    assert!(done.header("location").ends_with("/published"), "{}", done.text());
    let writes = site.library.contents().writes.clone();
    assert!(writes.contains(&"create".to_owned()) && writes.iter().any(|call| call.starts_with("remove draft")));
    assert_eq!(browser.get(&write).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_of_an_earlier_session_loses_nothing() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let path = format!("/write/{}", samples::DRAFT);
    let answer = browser.post(&path, &[("title", "Довго писав"), ("form_token", "старий")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("Довго писав"));
    assert!(site.library.contents().writes.iter().all(|call| !call.starts_with("keep")));
}

#[tokio::test]
async fn what_was_typed_is_shown_to_whoever_was_signed_out_meanwhile() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    browser.cookies.clear();
    let pairs =
        [("title", "Лавки <b>у сквері</b>"), ("solution", "Довго писав"), ("proof", samples::PASSWORD), ("do", "save")];
    let answer = browser.post(&format!("/write/{}", samples::DRAFT), &pairs).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = answer.text();
    assert!(page.contains("Довго писав") && page.contains("Сеанс закінчився") && page.contains("/sign-in"), "{page}");
    assert!(!page.contains("<b>") && !page.contains(samples::PASSWORD), "{page}");
    assert_harmless(&page, "signed out");
    assert!(site.library.contents().writes.iter().all(|call| !call.starts_with("keep")));
}

#[tokio::test]
async fn a_conflict_is_decided_by_choosing() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let path = format!("/practices/{}/conflicts", samples::practice_id());
    let page = browser.get(&path).await.text();
    let heads =
        page.split("name=\"heads\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert_eq!(browser.submit(&path, &[("heads", &heads)]).await.status, StatusCode::OK, "nothing chosen");
    let count = page.matches("<legend>").count();
    let choices: Vec<String> = (0..count).map(|n| format!("choice-{n}")).collect();
    let pairs: Vec<(&str, &str)> =
        choices.iter().map(|name| (name.as_str(), "0")).chain([("heads", heads.as_str())]).collect();
    let done = browser.submit(&path, &pairs).await;
    assert!(done.header("location").ends_with("/published"), "{}", done.text());
    let stale = browser.submit(&path, &[("heads", "old"), ("choice-0", "0")]).await.text();
    assert!(stale.contains("змінили ще раз"));
}

#[tokio::test]
async fn a_practice_is_withdrawn_with_a_reason_alone() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let path = format!("/practices/{}/withdraw", samples::practice_id());
    assert!(browser.submit(&path, &[("reason", " ")]).await.text().contains("class=\"error\""));
    assert_eq!(browser.submit(&path, &[("reason", "Повтор")]).await.header("location"), "/desk?withdrawn=1");
    assert!(site.library.contents().writes.iter().any(|call| call.starts_with("withdraw") && call.ends_with("Повтор")));
}
