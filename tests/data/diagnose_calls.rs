//! Texts of calls that libraries wrap, of accelerators and frameworks of their own, of browsers, systems and services, and of Windows in
//! other languages. See `diagnose_texts.rs`.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use crate::diagnose_texts::{Case, GIB, MIB, case};

use Kind::{Fragmentation, Lack, Limit, NotMemory, OtherProcess};
use Tool::{
    Container, Kernel, LlamaCpp, Mlc, Mlx, Nccl, Ollama, OnnxRuntime, PyTorch, Sglang, TensorRt, Triton, Vllm, Windows,
};

/// Wordings of their own.
pub(crate) const CALLS: &[Case] = &[
    case(
        "NVIDIA/TensorRT-LLM, memoryUtils",
        "[TensorRT-LLM][ERROR] CUDA runtime error in ::cudaMallocAsync(ptr, n, mMemPool->getPool(), mCudaStream->get()): out of memory \
         (/src/tensorrt_llm/runtime/tllmBuffers.h:112)",
        Memory::Vram,
        Lack,
        TensorRt,
    ),
    case(
        "MXNet's storage manager",
        "mxnet.base.MXNetError: src/storage/./pooled_storage_manager.h:161: cudaMalloc retry failed: out of memory",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None),
    case(
        "microsoft/DeepSpeed, pinned buffers of offloading",
        "  File \"deepspeed/runtime/zero/stage3.py\", line 812, in _create_fp16\nRuntimeError: CUDA error: out of memory\n\
         Exception raised from cudaHostAlloc(&ptr, size, flags) at CachingHostAllocator.cpp:134",
        Memory::Ram,
        Limit,
        PyTorch,
    ),
    case(
        "NCCL's alloc.h",
        "ncclUnhandledCudaError: Call to CUDA function failed.\nLast error:\nFailed to CUDA host alloc 4194304 bytes\nCuda failure 2 'out of memory'",
        Memory::Ram,
        Limit,
        Nccl,
    ),
    case(
        "hipHostMalloc in llama.cpp",
        "ggml_backend_cuda_host_buffer: hipHostMalloc failed: hipErrorOutOfMemory, out of memory",
        Memory::Ram,
        Limit,
        LlamaCpp,
    ),
    case(
        "PaddlePaddle/PaddleOCR#7091",
        "SystemError: (Fatal) ResourceExhaustedError: \n\nOut of memory error on GPU 1. Cannot allocate 512.000000MB memory on GPU 1, 10.250000GB \
         memory has been allocated and available memory is only 128.000000MB.\n\nPlease check whether there is any other process using GPU 1.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None)
    .on(1)
    .asks(512 * MIB)
    .free(128 * MIB),
    case(
        "PaddlePaddle/Paddle#19779, before 2.0",
        "Out of memory error on GPU 0. Cannot allocate 2.000000GB GPU memory, available memory is 64.000000MB.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None)
    .on(0)
    .asks(2 * GIB)
    .free(64 * MIB),
    case(
        "mindspore, ascend_memory_adapter.cc",
        "RuntimeError: Malloc device memory failed, size[4294967296], ret[207001], Device 3 Available HBM size:34359738368 free size:1073741824 \
         may be other processes occupying this card",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None)
    .on(3)
    .asks(4 * GIB)
    .free(GIB)
    .total(32 * GIB),
    case(
        "CANN's table of errors",
        "EL0004: [PID: 4711] 2026-10-02 Failed to allocate memory.\n        Possible Cause: Available memory is insufficient.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None),
    case(
        "torch_npu",
        "RuntimeError: NPU out of memory. Tried to allocate 2.00 GiB (NPU 5; 61.25 GiB total capacity; 58.50 GiB already allocated; 58.50 GiB \
         current active; 512.00 MiB free; 59.00 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting \
         max_split_size_mb to avoid fragmentation.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(5)
    .asks(2 * GIB)
    .free(512 * MIB)
    .total(245 * GIB / 4)
    .unused(GIB / 2),
    case(
        "pytorch/pytorch, c10/xpu",
        "torch.OutOfMemoryError: XPU out of memory. Tried to allocate 4.00 GiB. GPU 0 has a total capacity of 15.50 GiB. Of the allocated memory \
         13.25 GiB is allocated by PyTorch, and 256.00 MiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(4 * GIB)
    .total(31 * GIB / 2)
    .unused(256 * MIB),
    case(
        "CUDACachingAllocator.cpp, private pools",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.00 GiB. GPU 0 has a total capacity of 47.50 GiB of which 1.00 GiB is \
         free. Including non-PyTorch memory, this process has 46.50 GiB memory in use. Of the allocated memory 39.00 GiB is allocated by \
         PyTorch, with 2.00 GiB allocated in private pools (e.g., CUDA Graphs), and 6.50 GiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Fragmentation,
        PyTorch,
    )
    .on(0)
    .asks(3 * GIB)
    .free(GIB)
    .total(95 * GIB / 2)
    .unused(13 * GIB / 2),
    case(
        "c10/cuda/CUDAException.cpp since 2.8",
        "torch.AcceleratorError: CUDA error: out of memory\nSearch for `cudaErrorMemoryAllocation' in https://docs.nvidia.com/cuda\n\
         CUDA kernel errors might be asynchronously reported at some other API call",
        Memory::Vram,
        Lack,
        PyTorch,
    ),
    case(
        "sgl-project/sglang, memory_pool_host.py",
        "ValueError: Not enough host memory available. Requesting 64.00 GB but only have 40.00 GB free. Please reduce the size of the hierarchical \
         cache.\n[sglang::scheduler]",
        Memory::Ram,
        Lack,
        Sglang,
    )
    .asks(64_000_000_000)
    .free(40_000_000_000),
    case(
        "sgl-project/sglang, pool_configurator.py",
        "RuntimeError: Not enough memory. Please try to increase --mem-fraction-static. Current value: mem_fraction_static=0.6",
        Memory::Vram,
        Limit,
        Sglang,
    ),
    case(
        "vllm/v1/worker, a busy card named by its device",
        "ValueError: Free memory on device cuda:1 (10.25/23.50 GiB) on startup is less than desired GPU memory utilization (0.92, 21.62 GiB). \
         Decrease GPU memory utilization or reduce GPU memory used by other processes.",
        Memory::Vram,
        OtherProcess,
        Vllm,
    )
    .on(1)
    .asks(23_214_298_235)
    .free(41 * GIB / 4)
    .total(47 * GIB / 2),
    case(
        "microsoft/onnxruntime, WebGPU in a browser",
        "Error: failed to call OrtRun(). onnxruntime: Buffer size (1229193216) exceeds the max buffer size limit (1073741824). This adapter \
         supports a higher maxBufferSize of 4294967296",
        Memory::Vram,
        Limit,
        OnnxRuntime,
    )
    .asks(1_229_193_216)
    .total(GIB),
    case(
        "mlc-ai/web-llm",
        "WebLLM: Uncaptured GPUValidationError: Binding size (536870912) of [Buffer] is larger than the maximum storage buffer binding size \
         (134217728).",
        Memory::Vram,
        Limit,
        Mlc,
    )
    .asks(512 * MIB)
    .total(128 * MIB),
    case(
        "pytorch/pytorch, MPSNDArray",
        "/AppleInternal/Library/MPSNDArray.mm:761: failed assertion `[MPSNDArray initWithDevice:descriptor:] Error: total bytes of NDArray > 2**32'",
        Memory::Vram,
        Limit,
        PyTorch,
    ),
    case(
        "ml-explore/mlx, allocator.cpp",
        "RuntimeError: [metal::malloc] Attempting to allocate 34359738368 bytes which is greater than the maximum allowed buffer size of \
         17179869184 bytes.",
        Memory::Vram,
        Limit,
        Mlx,
    )
    .asks(32 * GIB)
    .total(16 * GIB),
    case(
        "ml-explore/mlx, the number of buffers",
        "Error when loading model: ValueError: [metal::malloc] Resource limit (499000) exceeded.",
        Memory::Vram,
        Limit,
        Mlx,
    ),
    case("abetlen/llama-cpp-python", "ValueError: Failed to create llama_context", Memory::Vram, Lack, LlamaCpp)
        .untold(Some(LlamaCpp)),
    case(
        "ggml-opencl.cpp",
        "ggml_opencl: clCreateBuffer(ctx, CL_MEM_READ_WRITE, size, NULL, &err) error -4 (CL_MEM_OBJECT_ALLOCATION_FAILURE)",
        Memory::Vram,
        Lack,
        LlamaCpp,
    ),
    case(
        "ggml-opencl.cpp, one buffer",
        "ggml_opencl: clCreateBuffer error CL_INVALID_BUFFER_SIZE (-61) at ggml-opencl.cpp:3400",
        Memory::Vram,
        Limit,
        LlamaCpp,
    ),
    case("pyopencl", "pyopencl.RuntimeError: clEnqueueNDRangeKernel failed: CL_OUT_OF_RESOURCES", Memory::Vram, Lack, LlamaCpp)
        .untold(Some(PyTorch)),
    case(
        "llama-mmap.cpp on Windows",
        "warning: failed to VirtualLock 268435456-byte buffer (after previously locking 0 bytes): Insufficient quota to complete the requested service.",
        Memory::Ram,
        Limit,
        LlamaCpp,
    )
    .asks(256 * MIB),
    case(
        "intel xe in dmesg",
        "[ 4211.120001] xe 0000:03:00.0: [drm] VM worker error: -12",
        Memory::Vram,
        Lack,
        Kernel,
    ),
    case(
        "macOS",
        "Your system has run out of application memory. To avoid problems with your computer, quit any applications you are not using.",
        Memory::Ram,
        Lack,
        Kernel,
    ),
    case(
        "apache/spark on YARN",
        "ExecutorLostFailure: Container killed by YARN for exceeding memory limits. 9.5 GB of 9 GB physical memory used. Consider boosting \
         spark.executor.memoryOverhead",
        Memory::Ram,
        Limit,
        Container,
    )
    .asks(19 * GIB / 2)
    .total(9 * GIB),
    case(
        "AWS ECS",
        "OutOfMemoryError: Container killed due to memory usage",
        Memory::Ram,
        Limit,
        Container,
    ),
    case(
        "systemd's journal",
        "systemd[1]: ollama.service: Main process exited, code=killed, status=9/KILL",
        Memory::Ram,
        Lack,
        Ollama,
    )
    .untold(Some(Ollama)),
    case("fish", "fish: Job 1, 'python train.py' terminated by signal SIGKILL (Forced quit)", Memory::Ram, Lack, Kernel)
        .untold(None),
    case(
        "VS Code",
        "The Kernel crashed while executing code in the current cell or a previous cell.",
        Memory::Ram,
        Lack,
        Kernel,
    )
    .untold(None),
    case("a service's event", "worker 3: OOM, restarting (attempt 2 of 5)", Memory::Ram, Lack, Kernel).untold(None),
    case(
        "Windows in German, without a number",
        "OSError: Die Auslagerungsdatei ist zu klein, um diesen Vorgang durchzuführen. Error loading \"C:\\\\torch\\\\lib\\\\cublasLt64_12.dll\"",
        Memory::Swap,
        Limit,
        Windows,
    ),
    case("Windows in Chinese, without a number", "ImportError: DLL load failed: 页面文件太小，无法完成操作。", Memory::Swap, Limit, Windows),
    case("Windows in Russian", "Файл подкачки слишком мал для завершения операции.", Memory::Swap, Limit, Windows),
    case(
        "Windows, error 8",
        "MapViewOfFile failed: Not enough memory resources are available to process this command.",
        Memory::Ram,
        Lack,
        Windows,
    ),
    case(
        "MATLAB",
        "Error using gpuArray\nOut of memory on device. To view more detail about available memory on the GPU, use 'gpuDevice()'.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .by(None),
    case("Blender", "System is out of GPU memory", Memory::Vram, Lack, PyTorch).by(None),
    case("a front end in Chinese", "错误：GPU 内存不足，请减小批量大小", Memory::Vram, Lack, PyTorch).by(None),
    case(
        "triton, tensor memory of Blackwell",
        "triton.runtime.errors.OutOfResources: out of resource: tensor memory, Required: 640, Hardware limit: 512. Reducing block sizes or \
         `num_stages` may help.",
        Memory::None,
        NotMemory,
        Triton,
    ),
];
