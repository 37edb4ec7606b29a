//! The text in a drawing: an element `<metadata>`, which is never drawn.

use super::link::{self, from_link};
use super::{CarrierError, Without};
use crate::plan::Document;
use crate::share::markup::escape;

const OPEN: &str = "<metadata";
const CLOSE: &str = "</metadata>";

/// The element to put into the outermost `<svg>`.
pub fn metadata(link: &str) -> String {
    format!("{OPEN}>{}{CLOSE}", escape(link))
}

/// The document in a drawing.
///
/// # Errors
/// [`CarrierError::Without`] for a drawing without a plan; else as [`from_link`].
pub fn read(drawing: &str) -> Result<Document, CarrierError> {
    let mut contents = drawing.split(OPEN).skip(1).filter_map(|rest| rest.split_once('>')?.1.split(CLOSE).next());
    contents.find(|text| link::is_in(text)).map_or(Err(CarrierError::Without(Without::Picture)), from_link)
}
