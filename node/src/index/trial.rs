//! An index in memory of any documents, searched as the node searches its own: to measure how well
//! that finds what is meant.

use std::collections::BTreeMap;

use tantivy::collector::{Count, TopDocs};
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::{Index, Searcher, TantivyDocument, TantivyError};

use super::analysis::{FORM_TOKENIZER, FormTokenizer, analysed, normal, words};
use super::meaning::{Knowledge, Meaning};
use super::ranking::{FEW_HITS, TextFields, all_words, some_words, weighted};
use super::synonyms::Synonyms;
use super::vocabulary::{Dictionary, Vocabulary};

/// The documents of a trial and what is known of their words.
pub struct Trial {
    searcher: Searcher,
    fields: TextFields,
    number: tantivy::schema::Field,
    vocabulary: Vocabulary,
    synonyms: Synonyms,
}

impl Trial {
    /// Indexes documents, each with title, summary and body, in memory.
    ///
    /// # Errors
    /// The index cannot be written, for lack of memory.
    pub fn new(documents: impl IntoIterator<Item = (String, String, String)>) -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let options = |record| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default().set_tokenizer(FORM_TOKENIZER).set_index_option(record),
            )
        };
        let stems = schema.add_text_field("stems", options(IndexRecordOption::WithFreqsAndPositions));
        let words_field = schema.add_text_field("words", options(IndexRecordOption::WithFreqs));
        let title_stems = schema.add_text_field("title_stems", options(IndexRecordOption::WithFreqs));
        let number = schema.add_u64_field("number", STORED);
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(FORM_TOKENIZER, FormTokenizer);
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 50_000_000)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (at, (title, summary, body)) in documents.into_iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_u64(number, at as u64);
            for text in weighted(&title, &summary, &[], std::slice::from_ref(&body)) {
                let forms = analysed(text);
                document.add_text(stems, forms.stems);
                document.add_text(words_field, forms.words);
            }
            document.add_text(title_stems, analysed(&title).stems);
            let mut seen: Vec<String> =
                [&title, &summary, &body].iter().flat_map(|text| words(text)).map(|word| normal(word.text)).collect();
            seen.sort_unstable();
            seen.dedup();
            seen.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
            writer.add_document(document)?;
        }
        writer.commit()?;
        let searcher = index.reader()?.searcher();
        let vocabulary = Vocabulary::of_counts(&counts);
        let fields = TextFields { stems, words: words_field, title: title_stems };
        Ok(Self { searcher, fields, number, vocabulary, synonyms: Synonyms::built_in() })
    }

    /// What a query means here.
    #[must_use]
    pub fn meaning(&self, query: &str, dictionary: Option<&Dictionary>) -> Meaning {
        Meaning::read(query, false, Knowledge { dictionary, ..self.knowledge() })
    }

    /// What is known here, without a dictionary.
    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            vocabulary: Some(&self.vocabulary),
            dictionary: None,
            synonyms: Some(&self.synonyms),
            documents: self.searcher.num_docs(),
        }
    }

    /// The numbers of the best documents for a query, best first, at most `most`.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn search(
        &self,
        query: &str,
        dictionary: Option<&Dictionary>,
        most: usize,
    ) -> Result<Vec<usize>, TantivyError> {
        let meaning = self.meaning(query, dictionary);
        let Some(mut chosen) = all_words(&meaning, self.fields) else { return Ok(Vec::new()) };
        if self.searcher.search(&chosen, &Count)? < FEW_HITS
            && let Some(some) = some_words(&meaning, self.fields)
        {
            chosen = some;
        }
        self.best(&*chosen, most)
    }

    /// The same by the words alone: each by its stem, its form and what may have been meant by it, without
    /// synonyms, known phrases, or that hits with all words come first. What those add is the difference.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn search_by_words(
        &self,
        query: &str,
        dictionary: Option<&Dictionary>,
        most: usize,
    ) -> Result<Vec<usize>, TantivyError> {
        let knowledge = Knowledge { dictionary, synonyms: None, ..self.knowledge() };
        let meaning = Meaning::read(query, false, knowledge);
        let chosen = some_words(&meaning, self.fields).or_else(|| all_words(&meaning, self.fields));
        chosen.map_or_else(|| Ok(Vec::new()), |chosen| self.best(&*chosen, most))
    }

    fn best(&self, chosen: &dyn tantivy::query::Query, most: usize) -> Result<Vec<usize>, TantivyError> {
        let found = self.searcher.search(chosen, &TopDocs::with_limit(most).order_by_score())?;
        let mut numbers = Vec::new();
        for (_, address) in found {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let number = document.get_first(self.number).and_then(|value| value.as_u64());
            numbers.extend(number.and_then(|number| usize::try_from(number).ok()));
        }
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests;
