//! What is drawn in a column.

use super::{BuildInputs, Column};
use crate::advise::builder::Build;

/// What is drawn in a column, for its parts.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub(super) inputs: &'a BuildInputs<'a>,
    pub(super) column: &'a Column<'a>,
    pub(super) build: &'a Build<'a>,
}
