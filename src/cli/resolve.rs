//! From a request to a plan: names looked up, ranges checked, contradictions refused.

use super::models::Models;
use super::problem::Problem;
use super::request::{Cards, Request};
use crate::catalog::Catalog;
use crate::plan::{CardChoice, CardCount, Machine, ModelChoice, Plan, Training, Workload};

impl Request {
    /// Puts what the request gives into `plan`, which keeps the rest.
    pub(super) fn apply(&self, plan: &mut Plan, catalog: &Catalog, models: &mut Models) -> Result<(), Problem> {
        if let Some(model) = &self.model {
            plan.workload.model = models.choose(model, catalog)?;
        }
        self.apply_workload(&mut plan.workload);
        if let ModelChoice::File { model, .. } = &plan.workload.model
            && !model.file_tensors.is_empty()
        {
            if self.quant.is_some() {
                return Err(Problem::Refused("quant is what the GGUF file holds: leave it out".to_owned()));
            }
            set(&mut plan.workload.quantization, model.file_quantization);
        }
        self.apply_cards(&mut plan.machine)?;
        self.apply_machine(&mut plan.machine);
        Ok(())
    }

    fn apply_workload(&self, workload: &mut Workload) {
        set(&mut workload.task, self.task);
        if let Some(runtime) = self.runtime {
            workload.choose_runtime(runtime);
        }
        set(&mut workload.quantization, self.quant);
        set(&mut workload.kv_cache.k, self.kv_cache);
        set(&mut workload.kv_cache.v, self.kv_cache_v.or(self.kv_cache));
        set(&mut workload.context, self.context);
        set(&mut workload.sequences, self.sequences);
        set(&mut workload.unified_kv, self.unified_kv);
        set(&mut workload.prompt_tokens, self.prompt_tokens);
        set(&mut workload.flash_attention, self.flash_attention);
        set(&mut workload.ubatch, self.ubatch);
        set(&mut workload.logits, self.logits);
        set(&mut workload.swa_full, self.swa_full);
        set(&mut workload.gpu_layers, self.gpu_layers);
        set(&mut workload.cpu_experts, self.cpu_experts);
        set(&mut workload.split_mode, self.split_mode);
        set(&mut workload.prompt_cache_gib, self.prompt_cache_gib);
        workload.backend = self.backend.or(workload.backend);
        workload.depth = self.depth.or(workload.depth);
        workload.runtime_version = self.runtime_version.or(workload.runtime_version);
        workload.tensor_parallel = self.tensor_parallel.or(workload.tensor_parallel);
        let server = &mut workload.server;
        server.gpu_memory_utilization = self.gpu_memory_utilization.or(server.gpu_memory_utilization);
        server.max_num_seqs = self.max_num_seqs.or(server.max_num_seqs);
        server.max_batched_tokens = self.max_batched_tokens.or(server.max_batched_tokens);
        set(&mut server.enforce_eager, self.enforce_eager);
        self.apply_training(&mut workload.training);
    }

    fn apply_training(&self, training: &mut Training) {
        set(&mut training.sequence_length, self.sequence_length);
        set(&mut training.micro_batch, self.micro_batch);
        set(&mut training.gradient_accumulation, self.gradient_accumulation);
        set(&mut training.optimizer, self.optimizer);
        set(&mut training.precision, self.precision);
        set(&mut training.checkpointing, self.checkpointing);
        set(&mut training.selective_checkpointing, self.selective_checkpointing);
        set(&mut training.attention, self.attention);
        set(&mut training.lora_rank, self.lora_rank);
        set(&mut training.lora_targets, self.lora_targets);
        set(&mut training.double_quantization, self.double_quantization);
        set(&mut training.dropout, self.dropout);
        set(&mut training.padding_mask, self.padding_mask);
        set(&mut training.loss, self.loss);
        set(&mut training.offload_checkpoints, self.offload_checkpoints);
        set(&mut training.zero_stage, self.zero_stage);
        set(&mut training.sharding, self.sharding);
        set(&mut training.offload, self.offload);
        set(&mut training.pipeline_parallel, self.pipeline_parallel);
        training.data_parallel = self.data_parallel.or(training.data_parallel);
        set(&mut training.sequence_parallel, self.sequence_parallel);
        set(&mut training.dataset_tokens, self.dataset_tokens);
        set(&mut training.epochs, self.epochs);
        set(&mut training.dataset_in_ram, self.dataset_in_ram);
        set(&mut training.loader_workers, self.loader_workers);
        set(&mut training.checkpoints_kept, self.checkpoints_kept);
    }

    fn apply_machine(&self, machine: &mut Machine) {
        set(&mut machine.ram_gib, self.ram_gib);
        set(&mut machine.os, self.os);
        set(&mut machine.screen, self.screen);
        if let Some(platform) = &self.platform {
            machine.platform = Some(platform.clone());
        }
        machine.ram_gb_s = self.ram_gb_s.or(machine.ram_gb_s);
        machine.pcie_gen = self.pcie_gen.or(machine.pcie_gen);
        machine.pcie_lanes = self.pcie_lanes.or(machine.pcie_lanes);
        machine.disk_gb_s = self.disk_gb_s.or(machine.disk_gb_s);
    }

    fn apply_cards(&self, machine: &mut Machine) -> Result<(), Problem> {
        if let Some(Cards(kinds)) = &self.machine {
            if self.card.is_some() || self.cards.is_some() || self.card_memory_gib.is_some() {
                return Err(Problem::Refused(
                    "machine stands in place of card, cards and card_memory_gib: give one or the other".to_owned(),
                ));
            }
            machine.cards = kinds
                .iter()
                .map(|kind| CardCount {
                    card: CardChoice::Catalog(kind.card.clone()),
                    count: kind.count,
                    memory_gib: kind.card_memory_gib,
                })
                .collect();
            return Ok(());
        }
        if self.cards == Some(0) {
            machine.cards.clear();
            return Ok(());
        }
        if self.card.is_none() && self.cards.is_none() && self.card_memory_gib.is_none() {
            return Ok(());
        }
        if machine.cards.len() > 1 && self.card.is_none() {
            return Err(Problem::Refused(
                "the plan has several kinds of card: give machine, or card and cards".to_owned(),
            ));
        }
        let first = machine.cards.drain(..).next().or_else(|| Machine::default().cards.pop());
        let (mut card, count, mut memory_gib) = first
            .map_or((CardChoice::Catalog(String::new()), 1, None), |kind| (kind.card, kind.count, kind.memory_gib));
        if let Some(id) = &self.card {
            card = CardChoice::Catalog(id.clone());
            memory_gib = None;
        }
        let memory_gib = self.card_memory_gib.or(memory_gib);
        machine.cards.push(CardCount { card, count: self.cards.unwrap_or(count), memory_gib });
        Ok(())
    }
}

fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *place = value;
    }
}
