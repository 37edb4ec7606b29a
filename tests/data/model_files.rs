//! Models read from files: what is in them, and that damaged or hostile ones are refused in one line.

#![expect(clippy::unreadable_literal, reason = "figures as files print them")]

use crate::support::gguf::{Gguf, llama};
use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::{Architecture, Model};
use rigplan::catalog::quantization::Quantization;
use rigplan::model::file::gguf::Header;
use rigplan::model::file::{ModelFileError, from_config, safetensors};
use rigplan::model::layout::tensors;
use serde_json::json;

fn catalog(id: &str) -> &'static Model {
    Catalog::embedded().model(id).unwrap_or_else(|| panic!("no model {id}"))
}

fn read(bytes: &[u8]) -> Result<Model, ModelFileError> {
    Header::read(bytes)?.into_model("a-file")
}

/// Both lead to the same layers and the same rows of the vocabulary.
fn same_shape(read: &Model, id: &str) {
    let known = catalog(id);
    assert_eq!(read.architecture, known.architecture, "{id}");
    assert_eq!(read.layers(), known.layers(), "{id}");
    assert_eq!((read.hidden_size, read.vocab_size), (known.hidden_size, known.vocab_size), "{id}");
    assert_eq!(read.tie_word_embeddings, known.tie_word_embeddings, "{id}");
    assert_eq!(read.max_position_embeddings, known.max_position_embeddings, "{id}");
    assert_eq!((&read.mla, &read.recurrent), (&known.mla, &known.recurrent), "{id}");
}

#[test]
fn a_gguf_file_is_its_model() {
    let model = read(&llama().bytes()).expect("a model");
    same_shape(&model, "llama-3.1-8b");
    assert_eq!(model.rope_scaling, catalog("llama-3.1-8b").rope_scaling);
    assert_eq!(model.name, "Test Llama");
    assert_eq!(model.total_parameters, Some(8_030_261_312));
    assert_eq!(model.file_quantization, Some(Quantization::Q4_K_M));
    assert_eq!(model.file_tensors.len(), 292);
    assert_eq!(model.file_tensors[0].ne, [4096, 128_256, 1]);
}

#[test]
fn the_parts_of_a_split_gguf_add_up() {
    let whole = read(&llama().bytes()).expect("a model");
    let (first, second) = llama().split(100);
    let mut header = Header::read(&first).expect("a header");
    header.append(Header::read(&second).expect("a header")).expect("few tensors");
    assert_eq!(header.into_model("a-file"), Ok(whole));
}

#[test]
fn gguf_files_that_are_none() {
    let wrong = |bytes: &[u8]| read(bytes).expect_err("refused").to_string();
    assert!(wrong(b"PK\x03\x04 and so on").contains("not a GGUF file"));
    assert!(wrong(b"GGUF\x01\0\0\0").contains("version 1"));
    assert_eq!(Header::read(b"GG"), Err(ModelFileError::Truncated));
    let unknown = Gguf::new("nonsense").tensor("token_embd.weight", &[8, 8], 0);
    assert!(wrong(&unknown.bytes()).contains("\"nonsense\" is not known"));
    assert!(wrong(&Gguf::new("llama").bytes()).contains("tensor"));
    let no_layers = Gguf::new("llama").tensor("token_embd.weight", &[8, 8], 0);
    assert!(wrong(&no_layers.bytes()).contains("block_count is missing"));
    let absurd = Gguf::new("llama").number("llama.block_count", u64::MAX).tensor("token_embd.weight", &[8, 8], 0);
    assert!(wrong(&absurd.bytes()).contains("block_count is 18446744073709551615"));
    let wide = Gguf::new("llama").number("llama.block_count", 2).tensor("token_embd.weight", &[1 << 40, 1 << 40], 0);
    assert!(wrong(&wide.bytes()).contains("damaged"));
    let heads = llama().number("llama.attention.head_count", 1 << 40);
    assert!(wrong(&heads.bytes()).contains("num_attention_heads"));
}

#[test]
fn claimed_lengths_cost_nothing() {
    // Counts and lengths of 2^60 in every place that has one.
    let mut start = b"GGUF\x03\0\0\0".to_vec();
    let huge = (1_u64 << 60).to_le_bytes();
    let (one, zero) = (1_u64.to_le_bytes(), 0_u64.to_le_bytes());
    let tensors = [start.as_slice(), &huge, &zero].concat();
    assert!(matches!(Header::read(&tensors), Err(ModelFileError::Damaged(_))));
    let keys = [start.as_slice(), &zero, &huge].concat();
    assert!(matches!(Header::read(&keys), Err(ModelFileError::Damaged(_))));
    start.extend([zero, one].concat());
    let key = [start.as_slice(), &huge].concat();
    assert!(matches!(Header::read(&key), Err(ModelFileError::Damaged(_))));
    start.extend([&1_u64.to_le_bytes()[..], b"k"].concat());
    for list_of in [0_u32, 6, 8, 10] {
        let list = [start.as_slice(), &9_u32.to_le_bytes(), &list_of.to_le_bytes(), &huge].concat();
        assert_eq!(Header::read(&list), Err(ModelFileError::Truncated), "a list of type {list_of}");
    }
    let nested = [start.as_slice(), &9_u32.to_le_bytes(), &9_u32.to_le_bytes(), &huge].concat();
    assert!(matches!(Header::read(&nested), Err(ModelFileError::Damaged(_))));
}

#[test]
fn a_dense_config() {
    let config = json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
        "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "vocab_size": 128256, "max_position_embeddings": 131072, "tie_word_embeddings": false,
        "rope_scaling": {"factor": 8.0, "rope_type": "llama3"}, "torch_dtype": "bfloat16"});
    let model = from_config(config.to_string().as_bytes(), "Mine").expect("a model");
    same_shape(&model, "llama-3.1-8b");
    assert_eq!(model.rope_scaling, catalog("llama-3.1-8b").rope_scaling);
    assert_eq!(model.native_dtype, catalog("llama-3.1-8b").native_dtype);
    assert_eq!(model.id, "mine");
}

#[test]
fn an_unknown_model_like_llama_is_taken_for_one_and_that_is_said() {
    let config = json!({"model_type": "newcomer", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "rms_norm_eps": 1e-5,
        "rope_scaling": {"rope_type": "llama3"}, "max_position_embeddings": 131072});
    let model = from_config(config.to_string().as_bytes(), "Newcomer 8B").expect("a model");
    assert_eq!(model.unknown_architecture.as_deref(), Some("newcomer"));
    same_shape(&model, "llama-3.1-8b");
    let mut plan = rigplan::plan::Plan::default();
    let by_id = rigplan::estimate::estimate(&plan, Catalog::embedded()).expect("an estimate");
    plan.workload.model =
        rigplan::plan::ModelChoice::File { path: "config.json".into(), model: std::sync::Arc::new(model) };
    let found = rigplan::estimate::estimate(&plan, Catalog::embedded()).expect("an estimate");
    assert_eq!(found.devices[0].parts, by_id.devices[0].parts);
    let said = found.warnings.iter().map(|it| it.say(rigplan::text::Locale::En, rigplan::estimate::Reader::Window));
    assert!(said.into_iter().any(|it| it.contains("newcomer")), "{:?}", found.warnings);
    let mut hybrid = config;
    hybrid["mamba_d_state"] = json!(16);
    assert!(from_config(hybrid.to_string().as_bytes(), "x").is_err(), "no Llama");
}

#[test]
fn an_unknown_gguf_like_llama_is_taken_for_one_and_that_is_said() {
    let newcomer = |file: Gguf| {
        file.number("newcomer.block_count", 32)
            .number("newcomer.context_length", 131_072)
            .number("newcomer.attention.head_count", 32)
            .number("newcomer.attention.head_count_kv", 8)
            .number("newcomer.rope.dimension_count", 128)
            .number("newcomer.attention.layer_norm_rms_epsilon", 1)
    };
    let read = |file: &Gguf| Header::read(&file.bytes()).expect("a header").into_model("x");
    let file = newcomer(llama()).text("general.architecture", "newcomer");
    let model = read(&file).expect("a model");
    assert_eq!(model.unknown_architecture.as_deref(), Some("newcomer"));
    same_shape(&model, "llama-3.1-8b");
    let known = read(&llama()).expect("a model");
    let estimate = |model: Model| {
        let mut plan = rigplan::plan::Plan::default();
        plan.workload.model =
            rigplan::plan::ModelChoice::File { path: "x.gguf".into(), model: std::sync::Arc::new(model) };
        rigplan::estimate::estimate(&plan, Catalog::embedded()).expect("an estimate")
    };
    let (found, expected) = (estimate(model), estimate(known));
    assert_eq!(found.devices[0].parts, expected.devices[0].parts);
    let said = found.warnings.iter().map(|it| it.say(rigplan::text::Locale::En, rigplan::estimate::Reader::Window));
    assert!(said.into_iter().any(|it| it.contains("newcomer")), "{:?}", found.warnings);
    // What a Llama has not is another model.
    for other in [
        file.clone().tensor("blk.3.ssm_a", &[4096], 0),
        file.clone().tensor("blk.3.ffn_gate_inp.weight", &[4096, 8], 0),
        file.clone().tensor("per_layer_token_embd.weight", &[4096, 8], 0),
        file.clone().number("newcomer.attention.sliding_window", 4096),
        file.clone().number("newcomer.attention.causal", 0),
        file.clone().number("newcomer.block_count", 33),
        llama().text("general.architecture", "newcomer"),
    ] {
        let error = read(&other).expect_err("no Llama").to_string();
        assert!(error.contains("newcomer") && error.lines().count() == 1, "{error}");
    }
}

/// Configurations as their makers publish them, by the catalog's id of the model.
pub(crate) fn configs() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        (
            "gemma-3-27b",
            json!({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", "hidden_size": 5376,
            "intermediate_size": 21504, "num_hidden_layers": 62, "num_attention_heads": 32, "num_key_value_heads": 16,
            "head_dim": 128, "sliding_window": 1024, "sliding_window_pattern": 6, "vocab_size": 262208,
            "max_position_embeddings": 131072}, "vision_config": {"hidden_size": 1152}}),
        ),
        (
            "gpt-oss-20b",
            json!({"model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880,
            "num_hidden_layers": 24, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64,
            "sliding_window": 128, "layer_types": (["sliding_attention", "full_attention"].repeat(12)),
            "num_local_experts": 32, "num_experts_per_tok": 4, "vocab_size": 201088, "tie_word_embeddings": false,
            "max_position_embeddings": 131072}),
        ),
        (
            "qwen3-30b-a3b",
            json!({"model_type": "qwen3_moe", "hidden_size": 2048, "intermediate_size": 6144,
            "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
            "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768, "decoder_sparse_step": 1,
            "vocab_size": 151936, "max_position_embeddings": 262144, "tie_word_embeddings": false,
            "use_sliding_window": false, "sliding_window": null}),
        ),
        (
            "deepseek-v3",
            json!({"model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432,
            "moe_intermediate_size": 2048, "num_hidden_layers": 61, "num_attention_heads": 128,
            "num_key_value_heads": 128, "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8,
            "first_k_dense_replace": 3, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_rope_head_dim": 64,
            "qk_nope_head_dim": 128, "v_head_dim": 128, "vocab_size": 129280, "max_position_embeddings": 163840,
            "num_nextn_predict_layers": 1, "tie_word_embeddings": false, "quantization_config": {"quant_method": "fp8"}}),
        ),
        (
            "qwen3-next-80b-a3b",
            json!({"model_type": "qwen3_next", "hidden_size": 2048, "intermediate_size": 5120,
            "num_hidden_layers": 48, "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 256,
            "full_attention_interval": 4, "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128,
            "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_value_head_dim": 128,
            "num_experts": 512, "num_experts_per_tok": 10, "moe_intermediate_size": 512,
            "shared_expert_intermediate_size": 512, "decoder_sparse_step": 1, "partial_rotary_factor": 0.25,
            "vocab_size": 151936, "max_position_embeddings": 262144, "tie_word_embeddings": false}),
        ),
        (
            "jamba-mini",
            json!({"model_type": "jamba", "hidden_size": 4096, "intermediate_size": 14336,
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "attn_layer_period": 8,
            "attn_layer_offset": 4, "expert_layer_period": 2, "expert_layer_offset": 1, "num_experts": 16,
            "num_experts_per_tok": 2, "mamba_d_conv": 4, "mamba_d_state": 16, "mamba_expand": 2, "vocab_size": 65536,
            "max_position_embeddings": 262144, "tie_word_embeddings": false}),
        ),
        (
            "lfm2.5-1.2b",
            json!({"model_type": "lfm2", "hidden_size": 2048, "num_hidden_layers": 16, "conv_L_cache": 3,
            "block_auto_adjust_ff_dim": true, "block_ff_dim": 12288, "block_multiple_of": 256,
            "num_attention_heads": 32, "num_key_value_heads": 8, "full_attn_idxs": [2, 5, 8, 10, 12, 14],
            "vocab_size": 65536, "max_position_embeddings": 128000}),
        ),
    ]
}

#[test]
fn configs_of_other_families() {
    for (id, config) in configs() {
        let model = from_config(config.to_string().as_bytes(), id).unwrap_or_else(|error| panic!("{id}: {error}"));
        same_shape(&model, id);
        assert_eq!(model.native_dtype.is_some(), id == "deepseek-v3");
    }
}

#[test]
fn configs_that_are_none() {
    let wrong = |text: &str| from_config(text.as_bytes(), "x").expect_err(text).to_string();
    assert!(wrong("").contains("not a config.json file"));
    assert!(wrong("[1, 2]").contains("no JSON object"));
    assert!(wrong(&"[".repeat(100_000)).contains("no JSON at line 1"));
    assert!(wrong("{}").contains("model_type is missing"));
    assert!(wrong(r#"{"model_type": "bert"}"#).contains("\"bert\" is not known"));
    assert!(wrong(r#"{"model_type": "llama"}"#).contains("num_hidden_layers is missing"));
    let bert = r#"{"model_type": "bert", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
        "num_attention_heads": 12, "vocab_size": 30522, "layer_norm_eps": 1e-12}"#;
    assert!(wrong(bert).contains("\"bert\" is not known"), "no generator");
    let absurd = r#"{"model_type": "llama", "num_hidden_layers": 4000000000, "hidden_size": 1, "vocab_size": 1,
        "num_attention_heads": 1}"#;
    assert!(wrong(absurd).contains("num_hidden_layers is 4000000000"));
}

/// A safetensors file with this header.
fn safetensors_of(header: &str) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat()
}

#[test]
fn safetensors_add_up() {
    let header = json!({"__metadata__": {"format": "pt"},
        "a.weight": {"dtype": "BF16", "shape": [4, 8], "data_offsets": [0, 64]},
        "b.bias": {"dtype": "F32", "shape": [2], "data_offsets": [64, 72]}});
    let weights = safetensors::read(&safetensors_of(&header.to_string())).expect("weights");
    assert_eq!((weights.totals.elements, weights.totals.bytes), (34, 72));
    assert_eq!(weights.file_length, 8 + header.to_string().len() as u64 + 72);
    let index =
        br#"{"metadata": {}, "weight_map": {"a": "m-2.safetensors", "b": "m-1.safetensors", "c": "m-2.safetensors"}}"#;
    assert_eq!(safetensors::files_of_index(index).expect("files"), ["m-1.safetensors", "m-2.safetensors"]);
}

#[test]
fn safetensors_that_are_none() {
    assert_eq!(safetensors::read(b"1234"), Err(ModelFileError::Truncated));
    let error = |bytes: &[u8]| safetensors::read(bytes).expect_err("refused").to_string();
    assert!(error(&u64::MAX.to_le_bytes()).contains("claims"));
    assert!(error(&safetensors_of("[]")).contains("safetensors"));
    let shape = r#"{"a": {"dtype": "F32", "shape": [18446744073709551615, 3], "data_offsets": [0, 4]}}"#;
    assert!(error(&safetensors_of(shape)).contains("impossible"));
    // An index must not lead out of its folder.
    for file in ["../x.safetensors", "/etc/passwd", "a/b.safetensors", "C:x.safetensors"] {
        let index = json!({"weight_map": {"a": file}}).to_string();
        assert!(safetensors::files_of_index(index.as_bytes()).is_err(), "{file}");
    }
}

proptest! {
    #[test]
    fn a_gguf_cut_off_anywhere_is_refused(end in any::<prop::sample::Index>()) {
        let bytes = llama().bytes();
        let end = end.index(bytes.len());
        prop_assert_eq!(Header::read(&bytes[..end]), Err(ModelFileError::Truncated));
    }

    #[test]
    fn a_damaged_gguf_never_panics(at in 0_usize..20_000, byte in any::<u8>()) {
        let mut bytes = llama().bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(model) = read(&bytes) {
            let _ = model.layers();
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let with_magic = [b"GGUF\x03\0\0\0", bytes.as_slice()].concat();
        let _ = Header::read(&with_magic);
        let _ = safetensors::read(&bytes);
        let _ = from_config(&bytes, "x");
    }

    #[test]
    fn any_numbers_in_a_config_are_bounded(layers in any::<u64>(), hidden in any::<u64>(), heads in any::<u64>(), width in any::<u64>()) {
        let config = json!({"model_type": "qwen3_next", "num_hidden_layers": layers % 200, "hidden_size": hidden,
            "num_attention_heads": heads, "head_dim": width, "linear_num_value_heads": width, "vocab_size": hidden,
            "linear_value_head_dim": heads, "linear_key_head_dim": hidden, "linear_num_key_heads": heads});
        if let Ok(model) = from_config(config.to_string().as_bytes(), "x") {
            let _ = model.layers();
        }
    }
}

fn config(value: &serde_json::Value) -> Model {
    from_config(value.to_string().as_bytes(), "a-model").expect("a model")
}

fn deepseek(groups: &[(&str, u64)]) -> Model {
    let mut value = json!({
        "model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168, "vocab_size": 129280,
        "intermediate_size": 18432, "num_attention_heads": 128, "kv_lora_rank": 512, "q_lora_rank": 1536,
        "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "n_routed_experts": 256,
        "num_experts_per_tok": 8, "moe_intermediate_size": 2048, "n_shared_experts": 1, "first_k_dense_replace": 3,
        "topk_method": "noaux_tc",
    });
    for (key, count) in groups {
        value[*key] = json!(count);
    }
    config(&value)
}

#[test]
fn experts_are_in_groups_where_the_configuration_says_so() {
    let groups = |model: Model| model.experts.expect("experts").groups();
    assert_eq!(groups(deepseek(&[("n_group", 8), ("topk_group", 4)])), Some((8, 4)));
    assert_eq!(groups(deepseek(&[("n_group", 1), ("topk_group", 1)])), None);
    assert_eq!(groups(deepseek(&[])), None);
    // Groups that do not part the experts evenly are none.
    assert_eq!(groups(deepseek(&[("n_group", 7), ("topk_group", 4)])), None);
    let known = deepseek(&[("n_group", 8), ("topk_group", 4)]);
    assert_eq!(known.experts, catalog("deepseek-v3").experts);
}

#[test]
fn streams_and_learned_residual_are_those_of_the_configuration() {
    let read = |own: &serde_json::Value| {
        let mut value = json!({
            "model_type": "gemma3n_text", "num_hidden_layers": 30, "hidden_size": 2048, "vocab_size": 262_400,
            "intermediate_size": 8192, "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 256,
            "sliding_window": 512, "num_kv_shared_layers": 10, "hidden_size_per_layer_input": 256,
        });
        for (key, figure) in own.as_object().expect("keys") {
            value[key] = figure.clone();
        }
        config(&value)
    };
    let usual = read(&json!({}));
    assert_eq!(usual.altup, catalog("gemma-3n-e2b").altup);
    assert_eq!(tensors(&usual), tensors(catalog("gemma-3n-e2b")));
    let other = read(&json!({
        "altup_num_inputs": 2, "laurel_rank": 32, "activation_sparsity_pattern": [0.95, 0.95, 0.0],
    }));
    let laid_out = tensors(&other).expect("tensors");
    let rows = |name: &str| laid_out.iter().find(|tensor| tensor.to_string() == name).map(|tensor| tensor.ne);
    assert_eq!(rows("altup_proj.weight"), Some([2048, 2048, 1]));
    assert_eq!(rows("blk.0.altup_predict_coef.weight"), Some([2, 4, 1]));
    assert_eq!(rows("blk.0.laurel_l.weight"), Some([2048, 32, 1]));
    assert_eq!(other.altup.map(|altup| altup.sparse_layers), Some(2));
}

#[test]
fn every_architecture_is_found_by_its_own_names_alone() {
    let mut names: Vec<(&str, Option<bool>)> = Vec::new();
    for architecture in Architecture::ALL {
        let rules = architecture.traits().config;
        names.extend(rules.model_types.iter().map(|name| (*name, rules.with_experts)));
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two architectures with one name");
}
