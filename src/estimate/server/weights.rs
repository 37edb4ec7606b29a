//! Weights of one rank: what each format leaves unquantized, what is cut and what every rank holds whole.
//!
//! Measured on vLLM 0.19.0 (61 logs): within 0.6 % of what it prints for text models in BF16, FP8, INT8 and 4 bits.

use super::reads::ServerReads;
use super::stages::Stage;
use super::tensor_rules::{RankCut, cut, is_computed, is_cut_by_inputs, is_quantized};
use crate::catalog::model::{Dtype, Model};
use crate::catalog::quantization::Quantization;
use crate::estimate::explanation::{Quantity as Q, Term};
use crate::model::architectures::PositionTables;
use crate::model::layers::{FeedForward, Layer, Mixer};
use crate::model::layout;
use crate::model::tensor::{Place, Tensor, TensorKind};
use crate::text::Key;

/// Bits of an element that is not quantized.
const PLAIN_BITS: f64 = 16.0;
/// Rows and columns to which kernels pad experts in MXFP4 (Marlin: the residual stream to 256, a rank's share of the
/// inner width to 128; vLLM 0.33.0, `quantization/mxfp4.py`).
const MXFP4_HIDDEN: u64 = 256;
const MXFP4_WIDTH: u64 = 128;
/// Rows of the table of a model whose positions run over images and videos, per position (`MRotaryEmbedding`).
const VIDEO_STRETCH: u64 = 4;

/// A model's weights in one format, ready to be cut.
#[derive(Debug)]
pub(crate) struct ServerWeights {
    /// Parameters, vision and audio towers included.
    pub parameters: u64,
    /// The layers in normal form.
    pub layers: Vec<Layer>,
    /// Bytes that are cut evenly.
    even: f64,
    /// Bytes of towers for pictures and sound, cut evenly.
    towers: f64,
    /// Bytes that are not in the checkpoint and cut evenly: the absorbed form of latent attention.
    copies: f64,
    /// Bytes that lie on every rank.
    whole: f64,
    /// Bytes of keys and values by how many heads there are.
    heads: Vec<(u64, f64)>,
    /// Experts in MXFP4, which kernels pad.
    padded: Vec<Padded>,
    /// What is stored alike.
    stored: Vec<StoredWeights>,
    /// Elements of an adapter of rank one on every rank, and those that ranks share.
    adapter: AdapterElements,
    /// Bytes of the layers alone, before ranks share them; experts in MXFP4 as they are padded.
    layer_bytes: f64,
    /// Bytes of the tables of positions, on every rank.
    pub rope: f64,
    /// What a decode step reads of all this.
    pub reads: ServerReads,
}

/// An adapter of rank one on all linear layers, experts counted: a row of inputs and one of outputs each.
///
/// The side that the matrix itself is cut along is cut with it, the other lies whole on each rank. Source: `lora/layers` of
/// vLLM 0.33.0 (`fully_sharded_loras` off); every slot is set aside in 16 bits at the largest rank.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct AdapterElements {
    whole: f64,
    cut: f64,
}

impl AdapterElements {
    fn add(&mut self, tensor: &Tensor) {
        if !is_quantized(tensor) {
            return;
        }
        let experts = tensor.ne[2].max(1) as f64;
        let (inputs, outputs) = (tensor.ne[0] as f64 * experts, tensor.ne[1] as f64 * experts);
        let by_inputs = is_cut_by_inputs(tensor.kind);
        self.whole += if by_inputs { outputs } else { inputs };
        self.cut += if by_inputs { inputs } else { outputs };
    }
}

/// Weights of as many bits each.
#[derive(Debug, Clone, Copy, PartialEq)]
struct StoredWeights {
    name: Key,
    bits: f64,
    elements: u64,
}

/// Matrices of experts of one shape.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Padded {
    hidden: u64,
    width: u64,
    matrices: u64,
}

/// Bits of an element in quantized matrices and in experts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bits {
    linear: f64,
    experts: f64,
    plain: f64,
    padded: bool,
}

impl Bits {
    fn of(model: &Model, quantization: Quantization) -> Option<Self> {
        let stored = quantization.facts()?.bits_per_weight;
        let all = |bits: f64| Self { linear: bits, experts: bits, plain: bits, padded: false };
        let quantized = Self { plain: PLAIN_BITS, ..all(stored) };
        Some(match (quantization, model.native_dtype) {
            (Quantization::fp32 | Quantization::bf16 | Quantization::fp16, _) => all(stored),
            // Only experts are stored so; attention keeps the precision of the published checkpoint.
            (Quantization::mxfp4, Some(Dtype::Fp4Experts)) => Self { linear: 8.0, padded: true, ..quantized },
            (Quantization::mxfp4, _) if model.experts.is_some() => {
                Self { linear: PLAIN_BITS, padded: true, ..quantized }
            }
            (Quantization::int4, Some(Dtype::Int4Experts)) => Self { linear: PLAIN_BITS, ..quantized },
            _ => quantized,
        })
    }

    fn tensor(self, tensor: &Tensor) -> StoredWeights {
        let (name, bits) = match tensor.kind {
            _ if !is_quantized(tensor) && self.plain == self.linear => (Key::TermMatrices, self.plain),
            _ if !is_quantized(tensor) => (Key::TermUnquantized, self.plain),
            kind if kind.is_expert() => (Key::TermExperts, self.experts),
            _ => (Key::TermMatrices, self.linear),
        };
        StoredWeights { name, bits, elements: tensor.elements() }
    }
}

impl ServerWeights {
    /// `model` in `quantization`, or `None` where its tensors cannot be laid out from known facts.
    pub(crate) fn new(model: &Model, quantization: Quantization) -> Option<Self> {
        Self::of(model, quantization, None)
    }

    /// What one stage of several holds of it.
    pub(crate) fn of_stage(model: &Model, quantization: Quantization, stage: &Stage) -> Option<Self> {
        Self::of(model, quantization, Some(stage))
    }

    fn of(model: &Model, quantization: Quantization, stage: Option<&Stage>) -> Option<Self> {
        let (bits, all, tensors) = (Bits::of(model, quantization)?, model.common_layers()?, layout::tensors(model)?);
        let layers = match stage {
            Some(stage) => all.get(stage.layers())?.to_vec(),
            None => all.clone(),
        };
        // Towers for pictures and sound lie where the tokens are read.
        let seen = model.vision.as_ref().filter(|_| stage.is_none_or(Stage::is_first));
        let vision = seen.map_or(0, crate::catalog::model::Vision::parameters);
        let mut weights = Self {
            parameters: vision,
            rope: rope_rows(model, &layers) as f64 * 2.0,
            reads: ServerReads::of(&layers),
            layers,
            even: 0.0,
            towers: vision as f64 * bits.plain / 8.0,
            adapter: AdapterElements::default(),
            layer_bytes: 0.0,
            copies: 0.0,
            whole: 0.0,
            heads: Vec::new(),
            padded: Vec::new(),
            stored: vec![StoredWeights { name: Key::TermVision, bits: bits.plain, elements: vision }],
        };
        if bits.padded {
            weights.padded = weights.layers.iter().filter_map(|layer| padded(model, layer)).collect();
            merge(&mut weights.padded);
        }
        let tied = !tensors.iter().any(|tensor| tensor.kind == TensorKind::Output && !tensor.bias);
        let held = |tensor: &&Tensor| stage.is_none_or(|stage| stage.holds(tensor, tied));
        for tensor in tensors.iter().filter(held).filter(|tensor| !is_computed(tensor.kind)) {
            weights.parameters += tensor.elements();
            let padded = bits.padded && tensor.kind.is_expert() && !tensor.bias;
            let stored = bits.tensor(tensor);
            match weights.stored.iter_mut().find(|known| (known.name, known.bits) == (stored.name, stored.bits)) {
                Some(known) => known.elements += stored.elements,
                None => weights.stored.push(stored),
            }
            let bytes = if padded { 0.0 } else { stored.bits / 8.0 };
            if !padded {
                weights.add(tensor, bytes, &all);
            }
            if matches!(tensor.place, Place::Layer(_)) {
                weights.adapter.add(tensor);
                weights.layer_bytes += tensor.elements() as f64 * bytes;
            }
            weights.reads.add(tensor, tensor.elements() as f64 * bytes, tied);
            if matches!(tensor.kind, TensorKind::AttnKB | TensorKind::AttnVB) {
                weights.copies += tensor.elements() as f64 * bits.plain / 8.0;
            }
        }
        Some(weights)
    }

    /// `layers` are those of the whole model, which tensors count by.
    fn add(&mut self, tensor: &Tensor, bytes: f64, layers: &[Layer]) {
        let all = tensor.elements() as f64 * bytes;
        let mut by_heads = |heads: u64, bytes: f64| match self.heads.iter_mut().find(|(known, _)| *known == heads) {
            Some((_, sum)) => *sum += bytes,
            None => self.heads.push((heads, bytes)),
        };
        match cut(tensor, layers) {
            RankCut::Even => self.even += all,
            RankCut::Whole => self.whole += all,
            RankCut::Heads(heads) => by_heads(heads, all),
            RankCut::Fused(heads, elements) => {
                let cached = elements.min(tensor.elements()) as f64 * bytes;
                by_heads(heads, cached);
                self.even += all - cached;
            }
        }
    }

    /// Bytes of so many slots for adapters of this rank on one of `ranks` ranks.
    pub(crate) fn adapter_bytes(&self, slots: u64, rank: u64, ranks: u64) -> f64 {
        let AdapterElements { whole, cut } = self.adapter;
        PLAIN_BITS / 8.0 * (slots * rank) as f64 * (whole + cut / ranks.max(1) as f64)
    }

    /// Bytes of routed experts on one of `ranks` ranks that other copies of the engine hold where so many share them.
    pub(crate) fn experts_elsewhere(&self, ranks: u64, copies: u32, rocm: bool) -> f64 {
        let experts = self.reads.expert_bytes / ranks.max(1) as f64 + self.padded_bytes(ranks.max(1), rocm);
        experts * (1.0 - 1.0 / f64::from(copies.max(1)))
    }

    /// Bytes of the layers alone on one of `ranks` ranks, as if all were cut evenly.
    pub(crate) fn layer_bytes(&self, ranks: u64) -> f64 {
        self.layer_bytes / ranks.max(1) as f64 + self.padded_bytes(ranks.max(1), false)
    }

    /// Bytes of towers for pictures and sound on one of `ranks` ranks.
    pub(crate) fn tower_bytes(&self, ranks: u64) -> f64 {
        self.towers / ranks.max(1) as f64
    }

    /// Bytes on one of `ranks` ranks, tables of positions included, towers left out. `rocm` pads experts further.
    pub(crate) fn rank_bytes(&self, ranks: u64, rocm: bool) -> f64 {
        let ranks = ranks.max(1);
        let heads: f64 = self.heads.iter().map(|&(heads, bytes)| bytes / ranks.min(heads.max(1)) as f64).sum();
        (self.even + self.copies) / ranks as f64 + self.whole + heads + self.padded_bytes(ranks, rocm) + self.rope
    }

    /// Bytes that one of `ranks` ranks reads in a decode step: all but routed experts, and all routed experts.
    pub(crate) fn rank_reads(&self, ranks: u64, rocm: bool) -> (f64, f64) {
        let ranks = ranks.max(1);
        let experts = self.reads.expert_bytes / ranks as f64 + self.padded_bytes(ranks, rocm);
        // Latent attention is read absorbed: one of its two forms.
        let unread = (self.reads.unread + self.copies) / ranks as f64 + self.rope;
        (self.rank_bytes(ranks, rocm) - experts - unread, experts)
    }

    /// What lies on all of `ranks` ranks together, the towers where it `sees`.
    pub(super) fn terms(&self, ranks: u64, rocm: bool, sees: bool) -> Vec<Term> {
        let times = |copies: f64, bytes: f64| Term::of(Key::TermCopies, [Q::Times.of(copies), Q::CardBytes.of(bytes)]);
        let stored = self
            .stored
            .iter()
            .filter(|it| sees || it.name != Key::TermVision)
            .map(|it| Term::of(it.name, [Q::Parameters.of(it.elements as f64), Q::BitsPerWeight.of(it.bits)]));
        let heads =
            self.heads.iter().map(|&(heads, bytes)| times(ranks as f64 / ranks.min(heads.max(1)) as f64 - 1.0, bytes));
        let unpadded = self.expert_bytes(|it| it.hidden * it.width);
        let tables = [Q::Cards.of(ranks as f64), Q::Elements.of(self.rope / 2.0), Q::ElementBytes.of(2.0)];
        let once_more = [
            times(ranks as f64 - 1.0, self.whole),
            Term::of(Key::TermAbsorbed, [Q::CardBytes.of(self.copies)]),
            Term::of(Key::TermPositions, tables),
            Term::of(Key::TermPadding, [Q::CardBytes.of(ranks as f64 * self.padded_bytes(ranks, rocm) - unpadded)]),
        ];
        stored.chain(heads).chain(once_more).collect()
    }

    /// Bytes of experts in MXFP4 on one rank, padded.
    fn padded_bytes(&self, ranks: u64, rocm: bool) -> f64 {
        let widths = if rocm { MXFP4_HIDDEN } else { MXFP4_WIDTH };
        self.expert_bytes(|it| {
            it.hidden.next_multiple_of(MXFP4_HIDDEN) * it.width.div_ceil(ranks).next_multiple_of(widths)
        })
    }

    /// Experts are in MXFP4, whose kernels pad them.
    pub(crate) const fn is_padded(&self) -> bool {
        !self.padded.is_empty()
    }

    /// Bytes of the checkpoint: nothing cut, copied or computed.
    pub(crate) fn file_bytes(&self) -> f64 {
        let heads: f64 = self.heads.iter().map(|(_, bytes)| bytes).sum();
        self.even + self.towers + self.whole + heads + self.expert_bytes(|it| it.hidden * it.width)
    }

    /// Bytes of experts in MXFP4, `elements` being those of one matrix.
    fn expert_bytes(&self, elements: impl Fn(&Padded) -> u64) -> f64 {
        let bytes = Quantization::mxfp4.facts().map_or(0.0, |facts| facts.bits_per_weight / 8.0);
        self.padded.iter().map(|it| (it.matrices * elements(it)) as f64 * bytes).sum()
    }
}

fn padded(model: &Model, layer: &Layer) -> Option<Padded> {
    let FeedForward::Experts { experts, width, gated, .. } = layer.feed_forward else { return None };
    let latent = model.experts.map_or(0, |experts| experts.moe_latent_size);
    let hidden = if latent > 0 { latent } else { model.hidden_size };
    Some(Padded { hidden, width, matrices: experts * if gated { 3 } else { 2 } })
}

fn merge(all: &mut Vec<Padded>) {
    all.dedup_by(|next, first| {
        let alike = (next.hidden, next.width) == (first.hidden, first.width);
        if alike {
            first.matrices += next.matrices;
        }
        alike
    });
}

/// Elements of the tables of sines and cosines: positions × rotated elements, one table for each kind of layer.
fn rope_rows(model: &Model, layers: &[Layer]) -> u64 {
    let traits = model.architecture.traits();
    let positions = model.max_position_embeddings.unwrap_or(0);
    let mut tables: Vec<_> = layers
        .iter()
        .filter_map(|layer| match layer.mixer {
            Mixer::Attention(attention) => Some((attention.span, attention.key_dim)),
            Mixer::None | Mixer::Recurrent(_) => None,
        })
        .collect();
    tables.sort_by_key(|(span, width)| (*width, matches!(span, crate::model::layers::Span::Full)));
    tables.dedup();
    let stretch = |full: bool| match traits.graph.positions {
        1 if full && tables.len() > 1 && positions > 32_768 => traits.server.full_stretch,
        2.. if model.vision.is_some() => VIDEO_STRETCH,
        _ => 1,
    };
    let row = |key_dim: u64| match model.mla {
        Some(mla) => mla.qk_rope_head_dim,
        None => model.rotary_dim.unwrap_or(key_dim),
    };
    let wanted = match traits.server.tables {
        PositionTables::None => 0,
        PositionTables::One => tables.len().min(1),
        PositionTables::ForEachKind => tables.len(),
    };
    let full = |span: crate::model::layers::Span| matches!(span, crate::model::layers::Span::Full);
    tables.iter().take(wanted).map(|&(span, width)| positions * stretch(full(span)) * row(width)).sum()
}
