//! Whether a value is as a schema of the document says: the part of JSON Schema that such documents use.
//!
//! A library for all of it would be a dependency of every build, since it wants other features of what
//! the program itself depends on. A keyword that is not known here is a failure, so nothing is left
//! unchecked by mistake.

use serde_json::Value;

/// Keywords that only tell people something.
const ANNOTATIONS: [&str; 9] =
    ["description", "title", "example", "examples", "default", "format", "deprecated", "contentEncoding", "$comment"];
const CHECKED: [&str; 17] = [
    "$ref",
    "type",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
];

/// What is wrong with a value, and where; nothing if it is as the schema says.
pub fn check(whole: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let Some(keywords) = schema.as_object() else {
        return if schema == &Value::Bool(false) {
            Err(format!("nothing may stand here: {value:.80}"))
        } else {
            Ok(())
        };
    };
    for (keyword, said) in keywords {
        let keyword = keyword.as_str();
        if ANNOTATIONS.contains(&keyword) {
            continue;
        }
        if !CHECKED.contains(&keyword) {
            return Err(format!("the schema says {keyword}, which nobody checks"));
        }
        let checked = match keyword {
            "$ref" => check(whole, referred(whole, said), value),
            "type" => typed(said, value),
            "enum" => said_yes(said.as_array().is_some_and(|all| all.contains(value)), said, value),
            "const" => said_yes(said == value, said, value),
            "oneOf" | "anyOf" | "allOf" => combined(whole, keyword, said, value),
            "minimum" | "maximum" => bounded(keyword, said, value),
            "items" | "prefixItems" | "minItems" | "maxItems" => listed(whole, schema, keyword, said, value),
            _ => entries(whole, schema, keyword, said, value),
        };
        checked?;
    }
    Ok(())
}

/// Where a reference leads.
pub fn referred<'a>(whole: &'a Value, reference: &Value) -> &'a Value {
    let place = reference.as_str().and_then(|reference| reference.strip_prefix('#')).expect("within the document");
    whole.pointer(place).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

fn said_yes(is_so: bool, said: &Value, value: &Value) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(format!("{} is not {said}", shown(value))) }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(120).collect()
}

fn typed(said: &Value, value: &Value) -> Result<(), String> {
    let is = |name: &Value| match name.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    };
    let is_one = said.as_array().map_or_else(|| is(said), |all| all.iter().any(is));
    said_yes(is_one, said, value)
}

fn combined(whole: &Value, keyword: &str, said: &Value, value: &Value) -> Result<(), String> {
    let all = said.as_array().expect("schemas");
    let wrong: Vec<String> = all.iter().filter_map(|one| check(whole, one, value).err()).collect();
    let fits = all.len() - wrong.len();
    let is_right = match keyword {
        "allOf" => wrong.is_empty(),
        "oneOf" => fits == 1,
        _ => fits > 0,
    };
    if is_right { Ok(()) } else { Err(format!("{keyword}, {fits} of {} fit: {}", all.len(), wrong.join(" | "))) }
}

fn bounded(keyword: &str, said: &Value, value: &Value) -> Result<(), String> {
    let (Some(bound), Some(number)) = (said.as_f64(), value.as_f64()) else { return Ok(()) };
    said_yes(if keyword == "minimum" { number >= bound } else { number <= bound }, said, value)
}

fn listed(whole: &Value, schema: &Value, keyword: &str, said: &Value, value: &Value) -> Result<(), String> {
    let Some(items) = value.as_array() else { return Ok(()) };
    let count = items.len() as u64;
    match keyword {
        "prefixItems" => {
            let mut each = said.as_array().expect("schemas").iter().zip(items);
            each.try_for_each(|(schema, item)| check(whole, schema, item))
        }
        // What no place of its own is given to.
        "items" => items
            .iter()
            .enumerate()
            .skip(schema["prefixItems"].as_array().map_or(0, Vec::len))
            .try_for_each(|(at, item)| check(whole, said, item).map_err(|why| format!("[{at}]{why}"))),
        "minItems" => said_yes(said.as_u64().is_some_and(|least| count >= least), said, value),
        _ => said_yes(said.as_u64().is_some_and(|most| count <= most), said, value),
    }
}

fn entries(whole: &Value, schema: &Value, keyword: &str, said: &Value, value: &Value) -> Result<(), String> {
    let Some(entries) = value.as_object() else { return Ok(()) };
    let within = |name: &str, schema: &Value, value: &Value| {
        check(whole, schema, value).map_err(|why| format!(".{name}: {why}"))
    };
    match keyword {
        "required" => {
            let mut names = said.as_array().expect("names").iter().filter_map(Value::as_str);
            names.find(|name| !entries.contains_key(*name)).map_or(Ok(()), |name| Err(format!("{name} is missing")))
        }
        "properties" => entries.iter().try_for_each(|(name, value)| match said.get(name) {
            Some(schema) => within(name, schema, value),
            None => Ok(()),
        }),
        "propertyNames" => entries.keys().try_for_each(|name| within(name, said, &Value::String(name.clone()))),
        // "additionalProperties": what no property of this schema names.
        _ => {
            let mut others = entries.iter().filter(|(name, _)| schema["properties"].get(name).is_none());
            others.try_for_each(|(name, value)| within(name, said, value))
        }
    }
}

#[test]
fn schemas_say_what_is_wrong() {
    use serde_json::json;
    let whole = json!({ "components": { "Id": { "type": "string" } } });
    let schema = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "$ref": "#/components/Id" },
            "count": { "type": ["integer", "null"], "minimum": 0 },
            "kinds": { "type": "array", "items": { "enum": ["a", "b"] }, "maxItems": 2 },
            "pair": { "prefixItems": [{ "type": "string" }, { "type": "integer" }], "items": false },
            "one": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/Id" }] },
        },
        "additionalProperties": false,
    });
    let right =
        [json!({ "id": "x" }), json!({ "id": "x", "count": 3, "kinds": ["a", "b"], "one": null, "pair": ["x", 1] })];
    let wrong = [
        json!([]),
        json!({}),
        json!({ "id": 1 }),
        json!({ "id": "x", "count": -1 }),
        json!({ "id": "x", "count": 0.5 }),
        json!({ "id": "x", "kinds": ["c"] }),
        json!({ "id": "x", "kinds": ["a", "a", "a"] }),
        json!({ "id": "x", "one": 1 }),
        json!({ "id": "x", "pair": [1, 1] }),
        json!({ "id": "x", "pair": ["x", 1, 1] }),
        json!({ "id": "x", "more": 1 }),
    ];
    right.iter().for_each(|value| assert_eq!(check(&whole, &schema, value), Ok(()), "{value}"));
    wrong.iter().for_each(|value| assert!(check(&whole, &schema, value).is_err(), "{value}"));
}
