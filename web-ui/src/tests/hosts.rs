use super::desk::Browser;
use super::*;

/// Names under which a stranger might make a browser call this node, and broken ones.
#[rustfmt::skip]
const STRANGERS: [&str; 42] = [
    "", " ", "evil.example", "evil.example:8642", "localhost", "localhost:80", "localhost:8643", "localhost.:8642",
    "localhost:8642.", "localhost.evil.example:8642", "evil.localhost:8642", "LOCALHOST:8642", "LocalHost:8642",
    "127.0.0.1", "127.0.0.1:86420", "127.0.0.1:08642", "127.0.0.1:+8642", "127.0.0.1.:8642", "127.1:8642",
    "127.0.0.2:8642", "127.0.0.1%3A8642", "127.0.0.1:8642 ", " 127.0.0.1:8642", "127.0.0.1:8642\t", "127.0.0.1:8642#",
    "127.0.0.1:8642?", "127.0.0.1:8642\\", "http://127.0.0.1:8642", "0.0.0.0:8642", "2130706433:8642",
    "0x7f.0.0.1:8642", "017700000001:8642", "１２７.0.0.1:8642", "[::1]", "[::1].:8642", "[::1%25lo]:8642",
    "[::ffff:127.0.0.1]:8642", "[0:0:0:0:0:0:0:1]:8642", "user@127.0.0.1:8642", "127.0.0.1:8642, evil.example",
    "127.0.0.1:8642/evil", "dosvid.example.ua",
];

/// The same for a published node, whose name is another.
#[rustfmt::skip]
const PUBLIC_STRANGERS: [&str; 42] = [
    "", " ", "evil.example", "evil.example:443", "localhost", "localhost:8642", "127.0.0.1", "127.0.0.1:443",
    "127.0.0.1:8642", "0.0.0.0", "[::1]", "192.0.2.7", "192.0.2.7:80", "2130706433", "dosvid.example.ua.",
    "dosvid.example.ua:", "dosvid.example.ua:80", "dosvid.example.ua:443", "dosvid.example.ua:8443",
    "dosvid.example.ua:0", "dosvid.example.ua:+443", "DOSVID.EXAMPLE.UA", "Dosvid.example.ua", "dosvid.example.uа",
    "ｄosvid.example.ua", "xn--dosvid.example.ua", "evil.dosvid.example.ua", "www.dosvid.example.ua",
    "dosvid.example.ua.evil.example", "dosvidexample.ua", "dosvid.example", "example.ua", ".dosvid.example.ua",
    "dosvid..example.ua", " dosvid.example.ua", "dosvid.example.ua\t", "user@dosvid.example.ua",
    "dosvid.example.ua, evil.example", "dosvid.example.ua/evil", "dosvid.example.ua#", "https://dosvid.example.ua",
    "dosvid%2Eexample.ua",
];

fn called(method: &Method, uri: &str, hosts: &[&str]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri).header("authorization", format!("Bearer {TOKEN}"));
    for host in hosts {
        request = request.header("host", axum::http::HeaderValue::from_bytes(host.as_bytes()).unwrap());
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn no_route_answers_under_a_strange_name() {
    let site = Site::new();
    // Whoever is signed in is refused as well: a browser sends cookies along whatever the name's owner meant.
    let browser = Browser::of(&site, "Оксана").await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut asked = 0;
    for (route, path) in rows() {
        for host in STRANGERS.iter().map(std::slice::from_ref).chain([&[][..]]) {
            let mut request = called(&route.method, &path, host);
            request.headers_mut().insert("cookie", cookies.join("; ").parse().unwrap());
            let answer = site.ask(request).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{} {path} as {host:?}", route.method);
            assert_eq!(answer.header("set-cookie"), "", "{path}");
            asked += 1;
        }
    }
    assert!(asked > 40 * 100, "{asked}");
    assert!(site.library.contents().writes.is_empty());
}

#[tokio::test]
async fn no_route_of_a_published_node_answers_under_a_strange_name() {
    let library = Arc::new(samples::library());
    let address = crate::public::PublicAddress::parse("https://dosvid.example.ua").unwrap();
    let site = Site { router: crate::public_router(library.clone(), address), library };
    for (route, path) in rows() {
        for host in PUBLIC_STRANGERS.iter().map(std::slice::from_ref).chain([&[][..]]) {
            let answer = site.ask(called(&route.method, &path, host)).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{} {path} as {host:?}", route.method);
        }
        let own = site.ask(called(&route.method, &path, &["dosvid.example.ua"])).await;
        let expected = if route.published { StatusCode::OK } else { StatusCode::NOT_FOUND };
        let wrong_verb = own.status == StatusCode::METHOD_NOT_ALLOWED && !route.published;
        assert!(own.status == expected || wrong_verb, "{} {path}: {}", route.method, own.status);
    }
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
