//! More texts that say which memory ran out: of engines, clusters and services beside the common ones, and of texts that look
//! alike and mean another thing. See `diagnose_texts.rs`.

use rigplan::advise::diagnose::{Kind, Memory, Tool};

use crate::diagnose_texts::{Case, GIB, MIB, case};

use Kind::{Fragmentation, Lack, Limit, NotMemory, OtherProcess};
use Tool::{
    Container, Exllama, Jax, Kernel, LlamaCpp, LmStudio, Mlc, Mlx, Nccl, Ollama, OnnxRuntime, PyTorch, Ray, Sglang,
    Slurm, TensorFlow, TensorRt, Tgi, Transformers, Triton, Vllm, Windows,
};

/// Engines, clusters, services.
pub(crate) const MORE: &[Case] = &[
    // PyTorch's other allocators
    case(
        "Comfy-Org/ComfyUI, cudaMallocAsync: a share that nobody set is printed as 2^64",
        "torch.OutOfMemoryError: Allocation on device 0 would exceed allowed memory. (out of memory)\n\
         Currently allocated     : 10.25 GiB\nRequested               : 512.00 MiB\nDevice limit            : 12.00 GiB\n\
         Free (according to CUDA): 20.00 MiB\nPyTorch limit (set by user-supplied memory fraction)\n\
         \u{20}                       : 17179869184.00 GiB",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(512 * MIB)
    .free(20 * MIB)
    .total(12 * GIB),
    case(
        "the same with a share that was set",
        "Allocation on device 1 would exceed allowed memory. (out of memory)\nCurrently allocated     : 5.75 GiB\n\
         Requested               : 512.00 MiB\nDevice limit            : 12.00 GiB\nFree (according to CUDA): 5.00 GiB\n\
         PyTorch limit (set by user-supplied memory fraction)\n                        : 6.00 GiB",
        Memory::Vram,
        Limit,
        PyTorch,
    )
    .on(1)
    .asks(512 * MIB)
    .free(5 * GIB)
    .total(12 * GIB),
    case(
        "Comfy-Org/ComfyUI, shortened by the program",
        "torch.OutOfMemoryError: Allocation on device \nThis error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked \
         before you might have accidentally set the batch_size to a large number.",
        Memory::Vram,
        Lack,
        PyTorch,
    ),
    case(
        "torch_npu",
        "RuntimeError: NPU out of memory. Tried to allocate 2.00 GiB (NPU 3; 32.00 GiB total capacity; 29.00 GiB already allocated; 29.00 GiB \
         current active; 512.00 MiB free; 30.00 GiB reserved in total by PyTorch)",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(3)
    .asks(2 * GIB)
    .free(512 * MIB)
    .total(32 * GIB)
    .unused(GIB),
    case(
        "intel/torch-xpu-ops: no word of what is free",
        "torch.OutOfMemoryError: XPU out of memory. Tried to allocate 3.00 GiB. GPU 0 has a total capacity of 15.50 GiB. Of the allocated \
         memory 13.25 GiB is allocated by PyTorch, and 256.00 MiB is reserved by PyTorch but unallocated.",
        Memory::Vram,
        Lack,
        PyTorch,
    )
    .on(0)
    .asks(3 * GIB)
    .total(31 * GIB / 2)
    .unused(256 * MIB),
    case("aten/src/ATen/mps", "RuntimeError: Invalid buffer size: 20.00 GiB", Memory::Vram, Limit, PyTorch).asks(20 * GIB),
    case("before 1.0", "RuntimeError: cuda runtime error (2) : out of memory at /pytorch/aten/src/THC/generic/THCStorage.cu:58", Memory::Vram, Lack, PyTorch),
    case("before 1.0, in RAM", "RuntimeError: $ Torch: not enough memory: you tried to allocate 4GB. Buy new RAM!", Memory::Ram, Lack, PyTorch).asks(4 * GIB),
    case(
        "deepspeedai/DeepSpeed, RAM that a card is to read",
        "    return torch.empty(size, device='cpu').pin_memory()\nRuntimeError: CUDA error: out of memory\nCUDA kernel errors might be \
         asynchronously reported at some other API call",
        Memory::Unknown,
        Lack,
        PyTorch,
    )
    .untold(Some(PyTorch)),
    case("tinygrad", "RuntimeError: CUDA Error 2, out of memory", Memory::Vram, Lack, PyTorch),
    case("pytorch, cuDNN", "RuntimeError: Unable to find a valid cuDNN algorithm to run convolution", Memory::Unknown, Lack, PyTorch).untold(Some(PyTorch)),
    case(
        "NVIDIA/nccl",
        "torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1970, unhandled cuda error\nncclUnhandledCudaError: Call to \
         CUDA function failed.\nLast error:\nCuda failure 2 'out of memory'",
        Memory::Vram,
        Lack,
        Nccl,
    ),
    // XLA
    case(
        "jax-ml/jax#788, an old wording",
        "Execution of replica 0 failed: Resource exhausted: Out of memory while trying to allocate 4294967296 bytes.",
        Memory::Vram,
        Lack,
        Jax,
    )
    .asks(4 * GIB),
    case(
        "xla, pjrt",
        "jax.errors.JaxRuntimeError: RESOURCE_EXHAUSTED: Failed to allocate request for 3.00GiB (3221225472B) on device ordinal 1",
        Memory::Vram,
        Lack,
        Jax,
    )
    .on(1)
    .asks(3 * GIB),
    case(
        "jax on a TPU",
        "RESOURCE_EXHAUSTED: Attempting to reserve 12.50G at the bottom of memory. That was not possible. There are 10.00G free, 0B reserved.",
        Memory::Vram,
        Lack,
        Jax,
    )
    .asks(25 * GIB / 2)
    .free(10 * GIB),
    case(
        "xla:tpu",
        "XLA:TPU compile permanent error. Ran out of memory in memory space hbm. Used 20.00G of 15.50G hbm. Exceeded hbm capacity by 4.50G.",
        Memory::Vram,
        Lack,
        Jax,
    )
    .asks(20 * GIB)
    .total(31 * GIB / 2),
    case(
        "tensorflow, bfc_allocator.cc",
        "W tensorflow/core/common_runtime/bfc_allocator.cc:479] Allocator (GPU_0_bfc) ran out of memory trying to allocate 2.25GiB (rounded to \
         2415919104)requested by op MatMul",
        Memory::Vram,
        Lack,
        TensorFlow,
    )
    .asks(9 * GIB / 4),
    case(
        "tensorflow, cuda_driver.cc",
        "E tensorflow/stream_executor/cuda/cuda_driver.cc:802] failed to alloc 2147483648 bytes on host: CUDA_ERROR_OUT_OF_MEMORY: out of memory",
        Memory::Ram,
        Limit,
        TensorFlow,
    )
    .asks(2 * GIB),
    // Engines
    case(
        "ggml-org/llama.cpp, before anything is loaded",
        "llama_params_fit_impl: projected to use 21504 MiB of device memory vs. 20480 MiB of free device memory\n\
         llama_params_fit: failed to fit params to free device memory: n_gpu_layers already set by user to 99, abort",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .asks(21 * GIB)
    .free(20 * GIB),
    case(
        "ggml-org/llama.cpp, a figure below nothing",
        "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 17592186040320.00 MiB on device 0: cudaMalloc failed: out of memory",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .on(0),
    case("ggml-org/llama.cpp#7366", "llama_model_load: error loading model: unable to allocate CUDA1 buffer", Memory::Vram, Lack, LlamaCpp).on(1),
    case(
        "ggml-org/llama.cpp#7366, without a name",
        "llama_model_load: error loading model: unable to allocate backend buffer\nllama_load_model_from_file: failed to load model",
        Memory::Unknown,
        Lack,
        LlamaCpp,
    )
    .untold(Some(LlamaCpp)),
    case(
        "ggml-metal",
        "ggml_metal_buffer_init: error: failed to allocate buffer, size =  8192.00 MiB\nggml_gallocr_reserve_n: failed to allocate Metal \
         buffer of size 8589934592",
        Memory::Vram,
        Lack,
        LlamaCpp,
    )
    .asks(8 * GIB),
    case(
        "ollama, sched.go",
        "level=WARN source=sched.go msg=\"model request too large for system\" requested=\"48.0 GiB\" available=\"29.5 GiB\" total=\"31.0 GiB\" \
         free=\"28.0 GiB\" swap=\"1.5 GiB\"",
        Memory::Ram,
        Lack,
        Ollama,
    )
    .asks(48 * GIB)
    .free(59 * GIB / 2)
    .total(31 * GIB),
    case(
        "ollama, runner",
        "Error: model failed to load, this may be due to resource limitations or an internal error, check ollama server logs for details",
        Memory::Unknown,
        Lack,
        Ollama,
    )
    .untold(Some(Ollama)),
    case(
        "lmstudio-ai/lmstudio-bug-tracker#1202",
        "Model loading was stopped due to insufficient system resources. Under the current settings, this model requires approximately 40.00 GB \
         of memory, and continuing to load it would likely overload your system and cause it to freeze.",
        Memory::Unknown,
        Limit,
        LmStudio,
    )
    .asks(40 * GIB),
    case("turboderp-org/exllamav2#383", "RuntimeError: Insufficient VRAM for model and cache", Memory::Vram, Lack, Exllama),
    case("turboderp-org/exllamav3#50", "RuntimeError: Insufficient VRAM in split for model and cache", Memory::Vram, Limit, Exllama),
    case(
        "ml-explore/mlx",
        "RuntimeError: [metal::malloc] Attempting to allocate 12884901888 bytes which is greater than the maximum allowed buffer size of \
         9663676416 bytes.",
        Memory::Vram,
        Limit,
        Mlx,
    )
    .asks(12 * GIB)
    .total(9 * GIB),
    case(
        "ml-explore/mlx-lm",
        "[WARNING] Generating with a model that requires 20480 MB which is close to the maximum recommended size of 18432 MB. This can be slow.",
        Memory::Vram,
        Limit,
        Mlx,
    )
    .asks(20 * GIB)
    .total(18 * GIB),
    case(
        "huggingface/text-generation-inference",
        "RuntimeError: Not enough memory to handle 4096 prefill tokens. You need to decrease `--max-batch-prefill-tokens`",
        Memory::Vram,
        Lack,
        Tgi,
    ),
    case(
        "NVIDIA/TensorRT",
        "[TRT] [E] Requested amount of GPU memory (17179869184 bytes) could not be allocated. There may not be enough free memory for allocation \
         to succeed.",
        Memory::Vram,
        Lack,
        TensorRt,
    )
    .asks(16 * GIB),
    case(
        "huggingface/transformers",
        "ValueError: Some modules are dispatched on the CPU or the disk. Make sure you have enough GPU RAM to fit the quantized model.",
        Memory::Vram,
        Lack,
        Transformers,
    ),
    case(
        "mlc-ai/mlc-llm",
        "TVMError: Insufficient GPU memory error: The available single GPU memory is 8192.000 MB, which is less than the sum of model weight size \
         (9000.0 MB) and temporary buffer size",
        Memory::Vram,
        Limit,
        Mlc,
    )
    .total(8 * GIB),
    case(
        "microsoft/onnxruntime, an arena with a limit",
        "BFCArena::AllocateRawInternal Available memory of 134217728 is smaller than requested bytes of 268435456",
        Memory::Vram,
        Limit,
        OnnxRuntime,
    )
    .asks(256 * MIB)
    .free(128 * MIB),
    case(
        "microsoft/onnxruntime, DirectML",
        "DmlCommittedResourceAllocator.cpp(22) 8007000E Not enough memory resources are available to complete this operation.",
        Memory::Vram,
        Lack,
        OnnxRuntime,
    ),
    case(
        "vllm-project/vllm, the reason stands before",
        "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_0': 1}",
        Memory::Unknown,
        Lack,
        Vllm,
    )
    .untold(Some(Vllm)),
    case(
        "vllm-project/vllm, preempted",
        "WARNING scheduler.py:1057] Sequence group 3 is preempted by PreemptionMode.RECOMPUTE mode because there is not enough KV cache space.",
        Memory::Vram,
        Limit,
        Vllm,
    ),
    case("sgl-project/sglang", "KV cache pool is full. Retract requests. #retracted_reqs: 2, #new_tokens_gained: 900", Memory::Vram, Limit, Sglang),
    case("a compiler of kernels", "ptxas error   : Entry function 'k' uses too much shared data (0x12000 bytes, 0xc000 max)", Memory::None, NotMemory, Triton).by(None),
    case(
        "sgl-project/sglang#10408",
        "RuntimeError: alloc_req_slots runs out of memory. Please set a smaller number for `--max-running-requests`. \
         self.req_to_token_pool.available_size()=1, num_reqs=2,",
        Memory::Vram,
        Limit,
        Sglang,
    ),
    case(
        "sgl-project/sglang#23181",
        "Not enough memory to allocate KV cache.\nPossible fixes: increase --mem-fraction-static, reduce --chunked-prefill-size",
        Memory::Vram,
        Limit,
        Sglang,
    ),
    // Clusters and services
    case(
        "docker inspect: the limit of the container was not it",
        "\"State\": {\"Status\": \"exited\", \"OOMKilled\": false, \"ExitCode\": 137}",
        Memory::Unknown,
        Lack,
        Kernel,
    )
    .untold(None),
    case("docker inspect", "\"State\": {\"OOMKilled\": true, \"ExitCode\": 137}", Memory::Ram, Limit, Container),
    case(
        "kubelet",
        "Reason: Evicted\nMessage: The node was low on resource: memory. Threshold quantity: 100Mi, available: 51Mi.",
        Memory::Ram,
        Lack,
        Container,
    )
    .free(51 * MIB),
    case("kube-scheduler", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.", Memory::None, NotMemory, Container),
    case(
        "slurmstepd",
        "slurmstepd: error: Detected 1 oom_kill event in StepId=42.batch. Some of the step tasks have been OOM Killed.",
        Memory::Ram,
        Limit,
        Slurm,
    ),
    case(
        "ray-project/ray",
        "ray.exceptions.OutOfMemoryError: Task was killed due to the node running low on memory. Memory on the node where the task was running was \
         30.50GB / 32.00GB (0.953), which exceeds the memory usage threshold of 0.95.",
        Memory::Ram,
        Limit,
        Ray,
    )
    .free(3 * GIB / 2)
    .total(32 * GIB),
    case("systemd", "llama.service: A process of this unit has been killed by the OOM killer.", Memory::Ram, Lack, Kernel),
    case(
        "an older kill for a quota, then one for want of RAM",
        "Memory cgroup out of memory: Killed process 90 (a) total-vm:61520kB\nsome lines\nOut of memory: Killed process 91 (b) total-vm:900kB",
        Memory::Ram,
        Lack,
        Kernel,
    ),
    case("the kernel, in pieces", "python: page allocation failure: order:9, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)", Memory::Ram, Fragmentation, Kernel),
    case("deepspeed's launcher", "[launch.py:325:sigkill_handler] ['python', 'train.py'] exits with return code = -9", Memory::Unknown, Lack, Kernel).untold(None),
    case("Colab", "Your session crashed after using all available RAM.", Memory::Ram, Limit, Kernel).by(None),
    case("Rust", "memory allocation of 4294967296 bytes failed", Memory::Ram, Lack, Kernel).by(None).asks(4 * GIB),
    case("Windows in German", "OSError: [WinError 1455] Die Auslagerungsdatei ist zu klein", Memory::Swap, Limit, Windows),
    case("Windows in Russian", "Ошибка 1455: файл подкачки слишком мал", Memory::Swap, Limit, Windows),
    case("Windows, loading a file", "llama_model_load: error loading model: MapViewOfFile failed: The paging file is too small for this operation to complete.", Memory::Swap, Limit, Windows),
    case("words alone", "failed: Out Of Memory", Memory::Unknown, Lack, Kernel).untold(None),
    case("words alone, in Chinese", "程序出错：显存不足", Memory::Vram, Lack, Kernel).by(None),
    case(
        "vllm-project/vllm, while another program grows",
        "AssertionError: Error in memory profiling. Initial free memory 20.50 GiB, current free memory 21.00 GiB.",
        Memory::Vram,
        OtherProcess,
        Vllm,
    ),
];
