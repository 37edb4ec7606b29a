//! The weights of one model in one file type, summed so that any split over devices is read off in constant time.

use std::ops::Range;

use super::block::BlockType;
use super::cache::Side;
use super::graph::builder::WeightPlace;
use super::tensor::{Place, Tensor, TensorKind};
use crate::units::Bytes;
use crate::units::sums::fieldwise;

/// What a group of tensors takes. `device` is with CUDA's padding and alignment (`ROCm` and SYCL do the same), `host` as
/// in RAM, which is also what Metal and Vulkan allocate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TensorSums {
    /// On a device that pads.
    pub device: Bytes,
    /// In RAM.
    pub host: Bytes,
    /// The part of `device` that `--n-cpu-moe` keeps in RAM: routed experts.
    pub expert_device: Bytes,
    /// The part of `host` that are routed experts.
    pub expert_host: Bytes,
}

/// The weights of a model in one file type: prefix sums over its layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WeightSums {
    /// What the engine prints as model size: every tensor once, without padding.
    pub file: Bytes,
    /// What the engine prints as parameters: elements of every tensor.
    pub parameters: u64,
    /// Token embeddings and what else the engine always keeps in RAM.
    pub input: TensorSums,
    /// Output matrix and norm on a device, with a copy of the token embeddings where the model has no output matrix.
    output: TensorSums,
    /// Output matrix and norm in RAM, where tied embeddings need no copy.
    pub output_on_host: Bytes,
    /// Rope factors: loaded into each device and into RAM wherever at least one layer is that reads them.
    every_buffer: TensorSums,
    /// Entry `i`: layers before `i` that read rope factors.
    factor_readers: Box<[u32]>,
    /// Entry `i`: layers before `i`.
    before: Box<[TensorSums]>,
}

/// Gemma 3n and Gemma 4 load the tied output before the embeddings, and so twice where both are in RAM.
fn output_first(tensors: &[Tensor]) -> bool {
    tensors.iter().any(|tensor| matches!(tensor.kind, TensorKind::AltupProj | TensorKind::LayerOutputScale))
}

impl WeightSums {
    /// The weights of a file whose types and places are known, one for each tensor; what lies elsewhere than with its layer is
    /// part of the file alone. `read_factors` says for each layer whether it reads rope factors, where there are any.
    pub(super) fn with_types(
        tensors: &[Tensor],
        types: &[BlockType],
        places: &[WeightPlace],
        read_factors: &[bool],
    ) -> Self {
        let mut readers = 0;
        let counted = read_factors.iter().map(|reads| {
            readers += u32::from(*reads);
            readers
        });
        let mut weights = Self {
            file: Bytes::ZERO,
            parameters: 0,
            input: TensorSums::default(),
            output: TensorSums::default(),
            output_on_host: Bytes::ZERO,
            every_buffer: TensorSums::default(),
            factor_readers: std::iter::once(0).chain(counted).collect(),
            before: vec![TensorSums::default(); read_factors.len() + 1].into(),
        };
        let tied = !tensors.iter().any(|it| it.kind == TensorKind::Output && !it.bias);
        for ((tensor, &kind), place) in tensors.iter().zip(types).zip(places) {
            weights.file += Bytes(kind.tensor_bytes(tensor.ne));
            weights.parameters += tensor.ne.iter().product::<u64>();
            if *place != WeightPlace::WithLayer {
                continue;
            }
            weights.add(tensor, kind, tied);
            if tied && tensor.kind == TensorKind::TokenEmbd && output_first(tensors) {
                weights.output_on_host += TensorSums::of(tensor, kind).host;
            }
        }
        let mut sum = TensorSums::default();
        for prefix in &mut weights.before {
            sum = sum + *prefix;
            *prefix = sum;
        }
        weights
    }

    fn add(&mut self, tensor: &Tensor, kind: BlockType, tied: bool) {
        let sums = TensorSums::of(tensor, kind);
        if tied && tensor.kind == TensorKind::TokenEmbd {
            // The output layer reads the embeddings: a copy on its device, none where both are in RAM.
            self.output = self.output + sums;
        }
        // Rope factors belong to each layer, and are loaded once into every buffer that has a layer.
        if tensor.kind.name().starts_with("rope_f") {
            self.every_buffer = self.every_buffer + sums;
            return;
        }
        match tensor.place {
            Place::Input => self.input = self.input + sums,
            Place::Output => {
                self.output = self.output + sums;
                self.output_on_host += sums.host;
            }
            // The entry after a layer gathers it; running sums follow.
            Place::Layer(layer) => {
                let Some(prefix) = self.before.get_mut(layer as usize + 1) else { return };
                *prefix = *prefix + sums;
            }
        }
    }

    /// What the engine prints as bits per weight; 0 for no weights.
    pub(super) fn bits_per_weight(&self) -> f64 {
        if self.parameters == 0 { 0.0 } else { self.file.0 as f64 * 8.0 / self.parameters as f64 }
    }

    /// Devices and RAM together hold no less of the layers and the input, wherever they lie: what RAM holds of them is stored
    /// as the file has it, what devices hold may be padded.
    pub(super) fn least(&self) -> Bytes {
        self.sums(0..self.layers()).host + self.input.host
    }

    /// Repeating layers.
    pub(super) fn layers(&self) -> u32 {
        u32::try_from(self.before.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The tensors of these layers, rope factors aside. Layers that the model does not have take nothing.
    pub(super) fn sums(&self, layers: Range<u32>) -> TensorSums {
        self.prefix(layers.end.max(layers.start)) - self.prefix(layers.start)
    }

    /// What these layers, and the output layer with `output`, take of a device, with the experts of the first
    /// `cpu_experts` layers of the model in RAM, and rope factors where there is a repeating layer. Devices that do not
    /// pad (Metal, Vulkan) store rows as the host does.
    pub(super) fn on_device(&self, layers: Range<u32>, cpu_experts: u32, output: bool, rows: Side) -> Bytes {
        let layers = layers.start.min(self.layers())..layers.end.min(self.layers());
        let moved = self.sums(layers.start..cpu_experts.clamp(layers.start, layers.end.max(layers.start)));
        let factors = self.factors(layers.clone());
        let end = if output { self.output } else { TensorSums::default() };
        let all = self.sums(layers) + factors + end;
        match rows {
            Side::Device => all.device - moved.expert_device,
            Side::Host => all.host - moved.expert_host,
        }
    }

    /// What lies in RAM when the first `host_layers` layers do and, of the others, the experts of the first
    /// `cpu_experts` layers of the model: without input and output, with rope factors where there is a layer.
    pub(super) fn on_host(&self, host_layers: u32, cpu_experts: u32) -> Bytes {
        let factors = self.factors(0..host_layers).host;
        self.sums(0..host_layers).host + self.sums(host_layers..cpu_experts).expert_host + factors
    }

    /// The rope factors of a buffer that holds these layers.
    fn factors(&self, layers: Range<u32>) -> TensorSums {
        let before = |layer: u32| self.factor_readers.get(layer as usize).or_else(|| self.factor_readers.last());
        if before(layers.start) == before(layers.end.max(layers.start)) {
            TensorSums::default()
        } else {
            self.every_buffer
        }
    }

    fn prefix(&self, layers: u32) -> TensorSums {
        self.before.get(layers as usize).or_else(|| self.before.last()).copied().unwrap_or_default()
    }
}

impl TensorSums {
    /// What one tensor takes.
    pub(super) fn of(tensor: &Tensor, kind: BlockType) -> Self {
        let device = Bytes(kind.device_bytes(tensor.ne));
        let host = Bytes(kind.host_bytes(tensor.ne));
        if is_routed_expert(tensor.kind.name()) {
            Self { device, host, expert_device: device, expert_host: host }
        } else {
            Self { device, host, ..Self::default() }
        }
    }
}

/// What `--n-cpu-moe` picks by name, biases included. Source: `LLM_FFN_EXPS_REGEX` in common/common.h of llama.cpp
/// 0c1e57098.
fn is_routed_expert(name: &str) -> bool {
    name.strip_prefix("ffn_").is_some_and(|rest| {
        ["up", "down", "gate", "gate_up"].iter().any(|part| {
            rest.strip_prefix(part).is_some_and(|rest| rest.starts_with("_exps") || rest.starts_with("_chexps"))
        })
    })
}

fieldwise! { Add add TensorSums: device host expert_device expert_host }
fieldwise! { Sub sub TensorSums: device host expert_device expert_host }

#[cfg(test)]
mod tests;
