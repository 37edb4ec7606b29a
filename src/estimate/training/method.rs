//! What a block of the law table holds for, and what a run does beside it: attention's scores kept otherwise, a padding mask,
//! dropout.
//!
//! Dropout keeps one byte for each element that it passes (CUDA's fused dropout). Those of adapters and of GPT blocks were traced
//! like the table (torch 2.15.0, transformers 5.23.0, peft 0.21.2); where adapters share their input in the type it has,
//! dropout also gives each a copy of its own. Scores kept in 16 bits and selective recomputation: Korthikanti et al.
//! (arXiv:2205.05198), sections 4.1 and 5. Padding: scaled dot-product attention repeats keys and values to all heads, and
//! each layer keeps its own copy of the mask.

use strum::{IntoStaticStr, VariantArray};

use super::dim::Dim;
use super::family::Family;
use super::form::FormTerm;
use crate::plan::{self, BaseQuant, Precision, Task, Training, TrainingAttention};

/// How a model is trained, as far as it decides what lies on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TrainingMethod {
    pub(super) trained: Trained,
    pub(super) numbers: Numbers,
    pub(super) scores: Scores,
    pub(super) keeps: Keeps,
    pub(super) loss: LossKernel,
    padding: bool,
    dropout: bool,
}

/// What is trained; names as in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Trained {
    Full,
    Lora,
    Qlora,
}

/// What weights, gradients and activations are kept in; names as in the table. A master copy is touched by the optimizer only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Numbers {
    Bf16,
    Amp,
    Fp32,
}

/// Whether attention keeps its scores; names as in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Scores {
    #[strum(serialize = "flash")]
    Never,
    #[strum(serialize = "eager")]
    Several,
    /// Once and in 16 bits: beside the flash kernel's rows.
    #[strum(serialize = "flash")]
    Once,
}

/// What layers keep from forward to backward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub(super) enum Keeps {
    /// Everything that backward reads.
    All,
    /// All but attention's scores.
    AllButScores,
    Input,
}

/// How logits and loss are calculated; names as in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum LossKernel {
    Standard,
    WithoutOutputs,
    Fused,
    Chunked,
}

impl TrainingMethod {
    pub(super) const fn of(task: Task, training: &Training) -> Self {
        let keeps = match (training.checkpointing, training.selective_checkpointing) {
            (true, _) => Keeps::Input,
            (false, true) if keeps_scores(training.attention) => Keeps::AllButScores,
            (false, _) => Keeps::All,
        };
        Self {
            trained: match (task, training.quantized_base(task)) {
                (Task::Serve | Task::Full, _) => Trained::Full,
                // bitsandbytes' bases are prepared alike; one of GPTQ runs as if it were not quantized.
                (_, Some(BaseQuant::Nf4 | BaseQuant::Int8)) => Trained::Qlora,
                (_, Some(BaseQuant::Gptq) | None) => Trained::Lora,
            },
            numbers: match training.precision {
                Precision::Bf16 | Precision::Bf16Master => Numbers::Bf16,
                Precision::Amp => Numbers::Amp,
                Precision::Fp32 => Numbers::Fp32,
            },
            scores: match training.attention {
                TrainingAttention::Flash => Scores::Never,
                TrainingAttention::Eager => Scores::Several,
                TrainingAttention::FusedSoftmax => Scores::Once,
            },
            keeps,
            loss: match training.loss {
                plan::LossMethod::Standard => LossKernel::Standard,
                plan::LossMethod::WithoutOutputs => LossKernel::WithoutOutputs,
                plan::LossMethod::Fused => LossKernel::Fused,
                plan::LossMethod::Chunked => LossKernel::Chunked,
            },
            padding: training.padding_mask && matches!(training.attention, TrainingAttention::Flash),
            dropout: training.dropout,
        }
    }

    pub(super) fn all() -> impl Iterator<Item = Self> {
        Trained::VARIANTS
            .iter()
            .flat_map(|trained| Numbers::VARIANTS.iter().map(move |numbers| (*trained, *numbers)))
            .flat_map(|(trained, numbers)| {
                Scores::VARIANTS.iter().flat_map(move |scores| {
                    Keeps::VARIANTS.iter().flat_map(move |keeps| {
                        LossKernel::VARIANTS.iter().flat_map(move |loss| {
                            [(false, false), (false, true), (true, false), (true, true)].map(|(padding, dropout)| {
                                Self { trained, numbers, scores: *scores, keeps: *keeps, loss: *loss, padding, dropout }
                            })
                        })
                    })
                })
            })
    }

    /// Bytes of what runs.
    const fn width(self) -> f64 {
        if matches!(self.numbers, Numbers::Fp32) { 4.0 } else { 2.0 }
    }

    /// What a layer keeps beside the table's line where it keeps everything.
    pub(super) fn besides(self, family: Family) -> Vec<FormTerm> {
        use Dim::{HiddenSize, KeyWidth, MlpWidth, QueryWidth, SequenceLength, Tokens};
        let mut terms = Vec::new();
        let width = self.width();
        if self.padding {
            terms.push(FormTerm::new(2.0 * width, [Tokens, QueryWidth]));
            terms.push(FormTerm::new(-2.0 * width, [Tokens, KeyWidth]));
            terms.push(FormTerm::new(width, [Tokens, SequenceLength]));
        }
        if self.scores == Scores::Once {
            terms.push(FormTerm::new(-4.0, [Tokens, Dim::Heads]));
            terms.push(scores(width));
        }
        if !self.dropout {
            return terms;
        }
        if self.trained == Trained::Full {
            match self.scores {
                Scores::Never => {}
                // The mask; the 16-bit scores were kept already.
                Scores::Several => terms.push(scores(1.0)),
                Scores::Once => terms.push(scores(1.0 + width)),
            }
            if family == Family::Starcoder2 {
                terms.push(FormTerm::new(2.0, [Tokens, HiddenSize]));
            }
            return terms;
        }
        let Some(inputs) = AdapterInputs::of(family) else { return terms };
        // Autocast gives each adapter a copy of its input anyway, unless that comes from attention and beside nf4.
        let copies = if self.numbers == Numbers::Amp { 0.0 } else { width };
        let attended = if self.trained == Trained::Qlora { width } else { copies };
        terms.push(FormTerm::new(inputs.hidden + copies * inputs.shared, [Tokens, HiddenSize]));
        terms.push(FormTerm::new(inputs.queries * (1.0 + attended), [Tokens, QueryWidth]));
        terms.push(FormTerm::new(inputs.mlp, [Tokens, MlpWidth]));
        terms
    }

    /// Whether what dropout keeps is known for this family.
    pub(super) fn knows_dropout(self, family: Family) -> bool {
        !self.dropout || self.trained == Trained::Full || AdapterInputs::of(family).is_some()
    }

    /// What lies there for a moment when scores that are kept in 16 bits are differentiated: gradients before and after
    /// the softmax.
    pub(super) fn score_gradients(self) -> Option<FormTerm> {
        (self.scores == Scores::Once).then(|| scores(2.0 * self.width()))
    }
}

fn scores(width: f64) -> FormTerm {
    FormTerm::new(width, [Dim::Tokens, Dim::SequenceLength, Dim::Heads])
}

/// Whether attention keeps its scores at all.
pub(super) const fn keeps_scores(attention: TrainingAttention) -> bool {
    !matches!(attention, TrainingAttention::Flash)
}

/// How many adapters of a layer read an input of each width.
struct AdapterInputs {
    hidden: f64,
    queries: f64,
    mlp: f64,
    /// Of those that read the hidden size, how many share one tensor with another.
    shared: f64,
}

impl AdapterInputs {
    /// `None` = peft has no dropout for some of them (experts).
    const fn of(family: Family) -> Option<Self> {
        let (hidden, queries, mlp, shared) = match family {
            Family::Llama | Family::Qwen3 | Family::Gemma2 | Family::Gemma3 => (5.0, 1.0, 1.0, 3.0),
            Family::Starcoder2 => (4.0, 1.0, 1.0, 2.0),
            Family::Phi3 => (2.0, 1.0, 1.0, 0.0),
            Family::LlamaQueryValue => (2.0, 0.0, 0.0, 1.0),
            Family::LlamaAttention | Family::Qwen3Attention | Family::MixtralAttention | Family::Qwen3MoeAttention => {
                (3.0, 1.0, 0.0, 2.0)
            }
            Family::Mixtral | Family::Qwen3Moe | Family::Deepseek | Family::DeepseekAttention => return None,
        };
        Some(Self { hidden, queries, mlp, shared })
    }
}
