//! Collects tensors, one layer after the other.

use crate::catalog::model::{Model, RopeScaling};
use crate::model::layers::{Attention, FeedForward, Layer, Mixer, Recurrent};
use crate::model::tensor::{Place, Tensor, TensorKind as K};

/// The tensors so far and the layer being laid out.
#[derive(Debug)]
pub struct LayoutBuilder<'a> {
    pub(in crate::model) model: &'a Model,
    tensors: Vec<Tensor>,
    place: Place,
    layer: Layer,
}

impl<'a> LayoutBuilder<'a> {
    pub(in crate::model) fn new(model: &'a Model) -> Self {
        let layer = Layer { mixer: Mixer::None, feed_forward: FeedForward::None };
        Self { model, tensors: Vec::with_capacity(1024), place: Place::Input, layer }
    }

    /// Width of the residual stream.
    pub(in crate::model) fn hidden(&self) -> u64 {
        self.model.hidden_size
    }

    /// Embedding, output norm, output matrix unless tied, and the factors of the positions.
    pub(in crate::model) fn input(&mut self) {
        let form = self.model.architecture.traits().tensors;
        let (hidden, vocab) = (self.model.hidden_size, self.model.vocab_size);
        self.matrix(K::TokenEmbd, hidden, vocab);
        self.place = Place::Output;
        self.norm(form.output_norm, form.output_norm_bias);
        if !self.model.tie_word_embeddings {
            self.matrix(K::Output, hidden, vocab);
            if form.output_bias {
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
    pub(in crate::model) const fn enter(&mut self, index: u32, layer: Layer) {
        self.place = Place::Layer(index);
        self.layer = layer;
    }

    pub(in crate::model) fn finish(self) -> Vec<Tensor> {
        self.tensors
    }

    /// The number of the layer, from 0.
    pub(in crate::model) const fn index(&self) -> u64 {
        match self.place {
            Place::Layer(index) => index as u64,
            Place::Input | Place::Output => 0,
        }
    }

    /// The layer's attention, if that is how it mixes.
    pub(in crate::model) const fn attention(&self) -> Option<Attention> {
        match self.layer.mixer {
            Mixer::Attention(attention) => Some(attention),
            _ => None,
        }
    }

    /// The layer's recurrence, if that is how it mixes.
    pub(in crate::model) const fn recurrent(&self) -> Option<Recurrent> {
        match self.layer.mixer {
            Mixer::Recurrent(recurrent) => Some(recurrent),
            _ => None,
        }
    }

    pub(in crate::model) const fn layer_feed_forward(&self) -> FeedForward {
        self.layer.feed_forward
    }

    /// Runs `body` with tensors going to `place`.
    pub(in crate::model) fn at(&mut self, place: Place, body: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.place, place);
        body(self);
        self.place = before;
    }

    pub(in crate::model) fn tensor(&mut self, kind: K, ne: [u64; 3]) {
        self.tensors.push(Tensor { kind, place: self.place, ne, bias: false });
    }

    /// A matrix of `columns` inputs and `rows` outputs.
    pub(in crate::model) fn matrix(&mut self, kind: K, columns: u64, rows: u64) {
        self.tensor(kind, [columns, rows, 1]);
    }

    pub(in crate::model) fn vector(&mut self, kind: K, length: u64) {
        self.tensor(kind, [length, 1, 1]);
    }

    pub(in crate::model) fn bias(&mut self, kind: K, length: u64) {
        self.biases(kind, length, 1);
    }

    /// One bias row for each of `rows` experts.
    pub(in crate::model) fn biases(&mut self, kind: K, length: u64, rows: u64) {
        self.tensors.push(Tensor { kind, place: self.place, ne: [length, rows, 1], bias: true });
    }

    /// A norm over the residual stream, with a bias where it is a layer norm that has one.
    pub(in crate::model) fn norm(&mut self, kind: K, biased: bool) {
        self.vector(kind, self.hidden());
        if biased {
            self.bias(kind, self.hidden());
        }
    }
}
