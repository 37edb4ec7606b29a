//! What can be wrong with what was asked: one line each, with what, where and what to do.

use std::path::PathBuf;

use thiserror::Error;

use crate::estimate::EstimateError;
use crate::plan::OutOfRange;
use crate::system::model_path::ModelPathError;
use crate::text::{foreign_path, one_line};

/// Bad input.
#[derive(Debug, Error)]
pub enum Problem {
    /// A line that is no JSON object.
    #[error("not a JSON object: {0}")]
    NotJson(String),
    /// A line too long to be a request.
    #[error("line longer than {} MiB: no request is", MAX_LINE >> 20)]
    LongLine,
    /// A key that the contract does not have.
    #[error("unknown key {key:?}, nearest: {nearest}")]
    UnknownKey {
        /// As it was given.
        key: String,
        /// The keys of the contract that it resembles.
        nearest: String,
    },
    /// A value that its key cannot have.
    #[error("{key} is {value}: give {wanted}")]
    Value {
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What would do.
        wanted: String,
    },
    /// A name that its key cannot have, or keys that contradict each other: a sentence that says it all.
    #[error("{0}")]
    Refused(String),
    /// A value out of range.
    #[error(transparent)]
    OutOfRange(OutOfRange),
    /// What the estimator refuses.
    #[error(transparent)]
    Estimate(EstimateError),
    /// A file that cannot be used.
    #[error("{}: {problem}", foreign_path(path))]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong and what would do.
        problem: String,
    },
    /// Flags that make no sense.
    #[error("{0}")]
    Usage(String),
}

impl From<ModelPathError> for Problem {
    fn from(ModelPathError { path, problem }: ModelPathError) -> Self {
        Self::File { path, problem }
    }
}

impl From<EstimateError> for Problem {
    fn from(error: EstimateError) -> Self {
        match error {
            EstimateError::OutOfRange(error) => Self::OutOfRange(by_key(error)),
            error => Self::Estimate(error),
        }
    }
}

/// The plan names its fields by where they stand; a request knows only keys.
fn by_key(error: OutOfRange) -> OutOfRange {
    OutOfRange { field: error.key().to_owned(), ..error }
}

/// The longest request that is read, in bytes; real ones have a few hundred.
pub(super) const MAX_LINE: usize = 1 << 20;

/// A message on one line, cut where a hostile input would come back whole in it.
pub(super) fn shortened(message: &str) -> String {
    const MOST: usize = 300;
    let message = one_line(message).split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}
