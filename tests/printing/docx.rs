//! A DOCX by the rules by which word processors open one without asking to repair it.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use super::{Expected, Packed, said, says_all, unpacked};

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Fails on a document that a word processor would repair or refuse.
pub fn check(file: &[u8], expected: &Expected) {
    let files = unpacked(file);
    assert_eq!(files[0].name, "[Content_Types].xml");
    let by_name: BTreeMap<&str, &Packed> = files.iter().map(|file| (file.name.as_str(), file)).collect();
    assert_eq!(by_name.len(), files.len(), "two parts have one name");
    types(&files);
    for file in files.iter().filter(|file| file.name.ends_with(".rels")) {
        relations(file, &by_name);
    }
    let document = by_name["word/document.xml"].xml();
    let styles = by_name["word/styles.xml"].xml();
    let known: BTreeSet<_> = styles.descendants().filter_map(|node| node.attribute((WORD, "styleId"))).collect();
    let (mut marks, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for node in document.descendants().filter(Node::is_element) {
        let value = node.attribute((WORD, "val"));
        match node.tag_name().name() {
            "pStyle" | "tblStyle" => assert!(known.contains(value.expect("a style")), "{value:?} is no style"),
            "bookmarkStart" => {
                assert!(marks.insert(node.attribute((WORD, "name")).expect("a name")), "a bookmark twice");
                assert!(numbers.insert(node.attribute((WORD, "id")).expect("a number")), "a number twice");
            }
            // Without a paragraph at its end a cell makes the whole file invalid.
            "tc" => assert!(node.last_element_child().is_some_and(|last| last.has_tag_name((WORD, "p")))),
            "tbl" => {
                let columns = node.descendants().filter(|node| node.has_tag_name((WORD, "gridCol"))).count();
                let rows = node.children().filter(|node| node.has_tag_name((WORD, "tr")));
                for row in rows {
                    let cells = row.children().filter(|node| node.has_tag_name((WORD, "tc"))).count();
                    assert_eq!(cells, columns, "a row of another width");
                }
            }
            _ => {}
        }
    }
    let anchors: BTreeSet<_> = document.descendants().filter_map(|node| node.attribute((WORD, "anchor"))).collect();
    assert_eq!(anchors, marks, "the contents lead to every chapter");
    let languages: BTreeSet<_> = styles
        .descendants()
        .filter(|node| node.has_tag_name((WORD, "lang")))
        .filter_map(|node| node.attribute((WORD, "val")))
        .collect();
    assert_eq!(languages, BTreeSet::from(["uk-UA"]), "the language of the spelling checker");
    says_all("the DOCX", &said(&document), expected);
}

/// Every part has a type, and every type that names a part has it.
fn types(files: &[Packed]) {
    let types = files[0].xml();
    let named = |tag: &str, attribute: &str| -> BTreeSet<String> {
        let nodes = types.descendants().filter(|node| node.has_tag_name((TYPES, tag)));
        nodes.filter_map(|node| node.attribute(attribute)).map(str::to_owned).collect()
    };
    let (endings, parts) = (named("Default", "Extension"), named("Override", "PartName"));
    for file in &files[1..] {
        file.xml();
        let ending = file.name.rsplit_once('.').expect("an ending").1;
        assert!(endings.contains(ending), "{} has no type", file.name);
        assert!(ending == "rels" || parts.contains(&format!("/{}", file.name)), "{} has no type", file.name);
    }
    let there: BTreeSet<String> = files.iter().map(|file| format!("/{}", file.name)).collect();
    assert!(parts.is_subset(&there), "{parts:?}");
}

/// Every relation leads to a part, and every relation that a part uses is there.
fn relations(file: &Packed, by_name: &BTreeMap<&str, &Packed>) {
    let (folder, name) = file.name.split_once("_rels/").expect("a folder");
    let document = file.xml();
    let mut ids = BTreeSet::new();
    for node in document.descendants().filter(|node| node.has_tag_name((RELATIONS, "Relationship"))) {
        let target = format!("{folder}{}", node.attribute("Target").expect("a target"));
        assert!(by_name.contains_key(target.as_str()), "{} leads to {target}", file.name);
        assert!(node.attribute("TargetMode").is_none(), "{target} is elsewhere");
        assert!(ids.insert(node.attribute("Id").expect("an id")), "an id twice");
    }
    let of = format!("{folder}{}", name.trim_end_matches(".rels"));
    let Some(source) = by_name.get(of.as_str()) else { return };
    let source = source.xml();
    let mut used = source.descendants().filter_map(|node| node.attribute((OFFICE, "id")));
    assert!(used.all(|id| ids.contains(id)), "{of} uses a relation that is not there");
}
