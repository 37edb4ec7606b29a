//! A configuration for `accelerate launch`: one process a card, and how they share the model (FSDP, `DeepSpeed`, or whole
//! copies).
//!
//! Keys: `examples/config_yaml_templates` of huggingface/accelerate.

use super::given::Given;
use super::line::LaunchLine;
use super::settings::{Setting, yaml};
use super::words::{counted, told};
use super::{LaunchTool, deepspeed, training};
use crate::plan::{Offload, Plan, Precision, Sharding};
use crate::text::Key;

/// Whether it can be told all that the plan says: FSDP shares gradients and weights, not optimizer states alone, and moves
/// all of them to RAM or nothing.
pub(super) fn runs(plan: &Plan) -> bool {
    let training = &plan.workload.training;
    let shares = match training.sharding {
        _ if training.zero_stage == 0 => training.offload == Offload::None,
        Sharding::DeepSpeed => deepspeed::runs(plan),
        Sharding::Fsdp => training.zero_stage > 1 && matches!(training.offload, Offload::None | Offload::Parameters),
    };
    training::alone(plan) && shares
}

/// The file for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let training = given.training();
    let cards = training.data_parallel.unwrap_or_else(|| given.cards()).max(1);
    let (kind, why) = match training.sharding {
        _ if training.zero_stage == 0 && cards == 1 => ("NO", Key::ToldOneProcess),
        _ if training.zero_stage == 0 => ("MULTI_GPU", Key::ToldCopies),
        Sharding::DeepSpeed => ("DEEPSPEED", Key::ToldDeepSpeedFile),
        Sharding::Fsdp => ("FSDP", Key::ToldFsdp),
    };
    let mixed = match training.precision {
        Precision::Amp | Precision::Bf16Master => ("bf16", Key::ToldMixed),
        Precision::Bf16 => ("no", Key::ToldPureBf16),
        Precision::Fp32 => ("no", Key::ToldFp32),
    };
    let mut settings = vec![
        Setting::of("compute_environment", "LOCAL_MACHINE", told(Key::ToldOneMachine)),
        Setting::of("distributed_type", kind, told(why)),
        Setting::of("num_machines", 1, told(Key::ToldOneMachine)),
        Setting::of("num_processes", cards, counted(Key::ToldProcesses, cards)),
    ];
    // DeepSpeed's own file says it; twice is refused.
    if kind != "DEEPSPEED" {
        settings.push(Setting::of("mixed_precision", mixed.0, told(mixed.1)));
    }
    settings.extend(match kind {
        "DEEPSPEED" => Some(by_deepspeed(training.zero_stage)),
        "FSDP" => Some(fsdp(given)),
        _ => None,
    });
    yaml(&settings)
}

fn by_deepspeed(stage: u8) -> Setting {
    let file = LaunchTool::DeepSpeed.file_name().unwrap_or_default();
    let settings = vec![
        Setting::of("deepspeed_config_file", file, told(Key::ToldDeepSpeedFile)),
        Setting::of("zero3_init_flag", stage == 3, told(Key::ToldInit)),
    ];
    Setting::group("deepspeed_config", settings, told(Key::ToldZeroGroup))
}

fn fsdp(given: &Given<'_>) -> Setting {
    let training = given.training();
    let (strategy, why) =
        if training.zero_stage == 3 { ("FULL_SHARD", Key::ToldZero3) } else { ("SHARD_GRAD_OP", Key::ToldZero2) };
    let kept = if training.checkpointing { Key::ToldCheckpointing } else { Key::ToldNoCheckpointing };
    let offloads = training.offload == Offload::Parameters;
    let moved = if offloads { Key::ToldOffloadWeights } else { Key::ToldNoOffload };
    let settings = vec![
        Setting::of("fsdp_sharding_strategy", strategy, told(why)),
        Setting::of("fsdp_auto_wrap_policy", "TRANSFORMER_BASED_WRAP", told(Key::ToldWrap)),
        Setting::of("fsdp_activation_checkpointing", training.checkpointing, told(kept)),
        Setting::of("fsdp_offload_params", offloads, told(moved)),
        Setting::of("fsdp_cpu_ram_efficient_loading", true, told(Key::ToldInit)),
        Setting::of("fsdp_sync_module_states", true, told(Key::ToldInit)),
        Setting::of("fsdp_state_dict_type", "SHARDED_STATE_DICT", told(Key::ToldStateDict)),
        Setting::of("fsdp_use_orig_params", true, told(Key::ToldOrigParams)),
    ];
    Setting::group("fsdp_config", settings, told(Key::ToldFsdp))
}
