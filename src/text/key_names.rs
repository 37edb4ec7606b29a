//! Keys as they stand in files and messages: by their names.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Key;
use super::key::KEY_NAMES;

impl Key {
    /// The key of this name.
    fn named(name: &str) -> Option<Self> {
        static NAMED: LazyLock<HashMap<&str, Key>> =
            LazyLock::new(|| KEY_NAMES.iter().copied().zip(Key::ALL.iter().copied()).collect());
        NAMED.get(name).copied()
    }

    fn name(self) -> &'static str {
        KEY_NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

// As derived, but by one table: two thousand arms for each format that is read or written are half a megabyte of code.
impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("Key", *self as u32, self.name())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of a word")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
        Key::named(name).ok_or_else(|| E::custom(format_args!("no word has the key {name}")))
    }
}
