//! In which order the programs of a machine are started: who looks at what is free comes after who does not.

use crate::estimate::Estimate;
use crate::plan::{GpuLayers, Plan, ResidentPlace, Runtime, Workload};
use crate::units::Bytes;

/// What a program does with what is free when it starts, the first to be started first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StartKind {
    /// It reserves a share of the whole device, and does not start where less is free.
    Reserves,
    /// It takes what it was told.
    Fixed,
    /// It places itself in what it finds free.
    TakesRest,
}

impl StartKind {
    fn of(workload: &Workload, found: &Estimate) -> Self {
        match workload.runtime {
            Runtime::LlamaCpp if workload.gpu_layers == GpuLayers::Auto => Self::TakesRest,
            _ if found.kv_pool().is_some() => Self::Reserves,
            _ => Self::Fixed,
        }
    }
}

/// A program in the order in which it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Its row beside the plan's own model, which is `None`.
    pub row: Option<usize>,
    /// What it does.
    pub kind: StartKind,
}

/// The programs that are loaded, in the order to start them: those of a kind by what they keep, the least first; of those
/// that take what is left the plan's own model is the last.
pub fn start_order(plan: &Plan, estimate: &Estimate) -> Vec<Started> {
    let own = Started { row: None, kind: StartKind::of(&plan.workload, estimate) };
    let rows = plan.also.iter().zip(&estimate.also).enumerate();
    let beside = rows.filter(|(_, (resident, _))| resident.place != ResidentPlace::Off);
    let beside = beside.filter_map(|(row, (resident, found))| {
        let alone = found.alone.as_deref()?;
        // In RAM nobody looks at what is free.
        let kind = match resident.place {
            ResidentPlace::Ram => StartKind::Fixed,
            _ => StartKind::of(&resident.workload, alone),
        };
        Some((Started { row: Some(row), kind }, found.held().unwrap_or_default()))
    });
    let mut all: Vec<(Started, Bytes)> = beside.chain([(own, Bytes(u64::MAX))]).collect();
    all.sort_by_key(|(started, held)| (started.kind, *held));
    all.into_iter().map(|(started, _)| started).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::quantization::Quantization;
    use crate::estimate::estimate;
    use crate::plan::{ModelChoice, Resident};

    #[test]
    fn who_takes_the_rest_comes_last_and_who_reserves_first() {
        let row = |model: &str, place| {
            let mut resident = Resident::default();
            resident.workload.model = ModelChoice::Catalog(model.to_owned());
            resident.place = place;
            resident
        };
        let mut served = row("llama-3.2-1b", ResidentPlace::Device(0));
        served.workload.choose_runtime(Runtime::Vllm);
        served.workload.quantization = Quantization::bf16;
        served.workload.server.gpu_memory_utilization = Some(0.3);
        let mut told = row("qwen3-0.6b", ResidentPlace::Device(0));
        told.workload.gpu_layers = GpuLayers::All;
        let off = row("qwen3-0.6b", ResidentPlace::Off);
        let mut plan = Plan { also: vec![told, served, off, row("qwen3-0.6b", ResidentPlace::Ram)], ..Plan::default() };
        let order = |plan: &Plan| -> Vec<Option<usize>> {
            let found = estimate(plan, Catalog::embedded()).unwrap();
            start_order(plan, &found).into_iter().map(|started| started.row).collect()
        };
        let found = order(&plan);
        assert_eq!((found.first(), found.last(), found.len()), (Some(&Some(1)), Some(&None), 4), "{found:?}");
        plan.workload.choose_runtime(Runtime::Vllm);
        plan.workload.quantization = Quantization::int4;
        plan.workload.server.gpu_memory_utilization = Some(0.5);
        let found = order(&plan);
        assert_eq!(found[..2], [Some(1), None], "what reserves needs its share free: {found:?}");
    }
}
