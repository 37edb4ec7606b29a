//! Memory of captured CUDA graphs.
//!
//! Source: 102 captures of vLLM 0.19.0 on H100 (mean error 0.11 GiB); the sizes that are captured from
//! `config/vllm.py` of 0.33.0.

use crate::catalog::server::Graphs;
use crate::model::layers::{Cache, FeedForward, Layer, Mixer};
use crate::units::Bytes;

/// The largest batch that is captured.
const LARGEST: u64 = 512;

/// Bytes of all graphs on one of `ranks` ranks with batches of up to `max_num_seqs`.
pub(super) fn bytes(law: &Graphs, layers: &[Layer], ranks: u64, max_num_seqs: u64) -> Bytes {
    let special = layers.iter().any(|layer| {
        let latent = matches!(layer.mixer, Mixer::Attention(it) if matches!(it.cache, Cache::Latent { .. }));
        latent || matches!(layer.feed_forward, FeedForward::Experts { .. })
    });
    let of_kind = if special { law.experts_gib } else { 0.0 };
    let of_ranks = if ranks > 1 { law.parallel_gib } else { 0.0 };
    let all = law.layer_gib.mul_add(layers.len() as f64, law.base_gib) + of_kind - of_ranks;
    let share = sizes(2 * max_num_seqs) as f64 / sizes(LARGEST) as f64;
    Bytes::from_gib(all.max(0.0) * share)
}

/// How many batch sizes are captured up to `most`: 1, 2, 4, then every eighth up to 255, then every sixteenth.
fn sizes(most: u64) -> u64 {
    let most = most.min(LARGEST);
    let small = [1, 2, 4].iter().filter(|size| **size <= most).count() as u64;
    small + most.min(255) / 8 + if most >= 256 { (most - 256) / 16 + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_engine() {
        assert_eq!([sizes(1), sizes(4), sizes(16), sizes(512), sizes(2048)], [1, 3, 5, 51, 51]);
    }
}
