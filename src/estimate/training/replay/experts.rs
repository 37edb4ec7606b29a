//! A router and experts whose products run group by group, as Transformers 5 writes them (`grouped_mm_experts_forward`).

use super::ops::SINGLE;
use super::recipe::Run;
use super::tensor::{Backward, Tensor};

/// Bytes of an index.
const INDEX: f64 = 8.0;

/// The experts of one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct ExpertsProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) experts: f64,
    /// Experts that a token passes through.
    pub(in crate::estimate::training) chosen: f64,
    pub(in crate::estimate::training) width: f64,
    pub(in crate::estimate::training) gated: bool,
    /// Weights of the chosen experts stay in 32 bits (Mixtral).
    pub(in crate::estimate::training) wide_weights: bool,
}

impl ExpertsProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let (pairs, width) = (rows * self.chosen, self.width / run.recipe.tensor);
        let weights = self.weights(run, x);
        let [order, source] = [(); 2].map(|()| tape.constant(pairs, INDEX));
        let selected = tape.made((pairs * self.hidden, x.width), Backward::Each, &[x], &[&source]);
        let ordered = tape.made((pairs, weights.width), Backward::Each, &[&weights], &[&order]);
        let outputs = if self.gated { 2.0 * width } else { width };
        let up = run.weight(self.experts * self.hidden * outputs);
        let both = tape.matmul(&selected, &up, pairs * outputs);
        let product = if self.gated {
            let [gate, up] = [(); 2].map(|()| tape.part(&both, pairs * width));
            drop(both);
            tape.mul(&tape.activate(&gate), &up)
        } else {
            tape.activate(&both)
        };
        let down = run.weight(self.experts * width * self.hidden);
        let made = tape.matmul(&product, &down, pairs * self.hidden);
        drop(product);
        let weighted = tape.mul(&made, &ordered);
        drop(made);
        let back = tape.constant(pairs, INDEX);
        let restored = tape.made((weighted.elements, weighted.width), Backward::Each, &[&weighted], &[&back]);
        drop(weighted);
        let summed = tape.made((x.elements, restored.width), Backward::Expand, &[&restored], &[]);
        tape.cast(&summed, x.width)
    }

    /// Weights of the chosen experts.
    fn weights(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let router = run.weight(self.experts * self.hidden);
        let logits = run.apply(x, &router, rows * self.experts);
        let wide = tape.cast(&logits, SINGLE);
        let shares = tape.squash(&wide);
        drop(wide);
        let chosen = tape.constant(rows * self.chosen, INDEX);
        let best = tape.made((chosen.elements, SINGLE), Backward::Each, &[&shares], &[&chosen]);
        drop(shares);
        let sum = tape.made((rows, SINGLE), Backward::Expand, &[&best], &[]);
        let normed = tape.made((best.elements, SINGLE), Backward::Each, &[&best, &sum], &[&best, &sum]);
        if self.wide_weights { normed } else { tape.cast(&normed, logits.width) }
    }
}
