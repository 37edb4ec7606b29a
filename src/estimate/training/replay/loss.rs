//! The output matrix and the loss: all logits at once, Liger's fused kernel, torchtune's chunks.
//!
//! Sources: `transformers/loss/loss_utils.py`, liger-kernel 0.8.5 (`ops/fused_linear_cross_entropy.py`), torchtune 0.6.1
//! (`modules/loss/ce_chunked_output_loss.py`).

use super::ledger::Of;
use super::ops::SINGLE;
use super::recipe::{HALF, Run};
use super::tensor::{Backward, Tensor};
use crate::estimate::training::method::LossKernel;

/// Chunks of torchtune's loss (`num_output_chunks`).
const CHUNKS: usize = 8;

/// The loss, and what the trainer keeps until the step is over.
pub(super) struct Lost {
    pub(super) loss: Tensor,
    pub(super) outputs: Option<Tensor>,
}

/// The loss of what the layers put out; `begins` is told when it begins.
pub(super) fn loss(
    run: &Run<'_>,
    hidden: Tensor,
    head: &Tensor,
    vocabulary: f64,
    capped: bool,
    begins: impl Fn(),
) -> Lost {
    let rows = run.recipe.rows;
    match run.recipe.loss {
        LossKernel::Standard | LossKernel::WithoutOutputs => {
            let logits = logits(run, &hidden, head, rows * vocabulary);
            let logits = if capped { run.tape.capped(logits) } else { logits };
            begins();
            let loss = entropy(run, &logits);
            drop(hidden);
            let keeps = run.recipe.loss == LossKernel::Standard;
            Lost { loss, outputs: keeps.then_some(logits) }
        }
        LossKernel::Fused => {
            begins();
            Lost { loss: fused(run, &hidden, head, vocabulary), outputs: None }
        }
        LossKernel::Chunked => {
            begins();
            let part = hidden.elements / CHUNKS as f64;
            let parts = [(); CHUNKS].map(|()| hidden.viewed(part));
            drop(hidden);
            let made = parts.map(|part| logits(run, &part, head, rows * vocabulary / CHUNKS as f64));
            let losses: Vec<Tensor> = made.iter().map(|logits| entropy(run, logits)).collect();
            drop(made);
            let all: Vec<&Tensor> = losses.iter().collect();
            Lost { loss: run.tape.made((1.0, SINGLE), Backward::Each, &all, &[]), outputs: None }
        }
    }
}

fn logits(run: &Run<'_>, hidden: &Tensor, head: &Tensor, elements: f64) -> Tensor {
    let x = run.running(hidden);
    let weight = run.running_weight(head);
    let kept = [(&weight, &x), (&x, &weight)].into_iter().filter_map(|(it, kept)| it.wants_gradient().then_some(kept));
    run.tape.logits(elements, x.width, &[&x, &weight], &kept.collect::<Vec<_>>())
}

/// Cross-entropy in 32 bits.
fn entropy(run: &Run<'_>, logits: &Tensor) -> Tensor {
    let tape = run.tape;
    let wide = tape.cast(logits, SINGLE);
    let likelihood = tape.squash(&wide);
    drop(wide);
    tape.made((1.0, SINGLE), Backward::Each, &[&likelihood], &[&likelihood])
}

/// Gradients are calculated with the loss, chunk by chunk, and handed on by the backward pass.
fn fused(run: &Run<'_>, hidden: &Tensor, head: &Tensor, vocabulary: f64) -> Tensor {
    let (tape, chunk) = (run.tape, run.recipe.loss_chunk);
    let width = if run.recipe.autocast { HALF } else { hidden.width };
    let of_input = hidden.wants_gradient().then(|| tape.constant(hidden.elements, hidden.width));
    let like_head = |width: f64| tape.constant_of(Of::Weight, head.elements, width);
    let of_weight = head.wants_gradient().then(|| like_head(head.width));
    let narrow = (hidden.width != width).then(|| tape.constant(chunk * hidden.elements / run.recipe.rows, width));
    let weight = (head.width != width && !head.wants_gradient()).then(|| like_head(width));
    let logits = tape.logits(chunk * vocabulary, width, &[], &[]);
    // 32-bit gradients are added up beside the product.
    let product = (of_weight.is_some() && head.width > HALF).then(|| like_head(head.width));
    drop((narrow, weight, logits, product));
    let given: Vec<&Tensor> = of_input.iter().chain(&of_weight).collect();
    tape.made((1.0, SINGLE), Backward::Given, &[hidden, head], &given)
}
