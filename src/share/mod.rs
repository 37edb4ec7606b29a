//! What leaves the program as text and comes back: plan files, measurements, commands that start what is planned, scenes as
//! pages. Text in, text out; the disk is `system`'s.
//!
//! How plans travel: [`carrier::link::to_link`] makes one text of a document, [`carrier::png::put_in`],
//! [`carrier::svg::metadata`] and [`carrier::html::script`] put that text into a picture, a drawing or a page, and
//! [`carrier::read_any`] finds the document in any of them.

pub mod carrier;
mod csv;
pub mod launch;
pub mod llama_bench;
mod locate;
mod markup;
mod page;
pub mod plan_file;
pub mod price_csv;
mod ron_tokens;
pub mod summary;
mod svg;
pub mod templates;

pub use page::{file_name, page};
