//! Tables, files and texts: the catalog, model and plan files, both languages, and the structure of the crate.

#[path = "../support/mod.rs"]
mod support;

mod catalog;
mod floors;
mod hostile;
mod llama_bench;
mod locales;
mod model_files;
mod models;
mod plan_files;
mod rust_paths;
mod storage;
