//! Ollama's models on this machine: a manifest says which blobs a model is made of, and one of them is a GGUF file.
//!
//! Layout: `manifests/HOST/NAMESPACE/MODEL/TAG` beside `blobs/sha256-…`, below `OLLAMA_MODELS` or `~/.ollama/models`
//! (docs/faq.md of the Ollama repository); a manifest is that of a container image.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::model_path::{ModelPathError, ModelPathFault};
use super::storage;

/// The folder that the manifests lie in.
const MANIFESTS: &str = "manifests";
/// The longest manifest that is read, in bytes; real ones have a few hundred.
const MAX_MANIFEST: usize = 1 << 20;
/// What the layer with the weights is called.
const WEIGHTS: &str = "application/vnd.ollama.image.model";

/// The weights of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weights {
    /// A GGUF file.
    pub(super) blob: PathBuf,
    /// How long it is, in bytes, as the manifest says.
    pub(super) length: u64,
    /// The model as Ollama calls it, such as `qwen3:8b`.
    pub(super) name: String,
}

#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "mediaType")]
    media_type: String,
    digest: String,
    #[serde(default)]
    size: u64,
}

/// Whether a path lies where Ollama keeps its manifests.
pub(super) fn is_manifest(path: &Path) -> bool {
    store(path).is_some()
}

/// The folder of the models that a manifest belongs to.
fn store(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == MANIFESTS))?.parent()
}

/// The weights that a manifest names.
///
/// # Errors
/// Where it cannot be read or names none.
pub(super) fn weights(path: &Path) -> Result<Weights, ModelPathError> {
    let no_model = || ModelPathError { path: path.to_owned(), fault: ModelPathFault::NoManifest };
    let bytes = storage::read(path, MAX_MANIFEST).map_err(|_error| no_model())?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_error| no_model())?;
    let layer = manifest.layers.into_iter().find(|layer| layer.media_type == WEIGHTS).ok_or_else(no_model)?;
    // The digest comes from a file: it must name a blob and nothing else.
    let hash = layer.digest.strip_prefix("sha256:").filter(|hash| is_hash(hash)).ok_or_else(no_model)?;
    let store = store(path).ok_or_else(no_model)?;
    let part = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let model = path.parent().map(part).unwrap_or_default();
    Ok(Weights {
        blob: store.join("blobs").join(format!("sha256-{hash}")),
        length: layer.size,
        name: format!("{model}:{}", part(path)),
    })
}

fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The manifest of a model that Ollama has on this machine, by the name that `ollama run` takes.
pub(super) fn manifest(name: &str) -> Option<PathBuf> {
    let plain = |part: &str| {
        !part.is_empty()
            && part != ".."
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    let (path, tag) = name.rsplit_once(':').unwrap_or((name, "latest"));
    let parts: Vec<&str> = path.split('/').collect();
    if !plain(tag) || !parts.iter().all(|part| plain(part)) {
        return None;
    }
    let parts = match parts.as_slice() {
        [model] => vec!["registry.ollama.ai", "library", *model],
        [owner, model] => vec!["registry.ollama.ai", *owner, *model],
        [host, owner, model] => vec![*host, *owner, *model],
        _ => return None,
    };
    let relative: PathBuf = [MANIFESTS].into_iter().chain(parts).chain([tag]).collect();
    folders().into_iter().map(|folder| folder.join(&relative)).find(|path| path.is_file())
}

/// Where Ollama keeps its models.
fn folders() -> Vec<PathBuf> {
    let own = std::env::var_os("OLLAMA_MODELS").map(PathBuf::from);
    let home = std::env::home_dir().map(|home| home.join(".ollama").join("models"));
    let service = PathBuf::from("/usr/share/ollama/.ollama/models");
    own.into_iter().chain(home).chain([service]).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn manifest_in(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("manifests/registry.ollama.ai/library/qwen3/8b");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_manifest_leads_to_its_blob() {
        let folder = tempfile::tempdir().unwrap();
        let hash = "ab".repeat(32);
        let text = format!(
            r#"{{"schemaVersion": 2, "layers": [{{"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:0"}},
            {{"mediaType": "{WEIGHTS}", "digest": "sha256:{hash}", "size": 77}}]}}"#
        );
        let path = manifest_in(folder.path(), &text);
        assert!(is_manifest(&path) && !is_manifest(folder.path()));
        let found = weights(&path).unwrap();
        assert_eq!((found.name.as_str(), found.length), ("qwen3:8b", 77));
        assert_eq!(found.blob, folder.path().join(format!("blobs/sha256-{hash}")));
    }

    #[test]
    fn a_manifest_without_a_model_is_none() {
        let folder = tempfile::tempdir().unwrap();
        for text in [
            "",
            "[]",
            r#"{"layers": []}"#,
            r#"{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../../x"}]}"#,
        ] {
            let path = manifest_in(folder.path(), text);
            assert_eq!(weights(&path).unwrap_err().fault, ModelPathFault::NoManifest, "{text}");
        }
        assert_eq!(manifest("../x"), None);
    }
}
