//! Feed-forward parts, as Transformers writes them.

use super::experts::ExpertsProgram;
use super::recipe::{Matrix, Run};
use super::tensor::Tensor;

/// What transforms each token by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) enum FeedForwardProgram {
    Mlp(MlpProgram),
    Experts(ExpertsProgram),
}

impl FeedForwardProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        match self {
            Self::Mlp(mlp) => mlp.run(run, x),
            Self::Experts(experts) => experts.run(run, x),
        }
    }
}

/// A plain MLP.
#[expect(clippy::struct_excessive_bools, reason = "what a layer has or has not")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct MlpProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) width: f64,
    pub(in crate::estimate::training) gated: bool,
    /// One matrix for gate and up.
    pub(in crate::estimate::training) fused: bool,
    pub(in crate::estimate::training) adapted: bool,
    pub(in crate::estimate::training) biased: bool,
}

impl MlpProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let tape = run.tape;
        let width = self.width / run.recipe.tensor;
        let Self { adapted, biased, .. } = *self;
        let matrix = |outputs: f64| Matrix { inputs: self.hidden, outputs, to_stream: false, adapted, biased };
        let product = if self.fused {
            let both = run.linear(x, matrix(2.0 * width));
            let [gate, up] = [(); 2].map(|()| tape.part(&both, run.recipe.rows * width));
            drop(both);
            let activated = tape.activate(&gate);
            tape.mul(&up, &activated)
        } else {
            let gate = run.linear(x, matrix(width));
            let activated = tape.activate(&gate);
            drop(gate);
            if self.gated {
                let up = run.linear(x, matrix(width));
                tape.mul(&activated, &up)
            } else {
                activated
            }
        };
        run.linear(&product, Matrix { inputs: width, outputs: self.hidden, to_stream: true, adapted, biased })
    }
}
