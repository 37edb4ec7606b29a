//! A model: dimensions in Hugging Face's words, parameter counts, where they come from.

use serde::{Deserialize, Serialize};

/// A model of the catalog or read from a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Kebab-case, unique.
    pub id: String,
}
