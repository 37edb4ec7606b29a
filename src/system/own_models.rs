//! Models of the user's own: those read from files that are kept beside the catalog's.

use std::path::PathBuf;

use super::folders::Folders;
use super::storage::{self, StorageError};
use crate::catalog::Catalog;
use crate::catalog::model::{Model, ModelFault};

/// What stands above an entry.
const HEAD: &str = "// A model that was read from a file.\n";

/// A model as it is kept: without the tensors of the one file it was read from, so that it can be planned in every
/// precision, and under an id that no other model has.
///
/// # Errors
/// A figure that no model has.
pub fn entry(model: &Model, catalog: &Catalog) -> Result<Model, ModelFault> {
    let mut fields = model.clone().into_fields();
    fields.file_tensors = Vec::new();
    fields.file_quantization = None;
    if catalog.model(&fields.id).is_some() {
        fields.id = format!("{}-own", fields.id);
    }
    Model::new(fields)
}

/// Keeps a model among the tables of the user; where it lies then. One of the same id is replaced.
///
/// # Errors
/// Why it could not be written.
pub fn keep(model: &Model, folders: &Folders) -> Result<PathBuf, StorageError> {
    let path = folders.own_models().join(format!("{}.ron", model.id));
    let entry = ron::ser::to_string_pretty(model, ron::ser::PrettyConfig::default()).unwrap_or_default();
    storage::write_in_new_folder(&path, &format!("{HEAD}[\n{entry},\n]\n"))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::own_tables::catalog_of;

    #[test]
    fn a_kept_model_is_one_of_the_catalog() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::at(folder.path().to_owned());
        let known = Catalog::embedded();
        let model = entry(known.model("qwen3-8b").unwrap(), known).unwrap();
        keep(&model, &folders).unwrap();
        let (catalog, faults) = catalog_of(Some(&folders));
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(catalog.model("qwen3-8b-own"), Some(&model));
        assert!(catalog.model("qwen3-8b").is_some(), "the other is still there");
    }
}
