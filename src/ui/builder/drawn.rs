//! What is drawn in a column.

use super::{BuildInputs, TierColumn};
use crate::advise::builder::Build;

/// What is drawn in a column, for its parts.
#[derive(Clone, Copy)]
pub(super) struct ColumnContext<'a> {
    pub(super) inputs: &'a BuildInputs<'a>,
    pub(super) column: &'a TierColumn<'a>,
    pub(super) build: &'a Build<'a>,
}
