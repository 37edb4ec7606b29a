//! Texts in the words of the programs: the sentences as their sources print them, the figures made up, the reports that
//! show such a text named.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use Kind::{Fragmentation, Lack, Limit, NotMemory, OtherProcess};
use Tool::{LlamaCpp, PyTorch, Triton};

/// A text and what it says.
pub(crate) struct Case {
    /// Where such a text was reported: repository and number, or what prints it.
    pub(crate) source: &'static str,
    pub(crate) text: &'static str,
    pub(crate) memory: Memory,
    pub(crate) kind: Option<Kind>,
    pub(crate) tool: Option<Tool>,
    pub(crate) device: Option<u32>,
    /// Asked, free, total, reserved without use, in bytes.
    pub(crate) amounts: [Option<u64>; 4],
}

const NO_AMOUNTS: [Option<u64>; 4] = [None; 4];
pub(crate) const MIB: u64 = 1 << 20;
pub(crate) const GIB: u64 = 1 << 30;

pub(crate) const fn case(source: &'static str, text: &'static str, memory: Memory, kind: Kind, tool: Tool) -> Case {
    Case { source, text, memory, kind: Some(kind), tool: Some(tool), device: None, amounts: NO_AMOUNTS }
}

impl Case {
    pub(crate) const fn asks(mut self, bytes: u64) -> Self {
        self.amounts[0] = Some(bytes);
        self
    }

    pub(crate) const fn free(mut self, bytes: u64) -> Self {
        self.amounts[1] = Some(bytes);
        self
    }

    pub(crate) const fn total(mut self, bytes: u64) -> Self {
        self.amounts[2] = Some(bytes);
        self
    }

    pub(crate) const fn unused(mut self, bytes: u64) -> Self {
        self.amounts[3] = Some(bytes);
        self
    }

    pub(crate) const fn on(mut self, device: u32) -> Self {
        self.device = Some(device);
        self
    }

    pub(crate) const fn untold(mut self, tool: Option<Tool>) -> Self {
        self.memory = Memory::Unknown;
        self.kind = None;
        self.tool = tool;
        self
    }

    pub(crate) const fn by(mut self, tool: Option<Tool>) -> Self {
        self.tool = tool;
        self
    }
}

/// `PyTorch`, CUDA's own words, llama.cpp.
pub(crate) const ALLOCATORS: &[Case] = &[
    // PyTorch's three wordings, with and without others on the card
    case(
        "pytorch/pytorch#16417",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 24.00 MiB. GPU 0 has a total capacity of 23.50 GiB of \
         which 16.00 MiB is free. Including non-PyTorch memory, this process has 23.25 GiB memory in use. Of the allocated \
         memory 22.75 GiB is allocated by PyTorch, and 16.00 MiB is reserved by PyTorch but unallocated. If reserved but \
         unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(24 * MIB)
    .free(16 * MIB)
    .total(47 * GIB / 2)
    .unused(16 * MIB),
    case(
        "murong-xu/CADS#4",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 8.00 GiB. GPU 1 has a total capacity of 31.50 GiB of which \
         2.50 GiB is free. Including non-PyTorch memory, this process has 28.75 GiB memory in use. Of the allocated memory \
         18.50 GiB is allocated by PyTorch, and 9.25 GiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Fragmentation,
        PyTorch,
    )
    .on(1)
    .asks(8 * GIB)
    .free(5 * GIB / 2)
    .total(63 * GIB / 2)
    .unused(37 * GIB / 4),
    case(
        "Synthintel0/MyGirlGPT#11, another program beside",
        "CUDA out of memory. Tried to allocate 1.50 GiB. GPU 0 has a total capacty of 24.00 GiB of which 512.00 MiB is free. \
         Process 4711 has 18.00 GiB memory in use. Including non-PyTorch memory, this process has 5.25 GiB memory in use. Of the \
         allocated memory 4.50 GiB is allocated by PyTorch, and 256.00 MiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        OtherProcess,
        PyTorch,
    )
    .on(0)
    .asks(3 * GIB / 2)
    .free(512 * MIB)
    .total(24 * GIB)
    .unused(256 * MIB),
    case(
        "lerf#73, in a container that does not know itself",
        "CUDA out of memory. Tried to allocate 3.00 GiB. GPU 0 has a total capacity of 24.00 GiB of which 1.50 GiB is free. \
         Process 915 has 22.25 GiB memory in use. Of the allocated memory 20.50 GiB is allocated by PyTorch, and 1.25 GiB is \
         reserved by PyTorch but unallocated.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(3 * GIB)
    .free(3 * GIB / 2)
    .total(24 * GIB)
    .unused(5 * GIB / 4),
    case(
        "pytorch/pytorch#175431, beside 200 GiB that are free",
        "torch.OutOfMemoryError: HIP out of memory. Tried to allocate 4.00 MiB. GPU 5 has a total capacity of 288.00 GiB of which \
         200.50 GiB is free. Of the allocated memory 70.25 GiB is allocated by PyTorch, and 15.50 GiB is reserved by PyTorch but \
         unallocated.",
        Memory::Unknown,
        Lack,
        PyTorch,
    )
    .untold(Some(PyTorch))
    .on(5)
    .asks(4 * MIB)
    .free(401 * GIB / 2)
    .total(288 * GIB)
    .unused(31 * GIB / 2),
    case(
        "a figure below nothing, printed as 2^64",
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB of which 0 bytes is free. Including \
         non-PyTorch memory, this process has 17179869184.00 GiB memory in use. Of the allocated memory 6.50 GiB is allocated by \
         PyTorch, and 512.00 MiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(2 * GIB)
    .free(0)
    .total(8 * GIB)
    .unused(512 * MIB),
    case(
        "a share that the program set itself",
        "CUDA out of memory. Tried to allocate 1.00 GiB. GPU 0 has a total capacity of 40.00 GiB of which 25.00 GiB is free. \
         Including non-PyTorch memory, this process has 14.50 GiB memory in use. 15.00 GiB allowed; Of the allocated memory 14.00 GiB \
         is allocated by PyTorch, and 128.00 MiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Limit,
        PyTorch,
    )
    .on(0)
    .asks(GIB)
    .free(25 * GIB)
    .total(40 * GIB)
    .unused(128 * MIB),
    case(
        "2KangHo/vdsr_pytorch#2",
        "RuntimeError: CUDA out of memory. Tried to allocate 512.00 MiB (GPU 0; 16.00 GiB total capacity; 13.25 GiB already \
         allocated; 400.00 MiB free; 14.75 GiB reserved in total by PyTorch)",
        Memory::Vram,
        Fragmentation,
        PyTorch,
    )
    .on(0)
    .asks(512 * MIB)
    .free(400 * MIB)
    .total(16 * GIB)
    .unused(3 * GIB / 2),
    case(
        "ryujaehun/pytorch-gpu-benchmark#1, before 1.4",
        "RuntimeError: CUDA out of memory. Tried to allocate 48.00 MiB (GPU 2; 8.00 GiB total capacity; 6.50 GiB already allocated; \
         20.00 MiB free; 40.00 MiB cached)",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(2)
    .asks(48 * MIB)
    .free(20 * MIB)
    .total(8 * GIB)
    .unused(40 * MIB),
    case(
        "pytorch/pytorch#59778",
        "CUDA out of memory. Tried to allocate 2.25 GiB (GPU 0; 6.00 GiB total capacity; 768.00 MiB already allocated; 3.00 GiB free; \
         1.25 GiB reserved in total by PyTorch)",
        Memory::Unknown,
        Lack,
        PyTorch,
    )
    .untold(Some(PyTorch))
    .on(0)
    .asks(9 * GIB / 4)
    .free(3 * GIB)
    .total(6 * GIB)
    .unused(512 * MIB),
    case(
        "pinokiocomputer/pinokio#941",
        "RuntimeError: MPS backend out of memory (MPS allocated: 16.00 GB, other allocations: 1.50 GB, max allowed: 18.00 GB). Tried to \
         allocate 256 bytes on shared pool. Use PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0 to disable upper limit for memory allocations.",
        Memory::Vram,
        Limit,
        PyTorch,
    )
    .asks(256)
    .free(GIB / 2)
    .total(18 * GIB),
    case(
        "c10/core/impl/alloc_cpu.cpp",
        "RuntimeError: [enforce fail at alloc_cpu.cpp:114] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate \
         6442450944 bytes. Error code 12 (Cannot allocate memory)",
        Memory::Ram,
        Lack,
        PyTorch,
    )
    .asks(6 * GIB),
    // Bare words of CUDA and its libraries
    case("QwenLM/Qwen#120", "RuntimeError: CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`", Memory::Unknown, Lack, PyTorch)
        .untold(Some(PyTorch)),
    case("pytorch, cublas", "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", Memory::Vram, Lack, PyTorch),
    case("pytorch", "RuntimeError: CUDA error: an illegal memory access was encountered", Memory::None, NotMemory, PyTorch).by(None),
    case(
        "triton-lang/triton#8182",
        "triton.runtime.errors.OutOfResources: out of resource: shared memory, Required: 147456, Hardware limit: 101376. Reducing block \
         sizes or `num_stages` may help.",
        Memory::None,
        NotMemory,
        Triton,
    )
    .asks(147_456)
    .total(101_376),
    // llama.cpp
    case(
        "ggml-org/llama.cpp#20431",
        "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 30720.00 MiB on device 1: cudaMalloc failed: out of memory\n\
         alloc_tensor_range: failed to allocate CUDA1 buffer of size 32212254720\n\
         llama_model_load: error loading model: unable to allocate CUDA1 buffer",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .on(1)
    .asks(30 * GIB),
    case(
        "ggml-org/llama.cpp#15256",
        "ggml_vulkan: Device memory allocation of size 1073741824 failed.\nggml_vulkan: vk::Device::allocateMemory: ErrorOutOfDeviceMemory",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .asks(GIB),
    case(
        "ggml-org/llama.cpp#18160",
        "ggml_vulkan: Requested buffer size exceeds device buffer size limit: ErrorOutOfDeviceMemory\n\
         ggml_gallocr_reserve_n_impl: failed to allocate Vulkan0 buffer of size 8589934592",
        Memory::Vram,
        Limit,
        LlamaCpp,
    )
    .on(0)
    .asks(8 * GIB),
    case(
        "ggml-org/llama.cpp#9701",
        "ggml_metal_init: recommendedMaxWorkingSetSize  = 12288.00 MB\nggml_metal_graph_compute: command buffer 0 failed with status 5\n\
         error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)",
        Memory::Vram,
        Limit,
        LlamaCpp,
    )
    .total(12 * GIB),
    case(
        "ggml-org/ggml#1072",
        "Native API failed. Native API returns: 40 (UR_RESULT_ERROR_OUT_OF_RESOURCES)",
        Memory::Unknown,
        Lack,
        LlamaCpp,
    )
    .untold(Some(LlamaCpp)),
    case(
        "ggml-org/llama.cpp#21747",
        "level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)",
        Memory::Vram,
        Lack,
        LlamaCpp,
    ),
    case(
        "ggml.c",
        "ggml_aligned_malloc: insufficient memory (attempted to allocate 20480.00 MB)\n\
         ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 21474836480",
        Memory::Ram,
        Lack,
        LlamaCpp,
    )
    .asks(20 * GIB),
    case(
        "ggml-org/llama.cpp#9629, with a decimal comma",
        "ggml_cuda_host_malloc: failed to allocate 1024,00 MiB of pinned memory: out of memory",
        Memory::Ram,
        Limit,
        LlamaCpp,
    )
    .asks(GIB),
    case(
        "llama-mmap.cpp",
        "warning: failed to mlock 4294967296-byte buffer (after previously locking 0 bytes): Cannot allocate memory\n\
         Try increasing RLIMIT_MEMLOCK ('ulimit -l' as root).",
        Memory::Ram,
        Limit,
        LlamaCpp,
    )
    .asks(4 * GIB),
];

/// Texts that tell of no memory.
pub(crate) const NOTHING: &[&str] = &[
    "",
    "hello",
    "ModuleNotFoundError: No module named 'torch'",
    "llama_model_loader: loaded meta data with 20 key-value pairs and 201 tensors",
    "total 12\n-rw-r--r-- 1 a a 10 plan.ron",
    "HTTP 404 Not Found",
];
