//! Which model a request means: an id of the catalog or a file. A file is read once, however many requests name it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::problem::Problem;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::ModelChoice;
use crate::system::model_path;

/// The most files that are kept; more are read again.
const MOST: usize = 64;

/// Models that were read from files, by the name that requests give them.
#[derive(Debug, Default)]
pub(super) struct Models(HashMap<String, Arc<Model>>);

impl Models {
    /// The model of this name, an id before a path.
    pub(super) fn choose(&mut self, name: &str, catalog: &Catalog) -> Result<ModelChoice, Problem> {
        if catalog.model(name).is_some() || !(self.0.contains_key(name) || model_path::looks_like_one(name)) {
            // Where it is not a path either, it is an id that does not exist: the estimator names the nearest.
            return Ok(ModelChoice::Catalog(name.to_owned()));
        }
        let path = Path::new(name);
        let model = match self.0.get(name) {
            Some(read) => Arc::clone(read),
            None => self.read(name, path)?,
        };
        Ok(ModelChoice::File { path: path.to_owned(), model })
    }

    fn read(&mut self, name: &str, path: &Path) -> Result<Arc<Model>, Problem> {
        let model = Arc::new(model_path::read(path)?);
        if self.0.len() < MOST {
            self.0.insert(name.to_owned(), Arc::clone(&model));
        }
        Ok(model)
    }
}
