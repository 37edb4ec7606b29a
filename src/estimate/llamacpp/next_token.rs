//! A model's own layer for further tokens as a drafter: its weights, and what its context of its own takes.

use super::compute::Buffers;
use super::graph::builder::{Weight, WeightPlace};
use super::prepared::Prepared;
use super::tensor::{Place, Tensor};
use super::tensor_types::{self, MixContext};
use super::weights::TensorSums;
use super::{block::BlockType, layout};
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::model::architectures::NextToken as Held;
use crate::model::cache::{Cells, Side};
use crate::model::graph::builder::GraphOptions;
use crate::model::layers::Layer;
use crate::units::Bytes;

/// The layer for a further token, and what its tensors take.
#[derive(Debug)]
pub(super) struct NextToken {
    pub(super) layer: Layer,
    pub(super) tensors: Vec<Weight>,
    /// All of them, on a device and in RAM.
    pub(super) sums: TensorSums,
    /// In the file.
    pub(super) file: Bytes,
    pub(super) parameters: u64,
}

impl NextToken {
    /// That of `model` in `quantization`; `None` where its files have none.
    pub(super) fn new(model: &Model, quantization: Quantization) -> Option<Self> {
        if model.architecture.traits().next_token == Held::Skipped {
            return None;
        }
        let (layer, own) = layout::next_token(model)?;
        let layers = u32::try_from(model.num_hidden_layers).ok()?;
        let typed: Vec<(Tensor, BlockType)> = if model.file_tensors.is_empty() {
            let mut tensors = layout::tensors(model)?;
            let before = tensors.len();
            tensors.extend(own);
            let types = tensor_types::types(&tensors, layers, MixContext::of(model), quantization);
            tensors.into_iter().zip(types).skip(before).collect()
        } else {
            let (tensors, types) = layout::file::read(&model.file_tensors)?;
            let behind = |(tensor, _): &(Tensor, BlockType)| matches!(tensor.place, Place::Layer(at) if at >= layers);
            tensors.into_iter().zip(types).filter(behind).collect()
        };
        let mut next = Self {
            layer,
            tensors: Vec::with_capacity(typed.len()),
            sums: TensorSums::default(),
            file: Bytes::ZERO,
            parameters: 0,
        };
        for (tensor, kind) in &typed {
            next.tensors.push(Weight {
                kind: tensor.kind,
                is_bias: tensor.bias,
                width: tensor.ne[0],
                bytes: kind.device_bytes(tensor.ne),
                place: WeightPlace::WithLayer,
            });
            next.sums = next.sums + TensorSums::of(tensor, *kind);
            next.file += Bytes(kind.tensor_bytes(tensor.ne));
            next.parameters += tensor.elements();
        }
        (!typed.is_empty()).then_some(next)
    }

    /// Bytes of its cache; `cells` are those of its context.
    pub(super) fn cache(&self, cells: &Cells, side: Side) -> Bytes {
        Bytes(cells.mixer_bytes(&self.layer.mixer, side).kv)
    }

    /// Bytes of its compute buffer on each of so many devices, which store rows so, and, last, on the host; it lies on the last
    /// of them.
    pub(super) fn buffers(
        &self,
        (model, prepared): (&Model, &Prepared),
        (options, cells): (GraphOptions, Cells),
        devices: usize,
        buffers: &mut Buffers,
    ) -> Vec<u64> {
        buffers.ahead(model, self, &prepared.output_tensors, (options, cells), devices)
    }
}
