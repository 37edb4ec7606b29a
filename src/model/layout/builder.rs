//! Collects tensors, one layer after the other.

use super::super::tensor::{Place, Tensor, TensorKind as K};
use crate::catalog::model::{Architecture, Model, RopeScaling};
use crate::model::layers::{Attention, FeedForward, Layer, Mixer, Recurrent};

/// The tensors so far and the layer being laid out.
pub(super) struct Builder<'a> {
    pub(super) model: &'a Model,
    tensors: Vec<Tensor>,
    place: Place,
    layer: Layer,
}

impl<'a> Builder<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let layer = Layer { mixer: Mixer::None, feed_forward: FeedForward::None };
        Self { model, tensors: Vec::with_capacity(1024), place: Place::Input, layer }
    }

    pub(super) const fn architecture(&self) -> Architecture {
        self.model.architecture
    }

    /// Width of the residual stream.
    pub(super) const fn hidden(&self) -> u64 {
        self.model.hidden_size
    }

    /// Embedding, output norm, output matrix unless tied, and the factors of the positions.
    pub(super) fn input(&mut self) {
        let Model { hidden_size: hidden, vocab_size: vocab, .. } = *self.model;
        let biased_norm =
            matches!(self.architecture(), Architecture::Falcon | Architecture::Starcoder2 | Architecture::PhiMoe);
        self.matrix(K::TokenEmbd, hidden, vocab);
        self.place = Place::Output;
        // LFM2's output norm goes by the name of a norm of the embedding.
        let lfm2 = matches!(self.architecture(), Architecture::Lfm2 | Architecture::Lfm2Moe);
        self.norm(if lfm2 { K::TokenEmbdNorm } else { K::OutputNorm }, biased_norm);
        if !self.model.tie_word_embeddings {
            self.matrix(K::Output, hidden, vocab);
            if self.architecture() == Architecture::PhiMoe {
                self.bias(K::Output, vocab);
            }
        }
        self.place = Place::Layer(0);
        let rotated = self.model.rotary_dim.unwrap_or(self.model.head_dim);
        match self.model.rope_scaling {
            Some(RopeScaling::Llama3) => self.vector(K::RopeFreqs, rotated / 2),
            Some(RopeScaling::LongRope) => {
                self.vector(K::RopeFactorsLong, rotated / 2);
                self.vector(K::RopeFactorsShort, rotated / 2);
            }
            None => {}
        }
    }

    /// Begins a layer.
    pub(super) const fn enter(&mut self, index: u32, layer: Layer) {
        self.place = Place::Layer(index);
        self.layer = layer;
    }

    pub(super) fn finish(self) -> Vec<Tensor> {
        self.tensors
    }

    /// The layer's attention, if that is how it mixes.
    pub(super) const fn attention(&self) -> Option<Attention> {
        match self.layer.mixer {
            Mixer::Attention(attention) => Some(attention),
            _ => None,
        }
    }

    /// The layer's recurrence, if that is how it mixes.
    pub(super) const fn recurrent(&self) -> Option<Recurrent> {
        match self.layer.mixer {
            Mixer::Recurrent(recurrent) => Some(recurrent),
            _ => None,
        }
    }

    pub(super) const fn layer_feed_forward(&self) -> FeedForward {
        self.layer.feed_forward
    }

    /// Runs `body` with tensors going to `place`.
    pub(super) fn at(&mut self, place: Place, body: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.place, place);
        body(self);
        self.place = before;
    }

    pub(super) fn tensor(&mut self, kind: K, ne: [u64; 3]) {
        self.tensors.push(Tensor { kind, place: self.place, ne, bias: false });
    }

    /// A matrix of `columns` inputs and `rows` outputs.
    pub(super) fn matrix(&mut self, kind: K, columns: u64, rows: u64) {
        self.tensor(kind, [columns, rows, 1]);
    }

    pub(super) fn vector(&mut self, kind: K, length: u64) {
        self.tensor(kind, [length, 1, 1]);
    }

    pub(super) fn bias(&mut self, kind: K, length: u64) {
        self.biases(kind, length, 1);
    }

    /// One bias row for each of `rows` experts.
    pub(super) fn biases(&mut self, kind: K, length: u64, rows: u64) {
        self.tensors.push(Tensor { kind, place: self.place, ne: [length, rows, 1], bias: true });
    }

    /// A norm over the residual stream, with a bias where it is a layer norm that has one.
    pub(super) fn norm(&mut self, kind: K, biased: bool) {
        self.vector(kind, self.hidden());
        if biased {
            self.bias(kind, self.hidden());
        }
    }
}
