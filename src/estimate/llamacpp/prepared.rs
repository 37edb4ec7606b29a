//! What depends on the model and its quantization alone: computed once, read by every estimate.

use std::ops::Range;

use super::cache::{CacheBytes, Cells, Side};
use super::graph::builder::{Weight, WeightPlace};
use super::reads::ReadSums;
use super::rules::{Rules, RulesId, Sent};
use super::tensor::{Place, Tensor, TensorKind};
use super::tensor_types::{self, MixContext};
use super::weights::WeightSums;
use super::{block::BlockType, layout};
use crate::catalog::model::{Model, ModelIdentity};
use crate::catalog::quantization::Quantization;
use crate::model::layers::{FeedForward, Layer, Mixer, Span};

/// A model in one quantization, ready for placement.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The model that this was made of.
    pub model: ModelIdentity,
    pub quantization: Quantization,
    /// The rules that say which tensors lie elsewhere than their layers.
    pub rules: RulesId,
    /// Those tensors.
    pub sent: Sent,
    /// The layers in normal form.
    pub layers: Vec<Layer>,
    /// The weights, summed.
    pub weights: WeightSums,
    /// What a token reads of them.
    pub reads: ReadSums,
    /// What share of a transformer block one layer is: half where mixers and feed-forward parts are layers of their own.
    pub block_share: f64,
    /// The tensors of each layer as the graph needs them.
    pub layer_tensors: Vec<Vec<Weight>>,
    /// The tensors of the output layer.
    pub output_tensors: Vec<Weight>,
    /// For each layer, the first layer with the same shape and tensors.
    pub alike: Vec<u32>,
    /// For each layer, the first layer with the same shape, tensors and sizes.
    pub same: Vec<u32>,
    /// Entry `i`: inputs and outputs of the matrices with an adapter in the layers before `i`.
    adapted: Box<[u64]>,
    /// Kinds of mixer, and how many layers before each layer have each.
    mixers: Vec<Mixer>,
    mixers_before: Vec<u32>,
}

impl Prepared {
    /// `model` in `quantization`, or `None` where its tensors cannot be laid out from known facts.
    pub(super) fn new(model: &Model, quantization: Quantization) -> Option<Self> {
        Self::placed(model, quantization, None)
    }

    /// The same with tensors where these rules send them.
    pub(super) fn placed(model: &Model, quantization: Quantization, rules: Option<&Rules>) -> Option<Self> {
        let layers = model.layers()?;
        let count = u32::try_from(layers.len()).ok()?;
        let (tensors, types) = tensors(model, count, quantization)?;
        let place = |(tensor, kind): (&Tensor, &BlockType)| {
            rules.map_or(WeightPlace::WithLayer, |rules| rules.place_of(tensor, *kind))
        };
        let places: Vec<WeightPlace> = tensors.iter().zip(&types).map(place).collect();
        let sent = Sent::of(&tensors, &types, &places, rules.is_some_and(Rules::by_hand));
        let mut layer_tensors = vec![Vec::new(); layers.len()];
        let mut output_tensors = Vec::new();
        for ((tensor, kind), place) in tensors.iter().zip(&types).zip(&places) {
            let weight = Weight {
                kind: tensor.kind,
                is_bias: tensor.bias,
                width: tensor.ne[0],
                bytes: kind.device_bytes(tensor.ne),
                place: *place,
            };
            match tensor.place {
                Place::Layer(layer) => {
                    layer_tensors.get_mut(layer as usize).into_iter().for_each(|layer| layer.push(weight));
                }
                Place::Output => output_tensors.push(weight),
                Place::Input => {}
            }
        }
        add_tied_output(&tensors, &types, &places, &mut output_tensors);
        let kinds =
            |index: usize| layer_tensors[index].iter().map(|weight| (weight.kind, weight.is_bias, weight.place));
        let alike = first_of(layers.len(), |a, b| layers[a] == layers[b] && kinds(a).eq(kinds(b)));
        let same = first_of(layers.len(), |a, b| layers[a] == layers[b] && layer_tensors[a] == layer_tensors[b]);
        let of_full_layers = model.architecture.traits().config.own_rope_factors;
        let reads_factors = |layer: &Layer| match layer.mixer {
            Mixer::Attention(attention) => !of_full_layers || attention.span == Span::Full,
            Mixer::None | Mixer::Recurrent(_) => !of_full_layers,
        };
        let read_factors: Vec<bool> = layers.iter().map(reads_factors).collect();
        let weights = WeightSums::with_types(&tensors, &types, &places, &read_factors);
        let block_share = block_share(&layers);
        let reads = ReadSums::new(&tensors, &types, &places, count);
        let (mixers, mixers_before) = count_mixers(&layers);
        Some(Self {
            model: model.identity(),
            quantization,
            rules: rules.map_or_else(RulesId::default, |rules| rules.id),
            sent,
            layers,
            weights,
            reads,
            block_share,
            layer_tensors,
            output_tensors,
            alike,
            same,
            adapted: adapted(&tensors, count),
            mixers,
            mixers_before,
        })
    }

    /// Repeating layers.
    pub(super) fn layer_count(&self) -> u32 {
        self.weights.layers()
    }

    /// Inputs and outputs of the matrices of these layers that have an adapter.
    pub(super) fn adapted(&self, layers: Range<u32>) -> u64 {
        let before = |layer: u32| self.adapted.get(layer as usize).or_else(|| self.adapted.last());
        let [start, end] = [layers.start, layers.end].map(|layer| before(layer).copied().unwrap_or(0));
        end.saturating_sub(start)
    }

    /// Caches of these layers. `sizes` come from [`Self::cache_sizes`].
    pub(super) fn caches(&self, layers: Range<u32>, sizes: &[CacheBytes]) -> CacheBytes {
        let kinds = self.mixers.len();
        let last = self.layer_count();
        let at = |layer: u32| &self.mixers_before[layer.min(last) as usize * kinds..][..kinds];
        let mut sum = CacheBytes::default();
        for ((before, after), size) in at(layers.start).iter().zip(at(layers.end)).zip(sizes) {
            let count = u64::from(after.saturating_sub(*before));
            sum.kv += count * size.kv;
            sum.recurrent += count * size.recurrent;
        }
        sum
    }

    /// Each kind of mixer among these layers, and how many of them have it.
    pub(super) fn mixers(&self, layers: Range<u32>) -> impl Iterator<Item = (&Mixer, u32)> {
        let kinds = self.mixers.len();
        let last = self.layer_count();
        let at = |layer: u32| &self.mixers_before[layer.min(last) as usize * kinds..][..kinds];
        let counts = at(layers.start).iter().zip(at(layers.end));
        self.mixers.iter().zip(counts).map(|(mixer, (before, after))| (mixer, after.saturating_sub(*before)))
    }

    /// What one layer of each kind of mixer caches on this side.
    pub(super) fn cache_sizes(&self, cells: &Cells, side: Side) -> Vec<CacheBytes> {
        self.mixers.iter().map(|mixer| cells.mixer_bytes(mixer, side)).collect()
    }
}

/// The tensors and their types: those of the file the model was read from, or those that its quantization makes.
fn tensors(model: &Model, layers: u32, quantization: Quantization) -> Option<(Vec<Tensor>, Vec<BlockType>)> {
    if !model.file_tensors.is_empty() {
        return layout::file::read(&model.file_tensors);
    }
    let tensors = layout::tensors(model)?;
    let types = tensor_types::types(&tensors, layers, MixContext::of(model), quantization);
    Some((tensors, types))
}

/// Sums of inputs and outputs of the matrices with an adapter.
fn adapted(tensors: &[Tensor], layers: u32) -> Box<[u64]> {
    let mut before = vec![0; layers as usize + 1].into_boxed_slice();
    for tensor in tensors.iter().filter(|tensor| tensor.kind.is_adapted() && !tensor.bias) {
        if let Place::Layer(layer) = tensor.place
            && let Some(sum) = before.get_mut(layer as usize + 1)
        {
            *sum += tensor.ne[0] + tensor.ne[1];
        }
    }
    let mut sum = 0;
    for sides in &mut before {
        sum += *sides;
        *sides = sum;
    }
    before
}

/// A model whose layers are a mixer or a feed-forward part alone has half a block in each.
fn block_share(layers: &[Layer]) -> f64 {
    let halves = layers.iter().filter(|layer| layer.mixer == Mixer::None || layer.feed_forward == FeedForward::None);
    if halves.count() * 2 > layers.len() { 0.5 } else { 1.0 }
}

/// Tied embeddings serve as output matrix, too.
fn add_tied_output(tensors: &[Tensor], types: &[BlockType], places: &[WeightPlace], output: &mut Vec<Weight>) {
    if output.iter().any(|weight| weight.kind == TensorKind::Output && !weight.is_bias) {
        return;
    }
    let mut all = tensors.iter().zip(types).zip(places);
    let embeddings = all.find(|((tensor, _), _)| tensor.kind == TensorKind::TokenEmbd);
    output.extend(embeddings.map(|((tensor, kind), place)| Weight {
        kind: TensorKind::Output,
        is_bias: false,
        width: tensor.ne[0],
        bytes: kind.device_bytes(tensor.ne),
        place: *place,
    }));
}

/// For each of `count` items the first one that equals it.
fn first_of(count: usize, equal: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let mut firsts: Vec<usize> = Vec::new();
    (0..count)
        .map(|index| {
            let first = firsts.iter().copied().find(|first| equal(*first, index)).unwrap_or_else(|| {
                firsts.push(index);
                index
            });
            u32::try_from(first).unwrap_or(u32::MAX)
        })
        .collect()
}

fn count_mixers(layers: &[Layer]) -> (Vec<Mixer>, Vec<u32>) {
    let mut kinds: Vec<Mixer> = Vec::new();
    for layer in layers {
        if !kinds.contains(&layer.mixer) {
            kinds.push(layer.mixer);
        }
    }
    let mut running = vec![0_u32; kinds.len()];
    let mut before = running.clone();
    for layer in layers {
        for (count, kind) in running.iter_mut().zip(&kinds) {
            *count += u32::from(*kind == layer.mixer);
        }
        before.extend_from_slice(&running);
    }
    (kinds, before)
}
