//! A model whose figures were checked: the only kind there is to plan with.

use crate::catalog::origin::Origin;
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};

use super::identity::{Identity, ModelIdentity};
use super::{ModelFields, bounds};
use crate::text::{foreign, one_line};

/// A model of the catalog or read from a file, whose figures lie within what any model can have. Its fields are read
/// as those of [`ModelFields`]; to change one, take them out with [`into_fields`](Self::into_fields) and check them
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ModelFields")]
pub struct Model {
    fields: ModelFields,
    identity: Identity,
}

impl Model {
    /// The model of these fields, with names made fit to be shown.
    ///
    /// # Errors
    /// The first figure that no model has, or that does not go with another.
    pub fn new(mut fields: ModelFields) -> Result<Self, ModelFault> {
        bounds::check(&fields)?;
        for name in [&mut fields.id, &mut fields.name, &mut fields.family].into_iter().chain(&mut fields.aliases) {
            replace(name, foreign);
        }
        let Origin { at, note, .. } = &mut fields.source;
        for words in [at, note].into_iter().chain(&mut fields.note) {
            replace(words, one_line);
        }
        Ok(Self { fields, identity: Identity::fresh() })
    }

    /// What tells the model from any other but its clones, for keys of what is derived from it.
    pub const fn identity(&self) -> ModelIdentity {
        self.identity.get()
    }

    /// The fields, to change and check again.
    pub fn into_fields(self) -> ModelFields {
        self.fields
    }
}

/// Puts what is fit to be shown in the place of a text, which it nearly always is.
fn replace(text: &mut String, shown: fn(&str) -> Cow<'_, str>) {
    if let Cow::Owned(shown) = shown(text) {
        *text = shown;
    }
}

impl Deref for Model {
    type Target = ModelFields;

    fn deref(&self) -> &ModelFields {
        &self.fields
    }
}

impl TryFrom<ModelFields> for Model {
    type Error = ModelFault;

    fn try_from(fields: ModelFields) -> Result<Self, ModelFault> {
        Self::new(fields)
    }
}

impl Serialize for Model {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

/// A figure that no model has, or that does not go with another. Prints as one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {value}, but must be {wanted}")]
pub struct ModelFault {
    /// The field, as a path such as `experts.num_experts`.
    pub field: &'static str,
    /// What stands there.
    pub value: String,
    /// What may stand there.
    pub wanted: FieldRule,
}

/// What may stand in a field of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRule {
    /// A number within these ends.
    Within(u64, u64),
    /// From 1 to what another field holds.
    UpTo(&'static str, u64),
    /// A multiple of what another field holds.
    MultipleOf(&'static str, u64),
    /// At least 1, since the model has layers of a kind that need it.
    NeededBy(&'static str),
}

impl fmt::Display for FieldRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(least, most) => write!(f, "from {least} to {most}"),
            Self::UpTo(field, most) => write!(f, "from 1 to {field} ({most})"),
            Self::MultipleOf(field, of) => write!(f, "a multiple of {field} ({of})"),
            Self::NeededBy(layers) => write!(f, "at least 1, as the model has {layers} layers"),
        }
    }
}
