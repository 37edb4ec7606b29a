//! Questions that a model is built from, asked of a header: its keys without the architecture in front, its tensors by
//! what they are called within their layer.

use super::{Header, MetadataValue};
use crate::catalog::model::{Architecture, FieldRule, FileTensor, MAX_LAYERS, ModelFault};
use crate::model::file::{Missing, ModelFileError};

/// A header and the architecture that it names.
#[derive(Debug)]
pub(super) struct GgufFacts<'a> {
    header: &'a Header,
    pub architecture: Architecture,
    /// Layers that the engine runs.
    pub layers: u64,
}

impl<'a> GgufFacts<'a> {
    /// Of a header that describes a language model.
    pub(super) fn of(header: &'a Header) -> Result<Self, ModelFileError> {
        let name = header
            .metadata
            .text("general.architecture")
            .ok_or_else(|| ModelFileError::missing("general.architecture"))?;
        let architecture = Architecture::from_name(name).ok_or_else(|| ModelFileError::unknown_architecture(name))?;
        if header.tensors.is_empty() {
            return Err(ModelFileError::Missing(Missing::Tensors));
        }
        let mut facts = Self { header, architecture, layers: 0 };
        let blocks = facts.number("block_count").ok_or_else(|| ModelFileError::missing("block_count"))?;
        facts.layers = blocks.saturating_sub(facts.number("nextn_predict_layers").unwrap_or(0));
        // Lists with one entry a layer are made before the whole model is checked.
        if !(1..=MAX_LAYERS).contains(&facts.layers) {
            let wanted = FieldRule::Within(1, MAX_LAYERS);
            return Err(ModelFault { field: "block_count", value: blocks.to_string(), wanted }.into());
        }
        Ok(facts)
    }

    /// The value of a key of this architecture.
    pub(super) fn value(&self, key: &str) -> Option<&'a MetadataValue> {
        self.header.metadata.get(&format!("{}.{key}", self.architecture.name()))
    }

    /// A number, or the largest of a list with one for each layer.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        match self.value(key)? {
            MetadataValue::Number(number) => Some(*number),
            MetadataValue::Numbers(numbers) => numbers.iter().copied().max(),
            _ => None,
        }
    }

    pub(super) fn number_at(&self, key: &str, layer: u64) -> Option<u64> {
        match self.value(key)? {
            MetadataValue::Number(number) => Some(*number),
            MetadataValue::Numbers(numbers) => numbers.get(usize::try_from(layer).ok()?).copied(),
            _ => None,
        }
    }

    /// A tensor by its full name.
    pub(super) fn tensor(&self, name: &str) -> Option<&'a FileTensor> {
        self.header.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The first tensor that is called so in any layer.
    pub(super) fn in_layers(&self, name: &str) -> Option<&'a FileTensor> {
        self.header.tensors.iter().find(|tensor| placed(&tensor.name).is_some_and(|(_, own)| own == name))
    }

    /// For each layer, how wide the tensor that is called so within it is; 0 where there is none.
    pub(super) fn widths_of(&self, name: &str) -> Vec<u64> {
        let mut widths = vec![0; usize::try_from(self.layers).unwrap_or(0)];
        for tensor in &self.header.tensors {
            if let Some((layer, own)) = placed(&tensor.name)
                && own == name
                && let Some(width) = widths.get_mut(layer)
            {
                *width = tensor.ne[0];
            }
        }
        widths
    }

    /// For each layer, whether `is` says so of any tensor's name within it.
    pub(super) fn layers_with(&self, is: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut with = vec![false; usize::try_from(self.layers).unwrap_or(0)];
        for (layer, name) in self.header.tensors.iter().filter_map(|tensor| placed(&tensor.name)) {
            if let Some(place) = with.get_mut(layer)
                && is(name)
            {
                *place = true;
            }
        }
        with
    }
}

/// `blk.7.attn_q.weight` as layer 7 and `attn_q.weight`.
fn placed(name: &str) -> Option<(usize, &str)> {
    let (layer, own) = name.strip_prefix("blk.")?.split_once('.')?;
    Some((layer.parse().ok()?, own))
}
