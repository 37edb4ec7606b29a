//! What one decoded token reads and multiplies: sums over the layers, so that any split is read off in constant time.

use std::ops::Range;

use super::block::BlockType;
use super::graph::builder::WeightPlace;
use super::tensor::{Place, Tensor, TensorKind};
use crate::units::sums::fieldwise;

/// What some layers read and multiply for one token. The experts' figures count all experts of a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// Bytes of every tensor but routed experts.
    pub dense_bytes: u64,
    /// Bytes of all routed experts.
    pub expert_bytes: u64,
    /// Weights of the matrices but routed experts: two operations each and token.
    pub dense_weights: u64,
    /// Weights of all routed experts.
    pub expert_weights: u64,
    /// Layers with routed experts.
    pub expert_layers: u64,
    /// Those with a dense feed-forward part beside the experts: a shared expert, or one of its own.
    pub shared_layers: u64,
}

/// Sums of [`Read`] over a model's layers. The input embedding is not there: one row of it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadSums {
    /// Of the output layer.
    pub(super) output: Read,
    /// Routed experts are stored in MXFP4 or NVFP4.
    pub(super) microscaled: bool,
    /// Entry `i`: layers before `i`.
    before: Box<[Read]>,
}

impl ReadSums {
    /// The sums of tensors of these types that lie with their layers.
    pub(super) fn new(tensors: &[Tensor], types: &[BlockType], places: &[WeightPlace], layers: u32) -> Self {
        let mut before = vec![Read::default(); layers as usize + 1].into_boxed_slice();
        let mut output = Read::default();
        let tied = !tensors.iter().any(|tensor| tensor.kind == TensorKind::Output && !tensor.bias);
        // Which layers have experts, wherever these lie; entry `i` is of the layer before `i`.
        let mut mixtures = vec![false; before.len()];
        for ((tensor, kind), place) in tensors.iter().zip(types).zip(places) {
            let read = Read::of(tensor, *kind);
            if let Place::Layer(layer) = tensor.place
                && let Some(mixture) = mixtures.get_mut(layer as usize + 1)
            {
                *mixture |= read.expert_layers > 0;
            }
            if *place != WeightPlace::WithLayer {
                continue;
            }
            match tensor.place {
                Place::Layer(layer) => {
                    if let Some(sum) = before.get_mut(layer as usize + 1) {
                        let expert_layers = sum.expert_layers.max(read.expert_layers);
                        let shared_layers = sum.shared_layers.max(read.shared_layers);
                        *sum = Read { expert_layers, shared_layers, ..*sum + read };
                    }
                }
                Place::Output => output = output + read,
                // Tied embeddings are read as output matrix.
                Place::Input if tied && tensor.kind == TensorKind::TokenEmbd => output = output + read,
                Place::Input => {}
            }
        }
        let mut sum = Read::default();
        for (read, mixture) in before.iter_mut().zip(mixtures) {
            read.shared_layers = if mixture { read.shared_layers } else { 0 };
            sum = sum + *read;
            *read = sum;
        }
        let microscaled = |kind: &BlockType| matches!(kind, BlockType::mxfp4 | BlockType::nvfp4);
        let experts = tensors.iter().zip(types).filter(|(tensor, _)| tensor.kind.is_expert() && !tensor.bias);
        let microscaled = experts.map(|(_, kind)| kind).any(microscaled);
        Self { output, microscaled, before }
    }

    /// What these layers read; layers that the model does not have read nothing.
    pub(super) fn layers(&self, layers: Range<u32>) -> Read {
        self.prefix(layers.end.max(layers.start)) - self.prefix(layers.start)
    }

    fn prefix(&self, layers: u32) -> Read {
        self.before.get(layers as usize).or_else(|| self.before.last()).copied().unwrap_or_default()
    }
}

impl Read {
    /// What one tensor is.
    pub(super) fn of(tensor: &Tensor, kind: BlockType) -> Self {
        let bytes = kind.tensor_bytes(tensor.ne);
        let weights = if tensor.bias || tensor.ne[1] * tensor.ne[2] == 1 { 0 } else { tensor.elements() };
        if tensor.kind.is_expert() {
            return Self {
                expert_bytes: bytes,
                expert_weights: weights,
                expert_layers: u64::from(weights > 0),
                ..Self::default()
            };
        }
        let shared = matches!(tensor.kind, TensorKind::FfnDown | TensorKind::FfnDownShexp) && weights > 0;
        Self { dense_bytes: bytes, dense_weights: weights, shared_layers: u64::from(shared), ..Self::default() }
    }
}

fieldwise! { Add add Read: dense_bytes expert_bytes dense_weights expert_weights expert_layers shared_layers }
fieldwise! { Sub sub Read: dense_bytes expert_bytes dense_weights expert_weights expert_layers shared_layers }
