//! One training step replayed: a model's program on tensors without data, storage by storage, as `PyTorch` runs it.
//!
//! The forward pass of each layer makes tensors and remembers how (`tape`, `ops`); the backward pass walks the graph and frees
//! what it has read (`backward`); the ledger counts what lies there and keeps the highest instant of each phase. Programs are
//! written after the modules of Transformers 5, linear layers after PEFT and bitsandbytes.

mod attention;
mod backward;
mod block;
mod delta_rule;
mod experts;
mod feed_forward;
mod latent_attention;
mod ledger;
mod left_out;
mod looped_experts;
mod loss;
mod mixer;
mod norm;
mod ops;
mod recipe;
mod rounds;
mod state_space;
mod step;
mod tape;
mod tensor;
mod walk;

pub(super) use attention::AttentionProgram;
pub(super) use block::{BlockProgram, Placed};
pub(super) use delta_rule::DeltaRuleProgram;
pub(super) use experts::{ExpertsProgram, RouterKind};
pub(super) use feed_forward::{FeedForwardProgram, MlpProgram};
pub(super) use latent_attention::{LatentAttentionProgram, LatentTurn};
pub(super) use ledger::{Held, Level, Lying, Of};
pub(super) use left_out::{LeftOut, Outlasting};
pub(super) use mixer::{MixerProgram, ShortConvolutionProgram};
pub(super) use norm::{HeadNorm, NormKind};
pub(super) use recipe::Recipe;
pub(super) use rounds::kinds;
pub(super) use state_space::StateSpaceProgram;
#[cfg(test)]
pub(super) use step::replay_whole;
pub(super) use step::{Replayed, Stage, lying, replay};
pub(super) use walk::{Event, Walk};
