//! What programs are called: proper names as their makers spell them, the same in every language. The one list of them;
//! what is typed or read by scripts (`vllm`, `pytorch`) is another name, and stands with what it names.

#![allow(missing_docs, reason = "proper names")]

pub const ACCELERATE: &str = "Accelerate";
pub const CUPY: &str = "CuPy";
pub const DEEPSPEED: &str = "DeepSpeed";
pub const EXLLAMA: &str = "ExLlama";
pub const HUGGING_FACE: &str = "Hugging Face";
pub const HUGGING_FACE_HUB: &str = "huggingface_hub";
pub const JAX: &str = "JAX";
pub const LLAMA_CPP: &str = "llama.cpp";
pub const LLAMA_FACTORY: &str = "LLaMA-Factory";
pub const LLAMA_SERVER: &str = "llama-server";
pub const LM_STUDIO: &str = "LM Studio";
pub const MLC: &str = "MLC LLM";
pub const MLX: &str = "MLX";
pub const NCCL: &str = "NCCL";
pub const NUMPY: &str = "NumPy";
pub const NVIDIA_SMI: &str = "nvidia-smi";
pub const OLLAMA: &str = "Ollama";
pub const ONNX_RUNTIME: &str = "ONNX Runtime";
pub const PYTORCH: &str = "PyTorch";
pub const RAY: &str = "Ray";
pub const ROCM_SMI: &str = "rocm-smi";
pub const SGLANG: &str = "SGLang";
pub const SLURM: &str = "Slurm";
pub const TENSORFLOW: &str = "TensorFlow";
pub const TENSORRT: &str = "TensorRT";
pub const TENSORRT_LLM: &str = "TensorRT-LLM";
pub const TGI: &str = "TGI";
pub const TRANSFORMERS: &str = "Transformers";
pub const TRITON: &str = "Triton";
pub const VLLM: &str = "vLLM";
pub const WINDOWS: &str = "Windows";
