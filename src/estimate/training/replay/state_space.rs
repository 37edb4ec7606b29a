//! Mamba-2's scan of a state space over chunks of a sequence, in the one kernel that its packages have for training.
//!
//! Sources: `transformers/models/nemotron_h/modeling_nemotron_h.py` and `granitemoehybrid`; mamba
//! (`mamba_ssm/ops/triton/ssd_combined.py`, `MambaSplitConv1dScanCombinedFn`).

use super::ledger::Of;
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};

/// The shape of one layer's state space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct StateSpaceProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) heads: f64,
    pub(in crate::estimate::training) head_dim: f64,
    /// Elements of the state of a channel, and groups of heads that share what goes into it and out.
    pub(in crate::estimate::training) state: f64,
    pub(in crate::estimate::training) groups: f64,
    pub(in crate::estimate::training) kernel: f64,
    /// Tokens of a chunk (`chunk_size`).
    pub(in crate::estimate::training) chunk: f64,
    /// The convolution has a bias.
    pub(in crate::estimate::training) biased: bool,
    pub(in crate::estimate::training) adapted: bool,
}

impl StateSpaceProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, recipe) = (run.tape, run.recipe);
        let (rows, tensor) = (recipe.rows, recipe.tensor);
        let (heads, groups) = (self.heads / tensor, (self.groups / tensor).max(1.0));
        let inner = heads * self.head_dim;
        let channels = inner + 2.0 * groups * self.state;
        let into = Matrix {
            inputs: self.hidden,
            outputs: inner + channels + heads,
            to_stream: false,
            adapted: self.adapted,
            biased: false,
        };
        let all = run.linear(x, into);
        let mut weights = vec![run.weight(self.kernel * channels), run.weight(inner)];
        weights.extend(self.biased.then(|| run.weight(channels)));
        // What steps are added to, how fast the state decays, and what passes it by.
        weights.extend([(); 3].map(|()| run.weight(heads)));
        // The kernel takes the matrix itself and multiplies with it, whatever a trainer has put around it.
        let out = run.weight(inner * self.hidden);
        let width = all.width;
        let copied = recipe.autocast && out.width != width;
        let of = |elements: f64| tape.constant(elements, width);
        let wide = |elements: f64| tape.constant(elements, SINGLE);
        let chunks = rows / recipe.sequence * (recipe.sequence / self.chunk).ceil();
        let (states, products) = (chunks * inner * self.state, chunks * groups * self.chunk * self.chunk);
        let convolved = of(rows * channels);
        let steps = [(); 2].map(|()| wide(rows * heads));
        let before = wide(states);
        let passed = of(states);
        drop(before);
        let scores = wide(products);
        let scanned = of(rows * inner);
        drop((passed, scores, steps, convolved));
        let root = wide(rows * groups);
        let normed = of(rows * inner);
        // The normed result and the convolved once more, gradients of the latter and of the scanned, twice, and of the normed.
        let own = width * rows * (3.0 * inner + 2.0 * channels) + SINGLE * products;
        // States and their gradients in 32 bits and in 16, or what each group adds up.
        let passing = (2.0 * (SINGLE + width) * states)
            .max(SINGLE * products + 2.0 * width * states + 2.0 * SINGLE * rows * groups * self.state);
        let copy = copied.then(|| tape.constant_of(Of::Weight, out.elements, width));
        let saved: Vec<&Tensor> = [&all, &scanned, &root].into_iter().chain(&copy).collect();
        let inputs: Vec<&Tensor> = std::iter::once(&all).chain([&out]).chain(&weights).collect();
        let stream = rows * self.hidden / recipe.shares_rows;
        let made = tape.made((stream, width), Backward::Beside(Of::Tokens, own + passing), &inputs, &saved);
        drop(normed);
        made
    }
}
