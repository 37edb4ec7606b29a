//! Ollama's Modelfile. What Ollama's server alone is told stands above it, as variables.
//!
//! Format and parameters: docs/modelfile.md of the Ollama repository; variables: its docs/faq.md.

use super::elsewhere::several_boxes;
use super::given::Given;
use super::line::LaunchLine;
use super::words::{counted, layers, told, valued};
use crate::catalog::quantization::KvPrecision;
use crate::estimate::Estimate;
use crate::plan::{Drafter, Plan, SplitMode, VisionPlace};
use crate::text::{Key, Phrase, Placeholder, one_line};

/// Ollama's own batch.
const BATCH: u32 = 512;

/// Whether Ollama can be told all that the plan says.
pub(super) fn runs(plan: &Plan, estimate: &Estimate) -> bool {
    let workload = &plan.workload;
    let cache = workload.kv_cache;
    // The library's own files carry the part that sees, and no drafter.
    let plain = workload.speculation.drafter == Drafter::None && workload.vision != Some(VisionPlace::Cpu);
    let cached = matches!(cache.k, KvPrecision::f16 | KvPrecision::q8_0 | KvPrecision::q4_0) && cache.k == cache.v;
    if several_boxes(estimate) {
        return false;
    }
    let whole = estimate.experts.first == 0 && (workload.split_mode == SplitMode::Layer || estimate.devices.len() < 2);
    let plain = plain && !workload.shares_by_hand() && workload.override_tensors.is_empty();
    let plain = plain && workload.server.max_loras.is_none();
    plain && cached && whole && !workload.unified_kv && !workload.swa_full
}

/// The file for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let workload = given.workload();
    let mut lines = Vec::new();
    let mut variable = |name: &str, value: &str, why: Phrase| {
        let why = Phrase::new(Key::ToldOllamaServer).with_phrase(Placeholder::Value, why);
        lines.push(LaunchLine::told(format!("# {name}={value}"), why));
    };
    if workload.sequences > 1 {
        let slots = workload.sequences.to_string();
        variable("OLLAMA_NUM_PARALLEL", &slots, counted(Key::ToldSlots, &slots));
    }
    if workload.flash_attention {
        variable("OLLAMA_FLASH_ATTENTION", "1", told(Key::ToldFlashOn));
    } else {
        variable("OLLAMA_FLASH_ATTENTION", "0", told(Key::ToldFlashOff));
    }
    let precision = workload.kv_cache.k;
    if precision != KvPrecision::f16 {
        variable("OLLAMA_KV_CACHE_TYPE", precision.name(), valued(Key::ToldCacheBoth, precision.label()));
    }
    let file = Phrase::new(Key::ToldGguf)
        .with(Placeholder::Name, given.name())
        .with(Placeholder::Value, workload.quantization.label());
    lines.push(LaunchLine::told(format!("FROM {}", from(&one_line(&given.gguf()))), file));
    let mut parameter = |name: &str, value: u64, why: Phrase| {
        lines.push(LaunchLine::told(format!("PARAMETER {name} {value}"), why));
    };
    let context = Phrase::new(Key::ToldContext).with(Placeholder::Context, workload.context);
    parameter("num_ctx", workload.context, context);
    let on_gpu = if given.estimate.devices.is_empty() { 0 } else { given.estimate.gpu_layers() };
    parameter("num_gpu", u64::from(on_gpu), layers(given, on_gpu));
    if workload.ubatch != BATCH {
        parameter("num_batch", u64::from(workload.ubatch), counted(Key::ToldUbatch, workload.ubatch));
    }
    lines
}

/// A file beside the Modelfile is told from a name of the library by its path.
fn from(file: &str) -> String {
    if file.contains(['/', '\\']) { file.to_owned() } else { format!("./{file}") }
}
