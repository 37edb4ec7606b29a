//! More texts that say which memory ran out: of servers, frameworks and the system. See `diagnose_texts.rs`.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use crate::diagnose_texts::{Case, GIB, MIB, case};

use Kind::{Lack, Limit, NotMemory, OtherProcess};
use Tool::{
    Container, Free, HuggingFace, Jax, Kernel, Nccl, NumPy, NvidiaSmi, Ollama, OnnxRuntime, PyTorch, RocmSmi, Sglang,
    TensorFlow, Vllm, Windows,
};

/// Servers, frameworks, the system.
pub(crate) const SYSTEMS: &[Case] = &[
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
