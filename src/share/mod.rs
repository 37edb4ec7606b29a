//! What leaves the program as text and comes back: plan files, measurements, commands that start what is planned. Text
//! in, text out; the disk is `system`'s.

mod csv;
pub mod launch;
pub mod llama_bench;
mod locate;
pub mod plan_file;
pub mod price_csv;
pub mod summary;
