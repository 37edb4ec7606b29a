//! The words of llama-bench: file types, compute libraries, tests, counts.

use super::BenchProblem;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::Timed;

/// The file type that ends a model's description, such as `Q4_K - Medium` (`llama_model_ftype_name`).
pub(super) fn quantization(model: &str) -> Option<Quantization> {
    if model.contains("MXFP4") {
        return Some(Quantization::MXFP4_MOE);
    }
    let is_type = |word: &&str| {
        ["Q", "IQ", "F16", "F32", "BF16", "TQ"].iter().any(|start| word.starts_with(start))
            && word.chars().any(|c| c.is_ascii_digit())
    };
    let at = model.split(' ').position(|word| is_type(&word))?;
    let mut words = model.split(' ').skip(at);
    let name = words.next()?;
    let size = match words.nth(1) {
        Some("Small") => "_S",
        Some("Medium") => "_M",
        Some("Large") => "_L",
        _ => "",
    };
    // A K type without a size is Q2_K or Q6_K, whose name has none.
    format!("{name}{size}").parse().ok()
}

/// The first compute library of a list such as `CUDA,BLAS`.
pub(super) fn backend(names: &str) -> Option<Backend> {
    names.split(',').find_map(|name| match name.trim().to_ascii_lowercase().as_str() {
        "cuda" => Some(Backend::Cuda),
        "rocm" | "hip" => Some(Backend::Rocm),
        "vulkan" => Some(Backend::Vulkan),
        "metal" | "mtl" => Some(Backend::Metal),
        "sycl" => Some(Backend::Sycl),
        "cpu" => Some(Backend::Cpu),
        _ => None,
    })
}

/// A test such as `pp512`, `tg 128` or `tg128 @ d4096`: what, tokens, depth. `Ok(None)` = both at once.
pub(super) fn test(text: &str) -> Result<Option<(Timed, u64, u64)>, BenchProblem> {
    if text.contains('+') {
        return Ok(None);
    }
    let unknown = || BenchProblem::Test(text.to_owned());
    let (what, depth) = match text.split_once('@') {
        Some((what, depth)) => {
            let depth = depth.trim().strip_prefix('d').and_then(|depth| depth.parse().ok()).ok_or_else(unknown)?;
            (what.trim(), depth)
        }
        None => (text.trim(), 0),
    };
    let (test, tokens) = match (what.strip_prefix("pp"), what.strip_prefix("tg")) {
        (Some(tokens), _) => (Timed::Prefill, tokens),
        (_, Some(tokens)) => (Timed::Decode, tokens),
        _ => return Err(unknown()),
    };
    let tokens: u64 = tokens.trim().parse().ok().ok_or_else(unknown)?;
    if tokens == 0 { Err(unknown()) } else { Ok(Some((test, tokens, depth))) }
}

/// A rate such as `123.45 ± 0.67`.
pub(super) fn rate(text: &str) -> Option<f64> {
    let value = text.split(['±', '+']).next()?.trim().parse::<f64>().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}

/// Parameters such as `8.03 B` or `494.03 M`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub(super) fn parameters(text: &str) -> Option<u64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let unit = match unit.trim() {
        "K" => 1e3,
        "M" => 1e6,
        "B" => 1e9,
        "T" => 1e12,
        _ => return None,
    };
    let value = number.parse::<f64>().ok()? * unit;
    (value > 0.0).then_some(value as u64)
}
