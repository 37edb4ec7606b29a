//! Attention over keys and values, as Transformers writes it.

use super::norm::{HeadNorm, NormKind};
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};
use crate::estimate::training::method::{Keeps, Scores};

/// The shape of one layer's attention.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub(in crate::estimate::training) struct AttentionProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) heads: f64,
    pub(in crate::estimate::training) kv_heads: f64,
    pub(in crate::estimate::training) head_dim: f64,
    pub(in crate::estimate::training) norm: NormKind,
    pub(in crate::estimate::training) head_norm: HeadNorm,
    /// Elements of a head that are turned by their position, 0 for none.
    pub(in crate::estimate::training) turned: f64,
    /// They are in 32 bits (Cohere).
    pub(in crate::estimate::training) turned_wide: bool,
    /// Scores are capped.
    pub(in crate::estimate::training) softcap: bool,
    /// One matrix for queries, keys and values.
    pub(in crate::estimate::training) fused: bool,
    /// Values are normed, without weights; they are the keys before those are normed (Gemma 4).
    pub(in crate::estimate::training) normed_values: bool,
    pub(in crate::estimate::training) keys_as_values: bool,
    /// Queries come with a gate for what attention puts out.
    pub(in crate::estimate::training) gated: bool,
    /// Which matrices have biases: queries, keys and values; the output.
    pub(in crate::estimate::training) biases: [bool; 2],
    /// Which matrices have adapters: queries and values; all.
    pub(in crate::estimate::training) adapts: [bool; 2],
}

impl AttentionProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        let (queries, keys) = self.widths(run);
        let [some, all] = self.adapts;
        let biased = self.biases[0];
        let matrix =
            |outputs: f64, adapted: bool| Matrix { inputs: self.hidden, outputs, to_stream: false, adapted, biased };
        let rows = run.recipe.rows;
        let mut gate = None;
        let [q, k, v] = if self.fused {
            let made = run.linear(x, matrix(queries + 2.0 * keys, all));
            [queries, keys, keys].map(|width| tape.part(&made, rows * width))
        } else {
            let mut q = run.linear(x, matrix(queries * if self.gated { 2.0 } else { 1.0 }, some));
            if self.gated {
                // Lies between the queries of the heads: a copy is made.
                let part = tape.part(&q, rows * queries);
                gate = Some(tape.made((part.elements, part.width), Backward::Pass, &[&part], &[]));
                q = tape.part(&q, rows * queries);
            }
            let q = self.normed(run, q, queries);
            let made = run.linear(x, matrix(keys, all));
            let shared = self.keys_as_values.then(|| made.clone());
            let k = self.normed(run, made, keys);
            let v = shared.unwrap_or_else(|| run.linear(x, matrix(keys, some)));
            [q, k, if self.normed_values { tape.rms_norm(&v, self.head_dim, None) } else { v }]
        };
        let (q, k) = (self.turn(run, q, tables), self.turn(run, k, tables));
        let selective = run.recipe.keeps == Keeps::AllButScores && run.recipe.scores != Scores::Never;
        let out = if selective && !tape.is_rebuilding() {
            tape.checkpointed(run.layer, &[&q, &k, &v], || self.core(run, [&q, &k, &v]))
        } else {
            self.core(run, [&q, &k, &v])
        };
        drop((q, k, v));
        let out = match gate {
            Some(gate) => tape.mul(&out, &tape.squash(&gate)),
            None => out,
        };
        run.linear(
            &out,
            Matrix { inputs: queries, outputs: self.hidden, to_stream: true, adapted: all, biased: self.biases[1] },
        )
    }

    fn widths(&self, run: &Run<'_>) -> (f64, f64) {
        (self.heads * self.head_dim / run.recipe.tensor, self.kv_heads * self.head_dim / run.recipe.tensor)
    }

    /// Positions turned in, to all of each head or to its first elements.
    fn turn(&self, run: &Run<'_>, x: Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        if self.turned == 0.0 {
            return x;
        }
        if self.turned_wide {
            let wide = tape.cast(&x, SINGLE);
            let turned = tape.rope(&wide, tables);
            return tape.cast(&turned, x.width);
        }
        if self.turned >= self.head_dim {
            return tape.rope(&x, tables);
        }
        let first = x.elements * self.turned / self.head_dim;
        let rest = tape.part(&x, x.elements - first);
        let turned = tape.rope(&tape.part(&x, first), tables);
        tape.joined(&[&turned, &rest], x.elements)
    }

    fn normed(&self, run: &Run<'_>, x: Tensor, width: f64) -> Tensor {
        match self.head_norm {
            HeadNorm::None => x,
            HeadNorm::Each => self.norm.run(run, &x, self.head_dim),
            HeadNorm::All => self.norm.run(run, &x, width),
        }
    }

    /// What attention itself does with queries, keys and values.
    pub(super) fn core(&self, run: &Run<'_>, states: [&Tensor; 3]) -> Tensor {
        let width = self.widths(run).0;
        let core = AttentionCore {
            heads: self.heads / run.recipe.tensor,
            keys: width,
            values: width,
            softcap: self.softcap,
            reorders: self.fused,
        };
        core.run(run, states)
    }
}

/// Attention itself, of all heads on a card.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttentionCore {
    pub(super) heads: f64,
    /// Elements of a token's keys and values once each head has its own.
    pub(super) keys: f64,
    pub(super) values: f64,
    /// Scores are capped.
    pub(super) softcap: bool,
    /// Values that are part of a wider tensor leave flash attention in their order.
    pub(super) reorders: bool,
}

impl AttentionCore {
    /// What queries, keys and values come to.
    pub(super) fn run(&self, run: &Run<'_>, [q, k, v]: [&Tensor; 3]) -> Tensor {
        let (tape, recipe) = (run.tape, run.recipe);
        let [keys, values] = [self.keys, self.values].map(|width| recipe.rows * width);
        let scores = recipe.rows * recipe.sequence * self.heads;
        match recipe.scores {
            Scores::Never => {
                let (mut k, mut v) = (k.clone(), v.clone());
                if recipe.padding {
                    (k, v) = (tape.repeat(&k, keys), tape.repeat(&v, values));
                }
                let [q, k, v] = [q, &k, &v].map(|it| run.running(it));
                let mask = recipe.padding.then(|| tape.constant(recipe.rows * recipe.sequence, q.width));
                let out = tape.flash([&q, &k, &v], recipe.rows * self.heads, values, mask.as_ref());
                if self.reorders { tape.scale(&out) } else { out }
            }
            Scores::Several => {
                let (k, v) = (tape.repeat(k, keys), tape.repeat(v, values));
                let made = run.product(q, &k, scores);
                let scaled = tape.scale(&made);
                drop(made);
                let scaled = if self.softcap { tape.capped(scaled) } else { scaled };
                // The mask is added.
                let masked = tape.scale(&scaled);
                drop(scaled);
                let wide = tape.cast(&masked, SINGLE);
                let weights = tape.squash(&wide);
                drop((masked, wide));
                let mut weights = tape.cast(&weights, q.width);
                if recipe.full && recipe.dropout {
                    weights = tape.dropout(&weights);
                }
                let out = run.product(&weights, &v, values);
                drop(weights);
                tape.scale(&out)
            }
            // Scaled, masked and squashed in one kernel.
            Scores::Once => {
                let made = run.product(q, k, scores);
                let mut weights = tape.squash(&made);
                drop(made);
                if recipe.full && recipe.dropout {
                    weights = tape.dropout(&weights);
                }
                run.product(&weights, v, values)
            }
        }
    }
}
