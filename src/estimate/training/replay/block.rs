//! The program of a layer.

use super::feed_forward::FeedForwardProgram;
use super::mixer::MixerProgram;
use super::norm::NormKind;
use super::recipe::Run;
use super::tensor::{Segment, Tensor};

/// Where the norms of a block stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum Placed {
    /// Before attention and MLP.
    Before,
    /// Behind both.
    After,
    /// Before and behind both.
    Around,
    /// One before both, which run in parallel.
    Once,
}

/// A layer of a mixer and an MLP.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct BlockProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) norm: NormKind,
    pub(in crate::estimate::training) placed: Placed,
    pub(in crate::estimate::training) mixer: MixerProgram,
    pub(in crate::estimate::training) feed_forward: FeedForwardProgram,
    /// What attention and MLP add is dropped out in training (GPT).
    pub(in crate::estimate::training) drops: bool,
    /// What they add is scaled first (Granite).
    pub(in crate::estimate::training) scales: bool,
}

impl BlockProgram {
    /// What the layer makes of its input.
    pub(super) fn run(&self, run: &Run<'_>, hidden: &Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        let before = !matches!(self.placed, Placed::After);
        let mut x = if before { self.norm.run(run, hidden, self.hidden) } else { hidden.clone() };
        if self.placed == Placed::Once {
            let attended = self.mixer.run(run, &x, tables);
            let made = self.feed_forward.run(run, &x);
            drop(x);
            let both = tape.add(hidden, &attended);
            drop(attended);
            return tape.add(&both, &made);
        }
        x = self.added(run, self.mixer.run(run, &x, tables));
        let hidden = tape.add(hidden, &x);
        x = if before { self.norm.run(run, &hidden, self.hidden) } else { hidden.clone() };
        x = self.added(run, self.feed_forward.run(run, &x));
        tape.add(&hidden, &x)
    }

    /// What is done with the result of a part before it is added to the stream.
    fn added(&self, run: &Run<'_>, made: Tensor) -> Tensor {
        let mut made = made;
        if matches!(self.placed, Placed::After | Placed::Around) {
            made = self.norm.run(run, &made, self.hidden);
        }
        if self.drops && run.recipe.full && run.recipe.dropout {
            made = run.tape.dropout(&made);
        }
        if self.scales { run.tape.scale(&made) } else { made }
    }

    /// Runs what a segment left out.
    pub(super) fn rerun(&self, run: &Run<'_>, segment: &Segment, tables: &Tensor) {
        match (&segment.inputs[..], &self.mixer) {
            ([q, k, v], MixerProgram::Attention(attention)) => drop(attention.core(run, [q, k, v])),
            ([q, k, v], MixerProgram::LatentAttention(attention)) => drop(attention.core(run, [q, k, v])),
            ([hidden, ..], _) => drop(self.run(run, hidden, tables)),
            ([], _) => {}
        }
    }
}
