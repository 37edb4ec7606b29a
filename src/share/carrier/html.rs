//! The text in a page: a script of a kind that no browser runs.

use super::link::{self, from_link};
use super::{CarrierError, Without};
use crate::plan::Document;

/// The kind of the script.
const TYPE: &str = "application/x-rigplan";
const CLOSE: &str = "</script";

/// The element to put into the page. Nothing in the text can end it.
pub fn script(link: &str) -> String {
    format!("<script type=\"{TYPE}\">{}{CLOSE}>", link.replace("</", "<\\/"))
}

/// The document in a page.
///
/// # Errors
/// [`CarrierError::Without`] for a page without a plan; else as [`from_link`].
pub fn read(page: &str) -> Result<Document, CarrierError> {
    let mut contents = page.split(TYPE).skip(1).filter_map(|rest| rest.split_once('>')?.1.split(CLOSE).next());
    contents.find(|text| link::is_in(text)).map_or(Err(CarrierError::Without(Without::Page)), from_link)
}
