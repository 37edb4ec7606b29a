//! Why a plan cannot be estimated.

use thiserror::Error;

use super::Refusal;
use crate::catalog::memory::MemorySizeError;

/// Why a plan cannot be estimated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EstimateError {
    /// No such model.
    #[error("unknown model {id:?}{}", hint(.nearest))]
    UnknownModel {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// No such card.
    #[error("unknown card {id:?}{}", hint(.nearest))]
    UnknownCard {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// A value out of range.
    #[error(transparent)]
    OutOfRange(#[from] crate::plan::OutOfRange),
    /// A memory size that the card is not sold with.
    #[error(transparent)]
    CardMemory(#[from] MemorySizeError),
    /// A combination that the engine refuses, or that is not estimated.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn hint(ids: &[String]) -> String {
    if ids.is_empty() { String::new() } else { format!(", nearest: {}", ids.join(", ")) }
}
