//! Texts in the words of the programs: the sentences as their sources print them, the figures made up, the reports that
//! show such a text named.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use Kind::{Fragmentation, Lack, Limit, NotMemory, OtherProcess};
use Tool::{
    Container, Free, HuggingFace, Jax, Kernel, LlamaCpp, Nccl, NumPy, NvidiaSmi, Ollama, OnnxRuntime, PyTorch, RocmSmi,
    Sglang, TensorFlow, Triton, Vllm, Windows,
};

/// A text and what it says.
pub struct Case {
    /// Where such a text was reported: repository and number, or what prints it.
    pub source: &'static str,
    pub text: &'static str,
    pub memory: Memory,
    pub kind: Option<Kind>,
    pub tool: Option<Tool>,
    pub device: Option<u32>,
    /// Asked, free, total, reserved without use, in bytes.
    pub amounts: [Option<u64>; 4],
}

const NO_AMOUNTS: [Option<u64>; 4] = [None; 4];
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

const fn case(source: &'static str, text: &'static str, memory: Memory, kind: Kind, tool: Tool) -> Case {
    Case { source, text, memory, kind: Some(kind), tool: Some(tool), device: None, amounts: NO_AMOUNTS }
}

impl Case {
    const fn asks(mut self, bytes: u64) -> Self {
        self.amounts[0] = Some(bytes);
        self
    }

    const fn free(mut self, bytes: u64) -> Self {
        self.amounts[1] = Some(bytes);
        self
    }

    const fn total(mut self, bytes: u64) -> Self {
        self.amounts[2] = Some(bytes);
        self
    }

    const fn unused(mut self, bytes: u64) -> Self {
        self.amounts[3] = Some(bytes);
        self
    }

    const fn on(mut self, device: u32) -> Self {
        self.device = Some(device);
        self
    }

    const fn untold(mut self, tool: Option<Tool>) -> Self {
        self.memory = Memory::Unknown;
        self.kind = None;
        self.tool = tool;
        self
    }

    const fn by(mut self, tool: Option<Tool>) -> Self {
        self.tool = tool;
        self
    }
}

pub const CASES: &[Case] = &[
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
    // Ollama
    case("ollama/ollama#10920", "Error: model requires more system memory (48.5 GiB) than is available (29.5 GiB)", Memory::Ram, Lack, Ollama)
        .asks(97 * GIB / 2)
        .free(59 * GIB / 2),
    case(
        "ollama/ollama#3711",
        "time=2026-11-29T10:00:00 level=ERROR source=sched.go msg=\"error loading llama server\" error=\"llama runner process has \
         terminated: cudaMalloc failed: out of memory\\nggml_gallocr_reserve_n: failed to allocate CUDA0 buffer of size 2147483648\"",
        Memory::Vram,
        Lack,
        Ollama,
    )
    .on(0)
    .asks(2 * GIB),
    case("ollama, without the kernel's word", "Error: llama runner process has terminated: signal: killed", Memory::Unknown, Lack, Ollama)
        .untold(Some(Ollama)),
    // vLLM
    case(
        "vllm-project/vllm#10439",
        "ERROR 11-18 18:07:28 engine.py:366] ValueError: No available memory for the cache blocks. Try increasing \
         `gpu_memory_utilization` when initializing the engine.",
        Memory::Vram,
        Limit,
        Vllm,
    ),
    case(
        "vllm-project/vllm#25350",
        "ValueError: To serve at least one request with the models's max seq len (131072), (16.00 GiB KV cache is needed, which is larger \
         than the available KV cache memory (6.50 GiB). Based on the available memory, the estimated maximum model length is 53248.",
        Memory::Vram,
        Limit,
        Vllm,
    )
    .asks(16 * GIB)
    .free(13 * GIB / 2),
    case(
        "vllm-project/vllm#2418",
        "ValueError: The model's max seq len (8192) is larger than the maximum number of tokens that can be stored in KV cache (3664). Try \
         increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
        Memory::Vram,
        Limit,
        Vllm,
    ),
    case(
        "pytorch/pytorch#175666",
        "ValueError: Free memory on device cuda:1 (18.50/24.00 GiB) on startup is less than desired GPU memory utilization (0.9, 21.60 \
         GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
        Memory::Vram,
        OtherProcess,
        Vllm,
    )
    .on(1)
    .asks(23_192_823_398)
    .free(37 * GIB / 2)
    .total(24 * GIB),
    case(
        "vllm-project/vllm#49064",
        "ValueError: max_num_seqs (512) exceeds available Mamba cache blocks (300). Each decode sequence requires one Mamba cache block, so \
         CUDA graph capture cannot proceed. Please lower max_num_seqs to at most 300 or increase gpu_memory_utilization.",
        Memory::Vram,
        Limit,
        Vllm,
    ),
    case(
        "Ksuriuri/index-tts-vllm#99",
        "ValueError: Too large swap space. 8.00 GiB out of the 7.50 GiB total CPU memory is allocated for the swap space.",
        Memory::Ram,
        Limit,
        Vllm,
    )
    .by(Some(Vllm))
    .asks(8 * GIB)
    .total(15 * GIB / 2),
    // SGLang
    case("sgl-project/sglang#4330", "RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.", Memory::Vram, Limit, Sglang),
    case(
        "sglang/srt/managers",
        "RuntimeError: Decode out of memory. Try to lower your batch size.\nTry to allocate 64 tokens.\nAvailable tokens: 12",
        Memory::Vram,
        Limit,
        Sglang,
    ),
    // Other frameworks
    case("jax", "XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 12884901888 bytes.", Memory::Vram, Lack, Jax)
        .asks(12 * GIB),
    case(
        "tensorflow",
        "ResourceExhaustedError: OOM when allocating tensor with shape[64,512,56,56] and type float on \
         /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc",
        Memory::Vram,
        Lack,
        TensorFlow,
    )
    .on(0),
    case(
        "torch-directml",
        "RuntimeError: Could not allocate tensor with 536870912 bytes. There is not enough GPU video memory available!",
        Memory::Vram,
        Lack,
        OnnxRuntime,
    )
    .asks(512 * MIB),
    case(
        "numpy/numpy#17595",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 120. GiB for an array with shape (2526, 2526, 2526) and data type int64",
        Memory::Ram,
        Lack,
        NumPy,
    )
    .asks(120 * GIB),
    case("C++", "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc", Memory::Ram, Lack, PyTorch).by(None),
    // The system
    case(
        "jncraton/languagemodels#31",
        "[ 8021.1] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task=python,pid=811,uid=1000\n\
         [ 8021.2] Out of memory: Killed process 811 (python) total-vm:40061840kB, anon-rss:30408616kB, file-rss:128kB",
        Memory::Ram,
        Lack,
        Kernel,
    ),
    case(
        "linux-test-project/ltp#1080",
        "memory: usage 16777216kB, limit 16777216kB, failcnt 512\nMemory cgroup out of memory: Killed process 90 (llama-server) \
         total-vm:61520kB, anon-rss:16700000kB",
        Memory::Ram,
        Limit,
        Kernel,
    )
    .total(16 * GIB),
    case(
        "kubectl describe pod",
        "Last State:     Terminated\n  Reason:       OOMKilled\n  Exit Code:    137",
        Memory::Ram,
        Limit,
        Container,
    ),
    case("vectorch-ai/ScaleLLM#38", "engine exited with code 137", Memory::Unknown, Lack, Kernel).untold(None),
    case("anishathalye/neural-style#131", "run.sh: line 28:     7 Killed                  python train.py", Memory::Unknown, Lack, Kernel).untold(None),
    case(
        "Comfy-Org/ComfyUI#6606",
        "OSError: 页面文件太小，无法完成操作。 (os error 1455)",
        Memory::Swap,
        Limit,
        Windows,
    ),
    case("oobabooga", "OSError: [WinError 1455] Le fichier de pagination est insuffisant", Memory::Swap, Limit, Windows),
    case(
        "hkchengrex/STCN#132",
        "RuntimeError: DataLoader worker (pid 812) is killed by signal: Bus error. It is possible that dataloader's workers are out of \
         shared memory. Please try to raise your shared memory limit.",
        Memory::Shm,
        Limit,
        PyTorch,
    ),
    case("nccl", "NCCL WARN Error while creating shared memory segment /dev/shm/nccl-x1 (size 9637888)", Memory::Shm, Limit, Nccl).asks(9_637_888),
    case(
        "torch.multiprocessing",
        "RuntimeError: unable to open shared memory object </torch_812_3> in read-write mode: Too many open files (24)",
        Memory::None,
        NotMemory,
        PyTorch,
    ),
    case("ollama pull", "Error: write /usr/share/ollama/.ollama/models/blobs/x: no space left on device", Memory::Disk, Lack, Ollama),
    case(
        "huggingface_hub/file_download.py",
        "UserWarning: Not enough free disk space to download the file. The expected file size is: 5000.00 MB. The target location \
         /root/.cache/huggingface/hub only has 1200.00 MB free disk space.",
        Memory::Disk,
        Lack,
        HuggingFace,
    )
    .asks(5_000_000_000)
    .free(1_200_000_000),
    case(
        "torch.load with mmap",
        "RuntimeError: unable to mmap 17179869184 bytes from file </models/a.safetensors>: Cannot allocate memory (12)",
        Memory::AddressSpace,
        Limit,
        PyTorch,
    )
    .asks(16 * GIB),
    // What is in use
    case(
        "nvidia-smi",
        "| NVIDIA-SMI 570.00   Driver Version: 570.00   CUDA Version: 12.8 |\n\
         |   0  NVIDIA GeForce RTX 3060        Off |   00000000:01:00.0  On |                  N/A |\n\
         |  0%   45C    P8             15W /  170W |   11900MiB /  12288MiB |      0%      Default |\n\
         |    0   N/A  N/A            1234      C   python                                11700MiB |",
        Memory::Vram,
        Lack,
        NvidiaSmi,
    )
    .on(0)
    .free(388 * MIB)
    .total(12 * GIB),
    case(
        "rocm-smi --showmeminfo vram",
        "GPU[0]\t\t: VRAM Total Memory (B): 17179869184\nGPU[0]\t\t: VRAM Total Used Memory (B): 17000000000",
        Memory::Vram,
        Lack,
        RocmSmi,
    )
    .on(0)
    .free(179_869_184)
    .total(16 * GIB),
    case(
        "free -h",
        "               total        used        free      shared  buff/cache   available\n\
         Mem:            32Gi        31Gi       300Mi       1.0Gi       700Mi       512Mi\n\
         Swap:             0B          0B          0B",
        Memory::Ram,
        Lack,
        Free,
    )
    .free(512 * MIB)
    .total(32 * GIB),
    case(
        "free -m with swap that is full",
        "              total        used        free      shared  buff/cache   available\n\
         Mem:          33554432    32400000      200000      100000      954432      600000\n\
         Swap:          8388608     8380000        8608",
        Memory::Swap,
        Lack,
        Free,
    )
    .free(8608 << 10)
    .total(8 * GIB),
    case(
        "Windows' task manager",
        "Dedicated GPU memory 7.9/8.0 GB\nShared GPU memory 6.0/16.0 GB",
        Memory::Shared,
        Lack,
        Windows,
    )
    .free(10 * GIB)
    .total(16 * GIB),
];

/// Texts that tell of no memory.
pub const NOTHING: &[&str] = &[
    "",
    "hello",
    "ModuleNotFoundError: No module named 'torch'",
    "llama_model_loader: loaded meta data with 20 key-value pairs and 201 tensors",
    "total 12\n-rw-r--r-- 1 a a 10 plan.ron",
    "HTTP 404 Not Found",
];
