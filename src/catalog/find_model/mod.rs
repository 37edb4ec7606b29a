//! The model of the catalog that a text names: its id or name, a repository, a link to one or to a file of one, a path, a
//! name of Ollama. The text is a name that people wrote, so decorations are put aside: how the weights are stored, the kind
//! of file, `-Instruct`.

mod names;
mod precision;

use super::Catalog;
use super::model::Model;
use super::quantization::Quantization;
use crate::text::{Fault, Join, Key, Phrase, Placeholder, foreign, printed_in_english};
use names::Name;

/// The longest text that is looked at; names, paths and links are shorter.
const LONGEST: usize = 2048;
/// How many folders above a file may name its model.
const FOLDERS: usize = 4;

/// A model that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundModel<'a> {
    /// The entry of the catalog.
    pub model: &'a Model,
    /// How sure the name is.
    pub by: NameMatch,
    /// How the weights are stored, where the text says so.
    pub quantization: Option<Quantization>,
}

/// How a text names a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMatch {
    /// By a name that is the model's own.
    Own,
    /// By a longer name with the model's own in it, as its fine-tunes have.
    FineTune,
}

/// A text that names no model of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NoSuchModel {
    /// The name that was looked for.
    pub name: String,
    /// Ids of the models with the likest names, best first.
    pub nearest: Vec<String>,
}

impl Fault for NoSuchModel {
    fn phrase(&self) -> Phrase {
        let unknown = Phrase::new(Key::ErrorUnknownModel).with(Placeholder::Name, foreign(&self.name));
        if self.nearest.is_empty() {
            return unknown;
        }
        Phrase::new(Key::ErrorNearest).with_phrase(Placeholder::Value, unknown).with_list(
            Placeholder::Name,
            Join::Items,
            &self.nearest,
        )
    }
}

printed_in_english!(NoSuchModel);

/// The model that `text` names: `qwen3-8b`, `Qwen/Qwen3-8B-GGUF:Q8_0`, a link to Hugging Face, `ModelScope` or Ollama, a
/// path, `qwen3:8b`.
///
/// # Errors
/// The name that was looked for and those most like it.
pub fn find_model<'a>(text: &str, catalog: &'a Catalog) -> Result<FoundModel<'a>, NoSuchModel> {
    let text: String = text.trim().chars().take(LONGEST).collect();
    let names = candidates(&text);
    let stripped: Vec<precision::Stripped<'_>> = names.iter().map(|name| precision::strip(name)).collect();
    let quantization = stripped.iter().find_map(|name| name.quantization);
    let own = |by| {
        stripped.iter().find_map(|name| {
            let model = found(name.rest, catalog, by)?;
            Some(FoundModel { model, by, quantization })
        })
    };
    own(NameMatch::Own).or_else(|| own(NameMatch::FineTune)).ok_or_else(|| {
        let name = stripped.first().map_or(text.as_str(), |name| name.rest).to_owned();
        NoSuchModel { nearest: catalog.nearest_models(&name), name }
    })
}

fn found<'a>(name: &str, catalog: &'a Catalog, by: NameMatch) -> Option<&'a Model> {
    let wanted = Name::of(name);
    match by {
        NameMatch::Own => {
            if let Some(model) = catalog.model(name) {
                return Some(model);
            }
            let whole = |model: &&Model| own_names(model).any(|own| Name::of(own).whole() == wanted.whole());
            let core = |model: &&Model| own_names(model).any(|own| Name::of(own).is_core_of(&wanted, model));
            let known = || catalog.models();
            known().find(whole).or_else(|| known().find(core))
        }
        NameMatch::FineTune => {
            let held = |model: &'a Model| {
                let longest = own_names(model).filter_map(|own| Name::of(own).held_by(&wanted)).max()?;
                Some((longest, model))
            };
            // Of names that hold several, the longest; the first of several as long.
            let mut best: Option<(usize, &Model)> = None;
            for (length, model) in catalog.models().filter_map(held) {
                if best.is_none_or(|(most, _)| length > most) {
                    best = Some((length, model));
                }
            }
            best.map(|(_, model)| model)
        }
    }
}

/// What a model goes by; repositories may name the precision of their weights.
fn own_names(model: &Model) -> impl Iterator<Item = &str> {
    let repository = model.hf_id.as_deref().and_then(|id| id.rsplit('/').next());
    [model.id.as_str(), model.name.as_str()]
        .into_iter()
        .chain(repository)
        .chain(model.aliases.iter().map(String::as_str))
        .map(|name| precision::strip(name).rest)
}

/// The parts of a text that may name a model, the likeliest first: of a repository its own name, of a path the file and then
/// the folders around it.
fn candidates(text: &str) -> Vec<String> {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let mut parts: Vec<String> = text.split(['/', '\\']).filter(|part| !is_void(part)).map(cached).collect();
    parts.reverse();
    parts.truncate(FOLDERS);
    parts
}

/// Words of paths and links that name no model.
fn is_void(part: &str) -> bool {
    const VOID: [&str; 20] = [
        "",
        ".",
        "..",
        "~",
        "resolve",
        "blob",
        "tree",
        "raw",
        "main",
        "master",
        "models",
        "library",
        "snapshots",
        "hub",
        "config.json",
        "model.safetensors.index.json",
        "model.gguf",
        "model.safetensors",
        "Modelfile",
        "huggingface.co",
    ];
    VOID.iter().any(|void| part.eq_ignore_ascii_case(void))
}

/// `models--Qwen--Qwen3-8B`, a folder of Hugging Face's cache, by the name of its repository.
fn cached(part: &str) -> String {
    part.strip_prefix("models--").and_then(|rest| rest.rsplit("--").next()).unwrap_or(part).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (String, Option<&'static str>, NameMatch) {
        let found = find_model(text, Catalog::embedded()).unwrap_or_else(|error| panic!("{text}: {error}"));
        (found.model.id.clone(), found.quantization.map(Quantization::name), found.by)
    }

    fn own(text: &str) -> (String, Option<&'static str>) {
        let (id, quantization, by) = found(text);
        assert_eq!(by, NameMatch::Own, "{text}");
        (id, quantization)
    }

    #[test]
    fn names_paths_and_links_lead_to_a_model() {
        for (text, id, quantization) in [
            ("qwen3-8b", "qwen3-8b", None),
            ("Qwen3 8B", "qwen3-8b", None),
            ("qwen3:8b", "qwen3-8b", None),
            ("Qwen/Qwen3-8B-GGUF:Q8_0", "qwen3-8b", Some("Q8_0")),
            ("https://huggingface.co/Qwen/Qwen3-8B", "qwen3-8b", None),
            (
                "https://huggingface.co/Qwen/Qwen3-8B-GGUF/resolve/main/Qwen3-8B-Q4_K_M.gguf?download=true",
                "qwen3-8b",
                Some("Q4_K_M"),
            ),
            ("hf.co/bartowski/Meta-Llama-3.1-8B-Instruct-GGUF:IQ4_XS", "llama-3.1-8b", Some("IQ4_XS")),
            (
                "/mnt/gguf/Qwen3-235B-A22B-Q8_0/Qwen3-235B-A22B-Q8_0-00001-of-00009.gguf",
                "qwen3-235b-a22b",
                Some("Q8_0"),
            ),
            (r"D:\models\ggml-org\gpt-oss-20b-GGUF\gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b", Some("mxfp4")),
            ("llama3.1:8b-instruct-q4_K_M", "llama-3.1-8b", Some("Q4_K_M")),
            ("https://ollama.com/library/gpt-oss:120b", "gpt-oss-120b", None),
            ("gemma3:27b", "gemma-3-27b", None),
            ("llama-2-7b.Q5_K_M.gguf", "llama-2-7b", Some("Q5_K_M")),
            ("zai-org/GLM-4.5-Air-FP8", "glm-4.5-air", Some("fp8")),
            (
                "~/.cache/huggingface/hub/models--Qwen--Qwen3-32B/snapshots/9216db5781bf21249d130ec9da846c4624c16137",
                "qwen3-32b",
                None,
            ),
            ("unsloth/gemma-3-12b-it-GGUF", "gemma-3-12b", None),
            ("Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_M.gguf", "qwen3-30b-a3b", Some("Q4_K_M")),
        ] {
            assert_eq!(own(text), (id.to_owned(), quantization), "{text}");
        }
    }

    #[test]
    fn a_fine_tune_is_found_by_the_name_of_its_base() {
        let (id, quantization, by) = found("mradermacher/Meta-Llama-3.1-8B-Instruct-abliterated-i1-GGUF:Q6_K");
        assert_eq!((id.as_str(), quantization, by), ("llama-3.1-8b", Some("Q6_K"), NameMatch::FineTune));
    }

    #[test]
    fn what_is_no_model_is_not_guessed() {
        for text in ["", "/", "mistral", "TheBloke/redpajama_3B-GGML", "一个模型", "8b", "instruct"] {
            let error = find_model(text, Catalog::embedded()).map(|found| found.model.id.clone()).expect_err(text);
            assert_eq!(error.to_string().lines().count(), 1, "{text}");
        }
        let unknown = find_model("owner/Qwen3-9B", Catalog::embedded()).unwrap_err();
        assert!(!unknown.nearest.is_empty(), "{unknown}");
    }

    #[test]
    fn every_model_is_found_by_each_of_its_names() {
        let catalog = Catalog::embedded();
        for model in catalog.models() {
            for name in [Some(&model.id), model.hf_id.as_ref()].into_iter().flatten() {
                let found = find_model(name, catalog).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(found.by, NameMatch::Own, "{name}");
                if found.model.id != model.id {
                    assert_eq!(found.model.hf_id, model.hf_id, "{name} is {}", found.model.id);
                }
            }
        }
    }
}
