//! What leaves the program as text and comes back: plan files, measurements, commands that start what is planned, scenes as
//! pages. Text in, text out; the disk is `system`'s.

mod csv;
pub mod launch;
pub mod llama_bench;
mod locate;
mod markup;
mod page;
pub mod plan_file;
pub mod price_csv;
pub mod summary;
mod svg;
pub mod templates;

pub use page::{file_name, page};
