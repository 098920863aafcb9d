//! Change chunks by hand: well-formed where it matters, and anything at all where a liar would.
//!
//! The format is the one of <https://automerge.org/automerge-binary-format-spec/>.

use super::rng::Rng;

pub const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Types of chunks.
pub const DOCUMENT: u8 = 0;
pub const CHANGE: u8 = 1;
pub const COMPRESSED: u8 = 2;

/// Numbers of columns.
pub mod column {
    pub const OBJECT_ACTOR: u64 = 0x01;
    pub const OBJECT_COUNTER: u64 = 0x02;
    pub const KEY_ACTOR: u64 = 0x11;
    pub const KEY_COUNTER: u64 = 0x13;
    pub const KEY_TEXT: u64 = 0x15;
    pub const INSERT: u64 = 0x34;
    pub const ACTION: u64 = 0x42;
    pub const VALUE_META: u64 = 0x56;
    pub const VALUE: u64 = 0x57;
    pub const PRED_COUNT: u64 = 0x70;
    pub const PRED_ACTOR: u64 = 0x71;
    pub const PRED_COUNTER: u64 = 0x73;
}

pub const SET: u64 = 1;
pub const MAKE_LIST: u64 = 2;
pub const DELETE: u64 = 3;

/// A chunk taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub deps: Vec<[u8; 32]>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    pub columns: Vec<(u64, Vec<u8>)>,
    pub rest: Vec<u8>,
}

impl Parts {
    /// A first change by an actor.
    pub fn first(actor: [u8; 16], rows: &[Row]) -> Self {
        Self { actor: actor.into(), seq: 1, start_op: 1, columns: columns(rows), ..Self::default() }
    }

    /// Takes an honest chunk apart.
    pub fn parse(chunk: &[u8]) -> Self {
        let mut at = Cursor(&chunk[9..]);
        let _len = at.number();
        let deps = (0..at.number()).map(|_| at.take(32).try_into().expect("32 bytes")).collect();
        let actor = at.text();
        let (seq, start_op, time) = (at.number(), at.number(), at.number());
        let message = at.text();
        let others = (0..at.number()).map(|_| at.text()).collect();
        let layout: Vec<(u64, u64)> = (0..at.number()).map(|_| (at.number(), at.number())).collect();
        let columns = layout.into_iter().map(|(spec, len)| (spec, at.take(len as usize).to_vec())).collect();
        let time = i64::try_from(time).expect("our changes carry no time");
        Self { deps, actor, seq, start_op, time, message, others, columns, rest: at.0.to_vec() }
    }

    /// The chunk, with the right length and checksum.
    pub fn encode(&self) -> Vec<u8> {
        wrap(CHANGE, &self.content())
    }

    pub fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        unsigned(self.deps.len() as u64, &mut content);
        self.deps.iter().for_each(|dep| content.extend(dep));
        text(&self.actor, &mut content);
        unsigned(self.seq, &mut content);
        unsigned(self.start_op, &mut content);
        signed(self.time, &mut content);
        text(&self.message, &mut content);
        unsigned(self.others.len() as u64, &mut content);
        self.others.iter().for_each(|other| text(other, &mut content));
        unsigned(self.columns.len() as u64, &mut content);
        for (spec, data) in &self.columns {
            unsigned(*spec, &mut content);
            unsigned(data.len() as u64, &mut content);
        }
        self.columns.iter().for_each(|(_, data)| content.extend(data));
        content.extend(&self.rest);
        content
    }

    /// The same with another column in the place of one, or beside the rest.
    pub fn with_column(mut self, spec: u64, data: Vec<u8>) -> Self {
        self.columns.retain(|(held, _)| *held != spec);
        self.columns.push((spec, data));
        self.columns.sort();
        self
    }

    /// One change somewhere, small or large: what a liar with patience tries.
    pub fn mutate(&mut self, rng: &mut Rng, honest: &[Self]) {
        match rng.below(12) {
            0 => self.start_op = strange(rng, self.start_op),
            1 => self.seq = strange(rng, self.seq),
            2 if !self.deps.is_empty() => {
                let at = rng.index(self.deps.len());
                self.deps.remove(at);
            }
            3 => self.deps = rng.pick(honest).deps.clone(),
            4 if !self.others.is_empty() => {
                let at = rng.index(self.others.len());
                match rng.below(3) {
                    0 => self.others[at][15] ^= 1,
                    1 => drop(self.others.remove(at)),
                    _ => self.others[at] = rng.pick(honest).actor.clone(),
                }
            }
            5 => {
                let (spec, data) = rng.pick(&rng.clone().pick(honest).columns).clone();
                *self = self.clone().with_column(spec, data);
            }
            6 if !self.columns.is_empty() => {
                let at = rng.index(self.columns.len());
                self.columns.remove(at);
            }
            _ => self.mutate_column(rng),
        }
    }

    fn mutate_column(&mut self, rng: &mut Rng) {
        if self.columns.is_empty() {
            return;
        }
        let at = rng.index(self.columns.len());
        let data = &mut self.columns[at].1;
        if data.is_empty() {
            return;
        }
        let place = rng.index(data.len());
        match rng.below(5) {
            0 => data[place] ^= 1 << rng.below(8),
            1 => data[place] = data[place].wrapping_add(1),
            2 => data[place] = data[place].wrapping_sub(1),
            3 => drop(data.remove(place)),
            _ => data.insert(place, data[place]),
        }
    }
}

fn strange(rng: &mut Rng, number: u64) -> u64 {
    *rng.pick(&[0, 1, number.wrapping_add(1), number.wrapping_sub(1), 10_000_000, (1 << 32) - 1, 1 << 32, u64::MAX])
}

/// One operation. Numbers are places among the actors and counters.
#[derive(Clone, Debug)]
pub struct Row {
    pub object: Option<(u64, u64)>,
    pub key: Key,
    pub insert: bool,
    pub action: u64,
    pub value: Option<Vec<u8>>,
    pub preds: Vec<(u64, u64)>,
}

#[derive(Clone, Debug)]
pub enum Key {
    Field(String),
    Head,
    Item(u64, u64),
}

impl Row {
    pub fn set(field: &str, value: &str, preds: &[(u64, u64)]) -> Self {
        let (key, value) = (Key::Field(field.into()), Some(value.as_bytes().to_vec()));
        Self { object: None, key, insert: false, action: SET, value, preds: preds.into() }
    }

    pub fn list(field: &str) -> Self {
        Self { action: MAKE_LIST, value: None, ..Self::set(field, "", &[]) }
    }

    pub fn clear(field: &str, preds: &[(u64, u64)]) -> Self {
        Self { action: DELETE, value: None, ..Self::set(field, "", preds) }
    }

    pub fn insert(list: (u64, u64), after: Key, value: &str) -> Self {
        Self { object: Some(list), key: after, insert: true, ..Self::set("", value, &[]) }
    }

    pub fn put(list: (u64, u64), item: (u64, u64), value: &str, preds: &[(u64, u64)]) -> Self {
        Self { object: Some(list), key: Key::Item(item.0, item.1), ..Self::set("", value, preds) }
    }

    pub fn remove(list: (u64, u64), item: (u64, u64), preds: &[(u64, u64)]) -> Self {
        Self { action: DELETE, value: None, ..Self::put(list, item, "", preds) }
    }
}

/// The columns of some operations, as an honest program writes them.
pub fn columns(rows: &[Row]) -> Vec<(u64, Vec<u8>)> {
    let number = |value: &u64, out: &mut Vec<u8>| unsigned(*value, out);
    let item = |row: &Row| match row.key {
        Key::Field(_) => (None, None),
        Key::Head => (None, Some(0)),
        Key::Item(actor, counter) => (Some(actor), Some(counter)),
    };
    let field = |row: &Row| match &row.key {
        Key::Field(field) => Some(field.clone()),
        _ => None,
    };
    let meta = |row: &Row| row.value.as_ref().map_or(0, |value| (value.len() as u64) << 4 | 6);
    let preds: Vec<(u64, u64)> = rows.iter().flat_map(|row| row.preds.clone()).collect();
    let cells = |cell: &dyn Fn(&Row) -> Option<u64>| rle(&rows.iter().map(cell).collect::<Vec<_>>(), number);
    let columns = vec![
        (column::OBJECT_ACTOR, cells(&|row| row.object.map(|(actor, _)| actor))),
        (column::OBJECT_COUNTER, cells(&|row| row.object.map(|(_, counter)| counter))),
        (column::KEY_ACTOR, cells(&|row| item(row).0)),
        (column::KEY_COUNTER, deltas(&rows.iter().map(|row| item(row).1).collect::<Vec<_>>())),
        (
            column::KEY_TEXT,
            rle(&rows.iter().map(field).collect::<Vec<_>>(), |key: &String, out| text(key.as_bytes(), out)),
        ),
        (column::INSERT, booleans(&rows.iter().map(|row| row.insert).collect::<Vec<_>>())),
        (column::ACTION, cells(&|row| Some(row.action))),
        (column::VALUE_META, cells(&|row| Some(meta(row)))),
        (column::VALUE, rows.iter().flat_map(|row| row.value.clone().unwrap_or_default()).collect()),
        (column::PRED_COUNT, cells(&|row| Some(row.preds.len() as u64))),
        (column::PRED_ACTOR, rle(&preds.iter().map(|(actor, _)| Some(*actor)).collect::<Vec<_>>(), number)),
        (column::PRED_COUNTER, deltas(&preds.iter().map(|(_, counter)| Some(*counter)).collect::<Vec<_>>())),
    ];
    columns.into_iter().filter(|(_, data)| !data.is_empty()).collect()
}

/// A chunk of any type around any content, with the right length and checksum.
pub fn wrap(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    unsigned(content.len() as u64, &mut hashed);
    hashed.extend(content);
    let checksum = super::sha256::sha256(&hashed);
    [&MAGIC[..], &checksum[..4], &hashed].concat()
}

/// Run-length encoding in its one canonical form; nothing at all if there is no value.
pub fn rle<T: PartialEq>(cells: &[Option<T>], write: impl Fn(&T, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    if cells.iter().all(Option::is_none) {
        return out;
    }
    let mut at = 0;
    while at < cells.len() {
        let run = run_at(cells, at);
        match &cells[at] {
            None => {
                signed(0, &mut out);
                unsigned(run as u64, &mut out);
                at += run;
            }
            Some(value) if run > 1 => {
                signed(run as i64, &mut out);
                write(value, &mut out);
                at += run;
            }
            Some(_) => {
                let end = (at..cells.len()).find(|n| cells[*n].is_none() || run_at(cells, *n) > 1);
                let literals = &cells[at..end.unwrap_or(cells.len())];
                signed(-(literals.len() as i64), &mut out);
                literals.iter().flatten().for_each(|value| write(value, &mut out));
                at += literals.len();
            }
        }
    }
    out
}

fn run_at<T: PartialEq>(cells: &[Option<T>], at: usize) -> usize {
    cells[at..].iter().take_while(|cell| **cell == cells[at]).count()
}

fn deltas(cells: &[Option<u64>]) -> Vec<u8> {
    let mut last = 0i64;
    let steps: Vec<Option<i64>> = cells
        .iter()
        .map(|cell| {
            let value = i64::try_from((*cell)?).expect("small");
            let step = value - last;
            last = value;
            Some(step)
        })
        .collect();
    rle(&steps, |step, out| signed(*step, out))
}

fn booleans(cells: &[bool]) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut at, mut value) = (0, false);
    while at < cells.len() {
        let run = cells[at..].iter().take_while(|cell| **cell == value).count();
        unsigned(run as u64, &mut out);
        (at, value) = (at + run, !value);
    }
    out
}

pub fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn signed(mut value: i64, out: &mut Vec<u8>) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    unsigned(bytes.len() as u64, out);
    out.extend(bytes);
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    fn number(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }

    fn text(&mut self) -> Vec<u8> {
        let len = self.number() as usize;
        self.take(len).to_vec()
    }
}
