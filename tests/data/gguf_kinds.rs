//! GGUF files of kinds whose keys leave much to the tensors lead to the layers that the catalog knows.

use crate::support::gguf::Gguf;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::model::file::gguf::Header;
use rigplan::model::layout::tensors;

/// A model, and what its converter writes beside the usual keys; names without the architecture.
const KINDS: &[(&str, &[(&str, u64)])] = &[
    ("minimax-m1", &[("attention.key_length", 128), ("expert_used_count", 2)]),
    (
        "minimax-m3",
        &[
            ("attention.key_length", 128),
            ("expert_used_count", 4),
            ("attention.indexer.head_count", 4),
            ("attention.indexer.key_length", 128),
            ("attention.indexer.top_k", 16),
            ("attention.indexer.block_size", 128),
        ],
    ),
    (
        "glm-5.2",
        &[
            ("attention.kv_lora_rank", 512),
            ("attention.q_lora_rank", 2048),
            ("attention.key_length_mla", 256),
            ("attention.value_length_mla", 256),
            ("rope.dimension_count", 64),
            ("expert_used_count", 8),
            ("attention.indexer.head_count", 32),
            ("attention.indexer.key_length", 128),
            ("attention.indexer.top_k", 2048),
        ],
    ),
    ("nemotron-super-49b", &[]),
    (
        "kimi-k3",
        &[
            ("attention.kv_lora_rank", 512),
            ("attention.q_lora_rank", 1536),
            ("attention.key_length_mla", 192),
            ("attention.value_length_mla", 128),
            ("rope.dimension_count", 64),
            ("kda.head_dim", 128),
            ("ssm.conv_kernel", 4),
            ("expert_used_count", 16),
            ("attn_res.block_size", 12),
        ],
    ),
    (
        "deepseek-v4-flash",
        &[
            ("attention.key_length", 512),
            ("attention.sliding_window", 128),
            ("attention.q_lora_rank", 1024),
            ("attention.output_lora_rank", 1024),
            ("attention.output_group_count", 8),
            ("hyper_connection.count", 4),
            ("hash_layer_count", 3),
            ("attention.indexer.head_count", 64),
            ("attention.indexer.key_length", 128),
            ("attention.indexer.top_k", 512),
            ("expert_used_count", 6),
        ],
    ),
];

/// The file that a converter makes of `model`: its tensors by their names, all in 16 bits.
fn file(model: &Model, keys: &[(&str, u64)]) -> Gguf {
    let name = model.architecture.name();
    let key = |key: &str| format!("{name}.{key}");
    let mut file = Gguf::new(name)
        .number(&key("block_count"), model.num_hidden_layers)
        .number(&key("attention.head_count"), model.num_attention_heads)
        .number(&key("attention.head_count_kv"), model.num_key_value_heads);
    for (own, value) in keys {
        file = file.number(&key(own), *value);
    }
    if let Some(compressed) = &model.compressed {
        file = file.numbers(&key("attention.compress_ratios"), &compressed.compress_ratios);
    }
    for tensor in tensors(model).expect("a layout") {
        file = file.tensor(&tensor.to_string(), &tensor.ne, 1);
    }
    file
}

#[test]
fn files_of_every_kind_lead_to_the_layers_of_their_models() {
    for (id, keys) in KINDS {
        let known = Catalog::embedded().model(id).unwrap_or_else(|| panic!("no model {id}"));
        let read = Header::read(&file(known, keys).bytes()).and_then(|header| header.into_model(id)).expect(id);
        assert_eq!(read.layers(), known.layers(), "{id}");
        assert_eq!(read.intermediate_sizes, known.intermediate_sizes, "{id}");
        assert_eq!((read.indexer, read.attn_res_block_size), (known.indexer, known.attn_res_block_size), "{id}");
        assert_eq!(read.compressed, known.compressed, "{id}");
    }
}

#[test]
fn a_ministral_file_says_whether_queries_are_scaled() {
    let known = Catalog::embedded().model("ministral-3-8b").expect("a model");
    let read = |keys: &[(&str, u64)]| {
        Header::read(&file(known, keys).bytes()).and_then(|header| header.into_model("a-file")).expect("a model")
    };
    assert!(!read(&[("attention.key_length", 128)]).llama_4_scaling);
    assert!(read(&[("attention.key_length", 128), ("attention.temperature_scale", 1)]).llama_4_scaling);
}
