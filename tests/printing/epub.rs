//! An EPUB by the rules of EPUB 3.3 that a reader's shelf refuses books by.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};
use zip::CompressionMethod;

use super::{Expected, Packed, TITLE, said, says_all, unpacked};

const OPF: &str = "http://www.idpf.org/2007/opf";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const OPS: &str = "http://www.idpf.org/2007/ops";
const CONTAINER: &str = "urn:oasis:names:tc:opendocument:xmlns:container";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Fails on a book that a shelf would refuse.
pub fn check(file: &[u8], expected: &Expected) {
    let files = unpacked(file);
    container(file, &files);
    let by_name: BTreeMap<&str, &Packed> = files.iter().map(|file| (file.name.as_str(), file)).collect();
    assert_eq!(by_name.len(), files.len(), "two files have one name");
    let root = by_name["META-INF/container.xml"].xml();
    let root = root.descendants().find(|node| node.has_tag_name((CONTAINER, "rootfile"))).expect("a root file");
    assert_eq!(root.attribute("media-type"), Some("application/oebps-package+xml"));
    let path = root.attribute("full-path").expect("a path");
    let package = by_name[path].xml();
    metadata(&package);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let pages = manifest(&package, folder, path, &by_name);
    let mut whole = String::new();
    for page in &pages {
        let document = by_name[page.as_str()].xml();
        xhtml(page, &document);
        links(page, &document, folder, &by_name, &pages);
        whole.push_str(&said(&document));
    }
    says_all("the EPUB", &whole, expected);
}

/// The first file says what the archive is, so plainly that a look at its first bytes is enough.
fn container(file: &[u8], files: &[Packed]) {
    assert_eq!((files[0].name.as_str(), files[0].method), ("mimetype", CompressionMethod::Stored));
    assert_eq!(files[0].text(), "application/epub+zip");
    assert_eq!(&file[30..58], b"mimetypeapplication/epub+zip", "nothing stands between the name and the type");
    for file in files {
        assert!(file.name.is_ascii() && !file.name.contains(".."), "{}", file.name);
    }
}

fn metadata(package: &Document<'_>) {
    let root = package.root_element();
    assert!(root.has_tag_name((OPF, "package")) && root.attribute("version") == Some("3.0"));
    let one = |name: &str| -> Node<'_, '_> {
        let mut found = package.descendants().filter(|node| node.has_tag_name((DC, name)));
        found.next().unwrap_or_else(|| panic!("no dc:{name}"))
    };
    let identifier = one("identifier");
    assert_eq!(identifier.attribute("id"), root.attribute("unique-identifier"));
    let uuid = identifier.text().and_then(|text| text.strip_prefix("urn:uuid:")).expect("a UUID");
    let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
    assert_eq!((one("title").text(), one("language").text()), (Some(TITLE), Some("uk")));
    let modified: Vec<_> =
        package.descendants().filter(|node| node.attribute("property") == Some("dcterms:modified")).collect();
    let moment = modified.first().and_then(Node::text).expect("a moment");
    assert!(modified.len() == 1 && moment.len() == 20 && moment.ends_with('Z') && &moment[10..11] == "T", "{moment}");
}

/// Everything in the book is in its list, with its type, and the reading order names what is. Gives the
/// pages.
fn manifest(package: &Document<'_>, folder: &str, path: &str, files: &BTreeMap<&str, &Packed>) -> Vec<String> {
    let items: Vec<_> = package.descendants().filter(|node| node.has_tag_name((OPF, "item"))).collect();
    let mut ids = BTreeMap::new();
    let mut listed = BTreeSet::from(["mimetype".to_owned(), "META-INF/container.xml".to_owned(), path.to_owned()]);
    let mut pages = Vec::new();
    for item in &items {
        let name = within(folder, item.attribute("href").expect("a name"));
        assert!(files.contains_key(name.as_str()), "{name} is listed and not there");
        let kind = match name.rsplit_once('.').expect("an ending").1 {
            "xhtml" => "application/xhtml+xml",
            "css" => "text/css",
            other => panic!("what is {other}?"),
        };
        assert_eq!(item.attribute("media-type"), Some(kind), "{name}");
        if kind == "application/xhtml+xml" {
            pages.push(name.clone());
        }
        assert!(ids.insert(item.attribute("id").expect("an id"), name.clone()).is_none(), "two items of one id");
        assert!(listed.insert(name), "listed twice");
    }
    let there: BTreeSet<String> = files.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, there, "what is listed and what is there");
    let contents: Vec<_> = items.iter().filter(|item| item.attribute("properties") == Some("nav")).collect();
    assert_eq!(contents.len(), 1, "one contents");
    let spine: Vec<_> = package.descendants().filter_map(|node| node.attribute("idref")).collect();
    assert!(spine.iter().all(|id| ids.contains_key(id)), "{spine:?}");
    assert_eq!(spine.iter().collect::<BTreeSet<_>>().len(), pages.len(), "every page is read once");
    pages
}

fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A page of XHTML: its language, its title, no id twice, nothing that is not of HTML 5, nothing fetched.
fn xhtml(page: &str, document: &Document<'_>) {
    let root = document.root_element();
    assert!(root.has_tag_name((XHTML, "html")), "{page}");
    assert_eq!(root.attribute((XML, "lang")), root.attribute("lang"), "{page}");
    assert!(root.attribute("lang").is_some_and(|lang| !lang.is_empty()), "{page}");
    let title = document.descendants().find(|node| node.has_tag_name((XHTML, "title"))).and_then(|node| node.text());
    assert!(title.is_some_and(|title| !title.is_empty()), "{page}");
    let mut ids = BTreeSet::new();
    for node in document.descendants().filter(Node::is_element) {
        assert_eq!(node.tag_name().namespace(), Some(XHTML), "{page}: {:?}", node.tag_name());
        assert!(!matches!(node.tag_name().name(), "script" | "img" | "iframe" | "style" | "object"), "{page}");
        assert!(node.attribute("id").is_none_or(|id| ids.insert(id)), "{page}: {:?} twice", node.attribute("id"));
        assert!(node.attribute("style").is_none() && node.attribute("src").is_none(), "{page}");
        let of_list = matches!(node.tag_name().name(), "ol" | "ul" | "dl" | "table" | "tr");
        assert!(!of_list || node.children().any(|child| child.is_element()), "{page}: an empty list");
    }
    super::html::headings(page, document.descendants().map(|node| node.tag_name().name()));
}

/// Every link leads to a page or an id that is there; the contents lead to every page.
fn links(page: &str, document: &Document<'_>, folder: &str, files: &BTreeMap<&str, &Packed>, pages: &[String]) {
    let mut reached = BTreeSet::from([page.to_owned()]);
    for node in document.descendants() {
        let Some(link) = node.attribute("href") else { continue };
        let (name, id) = link.split_once('#').unwrap_or((link, ""));
        let name = if name.is_empty() { page.to_owned() } else { within(folder, name) };
        let file = files.get(name.as_str()).unwrap_or_else(|| panic!("{page} leads to {link}"));
        if !id.is_empty() {
            assert!(file.xml().descendants().any(|node| node.attribute("id") == Some(id)), "{page} leads to {link}");
        }
        reached.insert(name);
    }
    let contents = document.descendants().find(|node| node.attribute((OPS, "type")) == Some("toc"));
    if let Some(contents) = contents {
        assert!(contents.has_tag_name((XHTML, "nav")));
        assert!(contents.children().any(|child| child.has_tag_name((XHTML, "ol"))), "the contents are a list");
        assert!(pages.iter().all(|page| reached.contains(page)), "{reached:?}");
    }
}
