//! What leaves the program as text and comes back: plan files, measurements. Text in, text out; the disk is `system`'s.

mod csv;
pub mod llama_bench;
mod locate;
pub mod plan_file;
pub mod price_csv;
