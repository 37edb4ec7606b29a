//! Hyper-connections (`DeepSeek` V4): several residual streams, which every part reads as one mix and writes to by another.

use super::{Block, GraphBuilder};
use crate::model::graph::{TensorId, shape};
use crate::model::tensor::TensorKind as K;

/// How a part's result goes back into the streams.
#[derive(Debug, Clone, Copy)]
struct WayBack {
    /// What of the result goes to each stream.
    post: TensorId,
    /// What of each stream goes to each.
    among: TensorId,
}

impl GraphBuilder<'_> {
    const fn hyper_streams(&self) -> u64 {
        match self.frame.compressed {
            Some(own) => own.streams,
            None => 1,
        }
    }

    /// `x` in every stream.
    pub(in crate::model) fn hyper_spread(&mut self, x: TensorId) -> TensorId {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let one = self.graph.view(x, shape(hidden, 1, tokens));
        self.graph.compute(shape(hidden, self.hyper_streams(), tokens), &[one])
    }

    /// One block over all streams.
    pub(in crate::model) fn hyper_block(&mut self, x: TensorId, block: &Block<'_>) -> TensorId {
        let (mixed, back) = self.hyper_mix(x, block, [K::HcAttnFn, K::HcAttnScale, K::HcAttnBase]);
        let normed = self.norm(mixed, block, K::AttnNorm);
        let out = self.mixer(normed, block);
        let x = self.hyper_write(out, x, back);
        let (mixed, back) = self.hyper_mix(x, block, [K::HcFfnFn, K::HcFfnScale, K::HcFfnBase]);
        for x in [x, back.post, back.among] {
            self.graph.expand(x);
        }
        let normed = self.norm(mixed, block, K::FfnNorm);
        let out = self.feed_forward(normed, block);
        self.hyper_write(out, x, back)
    }

    /// The streams mixed for a part, and how its result goes back.
    fn hyper_mix(&mut self, x: TensorId, block: &Block<'_>, [matrix, scale, base]: [K; 3]) -> (TensorId, WayBack) {
        let (hidden, tokens, streams) = (self.frame.hidden, self.frame.tokens, self.hyper_streams());
        let mixes = self.hyper_scores(x, block, matrix, (2 + streams) * streams);
        let [scale, base] = [scale, base]
            .map(|kind| self.weight(block, kind, false).unwrap_or_else(|| self.graph.weight(0, block.backend)));
        let pre = self.hyper_shares(mixes, scale, base);
        let post = self.hyper_shares(mixes, scale, base);
        let among = self.graph.compute(shape(streams, streams * tokens, 1), &[mixes, scale, base]);
        let mixed = self.graph.compute(shape(hidden, tokens, 1), &[x, pre]);
        (mixed, WayBack { post, among })
    }

    /// Scores of the normed streams, so many.
    fn hyper_scores(&mut self, x: TensorId, block: &Block<'_>, matrix: K, count: u64) -> TensorId {
        let [hidden, streams, tokens, _] = self.graph.ne(x);
        let flat = self.graph.view(x, shape(hidden * streams, tokens, 1));
        let normed = self.bare_norm(flat);
        self.matmul(block, matrix, normed, count)
    }

    /// A share of each stream: a part of the scores, scaled, moved, and bent twice.
    fn hyper_shares(&mut self, mixes: TensorId, scale: TensorId, base: TensorId) -> TensorId {
        let streams = self.hyper_streams();
        let part = self.graph.part(mixes, shape(streams, self.frame.tokens, 1));
        let scale = self.graph.view(scale, shape(1, 1, 1));
        let scaled = self.graph.elementwise(&[part, scale]);
        let base = self.graph.view(base, shape(streams, 1, 1));
        let moved = self.graph.elementwise(&[scaled, base]);
        let bent = self.graph.elementwise(&[moved]);
        self.graph.elementwise(&[bent])
    }

    fn hyper_write(&mut self, out: TensorId, x: TensorId, WayBack { post, among }: WayBack) -> TensorId {
        let ne = self.graph.ne(x);
        self.graph.compute(ne, &[out, x, post, among])
    }

    /// The rows for the output, their streams merged into one.
    pub(in crate::model) fn hyper_merged(&mut self, x: TensorId, output: &Block<'_>) -> TensorId {
        let [hidden, streams, tokens, _] = self.graph.ne(x);
        let flat = self.graph.view(x, shape(hidden * streams, tokens, 1));
        let rows = self.frame.outputs;
        let flat = self.graph.get_rows(shape(hidden * streams, rows, 1), flat, self.out_ids);
        let x = self.graph.view(flat, shape(hidden, streams, rows));
        let mixes = self.hyper_scores(x, output, K::OutputHcFn, streams);
        let [scale, base] = [K::OutputHcScale, K::OutputHcBase]
            .map(|kind| self.weight(output, kind, false).unwrap_or_else(|| self.graph.weight(0, output.backend)));
        let shares = [scale, base].into_iter().fold(mixes, |shares, weight| self.graph.elementwise(&[shares, weight]));
        let shares = (0..2).fold(shares, |shares, _| self.graph.elementwise(&[shares]));
        let mut sum = None;
        for _ in 0..streams {
            let stream = self.graph.part(x, shape(hidden, rows, 1));
            let share = self.graph.part(shares, shape(1, rows, 1));
            let product = self.graph.elementwise(&[stream, share]);
            sum = Some(match sum {
                None => product,
                Some(before) => self.graph.elementwise(&[before, product]),
            });
        }
        sum.unwrap_or(x)
    }
}
