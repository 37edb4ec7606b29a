//! When an input has a meaning: who reads it, and what else must be there.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{BaseQuant, CardChoice, Drafter, ModelChoice, Optimizer, Plan, Runtime, Sharding, SplitMode, Task};

pub(super) const fn always(_: &Plan) -> bool {
    true
}

pub(super) const fn serving(plan: &Plan) -> bool {
    !plan.workload.task.trains()
}

pub(super) const fn training(plan: &Plan) -> bool {
    plan.workload.task.trains()
}

/// A file holds what it holds; what is trained, the task and its precision decide.
pub(super) fn stored_as_chosen(plan: &Plan) -> bool {
    serving(plan) && !matches!(&plan.workload.model, ModelChoice::File { model, .. } if !model.file_tensors.is_empty())
}

pub(super) fn llamacpp(plan: &Plan) -> bool {
    serving(plan) && plan.workload.runtime == Runtime::LlamaCpp
}

pub(super) fn llamacpp_on_cards(plan: &Plan) -> bool {
    llamacpp(plan) && on_cards(plan)
}

pub(super) fn servers(plan: &Plan) -> bool {
    serving(plan) && plan.workload.runtime != Runtime::LlamaCpp
}

/// Servers that reserve a pool for the KV cache.
pub(super) fn pooled(plan: &Plan) -> bool {
    servers(plan) && plan.workload.runtime != Runtime::Transformers
}

/// Engines that check several guessed tokens at once.
pub(super) fn speculating(plan: &Plan) -> bool {
    llamacpp(plan) || pooled(plan)
}

/// Somebody guesses.
pub(super) fn drafted(plan: &Plan) -> bool {
    speculating(plan) && plan.workload.speculation.drafter != Drafter::None
}

/// A model of its own guesses.
pub(super) fn draft_model(plan: &Plan) -> bool {
    llamacpp(plan) && matches!(plan.workload.speculation.drafter, Drafter::Model(_))
}

/// Engines that keep adapters beside the model.
pub(super) fn serves_adapters(plan: &Plan) -> bool {
    serving(plan) && matches!(plan.workload.runtime, Runtime::Vllm | Runtime::Sglang | Runtime::LlamaCpp)
}

pub(super) const fn adapter_slots(plan: &Plan, _: &Catalog) -> bool {
    plan.workload.server.max_loras.is_some()
}

pub(super) fn cut_across_cards(plan: &Plan) -> bool {
    servers(plan) || training(plan)
}

/// Engines that hold the layers in stages, and training.
pub(super) fn in_stages(plan: &Plan) -> bool {
    pooled(plan) || training(plan)
}

pub(super) const fn on_cards(plan: &Plan) -> bool {
    !plan.machine.cards.is_empty()
}

pub(super) const fn anything(_: &Plan, _: &Catalog) -> bool {
    true
}

pub(super) fn cards(plan: &Plan, _: &Catalog) -> bool {
    on_cards(plan)
}

pub(super) fn adapters(plan: &Plan, _: &Catalog) -> bool {
    matches!(plan.workload.task, Task::Lora | Task::Qlora)
}

pub(super) fn galore(plan: &Plan, _: &Catalog) -> bool {
    plan.workload.training.optimizer == Optimizer::GaLore
}

pub(super) fn nf4(plan: &Plan, _: &Catalog) -> bool {
    base(plan) == Some(BaseQuant::Nf4)
}

/// Experts of a base that is quantized.
pub(super) fn quantized_mixture(plan: &Plan, catalog: &Catalog) -> bool {
    base(plan).is_some() && experts(plan, catalog)
}

/// Layers with adapters that are run again beside FSDP.
pub(super) fn rebuilt_under_fsdp(plan: &Plan, catalog: &Catalog) -> bool {
    let training = &plan.workload.training;
    adapters(plan, catalog) && training.checkpointing && training.zero_stage >= 1 && training.sharding == Sharding::Fsdp
}

fn base(plan: &Plan) -> Option<BaseQuant> {
    plan.workload.training.quantized_base(plan.workload.task)
}

/// Several cards, which may stand in several boxes.
pub(super) fn several(plan: &Plan, _: &Catalog) -> bool {
    several_cards(plan)
}

/// Cards in several boxes.
pub(super) fn in_several_boxes(plan: &Plan, catalog: &Catalog) -> bool {
    several_cards(plan) && plan.machine.box_count(catalog) > 1
}

/// Several cards that have layers of their own.
pub(super) fn layers_shared(plan: &Plan, _: &Catalog) -> bool {
    several_cards(plan) && plan.workload.split_mode == SplitMode::Layer
}

/// One of several cards that has all.
pub(super) fn one_card_alone(plan: &Plan, _: &Catalog) -> bool {
    several_cards(plan) && plan.workload.split_mode == SplitMode::None
}

fn several_cards(plan: &Plan) -> bool {
    plan.machine.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add) > 1
}

/// RAM apart from that of the cards.
pub(super) fn own_ram(plan: &Plan, catalog: &Catalog) -> bool {
    !is_unified(plan, catalog)
}

/// One memory for CPU and GPU.
pub(super) fn one_pool(plan: &Plan, catalog: &Catalog) -> bool {
    is_unified(plan, catalog)
}

/// Slots that cards stand in.
pub(super) fn slots(plan: &Plan, catalog: &Catalog) -> bool {
    on_cards(plan) && own_ram(plan, catalog)
}

/// Two cards of one kind that a bridge can join.
pub(super) fn bridgeable(plan: &Plan, catalog: &Catalog) -> bool {
    let joins = |choice: &CardChoice| match choice {
        CardChoice::Catalog(id) => catalog.card(id).is_some_and(Card::takes_bridge),
        CardChoice::Detected { .. } => false,
    };
    let one_box = plan.machine.boxes.is_none_or(|boxes| boxes < 2);
    one_box && plan.machine.is_pair() && plan.machine.cards.iter().all(|kind| joins(&kind.card))
}

pub(super) fn experts(plan: &Plan, catalog: &Catalog) -> bool {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).is_some_and(|model| model.experts.is_some()),
        ModelChoice::Size(_) => false,
        ModelChoice::File { model, .. } => model.experts.is_some(),
    }
}

/// A part that sees, of known size.
pub(super) fn sees(plan: &Plan, catalog: &Catalog) -> bool {
    plan.workload.model.known(catalog).is_some_and(|model| model.vision.is_some())
}

/// GPU and CPU share one memory.
fn is_unified(plan: &Plan, catalog: &Catalog) -> bool {
    let unified = |choice: &CardChoice| match choice {
        CardChoice::Catalog(id) => catalog.card(id).is_some_and(Card::is_unified),
        CardChoice::Detected { .. } => false,
    };
    on_cards(plan) && plan.machine.cards.iter().all(|kind| unified(&kind.card))
}
