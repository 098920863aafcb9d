//! A node that is published: what it answers, what it keeps to itself, what it tells programs.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::*;
use crate::desk::ROWS;
use crate::public::PublicAddress;
use crate::routes::PUBLIC;

const NAME: &str = "dosvid.example.ua";
const BASE: &str = "https://dosvid.example.ua";

fn site() -> Site {
    of(samples::library())
}

fn of(library: FakeLibrary) -> Site {
    let library = Arc::new(library);
    let address = PublicAddress::parse(BASE).unwrap();
    Site { router: crate::public_router(library.clone(), address), library }
}

async fn ask(site: &Site, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", NAME);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.ask(request.body(Body::empty()).unwrap()).await
}

async fn get(site: &Site, path: &str) -> Answer {
    ask(site, Method::GET, path, &[]).await
}

/// The addresses that only a published node has, with keys that there are.
fn own() -> Vec<String> {
    let more = [
        "/robots.txt".to_owned(),
        "/sitemap.xml".to_owned(),
        "/sitemap/1".to_owned(),
        "/atom".to_owned(),
        "/atom/sector/education".to_owned(),
        format!("/atom/oblast/{}", crdt::codifier::regions()[0].code),
        format!("/atom/community/{}", samples::OWNER),
    ];
    assert!(PUBLIC.iter().all(|row| {
        let beginning = row.path.split('{').next().unwrap_or_default();
        more.iter().any(|path| path.starts_with(beginning))
    }));
    more.into()
}

/// The pages and files that a published node shows.
fn shown() -> Vec<String> {
    let pages = PAGES.iter().filter(|row| row.is_published()).map(|row| filled(row.path));
    pages.chain(own()).collect()
}

#[tokio::test]
async fn no_route_of_a_published_node_writes() {
    let site = site();
    let desk = ROWS.iter().map(|row| row.path);
    let all: BTreeSet<&str> = API
        .iter()
        .map(|row| row.path)
        .chain(PAGES.iter().map(|row| row.path))
        .chain(PUBLIC.iter().map(|row| row.path))
        .chain(desk)
        .collect();
    let verbs = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "get", "Get"];
    let token = format!("Bearer {TOKEN}");
    let mut asked = 0;
    for path in all {
        for verb in verbs {
            let method = Method::from_bytes(verb.as_bytes()).unwrap();
            let own = [("authorization", token.as_str()), ("origin", BASE), ("content-type", "application/json")];
            let answer = ask(&site, method, &filled(path), &own).await;
            assert!(
                [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND].contains(&answer.status),
                "{verb} {path}: {}",
                answer.status
            );
            let allowed = answer.header("allow");
            assert!(["", "GET,HEAD"].contains(&allowed), "{path} also takes {allowed}");
            asked += 1;
        }
    }
    assert!(asked > 600, "{asked}");
    assert!(site.library.contents().writes.is_empty());
}

#[tokio::test]
async fn what_tells_of_the_computer_stays_inside() {
    let inside = [
        "/api/v1/status",
        "/api/v1/quarantine",
        "/api/v1/drafts",
        "/api/v1/drafts/{id}",
        "/api/v1/accounts",
        "/api/v1/bundle",
        "/api/v1/peers",
        "/api/v1/peers/added",
        "/api/v1/events",
    ];
    let site = site();
    for row in API.iter().filter(|row| row.method == Method::GET) {
        assert!(row.is_published() != inside.contains(&row.path), "somebody has to decide about {}", row.path);
        let answer = get(&site, &filled(row.path)).await;
        let expected = if row.is_published() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, expected, "{}", row.path);
    }
    for path in ["/network", "/status"].into_iter().chain(ROWS.iter().map(|row| row.path)) {
        assert_eq!(get(&site, &filled(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let status = site.library.contents().status.clone().unwrap();
    for path in shown() {
        let answer = get(&site, &path).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let secrets = status.addresses.iter().chain([&status.device, &status.fingerprint]);
        for secret in
            secrets.map(String::as_str).chain(["/sign-in", "/desk", "/network", "/status", "form_token", "/start"])
        {
            assert!(!text.contains(secret), "{path} says {secret}");
        }
    }
    for path in ["/nothing", "/practices/x"] {
        let text = get(&site, path).await.text();
        assert!(!text.contains("/network") && !text.contains("/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn only_the_public_name_is_answered() {
    let site = site();
    for host in
        [HOST, "localhost:8642", "dosvid.example.ua:443", "DOSVID.example.ua", "evil.example", "dosvid.example.ua."]
    {
        let request = Request::builder().uri("/").header("host", host).body(Body::empty()).unwrap();
        let answer = site.ask(request).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!answer.text().contains("/network"));
    }
}

#[tokio::test]
async fn an_answer_is_fetched_again_only_when_something_changed() {
    let site = site();
    let cached: Vec<String> = shown().into_iter().filter(|path| !path.starts_with("/assets")).collect();
    let api = API.iter().filter(|row| row.is_published() && !row.path.contains("records")).map(|row| filled(row.path));
    let mut tags = BTreeSet::new();
    for path in cached.into_iter().chain(api) {
        let first = get(&site, &path).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\"") && first.header("cache-control") == "public, max-age=60", "{path}: {tag}");
        for given in [tag.clone(), tag.trim_start_matches("W/").to_owned(), format!("\"x\", {tag}")] {
            let again = ask(&site, Method::GET, &path, &[("if-none-match", &given)]).await;
            assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path} {given}");
            assert_eq!((again.header("etag"), again.header("cache-control")), (tag.as_str(), "public, max-age=60"));
        }
        for other in ["\"x\"", "", "*", &tag[..tag.len() - 2]] {
            let again = ask(&site, Method::GET, &path, &[("if-none-match", other)]).await;
            assert_eq!(again.status, StatusCode::OK, "{path} {other}");
        }
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 1, "one state, one tag");
    let lost = get(&site, "/practices/x").await;
    assert_eq!((lost.header("etag"), lost.header("cache-control")), ("", "no-cache"), "errors are not kept");
    let file = get(&site, &filled("/assets/{name}")).await;
    assert!(file.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn whatever_changes_what_is_shown_changes_the_tag() {
    async fn tag_after(change: impl FnOnce(&mut crate::library::Status)) -> String {
        let library = samples::library();
        change(library.contents().status.as_mut().unwrap());
        get(&of(library), "/").await.header("etag").to_owned()
    }
    let mut tags = BTreeSet::from([tag_after(|_| {}).await]);
    tags.insert(tag_after(|status| status.fingerprint = "another".into()).await);
    tags.insert(tag_after(|status| status.version = "9.9.9".into()).await);
    tags.insert(tag_after(|status| status.started_at += 1).await);
    tags.insert(tag_after(|status| status.pending += 1).await);
    tags.insert(tag_after(|status| status.index.waiting += 1).await);
    tags.insert(tag_after(|status| status.index.state = "another".into()).await);
    assert_eq!(tags.len(), 7);
    assert_eq!(tag_after(|status| status.peers += 1).await, tag_after(|_| {}).await, "links are not shown");
}

#[tokio::test]
async fn browsers_are_told_to_use_https_only_where_it_is() {
    for path in shown().iter().map(String::as_str).chain(["/nothing"]) {
        assert_eq!(get(&site(), path).await.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
    let library = Arc::new(samples::library());
    let plain = Site { router: public(library.clone()), library };
    assert_eq!(plain.get("/").await.header("strict-transport-security"), "");
    assert_eq!(Site::new().get("/").await.header("strict-transport-security"), "", "nor on this computer");
}

/// The values of an attribute of the tags that contain a text.
fn values(page: &str, with: &str, attribute: &str) -> Vec<String> {
    let tags = page.split('<').filter(|tag| tag.contains(with));
    let value = |tag: &str| Some(tag.split_once(&format!("{attribute}=\""))?.1.split_once('"')?.0.to_owned());
    tags.filter_map(value).collect()
}

#[tokio::test]
async fn every_page_says_what_it_is() {
    let site = site();
    let mut titles = BTreeSet::new();
    let pages: Vec<&crate::routes::PageRow> =
        PAGES.iter().filter(|row| row.is_published() && is_page(row.path)).collect();
    for row in &pages {
        for (language, locale, other) in [("", "uk_UA", "en_GB"), ("?lang=en", "en_GB", "uk_UA")] {
            let path = filled(row.path);
            let page = get(&site, &format!("{path}{language}")).await.text();
            let whole = |language: &str| format!("{BASE}{path}{language}");
            let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned();
            let description = values(&page, "name=\"description\"", "content");
            assert!(description.len() == 1 && description[0].chars().count() > 20, "{path}: {description:?}");
            assert!(description[0].chars().count() <= 400, "{path}");
            assert_eq!(values(&page, "property=\"og:url\"", "content"), [whole(language)], "{path}");
            assert_eq!(values(&page, "property=\"og:locale\"", "content"), [locale], "{path}");
            assert_eq!(values(&page, "og:locale:alternate", "content"), [other], "{path}");
            let pictures = values(&page, "property=\"og:image\"", "content");
            assert!(pictures.len() == 1 && pictures[0].contains("/assets/card-"), "{path}: {pictures:?}");
            let shared = values(&page, "property=\"og:title\"", "content");
            assert!(title.starts_with(&shared[0]), "{title}: {shared:?}");
            assert!(!values(&page, "application/atom+xml", "href").is_empty(), "{path}");
            if path.ends_with("/history") {
                assert_eq!(values(&page, "name=\"robots\"", "content"), ["noindex, follow"]);
            } else {
                assert_eq!(values(&page, "rel=\"canonical\"", "href"), [whole(language)], "{path}");
                assert_eq!(values(&page, "hreflang=\"uk\" href=\"https", "href"), [whole("")], "{path}");
                assert_eq!(values(&page, "hreflang=\"en\" href=\"https", "href"), [whole("?lang=en")], "{path}");
            }
            titles.insert(title);
        }
    }
    // The three histories are called the same.
    assert_eq!(titles.len(), (pages.len() - 2) * 2, "{titles:?}");
}

#[tokio::test]
async fn a_page_has_one_address_however_it_was_reached() {
    let site = site();
    let canonical = |page: String| values(&page, "rel=\"canonical\"", "href");
    let newsletter = get(&site, "/practices?utm_source=x&sector=education&lang=uk&page=").await.text();
    assert_eq!(canonical(newsletter), [format!("{BASE}/practices?sector=education")]);
    for other in ["?q=толока", "?sort=newest", "?sector=education&oblast=UA46000000000026241", "?verbatim=1"] {
        let page = get(&site, &format!("/practices{}", other.replace("толока", "%D1%82"))).await.text();
        assert_eq!(canonical(page.clone()), Vec::<String>::new(), "{other}");
        assert_eq!(values(&page, "name=\"robots\"", "content"), ["noindex, follow"], "{other}");
    }
    let (a, b) = ("a".repeat(32), "b".repeat(32));
    let compared = get(&site, &format!("/practices/compare?id={b}&only=differences&id={a}&utm_source=x")).await.text();
    assert_eq!(canonical(compared), [format!("{BASE}/practices/compare?id={a}&#38;id={b}")]);
    let feeds = |page: String| values(&page, "application/atom+xml", "href");
    let sector = get(&site, "/practices?sector=education&lang=en").await.text();
    assert_eq!(feeds(sector), [format!("{BASE}/atom/sector/education?lang=en"), format!("{BASE}/atom?lang=en")]);
    let community = get(&site, &filled("/communities/{id}")).await.text();
    assert_eq!(feeds(community)[0], format!("{BASE}/atom/community/{}", samples::OWNER));
    let invented = get(&site, "/practices?sector=invented").await.text();
    assert_eq!(feeds(invented), [format!("{BASE}/atom")], "only feeds that there are");
}

#[tokio::test]
async fn a_page_at_home_knows_no_whole_address() {
    for row in PAGES.iter().filter(|row| is_page(row.path)) {
        let page = Site::new().get(&filled(row.path)).await.text();
        for public in ["canonical", "og:", "ld+json", "href=\"/atom", "hreflang=\"x-default\""] {
            assert!(!page.contains(public), "{} says {public}", row.path);
        }
    }
}

/// The JSON that a page carries.
fn linked(page: &str) -> Option<Value> {
    let json = page.split("<script type=\"application/ld+json\">").nth(1)?.split("</script>").next()?;
    Some(serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}")))
}

#[tokio::test]
async fn programs_are_told_what_a_page_is_about() {
    let site = site();
    let practice = linked(&get(&site, &filled("/practices/{id}")).await.text()).unwrap();
    assert_eq!((&practice["@context"], &practice["@type"]), (&"https://schema.org".into(), &"Article".into()));
    assert_eq!(practice["author"]["url"], format!("{BASE}/communities/{}", samples::OWNER));
    for key in ["headline", "description", "datePublished", "dateModified", "inLanguage", "author", "articleSection"] {
        assert!(!practice[key].is_null(), "{key} in {practice}");
    }
    let community = linked(&get(&site, &filled("/communities/{id}?lang=en")).await.text()).unwrap();
    assert_eq!(community["@type"], "GovernmentOrganization");
    assert_eq!(community["identifier"]["value"], samples::CODE);
    let start = linked(&get(&site, "/").await.text()).unwrap();
    assert_eq!(start["potentialAction"]["target"], format!("{BASE}/practices?q={{query}}"));
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Node<'a, 'a> {
    let found = node.children().find(|child| child.has_tag_name(("http://www.w3.org/2005/Atom", name)));
    found.unwrap_or_else(|| panic!("no {name} in {:?}", node.tag_name()))
}

/// Fails on a feed that RFC 4287 does not allow; gives the names and titles of its entries.
fn read_feed(text: &str, what: &str) -> Vec<(String, String)> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let feed = document.root_element();
    assert!(feed.has_tag_name(("http://www.w3.org/2005/Atom", "feed")), "{what}");
    let all = |node: Node<'_, '_>, name: &str| node.children().filter(|child| child.tag_name().name() == name).count();
    let entries: Vec<Node> = feed.children().filter(|child| child.tag_name().name() == "entry").collect();
    for node in entries.iter().copied().chain([feed]) {
        for once in ["id", "title", "updated"] {
            assert_eq!(all(node, once), 1, "{what}: {once}");
        }
        assert!(all(node, "author") >= 1, "{what}");
        assert!(child(child(node, "author"), "name").text().is_some_and(|name| !name.is_empty()), "{what}");
        assert!(child(node, "id").text().unwrap().starts_with("urn:uuid:"), "{what}");
        let updated = child(node, "updated").text().unwrap();
        assert!(updated.parse::<jiff::Timestamp>().is_ok(), "{what}: {updated}");
        for link in node.children().filter(|child| child.tag_name().name() == "link") {
            assert!(link.attribute("href").unwrap().starts_with(&format!("{BASE}/")), "{what}");
        }
    }
    let told = |node: &Node| {
        let text = |name| child(*node, name).text().unwrap_or_default().to_owned();
        (text("id"), text("title"))
    };
    entries.iter().map(told).collect()
}

#[tokio::test]
async fn feeds_are_what_readers_of_feeds_expect() {
    let site = site();
    for path in own().into_iter().filter(|path| path.starts_with("/atom")) {
        for language in ["", "?lang=en"] {
            let answer = get(&site, &format!("{path}{language}")).await;
            assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8", "{path}");
            let entries = read_feed(&answer.text(), &path);
            let names: BTreeSet<&String> = entries.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), entries.len(), "{path}: a name stands for one entry");
            assert!(entries.len() <= 50 && (entries.len() > 5 || path.contains("oblast")), "{path}: {}", entries.len());
        }
    }
    for unknown in ["/atom/sector/invented", "/atom/oblast/UA", "/atom/community/x", "/atom/theme/youth", "/atom/x"] {
        assert_eq!(get(&site, unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    let stranger = format!("/atom/community/{}", "02".repeat(32));
    assert_eq!(get(&site, &stranger).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_practice_has_one_name_in_all_feeds_and_on_all_nodes() {
    let all = read_feed(&get(&site(), "/atom").await.text(), "all");
    let library = Arc::new(samples::library());
    let address = PublicAddress::parse("https://another.example").unwrap();
    let another = Site { router: crate::public_router(library.clone(), address), library };
    let request = Request::builder().uri("/atom?lang=en").header("host", "another.example");
    let text = another.ask(request.body(Body::empty()).unwrap()).await.text();
    let there = read_feed(&text.replace("https://another.example/", &format!("{BASE}/")), "another");
    // Titles are in the language that is asked for.
    let names = |feed: Vec<(String, String)>| feed.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(all), names(there));
}

#[tokio::test]
async fn an_empty_library_has_feeds_and_a_sitemap_too() {
    let library = samples::library();
    library.contents().practices.clear();
    let site = of(library);
    assert!(read_feed(&get(&site, "/atom").await.text(), "empty").is_empty());
    assert!(Document::parse(&get(&site, "/sitemap.xml").await.text()).is_ok());
}

/// The addresses of a sitemap, or of the files that an index names.
fn locations(text: &str, root: &str) -> Vec<String> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let name = document.root_element().tag_name();
    assert_eq!((name.namespace(), name.name()), (Some("http://www.sitemaps.org/schemas/sitemap/0.9"), root));
    let found = document.descendants().filter(|node| node.tag_name().name() == "loc");
    found.map(|node| node.text().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_sitemap_names_every_page_and_each_is_there() {
    let site = site();
    let addresses = locations(&get(&site, "/sitemap.xml").await.text(), "urlset");
    let distinct: BTreeSet<&String> = addresses.iter().collect();
    assert_eq!(distinct.len(), addresses.len());
    let documents = {
        let contents = site.library.contents();
        contents.practices.len() + contents.communities.len()
    };
    assert!(addresses.len() > 2 * (documents + 27 + 20), "{}", addresses.len());
    for address in &addresses {
        let path = address.strip_prefix(BASE).unwrap();
        let answer = get(&site, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(values(&answer.text(), "rel=\"canonical\"", "href"), [address.replace('&', "&#38;")], "{path}");
    }
    let robots = get(&site, "/robots.txt").await;
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    assert!(robots.text().contains(&format!("Sitemap: {BASE}/sitemap.xml\n")));
    for path in ["/sitemap/2", "/sitemap/0", "/sitemap/01", "/sitemap/+1", "/sitemap/x"] {
        assert_eq!(get(&site, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_large_library_has_an_index_of_sitemaps() {
    let library = samples::library();
    let one = library.contents().practices.values().next().unwrap().clone();
    for n in 0..30_000_u32 {
        let id = format!("{:032x}", 0x5000_0000_u32 + n);
        let page = crate::library::PracticePage { id: id.clone(), ..one.clone() };
        library.contents().practices.insert(id, page);
    }
    let site = of(library);
    let files = locations(&get(&site, "/sitemap.xml").await.text(), "sitemapindex");
    assert_eq!(files, [format!("{BASE}/sitemap/1"), format!("{BASE}/sitemap/2")]);
    let mut all = BTreeSet::new();
    for (file, full) in files.iter().zip([true, false]) {
        let text = get(&site, file.strip_prefix(BASE).unwrap()).await.text();
        let addresses = locations(&text, "urlset");
        assert_eq!(addresses.len() == 50_000, full, "{}", addresses.len());
        assert!(addresses.len() <= 50_000 && text.len() < 50_000_000, "{} bytes", text.len());
        all.extend(addresses);
    }
    assert!(all.len() > 60_000, "each address stands in one of the files: {}", all.len());
}
