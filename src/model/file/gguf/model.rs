//! From a header to a model. Shapes of tensors decide where they can; keys say the rest.

use super::facts::GgufFacts;
use super::layers::{pattern, recurrence, window};
use super::{Header, MetadataValue};
use crate::catalog::model::{
    Altup, CompressedAttention, Confidence, Experts, FileTensor, Heads, Indexer, LayerKind, LayerPattern, Mla, Model,
    ModelFields, RopeScaling,
};
use crate::catalog::quantization::Quantization;
use crate::model::file::{ModelFileError, blank::blank};
use crate::text::foreign;

impl Header {
    /// The model that the file holds. `name` stands where the file does not name itself.
    ///
    /// # Errors
    /// Where the architecture is not known, or a dimension is missing or absurd.
    pub fn into_model(self, name: &str) -> Result<Model, ModelFileError> {
        let facts = GgufFacts::of(&self)?;
        let name = self.metadata.text("general.name").filter(|name| !name.trim().is_empty()).unwrap_or(name);
        let mut model = blank(facts.architecture, name, "the GGUF file itself");
        if facts.unknown {
            model.unknown_architecture = Some(foreign(facts.named()).into_owned());
            model.confidence = Confidence::Low;
        }
        dimensions(&mut model, &facts)?;
        attention(&mut model, &facts);
        model.experts = experts(&facts, &model);
        model.recurrent = recurrence(&facts, &model);
        model.total_parameters = Some(self.tensors.iter().map(FileTensor::elements).fold(0, u64::saturating_add));
        model.file_quantization = match self.metadata.get("general.file_type") {
            Some(MetadataValue::Number(number)) => file_type(*number),
            _ => None,
        };
        model.file_tensors = self.tensors;
        Ok(Model::new(model)?)
    }
}

fn dimensions(model: &mut ModelFields, facts: &GgufFacts<'_>) -> Result<(), ModelFileError> {
    let embedding = facts.tensor("token_embd.weight").ok_or_else(|| ModelFileError::missing("token_embd.weight"))?;
    model.num_hidden_layers = facts.layers;
    model.num_nextn_predict_layers = facts.number("nextn_predict_layers").unwrap_or(0);
    [model.hidden_size, model.vocab_size, _] = embedding.ne;
    model.intermediate_size = match facts.in_layers("ffn_down.weight") {
        Some(down) => down.ne[0],
        None => 0,
    };
    let widths = facts.widths_of("ffn_down.weight");
    // Layers with experts have none.
    if widths.iter().any(|width| *width > 0 && *width != model.intermediate_size) {
        model.intermediate_size = widths.iter().copied().max().unwrap_or(0);
        model.intermediate_sizes = widths;
    }
    model.tie_word_embeddings = facts.tensor("output.weight").is_none();
    model.max_position_embeddings = facts.number("context_length");
    let rules = model.architecture.traits().config;
    model.rope_scaling = if facts.tensor("rope_factors_long.weight").is_some() {
        Some(RopeScaling::LongRope)
    } else if facts.tensor("rope_freqs.weight").is_some() && !rules.own_rope_factors {
        Some(RopeScaling::Llama3)
    } else {
        None
    };
    model.attn_res_block_size = facts.number("attn_res.block_size").unwrap_or(0);
    model.deepstack_layers = facts.number("n_deepstack_layers").unwrap_or(0);
    model.llama_4_scaling = facts.value("attention.temperature_scale").is_some();
    model.hidden_size_per_layer_input = facts.number("embedding_length_per_layer_input").unwrap_or(0);
    // Shapes tell streams and rank; which layers are sparse the engine assumes.
    model.altup = rules.altup.map(|usual| Altup {
        altup_num_inputs: facts.tensor("altup_proj.weight").map_or(usual.altup_num_inputs, |others| others.ne[2] + 1),
        laurel_rank: facts.in_layers("laurel_l.weight").map_or(usual.laurel_rank, |low| low.ne[1]),
        ..usual
    });
    model.use_double_wide_mlp = match facts.value("feed_forward_length") {
        Some(MetadataValue::Numbers(widths)) => {
            let (least, most) = (widths.iter().min(), widths.iter().max());
            least.zip(most).is_some_and(|(least, most)| *least > 0 && *most == 2 * least)
        }
        _ => false,
    };
    Ok(())
}

fn attention(model: &mut ModelFields, facts: &GgufFacts<'_>) {
    let kinds = pattern(facts);
    let first = |kind: LayerKind| kinds.iter().position(|own| *own == kind).map(|index| index as u64);
    let (full, windowed) = (first(LayerKind::Full), first(LayerKind::Window));
    let heads_at = |key: &str, layer: Option<u64>| facts.number_at(key, layer?);
    // Recurrent models count no heads in their one list: the largest stands for all attention layers.
    let main = full.or(windowed);
    model.num_attention_heads =
        heads_at("attention.head_count", main).or_else(|| facts.number("attention.head_count")).unwrap_or(0);
    model.num_key_value_heads =
        heads_at("attention.head_count_kv", main).or_else(|| main.map(|_| model.num_attention_heads)).unwrap_or(0);
    let even = model.hidden_size.checked_div(model.num_attention_heads).unwrap_or(0);
    model.head_dim = if main.is_some() { facts.number("attention.key_length").unwrap_or(even) } else { 0 };
    model.v_head_dim =
        facts.number("attention.value_length").filter(|length| main.is_some() && *length != model.head_dim);
    model.rotary_dim = facts.number("rope.dimension_count").filter(|length| *length < model.head_dim && *length > 0);
    if let Some(windowed) = windowed {
        model.sliding_window = window(facts);
        let own = Heads {
            num_attention_heads: facts.number_at("attention.head_count", windowed),
            num_key_value_heads: facts.number_at("attention.head_count_kv", windowed),
            head_dim: facts.number("attention.key_length_swa"),
        };
        let same = own.num_attention_heads.is_none_or(|heads| heads == model.num_attention_heads)
            && own.num_key_value_heads.is_none_or(|heads| heads == model.num_key_value_heads)
            && own.head_dim.is_none_or(|width| width == model.head_dim);
        model.sliding_attention = (!same).then_some(own);
    }
    let rules = model.architecture.traits().config;
    model.num_kv_shared_layers = facts.number("attention.shared_kv_layers").unwrap_or(0);
    model.use_qk_norm = rules.optional_qk_norm && facts.in_layers("attn_q_norm.weight").is_some();
    let without_values = facts.layers_with(|name| name == "attn_v.weight");
    model.attention_k_eq_v = rules.keys_as_values
        && full.and_then(|index| without_values.get(usize::try_from(index).ok()?)).is_some_and(|has| !has);
    mla(model, facts);
    indexer(model, facts);
    model.layer_pattern = kinds.iter().any(|kind| *kind != LayerKind::Full).then(|| LayerPattern::new(kinds)).flatten();
}

fn mla(model: &mut ModelFields, facts: &GgufFacts<'_>) {
    let Some(kv_lora_rank) = facts.number("attention.kv_lora_rank").filter(|rank| *rank > 0) else { return };
    let rope = facts.number("rope.dimension_count").unwrap_or(0);
    // Files from before the latent cache give the head's own widths under the plain keys.
    let key = facts.number("attention.key_length_mla").or_else(|| facts.number("attention.key_length")).unwrap_or(0);
    let value = facts.number("attention.value_length_mla").or_else(|| facts.number("attention.value_length"));
    model.mla = Some(Mla {
        kv_lora_rank,
        q_lora_rank: facts.number("attention.q_lora_rank").filter(|rank| *rank > 0),
        qk_rope_head_dim: rope,
        qk_nope_head_dim: key.saturating_sub(rope),
        v_head_dim: value.unwrap_or(key),
    });
    model.num_key_value_heads = model.num_attention_heads;
    model.head_dim = key;
    model.v_head_dim = None;
    model.rotary_dim = None;
}

/// The indexer, in the layers that have its keys' projection.
fn indexer(model: &mut ModelFields, facts: &GgufFacts<'_>) {
    let shape = facts.number("attention.indexer.head_count").zip(facts.number("attention.indexer.key_length"));
    let chooses = facts.layers_with(|name| name == "indexer.attn_k.weight");
    // Where whole blocks are chosen, the file counts those.
    let block = facts.number("attention.indexer.block_size").unwrap_or(0);
    model.compressed = compressed(facts);
    if model.compressed.is_some() {
        model.sliding_window = window(facts);
    }
    model.indexer = shape.map(|(index_n_heads, index_head_dim)| {
        let all = Indexer {
            index_n_heads,
            index_head_dim,
            index_topk: facts.number("attention.indexer.top_k").map(|chosen| chosen.saturating_mul(block.max(1))),
            index_block_size: block,
            index_topk_freq: 0,
            index_skip_topk_offset: 0,
        };
        if chooses.contains(&true) { all.with_rhythm(&chooses) } else { all }
    });
}

/// Windows beside caches of compressed tokens, where the file says at which rates.
fn compressed(facts: &GgufFacts<'_>) -> Option<CompressedAttention> {
    let MetadataValue::Numbers(ratios) = facts.value("attention.compress_ratios")? else { return None };
    Some(CompressedAttention {
        q_lora_rank: facts.number("attention.q_lora_rank")?,
        o_lora_rank: facts.number("attention.output_lora_rank")?,
        o_groups: facts.number("attention.output_group_count")?,
        hc_mult: facts.number("hyper_connection.count")?,
        num_hash_layers: facts.number("hash_layer_count").unwrap_or(0),
        compress_ratios: ratios.clone(),
    })
}

fn experts(facts: &GgufFacts<'_>, model: &ModelFields) -> Option<Experts> {
    let down = facts.in_layers("ffn_down_exps.weight")?;
    let [width, out, num_experts] = down.ne;
    let with = facts.layers_with(|name| name == "ffn_down_exps.weight");
    let mut places = with.iter().enumerate().filter(|(_, has)| **has).map(|(index, _)| index as u64);
    let (first, second) = (places.next()?, places.next());
    let step = second.map_or(1, |second| second - first);
    // Blocks that are either mixers or experts are told apart by the pattern.
    let single = model.architecture.traits().layers.single_blocks;
    let regular = single || step == 1 || !(first + 1).is_multiple_of(step);
    Some(Experts {
        num_experts,
        num_experts_per_tok: facts.number("expert_used_count").unwrap_or(1),
        moe_intermediate_size: width,
        shared_expert_intermediate_size: facts.in_layers("ffn_down_shexp.weight").map_or(0, |shared| shared.ne[0]),
        first_k_dense_replace: if single || (step > 1 && first < step) { 0 } else { first },
        decoder_sparse_step: if regular { 0 } else { step },
        moe_latent_size: if out == model.hidden_size { 0 } else { out },
        e_score_correction_bias: facts.in_layers("exp_probs_b.bias").is_some(),
        n_group: facts.number("expert_group_count").unwrap_or(0),
        topk_group: facts.number("expert_group_used_count").unwrap_or(0),
    })
}

/// The file type behind its number (`enum llama_ftype` in llama.h).
#[rustfmt::skip]
const fn file_type(number: u64) -> Option<Quantization> {
    use Quantization as Q;
    Some(match number {
        0 => Q::F32, 1 => Q::F16, 2 => Q::Q4_0, 3 => Q::Q4_1, 7 => Q::Q8_0, 8 => Q::Q5_0, 9 => Q::Q5_1, 10 => Q::Q2_K,
        11 => Q::Q3_K_S, 12 => Q::Q3_K_M, 13 => Q::Q3_K_L, 14 => Q::Q4_K_S, 15 => Q::Q4_K_M, 16 => Q::Q5_K_S,
        17 => Q::Q5_K_M, 18 => Q::Q6_K, 19 => Q::IQ2_XXS, 20 => Q::IQ2_XS, 21 => Q::Q2_K_S, 22 => Q::IQ3_XS,
        23 => Q::IQ3_XXS, 24 => Q::IQ1_S, 25 => Q::IQ4_NL, 26 => Q::IQ3_S, 27 => Q::IQ3_M, 28 => Q::IQ2_S, 29 => Q::IQ2_M,
        30 => Q::IQ4_XS, 31 => Q::IQ1_M, 32 => Q::BF16, 36 => Q::TQ1_0, 37 => Q::TQ2_0, 38 => Q::MXFP4_MOE,
        _ => return None,
    })
}
