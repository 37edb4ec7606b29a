//! What is unwise or assumed of a model under llama.cpp.

use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::catalog::runtime::Backend;
use crate::estimate::Warning;
use crate::estimate::device::Device;
use crate::estimate::limits::most_devices;
use crate::plan::{ModelChoice, Runtime, SplitMode, Workload};

/// What is unwise or assumed of a model on these devices.
pub(super) fn warnings(
    workload: &Workload,
    model: &Model,
    quantization: Quantization,
    devices: &[Device<'_>],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(trained) =
        model.max_position_embeddings.filter(|trained| workload.context > *trained && !workload.unified_kv)
    {
        warnings.push(Warning::ContextAboveTrained { trained });
    }
    if matches!(workload.model, ModelChoice::Size(_)) {
        warnings.push(Warning::TypicalShape);
    }
    warnings.extend(Warning::of_architecture(model));
    if quantization.needs_importance_matrix() {
        warnings.push(Warning::ImportanceMatrix);
    }
    // `ggml_cuda_fattn_kv_type_supported` in fattn.cu of llama.cpp 0c1e57098.
    let unread = workload.kv_cache.k == KvPrecision::iq4_nl || workload.kv_cache.v == KvPrecision::iq4_nl;
    let library = |device: &Device<'_>| matches!(device.backend, Backend::Cuda | Backend::Rocm);
    if workload.flash_attention && unread && devices.iter().any(library) {
        warnings.push(Warning::NoFlashKernel);
    }
    if model.keeps_published_experts() && quantization != Quantization::MXFP4_MOE {
        warnings.push(Warning::PublishedExperts);
    }
    if workload.split_mode == SplitMode::Tensor && devices.len() > 1 {
        warnings.push(Warning::ExperimentalSplit);
    }
    let most = most_devices(Runtime::LlamaCpp);
    if devices.len() > most {
        warnings.push(Warning::ManyDevices { most });
    }
    if devices.windows(2).any(|pair| pair[0].backend != pair[1].backend) {
        warnings.push(Warning::SeveralBackends);
    }
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    if devices.iter().any(|device| device.overhead_is_own) {
        warnings.push(Warning::OwnOverhead);
    }
    warnings
}
