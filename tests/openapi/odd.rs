//! Values that nobody expects, and ways to spoil what is right.

use serde_json::{Map, Number, Value, json};

use crate::world::rng::Rng;

/// Texts that have led programs astray.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "\0",
    "\u{202e}abc",
    "\u{feff}",
    "\u{fffd}",
    "\u{10ffff}",
    "e\u{301}\u{301}\u{301}",
    "ґ’є₴",
    "👩‍👩‍👧‍👦",
    "null",
    "true",
    "-1",
    "1e309",
    "NaN",
    "９９",
    "18446744073709551616",
    "../../../etc/passwd",
    "..\\..\\token",
    "%00%ff",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\"^*~[]{}()?:\\/ AND OR NOT",
    "field:value -\"",
    "2026-02-30",
    "0000-00-00",
    "UA00000000000000000",
    "line\r\nset-cookie: x=1",
    "__proto__",
    "/ip4/127.0.0.1/tcp/1",
];
/// Numbers at the edges of what types hold.
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "-1",
    "1",
    "100",
    "101",
    "0.1",
    "1e308",
    "-1e-308",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "99999999999999999999",
];
/// Parts of an address that are not ids.
const PARTS: [&str; 22] = [
    "",
    "x",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "%2e%2e",
    "..",
    "%2e%2e%2f%2e%2e%2ftoken",
    "..%5c..%5ctoken",
    "CON",
    "token::$DATA",
    "%25",
    "%E2%80%AE",
    "%D2%91",
    "0",
    "-1",
    "null",
    "*",
    "%7Bid%7D",
    "00000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
];
/// Letters of a text that is too long for any field.
const HUGE: usize = 70_000;
/// How deep the deepest values go: beyond what a reader of JSON follows.
const DEEP: u64 = 200;

pub fn text(rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => ["x", "ї", "\u{301}", "👍", "\n"][rng.index(5)].repeat(1 + rng.index(HUGE)),
        1 => (0..rng.below(40)).map(|_| char::from_u32(rng.below(0x11_0000) as u32).unwrap_or('?')).collect(),
        _ => (*rng.pick(&TEXTS)).to_owned(),
    }
}

pub fn number(rng: &mut Rng) -> Value {
    let number = serde_json::from_str::<Number>(NUMBERS[rng.index(NUMBERS.len())]);
    number.map_or_else(|_| json!(rng.next()), Value::Number)
}

pub fn part(rng: &mut Rng) -> String {
    match rng.below(10) {
        0 => "a".repeat(1 + rng.index(3_000)),
        1 => "%2e%2e%2f".repeat(1 + rng.index(300)),
        2 => hex(rng, 16),
        3 => hex(rng, 32),
        _ => (*rng.pick(&PARTS)).to_owned(),
    }
}

/// Hexadecimal digits of so many bytes.
pub fn hex(rng: &mut Rng, bytes: usize) -> String {
    (0..bytes).map(|_| format!("{:02x}", rng.below(256))).collect()
}

/// Any value at all.
pub fn value(rng: &mut Rng) -> Value {
    match rng.below(10) {
        0 => Value::Null,
        1 => json!(rng.percent(50)),
        2 | 3 => number(rng),
        4 => deep(rng),
        5 => json!([text(rng), number(rng), null]),
        6 => json!({ text(rng): text(rng) }),
        7 => json!(vec![text(rng).chars().take(20).collect::<String>(); rng.index(3_000)]),
        _ => json!(text(rng)),
    }
}

fn deep(rng: &mut Rng) -> Value {
    let within = |held: Value, is_list: bool| if is_list { json!([held]) } else { json!({ "title": held }) };
    let is_list = rng.percent(50);
    (0..1 + rng.below(DEEP)).fold(json!("x"), |held, _| within(held, is_list))
}

/// Spoils a value somewhere: another type, an edge, one thing more, one thing less.
pub fn spoil(rng: &mut Rng, spoilt: &mut Value) {
    match spoilt {
        Value::Object(entries) if !entries.is_empty() => spoil_entries(rng, entries),
        Value::Array(items) if !items.is_empty() => match rng.below(5) {
            0 => {
                items.remove(rng.index(items.len()));
            }
            1 => {
                let item = items[rng.index(items.len())].clone();
                items.extend(vec![item; rng.index(300)]);
            }
            2 => items.push(value(rng)),
            _ => {
                let at = rng.index(items.len());
                spoil(rng, &mut items[at]);
            }
        },
        other => *other = value(rng),
    }
}

fn spoil_entries(rng: &mut Rng, entries: &mut Map<String, Value>) {
    let key = entries.keys().nth(rng.index(entries.len())).expect("within").clone();
    match rng.below(8) {
        0 => {
            entries.remove(&key);
        }
        1 => {
            entries.insert(text(rng), value(rng));
        }
        2 => {
            entries.insert(key, Value::Null);
        }
        3 => {
            entries.insert(key, value(rng));
        }
        _ => spoil(rng, entries.get_mut(&key).expect("a key of its own")),
    }
}

/// Bytes that are not the JSON that was meant.
pub fn bytes(rng: &mut Rng, meant: &Value) -> Vec<u8> {
    let mut bytes = meant.to_string().into_bytes();
    match rng.below(8) {
        0 => bytes.clear(),
        1 => bytes.truncate(rng.index(bytes.len())),
        2 => bytes = vec![b'['; 1 + rng.index(100_000)],
        3 => bytes = b"{\"content\":".repeat(1 + rng.index(5_000)),
        4 => {
            let at = rng.index(bytes.len());
            bytes[at] = [0xff, 0xc0, 0x00, 0xed][rng.index(4)];
        }
        5 => bytes.extend_from_slice(b"{}"),
        6 => bytes.splice(0..0, [0xef, 0xbb, 0xbf]).for_each(drop),
        _ => bytes.iter_mut().for_each(|byte| *byte = rng.next() as u8),
    }
    bytes
}
