//! `config.json`: the dimensions as Hugging Face's transformers library writes them.

mod experts;
mod fields;
mod layers;

use serde_json::Value;

use super::{ModelFileError, ModelFormat, WrongKind, blank::blank, rules};
use crate::catalog::model::{
    Altup, Architecture, CompressedAttention, Confidence, Dtype, Heads, Indexer, LayerKind, LayerPattern, Mla, Model,
    ModelFields, RopeScaling,
};
use crate::text::{JsonFault, foreign};
use fields::Fields;

/// The model that a `config.json` describes. `name` is what it is called, for the file does not say.
///
/// # Errors
/// Where the text is no such file, the architecture is not known, or a dimension is missing or absurd.
pub fn from_config(bytes: &[u8], name: &str) -> Result<Model, ModelFileError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wrong = |reason| ModelFileError::WrongKind { wanted: ModelFormat::Config, reason };
    let root: Value = serde_json::from_slice(bytes).map_err(|error| wrong(WrongKind::Json(JsonFault::of(&error))))?;
    let Value::Object(root) = &root else { return Err(wrong(WrongKind::NoObject)) };
    let fields = Fields::of(root);
    let model_type = fields.text("model_type").ok_or_else(|| ModelFileError::missing("model_type"))?;
    let known = rules::architecture(model_type, fields.number(experts::COUNT).is_some_and(|count| count > 1));
    let like = || like_llama(&fields).then_some(Architecture::Llama);
    let architecture = known.or_else(like).ok_or_else(|| ModelFileError::unknown_architecture(model_type))?;
    let mut model = blank(architecture, name, "the config.json itself");
    if known.is_none() {
        model.unknown_architecture = Some(foreign(model_type).into_owned());
        model.confidence = Confidence::Low;
    }
    dimensions(&mut model, &fields)?;
    attention(&mut model, &fields)?;
    latent_attention(&mut model, &fields);
    compressed_attention(&mut model, &fields);
    model.experts = experts::read(&model, &fields);
    if model.experts.is_some_and(|experts| experts.first_k_dense_replace == 0 && experts.decoder_sparse_step < 2)
        && !architecture.traits().layers.mlp_beside_experts
    {
        // Every layer has experts: no dense MLP is left.
        model.intermediate_size = 0;
    }
    model.recurrent = layers::recurrence(&model, &fields)?;
    model.native_dtype = dtype(&fields);
    Ok(Model::new(model)?)
}

/// Whether an unknown model has the parts of a Llama and no others: attention and a gated MLP in every layer, root mean
/// square norms, words made one after the other.
fn like_llama(fields: &Fields<'_>) -> bool {
    const NEEDED: [&str; 6] =
        ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "rms_norm_eps"];
    const OTHERS: [&str; 12] = [
        "kv_lora_rank",
        "layers_block_type",
        "hybrid_override_pattern",
        "attn_layer_period",
        "full_attention_interval",
        "linear_attn_config",
        "attn_type_list",
        "full_attn_idxs",
        "mamba_d_state",
        "ssm_state_size",
        "hidden_size_per_layer_input",
        "num_kv_shared_layers",
    ];
    let experts = fields.number(experts::COUNT).is_some_and(|count| count > 1);
    let plain =
        fields.list("layer_types").is_none_or(|kinds| kinds.iter().all(|kind| kind.as_str() == Some("full_attention")));
    let generates = fields.flag("is_encoder_decoder") != Some(true);
    let has = |key: &&str| fields.get(key).is_some();
    NEEDED.iter().all(has) && !OTHERS.iter().any(has) && !experts && plain && generates
}

fn dimensions(model: &mut ModelFields, fields: &Fields<'_>) -> Result<(), ModelFileError> {
    model.num_hidden_layers = fields.needed(&["num_hidden_layers", "n_layer", "num_layers"])?;
    model.num_nextn_predict_layers = fields.number(&["num_nextn_predict_layers", "mtp_num_hidden_layers"]).unwrap_or(0);
    model.hidden_size = fields.needed(&["hidden_size", "n_embd", "d_model"])?;
    model.vocab_size = fields.needed(&["vocab_size"])?;
    let width = fields.number(&["intermediate_size_mlp", "intermediate_size", "ffn_hidden_size"]);
    let rules = model.architecture.traits().config;
    model.intermediate_size = width.unwrap_or_else(|| model.hidden_size.saturating_mul(rules.mlp_ratio));
    adjusted_width(model, fields);
    searched_widths(model, fields);
    model.max_position_embeddings = fields.number(&["max_position_embeddings", "max_sequence_length", "n_positions"]);
    model.tie_word_embeddings = fields.flag("tie_word_embeddings").unwrap_or(rules.tied_by_default);
    model.rope_scaling = fields.rope_type().and_then(|kind| match kind {
        "llama3" => Some(RopeScaling::Llama3),
        "longrope" | "su" => Some(RopeScaling::LongRope),
        _ => None,
    });
    model.llama_4_scaling = fields
        .get("rope_parameters")
        .and_then(|rope| rope.get("llama_4_scaling_beta"))
        .is_some_and(|beta| beta.as_f64().is_some_and(|beta| beta > 0.0));
    let seen = fields.get("vision_config").and_then(|vision| vision.get("deepstack_visual_indexes")?.as_array());
    model.deepstack_layers = seen.map_or(0, |layers| layers.len() as u64);
    model.hidden_size_per_layer_input = fields.number(&["hidden_size_per_layer_input"]).unwrap_or(0);
    model.altup = rules.altup.map(|usual| altup(usual, fields));
    Ok(())
}

/// Gemma 3n's figures; `usual` are those of its class.
fn altup(usual: Altup, fields: &Fields<'_>) -> Altup {
    let sparse =
        |pattern: &[Value]| pattern.iter().filter(|share| share.as_f64().is_some_and(|it| it > 0.0)).count() as u64;
    Altup {
        altup_num_inputs: fields.number(&["altup_num_inputs"]).unwrap_or(usual.altup_num_inputs),
        laurel_rank: fields.number(&["laurel_rank"]).unwrap_or(usual.laurel_rank),
        sparse_layers: fields.list("activation_sparsity_pattern").map_or(usual.sparse_layers, sparse),
    }
}

/// LFM2 states a width that its layers round: two thirds, then up to a multiple.
fn adjusted_width(model: &mut ModelFields, fields: &Fields<'_>) {
    if fields.flag("block_auto_adjust_ff_dim") != Some(true) {
        return;
    }
    let stated = fields.number(&["block_ff_dim", "intermediate_size"]).unwrap_or(0);
    let step = fields.number(&["block_multiple_of"]).unwrap_or(256).max(1);
    model.intermediate_size = (stated.saturating_mul(2) / 3).div_ceil(step).saturating_mul(step);
}

/// Nemotron's blocks were searched one by one: each has a share of `hidden_size` as width of its MLP.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
fn searched_widths(model: &mut ModelFields, fields: &Fields<'_>) {
    // `_ffn_mult_to_intermediate_size` of the reference: two thirds of so many times the width, up to a multiple of 256.
    let width = |block: &Value| {
        let share = block.get("ffn").and_then(|ffn| ffn.get("ffn_mult")?.as_f64()).unwrap_or(0.0);
        ((2.0 * share * model.hidden_size as f64 / 3.0) as u64).next_multiple_of(256)
    };
    let Some(blocks) = fields.list("block_configs") else { return };
    let widths: Vec<u64> = blocks.iter().map(width).collect();
    model.intermediate_size = widths.iter().copied().max().unwrap_or(0);
    model.intermediate_sizes = widths;
}

fn attention(model: &mut ModelFields, fields: &Fields<'_>) -> Result<(), ModelFileError> {
    let kinds = layers::pattern(model, fields);
    let has = |kind: LayerKind| kinds.contains(&kind);
    if has(LayerKind::Full) || has(LayerKind::Window) {
        model.num_attention_heads = fields.needed(&["num_attention_heads", "n_head"])?;
        let shared = (fields.flag("multi_query") == Some(true)
            && fields.flag("new_decoder_architecture") != Some(true))
        .then_some(1);
        let given = fields.number(&["num_key_value_heads", "num_kv_heads", "num_attention_groups"]);
        let given = given.or_else(|| model.num_attention_heads.checked_div(layers::searched_group(fields)?));
        model.num_key_value_heads = shared.or(given).unwrap_or(model.num_attention_heads);
        let even = model.hidden_size.checked_div(model.num_attention_heads).unwrap_or(0);
        model.head_dim = fields.number(&["head_dim", "attention_head_dim"]).unwrap_or(even);
        model.v_head_dim = fields.number(&["v_head_dim"]).filter(|width| *width != model.head_dim);
        model.rotary_dim =
            fields.rotary_share().map(|share| share_of(model.head_dim, share)).filter(|width| *width > 0);
    }
    if has(LayerKind::Window) {
        model.sliding_window = layers::window(model, fields);
        let full = Heads {
            num_attention_heads: None,
            num_key_value_heads: fields.number(&["num_global_key_value_heads"]),
            head_dim: fields.number(&["global_head_dim"]),
        };
        model.full_attention = (full.num_key_value_heads.is_some() || full.head_dim.is_some()).then_some(full);
        let windowed = Heads {
            num_attention_heads: fields
                .number(&["swa_num_attention_heads"])
                .or_else(|| fields.inner_number("attention_other_setting", "num_attention_heads"))
                .filter(|heads| *heads != model.num_attention_heads),
            num_key_value_heads: fields
                .number(&["swa_num_key_value_heads"])
                .or_else(|| fields.inner_number("attention_other_setting", "num_attention_groups"))
                .filter(|heads| *heads != model.num_key_value_heads),
            head_dim: fields.number(&["swa_head_dim"]).filter(|width| *width != model.head_dim),
        };
        let own = windowed.num_attention_heads.or(windowed.num_key_value_heads).or(windowed.head_dim);
        model.sliding_attention = own.is_some().then_some(windowed);
    }
    model.use_qk_norm = model.architecture.traits().config.optional_qk_norm && fields.flag("use_qk_norm") == Some(true);
    model.attention_k_eq_v = fields.flag("attention_k_eq_v") == Some(true);
    model.num_kv_shared_layers = fields.number(&["num_kv_shared_layers"]).unwrap_or(0);
    model.use_double_wide_mlp = fields.flag("use_double_wide_mlp") == Some(true);
    model.layer_pattern = kinds.iter().any(|kind| *kind != LayerKind::Full).then(|| LayerPattern::new(kinds)).flatten();
    Ok(())
}

fn latent_attention(model: &mut ModelFields, fields: &Fields<'_>) {
    let Some(kv_lora_rank) = fields.number(&["kv_lora_rank"]).filter(|rank| *rank > 0) else { return };
    let number = |name: &'static str| fields.number(&[name]).unwrap_or(0);
    let (rope, nope) = (number("qk_rope_head_dim"), number("qk_nope_head_dim"));
    model.mla = Some(Mla {
        kv_lora_rank,
        q_lora_rank: fields.number(&["q_lora_rank"]).filter(|rank| *rank > 0),
        qk_rope_head_dim: rope,
        qk_nope_head_dim: nope,
        v_head_dim: number("v_head_dim"),
    });
    model.num_key_value_heads = model.num_attention_heads;
    model.head_dim = rope.saturating_add(nope);
    model.v_head_dim = None;
    model.rotary_dim = None;
    model.indexer = indexer(fields);
}

/// Windows beside caches of compressed tokens (`DeepSeek` V4).
fn compressed_attention(model: &mut ModelFields, fields: &Fields<'_>) {
    let number = |name: &'static str| fields.number(&[name]).unwrap_or(0);
    let Some(ratios) = fields.list("compress_ratios").filter(|_| model.mla.is_none()) else { return };
    model.compressed = Some(CompressedAttention {
        q_lora_rank: number("q_lora_rank"),
        o_lora_rank: number("o_lora_rank"),
        o_groups: number("o_groups"),
        hc_mult: number("hc_mult"),
        num_hash_layers: number("num_hash_layers"),
        compress_ratios: ratios.iter().filter_map(Value::as_u64).collect(),
    });
    model.sliding_window = layers::window(model, fields);
    model.indexer = indexer(fields);
}

/// The indexer of sparse attention.
fn indexer(fields: &Fields<'_>) -> Option<Indexer> {
    let number = |name: &'static str| fields.number(&[name]).unwrap_or(0);
    Some(Indexer {
        index_n_heads: fields.number(&["index_n_heads"])?,
        index_head_dim: fields.number(&["index_head_dim"])?,
        index_topk: fields.number(&["index_topk"]),
        index_block_size: 0,
        index_topk_freq: number("index_topk_freq"),
        index_skip_topk_offset: number("index_skip_topk_offset"),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
fn share_of(width: u64, share: f64) -> u64 {
    if (0.0..1.0).contains(&share) { (width as f64 * share).round() as u64 } else { 0 }
}

fn dtype(fields: &Fields<'_>) -> Option<Dtype> {
    match fields.inner_text("quantization_config", "quant_method") {
        Some("fp8") => return Some(Dtype::Fp8),
        Some("mxfp4") => return Some(Dtype::Mxfp4),
        Some(_) => return None,
        None => {}
    }
    match fields.text("dtype").or_else(|| fields.text("torch_dtype"))? {
        "float32" => Some(Dtype::Fp32),
        "float16" => Some(Dtype::Fp16),
        "bfloat16" => Some(Dtype::Bf16),
        _ => None,
    }
}
