//! Inverse solving: the largest value of one input that still fits, all else equal. Every answer comes from asking
//! [`estimate`], never from a formula of its own.

use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{EstimateError, Verdict, estimate};
use crate::plan::{CpuExperts, GpuLayers, ModelChoice, Plan};
use crate::text::{self, Key, Locale, Placeholder};

/// The engine rounds caches up to so many cells, so contexts in between are alike.
const CONTEXT_STEP: u64 = 256;
/// The longest context that is looked for (the end of the slider).
const LONGEST_CONTEXT: u64 = 10 << 20;
/// The most sequences that are looked for (the end of the slider).
pub(super) const MOST_SEQUENCES: u64 = 1024;
/// The sizes between which a model is looked for, in parameters (the ends of the slider).
const SIZES: (u64, u64) = (100_000_000, 3_000_000_000_000);
/// How finely: a hundredth of the size.
const SIZE_STEPS_PER_E: f64 = 100.0;

/// What still fits with all else equal; `None` = not even the smallest does. In training the context is the sequence length
/// and sequences are the micro-batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// They were worked out; else nothing is known yet.
    pub known: bool,
    /// Largest context for which nothing spills.
    pub context_in_vram: Option<u64>,
    /// Largest context with RAM taking what the plan lets it take.
    pub context_with_ram: Option<u64>,
    /// Most sequences for which nothing spills.
    pub sequences_in_vram: Option<u32>,
    /// Most sequences with RAM.
    pub sequences_with_ram: Option<u32>,
    /// Most layers that the devices hold.
    pub gpu_layers: Option<u32>,
    /// Largest model, in parameters, of a typical shape at this precision.
    pub model_parameters: Option<u64>,
    /// The most precise of the slider's quantizations that fits.
    pub quantization: Option<Quantization>,
}

/// How much of the machine may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AllowedMemory {
    /// Nothing may spill.
    Vram,
    /// RAM may take what the plan lets it take.
    WithRam,
}

/// What still fits with all else equal.
///
/// # Errors
/// What [`estimate`] refuses about the plan itself.
pub fn limits(plan: &Plan, catalog: &Catalog) -> Result<Limits, EstimateError> {
    estimate(plan, catalog)?;
    let context = |room| largest_context(plan, catalog, room);
    let sequences = |room| most_sequences(plan, catalog, room);
    let (context_in_vram, sequences_in_vram) = (context(AllowedMemory::Vram), sequences(AllowedMemory::Vram));
    Ok(Limits {
        known: true,
        context_in_vram,
        context_with_ram: context(AllowedMemory::WithRam).max(context_in_vram),
        sequences_in_vram,
        sequences_with_ram: sequences(AllowedMemory::WithRam).max(sequences_in_vram),
        gpu_layers: most_layers(plan, catalog),
        model_parameters: largest_model(plan, catalog),
        quantization: best_quantization(plan, catalog),
    })
}

/// Longest context in tokens for which nothing spills; `None` = not even the shortest.
pub fn largest_context_in_vram(plan: &Plan, catalog: &Catalog) -> Option<u64> {
    largest_context(plan, catalog, AllowedMemory::Vram)
}

/// Longest context in tokens at which the plan runs as it does: with nothing in RAM that now is in VRAM alone, else with what
/// RAM takes; no longer than its model was trained for. `None` = not even the shortest.
pub fn largest_context_as_judged(plan: &Plan, catalog: &Catalog) -> Option<u64> {
    let in_vram = estimate(plan, catalog).is_ok_and(|it| it.verdict.is_some_and(|verdict| verdict <= Verdict::Tight));
    let room = if in_vram { AllowedMemory::Vram } else { AllowedMemory::WithRam };
    let longest = largest_context(plan, catalog, room)?;
    Some(trained(plan, catalog).map_or(longest, |trained| longest.min(trained)))
}

/// The longest context that the model was trained for, where known.
pub fn trained(plan: &Plan, catalog: &Catalog) -> Option<u64> {
    plan.workload.model.known(catalog).and_then(|model| model.max_position_embeddings)
}

/// The largest context that fits, in words: no more than the model was trained for, and then said to be all of it.
pub fn reach(context: u64, trained: Option<u64>, locale: Locale) -> String {
    match trained.filter(|trained| context >= *trained) {
        Some(all) => locale.sentence(Key::AllOf, &[(Placeholder::Value, &text::tokens(all))]),
        None => text::tokens(context),
    }
}

/// Most sequences for which nothing spills; `None` = not even one.
pub fn most_sequences_in_vram(plan: &Plan, catalog: &Catalog) -> Option<u32> {
    most_sequences(plan, catalog, AllowedMemory::Vram)
}

/// Longest context in tokens, a multiple of the engine's step.
fn largest_context(plan: &Plan, catalog: &Catalog, room: AllowedMemory) -> Option<u64> {
    let mut trial = plan.clone();
    largest(LONGEST_CONTEXT / CONTEXT_STEP, |steps| {
        trial.workload.set_length(steps * CONTEXT_STEP);
        holds(&trial, catalog, room)
    })
    .map(|steps| steps * CONTEXT_STEP)
}

fn most_sequences(plan: &Plan, catalog: &Catalog, room: AllowedMemory) -> Option<u32> {
    let mut trial = plan.clone();
    let most = largest(MOST_SEQUENCES, |sequences| {
        trial.workload.set_at_once(u32::try_from(sequences).unwrap_or(u32::MAX));
        holds(&trial, catalog, room)
    })?;
    u32::try_from(most).ok()
}

/// What `auto` chooses.
fn most_layers(plan: &Plan, catalog: &Catalog) -> Option<u32> {
    let mut trial = plan.clone();
    if !plan.workload.places_experts() {
        trial.workload.cpu_experts = CpuExperts::Count(plan.workload.asked_experts());
    }
    trial.workload.gpu_layers = GpuLayers::Auto;
    let found = estimate(&trial, catalog).ok()?;
    found.verdict?;
    Some(found.devices.iter().map(|device| device.gpu_layers).sum())
}

/// Largest typical model in parameters, nothing spilled.
fn largest_model(plan: &Plan, catalog: &Catalog) -> Option<u64> {
    let mut trial = plan.clone();
    trial.workload.cpu_experts = CpuExperts::Count(0);
    let size = |step: u64| size_at(step);
    let steps = ((SIZES.1 as f64 / SIZES.0 as f64).ln() * SIZE_STEPS_PER_E).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "about a thousand steps")]
    let steps = steps as u64;
    largest(steps, |step| {
        trial.workload.model = ModelChoice::Size(size(step));
        holds(&trial, catalog, AllowedMemory::Vram)
    })
    .map(size)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the ends of the slider")]
fn size_at(step: u64) -> u64 {
    ((SIZES.0 as f64) * (step as f64 / SIZE_STEPS_PER_E).exp()).round() as u64
}

/// The first, and so the most precise, of the slider's quantizations for which nothing spills.
fn best_quantization(plan: &Plan, catalog: &Catalog) -> Option<Quantization> {
    let mut trial = plan.clone();
    plan.workload.precisions(catalog).into_iter().find(|quantization| {
        trial.workload.quantization = *quantization;
        holds(&trial, catalog, AllowedMemory::Vram)
    })
}

fn holds(plan: &Plan, catalog: &Catalog, room: AllowedMemory) -> bool {
    let Ok(found) = estimate(plan, catalog) else { return false };
    match found.verdict {
        // A queue is none of the things that a limit looks for: it can always be longer.
        Some(_) if !found.serves_all() => false,
        Some(Verdict::Fits | Verdict::Tight) => true,
        Some(Verdict::Offload) => room == AllowedMemory::WithRam,
        Some(Verdict::DoesNotFit) | None => false,
    }
}

/// The largest number from 1 to `most` that holds, where smaller ones hold whenever a larger one does.
pub(super) fn largest(most: u64, mut holds: impl FnMut(u64) -> bool) -> Option<u64> {
    if !holds(1) {
        return None;
    }
    if holds(most) {
        return Some(most);
    }
    let (mut low, mut high) = (1, most);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle } else { high = middle }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_fits_and_one_step_more_does_not() {
        let catalog = Catalog::embedded();
        let plan = Plan::default();
        let found = limits(&plan, catalog).unwrap();
        let context = found.context_in_vram.unwrap();
        for (context, expected) in [(context, true), (context + CONTEXT_STEP, false)] {
            let mut trial = plan.clone();
            trial.workload.context = context;
            assert_eq!(holds(&trial, catalog, AllowedMemory::Vram), expected, "context {context}");
        }
    }

    #[test]
    fn a_limit_goes_no_further_than_the_model() {
        assert_eq!(reach(19_456, Some(131_072), Locale::En), "19k");
        assert_eq!(reach(131_072, Some(131_072), Locale::En), "all 128k");
        assert_eq!(reach(2_000_000, Some(131_072), Locale::En), "all 128k", "room beyond the model is of no use");
        assert_eq!(reach(262_144, None, Locale::En), "256k", "no end is known");
    }

    #[test]
    fn the_largest_is_found_at_both_ends_and_between() {
        for most in [1, 2, 7, 100] {
            for limit in 0..=most {
                assert_eq!(largest(most, |n| n <= limit), (limit > 0).then_some(limit), "{limit} of {most}");
            }
        }
    }
}
