//! The built program, run as a script or a desktop runs it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

#[path = "../support"]
mod support {
    pub(crate) mod english;
    pub(crate) mod gguf;
}

mod also;
mod app_start;
mod cli;
mod cli_build;
mod compare;
mod contract;
mod detect;
mod detect_graphics;
mod detect_machines;
mod detect_watched;
mod diagnose;
mod display;
mod driver_faults;
mod explain;
mod export;
mod export_page;
mod import;
mod inputs;
mod kills;
mod languages;
mod no_network;
mod packaging;
mod run;
mod running;
mod travel;
