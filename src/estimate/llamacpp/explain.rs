//! Why llama.cpp's figures are what they are: the terms with the numbers put in.

use super::block::BlockType;
use super::cache::Cells;
use super::fullest_buffers;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::Estimate;
use crate::estimate::explanation::{Factor, Quantity as Q, Term, TermName};
use crate::model::layers::{Attention, Cache, Mixer, Recurrent};
use crate::plan::{Plan, Runtime};
use crate::units::Bytes;

/// Kinds of tensors that are named.
const LISTED: usize = 4;

/// The file, and what of it lies in two places or is padded.
pub(in crate::estimate) fn weights(found: &Estimate, result: Option<Bytes>) -> Vec<Term> {
    let (Some(params), Some(bits), Some(file)) = (found.params, found.bits_per_weight, found.weights) else {
        return Vec::new();
    };
    let factors = [Factor::count(Q::Parameters, params), Factor { quantity: Q::BitsPerWeight, value: bits }];
    with_rest(vec![Term::product(TermName::File, factors, file)], TermName::Copies, result)
}

/// What each kind of attention layer keeps, and what devices pad it with.
pub(in crate::estimate) fn kv_cache(plan: &Plan, model: &Model, result: Option<Bytes>) -> Vec<Term> {
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
    let terms = kinds.iter().flat_map(|(attention, count)| attention_terms(&cells, attention, *count)).collect();
    with_rest(terms, TermName::Padding, result)
}

fn attention_terms(cells: &Cells, attention: &Attention, layers: u64) -> Vec<Term> {
    let rows = cells.per_stream(attention.span);
    let term = |name: TermName, times: u64, width: &[Factor], block: BlockType| {
        let elements = width.iter().map(|factor| factor.value).product::<f64>();
        let bytes = times * layers * block.tensor_bytes([whole(elements), rows, cells.streams]);
        let twice = (times > 1).then(|| Factor::count(Q::KeysAndValues, times));
        let cache = [Factor::count(Q::Cells, rows), Factor::count(Q::Streams, cells.streams)];
        let factors = twice.into_iter().chain([Factor::count(Q::Layers, layers)]).chain(width.iter().copied());
        let each = Factor { quantity: Q::ElementBytes, value: block.bits() / 8.0 };
        Term::product(name, factors.chain(cache).chain([each]), Bytes(bytes))
    };
    let heads = |dim: u64| [Factor::count(Q::KvHeads, attention.kv_heads), Factor::count(Q::HeadDim, dim)];
    let mut terms = match attention.cache {
        Cache::Shared => return Vec::new(),
        Cache::Latent { width, .. } => vec![term(TermName::Keys, 1, &[Factor::count(Q::Width, width)], cells.key)],
        Cache::KeyValue => {
            let own = attention.kv_heads * attention.value_dim;
            let widened = cells.value_elements(attention);
            if attention.key_dim == attention.value_dim && cells.key == cells.value && widened == own {
                vec![term(TermName::KeysAndValues, 2, &heads(attention.key_dim), cells.key)]
            } else {
                let wide = [Factor::count(Q::Width, widened)];
                let narrow = heads(attention.value_dim);
                let values: &[Factor] = if widened == own { &narrow } else { &wide };
                vec![
                    term(TermName::Keys, 1, &heads(attention.key_dim), cells.key),
                    term(TermName::Values, 1, values, cells.value),
                ]
            }
        }
    };
    if attention.index_dim > 0 {
        let width = |dim: u64| [Factor::count(Q::HeadDim, dim)];
        terms.push(term(TermName::IndexKeys, 1, &width(attention.index_dim), cells.key));
        if attention.cache == Cache::KeyValue {
            terms.push(term(TermName::IndexValues, 1, &width(attention.value_dim), cells.value));
        }
    }
    terms
}

/// What each kind of recurrent layer keeps of every sequence, in FP32.
pub(in crate::estimate) fn recurrent_state(plan: &Plan, model: &Model, result: Option<Bytes>) -> Vec<Term> {
    let layers = model.layers().unwrap_or_default();
    let kinds = counted(layers.iter().filter_map(|layer| match layer.mixer {
        Mixer::Recurrent(recurrent) => Some(recurrent),
        Mixer::None | Mixer::Attention(_) => None,
    }));
    let sequences = u64::from(plan.workload.sequences);
    let terms = kinds.iter().flat_map(|(Recurrent { convolution_elements, state_elements, .. }, count)| {
        [(TermName::Convolution, *convolution_elements), (TermName::State, *state_elements)].map(|(name, elements)| {
            let factors =
                [(Q::Layers, *count), (Q::Elements, elements), (Q::Sequences, sequences), (Q::ElementBytes, 4)];
            let bytes = factors.iter().map(|(_, value)| value).product();
            Term::product(name, factors.map(|(quantity, value)| Factor::count(quantity, value)), Bytes(bytes))
        })
    });
    with_rest(terms.filter(|term| term.bytes > Bytes::ZERO).collect(), TermName::Others, result)
}

/// The largest kinds of tensors in all compute buffers, each buffer at its fullest, and the rest.
pub(in crate::estimate) fn compute(
    (plan, catalog): (&Plan, &Catalog),
    model: &Model,
    found: &Estimate,
    result: Option<Bytes>,
) -> Vec<Term> {
    let Some(all) = result.filter(|_| plan.workload.runtime == Runtime::LlamaCpp) else { return Vec::new() };
    let buffers = fullest_buffers(plan, catalog, model, found.gpu_layers());
    let mut kinds = counted(buffers.iter().flatten().map(|one| (one.role, one.ne, one.bytes)));
    kinds.sort_by_key(|((_, _, bytes), count)| std::cmp::Reverse(bytes * count));
    kinds.truncate(LISTED);
    // Less than one part in a hundred explains nothing.
    kinds.retain(|((_, _, bytes), count)| bytes * count >= all.0 / 100);
    let terms = kinds.into_iter().map(|((role, ne, bytes), count)| {
        let tensors = Factor::count(Q::Tensors, count);
        let sides = ne.into_iter().rev().map(|side| Factor::count(Q::Elements, side));
        let width = bytes.checked_div(ne.iter().product()).unwrap_or(0);
        let factors = [tensors].into_iter().chain(sides).filter(|factor| factor.value > 1.0);
        Term::product(
            TermName::Tensors(role),
            factors.chain([Factor::count(Q::ElementBytes, width)]),
            Bytes(bytes * count),
        )
    });
    with_rest(terms.collect(), TermName::Others, result)
}

/// Logits of one token a sequence.
pub(in crate::estimate) fn host_buffers(plan: &Plan, model: &Model, result: Option<Bytes>) -> Vec<Term> {
    let (sequences, vocabulary) = (u64::from(plan.workload.sequences), model.vocab_size);
    let factors = [(Q::Sequences, sequences), (Q::Vocabulary, vocabulary), (Q::ElementBytes, 4)];
    let factors = factors.map(|(quantity, value)| Factor::count(quantity, value));
    with_rest(
        vec![Term::product(TermName::Logits, factors, Bytes(4 * sequences * vocabulary))],
        TermName::Others,
        result,
    )
}

/// The terms with what they leave of `result`, under its name; none where the result is not known.
fn with_rest(mut terms: Vec<Term>, name: TermName, result: Option<Bytes>) -> Vec<Term> {
    let Some(result) = result else { return Vec::new() };
    let listed: Bytes = terms.iter().map(|term| term.bytes).sum();
    if result > listed {
        terms.push(Term::plain(name, result - listed));
    }
    terms
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
