//! A document that has one change, read straight from the change: most documents are never edited.
//!
//! Everything that the change could say is decoded and bounded by our own reader already, so the
//! document engine has nothing to add. Gives exactly what [`Replay`](super::Replay) gives of the
//! same set, or nothing: then the set must be replayed, to say what is set aside and why.

use std::collections::BTreeMap;

use crate::charter::Charter;
use crate::chunk::{Chunk, Op, OpRef};
use crate::gate::Content;
use crate::id::DocumentId;
use crate::record::Record;
use crate::view::{Contribution, FieldState, Version, View};

/// What readers see of a document whose only record is `record`, which says `content`; `None` if
/// it takes a replay to know.
#[must_use]
pub fn view_of_one(record: &Record, content: &Content, charter: Option<&Charter>) -> Option<View> {
    let Content::Change(kind, chunk) = content else { return None };
    let (device, created_at) = (record.device(), record.created_at());
    if charter.is_some_and(|charter| charter.may_write(&device, created_at).is_err()) {
        return None;
    }
    let fields = Reading::of(chunk)?.fields();
    let says_something = fields.values().any(|state| match state {
        FieldState::Register(_) => true,
        FieldState::List(items) => !items.is_empty(),
    });
    let author = Contribution { record: record.id(), change: chunk.hash, device, created_at };
    Some(View {
        document: DocumentId::of(&record.community(), &record.document_name()),
        community: record.community(),
        name: record.document_name(),
        kind: *kind,
        heads: vec![chunk.hash],
        changes: 1,
        created_at,
        updated_at: created_at,
        authors: if says_something { vec![author] } else { Vec::new() },
        fields,
        waiting: Vec::new(),
        set_aside: Vec::new(),
    })
}

/// Operations by their place in the change.
struct Reading<'a> {
    chunk: &'a Chunk,
    /// Whether a later operation replaces or removes what this one made.
    replaced: Vec<bool>,
    /// After a list: its first item. After an item: the next one.
    next: Vec<Option<usize>>,
    /// The texts that items took after they were inserted, by item.
    puts: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Reading<'a> {
    /// Follows every reference; `None` if one leads nowhere, or out of the change.
    fn of(chunk: &'a Chunk) -> Option<Self> {
        if !chunk.deps.is_empty() || chunk.start_op != 1 || chunk.actors.len() != 1 {
            return None;
        }
        let count = chunk.ops.len();
        let mut reading = Self { chunk, replaced: vec![false; count], next: vec![None; count], puts: BTreeMap::new() };
        for n in 0..count {
            reading.enter(n)?;
        }
        Some(reading)
    }

    fn enter(&mut self, n: usize) -> Option<()> {
        let (op, preds) = &self.chunk.ops[n];
        match op {
            Op::Set { key } | Op::List { key } | Op::Clear { key } => {
                for pred in preds {
                    let (Op::Set { key: of } | Op::List { key: of }) = self.op(self.place(pred, n)?) else {
                        return None;
                    };
                    require(of == key)?;
                }
                require(!matches!(op, Op::Clear { .. }) || !preds.is_empty())?;
            }
            Op::Insert { list, after } => {
                let list_at = self.list(list, n)?;
                let before = after.as_ref().map_or(Some(list_at), |after| self.item(after, list, n))?;
                require(preds.is_empty())?;
                // Of two items after one, the later operation's comes first.
                self.next[n] = self.next[before].replace(n);
            }
            Op::Put { list, item } | Op::Remove { list, item } => {
                self.list(list, n)?;
                let item_at = self.item(item, list, n)?;
                for pred in preds {
                    let at = self.place(pred, n)?;
                    require(at == item_at || matches!(self.op(at), Op::Put { item: of, .. } if of == item))?;
                }
                require(!preds.is_empty())?;
                if matches!(op, Op::Put { .. }) {
                    self.puts.entry(item_at).or_default().push(n);
                }
            }
        }
        for pred in preds {
            let at = self.place(pred, n)?;
            self.replaced[at] = true;
        }
        Some(())
    }

    /// Where an operation before the one at `n` is.
    fn place(&self, reference: &OpRef, n: usize) -> Option<usize> {
        let at = usize::try_from(reference.counter.checked_sub(self.chunk.start_op)?).ok()?;
        (reference.actor == 0 && at < n).then_some(at)
    }

    fn op(&self, at: usize) -> &'a Op {
        &self.chunk.ops[at].0
    }

    fn list(&self, list: &OpRef, n: usize) -> Option<usize> {
        self.place(list, n).filter(|at| matches!(self.op(*at), Op::List { .. }))
    }

    fn item(&self, item: &OpRef, of: &OpRef, n: usize) -> Option<usize> {
        self.place(item, n).filter(|at| matches!(self.op(*at), Op::Insert { list, .. } if list == of))
    }

    /// What stands: the value that was written last comes first, as everywhere.
    fn fields(&self) -> BTreeMap<String, FieldState> {
        let mut standing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (n, (op, _)) in self.chunk.ops.iter().enumerate().rev() {
            if let (Op::Set { key } | Op::List { key }, false) = (op, self.replaced[n]) {
                standing.entry(key).or_default().push(n);
            }
        }
        standing.into_iter().map(|(key, ops)| (key.to_owned(), self.field(&ops))).collect()
    }

    fn field(&self, standing: &[usize]) -> FieldState {
        let (lists, scalars): (Vec<usize>, Vec<usize>) =
            standing.iter().partition(|at| matches!(self.op(**at), Op::List { .. }));
        let scalars = scalars.into_iter().map(|at| self.version(at));
        if lists.is_empty() {
            return FieldState::Register(scalars.collect());
        }
        let mut items: Vec<Vec<Version>> = lists.into_iter().flat_map(|list| self.items(list)).collect();
        // A scalar beside a list is shown as `fields` shows it.
        items.extend(scalars.map(|scalar| vec![scalar]));
        FieldState::List(items)
    }

    fn items(&self, list: usize) -> impl Iterator<Item = Vec<Version>> {
        std::iter::successors(self.next[list], |item| self.next[*item])
            .map(|item| {
                let later = self.puts.get(&item).into_iter().flatten().rev().copied();
                later.chain([item]).filter(|at| !self.replaced[*at]).map(|at| self.version(at)).collect()
            })
            .filter(|versions: &Vec<Version>| !versions.is_empty())
    }

    fn version(&self, at: usize) -> Version {
        Version { value: self.chunk.text(at).to_owned(), by: 0 }
    }
}

fn require(holds: bool) -> Option<()> {
    holds.then_some(())
}

#[cfg(test)]
mod tests;
