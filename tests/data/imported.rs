//! Files of real architectures, as their headers would be: read back they give the estimate of the catalog's own entry.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use rigplan::catalog::Catalog;
use rigplan::catalog::model::{LayerKind, Model};
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, estimate};
use rigplan::model::file::gguf::Header;
use rigplan::model::layout::tensors;
use rigplan::plan::{GpuLayers, ModelChoice, Plan};
use rigplan::system::model_path::{self, ModelPathFault, read_in_background};
use rigplan::system::progress::{ReadProgress, ReadSoFar};
use serde_json::{Value, json};

use crate::model_files::configs;
use crate::support::gguf::{Gguf, fill, llama};

/// Ten architectures, dense and mixtures, with windows, biases and norms of their own.
const GGUF_OF: [&str; 11] = [
    "llama-3.1-8b",
    "qwen3-8b",
    "qwen2.5-7b",
    "qwen3-30b-a3b",
    "mixtral-8x7b",
    "mistral-7b-v0.3",
    "gemma-3-12b",
    "olmo-2-13b",
    "phi-3-medium",
    "seed-oss-36b",
    "starcoder2-15b",
];

fn catalog(id: &str) -> &'static Model {
    Catalog::embedded().model(id).unwrap_or_else(|| panic!("no model {id}"))
}

fn ask(model: ModelChoice, quantization: Quantization) -> Estimate {
    let mut plan = Plan::default();
    plan.workload.model = model;
    plan.workload.quantization = quantization;
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.context = 16_384;
    estimate(&plan, Catalog::embedded()).unwrap_or_else(|error| panic!("{error:?}"))
}

fn of_file(model: Model, quantization: Quantization) -> Estimate {
    ask(ModelChoice::File { path: "a-file".into(), model: Arc::new(model) }, quantization)
}

fn same(found: &Estimate, known: &Estimate, id: &str) {
    assert_eq!(found.weights, known.weights, "{id}");
    for (found, known) in found.devices.iter().zip(&known.devices) {
        assert_eq!(found.parts, known.parts, "{id}");
    }
    assert_eq!(found.host.parts, known.host.parts, "{id}");
}

/// The header of a 16-bit GGUF file of a model: matrices in F16, vectors, biases and routers in F32.
pub(crate) fn header(model: &Model) -> Gguf {
    let name = model.architecture.name();
    let key = |key: &str| format!("{name}.{key}");
    let mut file = Gguf::new(name)
        .text("general.name", &model.name)
        .number("general.file_type", 1)
        .number(&key("block_count"), model.num_hidden_layers)
        .number(&key("attention.head_count"), model.num_attention_heads)
        .number(&key("attention.head_count_kv"), model.num_key_value_heads)
        .number(&key("attention.key_length"), model.head_dim)
        .number(&key("attention.value_length"), model.v_head_dim.unwrap_or(model.head_dim))
        .number(&key("rope.dimension_count"), model.rotary_dim.unwrap_or(model.head_dim));
    if let Some(trained) = model.max_position_embeddings {
        file = file.number(&key("context_length"), trained);
    }
    if let Some(experts) = model.experts {
        file = file.number(&key("expert_used_count"), experts.num_experts_per_tok);
    }
    if let (Some(window), true) =
        (model.sliding_window, model.layer_pattern.as_ref().is_some_and(|pattern| pattern.has(LayerKind::Window)))
    {
        file = file.number(&key("attention.sliding_window"), window);
    }
    for tensor in tensors(model).expect("a layout") {
        let name = tensor.to_string();
        let plain = tensor.bias || tensor.ne[1] == 1 || name.contains("ffn_gate_inp");
        let sides = if tensor.ne[2] > 1 { &tensor.ne[..] } else { &tensor.ne[..2] };
        file = file.tensor(&name, sides, u32::from(!plain));
    }
    file
}

#[test]
fn a_gguf_header_gives_the_estimate_of_its_entry() {
    for id in GGUF_OF {
        let known = ask(ModelChoice::Catalog(id.to_owned()), Quantization::F16);
        let read = Header::read(&header(catalog(id)).bytes()).and_then(|header| header.into_model(id));
        let model = read.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(model.file_quantization, Some(Quantization::F16), "{id}");
        same(&of_file(model, Quantization::F16), &known, id);
    }
}

/// More configurations as their makers publish them.
fn more_configs() -> Vec<(&'static str, Value)> {
    vec![
        (
            "llama-3.1-8b",
            json!({"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256, "tie_word_embeddings": false,
            "max_position_embeddings": 131_072, "rope_scaling": {"rope_type": "llama3"}}),
        ),
        (
            "qwen3-8b",
            json!({"model_type": "qwen3", "hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36,
            "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151_936,
            "tie_word_embeddings": false, "max_position_embeddings": 40960, "sliding_window": null}),
        ),
        (
            "mistral-7b-v0.3",
            json!({"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32768, "tie_word_embeddings": false,
            "max_position_embeddings": 32768, "sliding_window": null}),
        ),
    ]
}

/// A folder as it is downloaded: a configuration, an index, and two files with headers and holes for the data.
fn download(folder: &Path, config: &Value, model: &Model) {
    fs::write(folder.join("config.json"), config.to_string()).expect("written");
    let tensors = tensors(model).expect("a layout");
    let mut map = serde_json::Map::new();
    for (part, tensors) in tensors.chunks(tensors.len().div_ceil(2)).enumerate() {
        let name = format!("model-{:05}-of-00002.safetensors", part + 1);
        let (mut header, mut end) = (serde_json::Map::new(), 0_u64);
        for tensor in tensors {
            let start = end;
            end += 2 * tensor.elements();
            let entry = json!({"dtype": "BF16", "shape": tensor.ne, "data_offsets": [start, end]});
            header.insert(tensor.to_string(), entry);
            map.insert(tensor.to_string(), json!(name));
        }
        let header = Value::Object(header).to_string();
        let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
        fs::write(folder.join(&name), &bytes).expect("written");
        let file = fs::OpenOptions::new().write(true).open(folder.join(&name)).expect("there");
        file.set_len(bytes.len() as u64 + end).expect("a hole");
    }
    let index = json!({"metadata": {}, "weight_map": map}).to_string();
    fs::write(folder.join("model.safetensors.index.json"), index).expect("written");
}

#[test]
fn a_safetensors_index_gives_the_estimate_of_its_entry() {
    let all: Vec<(&str, Value)> = configs().into_iter().chain(more_configs()).collect();
    assert!(all.len() >= 10);
    for (id, mut config) in all {
        // Its experts were published in 4 bits, which the catalog knows.
        if id == "gpt-oss-20b" {
            config["quantization_config"] = json!({"quant_method": "mxfp4"});
        }
        // How its experts are chosen, as its own file says.
        if id == "deepseek-v3" {
            config["topk_method"] = json!("noaux_tc");
            (config["n_group"], config["topk_group"]) = (json!(8), json!(4));
        }
        let folder = tempfile::tempdir().expect("a folder");
        download(folder.path(), &config, catalog(id));
        let known = ask(ModelChoice::Catalog(id.to_owned()), Quantization::Q8_0);
        for path in [folder.path().join("model.safetensors.index.json"), folder.path().to_owned()] {
            let model = model_path::read(&path).unwrap_or_else(|error| panic!("{id}: {error}"));
            let counted: u64 =
                tensors(catalog(id)).expect("a layout").iter().fold(0, |sum, tensor| sum + tensor.elements());
            assert_eq!(model.total_parameters, Some(counted), "{id}");
            same(&of_file(model, Quantization::Q8_0), &known, id);
        }
    }
}

#[test]
fn an_index_alone_tells_the_parameters() {
    let folder = tempfile::tempdir().expect("a folder");
    let (id, mut config) = more_configs().remove(0);
    config["torch_dtype"] = json!("bfloat16");
    fs::write(folder.path().join("config.json"), config.to_string()).expect("written");
    let index = folder.path().join("model.safetensors.index.json");
    let text = json!({"metadata": {"total_size": 16_060_522_496_u64}, "weight_map": {"a": "model-00001-of-00004.safetensors"}});
    fs::write(&index, text.to_string()).expect("written");
    let model = model_path::read(&index).unwrap_or_else(|error| panic!("{id}: {error}"));
    assert_eq!(model.total_parameters, Some(8_030_261_248));
}

#[test]
fn a_download_that_broke_off_is_told_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let (id, config) = more_configs().remove(0);
    download(folder.path(), &config, catalog(id));
    let part = folder.path().join("model-00002-of-00002.safetensors");
    let length = fs::metadata(&part).expect("there").len();
    File::options().write(true).open(&part).expect("there").set_len(length - 1).expect("cut");
    let error = model_path::read(folder.path()).expect_err("cut");
    assert_eq!(error.fault, ModelPathFault::Incomplete { there: length - 1, of: length });
    let file = folder.path().join("cut.gguf");
    let bytes = header(catalog("qwen3-8b")).bytes();
    fs::write(&file, &bytes).expect("written");
    let error = model_path::read(&file).expect_err("no data");
    assert!(matches!(error.fault, ModelPathFault::Incomplete { .. }) && error.path == file, "{error}");
    for bytes in [&b""[..], b"GGUF", &bytes[..bytes.len() / 2]] {
        fs::write(&file, bytes).expect("written");
        assert!(matches!(model_path::read(&file).expect_err("cut").fault, ModelPathFault::File(_)));
    }
}

/// A model in parts says which of them is read; one that nobody waits for is read no further.
#[test]
fn reading_says_how_far_it_is_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = llama().split(100);
    let path = |part: u32| folder.path().join(format!("llama-0000{part}-of-00002.gguf"));
    for (part, bytes) in [(1, first), (2, second)] {
        fs::write(path(part), bytes).unwrap();
        fill(&path(part));
    }
    let read = |progress: &Arc<ReadProgress>| {
        read_in_background(path(1), Arc::clone(progress), Arc::new(|| {})).recv().expect("an answer")
    };
    let progress = Arc::default();
    assert!(read(&progress).is_ok());
    assert_eq!(progress.so_far(), Some(ReadSoFar::Files { at: 2, of: 2 }));
    let stopped: Arc<ReadProgress> = Arc::default();
    stopped.stop();
    assert!(read(&stopped).is_err());
}

#[test]
fn a_model_of_ollama_is_read_by_its_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = folder.path().join("manifests/registry.ollama.ai/library/qwen3/8b");
    let hash = "0123456789abcdef".repeat(4);
    let blob = folder.path().join(format!("blobs/sha256-{hash}"));
    for path in [&manifest, &blob] {
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    }
    let layer =
        json!({"mediaType": "application/vnd.ollama.image.model", "digest": format!("sha256:{hash}"), "size": 5});
    fs::write(&manifest, json!({"layers": [layer]}).to_string()).expect("written");
    assert!(matches!(model_path::read(&manifest).expect_err("no blob").fault, ModelPathFault::NotFound));
    fs::write(&blob, header(catalog("qwen3-8b")).bytes()).expect("written");
    File::options().write(true).open(&blob).expect("there").set_len(1 << 40).expect("a hole");
    for path in [&manifest, &blob] {
        let model = model_path::read(path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((model.num_hidden_layers, model.name.as_str()), (36, "Qwen3 8B"));
    }
    fs::write(&manifest, "{}").expect("written");
    assert_eq!(model_path::read(&manifest).expect_err("none").fault, ModelPathFault::NoManifest);
}
