//! A model as the replay runs it: the programs of its layers, told by the traits of its architecture.

#[cfg(test)]
mod tests;

use super::method::TrainingMethod;
use super::replay::{
    AttentionProgram, BlockProgram, DeltaRuleProgram, ExpertsProgram, FeedForwardProgram, HeadNorm,
    LatentAttentionProgram, LatentTurn, Level, Lying, MixerProgram, MlpProgram, NormKind, Placed, Recipe, Replayed,
    RouterKind, ShortConvolutionProgram, Stage, StateSpaceProgram, Walk, kinds, lying, replay,
};
use super::states::States;
use crate::catalog::model::{Model, RecurrenceKind};
use crate::estimate::answer::TrainingPhase;
use crate::model::architectures::{BlockNorms, NormProduct, ProgramForm, RouterProduct};
use crate::model::layers::{Cache, FeedForward, Layer, Mixer, Recurrent, Span};
use crate::model::layout::Norms;
use crate::plan::{LoraTargets, Precision, Task, Training};

/// Layers up to which a step is replayed: several times those of any model.
const MOST_LAYERS: usize = 1 << 10;

/// The programs of a model's layers.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub(super) struct ModelProgram {
    layers: Vec<BlockProgram>,
    /// Which of them are alike, by number.
    kinds: Vec<usize>,
    vocabulary: f64,
    tied: bool,
    scales_embeddings: bool,
    scales_apart: bool,
    head_dim: f64,
    caps_logits: bool,
    masks: f64,
    /// Adapters are of experts, and not of MLPs beside them.
    adapts_experts: bool,
    leaves_mlps: bool,
}

/// A part of a model on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ProgramPart {
    pub(super) task: Task,
    pub(super) training: Training,
    /// The first layer here, and how many there are.
    pub(super) first: u64,
    pub(super) layers: u64,
    /// The embedding is here; the output matrix and the loss are.
    pub(super) embedding: bool,
    pub(super) head: bool,
    /// Cards that share each layer.
    pub(super) tensor: u64,
    /// Tokens whose logits are calculated at a time.
    pub(super) loss_chunk: u64,
}

impl ModelProgram {
    /// `None` where no program is written for the model's layers.
    pub(super) fn of(model: &Model, layers: &[Layer]) -> Option<Self> {
        let traits = model.architecture.traits();
        let own_embeddings = model.hidden_size_per_layer_input > 0;
        let form = traits.training.program.filter(|_| layers.len() <= MOST_LAYERS && !own_embeddings)?;
        let spans = |window: bool| layers.iter().any(|layer| is_windowed(layer) == window);
        let programs: Vec<BlockProgram> = layers.iter().map(|layer| block(model, layer)).collect::<Option<_>>()?;
        Some(Self {
            kinds: kinds(&programs),
            layers: programs,
            vocabulary: model.vocab_size as f64,
            tied: model.tie_word_embeddings,
            scales_embeddings: traits.graph.scales_embeddings,
            scales_apart: form.scales,
            head_dim: model.mla.map_or(model.head_dim, |mla| mla.qk_rope_head_dim) as f64,
            adapts_experts: traits.training.adapts_experts,
            leaves_mlps: traits.training.adapts_experts && model.experts.is_some(),
            caps_logits: form.softcap,
            masks: f64::from(u8::from(spans(true)) + u8::from(spans(false))),
        })
    }

    /// Whether all adapters of a run have dropout: PEFT has none for those of experts.
    pub(super) fn knows_dropout(&self, task: Task, training: &Training) -> bool {
        let adapts_experts = self.leaves_mlps && training.lora_targets == LoraTargets::AllLinear;
        !training.dropout || task == Task::Full || !adapts_experts
    }

    /// One step of a part, and what it takes and gives back, in order.
    pub(super) fn replay(&self, part: &ProgramPart, states: &States) -> (Replayed, Walk) {
        replay(&self.stage(part, &self.layers(part)), &recipe(part, states))
    }

    /// The first layer of the first of the parts, each of so many layers, whose layers are like those of the part that begins at
    /// `first`.
    pub(super) fn first_like(&self, first: u64, layers: u64) -> u64 {
        let [from, count] = [first, layers].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        let own = self.kinds.get(from..from.saturating_add(count));
        let like = own.and_then(|own| self.kinds.chunks(count.max(1)).position(|other| other == own));
        like.map_or(first, |part| part as u64 * layers)
    }

    /// What lies there when a phase is as high as a replay has told: how many of each.
    pub(super) fn lying(
        &self,
        part: &ProgramPart,
        states: &States,
        phase: TrainingPhase,
        highest: Level,
    ) -> Vec<(Lying, f64)> {
        lying(&self.stage(part, &self.layers(part)), &recipe(part, states), phase, highest)
    }

    /// The layers of a part, with adapters where they are asked for.
    fn layers(&self, part: &ProgramPart) -> Vec<BlockProgram> {
        let [first, count] = [part.first, part.layers].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        let mut layers: Vec<BlockProgram> = self.layers.iter().skip(first).take(count).copied().collect();
        let all = part.training.lora_targets == LoraTargets::AllLinear;
        let adapts = [true, part.training.lora_targets != LoraTargets::QueryValue];
        for layer in &mut layers {
            match &mut layer.feed_forward {
                None => {}
                Some(FeedForwardProgram::Mlp(mlp)) => mlp.adapted = all && !self.leaves_mlps,
                Some(FeedForwardProgram::Experts(experts)) => {
                    experts.adapted = all && self.adapts_experts;
                    experts.gate_adapted = all;
                    if let Some(shared) = &mut experts.shared {
                        shared.adapted = all && !self.leaves_mlps;
                    }
                }
            }
            match &mut layer.mixer {
                None => {}
                Some(MixerProgram::Attention(attention)) => attention.adapts = adapts,
                Some(MixerProgram::LatentAttention(attention)) => attention.adapts = adapts,
                Some(MixerProgram::ShortConvolution(convolution)) => convolution.adapted = all,
                Some(MixerProgram::DeltaRule(rule)) => rule.adapted = all,
                Some(MixerProgram::StateSpace(space)) => space.adapted = all,
            }
        }
        layers
    }

    fn stage<'a>(&self, part: &ProgramPart, layers: &'a [BlockProgram]) -> Stage<'a> {
        Stage {
            layers,
            vocabulary: self.vocabulary,
            head_dim: self.head_dim,
            embedding: part.embedding,
            head: part.head,
            tied: self.tied,
            scales_embeddings: self.scales_embeddings,
            scales_apart: self.scales_apart,
            caps_logits: self.caps_logits,
            masks: self.masks,
        }
    }
}

const fn is_windowed(layer: &Layer) -> bool {
    matches!(layer.mixer, Mixer::Attention(attention) if matches!(attention.span, Span::Window(_)))
}

fn block(model: &Model, layer: &Layer) -> Option<BlockProgram> {
    let traits = model.architecture.traits();
    let (form, hidden) = (traits.training.program?, model.hidden_size as f64);
    let norm = match () {
        () if form.norm == NormProduct::WideMean => NormKind::LayerWide,
        () if traits.graph.layer_norm => NormKind::Layer,
        () => match form.norm {
            NormProduct::Narrow => NormKind::Rms,
            NormProduct::Wide => NormKind::RmsWide,
            NormProduct::WidePlusOne => NormKind::RmsPlusOne,
            NormProduct::WideMean => NormKind::LayerWide,
        },
    };
    Some(BlockProgram {
        hidden,
        norm,
        placed: match form.placed.unwrap_or(traits.tensors.norms) {
            BlockNorms::Before | BlockNorms::BeforeAsPostAttention => Placed::Before,
            BlockNorms::After => Placed::After,
            BlockNorms::Around => Placed::Around,
            BlockNorms::One => Placed::Once,
        },
        mixer: match layer.mixer {
            Mixer::None => None,
            _ => Some(mixer(model, layer, norm)?),
        },
        feed_forward: match layer.feed_forward {
            FeedForward::None => None,
            _ => Some(feed_forward(model, layer)?),
        },
        drops: traits.graph.layer_norm && !traits.layers.gated,
        scales: form.scales,
    })
}

fn feed_forward(model: &Model, layer: &Layer) -> Option<FeedForwardProgram> {
    let traits = model.architecture.traits();
    let (form, hidden) = (traits.training.program?, model.hidden_size as f64);
    match layer.feed_forward {
        FeedForward::Dense { width, gated, fused } => {
            let width = width as f64;
            Some(FeedForwardProgram::Mlp(MlpProgram {
                hidden,
                width,
                gated,
                fused: fused || form.joins_mlp,
                adapted: true,
                biased: form.mlp_bias,
            }))
        }
        // Experts beside a joined MLP are written otherwise (Granite 4), and so are those beside one with norms of its own
        // (Gemma 4).
        FeedForward::Experts { .. } if form.joins_mlp || traits.layers.mlp_beside_experts => None,
        FeedForward::Experts { experts, experts_per_token, width, shared_width, gated } => {
            let corrected = corrected(model);
            let shared =
                MlpProgram { hidden, width: shared_width as f64, gated, fused: false, adapted: true, biased: false };
            Some(FeedForwardProgram::Experts(ExpertsProgram {
                hidden,
                experts: experts as f64,
                chosen: experts_per_token as f64,
                width: width as f64,
                gated,
                clamped: form.clamped_experts,
                router: match form.router {
                    RouterProduct::Softmax => RouterKind::Softmax,
                    RouterProduct::SoftmaxWide => RouterKind::SoftmaxWide,
                    RouterProduct::Sigmoid => RouterKind::Sigmoid,
                    RouterProduct::SoftmaxOfChosen => RouterKind::SoftmaxOfChosen,
                    RouterProduct::Wide if corrected => RouterKind::WideSigmoid,
                    RouterProduct::Wide => RouterKind::Wide,
                },
                normed: form.normed_router || corrected,
                shared: (shared_width > 0).then_some(shared),
                shared_gate: traits.tensors.mixture.shared_gate || form.shared_gate,
                gate_adapted: true,
                adapted: true,
            }))
        }
        FeedForward::None => None,
    }
}

/// Norms on queries and keys.
fn head_norms(model: &Model, form: ProgramForm) -> Norms {
    let traits = model.architecture.traits();
    match form.head_norms {
        Some(norms) if !traits.config.optional_qk_norm || model.use_qk_norm => norms,
        Some(_) => Norms::None,
        None => traits.tensors.projections.norms,
    }
}

/// The router's choice is corrected: `DeepSeek` V3 and what came after it.
fn corrected(model: &Model) -> bool {
    let traits = model.architecture.traits();
    traits.config.corrected || model.experts.is_some_and(|experts| experts.e_score_correction_bias)
}

fn mixer(model: &Model, layer: &Layer, norm: NormKind) -> Option<MixerProgram> {
    let traits = model.architecture.traits();
    let (form, hidden) = (traits.training.program?, model.hidden_size as f64);
    match layer.mixer {
        Mixer::Attention(attention) if model.indexer.is_some() || attention.cache == Cache::Shared => None,
        Mixer::Attention(attention) if model.mla.is_some() => {
            let mla = model.mla?;
            Some(MixerProgram::LatentAttention(LatentAttentionProgram {
                hidden,
                heads: attention.heads as f64,
                query_rank: mla.q_lora_rank.unwrap_or(0) as f64,
                rank: mla.kv_lora_rank as f64,
                plain: mla.qk_nope_head_dim as f64,
                turned: mla.qk_rope_head_dim as f64,
                value: mla.v_head_dim as f64,
                norm,
                turn: if corrected(model) { LatentTurn::Pairs } else { LatentTurn::Complex },
                adapts: [true; 2],
            }))
        }
        Mixer::Attention(attention) if attention.key_dim == attention.value_dim => {
            Some(MixerProgram::Attention(AttentionProgram {
                hidden,
                heads: attention.heads as f64,
                kv_heads: attention.kv_heads as f64,
                head_dim: attention.key_dim as f64,
                norm,
                head_norm: match head_norms(model, form) {
                    Norms::None => HeadNorm::None,
                    Norms::Head | Norms::EveryHead => HeadNorm::Each,
                    Norms::All => HeadNorm::All,
                },
                turned: if traits.graph.rope.turns(0, attention.span) {
                    model.rotary_dim.unwrap_or(attention.key_dim).min(attention.key_dim) as f64
                } else {
                    0.0
                },
                turned_wide: form.turns_wide,
                softcap: form.softcap,
                fused: traits.tensors.projections.fused,
                normed_values: traits.graph.norms_values,
                keys_as_values: model.attention_k_eq_v && attention.span == Span::Full,
                gated: traits.graph.gated_attention,
                biases: [
                    traits.tensors.projections.qkv_bias || form.qkv_bias,
                    traits.tensors.projections.output_bias || form.output_bias,
                ],
                adapts: [true; 2],
            }))
        }
        Mixer::Recurrent(recurrent) => recurrence(model, form, recurrent),
        _ => None,
    }
}

fn recurrence(model: &Model, form: ProgramForm, recurrent: Recurrent) -> Option<MixerProgram> {
    let (hidden, kernel) = (model.hidden_size as f64, model.recurrent?.conv_kernel as f64);
    let [heads, head_dim, state, groups] =
        [recurrent.heads, recurrent.head_dim, recurrent.state_size, recurrent.groups].map(|it| it as f64);
    match recurrent.kind {
        RecurrenceKind::ShortConvolution => {
            Some(MixerProgram::ShortConvolution(ShortConvolutionProgram { hidden, kernel, adapted: true }))
        }
        RecurrenceKind::DeltaNet => Some(MixerProgram::DeltaRule(DeltaRuleProgram {
            hidden,
            key_heads: groups,
            key_dim: state,
            heads,
            value_dim: head_dim,
            kernel,
            joined: form.joins_projections,
            adapted: true,
        })),
        RecurrenceKind::Mamba2 => Some(MixerProgram::StateSpace(StateSpaceProgram {
            hidden,
            heads,
            head_dim,
            state,
            groups,
            kernel,
            chunk: form.scan_chunk? as f64,
            biased: true,
            adapted: true,
        })),
        RecurrenceKind::KimiDelta | RecurrenceKind::Mamba | RecurrenceKind::Lightning => None,
    }
}

fn recipe(part: &ProgramPart, states: &States) -> Recipe {
    let training = &part.training;
    let method = TrainingMethod::of(part.task, training);
    let tensor = part.tensor as f64;
    Recipe {
        full: part.task == Task::Full,
        quantized: method.is_unpacked(),
        loops_experts: method.is_unpacked() && training.quantized_experts,
        autocast: training.precision == Precision::Amp,
        width: states.base_width as f64,
        adapter_width: states.trained_width as f64,
        rank: f64::from(training.lora_rank),
        scores: method.scores,
        keeps: method.keeps,
        offloads: training.offload_checkpoints && training.checkpointing,
        loss: method.loss,
        loss_chunk: part.loss_chunk as f64,
        padding: training.padding_mask,
        dropout: training.dropout,
        rows: training.sequence_length as f64 * f64::from(training.micro_batch),
        sequence: training.sequence_length as f64,
        tensor,
        shares_rows: if training.sequence_parallel { tensor } else { 1.0 },
    }
}
