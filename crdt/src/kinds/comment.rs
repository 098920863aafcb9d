//! A comment: a question, an answer, an experience or a suggested edit, about any document. A thread
//! is the comments about one document; each belongs to the community that wrote it, which may edit
//! and withdraw it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Form, Outline, ids};
use crate::check::FieldError;
use crate::field::{Field, Need, Shape, reads};
use crate::gate::DocumentKind;
use crate::vocabulary as v;

/// One change that is suggested to the owner of the document.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Suggestion {
    /// The key of the field.
    pub field: String,
    /// What the field should say, as in the typed document.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub value: Value,
}

/// A comment as a person writes and reads it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Comment {
    /// The document, 32 hexadecimal digits.
    pub about: String,
    /// Whose document it is, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The heads of the document that was read. Filled in by the node.
    pub about_revision: Vec<String>,
    /// The comment that it answers, 32 hexadecimal digits.
    pub reply_to: Option<String>,
    /// What it is: a term of the vocabulary of comments.
    pub purpose: Option<String>,
    /// What it says.
    pub text: String,
    /// What it suggests to change.
    pub suggestions: Vec<Suggestion>,
    /// Whose post it is, if they want to say so.
    pub role: String,
}

use Need::{Optional, Required};
use Shape::{Line, Rows, Term, Words};

/// The fields of a comment.
#[rustfmt::skip]
pub static COMMENT: &[Field] = &[
    Field::line("about", "Про що", "About", Required, (0, 0), 32),
    Field::line("about_owner", "Чиє це", "Whose that is", Optional, (0, 0), 64),
    Field::row("about_revision", "Версія", "Revision", Words(16), Optional),
    Field::row("reply_to", "На що відповідь", "Answer to", Line, Optional),
    Field::row("purpose", "Що це", "What it is", Term(&v::COMMENT_PURPOSES), Required),
    Field { chars_max: 5_000, ..Field::text("text", "Текст", "Text", Required, (0, 2_000)) },
    Field { chars_max: 20_000, ..Field::row("suggestions", "Пропоновані зміни", "Suggested changes", Rows(reads::<Suggestion>, 20), Optional) },
    Field::line("role", "Ваша посада", "Your post", Optional, (0, 0), 200),
];

impl Form for Comment {
    const KIND: DocumentKind = DocumentKind::Comment;
    const TABLE: &'static [Field] = COMMENT;

    fn outline(&self) -> Outline {
        Outline {
            title: self.text.lines().next().unwrap_or_default().chars().take(TITLE_CHARS).collect(),
            summary: self.text.clone(),
            state: self.purpose.clone().unwrap_or_default(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            mentions: ids(&self.reply_to),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors = super::wrong_target(&self.about);
        if self.purpose.as_deref() == Some("suggestion") && self.suggestions.is_empty() {
            errors.push(FieldError::new(
                "suggestions",
                "required",
                "Змініть хоча б одне поле, щоб було що запропонувати".into(),
                "Change at least one field, so that there is something to suggest".into(),
            ));
        }
        errors
    }
}

/// Letters of a comment that stand for its title in lists.
const TITLE_CHARS: usize = 120;
