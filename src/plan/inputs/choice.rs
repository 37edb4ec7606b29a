//! Closed lists that inputs choose from: the contract's name of each choice, and the word that people read.

use strum::{VariantArray, VariantNames};

use super::InputFault;
use crate::catalog::quantization::{KvPrecision, Quantization, UnknownPrecision};
use crate::plan::{
    Backend, BaseQuant, BoxLink, Logits, LoraTargets, LossMethod, Offload, OperatingSystem, Optimizer, Precision,
    Runtime, Sharding, SplitMode, Task, TrainingAttention, VisionPlace,
};
use crate::text::program_names::{DEEPSPEED, LLAMA_CPP, SGLANG, TENSORRT_LLM, TGI, TRANSFORMERS, VLLM};
use crate::text::{Key, Locale};

/// A word for a choice: a name that is the same everywhere, or one that is translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A proper name.
    Name(&'static str),
    /// In the tables of words.
    Key(Key),
}

impl Word {
    /// The word in this language.
    pub fn of(self, locale: Locale) -> &'static str {
        match self {
            Self::Name(name) => name,
            Self::Key(key) => locale.word(key),
        }
    }
}

/// One of a closed list.
pub trait Choice: Copy + Into<&'static str> + 'static {
    /// All of them, in order.
    const VARIANTS: &'static [Self];
    /// Their names in the contract, in the same order.
    const NAMES: &'static [&'static str];

    /// The word that people read.
    fn word(self) -> Word;

    /// The name in the contract.
    fn name(self) -> &'static str {
        self.into()
    }

    /// The choice of this name in the contract, by its place, or what to give instead.
    ///
    /// # Errors
    /// What is wrong with the name.
    fn find(key: &'static str, name: &str) -> Result<u8, InputFault> {
        let place = Self::NAMES.iter().position(|known| *known == name).and_then(|place| u8::try_from(place).ok());
        place.ok_or_else(|| InputFault::choice(key, name, Self::NAMES))
    }
}

/// A closed list without its type.
#[derive(Debug, Clone, Copy)]
pub struct Choices {
    /// Their names in the contract, in order.
    pub names: &'static [&'static str],
    /// The word that people read for the one in this place.
    pub word: fn(usize) -> Word,
    /// See [`Choice::find`].
    pub find: fn(key: &'static str, name: &str) -> Result<u8, InputFault>,
}

impl Choices {
    pub(super) const fn of<T: Choice>() -> Self {
        Self {
            names: T::NAMES,
            word: |place| T::VARIANTS.get(place).map_or(Word::Name(""), |it| it.word()),
            find: T::find,
        }
    }
}

/// Each list once, with the words of its choices; the names of the contract stand at the enum.
macro_rules! words {
    ($($list:ident { $($choice:ident => $kind:ident $word:tt),+ $(,)? })+) => {
        $(impl Choice for $list {
            const VARIANTS: &'static [Self] = <Self as VariantArray>::VARIANTS;
            const NAMES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

            fn word(self) -> Word {
                match self {
                    $(Self::$choice => words!($kind $word),)+
                }
            }
        })+
    };
    (name $word:tt) => { Word::Name($word) };
    (key $word:ident) => { Word::Key(Key::$word) };
}

words! {
    Task { Serve => key Serve, Full => key FullTune, Lora => key Lora, Qlora => key Qlora }
    Runtime {
        LlamaCpp => name LLAMA_CPP, Vllm => name VLLM, Sglang => name SGLANG, Tgi => name TGI,
        TensorRtLlm => name TENSORRT_LLM, Transformers => name TRANSFORMERS,
    }
    Backend {
        Cuda => name "CUDA", Rocm => name "ROCm", Vulkan => name "Vulkan", Metal => name "Metal", Sycl => name "SYCL",
        Cpu => name "CPU",
    }
    BoxLink {
        Ethernet1 => name "1 GbE", Ethernet2 => name "2.5 GbE", Ethernet10 => name "10 GbE", Ethernet25 => name "25 GbE",
        Ethernet100 => name "100 GbE", ConnectX7 => name "ConnectX-7, 200 GbE", Thunderbolt4 => name "Thunderbolt 4",
        Thunderbolt5 => name "Thunderbolt 5",
    }
    OperatingSystem { Linux => name "Linux", Windows => name "Windows", MacOs => name "macOS" }
    Logits { Last => key LogitsLast, All => key LogitsAll }
    SplitMode { Layer => key SplitByLayer, Tensor => key SplitByTensor, None => key SplitNone }
    VisionPlace { Gpu => key VisionGpu, Cpu => key VisionCpu, Off => key VisionOff }
    Optimizer {
        AdamW => name "AdamW", AdamWForeach => name "AdamW foreach", AdamW8bit => name "AdamW 8-bit",
        PagedAdamW8bit => name "Paged AdamW 8-bit", Adafactor => name "Adafactor", Muon => name "Muon",
        GaLore => name "GaLore", Sgd => name "SGD", SgdMomentum => name "SGD momentum",
    }
    Precision { Bf16 => name "BF16", Bf16Master => name "BF16, FP32 master", Amp => name "AMP", Fp32 => name "FP32" }
    TrainingAttention { Flash => name "Flash", Eager => name "Eager", FusedSoftmax => key AttentionFused }
    BaseQuant { Nf4 => name "NF4", Int8 => name "INT8", Gptq => name "GPTQ" }
    LoraTargets { AllLinear => key TargetsAll, Attention => key TargetsAttention, QueryValue => key TargetsQv }
    LossMethod {
        Standard => key LossStandard, WithoutOutputs => key LossWithoutOutputs, Fused => key LossFused,
        Chunked => key LossChunked,
    }
    Sharding { DeepSpeed => name DEEPSPEED, Fsdp => name "FSDP" }
    Offload {
        None => key OffloadNone, Optimizer => key OffloadOptimizer, Parameters => key OffloadParameters,
        Nvme => key OffloadNvme,
    }
}

/// Precisions are read in any spelling that people use, and called by their own names.
macro_rules! precisions {
    ($($list:ident: $unknown:expr;)+) => {
        $(impl Choice for $list {
            const VARIANTS: &'static [Self] = <Self as VariantArray>::VARIANTS;
            const NAMES: &'static [&'static str] = <Self as VariantNames>::VARIANTS;

            fn word(self) -> Word {
                Word::Name(self.label())
            }

            fn find(_key: &'static str, name: &str) -> Result<u8, InputFault> {
                name.parse().map(|choice: Self| choice as u8).map_err($unknown)
            }
        })+
    };
}

precisions! {
    Quantization: InputFault::Quantization;
    KvPrecision: |UnknownPrecision { name, .. }| InputFault::KvPrecision { name, known: Self::NAMES };
}
