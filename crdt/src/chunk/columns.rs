//! The columns of a change: run-length encoded, so a few bytes can claim any number of operations.
//! Every count is compared with its bound before it is believed.

use super::{
    Bounds, ChunkProblem, KEY_BYTES_MAX, OP_COUNTER_MAX, OPS_MAX, Op, OpRef, PREDS_MAX, SCALAR_BYTES_MAX, Texts,
};

/// Bytes not yet read.
pub(super) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], ChunkProblem> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(ChunkProblem::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ChunkProblem> {
        self.take(1).map(|byte| byte[0])
    }

    /// An unsigned LEB128 number in its shortest form, as the specification demands.
    pub(super) fn unsigned(&mut self) -> Result<u64, ChunkProblem> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(ChunkProblem::Value);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let shortest = shift == 0 || byte != 0;
                return if shortest { Ok(value) } else { Err(ChunkProblem::Value) };
            }
        }
        Err(ChunkProblem::Value)
    }

    /// A signed LEB128 number in its shortest form.
    fn signed(&mut self) -> Result<i64, ChunkProblem> {
        let mut value = 0i64;
        let mut last = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                // A last byte that only repeats the sign of the one before could be left out.
                let idle = shift > 0 && matches!((byte, last & 0x40), (0, 0) | (0x7f, 0x40));
                if idle || (shift == 63 && byte != 0 && byte != 0x7f) {
                    return Err(ChunkProblem::Value);
                }
                let width = shift + 7;
                return Ok(if width < 64 && byte & 0x40 != 0 { value | (-1 << width) } else { value });
            }
            last = byte;
        }
        Err(ChunkProblem::Value)
    }

    /// A key. Its length is checked here already: a run can repeat it for every operation.
    fn key(&mut self) -> Result<&'a str, ChunkProblem> {
        let len = self.unsigned()?;
        if len > KEY_BYTES_MAX as u64 {
            return Err(ChunkProblem::Value);
        }
        let bytes = self.take(len as usize)?;
        std::str::from_utf8(bytes).map_err(|_| ChunkProblem::Value)
    }
}

/// A value of a run-length column.
trait Cell<'a>: Copy + PartialEq {
    fn read(input: &mut Input<'a>) -> Result<Self, ChunkProblem>;
}

impl Cell<'_> for u64 {
    fn read(input: &mut Input<'_>) -> Result<Self, ChunkProblem> {
        input.unsigned()
    }
}

impl Cell<'_> for i64 {
    fn read(input: &mut Input<'_>) -> Result<Self, ChunkProblem> {
        input.signed()
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(input: &mut Input<'a>) -> Result<Self, ChunkProblem> {
        input.key()
    }
}

/// The part of a run-length column that came last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    None,
    Repeat,
    Literals,
    Nulls,
}

/// Expands a run-length column into at most `most` cells.
///
/// Only the one spelling that Automerge writes is let through: runs of at least two, no run or
/// literal that could be part of the one before, no column of nothing but nulls. Automerge builds
/// changes anew from their operations when it goes back in time, and would not find a change whose
/// hash is that of another spelling.
fn expand<'a, T: Cell<'a>>(
    bytes: &'a [u8],
    most: usize,
    problem: ChunkProblem,
) -> Result<Vec<Option<T>>, ChunkProblem> {
    let mut input = Input::new(bytes);
    let mut cells: Vec<Option<T>> = Vec::new();
    let mut last = Run::None;
    while !input.is_empty() {
        let count = input.signed()?;
        let run = match count {
            0 => Run::Nulls,
            1.. => Run::Repeat,
            _ => Run::Literals,
        };
        let cells_of = if run == Run::Nulls { input.unsigned()? } else { count.unsigned_abs() };
        if cells_of == 0 || cells_of > (most - cells.len()) as u64 {
            return Err(problem);
        }
        if (run == last && run != Run::Repeat) || count == 1 {
            return Err(ChunkProblem::Spelling);
        }
        let cells_of = cells_of as usize;
        match run {
            Run::Repeat => {
                let value = different(&cells, T::read(&mut input)?)?;
                cells.extend(std::iter::repeat_n(value, cells_of));
            }
            Run::Literals => {
                for _ in 0..cells_of {
                    cells.push(different(&cells, T::read(&mut input)?)?);
                }
            }
            Run::None | Run::Nulls => cells.extend(std::iter::repeat_n(None, cells_of)),
        }
        last = run;
    }
    if !cells.is_empty() && cells.iter().all(Option::is_none) { Err(ChunkProblem::Spelling) } else { Ok(cells) }
}

/// A value that is not the last cell's: else it would belong to one run with it.
fn different<'a, T: Cell<'a>>(cells: &[Option<T>], value: T) -> Result<Option<T>, ChunkProblem> {
    let value = Some(value);
    if cells.last() == Some(&value) { Err(ChunkProblem::Spelling) } else { Ok(value) }
}

/// Turns differences into the numbers themselves.
fn accumulate(cells: Vec<Option<i64>>) -> Result<Vec<Option<u64>>, ChunkProblem> {
    let mut sum = 0i64;
    cells
        .into_iter()
        .map(|cell| {
            let Some(step) = cell else { return Ok(None) };
            sum = sum.checked_add(step).ok_or(ChunkProblem::Counter)?;
            u64::try_from(sum).map(Some).map_err(|_| ChunkProblem::Counter)
        })
        .collect()
}

/// Expands alternating runs of false and true into at most `most` cells.
fn expand_booleans(bytes: &[u8], most: usize) -> Result<Vec<bool>, ChunkProblem> {
    let mut input = Input::new(bytes);
    let mut cells = Vec::new();
    let mut value = false;
    while !input.is_empty() {
        let run = input.unsigned()?;
        // Only the first run, of false, may be empty.
        let is_first = cells.is_empty() && !value;
        if run > (most - cells.len()) as u64 || (run == 0 && !is_first) {
            return Err(ChunkProblem::Ops);
        }
        cells.extend(std::iter::repeat_n(value, run as usize));
        value = !value;
    }
    Ok(cells)
}

pub(super) const OBJECT_ACTOR: u32 = 0x01;
pub(super) const OBJECT_COUNTER: u32 = 0x02;
pub(super) const KEY_ACTOR: u32 = 0x11;
pub(super) const KEY_COUNTER: u32 = 0x13;
pub(super) const KEY_TEXT: u32 = 0x15;
pub(super) const INSERT: u32 = 0x34;
pub(super) const ACTION: u32 = 0x42;
pub(super) const VALUE_META: u32 = 0x56;
pub(super) const VALUE: u32 = 0x57;
pub(super) const PRED_COUNT: u32 = 0x70;
const PRED_ACTOR: u32 = 0x71;
const PRED_COUNTER: u32 = 0x73;
/// Every column that a change of ours may have, in the order of the format. The bit 0x08 would say
/// "compressed"; columns for marks and text expansion have no use here.
const COLUMNS: [u32; 12] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_TEXT,
    INSERT,
    ACTION,
    VALUE_META,
    VALUE,
    PRED_COUNT,
    PRED_ACTOR,
    PRED_COUNTER,
];

pub(super) const ACTION_SET: u64 = 1;
pub(super) const ACTION_MAKE_LIST: u64 = 2;
const ACTION_DELETE: u64 = 3;
/// The type of a text in the low four bits of a value's metadata; the length is above them.
pub(super) const VALUE_TYPE_TEXT: u64 = 6;

/// The raw columns, by number.
pub(super) struct Columns<'a>([&'a [u8]; COLUMNS.len()]);

impl<'a> Columns<'a> {
    pub(super) fn parse(input: &mut Input<'a>) -> Result<Self, ChunkProblem> {
        let count = input.unsigned()?;
        if count > COLUMNS.len() as u64 {
            return Err(ChunkProblem::Column);
        }
        let mut layout = Vec::new();
        for _ in 0..count {
            let spec = input.unsigned()?;
            let place = COLUMNS.iter().position(|known| u64::from(*known) == spec).ok_or(ChunkProblem::Column)?;
            if layout.last().is_some_and(|(last, _)| *last >= place) {
                return Err(ChunkProblem::Column);
            }
            let len = usize::try_from(input.unsigned()?).map_err(|_| ChunkProblem::Truncated)?;
            if len == 0 {
                return Err(ChunkProblem::Spelling);
            }
            layout.push((place, len));
        }
        let mut columns = [&[][..]; COLUMNS.len()];
        for (place, len) in layout {
            columns[place] = input.take(len)?;
        }
        Ok(Self(columns))
    }

    fn column(&self, spec: u32) -> &'a [u8] {
        COLUMNS.iter().position(|known| *known == spec).map_or(&[], |place| self.0[place])
    }

    /// Decodes all operations and the texts that they carry.
    #[expect(clippy::type_complexity, reason = "a pair used by one caller")]
    pub(super) fn operations(&self, bounds: &Bounds) -> Result<(Vec<(Op, Vec<OpRef>)>, Texts), ChunkProblem> {
        let actions = expand::<u64>(self.column(ACTION), OPS_MAX, ChunkProblem::Ops)?;
        let count = actions.len();
        if count == 0 {
            return Err(ChunkProblem::Ops);
        }
        let column = |spec| self.column(spec);
        let object_actors = whole(expand::<u64>(column(OBJECT_ACTOR), count, ChunkProblem::Ops)?, count)?;
        let object_counters = whole(expand::<u64>(column(OBJECT_COUNTER), count, ChunkProblem::Ops)?, count)?;
        let key_actors = whole(expand::<u64>(column(KEY_ACTOR), count, ChunkProblem::Ops)?, count)?;
        let key_counters = whole(accumulate(expand(column(KEY_COUNTER), count, ChunkProblem::Ops)?)?, count)?;
        let key_texts = whole(expand::<&str>(column(KEY_TEXT), count, ChunkProblem::Ops)?, count)?;
        let inserts = expand_booleans(column(INSERT), count)?;
        if inserts.len() != count {
            return Err(ChunkProblem::Ops);
        }
        let metas = expand::<u64>(column(VALUE_META), count, ChunkProblem::Ops)?;
        let mut values = Values { metas: metas.into_iter(), raw: Input::new(column(VALUE)), texts: Texts::default() };
        let mut preds = Preds::parse(self, count)?;
        let mut ops = Vec::with_capacity(count);
        for n in 0..count {
            let is_text = values.next_is_text()?;
            let raw = RawOp {
                object: reference(object_actors[n], object_counters[n], bounds)?,
                key_text: key_texts[n],
                key_item: item(key_actors[n], key_counters[n], bounds)?,
                insert: inserts[n],
                action: actions[n].ok_or(ChunkProblem::Operation)?,
                is_text,
            };
            ops.push((raw.operation()?, preds.next(bounds)?));
        }
        values.finish()?;
        preds.finish()?;
        Ok((ops, values.texts))
    }
}

/// A column that is left out is a column of nulls; any other has one cell an operation.
fn whole<T: Clone>(cells: Vec<Option<T>>, count: usize) -> Result<Vec<Option<T>>, ChunkProblem> {
    if cells.is_empty() {
        Ok(vec![None; count])
    } else if cells.len() == count {
        Ok(cells)
    } else {
        Err(ChunkProblem::Ops)
    }
}

fn reference(actor: Option<u64>, counter: Option<u64>, bounds: &Bounds) -> Result<Option<OpRef>, ChunkProblem> {
    let (actor, counter) = match (actor, counter) {
        (None, None) => return Ok(None),
        (Some(actor), Some(counter)) => (actor, counter),
        _ => return Err(ChunkProblem::Operation),
    };
    let actor = usize::try_from(actor).map_err(|_| ChunkProblem::Actors)?;
    if actor >= bounds.actors {
        return Err(ChunkProblem::Actors);
    }
    // The operations of its own change are counted from `start_op` on, those of others, which it follows, are
    // before: no two have one counter, so the order in which Automerge writes them does not depend on actors.
    let (first, last) =
        if actor == 0 { (bounds.start_op, bounds.start_op + OPS_MAX as u64) } else { (1, bounds.start_op - 1) };
    if !(first..=last).contains(&counter) || counter > OP_COUNTER_MAX + OPS_MAX as u64 {
        return Err(ChunkProblem::Counter);
    }
    Ok(Some(OpRef { actor, counter }))
}

/// The item that a key names: none, the head of the list, or an operation.
enum Item {
    None,
    Head,
    Op(OpRef),
}

fn item(actor: Option<u64>, counter: Option<u64>, bounds: &Bounds) -> Result<Item, ChunkProblem> {
    if actor.is_none() && counter == Some(0) {
        return Ok(Item::Head);
    }
    Ok(reference(actor, counter, bounds)?.map_or(Item::None, Item::Op))
}

struct RawOp<'a> {
    object: Option<OpRef>,
    key_text: Option<&'a str>,
    key_item: Item,
    insert: bool,
    action: u64,
    is_text: bool,
}

impl RawOp<'_> {
    /// The operation, if it is one that documents are made of.
    fn operation(self) -> Result<Op, ChunkProblem> {
        if self.action == ACTION_SET && !self.is_text {
            return Err(ChunkProblem::Value);
        }
        if self.action != ACTION_SET && self.is_text {
            return Err(ChunkProblem::Operation);
        }
        match (self.object, self.key_text, self.key_item) {
            (None, Some(key), Item::None) if !self.insert => {
                let key = checked_key(key)?;
                match self.action {
                    ACTION_SET => Ok(Op::Set { key }),
                    ACTION_MAKE_LIST => Ok(Op::List { key }),
                    ACTION_DELETE => Ok(Op::Clear { key }),
                    _ => Err(ChunkProblem::Operation),
                }
            }
            (Some(list), None, Item::Head) if self.insert && self.action == ACTION_SET => {
                Ok(Op::Insert { list, after: None })
            }
            (Some(list), None, Item::Op(item)) => match (self.action, self.insert) {
                (ACTION_SET, true) => Ok(Op::Insert { list, after: Some(item) }),
                (ACTION_SET, false) => Ok(Op::Put { list, item }),
                (ACTION_DELETE, false) => Ok(Op::Remove { list, item }),
                _ => Err(ChunkProblem::Operation),
            },
            _ => Err(ChunkProblem::Operation),
        }
    }
}

fn checked_key(key: &str) -> Result<String, ChunkProblem> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'.';
    if key.is_empty() || key.len() > KEY_BYTES_MAX || !key.bytes().all(allowed) {
        return Err(ChunkProblem::Value);
    }
    Ok(key.to_owned())
}

/// The values, of which only texts (and the null of operations without a value) are allowed.
struct Values<'a> {
    metas: std::vec::IntoIter<Option<u64>>,
    raw: Input<'a>,
    texts: Texts,
}

impl Values<'_> {
    fn next_is_text(&mut self) -> Result<bool, ChunkProblem> {
        let meta = self.metas.next().flatten().ok_or(ChunkProblem::Ops)?;
        let len = usize::try_from(meta >> 4).map_err(|_| ChunkProblem::Value)?;
        if len > SCALAR_BYTES_MAX {
            return Err(ChunkProblem::Value);
        }
        let bytes = self.raw.take(len)?;
        let text = std::str::from_utf8(bytes).map_err(|_| ChunkProblem::Value)?;
        self.texts.push(text);
        match meta & 0x0f {
            VALUE_TYPE_TEXT => Ok(true),
            0 if len == 0 => Ok(false),
            _ => Err(ChunkProblem::Value),
        }
    }

    fn finish(&mut self) -> Result<(), ChunkProblem> {
        if self.metas.next().is_none() && self.raw.is_empty() { Ok(()) } else { Err(ChunkProblem::Truncated) }
    }
}

/// The operations that each operation replaces.
struct Preds {
    counts: std::vec::IntoIter<Option<u64>>,
    actors: std::vec::IntoIter<Option<u64>>,
    counters: std::vec::IntoIter<Option<u64>>,
}

impl Preds {
    fn parse(columns: &Columns<'_>, ops: usize) -> Result<Self, ChunkProblem> {
        let counts = expand::<u64>(columns.column(PRED_COUNT), ops, ChunkProblem::Ops)?;
        let mut total = 0u64;
        for count in &counts {
            total = total.saturating_add(count.unwrap_or(0));
        }
        if total > PREDS_MAX as u64 {
            return Err(ChunkProblem::Preds);
        }
        let total = total as usize;
        let actors = expand::<u64>(columns.column(PRED_ACTOR), total, ChunkProblem::Preds)?;
        let counters = accumulate(expand(columns.column(PRED_COUNTER), total, ChunkProblem::Preds)?)?;
        if actors.len() != total || counters.len() != total || counts.len() != ops {
            return Err(ChunkProblem::Preds);
        }
        Ok(Self { counts: counts.into_iter(), actors: actors.into_iter(), counters: counters.into_iter() })
    }

    fn next(&mut self, bounds: &Bounds) -> Result<Vec<OpRef>, ChunkProblem> {
        let count = self.counts.next().flatten().ok_or(ChunkProblem::Preds)?;
        let mut preds: Vec<OpRef> = Vec::new();
        for _ in 0..count {
            let actor = self.actors.next().flatten();
            let counter = self.counters.next().flatten();
            let pred = reference(actor, counter, bounds)?.ok_or(ChunkProblem::Preds)?;
            // Ascending as Automerge orders operations, and none twice. Of one counter there is
            // none of the change's own, so the actors' places are in order.
            if preds.last().is_some_and(|last| (last.counter, last.actor) >= (pred.counter, pred.actor)) {
                return Err(ChunkProblem::Preds);
            }
            preds.push(pred);
        }
        Ok(preds)
    }

    fn finish(&mut self) -> Result<(), ChunkProblem> {
        if self.actors.next().is_none() { Ok(()) } else { Err(ChunkProblem::Preds) }
    }
}
