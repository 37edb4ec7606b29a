//! Tensors that lie elsewhere than their layers: where the plan's rules send them, or where the engine leaves what a device
//! cannot multiply.
//!
//! Laws of `llama_model_loader::create_tensor` (llama.cpp 0c1e57098, src/llama-model-loader.cpp): the first rule that is found in a
//! tensor's name decides its buffer (`--override-tensor`); a matrix of a type that no kernel of the device reads goes to the
//! next buffer that has one, which is RAM. No rule moves caches.

use std::collections::BTreeSet;

use ahash::AHashMap;

use super::block::BlockType;
use super::graph::builder::WeightPlace;
use super::reads::Read;
use super::tensor::{Place, Tensor, TensorKind};
use super::weights::TensorSums;
use crate::catalog::runtime::Backend;
use crate::estimate::Refusal;
use crate::estimate::device::Device;
use crate::plan::{OverrideMatcher, TensorOverrides};
use crate::units::Bytes;

/// Tells rules apart among all that one estimator has met; those of no plan with rules are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct RulesId(u32);

/// Where tensors lie that do not lie with their layers.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) id: RulesId,
    matcher: OverrideMatcher,
    places: Vec<WeightPlace>,
    /// No device multiplies ternary weights.
    ternary_on_host: bool,
}

impl Rules {
    /// Those of a plan; `None` where every tensor lies with its layer.
    ///
    /// # Errors
    /// A rule that names a buffer which the devices do not have.
    fn of(overrides: &TensorOverrides, devices: &[Device<'_>], id: RulesId) -> Result<Option<Self>, Refusal> {
        if devices.is_empty() {
            return Ok(None);
        }
        let place = |buffer: &str| match buffer {
            "CPU" => Ok(WeightPlace::Host),
            name => device_of(name, devices).map(WeightPlace::Device).ok_or(Refusal::UnknownBuffer),
        };
        let places = overrides.buffers().map(place).collect::<Result<_, _>>()?;
        let ternary_on_host = devices.iter().all(|device| device.backend != Backend::Vulkan);
        Ok(Some(Self { id, matcher: overrides.matcher(), places, ternary_on_host }))
    }

    /// Whether the plan itself has rules: the engine then does not work on several devices at once.
    pub(super) const fn by_hand(&self) -> bool {
        !self.places.is_empty()
    }

    /// Where a tensor of this type lies.
    pub(super) fn place_of(&self, tensor: &Tensor, kind: BlockType) -> WeightPlace {
        // What every buffer has of its own is not moved.
        if tensor.kind.name().starts_with("rope_f") {
            return WeightPlace::WithLayer;
        }
        let named = if self.places.is_empty() { None } else { self.matcher.rule_of(&tensor.to_string()) };
        match named.and_then(|rule| self.places.get(rule)) {
            Some(place) => *place,
            None if self.ternary_on_host && is_ternary(kind) && !matches!(tensor.place, Place::Input) => {
                WeightPlace::HostAlone
            }
            None => WeightPlace::WithLayer,
        }
    }
}

/// Types that of the compute libraries only Vulkan has kernels for (`supports_op` of each).
const fn is_ternary(kind: BlockType) -> bool {
    matches!(kind, BlockType::tq1_0 | BlockType::tq2_0)
}

/// The device that the engine calls so: its compute library with a number, counted within each library.
fn device_of(name: &str, devices: &[Device<'_>]) -> Option<u8> {
    let names = |backend: Backend| match backend {
        Backend::Cuda => &["CUDA"][..],
        Backend::Rocm => &["ROCm"],
        Backend::Vulkan => &["Vulkan"],
        Backend::Sycl => &["SYCL"],
        Backend::Metal => &["MTL"],
        Backend::Cpu => &[],
    };
    let found = devices.iter().enumerate().position(|(index, device)| {
        let number = devices.iter().take(index).filter(|before| before.backend == device.backend).count();
        // Older builds have one Metal device and call it so.
        let is_it = |prefix: &&str| name.strip_prefix(*prefix).is_some_and(|rest| rest == number.to_string());
        names(device.backend).iter().any(is_it) || device.backend == Backend::Metal && name == "Metal"
    });
    found.and_then(|index| u8::try_from(index).ok())
}

/// Sets of rules kept; when there are more, all are forgotten.
const KEPT: usize = 1 << 8;

/// Rules that were met before, by what they were made of.
#[derive(Debug, Default)]
pub(super) struct KnownRules {
    known: AHashMap<(TensorOverrides, Box<[Backend]>), Rules>,
    last: u32,
}

impl KnownRules {
    /// The rules of a plan with these devices.
    ///
    /// # Errors
    /// A rule that names a buffer which the devices do not have.
    pub(super) fn of(
        &mut self,
        overrides: &TensorOverrides,
        devices: &[Device<'_>],
    ) -> Result<Option<&Rules>, Refusal> {
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        let backends: Box<[Backend]> = devices.iter().map(|device| device.backend).collect();
        let key = (overrides.clone(), backends);
        if !self.known.contains_key(&key) {
            self.last += 1;
            let Some(rules) = Rules::of(overrides, devices, RulesId(self.last))? else { return Ok(None) };
            self.known.insert(key.clone(), rules);
        }
        Ok(self.known.get(&key))
    }
}

/// What lies elsewhere than with its layer.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The plan itself says so.
    pub(super) by_hand: bool,
    /// On each device that something is sent to.
    devices: Vec<SentTo>,
    /// In RAM.
    pub(super) host: SentTo,
    /// Layers with such tensors.
    layers: BTreeSet<u32>,
}

/// What is sent to one place.
#[derive(Debug, Clone, Default)]
pub(super) struct SentTo {
    /// What it takes there.
    pub(super) sums: TensorSums,
    /// What a step reads of it.
    pub(super) read: Read,
    /// Layers of which routed experts are sent here.
    expert_layers: BTreeSet<u32>,
}

impl SentTo {
    /// Layers behind the first so many of which routed experts are sent here.
    pub(super) fn expert_layers(&self, behind: u32) -> usize {
        self.expert_layers.range(behind..).count()
    }

    fn add(&mut self, tensor: &Tensor, kind: BlockType, read: bool) {
        self.sums = self.sums + TensorSums::of(tensor, kind);
        if read {
            self.read = self.read + Read::of(tensor, kind);
        }
        if let Place::Layer(layer) = tensor.place
            && tensor.kind.is_expert()
        {
            self.expert_layers.insert(layer);
        }
    }
}

impl Sent {
    /// What of these tensors is sent where.
    pub(super) fn of(tensors: &[Tensor], types: &[BlockType], places: &[WeightPlace], by_hand: bool) -> Self {
        let mut sent = Self { by_hand, ..Self::default() };
        let tied = !tensors.iter().any(|tensor| tensor.kind == TensorKind::Output && !tensor.bias);
        for ((tensor, kind), place) in tensors.iter().zip(types).zip(places) {
            let to = match place {
                WeightPlace::WithLayer => continue,
                WeightPlace::Host | WeightPlace::HostAlone => &mut sent.host,
                WeightPlace::Device(index) => {
                    let index = usize::from(*index);
                    if sent.devices.len() <= index {
                        sent.devices.resize_with(index + 1, SentTo::default);
                    }
                    &mut sent.devices[index]
                }
            };
            // One row of the embeddings is read, all of them where they are the output matrix.
            let is_read = tensor.place != Place::Input || tied && tensor.kind == TensorKind::TokenEmbd;
            to.add(tensor, *kind, is_read);
            if let Place::Layer(layer) = tensor.place {
                sent.layers.insert(layer);
            }
        }
        sent
    }

    /// What is sent to this device.
    pub(super) fn device(&self, index: usize) -> Option<&SentTo> {
        self.devices.get(index)
    }

    /// Bytes that are sent to this device, which stores rows padded or not.
    pub(super) fn bytes_on(&self, index: usize, padded: bool) -> Bytes {
        self.device(index).map_or(Bytes::ZERO, |to| if padded { to.sums.device } else { to.sums.host })
    }

    /// Whether tensors of this layer lie elsewhere.
    pub(super) fn is_in(&self, layer: usize) -> bool {
        u32::try_from(layer).is_ok_and(|layer| self.layers.contains(&layer))
    }

    /// Whether weights of layers, or of the output, are sent to RAM.
    pub(super) fn in_ram(&self) -> bool {
        self.host.read != Read::default()
    }

    /// Whether nothing is sent anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.devices.is_empty() && self.host.sums == TensorSums::default()
    }
}
