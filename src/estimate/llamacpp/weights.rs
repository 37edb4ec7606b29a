//! The weights of one model in one file type, summed so that any split over devices is read off in constant time.

use std::iter::Sum;
use std::ops::{Add, Range, Sub};

use crate::catalog::quantization::Quantization;
use crate::units::Bytes;

use super::block::BlockType;
use super::cache::Side;
use super::tensor::{Place, Tensor, TensorKind};
use super::tensor_types::{self, MixContext};

/// What a group of tensors takes. `device` is with CUDA's padding and alignment (`ROCm` and SYCL do the same), `host` as
/// in RAM, which is also what Metal and Vulkan allocate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TensorSums {
    /// On a device that pads.
    pub device: Bytes,
    /// In RAM.
    pub host: Bytes,
    /// The part of `device` that `--n-cpu-moe` keeps in RAM: routed experts.
    pub expert_device: Bytes,
    /// The part of `host` that are routed experts.
    pub expert_host: Bytes,
    /// Matrices (what a big batch copies to the device one by one when they lie in RAM).
    pub matrices: u64,
    /// Matrices of routed experts among them.
    pub expert_matrices: u64,
}

/// The weights of a model in one file type: prefix sums over its layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    file: Bytes,
    parameters: u64,
    input: TensorSums,
    output: TensorSums,
    output_on_host: Bytes,
    output_matrix: Bytes,
    every_buffer: TensorSums,
    /// Entry `i`: layers before `i`.
    before: Box<[Prefix]>,
}

/// What precedes a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Prefix {
    sums: TensorSums,
    largest: Bytes,
    largest_expert: Bytes,
}

/// Gemma 3n and Gemma 4 load the tied output before the embeddings, and so twice where both are in RAM.
fn output_first(tensors: &[Tensor]) -> bool {
    tensors.iter().any(|tensor| matches!(tensor.kind, TensorKind::AltupProj | TensorKind::LayerOutputScale))
}

impl Weights {
    /// The weights of a model whose file `llama-quantize` would make; see [`tensor_types::types`] for the arguments.
    #[must_use]
    pub fn of(tensors: &[Tensor], layers: u32, context: MixContext, file: Quantization) -> Self {
        Self::with_types(tensors, &tensor_types::types(tensors, layers, context, file), layers)
    }

    /// The weights of a file whose types are known, one for each tensor.
    #[must_use]
    pub fn with_types(tensors: &[Tensor], types: &[BlockType], layers: u32) -> Self {
        let mut weights = Self {
            file: Bytes::ZERO,
            parameters: 0,
            input: TensorSums::default(),
            output: TensorSums::default(),
            output_on_host: Bytes::ZERO,
            output_matrix: Bytes::ZERO,
            every_buffer: TensorSums::default(),
            before: vec![Prefix::default(); layers as usize + 1].into(),
        };
        let tied = !tensors.iter().any(|it| it.kind == TensorKind::Output && !it.bias);
        for (tensor, &kind) in tensors.iter().zip(types) {
            weights.add(tensor, kind, tied);
            if tied && tensor.kind == TensorKind::TokenEmbd && output_first(tensors) {
                weights.output_on_host += TensorSums::of(tensor, kind).host;
            }
        }
        let mut sum = Prefix::default();
        for prefix in &mut weights.before {
            sum.sums = sum.sums + prefix.sums;
            sum.largest = sum.largest.max(prefix.largest);
            sum.largest_expert = sum.largest_expert.max(prefix.largest_expert);
            *prefix = sum;
        }
        weights
    }

    fn add(&mut self, tensor: &Tensor, kind: BlockType, tied: bool) {
        let sums = TensorSums::of(tensor, kind);
        self.file += Bytes(kind.tensor_bytes(tensor.ne));
        self.parameters += tensor.ne.iter().product::<u64>();
        if tied && tensor.kind == TensorKind::TokenEmbd {
            // The output layer reads the embeddings: a copy on its device, none where both are in RAM.
            self.output = self.output + sums;
            self.output_matrix = sums.device;
        } else if tensor.kind == TensorKind::Output && !tensor.bias {
            self.output_matrix = sums.device;
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
                prefix.sums = prefix.sums + sums;
                prefix.largest = prefix.largest.max(sums.device);
                prefix.largest_expert = prefix.largest_expert.max(sums.expert_device);
            }
        }
    }

    /// What the engine prints as model size: every tensor once, without padding.
    #[must_use]
    pub const fn file_bytes(&self) -> Bytes {
        self.file
    }

    /// What the engine prints as parameters: elements of every tensor.
    #[must_use]
    pub const fn parameters(&self) -> u64 {
        self.parameters
    }

    /// What the engine prints as bits per weight; 0 for no weights.
    #[must_use]
    pub fn bits_per_weight(&self) -> f64 {
        if self.parameters == 0 { 0.0 } else { self.file.0 as f64 * 8.0 / self.parameters as f64 }
    }

    /// Repeating layers.
    #[must_use]
    pub fn layers(&self) -> u32 {
        u32::try_from(self.before.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Token embeddings and what else the engine always keeps in RAM.
    #[must_use]
    pub const fn input(&self) -> TensorSums {
        self.input
    }

    /// Output matrix and norm on a device, with a copy of the token embeddings where the model has no output matrix.
    #[must_use]
    pub const fn output(&self) -> TensorSums {
        self.output
    }

    /// Output matrix and norm in RAM, where tied embeddings need no copy.
    #[must_use]
    pub const fn output_on_host(&self) -> Bytes {
        self.output_on_host
    }

    /// The output matrix alone (or the embeddings that serve as one), as a device stores it.
    #[must_use]
    pub const fn output_matrix(&self) -> Bytes {
        self.output_matrix
    }

    /// Rope factors: loaded into each device and into RAM wherever at least one layer is.
    #[must_use]
    pub const fn every_buffer(&self) -> TensorSums {
        self.every_buffer
    }

    /// The tensors of these layers, rope factors aside. Layers that the model does not have take nothing.
    #[must_use]
    pub fn sums(&self, layers: Range<u32>) -> TensorSums {
        self.prefix(layers.end.max(layers.start)).sums - self.prefix(layers.start).sums
    }

    /// What these layers, and the output layer with `output`, take of a device, with the experts of the first
    /// `cpu_experts` layers of the model in RAM, and rope factors where there is a repeating layer. Devices that do not
    /// pad (Metal, Vulkan) store rows as the host does.
    #[must_use]
    pub fn on_device(&self, layers: Range<u32>, cpu_experts: u32, output: bool, rows: Side) -> Bytes {
        let layers = layers.start.min(self.layers())..layers.end.min(self.layers());
        let moved = self.sums(layers.start..cpu_experts.clamp(layers.start, layers.end.max(layers.start)));
        let factors = if layers.is_empty() { TensorSums::default() } else { self.every_buffer };
        let end = if output { self.output } else { TensorSums::default() };
        let all = self.sums(layers) + factors + end;
        match rows {
            Side::Device => all.device - moved.expert_device,
            Side::Host => all.host - moved.expert_host,
        }
    }

    /// What lies in RAM when the first `host_layers` layers do and, of the others, the experts of the first
    /// `cpu_experts` layers of the model: without input and output, with rope factors where there is a layer.
    #[must_use]
    pub fn on_host(&self, host_layers: u32, cpu_experts: u32) -> Bytes {
        let factors = if host_layers.min(self.layers()) == 0 { Bytes::ZERO } else { self.every_buffer.host };
        self.sums(0..host_layers).host + self.sums(host_layers..cpu_experts).expert_host + factors
    }

    /// The largest single weight that [`Self::on_host`] counts, as a device would store it: what a big batch needs
    /// room for there.
    #[must_use]
    pub fn largest_on_host(&self, host_layers: u32, cpu_experts: u32) -> Bytes {
        self.prefix(host_layers).largest.max(self.prefix(cpu_experts).largest_expert)
    }

    fn prefix(&self, layers: u32) -> Prefix {
        self.before.get(layers as usize).or_else(|| self.before.last()).copied().unwrap_or_default()
    }
}

impl TensorSums {
    /// What one tensor takes.
    #[must_use]
    pub fn of(tensor: &Tensor, kind: BlockType) -> Self {
        let device = Bytes(kind.device_bytes(tensor.ne));
        let host = Bytes(kind.host_bytes(tensor.ne));
        let matrices = u64::from(!tensor.bias && (tensor.ne[1] > 1 || tensor.ne[2] > 1));
        if is_routed_expert(tensor.kind.name()) {
            Self { device, host, expert_device: device, expert_host: host, matrices, expert_matrices: matrices }
        } else {
            Self { device, host, matrices, ..Self::default() }
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

impl Add for TensorSums {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            device: self.device + other.device,
            host: self.host + other.host,
            expert_device: self.expert_device + other.expert_device,
            expert_host: self.expert_host + other.expert_host,
            matrices: self.matrices + other.matrices,
            expert_matrices: self.expert_matrices + other.expert_matrices,
        }
    }
}

impl Sub for TensorSums {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            device: self.device - other.device,
            host: self.host - other.host,
            expert_device: self.expert_device - other.expert_device,
            expert_host: self.expert_host - other.expert_host,
            matrices: self.matrices.saturating_sub(other.matrices),
            expert_matrices: self.expert_matrices.saturating_sub(other.expert_matrices),
        }
    }
}

impl Sum for TensorSums {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests;
