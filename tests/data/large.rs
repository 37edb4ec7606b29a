//! Files that are large where a file claims it: refused or read at once, never multiplied.

use std::fs::File;

use rigplan::catalog::model::{MAX_LAYERS, MAX_TENSORS};
use rigplan::model::file::gguf::Header;
use rigplan::model::file::{ModelFileError, from_config};
use rigplan::system::model_path;
use serde_json::json;

use crate::support::gguf::{Gguf, llama};

/// A file with so many tensors of one element each.
fn of_tensors(count: u64, ne: &[u64]) -> Vec<u8> {
    (0..count).fold(Gguf::new("llama"), |file, place| file.tensor(&format!("t{place}"), ne, 0)).bytes()
}

#[test]
fn elements_that_no_number_holds_in_all_are_refused() {
    // 2^48 elements are allowed to one tensor; so many of them overflow their sum.
    let most = usize::try_from(MAX_TENSORS).expect("few");
    let file = (0..most - 300).fold(llama(), |file, place| file.tensor(&format!("x{place}"), &[1 << 24, 1 << 24], 1));
    let read = Header::read(&file.bytes()).and_then(|header| header.into_model("a-file"));
    assert!(read.is_err(), "{:?}", read.map(|model| model.total_parameters));
}

#[test]
fn more_tensors_than_a_model_has_are_refused_in_one_part_and_over_several() {
    assert!(matches!(Header::read(&of_tensors(MAX_TENSORS + 1, &[1])), Err(ModelFileError::Damaged(_))));
    let part = of_tensors(MAX_TENSORS / 2 + 1, &[1]);
    let mut header = Header::read(&part).expect("a header");
    let second = Header::read(&part).expect("a header");
    assert!(matches!(header.append(second), Err(ModelFileError::Damaged(_))), "the second part is one too many");
}

#[test]
fn lists_of_metadata_are_not_all_kept() {
    let list = vec![7_u64; 4096];
    let file = (0..200).fold(llama(), |file, place| file.numbers(&format!("k{place:06}"), &list));
    assert!(matches!(Header::read(&file.bytes()), Err(ModelFileError::Damaged(_))));
}

#[test]
fn a_list_is_looked_through_once_not_once_a_layer() {
    let config = |layers: u64| {
        let config = json!({"model_type": "lfm2", "num_hidden_layers": layers, "hidden_size": 2048,
            "intermediate_size": 12288, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 65536,
            "conv_L_cache": 3, "full_attn_idxs": vec![20_000; 300_000]});
        from_config(&serde_json::to_vec(&config).expect("text"), "a-model")
    };
    assert!(config(MAX_LAYERS + 1).is_err(), "more layers than any model has");
    drop(config(MAX_LAYERS));
}

#[test]
fn a_config_longer_than_any_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.json");
    File::create(&path).expect("created").set_len(1 << 40).expect("a hole");
    let said = model_path::read(&path).expect_err("refused").to_string();
    assert!(said.contains("MiB") && said.lines().count() == 1, "{said}");
}
