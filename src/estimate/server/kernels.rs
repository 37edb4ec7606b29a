//! Which cards run a format, natively or by unpacking it first.

use crate::catalog::card::Card;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::estimate::device::Device;
use crate::estimate::{Refusal, Warning};
use crate::plan::{Plan, Runtime};

/// The least compute capabilities, as tenths (vLLM 0.33.0, `get_min_capability` of each method): engines at all, BF16,
/// 8-bit and 4-bit kernels that unpack to 16 bits, FP8 and FP4 on the matrix units.
const ENGINE: u32 = 70;
const BF16: u32 = 80;
const INT8: u32 = 75;
const UNPACKED: u32 = 75;
const UNPACKED_FLOAT: u32 = 80;
const FP8: u32 = 89;
const FP4: u32 = 100;

/// Whether the machine's cards run `plan`'s format: a refusal where the engine refuses, a warning where it unpacks.
///
/// # Errors
/// Where no kernel exists for one of the cards.
pub(super) fn check(
    plan: &Plan,
    devices: &[Device<'_>],
    quantization: Quantization,
) -> Result<Option<Warning>, Refusal> {
    if devices.is_empty() {
        return if plan.workload.runtime == Runtime::Transformers { Ok(None) } else { Err(Refusal::ServerOnCpu) };
    }
    if plan.workload.runtime == Runtime::Transformers {
        // Weights in other formats are unpacked layer by layer; every backend of PyTorch does for the rest.
        return Ok(None);
    }
    let mut warning = None;
    // Cards of one kind follow each other; those that the engine is not given are none of its devices.
    for device in devices.chunk_by(|one, next| one.card == next.card).filter_map(<[_]>::first) {
        let capability = device.entry.and_then(|card| card.compute_capability.as_deref());
        let found = match device.backend {
            Backend::Cuda => cuda(quantization, capability.and_then(tenths)),
            Backend::Rocm => rocm(quantization, capability),
            Backend::Sycl if plan.workload.runtime == Runtime::Vllm => Ok(None),
            _ => Err(Refusal::ServerBackend),
        };
        warning = warning.or(found?);
    }
    Ok(warning)
}

/// How many times faster than in 16 bits `card` multiplies weights of this format, because it calculates in the format
/// itself. 1 where they are unpacked to 16 bits, and where a rate is not known.
pub(super) fn gain(card: &Card, backend: Backend, quantization: Quantization) -> f64 {
    use Quantization as Q;
    let capability = card.compute_capability.as_deref();
    let found = match backend {
        Backend::Cuda => cuda(quantization, capability.and_then(tenths)),
        Backend::Rocm => rocm(quantization, capability),
        _ => return 1.0,
    };
    let rate = match quantization {
        // Weights in MXFP4 meet activations in FP8.
        Q::fp8 | Q::mxfp4 => card.rates.fp8,
        Q::int8 => card.rates.int8,
        Q::nvfp4 => card.rates.fp4,
        Q::fp32 => card.rates.fp32,
        _ => None,
    };
    let native = rate.zip(card.rates.fp16).filter(|_| matches!(found, Ok(None)));
    native.map_or(1.0, |(rate, half)| if quantization == Q::fp32 { rate / half } else { (rate / half).max(1.0) })
}

/// NVIDIA, by compute capability; an unknown one is taken to run it.
fn cuda(quantization: Quantization, capability: Option<u32>) -> Result<Option<Warning>, Refusal> {
    use Quantization as Q;
    let Some(capability) = capability else { return Ok(None) };
    if capability < ENGINE {
        return Err(Refusal::OldCard);
    }
    let (least, native) = match quantization {
        Q::bf16 => (BF16, BF16),
        Q::fp8 => (UNPACKED, FP8),
        Q::int8 => (INT8, INT8),
        Q::mxfp4 | Q::nvfp4 => (UNPACKED_FLOAT, FP4),
        // Weights in 4-bit whole numbers are unpacked on every card, which is what their kernels are made for.
        Q::int4 | Q::awq | Q::gptq => (UNPACKED, UNPACKED),
        _ => (ENGINE, ENGINE),
    };
    match capability {
        _ if capability < least && quantization == Q::bf16 => Err(Refusal::NoBfloat16),
        _ if capability < least => Err(Refusal::FormatUnsupported),
        _ if capability < native => Ok(Some(Warning::UnpackedFormat)),
        _ => Ok(None),
    }
}

/// AMD, by instruction set: FP8 since MI300 and RDNA 4, FP4 since MI355; NVFP4 has no kernels.
fn rocm(quantization: Quantization, set: Option<&str>) -> Result<Option<Warning>, Refusal> {
    use Quantization as Q;
    let any_of = |names: &[&str]| set.is_none_or(|set| names.iter().any(|name| set.starts_with(name)));
    match quantization {
        Q::nvfp4 => Err(Refusal::FormatUnsupported),
        Q::fp8 if !any_of(&["gfx94", "gfx95", "gfx12"]) => Ok(Some(Warning::UnpackedFormat)),
        Q::mxfp4 if !any_of(&["gfx95"]) => Ok(Some(Warning::UnpackedFormat)),
        _ => Ok(None),
    }
}

/// A compute capability as tenths.
pub(super) fn tenths(capability: &str) -> Option<u32> {
    let (major, minor) = capability.split_once('.')?;
    Some(10 * major.parse::<u32>().ok()? + minor.parse::<u32>().ok()?)
}
