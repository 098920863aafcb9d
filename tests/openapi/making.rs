//! Requests to an operation: right ones, spoilt ones, ones by its schema alone, and noise.

use serde_json::{Map, Value, json};

use super::document::{Document, Operation};
use super::held::Held;
use super::odd;
use super::wire::Request;
use crate::world::rng::Rng;

/// Bytes of an address at the most: what is longer is refused before there is an operation.
const TARGET_MAX: usize = 6_000;
/// How deep values go that are made by a schema.
const DEPTH_MAX: u32 = 8;

/// What no client puts at the end of an address.
const TAILS: [&str; 8] = ["&&&=", "&x", "&%ff=%ff", "&limit=1&limit=2", "&after=%00", "&q[]=1", "&%", "&=x"];

/// How a request is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As a client does that knows the node.
    Right,
    /// The same, spoilt somewhere.
    Spoilt,
    /// As the document's schemas allow, by somebody who knows nothing else.
    BySchema,
    /// Bytes.
    Noise,
}

/// A request, and what stands in its address where an id belongs.
pub fn request(
    rng: &mut Rng,
    document: &Document,
    held: &mut Held,
    operation: &Operation,
    manner: Manner,
) -> (Request, String) {
    let lives = manner == Manner::Right || rng.percent(65);
    let id = if lives { held.id_for(operation, rng) } else { odd::part(rng) };
    let mut target = filled(&operation.path, &id);
    let query = query(rng, document, held, operation, manner);
    if !query.is_empty() {
        target.push('?');
        target.push_str(&query);
    }
    let mut end = target.len().min(TARGET_MAX);
    while !target.is_char_boundary(end) {
        end -= 1;
    }
    target.truncate(end);
    let mut request = Request { method: operation.method.clone(), target, ..Request::default() };
    fill_body(rng, document, held, operation, manner, &id, &mut request);
    if rng.percent(5) && manner != Manner::Right {
        request.headers.push(("accept", odd::part(rng)));
        request.headers.push(("if-none-match", format!("\"{id}\"")));
    }
    (request, id)
}

/// The path with something where an id belongs.
fn filled(path: &str, id: &str) -> String {
    match (path.find('{'), path.find('}')) {
        (Some(start), Some(end)) => format!("{}{id}{}", &path[..start], &path[end + 1..]),
        _ => path.to_owned(),
    }
}

fn query(rng: &mut Rng, document: &Document, held: &Held, operation: &Operation, manner: Manner) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, schema, is_required) in &operation.query {
        if manner == Manner::Right {
            if *is_required || matches!(name.as_str(), "limit" | "q") {
                query.append_pair(name, &held.parameter(name, rng));
            }
            continue;
        }
        let times = [0, 0, 1, 1, 1, 2][rng.index(6)];
        for _ in 0..times {
            let value = match rng.below(3) {
                0 => by_schema(rng, document, held, schema, DEPTH_MAX),
                1 => json!(held.parameter(name, rng)),
                _ => json!(odd::text(rng).chars().take(300).collect::<String>()),
            };
            query.append_pair(name, value.as_str().map_or(value.to_string(), str::to_owned).as_str());
        }
    }
    let mut query = query.finish();
    if manner != Manner::Right && rng.percent(8) {
        query.push_str(TAILS[rng.index(TAILS.len())]);
    }
    query
}

fn fill_body(
    rng: &mut Rng,
    document: &Document,
    held: &mut Held,
    operation: &Operation,
    manner: Manner,
    id: &str,
    request: &mut Request,
) {
    let Some((kind, schema)) = &operation.body else {
        if manner == Manner::Noise {
            request.body = odd::bytes(rng, &json!({ "x": 1 }));
        }
        return;
    };
    let is_json = kind == "application/json";
    let mut right = if is_json { held.body(operation, id, rng) } else { json!("block") };
    request.body = match manner {
        _ if !is_json => octets(rng, held, manner),
        Manner::Right => right.to_string().into_bytes(),
        Manner::Spoilt => {
            (0..1 + rng.below(3)).for_each(|_| odd::spoil(rng, &mut right));
            right.to_string().into_bytes()
        }
        Manner::BySchema => by_schema(rng, document, held, schema, 0).to_string().into_bytes(),
        Manner::Noise => odd::bytes(rng, &right),
    };
    let is_wrong = manner != Manner::Right && rng.percent(8);
    let kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonx"];
    let said = if is_wrong { (*rng.pick(&kinds)).to_owned() } else { kind.clone() };
    request.headers.push(("content-type", said));
}

/// A block of records, or what is left of one.
fn octets(rng: &mut Rng, held: &Held, manner: Manner) -> Vec<u8> {
    let mut block = held.block();
    if manner == Manner::Right || block.is_empty() {
        return block;
    }
    match rng.below(4) {
        0 => block.truncate(rng.index(block.len())),
        1 => block = rng.bytes::<512>().to_vec(),
        _ => {
            let at = rng.index(block.len());
            block[at] ^= 1 << rng.below(8);
        }
    }
    block
}

/// A value as a schema allows it.
fn by_schema(rng: &mut Rng, document: &Document, held: &Held, schema: &Value, depth: u32) -> Value {
    let schema = document.resolved(schema);
    let choice = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].as_array().filter(|all| !all.is_empty()));
    if let Some(all) = choice {
        let chosen = rng.pick(all);
        return by_schema(rng, document, held, chosen, depth + 1);
    }
    if let Some(all) = schema["allOf"].as_array() {
        let parts = all.iter().map(|part| by_schema(rng, document, held, part, depth + 1));
        return Value::Object(parts.filter_map(|part| part.as_object().cloned()).flatten().collect::<Map<_, _>>());
    }
    if let Some(all) = schema["enum"].as_array() {
        return rng.pick(all).clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    match type_of(rng, schema).as_str() {
        "object" => object(rng, document, held, schema, depth),
        "array" => {
            let count = if depth > DEPTH_MAX { 0 } else { rng.below(4) };
            (0..count).map(|_| by_schema(rng, document, held, &schema["items"], depth + 1)).collect()
        }
        "integer" => integer(rng, schema),
        "number" => odd::number(rng),
        "boolean" => json!(rng.percent(50)),
        "null" => Value::Null,
        "string" if rng.percent(60) => json!(held.word(rng)),
        "string" => json!(odd::text(rng)),
        _ => odd::value(rng),
    }
}

fn type_of(rng: &mut Rng, schema: &Value) -> String {
    match &schema["type"] {
        Value::Array(types) => rng.pick(types).as_str().unwrap_or_default().to_owned(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn integer(rng: &mut Rng, schema: &Value) -> Value {
    let (least, most) = (schema["minimum"].as_i64().unwrap_or(0), schema["maximum"].as_i64());
    match rng.below(4) {
        0 => json!(least),
        1 => json!(most.unwrap_or(i64::MAX)),
        2 => json!(least + i64::try_from(rng.below(3_000)).expect("small")),
        _ => odd::number(rng),
    }
}

fn object(rng: &mut Rng, document: &Document, held: &Held, schema: &Value, depth: u32) -> Value {
    let mut made = Map::new();
    let Some(properties) = schema["properties"].as_object() else { return json!({}) };
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, schema) in properties {
        let must = required.iter().any(|required| required == name);
        if must || (depth < DEPTH_MAX && rng.percent(50)) {
            made.insert(name.clone(), by_schema(rng, document, held, schema, depth + 1));
        }
    }
    Value::Object(made)
}
