//! ONNX Runtime, `NumPy`, and the bare words of CUDA, cuBLAS, C++ and Rust.

use super::amount;
use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::lists::{FRAMEWORK, HOST};
use super::localized;
use super::pasted::{Passage, Pasted};

/// Codes by which libraries say that a card is full.
const CARD_IS_FULL: &[&str] = &[
    "CUDA error: out of memory",
    "CUDA driver error: out of memory",
    "CUDA runtime error: out of memory",
    "CUDA Error: out of memory",
    "CUDA error 2 at",
    "CUDA Error 2,",
    "cuda runtime error (2)",
    "Cuda failure 2 'out of memory'",
    "Cuda failure 'out of memory'",
    "Failed to CUDA calloc",
    "ran out of memory on your GPU",
    "out of GPU memory",
    "Out of memory on device",
    "CUDA_ERROR_OUT_OF_MEMORY",
    "cudaErrorMemoryAllocation",
    "HIP error: out of memory",
    "hipErrorOutOfMemory",
    "ROCm error: out of memory",
    "CUDA out of memory",
    "HIP out of memory",
    "cudaMalloc failed: out of memory",
    // What the libraries of a card say in words for their codes.
    "the resource allocation failed",
    "insufficient memory on requested size of ",
    "Dst tensor is not initialized",
    "MODULE:PT_DEVMEM Allocation failed for size::",
    "TDRV:log_dev_mem",
];
/// Codes of a first call that fails for want of memory as well as for other reasons.
const FIRST_CALL: &[&str] = &[
    "CUBLAS_STATUS_NOT_INITIALIZED",
    "CUDNN_STATUS_NOT_INITIALIZED",
    "CUSOLVER_STATUS_INTERNAL_ERROR",
    "CUFFT_INTERNAL_ERROR",
    "CUDNN_STATUS_INTERNAL_ERROR",
    "CUBLAS_STATUS_INTERNAL_ERROR",
    "CUBLAS_STATUS_EXECUTION_FAILED",
    "Unable to find a valid cuDNN algorithm to run convolution",
    "unable to find an engine to execute this computation",
];

/// Frameworks beside `PyTorch`.
pub(super) fn other(text: &Pasted<'_>) -> Option<Finding> {
    let asked = |bytes| Amounts { asked: bytes, ..Amounts::default() };
    if let Some(said) = text.last("There is not enough GPU video memory available") {
        let bytes = amount::trailing(&said.before)
            .or_else(|| text.last("Could not allocate tensor with ")?.amount_after("tensor with "));
        return Some(
            Finding::new(said.at, Tool::OnnxRuntime, Memory::Vram, Kind::Lack).with(asked(bytes)).cured(FRAMEWORK),
        );
    }
    if let Some(said) = text.last("Failed to allocate memory for requested buffer of size ") {
        let is_card = text.has_any(&["CUDA", "cuda", "ROCM", "DML", "Dml"]);
        let (memory, cures) = if is_card { (Memory::Vram, FRAMEWORK) } else { (Memory::Ram, HOST) };
        let bytes = said.whole_after("buffer of size ");
        return Some(Finding::new(said.at, Tool::OnnxRuntime, memory, Kind::Lack).with(asked(bytes)).cured(cures));
    }
    if let Some(said) = text.last("Out of memory allocating ").filter(|_| text.has_any(&["cupy"])) {
        let finding = Finding::new(said.at, Tool::CuPy, Memory::Vram, Kind::Lack).cured(FRAMEWORK);
        return Some(finding.with(asked(said.amount_after("allocating "))));
    }
    let said = text.last("Unable to allocate ").filter(|said| said.has("for an array with shape"))?;
    let finding =
        Finding::new(said.at, Tool::NumPy, Memory::Ram, Kind::Lack).with(asked(said.amount_after("allocate ")));
    Some(super::status::beside_free_ram(text, finding.cured(HOST)))
}

/// Whose library speaks, where a code is that of any.
pub(super) fn library(text: &Pasted<'_>) -> Option<Tool> {
    if text.has_any(&["ggml", "llama_"]) {
        Some(Tool::LlamaCpp)
    } else if text.has_any(&["onnxruntime", "ONNXRuntime"]) {
        Some(Tool::OnnxRuntime)
    } else if text.has_any(&["tensorflow"]) {
        Some(Tool::TensorFlow)
    } else if text.has_any(&["NCCL", "ncclUnhandledCudaError"]) {
        Some(Tool::Nccl)
    } else if text.has_any(&["TensorRT", "[TRT]"]) {
        Some(Tool::TensorRt)
    } else {
        text.has_any(&["torch", "Traceback", "RuntimeError"]).then_some(Tool::PyTorch)
    }
}

/// A card that is full, without an amount.
pub(super) fn card(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(CARD_IS_FULL)?;
    // RAM that a card reads itself is asked for by the same library, which has one word for both.
    if said.before.contains("pin_memory") || text.has_any(&["in pin memory thread"]) {
        return Some(Finding::untold(said.at, Some(Tool::PyTorch), &[Look::RamInUse, Look::CardInUse, Look::Limits]));
    }
    let mut finding =
        Finding::new(said.at, Tool::PyTorch, Memory::Vram, Kind::Lack).cured(FRAMEWORK).look(&[Look::CardInUse]);
    finding.tool = library(text);
    finding.device = ["current device: ", "device:GPU:"].iter().find_map(|words| said.device_after(words));
    finding.device = finding.device.or_else(|| text.last("device:GPU:")?.device_after("device:GPU:"));
    finding.amounts.asked =
        ["requested size of ", "failed for size::"].iter().find_map(|words| said.whole_after(words));
    finding.amounts.asked = finding.amounts.asked.or_else(|| said.amount_after("log_dev_mem Failed to allocate "));
    Some(super::status::beside_cards(text, finding))
}

/// The first call to a library fails for want of memory and for other reasons alike.
pub(super) fn first_call(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(FIRST_CALL)?;
    let tool = text.has_any(&["torch", "RuntimeError"]).then_some(Tool::PyTorch);
    Some(Finding::untold(said.at, tool, &[Look::CardInUse, Look::LinesBefore]).noted(Note::FirstCallFails))
}

/// A program of C++ or Python that got no RAM.
pub(super) fn plain(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "std::bad_alloc",
        "bad_alloc",
        "MemoryError",
        "[Errno 12] Cannot allocate memory",
        "Cannot allocate memory (os error 12)",
        "fatal error: runtime: out of memory",
        "bad allocation",
        "memory allocation of ",
        "Cannot allocate memory",
        "cannot allocate memory",
        "LLVM ERROR: out of memory",
        "out of memory allocating ",
        "(-4:Insufficient memory)",
    ]);
    let said = said.or_else(|| text.last_of(localized::NO_MEMORY))?;
    let said = Some(said).filter(|said| !said.begins("memory allocation of ") || said.has("bytes failed"))?;
    let bytes = said
        .amount_after("memory allocation of ")
        .or_else(|| said.amount_after("malloc of size ").or_else(|| said.whole_after("malloc of size ")))
        .or_else(|| said.whole_after("cannot allocate "))
        .or_else(|| said.whole_after("out of memory allocating "))
        .or_else(|| {
            text.last("Failed to allocate ").filter(|said| said.has("bytes in function"))?.whole_after("allocate ")
        });
    let mut finding = Finding::new(said.at, Tool::LlamaCpp, Memory::Ram, Kind::Lack)
        .cured(HOST)
        .look(&[Look::RamInUse, Look::Limits]);
    finding.amounts.asked = bytes;
    finding.tool = text.has_any(&["ggml", "llama_"]).then_some(Tool::LlamaCpp);
    Some(super::status::beside_free_ram(text, finding))
}

/// Faults that sound like memory: on-chip stores, wrong addresses, missing kernels.
pub(super) fn not_memory(text: &Pasted<'_>) -> Option<Finding> {
    // Tensor memory is counted in columns.
    let on_chip = |said: &Passage| said.has("Required: ") && said.has("Hardware limit") && !said.has("tensor memory");
    if let Some(said) = text.last("out of resource: ").filter(on_chip) {
        let asked = said.whole_after("Required: ").or_else(|| said.whole_after("Required:"));
        let total = said.after("Hardware limit").and_then(|rest| amount::whole(rest.split_once(':')?.1));
        let amounts = Amounts { asked, total, ..Amounts::default() };
        let finding = Finding::new(said.at, Tool::Triton, Memory::None, Kind::NotMemory).with(amounts);
        return Some(finding.cured(&[Cure::OtherKernel]).noted(Note::OnChip));
    }
    if let Some(said) = text.last_of(&[
        "fallen off the bus",
        "NVRM: Xid (",
        "ErrorDeviceLost",
        "VK_ERROR_DEVICE_LOST",
        "DXGI_ERROR_DEVICE_REMOVED",
        "uncorrectable ECC error encountered",
        "GPU HANG: ",
        "GPU reset begin",
        "The GPU device instance has been suspended",
        "887A0005",
        "887A0006",
        "887A0007",
        "887A0020",
        "DXGI_ERROR_DEVICE_HUNG",
        "GPU Timeout Error",
        "kIOGPUCommandBufferCallbackErrorTimeout",
        "kIOGPUCommandBufferCallbackErrorHang",
        "kIOGPUCommandBufferCallbackErrorPageFault",
        "Reason: Memory in use.",
    ]) {
        let finding = Finding::new(said.at, Tool::Kernel, Memory::None, Kind::NotMemory).cured(&[Cure::CheckCard]);
        let tool = said.begins("NVRM").then_some(Tool::Kernel);
        return Some(Finding { tool, ..finding }.noted(Note::CardFailed));
    }
    let said = text.last_of(&[
        "an illegal memory access was encountered",
        "unspecified launch failure",
        "device-side assert triggered",
        "no kernel image is available",
        "misaligned address",
        "CUDA driver version is insufficient",
        "too many resources requested for launch",
        "Segmentation fault",
        "SIGSEGV",
        "0xC0000005",
        "0xc0000005",
        "3221225477",
        "HSA_STATUS_ERROR_MEMORY_APERTURE_VIOLATION",
        "HSA_STATUS_ERROR_MEMORY_FAULT",
        "HSA_STATUS_ERROR_OUT_OF_REGISTERS",
        "ccess violation",
        "-1073741819",
        "18446744072635810000",
        "xit code 139",
        "xit code: 139",
        "xited with code 139",
        "xited (139)",
        "cannot allocate memory in static TLS block",
        "not enough space in the context's memory pool",
        "not enough space in the scratch memory",
    ]);
    let said = said.or_else(|| text.last_of(localized::WRONG_ACCESS))?;
    let mut finding = Finding::new(said.at, Tool::PyTorch, Memory::None, Kind::NotMemory).cured(&[Cure::NameTheLine]);
    finding.tool = text.has_any(&["torch"]).then_some(Tool::PyTorch);
    if text.has_any(&["ggml"]) {
        finding.tool = Some(Tool::LlamaCpp);
    }
    Some(finding)
}
