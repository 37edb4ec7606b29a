//! Why a plan cannot be estimated.

use thiserror::Error;

use super::Refusal;
use crate::catalog::memory::MemorySizeError;

/// Why a plan cannot be estimated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EstimateError {
    /// No such model.
    UnknownModel {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// No such card.
    UnknownCard {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// No such platform.
    UnknownPlatform {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// A value out of range.
    OutOfRange(#[from] crate::plan::OutOfRange),
    /// A memory size that the card is not sold with.
    CardMemory(#[from] MemorySizeError),
    /// A device that the machine does not have.
    NoDevice {
        /// Which was asked for, from 0.
        device: u32,
        /// How many there are.
        devices: usize,
    },
    /// Something is wrong with a model beside the plan's own.
    InRow {
        /// Its row, from 0.
        row: usize,
        /// What is wrong.
        error: Box<Self>,
    },
    /// A combination that the engine refuses, or that is not estimated.
    Refused(#[from] Refusal),
}
