//! What a text says about a memory that ran out.

use strum::IntoStaticStr;

use super::cure::{Cure, Look, Note};

/// The memory that a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Memory {
    /// What lies on the card, or what one pool gives the GPU.
    Vram,
    /// The machine's own.
    Ram,
    /// Disk that stands in for RAM: swap, the paging file.
    Swap,
    /// RAM that the driver lends the card on Windows.
    Shared,
    /// Addresses, which a limit or a 32-bit program runs out of before the RAM.
    AddressSpace,
    /// `/dev/shm`, through which processes hand each other data.
    Shm,
    /// Where files lie.
    Disk,
    /// No memory ran out.
    None,
    /// The text does not say which.
    Unknown,
}

/// How it ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// More was asked than there is.
    Lack,
    /// Enough is free in all, but in pieces that are too small.
    Fragmentation,
    /// Another program holds it.
    OtherProcess,
    /// A setting, a quota or the system ends it earlier.
    Limit,
    /// The words sound like memory, the fault is another.
    NotMemory,
}

/// Who wrote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Tool {
    /// `PyTorch`.
    PyTorch,
    /// llama.cpp.
    #[strum(serialize = "llama.cpp")]
    LlamaCpp,
    /// Ollama.
    Ollama,
    /// vLLM.
    Vllm,
    /// `SGLang`.
    Sglang,
    /// Triton, the compiler of kernels.
    Triton,
    /// `JAX` and `XLA`.
    Jax,
    /// `TensorFlow`.
    TensorFlow,
    /// ONNX Runtime and `DirectML`.
    OnnxRuntime,
    /// `NumPy`.
    NumPy,
    /// `CuPy`.
    CuPy,
    /// NCCL.
    Nccl,
    /// exllama and what is built on it.
    Exllama,
    /// MLX.
    Mlx,
    /// LM Studio.
    LmStudio,
    /// Text Generation Inference.
    Tgi,
    /// `TensorRT`.
    TensorRt,
    /// Hugging Face Transformers.
    Transformers,
    /// MLC.
    Mlc,
    /// Slurm.
    Slurm,
    /// Ray.
    Ray,
    /// The Linux kernel, or what speaks for it.
    Kernel,
    /// Windows.
    Windows,
    /// Kubernetes or Docker.
    Container,
    /// `nvidia-smi`.
    #[strum(serialize = "nvidia-smi")]
    NvidiaSmi,
    /// `rocm-smi`.
    #[strum(serialize = "rocm-smi")]
    RocmSmi,
    /// `free`.
    Free,
    /// `df`.
    Df,
    /// Hugging Face's downloader.
    #[strum(serialize = "huggingface_hub")]
    HuggingFace,
}

macro_rules! named {
    ($($kind:ty),*) => {$(
        impl $kind {
            /// As scripts read it.
            pub fn name(self) -> &'static str {
                self.into()
            }
        }
    )*};
}
named!(Memory, Kind, Tool);

/// The amounts that a text names, in bytes; `None` where it does not, or where what it names cannot be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What was asked for when it failed.
    pub asked: Option<u64>,
    /// What was free then.
    pub free: Option<u64>,
    /// All there is of it.
    pub total: Option<u64>,
    /// What the program's allocator holds without using it.
    pub reserved_unallocated: Option<u64>,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which memory.
    pub memory: Memory,
    /// How it ran out; `None` where the text does not say.
    pub kind: Option<Kind>,
    /// Who wrote it.
    pub tool: Option<Tool>,
    /// The card's number, from 0.
    pub device: Option<u32>,
    /// What it counts.
    pub amounts: Amounts,
    /// Where the telling words begin, in bytes of the text read.
    pub at: usize,
    /// What has to be known to understand it.
    pub note: Option<Note>,
    /// What helps, the best first.
    pub cures: &'static [Cure],
    /// Where to look to tell what the text does not.
    pub looks: &'static [Look],
}

impl Finding {
    /// A finding without figures, at these words.
    pub(super) const fn new(at: usize, tool: Tool, memory: Memory, kind: Kind) -> Self {
        Self {
            memory,
            kind: Some(kind),
            tool: Some(tool),
            device: None,
            amounts: Amounts { asked: None, free: None, total: None, reserved_unallocated: None },
            at,
            note: None,
            cures: &[],
            looks: &[],
        }
    }

    /// One that cannot be told from the text alone.
    pub(super) const fn untold(at: usize, tool: Option<Tool>, looks: &'static [Look]) -> Self {
        let mut finding = Self::new(at, Tool::Kernel, Memory::Unknown, Kind::Lack);
        finding.kind = None;
        finding.tool = tool;
        finding.looks = looks;
        finding
    }

    pub(super) const fn with(mut self, amounts: Amounts) -> Self {
        self.amounts = amounts;
        self
    }

    pub(super) const fn on(mut self, device: Option<u32>) -> Self {
        self.device = device;
        self
    }

    pub(super) const fn cured(mut self, cures: &'static [Cure]) -> Self {
        self.cures = cures;
        self
    }

    pub(super) const fn look(mut self, looks: &'static [Look]) -> Self {
        self.looks = looks;
        self
    }

    pub(super) const fn noted(mut self, note: Note) -> Self {
        self.note = Some(note);
        self
    }
}
