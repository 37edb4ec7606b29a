//! What mixes the tokens of a sequence in a layer.

use super::attention::AttentionProgram;
use super::delta_rule::DeltaRuleProgram;
use super::latent_attention::LatentAttentionProgram;
use super::recipe::{Matrix, Run};
use super::state_space::StateSpaceProgram;
use super::tensor::{Backward, Tensor};

/// What mixes the tokens of a sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) enum MixerProgram {
    Attention(AttentionProgram),
    LatentAttention(LatentAttentionProgram),
    ShortConvolution(ShortConvolutionProgram),
    DeltaRule(DeltaRuleProgram),
    StateSpace(StateSpaceProgram),
}

/// A gated convolution over the last few tokens (LFM2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct ShortConvolutionProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) kernel: f64,
    pub(in crate::estimate::training) adapted: bool,
}

impl MixerProgram {
    pub(super) fn run(&self, run: &Run<'_>, x: &Tensor, tables: &Tensor) -> Tensor {
        match self {
            Self::Attention(attention) => attention.run(run, x, tables),
            Self::LatentAttention(attention) => attention.run(run, x, tables),
            Self::ShortConvolution(convolution) => convolution.run(run, x),
            Self::DeltaRule(rule) => rule.run(run, x),
            Self::StateSpace(space) => space.run(run, x),
        }
    }
}

impl ShortConvolutionProgram {
    /// Three parts of one projection: the first gates what is convolved, the second the result.
    fn run(&self, run: &Run<'_>, x: &Tensor) -> Tensor {
        let (tape, hidden) = (run.tape, self.hidden / run.recipe.tensor);
        let out =
            Matrix { inputs: hidden, outputs: self.hidden, to_stream: true, adapted: self.adapted, biased: false };
        let into = Matrix { inputs: self.hidden, outputs: 3.0 * hidden, to_stream: false, ..out };
        let all = run.linear(x, into);
        let [gate, out_gate, x] = [(); 3].map(|()| tape.part(&all, all.elements / 3.0));
        drop(all);
        let gated = tape.mul(&gate, &x);
        drop((gate, x));
        let gated = run.running(&gated);
        let weight = run.running_weight(&run.weight(hidden * self.kernel));
        let padded = (gated.elements + hidden * (self.kernel - 1.0), gated.width);
        let convolved = tape.made(padded, Backward::Each, &[&gated, &weight], &[&gated]);
        drop(gated);
        let kept = tape.part(&convolved, out_gate.elements);
        drop(convolved);
        let kept = tape.cast(&kept, out_gate.width);
        let made = tape.mul(&out_gate, &kept);
        drop((out_gate, kept));
        let ordered = tape.scale(&made);
        drop(made);
        run.linear(&ordered, out)
    }
}
