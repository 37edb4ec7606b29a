//! What leaves the program as text and comes back: plan files, measurements. Text in, text out; the disk is `system`'s.

pub mod llama_bench;
mod locate;
pub mod plan_file;
