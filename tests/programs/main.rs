//! The built program, run as a script or a desktop runs it.

#[path = "../support/mod.rs"]
mod support;

mod app_start;
mod cli;
mod cli_build;
mod contract;
mod detect;
mod inputs;
