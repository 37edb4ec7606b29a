//! A finding in words.

use super::{Finding, Kind, Memory, Tool};
use crate::text::{Join, Key, Locale, Placeholder, gib, program_names};

impl Memory {
    /// Its name; `None` where no memory is meant.
    pub const fn word(self) -> Option<Key> {
        Some(match self {
            Self::Vram => Key::MemoryNameVram,
            Self::Ram => Key::MemoryNameRam,
            Self::Swap => Key::MemoryNameSwap,
            Self::Shared => Key::MemoryNameShared,
            Self::AddressSpace => Key::MemoryNameAddressSpace,
            Self::Shm => Key::MemoryNameShm,
            Self::Disk => Key::MemoryNameDisk,
            Self::None | Self::Unknown => return None,
        })
    }
}

impl Tool {
    /// As people write it.
    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::PyTorch => program_names::PYTORCH,
            Self::LlamaCpp => program_names::LLAMA_CPP,
            Self::Ollama => program_names::OLLAMA,
            Self::Vllm => program_names::VLLM,
            Self::Sglang => program_names::SGLANG,
            Self::Triton => program_names::TRITON,
            Self::Jax => program_names::JAX,
            Self::TensorFlow => program_names::TENSORFLOW,
            Self::OnnxRuntime => program_names::ONNX_RUNTIME,
            Self::NumPy => program_names::NUMPY,
            Self::CuPy => program_names::CUPY,
            Self::Nccl => program_names::NCCL,
            Self::Exllama => program_names::EXLLAMA,
            Self::Mlx => program_names::MLX,
            Self::LmStudio => program_names::LM_STUDIO,
            Self::Tgi => program_names::TGI,
            Self::TensorRt => program_names::TENSORRT,
            Self::Transformers => program_names::TRANSFORMERS,
            Self::Mlc => program_names::MLC,
            Self::Slurm => program_names::SLURM,
            Self::Ray => program_names::RAY,
            Self::Kernel => locale.word(Key::ToolKernel),
            Self::Windows => program_names::WINDOWS,
            Self::Container => locale.word(Key::ToolContainer),
            Self::NvidiaSmi => program_names::NVIDIA_SMI,
            Self::RocmSmi => program_names::ROCM_SMI,
            // Commands, whose names are what is typed.
            Self::Free | Self::Df => self.name(),
            Self::HuggingFace => program_names::HUGGING_FACE_HUB,
        }
    }
}

/// Which memory, and how it ran out, in one sentence.
pub fn headline(finding: &Finding, locale: Locale) -> String {
    let Some(memory) = finding.memory.word() else {
        let key = match (finding.memory, finding.kind) {
            (Memory::Unknown, _) => Key::RanOutUnknown,
            (_, Some(_)) => Key::RanOutNot,
            (_, None) => Key::RanOutNothing,
        };
        return locale.word(key).to_owned();
    };
    let key = match finding.kind {
        Some(Kind::Fragmentation) => Key::RanOutFragmentation,
        Some(Kind::OtherProcess) => Key::RanOutOtherProcess,
        Some(Kind::Limit) => Key::RanOutLimit,
        Some(Kind::Lack | Kind::NotMemory) | None => Key::RanOutLack,
    };
    locale.sentence(key, &[(Placeholder::Name, locale.word(memory))])
}

/// What the text counts, and who said it; `None` where it does neither.
pub fn figures(finding: &Finding, locale: Locale) -> Option<String> {
    let amounts = finding.amounts;
    let value = |key, bytes: u64| locale.sentence(key, &[(Placeholder::Value, &amount(bytes))]);
    let asked = amounts.asked.map(|bytes| value(Key::RanOutAsked, bytes));
    let free = match (amounts.free, amounts.total) {
        (Some(free), Some(total)) => {
            let holes = [(Placeholder::Value, &*amount(free)), (Placeholder::Other, &*amount(total))];
            Some(locale.sentence(Key::RanOutFreeOf, &holes))
        }
        (Some(free), None) => Some(value(Key::RanOutFree, free)),
        (None, total) => total.map(|total| value(Key::RanOutTotal, total)),
    };
    let unused = amounts.reserved_unallocated.map(|bytes| value(Key::RanOutUnused, bytes));
    let device =
        finding.device.map(|device| locale.sentence(Key::RanOutDevice, &[(Placeholder::Count, &device.to_string())]));
    let tool = finding.tool.map(|tool| locale.sentence(Key::RanOutTool, &[(Placeholder::Name, tool.title(locale))]));
    let said: Vec<String> = [asked, free, unused, device, tool].into_iter().flatten().collect();
    (!said.is_empty()).then(|| locale.join(Join::Clauses, said.iter().map(String::as_str)))
}

/// An amount of memory: below a hundredth of a GiB in smaller units: a card may lack 20 MiB.
pub fn amount(bytes: u64) -> String {
    const SMALL: u64 = (1 << 30) / 10;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..SMALL => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        _ => gib(bytes as f64 / f64::from(1 << 30), 2),
    }
}
