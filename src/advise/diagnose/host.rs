//! Whose program a text comes from, where a library of it speaks.

use super::finding::Tool;
use super::pasted::Pasted;

/// The program that the text names; `None` where it names none.
pub(super) fn host(text: &Pasted<'_>) -> Option<Tool> {
    const HOSTS: &[(Tool, &[&str])] = &[
        (Tool::Ollama, &["ollama", "llama runner"]),
        (Tool::Sglang, &["sglang", "--mem-fraction-static"]),
        (Tool::Vllm, &["vllm", "VllmWorker", "EngineCore", "gpu_memory_utilization"]),
        (Tool::Tgi, &["text_generation_launcher", "text_generation_server", "text_generation_client"]),
        (Tool::TensorRt, &["TensorRT-LLM", "TRT-LLM", "tensorrt_llm"]),
        (
            Tool::LmStudio,
            &["LM Studio", "lmstudio", "The model has crashed without additional information", "🥲 Failed to load"],
        ),
    ];
    HOSTS.iter().find(|(_, words)| text.has_any(words)).map(|(tool, _)| *tool)
}
