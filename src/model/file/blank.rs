//! A model before anything is known of it.

use crate::catalog::model::{Architecture, Confidence, ModelFields};

/// A model of this architecture and name whose dimensions are all still to be filled in.
pub(super) fn blank(architecture: Architecture, name: &str, source: &str) -> ModelFields {
    ModelFields {
        id: id_of(name),
        name: name.to_owned(),
        family: architecture.name().to_owned(),
        aliases: Vec::new(),
        hf_id: None,
        license: None,
        release: None,
        architecture,
        total_parameters: None,
        active_parameters: None,
        params_read_per_token: None,
        num_hidden_layers: 0,
        hidden_size: 0,
        intermediate_size: 0,
        num_attention_heads: 0,
        num_key_value_heads: 0,
        head_dim: 0,
        v_head_dim: None,
        rotary_dim: None,
        vocab_size: 0,
        tie_word_embeddings: false,
        max_position_embeddings: None,
        rope_scaling: None,
        sliding_window: None,
        layer_pattern: None,
        full_attention: None,
        sliding_attention: None,
        use_qk_norm: false,
        attention_k_eq_v: false,
        num_kv_shared_layers: 0,
        use_double_wide_mlp: false,
        hidden_size_per_layer_input: 0,
        altup: None,
        mla: None,
        indexer: None,
        experts: None,
        recurrent: None,
        native_dtype: None,
        vision: None,
        source: source.to_owned(),
        confidence: Confidence::High,
        note: None,
        file_tensors: Vec::new(),
        file_quantization: None,
    }
}

/// A name in small letters and digits, joined by dashes; at most 80 of them.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars().take(80) {
        match letter.to_ascii_lowercase() {
            kept @ ('a'..='z' | '0'..='9' | '.') => id.push(kept),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_end_matches(['-', '.']);
    if id.is_empty() { "model".to_owned() } else { id.to_owned() }
}
