//! The vision encoder: before an engine looks what is left for its pool, it has it read as much as one batch may bring.
//!
//! As many of the model's largest pictures as fill a batch of tokens, one at least, run through the tower at once; what it
//! made of them stays in its cache. Source: `profile_run` of vLLM 0.33.0, `compute_encoder_budget`. The tower's activations
//! follow the language model's own law: four times its width and its MLP's, in 16 bits. Compared: Qwen3.8 27B FP8 on two
//! RTX 3090 (1.66 GiB with graphs printed, 1.5 by this law), Qwen3.6 35B-A3B on an RTX 5090 (1.7 GiB left over, 1.9).

use super::Deployment;
use crate::catalog::model::{LargestPicture, Tower, Vision};
use crate::units::{Bytes, GIB};

/// Bytes of an element of pictures and activations.
const ELEMENT: f64 = 2.0;
/// Widths of the residual stream that lie in memory at the peak.
const STREAMS: f64 = 4.0;

/// What the encoder takes on one rank of a stage; `None` where it has none, or its dimensions or pictures are not known.
pub(super) fn peak(deployment: &Deployment<'_>, stage: usize) -> Option<Bytes> {
    let (settings, model) = (&deployment.settings, deployment.model);
    if !deployment.sees() || !deployment.ends(stage).0 || !settings.reserves() {
        return None;
    }
    let Some(Vision::Tower(tower)) = &model.vision else { return None };
    let picture = tower.largest.as_ref()?;
    let budget = settings.max_batched_tokens.max(picture.tokens);
    let made = budget as f64 * model.hidden_size as f64 * ELEMENT;
    let bytes = activations(tower, picture, budget, settings.ranks) + made;
    Some(Bytes::from_gib(bytes / GIB as f64))
}

/// Bytes of the tower's activations while it reads the pictures that a budget of tokens has room for.
fn activations(tower: &Tower, picture: &LargestPicture, budget: u64, ranks: u64) -> f64 {
    let pictures = (budget / picture.tokens.max(1)).max(1);
    let patches = (pictures * picture.patches) as f64;
    let matrices = if tower.gated { 3.0 } else { 2.0 };
    let inside = matrices * tower.intermediate_size as f64 / ranks.max(1) as f64;
    patches * ELEMENT * (STREAMS * tower.hidden_size as f64 + inside + tower.patch_values as f64)
}
