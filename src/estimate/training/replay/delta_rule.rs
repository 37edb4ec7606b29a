//! The gated delta rule over chunks of a sequence, as Qwen3-Next and Qwen 3.5 train it with the kernels of
//! flash-linear-attention and causal-conv1d.
//!
//! Sources: `transformers/models/qwen3_5/modeling_qwen3_5.py` and `qwen3_next`; flash-linear-attention
//! (`fla/ops/gated_delta_rule/chunk.py`, `fla/ops/common/chunk_delta_h.py`, `chunk_o.py`).

use super::ledger::Of;
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};

/// Tokens of a chunk (`chunk_size`).
const CHUNK: f64 = 64.0;

/// The shape of one layer's delta rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct DeltaRuleProgram {
    pub(in crate::estimate::training) hidden: f64,
    /// Heads of keys and queries, and elements of one.
    pub(in crate::estimate::training) key_heads: f64,
    pub(in crate::estimate::training) key_dim: f64,
    /// Heads of values, and elements of one.
    pub(in crate::estimate::training) heads: f64,
    pub(in crate::estimate::training) value_dim: f64,
    pub(in crate::estimate::training) kernel: f64,
    /// One matrix for queries, keys, values and the gate, and one for both rates (Qwen3-Next).
    pub(in crate::estimate::training) joined: bool,
    pub(in crate::estimate::training) adapted: bool,
}

/// Widths of a token's rows on one card.
#[derive(Clone, Copy)]
struct Widths {
    keys: f64,
    values: f64,
    key_heads: f64,
    heads: f64,
    /// Keys, once each value head has its own.
    spread_keys: f64,
}

/// What goes into the rule.
struct Inputs {
    /// Queries, keys and values, one after the other.
    mixed: Tensor,
    gate: Tensor,
    /// How much is written, and what decays.
    write: Tensor,
    decay: Tensor,
}

impl DeltaRuleProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, rows, widths) = (run.tape, run.recipe.rows, self.widths(run));
        let channels = 2.0 * widths.keys + widths.values;
        let Inputs { mixed, gate, write, decay } = self.inputs(run, x, widths);
        let weight = run.weight(self.kernel * channels);
        let convolved =
            tape.made((rows * channels, mixed.width), Backward::Each, &[&mixed, &weight], &[&mixed, &weight]);
        drop(mixed);
        let write = tape.squash(&write);
        let [bias, rate] = [(); 2].map(|()| run.weight(widths.heads));
        let biased = tape.add(&tape.cast(&decay, SINGLE), &tape.cast(&bias, SINGLE));
        let soft = tape.activate(&biased);
        drop(biased);
        let decay = tape.mul(&soft, &tape.squash(&tape.cast(&rate, SINGLE)));
        drop(soft);
        let made = self.rule(run, widths, [&convolved, &decay, &write]);
        drop((convolved, decay, write));
        let norm = run.weight(self.value_dim);
        let normed = tape.rms_norm(&made, self.value_dim, Some(&norm));
        let activated = tape.activate(&tape.cast(&gate, SINGLE));
        let gated = tape.mul(&normed, &activated);
        drop((normed, activated));
        let gated = tape.cast(&gated, made.width);
        drop((made, gate));
        let Self { hidden, adapted, .. } = *self;
        run.linear(&gated, Matrix { inputs: widths.values, outputs: hidden, to_stream: true, adapted, biased: false })
    }

    fn widths(&self, run: &Run<'_>) -> Widths {
        let tensor = run.recipe.tensor;
        let (key_heads, heads) = (self.key_heads / tensor, self.heads / tensor);
        Widths {
            keys: key_heads * self.key_dim,
            values: heads * self.value_dim,
            key_heads,
            heads,
            spread_keys: heads * self.key_dim,
        }
    }

    fn inputs(&self, run: &Run<'_>, x: &Tensor, widths: Widths) -> Inputs {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let Widths { keys, values, heads, .. } = widths;
        let channels = 2.0 * keys + values;
        let Self { hidden, adapted, .. } = *self;
        let matrix = |outputs: f64| Matrix { inputs: hidden, outputs, to_stream: false, adapted, biased: false };
        if !self.joined {
            let mixed = run.linear(x, matrix(channels));
            let gate = run.linear(x, matrix(values));
            let [write, decay] = [(); 2].map(|()| run.linear(x, matrix(heads)));
            return Inputs { mixed, gate, write, decay };
        }
        let all = run.linear(x, matrix(channels + values));
        let rates = run.linear(x, matrix(2.0 * heads));
        // Put into the order of heads, part by part.
        let ordered = |whole: &Tensor, width: f64| {
            let part = tape.part(whole, rows * width);
            tape.made((part.elements, part.width), Backward::Pass, &[&part], &[])
        };
        let mixed = {
            let parts = [keys, keys, values].map(|width| ordered(&all, width));
            tape.joined(&[&parts[0], &parts[1], &parts[2]], rows * channels)
        };
        let gate = ordered(&all, values);
        let [write, decay] = [(); 2].map(|()| ordered(&rates, heads));
        Inputs { mixed, gate, write, decay }
    }

    /// The rule in its kernels: keeps queries and keys of unit length, values, the decays' sums, and for each chunk the products
    /// of its keys. States of the chunks are made again for the backward pass.
    fn rule(&self, run: &Run<'_>, widths: Widths, [mixed, decay, write]: [&Tensor; 3]) -> Tensor {
        let Widths { keys, values, key_heads, heads, spread_keys } = widths;
        let (tape, rows, width) = (run.tape, run.recipe.rows, mixed.width);
        let chunks = rows / run.recipe.sequence * (run.recipe.sequence / CHUNK).ceil();
        let of = |elements: f64| tape.constant(elements, width);
        let states = chunks * heads * self.key_dim * self.value_dim;
        let whole = tape.part(mixed, mixed.elements);
        // Kernels ask for queries, keys and values without gaps.
        let plain = [keys, keys].map(|width| of(rows * width));
        let value = of(rows * values);
        let unit = [(); 2].map(|()| (of(rows * keys), tape.constant(rows * key_heads, SINGLE)));
        let sums = tape.constant(rows * heads, SINGLE);
        let passing = [of(rows * spread_keys), of(rows * values)];
        let products = of(rows * heads * CHUNK);
        let passing = (passing, of(states), of(rows * values));
        // Both factors and the values' update once more, states and their gradients, and what of keys is not added up yet.
        let beside = width * (3.0 * rows * (spread_keys + values) + 2.0 * states);
        let [(query, query_root), (key, key_root)] = &unit;
        let saved = [query, query_root, key, key_root, &value, &sums, write, &products];
        let beside = Backward::Beside(Of::Tokens, beside);
        let made = tape.made((rows * values, width), beside, &[&whole, decay, write], &saved);
        drop((plain, passing));
        made
    }
}
