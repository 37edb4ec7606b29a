//! What software alone saves: every free change of the step "quantize and software" together, none with more than a small
//! loss of quality.

use super::worth::word_rank;
use super::{Baseline, Change, PlanOutcome, Remedy, RemedyGroup, Standing, TrainingChange, methods};
use crate::catalog::quality::LossWord;
use crate::plan::{GpuLayers, LossMethod, Plan, Runtime, TrainingAttention, Workload};
use crate::units::{Bytes, MIB};

/// Less saved is not worth a line.
const WORTH_SAYING: Bytes = Bytes(64 * MIB);

/// A sum that saves a smaller share is no sum: it would be said as nothing.
const LEAST_SAVED: f64 = 0.005;

/// All of it in one plan; `None` where there is nothing, or where it saves no memory.
pub(super) fn alone(base: &Baseline<'_>, ways: &[Remedy]) -> Option<Remedy> {
    let gentle = |way: &&Remedy| {
        let measured = methods(&way.change).next().is_none() || word_rank(way.loss) <= f64::from(LossWord::Small as u8);
        way.group == RemedyGroup::Quantize && way.standing == Standing::Offered && measured && !way.change.asks_less()
    };
    let mut parts: Vec<Change> = Vec::new();
    for way in ways.iter().filter(gentle) {
        let kind = |change: &Change| std::mem::discriminant(change);
        let trained = |change: &Change| match change {
            Change::Training(it) => Some(std::mem::discriminant(it)),
            _ => None,
        };
        let taken = |part: &Change| kind(part) == kind(&way.change) && trained(part) == trained(&way.change);
        // Of several of one kind the one that saves most stands for all.
        match parts.iter().position(taken) {
            Some(place) if saves_more(base, &way.change, &parts[place]) => parts[place] = way.change.clone(),
            Some(_) => {}
            None => parts.push(way.change.clone()),
        }
    }
    let change = if parts.len() == 1 { parts.pop()? } else { Change::Together(parts) };
    let way = base.way(RemedyGroup::Quantize, change)?;
    let least = base.now.memory().gib() * (1.0 - LEAST_SAVED);
    (way.after.memory().gib() <= least).then_some(way)
}

/// What flash attention saves where it is on: the difference to the same plan without it. `None` where the engine has no
/// other way, or where it saves nothing.
pub(super) fn flash_kept(base: &Baseline<'_>) -> Option<Remedy> {
    let mut without = base.plan.clone();
    let workload = &mut without.workload;
    match (workload.task.trains(), workload.runtime) {
        (true, _) if workload.training.attention == TrainingAttention::Flash => {
            workload.training.attention = TrainingAttention::Eager;
        }
        (false, Runtime::LlamaCpp) if workload.flash_attention => workload.flash_attention = false,
        _ => return None,
    }
    // All of it on the cards both times, so that what is compared is what is needed.
    if !workload.task.trains() && !without.machine.cards.is_empty() {
        without.workload.gpu_layers = GpuLayers::All;
    }
    let mut with = without.clone();
    (with.workload.flash_attention, with.workload.training.attention) =
        (base.plan.workload.flash_attention, base.plan.workload.training.attention);
    let memory = |plan: &Plan| PlanOutcome::of(plan, base.catalog).map(|it| it.memory());
    let saved = memory(&without)?.saturating_sub(memory(&with)?);
    if saved < WORTH_SAYING {
        return None;
    }
    let way = base.way(RemedyGroup::Quantize, Change::KeepFlash(saved))?;
    Some(Remedy { standing: Standing::Now, ..way })
}

fn saves_more(base: &Baseline<'_>, one: &Change, other: &Change) -> bool {
    let memory = |change: &Change| base.way(RemedyGroup::Quantize, change.clone()).map(|way| way.after.memory());
    memory(one) < memory(other)
}

/// What software saves in training without any loss; nothing where nothing is trained.
pub(super) fn free_of_loss(workload: &Workload) -> Vec<Change> {
    let training = &workload.training;
    let changes = [
        (training.attention != TrainingAttention::Flash).then_some(TrainingChange::Flash),
        (!is_apart(training.loss)).then_some(TrainingChange::FusedLoss),
    ];
    changes.into_iter().flatten().filter(|_| workload.task.trains()).map(Change::Training).collect()
}

/// Whether the loss never has all logits.
pub(super) const fn is_apart(loss: LossMethod) -> bool {
    matches!(loss, LossMethod::Fused | LossMethod::Chunked)
}
