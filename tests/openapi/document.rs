//! The document that a node serves of its API: its operations, and whether an answer is as it says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::schema::{check, referred};
use super::wire::Answer;

const JSON: &str = "application/json";

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    pub path: String,
    /// Whether the document asks for the token.
    pub needs_token: bool,
    /// The parameters of the query, by name, with their schemas; whether each must be there.
    pub query: Vec<(String, Value, bool)>,
    /// What it reads: the type of the content, and its schema.
    pub body: Option<(String, Value)>,
    /// What it answers: by status, the type of the content and its schema, if there is content.
    answers: BTreeMap<u16, Option<(String, Value)>>,
}

impl Operation {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The document, read.
pub struct Document {
    pub operations: Vec<Operation>,
    whole: Value,
}

impl Document {
    pub fn read(whole: Value) -> Self {
        let paths = whole["paths"].as_object().expect("paths");
        let operations: Vec<Operation> = paths
            .iter()
            .flat_map(|(path, verbs)| {
                verbs.as_object().expect("verbs").iter().map(move |(verb, said)| (path, verb, said))
            })
            .map(|(path, verb, said)| operation(path, verb, said))
            .collect();
        Self { operations, whole }
    }

    /// The schema itself, where one refers to another.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref") {
            schema = referred(&self.whole, reference);
        }
        schema
    }

    /// What is wrong with an answer to an operation; nothing, if it is as the document says.
    pub fn judge(&self, operation: &Operation, has_token: bool, answer: &Answer) -> Result<(), String> {
        let Answer { status, kind, body, .. } = answer;
        if *status >= 500 {
            return Err("the node is at fault".into());
        }
        if operation.needs_token && !has_token && *status != 401 {
            return Err("answered without the token".into());
        }
        let Some(said) = operation.answers.get(status) else { return Err("the status is not declared".into()) };
        let Some((said_kind, schema)) = said else {
            return if body.is_empty() { Ok(()) } else { Err("has a body that is not declared".into()) };
        };
        if kind != said_kind {
            return Err(format!("is {kind:?} where {said_kind} is declared"));
        }
        if kind != JSON {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(body).map_err(|error| format!("is no JSON: {error}"))?;
        check(&self.whole, schema, &value).map_err(|why| format!("is not as declared: {why}"))?;
        if *status >= 400 { error_body(&value) } else { Ok(()) }
    }
}

/// Whether an error says what it must: by a name, and in both languages.
fn error_body(value: &Value) -> Result<(), String> {
    let says = |key: &str| value["error"][key].as_str().is_some_and(|text| !text.is_empty());
    let fields = value["error"]["fields"].as_array().is_some();
    if says("code") && says("uk") && says("en") && fields { Ok(()) } else { Err("is no error of ours".into()) }
}

fn operation(path: &str, verb: &str, said: &Value) -> Operation {
    let of = |place: &str, parameter: &Value| parameter["in"] == place;
    let parameters = said["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let query = parameters.iter().filter(|parameter| of("query", parameter)).map(|parameter| {
        let name = parameter["name"].as_str().expect("a name").to_owned();
        (name, parameter["schema"].clone(), parameter["required"] == json!(true))
    });
    let answers = said["responses"].as_object().expect("answers").iter();
    Operation {
        method: verb.to_uppercase(),
        path: path.to_owned(),
        needs_token: said["security"].is_array(),
        query: query.collect(),
        body: content(&said["requestBody"]),
        answers: answers.map(|(status, said)| (status.parse().expect("a status"), content(said))).collect(),
    }
}

/// The one type of content that something has, and its schema.
fn content(said: &Value) -> Option<(String, Value)> {
    let content = said["content"].as_object()?;
    assert_eq!(content.len(), 1, "one type of content: {said}");
    content.iter().next().map(|(kind, said)| (kind.clone(), said["schema"].clone()))
}
