//! A few lines of Python that run a model with Hugging Face's transformers.
//!
//! Classes and arguments: huggingface.co/docs/transformers, `from_pretrained`, `BitsAndBytesConfig`, `generate`.

use super::given::Given;
use super::line::LaunchLine;
use super::quote::double;
use super::words::{checkpoint, counted, told, valued};
use crate::catalog::quantization::Quantization;
use crate::text::{Key, Phrase, Placeholder, one_line};

/// The lines for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let workload = given.workload();
    let loaded = while_loading(workload.quantization);
    // What is quantized while it is loaded is read as it was published.
    let weights = if loaded.is_some() { given.base() } else { given.checkpoint() };
    let imports = if loaded.is_some() { ", BitsAndBytesConfig" } else { "" };
    let mut lines = vec![
        LaunchLine::plain("import torch"),
        LaunchLine::told(
            format!("from transformers import AutoModelForCausalLM, AutoTokenizer{imports}"),
            told(Key::ToldImports),
        ),
        LaunchLine::plain(""),
        LaunchLine::told(format!("model_id = {}", double(&one_line(weights.path()))), checkpoint(given, &weights)),
        LaunchLine::plain("tokenizer = AutoTokenizer.from_pretrained(model_id)"),
        LaunchLine::told("model = AutoModelForCausalLM.from_pretrained(", told(Key::ToldLoads)),
        LaunchLine::plain("    model_id,"),
    ];
    let (dtype, label) = match workload.quantization {
        Quantization::fp32 => ("torch.float32", "FP32"),
        Quantization::fp16 => ("torch.float16", "FP16"),
        Quantization::bf16 | Quantization::int8 | Quantization::nf4 => ("torch.bfloat16", "BF16"),
        other => ("\"auto\"", other.label()),
    };
    lines.push(LaunchLine::told(format!("    dtype={dtype},"), valued(Key::ToldDtype, label)));
    lines.push(LaunchLine::told("    device_map=\"auto\",", told(Key::ToldDeviceMap)));
    if let Some((config, why)) = loaded {
        lines.push(LaunchLine::told(format!("    quantization_config=BitsAndBytesConfig({config}),"), told(why)));
    }
    lines.push(LaunchLine::told("    attn_implementation=\"sdpa\",", told(Key::ToldFlashOn)));
    let longest = Phrase::new(Key::ToldContext).with(Placeholder::Context, workload.context);
    lines.extend([
        LaunchLine::plain(")"),
        LaunchLine::told(
            format!("prompts = [\"Hello\"] * {}", workload.sequences),
            counted(Key::ToldSlots, workload.sequences),
        ),
        LaunchLine::plain("inputs = tokenizer(prompts, return_tensors=\"pt\").to(model.device)"),
        LaunchLine::told(format!("tokens = model.generate(**inputs, max_length={})", workload.context), longest),
        LaunchLine::plain("print(tokenizer.batch_decode(tokens, skip_special_tokens=True))"),
    ]);
    lines
}

/// What the library is told where it quantizes weights while it loads them, and why.
const fn while_loading(quantization: Quantization) -> Option<(&'static str, Key)> {
    match quantization {
        Quantization::int8 => Some(("load_in_8bit=True", Key::ToldLoads8)),
        Quantization::nf4 => Some((
            "load_in_4bit=True, bnb_4bit_quant_type=\"nf4\", bnb_4bit_compute_dtype=torch.bfloat16",
            Key::ToldLoads4,
        )),
        _ => None,
    }
}
