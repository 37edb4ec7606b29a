//! Why a file is no model that can be planned with.

use crate::catalog::model::ModelFault;
use crate::text::{Fault, JsonFault, Key, Phrase, Placeholder, foreign, printed_in_english};

/// Why a file is no model that can be planned with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelFileError {
    /// The bytes end before the description of the model does. A reader that held bytes back should give more.
    Truncated,
    /// Another kind of file.
    WrongKind {
        /// What the name promised.
        wanted: ModelFormat,
        /// What was found.
        reason: WrongKind,
    },
    /// A form of the format that is too old or too new.
    Version(u32),
    /// Lengths or counts that no real file has.
    Damaged(Damage),
    /// What must be there is not.
    Missing(Missing),
    /// A value of another kind than its key has.
    NoNumber {
        /// Which key.
        key: String,
        /// What stands there.
        value: String,
    },
    /// A figure that no model has.
    Unfit(#[from] ModelFault),
    /// An architecture that is not known.
    UnknownArchitecture(String),
}

/// A kind of file that describes a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum ModelFormat {
    /// Dimensions as the model's makers publish them.
    Config,
    /// A model of llama.cpp.
    Gguf,
    /// Tensors.
    Safetensors,
}

impl ModelFormat {
    /// Its name, the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Config => "config.json",
            Self::Gguf => "GGUF",
            Self::Safetensors => "safetensors",
        }
    }
}

/// What shows that a file is of another kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongKind {
    /// Its first bytes.
    Start,
    /// It is no JSON of that form.
    Json(JsonFault),
    /// JSON, but no object.
    NoObject,
    /// A header of so many bytes.
    HeaderLength(u64),
    /// An index that names a file which is none of the model's.
    NamesFile(String),
    /// An index that names more files than this.
    ManyFiles(usize),
    /// A tensor of a shape that none can have.
    Shape(String),
}

/// What shows that a file is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// Lists of numbers that are longer than this many MiB together.
    LongLists(usize),
    /// A value of a type that there is not.
    ValueType(u32),
    /// Lists within lists.
    NestedLists,
    /// A tensor of so many dimensions.
    Dimensions {
        /// The tensor.
        tensor: String,
        /// How many.
        count: u32,
    },
    /// A side of a tensor that none can have.
    Side {
        /// The tensor.
        tensor: String,
        /// Its elements.
        length: u64,
    },
    /// So many tensors.
    Tensors(u64),
    /// So many keys.
    Keys(u64),
    /// A name of so many bytes.
    NameLength(u64),
    /// A name that is no text.
    NoText,
}

/// What a model cannot be laid out without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A key or a tensor of this name.
    Named(String),
    /// All tensors.
    Tensors,
}

impl ModelFileError {
    /// A key or a tensor of this name is not there.
    pub(super) fn missing(name: &str) -> Self {
        Self::Missing(Missing::Named(foreign(name).into_owned()))
    }

    /// The name of an architecture that is not known.
    pub(super) fn unknown_architecture(name: &str) -> Self {
        Self::UnknownArchitecture(name.chars().take(80).collect())
    }
}

impl Fault for ModelFileError {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Truncated => Phrase::new(Key::ModelFileTruncated),
            Self::WrongKind { wanted, reason } => Phrase::new(Key::ModelFileWrongKind)
                .with(Placeholder::Name, wanted.name())
                .with_phrase(Placeholder::Value, reason.phrase()),
            Self::Version(version) => Phrase::new(Key::ModelFileVersion).with(Placeholder::Value, version),
            Self::Damaged(damage) => {
                Phrase::new(Key::ModelFileDamaged).with_phrase(Placeholder::Value, damage.phrase())
            }
            Self::Missing(Missing::Named(name)) => Phrase::new(Key::ModelFileMissing).with(Placeholder::Name, name),
            Self::Missing(Missing::Tensors) => Phrase::new(Key::ModelFileNoTensors),
            Self::NoNumber { key, value } => {
                Phrase::new(Key::ModelFileNoNumber).with(Placeholder::Name, key).with(Placeholder::Value, value)
            }
            Self::Unfit(fault) => fault.phrase(),
            Self::UnknownArchitecture(name) => {
                Phrase::new(Key::ModelFileArchitecture).with(Placeholder::Name, quoted(name))
            }
        }
    }
}

impl Fault for WrongKind {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Start => Phrase::new(Key::WrongKindStart),
            Self::Json(fault) => fault.phrase(),
            Self::NoObject => Phrase::new(Key::WrongKindNoObject),
            Self::HeaderLength(bytes) => Phrase::new(Key::WrongKindHeader).with(Placeholder::Count, bytes),
            Self::NamesFile(file) => Phrase::new(Key::WrongKindNames).with(Placeholder::Name, quoted(file)),
            Self::ManyFiles(most) => Phrase::new(Key::WrongKindManyFiles).with(Placeholder::Count, most),
            Self::Shape(tensor) => Phrase::new(Key::WrongKindShape).with(Placeholder::Name, quoted(tensor)),
        }
    }
}

impl Fault for Damage {
    fn phrase(&self) -> Phrase {
        match self {
            Self::LongLists(mib) => Phrase::new(Key::DamageLongLists).with(Placeholder::Count, mib),
            Self::ValueType(number) => Phrase::new(Key::DamageValueType).with(Placeholder::Value, number),
            Self::NestedLists => Phrase::new(Key::DamageNestedLists),
            Self::Dimensions { tensor, count } => Phrase::new(Key::DamageDimensions)
                .with(Placeholder::Name, quoted(tensor))
                .with(Placeholder::Count, count),
            Self::Side { tensor, length } => {
                Phrase::new(Key::DamageSide).with(Placeholder::Name, quoted(tensor)).with(Placeholder::Count, length)
            }
            Self::Tensors(count) => Phrase::new(Key::DamageTensors).with(Placeholder::Count, count),
            Self::Keys(count) => Phrase::new(Key::DamageKeys).with(Placeholder::Count, count),
            Self::NameLength(bytes) => Phrase::new(Key::DamageNameLength).with(Placeholder::Count, bytes),
            Self::NoText => Phrase::new(Key::DamageNoText),
        }
    }
}

printed_in_english!(ModelFileError);

/// A name of the file's own, as far as it can be shown.
fn quoted(name: &str) -> String {
    format!("{:?}", foreign(name))
}
