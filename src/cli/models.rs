//! Which model a request means: an id of the catalog or a file. A file is read once, however many requests name it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::problem::Problem;
use crate::catalog::Catalog;
use crate::plan::ModelChoice;
use crate::system::model_path;

/// The most files that are kept; more are read again.
const MOST: usize = 64;

/// Models that were read from files and are lent to one plan after the other.
#[derive(Debug, Default)]
pub(super) struct Models(HashMap<String, ModelChoice>);

impl Models {
    /// The model of this name, an id before a path.
    pub(super) fn choose(&mut self, name: &str, catalog: &Catalog) -> Result<ModelChoice, Problem> {
        if catalog.model(name).is_some() {
            return Ok(ModelChoice::Catalog(name.to_owned()));
        }
        if let Some(read) = self.0.remove(name) {
            return Ok(read);
        }
        let path = Path::new(name);
        if model_path::looks_like_one(name) {
            let model = Arc::new(model_path::read(path)?);
            return Ok(ModelChoice::File { path: path.to_owned(), model });
        }
        // Not a path, so an id that does not exist: the estimator names the nearest.
        Ok(ModelChoice::Catalog(name.to_owned()))
    }

    /// Takes a model back from a plan that is done with.
    pub(super) fn put_back(&mut self, choice: ModelChoice) {
        if let ModelChoice::File { path, .. } = &choice
            && let Some(name) = path.to_str()
            && self.0.len() < MOST
        {
            self.0.insert(name.to_owned(), choice);
        }
    }
}
