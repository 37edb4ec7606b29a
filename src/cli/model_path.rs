//! A model read from a file or folder on this machine.

use std::path::Path;

use super::problem::Problem;
use crate::catalog::model::Model;

/// Whether a name is meant as a path rather than as an id of the catalog.
pub(super) fn looks_like_one(path: &Path) -> bool {
    let several = path.components().count() > 1;
    let extension = path.extension().and_then(|extension| extension.to_str());
    several || matches!(extension, Some("json" | "gguf" | "safetensors")) || path.is_dir()
}

/// Reads what the path leads to.
pub(super) fn read(path: &Path) -> Result<Model, Problem> {
    Err(Problem::File { path: path.to_owned(), problem: "no such file".to_owned() })
}
