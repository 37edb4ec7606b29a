//! A weight tensor as a file describes it.

use serde::{Deserialize, Serialize};

/// A weight tensor as a GGUF file describes it: what decides its bytes, whatever mix made the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTensor {
    /// The engine's name, e.g. `blk.0.attn_q.weight`.
    pub name: String,
    /// `[row length, rows, matrices]`; missing dimensions are 1.
    pub ne: [u64; 3],
    /// The number that GGUF files store for the type.
    pub ggml_type: u32,
}

impl FileTensor {
    /// How many elements it has; those that are more than can be counted are the most that can.
    pub fn elements(&self) -> u64 {
        self.ne.iter().fold(1, |product, side| product.saturating_mul(*side))
    }
}
