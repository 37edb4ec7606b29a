//! GGUF: a header of typed keys, then one line of shape and type for each tensor, then the data, which is not read.
//!
//! Format: docs/gguf.md of the ggml repository, versions 2 and 3.

mod cursor;
mod facts;
mod layers;
mod metadata;
mod model;

use cursor::Cursor;
pub use metadata::{Metadata, MetadataValue};

use super::{Damage, ModelFileError, ModelFormat, WrongKind};
use crate::catalog::model::{FileTensor, MAX_TENSORS};
use crate::model::block_type::BlockType;

/// The most keys that a file is believed to have.
const MAX_KEYS: u64 = 1 << 16;
/// The most elements of one tensor.
const MAX_ELEMENTS: u64 = 1 << 48;
/// Data begin at a multiple of this unless the file says another.
const ALIGNMENT: u64 = 32;
/// The largest that a file is believed to say.
const MAX_ALIGNMENT: u64 = 1 << 20;
/// The longest name of a tensor.
const MAX_NAME: u64 = 1024;

/// What stands before the data of a GGUF file.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// What the file says of itself.
    pub metadata: Metadata,
    /// Its tensors, in file order.
    pub tensors: Vec<FileTensor>,
    /// How long a whole file is by its table of tensors, in bytes; types that are not known do not count.
    pub file_length: u64,
}

impl Header {
    /// Reads the start of a file.
    ///
    /// # Errors
    /// [`ModelFileError::Truncated`] where `bytes` end within the header: the same file with more bytes may do.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let mut cursor = Cursor::new(bytes);
        if cursor.bytes(4)? != b"GGUF" {
            return Err(ModelFileError::WrongKind { wanted: ModelFormat::Gguf, reason: WrongKind::Start });
        }
        let version = cursor.u32()?;
        if !(2..=3).contains(&version) {
            return Err(ModelFileError::Version(version));
        }
        let tensors = counted(cursor.u64()?, MAX_TENSORS, Damage::Tensors)?;
        let keys = counted(cursor.u64()?, MAX_KEYS, Damage::Keys)?;
        let metadata = Metadata::read(&mut cursor, keys)?;
        let placed = (0..tensors).map(|_| tensor(&mut cursor)).collect::<Result<Vec<_>, _>>()?;
        let header = (bytes.len() - cursor.left()) as u64;
        let alignment = match metadata.get("general.alignment") {
            Some(MetadataValue::Number(step)) if (1..=MAX_ALIGNMENT).contains(step) => *step,
            _ => ALIGNMENT,
        };
        let end = placed.iter().filter_map(PlacedTensor::end).max();
        let file_length = end.map_or(header, |end| header.next_multiple_of(alignment).saturating_add(end));
        let tensors = placed.into_iter().map(|placed| placed.tensor).collect();
        Ok(Self { metadata, tensors, file_length })
    }

    /// Puts the tensors of a further part of the same model behind these.
    ///
    /// # Errors
    /// Where the parts have more tensors together than any model.
    pub fn append(&mut self, part: Self) -> Result<(), ModelFileError> {
        self.tensors.extend(part.tensors);
        counted(self.tensors.len() as u64, MAX_TENSORS, Damage::Tensors).map(|_| ())
    }
}

/// A tensor and where its data begins behind the header.
struct PlacedTensor {
    tensor: FileTensor,
    offset: u64,
}

impl PlacedTensor {
    /// Where its data ends behind the header.
    fn end(&self) -> Option<u64> {
        let bytes = BlockType::from_gguf(self.tensor.ggml_type)?.tensor_bytes(self.tensor.ne);
        Some(self.offset.saturating_add(bytes))
    }
}

fn tensor(cursor: &mut Cursor<'_>) -> Result<PlacedTensor, ModelFileError> {
    let name = cursor.text(MAX_NAME)?.to_owned();
    let dimensions = cursor.u32()?;
    if dimensions > 4 {
        return Err(ModelFileError::Damaged(Damage::Dimensions { tensor: name, count: dimensions }));
    }
    let mut ne = [1; 3];
    let mut elements = 1_u64;
    for place in 0..dimensions {
        let length = cursor.u64()?;
        elements = elements
            .checked_mul(length)
            .filter(|elements| (1..=MAX_ELEMENTS).contains(elements))
            .ok_or_else(|| ModelFileError::Damaged(Damage::Side { tensor: name.clone(), length }))?;
        // A fourth dimension multiplies the matrices.
        ne[place.min(2) as usize] *= length;
    }
    let ggml_type = cursor.u32()?;
    let offset = cursor.u64()?;
    Ok(PlacedTensor { tensor: FileTensor { name, ne, ggml_type }, offset })
}

fn counted(count: u64, most: u64, damage: fn(u64) -> Damage) -> Result<u64, ModelFileError> {
    if count > most { Err(ModelFileError::Damaged(damage(count))) } else { Ok(count) }
}
