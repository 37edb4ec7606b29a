//! `config.json` of a model; one that is understood can be estimated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::model::file::from_config;
use rigplan::plan::{ModelChoice, Plan};

fuzz_target!(|bytes: &[u8]| {
    let Ok(model) = from_config(bytes, "fuzzed") else { return };
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::File { path: "config.json".into(), model: std::sync::Arc::new(model) };
    drop(estimate(&plan, Catalog::embedded()));
});
