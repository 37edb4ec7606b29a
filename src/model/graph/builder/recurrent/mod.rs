//! Recurrent layers: mixers whose state does not grow with the context.
//!
//! All read their states of the last batch, run over the tokens of every sequence, and write the new states back.
//! Order of operations: llama.cpp's `build_rs` and what calls it.

mod delta_net;
mod lightning;
mod mamba;
mod short_convolution;

use super::{Block, Frame, GraphBuilder};
use crate::catalog::model::RecurrenceKind;
use crate::model::graph::{F32, Graph, I32, TensorId, shape};
use crate::model::layers::{Mixer, Recurrent};
use crate::model::tensor::TensorKind;

/// Inputs of the recurrent layers.
#[derive(Debug, Clone, Copy)]
pub(super) struct StateInputs {
    /// Which states the batch goes on from.
    main: TensorId,
    /// Which states are only moved: none in the batch that the engine reserves for.
    extra: TensorId,
    /// Decays of lightning attention.
    decays: lightning::Decays,
}

impl StateInputs {
    /// The inputs; those that no layer uses are not in the graph.
    pub(super) fn new(graph: &mut Graph, frame: &Frame, heads: u64) -> Self {
        let sequences = frame.cells.sequences;
        let copies = graph.input(shape(sequences, 1, 1), I32);
        Self {
            main: graph.view(copies, shape(sequences, 1, 1)),
            extra: graph.view(copies, shape(0, 1, 1)),
            decays: lightning::Decays::new(graph, frame, heads),
        }
    }
}

/// One state of a layer: its cache, and how many elements a sequence has of it.
#[derive(Debug, Clone, Copy)]
struct State {
    cache: TensorId,
    elements: u64,
}

/// Room for the result of one gated delta net, without the states that it begins with, that is never given back.
pub(super) fn keep_delta(graph: &mut Graph, frame: &Frame, blocks: &[Block<'_>]) {
    for block in blocks {
        if let Mixer::Recurrent(of) = block.layer.mixer
            && of.kind == RecurrenceKind::DeltaNet
        {
            let rows = frame.tokens + of.head_dim * frame.cells.sequences * (frame.cells.snapshots - 1);
            let room = graph.constant(shape(of.inner_width, rows, 1));
            let kept = graph.elementwise(&[room]);
            graph.tensors[kept.index()].output = true;
            graph.expand(kept);
            return;
        }
    }
}

impl GraphBuilder<'_> {
    /// A recurrent mixer over `x` (normed), its output projection included.
    pub(super) fn recurrent(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        match of.kind {
            RecurrenceKind::DeltaNet => self.delta_net(x, block, of),
            RecurrenceKind::KimiDelta => self.kimi_delta(x, block, of),
            RecurrenceKind::Mamba => self.mamba(x, block, of),
            RecurrenceKind::Mamba2 => self.mamba2(x, block, of),
            RecurrenceKind::ShortConvolution => self.short_convolution(x, block, of),
            RecurrenceKind::Lightning => self.lightning(x, block, of),
        }
    }

    const fn sequences(&self) -> u64 {
        self.frame.cells.sequences
    }

    /// Tokens of the batch that belong to one sequence.
    const fn sequence_tokens(&self) -> u64 {
        self.frame.tokens / self.frame.cells.sequences
    }

    /// Rows of `width` elements, one a token, by sequence.
    fn by_sequence(&mut self, x: TensorId, width: u64) -> TensorId {
        let ne = shape(width, self.sequence_tokens(), self.sequences());
        self.graph.view(x, ne)
    }

    /// Heads of `dim` elements, by token and sequence.
    fn by_head(&mut self, x: TensorId, dim: u64, heads: u64) -> TensorId {
        let ne = [dim, heads, self.sequence_tokens(), self.sequences()];
        self.graph.view(x, ne)
    }

    /// Part of every row of `x`, by sequence.
    fn part_by_sequence(&mut self, x: TensorId, width: u64) -> TensorId {
        let ne = shape(width, self.sequence_tokens(), self.sequences());
        self.graph.part(x, ne)
    }

    /// Part of every row of `x`, by head.
    fn part_by_head(&mut self, x: TensorId, dim: u64, heads: u64) -> TensorId {
        let ne = [dim, heads, self.sequence_tokens(), self.sequences()];
        self.graph.part(x, ne)
    }

    fn state(&mut self, elements: u64, block: &Block<'_>) -> State {
        let bytes = elements * self.sequences() * F32;
        State { cache: self.graph.cache(bytes, block.backend), elements }
    }

    /// The states that the batch goes on from.
    fn read_state(&mut self, state: State) -> TensorId {
        self.read_by(state, |builder, states, chosen| {
            let ne = shape(state.elements, builder.sequences(), 1);
            builder.graph.get_rows(ne, states, chosen)
        })
    }

    /// What `go_on` makes of all states and the numbers of those that the batch goes on from.
    fn read_by(&mut self, state: State, go_on: impl FnOnce(&mut Self, TensorId, TensorId) -> TensorId) -> TensorId {
        let StateInputs { main, extra, .. } = self.states;
        let bytes = state.elements * self.sequences() * F32;
        let states = self.graph.cache_view(state.cache, bytes, 0);
        let first = self.graph.cache_view(states, state.elements * F32, 0);
        let cleared = self.graph.overwrite(state.cache, &[first]);
        self.graph.expand(cleared);
        let out = go_on(self, states, main);
        self.graph.expand(out);
        let moved = self.graph.get_rows(shape(state.elements, 0, 1), states, extra);
        self.write(state, moved);
        out
    }

    /// Convolution of `x` with the kernel `kind`.
    fn convolved(&mut self, x: TensorId, block: &Block<'_>, kind: TensorKind, channels: u64) -> TensorId {
        let kernel = self.given(block, kind, false);
        let ne = shape(channels, self.sequence_tokens(), self.sequences());
        self.graph.compute(ne, &[x, kernel])
    }

    /// A weight that is no matrix.
    fn given(&mut self, block: &Block<'_>, kind: TensorKind, bias: bool) -> TensorId {
        self.weight(block, kind, bias).unwrap_or_else(|| self.graph.weight(0, block.backend))
    }

    /// `x` combined element by element with a weight.
    fn with(&mut self, x: TensorId, block: &Block<'_>, kind: TensorKind, bias: bool) -> TensorId {
        let weight = self.given(block, kind, bias);
        self.graph.elementwise(&[x, weight])
    }

    /// `x` in one piece of its own.
    fn copied(&mut self, x: TensorId) -> TensorId {
        let ne = self.graph.ne(x);
        self.graph.compute(ne, &[x])
    }

    /// `x` (by sequence) back in the width of the residual stream and by token.
    fn project(&mut self, x: TensorId, block: &Block<'_>, kind: TensorKind) -> TensorId {
        let hidden = self.frame.hidden;
        let out = self.matmul(block, kind, x, hidden);
        self.graph.view(out, shape(hidden, self.frame.tokens, 1))
    }

    /// Puts `rows` into the cache.
    fn write(&mut self, state: State, rows: TensorId) {
        let places = self.graph.cache_view(state.cache, 0, 0);
        let written = self.graph.overwrite(state.cache, &[rows, places]);
        self.graph.expand(written);
    }

    /// Puts the last part of `x` into the cache.
    fn write_end(&mut self, state: State, x: TensorId) {
        let end = self.graph.view(x, shape(state.elements, self.sequences(), 1));
        self.write(state, end);
    }

    /// Puts the last tokens of `entering` (tokens first) into the cache as the next window.
    fn write_window(&mut self, state: State, entering: TensorId, kernel: u64) {
        let [_, channels, sequences, _] = self.graph.ne(entering);
        let window = self.graph.part(entering, shape(kernel - 1, channels, sequences));
        self.write(state, window);
    }

    /// `x` (by sequence) behind the window that the last batch left, over so many channels.
    fn behind(&mut self, window: TensorId, x: TensorId, channels: u64, kernel: u64) -> TensorId {
        let (tokens, sequences) = (self.sequence_tokens(), self.sequences());
        let window = self.graph.view(window, shape(kernel - 1, channels, sequences));
        let across = self.graph.view(x, shape(tokens, channels, sequences));
        self.graph.compute(shape(kernel - 1 + tokens, channels, sequences), &[window, across])
    }
}
