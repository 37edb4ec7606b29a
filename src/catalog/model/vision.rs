//! The vision tower (and audio tower) that serving engines load with a model's text part.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

/// What a model sees with. GGUF files leave it out; servers count it as weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "one for each model, which is large itself")]
pub enum Vision {
    /// A transformer of known dimensions.
    Tower(Tower),
    /// Known by its size only.
    Published {
        /// Parameters of all towers together.
        parameters: u64,
        /// Where the figure comes from.
        source: Origin,
    },
}

/// The dimensions of a vision transformer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tower {
    /// Transformer blocks.
    pub num_hidden_layers: u64,
    /// Width of the residual stream.
    pub hidden_size: u64,
    /// Width of the MLP.
    pub intermediate_size: u64,
    /// The MLP has a gate.
    #[serde(default)]
    pub gated: bool,
    /// Projections and norms have biases.
    #[serde(default)]
    pub biases: bool,
    /// Values of one patch over all colors (and frames): `3 × patch²`.
    pub patch_values: u64,
    /// Learned positions, 0 where they are rotated instead.
    #[serde(default)]
    pub positions: u64,
    /// Patches of the image that llama.cpp reserves its buffer for (`set_warmup_n_tokens` and the image sizes in
    /// tools/mtmd/clip.cpp of llama.cpp 0c1e57098); 0 where that is not known.
    #[serde(default)]
    pub reserved_patches: u64,
    /// Matrices from the tower to the text model, each as inputs and outputs.
    pub projector: Vec<(u64, u64)>,
    /// The largest picture that its own settings let through; `None` = not known.
    #[serde(default)]
    pub largest: Option<LargestPicture>,
    /// Where the dimensions come from.
    pub source: Origin,
}

/// The largest picture that a model's own settings let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LargestPicture {
    /// Patches that the tower reads.
    pub patches: u64,
    /// Tokens that the text model is given for them.
    pub tokens: u64,
    /// Where that is written.
    pub source: Origin,
}

impl Vision {
    /// Parameters of the towers and their projector.
    pub fn parameters(&self) -> u64 {
        match self {
            Self::Tower(tower) => tower.parameters(),
            Self::Published { parameters, .. } => *parameters,
        }
    }

    /// Bytes of a projector file for llama.cpp: matrices in F16, vectors and positions in F32.
    pub fn file_bytes(&self) -> u64 {
        let single = match self {
            Self::Tower(tower) => tower.vectors(),
            Self::Published { .. } => 0,
        };
        2 * self.parameters() + 2 * single
    }

    /// Bytes of the buffer that llama.cpp's encoder works in; `None` where the image it is made for is not known.
    pub const fn buffer_bytes(&self) -> Option<u64> {
        match self {
            Self::Tower(tower) if tower.reserved_patches > 0 => Some(tower.buffer_bytes()),
            Self::Tower(_) | Self::Published { .. } => None,
        }
    }

    /// Where the figures come from.
    pub fn source(&self) -> &Origin {
        match self {
            Self::Tower(tower) => &tower.source,
            Self::Published { source, .. } => source,
        }
    }
}

impl Tower {
    /// Weights that are no matrices: norms, biases, positions.
    fn vectors(&self) -> u64 {
        let (width, bias) = (self.hidden_size, u64::from(self.biases));
        let layer = 2 * width * (1 + bias) + bias * (5 * width + self.intermediate_size);
        self.num_hidden_layers * layer + (bias + self.positions + 1 + bias) * width
    }

    /// A block holds the residual stream and, in attention, queries, keys and values in one, queries and keys turned by
    /// their position, and keys in F16; in the MLP its input and what it widens that to.
    const fn buffer_bytes(&self) -> u64 {
        let (width, inner) = (self.hidden_size, self.intermediate_size);
        let attention = 6 * width + width / 2;
        let mlp = 2 * width + if self.gated { 2 } else { 1 } * inner;
        4 * self.reserved_patches * if attention > mlp { attention } else { mlp }
    }

    /// Four projections, the MLP and two norms a block; patch embedding, positions, a last norm; the projector.
    fn parameters(&self) -> u64 {
        let (width, inner, bias) = (self.hidden_size, self.intermediate_size, u64::from(self.biases));
        let matrices = 4 * width * width + if self.gated { 3 } else { 2 } * width * inner;
        let norms = 2 * width * (1 + bias);
        let layer = matrices + norms + bias * (5 * width + inner);
        let projector: u64 =
            self.projector.iter().fold(0, |sum, (inputs, outputs)| inputs.saturating_mul(*outputs).saturating_add(sum));
        let around = (self.patch_values + bias + self.positions + 1 + bias) * width;
        (self.num_hidden_layers * layer + around).saturating_add(projector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siglip_counts_as_published() {
        let tower = Tower {
            num_hidden_layers: 27,
            hidden_size: 1152,
            intermediate_size: 4304,
            gated: false,
            biases: true,
            patch_values: 3 * 14 * 14,
            positions: 4096,
            reserved_patches: 4096,
            projector: Vec::new(),
            largest: None,
            source: Origin::default(),
        };
        assert_eq!(Vision::Tower(tower).parameters(), 416_866_032, "the tower of Gemma 3");
    }
}
