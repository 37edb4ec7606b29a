//! The model that a plan names.

use std::collections::hash_map::Entry;
use std::ops::Deref;
use std::sync::Arc;

use ahash::AHashMap;

use super::EstimateError;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::{ModelChoice, OutOfRange, Plan};

/// A model of the catalog, of a file, or of a typical shape.
#[derive(Debug)]
pub(super) enum Chosen<'a> {
    Known(&'a Model),
    /// Its shape is assumed.
    Typical(Arc<Model>),
}

impl Deref for Chosen<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        match self {
            Self::Known(model) => model,
            Self::Typical(model) => model,
        }
    }
}

/// The model of `plan`.
///
/// # Errors
/// Where the catalog has no such model.
pub(super) fn model<'a>(
    plan: &'a Plan,
    catalog: &'a Catalog,
    typical: &mut TypicalModels,
) -> Result<Chosen<'a>, EstimateError> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => {
            let unknown = || EstimateError::UnknownModel { id: id.clone(), nearest: catalog.nearest_models(id) };
            catalog.model(id).map(Chosen::Known).ok_or_else(unknown)
        }
        ModelChoice::File { model, .. } => Ok(Chosen::Known(model)),
        ModelChoice::Size(parameters) => typical.model(*parameters).map(Chosen::Typical),
    }
}

/// Typical models kept; when there are more, all are forgotten.
const KEPT: usize = 1 << 10;

/// The typical models that are known, by their parameters: a slider asks for the same many times.
#[derive(Debug, Default)]
pub(super) struct TypicalModels(AHashMap<u64, Arc<Model>>);

impl TypicalModels {
    fn model(&mut self, parameters: u64) -> Result<Arc<Model>, EstimateError> {
        if self.0.len() >= KEPT && !self.0.contains_key(&parameters) {
            self.0.clear();
        }
        let model = match self.0.entry(parameters) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let model = Model::typical(parameters).map_err(|_fault| OutOfRange::size(parameters))?;
                Arc::clone(place.insert(Arc::new(model)))
            }
        };
        Ok(model)
    }
}
