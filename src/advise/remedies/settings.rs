//! Settings that help by themselves: where layers or experts were placed by hand and the engine would place them better.
//! They stand first and cost nothing, so that no other change takes the credit for them.

use super::{Baseline, Change, PlanOutcome, Recipe, Remedy, RemedyGroup, change, normalize, recipes_of, shop};
use crate::plan::{CpuExperts, GpuLayers, Plan, Runtime};

/// Whether a number of layers or of layers' experts was typed.
pub(super) fn is_placed_by_hand(plan: &Plan) -> bool {
    let workload = &plan.workload;
    let typed = matches!(workload.gpu_layers, GpuLayers::Count(_)) || workload.asked_experts() > 0;
    typed && !workload.task.trains() && workload.runtime == Runtime::LlamaCpp && !plan.machine.cards.is_empty()
}

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    if !is_placed_by_hand(base.plan) {
        return Vec::new();
    }
    let automatic = base.better(RemedyGroup::Settings, Change::Automatic);
    let experts = experts(base).and_then(|layers| base.better(RemedyGroup::Settings, Change::Experts(layers)));
    let mut found: Vec<Remedy> = automatic.into_iter().chain(experts).collect();
    found.sort_by(|one, other| other.after.rate().total_cmp(&one.after.rate()));
    found
}

/// The fewest layers whose experts must lie in RAM, where that is another number than the typed one.
fn experts(base: &Baseline<'_>) -> Option<u32> {
    if !shop::has_experts(base) {
        return None;
    }
    let fewest = normalize::fewest_experts(base.plan, base.catalog, base.now.layers.1.saturating_sub(1))?;
    (CpuExperts::Count(fewest) != base.plan.workload.cpu_experts).then_some(fewest)
}

/// The recipes of a plan placed by hand: those of the plan as the engine places it, with that setting among their changes.
/// `None` where nothing was placed by hand.
pub(super) fn recipes(base: &Baseline<'_>) -> Option<Vec<Recipe>> {
    if !is_placed_by_hand(base.plan) {
        return None;
    }
    let plan = change::changed(base.plan, &[Change::Automatic]);
    let now = PlanOutcome::of(&plan, base.catalog)?;
    let free = Baseline { plan: &plan, now, ..*base };
    let shelf = shop::Shelf::of(&free);
    let mut recipes = recipes_of(&free, &shelf, &super::serving(&free, &shelf));
    for recipe in &mut recipes {
        recipe.changes.insert(0, Change::Automatic);
    }
    recipes.retain(|recipe| recipe.after.improves(&base.now) || base.now.fits());
    Some(recipes)
}
