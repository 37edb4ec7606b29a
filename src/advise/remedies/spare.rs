//! What the spare VRAM could buy where a plan fits: more precision, a longer context, more sequences, a larger model.

use super::{Baseline, Change, Remedy, RemedyGroup, models, normalize, quantize, worth};
use crate::advise::inverse;
use crate::plan::ModelChoice;

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    if !base.now.fits() {
        return Vec::new();
    }
    let mut found = Vec::new();
    found.extend(precision(base));
    found.extend(context(base));
    found.extend(sequences(base));
    found.extend(model(base));
    found
}

fn fitting(base: &Baseline<'_>, change: Change) -> Option<Remedy> {
    base.way(RemedyGroup::Spare, change).filter(|way| way.after.fits() && worth::is_sensible(base, way))
}

/// One step more of precision, and the most that fits.
fn precision(base: &Baseline<'_>) -> Vec<Remedy> {
    let higher: Vec<Remedy> =
        quantize::higher(base).into_iter().filter_map(|it| fitting(base, Change::Weights(it))).collect();
    let last = higher.len().saturating_sub(1);
    higher.into_iter().enumerate().filter(|(place, _)| *place == 0 || *place == last).map(|it| it.1).collect()
}

/// The longest context that fits, no longer than the model was trained for.
fn context(base: &Baseline<'_>) -> Option<Remedy> {
    let longest = inverse::largest_context_in_vram(base.plan, base.catalog)?;
    let trained = normalize::model(base.plan, base.catalog).and_then(|model| model.max_position_embeddings);
    let context = trained.map_or(longest, |trained| longest.min(trained));
    (context > base.plan.workload.context).then(|| fitting(base, Change::Context(context)))?
}

/// The most sequences that fit.
fn sequences(base: &Baseline<'_>) -> Option<Remedy> {
    let most = inverse::most_sequences_in_vram(base.plan, base.catalog)?;
    (most > base.plan.workload.sequences).then(|| fitting(base, Change::Sequences(most)))?
}

/// The largest model of the same family that fits.
fn model(base: &Baseline<'_>) -> Option<Remedy> {
    let ModelChoice::Catalog(id) = &base.plan.workload.model else { return None };
    let family = &base.catalog.model(id)?.family;
    let mut larger = models::of_the_kind(base)
        .into_iter()
        .filter(|model| model.family == *family && model.total_parameters > Some(base.parameters));
    larger.find_map(|model| fitting(base, Change::Model(model.id.clone())))
}
