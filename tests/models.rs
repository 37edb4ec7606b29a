//! The model tables: well formed, laid out, and counting what the engine counts.

use std::collections::{BTreeMap, BTreeSet};

use rigplan::catalog::model::{FILES, Model};
use rigplan::estimate::llamacpp::layout::{parameters, tensors};

fn models() -> Vec<Model> {
    FILES
        .iter()
        .flat_map(|(name, text)| ron::from_str::<Vec<Model>>(text).unwrap_or_else(|e| panic!("{name}: {e}")))
        .collect()
}

fn fail_with(violations: Vec<String>) {
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
fn parameters_agree_with_what_was_published() {
    let mut violations = Vec::new();
    for model in models() {
        let (Some(counted), Some(published)) = (parameters(&model), model.total_parameters) else { continue };
        let error = counted as f64 / published as f64 - 1.0;
        if error.abs() > 0.01 {
            violations.push(format!(
                "{}: {counted} counted, {published} published ({:+.3} %)",
                model.id,
                error * 100.0
            ));
        }
    }
    fail_with(violations);
}
