//! Texts of tools and wordings that stand in none of the other lists: newer sentences of the same programs, what ends programs on other
//! systems, and more tables of what is in use. See `diagnose_texts.rs`.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use crate::diagnose_texts::{Case, GIB, MIB, case};

use Kind::{Fragmentation, Lack, Limit, NotMemory};
use Tool::{
    Container, CuPy, Free, HuggingFace, Jax, Kernel, LlamaCpp, NvidiaSmi, Ollama, PyTorch, RocmSmi, Sglang, Slurm,
    TensorRt, Vllm, Windows,
};

/// Wordings and tables of their own.
pub(crate) const OTHERS: &[Case] = &[
    case(
        "c10/cuda/CUDACachingAllocator.cpp since 2.3, with private pools",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.25 GiB. GPU 3 has a total capacity of 79.25 GiB of which 768.00 MiB is \
         free. Process 4242 has 78.50 GiB memory in use. Of the allocated memory 70.00 GiB is allocated by PyTorch, with 1.50 GiB allocated in \
         private pools (e.g., CUDA Graphs), and 7.75 GiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try \
         setting PYTORCH_ALLOC_CONF=expandable_segments:True to avoid fragmentation.",
        Memory::Vram,
        Fragmentation,
        PyTorch,
    )
    .on(3)
    .asks(5 * GIB / 4)
    .free(768 * MIB)
    .total(317 * GIB / 4)
    .unused(31 * GIB / 4),
    case(
        "ggml-cuda.cu, a pool of addresses",
        "ggml/src/ggml-cuda/ggml-cuda.cu:89: CUDA error\nCUDA error: out of memory\n  current device: 1, in function alloc at \
         ggml/src/ggml-cuda/ggml-cuda.cu:531\n  cuMemCreate(&handle, reserve_size, &prop, 0)",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .on(1),
    case(
        "llama-context.cpp, a graph that found no room",
        "graph_reserve: failed to allocate compute buffers\nllama_init_from_model: failed to initialize the context: failed to allocate compute pp buffers",
        Memory::Unknown,
        Lack,
        LlamaCpp,
    )
    .untold(Some(LlamaCpp)),
    case(
        "tools/server, a prompt longer than its slot",
        "srv  send_error: task id = 3, error: the request exceeds the available context size (4096 tokens), try increasing it",
        Memory::None,
        NotMemory,
        LlamaCpp,
    ),
    case(
        "llama-context.cpp, no slot in the cache",
        "init_batch: failed to prepare attention ubatches\ndecode: failed to find a memory slot for batch of size 512\nllama_decode: failed to decode, ret = 1",
        Memory::None,
        NotMemory,
        LlamaCpp,
    ),
    case(
        "vllm, entrypoints/openai",
        "vllm ValueError: This model's maximum context length is 8192 tokens. However, you requested 9000 tokens in the messages",
        Memory::None,
        NotMemory,
        Vllm,
    ),
    case(
        "vllm, v1/worker/gpu_model_runner.py",
        "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try lowering `max_num_seqs` or \
         `gpu_memory_utilization` when initializing the engine.",
        Memory::Vram,
        Lack,
        Vllm,
    ),
    case(
        "vllm, engine/multiprocessing",
        "RuntimeError: Engine process failed to start. See stack trace for the root cause.\nvllm serve ended",
        Memory::Unknown,
        Lack,
        Vllm,
    )
    .untold(Some(Vllm)),
    case(
        "sglang, srt/model_executor/cuda_graph_runner.py",
        "Exception: Capture cuda graph failed: CUDA out of memory. Tried to allocate 512.00 MiB. GPU 0 has a total capacity of 23.50 GiB of which \
         256.00 MiB is free. Of the allocated memory 22.00 GiB is allocated by PyTorch, and 128.00 MiB is reserved by PyTorch but unallocated.\n\
         Possible solutions:\n1. set --mem-fraction-static to a smaller value (e.g., 0.8 or 0.7)",
        Memory::Vram,
        Lack,
        Sglang,
    )
    .on(0)
    .asks(512 * MIB)
    .free(256 * MIB)
    .total(47 * GIB / 2)
    .unused(128 * MIB),
    case(
        "ollama, cmd: the runner's end without a reason",
        "Error: an error was encountered while running the model: unexpected EOF",
        Memory::Unknown,
        Lack,
        Kernel,
    )
    .untold(None),
    case(
        "ollama on Windows",
        "Error: 500 Internal Server Error: llama runner process has terminated: exit status 0xc0000409",
        Memory::Unknown,
        Lack,
        Ollama,
    )
    .untold(Some(Ollama)),
    case(
        "tensorrt_llm, py_executor_creator.py",
        "RuntimeError: Executor creation failed due to insufficient GPU memory.\nThe following component could not be created: Additional executor resources",
        Memory::Vram,
        Lack,
        TensorRt,
    ),
    case(
        "cupy/cuda/memory.pyx",
        "cupy.cuda.memory.OutOfMemoryError: Out of memory allocating 4,294,967,296 bytes (allocated so far: 20,401,094,656 bytes).",
        Memory::Vram,
        Lack,
        CuPy,
    )
    .asks(4 * GIB),
    case(
        "xla, the same allocator as TensorFlow's",
        "W external/xla/xla/tsl/framework/bfc_allocator.cc:501] Allocator (GPU_0_bfc) ran out of memory trying to allocate 4.00GiB (rounded to \
         4294967296)requested by op",
        Memory::Vram,
        Lack,
        Jax,
    )
    .asks(4 * GIB),
    case(
        "datasets/builder.py",
        "OSError: Not enough disk space. Needed: 12.50 GiB (download: 6.00 GiB, generated: 6.50 GiB, post-processed: Unknown size)",
        Memory::Disk,
        Lack,
        HuggingFace,
    )
    .asks(25 * GIB / 2),
    case(
        "concurrent.futures",
        "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending.",
        Memory::Unknown,
        Lack,
        Kernel,
    )
    .untold(None),
    case(
        "torch/utils/data",
        "RuntimeError: DataLoader worker (pid(s) 811, 812) exited unexpectedly",
        Memory::Unknown,
        Lack,
        Kernel,
    )
    .untold(None),
    case("a shell of macOS", "zsh: killed     python3 -m mlx_lm.generate --model m", Memory::Unknown, Lack, Kernel).untold(None),
    case(
        "macOS, kern_memorystatus.c",
        "memorystatus: killing_top_process\nlow swap: killing largest compressed process with pid 4711 (python3.11) and size 41000 MB",
        Memory::Swap,
        Lack,
        Kernel,
    ),
    case(
        "runc",
        "docker: Error response from daemon: OCI runtime create failed: container init was OOM-killed (memory limit too low?): unknown",
        Memory::Ram,
        Limit,
        Container,
    ),
    case("kubelet, an event of the node", "Warning  SystemOOM  System OOM encountered, victim process: python3, pid: 8123", Memory::Ram, Lack, Container),
    case("srun", "srun: error: node07: task 0: Out Of Memory", Memory::Ram, Limit, Slurm),
    case("slurmd", "slurmstepd: error: Exceeded step memory limit at some point.", Memory::Ram, Limit, Slurm),
    case("OpenPBS", "=>> PBS: job killed: mem 34603008kb exceeded limit 33554432kb", Memory::Ram, Limit, Kernel)
        .by(None)
        .asks(33 * GIB)
        .total(32 * GIB),
    case(
        "amdgpu in the kernel's log",
        "amdgpu 0000:03:00.0: amdgpu: [drm:amdgpu_cs_ioctl [amdgpu]] *ERROR* Not enough memory for command submission!",
        Memory::Vram,
        Lack,
        Kernel,
    ),
    case(
        "NVIDIA's driver in the kernel's log",
        "[ 991.2] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
        Memory::None,
        NotMemory,
        Kernel,
    )
    .by(None),
    case("Vulkan", "vk::Queue::submit: ErrorDeviceLost", Memory::None, NotMemory, Kernel).by(None),
    case(
        "Windows, event 2004",
        "Windows successfully diagnosed a low virtual memory condition. The following programs consumed the most virtual memory: python.exe (812) \
         consumed 41040084992 bytes",
        Memory::Swap,
        Limit,
        Windows,
    ),
    case("Windows, pools of its own", "OSError: [WinError 1450] 系统资源不足，无法完成请求的服务。", Memory::Unknown, Lack, Windows)
        .untold(Some(Windows)),
    // What is in use
    case(
        "nvidia-smi --query-gpu=index,memory.used,memory.total --format=csv",
        "index, memory.used [MiB], memory.total [MiB]\n0, 1024 MiB, 24576 MiB\n1, 24320 MiB, 24576 MiB",
        Memory::Vram,
        Lack,
        NvidiaSmi,
    )
    .on(1)
    .free(256 * MIB)
    .total(24 * GIB),
    case(
        "amd-smi monitor",
        "GPU  POWER   GPU_T   MEM_T   GFX_CLK   GFX%   MEM%   VRAM_USED  VRAM_TOTAL\n  0  301 W   67 °C   80 °C  2482 MHz   97 %   60 %   24064 MB    24576 MB",
        Memory::Vram,
        Lack,
        RocmSmi,
    )
    .on(0)
    .free(512 * MIB)
    .total(24 * GIB),
    case(
        "rocm-smi",
        "GPU  Temp   AvgPwr  SCLK     MCLK     Fan    Perf  PwrCap  VRAM%  GPU%\n0    45.0c  301.0W  2482Mhz  1249Mhz  30.2%  auto  303.0W   99%   97%",
        Memory::Vram,
        Lack,
        RocmSmi,
    )
    .on(0),
    case(
        "docker stats",
        "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\nab12cd34ef56   vllm   101.2%   15.75GiB / 16GiB   98.44%   1kB / 0B   1MB / 0B   40",
        Memory::Ram,
        Limit,
        Container,
    )
    .free(256 * MIB)
    .total(16 * GIB),
    case(
        "top",
        "top - 10:00:00 up 1 day\nMiB Mem :  32768.0 total,    220.0 free,  31210.0 used,   1338.0 buff/cache\n\
         MiB Swap:   8192.0 total,   8192.0 free,      0.0 used.    512.0 avail Mem",
        Memory::Ram,
        Lack,
        Free,
    )
    .free(512 * MIB)
    .total(32 * GIB),
    case(
        "/proc/meminfo",
        "MemTotal:       33554432 kB\nMemFree:          200000 kB\nMemAvailable:     524288 kB\nBuffers:            1000 kB",
        Memory::Ram,
        Lack,
        Free,
    )
    .free(512 * MIB)
    .total(32 * GIB),
    case(
        "free -h in Chinese",
        "               total        used        free      shared  buff/cache   available\n\
         内存：         32Gi        31Gi       300Mi       1.0Gi       700Mi       512Mi\n交换：           0B          0B          0B",
        Memory::Ram,
        Lack,
        Free,
    )
    .free(512 * MIB)
    .total(32 * GIB),
];
