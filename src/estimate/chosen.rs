//! The model that a plan names.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;

use super::EstimateError;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::{ModelChoice, Plan};

/// A model of the catalog, of a file, or of a typical shape.
#[derive(Debug)]
pub(super) enum Chosen<'a> {
    /// It is there.
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
pub(super) fn model<'a>(plan: &'a Plan, catalog: &'a Catalog) -> Result<Chosen<'a>, EstimateError> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => {
            let unknown = || EstimateError::UnknownModel { id: id.clone(), nearest: catalog.nearest_models(id) };
            catalog.model(id).map(Chosen::Known).ok_or_else(unknown)
        }
        ModelChoice::File { model, .. } => Ok(Chosen::Known(model)),
        ModelChoice::Size(parameters) => Ok(Chosen::Typical(typical(*parameters))),
    }
}

thread_local! {
    /// The typical model that was asked for last: a slider asks for the same one many times.
    static TYPICAL: RefCell<Option<(u64, Arc<Model>)>> = const { RefCell::new(None) };
}

fn typical(parameters: u64) -> Arc<Model> {
    TYPICAL.with_borrow_mut(|kept| match kept {
        Some((of, model)) if *of == parameters => Arc::clone(model),
        _ => {
            let model = Arc::new(Model::typical(parameters));
            *kept = Some((parameters, Arc::clone(&model)));
            model
        }
    })
}
