//! What tells one model from another.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that no other model of this process has, for keys of what is derived from a model: two models with one
/// identity are one and the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModelIdentity(u64);

/// The identity as a part of its model. It is fresh in every model, clones too, since a clone's fields can be changed;
/// it says nothing about the model, so all are equal.
#[derive(Debug)]
pub(crate) struct Identity(ModelIdentity);

impl Identity {
    pub(super) const fn get(&self) -> ModelIdentity {
        self.0
    }
}

impl Default for Identity {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(ModelIdentity(NEXT.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Identity {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
