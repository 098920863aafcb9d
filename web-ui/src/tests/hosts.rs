use super::*;

/// Names under which a stranger might make a browser call this node, and broken ones.
const STRANGERS: [&str; 28] = [
    "",
    " ",
    "evil.example",
    "evil.example:8642",
    "localhost",
    "localhost:80",
    "localhost:8643",
    "localhost.:8642",
    "localhost.evil.example:8642",
    "evil.localhost:8642",
    "LOCALHOST:8642",
    "LocalHost:8642",
    "127.0.0.1",
    "127.0.0.1:86420",
    "127.0.0.1:08642",
    "127.0.0.1.:8642",
    "127.1:8642",
    "127.0.0.2:8642",
    "0.0.0.0:8642",
    "2130706433:8642",
    "0x7f.0.0.1:8642",
    "[::1]",
    "[::1%25lo]:8642",
    "[::ffff:127.0.0.1]:8642",
    "[0:0:0:0:0:0:0:1]:8642",
    "user@127.0.0.1:8642",
    "127.0.0.1:8642, evil.example",
    "127.0.0.1:8642/evil",
];

fn called(method: &Method, uri: &str, hosts: &[&str]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri).header("authorization", format!("Bearer {TOKEN}"));
    for host in hosts {
        request = request.header("host", *host);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn no_route_answers_under_a_strange_name() {
    let site = Site::new();
    for (method, path, _) in everything() {
        for host in STRANGERS {
            let answer = site.ask(called(&method, &path, &[host])).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{method} {path} as {host:?}");
        }
        let none = site.ask(called(&method, &path, &[])).await;
        assert_eq!(none.status, StatusCode::MISDIRECTED_REQUEST, "{method} {path} without a name");
    }
    assert!(site.library.contents().writes.is_empty());
}

#[tokio::test]
async fn two_names_are_none() {
    let site = Site::new();
    for hosts in [[HOST, HOST], [HOST, "evil.example"], ["evil.example", HOST]] {
        for (method, path, _) in everything() {
            let answer = site.ask(called(&method, &path, &hosts)).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{method} {path} as {hosts:?}");
        }
    }
}

#[tokio::test]
async fn an_absolute_address_must_say_the_same_name() {
    let site = Site::new();
    let others = [
        "http://evil.example",
        "http://evil.example:8642",
        "http://localhost:8642",
        "http://127.0.0.1",
        "http://user@127.0.0.1:8642",
        "https://evil.example",
    ];
    for (method, path, _) in everything() {
        for other in others {
            let answer = site.ask(called(&method, &format!("{other}{path}"), &[HOST])).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{method} {other}{path}");
        }
    }
    let same = site.ask(called(&Method::GET, &format!("http://{HOST}/status"), &[HOST])).await;
    assert_eq!(same.status, StatusCode::OK);
}

#[tokio::test]
async fn forwarded_names_mean_nothing() {
    let site = Site::new();
    let request = Request::builder()
        .uri("/status")
        .header("host", "evil.example")
        .header("x-forwarded-host", HOST)
        .header("forwarded", format!("host={HOST}"));
    let answer = site.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn every_name_of_this_node_is_answered() {
    let site = Site::new();
    for host in [HOST, "localhost:8642", "[::1]:8642"] {
        for path in ["/", "/api/v1/status"] {
            let answer = site.ask(called(&Method::GET, path, &[host])).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} as {host}");
        }
    }
}
