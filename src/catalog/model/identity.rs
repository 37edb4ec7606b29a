//! What tells one model from another.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that no other model of this process has, for keys of what is derived from a model: models with one identity
/// have the same fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModelIdentity(u64);

/// The identity as a part of its model: fresh where a model is made, shared by its clones, whose fields are the same. It
/// says nothing about the model, so all are equal.
#[derive(Debug, Clone)]
pub(super) struct Identity(ModelIdentity);

impl Identity {
    pub(super) fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(ModelIdentity(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    pub(super) const fn get(&self) -> ModelIdentity {
        self.0
    }
}

impl PartialEq for Identity {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Identity {}
