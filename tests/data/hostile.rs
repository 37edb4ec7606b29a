//! Files that someone made to hurt, and mutations of good ones: refused in one line or estimated, never a panic, an
//! endless loop or a figure that wrapped around. Arithmetic is checked in this build.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unreachable,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::support::gguf::llama;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::{Model, ModelFields};
use rigplan::estimate::{EstimateError, estimate};
use rigplan::model::file::from_config;
use rigplan::model::file::gguf::Header;
use rigplan::plan::{CardChoice, Document, ModelChoice, Plan, Runtime, Task};
use rigplan::share::plan_file;
use rigplan::system::model_path;
use serde_json::{Value, json};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile").join(name)
}

fn document(name: &str) -> Result<Document, String> {
    plan_file::from_bytes(&std::fs::read(case(name)).unwrap()).map_err(|error| error.to_string())
}

#[test]
fn a_model_that_cannot_be_is_refused_wherever_it_stands() {
    let plans = [
        ("0_experts_per_tok_panic", "experts.num_experts_per_tok is 0, but must be from 1 to"),
        ("2p32_layers_oom", "num_hidden_layers is 4294967296, but must be from 1 to 1000"),
        ("2p63_heads_says_fits", "num_attention_heads is 9223372036854775808, but must be from 0 to"),
        ("groups_0_panic", "recurrent.groups is 0, but must be at least 1"),
        ("index_head_dim_0_hang", "indexer.index_head_dim is 0, but must be from 1 to"),
    ];
    for (name, wanted) in plans {
        let error = document(&format!("plan_model_{name}.ron")).expect_err(name);
        assert!(error.contains(wanted) && error.lines().count() == 1, "{name}: {error}");
    }
    let configs = [
        ("config_0_experts_per_tok", "num_experts_per_tok is 0, but must be from 1 to"),
        ("config_index_head_dim_0", "index_head_dim is 0, but must be from 1 to"),
        ("config_missing_linear_num_key_heads", "linear_num_key_heads is missing"),
    ];
    for (name, wanted) in configs {
        let error = model_path::read(&case(name).join("config.json")).expect_err(name).to_string();
        assert!(error.contains(wanted) && error.lines().count() == 1, "{name}: {error}");
    }
}

#[test]
fn the_other_plans_are_answered_or_refused() {
    for entry in std::fs::read_dir(case("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with("plan_") {
            continue;
        }
        for plan in document(&name).map(|document| document.plans).unwrap_or_default() {
            drop(estimate(&plan.plan, Catalog::embedded()));
        }
    }
}

#[test]
fn a_detected_name_stays_on_its_line() {
    let document = document("plan_detected_name_spoofs_terminal.ron").unwrap();
    let CardChoice::Detected { name, .. } = &document.plans[0].plan.machine.cards[0].card else {
        panic!("not detected")
    };
    assert_eq!(name, "a[31mb Fits: all is well");
}

/// Names that are laid out in each frame, and searched for what is like them.
#[test]
fn a_name_of_a_book_s_length_is_refused_in_a_short_line() {
    let long = "模型".repeat(2 << 20);
    let plans = [
        format!("(schema_version: 2, name: \"{}\", plans: [()])", &long[..3 << 20]),
        format!("(schema_version: 2, plans: [(name: \"{}\")])", &long[..3 << 20]),
        format!("(schema_version: 2, plans: [(plan: (workload: (task: {}))) ])", "a".repeat(3 << 20)),
    ];
    for text in plans {
        let said = plan_file::from_text(&text).expect_err("a long name").to_string();
        assert!(said.lines().count() == 1 && said.len() < 500, "{} bytes", said.len());
    }
    let id = "x".repeat(3 << 20);
    let near = rigplan::text::nearest(&id, ["xx", "yy"].into_iter());
    assert_eq!(near, ["xx", "yy"]);
    assert!(Catalog::embedded().nearest_models(&id).len() <= 3);
}

#[test]
fn an_unknown_platform_is_refused_wherever_it_stands() {
    let plan = &document("plan_unknown_platform_accepted.ron").unwrap().plans[0].plan;
    let error = estimate(plan, Catalog::embedded()).unwrap_err();
    assert!(matches!(error, EstimateError::UnknownPlatform { .. }), "{error}");
    assert!(error.to_string().starts_with("unknown platform \"a[31mb\""), "{error}");
}

/// A list of the right length that says nothing is not told to be of another length.
#[test]
fn a_split_of_zeros_is_refused_for_what_it_is() {
    let text = "(schema_version: 2, plans: [(plan: (workload: (tensor_split: [0.0, 0.0])))])";
    let said = plan_file::from_text(text).expect_err("zeros alone").to_string();
    assert!(said.ends_with("workload.tensor_split is a list of 2, but must be a list with a number above 0"), "{said}");
}

/// Text that is copied from a page brings characters along that nobody sees.
#[test]
fn an_id_is_what_it_looks_like() {
    let catalog = Catalog::embedded();
    for id in ["llama\u{200b}-3.1-8b", "\u{202a}llama-3.1-8b\u{202c}", "\u{feff}llama-3.1-8b"] {
        assert_eq!(catalog.model(id).map(|model| model.id.as_str()), Some("llama-3.1-8b"), "{id:?}");
    }
    assert!(catalog.card("rtx\u{2060}-4090").is_some());
    assert!(catalog.model("llama-3.1- 8b").is_none());
}

/// The built-in models and the shapes that are assumed are held to the same check as any other.
#[test]
fn every_model_that_is_built_in_passes() {
    let sizes = (0..=110).map(|step| (1e6 * 8e7_f64.powf(f64::from(step) / 110.0)) as u64);
    let assumed = sizes.map(|size| Model::typical(size).unwrap_or_else(|fault| panic!("{size}: {fault}")));
    for model in Catalog::embedded().models().cloned().chain(assumed) {
        let id = model.id.clone();
        Model::new(model.into_fields()).unwrap_or_else(|fault| panic!("{id}: {fault}"));
    }
}

const TASKS: [Task; 4] = [Task::Serve, Task::Full, Task::Lora, Task::Qlora];

/// Serving by each engine and each kind of training.
fn jobs() -> Vec<Plan> {
    let plan = |task: Task, runtime: Runtime| {
        let mut plan = Plan::default();
        plan.workload.task = task;
        plan.workload.choose_runtime(runtime);
        plan
    };
    let serving = Runtime::ALL.iter().map(|runtime| plan(Task::Serve, *runtime));
    serving.chain(TASKS.into_iter().skip(1).map(|task| plan(task, Runtime::LlamaCpp))).collect()
}

/// Numbers that files get wrong.
fn values() -> Vec<Option<Value>> {
    let numbers = [json!(0), json!(1), json!(7), json!(1_u64 << 31), json!(1_u64 << 32), json!(1_u64 << 63)];
    let others = [json!(-1), json!(1.5), Value::Null, json!("32")];
    numbers.into_iter().chain(others).map(Some).chain([None]).collect()
}

/// Every number in the value, as the path to it.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Object(map) => map.iter().for_each(|(key, value)| numbers(value, &format!("{path}/{key}"), found)),
        Value::Array(list) => {
            list.iter().enumerate().take(2).for_each(|(at, value)| numbers(value, &format!("{path}/{at}"), found));
        }
        _ => {}
    }
}

/// The same with something else in one place.
fn mutated(value: &Value, path: &str, new: Option<&Value>) -> Value {
    let mut copy = value.clone();
    let (parent, key) = path.rsplit_once('/').unwrap();
    match (copy.pointer_mut(parent).unwrap(), new) {
        (Value::Object(map), Some(new)) => drop(map.insert(key.to_owned(), new.clone())),
        (Value::Object(map), None) => drop(map.remove(key)),
        (Value::Array(list), Some(new)) => list[key.parse::<usize>().unwrap()] = new.clone(),
        (Value::Array(list), None) => drop(list.remove(key.parse().unwrap())),
        _ => unreachable!(),
    }
    copy
}

/// Estimates the model as each job in turn does; every so many mutations all of them come round.
struct Trial {
    jobs: Vec<Plan>,
    next: usize,
    read: usize,
}

impl Trial {
    fn new() -> Self {
        Self { jobs: jobs(), next: 0, read: 0 }
    }

    fn estimate(&mut self, model: Model) {
        self.read += 1;
        let job = self.next % self.jobs.len();
        self.next += 1;
        let plan = &mut self.jobs[job];
        plan.workload.model = ModelChoice::File { path: "a-file".into(), model: Arc::new(model) };
        drop(estimate(plan, Catalog::embedded()));
    }
}

/// One model of each architecture, cut to a few layers where that changes nothing but the time.
fn models() -> Vec<ModelFields> {
    let mut seen = BTreeSet::new();
    let each = Catalog::embedded().models().filter(|model| seen.insert(model.architecture));
    each.map(|model| {
        let mut fields = model.clone().into_fields();
        fields.num_hidden_layers = fields.num_hidden_layers.min(8);
        fields.num_kv_shared_layers = fields.num_kv_shared_layers.min(4);
        fields
    })
    .collect()
}

#[test]
fn mutations_of_a_plan_s_model() {
    let mut trial = Trial::new();
    for (index, fields) in models().iter().enumerate() {
        let value = serde_json::to_value(fields).unwrap();
        let mut paths = Vec::new();
        numbers(&value, "", &mut paths);
        assert!(paths.len() > 6, "{}", fields.id);
        for (at, path) in paths.iter().enumerate() {
            for (of, new) in values().iter().enumerate() {
                // Each mutation of one architecture in three, so that all come round within a few of them.
                if !(index + at + of).is_multiple_of(SHARE) {
                    continue;
                }
                if let Ok(model) = serde_json::from_value(mutated(&value, path, new.as_ref())) {
                    trial.estimate(model);
                }
            }
        }
    }
    assert!(trial.read > 200, "{} were read", trial.read);
}

const SHARE: usize = 3;

#[test]
fn mutations_of_a_config() {
    let mut trial = Trial::new();
    for (id, config) in crate::model_files::configs() {
        let config = shallow(&config);
        let mut paths = Vec::new();
        numbers(&config, "", &mut paths);
        for path in &paths {
            for new in &values() {
                let text = mutated(&config, path, new.as_ref()).to_string();
                match from_config(text.as_bytes(), id) {
                    Ok(model) => trial.estimate(model),
                    Err(error) => assert_eq!(error.to_string().lines().count(), 1, "{error}"),
                }
            }
        }
    }
    assert!(trial.read > 100, "{} were read", trial.read);
}

/// The same with a few layers.
fn shallow(config: &Value) -> Value {
    let mut config = config.clone();
    let place = if config.get("text_config").is_some() { "/text_config" } else { "" };
    config.pointer_mut(place).unwrap()["num_hidden_layers"] = json!(8);
    config
}

#[test]
fn mutations_of_a_gguf() {
    let keys =
        ["block_count", "context_length", "attention.head_count", "attention.head_count_kv", "expert_used_count"];
    let more = ["attention.key_length", "attention.value_length", "rope.dimension_count", "attention.sliding_window"];
    let mut trial = Trial::new();
    for key in keys.into_iter().chain(more) {
        for number in [0, 1, 7, 1 << 31, 1 << 32, 1 << 63, u64::MAX] {
            let file = llama().number(&format!("llama.{key}"), number);
            if let Ok(model) = Header::read(&file.bytes()).and_then(|header| header.into_model("a-file")) {
                trial.estimate(model);
            }
        }
    }
    assert!(trial.read > 10, "{} were read", trial.read);
}

#[test]
fn tensors_that_no_file_has_are_refused() {
    let mut file = llama();
    for number in 0..10 {
        file = file.tensor(&format!("blk.0.x{number}"), &[1 << 24, 1 << 24], 1);
    }
    let error = Header::read(&file.bytes()).unwrap().into_model("a-file").unwrap_err().to_string();
    assert!(error.contains("total_parameters is 2814757797367872"), "{error}");
    let mut file = llama();
    for number in 0..70 {
        file = file.numbers(&format!("list{number}"), &vec![0; 4096]);
    }
    assert!(Header::read(&file.bytes()).unwrap_err().to_string().contains("more than 2 MiB"));
}
