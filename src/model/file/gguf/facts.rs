//! Questions that a model is built from, asked of a header: its keys without the architecture in front, its tensors by
//! what they are called within their layer.

use super::{Header, MetadataValue};
use crate::catalog::model::{Architecture, FieldRule, FileTensor, MAX_LAYERS, ModelFault};
use crate::model::file::{Missing, ModelFileError};

/// The weights of every layer of a Llama.
const LAYER_WEIGHTS: [&str; 9] = [
    "attn_norm.weight",
    "attn_q.weight",
    "attn_k.weight",
    "attn_v.weight",
    "attn_output.weight",
    "ffn_norm.weight",
    "ffn_gate.weight",
    "ffn_up.weight",
    "ffn_down.weight",
];
/// What may stand beside them: small, and no other computation.
const BESIDE_WEIGHTS: [&str; 9] = [
    "attn_q.bias",
    "attn_k.bias",
    "attn_v.bias",
    "attn_output.bias",
    "attn_q_norm.weight",
    "attn_k_norm.weight",
    "ffn_gate.bias",
    "ffn_up.bias",
    "ffn_down.bias",
];
/// What stands before and behind the layers.
const WHOLE_MODEL: [&str; 6] = [
    "token_embd.weight",
    "output_norm.weight",
    "output.weight",
    "rope_freqs.weight",
    "rope_factors_long.weight",
    "rope_factors_short.weight",
];

/// A header and the architecture that it names.
#[derive(Debug)]
pub(super) struct GgufFacts<'a> {
    header: &'a Header,
    /// What its keys begin with.
    name: &'a str,
    pub architecture: Architecture,
    /// Whether that is what its tensors look like, since nobody knows the one that it names.
    pub unknown: bool,
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
        let known = Architecture::from_name(name);
        let architecture = known.unwrap_or(Architecture::Llama);
        let mut facts = Self { header, name, architecture, unknown: known.is_none(), layers: 0 };
        if facts.unknown && !facts.like_llama() {
            return Err(ModelFileError::unknown_architecture(name));
        }
        if header.tensors.is_empty() {
            return Err(ModelFileError::Missing(Missing::Tensors));
        }
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
        self.header.metadata.get(&format!("{}.{key}", self.name))
    }

    /// The name that the file gives itself.
    pub(super) const fn named(&self) -> &'a str {
        self.name
    }

    /// Whether an unknown model has the tensors of a Llama in every layer and no others, root mean square norms, no windows,
    /// and makes words one after the other: what `config.json` is asked for as well.
    fn like_llama(&self) -> bool {
        let rms = self.value("attention.layer_norm_rms_epsilon").is_some();
        let window = self.number("attention.sliding_window").is_some_and(|window| window > 0);
        let causal = !matches!(self.value("attention.causal"), Some(MetadataValue::Number(0)));
        let blocks = self.number("block_count").filter(|blocks| (1..=MAX_LAYERS).contains(blocks));
        let Some(blocks) = blocks.filter(|_| rms && !window && causal) else { return false };
        let mut weights = vec![0_usize; usize::try_from(blocks).unwrap_or(0)];
        for tensor in &self.header.tensors {
            let fine = match placed(&tensor.name) {
                Some((layer, own)) => match (weights.get_mut(layer), own) {
                    (Some(count), own) if LAYER_WEIGHTS.contains(&own) => {
                        *count += 1;
                        true
                    }
                    (Some(_), own) => BESIDE_WEIGHTS.contains(&own),
                    (None, _) => false,
                },
                None => WHOLE_MODEL.contains(&tensor.name.as_str()),
            };
            if !fine {
                return false;
            }
        }
        weights.iter().all(|count| *count == LAYER_WEIGHTS.len())
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
