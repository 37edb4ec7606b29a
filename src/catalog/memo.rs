//! A place beside a catalog entry for what is derived from it once and read many times.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// How many derived values an entry can hold: one for every quantization and a few to spare.
pub const SLOTS: usize = 64;

/// Derived values by slot, computed on first use. Not part of the entry's identity: a clone starts empty and all memos
/// are equal.
pub struct Memo(Box<[OnceLock<Arc<dyn Any + Send + Sync>>; SLOTS]>);

impl Memo {
    /// The value of `slot`, made by `make` the first time. A slot always holds one and the same type.
    pub fn get<T: Any + Send + Sync>(&self, slot: usize, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get(slot)?.get_or_init(|| Arc::new(make())).downcast_ref()
    }
}

impl Default for Memo {
    fn default() -> Self {
        Self(Box::new([const { OnceLock::new() }; SLOTS]))
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Eq for Memo {}

impl PartialEq for Memo {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}
