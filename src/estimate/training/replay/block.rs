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

/// A layer of a mixer and an MLP, or of one of both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct BlockProgram {
    pub(in crate::estimate::training) hidden: f64,
    pub(in crate::estimate::training) norm: NormKind,
    pub(in crate::estimate::training) placed: Placed,
    pub(in crate::estimate::training) mixer: Option<MixerProgram>,
    pub(in crate::estimate::training) feed_forward: Option<FeedForwardProgram>,
    /// What attention and MLP add is dropped out in training (GPT).
    pub(in crate::estimate::training) drops: bool,
    /// What they add is scaled first (Granite).
    pub(in crate::estimate::training) scales: bool,
}

impl BlockProgram {
    /// What the layer makes of its input.
    pub(super) fn run(&self, run: &Run<'_>, hidden: &Tensor, tables: &Tensor) -> Tensor {
        let tape = run.tape;
        if self.placed == Placed::Once {
            let x = self.norm.run(run, hidden, self.hidden);
            let attended = self.mixer.map(|mixer| mixer.run(run, &x, tables));
            let made = self.feed_forward.map(|feed_forward| feed_forward.run(run, &x));
            drop(x);
            let both = attended.map_or_else(|| hidden.clone(), |attended| tape.add(hidden, &attended));
            return made.map_or_else(|| both.clone(), |made| tape.add(&both, &made));
        }
        let mixed = self.mixer.map(|mixer| self.part(run, hidden, |x| mixer.run(run, x, tables)));
        let hidden = mixed.as_ref().unwrap_or(hidden);
        match self.feed_forward {
            Some(feed_forward) => self.part(run, hidden, |x| feed_forward.run(run, x)),
            None => hidden.clone(),
        }
    }

    /// What a part adds to the stream.
    fn part(&self, run: &Run<'_>, hidden: &Tensor, part: impl FnOnce(&Tensor) -> Tensor) -> Tensor {
        let before = self.placed != Placed::After;
        let x = if before { self.norm.run(run, hidden, self.hidden) } else { hidden.clone() };
        let made = self.added(run, part(&x));
        run.tape.add(hidden, &made)
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
            ([q, k, v], Some(MixerProgram::Attention(attention))) => drop(attention.core(run, [q, k, v])),
            ([q, k, v], Some(MixerProgram::LatentAttention(attention))) => drop(attention.core(run, [q, k, v])),
            ([hidden, ..], _) => drop(self.run(run, hidden, tables)),
            ([], _) => {}
        }
    }
}
