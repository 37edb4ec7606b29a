//! The keys of a GGUF file. Numbers and short lists of them are kept; vocabularies and the like are only counted.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use crate::model::file::{Damage, ModelFileError};

/// The longest key.
const MAX_KEY: u64 = 1 << 16;
/// The longest text; chat templates have some ten thousand bytes.
const MAX_TEXT: u64 = 64 << 20;
/// The longest text that is kept: names are what is wanted.
const MAX_KEPT_TEXT: u64 = 1024;
/// The longest list that is kept: one value a layer is what is wanted.
const MAX_KEPT: u64 = 4096;
/// What all lists that are kept may take together, in MiB.
const MAX_KEPT_MIB: usize = 2;
/// The most numbers of all lists that are kept.
const MAX_KEPT_IN_ALL: usize = (MAX_KEPT_MIB << 20) / size_of::<u64>();

/// The value of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataValue {
    /// A whole number, or a flag as 0 or 1. Negative ones do not occur where they matter.
    Number(u64),
    /// A fraction.
    Float(f64),
    /// A text.
    Text(String),
    /// Whole numbers or flags, one a layer.
    Numbers(Vec<u64>),
    /// A long text, or a list of something else: how long it is.
    Length(u64),
}

/// The keys of a GGUF file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(BTreeMap<String, MetadataValue>);

impl Metadata {
    pub(super) fn read(cursor: &mut Cursor<'_>, keys: u64) -> Result<Self, ModelFileError> {
        let mut map = BTreeMap::new();
        let mut kept = 0;
        for _ in 0..keys {
            let key = cursor.text(MAX_KEY)?.to_owned();
            let kind = ValueType::of(cursor.u32()?)?;
            let value = value(cursor, kind)?;
            if let MetadataValue::Numbers(numbers) = &value {
                kept += numbers.len();
            }
            if kept > MAX_KEPT_IN_ALL {
                return Err(ModelFileError::Damaged(Damage::LongLists(MAX_KEPT_MIB)));
            }
            map.insert(key, value);
        }
        Ok(Self(map))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&MetadataValue> {
        self.0.get(key)
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            MetadataValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The types of values, by their sizes.
#[derive(Debug, Clone, Copy)]
enum ValueType {
    Whole(u64),
    Signed(u64),
    F32,
    F64,
    Text,
    List,
}

impl ValueType {
    fn of(number: u32) -> Result<Self, ModelFileError> {
        Ok(match number {
            0 | 7 => Self::Whole(1),
            1 => Self::Signed(1),
            2 => Self::Whole(2),
            3 => Self::Signed(2),
            4 => Self::Whole(4),
            5 => Self::Signed(4),
            6 => Self::F32,
            8 => Self::Text,
            9 => Self::List,
            10 => Self::Whole(8),
            11 => Self::Signed(8),
            12 => Self::F64,
            _ => return Err(ModelFileError::Damaged(Damage::ValueType(number))),
        })
    }
}

fn value(cursor: &mut Cursor<'_>, kind: ValueType) -> Result<MetadataValue, ModelFileError> {
    Ok(match kind {
        ValueType::Whole(size) => MetadataValue::Number(cursor.unsigned(size)?),
        ValueType::Signed(size) => signed(cursor, size)?,
        ValueType::F32 => MetadataValue::Float(f64::from(f32::from_bits(cursor.u32()?))),
        ValueType::F64 => MetadataValue::Float(f64::from_bits(cursor.u64()?)),
        ValueType::Text => match cursor.text(MAX_TEXT)? {
            text if text.len() as u64 <= MAX_KEPT_TEXT => MetadataValue::Text(text.to_owned()),
            text => MetadataValue::Length(text.len() as u64),
        },
        ValueType::List => list(cursor)?,
    })
}

/// Below zero there is no dimension, only "none" or "all": kept as a fraction, which no dimension is.
fn signed(cursor: &mut Cursor<'_>, size: u64) -> Result<MetadataValue, ModelFileError> {
    let number = cursor.unsigned(size)?;
    Ok(if number >> (8 * size - 1) == 0 { MetadataValue::Number(number) } else { MetadataValue::Float(-1.0) })
}

fn list(cursor: &mut Cursor<'_>) -> Result<MetadataValue, ModelFileError> {
    let kind = ValueType::of(cursor.u32()?)?;
    let length = cursor.u64()?;
    let skip = |cursor: &mut Cursor<'_>, size: u64| -> Result<MetadataValue, ModelFileError> {
        cursor.bytes(length.checked_mul(size).ok_or(ModelFileError::Truncated)?)?;
        Ok(MetadataValue::Length(length))
    };
    match kind {
        ValueType::Whole(size) | ValueType::Signed(size) if length <= MAX_KEPT => {
            let numbers = (0..length).map(|_| cursor.unsigned(size)).collect::<Result<_, _>>()?;
            Ok(MetadataValue::Numbers(numbers))
        }
        ValueType::Whole(size) | ValueType::Signed(size) => skip(cursor, size),
        ValueType::F32 => skip(cursor, 4),
        ValueType::F64 => skip(cursor, 8),
        ValueType::Text => {
            // Each takes eight bytes at least, so a claimed length ends with the bytes.
            for _ in 0..length {
                let text = cursor.u64()?;
                cursor.bytes(text)?;
            }
            Ok(MetadataValue::Length(length))
        }
        ValueType::List => Err(ModelFileError::Damaged(Damage::NestedLists)),
    }
}
