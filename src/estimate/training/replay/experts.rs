//! A router and experts whose products run group by group, as Transformers 5 writes them (`grouped_mm_experts_forward`).
//!
//! Adapters of experts (peft's `ParamWrapper`) are multiplied out into a second copy of all experts, which backward reads.

use super::feed_forward::MlpProgram;
use super::ledger::Of;
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};

/// Bytes of an index.
const INDEX: f64 = 8.0;

/// How a router weighs experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum RouterKind {
    /// A softmax in 32 bits, weights of the chosen experts in the type that runs (Qwen 3).
    Softmax,
    /// The same, weights in 32 bits (Mixtral).
    SoftmaxWide,
    /// All of it in 32 bits (`DeepSeek` V2).
    Wide,
    /// The same with a sigmoid in place of the softmax (`DeepSeek` V3).
    WideSigmoid,
    /// A sigmoid, all of it in the type that runs (LFM2).
    Sigmoid,
    /// A softmax over the chosen experts alone, in the type that runs; the router has biases (gpt-oss).
    SoftmaxOfChosen,
}

/// The experts of one layer.
#[expect(clippy::struct_excessive_bools, reason = "what a layer has or has not")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct ExpertsProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) experts: f64,
    /// Experts that a token passes through.
    pub(in crate::estimate::training) chosen: f64,
    pub(in crate::estimate::training) width: f64,
    pub(in crate::estimate::training) gated: bool,
    /// Matrices of experts have biases, and gate and up are cut off at a limit (gpt-oss).
    pub(in crate::estimate::training) clamped: bool,
    pub(in crate::estimate::training) router: RouterKind,
    /// Weights of the chosen experts add up to one.
    pub(in crate::estimate::training) normed: bool,
    /// What every token passes through besides.
    pub(in crate::estimate::training) shared: Option<MlpProgram>,
    /// That has a gate of one element (Qwen 2).
    pub(in crate::estimate::training) shared_gate: bool,
    /// Router and experts have adapters; the gate has.
    pub(in crate::estimate::training) adapted: bool,
    pub(in crate::estimate::training) gate_adapted: bool,
}

impl ExpertsProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let tape = run.tape;
        let Some(shared) = self.shared else { return self.routed(run, x) };
        if !self.shared_gate {
            let routed = self.routed(run, x);
            return tape.add(&routed, &shared.run(run, x));
        }
        let made = shared.run(run, x);
        let routed = self.routed(run, x);
        let gate =
            Matrix { inputs: self.hidden, outputs: 1.0, to_stream: false, adapted: self.gate_adapted, biased: false };
        let gate = tape.squash(&run.linear(x, gate));
        let gated = tape.mul(&made, &gate);
        drop((made, gate));
        tape.add(&routed, &gated)
    }

    fn routed(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let (pairs, width) = (rows * self.chosen, self.width / run.recipe.tensor);
        let weights = self.weights(run, x);
        if run.recipe.loops_experts {
            return self.looped(run, x, &weights);
        }
        let outputs = if self.gated { 2.0 * width } else { width };
        let down = self.factors(run, self.experts, [width, self.hidden], 1.0);
        let up = self.factors(run, self.experts, [self.hidden, outputs], if self.gated { 2.0 } else { 1.0 });
        let [order, source] = [(); 2].map(|()| tape.constant(pairs, INDEX));
        let selected = tape.made((pairs * self.hidden, x.width), Backward::Scatter, &[x], &[&source]);
        let ordered = tape.made((pairs, weights.width), Backward::Scatter, &[&weights], &[&order]);
        // Copies of weights, and what was selected, are let go with the module.
        let up = up.merged(run);
        let both = tape.matmul(&selected, &up, pairs * outputs);
        let both = if self.clamped { self.biased(run, &both, outputs) } else { both };
        let product = if self.clamped {
            clamped(run, both)
        } else if self.gated {
            let [gate, value] = [(); 2].map(|()| tape.part(&both, pairs * width));
            drop(both);
            tape.mul(&tape.activate(&gate), &value)
        } else {
            tape.activate(&both)
        };
        let down = down.merged(run);
        let made = tape.matmul(&product, &down, pairs * self.hidden);
        drop(product);
        let made = if self.clamped { self.biased(run, &made, self.hidden) } else { made };
        let weighted = tape.mul(&made, &ordered);
        let back = tape.constant(pairs, INDEX);
        let restored = tape.made((weighted.elements, weighted.width), Backward::Scatter, &[&weighted], &[&back]);
        drop(weighted);
        // Its gradient is spread over the experts before it is put into order.
        let each = tape.part(&restored, restored.elements);
        drop(restored);
        let summed = tape.made((x.elements, each.width), Backward::Expand, &[&each], &[]);
        drop(each);
        let summed = tape.cast(&summed, x.width);
        drop((selected, up, down, made));
        summed
    }

    /// Biases of the experts added, each to its own rows.
    fn biased(&self, run: &Run<'_>, x: &Tensor, width: f64) -> Tensor {
        let bias = run.weight(self.experts * width);
        let each = run.tape.made((x.elements, bias.width), Backward::Each, &[&bias], &[]);
        run.tape.add(x, &each)
    }

    /// A matrix of each of so many experts, and its adapter; `parts` matrices are one.
    fn factors(&self, run: &Run<'_>, experts: f64, [inputs, outputs]: [f64; 2], parts: f64) -> Factors {
        let weight = run.weight(experts * inputs * outputs);
        if run.recipe.full || !self.adapted {
            return Factors { weight, adapter: None };
        }
        let (tape, recipe) = (run.tape, run.recipe);
        let rank = recipe.rank * experts * parts;
        let [down, up] = [inputs, outputs].map(|width| run.adapter(rank * width));
        let adapter = [down, up].map(|factor| tape.cast(&factor, recipe.width));
        // That the copy fits is tried before it is made.
        drop(tape.constant_of(Of::Weight, weight.elements, recipe.width));
        Factors { weight, adapter: Some(adapter) }
    }

    /// Weights of the chosen experts.
    fn weights(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let router = self.factors(run, 1.0, [self.hidden, self.experts], 1.0).merged(run);
        if self.router == RouterKind::SoftmaxOfChosen {
            let bias = run.weight(self.experts);
            let logits = run.apply_with(x, &router, Some(&bias), rows * self.experts);
            let chosen = tape.constant(rows * self.chosen, INDEX);
            let best = tape.made((chosen.elements, logits.width), Backward::Scatter, &[&logits], &[&chosen]);
            return tape.squash(&best);
        }
        let wide = matches!(self.router, RouterKind::Wide | RouterKind::WideSigmoid);
        let logits = if wide {
            let [x, router] = [x, &router].map(|it| tape.cast(it, SINGLE));
            run.apply(&x, &router, rows * self.experts)
        } else {
            run.apply(x, &router, rows * self.experts)
        };
        let width = if self.router == RouterKind::Sigmoid { logits.width } else { SINGLE };
        let scores = tape.cast(&logits, width);
        let shares = tape.squash(&scores);
        drop(scores);
        let chosen = tape.constant(rows * self.chosen, INDEX);
        let best = tape.made((chosen.elements, width), Backward::Scatter, &[&shares], &[&chosen]);
        drop(shares);
        let mut weights = best;
        if self.normed {
            let sum = tape.made((rows, width), Backward::Expand, &[&weights], &[]);
            weights = tape.made((weights.elements, width), Backward::Each, &[&weights, &sum], &[&weights, &sum]);
        }
        match self.router {
            RouterKind::Softmax => tape.cast(&weights, logits.width),
            RouterKind::SoftmaxWide | RouterKind::SoftmaxOfChosen => weights,
            RouterKind::Wide | RouterKind::WideSigmoid | RouterKind::Sigmoid => tape.scale(&weights),
        }
    }
}

/// Matrices of experts, and the factors of what is added to them.
struct Factors {
    weight: Tensor,
    adapter: Option<[Tensor; 2]>,
}

impl Factors {
    /// The matrices as they are multiplied with.
    fn merged(&self, run: &Run<'_>) -> Tensor {
        let Some([down, up]) = &self.adapter else { return self.weight.clone() };
        run.tape.made((self.weight.elements, self.weight.width), Backward::Each, &[down, up], &[down, up])
    }
}

/// `(up + 1) * gate * sigmoid(alpha * gate)`, gate and up cut off first.
fn clamped(run: &Run<'_>, both: Tensor) -> Tensor {
    let tape = run.tape;
    // Each keeps all of what it is cut off from.
    let [gate, up] = [(); 2].map(|()| tape.activate(&tape.part(&both, both.elements / 2.0)));
    drop(both);
    let share = tape.squash(&tape.scale(&gate));
    let gated = tape.mul(&gate, &share);
    drop((gate, share));
    let up = tape.made((up.elements, up.width), Backward::Pass, &[&up], &[]);
    tape.mul(&up, &gated)
}
