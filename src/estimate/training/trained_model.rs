//! A model as training sees it: the tensors of its checkpoint, and the dimensions that the laws are written over.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use ahash::AHashMap;

use super::dim::{Dim, Dims};
use super::family::{self, Family};
use super::latent::LatentDims;
use super::layer_dims::LayerDims;
use super::program::{ModelProgram, ProgramPart};
use super::replay::{Replayed, Walk};
use super::reserved::{ReserveKey, Reserved};
use super::states::States;
use super::tensor_groups::{TensorGroup, TrainingRole, by_shape, placed};
use crate::catalog::model::Model;
use crate::model::layers::{FeedForward, Mixer};
use crate::model::layout;
use crate::model::tensor::Place;
use crate::plan::bounds::MEMORY_BYTES;
use crate::plan::{LoraTargets, LossMethod, Task, Training, TrainingAttention};

/// Chunks of torchtune's loss (`num_output_chunks`), along each sequence.
const LOSS_CHUNKS: u64 = 8;

/// Replayed steps that are remembered of a model.
const REPLAYS: usize = 1 << 10;

/// A model as training sees it.
#[derive(Debug)]
pub(in crate::estimate) struct TrainedModel {
    pub(super) family: Family,
    /// The laws were read off this family itself.
    pub(super) derived: bool,
    /// All tensors, by shape; and each by itself.
    pub(super) groups: Vec<TensorGroup>,
    tensors: Vec<(Place, TensorGroup)>,
    pub(super) parameters: u64,
    pub(super) layers: u64,
    pub(super) hidden_size: u64,
    pub(super) vocabulary: u64,
    pub(super) head_dim: u64,
    pub(super) tied: bool,
    /// Head counts and MLP widths of the layers, each once.
    pub(super) heads: Vec<u64>,
    pub(super) widths: Vec<u64>,
    pub(super) layer: LayerDims,
    /// What latent attention has instead, in its family.
    latent: Option<LatentDims>,
    /// What is replayed, where a program is written for it.
    pub(super) program: Option<ModelProgram>,
    replays: RefCell<AHashMap<ProgramPart, Replayed>>,
    /// The walk of the step that was replayed last.
    walk: RefCell<Option<(ProgramPart, Rc<Walk>)>>,
    /// What the allocator reserves, by run; `None` = the card has not so much.
    reserved: RefCell<AHashMap<ReserveKey, Option<Reserved>>>,
}

impl TrainedModel {
    /// `model`, or `None` where its tensors cannot be laid out.
    pub(in crate::estimate) fn new(model: &Model) -> Option<Self> {
        let (layers, tensors) = (model.common_layers()?, layout::tensors(model)?);
        let (family, derived) = family::of_model(model, &layers);
        let mut heads: Vec<u64> = Vec::new();
        let mut widths: Vec<u64> = Vec::new();
        for layer in &layers {
            match layer.mixer {
                Mixer::Attention(attention) => heads.push(attention.heads),
                Mixer::Recurrent(recurrent) => heads.push(recurrent.heads),
                Mixer::None => {}
            }
            match layer.feed_forward {
                FeedForward::Dense { width, .. } | FeedForward::Experts { width, .. } => widths.push(width),
                FeedForward::None => {}
            }
        }
        heads.dedup();
        widths.dedup();
        let tensors = placed(model, &tensors);
        let groups = by_shape(tensors.iter().map(|(_, tensor)| *tensor));
        let parameters = groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(group.checked_parameters()?));
        Some(Self {
            family,
            derived,
            groups,
            tensors,
            // With so many all that is counted from them fits into 64 bits.
            parameters: parameters.filter(|parameters| *parameters <= *MEMORY_BYTES.end())?,
            layers: layers.len() as u64,
            hidden_size: model.hidden_size,
            vocabulary: model.vocab_size,
            head_dim: model.mla.map_or(model.head_dim, |mla| mla.qk_rope_head_dim),
            tied: model.tie_word_embeddings,
            heads,
            widths,
            latent: LatentDims::of(model, &layers).filter(|_| family == Family::Deepseek),
            layer: LayerDims::of(&layers),
            program: ModelProgram::of(model, &layers),
            replays: RefCell::default(),
            walk: RefCell::default(),
            reserved: RefCell::default(),
        })
    }

    /// The tensors of one of `stages` of a pipeline, by shape.
    pub(super) fn of_stage(&self, stages: u64, stage: u64) -> Cow<'_, [TensorGroup]> {
        if stages <= 1 {
            return Cow::Borrowed(&self.groups);
        }
        Cow::Owned(by_shape(self.tensors_of_stage(stages, stage).into_iter().map(|(_, tensor)| tensor)))
    }

    /// The tensors of one of `stages` of a pipeline, one by one.
    pub(super) fn tensors_of_stage(&self, stages: u64, stage: u64) -> Vec<(Place, TensorGroup)> {
        let (each, last) = ((self.layers / stages).max(1), stages - 1);
        let stage_of = |place: Place| match place {
            Place::Input => 0,
            Place::Layer(index) => (u64::from(index) / each).min(last),
            Place::Output => last,
        };
        let own = self.tensors.iter().filter(|(place, _)| stage_of(*place) == stage);
        // The last stage has its own copy of an embedding that is the output matrix as well.
        let copy = self.tensors.iter().filter(|(_, tensor)| tensor.role == TrainingRole::Embedding);
        own.chain(copy.filter(|_| self.tied && stage == last && stages > 1)).copied().collect()
    }

    /// A step of a part of the model, replayed the first time; `None` without a program.
    pub(super) fn replayed(&self, part: &ProgramPart, states: &States) -> Option<Replayed> {
        let program = self.program.as_ref()?;
        let mut replays = self.replays.borrow_mut();
        if replays.len() > REPLAYS {
            replays.clear();
        }
        Some(*replays.entry(*part).or_insert_with(|| {
            let (replayed, walk) = program.replay(part, states);
            *self.walk.borrow_mut() = Some((*part, Rc::new(walk)));
            replayed
        }))
    }

    /// What a step of a part of the model takes and gives back; `None` without a program.
    pub(super) fn walk(&self, part: &ProgramPart, states: &States) -> Option<Rc<Walk>> {
        let program = self.program.as_ref()?;
        let last = self.walk.borrow().as_ref().filter(|(known, _)| known == part).map(|(_, walk)| Rc::clone(walk));
        Some(last.unwrap_or_else(|| {
            let walk = Rc::new(program.replay(part, states).1);
            *self.walk.borrow_mut() = Some((*part, Rc::clone(&walk)));
            walk
        }))
    }

    /// What the allocator reserves in a run, found the first time.
    pub(super) fn reserved(&self, key: ReserveKey, find: impl FnOnce() -> Option<Reserved>) -> Option<Reserved> {
        if let Some(known) = self.reserved.borrow().get(&key) {
            return *known;
        }
        let found = find();
        let mut reserved = self.reserved.borrow_mut();
        if reserved.len() > REPLAYS {
            reserved.clear();
        }
        reserved.insert(key, found);
        found
    }

    /// Keys and values come from a latent.
    pub(super) const fn is_latent(&self) -> bool {
        self.latent.is_some()
    }

    /// The family of a run, and whether the laws were read off just this.
    pub(super) fn family_for(&self, task: Task, training: &Training) -> (Family, bool) {
        let targets = if task == Task::Full { LoraTargets::AllLinear } else { training.lora_targets };
        let (family, same) = self.family.with(targets);
        // With a mask flash attention gives way to one that pads no values.
        let masked = training.padding_mask && training.attention == TrainingAttention::Flash && self.latent.is_some();
        (family, same && self.derived && !masked)
    }

    /// The dimensions of the laws for one micro-batch.
    pub(super) fn dims(&self, training: &Training) -> Dims {
        let dims = Dims::NONE
            .with(Dim::Tokens, training.sequence_length as f64 * f64::from(training.micro_batch))
            .with(Dim::LossChunk, self.loss_chunk(training) as f64)
            .with(Dim::SequenceLength, training.sequence_length as f64)
            .with(Dim::HiddenSize, self.hidden_size as f64)
            .with(Dim::HeadDim, self.head_dim as f64)
            .with(Dim::Vocabulary, self.vocabulary as f64)
            .with(Dim::LoraRank, f64::from(training.lora_rank));
        let dims = self.layer.beside(dims);
        self.latent.map_or(dims, |latent| latent.instead_of(dims))
    }

    /// Tokens whose logits are calculated at a time.
    pub(super) fn loss_chunk(&self, training: &Training) -> u64 {
        let batch = u64::from(training.micro_batch);
        let tokens = training.sequence_length.saturating_mul(batch);
        match training.loss {
            LossMethod::Standard | LossMethod::WithoutOutputs => tokens,
            // As many tokens' logits as take about the room of all hidden states (Liger's `chunk_size`).
            LossMethod::Fused => {
                let wider = self.vocabulary.div_ceil(self.hidden_size.max(1)).max(1);
                tokens.div_ceil(wider).next_power_of_two().min(tokens)
            }
            LossMethod::Chunked => training.sequence_length.div_ceil(LOSS_CHUNKS).saturating_mul(batch),
        }
    }
}
