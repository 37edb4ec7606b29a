//! Safetensors: eight bytes of length, a JSON header with type and shape of each tensor, then the data, which is not
//! read. Tensors alone do not tell a model's heads, so a `config.json` must lie beside them; the header adds what is
//! exact: parameters and bytes.
//!
//! Format: README of huggingface/safetensors.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

use super::{ModelFileError, ModelFormat, WrongKind};
use crate::catalog::model::ModelFields;
use crate::text::JsonFault;

/// The longest header that the format allows, in bytes.
pub const MAX_HEADER: u64 = 100_000_000;
/// The most files that a model is believed to be split into.
const MAX_FILES: usize = 999;

/// What the tensors of a file, or of all files of a model, add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TensorTotals {
    /// Elements of all tensors. For packed types an element is a packed word, not a parameter.
    pub elements: u64,
    /// Bytes of all tensors.
    pub bytes: u64,
}

impl TensorTotals {
    /// Of several files together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { elements: self.elements.saturating_add(other.elements), bytes: self.bytes.saturating_add(other.bytes) }
    }

    /// What the files say of a model whose dimensions are known: its parameters, unless they are packed.
    pub const fn describe(self, model: &mut ModelFields) {
        if self.bytes >= self.elements {
            model.total_parameters = Some(self.elements);
        }
    }
}

/// What the header of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TensorFile {
    /// What its tensors add up to.
    pub totals: TensorTotals,
    /// How long the whole file is, in bytes.
    pub file_length: u64,
}

/// Reads the start of a `.safetensors` file.
///
/// # Errors
/// [`ModelFileError::Truncated`] where `bytes` end within the header: the same file with more bytes may do.
pub fn read(bytes: &[u8]) -> Result<TensorFile, ModelFileError> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(ModelFileError::Truncated)?;
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        return Err(wrong(WrongKind::HeaderLength(length)));
    }
    let header = usize::try_from(length).ok().and_then(|length| rest.get(..length)).ok_or(ModelFileError::Truncated)?;
    let (mut sum, mut json) = (Sum::default(), serde_json::Deserializer::from_slice(header));
    match (&mut sum).deserialize(&mut json) {
        Ok(()) => Ok(TensorFile { totals: sum.weights, file_length: (8 + length).saturating_add(sum.end) }),
        Err(error) => Err(wrong(sum.fault.unwrap_or_else(|| WrongKind::Json(JsonFault::of(&error))))),
    }
}

/// The files that an index names, each once.
///
/// # Errors
/// Where the text is no index, or names more files than any model has, or files outside its folder.
pub fn files_of_index(bytes: &[u8]) -> Result<Vec<String>, ModelFileError> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: Files,
    }
    let index: Index = serde_json::from_slice(bytes).map_err(|error| wrong(WrongKind::Json(JsonFault::of(&error))))?;
    let Files(files) = index.weight_map;
    if files.len() > MAX_FILES {
        return Err(wrong(WrongKind::ManyFiles(MAX_FILES)));
    }
    // Names come from the file: they must stay in its folder.
    match files.iter().find(|file| file.contains(['/', '\\', ':']) || !file.ends_with(".safetensors")) {
        Some(file) => Err(wrong(WrongKind::NamesFile(file.clone()))),
        None => Ok(files.into_iter().collect()),
    }
}

/// The bytes of all tensors, as an index says; `None` where it does not.
pub fn bytes_of_index(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Index {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        total_size: u64,
    }
    serde_json::from_slice::<Index>(bytes).ok().map(|index| index.metadata.total_size)
}

/// The distinct files of a map from tensors to files, at most one more than a model has; the names of the tensors are not
/// kept.
struct Files(BTreeSet<String>);

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FilesVisitor)
    }
}

struct FilesVisitor;

impl<'de> Visitor<'de> for FilesVisitor {
    type Value = Files;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from tensors to files")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Files, A::Error> {
        let mut files = BTreeSet::new();
        while let Some((IgnoredAny, file)) = map.next_entry::<IgnoredAny, String>()? {
            if files.len() <= MAX_FILES {
                files.insert(file);
            }
        }
        Ok(Files(files))
    }
}

fn wrong(reason: WrongKind) -> ModelFileError {
    ModelFileError::WrongKind { wanted: ModelFormat::Safetensors, reason }
}

/// Adds up the header without keeping it.
#[derive(Debug, Default)]
struct Sum {
    weights: TensorTotals,
    /// Where the last tensor ends behind the header.
    end: u64,
    /// What is wrong with an entry that is good JSON.
    fault: Option<WrongKind>,
}

#[derive(Deserialize)]
struct TensorEntry {
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

impl<'de> DeserializeSeed<'de> for &mut Sum {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Sum {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let entry: TensorEntry = map.next_value()?;
            let elements = entry.shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side));
            let bytes = entry.data_offsets.1.checked_sub(entry.data_offsets.0);
            let (Some(elements), Some(bytes)) = (elements, bytes) else {
                self.fault = Some(WrongKind::Shape(name));
                return Err(serde::de::Error::custom("a shape"));
            };
            self.weights = self.weights.and(TensorTotals { elements, bytes });
            self.end = self.end.max(entry.data_offsets.1);
        }
        Ok(())
    }
}
