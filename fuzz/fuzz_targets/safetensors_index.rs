//! Headers of safetensors files and the index over several of them; what a header adds to a model is checked and
//! estimated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::model::file::safetensors;

fuzz_target!(|bytes: &[u8]| {
    drop(safetensors::files_of_index(bytes));
    let Ok(weights) = safetensors::read(bytes) else { return };
    let known = Catalog::embedded().model("llama-3.2-1b").expect("a model of the catalog");
    let mut fields = known.clone().into_fields();
    weights.totals.describe(&mut fields);
    if let Ok(model) = Model::new(fields) {
        rigplan_fuzz::estimate_model(model);
    }
});
