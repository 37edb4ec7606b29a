//! A training file for LLaMA-Factory.
//!
//! Keys: `src/llamafactory/hparams` and `examples` of hiyouga/LLaMA-Factory; those of the trainer: Hugging Face's
//! `TrainingArguments`.

use super::deepspeed;
use super::given::Given;
use super::line::LaunchLine;
use super::settings::{Setting, yaml};
use super::words::{checkpoint, counted, told, valued};
use super::{LaunchTool, training};
use crate::plan::{
    BaseQuant, LoraTargets, LossMethod, Optimizer, Plan, Precision, Sharding, Task, Training, TrainingAttention,
};
use crate::text::Key;

/// Whether it can be told all that the plan says.
pub(super) fn runs(plan: &Plan) -> bool {
    let training = &plan.workload.training;
    let held = training.precision != Precision::Bf16Master || deepspeed::runs(plan);
    let plain = !training.offload_checkpoints && !training.selective_checkpointing && training.reentrant_checkpointing;
    // It quantizes while it loads, and leaves experts to the library.
    let base = training.quantized_base(plan.workload.task);
    let loads = base != Some(BaseQuant::Gptq) && !(base.is_some() && training.quantized_experts);
    let attends = training.attention != TrainingAttention::FusedSoftmax;
    training::alone(plan) && plain && loads && attends && held && training.loss != LossMethod::Chunked
}

/// The file for a plan.
pub(super) fn lines(given: &Given<'_>) -> Vec<LaunchLine> {
    let training = given.training();
    let weights = given.base();
    let mut settings = vec![
        Setting::of("model_name_or_path", weights.path(), checkpoint(given, &weights)),
        Setting::of("stage", "sft", told(Key::ToldSft)),
        Setting::of("do_train", true, told(Key::ToldTrains)),
    ];
    settings.extend(method(given));
    settings.extend([
        Setting::of("dataset", "your_data_set", told(Key::ToldDataset)),
        Setting::of("template", "default", told(Key::ToldTemplate)),
        Setting::of("cutoff_len", training.sequence_length, counted(Key::ToldCutoff, training.sequence_length)),
        Setting::of(
            "per_device_train_batch_size",
            training.micro_batch,
            counted(Key::ToldMicroBatch, training.micro_batch),
        ),
        Setting::of(
            "gradient_accumulation_steps",
            training.gradient_accumulation,
            counted(Key::ToldAccumulation, training.gradient_accumulation),
        ),
        Setting::of("num_train_epochs", training.epochs, counted(Key::ToldEpochs, training.epochs)),
    ]);
    settings.extend(optimizer(training));
    settings.extend(numbers(given));
    settings.extend(memory(given));
    settings.extend([
        Setting::of(
            "dataloader_num_workers",
            training.loader_workers,
            counted(Key::ToldWorkers, training.loader_workers),
        ),
        Setting::of("save_total_limit", training.checkpoints_kept, counted(Key::ToldKept, training.checkpoints_kept)),
        Setting::of("output_dir", "saves/rigplan", told(Key::ToldOutput)),
    ]);
    yaml(&settings)
}

/// What is trained.
fn method(given: &Given<'_>) -> Vec<Setting> {
    let (task, training) = (given.workload().task, given.training());
    if task == Task::Full {
        return vec![Setting::of("finetuning_type", "full", told(Key::ToldFull))];
    }
    let targets = match training.lora_targets {
        LoraTargets::AllLinear => "all",
        LoraTargets::Attention => "q_proj,k_proj,v_proj,o_proj",
        LoraTargets::QueryValue => "q_proj,v_proj",
    };
    let mut settings = vec![
        Setting::of("finetuning_type", "lora", told(Key::ToldLora)),
        Setting::of("lora_rank", training.lora_rank, counted(Key::ToldRank, training.lora_rank)),
        Setting::of("lora_target", targets, told(Key::ToldTargets)),
    ];
    if training.dropout {
        settings.push(Setting::of("lora_dropout", 0.05, told(Key::ToldDropout)));
    }
    match training.quantized_base(task) {
        Some(BaseQuant::Nf4) => {
            settings.push(Setting::of("quantization_bit", 4, told(Key::ToldLoads4)));
            settings.push(Setting::of("double_quantization", training.double_quantization, told(Key::ToldDouble)));
        }
        Some(BaseQuant::Int8) => settings.push(Setting::of("quantization_bit", 8, told(Key::ToldLoads8))),
        Some(BaseQuant::Gptq) | None => {}
    }
    settings
}

fn optimizer(training: &Training) -> Vec<Setting> {
    let (name, arguments) = match training.optimizer {
        Optimizer::AdamW => ("adamw_torch_fused", None),
        Optimizer::AdamWForeach | Optimizer::Muon | Optimizer::GaLore => ("adamw_torch", None),
        Optimizer::AdamW8bit => ("adamw_8bit", None),
        Optimizer::PagedAdamW8bit => ("paged_adamw_8bit", None),
        Optimizer::Adafactor => ("adafactor", None),
        Optimizer::Sgd => ("sgd", None),
        Optimizer::SgdMomentum => ("sgd", Some("momentum=0.9")),
    };
    let shown = match training.optimizer {
        Optimizer::Muon => "Muon",
        Optimizer::GaLore => "GaLore",
        _ => name,
    };
    let why = || valued(Key::ToldOptimizer, shown);
    let mut settings = vec![Setting::of("optim", name, why())];
    settings.extend(arguments.map(|arguments| Setting::of("optim_args", arguments, why())));
    match training.optimizer {
        Optimizer::Muon => settings.push(Setting::of("use_muon", true, why())),
        Optimizer::GaLore => settings.extend([
            Setting::of("use_galore", true, why()),
            Setting::of("galore_target", "all", why()),
            Setting::of("galore_rank", training.galore_rank, why()),
        ]),
        _ => {}
    }
    settings
}

/// In what weights, gradients and states are kept.
fn numbers(given: &Given<'_>) -> Option<Setting> {
    match given.training().precision {
        Precision::Bf16 => Some(Setting::of("pure_bf16", true, told(Key::ToldPureBf16))),
        Precision::Amp | Precision::Bf16Master => Some(Setting::of("bf16", true, told(Key::ToldMixed))),
        Precision::Fp32 => None,
    }
}

/// What trades memory for time, and who shares it out.
fn memory(given: &Given<'_>) -> Vec<Setting> {
    let training = given.training();
    let kept = if training.checkpointing { Key::ToldCheckpointing } else { Key::ToldNoCheckpointing };
    let (attention, why) = match training.attention {
        TrainingAttention::Flash => ("sdpa", Key::ToldFlashOn),
        _ => ("disabled", Key::ToldFlashOff),
    };
    let mut settings = vec![
        Setting::of("disable_gradient_checkpointing", !training.checkpointing, told(kept)),
        Setting::of("flash_attn", attention, told(why)),
    ];
    if training.loss == LossMethod::Fused {
        settings.push(Setting::of("enable_liger_kernel", true, told(Key::ToldLiger)));
    }
    if training.sharding == Sharding::DeepSpeed && deepspeed::runs(given.plan) {
        let file = LaunchTool::DeepSpeed.file_name().unwrap_or_default();
        settings.push(Setting::of("deepspeed", file, told(Key::ToldDeepSpeedFile)));
    }
    settings
}
