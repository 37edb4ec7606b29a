//! Why a file is no model that can be planned with.

use thiserror::Error;

use crate::catalog::model::ModelFault;

/// Why a file is no model that can be planned with. Each prints as one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// The bytes end before the description of the model does. A reader that held bytes back should give more.
    #[error("the file is cut off: it ends within the description of the model; download it again")]
    Truncated,
    /// Another kind of file.
    #[error("not a {wanted} file: {reason}")]
    WrongKind {
        /// What the name promised.
        wanted: &'static str,
        /// What was found.
        reason: String,
    },
    /// A form of the format that is too old or too new.
    #[error("GGUF version {0} is not read: convert the file to version 3")]
    Version(u32),
    /// Lengths or counts that no real file has.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// What must be there is not.
    #[error("{0} is missing, without which the model cannot be laid out")]
    Missing(String),
    /// A value of another kind than its key has.
    #[error("{key} is {value}, but must be a whole number")]
    NoNumber {
        /// Which key.
        key: String,
        /// What stands there.
        value: String,
    },
    /// A figure that no model has.
    #[error(transparent)]
    Unfit(#[from] ModelFault),
    /// An architecture that is not known.
    #[error("the architecture {0:?} is not known: plan with a model of the catalog that resembles it")]
    UnknownArchitecture(String),
}
