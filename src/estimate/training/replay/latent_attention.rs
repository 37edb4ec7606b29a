//! Multi-head latent attention, as `DeepSeek` V2 and V3 train it: the latents are unfolded into keys and values of every head.
//!
//! Sources: `transformers/models/deepseek_v3/modeling_deepseek_v3.py`; `integrations/flash_attention.py`, which pads values that
//! are narrower than keys and crops the result.

use super::attention::AttentionCore;
use super::norm::NormKind;
use super::ops::SINGLE;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};
use crate::estimate::training::method::{Keeps, Scores};

/// How positions are turned in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum LatentTurn {
    /// Pairs of neighbors, in the type that runs (V3).
    Pairs,
    /// The same as complex numbers of 32 bits (V2).
    Complex,
}

/// The shape of one layer's latent attention.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct LatentAttentionProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) heads: f64,
    /// Width of the queries' latent, 0 where they have none; of that of keys and values.
    pub(in crate::estimate::training) query_rank: f64,
    pub(in crate::estimate::training) rank: f64,
    /// Elements of a head's key without and with its position; of its value.
    pub(in crate::estimate::training) plain: f64,
    pub(in crate::estimate::training) turned: f64,
    pub(in crate::estimate::training) value: f64,
    pub(in crate::estimate::training) norm: NormKind,
    pub(in crate::estimate::training) turn: LatentTurn,
    /// Which matrices have adapters: what unfolds queries and values; all.
    pub(in crate::estimate::training) adapts: [bool; 2],
}

impl LatentAttentionProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor, tables: &Tensor) -> Tensor {
        let (tape, rows) = (run.tape, run.recipe.rows);
        let heads = self.heads / run.recipe.tensor;
        let [some, all] = self.adapts;
        let into = |inputs: f64, outputs: f64, adapted: bool| Matrix {
            inputs,
            outputs,
            to_stream: false,
            adapted,
            biased: false,
        };
        let key = self.plain + self.turned;
        let q = if self.query_rank > 0.0 {
            let latent = run.linear(x, into(self.hidden, self.query_rank, all));
            let normed = self.norm.run(run, &latent, self.query_rank);
            drop(latent);
            run.linear(&normed, into(self.query_rank, heads * key, some))
        } else {
            run.linear(x, into(self.hidden, heads * key, some))
        };
        let both = run.linear(x, into(self.hidden, self.rank + self.turned, all));
        let latent = self.norm.run(run, &tape.part(&both, rows * self.rank), self.rank);
        let turned = self.turned(run, &tape.part(&q, rows * heads * self.turned), tables);
        let key_turned = self.turned(run, &tape.part(&both, rows * self.turned), tables);
        let queries = tape.joined(&[&tape.part(&q, rows * heads * self.plain), &turned], rows * heads * key);
        drop(turned);
        let unfolded = run.linear(&latent, into(self.rank, heads * (self.plain + self.value), some));
        let plain = tape.part(&unfolded, rows * heads * self.plain);
        let values = tape.part(&unfolded, rows * heads * self.value);
        drop(unfolded);
        let keys = tape.copied_into(&[&plain, &key_turned], rows * heads * key);
        drop((plain, key_turned));
        let states = [&queries, &keys, &values];
        let selective = run.recipe.keeps == Keeps::AllButScores && run.recipe.scores != Scores::Never;
        let out = if selective && !tape.is_rebuilding() {
            tape.checkpointed(run.layer, &states, || self.core(run, states))
        } else {
            self.core(run, states)
        };
        drop((q, both, queries, keys, values));
        run.linear(&out, Matrix { to_stream: true, ..into(heads * self.value, self.hidden, all) })
    }
    /// What attention itself does with queries, keys and values.
    pub(super) fn core(&self, run: &Run<'_>, [q, k, v]: [&Tensor; 3]) -> Tensor {
        let (tape, rows, heads) = (run.tape, run.recipe.rows, self.heads / run.recipe.tensor);
        let key = self.plain + self.turned;
        let core =
            AttentionCore { heads, keys: heads * key, values: heads * self.value, softcap: false, reorders: false };
        if self.value >= key || run.recipe.scores != Scores::Never || run.recipe.padding {
            return core.run(run, [q, k, v]);
        }
        let padded = tape.resized(v, k.elements);
        let out = AttentionCore { values: core.keys, ..core }.run(run, [q, k, &padded]);
        let cropped = tape.part(&out, rows * core.values);
        drop((out, padded));
        tape.scale(&cropped)
    }

    /// Positions turned in.
    fn turned(&self, run: &Run<'_>, x: &Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        match self.turn {
            LatentTurn::Pairs => {
                let [one, other] = [(); 2].map(|()| tape.part(x, x.elements / 2.0));
                let turned = || {
                    let products = [&one, &other]
                        .map(|half| tape.made((half.elements, half.width), Backward::Each, &[half], &[tables]));
                    tape.add(&products[0], &products[1])
                };
                tape.joined(&[&turned(), &turned()], x.elements)
            }
            LatentTurn::Complex => {
                let wide = tape.cast(x, SINGLE);
                let turned = tape.made((wide.elements, wide.width), Backward::Each, &[&wide], &[tables]);
                drop(wide);
                tape.cast(&turned, x.width)
            }
        }
    }
}
