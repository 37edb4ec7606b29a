//! Other models of the catalog that could do the work, the best of them by what people say who compared answers blindly.

use std::cmp::Ordering;

use super::{Baseline, normalize};
use crate::catalog::Catalog;
use crate::catalog::arena::Arena;
use crate::catalog::model::Model;

/// A stand-in has at least this share of the parameters, where such a one helps ...
const FAIR_SHARE: f64 = 0.1;
/// ... and at least this share in any case.
const LEAST_SHARE: f64 = 0.02;

/// Whether a model is made for writing programs, by its name: one does not stand in for another of the other kind.
pub(in crate::advise) fn writes_code(name: &str) -> bool {
    // Coder, Codestral, Code Llama: all of them say so.
    name.to_lowercase().contains("code")
}

/// Models of the same kind, by parameters, largest first; of several shapes alike the newest first.
pub(super) fn of_the_kind<'a>(base: &Baseline<'a>) -> Vec<&'a Model> {
    let present = normalize::model(base.plan, base.catalog);
    let code = present.is_some_and(|model| writes_code(&model.name));
    let mut found: Vec<&Model> = base
        .catalog
        .models()
        .filter(|model| model.total_parameters.is_some() && writes_code(&model.name) == code)
        .filter(|model| present.is_none_or(|present| present.id != model.id))
        // Beyond what it was trained for a model answers badly, if at all.
        .filter(|model| model.max_position_embeddings.is_none_or(|trained| trained >= base.plan.workload.length()))
        .collect();
    found.sort_by(|a, b| (b.total_parameters, &b.release).cmp(&(a.total_parameters, &a.release)));
    found
}

/// Those with fewer parameters, but not absurdly few, and no older than the present one, largest first; how many of
/// them are fair stand-ins.
pub(super) fn smaller<'a>(base: &Baseline<'a>) -> (Vec<&'a Model>, usize) {
    let least = base.parameters as f64 * LEAST_SHARE;
    let since = normalize::model(base.plan, base.catalog).and_then(|model| model.release.clone());
    let within = |model: &&Model| {
        let total = model.total_parameters.unwrap_or_default();
        total < base.parameters && total as f64 >= least && is_as_new(model, since.as_deref())
    };
    let found: Vec<&Model> = of_the_kind(base).into_iter().filter(within).collect();
    let fair = base.parameters as f64 * FAIR_SHARE;
    let fair = found.iter().filter(|model| model.total_parameters.is_some_and(|total| total as f64 >= fair)).count();
    (found, fair)
}

/// Released in the same year as `since` or later; where a date is missing it cannot be said.
fn is_as_new(model: &Model, since: Option<&str>) -> bool {
    let year = |date: &str| date.get(..4).map(str::to_owned);
    match (model.release.as_deref(), since) {
        (Some(release), Some(since)) => year(release) >= year(since),
        _ => since.is_none(),
    }
}

/// The better stand-in is the greater: by [`Esteem`], then by the rating, of those alike the newest, then the largest. Ratings
/// order only and are not said: they are of the day when they were read.
pub(in crate::advise) fn by_worth(catalog: &Catalog, one: &Model, other: &Model) -> Ordering {
    let newest = catalog.models().filter_map(|model| model.release.as_deref()).max();
    let key = |model: &Model| {
        let score = Arena::built_in().score(&model.id);
        (Esteem::of(catalog, model, newest), score, model.release.clone(), model.total_parameters)
    };
    key(one).cmp(&key(other))
}

/// Whether anybody compared it, or others of its family lately.
pub(super) fn is_esteemed(catalog: &Catalog, model: &Model) -> bool {
    let newest = catalog.models().filter_map(|model| model.release.as_deref()).max();
    Esteem::of(catalog, model, newest) > Esteem::Unknown
}

/// How well a model is thought of, the least first: the newest generation of families that people rate goes before what was
/// rated once, and that before what nobody compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Esteem {
    Unknown,
    RatedOnce,
    NewOfRated,
    NewAndRated,
}

impl Esteem {
    fn of(catalog: &Catalog, model: &Model, newest: Option<&str>) -> Self {
        let rated = |model: &Model| Arena::built_in().score(&model.id).is_some();
        let new =
            model.release.as_deref().zip(newest).is_some_and(|(release, newest)| is_within_a_year(release, newest));
        let family = || catalog.models().any(|other| other.family == model.family && rated(other));
        match (new, rated(model)) {
            (true, true) => Self::NewAndRated,
            (true, false) if family() => Self::NewOfRated,
            (false, true) => Self::RatedOnce,
            _ => Self::Unknown,
        }
    }
}

/// Whether a month such as `2025-10` lies no more than a year before another.
fn is_within_a_year(release: &str, newest: &str) -> bool {
    let month = |date: &str| {
        let mut parts = date.split('-').map_while(|part| part.parse::<i32>().ok());
        Some(parts.next()? * 12 + parts.next().unwrap_or(1))
    };
    month(release).zip(month(newest)).is_some_and(|(release, newest)| newest - release <= 12)
}

/// Parameters that a token reads.
pub(super) fn read_per_token(model: &Model) -> Option<u64> {
    model.params_read_per_token.or(model.active_parameters)
}
