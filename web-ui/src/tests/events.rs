use std::time::Duration;

use super::*;
use crate::LISTENERS_MAX;
use crate::library::{NOTICES_MAX, Notice};

async fn listen(site: &Site) -> (StatusCode, Body) {
    let request = request(&Method::GET, "/api/v1/events").body(Body::empty()).unwrap();
    let response = site.router.clone().oneshot(request).await.unwrap();
    (response.status(), response.into_body())
}

/// The next piece of the stream; a stream that stays silent fails the test.
async fn heard(body: &mut Body) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.expect("in time").expect("a frame");
    String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_notice_reaches_who_listens() {
    let site = Site::new();
    let (status, mut body) = listen(&site).await;
    assert_eq!(status, StatusCode::OK);
    // A line break in a title must not begin another event.
    site.library.tell(Notice::Document { id: "ab".into(), title: "Толока\n\nevent: evil".into() });
    site.library.tell(Notice::CatchUp { records: 7, missing: 2 });
    let first = heard(&mut body).await;
    assert_eq!(
        first,
        "event: document\ndata: {\"event\":\"document\",\"id\":\"ab\",\"title\":\"Толока\\n\\nevent: evil\"}\n\n"
    );
    assert!(heard(&mut body).await.starts_with("event: catch_up\n"));
}

#[tokio::test]
async fn who_falls_behind_is_told_to_look_again() {
    let site = Site::new();
    let (_, mut body) = listen(&site).await;
    for connected in 0..=NOTICES_MAX as u64 {
        site.library.tell(Notice::Peers { connected });
    }
    assert_eq!(heard(&mut body).await, "event: lagged\ndata: {\"event\":\"lagged\",\"missed\":1}\n\n");
    assert!(heard(&mut body).await.starts_with("event: peers\n"));
}

#[tokio::test]
async fn only_so_many_listen_at_once() {
    let site = Site::new();
    let mut open = Vec::new();
    for _ in 0..LISTENERS_MAX {
        open.push(listen(&site).await.1);
    }
    assert_eq!(listen(&site).await.0, StatusCode::SERVICE_UNAVAILABLE);
    open.pop();
    assert_eq!(listen(&site).await.0, StatusCode::OK, "a place is free again when its listener has gone");
}
