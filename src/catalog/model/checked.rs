//! A model whose figures were checked: the only kind there is to plan with.

use crate::catalog::origin::Origin;
use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};

use super::identity::{Identity, ModelIdentity};
use super::{ModelFields, bounds};
use crate::text::{Carried, Fault, Key, Phrase, Placeholder, foreign, one_line, printed_in_english};

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
        for words in [at, note].into_iter().chain(&mut fields.note).chain(&mut fields.unknown_architecture) {
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
    type Error = Carried;

    fn try_from(fields: ModelFields) -> Result<Self, Carried> {
        Self::new(fields).map_err(|fault| fault.phrase().carried())
    }
}

impl Serialize for Model {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

/// A figure that no model has, or that does not go with another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    NeededBy(NeedyLayers),
}

impl Fault for ModelFault {
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::ErrorOutOfRange)
            .with(Placeholder::Name, self.field)
            .with(Placeholder::Value, &self.value)
            .with_phrase(Placeholder::Other, self.wanted.phrase())
    }
}

impl Fault for FieldRule {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Within(least, most) => {
                Phrase::new(Key::AllowedRange).with(Placeholder::Value, least).with(Placeholder::Other, most)
            }
            Self::UpTo(field, most) => {
                Phrase::new(Key::AllowedUpTo).with(Placeholder::Name, field).with(Placeholder::Value, most)
            }
            Self::MultipleOf(field, of) => {
                Phrase::new(Key::AllowedMultiple).with(Placeholder::Name, field).with(Placeholder::Value, of)
            }
            Self::NeededBy(layers) => {
                Phrase::new(Key::AllowedForLayers).with_phrase(Placeholder::Layers, layers.phrase())
            }
        }
    }
}

printed_in_english!(ModelFault);

/// Layers of a kind that needs a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum NeedyLayers {
    /// Attention to all of the context.
    Attention,
    /// Attention to a window of it.
    SlidingAttention,
    /// Layers with a state in place of a cache.
    Recurrent,
}

impl Fault for NeedyLayers {
    fn phrase(&self) -> Phrase {
        Phrase::new(match self {
            Self::Attention => Key::LayersAttention,
            Self::SlidingAttention => Key::LayersSliding,
            Self::Recurrent => Key::LayersRecurrent,
        })
    }
}
