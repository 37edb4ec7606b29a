//! The cures of a finding as changes of a plan: each the mildest step that helps enough, with what the plan then comes to.

use super::{Cure, Finding, Kind, Memory};
use crate::advise::remedies::{Change, PlanOutcome, TrainingChange, changed};
use crate::catalog::Catalog;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::{CardChoice, CpuExperts, Offload, Plan, Runtime, SplitMode, Task, TrainingAttention};
use crate::units::Bytes;

/// No context or sequence shorter than this is proposed, in tokens.
const SHORTEST: u64 = 1024;
/// Physical batches that are proposed, in tokens.
const UBATCHES: [u32; 2] = [256, 128];
/// Sizes of RAM that are sold, in GiB.
const RAM_GIB: [f64; 10] = [16.0, 32.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0];
/// The most of a card that a server is told to take.
const MOST_SHARE: f64 = 0.95;
/// So much less than what is free a server is told to take, as a share of the card.
const SHARE_SLACK: f64 = 0.01;
/// Less than this is no gain.
const GAIN: Bytes = Bytes(8 << 20);

/// A cure as a change of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedCure {
    /// The cure.
    pub cure: Cure,
    /// What it changes.
    pub change: Change,
    /// The plan with the change made.
    pub plan: Plan,
    /// What that plan comes to.
    pub after: PlanOutcome,
    /// What the memory that ran out would then hold: the fullest device, or RAM; in bytes.
    pub held: Bytes,
}

/// The cures of `finding` that are changes of `plan`, in the order of the finding. What is no change of a plan, or helps
/// nothing there, is left out.
pub fn on_plan(finding: &Finding, plan: &Plan, catalog: &Catalog) -> Vec<PlannedCure> {
    let Some(now) = Come::of(plan, finding.memory, catalog) else { return Vec::new() };
    let amounts = finding.amounts;
    let lacking = amounts.asked.zip(amounts.free).map_or(0, |(asked, free)| asked.saturating_sub(free));
    let aim = Aim { lacking: Bytes(lacking), now };
    let cures = finding.cures.iter();
    cures.filter_map(|cure| aim.best(*cure, steps(*cure, finding, plan), (finding, plan, catalog))).collect()
}

/// What the plan comes to as it is, and what ran out: for what is said beside the cures.
pub fn held(finding: &Finding, plan: &Plan, catalog: &Catalog) -> Option<Bytes> {
    Come::of(plan, finding.memory, catalog).map(|now| now.held)
}

/// What a plan comes to in the memory that is looked at.
struct Come {
    outcome: PlanOutcome,
    held: Bytes,
}

impl Come {
    fn of(plan: &Plan, memory: Memory, catalog: &Catalog) -> Option<Self> {
        let found = estimate(plan, catalog).ok()?;
        Some(Self { outcome: PlanOutcome::read(&found)?, held: held_in(&found, memory)? })
    }
}

/// What lies in RAM, or on the device that holds most.
fn held_in(found: &Estimate, memory: Memory) -> Option<Bytes> {
    match memory {
        Memory::Ram | Memory::Swap => found.host.total,
        _ => found.devices.iter().filter_map(|device| device.total).max().or(found.host.total),
    }
}

/// What a cure has to reach.
struct Aim {
    lacking: Bytes,
    now: Come,
}

impl Aim {
    /// The first step that saves what is lacking and fits, else the one that saves most.
    fn best(
        &self,
        cure: Cure,
        steps: Vec<Change>,
        (finding, plan, catalog): (&Finding, &Plan, &Catalog),
    ) -> Option<PlannedCure> {
        let shifts = matches!(
            cure,
            Cure::RaiseUtilization
                | Cure::LowerUtilization
                | Cure::RaiseMemFraction
                | Cure::LowerMemFraction
                | Cure::MoreRam
        );
        let mut best: Option<PlannedCure> = None;
        for change in steps {
            let changed = changed(plan, std::slice::from_ref(&change));
            if changed == *plan {
                continue;
            }
            let Some(after) = Come::of(&changed, finding.memory, catalog) else { continue };
            let saves = after.held + GAIN <= self.now.held;
            if !saves && !shifts {
                continue;
            }
            let verdict = after.outcome.verdict;
            let placed = matches!(cure, Cure::Offload) || matches!(finding.memory, Memory::Ram | Memory::Swap);
            let fits = verdict <= Verdict::Tight || (placed && verdict == Verdict::Offload);
            let enough = shifts || (fits && after.held + self.lacking <= self.now.held);
            let found = PlannedCure { cure, change, plan: changed, after: after.outcome, held: after.held };
            if enough {
                return Some(found);
            }
            if best.as_ref().is_none_or(|best| found.held < best.held) {
                best = Some(found);
            }
        }
        best
    }
}

/// The steps that a cure stands for on a plan, the mildest first; none where it is no change of a plan.
fn steps(cure: Cure, finding: &Finding, plan: &Plan) -> Vec<Change> {
    let workload = &plan.workload;
    let trains = workload.task.trains();
    match cure {
        Cure::FewerBits if trains => {
            tasks(workload.task).map(|task| Change::Training(TrainingChange::Task(task))).collect()
        }
        Cure::FewerBits => {
            let all = workload.runtime.precisions();
            let bits =
                |it: crate::catalog::quantization::Quantization| it.facts().map_or(0.0, |facts| facts.bits_per_weight);
            let now = bits(workload.quantization);
            all.iter().copied().filter(|it| bits(*it) < now).map(Change::Weights).collect()
        }
        Cure::ShorterContext | Cure::ShorterModelLen if trains => shorter(workload.training.sequence_length)
            .map(|tokens| Change::Training(TrainingChange::Length(tokens)))
            .collect(),
        Cure::ShorterContext | Cure::ShorterModelLen => shorter(workload.context).map(Change::Context).collect(),
        Cure::SmallerCache => caches(plan).into_iter().map(Change::KvCache).collect(),
        Cure::SmallerBatch if trains => {
            let training = &workload.training;
            let whole = training.micro_batch.saturating_mul(training.gradient_accumulation.max(1));
            let halves =
                std::iter::successors(Some(training.micro_batch / 2), |it| Some(it / 2)).take_while(|it| *it > 0);
            halves.map(|batch| Change::Training(TrainingChange::MicroBatch(batch, whole.div_ceil(batch)))).collect()
        }
        Cure::SmallerBatch => fewer(workload.sequences).map(Change::Sequences).collect(),
        Cure::FewerSequences => {
            let now = workload.server.max_num_seqs.unwrap_or_else(|| workload.sequences.max(256));
            if is_server(plan) {
                fewer(now).map(Change::MaxNumSeqs).collect()
            } else {
                fewer(workload.sequences).map(Change::Sequences).collect()
            }
        }
        Cure::Checkpointing if trains => {
            let checkpoint = (!workload.training.checkpointing).then_some(TrainingChange::Checkpointing);
            let tasks = tasks(workload.task).map(TrainingChange::Task);
            checkpoint.into_iter().chain(tasks).map(Change::Training).collect()
        }
        Cure::SmallerUbatch | Cure::SmallerBuffer if workload.runtime == Runtime::LlamaCpp && !trains => {
            UBATCHES.into_iter().filter(|tokens| *tokens < workload.ubatch).map(Change::Ubatch).collect()
        }
        Cure::FlashAttention if trains && workload.training.attention != TrainingAttention::Flash => {
            vec![Change::Training(TrainingChange::Flash)]
        }
        Cure::FlashAttention if !trains && !workload.flash_attention => vec![Change::FlashAttention],
        Cure::MoreCards => more_cards(plan),
        Cure::Offload if trains => [Offload::Optimizer, Offload::Parameters]
            .into_iter()
            .map(|offload| Change::Training(TrainingChange::Offload(offload)))
            .collect(),
        Cure::Offload if workload.runtime == Runtime::LlamaCpp => {
            let by_hand = workload.places_by_hand() && workload.cpu_experts == CpuExperts::Auto;
            vec![if by_hand { Change::MostLayers } else { Change::Automatic }]
        }
        Cure::RaiseUtilization | Cure::RaiseMemFraction if is_server(plan) => {
            let now = workload.server.gpu_memory_utilization.unwrap_or(0.9);
            Some(Change::Utilization(MOST_SHARE)).filter(|_| now < MOST_SHARE).into_iter().collect()
        }
        Cure::LowerUtilization | Cure::LowerMemFraction if is_server(plan) => {
            let share =
                finding.amounts.free.zip(finding.amounts.total).filter(|_| finding.kind == Some(Kind::OtherProcess));
            let share = share.map(|(free, total)| ((free as f64 / total as f64 - SHARE_SLACK) * 100.0).floor() / 100.0);
            share.filter(|share| *share > 0.05).map(Change::Utilization).into_iter().collect()
        }
        Cure::MoreRam => {
            let now = plan.machine.ram_gib;
            RAM_GIB.into_iter().find(|gib| *gib > now).map(Change::Ram).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

const fn is_server(plan: &Plan) -> bool {
    !matches!(plan.workload.runtime, Runtime::LlamaCpp | Runtime::Transformers)
}

/// Ways to train that keep less than this one.
fn tasks(now: Task) -> impl Iterator<Item = Task> {
    let from = match now {
        Task::Full => 0,
        Task::Lora => 1,
        Task::Serve | Task::Qlora => 2,
    };
    [Task::Lora, Task::Qlora].into_iter().skip(from)
}

/// Lengths by halves, the longest first.
fn shorter(tokens: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(tokens / 2), |it| Some(it / 2)).take_while(|it| *it >= SHORTEST)
}

fn fewer(count: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(count / 2), |it| Some(it / 2)).take_while(|it| *it > 0)
}

/// Precisions of the cache below the present one that the engine has.
fn caches(plan: &Plan) -> Vec<KvPrecision> {
    let steps: &[KvPrecision] = if plan.workload.runtime == Runtime::LlamaCpp {
        &[KvPrecision::q8_0, KvPrecision::q4_0]
    } else {
        &[KvPrecision::fp8]
    };
    steps
        .iter()
        .copied()
        .filter(|step| plan.workload.kv_cache.k != *step && plan.workload.kv_cache.v != *step)
        .collect()
}

/// One more of the first card, then as many again.
fn more_cards(plan: &Plan) -> Vec<Change> {
    let Some(first) = plan.machine.cards.first() else { return Vec::new() };
    let CardChoice::Catalog(id) = &first.card else { return Vec::new() };
    let counts = [1, first.count, 3 * first.count];
    let add = |count: u32| {
        let card = id.clone();
        if plan.workload.task.trains() {
            return Change::ShareCards { card, count, stage: 3 };
        }
        let add = Change::AddCards { card, count };
        let cuts =
            is_server(plan) && plan.workload.tensor_parallel.is_none() && plan.workload.split_mode == SplitMode::Layer;
        if cuts { Change::Together(vec![add, Change::TensorParallel(first.count + count)]) } else { add }
    };
    counts.into_iter().filter(|count| *count > 0).map(add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::diagnose::diagnose;
    use crate::plan::{GpuLayers, ModelChoice};

    fn cures(text: &str, plan: &Plan) -> Vec<PlannedCure> {
        on_plan(&diagnose(text).unwrap(), plan, Catalog::embedded())
    }

    const LLAMA: &str = "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 24576.00 MiB on device 0: cudaMalloc failed: out of memory";

    #[test]
    fn each_cure_changes_the_plan_and_needs_less() {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("qwen3-32b".to_owned());
        plan.workload.context = 32_768;
        plan.workload.gpu_layers = GpuLayers::All;
        let found = cures(LLAMA, &plan);
        let of: Vec<Cure> = found.iter().map(|it| it.cure).collect();
        assert!(
            of.contains(&Cure::FewerBits) && of.contains(&Cure::SmallerCache) && of.last() == Some(&Cure::Offload),
            "{of:?}"
        );
        let finding = diagnose(LLAMA).unwrap();
        let now = held(&finding, &plan, catalog).unwrap();
        for cure in &found {
            assert_ne!(cure.plan, plan, "{:?}", cure.cure);
            assert!(cure.held < now, "{:?}", cure.cure);
            assert_eq!(Some(cure.after), PlanOutcome::of(&cure.plan, catalog), "{:?}", cure.cure);
        }
        // In the order that the finding has.
        let order: Vec<usize> = of.iter().filter_map(|cure| finding.cures.iter().position(|it| it == cure)).collect();
        assert!(order.is_sorted(), "{of:?}");
    }

    #[test]
    fn training_is_changed_as_training() {
        let mut plan = Plan::default();
        plan.workload.task = Task::Lora;
        plan.workload.training.micro_batch = 4;
        plan.workload.training.sequence_length = 4096;
        let text = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.65 GiB of which 1.00 GiB is free. Of the \
                    allocated memory 20.00 GiB is allocated by PyTorch, and 512.00 MiB is reserved by PyTorch but unallocated.";
        let found = cures(text, &plan);
        assert!(found.iter().any(|it| it.plan.workload.task == Task::Qlora));
        assert!(found.iter().any(|it| it.plan.workload.training.micro_batch < 4));
        assert!(found.iter().all(|it| it.plan.workload.runtime == plan.workload.runtime));
    }

    #[test]
    fn what_is_no_change_of_a_plan_has_no_link() {
        let text = "OSError: [WinError 1455] The paging file is too small for this operation to complete";
        let found = cures(text, &Plan::default());
        assert!(found.iter().all(|it| !matches!(it.cure, Cure::PagingFile | Cure::FreeRam)), "{found:?}");
    }
}
