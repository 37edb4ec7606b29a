//! Engines and tools that say it in words of their own: exllama, MLX, LM Studio, Text Generation Inference, `TensorRT`,
//! Transformers, MLC, `DirectML`.

use super::amount;
use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::lists::{CARD, FRAMEWORK, HOST};
use super::pasted::Pasted;

const POOL: &[Cure] = &[Cure::FewerBits, Cure::SmallerCache, Cure::ShorterContext, Cure::WiredLimit];
const ONE_BUFFER: &[Cure] = &[Cure::SmallerBatch, Cure::ShorterContext, Cure::SmallerBuffer];
const GUARDED: &[Cure] = &[Cure::FewerBits, Cure::ShorterContext, Cure::FreeOthers, Cure::Guardrails];

/// What one of them says.
pub(super) fn apps(text: &Pasted<'_>) -> Option<Finding> {
    [exllama, mlx, lm_studio, tgi, tensorrt, directml, onnx, openvino, rmm, placed, mlc, browser, comfy]
        .iter()
        .find_map(|rule| rule(text))
}

fn vram(at: usize, tool: Tool, kind: Kind, cures: &'static [Cure]) -> Finding {
    Finding::new(at, tool, Memory::Vram, kind).cured(cures)
}

/// `exllamav2/model.py`, `exllamav3/model`.
fn exllama(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "Insufficient VRAM for model and cache",
        "Insufficient VRAM in split for model and cache",
        "Insufficient space in device allocation",
    ])?;
    // A share of each card was typed.
    let kind = if said.has("in split") || said.has("in device allocation") { Kind::Limit } else { Kind::Lack };
    Some(vram(said.at, Tool::Exllama, kind, CARD))
}

/// `mlx/backend/metal/allocator.cpp`, `mlx/backend/metal/eval.cpp`, `mlx_lm/generate.py`.
fn mlx(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("greater than the maximum allowed buffer size of ") {
        let wanted = text.last("Attempting to allocate ").and_then(|said| said.amount_after("allocate "));
        let amounts = Amounts { asked: wanted, total: said.amount_after("buffer size of "), ..Amounts::default() };
        let finding = vram(said.at, Tool::Mlx, Kind::Limit, ONE_BUFFER);
        return Some(finding.with(amounts).noted(Note::OneBuffer));
    }
    if let Some(said) = text.last("Generating with a model that requires ") {
        let amounts = Amounts {
            asked: said.amount_after("requires "),
            total: said.amount_after("maximum recommended size of "),
            ..Amounts::default()
        };
        return Some(vram(said.at, Tool::Mlx, Kind::Limit, POOL).with(amounts).noted(Note::OnePool));
    }
    if let Some(said) = text.last("[metal::malloc] Resource limit (") {
        // So many buffers at once, however small.
        return Some(vram(said.at, Tool::Mlx, Kind::Limit, &[Cure::SmallerBatch, Cure::ShorterContext]));
    }
    if let Some(said) = text.last("[malloc] Unable to allocate ") {
        let amounts = Amounts { asked: said.whole_after("allocate "), ..Amounts::default() };
        return Some(vram(said.at, Tool::Mlx, Kind::Lack, POOL).with(amounts).noted(Note::OnePool));
    }
    let said = text.last("[METAL] Command buffer execution failed: Insufficient Memory")?;
    Some(vram(said.at, Tool::Mlx, Kind::Limit, POOL).noted(Note::OnePool))
}

/// LM Studio's guardrails: they count RAM and VRAM together, before anything is loaded.
fn lm_studio(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["insufficient system resources", "Not enough resources to load the model"])?;
    let amounts = Amounts { asked: said.amount_after("requires approximately "), ..Amounts::default() };
    let finding = Finding::untold(said.at, Some(Tool::LmStudio), &[Look::CardInUse, Look::RamInUse]);
    Some(Finding { kind: Some(Kind::Limit), ..finding }.with(amounts).cured(GUARDED))
}

/// `server/text_generation_server/models/flash_causal_lm.py`.
fn tgi(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Not enough memory to handle ").filter(|said| said.has("prefill tokens"))?;
    Some(vram(
        said.at,
        Tool::Tgi,
        Kind::Lack,
        &[Cure::SmallerBatch, Cure::ShorterContext, Cure::FewerBits, Cure::MoreCards],
    ))
}

/// `TensorRT`'s builder and runtime.
fn tensorrt(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("Executor creation failed due to insufficient GPU memory") {
        let cures = &[Cure::SmallerBatch, Cure::ShorterContext, Cure::FewerBits, Cure::MoreCards];
        // The figures stand without a unit behind a word that has it.
        let gib = |words: &str| amount::leading(&format!("{} GiB", said.after(words)?.split(' ').next()?));
        let amounts = Amounts {
            free: gib("Free GPU memory before component creation attempt (GiB): "),
            total: gib("Total GPU memory (GiB): "),
            ..Amounts::default()
        };
        return Some(vram(said.at, Tool::TensorRt, Kind::Lack, cures).with(amounts));
    }
    if let Some(said) = text.last("maxTokensInPagedKvCache must be large enough") {
        let cures = &[Cure::ShorterContext, Cure::FewerSequences, Cure::FewerBits, Cure::MoreCards];
        return Some(vram(said.at, Tool::TensorRt, Kind::Limit, cures));
    }
    let said = text.last_of(&[
        "Requested amount of GPU memory (",
        "OutOfMemory (Requested size was ",
        "Error Code 2: OutOfMemory",
    ])?;
    let bytes = said
        .whole_after("GPU memory (")
        .or_else(|| said.whole_after("Requested size was "))
        .or_else(|| text.last("Requested amount of GPU memory (")?.whole_after("GPU memory ("));
    let finding = vram(said.at, Tool::TensorRt, Kind::Lack, FRAMEWORK);
    Some(finding.with(Amounts { asked: bytes, ..Amounts::default() }))
}

/// ONNX Runtime on `DirectML`: Windows names its own code for want of memory, whichever it was.
fn directml(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["8007000E", "8007000e"]).filter(|_| text.has_any(&["Dml", "DirectML", "directml"]))?;
    Some(vram(said.at, Tool::OnnxRuntime, Kind::Lack, FRAMEWORK))
}

/// ONNX Runtime's arena, which may be told how much it takes.
fn onnx(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Available memory of ").filter(|said| said.has("is smaller than requested bytes of "))?;
    let amounts = Amounts {
        asked: said.whole_after("requested bytes of "),
        free: said.whole_after("Available memory of "),
        ..Amounts::default()
    };
    Some(vram(said.at, Tool::OnnxRuntime, Kind::Limit, FRAMEWORK).with(amounts))
}

/// What a browser gives at once, whatever is free (Dawn and wgpu).
fn browser(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "exceeds the max buffer size limit",
        "is greater than the maximum buffer size",
        "is larger than the maximum binding size",
        "is larger than the maximum storage buffer binding size",
    ])?;
    let size = said.before.rsplit_once("size ").and_then(|(_, rest)| amount::whole(rest.trim_start_matches('(')));
    let amounts = Amounts { asked: size, total: said.whole_after("("), ..Amounts::default() };
    let finding = vram(said.at, Tool::Mlc, Kind::Limit, ONE_BUFFER).with(amounts).noted(Note::OneBuffer);
    let tool = text.has_any(&["web-llm", "WebLLM", "mlc"]).then_some(Tool::Mlc);
    let onnx = text.has_any(&["onnxruntime", "ort."]).then_some(Tool::OnnxRuntime);
    Some(Finding { tool: tool.or(onnx), ..finding })
}

/// `OpenVINO`: one buffer beyond what the driver gives at once.
fn openvino(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Exceeded max size of memory object allocation")?;
    let amounts = Amounts {
        asked: said.whole_after("requested "),
        total: said.whole_after("supported by device is "),
        ..Amounts::default()
    };
    let finding = vram(said.at, Tool::OnnxRuntime, Kind::Limit, ONE_BUFFER).with(amounts).noted(Note::OneBuffer);
    Some(Finding { tool: None, ..finding })
}

/// RAPIDS' pool on the card, which may be told how much it takes.
fn rmm(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Maximum pool size exceeded")?;
    let amounts = Amounts { asked: said.amount_after("failed to allocate "), ..Amounts::default() };
    Some(Finding { tool: None, ..vram(said.at, Tool::CuPy, Kind::Limit, FRAMEWORK) }.with(amounts))
}

/// `ComfyUI`, which shortens what `PyTorch` said.
fn comfy(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&["Got an OOM, unloading all loaded models", "Ran out of memory when regular VAE"])?;
    Some(vram(said.at, Tool::PyTorch, Kind::Lack, FRAMEWORK))
}

/// Transformers: weights that found no room on the card, or in RAM either.
fn placed(text: &Pasted<'_>) -> Option<Finding> {
    let on_disk = [
        "`device_map` had weights offloaded to the disk",
        "because they were offloaded to the disk",
        "offloaded to the cpu and disk",
    ];
    if let Some(said) = text.last_of(&on_disk) {
        return Some(Finding::new(said.at, Tool::Transformers, Memory::Ram, Kind::Lack).cured(HOST));
    }
    if let Some(said) = text.last("because they were offloaded to the cpu") {
        return Some(vram(said.at, Tool::Transformers, Kind::Lack, FRAMEWORK));
    }
    let said = text.last("Some modules are dispatched on the CPU or the disk")?;
    Some(vram(said.at, Tool::Transformers, Kind::Lack, FRAMEWORK))
}

/// MLC: weights and buffers against what it may take.
fn mlc(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("Insufficient GPU memory error")?;
    let total = said.after("single GPU memory is ").and_then(amount::leading);
    let finding = vram(said.at, Tool::Mlc, Kind::Limit, HOST);
    Some(finding.with(Amounts { total, ..Amounts::default() }).cured(CARD))
}
