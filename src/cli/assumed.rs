//! Which defaults were filled in: every key that the request left out, with the value the plan took.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::names::Spelled;
use super::request::Request;
use crate::catalog::Catalog;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::device::{default_backend, devices};
use crate::estimate::server::settings::Settings;
use crate::plan::{CardChoice, GpuLayers, ModelChoice, Plan, Runtime, Workload};

/// The `assumed` object, empty where a file gave the keys that no request did. Keys without a default (a bandwidth nobody
/// gave) are not listed.
pub(super) fn serialize<S: Serializer>(
    serializer: S,
    request: Option<&Request>,
    plan: &Plan,
    catalog: &Catalog,
) -> Result<S::Ok, S::Error> {
    let mut list = List { map: serializer.serialize_map(None)?, written: Ok(()) };
    if let Some(request) = request {
        members(&mut list, request, plan, catalog);
    }
    list.written?;
    list.map.end()
}

fn members<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    let workload = &plan.workload;
    if request.model.is_none()
        && let ModelChoice::Catalog(id) = &workload.model
    {
        list.value("model", id);
    }
    // A file holds what it holds; nothing is assumed of it.
    if request.quant.is_none()
        && !workload.task.trains()
        && !matches!(&workload.model, ModelChoice::File { model, .. } if !model.file_tensors.is_empty())
    {
        list.name("quant", workload.quantization.name());
    }
    if request.runtime.is_none() && !workload.task.trains() {
        list.name("runtime", workload.runtime.name());
    }
    if request.task.is_none() {
        list.name("task", workload.task.name());
    }
    if workload.task.trains() {
        training(list, request, plan);
        return machine(list, request, plan, catalog);
    }
    if request.context.is_none() {
        list.number("context", workload.context);
    }
    if request.sequences.is_none() {
        list.number("sequences", u64::from(workload.sequences));
    }
    cache(list, request, workload.kv_cache.k, workload.kv_cache.v);
    if workload.runtime == Runtime::LlamaCpp {
        llamacpp(list, request, workload);
    } else {
        server(list, request, plan, catalog);
    }
    machine(list, request, plan, catalog);
    if request.prompt_tokens.is_none() {
        list.number("prompt_tokens", workload.prompt_tokens);
    }
    if request.depth.is_none() {
        list.number("depth", workload.context);
    }
}

fn machine<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    on_cards(list, request, plan, catalog);
    if request.ram_gib.is_none() {
        list.value("ram_gib", &plan.machine.ram_gib);
    }
    if request.os.is_none() {
        list.name("os", plan.machine.os.name());
    }
    list.flag("screen", request.screen, plan.machine.screen);
}

/// What only training is told.
fn training<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan) {
    let training = &plan.workload.training;
    let numbers = [
        ("sequence_length", request.sequence_length.is_none(), training.sequence_length),
        ("micro_batch", request.micro_batch.is_none(), training.micro_batch.into()),
        ("gradient_accumulation", request.gradient_accumulation.is_none(), training.gradient_accumulation.into()),
        ("lora_rank", request.lora_rank.is_none(), training.lora_rank.into()),
        ("zero_stage", request.zero_stage.is_none(), training.zero_stage.into()),
        ("tensor_parallel", request.tensor_parallel.is_none(), plan.workload.tensor_parallel.map_or(1, u64::from)),
        ("pipeline_parallel", request.pipeline_parallel.is_none(), training.pipeline_parallel.into()),
        ("dataset_tokens", request.dataset_tokens.is_none(), training.dataset_tokens),
        ("epochs", request.epochs.is_none(), training.epochs.into()),
        ("loader_workers", request.loader_workers.is_none(), training.loader_workers.into()),
        ("checkpoints_kept", request.checkpoints_kept.is_none(), training.checkpoints_kept.into()),
    ];
    for (key, _, number) in numbers.into_iter().filter(|(_, left_out, _)| *left_out) {
        list.number(key, number);
    }
    let names = [
        ("optimizer", request.optimizer.is_none(), training.optimizer.name()),
        ("precision", request.precision.is_none(), training.precision.name()),
        ("attention", request.attention.is_none(), training.attention.name()),
        ("lora_targets", request.lora_targets.is_none(), training.lora_targets.name()),
        ("loss", request.loss.is_none(), training.loss.name()),
        ("sharding", request.sharding.is_none(), training.sharding.name()),
        ("offload", request.offload.is_none(), training.offload.name()),
    ];
    for (key, _, name) in names.into_iter().filter(|(_, left_out, _)| *left_out) {
        list.name(key, name);
    }
    list.flag("checkpointing", request.checkpointing, training.checkpointing);
    let selective = training.selective_checkpointing;
    list.flag("selective_checkpointing", request.selective_checkpointing, selective);
    list.flag("dropout", request.dropout, training.dropout);
    list.flag("padding_mask", request.padding_mask, training.padding_mask);
    list.flag("double_quantization", request.double_quantization, training.double_quantization);
    list.flag("offload_checkpoints", request.offload_checkpoints, training.offload_checkpoints);
    list.flag("sequence_parallel", request.sequence_parallel, training.sequence_parallel);
    list.flag("dataset_in_ram", request.dataset_in_ram, training.dataset_in_ram);
}

/// What only llama.cpp is told.
fn llamacpp<M: SerializeMap>(list: &mut List<M>, request: &Request, workload: &Workload) {
    list.flag("unified_kv", request.unified_kv, workload.unified_kv);
    list.flag("flash_attention", request.flash_attention, workload.flash_attention);
    if request.ubatch.is_none() {
        list.number("ubatch", u64::from(workload.ubatch));
    }
    if request.logits.is_none() {
        list.name("logits", workload.logits.name());
    }
    list.flag("swa_full", request.swa_full, workload.swa_full);
    if request.prompt_cache_gib.is_none() {
        list.value("prompt_cache_gib", &workload.prompt_cache_gib);
    }
}

/// What only servers are told: the engine's own defaults for the card and version.
fn server<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    let settings = devices(plan, catalog).and_then(|devices| Settings::of(plan, catalog, &devices));
    let Ok(settings) = settings else { return };
    if request.tensor_parallel.is_none() {
        list.number("tensor_parallel", settings.ranks);
    }
    if !settings.reserves() {
        return;
    }
    if request.gpu_memory_utilization.is_none() {
        list.value("gpu_memory_utilization", &settings.utilization);
    }
    if request.max_num_seqs.is_none() {
        list.number("max_num_seqs", settings.max_num_seqs);
    }
    if request.max_batched_tokens.is_none() {
        list.number("max_batched_tokens", settings.max_batched_tokens);
    }
    list.flag("enforce_eager", request.enforce_eager, plan.workload.server.enforce_eager);
}

fn cache<M: SerializeMap>(list: &mut List<M>, request: &Request, k: KvPrecision, v: KvPrecision) {
    if request.kv_cache.is_none() {
        list.name("kv_cache", k.name());
    }
    if request.kv_cache_v.is_none() {
        list.name("kv_cache_v", v.name());
    }
}

/// What only matters where there is a card.
fn on_cards<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    let Some(first) = plan.machine.cards.first() else { return };
    if request.backend.is_none()
        && let CardChoice::Catalog(id) = &first.card
        && let Some(card) = catalog.card(id)
    {
        list.name("backend", default_backend(card).name());
    }
    if request.machine.is_none() {
        if request.card.is_none()
            && let CardChoice::Catalog(id) = &first.card
        {
            list.value("card", id);
        }
        if request.cards.is_none() {
            list.number("cards", u64::from(first.count));
        }
    }
    if plan.workload.runtime != Runtime::LlamaCpp || plan.workload.task.trains() {
        return;
    }
    if request.gpu_layers.is_none() {
        match plan.workload.gpu_layers {
            GpuLayers::All => list.name("gpu_layers", "all"),
            GpuLayers::Auto => list.name("gpu_layers", "auto"),
            GpuLayers::Count(layers) => list.number("gpu_layers", u64::from(layers)),
        }
    }
    if request.cpu_experts.is_none() {
        list.number("cpu_experts", u64::from(plan.workload.cpu_experts));
    }
    if request.split_mode.is_none() {
        list.name("split_mode", plan.workload.split_mode.name());
    }
}

/// Members of an object; the first that cannot be written is the last.
struct List<M: SerializeMap> {
    map: M,
    written: Result<(), M::Error>,
}

impl<M: SerializeMap> List<M> {
    fn value(&mut self, key: &str, value: &(impl Serialize + ?Sized)) {
        if self.written.is_ok() {
            self.written = self.map.serialize_entry(key, value);
        }
    }

    fn number(&mut self, key: &str, number: u64) {
        self.value(key, &number);
    }

    fn name(&mut self, key: &str, name: &str) {
        self.value(key, name);
    }

    fn flag(&mut self, key: &str, given: Option<bool>, value: bool) {
        if given.is_none() {
            self.value(key, &value);
        }
    }
}
