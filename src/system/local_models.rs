//! Model files on this machine, where Ollama, LM Studio, llama.cpp and Hugging Face keep them. Only names and sizes are looked
//! at; no file is opened but Ollama's manifests, and nothing is written.
//!
//! Places: docs/faq of Ollama, `lms` of LM Studio, `common/common.cpp` of llama.cpp (`fs_get_cache_directory`),
//! `huggingface_hub/constants.py`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::model_path::{named_part, part_of};
use super::ollama;
use crate::text::program_names;

/// The most entries that are looked at in one place.
const MOST_ENTRIES: usize = 20_000;
/// The deepest folder below a place.
const DEEPEST: usize = 6;
/// The most models that are listed.
const MOST_MODELS: usize = 2000;

/// Whose place a model lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "proper names")]
pub enum Store {
    Ollama,
    LmStudio,
    LlamaCpp,
    HuggingFace,
}

impl Store {
    /// What it is called; the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ollama => program_names::OLLAMA,
            Self::LmStudio => program_names::LM_STUDIO,
            Self::LlamaCpp => program_names::LLAMA_CPP,
            Self::HuggingFace => program_names::HUGGING_FACE,
        }
    }
}

/// A model that lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalModel {
    /// Whose place it lies in.
    pub store: Store,
    /// As its program calls it.
    pub name: String,
    /// What [`super::model_path::read`] reads it from.
    pub path: PathBuf,
    /// All its files together, in bytes.
    pub bytes: u64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalModels {
    /// By place and name.
    pub models: Vec<LocalModel>,
    /// There is more than was looked at.
    pub cut: bool,
}

/// Where models are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(Vec<(Store, PathBuf)>);

impl Places {
    /// The usual ones of this user, and those that the programs' own variables name.
    pub fn of_user() -> Self {
        Self::of(std::env::home_dir().as_deref(), |name| std::env::var_os(name))
    }

    /// Those of a home and an environment.
    pub fn of(home: Option<&Path>, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let below = |path: &str| home.map(|home| home.join(path));
        let cache = || set("XDG_CACHE_HOME").or_else(|| below(".cache"));
        let hub = set("HF_HUB_CACHE")
            .or_else(|| set("HUGGINGFACE_HUB_CACHE"))
            .or_else(|| set("HF_HOME").map(|home| home.join("hub")))
            .or_else(|| cache().map(|cache| cache.join("huggingface").join("hub")));
        let llama = set("LLAMA_CACHE").into_iter().chain(if cfg!(target_os = "macos") {
            below("Library/Caches/llama.cpp")
        } else if cfg!(windows) {
            set("LOCALAPPDATA").map(|local| local.join("llama.cpp"))
        } else {
            cache().map(|cache| cache.join("llama.cpp"))
        });
        let studio = [below(".lmstudio/models"), below(".cache/lm-studio/models")];
        let ollama = set("OLLAMA_MODELS")
            .into_iter()
            .chain(below(".ollama/models"))
            .chain((!cfg!(windows)).then(|| PathBuf::from("/usr/share/ollama/.ollama/models")));
        let all = ollama
            .map(|path| (Store::Ollama, path))
            .chain(studio.into_iter().flatten().map(|path| (Store::LmStudio, path)));
        let all =
            all.chain(llama.map(|path| (Store::LlamaCpp, path))).chain(hub.map(|path| (Store::HuggingFace, path)));
        Self(all.collect())
    }
}

/// Looks through the places; what cannot be looked into is passed over.
pub fn find(places: &Places) -> LocalModels {
    let mut found = LocalModels::default();
    for (store, place) in &places.0 {
        match store {
            Store::Ollama => of_ollama(place, &mut found),
            Store::HuggingFace => of_hub(place, &mut found),
            Store::LmStudio | Store::LlamaCpp => of_folder(*store, place, &mut found),
        }
    }
    found.models.sort();
    // Two variables may name one place.
    found.models.dedup_by(|one, other| one.path == other.path);
    found.cut |= found.models.len() > MOST_MODELS;
    found.models.truncate(MOST_MODELS);
    found
}

/// The files below a folder, links to folders not followed.
fn files(folder: &Path, found: &mut LocalModels) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut looked = 0;
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            looked += 1;
            if looked > MOST_ENTRIES {
                found.cut = true;
                return files;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEEPEST => open.push((entry.path(), depth + 1)),
                Ok(kind) if kind.is_dir() => found.cut = true,
                Ok(_) => files.push(entry.path()),
                Err(_) => {}
            }
        }
    }
    files.sort();
    files
}

/// The length of a regular file, through a link too: Hugging Face's files are links to blobs.
fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len())
}

fn of_ollama(place: &Path, found: &mut LocalModels) {
    for manifest in files(&place.join("manifests"), found) {
        if let Ok(weights) = ollama::weights(&manifest)
            && length(&weights.blob).is_some()
        {
            found.models.push(LocalModel {
                store: Store::Ollama,
                name: weights.name,
                path: manifest,
                bytes: weights.length,
            });
        }
    }
}

/// Every GGUF model below a folder, by its name there.
fn of_folder(store: Store, place: &Path, found: &mut LocalModels) {
    for path in files(place, found) {
        let name = path.strip_prefix(place).unwrap_or(&path).with_extension("").to_string_lossy().replace('\\', "/");
        found.models.extend(gguf(store, &path, name));
    }
}

/// A GGUF model by its file, or by the first of its parts; projectors are none.
fn gguf(store: Store, path: &Path, name: String) -> Option<LocalModel> {
    let is_gguf = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"));
    let is_projector =
        path.file_name().is_some_and(|name| name.to_string_lossy().to_ascii_lowercase().contains("mmproj"));
    if !is_gguf || is_projector {
        return None;
    }
    let bytes = match part_of(path) {
        Some((1, parts)) => (1..=parts).map(|part| length(&named_part(path, part, parts))).sum::<Option<u64>>()?,
        Some(_) => return None,
        None => length(path)?,
    };
    Some(LocalModel { store, name, path: path.to_owned(), bytes })
}

/// The hub's cache: of each repository the snapshot that its main branch names, else the last.
fn of_hub(place: &Path, found: &mut LocalModels) {
    let repositories: Vec<PathBuf> = fs::read_dir(place)
        .into_iter()
        .flatten()
        .flatten()
        .take(MOST_ENTRIES)
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("models--")))
        .collect();
    for repository in repositories {
        let name = repository.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.trim_start_matches("models--").replacen("--", "/", 1);
        let Some(snapshot) = snapshot(&repository) else { continue };
        let files = files(&snapshot, found);
        let before = found.models.len();
        for path in &files {
            let file = path.strip_prefix(&snapshot).unwrap_or(path).with_extension("").to_string_lossy().into_owned();
            found.models.extend(gguf(Store::HuggingFace, path, format!("{name}/{file}")));
        }
        let tensors: BTreeMap<&PathBuf, u64> = files
            .iter()
            .filter(|path| {
                path.parent() == Some(&snapshot) && path.extension().is_some_and(|ending| ending == "safetensors")
            })
            .filter_map(|path| Some((path, length(path)?)))
            .collect();
        if found.models.len() == before && !tensors.is_empty() && length(&snapshot.join("config.json")).is_some() {
            let bytes = tensors.values().sum();
            found.models.push(LocalModel { store: Store::HuggingFace, name, path: snapshot, bytes });
        }
    }
}

/// The folder of a repository's files.
fn snapshot(repository: &Path) -> Option<PathBuf> {
    let snapshots = repository.join("snapshots");
    let main = super::storage::read(&repository.join("refs").join("main"), 256).ok();
    let named = main.and_then(|bytes| String::from_utf8(bytes).ok()).map(|hash| hash.trim().to_owned());
    let plain = |hash: &String| !hash.is_empty() && hash.chars().all(|letter| letter.is_ascii_hexdigit());
    let named = named.filter(plain).map(|hash| snapshots.join(hash)).filter(|path| path.is_dir());
    named.or_else(|| {
        let mut all: Vec<PathBuf> =
            fs::read_dir(&snapshots).ok()?.flatten().take(MOST_ENTRIES).map(|entry| entry.path()).collect();
        all.sort();
        all.pop()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, bytes: usize) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, vec![0; bytes]).unwrap();
    }

    fn places(home: &Path) -> Places {
        Places::of(Some(home), |_| None)
    }

    #[test]
    fn models_are_found_where_programs_keep_them() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        write(&at(".lmstudio/models/org/repo-GGUF/model-Q4_K_M.gguf"), 10);
        write(&at(".lmstudio/models/org/repo-GGUF/mmproj-F16.gguf"), 3);
        write(&at(".lmstudio/models/org/repo-GGUF/notes.txt"), 3);
        for part in 1..=2 {
            write(&at(&format!(".lmstudio/models/org/big/m-0000{part}-of-00002.gguf")), 7);
        }
        // One of whose parts is missing.
        write(&at(".lmstudio/models/org/half/m-00001-of-00002.gguf"), 7);
        let hub = ".cache/huggingface/hub/models--Qwen--Qwen3-8B";
        write(&at(&format!("{hub}/refs/main")), 0);
        fs::write(at(&format!("{hub}/refs/main")), "ab12").unwrap();
        write(&at(&format!("{hub}/snapshots/ab12/config.json")), 2);
        write(&at(&format!("{hub}/snapshots/ab12/model-00001-of-00002.safetensors")), 5);
        write(&at(&format!("{hub}/snapshots/ab12/model-00002-of-00002.safetensors")), 6);
        write(&at(&format!("{hub}/snapshots/0000/config.json")), 2);
        let hash = "cd".repeat(32);
        let manifest = at(".ollama/models/manifests/registry.ollama.ai/library/qwen3/8b");
        write(&manifest, 0);
        let text = format!(
            r#"{{"layers": [{{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:{hash}", "size": 99}}]}}"#
        );
        fs::write(&manifest, text).unwrap();
        write(&at(&format!(".ollama/models/blobs/sha256-{hash}")), 99);
        let found = find(&places(home.path()));
        let seen: Vec<(&str, &str, u64)> =
            found.models.iter().map(|model| (model.store.name(), model.name.as_str(), model.bytes)).collect();
        assert!(seen.contains(&("Ollama", "qwen3:8b", 99)), "{seen:?}");
        assert!(seen.contains(&("LM Studio", "org/repo-GGUF/model-Q4_K_M", 10)), "{seen:?}");
        assert!(seen.contains(&("LM Studio", "org/big/m-00001-of-00002", 14)), "{seen:?}");
        assert!(seen.contains(&("Hugging Face", "Qwen/Qwen3-8B", 11)), "{seen:?}");
        assert!(
            !found.cut && !seen.iter().any(|(_, name, _)| name.contains("mmproj") || name.contains("half")),
            "{seen:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_round_end() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".lmstudio/models/org");
        write(&folder.join("m.gguf"), 4);
        std::os::unix::fs::symlink(&folder, folder.join("again")).unwrap();
        let found = find(&places(home.path()));
        assert_eq!(found.models.len(), 1);
        let mut deep = home.path().join(".lmstudio/models");
        for _ in 0..12 {
            deep.push("d");
        }
        write(&deep.join("deep.gguf"), 4);
        let found = find(&places(home.path()));
        assert!(found.cut && found.models.len() == 1);
    }

    #[test]
    fn a_variable_names_another_place() {
        let home = tempfile::tempdir().unwrap();
        write(&home.path().join("elsewhere/m.gguf"), 4);
        let elsewhere = home.path().join("elsewhere");
        let places = Places::of(None, |name| (name == "LLAMA_CACHE").then(|| elsewhere.clone().into_os_string()));
        assert_eq!(find(&places).models.iter().map(|model| model.store).collect::<Vec<_>>(), [Store::LlamaCpp]);
        assert_eq!(find(&Places::default()), LocalModels::default());
    }
}
