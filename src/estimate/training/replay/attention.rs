//! Attention over keys and values, as Transformers writes it.

use super::norm::{HeadNorm, NormKind};
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::Tensor;
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
    /// Queries and keys are turned by their position.
    pub(in crate::estimate::training) turns: bool,
    /// Scores are capped.
    pub(in crate::estimate::training) softcap: bool,
    /// One matrix for queries, keys and values.
    pub(in crate::estimate::training) fused: bool,
    /// Queries come with a gate for what attention puts out.
    pub(in crate::estimate::training) gated: bool,
    /// Which matrices have adapters: queries and values; all.
    pub(in crate::estimate::training) adapts: [bool; 2],
}

impl AttentionProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        let (queries, keys) = self.widths(run);
        let [some, all] = self.adapts;
        let matrix = |outputs: f64, adapted: bool| Matrix { inputs: self.hidden, outputs, to_stream: false, adapted };
        let rows = run.recipe.rows;
        let mut gate = None;
        let [q, k, v] = if self.fused {
            let made = run.linear(x, matrix(queries + 2.0 * keys, all));
            [queries, keys, keys].map(|width| tape.part(&made, rows * width))
        } else {
            let mut q = run.linear(x, matrix(queries * if self.gated { 2.0 } else { 1.0 }, some));
            if self.gated {
                gate = Some(tape.part(&q, rows * queries));
                q = tape.part(&q, rows * queries);
            }
            let q = self.normed(run, q, queries);
            let k = self.normed(run, run.linear(x, matrix(keys, all)), keys);
            [q, k, run.linear(x, matrix(keys, some))]
        };
        let (q, k) = if self.turns { (tape.rope(&q, tables), tape.rope(&k, tables)) } else { (q, k) };
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
        run.linear(&out, Matrix { inputs: queries, outputs: self.hidden, to_stream: true, adapted: all })
    }

    fn widths(&self, run: &Run<'_>) -> (f64, f64) {
        (self.heads * self.head_dim / run.recipe.tensor, self.kv_heads * self.head_dim / run.recipe.tensor)
    }

    fn normed(&self, run: &Run<'_>, x: Tensor, width: f64) -> Tensor {
        match self.head_norm {
            HeadNorm::None => x,
            HeadNorm::Each => self.norm.run(run, &x, self.head_dim),
            HeadNorm::All => self.norm.run(run, &x, width),
        }
    }

    /// What attention itself does with queries, keys and values.
    pub(super) fn core(&self, run: &Run<'_>, [q, k, v]: [&Tensor; 3]) -> Tensor {
        let (tape, recipe) = (run.tape, run.recipe);
        let values = recipe.rows * self.widths(run).0;
        let scores = recipe.rows * recipe.sequence * self.heads / recipe.tensor;
        match recipe.scores {
            Scores::Never => {
                let (mut k, mut v) = (k.clone(), v.clone());
                if recipe.padding {
                    (k, v) = (tape.repeat(&k, values), tape.repeat(&v, values));
                }
                let [q, k, v] = [q, &k, &v].map(|it| run.running(it));
                let mask = recipe.padding.then(|| tape.constant(recipe.rows * recipe.sequence, q.width));
                let sums = recipe.rows * self.heads / recipe.tensor;
                let out = tape.flash([&q, &k, &v], sums, values, mask.as_ref());
                // Values that are part of a wider tensor leave it in their order.
                if self.fused { tape.scale(&out) } else { out }
            }
            Scores::Several => {
                let (k, v) = (tape.repeat(k, values), tape.repeat(v, values));
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
