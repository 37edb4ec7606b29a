//! Tables, files and texts: the catalog, model and plan files, both languages, and the structure of the crate.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

#[path = "../support"]
mod support {
    pub(crate) mod english;
    pub(crate) mod gguf;
}

mod carriers;
mod catalog;
mod commands;
mod diagnose;
mod diagnose_calls;
mod diagnose_more;
mod diagnose_others;
mod diagnose_systems;
mod diagnose_texts;
mod exports;
mod faults;
mod floors;
mod gguf_kinds;
mod hostile;
mod imported;
mod large;
mod launch;
mod licenses;
mod llama_bench;
mod locales;
mod model_files;
mod models;
mod mutated;
mod pages;
mod plan_files;
mod popular;
mod prices;
mod replay;
mod rooms;
mod runtime_logs;
mod rust_paths;
mod scene_figures;
mod scenes;
mod storage;
