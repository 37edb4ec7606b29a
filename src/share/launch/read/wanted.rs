//! From what a command asks for to a plan: the tool's own defaults where it says nothing.

use super::asked::{Asked, ExpertsAsked, LayersAsked};
use super::program::CommandTool;
use super::{CommandFault, CommandReader, ReadCommand};
use crate::catalog::model::{Dtype, Model};
use crate::catalog::quantization::Quantization;
use crate::catalog::{NameMatch, find_model};
use crate::plan::{CpuExperts, Drafter, GpuLayers, KvCache, ModelChoice, Plan, Runtime, Workload};

/// Ollama's context where nobody says another. Source: docs/faq of the Ollama repository.
const OLLAMA_CONTEXT: u64 = 4096;
const MIB_PER_GIB: f64 = 1024.0;

/// The model of a command.
struct Named {
    choice: ModelChoice,
    by: Option<NameMatch>,
    /// How its name says the weights are stored.
    quantization: Option<Quantization>,
}

impl CommandReader<'_> {
    pub(in crate::share) fn plan(&self, tool: CommandTool, mut asked: Asked) -> Result<ReadCommand, CommandFault> {
        let name = asked.model.take().ok_or(CommandFault::NoModel(tool))?;
        let named = self.named(&name, asked.model_file.as_deref())?;
        let mut workload = Workload::default();
        workload.choose_runtime(tool.runtime());
        workload.model = named.choice;
        let model = workload.model.known(self.catalog);
        let trained = model.and_then(|model| model.max_position_embeddings);
        let layers = model.map(|model| model.num_hidden_layers);
        let quantization = match tool.runtime() {
            Runtime::LlamaCpp => {
                unread_tag(&name, named.quantization, &mut asked.unread);
                let named = named.quantization.map(Quantization::nearest_gguf);
                let file = model.filter(|model| !model.file_tensors.is_empty()).and_then(|it| it.file_quantization);
                file.or(named).unwrap_or_else(|| workload.usual_quantization(self.catalog))
            }
            _ => asked
                .quantization
                .or(named.quantization)
                .map_or_else(|| as_published(model, asked.dtype), Quantization::nearest_server),
        };
        workload.quantization = quantization;
        llamacpp(&mut workload, tool, &asked, layers);
        servers(&mut workload, &asked);
        workload.context = context(tool, &asked, trained).unwrap_or(workload.context);
        self.guesses(&mut workload, &mut asked);
        workload.vision = asked.vision;
        let mut plan = Plan { workload, machine: self.machine.clone(), ..Plan::default() };
        let parts = asked.pipeline_parallel.unwrap_or(1).saturating_mul(asked.data_parallel.unwrap_or(1));
        let cut = asked.tensor_parallel.or_else(|| asked.data_parallel.map(|_| 1)).zip(Some(parts));
        let cards = cut.map(|(ranks, stages)| ranks.saturating_mul(stages)).or(asked.devices);
        // The command says how many, whatever they are.
        if let ([kind], Some(count)) = (plan.machine.cards.as_mut_slice(), cards.filter(|count| *count > 0)) {
            kind.count = count;
        }
        if let Some(boxes) = asked.boxes.filter(|boxes| *boxes > 1) {
            plan.machine.boxes = Some(boxes);
            // Each computer has a card at least.
            if let [kind] = plan.machine.cards.as_mut_slice() {
                kind.count = kind.count.max(boxes);
            }
        }
        plan.check().map_err(CommandFault::OutOfRange)?;
        Ok(ReadCommand { tool, plan, named: name, by: named.by, unread: asked.unread })
    }

    /// Who guesses tokens ahead; a draft model that is not in the catalog is not read.
    fn guesses(&self, workload: &mut Workload, asked: &mut Asked) {
        workload.speculation.tokens = asked.draft_tokens;
        if asked.guesses_itself {
            workload.speculation.drafter = Drafter::Mtp;
        }
        let Some(name) = asked.draft_model.take() else { return };
        match find_model(&name, self.catalog) {
            Ok(found) => {
                workload.speculation.drafter = Drafter::Model(found.model.id.clone());
                workload.speculation.quantization = found.quantization.map(Quantization::nearest_gguf);
            }
            Err(_) => asked.unread.push(format!("-md {name}")),
        }
    }

    fn named(&self, name: &str, file: Option<&str>) -> Result<Named, CommandFault> {
        if let Some(read) = (self.file)(name) {
            return Ok(Named { choice: read.map_err(CommandFault::File)?, by: None, quantization: None });
        }
        let found = find_model(name, self.catalog);
        // The file within a repository says how it is stored, and may name the model better than the repository.
        let inner = file.map(|file| find_model(file, self.catalog));
        let stored = inner.as_ref().and_then(|inner| inner.as_ref().ok()).and_then(|inner| inner.quantization);
        let found = found.or_else(|error| inner.and_then(Result::ok).ok_or(CommandFault::UnknownModel(error)))?;
        Ok(Named {
            choice: ModelChoice::Catalog(found.model.id.clone()),
            by: Some(found.by),
            quantization: stored.or(found.quantization),
        })
    }
}

/// A precision behind the name of a repository that is none of the table (`:Q6_K_XL`).
fn unread_tag(name: &str, read: Option<Quantization>, unread: &mut Vec<String>) {
    let tag = name.rsplit_once(':').map(|(_, tag)| tag);
    if let Some(tag) = tag.filter(|tag| read.is_none() && name.contains('/') && !tag.contains('/') && *tag != "latest")
    {
        unread.insert(0, format!(":{tag}"));
    }
}

/// How a server loads a checkpoint that it is told nothing about.
fn as_published(model: Option<&Model>, dtype: Option<Quantization>) -> Quantization {
    let native = model.and_then(|model| model.native_dtype);
    let low = native.and_then(|native| native.stored(crate::catalog::quantization::QuantizationKind::Server));
    let plain = match native {
        Some(Dtype::Fp16) => Quantization::fp16,
        _ => Quantization::bf16,
    };
    low.or_else(|| dtype.map(Quantization::nearest_server)).unwrap_or(plain)
}

/// Tokens of one sequence.
fn context(tool: CommandTool, asked: &Asked, trained: Option<u64>) -> Option<u64> {
    let ollama = matches!(tool, CommandTool::Ollama | CommandTool::Modelfile);
    let whole = match asked.context {
        Some(0) => trained?,
        Some(tokens) => tokens,
        None if ollama => OLLAMA_CONTEXT,
        None => trained?,
    };
    // Slots of llama.cpp have equal parts of what is asked for; Ollama multiplies by itself.
    let slots = u64::from(asked.slots.unwrap_or(1));
    let shared = tool.runtime() == Runtime::LlamaCpp && !ollama && !asked.unified_kv && asked.context != Some(0);
    Some(if shared && asked.context.is_some() { (whole / slots).max(1) } else { whole })
}

fn llamacpp(workload: &mut Workload, tool: CommandTool, asked: &Asked, layers: Option<u64>) {
    if tool.runtime() != Runtime::LlamaCpp {
        return;
    }
    workload.sequences = asked.slots.unwrap_or(workload.sequences);
    workload.unified_kv = asked.unified_kv;
    workload.flash_attention = asked.flash_attention.unwrap_or(workload.flash_attention);
    workload.swa_full = asked.swa_full;
    workload.tensor_split = asked.shares.clone().unwrap_or_default();
    workload.override_tensors = asked.overrides.as_deref().and_then(|rules| rules.parse().ok()).unwrap_or_default();
    workload.split_mode = asked.split_mode.unwrap_or(workload.split_mode);
    workload.server.max_loras = asked.adapter_slots;
    workload.main_gpu = asked.main_gpu.unwrap_or(workload.main_gpu);
    workload.kv_cache =
        KvCache { k: asked.cache_k.unwrap_or(workload.kv_cache.k), v: asked.cache_v.unwrap_or(workload.kv_cache.v) };
    // A batch in memory is no longer than a batch that is handed over.
    let ubatch = asked.ubatch.unwrap_or(workload.ubatch);
    workload.ubatch = asked.batch.map_or(ubatch, |batch| ubatch.min(batch));
    if let Some(mib) = asked.prompt_cache_mib {
        workload.prompt_cache_gib = f64::from(mib) / MIB_PER_GIB;
    }
    workload.gpu_layers = match asked.gpu_layers {
        None | Some(LayersAsked::Auto) => GpuLayers::Auto,
        Some(LayersAsked::All) => GpuLayers::All,
        // The output counts as one more; people write 99 for all.
        Some(LayersAsked::Count(count)) if layers.is_some_and(|layers| u64::from(count) > layers) => GpuLayers::All,
        Some(LayersAsked::Count(count)) => GpuLayers::Count(count),
    };
    workload.cpu_experts = match asked.experts {
        None => CpuExperts::Auto,
        Some(ExpertsAsked::Count(count)) => CpuExperts::Count(count),
        Some(ExpertsAsked::All) => CpuExperts::Count(layers.and_then(|layers| u32::try_from(layers).ok()).unwrap_or(0)),
    };
}

fn servers(workload: &mut Workload, asked: &Asked) {
    if workload.runtime == Runtime::LlamaCpp {
        return;
    }
    if let Some(precision) = asked.cache_k {
        workload.kv_cache = KvCache { k: precision, v: precision };
    }
    workload.tensor_parallel = asked.tensor_parallel;
    workload.training.pipeline_parallel = asked.pipeline_parallel.unwrap_or(1);
    workload.training.data_parallel = asked.data_parallel;
    workload.server.max_loras = asked.adapter_slots;
    workload.server.max_lora_rank = asked.adapter_rank.filter(|_| asked.adapter_slots.is_some());
    workload.server.gpu_memory_utilization = asked.memory_share;
    workload.server.max_num_seqs = asked.most_sequences;
    workload.server.max_batched_tokens = asked.batch_tokens.and_then(|tokens| u32::try_from(tokens).ok());
    workload.server.enforce_eager = asked.eager;
}
