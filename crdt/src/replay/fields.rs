//! Reading a document: its fields with every value that stands, and who wrote which.

use std::collections::{BTreeMap, HashMap};

use automerge::{Automerge, ObjId, ROOT, ReadDoc, ScalarValue, Value};

use crate::chunk::Actor;
use crate::view::{Contribution, FieldState, Version};

/// The authors of the values that stand, each once, in order of first use.
struct Authors<'a> {
    known: &'a HashMap<Actor, Contribution>,
    places: HashMap<Actor, u32>,
    used: Vec<Contribution>,
}

impl Authors<'_> {
    fn place(&mut self, operation: &ObjId) -> u32 {
        let ObjId::Id(_, actor, _) = operation else { return u32::MAX };
        let Ok(actor) = Actor::try_from(actor.to_bytes()) else { return u32::MAX };
        if let Some(place) = self.places.get(&actor) {
            return *place;
        }
        let Some(author) = self.known.get(&actor) else { return u32::MAX };
        let place = u32::try_from(self.used.len()).unwrap_or(u32::MAX);
        self.used.push(*author);
        self.places.insert(actor, place);
        place
    }
}

/// A list that stands under a key: where it is and what is in it.
pub(super) struct ListAt {
    /// The list's object.
    pub(super) object: ObjId,
    /// How many items it has.
    pub(super) len: usize,
}

/// Everything that stands under one key. Two lists under one key were made at once by two people.
pub(super) struct Entry {
    /// The lists, the one shown first first.
    pub(super) lists: Vec<ListAt>,
    /// Whether any scalar stands there.
    pub(super) has_scalar: bool,
}

/// The field's state, and who wrote it.
pub(super) fn fields(
    doc: &Automerge,
    known: &HashMap<Actor, Contribution>,
) -> (BTreeMap<String, FieldState>, Vec<Contribution>) {
    let mut authors = Authors { known, places: HashMap::new(), used: Vec::new() };
    let mut fields = BTreeMap::new();
    for entry in doc.map_range(ROOT, ..) {
        let key = entry.key.to_string();
        if let Some(state) = field(doc, &key, &mut authors) {
            fields.insert(key, state);
        }
    }
    (fields, authors.used)
}

fn field(doc: &Automerge, key: &str, authors: &mut Authors<'_>) -> Option<FieldState> {
    let mut scalars = Vec::new();
    let mut items = Vec::new();
    let mut is_list = false;
    for (value, id) in values(doc, &ROOT, key) {
        match value {
            Value::Object(_) => {
                is_list = true;
                items.extend((0..doc.length(&id)).map(|index| versions(doc, &id, index, authors)));
            }
            Value::Scalar(scalar) => scalars.extend(version(&scalar, &id, authors)),
        }
    }
    if is_list {
        // A scalar beside a list: two versions of the program disagreed. Nothing is hidden.
        items.extend(scalars.into_iter().map(|scalar| vec![scalar]));
        Some(FieldState::List(items))
    } else {
        (!scalars.is_empty()).then_some(FieldState::Register(scalars))
    }
}

fn versions(doc: &Automerge, list: &ObjId, index: usize, authors: &mut Authors<'_>) -> Vec<Version> {
    values(doc, list, index)
        .into_iter()
        .filter_map(|(value, id)| match value {
            Value::Scalar(scalar) => version(&scalar, &id, authors),
            Value::Object(_) => None,
        })
        .collect()
}

fn version(scalar: &ScalarValue, id: &ObjId, authors: &mut Authors<'_>) -> Option<Version> {
    let ScalarValue::Str(text) = scalar else { return None };
    Some(Version { value: text.to_string(), by: authors.place(id) })
}

/// All values at a place, the one that Automerge shows first.
fn values<'a>(doc: &'a Automerge, object: &ObjId, prop: impl Into<automerge::Prop>) -> Vec<(Value<'a>, ObjId)> {
    let mut values = doc.get_all(object, prop).unwrap_or_default();
    values.reverse();
    values
}

/// What stands under a key, for writing.
pub(super) fn entry(doc: &Automerge, key: &str) -> Entry {
    let mut entry = Entry { lists: Vec::new(), has_scalar: false };
    for (value, object) in values(doc, &ROOT, key) {
        match value {
            Value::Object(_) => entry.lists.push(ListAt { len: doc.length(&object), object }),
            Value::Scalar(_) => entry.has_scalar = true,
        }
    }
    entry
}
