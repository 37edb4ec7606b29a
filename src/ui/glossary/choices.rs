//! Which term stands behind what is chosen from a list.

use crate::catalog::quantization::Quantization;
use crate::plan::{Runtime, Task};
use crate::text::Concept;

/// An engine.
pub const fn runtime(runtime: Runtime) -> Concept {
    match runtime {
        Runtime::LlamaCpp => Concept::LlamaCpp,
        Runtime::Vllm => Concept::Vllm,
        Runtime::Sglang => Concept::Sglang,
        Runtime::Tgi => Concept::Tgi,
        Runtime::TensorRtLlm => Concept::TensorRtLlm,
        Runtime::Transformers => Concept::Transformers,
    }
}

/// What is done with a model.
pub const fn task(task: Task) -> Concept {
    match task {
        Task::Serve => Concept::Task,
        Task::Full => Concept::FullTune,
        Task::Lora => Concept::Lora,
        Task::Qlora => Concept::Qlora,
    }
}

/// The family of a precision.
pub const fn precision(precision: Quantization) -> Concept {
    use Quantization as Q;
    match precision {
        Q::F32 | Q::fp32 => Concept::Fp32,
        Q::F16 | Q::BF16 | Q::fp16 | Q::bf16 => Concept::Half,
        Q::fp8 => Concept::Fp8,
        Q::Q8_0 | Q::int8 => Concept::Int8,
        Q::Q2_K
        | Q::Q2_K_S
        | Q::Q3_K_S
        | Q::Q3_K_M
        | Q::Q3_K_L
        | Q::Q4_K_S
        | Q::Q4_K_M
        | Q::Q5_K_S
        | Q::Q5_K_M
        | Q::Q6_K => Concept::KQuants,
        Q::Q4_0 | Q::Q4_1 | Q::Q5_0 | Q::Q5_1 => Concept::OldQuants,
        Q::IQ1_S
        | Q::IQ1_M
        | Q::IQ2_XXS
        | Q::IQ2_XS
        | Q::IQ2_S
        | Q::IQ2_M
        | Q::IQ3_XXS
        | Q::IQ3_XS
        | Q::IQ3_S
        | Q::IQ3_M
        | Q::IQ4_XS
        | Q::IQ4_NL => Concept::IQuants,
        Q::TQ1_0 | Q::TQ2_0 => Concept::Ternary,
        Q::int4 | Q::awq | Q::gptq => Concept::Int4,
        Q::MXFP4_MOE | Q::mxfp4 | Q::nvfp4 => Concept::Fp4,
        Q::nf4 => Concept::Nf4,
    }
}
