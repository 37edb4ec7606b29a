//! What a block of the law table holds for, and what a run does beside it: attention's scores kept otherwise, a padding mask,
//! dropout.
//!
//! Dropout keeps one byte for each element that it passes (CUDA's fused dropout). Those of adapters and of GPT blocks were traced
//! like the table (torch 2.15.0, transformers 5.23.0, peft 0.21.2); where adapters share their input in the type it has,
//! dropout also gives each a copy of its own. Scores kept in 16 bits and selective recomputation: Korthikanti et al.
//! (arXiv:2205.05198), sections 4.1 and 5. Padding: scaled dot-product attention repeats keys and values to all heads, and
//! each layer keeps its own copy of the mask.

use super::shape::Family;
use crate::plan::{Precision, Task, Training, TrainingAttention};

/// How a model is trained, as far as it decides what lies on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Method {
    task: Task,
    precision: Precision,
    attention: TrainingAttention,
    keeps: Keeps,
    padding: bool,
    dropout: bool,
}

/// What layers keep from forward to backward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Everything that backward reads.
    All,
    /// All but attention's scores.
    AllButScores,
    /// Their input.
    Input,
}

impl Method {
    /// How many there are.
    pub(super) const COUNT: usize = 3 * 3 * 3 * 3 * 2 * 2;

    pub(super) const fn of(task: Task, training: &Training) -> Self {
        let keeps = match (training.checkpointing, training.selective_checkpointing) {
            (true, _) => Keeps::Input,
            (false, true) if keeps_scores(training.attention) => Keeps::AllButScores,
            (false, _) => Keeps::All,
        };
        Self {
            task,
            precision: training.precision,
            attention: training.attention,
            keeps,
            padding: training.padding_mask && matches!(training.attention, TrainingAttention::Flash),
            dropout: training.dropout,
        }
    }

    /// The place of this method among all.
    pub(super) const fn slot(self) -> usize {
        let mut slot = match self.task {
            Task::Serve | Task::Full => 0,
            Task::Lora => 1,
            Task::Qlora => 2,
        };
        slot = slot * 3
            + match self.precision {
                Precision::Bf16 | Precision::Bf16Master => 0,
                Precision::Amp => 1,
                Precision::Fp32 => 2,
            };
        slot = slot * 3 + self.attention as usize;
        slot = slot * 3 + self.keeps as usize;
        (slot * 2 + self.padding as usize) * 2 + self.dropout as usize
    }

    /// The head of its block in the table: with layers that keep their input, or (`whole`) everything.
    pub(super) fn head(self, whole: bool) -> String {
        let task = match self.task {
            Task::Serve | Task::Full => "full",
            Task::Lora => "lora",
            Task::Qlora => "qlora",
        };
        // The master copy is touched by the optimizer only.
        let precision = match self.precision {
            Precision::Bf16 | Precision::Bf16Master => "bf16",
            Precision::Amp => "amp",
            Precision::Fp32 => "fp32",
        };
        let attention = if matches!(self.attention, TrainingAttention::Eager) { "eager" } else { "flash" };
        let kept = if self.keeps == Keeps::Input && !whole { "checkpointed" } else { "plain" };
        format!("\nmethod {task} {precision} {attention} {kept} | ")
    }

    pub(super) const fn keeps(self) -> Keeps {
        self.keeps
    }

    /// Bytes of what runs.
    const fn width(self) -> u64 {
        if matches!(self.precision, Precision::Fp32) { 4 } else { 2 }
    }

    /// What a layer keeps beside the table's line where it keeps everything, as a form.
    pub(super) fn besides(self, family: Family) -> String {
        let mut words = Vec::new();
        let width = self.width();
        let mut add = |coefficient: i64, product: &str| {
            words.push(format!(" {coefficient}{product}"));
        };
        let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        if self.padding {
            add(signed(2 * width), "Tq");
            add(-signed(2 * width), "Tk");
            add(signed(width), "TS");
        }
        if self.attention == TrainingAttention::FusedSoftmax {
            add(-4, "Ta");
            add(signed(width), "TSa");
        }
        if !self.dropout {
            return words.concat();
        }
        if matches!(self.task, Task::Serve | Task::Full) {
            match self.attention {
                TrainingAttention::Flash => {}
                // The mask; the 16-bit scores were kept already.
                TrainingAttention::Eager => add(1, "TSa"),
                TrainingAttention::FusedSoftmax => add(signed(1 + width), "TSa"),
            }
            if family == Family::Gpt {
                add(2, "Th");
            }
            return words.concat();
        }
        let Some([hidden, queries, inner, shared]) = adapted(family) else { return words.concat() };
        // Autocast gives each adapter a copy of its input anyway, unless that comes from attention and beside nf4.
        let copies = if self.precision == Precision::Amp { 0 } else { signed(width) };
        let attended = if matches!(self.task, Task::Qlora) { signed(width) } else { copies };
        add(hidden + copies * shared, "Th");
        add(queries * (1 + attended), "Tq");
        add(inner, "Ti");
        words.concat()
    }

    /// Whether what dropout keeps is known for this family.
    pub(super) fn knows_dropout(self, family: Family) -> bool {
        !self.dropout || matches!(self.task, Task::Serve | Task::Full) || adapted(family).is_some()
    }

    /// What lies there for a moment when scores that are kept in 16 bits are differentiated: gradients before and after
    /// the softmax.
    pub(super) fn score_gradients(self) -> Option<String> {
        (self.attention == TrainingAttention::FusedSoftmax).then(|| format!("{}TSa", 2 * self.width()))
    }
}

/// Whether attention keeps its scores at all.
pub(super) const fn keeps_scores(attention: TrainingAttention) -> bool {
    !matches!(attention, TrainingAttention::Flash)
}

/// Inputs of a layer's adapters by their width: hidden size, queries, MLP; and how many of the first share one tensor with
/// another. `None` = peft has no dropout for some of them (experts).
const fn adapted(family: Family) -> Option<[i64; 4]> {
    Some(match family {
        Family::Dense | Family::QkNorm | Family::Gemma2 | Family::Gemma3 => [5, 1, 1, 3],
        Family::Gpt => [4, 1, 1, 2],
        Family::Phi3 => [2, 1, 1, 0],
        Family::DenseQueryValue => [2, 0, 0, 1],
        Family::DenseAttention | Family::QkNormAttention | Family::MoeAttention | Family::MoeQkNormAttention => {
            [3, 1, 0, 2]
        }
        Family::Moe | Family::MoeQkNorm | Family::Latent | Family::LatentAttention => return None,
    })
}
