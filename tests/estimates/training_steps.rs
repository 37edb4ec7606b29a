//! Steps of further architectures, against the code itself.

use std::sync::Arc;

use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::estimate::{Warning, estimate};
use rigplan::model::file::from_config;
use rigplan::plan::{CardChoice, ModelChoice, Plan, Precision, Task, Training};

/// Sizes, methods and measured bytes; how they were measured stands in the file.
const MEASURED: &str = include_str!("../fixtures/training_steps.csv");
const LAYERS: u64 = 4;
/// Which of LFM2's layers attended.
const PATTERN: &str = "RRFR";

#[test]
fn steps_of_further_architectures_are_what_their_code_does() {
    let mut rows = 0;
    for line in MEASURED.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |index: usize| fields[index].parse::<u64>().unwrap();
        let mut model = Catalog::embedded().model(fields[0]).unwrap().clone().into_fields();
        (model.num_hidden_layers, model.hidden_size, model.num_attention_heads) = (LAYERS, number(4), number(5));
        (model.num_key_value_heads, model.head_dim) = (number(6), number(7));
        (model.intermediate_size, model.vocab_size) = (number(8), number(9));
        model.tie_word_embeddings = false;
        if model.recurrent.is_some() {
            model.layer_pattern = PATTERN.to_owned().try_into().ok();
        }
        let mut plan = Plan::default();
        plan.workload.model =
            ModelChoice::File { path: "config.json".into(), model: Arc::new(Model::new(model).unwrap()) };
        plan.workload.task = match fields[1] {
            "full" => Task::Full,
            "lora" => Task::Lora,
            _ => Task::Qlora,
        };
        plan.workload.training = Training {
            precision: if fields[2] == "amp" { Precision::Amp } else { Precision::Bf16 },
            checkpointing: fields[3] == "true",
            ..Training::default()
        };
        plan.machine.cards[0].card = CardChoice::Catalog("h200-sxm".to_owned());
        plan.machine.ram_gib = 4096.0;
        let found = estimate(&plan, Catalog::embedded()).unwrap();
        assert!(!found.warnings.contains(&Warning::NearestFamily), "{line}");
        let step = found.training.unwrap();
        let ours = step.phases.iter().map(|at| (at.total().0 - at.weights.0 - at.optimizer.0) as f64);
        let off = ours.fold(0.0, f64::max) / number(10) as f64 - 1.0;
        assert!(off.abs() < 0.002, "{line}: {off:+.5}");
        rows += 1;
    }
    assert_eq!(rows, 42);
}

/// Names of configurations, methods and measured bytes; how they were measured stands in the file.
const TRACED: &str = include_str!("../fixtures/training_traces.csv");

#[test]
fn steps_of_configurations_are_what_their_code_does() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/traced");
    let (mut failures, mut offs) = (Vec::new(), Vec::new());
    for line in TRACED.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let path = format!("{folder}/{}.json", fields[0]);
        let model = from_config(&std::fs::read(&path).unwrap(), fields[0]).unwrap();
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::File { path: path.into(), model: Arc::new(model) };
        plan.workload.task = match fields[1] {
            "full" => Task::Full,
            "lora" => Task::Lora,
            _ => Task::Qlora,
        };
        plan.workload.training = Training {
            precision: if fields[2] == "amp" { Precision::Amp } else { Precision::Bf16 },
            checkpointing: fields[3] == "true",
            ..Training::default()
        };
        plan.machine.cards[0].card = CardChoice::Catalog("h200-sxm".to_owned());
        plan.machine.ram_gib = 4096.0;
        let found = estimate(&plan, Catalog::embedded()).unwrap();
        assert!(!found.warnings.contains(&Warning::NearestFamily), "{line}");
        let step = found.training.unwrap();
        let ours = step.phases.iter().map(|at| (at.total().0 - at.weights.0 - at.optimizer.0) as f64);
        let off = ours.fold(0.0, f64::max) / fields[4].parse::<f64>().unwrap() - 1.0;
        offs.push(off.abs());
        if off.abs() > 0.005 {
            failures.push(format!("{line}: {off:+.5}"));
        }
    }
    assert!(failures.is_empty(), "{} of {}\n{}", failures.len(), offs.len(), failures.join("\n"));
    offs.sort_by(f64::total_cmp);
    assert!(offs.len() >= 14 && offs[offs.len() * 95 / 100] < 0.002, "{offs:?}");
}
