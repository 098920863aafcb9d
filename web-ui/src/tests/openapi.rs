use std::collections::BTreeSet;

use super::*;

async fn document() -> Value {
    Site::new().get("/api/v1/openapi.json").await.json()
}

/// Every operation of the document: verb, path, description.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &'_ Value)| -> Vec<(String, String)> {
        item.as_object().expect("operations").keys().map(|verb| (verb.to_uppercase(), path.clone())).collect()
    };
    let named: Vec<(String, String)> = paths.iter().flat_map(of_path).collect();
    named
        .into_iter()
        .map(|(verb, path)| {
            let operation = &document["paths"][&path][verb.to_lowercase()];
            (verb, path, operation)
        })
        .collect()
}

#[tokio::test]
async fn the_document_and_the_table_say_the_same() {
    let document = document().await;
    let described: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(verb, path, _)| (verb, path)).collect();
    let routed: BTreeSet<(String, String)> =
        API.iter().map(|row| (row.method.to_string(), row.path.to_owned())).collect();
    assert_eq!(described, routed);
    assert_eq!(routed.len(), API.len(), "no row stands twice");
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(entries) => {
                found.extend(entries.get("$ref").and_then(Value::as_str));
                entries.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document().await;
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 25, "{found:?}");
    for reference in found {
        let place = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn every_operation_is_described() {
    let document = document().await;
    let mut names = BTreeSet::new();
    for (verb, path, operation) in operations(&document) {
        let writes = crate::routes::needs_token(&verb.parse().unwrap(), &path);
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{verb} {path}");
        assert!(names.insert(operation["operationId"].as_str().expect("a name").to_owned()), "{verb} {path}");
        assert_eq!(operation["security"].is_array(), writes, "{verb} {path}: the token");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{verb} {path}");
        let expected: &[&str] =
            if writes { &["400", "401", "403", "404", "413", "422", "500"] } else { &["404", "500"] };
        for status in expected {
            let body = &responses[*status]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(body, "#/components/schemas/ErrorBody", "{verb} {path} {status}");
        }
        for part in path.split('/').filter(|part| part.starts_with('{')) {
            let name = part.trim_matches(['{', '}']);
            let parameters = operation["parameters"].as_array().expect("parameters");
            let described =
                parameters.iter().filter(|parameter| parameter["in"] == "path" && parameter["name"] == name);
            assert_eq!(described.count(), 1, "{verb} {path}: {name}");
        }
    }
}

#[tokio::test]
async fn every_body_that_is_read_is_described() {
    let document = document().await;
    for row in API.iter().filter(|row| row.body_max > 0) {
        let operation = &document["paths"][row.path][row.method.as_str().to_lowercase()];
        let content = operation["requestBody"]["content"].as_object();
        assert!(content.is_some_and(|content| !content.is_empty()), "{} {}", row.method, row.path);
    }
}

#[tokio::test]
async fn the_parameters_that_are_taken_are_the_ones_described() {
    let site = Site::new();
    let document = document().await;
    for (verb, path, operation) in operations(&document).into_iter().filter(|(_, path, _)| !path.ends_with("/events")) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let value = match parameter["schema"]["type"].to_string() {
                kind if kind.contains("boolean") => "true",
                kind if kind.contains("integer") => "1",
                _ if name == "sort" => "newest",
                _ if name == "near" => samples::CODE,
                _ if name == "owner" => &"01".repeat(32),
                _ => "1",
            };
            let method: Method = verb.parse().unwrap();
            let address = filled(&path);
            let answer =
                site.write(method.clone(), &format!("{address}?{name}={value}"), body_for(&method, &address)).await;
            assert_ne!(answer.status, StatusCode::BAD_REQUEST, "{verb} {path}?{name}={value}: {}", answer.text());
        }
    }
}
