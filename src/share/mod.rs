//! What leaves the program and comes back: plan files, measurements, commands that start what is planned, scenes and plans as
//! pages, plans as pictures and text. Text or bytes in and out; the disk is `system`'s.
//!
//! How plans travel: `Document::with_rows` adds the rows of the tables that it used (`RowDetail::Short` for what is shown to
//! people), [`carrier::link::to_link`] makes one text of it, [`carrier::png::put_in`],
//! [`carrier::svg::metadata`] and [`carrier::html::script`] put that text into a picture, a drawing or a page, and
//! [`carrier::read_any`] finds the document in any of them.

pub mod carrier;
pub mod comparison;
mod csv;
mod encode;
pub mod launch;
pub mod llama_bench;
mod locate;
mod markup;
mod page;
pub mod picture;
pub mod plan_file;
pub mod price_csv;
mod raster;
pub mod report;
mod ron_tokens;
pub mod runtime_log;
pub mod sheet;
mod shell;
mod svg;
pub mod templates;
mod texture;

pub use encode::png;
pub use page::{file_name, page};
pub use raster::Pixels;
