//! How many users a machine serves at once, each fast enough to read along.

use crate::advise::inverse::{MOST_SEQUENCES, largest};
use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::estimate::{Lineup, estimate, glances};
use crate::plan::{CardChoice, ModelChoice, Plan, Runtime};
use crate::units::Band;

/// Users that are served at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Users {
    /// So many sequences, each with the context of the plan.
    pub count: u32,
    /// Tokens a second that each receives.
    pub each: f64,
    /// Tokens a second of all together.
    pub total: f64,
    /// The plan that serves them.
    pub plan: Plan,
    /// What the cards draw while they are served, in W; `None` = no data.
    pub power: Option<Band<f64>>,
}

/// The most users that `plan`'s machine serves in VRAM at `least_decode` tokens a second or more each, by a server engine
/// where its cards run one; `None` = not one.
pub(super) fn at_once(plan: &Plan, catalog: &Catalog, least_decode: f64) -> Option<Users> {
    let own = |least: u32| most(plan.clone(), catalog, least_decode, least);
    if plan.workload.runtime != Runtime::LlamaCpp || !runs_server(plan, catalog) {
        return own(1);
    }
    let mut server = plan.clone();
    server.workload.choose_runtime(Runtime::Vllm);
    let served = most(server, catalog, least_decode, 1);
    // The engine that serves more; the plan's own where both serve as many.
    own(served.as_ref().map_or(1, |users| users.count)).or(served)
}

/// Whether all cards are of the maker that server engines are written for first.
fn runs_server(plan: &Plan, catalog: &Catalog) -> bool {
    let nvidia = |card: &CardChoice| match card {
        CardChoice::Catalog(id) => catalog.card(id).is_some_and(|card| card.vendor == Vendor::Nvidia),
        CardChoice::Detected { .. } => false,
    };
    !plan.machine.cards.is_empty() && plan.machine.cards.iter().all(|cards| nvidia(&cards.card))
}

/// The most users, where they are so many at least: who serves fewer is asked once.
fn most(mut plan: Plan, catalog: &Catalog, least_decode: f64, least: u32) -> Option<Users> {
    let asked = plan.workload.gpu_layers;
    if is_dense(&plan.workload.model, catalog) {
        plan.workload.ask_for_all_layers();
    }
    let told = plan.workload.must_tell_sequences(catalog);
    let ask_for = |plan: &mut Plan, sequences: u64| {
        plan.workload.sequences = u32::try_from(sequences).unwrap_or(u32::MAX);
        if told {
            plan.workload.server.max_num_seqs = Some(plan.workload.sequences);
        }
    };
    let machine = Lineup::of(&plan, [plan.machine.cards.clone()], catalog);
    let mut serves = |sequences: u64| {
        ask_for(&mut plan, sequences);
        glances(&plan, &machine).iter().flatten().any(|found| found.serves_in_vram(least_decode))
    };
    if !serves(least.into()) {
        return None;
    }
    let count = largest(MOST_SEQUENCES, serves)?;
    ask_for(&mut plan, count);
    plan.workload.gpu_layers = asked;
    let speed = estimate(&plan, catalog).ok()?.speed;
    let (each, total) = (speed.decode?.expected, speed.decode_total?.expected);
    Some(Users { count: plan.workload.sequences, each, total, plan, power: speed.power })
}

/// Whether a model is known to have no routed experts, for which the engine has more than one way to use several cards.
fn is_dense(model: &ModelChoice, catalog: &Catalog) -> bool {
    match model {
        ModelChoice::Catalog(id) => catalog.model(id).is_some_and(|model| model.experts.is_none()),
        ModelChoice::File { model, .. } => model.experts.is_none(),
        ModelChoice::Size(_) => false,
    }
}
