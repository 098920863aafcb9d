//! What the index keeps of a document. Nothing that can be read is stored: rows and texts come from
//! the store, so the index stays small and never says what the store does not.

use tantivy::schema::{
    BytesOptions, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::analysis::{FORM_TOKENIZER, FormTokenizer};

/// The version of everything below and of what is put into it; another one means another index.
pub(super) const SCHEMA: u32 = 7;

/// The columns, by name: tantivy opens columns by name.
pub(super) mod column {
    /// The first eight bytes of the document's id.
    pub(in super::super) const ID_HIGH: &str = "id_high";
    /// The last eight bytes of the document's id.
    pub(in super::super) const ID_LOW: &str = "id_low";
    /// Facets that describe the text, a bit a value.
    pub(in super::super) const TEXT_FACETS: &str = "text_facets";
    /// Facets that describe place and state, a bit a value.
    pub(in super::super) const PLACE_FACETS: &str = "place_facets";
    /// The year in which it started; 0 if unknown.
    pub(in super::super) const YEAR: &str = "year";
    /// When it was last changed, milliseconds since 1970.
    pub(in super::super) const UPDATED: &str = "updated";
    /// The hromada's place in the codifier, from 1; 0 if unknown.
    pub(in super::super) const PLACE: &str = "place";
}

/// The fields by number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The document's id, to find it again.
    pub(super) id: Field,
    /// Stems of all text, with positions.
    pub(super) stems: Field,
    /// Normal forms of all words.
    pub(super) words: Field,
    /// Normal forms of the words of the title, for suggestions.
    pub(super) title: Field,
    /// Stems of the title, by which titles in the words of a query come first.
    pub(super) title_stems: Field,
    /// Which practice this one repeats, and for which community (`adoptions`).
    pub(super) adopted_from: Field,
    /// Bands of the signature by which near-duplicates meet.
    pub(super) bands: Field,
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    pub(super) text_facets: Field,
    pub(super) place_facets: Field,
    pub(super) year: Field,
    pub(super) updated: Field,
    pub(super) place: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let text = |record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(FORM_TOKENIZER).set_index_option(record).set_fieldnorms(true),
        )
    };
    let mut schema = Schema::builder();
    let fast = || NumericOptions::default().set_fast();
    let plain = || BytesOptions::default().set_indexed();
    let fields = Fields {
        id: schema.add_bytes_field("id", plain()),
        stems: schema.add_text_field("stems", text(IndexRecordOption::WithFreqsAndPositions)),
        words: schema.add_text_field("words", text(IndexRecordOption::WithFreqs)),
        title: schema.add_text_field("title", text(IndexRecordOption::WithFreqs)),
        title_stems: schema.add_text_field("title_stems", text(IndexRecordOption::WithFreqs)),
        adopted_from: schema.add_bytes_field("adopted_from", plain()),
        bands: schema.add_u64_field("bands", INDEXED),
        id_high: schema.add_u64_field(column::ID_HIGH, fast()),
        id_low: schema.add_u64_field(column::ID_LOW, fast()),
        text_facets: schema.add_u64_field(column::TEXT_FACETS, fast()),
        place_facets: schema.add_u64_field(column::PLACE_FACETS, fast()),
        year: schema.add_u64_field(column::YEAR, fast()),
        updated: schema.add_u64_field(column::UPDATED, fast()),
        place: schema.add_u64_field(column::PLACE, fast()),
    };
    (schema.build(), fields)
}

/// The tokenizer that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    // With those that come with tantivy: it asks for its default one for fields that are no text.
    let tokenizers = TokenizerManager::default();
    tokenizers.register(FORM_TOKENIZER, FormTokenizer);
    tokenizers
}
