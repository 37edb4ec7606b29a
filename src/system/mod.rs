//! The outside world without egui: disk, dialogs, and what this machine has.
//!
//! Whatever may take long runs on a named thread and answers through a channel; a `wake` closure tells the window.

pub mod bandwidth;
pub mod calibration;
pub(crate) mod clock;
pub mod detect;
pub mod dialogs;
pub mod display;
pub mod folders;
pub mod language;
pub mod local_models;
pub mod log_text;
pub mod model_path;
mod ollama;
pub mod open_files;
pub mod own_models;
pub mod own_tables;
pub mod progress;
pub mod recent;
pub mod recovery;
pub mod seen;
pub(crate) mod show_folder;
pub mod storage;
pub mod system_fault;
pub mod termination;
pub mod versions;
pub mod window_libraries;
mod window_lock;

use std::sync::Arc;

/// Called from another thread once an answer lies in its channel.
pub type Wake = Arc<dyn Fn() + Send + Sync>;
