//! `DeepSpeed`'s configuration: which cards keep what.
//!
//! Keys: docs/_pages/config-json.md of deepspeedai/DeepSpeed.

use super::given::Given;
use super::line::LaunchLine;
use super::settings::{Setting, json};
use super::training;
use super::words::{counted, told};
use crate::plan::{Offload, Plan, Precision, Sharding};
use crate::text::Key;

/// Whether the plan shares anything out by `ZeRO`.
pub(super) fn runs(plan: &Plan) -> bool {
    let training = &plan.workload.training;
    training::alone(plan) && training.sharding == Sharding::DeepSpeed && training.zero_stage > 0
}

/// The file for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let training = given.training();
    let mut settings = vec![
        Setting::of(
            "train_micro_batch_size_per_gpu",
            training.micro_batch,
            counted(Key::ToldMicroBatch, training.micro_batch),
        ),
        Setting::of(
            "gradient_accumulation_steps",
            training.gradient_accumulation,
            counted(Key::ToldAccumulation, training.gradient_accumulation),
        ),
    ];
    settings.extend(numbers(training.precision));
    settings.push(Setting::group("zero_optimization", zero(given), told(Key::ToldZeroGroup)));
    json(&settings)
}

fn numbers(precision: Precision) -> Option<Setting> {
    let on = |why| Setting::of("enabled", true, told(why));
    match precision {
        Precision::Bf16 => {
            let held = |key| Setting::of(key, true, told(Key::ToldPureBf16));
            let settings =
                vec![on(Key::ToldPureBf16), held("bf16_master_weights_and_grads"), held("bf16_optimizer_states")];
            Some(Setting::group("bf16", settings, told(Key::ToldPureBf16)))
        }
        Precision::Bf16Master => Some(Setting::group("bf16", vec![on(Key::ToldMaster)], told(Key::ToldMaster))),
        Precision::Amp => {
            let settings = vec![on(Key::ToldMixed), Setting::of("dtype", "bfloat16", told(Key::ToldMixed))];
            Some(Setting::group("torch_autocast", settings, told(Key::ToldMixed)))
        }
        Precision::Fp32 => None,
    }
}

fn zero(given: &Given<'_>) -> Vec<Setting> {
    let training = given.training();
    let stage = match training.zero_stage {
        1 => Key::ToldZero1,
        2 => Key::ToldZero2,
        _ => Key::ToldZero3,
    };
    let mut settings = vec![Setting::of("stage", training.zero_stage, told(stage))];
    let device = match training.offload {
        Offload::None => return settings,
        Offload::Optimizer | Offload::Parameters => "cpu",
        Offload::Nvme => "nvme",
    };
    let place = |why: Key| {
        let mut settings = vec![Setting::of("device", device, told(why))];
        if training.offload == Offload::Nvme {
            settings.push(Setting::of("nvme_path", "/local_nvme", told(Key::ToldNvmePath)));
        }
        settings
    };
    let (states, weights) = match training.offload {
        Offload::Nvme => (Key::ToldNvmeStates, Key::ToldNvmeWeights),
        _ => (Key::ToldOffloadStates, Key::ToldOffloadWeights),
    };
    settings.push(Setting::group("offload_optimizer", place(states), told(states)));
    if training.offload != Offload::Optimizer {
        settings.push(Setting::group("offload_param", place(weights), told(weights)));
    }
    settings
}
