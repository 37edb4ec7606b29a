//! What helps and has no figure: settings of the libraries underneath, methods that no law here describes, and how to find
//! out on one's own text what fewer bits cost. Unknown stays unknown: none of it promises a number.

use super::{Baseline, Change, Remedy, RemedyGroup, Standing, methods};
use crate::catalog::quality::QuantizedPart;
use crate::catalog::quantization::{Quantization, QuantizationKind};
use crate::estimate::Verdict;
use crate::plan::{Optimizer, Task};
use crate::text::Key;

/// With no more than this share missing it may be fragments that are in the way.
const NEARLY: f64 = 0.1;

/// A piece of advice without a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// On which step of the ladder.
    pub group: RemedyGroup,
    /// What is advised.
    pub topic: AdviceTopic,
    /// What to paste into a terminal; `None` where it is no command.
    pub command: Option<String>,
}

/// What is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdviceTopic {
    /// Segments of `PyTorch`'s allocator that grow, pools, and an emptied cache, against fragments.
    Segments,
    /// Gradients and states in a low rank.
    GaLore,
    /// States in 8 bits that move to RAM when a step runs out of memory.
    PagedAdam,
    /// By what other models are ordered.
    StandIns,
    /// Comparing a coarser file with a finer one on one's own text.
    CompareFiles,
    /// Scores on public questions before and after.
    CompareScores,
}

impl AdviceTopic {
    /// The sentence about it.
    pub const fn words(self) -> Key {
        match self {
            Self::Segments => Key::AdviceSegments,
            Self::GaLore => Key::AdviceGaLore,
            Self::PagedAdam => Key::AdvicePagedAdam,
            Self::StandIns => Key::AdviceStandIns,
            Self::CompareFiles => Key::AdviceCompareFiles,
            Self::CompareScores => Key::AdviceCompareScores,
        }
    }
}

pub(super) fn of(base: &Baseline<'_>, ways: &[Remedy]) -> Vec<Advice> {
    let other_model = |way: &Remedy| {
        way.group == RemedyGroup::AskLess && way.change.parts().iter().any(|part| matches!(part, Change::Model(_)))
    };
    let ordered = ways.iter().any(other_model).then_some(Advice {
        group: RemedyGroup::AskLess,
        topic: AdviceTopic::StandIns,
        command: None,
    });
    ordered.into_iter().chain(of_software(base, ways)).collect()
}

fn of_software(base: &Baseline<'_>, ways: &[Remedy]) -> Vec<Advice> {
    let workload = &base.plan.workload;
    let advice = |topic, command: Option<String>| Advice { group: RemedyGroup::Quantize, topic, command };
    if !workload.task.trains() {
        let coarser = ways.iter().filter(|way| way.standing == Standing::Offered && way.group == RemedyGroup::Quantize);
        let coarser = coarser.flat_map(|way| methods(&way.change).collect::<Vec<_>>()).find_map(|part| match part {
            QuantizedPart::Weights(quantization) => Some(quantization),
            QuantizedPart::KvCache(_) => None,
        });
        return coarser.map(|coarser| compare(workload.quantization, coarser)).into_iter().collect();
    }
    let mut found = Vec::new();
    let missing = base.now.missing.gib() / base.now.memory().gib().max(f64::MIN_POSITIVE);
    if base.now.verdict == Verdict::Tight || (base.now.verdict == Verdict::DoesNotFit && missing < NEARLY) {
        let command = "export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True".to_owned();
        found.push(advice(AdviceTopic::Segments, Some(command)));
    }
    if workload.task == Task::Full && !base.now.fits() {
        if workload.training.optimizer != Optimizer::PagedAdamW8bit {
            found.push(advice(AdviceTopic::PagedAdam, None));
        }
        found.push(advice(AdviceTopic::GaLore, None));
    }
    found
}

/// How a finer and a coarser precision are told apart on one's own text.
fn compare(finer: Quantization, coarser: Quantization) -> Advice {
    let name = |it: Quantization| it.facts().map_or("", |facts| &facts.label).to_owned();
    let (topic, command) = match coarser.kind() {
        QuantizationKind::Gguf => {
            let base = "llama-perplexity --kl-divergence-base own-text.kld";
            let (finer, coarser) = (name(finer), name(coarser));
            let command = format!(
                "{base} -f own-text.txt -m model-{finer}.gguf && {base} --kl-divergence -m model-{coarser}.gguf"
            );
            (AdviceTopic::CompareFiles, command)
        }
        QuantizationKind::Server => {
            let command =
                "lm_eval --model vllm --model_args pretrained=MODEL --tasks mmlu,ceval-valid --batch_size auto";
            (AdviceTopic::CompareScores, command.to_owned())
        }
    };
    Advice { group: RemedyGroup::Quantize, topic, command: Some(command) }
}

/// Whether a change stores something in fewer bits once and for all, or anew while the model runs.
pub const fn is_static(change: &Change) -> Option<bool> {
    match change {
        Change::Weights(_) | Change::Engine(..) => Some(true),
        Change::KvCache(_) => Some(false),
        _ => None,
    }
}
