//! What other communities tell a community: what they say about its documents, and what they answer to
//! what it said itself, wherever that was.

use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId};
use web_ui::library::{DocumentCard, DocumentsRequest, Scope};

use super::links::Rows;
use super::{Store, keys};
use crate::fault::Fault;

/// Remarks of a community that are looked at for answers, last changed first: a year of a lively one.
const REMARKS_MAX: usize = 100;
/// Answers to one remark that are looked at.
const ANSWERS_MAX: usize = 50;

impl Store {
    /// What others tell a community, last changed first, after a row. Who speaks of a document names its
    /// owner; what names a wrong one is left out, as is what is hidden on this node.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn told(&self, community: &CommunityId, after: Option<[u8; 24]>, most: usize) -> Result<Rows, Fault> {
        let hidden = self.hidden();
        let honest = |document: &DocumentId, card: &DocumentCard| {
            if hidden.contains(document) {
                return Ok(false);
            }
            let Some(about) = card.about.as_ref().and_then(|id| id.parse::<DocumentId>().ok()) else {
                return Ok(false);
            };
            let owner = match self.owner_listed(&about)? {
                Some(owner) => Some(owner),
                None => self.owner_of(&about)?.map(|(owner, _)| owner),
            };
            Ok(owner == Some(*community))
        };
        let mut rows = self.rows(&keys::told(community), after, most, |value| value.first().copied(), honest)?;
        let answers = self.answers_to(community)?;
        rows.extend(answers.into_iter().filter(|(row, _)| after.is_none_or(|after| *row > after)));
        rows.sort_unstable_by_key(|(row, _)| *row);
        rows.dedup_by_key(|(row, _)| *row);
        rows.truncate(most);
        Ok(rows)
    }

    /// How much others tell a community.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn count_told(&self, community: &CommunityId) -> Result<u64, Fault> {
        let own = community.to_string();
        // Answers under the own documents are among the others.
        let elsewhere = |card: &DocumentCard| card.about_owner.as_ref() != Some(&own);
        let answers = self.answers_to(community)?.into_iter().filter(|(_, card)| elsewhere(card)).count();
        Ok(self.length_of(keys::told(community))? + answers as u64)
    }

    /// What others answered to the last remarks of a community.
    fn answers_to(&self, community: &CommunityId) -> Result<Rows, Fault> {
        let kind = DocumentKind::Comment;
        let own = DocumentsRequest { kind, scope: Scope::Of(*community) };
        let (hidden, owner) = (self.hidden(), community.to_string());
        let by_others =
            |document: &DocumentId, card: &DocumentCard| Ok(card.owner != owner && !hidden.contains(document));
        let mut answers = Vec::new();
        for (row, _) in self.documents(&own, None, REMARKS_MAX)? {
            let Some((remark, _)) = keys::read_row(&row) else { continue };
            let prefix = keys::linked(&remark, kind.number());
            answers.extend(self.rows(&prefix, None, ANSWERS_MAX, |_| Some(kind.number()), by_others)?);
        }
        Ok(answers)
    }
}
