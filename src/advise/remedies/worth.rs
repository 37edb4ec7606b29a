//! How much quality a plan loses, and whether a change of precision is worth its memory.

use super::{Baseline, Change, Remedy, methods};
use crate::catalog::quality::{FileRecipe, Measure, QualityLoss, QualityTable, QuantizedPart, SizeClass, loss};
use crate::plan::Plan;

/// What was never measured stands between "noticeable" and "marked".
pub(super) const UNKNOWN_RANK: f64 = 2.5;
/// A doubted word is a little worse than a sound one.
const DOUBT: f64 = 0.25;

/// Whether a way takes less memory, or keeps more quality than the plan has: more bytes for the same or a worse answer are
/// offered to nobody.
pub(super) fn is_sensible(base: &Baseline<'_>, way: &Remedy) -> bool {
    let storage = |change: &Change| matches!(change, Change::Weights(_) | Change::KvCache(_));
    // A server's pool takes what is there: fewer bits hold more sequences in it.
    let less = way.after.needed < base.now.needed || way.after.waiting < base.now.waiting;
    if !way.change.parts().iter().any(storage) || less {
        return true;
    }
    let workload = &base.plan.workload;
    methods(&way.change).all(|part| {
        let present = match part {
            QuantizedPart::Weights(_) => QuantizedPart::Weights(workload.quantization),
            QuantizedPart::KvCache(_) => QuantizedPart::KvCache(workload.kv_cache.k),
        };
        is_finer(part, present, base.parameters)
    })
}

/// Whether one way to store numbers is known to keep more of the answers than another: by its word, of two with the same
/// word by the measured perplexity, and where nothing was measured by its bits.
fn is_finer(one: QuantizedPart, other: QuantizedPart, parameters: u64) -> bool {
    let word = |part| loss(part, parameters).map_or(UNKNOWN_RANK, |it| f64::from(it.word as u8));
    let (ours, theirs) = (word(one), word(other));
    if ours != theirs {
        return ours < theirs;
    }
    match (perplexity(one, parameters), perplexity(other, parameters)) {
        (Some(ours), Some(theirs)) => ours < theirs,
        _ => bits(one) > bits(other),
    }
}

fn bits(part: QuantizedPart) -> f64 {
    match part {
        QuantizedPart::Weights(it) => it.facts().map_or(0.0, |facts| facts.bits_per_weight),
        // Of caches the word decides.
        QuantizedPart::KvCache(_) => 0.0,
    }
}

/// The median rise of the perplexity in percent, over all that was measured of models of this size.
fn perplexity(part: QuantizedPart, parameters: u64) -> Option<f64> {
    let table = QualityTable::built_in();
    let mut rows = table.of(part, SizeClass::of(parameters));
    rows.find(|it| it.measure == Measure::Perplexity && it.recipe == FileRecipe::All).map(|it| it.median)
}

/// The worse loss of a plan's weights and cache; `None` where either was never measured.
pub(in crate::advise) fn worst_loss(plan: &Plan, parameters: u64) -> Option<QualityLoss> {
    let [a, b, c] = stored(plan).map(|method| loss(method, parameters));
    [a?, b?, c?].into_iter().max_by_key(|it| (it.word, it.is_doubtful()))
}

const fn stored(plan: &Plan) -> [QuantizedPart; 3] {
    let kv = plan.workload.kv_cache;
    [QuantizedPart::Weights(plan.workload.quantization), QuantizedPart::KvCache(kv.k), QuantizedPart::KvCache(kv.v)]
}

/// How much quality a plan loses, as a number to compare by: 0 for none, 4 for severe.
pub(super) fn plan_rank(plan: &Plan, parameters: u64) -> f64 {
    stored(plan).map(|method| quality_rank(loss(method, parameters))).into_iter().fold(0.0, f64::max)
}

fn quality_rank(loss: Option<QualityLoss>) -> f64 {
    word_rank(loss) + if loss.is_some_and(QualityLoss::is_doubtful) { DOUBT } else { 0.0 }
}

/// The same by the word alone.
pub(super) fn word_rank(loss: Option<QualityLoss>) -> f64 {
    loss.map_or(UNKNOWN_RANK, |loss| f64::from(loss.word as u8))
}
