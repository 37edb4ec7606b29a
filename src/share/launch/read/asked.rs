//! What a command asks for, option by option; what it cannot be asked is kept as it stands.

use super::options::{self, KnownOption, Setting, Takes};
use super::program::{CommandTool, Started};
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::plan::{SplitMode, TensorOverrides, VisionPlace};
use crate::text::parse_shares;

/// How many layers go to the GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::share) enum LayersAsked {
    Auto,
    All,
    Count(u32),
}

/// The experts of how many layers stay in RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::share) enum ExpertsAsked {
    All,
    Count(u32),
}

/// All that a command asks for.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "options that take nothing")]
pub(in crate::share) struct Asked {
    pub(in crate::share) model: Option<String>,
    pub(in crate::share) model_file: Option<String>,
    /// Tokens; 0 = as long as the model was trained for.
    pub(in crate::share) context: Option<u64>,
    /// The same for all slots together, where a tool says it so that otherwise says it for one.
    pub(in crate::share) context_of_all: Option<u64>,
    pub(in crate::share) slots: Option<u32>,
    pub(in crate::share) unified_kv: bool,
    pub(in crate::share) gpu_layers: Option<LayersAsked>,
    pub(in crate::share) experts: Option<ExpertsAsked>,
    pub(in crate::share) shares: Option<Vec<f64>>,
    /// Rules for tensors, those of several options behind one another.
    pub(in crate::share) overrides: Option<String>,
    pub(in crate::share) draft_model: Option<String>,
    pub(in crate::share) draft_tokens: Option<u32>,
    /// The model's own layer guesses.
    pub(in crate::share) guesses_itself: bool,
    pub(in crate::share) vision: Option<VisionPlace>,
    pub(in crate::share) flash_attention: Option<bool>,
    pub(in crate::share) cache_k: Option<KvPrecision>,
    pub(in crate::share) cache_v: Option<KvPrecision>,
    pub(in crate::share) batch: Option<u32>,
    pub(in crate::share) ubatch: Option<u32>,
    pub(in crate::share) split_mode: Option<SplitMode>,
    pub(in crate::share) main_gpu: Option<u32>,
    /// Computers that share the model.
    pub(in crate::share) boxes: Option<u32>,
    pub(in crate::share) swa_full: bool,
    pub(in crate::share) prompt_cache_mib: Option<u32>,
    pub(in crate::share) tensor_parallel: Option<u32>,
    pub(in crate::share) pipeline_parallel: Option<u32>,
    pub(in crate::share) data_parallel: Option<u32>,
    pub(in crate::share) adapter_slots: Option<u32>,
    pub(in crate::share) adapter_rank: Option<u32>,
    pub(in crate::share) memory_share: Option<f64>,
    pub(in crate::share) most_sequences: Option<u32>,
    pub(in crate::share) batch_tokens: Option<u64>,
    pub(in crate::share) eager: bool,
    pub(in crate::share) dtype: Option<Quantization>,
    pub(in crate::share) quantization: Option<Quantization>,
    /// Cards that the command may use.
    pub(in crate::share) devices: Option<u32>,
    /// What was not read.
    pub(in crate::share) unread: Vec<String>,
}

/// What a command asks for.
pub(super) fn of(started: &Started) -> Asked {
    let mut asked = Asked::default();
    let tool = started.tool;
    for (name, value) in &started.set {
        if matches!(name.as_str(), "CUDA_VISIBLE_DEVICES" | "HIP_VISIBLE_DEVICES") {
            asked.devices = u32::try_from(value.split(',').filter(|id| !id.trim().is_empty()).count()).ok();
        } else if let Some(option) = options::variable(tool, name)
            && !asked.take(option.setting, Some(value))
        {
            asked.unread.push(format!("{name}={value}"));
        }
    }
    let mut words = started.arguments.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        let plain = tool == CommandTool::Modelfile;
        if !plain && !is_option(word) {
            // The model of `vllm serve` and `ollama run`; what stands behind it is a prompt.
            let positional = matches!(tool, CommandTool::Vllm | CommandTool::Ollama) && asked.model.is_none();
            if positional {
                asked.model = Some(word.to_owned());
            } else if tool != CommandTool::Ollama {
                asked.unread.push(word.to_owned());
            }
            continue;
        }
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) if word.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        let known = options::option(tool, &spelled(tool, name));
        let value = match known.map(|option: &KnownOption| option.takes) {
            Some(Takes::Nothing) => None,
            Some(Takes::Value) => joined.or_else(|| words.next()),
            Some(Takes::OneOf(choices)) => {
                joined.or_else(|| words.next_if(|next| choices.contains(&next.to_ascii_lowercase().as_str())))
            }
            None if plain => words.next(),
            None => joined.or_else(|| words.next_if(|next| !is_option(next))),
        };
        if !known.is_some_and(|option| asked.take(option.setting, value)) {
            let shown = [Some(name), value].into_iter().flatten().collect::<Vec<_>>().join(" ");
            asked.unread.push(shown);
        }
    }
    if let Some(tokens) = asked.context_of_all {
        asked.context = Some((tokens / u64::from(asked.slots.unwrap_or(1))).max(1));
    }
    asked
}

/// Servers take `_` for `-` in the names of options.
fn spelled(tool: CommandTool, name: &str) -> String {
    match tool {
        CommandTool::Vllm | CommandTool::Sglang => name.replace('_', "-"),
        _ => name.to_owned(),
    }
}

/// A negative number is a value.
fn is_option(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic() || first == '-'))
}

impl Asked {
    /// What is not asked for here as `other` asks for it.
    pub(in crate::share) fn or(self, other: Self) -> Self {
        Self {
            model: self.model.or(other.model),
            model_file: self.model_file.or(other.model_file),
            context: self.context.or(other.context),
            context_of_all: self.context_of_all.or(other.context_of_all),
            slots: self.slots.or(other.slots),
            unified_kv: self.unified_kv || other.unified_kv,
            gpu_layers: self.gpu_layers.or(other.gpu_layers),
            experts: self.experts.or(other.experts),
            shares: self.shares.or(other.shares),
            overrides: self.overrides.or(other.overrides),
            draft_model: self.draft_model.or(other.draft_model),
            draft_tokens: self.draft_tokens.or(other.draft_tokens),
            guesses_itself: self.guesses_itself || other.guesses_itself,
            vision: self.vision.or(other.vision),
            flash_attention: self.flash_attention.or(other.flash_attention),
            cache_k: self.cache_k.or(other.cache_k),
            cache_v: self.cache_v.or(other.cache_v),
            batch: self.batch.or(other.batch),
            ubatch: self.ubatch.or(other.ubatch),
            split_mode: self.split_mode.or(other.split_mode),
            main_gpu: self.main_gpu.or(other.main_gpu),
            boxes: self.boxes.or(other.boxes),
            swa_full: self.swa_full || other.swa_full,
            prompt_cache_mib: self.prompt_cache_mib.or(other.prompt_cache_mib),
            tensor_parallel: self.tensor_parallel.or(other.tensor_parallel),
            pipeline_parallel: self.pipeline_parallel.or(other.pipeline_parallel),
            data_parallel: self.data_parallel.or(other.data_parallel),
            adapter_slots: self.adapter_slots.or(other.adapter_slots),
            adapter_rank: self.adapter_rank.or(other.adapter_rank),
            memory_share: self.memory_share.or(other.memory_share),
            most_sequences: self.most_sequences.or(other.most_sequences),
            batch_tokens: self.batch_tokens.or(other.batch_tokens),
            eager: self.eager || other.eager,
            dtype: self.dtype.or(other.dtype),
            quantization: self.quantization.or(other.quantization),
            devices: self.devices.or(other.devices),
            unread: self.unread,
        }
    }

    /// Takes what an option says; `false` where it cannot be.
    fn take(&mut self, setting: Setting, value: Option<&str>) -> bool {
        let whole = || value.and_then(|value| u32::try_from(tokens(value)?).ok());
        match setting {
            Setting::Beside => true,
            Setting::Model => put(&mut self.model, value.map(str::to_owned)),
            Setting::ModelFile => put(&mut self.model_file, value.map(str::to_owned)),
            Setting::Context => {
                let own = value.is_some_and(|value| matches!(value, "-1" | "auto"));
                put(&mut self.context, if own { Some(0) } else { value.and_then(tokens) })
            }
            Setting::ContextOfAll => put(&mut self.context_of_all, value.and_then(tokens)),
            Setting::Slots => put(&mut self.slots, whole().filter(|slots| *slots > 0)),
            Setting::UnifiedKv => switched(&mut self.unified_kv, true),
            Setting::SeparateKv => switched(&mut self.unified_kv, false),
            Setting::GpuLayers => put(&mut self.gpu_layers, value.and_then(layers)),
            Setting::ExpertsInRam => put(&mut self.experts, whole().map(ExpertsAsked::Count)),
            Setting::AllExpertsInRam => put(&mut self.experts, Some(ExpertsAsked::All)),
            Setting::TensorsTo => self.take_rules(value.unwrap_or_default()),
            Setting::Shares => put(&mut self.shares, value.and_then(parse_shares)),
            Setting::DraftModel => put(&mut self.draft_model, value.map(str::to_owned)),
            Setting::DraftTokens => put(&mut self.draft_tokens, whole().filter(|tokens| *tokens > 0)),
            // A draft model makes itself known.
            Setting::Speculation => match value {
                Some("none" | "draft-simple") => true,
                Some("draft-mtp") => switched(&mut self.guesses_itself, true),
                _ => false,
            },
            Setting::Guesses => self.take_guesses(value.unwrap_or_default()),
            Setting::Projector => {
                self.vision.get_or_insert(VisionPlace::Gpu);
                true
            }
            Setting::ProjectorInRam => put(&mut self.vision, Some(VisionPlace::Cpu)),
            Setting::NoProjector => put(&mut self.vision, Some(VisionPlace::Off)),
            Setting::FlashAttention => put(&mut self.flash_attention, switch(value)),
            Setting::CacheK => put(&mut self.cache_k, value.and_then(|value| value.parse().ok())),
            Setting::CacheV => put(&mut self.cache_v, value.and_then(|value| value.parse().ok())),
            Setting::Cache => match value {
                Some("auto") => true,
                value => {
                    let precision = value.and_then(|value| value.parse().ok());
                    put(&mut self.cache_k, precision) && put(&mut self.cache_v, precision)
                }
            },
            Setting::Batch => put(&mut self.batch, whole()),
            Setting::Ubatch => put(&mut self.ubatch, whole()),
            Setting::SplitMode => put(
                &mut self.split_mode,
                match value {
                    Some("layer") => Some(SplitMode::Layer),
                    Some("tensor") => Some(SplitMode::Tensor),
                    Some("none") => Some(SplitMode::None),
                    _ => None,
                },
            ),
            Setting::MainGpu => put(&mut self.main_gpu, whole()),
            Setting::RpcServers => put(&mut self.boxes, listed(value).map(|servers| servers.saturating_add(1))),
            Setting::Computers => put(&mut self.boxes, whole().filter(|boxes| *boxes > 0)),
            Setting::SwaFull => switched(&mut self.swa_full, true),
            Setting::PromptCache => put(&mut self.prompt_cache_mib, value.and_then(|value| value.parse().ok())),
            Setting::TensorParallel => put(&mut self.tensor_parallel, whole().filter(|ranks| *ranks > 0)),
            Setting::PipelineParallel => put(&mut self.pipeline_parallel, whole().filter(|stages| *stages > 0)),
            Setting::DataParallel => put(&mut self.data_parallel, whole().filter(|copies| *copies > 0)),
            Setting::Adapters => {
                // Without a number one adapter is served at a time.
                self.adapter_slots.get_or_insert(1);
                true
            }
            Setting::AdapterFile => {
                let before = self.adapter_slots.unwrap_or(0);
                put(&mut self.adapter_slots, listed(value).map(|more| before.saturating_add(more)))
            }
            Setting::AdapterSlots => put(&mut self.adapter_slots, whole().filter(|slots| *slots > 0)),
            Setting::AdapterRank => put(&mut self.adapter_rank, whole().filter(|rank| *rank > 0)),
            Setting::MemoryShare => put(&mut self.memory_share, value.and_then(|value| value.parse().ok())),
            Setting::MostSequences => put(&mut self.most_sequences, whole()),
            Setting::BatchTokens => put(&mut self.batch_tokens, value.and_then(tokens)),
            Setting::Eager => switched(&mut self.eager, true),
            Setting::Dtype => value == Some("auto") || put(&mut self.dtype, value.and_then(|value| value.parse().ok())),
            Setting::Quantization => put(&mut self.quantization, value.and_then(stored)),
        }
    }
}

/// How many a list with commas names; `None` where it names none.
fn listed(value: Option<&str>) -> Option<u32> {
    let named = value.map_or(0, |names| names.split(',').filter(|name| !name.trim().is_empty()).count());
    u32::try_from(named).ok().filter(|named| *named > 0)
}

impl Asked {
    /// Rules for tensors: those that send experts of the first layers to the processor are asked for by a count.
    fn take_rules(&mut self, text: &str) -> bool {
        if self.overrides.is_none()
            && self.experts.is_none()
            && let Some(experts) = experts_named(text)
        {
            return put(&mut self.experts, Some(experts));
        }
        let fine = !text.is_empty() && text.parse::<TensorOverrides>().is_ok();
        if fine {
            let before = self.overrides.take().map_or_else(String::new, |rules| rules + ",");
            self.overrides = Some(before + text);
        }
        fine
    }

    /// vLLM's object: the method that every model with such a layer goes by, and how many tokens.
    fn take_guesses(&mut self, text: &str) -> bool {
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text) else { return false };
        let method = fields.get("method").and_then(serde_json::Value::as_str);
        let tokens = fields.get("num_speculative_tokens").and_then(serde_json::Value::as_u64);
        self.draft_tokens = tokens.and_then(|tokens| u32::try_from(tokens).ok()).or(self.draft_tokens);
        method.is_some_and(|method| method.ends_with("mtp")) && switched(&mut self.guesses_itself, true)
    }
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let given = value.is_some();
    if given {
        *place = value;
    }
    given
}

const fn switched(place: &mut bool, on: bool) -> bool {
    *place = on;
    true
}

/// A count; vLLM reads `32k` as 32,000 and `32K` as 32,768.
fn tokens(text: &str) -> Option<u64> {
    let (digits, unit) = match text.char_indices().next_back()? {
        (end, 'k') => (text.get(..end)?, 1000),
        (end, 'K') => (text.get(..end)?, 1024),
        (end, 'm') => (text.get(..end)?, 1_000_000),
        (end, 'M') => (text.get(..end)?, 1 << 20),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// On or off; an option without a word is on, and so is one that the engine decides.
fn switch(value: Option<&str>) -> Option<bool> {
    match value.map(str::to_ascii_lowercase).as_deref() {
        None | Some("on" | "auto" | "1" | "true" | "enabled") => Some(true),
        Some("off" | "0" | "false" | "disabled") => Some(false),
        Some(_) => None,
    }
}

fn layers(text: &str) -> Option<LayersAsked> {
    match text {
        "auto" | "-1" => Some(LayersAsked::Auto),
        "all" => Some(LayersAsked::All),
        count => count.parse().ok().map(LayersAsked::Count),
    }
}

/// The experts that a rule for tensors sends to the processor: those of every layer, as in `exps=CPU` and
/// `.ffn_.*_exps.=CPU`, or of the first layers one by one. `None` for any other rule.
fn experts_named(rule: &str) -> Option<ExpertsAsked> {
    let layers = rule.strip_prefix(r"blk\.(").and_then(|rest| rest.strip_suffix(r")\.ffn_(up|down|gate)_exps=CPU"));
    if let Some(layers) = layers {
        let mut count = 0;
        for layer in layers.split('|') {
            count = (layer.parse::<u32>().ok() == Some(count)).then_some(count + 1)?;
        }
        return Some(ExpertsAsked::Count(count));
    }
    names_all_experts(rule).then_some(ExpertsAsked::All)
}

fn names_all_experts(rule: &str) -> bool {
    let Some((pattern, device)) = rule.rsplit_once('=') else { return false };
    let names_some = pattern.contains(|letter: char| letter.is_ascii_digit() || matches!(letter, ',' | '|'));
    let one_matrix = ["gate", "up", "down"].iter().any(|part| pattern.contains(part));
    device.eq_ignore_ascii_case("cpu") && pattern.contains("exps") && !names_some && !one_matrix
}

/// A server's word for how weights are stored.
fn stored(word: &str) -> Option<Quantization> {
    match word {
        "awq_marlin" => Some(Quantization::awq),
        "gptq_marlin" => Some(Quantization::gptq),
        "modelopt_fp4" => Some(Quantization::nvfp4),
        word => word.parse().ok(),
    }
}
