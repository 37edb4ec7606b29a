//! A model as the replay runs it: the programs of its layers, told by the traits of its architecture.

use super::method::TrainingMethod;
use super::replay::{
    AttentionProgram, BlockProgram, ExpertsProgram, FeedForwardProgram, HeadNorm, Lying, MixerProgram, MlpProgram,
    NormKind, Placed, Recipe, Replayed, ShortConvolutionProgram, Stage, lying, replay,
};
use super::states::States;
use crate::catalog::model::{Model, RecurrenceKind};
use crate::estimate::answer::TrainingPhase;
use crate::model::architectures::{BlockNorms, NormProduct};
use crate::model::layers::{FeedForward, Layer, Mixer, Span};
use crate::model::layout::Norms;
use crate::plan::{LoraTargets, Precision, Task, Training};

/// Layers from which more of the same are told: the first, the last, and two between.
const FEW: usize = 4;

/// Layers up to which a step is replayed: several times those of any model.
const MOST_LAYERS: usize = 1 << 10;

/// The programs of a model's layers.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "traits that combine freely")]
pub(super) struct ModelProgram {
    layers: Vec<BlockProgram>,
    vocabulary: f64,
    tied: bool,
    scales_embeddings: bool,
    scales_apart: bool,
    head_dim: f64,
    caps_logits: bool,
    masks: f64,
}

/// A part of a model on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ProgramPart {
    pub(super) task: Task,
    pub(super) training: Training,
    /// Layers here.
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
        let form = traits.training.program.filter(|_| layers.len() <= MOST_LAYERS)?;
        let spans = |window: bool| layers.iter().any(|layer| is_windowed(layer) == window);
        Some(Self {
            layers: layers.iter().map(|layer| block(model, layer)).collect::<Option<_>>()?,
            vocabulary: model.vocab_size as f64,
            tied: model.tie_word_embeddings,
            scales_embeddings: traits.graph.scales_embeddings,
            scales_apart: form.scales,
            head_dim: model.head_dim as f64,
            caps_logits: form.softcap,
            masks: f64::from(u8::from(spans(true)) + u8::from(spans(false))),
        })
    }

    /// Whether a run's adapters are those that a program is written for: not of experts, whose adapters are multiplied out.
    pub(super) fn runs(&self, task: Task, training: &Training) -> bool {
        let experts = |layer: &BlockProgram| matches!(layer.feed_forward, FeedForwardProgram::Experts(_));
        let adapts = task != Task::Full && training.lora_targets == LoraTargets::AllLinear;
        !(adapts && self.layers.iter().any(experts))
    }

    /// One step of a part.
    pub(super) fn replay(&self, part: &ProgramPart, states: &States) -> Replayed {
        let recipe = recipe(part, states);
        let of = |layers: &[BlockProgram]| replay(&self.stage(part, layers), &recipe);
        let layers = self.layers(part);
        match few(&layers) {
            Some(Few { fewer, longer, more }) => of(longer).with_more(&of(fewer), more),
            None => of(&layers),
        }
    }

    /// What lies there at the highest instant of a phase: how many of each.
    pub(super) fn lying(&self, part: &ProgramPart, states: &States, phase: TrainingPhase) -> Vec<(Lying, f64)> {
        let recipe = recipe(part, states);
        let of = |layers: &[BlockProgram]| counted(lying(&self.stage(part, layers), &recipe, phase));
        let layers = self.layers(part);
        let Some(Few { fewer, longer, more }) = few(&layers) else { return of(&layers) };
        let known = of(fewer);
        let count = |one: &Lying| known.iter().find(|(other, _)| one == other).map_or(0.0, |(_, count)| *count);
        of(longer).into_iter().map(|(one, there)| (one, there + more * (there - count(&one)))).collect()
    }

    /// The layers of a part, with adapters where they are asked for.
    fn layers(&self, part: &ProgramPart) -> Vec<BlockProgram> {
        let count = usize::try_from(part.layers).unwrap_or(usize::MAX);
        let skipped = if part.embedding { 0 } else { self.layers.len().saturating_sub(count) };
        let mut layers: Vec<BlockProgram> = self.layers.iter().skip(skipped).take(count).copied().collect();
        for layer in &mut layers {
            let all = part.training.lora_targets == LoraTargets::AllLinear;
            if let FeedForwardProgram::Mlp(mlp) = &mut layer.feed_forward {
                mlp.adapted = all;
            }
            match &mut layer.mixer {
                MixerProgram::Attention(attention) => {
                    attention.adapts = [true, part.training.lora_targets != LoraTargets::QueryValue];
                }
                MixerProgram::ShortConvolution(convolution) => convolution.adapted = all,
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

/// Layers that are all alike: what one more adds is told from few.
struct Few<'a> {
    fewer: &'a [BlockProgram],
    /// One more than that.
    longer: &'a [BlockProgram],
    /// How many there are beside those.
    more: f64,
}

fn few(layers: &[BlockProgram]) -> Option<Few<'_>> {
    let alike = layers.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
    let (fewer, longer) = (layers.get(..FEW - 1)?, layers.get(..FEW)?);
    alike.then(|| Few { fewer, longer, more: (layers.len() - FEW) as f64 })
}

fn counted(lying: Vec<Lying>) -> Vec<(Lying, f64)> {
    let mut counted: Vec<(Lying, f64)> = Vec::new();
    for one in lying {
        match counted.iter_mut().find(|(known, _)| *known == one) {
            Some((_, count)) => *count += 1.0,
            None => counted.push((one, 1.0)),
        }
    }
    counted
}

const fn is_windowed(layer: &Layer) -> bool {
    matches!(layer.mixer, Mixer::Attention(attention) if matches!(attention.span, Span::Window(_)))
}

fn block(model: &Model, layer: &Layer) -> Option<BlockProgram> {
    let traits = model.architecture.traits();
    let (form, hidden) = (traits.training.program?, model.hidden_size as f64);
    let norm = match () {
        () if traits.graph.layer_norm => NormKind::Layer,
        () => match form.norm {
            NormProduct::Narrow => NormKind::Rms,
            NormProduct::Wide => NormKind::RmsWide,
            NormProduct::WidePlusOne => NormKind::RmsPlusOne,
        },
    };
    Some(BlockProgram {
        hidden,
        norm,
        placed: match traits.tensors.norms {
            BlockNorms::Before | BlockNorms::BeforeAsPostAttention => Placed::Before,
            BlockNorms::After => Placed::After,
            BlockNorms::Around => Placed::Around,
            BlockNorms::One => Placed::Once,
        },
        mixer: mixer(model, layer, norm)?,
        feed_forward: feed_forward(model, layer)?,
        drops: traits.graph.layer_norm && !traits.layers.gated,
        scales: form.scales,
    })
}

fn feed_forward(model: &Model, layer: &Layer) -> Option<FeedForwardProgram> {
    let (form, hidden) = (model.architecture.traits().training.program?, model.hidden_size as f64);
    match layer.feed_forward {
        FeedForward::Dense { width, gated, fused } => {
            let width = width as f64;
            Some(FeedForwardProgram::Mlp(MlpProgram { hidden, width, gated, fused, adapted: true }))
        }
        FeedForward::Experts { experts, experts_per_token, width, shared_width: 0, gated } => {
            Some(FeedForwardProgram::Experts(ExpertsProgram {
                hidden,
                experts: experts as f64,
                chosen: experts_per_token as f64,
                width: width as f64,
                gated,
                wide_weights: form.wide_router,
            }))
        }
        FeedForward::None | FeedForward::Experts { .. } => None,
    }
}

fn mixer(model: &Model, layer: &Layer, norm: NormKind) -> Option<MixerProgram> {
    let traits = model.architecture.traits();
    let (form, hidden) = (traits.training.program?, model.hidden_size as f64);
    match layer.mixer {
        Mixer::Attention(attention) if attention.key_dim == attention.value_dim => {
            Some(MixerProgram::Attention(AttentionProgram {
                hidden,
                heads: attention.heads as f64,
                kv_heads: attention.kv_heads as f64,
                head_dim: attention.key_dim as f64,
                norm,
                head_norm: match form.head_norms.unwrap_or(traits.tensors.projections.norms) {
                    Norms::None => HeadNorm::None,
                    Norms::Head | Norms::EveryHead => HeadNorm::Each,
                    Norms::All => HeadNorm::All,
                },
                turns: true,
                softcap: form.softcap,
                fused: traits.tensors.projections.fused,
                gated: traits.graph.gated_attention,
                adapts: [true; 2],
            }))
        }
        Mixer::Recurrent(recurrent) if recurrent.kind == RecurrenceKind::ShortConvolution => {
            let kernel = model.recurrent?.conv_kernel as f64;
            Some(MixerProgram::ShortConvolution(ShortConvolutionProgram { hidden, kernel, adapted: true }))
        }
        _ => None,
    }
}

fn recipe(part: &ProgramPart, states: &States) -> Recipe {
    let training = &part.training;
    let method = TrainingMethod::of(part.task, training);
    let tensor = part.tensor as f64;
    Recipe {
        full: part.task == Task::Full,
        quantized: method.is_unpacked(),
        autocast: training.precision == Precision::Amp,
        width: states.base_width as f64,
        adapter_width: states.trained_width as f64,
        rank: f64::from(training.lora_rank),
        scores: method.scores,
        keeps: method.keeps,
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
