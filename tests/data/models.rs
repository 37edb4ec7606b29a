//! The model tables: well formed, laid out, and counting what the engine counts.

use std::collections::{BTreeMap, BTreeSet};

use rigplan::catalog::model::{FILES, Model};
use rigplan::model::layers::{Cache, Mixer, Span};
use rigplan::model::layout::{parameters, tensors};
use rigplan::model::tensor::Place;

fn table(name: &str, text: &str) -> Vec<Model> {
    ron::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn models() -> Vec<Model> {
    FILES.iter().flat_map(|(name, text)| table(name, text)).collect()
}

fn fail_with(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn every_table_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/models");
    let on_disk: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let embedded: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(on_disk, embedded);
}

#[test]
fn tables_are_sorted_and_hold_one_family_each() {
    let mut violations = Vec::new();
    for (name, text) in FILES {
        let models = table(name, text);
        if !models.is_sorted_by(|a, b| a.id < b.id) {
            violations.push(format!("{name}: not sorted by id"));
        }
        for model in models.iter().filter(|model| format!("{}.ron", model.family) != **name) {
            violations.push(format!("{name}: {} is of family {}", model.id, model.family));
        }
    }
    fail_with(&violations);
}

#[test]
fn names_are_unique() {
    let plain = |name: &str| name.to_lowercase().replace(' ', "-");
    let mut violations = Vec::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let models = models();
    let kebab = |id: &str| {
        !id.starts_with('-') && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
    };
    for model in &models {
        let (id, name, aliases) = (&model.id, &model.name, &model.aliases);
        if !kebab(id) {
            violations.push(format!("{id}: not kebab-case"));
        }
        for known in [id, name].into_iter().chain(aliases).map(|known| plain(known)).collect::<BTreeSet<_>>() {
            if let Some(owner) = owners.insert(known.clone(), id.clone()) {
                violations.push(format!("{known}: belongs to {owner} and to {id}"));
            }
        }
        if aliases.iter().map(|alias| plain(alias)).collect::<BTreeSet<_>>().len() != aliases.len() {
            violations.push(format!("{id}: an alias twice"));
        }
    }
    fail_with(&violations);
}

#[test]
fn written_and_read_again_a_model_is_the_same() {
    for model in models() {
        let text = ron::to_string(&model).unwrap();
        assert_eq!(ron::from_str::<Model>(&text).unwrap(), model);
    }
}

#[test]
fn an_unknown_field_is_an_error_with_its_place() {
    let text = FILES[0].1.replacen("num_hidden_layers", "layers", 1);
    let error = ron::from_str::<Vec<Model>>(&text).unwrap_err().to_string();
    assert!(error.contains("layers"), "{error}");
}

#[test]
fn parameters_agree_with_what_was_published() {
    let mut violations = Vec::new();
    for model in models() {
        let (Some(counted), Some(published)) = (parameters(&model), model.total_parameters) else { continue };
        let error = counted as f64 / published as f64 - 1.0;
        if error.abs() > 0.01 {
            violations.push(format!("{}: {counted} counted, {published} published ({error:+.4})", model.id));
        }
    }
    fail_with(&violations);
}

/// What llama.cpp counts when it loads the file, one or more for each architecture.
const COUNTED: &[(&str, u64)] = &[
    ("codestral-mamba-7b", 7_285_403_648),
    ("command-a", 111_057_580_032),
    ("command-r-08-2024", 32_296_476_672),
    ("command-r-plus", 103_810_674_688),
    ("deepseek-v2-lite", 15_706_484_224),
    ("deepseek-v4-flash", 284_334_567_511),
    ("glm-5.2", 743_377_019_904),
    ("nemotron-super-49b", 49_867_145_280),
    ("deepseek-v3", 671_026_419_200),
    ("deepseek-v3.2", 671_877_944_064),
    ("ernie-4.5-21b-a3b", 21_825_437_888),
    ("ernie-4.5-300b-a47b", 299_484_163_264),
    ("exaone-4-32b", 32_003_216_448),
    ("falcon-180b", 178_557_088_768),
    ("falcon-40b", 41_303_293_952),
    ("gemma-2-27b", 27_227_128_320),
    ("gemma-2b", 2_506_172_416),
    ("gemma-3-12b", 11_766_034_176),
    ("gemma-3-27b", 27_009_346_304),
    ("gemma-3n-e2b", 4_458_122_848),
    ("gemma-4-26b-a4b", 25_233_142_046),
    ("gemma-4-e4b", 7_518_069_290),
    ("glm-4.5", 352_797_829_024),
    ("glm-4.7-flash", 29_943_393_920),
    ("glm-5", 743_911_218_432),
    ("gpt-oss-20b", 20_914_757_184),
    ("granite-3.3-8b", 8_170_864_640),
    ("granite-4.0-h-micro", 3_191_396_096),
    ("granite-4.0-h-small", 32_207_337_984),
    ("hunyuan-a13b", 80_393_183_232),
    ("jamba-large", 398_555_145_696),
    ("kimi-k2", 1_026_408_232_448),
    ("kimi-k3", 2_779_483_135_584),
    ("kimi-linear-48b-a3b", 49_122_681_728),
    ("lfm2-8b-a1b", 8_339_930_560),
    ("lfm2.5-1.2b", 1_170_340_608),
    ("llama-2-7b", 6_738_415_616),
    ("llama-3.1-70b", 70_553_706_560),
    ("llama-3.1-8b", 8_030_261_312),
    ("llama-3.2-1b", 1_235_814_432),
    ("llama-4-scout", 107_769_861_184),
    ("mimo-v2-flash", 308_778_780_864),
    ("minimax-m1", 456_089_655_296),
    ("minimax-m2", 228_689_764_864),
    ("minimax-m3", 426_174_572_928),
    ("ministral-3-8b", 8_489_553_920),
    ("mistral-7b-v0.3", 7_248_023_552),
    ("mistral-small-4", 118_972_826_624),
    ("mixtral-8x7b", 46_702_792_704),
    ("nemotron-3-nano-30b-a3b", 31_577_940_288),
    ("nemotron-3-super-120b-a12b", 120_668_707_840),
    ("nemotron-h-56b", 56_324_350_464),
    ("olmo-2-13b", 13_716_198_400),
    ("phi-3-medium", 13_960_238_208),
    ("phi-3.5-moe", 41_873_153_472),
    ("qwen2.5-0.5b", 494_032_768),
    ("qwen2.5-32b", 32_763_876_352),
    ("qwen2.5-7b", 7_615_616_512),
    ("qwen3-30b-a3b", 30_532_122_624),
    ("qwen3-4b", 4_022_468_096),
    ("qwen3-next-80b-a3b", 79_674_391_296),
    ("qwen3.5-122b-a10b", 122_111_526_912),
    ("qwen3.5-27b", 26_895_998_464),
    ("seed-oss-36b", 36_151_104_512),
    ("smollm3-3b", 3_075_098_624),
    ("starcoder2-15b", 15_957_889_024),
    ("step-3.7-flash", 196_956_130_432),
];

#[test]
fn parameters_equal_the_engine_s_count() {
    let models: BTreeMap<String, Model> = models().into_iter().map(|model| (model.id.clone(), model)).collect();
    let mut violations = Vec::new();
    for (id, expected) in COUNTED {
        let counted = models.get(*id).and_then(parameters);
        if counted != Some(*expected) {
            violations.push(format!("{id}: {counted:?}, the engine counts {expected}"));
        }
    }
    fail_with(&violations);
}

#[test]
fn what_is_not_known_is_not_laid_out() {
    let unknown: Vec<String> =
        models().into_iter().filter(|model| parameters(model).is_none()).map(|model| model.id.clone()).collect();
    let by_name = [
        "all-minilm-l12",
        "all-minilm-l6",
        "bge-m3",
        "embeddinggemma-300m",
        "glm-4-9b",
        "granite-code-20b",
        "llama-3.2-11b-vision",
        "llama-3.2-90b-vision",
        "moondream2",
        "mxbai-embed-large",
        "nomic-embed-text-v1.5",
        "paraphrase-multilingual-mpnet",
        "phi-2",
        "snowflake-arctic-embed-l",
        "snowflake-arctic-embed-m",
        "starcoder-15b",
    ];
    assert_eq!(unknown.into_iter().collect::<BTreeSet<_>>(), by_name.map(str::to_owned).into());
}

#[test]
fn layouts_are_well_formed() {
    let mut violations = Vec::new();
    for model in models() {
        let Some(tensors) = tensors(&model) else { continue };
        let names: BTreeSet<String> = tensors.iter().map(ToString::to_string).collect();
        if names.len() != tensors.len() {
            violations.push(format!("{}: {} names for {} tensors", model.id, names.len(), tensors.len()));
        }
        if let Some(empty) = tensors.iter().find(|tensor| tensor.elements() == 0) {
            violations.push(format!("{}: {empty} is empty", model.id));
        }
        let layers: BTreeSet<u64> = tensors
            .iter()
            .filter_map(|tensor| if let Place::Layer(index) = tensor.place { Some(index.into()) } else { None })
            .collect();
        if !layers.iter().copied().eq(0..model.num_hidden_layers) {
            violations.push(format!("{}: {} layers of {}", model.id, layers.len(), model.num_hidden_layers));
        }
        if names.contains("output.weight") == model.tie_word_embeddings {
            violations.push(format!("{}: an output matrix although tied, or none although not", model.id));
        }
    }
    fail_with(&violations);
}

/// Elements that the engine keeps for each token in full caches and in window caches, and recurrent elements for each
/// sequence: its own KV and recurrent sizes, divided.
const KEPT: &[(&str, [u64; 3])] = &[
    ("llama-3.1-8b", [65_536, 0, 0]),
    ("deepseek-v3", [35_136, 0, 0]),
    ("deepseek-v3.2", [42_944, 0, 0]),
    ("glm-5", [54_912, 0, 0]),
    ("kimi-k3", [13_824, 0, 116_158_464]),
    ("nemotron-3-super-120b-a12b", [4_096, 0, 43_171_840]),
    ("gemma-2-9b", [86_016, 86_016, 0]),
    ("gemma-3-27b", [40_960, 212_992, 0]),
    ("gemma-3n-e4b", [4_096, 16_384, 0]),
    ("gemma-4-26b-a4b", [10_240, 102_400, 0]),
    ("gemma-4-e2b", [3_072, 6_144, 0]),
    ("gpt-oss-20b", [12_288, 12_288, 0]),
    ("llama-4-scout", [24_576, 73_728, 0]),
    ("mimo-v2-flash", [11_520, 99_840, 0]),
    ("step-3.7-flash", [24_576, 67_584, 0]),
    ("qwen3-next-80b-a3b", [12_288, 0, 19_759_104]),
    ("kimi-linear-48b-a3b", [4_032, 0, 11_223_040]),
    ("granite-4.0-h-tiny", [4_096, 0, 14_515_200]),
    ("nemotron-nano-9b-v2", [8_192, 0, 36_384_768]),
    ("jamba-mini", [8_192, 0, 4_358_144]),
    ("mamba2-2.7b", [0, 0, 42_975_232]),
    ("lfm2-8b-a1b", [6_144, 0, 73_728]),
    ("minimax-m1", [20_480, 0, 73_400_320]),
];

fn kept(model: &Model) -> [u64; 3] {
    let mut kept = [0; 3];
    for layer in model.layers().into_iter().flatten() {
        match layer.mixer {
            Mixer::Attention(attention) => {
                let elements = match attention.cache {
                    Cache::KeyValue => attention.kv_heads * (attention.key_dim + attention.value_dim),
                    Cache::Latent { width, .. } => width,
                    Cache::Shared => 0,
                };
                kept[usize::from(attention.span != Span::Full)] += elements + attention.index_dim;
            }
            Mixer::Recurrent(recurrent) => kept[2] += recurrent.convolution_elements + recurrent.state_elements,
            Mixer::None => {}
        }
    }
    kept
}

#[test]
fn layers_keep_what_the_engine_keeps() {
    let models: BTreeMap<String, Model> = models().into_iter().map(|model| (model.id.clone(), model)).collect();
    let mut violations = Vec::new();
    for (id, expected) in KEPT {
        let kept = kept(&models[*id]);
        if kept != *expected {
            violations.push(format!("{id}: {kept:?}, the engine {expected:?}"));
        }
    }
    fail_with(&violations);
}

#[test]
fn a_typical_model_is_laid_out_as_counted() {
    for billions in [1, 3, 8, 14, 32, 70, 405, 3000_u64] {
        let model = Model::typical(billions * 1_000_000_000).unwrap();
        assert_eq!(parameters(&model), model.total_parameters, "{billions} B");
    }
}
