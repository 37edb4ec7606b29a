//! Experts one after the other, each a module of linear layers, as Transformers 4 writes them: what bitsandbytes quantizes.
//!
//! Source: `transformers/models/mixtral/modeling_mixtral.py` (4.57, `MixtralSparseMoeBlock`). How many tokens go to an expert is
//! not known before they are seen: as many to each.

use super::experts::ExpertsProgram;
use super::recipe::{Matrix, Run};
use super::tensor::{Backward, Tensor};

/// Bytes of an index.
const INDEX: f64 = 8.0;

/// Rounds up to which the experts run; of more, several are one round: what lies there for the moment is small either way.
const MOST_ROUNDS: u32 = 16;

impl ExpertsProgram {
    /// What the experts make of `x`, weighed.
    pub(super) fn looped(&self, run: &Run<'_>, x: &Tensor, weights: &Tensor) -> Tensor {
        let (tape, recipe) = (run.tape, run.recipe);
        let rounds = (1..=MOST_ROUNDS).find(|rounds| f64::from(*rounds) >= self.experts).unwrap_or(MOST_ROUNDS);
        let rows = recipe.rows * self.chosen / f64::from(rounds);
        let weights = tape.cast(weights, x.width);
        // Which tokens go where, as zeros and ones.
        let mask = tape.constant(recipe.rows * self.chosen * self.experts, INDEX);
        let mut sum = tape.constant(x.elements, x.width);
        for _ in 0..rounds {
            let index = tape.constant(rows, INDEX);
            let state = tape.made((rows * self.hidden, x.width), Backward::Scatter, &[x], &[&index]);
            let made = self.one(run, &state, rows);
            drop(state);
            let share = tape.made((rows, weights.width), Backward::Scatter, &[&weights], &[&index]);
            let weighted = tape.mul(&made, &share);
            drop((made, share));
            let weighted = tape.cast(&weighted, x.width);
            sum = tape.added_into(&sum, &weighted);
        }
        drop(mask);
        sum
    }

    /// One expert, or several of one round.
    fn one(&self, run: &Run<'_>, x: &Tensor, rows: f64) -> Tensor {
        let (tape, width) = (run.tape, self.width / run.recipe.tensor);
        let matrix = |inputs: f64, outputs: f64| Matrix {
            inputs,
            outputs,
            to_stream: false,
            adapted: self.adapted,
            biased: false,
        };
        let gate = run.linear_of(x, matrix(self.hidden, width), rows);
        let activated = tape.activate(&gate);
        drop(gate);
        let product = if self.gated {
            let up = run.linear_of(x, matrix(self.hidden, width), rows);
            tape.mul(&activated, &up)
        } else {
            activated
        };
        run.linear_of(&product, matrix(width, self.hidden), rows)
    }
}
