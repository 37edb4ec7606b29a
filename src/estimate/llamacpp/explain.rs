//! Why llama.cpp's figures are what they are: the terms with the numbers put in.

use super::block::BlockType;
use super::cache::Cells;
use super::fullest_buffers;
use super::prepared::Prepared;
use crate::catalog::model::Model;
use crate::catalog::quantization::KvPrecision;
use crate::catalog::runtime::Backend;
use crate::estimate::answer::{DeviceEstimate, Estimate, Parts};
use crate::estimate::explanation::{
    Beside, Certainty, ExplainRequest, Explanation, Factor, Figure, Quantity as Q, Term, with_rest, word,
};
use crate::model::graph::builder::Adapters;
use crate::model::layers::{Attention, Cache, Mixer, Recurrent};
use crate::model::tensor::TensorKind;
use crate::plan::{Drafter, ModelChoice, Plan};
use crate::text::Key;
use crate::units::Bytes;

/// Kinds of tensors that are listed by themselves.
const LISTED: usize = 4;

/// Explains a figure of a plan that llama.cpp serves; `None` where it does not apply or is not known.
pub(in crate::estimate) fn explain(asked: &ExplainRequest<'_>) -> Option<Explanation> {
    let ExplainRequest { plan, catalog, model, figure, found } = *asked;
    let total = |part: fn(&Parts) -> Option<Bytes>| -> Option<Bytes> {
        found.devices.iter().map(|device| part(&device.parts)).chain([part(&found.host.parts)]).sum()
    };
    let sources = &catalog.runtimes().llama_cpp;
    let overhead = catalog.overhead(plan.workload.backend.unwrap_or(Backend::Cuda));
    let (result, source) = match figure {
        Figure::Weights => (total(Parts::loaded), &sources.weights),
        Figure::KvCache => (total(|parts| parts.kv_cache), &sources.kv_cache),
        Figure::RecurrentState => (total(|parts| parts.recurrent_state), &sources.recurrent_state),
        Figure::Compute => (total(Parts::working), &sources.compute),
        Figure::HostBuffers => (found.host.output, &sources.host_buffers),
        Figure::Overhead => (Some(found.overhead()), &overhead.source),
        _ => return None,
    };
    let result = Some(result?);
    let terms = match figure {
        Figure::Weights => weights(asked, result),
        Figure::KvCache => kv_cache(plan, model, result, drafted(found, |parts| parts.kv_cache)),
        Figure::RecurrentState => recurrent_state(plan, model, result, drafted(found, |parts| parts.recurrent_state)),
        Figure::Compute => compute(asked, result),
        Figure::HostBuffers => host_buffers(plan, model, result),
        _ => overheads(found),
    };
    let certainty = match figure {
        Figure::Overhead if found.warnings.contains(&crate::estimate::Warning::OwnOverhead) => Certainty::Measured,
        Figure::Overhead => Certainty::Estimate,
        _ if matches!(plan.workload.model, ModelChoice::Size(_)) => Certainty::Estimate,
        _ if plan.workload.quantization.needs_importance_matrix() => Certainty::Estimate,
        // The allocator was replayed with CUDA's rules.
        Figure::Compute if found.devices.iter().any(|device| device.backend != Backend::Cuda) => Certainty::Estimate,
        _ => Certainty::Exact,
    };
    Some(Explanation { terms, result, certainty, source: source.clone(), ..Explanation::unknown(figure) })
}

/// Cards that are alike, with the band of one.
fn overheads(found: &Estimate) -> Vec<Term> {
    let term = |devices: &[DeviceEstimate]| {
        let band = devices.first()?.overhead;
        let factors = [Q::Cards.of(devices.len() as f64), Q::CardBytes.of(band.expected.0 as f64)];
        Some(Term { beside: Beside::Band(band), ..Term::of(Key::RuntimeOverhead, factors) })
    };
    found.devices.chunk_by(|one, next| one.overhead == next.overhead).filter_map(term).collect()
}

/// The file, and what of it lies in two places or is padded.
fn weights(asked: &ExplainRequest<'_>, result: Option<Bytes>) -> Vec<Term> {
    let ExplainRequest { plan, model, found, .. } = *asked;
    let (Some(params), Some(bits), Some(file)) = (found.params, found.bits_per_weight, found.weights) else {
        return Vec::new();
    };
    let factors = [Q::Parameters.of(params as f64), Q::BitsPerWeight.of(bits)];
    let mut terms = vec![Term::product(Key::TermFile, factors, file)];
    let file_type = plan.workload.quantization.gguf().filter(|_| model.tie_word_embeddings);
    let prepared = file_type.and_then(|file_type| Prepared::new(model, file_type));
    let output =
        prepared.and_then(|it| it.output_tensors.iter().find(|it| it.kind == TensorKind::Output).map(|it| it.bytes));
    let own = plan.workload.speculation.drafter == Drafter::Mtp;
    // The file holds the model's own layer for further tokens.
    let drafter = if own { Bytes::ZERO } else { drafted(found, |parts| parts.weights) };
    let sees: Bytes =
        found.devices.iter().map(|device| device.parts.vision).chain([found.host.parts.vision]).flatten().sum();
    terms.extend(beside([(Key::TermDrafter, drafter), (Key::TermVision, sees)]));
    let server = &plan.workload.server;
    let adapted = server.max_loras.and_then(|count| Some((count, sides(plan, model)?)));
    let adapters = adapted.map(|(count, sides)| {
        let (count, rank) = (f64::from(count), f64::from(server.adapter_rank()));
        let each = Q::ElementBytes.of(Adapters::ELEMENT_BYTES as f64);
        Term::of(Key::TermAdapters, [Q::Times.of(count), Q::LoraRank.of(rank), Q::Elements.of(sides as f64), each])
    });
    let held = adapters.as_ref().map_or(Bytes::ZERO, |term| term.bytes);
    terms.extend(adapters);
    let rest = result.unwrap_or_default() - file - drafter - sees - held;
    // Embeddings stay in RAM; tied to the output they lie on a card once more.
    if let Some(bytes) = output.filter(|bytes| *bytes <= rest.0) {
        let (vocabulary, hidden) = (model.vocab_size as f64, model.hidden_size as f64);
        let bits = Q::BitsPerWeight.of(bytes as f64 * 8.0 / (vocabulary * hidden));
        let factors = [Q::Vocabulary.of(vocabulary), Q::HiddenSize.of(hidden), bits];
        terms.push(Term::product(Key::TermTiedOutput, factors, Bytes(bytes)));
    }
    with_rest(terms, Key::TermCopies, result, 0.0)
}

/// Inputs and outputs of the model's matrices with an adapter.
fn sides(plan: &Plan, model: &Model) -> Option<u64> {
    let prepared = Prepared::new(model, plan.workload.quantization.gguf()?)?;
    Some(prepared.adapted(0..prepared.layer_count()))
}

/// What each kind of attention layer keeps, and what devices pad it with.
fn kv_cache(plan: &Plan, model: &Model, result: Option<Bytes>, drafter: Bytes) -> Vec<Term> {
    let workload = &plan.workload;
    let block = |precision: KvPrecision| precision.block_type();
    let (Some(key), Some(value), Some(layers)) =
        (block(workload.kv_cache.k), block(workload.kv_cache.v), model.layers())
    else {
        return Vec::new();
    };
    let cells = Cells::of(workload, key, value).for_layers(&layers, workload.flash_attention);
    let kinds = counted(layers.iter().filter_map(|layer| match layer.mixer {
        Mixer::Attention(attention) => Some(attention),
        Mixer::None | Mixer::Recurrent(_) => None,
    }));
    let terms = kinds.iter().flat_map(|(attention, count)| attention_terms(&cells, attention, *count));
    with_rest(terms.chain(beside([(Key::TermDrafter, drafter)])).collect(), Key::TermPadding, result, 0.0)
}

fn attention_terms(cells: &Cells, attention: &Attention, layers: u64) -> Vec<Term> {
    let rows = cells.per_stream(attention.span);
    let term = |name: Key, times: u64, width: &[Factor], block: BlockType| {
        let elements = width.iter().map(|factor| factor.value).product::<f64>();
        let bytes = times * layers * block.tensor_bytes([whole(elements), rows, cells.streams]);
        let twice = (times > 1).then(|| Q::KeysAndValues.of(times as f64));
        let cache = [Q::Tokens.of(rows as f64), Q::Sequences.of(cells.streams as f64)];
        let factors = twice.into_iter().chain([Q::Layers.of(layers as f64)]).chain(width.iter().copied());
        let each = Q::ElementBytes.of(block.bits() / 8.0);
        Term::product(name, factors.chain(cache).chain([each]), Bytes(bytes))
    };
    let heads = |dim: u64| [Q::KvHeads.of(attention.kv_heads as f64), Q::HeadDim.of(dim as f64)];
    let mut terms = match attention.cache {
        Cache::Shared => return Vec::new(),
        Cache::Compressed { ratio } => return compressed_terms(cells, attention, ratio, layers),
        Cache::Latent { width, .. } => vec![term(Key::TermKeys, 1, &[Q::Width.of(width as f64)], cells.key)],
        Cache::KeyValue => {
            let own = attention.kv_heads * attention.value_dim;
            let widened = cells.value_elements(attention);
            if attention.key_dim == attention.value_dim && cells.key == cells.value && widened == own {
                vec![term(Key::TermKeysAndValues, 2, &heads(attention.key_dim), cells.key)]
            } else {
                let wide = [Q::Width.of(widened as f64)];
                let narrow = heads(attention.value_dim);
                let values: &[Factor] = if widened == own { &narrow } else { &wide };
                vec![
                    term(Key::TermKeys, 1, &heads(attention.key_dim), cells.key),
                    term(Key::TermValues, 1, values, cells.value),
                ]
            }
        }
    };
    if attention.index_dim > 0 {
        let width = |dim: u64| [Q::HeadDim.of(dim as f64)];
        terms.push(term(Key::TermIndexKeys, 1, &width(attention.index_dim), cells.key));
        if attention.cache == Cache::KeyValue {
            terms.push(term(Key::TermIndexValues, 1, &width(attention.value_dim), cells.value));
        }
    }
    terms
}

/// A window, and behind it one row for every so many tokens with what an indexer chooses by.
fn compressed_terms(cells: &Cells, attention: &Attention, ratio: u64, layers: u64) -> Vec<Term> {
    let apart = cells.apart();
    let term = |name: Key, rows: u64, dim: u64| {
        let bytes = layers * cells.key.tensor_bytes([dim, rows, apart.streams]);
        let cache = [Q::Tokens.of(rows as f64), Q::Sequences.of(apart.streams as f64)];
        let factors = [Q::Layers.of(layers as f64), Q::HeadDim.of(dim as f64)];
        let each = Q::ElementBytes.of(cells.key.bits() / 8.0);
        Term::product(name, factors.into_iter().chain(cache).chain([each]), Bytes(bytes))
    };
    let mut terms = vec![term(Key::TermKeys, apart.per_stream(attention.span), attention.key_dim)];
    if ratio > 0 {
        terms.push(term(Key::TermCompressedKeys, cells.compressed(ratio), attention.key_dim));
        if attention.index_dim > 0 {
            terms.push(term(Key::TermIndexKeys, cells.compressed(ratio), attention.index_dim));
        }
    }
    terms
}

/// What each kind of recurrent layer keeps of every sequence, in FP32; of compressed attention, the tokens that are not yet.
fn recurrent_state(plan: &Plan, model: &Model, result: Option<Bytes>, drafter: Bytes) -> Vec<Term> {
    let layers = model.layers().unwrap_or_default();
    let kinds = counted(layers.iter().filter_map(|layer| match layer.mixer {
        Mixer::Recurrent(Recurrent { convolution_elements, state_elements, .. }) => {
            Some((convolution_elements, state_elements))
        }
        Mixer::Attention(attention) => Some((0, Cells::compressor_elements(&attention))),
        Mixer::None => None,
    }));
    // One state for each token that is guessed and may be taken back.
    let kept = if model.architecture.traits().rolls_back && plan.workload.speculation.drafter == Drafter::Mtp {
        1.0 + f64::from(plan.workload.speculation.ahead(plan.workload.runtime))
    } else {
        1.0
    };
    let sequences = f64::from(plan.workload.sequences);
    let terms = kinds.iter().filter(|((convolution, state), _)| convolution + state > 0).flat_map(
        |((convolution, state), count)| {
            [(Key::TermConvolution, *convolution), (Key::TermState, *state)].map(|(name, elements)| {
                let factors =
                    [Q::Layers.of(*count as f64), Q::Elements.of(elements as f64), Q::Sequences.of(sequences)];
                let copies = (kept > 1.0).then(|| Q::Times.of(kept));
                Term::of(name, factors.into_iter().chain(copies).chain([Q::ElementBytes.of(4.0)]))
            })
        },
    );
    with_rest(terms.chain(beside([(Key::TermDrafter, drafter)])).collect(), Key::TermPadding, result, 0.0)
}

/// What lies in all compute buffers, each at its fullest: the largest kinds of tensors, the smaller ones by what they are
/// to the model, and the gaps between the allocator's places.
fn compute(asked: &ExplainRequest<'_>, result: Option<Bytes>) -> Vec<Term> {
    let Some(all) = result else { return Vec::new() };
    let buffers = fullest_buffers(asked.plan, asked.catalog, asked.model, asked.found);
    let mut kinds = counted(buffers.iter().flatten().map(|one| (one.role, one.ne, one.bytes)));
    kinds.sort_by_key(|((_, _, bytes), count)| std::cmp::Reverse(bytes * count));
    // Less than one part in a hundred is not listed by itself.
    let large = kinds.iter().take(LISTED).take_while(|((_, _, bytes), count)| bytes * count >= all.0 / 100).count();
    let (large, small) = kinds.split_at(large);
    let listed = large.iter().map(|((role, ne, bytes), count)| {
        let sides = ne.iter().rev().map(|side| Q::Side.of(*side as f64));
        let width = bytes.checked_div(ne.iter().product()).unwrap_or(0);
        let factors = std::iter::once(Q::Tensors.of(*count as f64)).chain(sides).filter(|factor| factor.value > 1.0);
        let factors = factors.chain([Q::ElementBytes.of(width as f64)]);
        Term::product(word(*role), factors, Bytes(bytes * count))
    });
    let roles = counted(small.iter().map(|((role, ..), _)| *role));
    let smaller = roles.iter().map(|(role, _)| {
        let own = small.iter().filter(|((of, ..), _)| of == role).map(|((.., bytes), count)| bytes * count);
        Term::plain(word(*role), Bytes(own.sum()))
    });
    let drafter = drafted(asked.found, |parts| parts.beside);
    let all: Bytes =
        asked.found.devices.iter().map(|it| it.parts.beside).chain([asked.found.host.parts.beside]).flatten().sum();
    let more = beside([(Key::TermDrafter, drafter), (Key::TermVision, all - drafter)]);
    with_rest(listed.chain(smaller).chain(more).collect(), Key::TermGaps, result, 0.0)
}

/// What the drafter takes of a part.
fn drafted(found: &Estimate, part: fn(&Parts) -> Option<Bytes>) -> Bytes {
    found.drafter.as_ref().and_then(part).unwrap_or_default()
}

/// What lies beside the model, where there is something.
fn beside<const N: usize>(parts: [(Key, Bytes); N]) -> impl Iterator<Item = Term> {
    parts.into_iter().filter(|(_, bytes)| *bytes > Bytes::ZERO).map(|(name, bytes)| Term::plain(name, bytes))
}

/// Logits of one token a sequence.
fn host_buffers(plan: &Plan, model: &Model, result: Option<Bytes>) -> Vec<Term> {
    let factors = [
        Q::Sequences.of(f64::from(plan.workload.sequences)),
        Q::Vocabulary.of(model.vocab_size as f64),
        Q::ElementBytes.of(4.0),
    ];
    with_rest(vec![Term::of(Key::RoleLogits, factors)], Key::TermPadding, result, 0.0)
}

/// Each kind with how many there are, in the order in which they are met.
fn counted<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut kinds: Vec<(T, u64)> = Vec::new();
    for item in items {
        match kinds.iter_mut().find(|(kind, _)| *kind == item) {
            Some((_, count)) => *count += 1,
            None => kinds.push((item, 1)),
        }
    }
    kinds
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of elements")]
const fn whole(count: f64) -> u64 {
    count as u64
}
