//! The contract's names for the choices of a plan, read and written in one place.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::catalog::quantization::{KvPrecision, Quantization, UnknownQuantization};
use crate::plan::{
    Backend, GpuLayers, Logits, LoraTargets, Loss, Offload, OperatingSystem, Optimizer, Precision, Runtime,
    RuntimeVersion, Sharding, SplitMode, Task, TrainingAttention, VersionError,
};

/// A choice that scripts give by name.
pub(super) trait Name: Sized {
    /// The choice of this name, or what to give instead.
    fn from_name(name: &str) -> Result<Self, String>;
}

/// Closed lists: every name beside its choice.
macro_rules! names {
    ($kind:ty, $what:literal, $($name:literal => $choice:ident),+ $(,)?) => {
        impl Name for $kind {
            fn from_name(name: &str) -> Result<Self, String> {
                match name {
                    $($name => Ok(Self::$choice),)+
                    _ => Err(unknown($what, name, &[$($name),+])),
                }
            }
        }

        impl Spelled for $kind {
            fn name(self) -> &'static str {
                match self {
                    $(Self::$choice => $name,)+
                }
            }
        }
    };
}

/// A choice that has one name only.
pub(super) trait Spelled {
    /// The name in the contract.
    fn name(self) -> &'static str;
}

names!(Backend, "backend", "cuda" => Cuda, "rocm" => Rocm, "vulkan" => Vulkan, "metal" => Metal, "sycl" => Sycl,
    "cpu" => Cpu);
names!(Logits, "logits", "last" => Last, "all" => All);
names!(SplitMode, "split_mode", "layer" => Layer, "tensor" => Tensor);
names!(Runtime, "runtime", "llama.cpp" => LlamaCpp, "vllm" => Vllm, "sglang" => Sglang, "tgi" => Tgi,
    "tensorrt-llm" => TensorRtLlm, "transformers" => Transformers);
names!(OperatingSystem, "os", "linux" => Linux, "windows" => Windows, "macos" => MacOs);

names!(Task, "task", "serve" => Serve, "full" => Full, "lora" => Lora, "qlora" => Qlora);
names!(Optimizer, "optimizer", "adamw" => AdamW, "adamw_foreach" => AdamWForeach, "adamw_8bit" => AdamW8bit,
    "paged_adamw_8bit" => PagedAdamW8bit, "adafactor" => Adafactor, "sgd" => Sgd, "sgd_momentum" => SgdMomentum);
names!(Precision, "precision", "bf16" => Bf16, "bf16_master" => Bf16Master, "amp" => Amp, "fp32" => Fp32);
names!(TrainingAttention, "attention", "flash" => Flash, "eager" => Eager,
    "fused_softmax" => FusedSoftmax);
names!(LoraTargets, "lora_targets", "all-linear" => AllLinear, "attention" => Attention, "qv" => QueryValue);
names!(Loss, "loss", "standard" => Standard, "without_outputs" => WithoutOutputs, "fused" => Fused, "chunked" => Chunked);
names!(Sharding, "sharding", "deepspeed" => DeepSpeed, "fsdp" => Fsdp);
names!(Offload, "offload", "none" => None, "optimizer" => Optimizer, "parameters" => Parameters, "nvme" => Nvme);

impl Name for Quantization {
    fn from_name(name: &str) -> Result<Self, String> {
        name.parse().map_err(|error: UnknownQuantization| error.to_string())
    }
}

impl Name for KvPrecision {
    fn from_name(name: &str) -> Result<Self, String> {
        // Names as the contract spells them are looked up without a copy.
        let exact = Self::ALL.into_iter().find(|precision| precision.name() == name);
        match exact.map_or_else(|| name.parse(), Ok) {
            Ok(precision) => Ok(precision),
            Err(UnknownQuantization { .. }) => Err(unknown("KV cache precision", name, &Self::ALL.map(Self::name))),
        }
    }
}

impl Name for RuntimeVersion {
    fn from_name(name: &str) -> Result<Self, String> {
        name.parse().map_err(|error: VersionError| error.to_string())
    }
}

impl Name for GpuLayers {
    fn from_name(name: &str) -> Result<Self, String> {
        match name {
            "all" => Ok(Self::All),
            "auto" => Ok(Self::Auto),
            _ => name
                .parse()
                .map(Self::Count)
                .map_err(|_error| format!("{name:?} is no number of layers: give all, auto or a number")),
        }
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    format!("unknown {what} {name:?}: give {}", known.join(", "))
}

/// Lets serde read a choice by its name, without a copy of it.
pub(super) fn named<'de, D: Deserializer<'de>, T: Name>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<ByName<T>>::deserialize(deserializer)?.map(|named| named.0))
}

struct ByName<T>(T);

impl<'de, T: Name> Deserialize<'de> for ByName<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor(PhantomData)).map(Self)
    }
}

struct NameVisitor<T>(PhantomData<T>);

impl<T: Name> Visitor<'_> for NameVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name in quotes")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        T::from_name(name).map_err(E::custom)
    }
}

/// Lets serde read `"all"`, `"auto"` or a number.
pub(super) fn gpu_layers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<GpuLayers>, D::Error> {
    Ok(Option::<LayersByName>::deserialize(deserializer)?.map(|layers| layers.0))
}

struct LayersByName(GpuLayers);

impl<'de> Deserialize<'de> for LayersByName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LayersVisitor).map(Self)
    }
}

struct LayersVisitor;

impl Visitor<'_> for LayersVisitor {
    type Value = GpuLayers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"all\", \"auto\" or a whole number of layers")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<GpuLayers, E> {
        GpuLayers::from_name(name).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, layers: u64) -> Result<GpuLayers, E> {
        u32::try_from(layers).map(GpuLayers::Count).map_err(|_error| E::custom(format!("{layers} layers are too many")))
    }
}
