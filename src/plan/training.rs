//! What a training run is told.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

use super::Task;

/// One training run: the shape of a step, what is trained, and how the cards share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "switches of trainers, each on its own")]
pub struct Training {
    /// Tokens of one sequence, padding or packing counted.
    pub sequence_length: u64,
    /// Sequences that one card runs at once.
    pub micro_batch: u32,
    /// Micro-batches whose gradients are added up before one optimizer step.
    pub gradient_accumulation: u32,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// Rank that `GaLore` projects gradients to.
    pub galore_rank: u32,
    /// In what weights, gradients and optimizer states are kept.
    pub precision: Precision,
    /// Layers keep their input only and are run again for the backward pass (gradient checkpointing).
    pub checkpointing: bool,
    /// They are run again by a backward pass of their own, as Transformers 4 does by default; FSDP then keeps the inputs of
    /// layers and their gradients until backward is over.
    pub reentrant_checkpointing: bool,
    /// Without that, attention's scores alone are calculated again (selective recomputation, Megatron-LM).
    pub selective_checkpointing: bool,
    /// Whether attention keeps its scores.
    pub attention: TrainingAttention,
    /// Rank of the adapters.
    pub lora_rank: u32,
    /// Which matrices have adapters.
    pub lora_targets: LoraTargets,
    /// What the frozen base is quantized to; none = as the task has it: 16 bits beside `LoRA`, nf4 beside `QLoRA`.
    pub base_quant: Option<BaseQuant>,
    /// Routed experts are quantized like other linear layers (Transformers 4, Unsloth, Axolotl's `quantize_moe_experts`);
    /// bitsandbytes leaves the fused experts of Transformers 5 as they are.
    pub quantized_experts: bool,
    /// The block scales of nf4 are quantized as well.
    pub double_quantization: bool,
    /// Dropout is above zero: of the adapters, or without adapters of attention and (in GPT blocks) of what it and the MLP
    /// add.
    pub dropout: bool,
    /// Sequences of a batch are padded, so attention is given a mask.
    pub padding_mask: bool,
    /// How logits and loss are calculated.
    pub loss: LossMethod,
    /// Memory is asked of the card in pages of one segment that grows (`PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True`).
    pub expandable_segments: bool,
    /// Checkpoints wait in RAM (Unsloth, Axolotl).
    pub offload_checkpoints: bool,
    /// What data-parallel cards share out: 0 nothing, 1 optimizer states, 2 gradients too, 3 weights too.
    pub zero_stage: u8,
    /// Who shares them out.
    pub sharding: Sharding,
    /// What lies outside the cards between uses.
    pub offload: Offload,
    /// Stages of a pipeline; server engines split the layers over as many, too.
    pub pipeline_parallel: u32,
    /// Copies of the model that run different sequences; as many as there are cards for where none is given.
    pub data_parallel: Option<u32>,
    /// What tensor parallelism leaves whole is cut along the sequence.
    pub sequence_parallel: bool,
    /// Tokens of the data set, for hours and energy.
    pub dataset_tokens: u64,
    /// How often it is gone through.
    pub epochs: u32,
    /// The data set is held in RAM; streamed or mapped otherwise.
    pub dataset_in_ram: bool,
    /// Processes beside each card's that prepare batches.
    pub loader_workers: u32,
    /// Checkpoints of the run that stay on the disk.
    pub checkpoints_kept: u32,
}

impl Default for Training {
    fn default() -> Self {
        Self {
            sequence_length: 4096,
            micro_batch: 1,
            gradient_accumulation: 1,
            optimizer: Optimizer::default(),
            galore_rank: 128,
            precision: Precision::default(),
            checkpointing: true,
            reentrant_checkpointing: true,
            selective_checkpointing: false,
            attention: TrainingAttention::default(),
            lora_rank: 16,
            lora_targets: LoraTargets::default(),
            base_quant: None,
            quantized_experts: false,
            double_quantization: true,
            dropout: false,
            padding_mask: false,
            loss: LossMethod::default(),
            expandable_segments: false,
            offload_checkpoints: false,
            zero_stage: 0,
            sharding: Sharding::default(),
            offload: Offload::default(),
            pipeline_parallel: 1,
            data_parallel: None,
            sequence_parallel: false,
            dataset_tokens: 10_000_000,
            epochs: 1,
            dataset_in_ram: false,
            loader_workers: 0,
            checkpoints_kept: 2,
        }
    }
}

impl Training {
    /// What the frozen base lies on the cards in; `None` where it is not quantized.
    pub const fn quantized_base(&self, task: Task) -> Option<BaseQuant> {
        match (task, self.base_quant) {
            (Task::Serve | Task::Full, _) => None,
            (Task::Qlora, None) => Some(BaseQuant::Nf4),
            (Task::Lora | Task::Qlora, chosen) => chosen,
        }
    }

    /// Tokens that one copy of the model goes through before an optimizer step.
    pub fn tokens_of_micro_batches(&self) -> u64 {
        let sequences = u64::from(self.micro_batch) * u64::from(self.gradient_accumulation);
        self.sequence_length.saturating_mul(sequences)
    }
}

/// An optimizer, as `PyTorch` and bitsandbytes run it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Optimizer {
    /// `AdamW` in one kernel.
    #[default]
    #[strum(serialize = "adamw")]
    AdamW,
    /// `AdamW` tensor list by tensor list: as much again as the trained weights for a moment.
    #[strum(serialize = "adamw_foreach")]
    AdamWForeach,
    /// `AdamW` with states in 8 bits.
    #[strum(serialize = "adamw_8bit")]
    AdamW8bit,
    /// The same in memory that moves to RAM when the card is full.
    #[strum(serialize = "paged_adamw_8bit")]
    PagedAdamW8bit,
    /// A second moment by rows and columns, no first.
    Adafactor,
    /// A momentum for each matrix of the layers, `AdamW` for the rest.
    Muon,
    /// `AdamW` over gradients that are projected to a low rank.
    #[strum(serialize = "galore")]
    GaLore,
    /// Plain gradient descent.
    Sgd,
    /// Gradient descent with momentum.
    SgdMomentum,
}

/// In what weights, gradients and optimizer states are kept.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Precision {
    /// All in BF16.
    #[default]
    Bf16,
    /// BF16 with a master copy and optimizer states in FP32.
    Bf16Master,
    /// What is trained in FP32, run in BF16 by autocast.
    Amp,
    /// All in FP32.
    Fp32,
}

/// Whether attention keeps its scores.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum TrainingAttention {
    /// It does not (`flash_attention_2`, `sdpa`).
    #[default]
    Flash,
    /// It does, several times over and partly in FP32 (Transformers).
    Eager,
    /// It does, once and in 16 bits (Megatron-LM's fused softmax).
    FusedSoftmax,
}

/// What a frozen base is quantized to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum BaseQuant {
    /// bitsandbytes' 4 bits in blocks of 64.
    Nf4,
    /// bitsandbytes' 8 bits with a scale for each row (`load_in_8bit`).
    Int8,
    /// A checkpoint in 4 bits by groups of 128 (GPTQ).
    Gptq,
}

/// Which matrices have adapters.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum LoraTargets {
    /// Every linear layer but the output matrix.
    #[default]
    #[strum(serialize = "all-linear")]
    AllLinear,
    /// Those of attention.
    Attention,
    /// Queries and values.
    #[strum(serialize = "qv")]
    QueryValue,
}

/// How logits and loss are calculated.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum LossMethod {
    /// All logits at once, kept by the trainer until the step is over.
    #[default]
    Standard,
    /// All logits at once, dropped after the loss.
    WithoutOutputs,
    /// Output matrix and loss together, a few tokens at a time (Liger).
    Fused,
    /// The same in eight chunks (torchtune).
    Chunked,
}

/// Who shares out states, gradients and weights.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Sharding {
    /// `DeepSpeed`'s `ZeRO`.
    #[default]
    DeepSpeed,
    /// `PyTorch`'s FSDP.
    Fsdp,
}

/// What lies outside the cards between uses.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Offload {
    /// Nothing.
    #[default]
    None,
    /// Optimizer states, in RAM.
    Optimizer,
    /// Optimizer states and weights, in RAM.
    Parameters,
    /// Optimizer states and weights, on an `NVMe` disk.
    Nvme,
}
